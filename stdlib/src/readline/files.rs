//! History files and init files.

use super::bindings;
use super::state::{self, Field};
use crate::arguments::text;
use interpreter::native::Args;
use interpreter::{PyResult, Thread, Value, ops};
use std::ffi::OsString;
use std::io::Write;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

/// The argument, or a file of the home folder. A leading `~` means the home folder too.
fn path(th: &mut Thread, args: Args<'_>, function: &str, default: &str) -> PyResult<PathBuf> {
    let name = match args.get(0) {
        Some(v) if !v.is_none() => {
            let is_text = v.payload::<interpreter::layout::PyStr>().is_some()
                || v.payload::<interpreter::layout::PyUnicode>().is_some();
            if !is_text {
                let n = ops::type_name(v);
                let message = format!("{function}() argument 1 must be string or None, not {n}");
                return Err(th.type_error(message));
            }
            text(th, v, function, 1)?
        }
        _ => default.as_bytes().to_vec(),
    };
    Ok(expanded(name))
}

/// A path with a leading `~/` replaced.
pub fn expanded(name: Vec<u8>) -> PathBuf {
    if let Some(rest) = name.strip_prefix(b"~/")
        && let Some(home) = std::env::var_os("HOME")
    {
        return PathBuf::from(home).join(std::ffi::OsStr::from_bytes(rest));
    }
    PathBuf::from(OsString::from_vec(name))
}

fn read(th: &mut Thread, path: PathBuf) -> PyResult<Vec<u8>> {
    let r = th.outside(move || std::fs::read(&path).map_err(|e| e.raw_os_error().unwrap_or(libc::EIO)))?;
    r.map_err(|e| th.io_error(e, None))
}

pub fn read_history(th: &mut Thread, args: Args<'_>) -> PyResult {
    let path = path(th, args, "read_history_file", "~/.history")?;
    let text = read(th, path)?;
    for line in text.split(|b| *b == b'\n').filter(|l| !l.is_empty()) {
        state::push(th, Field::History, line.strip_suffix(b"\r").unwrap_or(line))?;
    }
    Ok(Value::NONE)
}

pub fn write_history(th: &mut Thread, args: Args<'_>) -> PyResult {
    let path = path(th, args, "write_history_file", "~/.history")?;
    let lines = state::lines(th, Field::History)?;
    let most = state::get(th, Field::FileLength)?;
    let most = ops::int_value(most).and_then(|n| usize::try_from(n).ok()).unwrap_or(usize::MAX);
    let mut out = Vec::new();
    for line in &lines[lines.len().saturating_sub(most)..] {
        out.extend_from_slice(line);
        out.push(b'\n');
    }
    let r = th.outside(move || {
        let mut how = std::fs::OpenOptions::new();
        let file = how.write(true).create(true).truncate(true).mode(0o600).open(&path);
        file.and_then(|mut f| f.write_all(&out)).map_err(|e| e.raw_os_error().unwrap_or(libc::EIO))
    })?;
    match r {
        Ok(()) => Ok(Value::NONE),
        Err(e) => Err(th.io_error(e, None)),
    }
}

pub fn read_init(th: &mut Thread, args: Args<'_>) -> PyResult {
    let last = state::text(th, Field::InitFile)?;
    let path = match args.get(0) {
        None | Some(Value::NONE) if !last.is_empty() => expanded(last),
        _ => path(th, args, "read_init_file", "~/.inputrc")?,
    };
    let name = path.as_os_str().as_bytes().to_vec();
    let text = read(th, path)?;
    state::set_text(th, Field::InitFile, &name)?;
    for line in bindings::lines_of(&text) {
        state::push(th, Field::Bindings, line)?;
    }
    Ok(Value::NONE)
}
