//! Pipes, and file objects for descriptors.

use super::calls::{checked, errno, int, string};
use interpreter::layout::PyStr;
use interpreter::native::Args;
use interpreter::objects::file::{self, Extras};
use interpreter::raised::PyResult;
use interpreter::{Slot, Thread, Value, ops};
use std::ffi::OsStr;
use std::os::fd::IntoRawFd;
use std::os::unix::ffi::OsStrExt;
use std::process::{Command, Stdio};

pub(super) fn pipe(th: &mut Thread, _: Args<'_>) -> PyResult {
    let mut ends = [0i32; 2];
    // SAFETY: room for two descriptors.
    if let Err(e) = checked(unsafe { libc::pipe(ends.as_mut_ptr()) }) {
        return Err(super::calls::failed(th, e, None));
    }
    let items = [th.int(i64::from(ends[0])), th.int(i64::from(ends[1]))];
    th.try_tuple(&items)
}

/// A mode string argument.
fn mode(th: &mut Thread, v: Slot, function: &str) -> PyResult<Vec<u8>> {
    match v {
        None => Ok(b"r".to_vec()),
        Some(m) if m.payload::<PyStr>().is_some() => Ok(th.str_bytes(m).to_vec()),
        Some(m) => Ok(string(th, m, function, 2)?.into_bytes()),
    }
}

pub(super) fn fdopen(th: &mut Thread, args: Args<'_>) -> PyResult {
    let fd = int(th, args.pos[0])?;
    let mode = mode(th, args.get(1), "fdopen")?;
    let buffering = match args.get(2) {
        Some(b) => int(th, b)?,
        None => -1,
    };
    if !matches!(mode.first(), Some(b'r' | b'w' | b'a' | b'U')) {
        let shown = String::from_utf8_lossy(&mode).into_owned();
        return Err(if mode.is_empty() {
            th.value_error("empty mode string")
        } else {
            th.value_error(format!("mode string must begin with one of 'r', 'w', 'a' or 'U', not '{shown}'"))
        });
    }
    // SAFETY: asks about a descriptor; a zeroed stat is valid.
    let (directory, access) = unsafe {
        let mut st: libc::stat = std::mem::zeroed();
        if libc::fstat(fd, &mut st) < 0 {
            let e = errno();
            return Err(super::calls::failed(th, e, None));
        }
        (st.st_mode & libc::S_IFMT == libc::S_IFDIR, libc::fcntl(fd, libc::F_GETFL))
    };
    if directory {
        let name = th.new_str(b"<fdopen>");
        return Err(th.io_error(libc::EISDIR, Some(name)));
    }
    let plus = mode.contains(&b'+');
    let reads = plus || matches!(mode[0], b'r' | b'U');
    let writes = plus || matches!(mode[0], b'w' | b'a');
    let have = access & libc::O_ACCMODE;
    if access < 0 || (reads && have == libc::O_WRONLY) || (writes && have == libc::O_RDONLY) {
        return Err(th.os_error(libc::EINVAL, None));
    }
    if mode[0] == b'a' {
        // SAFETY: plain system calls on an open descriptor.
        unsafe {
            libc::fcntl(fd, libc::F_SETFL, access | libc::O_APPEND);
        }
    }
    file::from_descriptor(th, fd, b"<fdopen>", &mode, buffering, Extras::default())
}

pub(super) fn popen(th: &mut Thread, args: Args<'_>) -> PyResult {
    let command = string(th, args.pos[0], "popen", 1)?;
    let given = mode(th, args.get(1), "popen")?;
    let buffering = match args.get(2) {
        Some(b) => int(th, b)?,
        None => -1,
    };
    let read = match given.first() {
        Some(b'r') => true,
        Some(b'w') => false,
        _ => return Err(th.os_error(libc::EINVAL, None)),
    };
    let text = command.clone();
    let started = th.outside(move || {
        let mut c = Command::new("/bin/sh");
        c.arg("-c").arg(OsStr::from_bytes(text.as_bytes()));
        if read {
            c.stdout(Stdio::piped());
        } else {
            c.stdin(Stdio::piped());
        }
        match c.spawn() {
            Ok(mut child) => {
                let fd = if read {
                    child.stdout.take().map(IntoRawFd::into_raw_fd)
                } else {
                    child.stdin.take().map(IntoRawFd::into_raw_fd)
                };
                Ok((fd.unwrap_or(-1), child.id() as i32))
            }
            Err(e) => Err(e.raw_os_error().unwrap_or(libc::EIO)),
        }
    })?;
    match started {
        Ok((fd, child)) => {
            let mode: &[u8] = if read { b"r" } else { b"w" };
            file::from_descriptor(
                th,
                fd,
                command.as_bytes(),
                mode,
                buffering,
                Extras { keep_open: false, child },
            )
        }
        Err(e) => Err(super::calls::failed(th, e, None)),
    }
}

pub(super) fn tmpfile(th: &mut Thread, _: Args<'_>) -> PyResult {
    // SAFETY: the stream is closed once its descriptor has been copied.
    let fd = unsafe {
        let f = libc::tmpfile();
        if f.is_null() {
            -1
        } else {
            let fd = libc::dup(libc::fileno(f));
            libc::fclose(f);
            fd
        }
    };
    if fd < 0 {
        let e = errno();
        return Err(super::calls::failed(th, e, None));
    }
    file::from_descriptor(th, fd, b"<tmpfile>", b"w+b", -1, Extras::default())
}

/// A list or tuple of strings.
pub(super) fn strings(th: &mut Thread, v: Value, function: &str) -> PyResult<Vec<std::ffi::CString>> {
    let items = ops::collect(th, v)?;
    let mut out = Vec::with_capacity(items.len());
    for i in 0..items.len() {
        let item = ops::values(&items)[i];
        let text = interpreter::paths::path_bytes(th, item);
        let text = match text {
            Ok(t)
                if item.payload::<PyStr>().is_some()
                    || item.payload::<interpreter::layout::PyUnicode>().is_some() =>
            {
                t
            }
            Ok(_) => return Err(th.type_error(format!("{function}() arg 2 must contain only strings"))),
            Err(e) => {
                e.catch_if(th, interpreter::objects::exceptions::TYPE_ERROR.class())?;
                return Err(th.type_error(format!("{function}() arg 2 must contain only strings")));
            }
        };
        match std::ffi::CString::new(text) {
            Ok(c) => out.push(c),
            Err(_) => {
                return Err(
                    th.type_error(format!("{function}() arg 2 must contain only strings without null bytes"))
                );
            }
        }
    }
    Ok(out)
}
