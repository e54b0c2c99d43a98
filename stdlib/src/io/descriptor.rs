//! System calls on descriptors, outside transactions.
//!
//! Each function owns what it uses and touches no object. An interrupted call is made again, unless a signal waits
//! that Python code handles: then the caller hears of it.

use interpreter::signals;
use std::ffi::CString;

/// The errno of the last call.
pub fn errno() -> i32 {
    std::io::Error::last_os_error().raw_os_error().unwrap_or(0)
}

fn retry(mut f: impl FnMut() -> i64) -> Result<i64, i32> {
    loop {
        let n = f();
        if n >= 0 {
            return Ok(n);
        }
        let e = errno();
        if e != libc::EINTR || signals::waiting() {
            return Err(e);
        }
    }
}

/// Opens a file. Directories are refused.
pub fn open(path: &[u8], flags: i32) -> Result<i32, i32> {
    let path = CString::new(path).map_err(|_| libc::EINVAL)?;
    // SAFETY: a terminated string.
    let fd = retry(|| i64::from(unsafe { libc::open(path.as_ptr(), flags, 0o666) }))? as i32;
    if let Err(e) = refuse_directory(fd) {
        close(fd).ok();
        return Err(e);
    }
    Ok(fd)
}

/// EISDIR for directories.
pub fn refuse_directory(fd: i32) -> Result<(), i32> {
    match stat(fd) {
        Ok(s) if s.st_mode & libc::S_IFMT == libc::S_IFDIR => Err(libc::EISDIR),
        _ => Ok(()),
    }
}

/// `fstat`.
pub fn stat(fd: i32) -> Result<libc::stat, i32> {
    let mut s = std::mem::MaybeUninit::<libc::stat>::uninit();
    // SAFETY: room for the result, which the call fills when it succeeds.
    if unsafe { libc::fstat(fd, s.as_mut_ptr()) } == 0 {
        // SAFETY: the call has succeeded.
        Ok(unsafe { s.assume_init() })
    } else {
        Err(errno())
    }
}

/// `close`.
pub fn close(fd: i32) -> Result<(), i32> {
    // SAFETY: plain system call.
    if unsafe { libc::close(fd) } == 0 { Ok(()) } else { Err(errno()) }
}

/// One read of up to `n` bytes.
pub fn read(fd: i32, n: usize) -> Result<Vec<u8>, i32> {
    let mut out: Vec<u8> = Vec::new();
    read_more(fd, &mut out, n)?;
    Ok(out)
}

/// One read of up to `n` bytes, appended.
fn read_more(fd: i32, out: &mut Vec<u8>, n: usize) -> Result<usize, i32> {
    let n = n.min(0x7fff_f000);
    out.try_reserve(n).map_err(|_| libc::ENOMEM)?;
    let at = out.len();
    // SAFETY: room for `n` bytes was reserved.
    let got = retry(|| unsafe { libc::read(fd, out.as_mut_ptr().add(at).cast(), n) as i64 })? as usize;
    // SAFETY: the call filled them.
    unsafe { out.set_len(at + got) };
    Ok(got)
}

/// Everything up to the end, at most the memory there is, and the error that ended it early.
pub fn read_all(fd: i32, most: usize) -> (Vec<u8>, i32) {
    let mut out = Vec::new();
    let hint = match (stat(fd), seek(fd, 0, libc::SEEK_CUR)) {
        (Ok(s), Ok(at)) if s.st_size > at => (s.st_size - at) as usize + 1,
        _ => 0,
    };
    let mut step = hint.clamp(8192, 1 << 30);
    loop {
        if out.len() > most {
            return (out, libc::ENOMEM);
        }
        match read_more(fd, &mut out, step) {
            Ok(0) => return (out, 0),
            Ok(_) => step = (out.len() / 2).clamp(8192, 1 << 24),
            Err(e) => return (out, e),
        }
    }
}

/// One write.
pub fn write(fd: i32, b: &[u8]) -> Result<usize, i32> {
    let n = b.len().min(0x7fff_f000);
    // SAFETY: the slice is valid memory.
    retry(|| unsafe { libc::write(fd, b.as_ptr().cast(), n) as i64 }).map(|n| n as usize)
}

/// `lseek`.
pub fn seek(fd: i32, at: i64, whence: i32) -> Result<i64, i32> {
    // SAFETY: plain system call.
    let n = unsafe { libc::lseek(fd, at, whence) };
    if n < 0 { Err(errno()) } else { Ok(n) }
}

/// `ftruncate`.
pub fn truncate(fd: i32, size: i64) -> Result<(), i32> {
    // SAFETY: plain system call.
    retry(|| i64::from(unsafe { libc::ftruncate(fd, size) })).map(|_| ())
}

/// `isatty`.
pub fn is_terminal(fd: i32) -> bool {
    // SAFETY: plain system call.
    unsafe { libc::isatty(fd) == 1 }
}
