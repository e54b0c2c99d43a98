//! What is known of a C type, beside what Python sees of its class.
//!
//! The metaclasses of this module keep a record in the *annex* of each class they make: an [`Info`] that does not change
//! once it is there, and the Python objects that go with it. A class that gets its fields (or its target) later gets a new
//! record, as classes change: in exclusive mode. A class without a record is abstract.

use interpreter::kinds::kind;
use interpreter::layout::{NativePayload, PyNative, PyRecord, PyType, Ref};
use interpreter::native::{NO_NEW, TypeDef};
use interpreter::types::{modify, ready, type_of};
use interpreter::{PyResult, Slot, Thread, Value};
use std::any::Any;
use std::sync::atomic::{AtomicBool, Ordering};

/// What sort of type it is.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Sort {
    Simple,
    Pointer,
    Array,
    Structure,
    Union,
    Function,
}

/// How a value is passed to foreign code: as a simple type, or as the parts of a structure.
#[derive(Clone)]
pub(super) enum Passed {
    Simple(u8),
    Parts(Vec<Passed>),
    /// A structure of which only size and alignment matter.
    Block {
        size: usize,
        align: usize,
    },
}

/// See the module text.
pub(super) struct Info {
    pub sort: Sort,
    pub size: usize,
    pub align: usize,
    /// Items of an array, fields of a structure; 1 for pointers and functions, 0 for simple types.
    pub length: usize,
    /// Letter of a simple type, else 0.
    pub letter: u8,
    /// Of the other byte order.
    pub swapped: bool,
    /// Holds addresses: cannot be pickled.
    pub pointers: bool,
    /// How functions of the type are called.
    pub flags: i64,
    /// PEP 3118 format, and the lengths of the dimensions it is repeated in.
    pub format: String,
    pub shape: Vec<usize>,
    pub passed: Passed,
    /// Of an array, which is passed by its address: its items, as parts of a structure that is passed.
    pub contents: Option<Passed>,
    /// There are instances, or other types made from it: the fields are final. Not undone by an abort: it can only make a
    /// structure final whose class is about to become so again.
    pub in_use: AtomicBool,
}

impl Info {
    /// A type of that sort, to be filled in by struct update syntax.
    pub fn new(sort: Sort, size: usize, align: usize) -> Info {
        Info {
            sort,
            size,
            align,
            length: 0,
            letter: 0,
            swapped: false,
            pointers: false,
            flags: 0,
            format: String::from("B"),
            shape: Vec::new(),
            passed: Passed::Simple(b'P'),
            contents: None,
            in_use: AtomicBool::new(false),
        }
    }

    /// A copy for a subclass, whose fields may still be set.
    pub fn inherited(&self) -> Info {
        Info {
            format: self.format.clone(),
            shape: self.shape.clone(),
            passed: self.passed.clone(),
            contents: self.contents.clone(),
            in_use: AtomicBool::new(false),
            ..*self
        }
    }

    /// The format with its dimensions, as it appears within another.
    pub fn whole_format(&self) -> String {
        if self.shape.is_empty() {
            return self.format.clone();
        }
        let n: Vec<String> = self.shape.iter().map(usize::to_string).collect();
        format!("({}){}", n.join(","), self.format)
    }

    pub fn set_in_use(&self) {
        self.in_use.store(true, Ordering::Relaxed);
    }
}

/// Beyond this size the machine's rules for passing structures look at the size only.
pub(super) const IN_REGISTERS: usize = 64;

struct Holder(Info);

impl NativePayload for Holder {
    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}

/// What the holders of [`Info`] and the records are, to the heap; never handed out.
static HOLDER: TypeDef = TypeDef { flags: NO_NEW, ..TypeDef::new("StgInfo", kind::NATIVE) };
static RECORD: TypeDef = TypeDef { flags: NO_NEW, ..TypeDef::new("StgRecord", kind::RECORD) };

const INFO: usize = 0;
/// The class a pointer points to, or of an array's items; the letter of a simple type.
const TARGET: usize = 1;
/// Dict of the array types of this type: length to weak reference. Made at the first of them.
const ARRAYS: usize = 2;
/// Tuple of a function type's argument types, or none.
const ARGTYPES: usize = 3;
/// Tuple of their `from_param` methods.
const CONVERTERS: usize = 4;
const RESTYPE: usize = 5;
/// `_check_retval_` of the result type.
const CHECKER: usize = 6;
const SLOTS: usize = 7;

/// The record of a class.
#[derive(Copy, Clone)]
pub(super) struct CType(Ref<PyRecord>);

/// What a function type declares.
#[derive(Copy, Clone, Default)]
pub(super) struct Signature {
    pub argtypes: Slot,
    pub converters: Slot,
    pub restype: Slot,
    pub checker: Slot,
}

impl CType {
    pub fn info<'a>(self) -> &'a Info {
        // SAFETY: made by `attach`; the payload does not change and lives as long as the class.
        let p = unsafe {
            let holder = self.0.unguarded().at(INFO).get().map(|v| v.cast_unchecked::<PyNative>());
            holder.map(|h| &mut **h.unguarded().payload.get())
        };
        match p.and_then(|p| p.as_any().downcast_ref::<Holder>()) {
            Some(h) => &h.0,
            None => unreachable!("a record without its info"),
        }
    }

    /// See [`TARGET`].
    pub fn target(self) -> Slot {
        self.0.unguarded().at(TARGET).get()
    }

    pub fn signature(self) -> Signature {
        let at = |i| self.0.unguarded().at(i).get();
        Signature {
            argtypes: at(ARGTYPES),
            converters: at(CONVERTERS),
            restype: at(RESTYPE),
            checker: at(CHECKER),
        }
    }

    /// The dict of array types.
    pub fn arrays(self, th: &mut Thread) -> PyResult {
        if let Some(d) = self.0.read(th)?.at(ARRAYS).get() {
            return Ok(d);
        }
        let d = th.new_dict();
        self.0.write(th)?.at(ARRAYS).set(Some(d));
        Ok(d)
    }
}

/// The record of a class; none: no C type, or an abstract one.
pub(super) fn of_class(class: Value) -> Option<CType> {
    class.cast::<PyType>().and_then(|t| t.unguarded().annex.get()).and_then(|r| r.cast()).map(CType)
}

/// The record of a value's class.
pub(super) fn of(v: Value) -> Option<CType> {
    type_of(v).unguarded().annex.get().and_then(|r| r.cast()).map(CType)
}

/// Gives a class its record.
pub(super) fn attach(th: &mut Thread, class: Value, info: Info, target: Slot, s: Signature) -> PyResult<()> {
    ready::ready(th, &HOLDER)?;
    ready::ready(th, &RECORD)?;
    let Some(t) = class.cast::<PyType>() else {
        return Err(th.type_error("a class is needed"));
    };
    let holder = th.new_native(&HOLDER, Box::new(Holder(info)));
    let mut slots = [None; SLOTS];
    slots[INFO] = Some(holder);
    slots[TARGET] = target;
    slots[ARGTYPES] = s.argtypes;
    slots[CONVERTERS] = s.converters;
    slots[RESTYPE] = s.restype;
    slots[CHECKER] = s.checker;
    let r = th.new_record(&RECORD, &slots);
    modify::exclusive(th, t)?;
    t.unguarded().annex.set(Some(r));
    Ok(())
}
