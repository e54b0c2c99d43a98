//! Polls and commit points of the eval loop: where transactions end, collections run, and signals are taken.

use crate::raised::{PyResult, Unwind};
use crate::thread::Thread;
use stm_core::{PollOutcome, Requests};

/// Boundaries between two looks at a request to come soon that is put off for the moment (`stm-core/src/turns.rs`).
const BETWEEN_LOOKS: i32 = 32;

/// Whether this boundary has anything to do.
#[inline(always)]
pub fn needed(th: &mut Thread) -> bool {
    th.ticks -= 1;
    th.ticks < 0 || th.m.tx.poll_needed()
}

/// A bytecode boundary: the frame is saved, everything may change.
#[cold]
#[inline(never)]
pub fn at_boundary(th: &mut Thread) -> PyResult<()> {
    let mut tick = th.ticks < 0;
    if tick {
        th.ticks = th.rt.ticks();
        // Not the slice has run out but the time until the next look at a request that was put off.
        tick = !th.m.tx.look_again();
    }
    loop {
        match th.m.tx.poll() {
            PollOutcome::Nothing => break,
            PollOutcome::Stop => {
                th.m.settle();
                th.m.tx.stop_point();
            }
            PollOutcome::Abort => return Err(th.start_unwind(Unwind::Abort)),
            PollOutcome::CommitSoon => th.commit_here()?,
            PollOutcome::Requests(r) => answer(th, r)?,
        }
    }
    if th.m.tx.soon_is_put_off() {
        th.ticks = th.ticks.min(BETWEEN_LOOKS);
    }
    if tick {
        th.end_of_slice()?;
        if th.rt.stress.is_on() {
            crate::threads::stress::at_boundary(th)?;
        }
    }
    Ok(())
}

fn answer(th: &mut Thread, r: Requests) -> PyResult<()> {
    if r.any(Requests::GC) {
        th.collect_here()?;
    }
    if r.any(Requests::TICK) {
        th.end_of_slice()?;
    }
    if r.any(Requests::COMMIT) || r.any(Requests::LEAVE_SOLO) {
        th.commit_here()?;
    }
    if r.any(Requests::SIGNAL) && crate::signals::pending(th) {
        th.become_inevitable()?;
        crate::signals::deliver(th)?;
    }
    Ok(())
}
