//! Writing what is no plain value: classes and functions by name, instances by their reductions.

use super::errors::{PICKLE_ERROR, UNPICKLEABLE_ERROR, pickling_error};
use super::opcodes::*;
use super::save::Saver;
use super::tables;
use interpreter::layout::{PyDict, PyStr, PyTuple, PyType};
use interpreter::name::Name;
use interpreter::types::{is_instance_of, type_of};
use interpreter::{PyResult, Raised, Thread, Value, import, names, objects as o, ops};

static GETINITARGS: Name = Name::new("__getinitargs__");

/// The bytes of a name, which must be a str.
fn name_bytes(th: &mut Thread, v: Value) -> PyResult<Vec<u8>> {
    match v.payload::<PyStr>() {
        Some(s) => Ok(s.get().bytes().to_vec()),
        None => {
            let n = ops::type_name(v);
            Err(th.type_error(format!("expected string or Unicode object, {n} found")))
        }
    }
}

/// The module a global says it comes from, or the first in which it is found under its name.
fn which_module(th: &mut Thread, v: Value, name: Value) -> PyResult {
    let key = names::__module__.get(th);
    if let Some(m) = ops::getattr_opt(th, v, key)? {
        return Ok(m);
    }
    let main = names::__main__.get(th);
    let name = ops::attribute_name(th, name, "getattr")?;
    let all = import::modules(th)?;
    let all = o::dict::copy_plain(th, all)?;
    let mut pos = 0;
    while let Some((k, m)) = o::dict::next_entry(th, all, &mut pos)? {
        if !ops::equal(th, k, main)? && ops::getattr_opt(th, m, name)? == Some(v) {
            return Ok(k);
        }
    }
    Ok(main)
}

impl Saver {
    pub(super) fn save_other(&mut self, th: &mut Thread, v: Value, as_id: bool) -> PyResult<()> {
        let class = type_of(v).value();
        if class == o::typeobject::TYPE.class()
            || class == o::builtin::BUILTIN.class()
            || o::classobj::is_classobj(v)
        {
            return self.global(th, v, None);
        }
        if o::instance::is_old_style(v) {
            return self.old_style_instance(th, v);
        }
        if class == o::function::FUNCTION.class() {
            match self.global(th, v, None) {
                Ok(()) => return Ok(()),
                // What is found under no name is left to its reduction.
                Err(e) => {
                    e.catch_if(th, PICKLE_ERROR.class())?;
                }
            }
        }
        if let Some(f) = self.inst_persistent_id.filter(|_| !as_id)
            && self.save_persistent(th, v, f)?
        {
            return Ok(());
        }
        let registered = match self.dispatch.payload::<PyDict>() {
            Some(d) => o::dict::get(th, d, class)?,
            None => None,
        };
        let (how, reduced) = match registered {
            Some(f) => (f, ops::call(th, f, &[v])?),
            None if is_instance_of(v, &o::typeobject::TYPE) => return self.global(th, v, None),
            None => self.reduce(th, v)?,
        };
        if reduced.payload::<PyStr>().is_some() {
            return self.global(th, v, Some(reduced));
        }
        match reduced.payload::<PyTuple>() {
            Some(t) => self.reduction(th, how, t.get(), v),
            None => Err(pickling_error(th, "Value returned by %s must be string or tuple", &[how])),
        }
    }

    /// Asks an object for its reduction.
    fn reduce(&mut self, th: &mut Thread, v: Value) -> PyResult<(Value, Value)> {
        let name = names::__reduce_ex__.get(th);
        if let Some(f) = ops::getattr_opt(th, v, name)? {
            let p = th.int(self.proto.into());
            return Ok((f, ops::call(th, f, &[p])?));
        }
        let name = names::__reduce__.get(th);
        match ops::getattr_opt(th, v, name)? {
            Some(f) => Ok((f, ops::call(th, f, &[])?)),
            None => Err(th.raise(UNPICKLEABLE_ERROR.class(), Some(v))),
        }
    }

    /// A persistent id instead of the object, if the function gives one.
    pub(super) fn save_persistent(&mut self, th: &mut Thread, v: Value, f: Value) -> PyResult<bool> {
        let id = ops::call(th, f, &[v])?;
        if id.is_none() {
            return Ok(false);
        }
        if self.bin {
            self.save_value(th, id, true, true)?;
            self.out.push(BINPERSID);
            return Ok(true);
        }
        let Some(s) = id.payload::<PyStr>() else {
            return Err(pickling_error(th, "persistent id must be string", &[]));
        };
        self.out.push(PERSID);
        self.out.extend_from_slice(s.get().bytes());
        self.out.push(b'\n');
        Ok(true)
    }

    /// A global by the names of its module and of itself.
    fn global(&mut self, th: &mut Thread, v: Value, name: Option<Value>) -> PyResult<()> {
        let name = match name {
            Some(n) => n,
            None => ops::getattr_name(th, v, &names::__name__)?,
        };
        let module = which_module(th, v, name)?;
        let (module_text, name_text) = (name_bytes(th, module)?, name_bytes(th, name)?);
        let failed = "Can't pickle %s: import of module %s failed";
        let m = match import::in_modules(th, module)? {
            Some(m) if !m.is_none() => m,
            _ => match std::str::from_utf8(&module_text) {
                Ok(text) => match import::load::import(th, text) {
                    Ok(m) => m,
                    Err(e) => {
                        e.catch(th)?;
                        return Err(pickling_error(th, failed, &[v, module]));
                    }
                },
                Err(_) => return Err(pickling_error(th, failed, &[v, module])),
            },
        };
        let attribute = ops::attribute_name(th, name, "getattr")?;
        match ops::getattr(th, m, attribute) {
            Ok(found) if found == v => {}
            Ok(_) => {
                return Err(pickling_error(
                    th,
                    "Can't pickle %s: it's not the same object as %s.%s",
                    &[v, module, name],
                ));
            }
            Err(e) => {
                e.catch(th)?;
                return Err(pickling_error(
                    th,
                    "Can't pickle %s: attribute lookup %s.%s failed",
                    &[v, module, name],
                ));
            }
        }
        if self.proto >= 2
            && let Some(code) = tables::extension_code(th, module, name)?
        {
            return self.extension(th, v, code);
        }
        self.out.push(GLOBAL);
        self.out.extend_from_slice(&module_text);
        self.out.push(b'\n');
        self.out.extend_from_slice(&name_text);
        self.out.push(b'\n');
        self.put(th, v)
    }

    /// A global by its code in the registry of extensions.
    fn extension(&mut self, th: &mut Thread, v: Value, code: Value) -> PyResult<()> {
        let n = match ops::int_value(code) {
            Some(n) => n,
            None => {
                return Err(pickling_error(
                    th,
                    "Can't pickle %s: extension code %s isn't an integer",
                    &[v, code],
                ));
            }
        };
        match n {
            1..=0xff => self.out.extend_from_slice(&[EXT1, n as u8]),
            0x100..=0xffff => {
                self.out.push(EXT2);
                self.out.extend_from_slice(&(n as u16).to_le_bytes());
            }
            0x1_0000..=0x7fff_ffff => {
                self.out.push(EXT4);
                self.out.extend_from_slice(&(n as u32).to_le_bytes());
            }
            _ => {
                return Err(pickling_error(
                    th,
                    "Can't pickle %s: extension code %s is out of range",
                    &[v, code],
                ));
            }
        }
        Ok(())
    }

    fn old_style_instance(&mut self, th: &mut Thread, v: Value) -> PyResult<()> {
        self.enter_container(th, v)?;
        let r = self.old_style_within(th, v);
        self.leave_container();
        r
    }

    fn old_style_within(&mut self, th: &mut Thread, v: Value) -> PyResult<()> {
        self.out.push(MARK);
        let class = ops::getattr_name(th, v, &names::__class__)?;
        if self.bin {
            self.save(th, class)?;
        }
        let name = GETINITARGS.get(th);
        if let Some(f) = ops::getattr_opt(th, v, name)? {
            let args = ops::call(th, f, &[])?;
            let n = ops::len(th, args)?;
            for i in 0..n {
                let k = th.int(i as i64);
                let x = ops::getitem(th, args, k)?;
                self.save(th, x)?;
            }
        }
        if self.bin {
            self.out.push(OBJ);
        } else {
            let name = ops::getattr_name(th, class, &names::__name__)?;
            let module = which_module(th, class, name)?;
            let (module, name) = (name_bytes(th, module)?, name_bytes(th, name)?);
            self.out.push(INST);
            self.out.extend_from_slice(&module);
            self.out.push(b'\n');
            self.out.extend_from_slice(&name);
            self.out.push(b'\n');
        }
        let name = names::__getstate__.get(th);
        let state = match ops::getattr_opt(th, v, name)? {
            Some(f) => ops::call(th, f, &[])?,
            None => {
                let name = names::__dict__.get(th);
                match ops::getattr_opt(th, v, name)? {
                    Some(d) => d,
                    None => return Ok(()),
                }
            }
        };
        self.put(th, v)?;
        self.save(th, state)?;
        self.out.push(BUILD);
        Ok(())
    }

    /// The tuple that `how` returned for `v`.
    fn reduction(&mut self, th: &mut Thread, how: Value, t: &PyTuple, v: Value) -> PyResult<()> {
        let items = t.items();
        let part = |i: usize| items.get(i).copied().filter(|x| !x.is_none());
        if !(2..=5).contains(&items.len()) {
            return Err(pickling_error(th, "tuple returned by %s must contain 2 through 5 elements", &[how]));
        }
        let (callable, args) = (items[0], items[1]);
        let Some(argument_items) = args.payload::<PyTuple>().map(|a| a.get().items()) else {
            return Err(pickling_error(th, "Second element of tuple returned by %s must be a tuple", &[how]));
        };
        let (state, list_items, dict_items) = (part(2), part(3), part(4));
        for (which, it) in [("Fourth", list_items), ("Fifth", dict_items)] {
            if let Some(it) = it.filter(|it| ops::slots_of(*it).next.is_none()) {
                let n = ops::type_name(it).replace('%', "%%");
                let text = format!("{which} element of tuple returned by %s must be an iterator, not {n}");
                return Err(pickling_error(th, &text, &[how]));
            }
        }
        if self.proto >= 2 && self.is_newobj(th, callable)? {
            self.new_object(th, argument_items, v)?;
        } else {
            self.save(th, callable)?;
            // The arguments of exceptions are their own; other argument tuples are made by the reduction.
            let own = o::exceptions::is_exception_instance(v);
            self.save_value(th, args, false, own)?;
            self.out.push(REDUCE);
        }
        if !self.fast
            && let Some(n) = self.memo.get(th, v)?
        {
            // Its own arguments led to it: it is there already.
            self.out.push(POP);
            return self.fetch(th, n);
        }
        self.put(th, v)?;
        if let Some(it) = list_items {
            self.iterated_items(th, it)?;
        }
        if let Some(it) = dict_items {
            self.iterated_pairs(th, it)?;
        }
        if let Some(s) = state {
            self.save(th, s)?;
            self.out.push(BUILD);
        }
        Ok(())
    }

    fn is_newobj(&mut self, th: &mut Thread, callable: Value) -> PyResult<bool> {
        let name = names::__name__.get(th);
        let found = ops::getattr_opt(th, callable, name)?;
        Ok(found.and_then(|n| n.payload::<PyStr>()).is_some_and(|s| s.get().bytes() == b"__newobj__"))
    }

    /// Protocol 2: the class and the arguments of its `__new__`.
    fn new_object(&mut self, th: &mut Thread, args: &[Value], v: Value) -> PyResult<()> {
        let Some((class, rest)) = args.split_first() else {
            return Err(pickling_error(th, "__newobj__ arglist is empty", &[]));
        };
        let name = names::__new__.get(th);
        if class.cast::<PyType>().is_none() && !has_attribute(th, *class, name)? {
            return Err(pickling_error(th, "args[0] from __newobj__ args has no __new__", &[]));
        }
        let name = names::__class__.get(th);
        if ops::getattr_opt(th, v, name)? != Some(*class) {
            return Err(pickling_error(th, "args[0] from __newobj__ args has the wrong class", &[]));
        }
        self.save(th, *class)?;
        let rest = th.try_tuple(rest)?;
        self.save_value(th, rest, false, false)?;
        self.out.push(NEWOBJ);
        Ok(())
    }
}

/// `hasattr`, for which any exception means no.
fn has_attribute(th: &mut Thread, v: Value, name: Value) -> Result<bool, Raised> {
    match ops::getattr(th, v, name) {
        Ok(_) => Ok(true),
        Err(e) => {
            e.catch(th)?;
            Ok(false)
        }
    }
}
