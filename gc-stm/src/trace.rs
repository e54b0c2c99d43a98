//! The tracer: what a kind's `trace` function, a root source and the collector's own tables show words to.
//!
//! One concrete type with a mode, not a trait, so that the table of kinds holds plain function pointers
//! and the two hot modes (promote, mark) inline.

use crate::kind::info_of;
use crate::object::{self, CLASS_MASK, LARGE, NATIVE, ObjRef, STAMPED, YOUNG};
use crate::space::{LINE, MARK, NATIVE_STATE, OLD, START, Space};
use std::sync::atomic::Ordering;

/// What happens to each reference that is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mode {
    /// Young objects become old (minor collection, publishing).
    Promote { weak_is_strong: bool },
    /// Objects get their mark (full collection).
    Mark,
    /// References are collected, nothing changes.
    List,
}

/// Receives the words of roots and objects. `word` is all that most code needs.
pub struct Tracer {
    mode: Mode,
    space: *const Space,
    /// Work still to do: objects whose fields have not been shown.
    pub(crate) stack: Vec<ObjRef>,
    /// `List` mode: what was found.
    pub(crate) found: Vec<ObjRef>,
    /// `List` mode: objects whose mark was set by hand.
    pub(crate) reached: Vec<ObjRef>,
    /// Bytes made old, or marked: whole lines that were free before, and large objects.
    pub(crate) bytes: usize,
    /// Objects made old, or marked.
    pub(crate) objects: usize,
    /// Whose fields are being looked at while marking.
    #[cfg(debug_assertions)]
    holder: Option<ObjRef>,
}

impl Tracer {
    pub(crate) fn new(mode: Mode, space: &Space) -> Tracer {
        Tracer {
            #[cfg(debug_assertions)]
            holder: None,
            mode,
            space,
            stack: Vec::new(),
            found: Vec::new(),
            reached: Vec::new(),
            bytes: 0,
            objects: 0,
        }
    }

    /// Shows a field or root word; immediate values are passed over.
    #[inline(always)]
    pub fn word(&mut self, word: u64) {
        if object::is_reference(word) {
            // SAFETY: a reference word is the address of an object (the contract of fields and roots).
            self.object(unsafe { ObjRef::from_address(word as usize) });
        }
    }

    /// Shows `n` words in memory.
    ///
    /// # Safety
    /// They are readable, and are Values.
    #[inline]
    pub unsafe fn words(&mut self, first: *const u64, n: usize) {
        for i in 0..n {
            // SAFETY: per the contract.
            self.word(unsafe { first.add(i).read() });
        }
    }

    /// Shows a reference.
    #[inline(always)]
    pub fn object(&mut self, obj: ObjRef) {
        match self.mode {
            Mode::Promote { .. } => {
                if object::header(obj) & YOUNG != 0 {
                    self.promote(obj);
                    self.stack.push(obj);
                }
            }
            Mode::Mark => {
                if self.mark(obj) {
                    self.stack.push(obj);
                }
            }
            Mode::List => self.found.push(obj),
        }
    }

    /// True when what is shown becomes old: a kind with card stamps zeroes them then.
    pub fn makes_old(&self) -> bool {
        matches!(self.mode, Mode::Promote { .. })
    }

    /// True when old objects may die in this collection, not only young ones.
    pub fn old_may_die(&self) -> bool {
        self.mode == Mode::Mark
    }

    /// The heap's memory, for helpers that need it beside the tracer.
    pub(crate) fn space_ptr(&self) -> *const Space {
        self.space
    }

    /// Accounts for objects that were marked by hand.
    pub(crate) fn account(&mut self, reached: &[ObjRef]) {
        for &obj in reached {
            self.bytes += self.space().mark_lines(obj);
            self.objects += 1;
        }
    }

    #[inline(always)]
    fn space(&self) -> &Space {
        // SAFETY: a tracer lives within one operation of the heap that owns the space.
        unsafe { &*self.space }
    }

    /// Makes one young object old: flag, stamp, state byte, line marks.
    #[inline]
    fn promote(&mut self, obj: ObjRef) {
        let size = self.space().make_old(obj);
        self.bytes += size;
        self.objects += 1;
    }

    /// Whose field is being looked at, for reports of broken heaps.
    #[cfg(debug_assertions)]
    fn holder_text(&self) -> String {
        match self.holder {
            Some(h) => format!(
                ", in {h:?} of kind {} ({})",
                info_of(h).name,
                if object::is_young(h) { "young" } else { "old" }
            ),
            None => String::from(", in a root"),
        }
    }

    /// Sets the mark; true when it was not set before.
    #[inline(always)]
    fn mark(&mut self, obj: ObjRef) -> bool {
        let state = self.space().state(obj.address());
        // SAFETY: state bytes of objects inside the heap are readable; the world is stopped while marking.
        let s = unsafe { *state };
        #[cfg(debug_assertions)]
        if s & START == 0 {
            panic!("reference to {obj:?}, which is no object{}", self.holder_text());
        }
        if s & MARK != 0 {
            return false;
        }
        // SAFETY: as above.
        unsafe { *state = s | MARK };
        true
    }

    /// Shows the class and the fields of `obj`.
    #[inline]
    pub(crate) fn fields(&mut self, obj: ObjRef) {
        let header = object::header(obj);
        self.word(header & CLASS_MASK);
        let info = info_of(obj);
        if let Mode::Promote { weak_is_strong: true } = self.mode
            && info.weak
        {
            // SAFETY: objects of weak kinds have their referent there.
            self.word(unsafe { *obj.at::<u64>(object::WEAK_REFERENT) });
        }
        // SAFETY: the function belongs to the object's kind.
        unsafe { (info.trace)(obj, self) }
    }

    /// Works the stack off. In mark mode this is where sizes and lines are accounted.
    pub(crate) fn drain(&mut self) {
        if self.mode == Mode::Mark {
            self.drain_marking();
        } else {
            while let Some(obj) = self.stack.pop() {
                self.fields(obj);
            }
        }
    }

    /// Objects wait in a short queue between the stack and their scan, while the cache fetches them.
    fn drain_marking(&mut self) {
        const AHEAD: usize = 8;
        let mut queue: [Option<ObjRef>; AHEAD] = [None; AHEAD];
        let mut at = 0;
        let mut waiting = 0;
        loop {
            let next = self.stack.pop();
            if let Some(obj) = next {
                prefetch(obj);
                waiting += 1;
            } else if waiting == 0 {
                return;
            }
            if let Some(obj) = std::mem::replace(&mut queue[at], next) {
                waiting -= 1;
                self.bytes += self.space().mark_lines(obj);
                self.objects += 1;
                #[cfg(debug_assertions)]
                {
                    self.holder = Some(obj);
                }
                self.fields(obj);
            }
            at = (at + 1) % AHEAD;
        }
    }
}

#[inline(always)]
fn prefetch(obj: ObjRef) {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    // SAFETY: a hint, for any address.
    unsafe {
        std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(obj.at::<i8>(0));
    }
    #[cfg(not(all(target_arch = "x86_64", not(miri))))]
    let _ = obj;
}

impl Space {
    /// Makes a young object of the calling thread old; returns the bytes of the lines it took, or its size if it
    /// is large. Lines are what fills the heap up: an old object denies its whole line to allocation.
    #[inline]
    pub(crate) fn make_old(&self, obj: ObjRef) -> usize {
        let h = object::header(obj);
        debug_assert!(h & YOUNG != 0);
        if h & STAMPED != 0 {
            // No stamp: the next write goes through the write log (pitfall 4).
            obj.stamp().store(0, Ordering::Relaxed);
        }
        obj.header().store(h & !YOUNG, Ordering::Release);
        let native = if h & NATIVE != 0 { NATIVE_STATE } else { 0 };
        // SAFETY: the state byte of a young object belongs to its thread.
        unsafe { *self.state(obj.address()) = START | OLD | native };
        self.take_lines(obj, h)
    }

    /// Sets the line marks of an object found by a full collection; returns what `make_old` does.
    #[inline]
    pub(crate) fn mark_lines(&self, obj: ObjRef) -> usize {
        let h = object::header(obj);
        if h & YOUNG != 0 { 0 } else { self.take_lines(obj, h) }
    }

    #[inline(always)]
    fn take_lines(&self, obj: ObjRef, header: u64) -> usize {
        let size = crate::kind::size_of_object(obj);
        if header & LARGE != 0 {
            return size;
        }
        // SAFETY: the block belongs to the calling thread while it holds young objects, or the world is stopped.
        unsafe { self.block_of(obj.address()).add_lines(obj.address(), size) * LINE }
    }
}
