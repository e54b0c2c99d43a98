//! The special methods: one row each ties a name to its slot, the dispatcher that a class written in Python gets, and the
//! native wrapper that exposes a built-in type's slot under that name.
//!
//! To add one: a slot in `slots.rs`, a dispatcher in `dispatch.rs`, a wrapper in `wrappers.rs`, a row here.

use super::slots::SlotTable;
use super::{dispatch as d, wrappers as w};
use crate::native::{KEYWORDS, MethodDef, VARIADIC};

/// One special method.
pub struct Special {
    pub def: MethodDef,
    /// Number of the slot: rows of one slot share it.
    pub slot: u8,
    /// Address of the slot's function, 0 if empty.
    pub get: fn(&SlotTable) -> usize,
    /// Copies the slot from another table.
    pub copy: fn(&mut SlotTable, &SlotTable),
    /// Sets the slot to the dispatcher.
    pub dispatch: fn(&mut SlotTable),
    pub clear: fn(&mut SlotTable),
}

macro_rules! specials {
    ($( $id:literal $slot:ident $dispatch:path { $( $name:literal $wrap:path, $min:expr, $max:expr, $doc:literal; )* } )*) => {
        /// All rows, grouped by slot.
        pub static SPECIALS: &[Special] = &[ $( $( Special {
            def: MethodDef::new($name, $wrap, $min, $max, KEYWORDS_IF[($max == VARIADIC) as usize] | crate::native::WRAPPER, $doc),
            slot: $id,
            get: |s| s.$slot.map_or(0, |f| f as usize),
            copy: |a, b| a.$slot = b.$slot,
            dispatch: |s| s.$slot = Some($dispatch),
            clear: |s| s.$slot = None,
        }, )* )* ];
    };
}

const KEYWORDS_IF: [u32; 2] = [0, KEYWORDS];

specials! {
    0 repr d::repr { "__repr__" w::repr, 0, 0, "x.__repr__() <==> repr(x)"; }
    1 str d::str { "__str__" w::str, 0, 0, "x.__str__() <==> str(x)"; }
    2 hash d::hash { "__hash__" w::hash, 0, 0, "x.__hash__() <==> hash(x)"; }
    3 call d::call { "__call__" w::call, 0, VARIADIC, "x.__call__(...) <==> x(...)"; }
    4 getattr d::getattr {
        "__getattribute__" w::getattribute, 1, 1, "x.__getattribute__('name') <==> x.name";
    }
    5 setattr d::setattr {
        "__setattr__" w::setattr, 2, 2, "x.__setattr__('name', value) <==> x.name = value";
        "__delattr__" w::delattr, 1, 1, "x.__delattr__('name') <==> del x.name";
    }
    6 cmp d::cmp { "__cmp__" w::cmp, 1, 1, "x.__cmp__(y) <==> cmp(x,y)"; }
    7 richcmp d::richcmp {
        "__lt__" w::lt, 1, 1, "x.__lt__(y) <==> x<y";
        "__le__" w::le, 1, 1, "x.__le__(y) <==> x<=y";
        "__eq__" w::eq, 1, 1, "x.__eq__(y) <==> x==y";
        "__ne__" w::ne, 1, 1, "x.__ne__(y) <==> x!=y";
        "__gt__" w::gt, 1, 1, "x.__gt__(y) <==> x>y";
        "__ge__" w::ge, 1, 1, "x.__ge__(y) <==> x>=y";
    }
    8 iter d::iter { "__iter__" w::iter, 0, 0, "x.__iter__() <==> iter(x)"; }
    9 next d::next { "next" w::next, 0, 0, "x.next() -> the next value, or raise StopIteration"; }
    10 descr_get d::descr_get { "__get__" w::descr_get, 1, 2, "descr.__get__(obj[, type]) -> value"; }
    11 descr_set d::descr_set {
        "__set__" w::descr_set, 2, 2, "descr.__set__(obj, value)";
        "__delete__" w::descr_delete, 1, 1, "descr.__delete__(obj)";
    }
    12 init d::init { "__init__" w::init, 0, VARIADIC, "x.__init__(...) initializes x; see help(type(x)) for signature"; }
    13 add d::add {
        "__add__" w::add, 1, 1, "x.__add__(y) <==> x+y";
        "__radd__" w::num_radd, 1, 1, "x.__radd__(y) <==> y+x";
    }
    14 sub d::sub {
        "__sub__" w::sub, 1, 1, "x.__sub__(y) <==> x-y";
        "__rsub__" w::rsub, 1, 1, "x.__rsub__(y) <==> y-x";
    }
    15 mul d::mul {
        "__mul__" w::mul, 1, 1, "x.__mul__(n) <==> x*n";
        "__rmul__" w::rmul, 1, 1, "x.__rmul__(n) <==> n*x";
    }
    16 div d::div {
        "__div__" w::div, 1, 1, "x.__div__(y) <==> x/y";
        "__rdiv__" w::rdiv, 1, 1, "x.__rdiv__(y) <==> y/x";
    }
    17 rem d::rem {
        "__mod__" w::rem, 1, 1, "x.__mod__(y) <==> x%y";
        "__rmod__" w::rrem, 1, 1, "x.__rmod__(y) <==> y%x";
    }
    18 divmod d::divmod {
        "__divmod__" w::divmod, 1, 1, "x.__divmod__(y) <==> divmod(x, y)";
        "__rdivmod__" w::rdivmod, 1, 1, "x.__rdivmod__(y) <==> divmod(y, x)";
    }
    19 pow d::pow {
        "__pow__" w::pow, 1, 2, "x.__pow__(y[, z]) <==> pow(x, y[, z])";
        "__rpow__" w::rpow, 1, 2, "y.__rpow__(x[, z]) <==> pow(x, y[, z])";
    }
    20 lshift d::lshift {
        "__lshift__" w::lshift, 1, 1, "x.__lshift__(y) <==> x<<y";
        "__rlshift__" w::rlshift, 1, 1, "x.__rlshift__(y) <==> y<<x";
    }
    21 rshift d::rshift {
        "__rshift__" w::rshift, 1, 1, "x.__rshift__(y) <==> x>>y";
        "__rrshift__" w::rrshift, 1, 1, "x.__rrshift__(y) <==> y>>x";
    }
    22 and d::and {
        "__and__" w::and, 1, 1, "x.__and__(y) <==> x&y";
        "__rand__" w::rand, 1, 1, "x.__rand__(y) <==> y&x";
    }
    23 xor d::xor {
        "__xor__" w::xor, 1, 1, "x.__xor__(y) <==> x^y";
        "__rxor__" w::rxor, 1, 1, "x.__rxor__(y) <==> y^x";
    }
    24 or d::or {
        "__or__" w::or, 1, 1, "x.__or__(y) <==> x|y";
        "__ror__" w::ror, 1, 1, "x.__ror__(y) <==> y|x";
    }
    25 floordiv d::floordiv {
        "__floordiv__" w::floordiv, 1, 1, "x.__floordiv__(y) <==> x//y";
        "__rfloordiv__" w::rfloordiv, 1, 1, "x.__rfloordiv__(y) <==> y//x";
    }
    26 truediv d::truediv {
        "__truediv__" w::truediv, 1, 1, "x.__truediv__(y) <==> x/y";
        "__rtruediv__" w::rtruediv, 1, 1, "x.__rtruediv__(y) <==> y/x";
    }
    27 iadd d::iadd { "__iadd__" w::iadd, 1, 1, "x.__iadd__(y) <==> x+=y"; }
    28 isub d::isub { "__isub__" w::isub, 1, 1, "x.__isub__(y) <==> x-=y"; }
    29 imul d::imul { "__imul__" w::imul, 1, 1, "x.__imul__(y) <==> x*=y"; }
    30 idiv d::idiv { "__idiv__" w::idiv, 1, 1, "x.__idiv__(y) <==> x/=y"; }
    31 irem d::irem { "__imod__" w::irem, 1, 1, "x.__imod__(y) <==> x%=y"; }
    32 ipow d::ipow { "__ipow__" w::ipow, 1, 1, "x.__ipow__(y) <==> x**=y"; }
    33 ilshift d::ilshift { "__ilshift__" w::ilshift, 1, 1, "x.__ilshift__(y) <==> x<<=y"; }
    34 irshift d::irshift { "__irshift__" w::irshift, 1, 1, "x.__irshift__(y) <==> x>>=y"; }
    35 iand d::iand { "__iand__" w::iand, 1, 1, "x.__iand__(y) <==> x&=y"; }
    36 ixor d::ixor { "__ixor__" w::ixor, 1, 1, "x.__ixor__(y) <==> x^=y"; }
    37 ior d::ior { "__ior__" w::ior, 1, 1, "x.__ior__(y) <==> x|=y"; }
    38 ifloordiv d::ifloordiv { "__ifloordiv__" w::ifloordiv, 1, 1, "x.__ifloordiv__(y) <==> x//=y"; }
    39 itruediv d::itruediv { "__itruediv__" w::itruediv, 1, 1, "x.__itruediv__(y) <==> x/=y"; }
    40 neg d::neg { "__neg__" w::neg, 0, 0, "x.__neg__() <==> -x"; }
    41 pos d::pos { "__pos__" w::pos, 0, 0, "x.__pos__() <==> +x"; }
    42 abs d::abs { "__abs__" w::abs, 0, 0, "x.__abs__() <==> abs(x)"; }
    43 invert d::invert { "__invert__" w::invert, 0, 0, "x.__invert__() <==> ~x"; }
    44 nonzero d::nonzero { "__nonzero__" w::nonzero, 0, 0, "x.__nonzero__() <==> x != 0"; }
    45 int d::int { "__int__" w::int, 0, 0, "x.__int__() <==> int(x)"; }
    46 long d::long { "__long__" w::long, 0, 0, "x.__long__() <==> long(x)"; }
    47 float d::float { "__float__" w::float, 0, 0, "x.__float__() <==> float(x)"; }
    48 oct d::oct { "__oct__" w::oct, 0, 0, "x.__oct__() <==> oct(x)"; }
    49 hex d::hex { "__hex__" w::hex, 0, 0, "x.__hex__() <==> hex(x)"; }
    50 index d::index { "__index__" w::index, 0, 0, "x[y:z] <==> x[y.__index__():z.__index__()]"; }
    51 coerce d::coerce { "__coerce__" w::coerce, 1, 1, "x.__coerce__(y) <==> coerce(x, y)"; }
    52 len d::len { "__len__" w::len, 0, 0, "x.__len__() <==> len(x)"; }
    53 getitem d::getitem { "__getitem__" w::getitem, 1, 1, "x.__getitem__(y) <==> x[y]"; }
    54 setitem d::setitem {
        "__setitem__" w::setitem, 2, 2, "x.__setitem__(i, y) <==> x[i]=y";
        "__delitem__" w::delitem, 1, 1, "x.__delitem__(y) <==> del x[y]";
    }
    55 contains d::contains { "__contains__" w::contains, 1, 1, "x.__contains__(y) <==> y in x"; }
    56 getslice d::getslice { "__getslice__" w::getslice, 2, 2, "x.__getslice__(i, j) <==> x[i:j]"; }
    57 setslice d::setslice {
        "__setslice__" w::setslice, 3, 3, "x.__setslice__(i, j, y) <==> x[i:j]=y";
        "__delslice__" w::delslice, 2, 2, "x.__delslice__(i, j) <==> del x[i:j]";
    }
    58 del d::del { "__del__" w::del, 0, 0, "x.__del__()"; }
}

/// Sequence concatenation and repetition appear under the number names of types without number slots.
pub static SEQUENCE: &[(MethodDef, fn(&SlotTable) -> usize)] = &[
    (MethodDef::new("__add__", w::add, 1, 1, crate::native::WRAPPER, "x.__add__(y) <==> x+y"), |s| {
        s.concat.map_or(0, |f| f as usize)
    }),
    (MethodDef::new("__mul__", w::mul, 1, 1, crate::native::WRAPPER, "x.__mul__(n) <==> x*n"), |s| {
        s.repeat.map_or(0, |f| f as usize)
    }),
    (MethodDef::new("__rmul__", w::rmul, 1, 1, crate::native::WRAPPER, "x.__rmul__(n) <==> n*x"), |s| {
        s.repeat.map_or(0, |f| f as usize)
    }),
    (MethodDef::new("__iadd__", w::iadd, 1, 1, crate::native::WRAPPER, "x.__iadd__(y) <==> x+=y"), |s| {
        s.iconcat.map_or(0, |f| f as usize)
    }),
    (MethodDef::new("__imul__", w::imul, 1, 1, crate::native::WRAPPER, "x.__imul__(y) <==> x*=y"), |s| {
        s.irepeat.map_or(0, |f| f as usize)
    }),
];

/// `__new__` of built-in types: a function bound to the type.
pub static NEW: MethodDef = MethodDef::new(
    "__new__",
    w::new,
    0,
    VARIADIC,
    KEYWORDS,
    "T.__new__(S, ...) -> a new object with type S, a subtype of T",
);
