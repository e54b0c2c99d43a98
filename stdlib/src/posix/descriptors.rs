//! Descriptors.

use super::calls::{call, checked, int, path};
use crate::descriptors::descriptor;
use interpreter::layout::{PyStr, PyUnicode};
use interpreter::native::Args;
use interpreter::raised::PyResult;
use interpreter::{Thread, Value, ops};

pub(super) fn open(th: &mut Thread, args: Args<'_>) -> PyResult {
    let p = path(th, args.pos[0])?;
    let flags = int(th, args.pos[1])?;
    let mode = match args.get(2) {
        Some(m) => int(th, m)?,
        None => 0o777,
    };
    let name = p.clone();
    // SAFETY: a terminated path.
    match th.outside(move || {
        // SAFETY: as above.
        checked(unsafe { libc::open(p.as_ptr(), flags, mode as libc::mode_t as libc::c_uint) })
    })? {
        Ok(fd) => Ok(th.int(fd)),
        Err(e) => {
            let shown = th.new_str(name.as_bytes());
            Err(super::calls::failed(th, e, Some(shown)))
        }
    }
}

pub(super) fn close(th: &mut Thread, args: Args<'_>) -> PyResult {
    let fd = int(th, args.pos[0])?;
    // SAFETY: whatever the descriptor is, the program asked for it.
    call(th, move || unsafe { libc::close(fd) }.into())?;
    Ok(Value::NONE)
}

pub(super) fn closerange(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (a, b) = (int(th, args.pos[0])?, int(th, args.pos[1])?);
    th.outside(move || {
        for fd in a..b {
            // SAFETY: as in close.
            unsafe { libc::close(fd) };
        }
    })?;
    Ok(Value::NONE)
}

pub(super) fn dup(th: &mut Thread, args: Args<'_>) -> PyResult {
    let fd = int(th, args.pos[0])?;
    // SAFETY: plain system call.
    let n = call(th, move || unsafe { libc::dup(fd) }.into())?;
    Ok(th.int(n))
}

pub(super) fn dup2(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (a, b) = (int(th, args.pos[0])?, int(th, args.pos[1])?);
    // SAFETY: plain system call.
    call(th, move || unsafe { libc::dup2(a, b) }.into())?;
    Ok(Value::NONE)
}

pub(super) fn lseek(th: &mut Thread, args: Args<'_>) -> PyResult {
    let fd = int(th, args.pos[0])?;
    let at = ops::integer_arg(th, args.pos[1])?;
    let how = int(th, args.pos[2])?;
    // SAFETY: plain system call.
    let n = call(th, move || unsafe { libc::lseek(fd, at, how) })?;
    Ok(th.int(n))
}

pub(super) fn read(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (fd, n) = (int(th, args.pos[0])?, int(th, args.pos[1])?);
    let Ok(n) = usize::try_from(n) else { return Err(th.os_error(libc::EINVAL, None)) };
    let r = th.outside(move || {
        let mut data: Vec<u8> = Vec::new();
        if data.try_reserve_exact(n).is_err() {
            return Err(libc::ENOMEM);
        }
        // SAFETY: room for `n` bytes; as many as were read become valid.
        unsafe {
            let got = checked(libc::read(fd, data.as_mut_ptr().cast(), n) as i64)?;
            data.set_len(got as usize);
        }
        Ok(data)
    })?;
    match r {
        Ok(data) => th.try_str(&data),
        Err(e) => Err(super::calls::failed(th, e, None)),
    }
}

pub(super) fn write(th: &mut Thread, args: Args<'_>) -> PyResult {
    let fd = int(th, args.pos[0])?;
    let v = args.pos[1];
    let data = if let Some(s) = v.payload::<PyStr>() {
        s.get().bytes().to_vec()
    } else if v.payload::<PyUnicode>().is_some() {
        let s = interpreter::objects::unicode::encode_default(th, v)?;
        th.str_bytes(s).to_vec()
    } else if let Some(get) = ops::slots_of(v).buffer {
        get(th, v)?.bytes().to_vec()
    } else {
        let n = if v.is_none() { String::from("None") } else { ops::type_name(v) };
        return Err(th.type_error(format!("write() argument 2 must be string or buffer, not {n}")));
    };
    // SAFETY: the vector is valid memory.
    let n = call(th, move || unsafe { libc::write(fd, data.as_ptr().cast(), data.len()) } as i64)?;
    Ok(th.int(n))
}

pub(super) fn fsync(th: &mut Thread, args: Args<'_>) -> PyResult {
    let fd = descriptor(th, args.pos[0])?;
    // SAFETY: plain system call.
    call(th, move || unsafe { libc::fsync(fd) }.into())?;
    Ok(Value::NONE)
}

pub(super) fn fdatasync(th: &mut Thread, args: Args<'_>) -> PyResult {
    let fd = descriptor(th, args.pos[0])?;
    // SAFETY: plain system call.
    call(th, move || unsafe { libc::fdatasync(fd) }.into())?;
    Ok(Value::NONE)
}

pub(super) fn ftruncate(th: &mut Thread, args: Args<'_>) -> PyResult {
    let fd = int(th, args.pos[0])?;
    let n = ops::integer_arg(th, args.pos[1])?;
    // SAFETY: plain system call.
    call(th, move || unsafe { libc::ftruncate(fd, n) }.into())?;
    Ok(Value::NONE)
}

pub(super) fn isatty(th: &mut Thread, args: Args<'_>) -> PyResult {
    let fd = int(th, args.pos[0])?;
    // SAFETY: plain system call.
    Ok(Value::from_bool(unsafe { libc::isatty(fd) } == 1))
}
