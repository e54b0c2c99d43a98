//! The node classes: `AST`, native; the others made from a table, since they are ordinary classes with `_fields`.

use interpreter::kinds::kind;
use interpreter::layout::{PyTuple, PyType};
use interpreter::native::{Args, MethodDef, TypeDef};
use interpreter::objects::{dict, instance, typeobject};
use interpreter::runtime::Global;
use interpreter::types::slots::SlotTable;
use interpreter::types::{create, ready};
use interpreter::{PyResult, Thread, Value, names, ops};

/// `_ast.AST`.
pub static AST: TypeDef = TypeDef {
    module: "_ast",
    slots: SlotTable { new: Some(new), init: Some(init), ..SlotTable::EMPTY },
    methods: &[MethodDef::new("__reduce__", reduce, 0, 0, 0, "Class, no arguments, attributes.")],
    ..TypeDef::new("AST", kind::INSTANCE)
};

fn new(th: &mut Thread, class: Value, _: Args<'_>) -> PyResult {
    match class.cast::<PyType>() {
        Some(t) => Ok(instance::allocate(th, t, None).value()),
        None => Err(th.type_error("_ast.AST.__new__(X): X is not a type object")),
    }
}

/// Positional arguments are the fields in order, all or none; names may be anything.
fn init(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    let key = th.intern(b"_fields");
    let fields = ops::getattr(th, v, key)?;
    let n = if fields.is_none() { 0 } else { ops::len(th, fields)? };
    if !args.is_empty() && args.len() != n {
        let name = ops::type_name(v);
        return Err(th.type_error(format!(
            "{name} constructor takes {}{n} positional argument{}",
            if n == 0 { "" } else { "either 0 or " },
            if n == 1 { "" } else { "s" },
        )));
    }
    for (i, x) in args.pos.iter().enumerate() {
        let i = th.int(i as i64);
        let name = ops::getitem(th, fields, i)?;
        ops::setattr(th, v, name, Some(*x))?;
    }
    for (name, x) in args.keywords() {
        ops::setattr(th, v, name, Some(x))?;
    }
    Ok(())
}

fn reduce(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let class = interpreter::types::type_of(v).value();
    let none = th.new_tuple(&[]);
    let key = names::__dict__.get(th);
    match ops::getattr_opt(th, v, key)? {
        Some(d) => th.try_tuple(&[class, none, d]),
        None => th.try_tuple(&[class, none]),
    }
}

macro_rules! classes {
    ($( $id:ident $name:literal : $base:ident [$($field:literal)*]; )*) => {
        /// A node class; [`Class::AST`] is the root.
        #[derive(Copy, Clone, PartialEq, Eq, Debug)]
        #[repr(usize)]
        #[allow(clippy::upper_case_acronyms, clippy::enum_variant_names)]
        pub enum Class { AST, $( $id, )* }

        impl Class {
            pub const ALL: &[Class] = &[Class::AST, $( Class::$id, )*];
            /// Name as Python shows it.
            pub fn name(self) -> &'static str {
                ["AST", $( $name, )*][self as usize]
            }
            fn base(self) -> Class {
                [Class::AST, $( Class::$base, )*][self as usize]
            }
            /// The fields in order.
            pub fn fields(self) -> &'static [&'static str] {
                const FIELDS: &[&[&str]] = &[&[], $( &[$($field),*], )*];
                FIELDS[self as usize]
            }
        }
    };
}

classes! {
    Mod "mod": AST [];
    Module "Module": Mod ["body"];
    Interactive "Interactive": Mod ["body"];
    Expression "Expression": Mod ["body"];
    Suite "Suite": Mod ["body"];
    Stmt "stmt": AST [];
    FunctionDef "FunctionDef": Stmt ["name" "args" "body" "decorator_list"];
    ClassDef "ClassDef": Stmt ["name" "bases" "body" "decorator_list"];
    Return "Return": Stmt ["value"];
    Delete "Delete": Stmt ["targets"];
    Assign "Assign": Stmt ["targets" "value"];
    AugAssign "AugAssign": Stmt ["target" "op" "value"];
    Print "Print": Stmt ["dest" "values" "nl"];
    For "For": Stmt ["target" "iter" "body" "orelse"];
    While "While": Stmt ["test" "body" "orelse"];
    If "If": Stmt ["test" "body" "orelse"];
    With "With": Stmt ["context_expr" "optional_vars" "body"];
    Raise "Raise": Stmt ["type" "inst" "tback"];
    TryExcept "TryExcept": Stmt ["body" "handlers" "orelse"];
    TryFinally "TryFinally": Stmt ["body" "finalbody"];
    Assert "Assert": Stmt ["test" "msg"];
    Import "Import": Stmt ["names"];
    ImportFrom "ImportFrom": Stmt ["module" "names" "level"];
    Exec "Exec": Stmt ["body" "globals" "locals"];
    Global "Global": Stmt ["names"];
    ExprStmt "Expr": Stmt ["value"];
    Pass "Pass": Stmt [];
    Break "Break": Stmt [];
    Continue "Continue": Stmt [];
    Expr "expr": AST [];
    BoolOp "BoolOp": Expr ["op" "values"];
    BinOp "BinOp": Expr ["left" "op" "right"];
    UnaryOp "UnaryOp": Expr ["op" "operand"];
    Lambda "Lambda": Expr ["args" "body"];
    IfExp "IfExp": Expr ["test" "body" "orelse"];
    Dict "Dict": Expr ["keys" "values"];
    Set "Set": Expr ["elts"];
    ListComp "ListComp": Expr ["elt" "generators"];
    SetComp "SetComp": Expr ["elt" "generators"];
    DictComp "DictComp": Expr ["key" "value" "generators"];
    GeneratorExp "GeneratorExp": Expr ["elt" "generators"];
    Yield "Yield": Expr ["value"];
    Compare "Compare": Expr ["left" "ops" "comparators"];
    Call "Call": Expr ["func" "args" "keywords" "starargs" "kwargs"];
    Repr "Repr": Expr ["value"];
    Num "Num": Expr ["n"];
    Str "Str": Expr ["s"];
    Attribute "Attribute": Expr ["value" "attr" "ctx"];
    Subscript "Subscript": Expr ["value" "slice" "ctx"];
    Name "Name": Expr ["id" "ctx"];
    List "List": Expr ["elts" "ctx"];
    Tuple "Tuple": Expr ["elts" "ctx"];
    ExprContext "expr_context": AST [];
    Load "Load": ExprContext [];
    Store "Store": ExprContext [];
    Del "Del": ExprContext [];
    AugLoad "AugLoad": ExprContext [];
    AugStore "AugStore": ExprContext [];
    Param "Param": ExprContext [];
    SliceBase "slice": AST [];
    Ellipsis "Ellipsis": SliceBase [];
    Slice "Slice": SliceBase ["lower" "upper" "step"];
    ExtSlice "ExtSlice": SliceBase ["dims"];
    Index "Index": SliceBase ["value"];
    BoolOpBase "boolop": AST [];
    And "And": BoolOpBase [];
    Or "Or": BoolOpBase [];
    Operator "operator": AST [];
    Add "Add": Operator [];
    Sub "Sub": Operator [];
    Mult "Mult": Operator [];
    Div "Div": Operator [];
    Modulo "Mod": Operator [];
    Pow "Pow": Operator [];
    LShift "LShift": Operator [];
    RShift "RShift": Operator [];
    BitOr "BitOr": Operator [];
    BitXor "BitXor": Operator [];
    BitAnd "BitAnd": Operator [];
    FloorDiv "FloorDiv": Operator [];
    UnaryOpBase "unaryop": AST [];
    Invert "Invert": UnaryOpBase [];
    Not "Not": UnaryOpBase [];
    UAdd "UAdd": UnaryOpBase [];
    USub "USub": UnaryOpBase [];
    CmpOp "cmpop": AST [];
    Eq "Eq": CmpOp [];
    NotEq "NotEq": CmpOp [];
    Lt "Lt": CmpOp [];
    LtE "LtE": CmpOp [];
    Gt "Gt": CmpOp [];
    GtE "GtE": CmpOp [];
    Is "Is": CmpOp [];
    IsNot "IsNot": CmpOp [];
    In "In": CmpOp [];
    NotIn "NotIn": CmpOp [];
    Comprehension "comprehension": AST ["target" "iter" "ifs"];
    ExceptHandlerBase "excepthandler": AST [];
    ExceptHandler "ExceptHandler": ExceptHandlerBase ["type" "name" "body"];
    Arguments "arguments": AST ["args" "vararg" "kwarg" "defaults"];
    Keyword "keyword": AST ["arg" "value"];
    Alias "alias": AST ["name" "asname"];
}

impl Class {
    /// Instances carry no state: one of each is enough for all trees.
    fn is_shared(self) -> bool {
        use Class::*;
        matches!(self.base(), ExprContext | BoolOpBase | Operator | UnaryOpBase | CmpOp)
    }
}

/// Tuple of all classes, then of the shared instances (None where a class has none).
static ALL: Global = Global::new();

/// Whether the classes have been made: no tree can exist before.
pub fn made() -> bool {
    ALL.get().is_some()
}

/// The class object.
pub fn class(th: &mut Thread, c: Class) -> PyResult {
    at(th, c as usize)
}

/// The instance of a class without state.
pub fn shared(th: &mut Thread, c: Class) -> PyResult {
    at(th, Class::ALL.len() + c as usize)
}

fn at(th: &mut Thread, i: usize) -> PyResult {
    let all = match ALL.get() {
        Some(t) => t,
        None => make(th)?,
    };
    match all.cast::<PyTuple>().and_then(|t| t.get().items().get(i).copied()) {
        Some(v) => Ok(v),
        None => Err(th.system_error("node class missing")),
    }
}

fn texts(th: &mut Thread, list: &[&str]) -> PyResult {
    let list: Vec<Value> = list.iter().map(|s| th.intern(s.as_bytes())).collect();
    th.try_tuple(&list)
}

fn make(th: &mut Thread) -> PyResult {
    let out = th.m.root_vec();
    let ast = ready::ready(th, &AST)?;
    let empty = th.new_tuple(&[]);
    if let Some(t) = ast.cast::<PyType>() {
        let d = t.unguarded().dict.get();
        for key in [b"_fields" as &[u8], b"_attributes"] {
            let key = th.intern(key);
            dict::set_str(th, d, key, empty)?;
        }
    }
    out.push(ast.bits());
    for c in &Class::ALL[1..] {
        let base = ops::values(&out)[c.base() as usize];
        let ns = th.new_dict();
        let put = |th: &mut Thread, key: &str, v: Value| {
            let key = th.intern(key.as_bytes());
            dict::set_str(th, ns, key, v)
        };
        let module = th.intern(b"_ast");
        put(th, "__module__", module)?;
        let fields = texts(th, c.fields())?;
        put(th, "_fields", fields)?;
        put(th, "__doc__", Value::NONE)?;
        if c.base() == Class::AST && c.fields().is_empty() {
            let placed = matches!(c, Class::Stmt | Class::Expr | Class::ExceptHandlerBase);
            let list = texts(th, if placed { &["lineno", "col_offset"] } else { &[] })?;
            put(th, "_attributes", list)?;
        }
        let name = th.intern(c.name().as_bytes());
        let class = create::new_class(th, typeobject::TYPE.class(), name, &[base], ns)?;
        out.push(class.bits());
    }
    for (i, c) in Class::ALL.iter().enumerate() {
        let v = match ops::values(&out)[i].cast::<PyType>() {
            Some(t) if c.is_shared() => instance::allocate(th, t, None).value(),
            _ => Value::NONE,
        };
        out.push(v.bits());
    }
    let all = th.try_tuple(ops::values(&out))?;
    th.m.make_old_now(all.obj_unchecked());
    // Whoever comes second keeps the first one's.
    if let Some(first) = ALL.get() {
        return Ok(first);
    }
    th.rt.roots.lock().push(all);
    ALL.set(all);
    Ok(all)
}
