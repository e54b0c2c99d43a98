//! Running a pickle: globals, instances, persistent ids; and going through the motions only.

use super::errors::{underflow, unpickling_error};
use super::load::Loader;
use super::opcodes::*;
use super::tables;
use interpreter::kinds::kind;
use interpreter::layout::{PyDict, PyInstance, PyList, PyStr, PyTuple, PyType};
use interpreter::name::Name;
use interpreter::types::{flag, lookup, type_of};
use interpreter::{Args, PyResult, Thread, Value, import, names, objects as o, ops};

static GETINITARGS: Name = Name::new("__getinitargs__");
static SETSTATE: Name = Name::new("__setstate__");

/// What an instance of a class is made by: old-style classes without `__getinitargs__` are not called.
fn instantiate(th: &mut Thread, class: Value, args: Value) -> PyResult {
    let Some(args) = args.payload::<PyTuple>() else {
        return Err(th.type_error("argument list must be a tuple"));
    };
    let args = args.get().items();
    if args.is_empty() && o::classobj::is_classobj(class) {
        let name = GETINITARGS.get(th);
        if o::classobj::lookup(class, name).is_none() {
            return o::instance::new_old_style(th, class);
        }
    }
    ops::call(th, class, args)
}

/// The attributes of an instance may be set one by one: nothing but the instance itself has a say about `__dict__`.
fn has_plain_dict(th: &mut Thread, v: Value) -> bool {
    if v.cast::<PyInstance>().is_none() {
        return false;
    }
    if o::instance::is_old_style(v) {
        return true;
    }
    let t = type_of(v);
    if t.unguarded().flags.get() & flag::HAS_DICT == 0
        || t.slots().getattr.map(|f| f as usize) != Some(lookup::generic_getattr as *const () as usize)
    {
        return false;
    }
    let name = names::__dict__.get(th);
    lookup::type_lookup(th, t, name).is_none_or(|d| d.kind() == kind::GETSET.index())
}

impl Loader {
    pub(super) fn object_step(&mut self, th: &mut Thread, op: u8) -> PyResult<()> {
        let v = match op {
            GLOBAL => {
                let (module, name) = self.two_lines(th)?;
                self.find(th, module, name)?
            }
            REDUCE => {
                let args = self.pop(th)?;
                let callable = self.pop(th)?;
                instantiate(th, callable, args)?
            }
            BUILD => return self.build(th),
            NEWOBJ => self.new_object(th)?,
            OBJ => {
                let m = self.mark(th)?;
                if self.stack.len() <= m {
                    return Err(underflow(th));
                }
                let args = th.try_tuple(self.from(m + 1))?;
                let class = self.from(m)[0];
                self.stack.truncate(m);
                instantiate(th, class, args)?
            }
            INST => {
                let m = self.mark(th)?;
                let (module, name) = self.two_lines(th)?;
                let class = self.find(th, module, name)?;
                let args = th.try_tuple(self.from(m))?;
                self.stack.truncate(m);
                instantiate(th, class, args)?
            }
            PERSID => {
                let Some(f) = self.persistent_load else { return Err(no_persistent_load(th)) };
                let line = self.line(th)?;
                let id = th.try_str(&line[..line.len() - 1])?;
                persistent(th, f, id)?
            }
            BINPERSID => {
                let Some(f) = self.persistent_load else { return Err(no_persistent_load(th)) };
                let id = self.pop(th)?;
                persistent(th, f, id)?
            }
            EXT1 => self.extension(th, 1)?,
            EXT2 => self.extension(th, 2)?,
            EXT4 => self.extension(th, 4)?,
            _ => {
                let text = [b"invalid load key, '".as_slice(), &[op], b"'."].concat();
                let text = th.new_str(&text);
                return Err(th.raise(super::errors::UNPICKLING_ERROR.class(), Some(text)));
            }
        };
        self.push(v);
        Ok(())
    }

    /// The names of a module and of a global in it.
    fn two_lines(&mut self, th: &mut Thread) -> PyResult<(Value, Value)> {
        let line = self.line(th)?;
        let module = th.try_str(&line[..line.len() - 1])?;
        let line = self.line(th)?;
        let name = th.try_str(&line[..line.len() - 1])?;
        Ok((module, name))
    }

    fn find(&mut self, th: &mut Thread, module: Value, name: Value) -> PyResult {
        match self.find_global {
            Some(Value::NONE) => Err(unpickling_error(th, "Global and instance pickles are not supported.")),
            Some(f) => ops::call(th, f, &[module, name]),
            None => {
                let m = match import::in_modules(th, module)? {
                    Some(m) => m,
                    None => {
                        let text = String::from_utf8_lossy(th.str_bytes(module)).into_owned();
                        import::load::import(th, &text)?
                    }
                };
                // Attributes are looked up by interned names.
                let name = ops::attribute_name(th, name, "getattr")?;
                ops::getattr(th, m, name)
            }
        }
    }

    fn new_object(&mut self, th: &mut Thread) -> PyResult {
        let args = self.pop(th)?;
        let Some(t) = args.payload::<PyTuple>() else {
            return Err(unpickling_error(th, "NEWOBJ expected an arg tuple."));
        };
        let class = self.pop(th)?;
        let Some(c) = class.cast::<PyType>().or_else(|| class.payload::<PyType>()) else {
            return Err(unpickling_error(th, "NEWOBJ class argument isn't a type object"));
        };
        let Some(new) = c.slots().new else {
            return Err(unpickling_error(th, "NEWOBJ class argument has NULL tp_new"));
        };
        new(th, class, Args { callee: class, pos: t.get().items(), kw: &[] })
    }

    fn build(&mut self, th: &mut Thread) -> PyResult<()> {
        if self.stack.len() < 2 {
            return Err(underflow(th));
        }
        let state = self.pop(th)?;
        let v = self.top(th)?;
        let name = SETSTATE.get(th);
        if let Some(f) = ops::getattr_opt(th, v, name)? {
            ops::call(th, f, &[state])?;
            return Ok(());
        }
        let (state, slots) = match state.payload::<PyTuple>().map(|t| t.get().items()) {
            Some([state, slots]) => (*state, Some(*slots)),
            _ => (state, None),
        };
        if !state.is_none() {
            let Some(d) = state.payload::<PyDict>() else {
                return Err(unpickling_error(th, "state is not a dictionary"));
            };
            let plain = has_plain_dict(th, v);
            let target = if plain { Value::NONE } else { ops::getattr_name(th, v, &names::__dict__)? };
            let mut pos = 0;
            while let Some((mut k, x)) = o::dict::next_entry(th, d, &mut pos)? {
                let is_name = k.cast::<PyStr>().is_some();
                if is_name {
                    k = th.rt.interned.intern_value(th, k);
                }
                if is_name && plain {
                    o::instance::set_own_attribute(th, v, k, Some(x))?;
                } else {
                    let target = if plain { ops::getattr_name(th, v, &names::__dict__)? } else { target };
                    ops::setitem(th, target, k, Some(x))?;
                }
            }
        }
        if let Some(slots) = slots {
            let Some(d) = slots.payload::<PyDict>() else {
                return Err(unpickling_error(th, "slot state is not a dictionary"));
            };
            let mut pos = 0;
            while let Some((k, x)) = o::dict::next_entry(th, d, &mut pos)? {
                let k = ops::attribute_name(th, k, "setattr")?;
                ops::setattr(th, v, k, Some(x))?;
            }
        }
        Ok(())
    }

    fn extension(&mut self, th: &mut Thread, n: usize) -> PyResult {
        let b = self.source.read(th, n)?;
        let code = b.iter().rev().fold(0u32, |x, c| x << 8 | u32::from(*c)) as i32;
        if code <= 0 {
            return Err(unpickling_error(th, "EXT specifies code <= 0"));
        }
        let key = th.int(code.into());
        if let Some(v) = tables::cached_extension(th, key)? {
            return Ok(v);
        }
        let Some(found) = tables::extension_name(th, key)? else {
            return Err(th.value_error(format!("unregistered extension code {code}")));
        };
        let names = match found.payload::<PyTuple>().map(|t| t.get().items()) {
            Some([m, n]) if m.payload::<PyStr>().is_some() && n.payload::<PyStr>().is_some() => (*m, *n),
            _ => {
                return Err(th.value_error(format!("_inverted_registry[{code}] isn't a 2-tuple of strings")));
            }
        };
        let v = self.find(th, names.0, names.1)?;
        tables::cache_extension(th, key, v)?;
        Ok(v)
    }

    /// The instructions that make objects or change them, when only the motions are wanted. False: run it as ever.
    pub(super) fn skip(&mut self, th: &mut Thread, op: u8) -> PyResult<bool> {
        let height = self.stack.len();
        let keep = match op {
            OBJ => self.mark(th)? + 1,
            INST | GLOBAL => {
                let m = if op == INST { self.mark(th)? } else { height };
                self.source.line(th)?;
                self.source.line(th)?;
                self.stack.truncate(m);
                self.push(Value::NONE);
                return Ok(true);
            }
            NEWOBJ | REDUCE => {
                let Some(m) = height.checked_sub(2) else { return Err(underflow(th)) };
                self.stack.truncate(m);
                self.push(Value::NONE);
                return Ok(true);
            }
            EXT1 | EXT2 | EXT4 => {
                let n = [1, 2, 4][(op - EXT1) as usize];
                self.source.read(th, n)?;
                self.push(Value::NONE);
                return Ok(true);
            }
            APPENDS | SETITEMS => self.mark(th)?,
            APPEND | BUILD | SETITEM => {
                let n = if op == SETITEM { 2 } else { 1 };
                match height.checked_sub(n) {
                    Some(m) => m,
                    None => return Err(underflow(th)),
                }
            }
            _ => return Ok(false),
        };
        self.stack.truncate(keep);
        Ok(true)
    }
}

#[cold]
fn no_persistent_load(th: &mut Thread) -> interpreter::Raised {
    unpickling_error(
        th,
        "A load persistent id instruction was encountered,\nbut no persistent_load function was specified.",
    )
}

/// The object of a persistent id; a list in place of the function collects the ids.
fn persistent(th: &mut Thread, f: Value, id: Value) -> PyResult {
    if f.payload::<PyList>().is_some() {
        o::list::push(th, f, id)?;
        return Ok(id);
    }
    ops::call(th, f, &[id])
}
