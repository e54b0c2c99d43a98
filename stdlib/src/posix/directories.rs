//! Directories.

use super::calls::{call, int, on_path, path};
use interpreter::layout::PyUnicode;
use interpreter::native::Args;
use interpreter::objects::exceptions;
use interpreter::raised::PyResult;
use interpreter::{Thread, Value, codecs, ops, paths};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

pub(super) fn chdir(th: &mut Thread, args: Args<'_>) -> PyResult {
    let p = path(th, args.pos[0])?;
    // SAFETY: a terminated path.
    on_path(th, p, |p| unsafe { libc::chdir(p.as_ptr()) }.into())?;
    Ok(Value::NONE)
}

pub(super) fn fchdir(th: &mut Thread, args: Args<'_>) -> PyResult {
    let fd = crate::descriptors::descriptor(th, args.pos[0])?;
    // SAFETY: plain system call.
    call(th, move || unsafe { libc::fchdir(fd) }.into())?;
    Ok(Value::NONE)
}

pub(super) fn chroot(th: &mut Thread, args: Args<'_>) -> PyResult {
    let p = path(th, args.pos[0])?;
    // SAFETY: a terminated path.
    on_path(th, p, |p| unsafe { libc::chroot(p.as_ptr()) }.into())?;
    Ok(Value::NONE)
}

fn current(th: &mut Thread) -> PyResult<Vec<u8>> {
    match std::env::current_dir() {
        Ok(p) => Ok(p.as_os_str().as_bytes().to_vec()),
        Err(e) => Err(th.os_error(e.raw_os_error().unwrap_or(libc::ENOENT), None)),
    }
}

pub(super) fn getcwd(th: &mut Thread, _: Args<'_>) -> PyResult {
    let p = current(th)?;
    th.try_str(&p)
}

pub(super) fn getcwdu(th: &mut Thread, _: Args<'_>) -> PyResult {
    let p = current(th)?;
    let s = th.try_str(&p)?;
    codecs::decode_to_unicode(th, s, Some(paths::filesystem_encoding()), Some("strict"))
}

/// A file name as unicode, or as it is if it is not in the file system's encoding.
pub(super) fn decoded(th: &mut Thread, name: &[u8]) -> PyResult {
    let s = th.try_str(name)?;
    match codecs::decode_to_unicode(th, s, Some(paths::filesystem_encoding()), Some("strict")) {
        Ok(u) => Ok(u),
        Err(e) => {
            e.catch_if(th, exceptions::UNICODE_ERROR.class())?;
            Ok(s)
        }
    }
}

pub(super) fn listdir(th: &mut Thread, args: Args<'_>) -> PyResult {
    let wide = args.pos[0].payload::<PyUnicode>().is_some();
    let p = path(th, args.pos[0])?;
    let name = p.clone();
    let r = th.outside(move || names_in(p.as_bytes()).map_err(|e| e.raw_os_error().unwrap_or(libc::EIO)))?;
    match r {
        Ok(names) => {
            let out = th.m.root_vec();
            for n in &names {
                let v = if wide { decoded(th, n)? } else { th.try_str(n)? };
                out.push(v.bits());
            }
            th.new_list(ops::values(&out))
        }
        Err(e) => {
            let shown = th.new_str(name.as_bytes());
            Err(super::calls::failed(th, e, Some(shown)))
        }
    }
}

fn names_in(folder: &[u8]) -> std::io::Result<Vec<Vec<u8>>> {
    std::fs::read_dir(OsStr::from_bytes(folder))?
        .map(|e| e.map(|e| e.file_name().as_bytes().to_vec()))
        .collect()
}

pub(super) fn mkdir(th: &mut Thread, args: Args<'_>) -> PyResult {
    let p = path(th, args.pos[0])?;
    let mode = match args.get(1) {
        Some(m) => int(th, m)?,
        None => 0o777,
    };
    // SAFETY: a terminated path.
    on_path(th, p, move |p| unsafe { libc::mkdir(p.as_ptr(), mode as libc::mode_t) }.into())?;
    Ok(Value::NONE)
}

pub(super) fn rmdir(th: &mut Thread, args: Args<'_>) -> PyResult {
    let p = path(th, args.pos[0])?;
    // SAFETY: a terminated path.
    on_path(th, p, |p| unsafe { libc::rmdir(p.as_ptr()) }.into())?;
    Ok(Value::NONE)
}
