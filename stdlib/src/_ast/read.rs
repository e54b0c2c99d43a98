//! Reading the fields of a node made in Python, with the words of CPython's complaints.

use super::classes::{self, Class};
use interpreter::layout::{PyList, PyLong, PyStr, PyUnicode};
use interpreter::{PyResult, Raised, Slot, Thread, Value, ops, types};
use num_traits::ToPrimitive;
use std::rc::Rc;
use syntax::ast::{Constant, Ident};
use syntax::code::Const;

/// A node and the name its complaints carry.
#[derive(Copy, Clone)]
pub struct Node {
    pub v: Value,
    pub name: &'static str,
}

impl Node {
    pub fn field(self, th: &mut Thread, name: &str) -> PyResult<Slot> {
        let name = th.intern(name.as_bytes());
        ops::getattr_opt(th, self.v, name)
    }

    /// A field that must be there, though it may be None.
    pub fn present(self, th: &mut Thread, name: &str) -> PyResult {
        match self.field(th, name)? {
            Some(v) => Ok(v),
            None => Err(th.type_error(format!("required field \"{name}\" missing from {}", self.name))),
        }
    }

    /// What a field that may not be None has.
    pub fn need<T>(self, th: &mut Thread, name: &str, x: Option<T>) -> PyResult<T> {
        match x {
            Some(x) => Ok(x),
            None => Err(th.value_error(format!("field {name} is required for {}", self.name))),
        }
    }

    /// A list field, item by item.
    pub fn list<T>(
        self,
        th: &mut Thread,
        name: &str,
        item: fn(&mut Thread, Value) -> PyResult<T>,
    ) -> PyResult<Vec<T>> {
        let v = self.present(th, name)?;
        let Some(l) = v.payload::<PyList>() else {
            let n = ops::type_name(v);
            let m = format!("{} field \"{name}\" must be a list, not a {n}", self.name);
            return Err(th.type_error(m));
        };
        let mut out = Vec::new();
        let n = l.read(th)?.len.get();
        for i in 0..n {
            let u = l.read(th)?;
            let x = u.items.get().and_then(|s| s.cast::<interpreter::layout::Storage>());
            let x = x.filter(|_| u.len.get() == n).and_then(|s| s.get().slots()[i].get());
            match x {
                Some(x) => out.push(item(th, x)?),
                None => {
                    let m = format!("{} field \"{name}\" changed size during iteration", self.name);
                    return Err(th.runtime_error(m));
                }
            }
        }
        Ok(out)
    }

    /// An identifier that may be absent.
    pub fn ident_option(self, th: &mut Thread, name: &str) -> PyResult<Option<Ident>> {
        match self.field(th, name)? {
            Some(v) => identifier(th, v),
            None => Ok(None),
        }
    }

    /// An identifier.
    pub fn ident(self, th: &mut Thread, name: &str) -> PyResult<Ident> {
        let v = self.present(th, name)?;
        let id = identifier(th, v)?;
        self.need(th, name, id)
    }

    /// A number of the tree: a line, a column, a level.
    pub fn int(self, th: &mut Thread, name: &str) -> PyResult<i32> {
        let v = self.present(th, name)?;
        integer(th, v)
    }
}

/// A C int.
pub fn integer(th: &mut Thread, v: Value) -> PyResult<i32> {
    let n = match ops::exact_integer(v) {
        Some(n) => n,
        None => {
            let r = th.repr_text(v)?;
            return Err(th.value_error(format!("invalid integer value: {r}")));
        }
    };
    match n.to_i64() {
        Some(n) => Ok(n as i32),
        None => Err(th.overflow_error("Python int too large to convert to C long")),
    }
}

/// True or False.
pub fn boolean(th: &mut Thread, v: Value) -> PyResult<bool> {
    match v {
        Value::TRUE => Ok(true),
        Value::FALSE => Ok(false),
        _ => {
            let r = th.repr_text(v)?;
            Err(th.value_error(format!("invalid boolean value: {r}")))
        }
    }
}

fn identifier(th: &mut Thread, v: Value) -> PyResult<Option<Ident>> {
    if v.is_none() {
        return Ok(None);
    }
    match v.cast::<PyStr>() {
        Some(s) => Ok(Some(Ident::new(s.get().bytes()))),
        None => Err(th.type_error("AST identifier must be of type str")),
    }
}

/// An identifier in a list.
pub fn name(th: &mut Thread, v: Value) -> PyResult<Ident> {
    match identifier(th, v)? {
        Some(id) => Ok(id),
        None => Err(th.value_error("None disallowed in identifier list")),
    }
}

/// A `Str`'s text.
pub fn string(th: &mut Thread, v: Value) -> PyResult<Constant> {
    if let Some(s) = v.cast::<PyStr>() {
        return Ok(Constant::Str(Rc::from(s.get().bytes())));
    }
    if let Some(u) = v.cast::<PyUnicode>() {
        return Ok(Constant::Unicode(u.get().chars().iter().collect()));
    }
    Err(th.type_error("AST string must be of type str or unicode"))
}

/// A `Num`'s value, which may be any constant.
pub fn number(th: &mut Thread, v: Value) -> PyResult<Constant> {
    Ok(match constant(th, v)? {
        Const::Int(n) => Constant::Int(n),
        Const::Long(n) => Constant::Long(n),
        Const::Float(x) => Constant::Float(x),
        k => Constant::Other(Box::new(k)),
    })
}

/// A value that code can hold as a constant.
fn constant(th: &mut Thread, v: Value) -> PyResult<Const> {
    th.check_native_stack()?;
    Ok(match v {
        Value::NONE => Const::None,
        Value::TRUE => Const::True,
        Value::FALSE => Const::False,
        Value::ELLIPSIS => Const::Ellipsis,
        v => {
            if let Some(s) = v.cast::<PyStr>() {
                return Ok(Const::str(s.get().bytes()));
            }
            if let Some(u) = v.cast::<PyUnicode>() {
                return Ok(Const::Unicode(u.get().chars().iter().collect()));
            }
            if let Some(x) = interpreter::objects::float::float_value(v) {
                return Ok(Const::Float(x));
            }
            if v.cast::<PyLong>().is_some() {
                return Ok(Const::Long(ops::exact_integer(v).unwrap_or_default()));
            }
            if let Some(n) = ops::int_value(v) {
                return Ok(Const::Int(n));
            }
            if let Some(c) = v.payload::<interpreter::layout::PyComplex>() {
                return Ok(Const::Complex(c.get().re, c.get().im));
            }
            if let Some(t) = v.cast::<interpreter::layout::PyTuple>() {
                let items: PyResult<Vec<Const>> = t.get().items().iter().map(|x| constant(th, *x)).collect();
                return Ok(Const::Tuple(items?.into()));
            }
            let n = ops::type_name(v);
            return Err(th.type_error(format!("an object of type {n} cannot be a constant of compiled code")));
        }
    })
}

/// Which of the classes `v` is an instance of.
pub fn which(th: &mut Thread, v: Value, of: &[Class]) -> PyResult<Option<Class>> {
    // Nodes are nearly always of one of the classes itself.
    let own = types::type_of(v).value();
    for c in of {
        if classes::class(th, *c)? == own {
            return Ok(Some(*c));
        }
    }
    for c in of {
        let class = classes::class(th, *c)?;
        if ops::isinstance(th, v, class)? {
            return Ok(Some(*c));
        }
    }
    Ok(None)
}

/// The complaint about a value that is none of a kind.
pub fn unexpected(th: &mut Thread, kind: &str, v: Value) -> Raised {
    match th.repr_text(v) {
        Ok(r) => th.type_error(format!("expected some sort of {kind}, but got {r}")),
        Err(e) => e,
    }
}
