//! From source text to code objects on the heap.

use crate::eval::Mode;
use crate::layout::{PyCode, Ref};
use crate::objects as o;
use crate::raised::PyResult;
use crate::source_hooks::Hooks;
use crate::thread::Thread;
use crate::value::Value;
use syntax::code::{CodeObject, Const};
use syntax::error::Error;
use syntax::lexer::scanner::TabCheck;

/// Compiles source. `inherited`: future flags of the surrounding code; `utf8`: the bytes are UTF-8 whatever a coding
/// line says (they come from a unicode object).
pub fn compile(
    th: &mut Thread,
    source: &[u8],
    filename: &[u8],
    mode: Mode,
    inherited: u32,
    utf8: bool,
) -> PyResult<Ref<PyCode>> {
    let code = compile_plain(th, source, filename, mode, inherited, utf8)?;
    to_heap(th, &code)
}

/// Compiles a file's text, whose end and whose encoding are treated as CPython treats those of a file.
pub fn compile_file(
    th: &mut Thread,
    source: &[u8],
    filename: &[u8],
    mode: Mode,
    inherited: u32,
) -> PyResult<Ref<PyCode>> {
    let code = compile_file_plain(th, source, filename, mode, inherited)?;
    to_heap(th, &code)
}

/// As [`compile_file`], to the compiler's own code object.
pub fn compile_file_plain(
    th: &mut Thread,
    source: &[u8],
    filename: &[u8],
    mode: Mode,
    inherited: u32,
) -> PyResult<CodeObject> {
    let mut flags = flags_of(th, inherited, false);
    flags.parse.input = syntax::lexer::source::Input::File;
    compile_with(th, source, filename, mode, &flags).map(|c| c.code)
}

/// Compiles what was typed at a prompt. None: the statement goes on beyond the lines given. With the code come the
/// future features in force from now on.
pub fn compile_interactive(
    th: &mut Thread,
    source: &[u8],
    filename: &[u8],
    inherited: u32,
    at_end: bool,
) -> PyResult<Option<(Ref<PyCode>, u32)>> {
    let mut flags = flags_of(th, inherited, false);
    if !at_end {
        flags.parse.input = syntax::lexer::source::Input::Prompt;
        let mut hooks = Hooks::new(th, filename, flags.parse.input);
        let mut warnings = Vec::new();
        let r = syntax::compile(
            source,
            filename,
            syntax::parser::Mode::Single,
            &flags,
            &mut hooks,
            &mut warnings,
        );
        hooks.finish()?;
        if matches!(r, Err(Error::Incomplete)) {
            return Ok(None);
        }
    }
    let c = compile_with(th, source, filename, Mode::Single, &flags)?;
    Ok(Some((to_heap(th, &c.code)?, c.future)))
}

/// Compiler flags from the settings.
fn flags_of(th: &Thread, inherited: u32, utf8: bool) -> syntax::CompileFlags {
    let s = &th.rt.settings;
    let mut flags =
        syntax::CompileFlags { future: inherited, optimize: s.optimize as u8, ..Default::default() };
    if s.division_new {
        flags.future |= syntax::code::flags::FUTURE_DIVISION;
    }
    flags.parse.source_is_utf8 = utf8;
    flags.parse.py3k_warnings = s.py3k_warning;
    flags.parse.unicode_literals = s.unicode_literals;
    flags.parse.tab_check = match s.tabcheck {
        0 => TabCheck::Ignore,
        1 => TabCheck::Warn,
        _ => TabCheck::Refuse,
    };
    flags
}

/// As [`compile`], to the compiler's own code object.
pub fn compile_plain(
    th: &mut Thread,
    source: &[u8],
    filename: &[u8],
    mode: Mode,
    inherited: u32,
    utf8: bool,
) -> PyResult<CodeObject> {
    let flags = flags_of(th, inherited, utf8);
    compile_with(th, source, filename, mode, &flags).map(|c| c.code)
}

/// The parser's name of a mode.
pub fn syntax_mode(mode: Mode) -> syntax::parser::Mode {
    match mode {
        Mode::Exec => syntax::parser::Mode::Exec,
        Mode::Eval => syntax::parser::Mode::Eval,
        Mode::Single => syntax::parser::Mode::Single,
    }
}

/// Compiles under any flags; warnings are issued, errors raised.
pub fn compile_with(
    th: &mut Thread,
    source: &[u8],
    filename: &[u8],
    mode: Mode,
    flags: &syntax::CompileFlags,
) -> PyResult<syntax::Compiled> {
    let mut warnings = Vec::new();
    let mut hooks = Hooks::new(th, filename, flags.parse.input);
    let r = syntax::compile(source, filename, syntax_mode(mode), flags, &mut hooks, &mut warnings);
    hooks.finish()?;
    issue(th, &warnings, filename)?;
    r.map_err(|e| raise_error(th, e, filename))
}

/// As [`compile_with`], from a tree.
pub fn compile_tree_with(
    th: &mut Thread,
    tree: &syntax::ast::Mod,
    filename: &[u8],
    flags: &syntax::CompileFlags,
) -> PyResult<syntax::Compiled> {
    let mut warnings = Vec::new();
    let r = syntax::compile_tree(tree, filename, flags, &mut warnings);
    issue(th, &warnings, filename)?;
    r.map_err(|e| raise_error(th, e, filename))
}

/// The abstract tree of source text.
pub fn parse_with(
    th: &mut Thread,
    source: &[u8],
    filename: &[u8],
    mode: Mode,
    flags: &syntax::CompileFlags,
) -> PyResult<syntax::ast::Mod> {
    let mut hooks = Hooks::new(th, filename, flags.parse.input);
    let mut parse = flags.parse;
    parse.print_function |= flags.future & syntax::code::flags::FUTURE_PRINT_FUNCTION != 0;
    parse.unicode_literals |= flags.future & syntax::code::flags::FUTURE_UNICODE_LITERALS != 0;
    let name = String::from_utf8_lossy(filename);
    let r = syntax::parser::parse(source, &name, syntax_mode(mode), &parse, &mut hooks);
    hooks.finish()?;
    r.map_err(|e| raise_error(th, e, filename))
}

/// The concrete tree of source text, whose errors name no file.
pub fn parse_concrete(
    th: &mut Thread,
    source: &[u8],
    mode: Mode,
) -> PyResult<syntax::parser::concrete::Concrete> {
    let flags = syntax::CompileFlags::default();
    let mut hooks = Hooks::new(th, b"", flags.parse.input);
    let mode = syntax_mode(mode);
    let r = syntax::parser::concrete::parse_concrete(source, "", mode, &flags.parse, &mut hooks);
    hooks.finish()?;
    r.map_err(|e| match e {
        Error::Syntax(e) => o::exceptions::syntax_error_from(th, &e, Value::NONE),
        e => raise_error(th, e, b""),
    })
}

/// Code from a concrete tree.
pub fn compile_concrete(
    th: &mut Thread,
    tree: &syntax::parser::concrete::Concrete,
    filename: &[u8],
) -> PyResult<Ref<PyCode>> {
    let flags = flags_of(th, 0, false);
    let mut hooks = Hooks::new(th, filename, flags.parse.input);
    let r = tree.abstract_tree(&flags.parse, &mut hooks);
    hooks.finish()?;
    let tree = r.map_err(|e| raise_error(th, e, filename))?;
    let c = compile_tree_with(th, &tree, filename, &flags)?;
    to_heap(th, &c.code)
}

/// The symbol table of source text.
pub fn symbols_with(
    th: &mut Thread,
    source: &[u8],
    filename: &[u8],
    mode: Mode,
) -> PyResult<syntax::symtable::SymbolTable> {
    let tree = parse_with(th, source, filename, mode, &syntax::CompileFlags::default())?;
    let mut warnings = Vec::new();
    let r = syntax::symtable::find_future_features(&tree)
        .and_then(|_| syntax::symtable::build(&tree, false, &mut warnings));
    issue(th, &warnings, filename)?;
    r.map_err(|e| raise_error(th, e, filename))
}

/// Issues the compiler's warnings.
fn issue(th: &mut Thread, warnings: &[syntax::warning::Warning], filename: &[u8]) -> PyResult<()> {
    for w in warnings {
        let def = match w.kind {
            syntax::warning::WarningKind::Syntax => &o::exceptions::SYNTAX_WARNING,
            syntax::warning::WarningKind::Deprecation => &o::exceptions::DEPRECATION_WARNING,
        };
        if let Err(e) = crate::warnings::warn_at(th, def, w.message.as_str(), filename, w.lineno as i64) {
            if !w.becomes_syntax_error {
                return Err(e);
            }
            e.catch_if(th, def.class())?;
            return Err(raise_error(th, Error::syntax(w.message.clone(), w.lineno), filename));
        }
    }
    Ok(())
}

/// The Python exception for a compilation error.
pub fn raise_error(th: &mut Thread, e: Error, filename: &[u8]) -> crate::raised::Raised {
    let name = th.new_str(filename);
    match e {
        Error::Syntax(e) => o::exceptions::syntax_error_from(th, &e, name),
        Error::Incomplete => th.raise_def(&o::exceptions::SYNTAX_ERROR, "unexpected EOF while parsing"),
        Error::ParserStackOverflow => {
            eprintln!("s_push: parser stack overflow");
            th.memory_error()
        }
        Error::Type(m) => th.type_error(m),
        Error::Value(m) => th.value_error(m),
        Error::System(m) => th.system_error(m),
        Error::Overflow(m) => th.overflow_error(m),
        Error::Runtime(m) => th.runtime_error(m),
        Error::Memory => th.memory_error(),
        Error::Raised => th.raised_again(),
    }
}

/// A code object of the compiler as a heap object, with names and identifier-like strings interned.
pub fn to_heap(th: &mut Thread, c: &CodeObject) -> PyResult<Ref<PyCode>> {
    // Everything is made old at the end of start-up anyway; nothing here runs Python.
    let names = |th: &mut Thread, v: &[Box<[u8]>]| {
        let items: Vec<Value> = v.iter().map(|n| th.intern(n)).collect();
        th.try_tuple(&items)
    };
    let consts: Vec<Value> = c.consts.iter().map(|k| constant(th, k)).collect::<PyResult<_>>()?;
    let consts = th.try_tuple(&consts)?;
    let fields = o::code::Fields {
        argcount: c.argcount.max(0) as u32,
        nlocals: c.nlocals.max(0) as u32,
        stacksize: c.stacksize.max(0) as u32,
        flags: c.flags,
        firstlineno: c.firstlineno,
        code: th.try_str(&c.code)?,
        consts,
        names: names(th, &c.names)?,
        varnames: names(th, &c.varnames)?,
        freevars: names(th, &c.freevars)?,
        cellvars: names(th, &c.cellvars)?,
        filename: th.intern(&c.filename),
        name: th.intern(&c.name),
        lnotab: th.try_str(&c.lnotab)?,
    };
    Ok(o::code::make(th, fields))
}

/// A constant as a value.
pub fn constant(th: &mut Thread, k: &Const) -> PyResult {
    Ok(match k {
        Const::None => Value::NONE,
        Const::True => Value::TRUE,
        Const::False => Value::FALSE,
        Const::Ellipsis => Value::ELLIPSIS,
        Const::StopIteration => o::exceptions::STOP_ITERATION.class(),
        Const::Int(n) => th.int(*n),
        Const::Long(n) => th.long(n)?,
        Const::Float(x) => th.float(*x),
        Const::Complex(re, im) => th.complex(*re, *im),
        Const::Str { bytes, interned: true } => th.intern(bytes),
        Const::Str { bytes, interned: false } => th.try_str(bytes)?,
        Const::Unicode(cs) => th.unicode_from(cs)?,
        Const::Tuple(items) => {
            let items: Vec<Value> = items.iter().map(|k| constant(th, k)).collect::<PyResult<_>>()?;
            th.try_tuple(&items)?
        }
        Const::FrozenSet(items) => {
            let items: Vec<Value> = items.iter().map(|k| constant(th, k)).collect::<PyResult<_>>()?;
            crate::eval::build::frozenset_of(th, &items)?
        }
        Const::Code(c) => to_heap(th, c)?.value(),
    })
}
