//! What other threads may know and do about a thread: its record.
//!
//! Records are never freed while the runtime lives (an asker may hold a pointer from a segment); those of ended threads
//! are reused. A late request or wake-up that reaches the wrong thread is a spurious one, which everybody tolerates.

use crate::events::Counters;
use crate::parker::Parker;
use crate::sync::{AtomicPtr, AtomicU32, AtomicUsize, Ordering};
use std::cell::UnsafeCell;

/// Requests to a thread: a set of bits, tested by one load at each poll.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Requests(pub u32);

impl Requests {
    /// Look at the segment's status (SOON or WOUND has been set).
    pub const POLL: Requests = Requests(1);
    /// The world is to stop.
    pub const STOP: Requests = Requests(2);
    /// A second thread wants to start or attach: leave solo mode at the next commit point.
    pub const LEAVE_SOLO: Requests = Requests(4);
    /// A collection is wanted at the next commit point.
    pub const GC: Requests = Requests(8);
    /// A signal is pending.
    pub const SIGNAL: Requests = Requests(16);
    /// An asynchronous exception, finalizer or weakref callback is pending.
    pub const ASYNC: Requests = Requests(32);
    /// The time slice of the GIL is used up.
    pub const TICK: Requests = Requests(64);
    /// The transaction has run long enough: commit at the next boundary (for whoever measures its length).
    pub const COMMIT: Requests = Requests(128);

    /// Those that this crate answers itself.
    pub(crate) const OWN: Requests = Requests(1 | 2);
    /// Those taken only right after a commit outside atomic blocks: deferred while inside one.
    pub(crate) const DEFERRABLE: Requests = Requests(4 | 16 | 32 | 64 | 128);

    /// Both sets.
    pub const fn with(self, other: Requests) -> Requests {
        Requests(self.0 | other.0)
    }
    /// Without those of `other`.
    pub const fn without(self, other: Requests) -> Requests {
        Requests(self.0 & !other.0)
    }
    /// Those in both.
    pub const fn among(self, other: Requests) -> Requests {
        Requests(self.0 & other.0)
    }
    /// Whether any of `other` is in this set.
    pub const fn any(self, other: Requests) -> bool {
        self.0 & other.0 != 0
    }
    /// Whether there are none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// Running Python (or in a short native); touches objects.
pub(crate) const RUNNING: u32 = 0;
/// Stopped at a safepoint, until the world runs again.
pub(crate) const STOPPED: u32 = 1;
/// Outside: may run anything but touches no object; counts as stopped.
pub(crate) const OUTSIDE: u32 = 2;
/// Not registered.
pub(crate) const GONE: u32 = 3;

/// Number of registers kept by [`crate::registers::publish`].
pub const SAVED_REGISTERS: usize = 12;

/// A registered thread.
#[repr(align(128))]
pub struct ThreadRecord {
    pub(crate) requests: AtomicU32,
    pub(crate) state: AtomicU32,
    /// 1-based position among the records, the thread's name in the token.
    pub(crate) id: usize,
    /// Attached segment, 0 for none.
    pub(crate) segment: AtomicUsize,
    /// Segment handed to this thread while it waited for one.
    pub(crate) granted: AtomicUsize,
    pub(crate) parker: Parker,
    pub(crate) counters: Counters,
    stack_top: AtomicUsize,
    registers: UnsafeCell<[usize; SAVED_REGISTERS]>,
    user: AtomicPtr<()>,
}

// SAFETY: `registers` is written by the thread itself while RUNNING and read by others only while it is not.
unsafe impl Sync for ThreadRecord {}
// SAFETY: the cell holds plain integers.
unsafe impl Send for ThreadRecord {}

impl ThreadRecord {
    pub(crate) fn new(id: usize) -> Self {
        ThreadRecord {
            requests: AtomicU32::new(0),
            state: AtomicU32::new(OUTSIDE),
            id,
            segment: AtomicUsize::new(0),
            granted: AtomicUsize::new(0),
            parker: Parker::new(),
            counters: Counters::new(),
            stack_top: AtomicUsize::new(0),
            registers: UnsafeCell::new([0; SAVED_REGISTERS]),
            user: AtomicPtr::new(std::ptr::null_mut()),
        }
    }

    /// Makes the thread look at its requests at its next poll, and ends its sleep early.
    pub fn request_poll(&self, kind: Requests) {
        self.request(kind);
        self.parker.unpark();
    }

    /// As [`request_poll`](Self::request_poll), by the thread itself. It is awake, and a wake-up left behind would end its
    /// next sleep at once: a native that sleeps, looks and asks for a commit in a loop would never rest.
    pub fn request_own(&self, kind: Requests) {
        self.request(kind);
    }

    pub(crate) fn request(&self, kind: Requests) {
        // Release: what the request is about is visible to the thread that takes it.
        self.requests.fetch_or(kind.0, Ordering::AcqRel);
    }

    /// The runtime's own pointer for this thread (its mutator); null before it is set and after the thread has ended.
    pub fn user(&self) -> *mut () {
        self.user.load(Ordering::Acquire)
    }

    pub(crate) fn set_user(&self, user: *mut ()) {
        self.user.store(user, Ordering::Release);
    }

    /// Lowest address of the thread's native stack that can hold values of its frames. Only while the thread is stopped
    /// or outside (the world is stopped), or for the thread itself just after it has published.
    pub fn stack_top(&self) -> usize {
        self.stack_top.load(Ordering::Acquire)
    }

    /// The registers as they were when the thread stopped or went outside.
    ///
    /// # Safety
    /// The world is stopped, and this is not the thread that stopped it unless it has published.
    pub unsafe fn registers(&self) -> [usize; SAVED_REGISTERS] {
        // SAFETY: the thread is not running, so nobody writes.
        unsafe { *self.registers.get() }
    }

    /// Publishes stack top and registers of the calling thread, whose record this is.
    #[inline(always)]
    pub(crate) fn publish_stack(&self) {
        // SAFETY: only the thread itself writes, while RUNNING.
        let top = unsafe { crate::registers::publish(self.registers.get().cast()) };
        self.stack_top.store(top, Ordering::Release);
    }

    /// Whether the thread is outside.
    pub fn is_outside(&self) -> bool {
        self.state.load(Ordering::Acquire) == OUTSIDE
    }

    /// A number for reports.
    pub fn id(&self) -> usize {
        self.id
    }

    /// The thread's counters.
    pub fn counters(&self) -> &Counters {
        &self.counters
    }
}
