//! The environment variables that act like options, and those that later parts of start-up need.

use super::{Options, UsageError, segments};
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

/// Variables that are values rather than switches; a variable that is empty counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// `PYTHONHOME`: `prefix` or `prefix:exec_prefix`.
    pub home: Option<OsString>,
    /// `PYTHONPATH`.
    pub path: Option<OsString>,
    /// `PYTHONSTARTUP`.
    pub startup: Option<OsString>,
    /// `PYTHONIOENCODING`: `encoding` or `encoding:errors`.
    pub io_encoding: Option<OsString>,
    /// What string hashes are salted with.
    pub hash_seed: HashSeed,
}

/// How the hashes of strings are salted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HashSeed {
    /// As Python 2.7 does it unless told otherwise.
    #[default]
    None,
    Random,
    Fixed(u32),
}

/// Folds the environment into what the command line said.
pub fn apply(options: &mut Options, lookup: &dyn Fn(&str) -> Option<OsString>) -> Result<(), UsageError> {
    let present = |name: &str| lookup(name).filter(|value| !value.is_empty());
    let hidden = options.flags.ignore_environment > 0;
    let python = |name: &str| if hidden { None } else { present(name) };

    let flags = &mut options.flags;
    let level = |flag: &mut u32, name: &str| {
        if let Some(value) = python(name) {
            *flag = (*flag).max(leading_number(&value)).max(1);
        }
    };
    level(&mut flags.debug, "PYTHONDEBUG");
    level(&mut flags.verbose, "PYTHONVERBOSE");
    level(&mut flags.optimize, "PYTHONOPTIMIZE");
    level(&mut flags.dont_write_bytecode, "PYTHONDONTWRITEBYTECODE");
    let switch = |flag: &mut u32, name: &str| *flag = (*flag).max(u32::from(python(name).is_some()));
    switch(&mut flags.inspect, "PYTHONINSPECT");
    switch(&mut flags.no_user_site, "PYTHONNOUSERSITE");
    flags.unbuffered |= python("PYTHONUNBUFFERED").is_some();

    let seed = python("PYTHONHASHSEED");
    options.environment.hash_seed = match &seed {
        Some(text) if text != "random" => match number(text) {
            Some(0) => HashSeed::None,
            Some(seed) => HashSeed::Fixed(seed),
            None => {
                return Err(UsageError {
                    message: "Fatal Python error: PYTHONHASHSEED must be \"random\" or an integer in range \
                              [0; 4294967295]"
                        .into(),
                    show_usage: false,
                    exit_code: 1,
                });
            }
        },
        Some(_) => HashSeed::Random,
        None if options.flags.hash_randomization => HashSeed::Random,
        None => HashSeed::None,
    };
    options.flags.hash_randomization |= seed.is_some();

    if let Some(warnings) = python("PYTHONWARNINGS") {
        let parts = warnings.as_bytes().split(|&byte| byte == b',');
        options.warn_options.extend(parts.map(|part| OsStr::from_bytes(part).to_owned()));
    }
    options.environment.home = python("PYTHONHOME");
    options.environment.path = python("PYTHONPATH");
    options.environment.startup = python("PYTHONSTARTUP");
    options.environment.io_encoding = python("PYTHONIOENCODING");

    if let Some(value) = present("PYPYSTM_GIL")
        && value != "0"
        && !options.force_stm
    {
        options.gil = true;
    }
    if options.segments.is_none()
        && let Some(value) = present("PYPYSTM_SEGMENTS")
    {
        options.segments = Some(segments(&value.to_string_lossy(), "PYPYSTM_SEGMENTS")?);
    }
    if options.heap_limit.is_none() {
        // A malformed value is ignored, as PyPy does.
        options.heap_limit = present("PYPY_GC_MAX").and_then(|value| size(&value.to_string_lossy()));
    }
    Ok(())
}

/// The number a value begins with, as C's `atoi` reads it, negative ones counting as none.
fn leading_number(value: &OsStr) -> u32 {
    let text = value.to_string_lossy();
    let text = text.trim_start();
    let digits: &str = &text[..text.bytes().take_while(u8::is_ascii_digit).count()];
    if digits.is_empty() { 0 } else { digits.parse().unwrap_or(i32::MAX as u32) }
}

/// A whole decimal number that fits 32 bits.
fn number(value: &OsStr) -> Option<u32> {
    value.to_str().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?.parse().ok()
}

/// A size: a decimal number, then K, M or G and B if wanted, in any case. Zero means no limit and is no size.
pub fn size(text: &str) -> Option<u64> {
    let lower = text.trim().to_ascii_lowercase();
    let lower = lower.strip_suffix('b').unwrap_or(&lower);
    let (digits, unit) = match lower.as_bytes().last()? {
        b'k' => (&lower[..lower.len() - 1], 1_u64 << 10),
        b'm' => (&lower[..lower.len() - 1], 1 << 20),
        b'g' => (&lower[..lower.len() - 1], 1 << 30),
        _ => (lower, 1),
    };
    if digits.contains(['+', '-', 'e', 'i', 'n']) {
        return None;
    }
    let number: f64 = digits.parse().ok()?;
    let bytes = number * unit as f64;
    (bytes >= 1.0 && bytes < u64::MAX as f64).then_some(bytes as u64)
}
