//! Closing files, and flushing all of them at the end.

use super::job::errno;
use super::mode::Flags;
use super::state::{self, CHILD, END, FD, FLAGS, Record, START};
use super::stream;
use crate::layout::PyRecord;
use crate::native::Args;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;

/// Writes out and closes; the status of the process behind a pipe, or None.
pub fn close(th: &mut Thread, f: Record) -> PyResult {
    if state::number(f.read(th)?, FD) < 0 {
        return Ok(Value::NONE);
    }
    if stream::busy_elsewhere(th, f)? {
        return Err(th.io_error_text("close() called during concurrent operation on the same file object."));
    }
    // In the second run of this bytecode the buffer has been taken out already: on to the result.
    let flushed = if th.has_outside_result() || state::flags(f.read(th)?).has(Flags::WRITING) {
        match stream::flush(th, f, &[]) {
            Ok(()) => None,
            Err(e) => Some(e.catch(th)?),
        }
    } else {
        if state::number(f.read(th)?, END) > state::number(f.read(th)?, START) {
            stream::flush(th, f, &[])?;
        }
        None
    };
    let r = f.write(th)?;
    let fd = state::number(r, FD) as i32;
    let child = state::number(r, CHILD) as i32;
    let keep = state::flags(r).has(Flags::KEEP_OPEN);
    state::set_number(r, FD, -1);
    state::set_number(r, START, 0);
    state::set_number(r, END, 0);
    state::set_number(r, FLAGS, state::flags(r).without(Flags::WRITING | Flags::ITERATING).0);
    r.at(state::BUFFER).set(None);
    let mut error = 0;
    let mut status = 0;
    if !keep || child > 0 {
        // What precedes has changed the record: from here on no replay.
        th.outside.replayable = false;
        (error, status) = th.outside(move || close_and_wait(fd, child))?;
    }
    if let Some(c) = flushed {
        return Err(th.reraise(c));
    }
    if error != 0 {
        return Err(th.io_error(error, None));
    }
    Ok(if status == 0 { Value::NONE } else { th.int(status as i64) })
}

fn close_and_wait(fd: i32, child: i32) -> (i32, i32) {
    // SAFETY: the descriptor belonged to the file; plain system calls.
    unsafe {
        let mut error = if libc::close(fd) < 0 { errno() } else { 0 };
        let mut status = 0;
        if child > 0 {
            while libc::waitpid(child, &mut status, 0) < 0 {
                let e = errno();
                if e != libc::EINTR {
                    error = e;
                    break;
                }
            }
        }
        (error, status)
    }
}

/// `file.close()`.
pub(super) fn method(th: &mut Thread, args: Args<'_>) -> PyResult {
    let f = state::record(th, args.pos[0])?;
    close(th, f)
}

/// `file.__exit__(...)`: calls `close`, which a subclass may have overridden.
pub(super) fn exit(th: &mut Thread, args: Args<'_>) -> PyResult {
    let m = crate::ops::getattr_name(th, args.pos[0], &crate::names::close)?;
    crate::ops::call(th, m, &[])?;
    Ok(Value::NONE)
}

/// A file nobody refers to any more: errors have nobody to go to but standard error.
pub(super) fn del(th: &mut Thread, v: Value) -> PyResult<()> {
    let f = state::record(th, v)?;
    if let Err(e) = close(th, f) {
        let c = e.catch(th)?;
        let text = match c.value {
            Some(v) => {
                let c =
                    crate::objects::exceptions::normalize(th, crate::raised::Caught { value: Some(v), ..c })?;
                let s = crate::ops::str(th, c.value.unwrap_or(Value::NONE))?;
                String::from_utf8_lossy(th.str_bytes(s)).into_owned()
            }
            None => String::new(),
        };
        eprintln!("close failed in file object destructor:\nIOError: {text}");
    }
    Ok(())
}

/// Writes out one file; errors are dropped.
pub fn flush_one(th: &mut Thread, v: Value) -> PyResult<()> {
    let Some(r) = v.payload::<PyRecord>().filter(|_| state::is_file(v)) else { return Ok(()) };
    if state::number(r.read(th)?, FD) < 0 || !state::flags(r.read(th)?).has(Flags::WRITING) {
        return Ok(());
    }
    // Whoever is at it may never come back (a daemon at the end of the process).
    if stream::busy_elsewhere(th, r)? {
        return Ok(());
    }
    if let Err(e) = stream::flush(th, r, &[]) {
        e.catch(th)?;
    }
    Ok(())
}

/// Every file object on the heap.
fn all(th: &mut Thread) -> gc_stm::RootVec {
    let files = th.m.root_vec();
    let class = super::FILE.class_bits();
    th.m.for_each_object(|obj| {
        if gc_stm::class(obj) == class && gc_stm::kind(obj) == crate::kinds::kind::RECORD.index() {
            files.push(obj.address() as u64);
        }
    });
    files
}

/// In a forked child: operations of threads that are not there will never end.
pub fn after_fork(th: &mut Thread) -> PyResult<()> {
    let files = all(th);
    for i in 0..files.len() {
        if let Some(r) = files.get(i).and_then(Value::from_bits).and_then(Value::cast::<PyRecord>)
            && stream::busy_elsewhere(th, r)?
        {
            state::set_number(r.write(th)?, state::BUSY, 0);
        }
    }
    Ok(())
}

/// Writes out every open file: the end of the process. Nothing else runs any more.
pub fn flush_all(th: &mut Thread) -> PyResult<()> {
    let files = all(th);
    for i in 0..files.len() {
        if let Some(v) = files.get(i).and_then(Value::from_bits) {
            flush_one(th, v)?;
        }
    }
    Ok(())
}
