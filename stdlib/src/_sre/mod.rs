//! `_sre`: compiled patterns, matches and scanners over the engine of the `sre` crate.
//!
//! - `pattern`: `SRE_Pattern` and its methods. `replace`: `sub`, `subn`, `split`. `matched`: `SRE_Match`.
//!   `scanner`: `SRE_Scanner`. `subject`: what may be searched, and the parts cut out of it.

mod matched;
mod pattern;
mod replace;
mod scanner;
mod subject;

use interpreter::layout::{PyList, PyTuple};
use interpreter::native::{Args, KEYWORDS, MethodDef, ModuleDef};
use interpreter::{PyResult, Thread, Value, objects as o, ops};

/// `_sre`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_sre",
    doc: None,
    functions: &[
        MethodDef::new("compile", compile, 0, 6, KEYWORDS, "A pattern from code words."),
        MethodDef::new("getcodesize", getcodesize, 0, 0, 0, "Bytes in a code word."),
        MethodDef::new("getlower", getlower, 2, 2, 0, "The lower case of a character under some flags."),
    ],
    types: &[&pattern::PATTERN, &matched::MATCH, &scanner::SCANNER],
    init: Some(init),
};

fn init(th: &mut Thread, m: Value) -> PyResult<()> {
    for (name, n) in [
        ("MAGIC", ::sre::MAGIC as i64),
        ("CODESIZE", ::sre::CODESIZE as i64),
        ("MAXREPEAT", ::sre::MAXREPEAT as i64),
    ] {
        let name = th.intern(name.as_bytes());
        let n = th.int(n);
        ops::setattr(th, m, name, Some(n))?;
    }
    let name = th.intern(b"copyright");
    let text = th.intern(b" SRE 2.2.2 ");
    ops::setattr(th, m, name, Some(text))?;
    // The types are found through their instances only.
    for name in ["SRE_Pattern", "SRE_Match", "SRE_Scanner"] {
        let name = th.intern(name.as_bytes());
        let found = ops::getattr_opt(th, m, name)?;
        if found.is_some() {
            ops::setattr(th, m, name, None)?;
        }
    }
    Ok(())
}

fn compile(th: &mut Thread, args: Args<'_>) -> PyResult {
    let names = ["pattern", "flags", "code", "groups", "groupindex", "indexgroup"];
    let [source, flags, code, groups, groupindex, indexgroup] = args.bind(th, "compile", names, 3)?;
    let flags = ops::integer_arg(th, flags.unwrap_or(Value::NONE))?;
    let code_list = code.unwrap_or(Value::NONE);
    let Some(list) = code_list.payload::<PyList>() else {
        let n = ops::type_name(code_list);
        return Err(th.type_error(format!("argument 3 must be list, not {n}")));
    };
    let items: Vec<Value> = list.read(th)?.slots().iter().filter_map(|s| s.get()).collect();
    let mut words = Vec::with_capacity(items.len());
    for v in items {
        let n = ops::exact_integer(v).and_then(|n| u32::try_from(n).ok());
        match n {
            Some(n) => words.push(n),
            None => return Err(th.overflow_error("regular expression code size limit exceeded")),
        }
    }
    let groups = match groups {
        Some(g) => ops::integer_arg(th, g)?,
        None => 0,
    };
    let compiled =
        usize::try_from(groups).ok().and_then(|g| ::sre::Pattern::new(words.into(), flags as u32, g).ok());
    let Some(compiled) = compiled else { return Err(th.runtime_error("invalid SRE code")) };
    let groupindex = match groupindex {
        Some(g) => g,
        None => th.new_dict(),
    };
    Ok(pattern::make(
        th,
        compiled,
        source.unwrap_or(Value::NONE),
        groupindex,
        indexgroup.unwrap_or(Value::NONE),
    ))
}

fn getcodesize(th: &mut Thread, _: Args<'_>) -> PyResult {
    Ok(th.int(::sre::CODESIZE as i64))
}

fn getlower(th: &mut Thread, args: Args<'_>) -> PyResult {
    let c = ops::integer_arg(th, args.pos[0])?;
    let flags = ops::integer_arg(th, args.pos[1])? as u32;
    let case = if flags & ::sre::FLAG_UNICODE != 0 {
        ::sre::Case::Unicode
    } else if flags & ::sre::FLAG_LOCALE != 0 {
        ::sre::Case::Locale
    } else {
        ::sre::Case::Ascii
    };
    Ok(th.int(u32::try_from(c).map_or(c, |c| ::sre::lower(c, case) as i64)))
}

/// Calls a function of the library's `re` module.
fn call_re(th: &mut Thread, function: &str, args: &[Value]) -> PyResult {
    let name = th.intern(b"re");
    let modules = th.rt.modules.get().unwrap_or(Value::NONE);
    let m = match o::dict::get_str(th, modules, name)? {
        Some(m) => m,
        None => {
            let import = th.intern(b"__import__");
            let builtins = th.rt.builtins.get().unwrap_or(Value::NONE);
            match o::dict::get_str(th, builtins, import)? {
                Some(f) => ops::call(th, f, &[name])?,
                None => return Err(th.import_error("__import__ not found")),
            }
        }
    };
    let f = th.intern(function.as_bytes());
    let f = ops::getattr(th, m, f)?;
    ops::call(th, f, args)
}

/// The items of a tuple; none of anything else.
fn tuple_items<'a>(v: Value) -> &'a [Value] {
    v.payload::<PyTuple>().map_or(&[], |t| t.get().items())
}
