//! `stat` and `statvfs`.

use super::calls::{checked, int, path};
use interpreter::native::{Args, TypeDef};
use interpreter::objects::module;
use interpreter::objects::structseq::{self, definition, field};
use interpreter::raised::PyResult;
use interpreter::{Thread, Value, ops};
use std::sync::atomic::{AtomicBool, Ordering};

static FLOAT_TIMES: AtomicBool = AtomicBool::new(true);

static STAT_RESULT: TypeDef = definition(
    "posix",
    "stat_result",
    "stat_result: what stat, fstat and lstat give\n\nA tuple (mode, ino, dev, nlink, uid, gid, size, atime, mtime, ctime), or use the attributes.",
    &[
        field::<0>("st_mode", "protection bits"),
        field::<1>("st_ino", "inode"),
        field::<2>("st_dev", "device"),
        field::<3>("st_nlink", "number of hard links"),
        field::<4>("st_uid", "user ID of owner"),
        field::<5>("st_gid", "group ID of owner"),
        field::<6>("st_size", "total size, in bytes"),
        field::<10>("st_atime", "time of last access"),
        field::<11>("st_mtime", "time of last modification"),
        field::<12>("st_ctime", "time of last change"),
        field::<13>("st_blksize", "blocksize for filesystem I/O"),
        field::<14>("st_blocks", "number of blocks allocated"),
        field::<15>("st_rdev", "device type (if inode device)"),
    ],
);

static STATVFS_RESULT: TypeDef = definition(
    "posix",
    "statvfs_result",
    "statvfs_result: what statvfs and fstatvfs give\n\nA tuple (bsize, frsize, blocks, bfree, bavail, files, ffree, favail, flag, namemax), or use the attributes.",
    &[
        field::<0>("f_bsize", ""),
        field::<1>("f_frsize", ""),
        field::<2>("f_blocks", ""),
        field::<3>("f_bfree", ""),
        field::<4>("f_bavail", ""),
        field::<5>("f_files", ""),
        field::<6>("f_ffree", ""),
        field::<7>("f_favail", ""),
        field::<8>("f_flag", ""),
        field::<9>("f_namemax", ""),
    ],
);

pub(super) fn start(th: &mut Thread, m: Value) -> PyResult<()> {
    let c = structseq::ready(th, &STAT_RESULT, 10, 16)?;
    module::add(th, m, "stat_result", c)?;
    let c = structseq::ready(th, &STATVFS_RESULT, 10, 10)?;
    module::add(th, m, "statvfs_result", c)
}

fn shown(th: &mut Thread, s: &libc::stat) -> PyResult {
    let out = th.m.root_vec();
    for n in [
        i128::from(s.st_mode),
        i128::from(s.st_ino),
        i128::from(s.st_dev),
        i128::from(s.st_nlink),
        i128::from(s.st_uid),
        i128::from(s.st_gid),
        i128::from(s.st_size),
        i128::from(s.st_atime),
        i128::from(s.st_mtime),
        i128::from(s.st_ctime),
    ] {
        out.push(th.integer_i128(n)?.bits());
    }
    for (t, ns) in
        [(s.st_atime, s.st_atime_nsec), (s.st_mtime, s.st_mtime_nsec), (s.st_ctime, s.st_ctime_nsec)]
    {
        let v = if FLOAT_TIMES.load(Ordering::Relaxed) {
            th.float(t as f64 + 1e-9 * ns as f64)
        } else {
            th.int(t)
        };
        out.push(v.bits());
    }
    for n in [i128::from(s.st_blksize), i128::from(s.st_blocks), i128::from(s.st_rdev)] {
        out.push(th.integer_i128(n)?.bits());
    }
    structseq::make(th, &STAT_RESULT, ops::values(&out))
}

fn by_path(
    th: &mut Thread,
    v: Value,
    f: unsafe extern "C" fn(*const libc::c_char, *mut libc::stat) -> i32,
) -> PyResult {
    let p = path(th, v)?;
    let name = p.clone();
    let r = th.outside(move || {
        // SAFETY: a terminated path, and room for the answer.
        unsafe {
            let mut s: libc::stat = std::mem::zeroed();
            checked(f(p.as_ptr(), &mut s)).map(|_| s)
        }
    })?;
    match r {
        Ok(s) => shown(th, &s),
        Err(e) => {
            let name = th.new_str(name.as_bytes());
            Err(th.os_error(e, Some(name)))
        }
    }
}

pub(super) fn stat(th: &mut Thread, args: Args<'_>) -> PyResult {
    by_path(th, args.pos[0], libc::stat)
}

pub(super) fn lstat(th: &mut Thread, args: Args<'_>) -> PyResult {
    by_path(th, args.pos[0], libc::lstat)
}

pub(super) fn fstat(th: &mut Thread, args: Args<'_>) -> PyResult {
    let fd = int(th, args.pos[0])?;
    let r = th.outside(move || {
        // SAFETY: room for the answer.
        unsafe {
            let mut s: libc::stat = std::mem::zeroed();
            checked(libc::fstat(fd, &mut s)).map(|_| s)
        }
    })?;
    match r {
        Ok(s) => shown(th, &s),
        Err(e) => Err(super::calls::failed(th, e, None)),
    }
}

pub(super) fn stat_float_times(th: &mut Thread, args: Args<'_>) -> PyResult {
    match args.get(0) {
        None => Ok(Value::from_bool(FLOAT_TIMES.load(Ordering::Relaxed))),
        Some(v) => {
            let n = int(th, v)?;
            FLOAT_TIMES.store(n != 0, Ordering::Relaxed);
            Ok(Value::NONE)
        }
    }
}

fn shown_vfs(th: &mut Thread, s: &libc::statvfs) -> PyResult {
    let numbers = [
        s.f_bsize,
        s.f_frsize,
        s.f_blocks,
        s.f_bfree,
        s.f_bavail,
        s.f_files,
        s.f_ffree,
        s.f_favail,
        s.f_flag,
        s.f_namemax,
    ];
    let out = th.m.root_vec();
    for n in numbers {
        out.push(th.integer_i128(i128::from(n))?.bits());
    }
    structseq::make(th, &STATVFS_RESULT, ops::values(&out))
}

pub(super) fn statvfs(th: &mut Thread, args: Args<'_>) -> PyResult {
    let p = path(th, args.pos[0])?;
    let name = p.clone();
    let r = th.outside(move || {
        // SAFETY: a terminated path, and room for the answer.
        unsafe {
            let mut s: libc::statvfs = std::mem::zeroed();
            checked(libc::statvfs(p.as_ptr(), &mut s)).map(|_| s)
        }
    })?;
    match r {
        Ok(s) => shown_vfs(th, &s),
        Err(e) => {
            let name = th.new_str(name.as_bytes());
            Err(th.os_error(e, Some(name)))
        }
    }
}

pub(super) fn fstatvfs(th: &mut Thread, args: Args<'_>) -> PyResult {
    let fd = int(th, args.pos[0])?;
    let r = th.outside(move || {
        // SAFETY: room for the answer.
        unsafe {
            let mut s: libc::statvfs = std::mem::zeroed();
            checked(libc::fstatvfs(fd, &mut s)).map(|_| s)
        }
    })?;
    match r {
        Ok(s) => shown_vfs(th, &s),
        Err(e) => Err(super::calls::failed(th, e, None)),
    }
}
