//! The command `pypy-stm`.

mod memory;
mod options;
mod startup;

use options::Action;
use std::env;
use std::ffi::OsString;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: memory::Allocator = memory::Allocator;

fn main() -> ExitCode {
    let words: Vec<OsString> = env::args_os().collect();
    let program = words.first().map_or_else(|| "pypy-stm".into(), |word| word.to_string_lossy().into_owned());
    let parsed = options::parse(words.get(1..).unwrap_or_default(), &|name| env::var_os(name));
    let options = match parsed {
        Ok(options) => options,
        Err(error) => {
            eprintln!("{}", error.message);
            if error.show_usage {
                eprint!("{}", options::usage_text(&program));
            }
            return ExitCode::from(u8::try_from(error.exit_code).unwrap_or(2));
        }
    };
    match options.action {
        Action::Help => print!("{}", options::help_text(&program)),
        Action::Version => eprint!("{}", options::version_text()),
        Action::JitHelp => print!("{}", options::jit_help_text()),
        Action::Info => {
            let rows = [
                ("version", env!("CARGO_PKG_VERSION").to_owned()),
                ("profile", if cfg!(debug_assertions) { "dev" } else { "release" }.to_owned()),
                ("machine", format!("{}-{}", env::consts::ARCH, env::consts::OS)),
            ];
            print!("{}", options::info_text(&rows));
        }
        Action::Run => return startup::run(&options),
    }
    ExitCode::SUCCESS
}
