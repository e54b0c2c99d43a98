//! Who a process is: ids, groups, sessions.

use super::calls::{call, checked, errno, gid, int, shown_id, string, uid};
use interpreter::native::Args;
use interpreter::raised::PyResult;
use interpreter::{Thread, Value, ops};

macro_rules! asked {
    ($($name:ident => $shown:expr;)*) => {
        $( pub(super) fn $name(th: &mut Thread, _: Args<'_>) -> PyResult {
            // SAFETY: these calls have no preconditions.
            let n = unsafe { libc::$name() };
            let f: fn(&mut Thread, _) -> Value = $shown;
            Ok(f(th, n))
        } )*
    };
}

asked! {
    getpid => |th, n| th.int(i64::from(n));
    getppid => |th, n| th.int(i64::from(n));
    getpgrp => |th, n| th.int(i64::from(n));
    getuid => |th, n| shown_id(th, n);
    geteuid => |th, n| shown_id(th, n);
    getgid => |th, n| shown_id(th, n);
    getegid => |th, n| shown_id(th, n);
}

macro_rules! set_id {
    ($($name:ident($($arg:ident: $kind:ident),+);)*) => {
        $( pub(super) fn $name(th: &mut Thread, args: Args<'_>) -> PyResult {
            let mut rest = args.pos.iter();
            $( let $arg = $kind(th, rest.next().copied().unwrap_or(Value::NONE))?; )+
            // SAFETY: plain system call.
            call(th, move || unsafe { libc::$name($($arg),+) }.into())?;
            Ok(Value::NONE)
        } )*
    };
}

set_id! {
    setuid(a: uid);
    seteuid(a: uid);
    setgid(a: gid);
    setegid(a: gid);
    setreuid(a: uid, b: uid);
    setregid(a: gid, b: gid);
    setresuid(a: uid, b: uid, c: uid);
    setresgid(a: gid, b: gid, c: gid);
    setpgid(a: int, b: int);
}

fn three(th: &mut Thread, r: i32, ids: [u32; 3]) -> PyResult {
    if r < 0 {
        let e = errno();
        return Err(super::calls::failed(th, e, None));
    }
    let items = ids.map(|n| shown_id(th, n));
    th.try_tuple(&items)
}

pub(super) fn getresuid(th: &mut Thread, _: Args<'_>) -> PyResult {
    let [mut a, mut b, mut c] = [0; 3];
    // SAFETY: room for three ids.
    let r = unsafe { libc::getresuid(&mut a, &mut b, &mut c) };
    three(th, r, [a, b, c])
}

pub(super) fn getresgid(th: &mut Thread, _: Args<'_>) -> PyResult {
    let [mut a, mut b, mut c] = [0; 3];
    // SAFETY: room for three ids.
    let r = unsafe { libc::getresgid(&mut a, &mut b, &mut c) };
    three(th, r, [a, b, c])
}

pub(super) fn getgroups(th: &mut Thread, _: Args<'_>) -> PyResult {
    let mut ids: Vec<libc::gid_t> = vec![0; 65536];
    // SAFETY: room for that many ids.
    match checked(unsafe { libc::getgroups(ids.len() as i32, ids.as_mut_ptr()) }) {
        Ok(n) => {
            let items: Vec<Value> = ids[..n as usize].iter().map(|g| th.int(i64::from(*g))).collect();
            th.new_list(&items)
        }
        Err(e) => Err(super::calls::failed(th, e, None)),
    }
}

pub(super) fn setgroups(th: &mut Thread, args: Args<'_>) -> PyResult {
    if !ops::is_sequence(args.pos[0]) {
        return Err(th.type_error("setgroups argument must be a sequence"));
    }
    let items = ops::collect(th, args.pos[0])?;
    if items.len() > 65536 {
        return Err(th.value_error("too many groups"));
    }
    let mut ids = Vec::with_capacity(items.len());
    for i in 0..items.len() {
        let v = ops::values(&items)[i];
        if ops::exact_integer(v).is_none() {
            return Err(th.type_error("groups must be integers"));
        }
        ids.push(gid(th, v)?);
    }
    // SAFETY: as many ids as told.
    call(th, move || unsafe { libc::setgroups(ids.len(), ids.as_ptr()) }.into())?;
    Ok(Value::NONE)
}

pub(super) fn initgroups(th: &mut Thread, args: Args<'_>) -> PyResult {
    let name = string(th, args.pos[0], "initgroups", 1)?;
    let g = gid(th, args.pos[1])?;
    // SAFETY: a terminated name.
    call(th, move || unsafe { libc::initgroups(name.as_ptr(), g) }.into())?;
    Ok(Value::NONE)
}

unsafe extern "C" {
    fn getlogin_r(name: *mut libc::c_char, size: libc::size_t) -> libc::c_int;
}

pub(super) fn getlogin(th: &mut Thread, _: Args<'_>) -> PyResult {
    let mut name = [0 as libc::c_char; 256];
    // SAFETY: room for the name, terminated on success.
    let text = unsafe {
        let e = getlogin_r(name.as_mut_ptr(), name.len());
        if e != 0 {
            return Err(super::calls::failed(th, e, None));
        }
        std::ffi::CStr::from_ptr(name.as_ptr()).to_bytes().to_vec()
    };
    th.try_str(&text)
}

pub(super) fn getpgid(th: &mut Thread, args: Args<'_>) -> PyResult {
    let p = int(th, args.pos[0])?;
    // SAFETY: plain system call.
    let n = call(th, move || unsafe { libc::getpgid(p) }.into())?;
    Ok(th.int(n))
}

pub(super) fn getsid(th: &mut Thread, args: Args<'_>) -> PyResult {
    let p = int(th, args.pos[0])?;
    // SAFETY: plain system call.
    let n = call(th, move || unsafe { libc::getsid(p) }.into())?;
    Ok(th.int(n))
}

pub(super) fn setpgrp(th: &mut Thread, _: Args<'_>) -> PyResult {
    // SAFETY: plain system call.
    call(th, || unsafe { libc::setpgid(0, 0) }.into())?;
    Ok(Value::NONE)
}

pub(super) fn setsid(th: &mut Thread, _: Args<'_>) -> PyResult {
    // SAFETY: plain system call.
    call(th, || unsafe { libc::setsid() }.into())?;
    Ok(Value::NONE)
}
