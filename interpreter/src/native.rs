//! How native functions, types and modules are declared: one static table each.
//!
//! A native is `fn(&mut Thread, Args) -> PyResult`. Its arguments lie in the caller's part of the value stack, so
//! they stay alive and at the same place for the whole call. Arity is checked from the row before the call.
//!
//! # Rules for natives
//! N1. Look at a mutable object only through `Ref::read`/`Ref::write`; do all barriers before the first store where
//!     that is easy (then the row may carry [`RETRY`]).
//! N2. A `Vec<Value>` may not live across a call that takes `&mut Thread`: use `RootVec` for that.
//! N3. Change no state outside the heap, except through `Thread::outside` (I/O) or in a runtime-wide table whose entries
//!     are never undone. A `NativePayload` is replaced, not changed.
//! N4. Errors are Python exceptions (`th.type_error(..)`); never panic on bad input, never swallow a [`Raised`].
//! N5. Long loops call `th.native_poll()?` now and then.

use crate::layout::{PyTuple, Ref};
use crate::raised::{PyResult, Raised};
use crate::thread::Thread;
use crate::types::slots::SlotTable;
use crate::value::{Slot, Value};
use gc_stm::Kind;
use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering};

/// The signature of natives.
pub type NativeFn = fn(&mut Thread, Args<'_>) -> PyResult;

/// Arguments of a call: positional ones, then keyword names and values alternating.
#[derive(Copy, Clone)]
pub struct Args<'a> {
    /// What is being called (its owner class or module matters to a few natives).
    pub callee: Value,
    pub pos: &'a [Value],
    /// name, value, name, value, ...; names are str.
    pub kw: &'a [Value],
}

impl<'a> Args<'a> {
    /// Positional arguments only.
    pub fn positional(pos: &'a [Value]) -> Args<'a> {
        Args { callee: Value::NONE, pos, kw: &[] }
    }

    pub fn len(&self) -> usize {
        self.pos.len()
    }

    pub fn is_empty(&self) -> bool {
        self.pos.is_empty()
    }

    /// Positional argument `i`, if given.
    #[inline(always)]
    pub fn get(&self, i: usize) -> Slot {
        self.pos.get(i).copied()
    }

    /// The arguments after the first `n`.
    pub fn skip(&self, n: usize) -> Args<'a> {
        Args { callee: self.callee, pos: self.pos.get(n..).unwrap_or(&[]), kw: self.kw }
    }

    /// Keyword pairs.
    pub fn keywords(&self) -> impl Iterator<Item = (Value, Value)> + 'a {
        self.kw.chunks_exact(2).map(|p| (p[0], p[1]))
    }

    /// Binds the arguments to named parameters as `PyArg_ParseTupleAndKeywords` does: the first `required` must be
    /// given. Unknown and doubly given names raise TypeError in CPython's words. Where CPython does not name the function
    /// in its errors, `fname` is empty.
    pub fn bind<const N: usize>(
        &self,
        th: &mut Thread,
        fname: &str,
        names: [&str; N],
        required: usize,
    ) -> Result<[Slot; N], Raised> {
        let mut out = [None; N];
        if self.pos.len() + self.kw.len() / 2 > N {
            let given = self.pos.len() + self.kw.len() / 2;
            let what = if fname.is_empty() { "function".to_owned() } else { format!("{fname}()") };
            return Err(th.type_error(format!(
                "{what} takes at most {N} argument{} ({given} given)",
                if N == 1 { "" } else { "s" }
            )));
        }
        out[..self.pos.len()]
            .copy_from_slice(&self.pos.iter().map(|v| Some(*v)).collect::<smallvec::SmallVec<[Slot; 8]>>());
        for (k, v) in self.keywords() {
            let key = keyword_name(th, k);
            match names.iter().position(|n| n.as_bytes() == &*key) {
                Some(i) if out[i].is_none() => out[i] = Some(v),
                Some(i) => {
                    return Err(th.type_error(format!(
                        "Argument given by name ('{}') and position ({})",
                        names[i],
                        i + 1
                    )));
                }
                None => {
                    let key = String::from_utf8_lossy(&key).into_owned();
                    return Err(
                        th.type_error(format!("'{key}' is an invalid keyword argument for this function"))
                    );
                }
            }
        }
        for (i, n) in names.iter().enumerate().take(required) {
            if out[i].is_none() {
                return Err(th.type_error(format!("Required argument '{n}' (pos {}) not found", i + 1)));
            }
        }
        Ok(out)
    }
}

/// The text of a keyword, a str or a unicode. Characters that no name has become `?`, so that it can be compared with names.
pub fn keyword_name<'a>(th: &Thread, name: Value) -> Cow<'a, [u8]> {
    match name.payload::<crate::layout::PyUnicode>() {
        Some(u) => u.get().chars().iter().map(|c| if c < 128 { c as u8 } else { b'?' }).collect(),
        None => Cow::Borrowed(th.str_bytes(name)),
    }
}

/// A tuple's items as arguments.
pub fn tuple_args<'a>(t: Ref<PyTuple>) -> Args<'a> {
    Args::positional(t.get().items())
}

/// Row flags: class method.
pub const CLASS: u32 = 1;
/// Static method (no self).
pub const STATIC: u32 = 2;
/// Accepts keyword arguments.
pub const KEYWORDS: u32 = 4;
/// Calls `Thread::outside` before it has written anything: on completion of the operation the whole bytecode is
/// run again and finds the result (DESIGN §3, blocking natives).
pub const BLOCKS: u32 = 8;
/// Does all barriers before the first store and calls no Python: a conflict may commit and run it again.
pub const RETRY: u32 = 16;
/// `__new__`-like static function whose first argument is the class.
pub const NEW: u32 = 32;
/// Wraps a slot as a special method: its errors about arguments have their own words.
pub const WRAPPER: u32 = 64;
/// Wrong numbers of arguments are refused in the words of `PyArg_ParseTuple`: "exactly 1 argument".
pub const PARSED: u32 = 1 << 12;
/// Or of `PyArg_UnpackTuple`: "expected at least 1 arguments, got 0".
pub const UNPACKED: u32 = 1 << 13;

/// Any number of arguments.
pub const VARIADIC: u16 = u16::MAX;

/// A row of a method or function table. `min`/`max` do not count self.
pub struct MethodDef {
    pub name: &'static str,
    pub func: NativeFn,
    pub min: u16,
    pub max: u16,
    pub flags: u32,
    pub doc: &'static str,
}

impl MethodDef {
    pub const fn new(
        name: &'static str,
        func: NativeFn,
        min: u16,
        max: u16,
        flags: u32,
        doc: &'static str,
    ) -> MethodDef {
        MethodDef { name, func, min, max, flags, doc }
    }
}

/// A row of a method table without flags.
pub const fn plain_row(
    name: &'static str,
    func: NativeFn,
    min: u16,
    max: u16,
    doc: &'static str,
) -> MethodDef {
    MethodDef::new(name, func, min, max, 0, doc)
}

/// A row of a method table for what may block.
pub const fn blocking_row(
    name: &'static str,
    func: NativeFn,
    min: u16,
    max: u16,
    doc: &'static str,
) -> MethodDef {
    MethodDef::new(name, func, min, max, BLOCKS, doc)
}

/// A computed attribute.
pub struct GetSetDef {
    pub name: &'static str,
    pub get: fn(&mut Thread, Value) -> PyResult,
    /// `None` value: delete.
    pub set: Option<fn(&mut Thread, Value, Slot) -> PyResult<()>>,
    pub doc: &'static str,
}

/// The setter of what CPython declares as a read-only member (other attributes without a setter are refused in other words).
pub fn read_only(th: &mut Thread, _: Value, _: Slot) -> PyResult<()> {
    Err(th.type_error("readonly attribute"))
}

/// Type flags: may be subclassed.
pub const BASETYPE: u32 = 1;
/// Calling the type makes no instance.
pub const NO_NEW: u32 = 2;
/// Instances of the exact type have attributes of their own (PyInstance: exceptions, modules).
pub const HAS_DICT: u32 = 4;
/// Instances are PyInstances that carry a payload (exceptions).
pub const PAYLOAD: u32 = 8;
/// Instances can be referred to weakly.
pub const WEAKREFS: u32 = 16;

/// Where the class object of a built-in type is found, once made.
pub struct TypeCell(AtomicU64);

impl TypeCell {
    pub const fn new() -> TypeCell {
        TypeCell(AtomicU64::new(0))
    }
    #[inline(always)]
    pub fn bits(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
    /// Whether the class is made; then what it consists of is visible to the caller.
    #[inline(always)]
    pub fn is_set(&self) -> bool {
        // Acquire pairs with the release in `set`.
        self.0.load(Ordering::Acquire) != 0
    }
    pub fn set(&self, v: Value) {
        self.0.store(v.bits(), Ordering::Release);
    }
}

impl Default for TypeCell {
    fn default() -> Self {
        TypeCell::new()
    }
}

/// The declaration of a built-in type.
pub struct TypeDef {
    pub name: &'static str,
    /// `__module__`: `__builtin__` for most.
    pub module: &'static str,
    pub doc: Option<&'static str>,
    /// `None`: object.
    pub base: Option<&'static TypeDef>,
    /// `None`: type.
    pub meta: Option<&'static TypeDef>,
    pub flags: u32,
    /// Memory of exact instances.
    pub kind: Kind,
    pub slots: SlotTable,
    pub methods: &'static [MethodDef],
    pub getset: &'static [GetSetDef],
    pub cell: TypeCell,
}

impl TypeDef {
    /// A declaration to fill in with struct update syntax.
    pub const fn new(name: &'static str, kind: Kind) -> TypeDef {
        TypeDef {
            name,
            module: "__builtin__",
            doc: None,
            base: None,
            meta: None,
            flags: BASETYPE,
            kind,
            slots: SlotTable::EMPTY,
            methods: &[],
            getset: &[],
            cell: TypeCell::new(),
        }
    }

    /// The class object. The type must have been made ready (all types of `objects::ALL` are at start-up).
    #[inline(always)]
    pub fn class(&self) -> Value {
        debug_assert!(self.cell.bits() != 0, "type {} is not ready", self.name);
        Value::from_bits(self.cell.bits()).unwrap_or(Value::NONE)
    }

    /// The class pointer for a header.
    #[inline(always)]
    pub fn class_bits(&self) -> u64 {
        self.cell.bits()
    }
}

/// The declaration of a native module.
pub struct ModuleDef {
    pub name: &'static str,
    pub doc: Option<&'static str>,
    pub functions: &'static [MethodDef],
    /// Types to add under their names.
    pub types: &'static [&'static TypeDef],
    /// Adds constants and whatever else tables cannot say.
    pub init: Option<fn(&mut Thread, Value) -> PyResult<()>>,
}
