//! The slot table of a type: what the operators and protocols call.
//!
//! Built-in types fill it in their declaration; classes written in Python inherit it from their bases, and get a
//! dispatcher ([`super::dispatch`]) for every special method found along their MRO. `special.rs` holds one row per
//! special method that ties name, slot, dispatcher and wrapper together.

use crate::native::Args;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::{Slot, Value};

/// Rich comparison operators, numbered as the COMPARE_OP argument.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum CmpOp {
    Lt = 0,
    Le = 1,
    Eq = 2,
    Ne = 3,
    Gt = 4,
    Ge = 5,
}

impl CmpOp {
    pub const ALL: [CmpOp; 6] = [CmpOp::Lt, CmpOp::Le, CmpOp::Eq, CmpOp::Ne, CmpOp::Gt, CmpOp::Ge];
    /// The operator with operands exchanged.
    pub fn swapped(self) -> CmpOp {
        match self {
            CmpOp::Lt => CmpOp::Gt,
            CmpOp::Le => CmpOp::Ge,
            CmpOp::Eq => CmpOp::Eq,
            CmpOp::Ne => CmpOp::Ne,
            CmpOp::Gt => CmpOp::Lt,
            CmpOp::Ge => CmpOp::Le,
        }
    }
    /// Applies the operator to an ordering.
    pub fn holds(self, o: std::cmp::Ordering) -> bool {
        use std::cmp::Ordering::*;
        match self {
            CmpOp::Lt => o == Less,
            CmpOp::Le => o != Greater,
            CmpOp::Eq => o == Equal,
            CmpOp::Ne => o != Equal,
            CmpOp::Gt => o == Greater,
            CmpOp::Ge => o != Less,
        }
    }
    pub fn symbol(self) -> &'static str {
        ["<", "<=", "==", "!=", ">", ">="][self as usize]
    }
}

pub type UnaryFn = fn(&mut Thread, Value) -> PyResult;
pub type BinaryFn = fn(&mut Thread, Value, Value) -> PyResult;
pub type TernaryFn = fn(&mut Thread, Value, Value, Value) -> PyResult;
pub type HashFn = fn(&mut Thread, Value) -> PyResult<i64>;
pub type LenFn = fn(&mut Thread, Value) -> PyResult<usize>;
pub type BoolFn = fn(&mut Thread, Value) -> PyResult<bool>;
pub type CallFn = fn(&mut Thread, Value, Args<'_>) -> PyResult;
/// `None`: delete.
pub type SetAttrFn = fn(&mut Thread, Value, Value, Slot) -> PyResult<()>;
pub type CmpFn = fn(&mut Thread, Value, Value) -> PyResult<i32>;
pub type RichCmpFn = fn(&mut Thread, Value, Value, CmpOp) -> PyResult;
/// `None`: exhausted (no StopIteration is made).
pub type IterNextFn = fn(&mut Thread, Value) -> PyResult<Slot>;
/// (descriptor, instance or none, owner or none)
pub type DescrGetFn = fn(&mut Thread, Value, Slot, Slot) -> PyResult;
/// (descriptor, instance, value or none to delete)
pub type DescrSetFn = fn(&mut Thread, Value, Value, Slot) -> PyResult<()>;
/// (class, arguments)
pub type NewFn = fn(&mut Thread, Value, Args<'_>) -> PyResult;
pub type InitFn = fn(&mut Thread, Value, Args<'_>) -> PyResult<()>;
pub type ContainsFn = fn(&mut Thread, Value, Value) -> PyResult<bool>;
pub type GetSliceFn = fn(&mut Thread, Value, i64, i64) -> PyResult;
pub type SetSliceFn = fn(&mut Thread, Value, i64, i64, Slot) -> PyResult<()>;
/// `None`: the types do not coerce.
pub type CoerceFn = fn(&mut Thread, Value, Value) -> PyResult<Option<(Value, Value)>>;
pub type DelFn = fn(&mut Thread, Value) -> PyResult<()>;
pub type BufferFn = fn(&mut Thread, Value) -> PyResult<crate::buffer::Buffer>;
pub type ItemsFn = fn(&mut Thread, Value) -> PyResult<crate::buffer::Items>;

macro_rules! slot_table {
    ($( $(#[$doc:meta])* $name:ident : $ty:ty ),* $(,)?) => {
        /// See the module text. `None`: the type does not take part, or inherits at [`SlotTable::inherit`].
        #[derive(Copy, Clone)]
        #[repr(C)]
        pub struct SlotTable {
            $( $(#[$doc])* pub $name: Option<$ty>, )*
        }
        impl SlotTable {
            pub const EMPTY: SlotTable = SlotTable { $( $name: None, )* };
            /// Takes from `base` every slot that is not set here.
            pub fn inherit(&mut self, base: &SlotTable) {
                $( if self.$name.is_none() { self.$name = base.$name; } )*
            }
        }
    };
}

slot_table! {
    repr: UnaryFn, str: UnaryFn, hash: HashFn, call: CallFn,
    getattr: BinaryFn, setattr: SetAttrFn,
    cmp: CmpFn, richcmp: RichCmpFn,
    iter: UnaryFn, next: IterNextFn,
    descr_get: DescrGetFn, descr_set: DescrSetFn,
    new: NewFn, init: InitFn, del: DelFn,
    // Numbers. Binary slots get the operands in source order, whichever side this type is on.
    add: BinaryFn, sub: BinaryFn, mul: BinaryFn, div: BinaryFn, rem: BinaryFn, divmod: BinaryFn,
    /// (base, exponent, modulus or None)
    pow: TernaryFn,
    lshift: BinaryFn, rshift: BinaryFn, and: BinaryFn, xor: BinaryFn, or: BinaryFn,
    floordiv: BinaryFn, truediv: BinaryFn,
    iadd: BinaryFn, isub: BinaryFn, imul: BinaryFn, idiv: BinaryFn, irem: BinaryFn, ipow: TernaryFn,
    ilshift: BinaryFn, irshift: BinaryFn, iand: BinaryFn, ixor: BinaryFn, ior: BinaryFn,
    ifloordiv: BinaryFn, itruediv: BinaryFn,
    neg: UnaryFn, pos: UnaryFn, abs: UnaryFn, invert: UnaryFn,
    nonzero: BoolFn, int: UnaryFn, long: UnaryFn, float: UnaryFn, oct: UnaryFn, hex: UnaryFn, index: UnaryFn,
    coerce: CoerceFn,
    // Sequences and mappings.
    len: LenFn,
    /// Sequence `+` and `*` (str, tuple, list): tried after the number slots.
    concat: BinaryFn, repeat: BinaryFn, iconcat: BinaryFn, irepeat: BinaryFn,
    getitem: BinaryFn, setitem: SetAttrFn, contains: ContainsFn,
    getslice: GetSliceFn, setslice: SetSliceFn,
    buffer: BufferFn,
    /// What the buffer consists of, if not of plain bytes.
    items: ItemsFn,
}

/// The slots of a class object: written only while the class is private or in exclusive mode.
#[repr(transparent)]
pub struct Slots(std::cell::UnsafeCell<SlotTable>);

impl Slots {
    /// The table; a copy of a pointer-sized field is all callers take.
    #[inline(always)]
    pub fn get(&self) -> &SlotTable {
        // SAFETY: read-mostly state (DESIGN §2): changed only while no other thread runs, or private.
        unsafe { &*self.0.get() }
    }

    /// Replaces the table.
    pub fn set(&self, t: SlotTable) {
        // SAFETY: the caller holds the class private or is in exclusive mode.
        unsafe { *self.0.get() = t }
    }
}
