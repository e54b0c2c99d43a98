//! The command line: CPython 2.7's option grammar, and our own long options.
//!
//! Short options may be joined (`-Ouc CMD`), an argument may stick to its letter (`-Wignore`) or follow it, `-c` and
//! `-m` end the options, `-` and the first word without a dash end them too, `--` is skipped and ends them. A long
//! option takes its argument as `--name=value` or as the next word. Environment variables are read once, here;
//! `-E` (wherever it stands) hides those whose names begin with `PYTHON`.
//!
//! Nothing here prints or exits: the caller acts on [`Options::action`] or on the [`UsageError`].

mod environment;
mod help;

pub use environment::Environment;
pub use environment::HashSeed;
pub use help::{help_text, info_text, jit_help_text, usage_text, version_text};
pub use jit::JitOptions;

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

/// Segment numbers take ten bits of a stamp, and a few of the values are reserved.
pub const MAX_SEGMENTS: usize = 1000;

/// The counters and switches that `sys.flags` shows, and a few it does not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    pub debug: u32,
    pub py3k_warning: u32,
    pub division_warning: u32,
    pub division_new: bool,
    pub inspect: u32,
    pub interactive: u32,
    pub optimize: u32,
    pub dont_write_bytecode: u32,
    pub no_user_site: u32,
    pub no_site: u32,
    pub ignore_environment: u32,
    pub tabcheck: u32,
    pub verbose: u32,
    pub unicode: u32,
    pub bytes_warning: u32,
    pub hash_randomization: bool,
    /// `-u`: standard streams are not buffered.
    pub unbuffered: bool,
    /// `-x`: the first line of the script is not Python.
    pub skip_first_line: bool,
}

/// What to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Program {
    /// `-c`: the text, ended by a newline.
    Command(OsString),
    /// `-m`: a module, run as a script.
    Module(OsString),
    /// A script.
    File(OsString),
    /// Standard input: a script, or the interactive interpreter when it is a terminal.
    Stdin,
}

/// What the command line asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Run,
    Help,
    Version,
    /// `--info`: how this binary was built.
    Info,
    /// `--jit help`: the compiler's parameters.
    JitHelp,
}

/// The whole command line, with the environment folded in.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    pub action: Action,
    pub program: Program,
    /// `sys.argv`.
    pub argv: Vec<OsString>,
    pub flags: Flags,
    /// `sys.warnoptions`: `-W` first, then `PYTHONWARNINGS`.
    pub warn_options: Vec<OsString>,
    /// Arguments of `-X` other than those folded into the fields below.
    pub x_options: Vec<OsString>,
    /// How many transactions run at once; none: as many as there are cores.
    pub segments: Option<usize>,
    /// Run under a global lock instead of transactions.
    pub gil: bool,
    /// Keep the barriers on although one thread runs alone: for benchmarks.
    pub force_stm: bool,
    pub jit: JitOptions,
    /// Limit on the heap, in bytes.
    pub heap_limit: Option<u64>,
    pub environment: Environment,
}

/// A command line that cannot be carried out: a line for standard error, and whether the usage follows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageError {
    pub message: String,
    pub show_usage: bool,
    pub exit_code: i32,
}

impl UsageError {
    fn usage(message: impl Into<String>) -> UsageError {
        UsageError { message: message.into(), show_usage: true, exit_code: 2 }
    }

    fn plain(message: impl Into<String>) -> UsageError {
        UsageError { message: message.into(), show_usage: false, exit_code: 2 }
    }
}

/// Parses the words after the program's name, with `lookup` for the environment.
pub fn parse(words: &[OsString], lookup: &dyn Fn(&str) -> Option<OsString>) -> Result<Options, UsageError> {
    let mut parser = Parser { words, next: 0, options: Options::new() };
    parser.words_loop()?;
    let mut options = parser.options;
    environment::apply(&mut options, lookup)?;
    if options.gil && options.force_stm {
        return Err(UsageError::plain("--gil and --stm exclude each other"));
    }
    Ok(options)
}

impl Options {
    fn new() -> Options {
        Options {
            action: Action::Run,
            program: Program::Stdin,
            argv: vec![OsString::new()],
            flags: Flags::default(),
            warn_options: Vec::new(),
            x_options: Vec::new(),
            segments: None,
            gil: false,
            force_stm: false,
            jit: JitOptions::default(),
            heap_limit: None,
            environment: Environment::default(),
        }
    }

    /// Help wins over everything else, then the version, as in CPython; ours come after them.
    fn ask(&mut self, action: Action) {
        let rank = |action: Action| match action {
            Action::Run => 0,
            Action::JitHelp => 1,
            Action::Info => 2,
            Action::Version => 3,
            Action::Help => 4,
        };
        if rank(action) > rank(self.action) {
            self.action = action;
        }
    }
}

struct Parser<'a> {
    words: &'a [OsString],
    next: usize,
    options: Options,
}

impl<'a> Parser<'a> {
    fn words_loop(&mut self) -> Result<(), UsageError> {
        while let Some(word) = self.words.get(self.next) {
            let bytes = word.as_bytes();
            if bytes.first() != Some(&b'-') || bytes == b"-" {
                self.program_word(word);
                return Ok(());
            }
            self.next += 1;
            if bytes == b"--" {
                if let Some(word) = self.words.get(self.next) {
                    self.program_word(word);
                }
                return Ok(());
            }
            let ended = match bytes.strip_prefix(b"--") {
                Some(long) => self.long(long).map(|()| false)?,
                None => self.short(&bytes[1..])?,
            };
            if ended {
                return Ok(());
            }
        }
        Ok(())
    }

    /// The script, or `-` for standard input; the rest is its arguments.
    fn program_word(&mut self, word: &OsString) {
        self.options.argv = self.words[self.next..].to_vec();
        self.options.program = if word == "-" { Program::Stdin } else { Program::File(word.clone()) };
    }

    /// A word of joined short options; true when `-c` or `-m` ended the options.
    fn short(&mut self, letters: &'a [u8]) -> Result<bool, UsageError> {
        let mut rest = letters;
        while let Some((&letter, after)) = rest.split_first() {
            rest = after;
            if matches!(letter, b'c' | b'm' | b'Q' | b'W' | b'X') {
                let argument = self.argument(letter, rest)?;
                return self.with_argument(letter, argument);
            }
            self.switch(letter)?;
        }
        Ok(false)
    }

    /// The rest of the word, or else the next word.
    fn argument(&mut self, letter: u8, rest: &[u8]) -> Result<OsString, UsageError> {
        if !rest.is_empty() {
            return Ok(OsString::from_vec(rest.to_vec()));
        }
        let Some(word) = self.words.get(self.next) else {
            let letter = char::from(letter);
            return Err(UsageError::usage(format!("Argument expected for the -{letter} option")));
        };
        self.next += 1;
        Ok(word.clone())
    }

    fn with_argument(&mut self, letter: u8, argument: OsString) -> Result<bool, UsageError> {
        let options = &mut self.options;
        match letter {
            b'c' | b'm' => {
                options.argv = vec![if letter == b'c' { "-c".into() } else { "-m".into() }];
                options.argv.extend_from_slice(&self.words[self.next..]);
                options.program = if letter == b'c' {
                    let mut text = argument;
                    text.push("\n");
                    Program::Command(text)
                } else {
                    Program::Module(argument)
                };
                return Ok(true);
            }
            b'Q' => match argument.as_bytes() {
                b"old" => options.flags.division_warning = 0,
                b"warn" => options.flags.division_warning = 1,
                b"warnall" => options.flags.division_warning = 2,
                b"new" => options.flags.division_new = true,
                _ => {
                    return Err(UsageError::usage(
                        "-Q option should be `-Qold', `-Qwarn', `-Qwarnall', or `-Qnew' only",
                    ));
                }
            },
            b'W' => options.warn_options.push(argument),
            _ => match argument.as_bytes() {
                b"gil" => options.gil = true,
                b"stm" => options.force_stm = true,
                _ => options.x_options.push(argument),
            },
        }
        Ok(false)
    }

    fn switch(&mut self, letter: u8) -> Result<(), UsageError> {
        let flags = &mut self.options.flags;
        match letter {
            b'3' => {
                flags.py3k_warning += 1;
                if flags.division_warning == 0 {
                    flags.division_warning = 1;
                }
                flags.tabcheck = flags.tabcheck.max(1);
            }
            b'b' => flags.bytes_warning += 1,
            b'B' => flags.dont_write_bytecode += 1,
            b'd' => flags.debug += 1,
            b'E' => flags.ignore_environment += 1,
            b'i' => {
                flags.inspect += 1;
                flags.interactive += 1;
            }
            b'O' => flags.optimize += 1,
            b'R' => flags.hash_randomization = true,
            b's' => flags.no_user_site += 1,
            b'S' => flags.no_site += 1,
            b't' => flags.tabcheck += 1,
            b'u' => flags.unbuffered = true,
            b'U' => flags.unicode += 1,
            b'v' => flags.verbose += 1,
            b'x' => flags.skip_first_line = true,
            b'h' | b'?' => self.options.ask(Action::Help),
            b'V' => self.options.ask(Action::Version),
            b'J' => return Err(UsageError::usage("-J is reserved for Jython")),
            _ => {
                let shown = String::from_utf8_lossy(&[letter]).into_owned();
                return Err(UsageError::usage(format!("Unknown option: -{shown}")));
            }
        }
        Ok(())
    }

    fn long(&mut self, text: &[u8]) -> Result<(), UsageError> {
        let (name, value) = match text.iter().position(|&byte| byte == b'=') {
            Some(at) => (&text[..at], Some(OsStr::from_bytes(&text[at + 1..]).to_owned())),
            None => (text, None),
        };
        let takes_value = matches!(name, b"segments" | b"jit" | b"heapsize");
        let shown = String::from_utf8_lossy(name).into_owned();
        if takes_value {
            let value = match value {
                Some(value) => value,
                None => {
                    let word = self.words.get(self.next).cloned();
                    self.next += 1;
                    word.ok_or_else(|| {
                        UsageError::usage(format!("Argument expected for the --{shown} option"))
                    })?
                }
            };
            let value = value.to_string_lossy().into_owned();
            return self.long_with_value(name, &value);
        }
        if value.is_some() {
            return Err(UsageError::usage(format!("Unknown option: --{shown}=")));
        }
        match name {
            b"help" => self.options.ask(Action::Help),
            b"version" => self.options.ask(Action::Version),
            b"info" => self.options.ask(Action::Info),
            b"gil" => self.options.gil = true,
            b"stm" => self.options.force_stm = true,
            _ => return Err(UsageError::usage(format!("Unknown option: --{shown}"))),
        }
        Ok(())
    }

    fn long_with_value(&mut self, name: &[u8], value: &str) -> Result<(), UsageError> {
        match name {
            b"segments" => self.options.segments = Some(segments(value, "--segments")?),
            b"heapsize" => {
                let limit = environment::size(value)
                    .ok_or_else(|| UsageError::plain(format!("--heapsize {value}: not a size")))?;
                self.options.heap_limit = Some(limit);
            }
            _ => {
                if value == "help" {
                    self.options.ask(Action::JitHelp);
                } else {
                    self.options.jit.set(value).map_err(UsageError::plain)?;
                }
            }
        }
        Ok(())
    }
}

/// A number of segments; `origin` names it in the message.
fn segments(text: &str, origin: &str) -> Result<usize, UsageError> {
    match text.trim().parse::<usize>() {
        Ok(number) if (1..=MAX_SEGMENTS).contains(&number) => Ok(number),
        _ => {
            Err(UsageError::plain(format!("{origin} {text}: a number from 1 to {MAX_SEGMENTS} is expected")))
        }
    }
}

#[cfg(test)]
mod tests;
