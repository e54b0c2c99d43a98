//! `select.select`.

use super::{ERROR, failed};
use crate::descriptors::{checked, descriptor};
use gc_stm::RootVec;
use interpreter::layout::PyList;
use interpreter::native::Args;
use interpreter::raised::PyResult;
use interpreter::{Thread, Value, ops};

/// The objects of a list, and their descriptors.
fn collect(th: &mut Thread, v: Value) -> PyResult<(RootVec, Vec<i32>)> {
    if !ops::is_sequence(v) {
        return Err(th.type_error("arguments 1-3 must be sequences"));
    }
    // `fileno` may change a list: its items are taken one by one.
    let list = v.cast::<PyList>();
    let all = if list.is_none() { Some(ops::collect(th, v)?) } else { None };
    let given = th.m.root_vec();
    let mut fds = Vec::new();
    loop {
        let i = given.len();
        let next = match (list, &all) {
            (Some(l), _) => interpreter::objects::list::storage::get(th, l, i)?,
            (None, Some(all)) => ops::values(all).get(i).copied(),
            (None, None) => None,
        };
        let Some(o) = next else { break };
        given.push(o.bits());
        let fd = descriptor(th, o)?;
        if fd as usize >= libc::FD_SETSIZE {
            return Err(th.value_error("filedescriptor out of range in select()"));
        }
        fds.push(fd);
    }
    Ok((given, fds))
}

fn set_of(fds: &[i32]) -> libc::fd_set {
    // SAFETY: a zeroed set is empty; the descriptors fit.
    unsafe {
        let mut s: libc::fd_set = std::mem::zeroed();
        for fd in fds {
            libc::FD_SET(*fd, &mut s);
        }
        s
    }
}

fn ready(th: &mut Thread, given: &RootVec, fds: &[i32], set: &libc::fd_set) -> PyResult {
    let out = th.m.root_vec();
    for (i, fd) in fds.iter().enumerate() {
        // SAFETY: the descriptors fit.
        if unsafe { libc::FD_ISSET(*fd, set) } {
            out.push(ops::values(given)[i].bits());
        }
    }
    th.new_list(ops::values(&out))
}

pub(super) fn select(th: &mut Thread, args: Args<'_>) -> PyResult {
    let timeout = match args.get(3).filter(|t| !t.is_none()) {
        None => None,
        Some(t) => {
            if interpreter::objects::float::float_value(t).is_none()
                && ops::exact_integer(t).is_none()
                && ops::slots_of(t).float.is_none()
            {
                return Err(th.type_error("timeout must be a float or None"));
            }
            let x = ops::float_arg(th, t)?;
            if x.is_nan() || x.abs() >= 1e15 {
                return Err(th.overflow_error("timeout period too long"));
            }
            let whole = x.floor();
            Some(libc::timeval { tv_sec: whole as i64, tv_usec: ((x - whole) * 1e6) as i64 })
        }
    };
    let (r, rfds) = collect(th, args.pos[0])?;
    let (w, wfds) = collect(th, args.pos[1])?;
    let (x, xfds) = collect(th, args.pos[2])?;
    let top = rfds.iter().chain(&wfds).chain(&xfds).max().map_or(0, |n| n + 1);
    let (mut rs, mut ws, mut xs) = (set_of(&rfds), set_of(&wfds), set_of(&xfds));
    let result = th.outside(move || {
        let mut t = timeout;
        let t = t.as_mut().map_or(std::ptr::null_mut(), |t| t);
        // SAFETY: three sets and a time or null.
        checked(unsafe { libc::select(top, &mut rs, &mut ws, &mut xs, t) }).map(|n| (n, rs, ws, xs))
    })?;
    match result {
        Ok((0, ..)) => {
            let items = [th.new_list(&[])?, th.new_list(&[])?, th.new_list(&[])?];
            th.try_tuple(&items)
        }
        Ok((_, rs, ws, xs)) => {
            let a = ready(th, &r, &rfds, &rs)?;
            let b = ready(th, &w, &wfds, &ws)?;
            let c = ready(th, &x, &xfds, &xs)?;
            th.try_tuple(&[a, b, c])
        }
        Err(e) => Err(failed(th, &ERROR, e)),
    }
}
