//! Runs CPython 2.7.18's own test modules, unmodified, one process each, and compares with a list of expectations.
//!
//! `expectations.txt` says per module `pass`, `fail` or `skip`, and why; `skips.txt` names single tests that are not
//! run. A module expected to pass that does not, and one expected to fail that passes, both fail the run: the list
//! stays true. See `options.rs` for the command line, `fetch-tests` for where the modules come from.

mod expectations;
mod options;
mod process;
mod report;

use expectations::{Expectations, Skips};
use options::Options;
use std::process::ExitCode;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("conformance: {message}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<bool, String> {
    let Some(options) = Options::from_command_line()? else { return Ok(true) };
    // The tests interrupt processes, but whoever has started us in the background may have had the signal ignored.
    // SAFETY: no handler is set, only what the system does by itself.
    unsafe { libc::signal(libc::SIGINT, libc::SIG_DFL) };
    let mut expectations = Expectations::read(&options.expectations)?;
    let skips = Skips::read(&options.skips)?;
    let modules = options.modules(&expectations)?;
    let results = process::run_all(&options, &modules, &expectations, &skips)?;
    if options.update {
        expectations.take(&results);
        expectations.write(&options.expectations)?;
    }
    Ok(report::print(&results, &expectations))
}
