//! The kinds of heap object: one row each. A kind fixes a memory layout; several Python types may share one
//! (set and frozenset, all user classes). The header's class pointer tells the type.
//!
//! To add a kind: add its row here, its `#[repr(C)]` struct with [`HeapObject`](crate::layout::HeapObject) in
//! its object folder, and its `size`/`trace` functions beside the struct.

use crate::layout as l;
use gc_stm::{Kind, KindInfo, ObjRef};

macro_rules! kinds {
    ($( $(#[$doc:meta])* $name:ident = $n:literal { stamped: $stamped:literal, weak: $weak:literal, size: $size:path, trace: $trace:path } )*) => {
        /// Kind numbers.
        pub mod kind {
            use gc_stm::Kind;
            $( $(#[$doc])* pub const $name: Kind = super::make($n, $stamped, $weak); )*
        }
        /// What the collector needs to know of each kind, in order of number.
        pub static KINDS: &[KindInfo] = &[
            KindInfo { name: "(none)", stamped: false, size: l::no_size, trace: l::no_trace, drop_native: None, weak: false },
            $( KindInfo { name: stringify!($name), stamped: $stamped, size: $size, trace: $trace, drop_native: drop_of($n), weak: $weak }, )*
        ];
    };
}

kinds! {
    /// `int` beyond 63 bits: one i64.
    INT = 1 { stamped: false, weak: false, size: l::size_16, trace: l::trace_leaf }
    /// `float` with an uncommon exponent: one f64.
    FLOAT = 2 { stamped: false, weak: false, size: l::size_16, trace: l::trace_leaf }
    /// `long`: sign and 32-bit digits.
    LONG = 3 { stamped: false, weak: false, size: l::PyLong::size, trace: l::trace_leaf }
    /// `complex`: two f64.
    COMPLEX = 4 { stamped: false, weak: false, size: l::size_32, trace: l::trace_leaf }
    /// `str`: bytes.
    STR = 5 { stamped: false, weak: false, size: l::PyStr::size, trace: l::PyStr::trace }
    /// `unicode`: 1, 2 or 4 bytes a character.
    UNICODE = 6 { stamped: false, weak: false, size: l::PyUnicode::size, trace: l::PyUnicode::trace }
    TUPLE = 7 { stamped: false, weak: false, size: l::PyTuple::size, trace: l::PyTuple::trace }
    LIST = 8 { stamped: true, weak: false, size: l::size_32, trace: l::PyList::trace }
    DICT = 9 { stamped: true, weak: false, size: l::PyDict::size, trace: l::PyDict::trace }
    /// `set` and `frozenset`: a dict whose values are not used.
    SET = 10 { stamped: true, weak: false, size: l::PyDict::size, trace: l::PyDict::trace }
    BYTEARRAY = 11 { stamped: true, weak: false, size: l::PyByteArray::size, trace: l::PyByteArray::trace }
    CODE = 12 { stamped: false, weak: false, size: l::PyCode::size, trace: l::PyCode::trace }
    FUNCTION = 13 { stamped: true, weak: false, size: l::PyFunction::size, trace: l::PyFunction::trace }
    /// A native function, perhaps bound to a self.
    BUILTIN = 14 { stamped: false, weak: false, size: l::PyBuiltin::size, trace: l::PyBuiltin::trace }
    /// `instancemethod`: bound or unbound.
    METHOD = 15 { stamped: false, weak: false, size: l::PyMethod::size, trace: l::PyMethod::trace }
    TYPE = 16 { stamped: true, weak: false, size: l::PyType::size, trace: l::PyType::trace }
    /// Instances of user classes, of exceptions, and of old-style classes.
    INSTANCE = 17 { stamped: true, weak: false, size: l::PyInstance::size, trace: l::PyInstance::trace }
    /// `cell`: a closure variable.
    CELL = 18 { stamped: true, weak: false, size: l::size_32, trace: l::PyCell::trace }
    /// The value of one name in a namespace dict (module globals): see `objects/dict/namespace.rs`.
    GLOBAL_CELL = 19 { stamped: true, weak: false, size: l::size_32, trace: l::PyCell::trace }
    GENERATOR = 20 { stamped: true, weak: false, size: l::PyGenerator::size, trace: l::PyGenerator::trace }
    FRAME = 21 { stamped: true, weak: false, size: l::PyFrame::size, trace: l::PyFrame::trace }
    SLICE = 22 { stamped: false, weak: false, size: l::size_32, trace: l::PySlice::trace }
    /// A fixed number of value slots: iterators, descriptors and the other small mutable types.
    RECORD = 23 { stamped: true, weak: false, size: l::PyRecord::size, trace: l::PyRecord::trace }
    /// Carded value storage of lists and dicts.
    STORAGE = 24 { stamped: false, weak: false, size: l::Storage::size, trace: l::Storage::trace }
    /// Raw bytes owned by one mutable object: byte buffers, dict indexes, array items.
    BYTES = 25 { stamped: false, weak: false, size: l::Bytes::size, trace: l::trace_leaf }
    /// Weak reference: referent at +16, callback at +24.
    WEAKREF = 26 { stamped: true, weak: true, size: l::PyWeakref::size, trace: l::PyWeakref::trace }
    /// An inline-cache record: immutable words, see `eval/cache.rs`.
    CACHE = 27 { stamped: false, weak: false, size: l::size_32, trace: l::CacheRecord::trace }
    /// Native state outside the heap, with snapshot and restore.
    NATIVE = 28 { stamped: true, weak: false, size: l::PyNative::size, trace: l::PyNative::trace }
    /// `getset_descriptor`.
    GETSET = 29 { stamped: false, weak: false, size: l::size_32, trace: l::PyGetSet::trace }
    /// Bytes that sums of texts share.
    ROOM = 30 { stamped: false, weak: false, size: l::Room::size, trace: l::trace_leaf }
}

const fn make(n: u8, stamped: bool, weak: bool) -> Kind {
    let k = if stamped { Kind::stamped(n) } else { Kind::immutable(n) };
    if weak { k.weak() } else { k }
}

const fn drop_of(n: u8) -> Option<unsafe fn(ObjRef)> {
    match n {
        12 => Some(l::PyCode::drop_native),
        16 => Some(l::PyType::drop_native),
        28 => Some(l::PyNative::drop_native),
        _ => None,
    }
}
