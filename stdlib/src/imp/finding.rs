//! `find_module` and `get_suffixes`.

use super::{C_BUILTIN, PKG_DIRECTORY, PY_COMPILED, PY_FROZEN, PY_SOURCE, description, name_arg};
use interpreter::import::find::{self, Found};
use interpreter::import::{library, native, sys_get};
use interpreter::layout::{PyList, PyStr, PyUnicode};
use interpreter::native::Args;
use interpreter::objects::file::{self, Extras};
use interpreter::raised::PyResult;
use interpreter::{Slot, Thread, Value, import, ops, paths};

pub(super) fn get_suffixes(th: &mut Thread, _: Args<'_>) -> PyResult {
    let compiled = if th.rt.settings.optimize > 0 { ".pyo" } else { ".pyc" };
    let items = [description(th, ".py", "U", PY_SOURCE)?, description(th, compiled, "rb", PY_COMPILED)?];
    th.new_list(&items)
}

pub(super) fn find_module(th: &mut Thread, args: Args<'_>) -> PyResult {
    let name = name_arg(th, args.pos[0], "find_module")?;
    let path: Slot = args.get(1).filter(|p| !p.is_none());
    if path.is_none() && native::definition(&name).is_some() {
        let d = description(th, "", "", C_BUILTIN)?;
        let n = th.try_str(&name)?;
        return th.try_tuple(&[Value::NONE, n, d]);
    }
    if path.is_none() && import::frozen::is_frozen(&name) {
        let d = description(th, "", "", PY_FROZEN)?;
        let n = th.try_str(&name)?;
        return th.try_tuple(&[Value::NONE, n, d]);
    }
    let path = match path {
        Some(p) => p,
        None => sys_get(th, "path")?.unwrap_or(Value::NONE),
    };
    if path.payload::<PyList>().is_none() {
        return Err(th.runtime_error("sys.path must be a list of directory names"));
    }
    let entries = ops::collect(th, path)?;
    for i in 0..entries.len() {
        let entry = ops::values(&entries)[i];
        if entry.payload::<PyStr>().is_none() && entry.payload::<PyUnicode>().is_none() {
            continue;
        }
        let entry = paths::path_bytes(th, entry)?;
        if entry.contains(&0) {
            continue;
        }
        if let Some(r) = embedded(th, &entry, &name)? {
            return Ok(r);
        }
        if let Some(f) = find::in_directory(th, &entry, &name)? {
            return found(th, f);
        }
    }
    let shown = String::from_utf8_lossy(&name).into_owned();
    Err(th.import_error(format!("No module named {shown}")))
}

/// What was found on disk, with an open file.
fn found(th: &mut Thread, f: Found) -> PyResult {
    let (path, suffix, mode, kind) = match f {
        Found::Package(p) => {
            let d = description(th, "", "", PKG_DIRECTORY)?;
            let p = th.try_str(&p)?;
            return th.try_tuple(&[Value::NONE, p, d]);
        }
        Found::Source(p) => (p, ".py", "U", PY_SOURCE),
        Found::Compiled(p) => {
            (p, if th.rt.settings.optimize > 0 { ".pyo" } else { ".pyc" }, "rb", PY_COMPILED)
        }
        Found::Hook(_) | Found::Native | Found::Frozen => {
            return Err(th.system_error("no such place on a path"));
        }
    };
    let p = th.try_str(&path)?;
    let file = file::open(th, p, mode.as_bytes(), -1)?;
    let d = description(th, suffix, mode, kind)?;
    th.try_tuple(&[file, p, d])
}

/// A module of the embedded library: its source in a file that exists in memory only.
fn embedded(th: &mut Thread, entry: &[u8], name: &[u8]) -> PyResult<Slot> {
    let Some((path, package, source)) = library::source_at(entry, name) else { return Ok(None) };
    let shown = th.try_str(&path)?;
    if package {
        let d = description(th, "", "", PKG_DIRECTORY)?;
        return th.try_tuple(&[Value::NONE, shown, d]).map(Some);
    }
    let fd = match in_memory(&source) {
        Ok(fd) => fd,
        Err(e) => return Err(th.io_error(e, Some(shown))),
    };
    let f = file::from_descriptor(th, fd, &path, b"U", -1, Extras::default())?;
    let d = description(th, ".py", "U", PY_SOURCE)?;
    th.try_tuple(&[f, shown, d]).map(Some)
}

/// A descriptor from which the bytes can be read.
fn in_memory(bytes: &[u8]) -> Result<i32, i32> {
    use std::io::{Seek, Write};
    use std::os::fd::{FromRawFd, IntoRawFd};
    // SAFETY: a terminated name; the descriptor is owned by the file made of it.
    let mut f = unsafe {
        let fd = libc::memfd_create(c"module".as_ptr(), libc::MFD_CLOEXEC);
        if fd < 0 {
            return Err(crate::descriptors::errno());
        }
        std::fs::File::from_raw_fd(fd)
    };
    match f.write_all(bytes).and_then(|()| f.rewind()) {
        Ok(()) => Ok(f.into_raw_fd()),
        Err(e) => Err(e.raw_os_error().unwrap_or(libc::EIO)),
    }
}
