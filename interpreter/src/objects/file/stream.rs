//! Operations on a file's descriptor, outside transactions and one at a time (F2).

use super::job::{Job, Reply, Want};
use super::mode::Flags;
use super::state::{self, BUSY, END, FD, FLAGS, Record, SIZE, START};
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;
use std::any::Any;
use std::sync::atomic::{AtomicU64, Ordering};
use stm_core::Woken;

/// Where threads sleep that wait for their turn at a busy file: its word, without a barrier.
fn word(f: Record) -> usize {
    std::ptr::from_ref(f.unguarded().at(BUSY)).addr()
}

fn is_free(word: usize) -> bool {
    // SAFETY: the slot of a file that the caller keeps alive; an aligned word that others may be writing.
    let seen = unsafe { AtomicU64::from_ptr(word as *mut u64) }.load(Ordering::SeqCst);
    seen == Value::int_unchecked(0).bits()
}

/// Marks the file busy, or no longer so.
fn set_busy(th: &mut Thread, f: Record, owner: i64) -> PyResult<()> {
    state::set_number(f.write(th)?, BUSY, owner);
    // One that is woken may find the file closed, and leave.
    th.wake_at_end(word(f), is_free, Woken::All);
    Ok(())
}

impl Thread {
    /// True if this is a second run of a bytecode and the next operation outside has been done already.
    pub fn has_outside_result(&self) -> bool {
        self.outside.replayable && self.outside.results.len() > self.outside.taken
    }

    /// The next result of this bytecode's operations, if it is a `T`.
    fn replayed<T: Any + Clone>(&mut self) -> Option<T> {
        if !self.outside.replayable {
            return None;
        }
        let r = self.outside.results.get(self.outside.taken)?.downcast_ref::<T>()?.clone();
        self.outside.taken += 1;
        Some(r)
    }
}

/// Runs `op` on what `prepare` takes out of the record, with the file marked busy meanwhile.
pub fn visit<P: Send + 'static, T: Any + Send + Sync + Clone>(
    th: &mut Thread,
    f: Record,
    prepare: impl FnOnce(&mut Thread) -> PyResult<P>,
    op: impl FnOnce(P) -> T + Send + 'static,
) -> PyResult<T> {
    let result = loop {
        if let Some(r) = th.replayed::<T>() {
            break r;
        }
        if th.runs_alone() {
            let p = prepare(th)?;
            return th.outside(move || op(p));
        }
        let owner = state::number(f.read(th)?, BUSY);
        if owner == 0 || owner == th.ident as i64 {
            let p = prepare(th)?;
            let me = th.ident as i64;
            set_busy(th, f, me)?;
            break th.outside(move || op(p))?;
        }
        if th.m.tx.atomic_depth() > 0 {
            // Nobody can wait here: the other thread may need what this transaction holds to end its operation. The two
            // go on side by side, as in two processes that share a descriptor.
            let p = prepare(th)?;
            return th.outside(move || op(p));
        }
        let at = word(f);
        th.sleep_on(at, move || !is_free(at), None)?;
    };
    set_busy(th, f, 0)?;
    Ok(result)
}

/// True if another thread has an operation on the file under way.
pub fn busy_elsewhere(th: &Thread, f: Record) -> PyResult<bool> {
    let owner = state::number(f.read(th)?, BUSY);
    Ok(owner != 0 && owner != th.ident as i64)
}

/// Takes the buffer's contents out of the record, for a job that writes `more` and then wants `want`.
fn prepare(th: &mut Thread, f: Record, more: &[u8], want: Want) -> PyResult<Job> {
    if state::number(f.read(th)?, FD) < 0 {
        return Err(state::closed(th));
    }
    let r = f.write(th)?;
    let flags = state::flags(r);
    let held = state::buffered(r).to_vec();
    let reading = want != Want::Nothing;
    let mut job = Job {
        fd: state::number(r, FD) as i32,
        write: Vec::new(),
        back: 0,
        raw: Vec::new(),
        flags: flags.without(Flags::WRITING | Flags::ITERATING),
        want,
        chunk: (state::number(r, SIZE) as usize).max(1),
        most: th.m.heap().room().max(1 << 16),
    };
    if flags.has(Flags::WRITING) {
        job.write = held;
    } else if reading {
        job.raw = held;
    } else {
        job.back = held.len();
    }
    job.write.extend_from_slice(more);
    state::set_number(r, START, 0);
    state::set_number(r, END, 0);
    state::set_number(r, FLAGS, job.flags.0);
    Ok(job)
}

/// Puts left-over bytes back, in front of what is there now.
fn put_back(th: &mut Thread, f: Record, reply: &Reply) -> PyResult<()> {
    let r = f.write(th)?;
    let kept = Flags::SKIP_LF | Flags::SEEN_CR | Flags::SEEN_LF | Flags::SEEN_CRLF;
    let now = state::flags(r);
    state::set_number(r, FLAGS, (now.0 & !Flags::SKIP_LF) | (reply.flags.0 & kept));
    if reply.rest.is_empty() || now.has(Flags::WRITING) {
        return Ok(());
    }
    let mut all = reply.rest.clone();
    all.extend_from_slice(state::buffered(r));
    state::set_buffered(th, r, &all)
}

/// Writes out what is buffered and `more`. What could not be written is dropped, as the error says.
pub fn flush(th: &mut Thread, f: Record, more: &[u8]) -> PyResult<()> {
    let mut first: Option<Vec<u8>> = None;
    loop {
        let data = first.as_deref().unwrap_or(more).to_vec();
        let reply = visit(th, f, move |th| prepare(th, f, &data, Want::Nothing), Job::run)?;
        if reply.interrupted {
            // A Python handler wants to run first; then go on with what is left. From here on no replay.
            th.outside.replayable = false;
            th.native_poll()?;
            first = Some(reply.rest);
            continue;
        }
        return if reply.error == 0 { Ok(()) } else { Err(th.io_error(reply.error, None)) };
    }
}

/// Reads what is wanted, after writing out what is buffered.
pub fn read(th: &mut Thread, f: Record, want: Want) -> PyResult<Vec<u8>> {
    let mut text = Vec::new();
    loop {
        let want = match want {
            Want::Count(n) => Want::Count(n - text.len()),
            Want::Line(n) => Want::Line(n - text.len()),
            w => w,
        };
        let reply = visit(th, f, move |th| prepare(th, f, &[], want), Job::run)?;
        put_back(th, f, &reply)?;
        if text.is_empty() {
            text = reply.text;
        } else {
            text.extend_from_slice(&reply.text);
        }
        if reply.interrupted {
            th.outside.replayable = false;
            if let Err(e) = th.native_poll() {
                // The handler's exception wins; what was read stays readable.
                let r = f.write(th)?;
                text.extend_from_slice(state::buffered(r));
                state::set_buffered(th, r, &text)?;
                return Err(e);
            }
            continue;
        }
        return match reply.error {
            0 => Ok(text),
            libc::ENOMEM => Err(th.memory_error()),
            e => Err(th.io_error(e, None)),
        };
    }
}
