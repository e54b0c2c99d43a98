//! The state of one Python thread.
//!
//! `Thread` begins with gc-stm's [`Mutator`] (allocation cursor, barriers), so that machine code finds both at fixed
//! offsets from one pointer. `&Thread` is enough for GC-safe points (allocation, barriers); what may commit, run
//! Python or collect takes `&mut Thread` (DESIGN §4).

use crate::eval::checkpoint::Checkpoint;
use crate::eval::frame::Frame;
use crate::outside::OutsideState;
use crate::raised::{Caught, Raised, Unwind};
use crate::runtime::Runtime;
use crate::types::cache::{MethodCache, ShapeCache};
use crate::value::{Slot, Value};
use gc_stm::{Conflict, Mutator, ObjRef, Tracer};
use std::cell::Cell;

/// Words of value stack reserved per thread; touched pages only cost memory.
pub const VALUE_STACK_WORDS: usize = 4 << 20;

/// See the module text.
#[repr(C)]
pub struct Thread {
    pub m: Mutator,
    /// Top frame, or null.
    pub frame: *mut Frame,
    /// First word past the value stack's usable part.
    pub stack_end: *mut Slot,
    /// First word of the value stack.
    pub stack_base: *mut Slot,
    /// Native stack address below which recursion is refused.
    pub native_limit: usize,
    /// Python frames and native recursions now on the stacks.
    pub depth: u32,
    /// Nested eval loops.
    pub loop_depth: u32,
    /// Address of the innermost eval loop's [`gc_stm::StackMark`]; 0 outside all loops.
    pub(crate) loop_mark: usize,
    /// The native that the innermost eval loop itself is calling, if it declares BLOCKS.
    pub(crate) called_by_loop: Option<crate::native::NativeFn>,
    /// Back-edges and calls until the next look at the clock.
    pub ticks: i32,
    pub(crate) unwind: Cell<Unwind>,
    /// Exception in flight: class, value, traceback.
    pub(crate) exc: [Cell<Slot>; 3],
    /// Exception being handled, as `sys.exc_info()` shows it.
    pub exc_info: [Slot; 3],
    /// `thread.get_ident()`.
    pub ident: u64,
    pub trace_func: Slot,
    pub profile_func: Slot,
    /// Inside a trace or profile function: no events.
    pub tracing: u32,
    /// Either function is set.
    pub use_tracing: bool,
    /// Dict of this thread (`thread._local`, `PyThreadState.dict`).
    pub dict: Slot,
    /// Objects whose repr is being made (recursion guard): list.
    pub repr_guard: Vec<ObjRef>,
    pub checkpoint: Checkpoint,
    pub outside: OutsideState,
    pub method_cache: Box<MethodCache>,
    pub(crate) shape_cache: Box<ShapeCache>,
    /// Signals may be handled in this thread.
    pub signals_depth: i32,
    pub is_main: bool,
    /// The exception just raised goes on with its traceback: the raising frame adds no entry.
    pub(crate) keep_traceback: Cell<bool>,
    /// The thread has collected in the running transaction: stamps of what became old are gone.
    pub(crate) collected: Cell<bool>,
    /// What is to be done once the running transaction has committed.
    pub(crate) commit_actions: Vec<crate::threads::at_commit::Action>,
    /// Address whose sleepers were last promised a wake-up, and in which transaction.
    pub(crate) last_wake: (usize, u64),
    /// Set while finalizers and weak reference callbacks run: what dies meanwhile waits its turn.
    pub(crate) delivering: bool,
    pub(crate) value_stack: crate::threads::create::ValueStack,
    pub rt: &'static Runtime,
}

impl std::ops::Deref for Thread {
    type Target = Mutator;
    #[inline(always)]
    fn deref(&self) -> &Mutator {
        &self.m
    }
}

impl Thread {
    /// The read barrier: afterwards no other transaction can change `obj` before this one ends.
    #[inline(always)]
    pub fn read_barrier(&self, obj: ObjRef) -> Result<(), Raised> {
        match self.m.read(obj) {
            Ok(()) => Ok(()),
            Err(c) => Err(self.conflict(c)),
        }
    }

    /// The write barrier: exclusive access to `obj` until this transaction ends, old contents logged.
    #[inline(always)]
    pub fn write_barrier(&self, obj: ObjRef) -> Result<(), Raised> {
        match self.m.write(obj) {
            Ok(()) => Ok(()),
            Err(c) => Err(self.conflict(c)),
        }
    }

    /// The read barrier at the start of a bytecode, which may be executed again if another transaction is in the way: so
    /// this one waits holding nothing (PITFALLS 22).
    #[inline(always)]
    pub fn read_barrier_first(&self, obj: ObjRef) -> Result<(), Raised> {
        if self.m.may_read(obj) { Ok(()) } else { self.first(|| self.read_barrier(obj)) }
    }

    /// The write barrier at the start of a bytecode; see [`Thread::read_barrier_first`].
    #[inline(always)]
    pub fn write_barrier_first(&self, obj: ObjRef) -> Result<(), Raised> {
        if self.m.tx.owns(obj.stamp()) { Ok(()) } else { self.first(|| self.write_barrier(obj)) }
    }

    /// Runs the part of a bytecode before its first store and first call of Python.
    #[cold]
    #[inline(never)]
    fn first(&self, barrier: impl FnOnce() -> Result<(), Raised>) -> Result<(), Raised> {
        self.m.tx.set_retry_ok(self.at_owner_loop());
        let r = barrier();
        self.m.tx.set_retry_ok(false);
        r
    }

    /// The read barrier, for objects that have one.
    pub fn read_barrier_if_mutable(&self, obj: ObjRef) -> Result<(), Raised> {
        if gc_stm::is_stamped(obj) { self.read_barrier(obj) } else { Ok(()) }
    }

    /// Whether the running transaction has not changed `v`, a mutable object: what an abort cannot take back may be
    /// remembered of it.
    pub(crate) fn is_settled(&self, v: Value) -> bool {
        if self.m.tx.is_solo() {
            return true;
        }
        let Some(obj) = v.as_obj() else { return true };
        !self.collected.get() && !gc_stm::is_young(obj) && !self.m.tx.owns(obj.stamp())
    }

    /// Records why a barrier gave up.
    #[cold]
    pub fn conflict(&self, c: Conflict) -> Raised {
        self.unwind.set(match c {
            Conflict::Abort => Unwind::Abort,
            Conflict::Retry => Unwind::Retry,
        });
        Raised::recorded()
    }

    /// Starts unwinding for another reason than a Python exception.
    #[cold]
    pub(crate) fn start_unwind(&self, why: Unwind) -> Raised {
        self.unwind.set(why);
        Raised::recorded()
    }

    /// Why the operation in flight did not finish.
    #[inline]
    pub(crate) fn unwinding(&self) -> Unwind {
        self.unwind.get()
    }

    /// Raises an exception given its class and its value: none, an instance, an argument tuple or a single
    /// argument (normalised when somebody looks).
    #[cold]
    pub fn raise(&mut self, class: Value, value: Slot) -> Raised {
        self.raise_with_traceback(class, value, None)
    }

    /// As [`Thread::raise`], going on with a traceback.
    #[cold]
    pub fn raise_with_traceback(&mut self, class: Value, value: Slot, traceback: Slot) -> Raised {
        self.exc[0].set(Some(class));
        self.exc[1].set(value);
        self.exc[2].set(traceback);
        self.unwind.set(Unwind::Exception);
        Raised::recorded()
    }

    /// For an exception that a callback has already recorded in the thread.
    #[cold]
    pub fn raised_again(&mut self) -> Raised {
        if self.unwind.get() == Unwind::Idle {
            return self.system_error("error return without exception set");
        }
        Raised::recorded()
    }

    /// Raises a caught exception again, with its traceback.
    #[cold]
    pub fn reraise(&mut self, c: Caught) -> Raised {
        self.raise_with_traceback(c.class, c.value, c.traceback)
    }

    /// As [`Thread::raise_with_traceback`] for an exception raised again: a traceback that there is gets no entry for
    /// the raising frame.
    #[cold]
    pub(crate) fn raise_again(&mut self, class: Value, value: Slot, traceback: Slot) -> Raised {
        let traceback = traceback.filter(|t| !t.is_none());
        self.keep_traceback.set(traceback.is_some());
        self.raise_with_traceback(class, value, traceback)
    }

    pub(crate) fn take_exception(&mut self, r: Raised) -> Result<Caught, Raised> {
        if self.unwind.get() != Unwind::Exception {
            return Err(r);
        }
        let c = Caught {
            class: self.exc[0].take().unwrap_or(Value::NONE),
            value: self.exc[1].take(),
            traceback: self.exc[2].take(),
        };
        self.unwind.set(Unwind::Idle);
        Ok(c)
    }

    /// True if the unwind in flight is a Python exception that is an instance of `class`.
    pub fn exception_matches(&mut self, class: Value) -> bool {
        self.unwind.get() == Unwind::Exception
            && self.exc[0].get().is_some_and(|c| crate::objects::exceptions::class_matches(self, c, class))
    }

    /// Traces everything this thread holds outside heap and native stack.
    ///
    /// # Safety
    /// The thread is stopped at a safepoint (frames up to date).
    pub unsafe fn trace_roots(&self, t: &mut Tracer) {
        let mut f = self.frame;
        while !f.is_null() {
            // SAFETY: the chain of live frames.
            unsafe {
                (*f).trace(t);
                f = (*f).prev;
            }
        }
        for s in self.exc.iter().map(Cell::get).chain(self.exc_info).chain([
            self.trace_func,
            self.profile_func,
            self.dict,
        ]) {
            t.word(s.map_or(0, Value::bits));
        }
        for o in &self.repr_guard {
            t.word(o.address() as u64);
        }
        self.checkpoint.trace(t);
        self.collected.set(true);
        // Entries are no roots. Their names are interned, and so old.
        if t.old_may_die() {
            self.method_cache.forget();
            self.shape_cache.forget();
        }
    }

    /// Refuses native recursion that would overflow the stack.
    #[inline]
    pub fn check_native_stack(&mut self) -> Result<(), Raised> {
        if stack_pointer() < self.native_limit { Err(self.recursion_error("")) } else { Ok(()) }
    }

    /// Whether most of what recursion may use has been used.
    pub fn stack_almost_full(&self) -> bool {
        let words = self.stack_end as usize - self.stack_base as usize;
        let top = crate::eval::push::stack_top(self) as usize - self.stack_base as usize;
        let native = std::ptr::from_ref(&self).addr().saturating_sub(self.native_limit);
        top > words / 16 * 15 || native < 64 * 1024 || self.depth > self.rt.recursion_limit() / 16 * 15
    }

    /// `RuntimeError: maximum recursion depth exceeded...`
    #[cold]
    pub fn recursion_error(&mut self, doing: &str) -> Raised {
        self.runtime_error(format!("maximum recursion depth exceeded{doing}"))
    }

    /// Counts a native recursion (repr, compare, ...); pair with [`Thread::leave_recursive`].
    #[inline]
    pub fn enter_recursive(&mut self, doing: &str) -> Result<(), Raised> {
        self.depth += 1;
        if self.depth > self.rt.recursion_limit() {
            self.depth -= 1;
            return Err(self.recursion_error(doing));
        }
        if stack_pointer() < self.native_limit {
            self.depth -= 1;
            return Err(self.recursion_error(doing));
        }
        Ok(())
    }

    #[inline]
    pub fn leave_recursive(&mut self) {
        self.depth -= 1;
    }
}

/// About where the native stack ends now.
#[inline(always)]
fn stack_pointer() -> usize {
    #[cfg(target_arch = "x86_64")]
    {
        let here: usize;
        // SAFETY: reads a register.
        unsafe { std::arch::asm!("mov {}, rsp", out(reg) here, options(nomem, nostack, preserves_flags)) };
        here
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        let local = 0u8;
        std::ptr::from_ref(&local).addr()
    }
}

/// An exception put aside while something else runs.
pub struct SetAside {
    exc: [Slot; 3],
    unwind: Unwind,
}

impl Thread {
    /// Takes the unwind in flight out of the thread, to be restored later. The values stay alive on the native stack.
    pub fn set_aside_exception(&mut self) -> SetAside {
        let s = SetAside {
            exc: [self.exc[0].take(), self.exc[1].take(), self.exc[2].take()],
            unwind: self.unwind.get(),
        };
        self.unwind.set(Unwind::Idle);
        s
    }

    /// Puts it back, over whatever was raised since.
    pub fn restore_exception(&mut self, s: SetAside) {
        for (c, v) in self.exc.iter().zip(s.exc) {
            c.set(v);
        }
        self.unwind.set(s.unwind);
    }
}
