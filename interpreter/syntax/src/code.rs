//! Code objects as the compiler makes them and `marshal` stores them: plain data, no heap.
//!
//! Names are byte strings. Two constants are equal here when the compiler may share one slot for them: same type and
//! same value, the sign of a zero and the type of a number included.

use num_bigint::BigInt;
use std::hash::{Hash, Hasher};

/// Bits of `co_flags`.
pub mod flags {
    /// Local variables live in slots, not in a dict.
    pub const OPTIMIZED: u32 = 0x1;
    /// A call makes a new local scope.
    pub const NEWLOCALS: u32 = 0x2;
    /// The function has `*args`.
    pub const VARARGS: u32 = 0x4;
    /// The function has `**kwargs`.
    pub const VARKEYWORDS: u32 = 0x8;
    /// The function stands inside another.
    pub const NESTED: u32 = 0x10;
    /// The function holds a `yield`.
    pub const GENERATOR: u32 = 0x20;
    /// No cell and no free variable.
    pub const NOFREE: u32 = 0x40;
    /// `from __future__ import division`.
    pub const FUTURE_DIVISION: u32 = 0x2000;
    /// `from __future__ import absolute_import`.
    pub const FUTURE_ABSOLUTE_IMPORT: u32 = 0x4000;
    /// `from __future__ import with_statement`.
    pub const FUTURE_WITH_STATEMENT: u32 = 0x8000;
    /// `from __future__ import print_function`.
    pub const FUTURE_PRINT_FUNCTION: u32 = 0x10000;
    /// `from __future__ import unicode_literals`.
    pub const FUTURE_UNICODE_LITERALS: u32 = 0x20000;
    /// What `compile` and `exec` inherit from the code that calls them.
    pub const FUTURE_MASK: u32 = FUTURE_DIVISION
        | FUTURE_ABSOLUTE_IMPORT
        | FUTURE_WITH_STATEMENT
        | FUTURE_PRINT_FUNCTION
        | FUTURE_UNICODE_LITERALS;
}

/// What a function, class body, module or expression was compiled to.
#[derive(Clone, Debug, Default)]
pub struct CodeObject {
    /// `co_argcount`.
    pub argcount: i32,
    /// `co_nlocals`.
    pub nlocals: i32,
    /// `co_stacksize`.
    pub stacksize: i32,
    /// `co_flags`; see [`flags`].
    pub flags: u32,
    /// `co_code`.
    pub code: Vec<u8>,
    /// `co_consts`.
    pub consts: Vec<Const>,
    /// `co_names`.
    pub names: Vec<Box<[u8]>>,
    /// `co_varnames`.
    pub varnames: Vec<Box<[u8]>>,
    /// `co_freevars`.
    pub freevars: Vec<Box<[u8]>>,
    /// `co_cellvars`.
    pub cellvars: Vec<Box<[u8]>>,
    /// `co_filename`.
    pub filename: Box<[u8]>,
    /// `co_name`.
    pub name: Box<[u8]>,
    /// `co_firstlineno`.
    pub firstlineno: i32,
    /// `co_lnotab`.
    pub lnotab: Vec<u8>,
}

impl CodeObject {
    /// The line of the instruction at this offset.
    pub fn line_at(&self, offset: usize) -> i32 {
        let (mut at, mut line) = (0, self.firstlineno);
        for pair in self.lnotab.chunks_exact(2) {
            at += usize::from(pair[0]);
            if at > offset {
                break;
            }
            line += i32::from(pair[1]);
        }
        line
    }
}

/// A constant of a code object.
#[derive(Clone, Debug)]
pub enum Const {
    /// `None`.
    None,
    /// `True`; never made by the compiler, but a marshalled code object may hold one.
    True,
    /// `False`; as `True`.
    False,
    /// `Ellipsis`.
    Ellipsis,
    /// `StopIteration`, which `marshal` can store.
    StopIteration,
    /// `int`.
    Int(i64),
    /// `long`.
    Long(BigInt),
    /// `float`.
    Float(f64),
    /// `complex`: real and imaginary part.
    Complex(f64, f64),
    /// `str`.
    Str {
        /// The contents.
        bytes: Box<[u8]>,
        /// Whether it is interned: equal contents are then one object.
        interned: bool,
    },
    /// `unicode`: code points, lone surrogates included.
    Unicode(Box<[u32]>),
    /// `tuple`.
    Tuple(Box<[Const]>),
    /// `frozenset`; never made by the compiler.
    FrozenSet(Box<[Const]>),
    /// A nested code object.
    Code(Box<CodeObject>),
}

impl Const {
    /// A string constant. It is interned when it looks like an identifier; so is a single character, unless it can
    /// only be written with an escape.
    pub fn str(bytes: &[u8]) -> Const {
        let interned = match bytes {
            [b] => matches!(b, b' '..=b'~') && *b != b'\\',
            _ => bytes.iter().all(|&b| b == b'_' || b.is_ascii_alphanumeric()),
        };
        Const::Str { bytes: bytes.into(), interned }
    }

    /// The truth value.
    pub fn is_true(&self) -> bool {
        match self {
            Const::None | Const::False => false,
            Const::True | Const::Ellipsis | Const::StopIteration | Const::Code(_) => true,
            Const::Int(n) => *n != 0,
            Const::Long(n) => n.sign() != num_bigint::Sign::NoSign,
            Const::Float(x) => *x != 0.0,
            Const::Complex(re, im) => *re != 0.0 || *im != 0.0,
            Const::Str { bytes, .. } => !bytes.is_empty(),
            Const::Unicode(points) => !points.is_empty(),
            Const::Tuple(items) | Const::FrozenSet(items) => !items.is_empty(),
        }
    }
}

impl PartialEq for Const {
    fn eq(&self, other: &Const) -> bool {
        match (self, other) {
            (Const::None, Const::None)
            | (Const::True, Const::True)
            | (Const::False, Const::False)
            | (Const::Ellipsis, Const::Ellipsis)
            | (Const::StopIteration, Const::StopIteration) => true,
            (Const::Int(a), Const::Int(b)) => a == b,
            (Const::Long(a), Const::Long(b)) => a == b,
            (Const::Float(a), Const::Float(b)) => a.to_bits() == b.to_bits(),
            (Const::Complex(a, b), Const::Complex(c, d)) => {
                a.to_bits() == c.to_bits() && b.to_bits() == d.to_bits()
            }
            (Const::Str { bytes: a, .. }, Const::Str { bytes: b, .. }) => a == b,
            (Const::Unicode(a), Const::Unicode(b)) => a == b,
            (Const::Tuple(a), Const::Tuple(b)) | (Const::FrozenSet(a), Const::FrozenSet(b)) => a == b,
            (Const::Code(a), Const::Code(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for Const {}

impl Hash for Const {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
        match self {
            Const::None | Const::True | Const::False | Const::Ellipsis | Const::StopIteration => {}
            Const::Int(n) => n.hash(state),
            Const::Long(n) => n.hash(state),
            Const::Float(x) => x.to_bits().hash(state),
            Const::Complex(re, im) => (re.to_bits(), im.to_bits()).hash(state),
            Const::Str { bytes, .. } => bytes.hash(state),
            Const::Unicode(points) => points.hash(state),
            Const::Tuple(items) | Const::FrozenSet(items) => items.hash(state),
            Const::Code(code) => (&code.name, code.firstlineno, &code.code, &code.names).hash(state),
        }
    }
}

/// Equality as Python sees it: file name, stack size and line table do not count.
impl PartialEq for CodeObject {
    fn eq(&self, other: &CodeObject) -> bool {
        self.name == other.name
            && self.argcount == other.argcount
            && self.nlocals == other.nlocals
            && self.flags == other.flags
            && self.firstlineno == other.firstlineno
            && self.code == other.code
            && self.consts == other.consts
            && self.names == other.names
            && self.varnames == other.varnames
            && self.freevars == other.freevars
            && self.cellvars == other.cellvars
    }
}

impl Eq for CodeObject {}
