//! The command line of the runner.

use crate::expectations::{Expectations, Expected};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

const USAGE: &str = "\
usage: conformance [options] [MODULE...]
  --python CMD          the Python to test, with options if wanted (default: $PYPYSTM, else pypy-stm beside this program)
  --library DIR         CPython's library with its test package (default: what fetch-tests leaves)
  --on-disk             import everything from DIR, not only the test package
  --all                 every test_*.py (default: those expected to pass)
  --variant NAME        run everything under gil (--gil), one-segment (--segments 1) or second-thread (an idle Python
                        thread is started before the module is imported, so that transactions are on throughout)
  --jobs N              how many at once (default: the cores)
  --limit S             seconds a module may take (default: 300)
  --expectations FILE   (default: expectations.txt here)
  --skips FILE          (default: skips.txt here)
  --logs DIR            keep the output of each module as DIR/MODULE.log
  --update              write what happened into the expectations
  --verbose             show the output of what fails
";

/// A way to run the tested Python in which everything must pass too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    Plain,
    Gil,
    OneSegment,
    SecondThread,
}

impl Variant {
    fn named(name: &str) -> Option<Variant> {
        Some(match name {
            "plain" => Variant::Plain,
            "gil" => Variant::Gil,
            "one-segment" => Variant::OneSegment,
            "second-thread" => Variant::SecondThread,
            _ => return None,
        })
    }

    /// What the environment of the module and of its children says.
    pub fn environment(self) -> Option<(&'static str, &'static str)> {
        match self {
            Variant::Gil => Some(("PYPYSTM_GIL", "1")),
            Variant::OneSegment => Some(("PYPYSTM_SEGMENTS", "1")),
            Variant::Plain | Variant::SecondThread => None,
        }
    }
}

/// What to run and how.
pub struct Options {
    pub python: Vec<String>,
    pub library: PathBuf,
    pub driver: PathBuf,
    pub on_disk: bool,
    pub variant: Variant,
    pub all: bool,
    pub jobs: usize,
    pub limit: Duration,
    pub expectations: PathBuf,
    pub skips: PathBuf,
    pub logs: Option<PathBuf>,
    pub update: bool,
    pub verbose: bool,
    pub named: Vec<String>,
}

impl Options {
    /// Reads the command line; nothing when only help was wanted.
    pub fn from_command_line() -> Result<Option<Options>, String> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut python = None;
        let mut library = None;
        let mut options = Options {
            python: Vec::new(),
            library: PathBuf::new(),
            driver: here.join("drive.py"),
            on_disk: false,
            variant: Variant::Plain,
            all: false,
            jobs: thread::available_parallelism().map_or(2, usize::from),
            limit: Duration::from_secs(300),
            expectations: here.join("expectations.txt"),
            skips: here.join("skips.txt"),
            logs: None,
            update: false,
            verbose: false,
            named: Vec::new(),
        };
        let mut words = env::args().skip(1);
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("{word} needs a value\n{USAGE}"));
            match word.as_str() {
                "--python" => python = Some(value()?),
                "--library" => library = Some(PathBuf::from(value()?)),
                "--on-disk" => options.on_disk = true,
                "--all" => options.all = true,
                "--variant" => {
                    let name = value()?;
                    options.variant =
                        Variant::named(&name).ok_or(format!("unknown variant {name}\n{USAGE}"))?;
                }
                "--jobs" => options.jobs = number(&word, &value()?)?,
                "--limit" => options.limit = Duration::from_secs(number(&word, &value()?)? as u64),
                "--expectations" => options.expectations = value()?.into(),
                "--skips" => options.skips = value()?.into(),
                "--logs" => options.logs = Some(value()?.into()),
                "--update" => options.update = true,
                "--verbose" => options.verbose = true,
                "-h" | "--help" => {
                    print!("{USAGE}");
                    return Ok(None);
                }
                _ if word.starts_with('-') => return Err(format!("unknown option {word}\n{USAGE}")),
                _ => options.named.push(word),
            }
        }
        let python = python.or_else(|| env::var("PYPYSTM").ok()).map_or_else(beside, Ok)?;
        options.python = python.split_whitespace().map(str::to_owned).collect();
        if options.python.is_empty() {
            return Err("no Python to test".into());
        }
        // Modules run in folders of their own, so a path must not be relative.
        if options.python[0].contains('/') {
            let path = std::path::absolute(&options.python[0]).map_err(|error| error.to_string())?;
            options.python[0] = path.to_string_lossy().into_owned();
        }
        options.library = match library {
            Some(folder) => std::path::absolute(folder).map_err(|error| error.to_string())?,
            None => fetched(here)?,
        };
        Ok(Some(options))
    }

    /// The modules to run, sorted.
    pub fn modules(&self, expectations: &Expectations) -> Result<Vec<String>, String> {
        let mut modules = if !self.named.is_empty() {
            self.named.clone()
        } else if self.all {
            self.found()?
        } else {
            let mut modules = expectations.with(Expected::Pass);
            // Written by `fetch-tests`.
            let left_out = fs::read_to_string(self.library.join("test/left-out")).unwrap_or_default();
            for module in left_out.lines() {
                println!("{module}: what it tests is not in this library");
                modules.retain(|name| name != module);
            }
            modules
        };
        modules.sort();
        modules.dedup();
        Ok(modules)
    }

    fn found(&self) -> Result<Vec<String>, String> {
        let folder = self.library.join("test");
        let entries = folder.read_dir().map_err(|error| format!("{}: {error}", folder.display()))?;
        let mut modules = Vec::new();
        for entry in entries.flatten() {
            let Ok(name) = entry.file_name().into_string() else { continue };
            let stem = name.strip_suffix(".py").unwrap_or(&name);
            let is_module = name.ends_with(".py") || entry.path().join("__init__.py").is_file();
            if is_module && stem.starts_with("test_") && stem != "test_support" {
                modules.push(stem.to_owned());
            }
        }
        Ok(modules)
    }
}

fn number(word: &str, text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err(format!("{word} {text}: not a number above 0")),
    }
}

/// The `pypy-stm` built in the same profile as this program.
fn beside() -> Result<String, String> {
    let own = env::current_exe().map_err(|error| error.to_string())?;
    let path = own.with_file_name("pypy-stm");
    if path.is_file() {
        Ok(path.to_string_lossy().into_owned())
    } else {
        Err(format!("{} is not built; name a Python with --python", path.display()))
    }
}

fn fetched(here: &Path) -> Result<PathBuf, String> {
    let output = Command::new("sh")
        .arg(here.join("fetch-tests"))
        .output()
        .map_err(|error| format!("fetch-tests does not run: {error}"))?;
    if !output.status.success() {
        return Err(format!("fetch-tests: {}", String::from_utf8_lossy(&output.stderr).trim()));
    }
    Ok(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()))
}
