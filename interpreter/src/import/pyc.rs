//! Source files, and the compiled files beside them.

use super::decode;
use crate::eval::Mode;
use crate::layout::{PyCode, Ref};
use crate::raised::PyResult;
use crate::source;
use crate::thread::Thread;
use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;
use syntax::code::{CodeObject, Const};
use syntax::marshal;

/// A path from bytes.
pub fn path(name: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(name))
}

/// Last letter of the names of compiled files.
pub fn suffix(th: &Thread) -> u8 {
    if th.rt.settings.optimize > 0 { b'o' } else { b'c' }
}

/// The code of a source file: from a fresh compiled file beside it, or compiled (and kept there). Also the name for
/// `__file__`.
pub fn load_source(th: &mut Thread, name: &[u8]) -> PyResult<(Ref<PyCode>, Vec<u8>)> {
    let mut compiled = name.to_vec();
    compiled.push(suffix(th));
    let (mtime, mode) = match fs::metadata(path(name)) {
        Ok(m) => (m.mtime(), m.mode()),
        Err(e) => return Err(th.io_error(e.raw_os_error().unwrap_or(libc::ENOENT), None)),
    };
    if let Ok(bytes) = fs::read(path(&compiled))
        && let Ok(Some((stamp, marshalled))) = marshal::split_pyc(&bytes)
        && i64::from(stamp) == mtime & 0xffff_ffff
    {
        if let Some(code) = decode::code(th, marshalled, decode::File::Expect(name))? {
            return Ok((code, compiled));
        }
        if let Ok(Const::Code(mut code)) = marshal::load(marshalled) {
            rename(&mut code, name);
            return Ok((source::to_heap(th, &code)?, compiled));
        }
    }
    let text = match fs::read(path(name)) {
        Ok(t) => t,
        Err(e) => return Err(th.io_error(e.raw_os_error().unwrap_or(libc::EIO), None)),
    };
    let code = source::compile_file_plain(th, &text, name, Mode::Exec, 0)?;
    if !writes_disabled(th)? {
        keep(&compiled, &code, mtime, mode);
    }
    Ok((source::to_heap(th, &code)?, name.to_vec()))
}

fn writes_disabled(th: &mut Thread) -> PyResult<bool> {
    match super::sys_get(th, "dont_write_bytecode")? {
        Some(v) => crate::ops::is_true(th, v),
        None => Ok(th.rt.settings.dont_write_bytecode),
    }
}

/// Writes a compiled file; failure is nobody's business. It appears whole or not at all.
fn keep(name: &[u8], code: &CodeObject, mtime: i64, mode: u32) {
    let Some(bytes) = marshal::dump_pyc(code, mtime as u32) else { return };
    let mut temporary = name.to_vec();
    temporary.extend_from_slice(format!(".{}", std::process::id()).as_bytes());
    let opened =
        fs::OpenOptions::new().write(true).create_new(true).mode(mode & 0o666).open(path(&temporary));
    let Ok(mut f) = opened else { return };
    let ok = f.write_all(&bytes).is_ok();
    drop(f);
    if !ok || fs::rename(path(&temporary), path(name)).is_err() {
        let _ = fs::remove_file(path(&temporary));
    }
}

/// Whether a compiled file begins as one of this version of the language does.
pub fn has_magic(bytes: &[u8]) -> bool {
    bytes.starts_with(&[&syntax::marshal::PYC_MAGIC.to_le_bytes()[..], b"\r\n"].concat())
}

/// The code in a compiled file; ImportError if the magic number is wrong.
pub fn load_compiled(th: &mut Thread, module: &[u8], name: &[u8], bytes: &[u8]) -> PyResult<Ref<PyCode>> {
    let shown = String::from_utf8_lossy(name).into_owned();
    match marshal::load_pyc(bytes) {
        Ok(Some((_, code))) => source::to_heap(th, &code),
        Ok(None) => Err(th.import_error(format!("Bad magic number in {shown}"))),
        Err(marshal::ReadError::Eof(m)) => Err(th.eof_error(m)),
        Err(marshal::ReadError::Value(m)) => Err(th.value_error(m)),
        #[allow(unreachable_patterns)]
        Err(_) => {
            let m = String::from_utf8_lossy(module).into_owned();
            Err(th.import_error(format!("Non-code object in {m}")))
        }
    }
}

/// Gives code and all code inside it that came from the same file another file name.
pub fn rename(code: &mut CodeObject, name: &[u8]) {
    if &*code.filename == name {
        return;
    }
    let old = code.filename.clone();
    rename_from(code, &old, name);
}

fn rename_from(code: &mut CodeObject, old: &[u8], name: &[u8]) {
    if &*code.filename == old {
        code.filename = name.into();
    }
    for k in &mut code.consts {
        if let Const::Code(c) = k {
            rename_from(c, old, name);
        }
    }
}
