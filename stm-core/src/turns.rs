//! Turns at an object that several threads want all the time.
//!
//! A transaction that is asked to come soon ends at its next boundary, which is right when the conflict was a chance: the
//! asker waits a moment and both go on. Where every thread does little else than change one object (`list.append` of all
//! to one list), each would get it for one bytecode at a time, and the processors would do nothing but pass its cache
//! lines and their own transactions around. So there a thread keeps the object for a *turn* of some microseconds, during
//! which it puts the request off.
//!
//! It is told apart by the time from the end that was asked for to the next conflict: a thread that comes back for the
//! object at once gets a turn, twice as long each time up to a limit; one that did something else first gets none. A turn
//! of a transaction that does not need the object any more costs the asker that turn, hence the low limit.
//!
//! I1. A turn only delays the answer to SOON. Wounds, stops and what is asked through other requests are answered at once.
//! I2. While a request is put off, `asked` is set, and the owner looks again within a bounded number of boundaries
//!     ([`Transaction::soon_is_put_off`]).
//!
//! Checked by `tests/single_thread.rs` and `benches/threads/list_append.py`.

use crate::segment::SOON;
use crate::sync::Ordering;
use crate::thread::Requests;
use crate::transaction::Transaction;
use std::time::{Duration, Instant};

/// A thread that conflicts again within this time of its last asked-for commit is one that does nothing else.
const AT_ONCE: Duration = Duration::from_micros(4);
/// Shortest and longest turn, in microseconds.
const SHORTEST: u32 = 4;
const LONGEST: u32 = 32;

/// Where a thread is in the dispute for an object. Kept by the thread.
#[derive(Clone, Copy, Default)]
pub(crate) struct Turn {
    /// When this thread last ended a transaction because somebody asked.
    yielded: Option<Instant>,
    /// Length of its turns at present, in microseconds; 0: none.
    length: u32,
    /// The running transaction need not answer before.
    until: Option<Instant>,
    /// A request has been put off (I2).
    asked: bool,
}

impl Transaction {
    fn change_turn(&self, f: impl FnOnce(&mut Turn)) {
        let mut turn = self.turn.get();
        f(&mut turn);
        self.turn.set(turn);
    }

    /// A conflict is about to be waited for, holding nothing: is it the same dispute again?
    pub(crate) fn note_dispute(&self) {
        if cfg!(loom) {
            return;
        }
        self.change_turn(|turn| {
            let again = turn.yielded.take().is_some_and(|at| at.elapsed() < AT_ONCE);
            turn.length = match turn.length {
                0 if again => SHORTEST,
                n if again => (n * 2).min(LONGEST),
                n if n > SHORTEST => n / 2,
                _ => 0,
            };
        });
    }

    /// The wait is over: the next transaction has its turn.
    pub(crate) fn start_turn(&self) {
        self.change_turn(|turn| {
            turn.asked = false;
            turn.until =
                (turn.length > 0).then(|| Instant::now() + Duration::from_micros(turn.length.into()));
        });
    }

    /// Whether the request to come soon, just seen, is put off; else the caller commits now.
    pub(crate) fn put_off(&self) -> bool {
        if cfg!(loom) {
            return false;
        }
        let now = Instant::now();
        let mut put_off = false;
        self.change_turn(|turn| {
            put_off = turn.until.is_some_and(|until| now < until);
            turn.asked = put_off;
            if !put_off {
                turn.until = None;
                turn.yielded = Some(now);
            }
        });
        put_off
    }

    /// Whether somebody has asked this transaction to come soon and is kept waiting: then the thread is to call
    /// [`Transaction::look_again`] after a few boundaries.
    #[inline]
    pub fn soon_is_put_off(&self) -> bool {
        self.turn.get().asked
    }

    /// Has the next poll look at a request that was put off. False if there is none.
    pub fn look_again(&self) -> bool {
        let asked = self.turn.get().asked
            && self.live.get()
            && !self.solo.get()
            && self.segment().status.load(Ordering::Relaxed) & SOON != 0;
        self.change_turn(|turn| turn.asked = false);
        if asked {
            self.record().request(Requests::POLL);
        }
        asked
    }
}
