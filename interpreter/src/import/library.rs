//! The importer of the library embedded in the binary, and `imp.NullImporter`.
//!
//! The library appears as one entry of `sys.path`, `PREFIX/lib-python/2.7`, and the `__path__` entries of its packages
//! lie below. The importer claims such entries when no directory of that name exists. Modules from it have real
//! file names and a `__loader__`, which gives `linecache` and `pkgutil` the sources.

use super::{add_module, decode, load, pyc};
use crate::kinds::kind;
use crate::layout::{PyRecord, PyStr};
use crate::names;
use crate::native::{Args, MethodDef, TypeDef};
use crate::objects::{dict, module};
use crate::ops;
use crate::raised::PyResult;
use crate::source;
use crate::thread::Thread;
use crate::types::slots::SlotTable;
use crate::value::{Slot, Value};
use std::sync::OnceLock;
use syntax::code::Const;

/// One embedded module.
pub struct Embedded {
    pub is_package: bool,
    /// Path below the library's folder.
    pub path: &'static str,
    /// Marshalled code, compiled without optimisation.
    pub code: fn(&str) -> Option<Vec<u8>>,
    pub source: fn(&str) -> Option<Vec<u8>>,
}

/// What the layer above knows of the embedded library.
pub struct Library {
    /// A module by its dotted name.
    pub find: fn(&str) -> Option<Embedded>,
    /// A file by its path below the library's folder: modules' sources and data.
    pub file: fn(&str) -> Option<Vec<u8>>,
    /// All dotted module names.
    pub names: fn() -> Vec<&'static str>,
    /// The paths of all files below the library's folder.
    pub files: fn() -> Vec<&'static str>,
}

static LIBRARY: OnceLock<(Library, Vec<u8>)> = OnceLock::new();

/// Registers the library, which appears under `root`; the first call counts.
pub fn register(library: Library, root: Vec<u8>) {
    let _ = LIBRARY.set((library, root));
}

/// The library's folder.
pub fn root() -> Option<&'static [u8]> {
    LIBRARY.get().map(|l| &l.1[..])
}

/// The path below the library's folder that a file name names.
fn below(name: &[u8]) -> Option<&str> {
    let rest = name.strip_prefix(root()?)?;
    let rest = match rest {
        [] => rest,
        [b'/', rest @ ..] => rest,
        _ => return None,
    };
    std::str::from_utf8(rest).ok()
}

/// The contents of an embedded file, by its full name.
pub fn read_file(name: &[u8]) -> Option<Vec<u8>> {
    let (l, _) = LIBRARY.get()?;
    (l.file)(below(name)?)
}

/// Dotted name of module `name` in the folder of a path entry.
fn dotted(entry: &[u8], name: &[u8]) -> Option<String> {
    let folder = below(entry)?;
    let name = std::str::from_utf8(name).ok()?;
    if folder.is_empty() {
        return Some(name.to_owned());
    }
    Some(format!("{}.{name}", folder.trim_matches('/').replace('/', ".")))
}

/// `libraryimporter`: one per path entry, which is its only slot.
pub static IMPORTER: TypeDef = TypeDef {
    module: "imp",
    flags: 0,
    slots: SlotTable { new: Some(new), repr: Some(repr), ..SlotTable::EMPTY },
    methods: &[
        MethodDef::new("find_module", find_module, 1, 2, 0, "find_module(fullname[, path]) -> self or None"),
        MethodDef::new("load_module", load_module, 1, 1, 0, "load_module(fullname) -> module"),
        MethodDef::new("get_source", get_source, 1, 1, 0, "get_source(fullname) -> source text"),
        MethodDef::new("get_code", get_code, 1, 1, 0, "get_code(fullname) -> code object"),
        MethodDef::new("get_data", get_data, 1, 1, 0, "get_data(path) -> contents of a file of the library"),
        MethodDef::new(
            "get_files",
            get_files,
            0,
            0,
            0,
            "get_files() -> paths of all files below the library's folder",
        ),
        MethodDef::new("get_filename", get_filename, 1, 1, 0, "get_filename(fullname) -> file name"),
        MethodDef::new("is_package", is_package, 1, 1, 0, "is_package(fullname) -> bool"),
        MethodDef::new(
            "iter_modules",
            iter_modules,
            0,
            1,
            0,
            "iter_modules([prefix]) -> list of (name, is package)",
        ),
    ],
    ..TypeDef::new("LibraryImporter", kind::RECORD)
};

/// `imp.NullImporter`: what the path importer cache holds for entries that do not exist.
pub static NULL_IMPORTER: TypeDef = TypeDef {
    module: "imp",
    doc: Some("Null importer object"),
    flags: 0,
    slots: SlotTable { new: Some(new_null), ..SlotTable::EMPTY },
    methods: &[MethodDef::new("find_module", find_nothing, 1, 2, 0, "Always return None")],
    ..TypeDef::new("NullImporter", kind::RECORD)
};

fn new_null(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    if !args.kw.is_empty() {
        return Err(th.type_error("NullImporter() does not take keyword arguments"));
    }
    let [path] = args.bind(th, "NullImporter", ["path"], 1)?;
    let path = crate::paths::path_bytes(th, path.unwrap_or(Value::NONE))?;
    if path.is_empty() {
        return Err(th.import_error("empty pathname"));
    }
    if std::fs::metadata(pyc::path(&path)).is_ok_and(|m| m.is_dir()) {
        return Err(th.import_error("existing directory"));
    }
    Ok(th.new_record_of(class, &[]))
}

fn find_nothing(_: &mut Thread, _: Args<'_>) -> PyResult {
    Ok(Value::NONE)
}

fn new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let entry = args.get(0).unwrap_or(Value::NONE);
    let bytes = th.str_bytes(entry);
    if bytes.is_empty()
        || below(bytes).is_none()
        || std::fs::metadata(pyc::path(bytes)).is_ok_and(|m| m.is_dir())
    {
        return Err(th.import_error("not in the embedded library"));
    }
    Ok(th.new_record_of(class, &[Some(entry)]))
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    let entry = String::from_utf8_lossy(&entry_of(v)).into_owned();
    th.try_str(format!("<LibraryImporter object \"{entry}\">").as_bytes())
}

fn entry_of(v: Value) -> Vec<u8> {
    // Set when it was made, never changed: no barrier.
    let e = v.cast::<PyRecord>().and_then(|r| r.unguarded().at(0).get());
    e.and_then(|e| e.payload::<PyStr>()).map_or(Vec::new(), |s| s.get().bytes().to_vec())
}

/// The embedded module a full name means to this importer.
fn lookup(me: Value, full: &[u8]) -> Option<(String, Embedded)> {
    let last = full.rsplit(|c| *c == b'.').next()?;
    let name = dotted(&entry_of(me), last)?;
    let (l, _) = LIBRARY.get()?;
    let e = (l.find)(&name)?;
    Some((name, e))
}

fn required(th: &mut Thread, args: &Args<'_>) -> PyResult<(String, Embedded)> {
    let full = th.str_bytes(args.pos[1]);
    match lookup(args.pos[0], full) {
        Some(x) => Ok(x),
        None => {
            let shown = String::from_utf8_lossy(full).into_owned();
            Err(th.import_error(format!("Loader of the embedded library cannot handle module {shown}")))
        }
    }
}

fn full_name(e: &Embedded) -> Vec<u8> {
    super::find::join(root().unwrap_or(b""), e.path.as_bytes())
}

fn find_module(th: &mut Thread, args: Args<'_>) -> PyResult {
    let full = th.str_bytes(args.pos[1]);
    Ok(if lookup(args.pos[0], full).is_some() { args.pos[0] } else { Value::NONE })
}

/// The code of an embedded module, under its full file name.
fn code_of(th: &mut Thread, name: &str, e: &Embedded) -> PyResult<crate::layout::Ref<crate::layout::PyCode>> {
    let file = full_name(e);
    if th.rt.settings.optimize == 0
        && let Some(bytes) = (e.code)(name)
    {
        if let Some(code) = decode::code(th, &bytes, decode::File::Rename(&file))? {
            return Ok(code);
        }
        if let Ok(Const::Code(c)) = syntax::marshal::load(&bytes) {
            let mut c = *c;
            pyc::rename(&mut c, &file);
            return source::to_heap(th, &c);
        }
    }
    let text = (e.source)(name).unwrap_or_default();
    source::compile(th, &text, &file, crate::eval::Mode::Exec, 0, false)
}

fn load_module(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (name, e) = required(th, &args)?;
    let key = th.intern(th.str_bytes(args.pos[1]));
    let code = code_of(th, &name, &e)?;
    let m = add_module(th, key)?;
    load::set_loader(th, m, args.pos[0])?;
    if e.is_package
        && let Some(d) = module::dict_of_module(m)
    {
        let folder = e.path.strip_suffix("/__init__.py").unwrap_or("");
        let path = super::find::join(root().unwrap_or(b""), folder.as_bytes());
        let path = th.try_str(&path)?;
        let list = th.new_list(&[path])?;
        let n = names::__path__.get(th);
        dict::set_str(th, d, n, list)?;
    }
    load::exec_code(th, key, code, &full_name(&e))
}

fn get_source(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (name, e) = required(th, &args)?;
    let text = (e.source)(&name).unwrap_or_default();
    th.try_str(&text)
}

fn get_code(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (name, e) = required(th, &args)?;
    Ok(code_of(th, &name, &e)?.value())
}

fn get_filename(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (_, e) = required(th, &args)?;
    th.try_str(&full_name(&e))
}

fn is_package(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (_, e) = required(th, &args)?;
    Ok(Value::from_bool(e.is_package))
}

fn get_data(th: &mut Thread, args: Args<'_>) -> PyResult {
    let name = crate::paths::path_bytes(th, args.pos[1])?;
    if let Some(d) = read_file(&name) {
        return th.try_str(&d);
    }
    if let (Some(path), Some((l, _))) = (below(&name), LIBRARY.get())
        && let Some(made) = super::grammar::tables(th, path, l.file)?
    {
        return Ok(made);
    }
    Err(th.io_error(libc::ENOENT, Some(args.pos[1])))
}

fn get_files(th: &mut Thread, _: Args<'_>) -> PyResult {
    let out = th.m.root_vec();
    if let Some((l, _)) = LIBRARY.get() {
        for path in (l.files)() {
            out.push(th.try_str(path.as_bytes())?.bits());
        }
    }
    th.new_list(ops::values(&out))
}

fn iter_modules(th: &mut Thread, args: Args<'_>) -> PyResult {
    let prefix = match args.get(1) {
        Some(p) => th.str_bytes(p).to_vec(),
        None => Vec::new(),
    };
    let folder = below(&entry_of(args.pos[0])).unwrap_or("").trim_matches('/').replace('/', ".");
    let out = th.m.root_vec();
    if let Some((l, _)) = LIBRARY.get() {
        let mut names: Vec<&str> = (l.names)()
            .into_iter()
            .filter_map(
                |n| if folder.is_empty() { Some(n) } else { n.strip_prefix(&folder)?.strip_prefix('.') },
            )
            .filter(|n| !n.is_empty() && !n.contains('.'))
            .collect();
        names.sort_unstable();
        for n in names {
            let full = if folder.is_empty() { n.to_owned() } else { format!("{folder}.{n}") };
            let package = (l.find)(&full).is_some_and(|e| e.is_package);
            let shown = [&prefix[..], n.as_bytes()].concat();
            let name = th.try_str(&shown)?;
            let pair = th.try_tuple(&[name, Value::from_bool(package)])?;
            out.push(pair.bits());
        }
    }
    let list = th.new_list(ops::values(&out))?;
    ops::iter(th, list)
}

/// An attribute of a module that came from the embedded library: its importer.
pub fn loader_of(th: &mut Thread, m: Value) -> PyResult<Slot> {
    let n = names::__loader__.get(th);
    module::get(th, m, n)
}

/// The file name (or, for a package, the folder) of module `name` at a path entry, whether it is a package, and its
/// source.
pub fn source_at(entry: &[u8], name: &[u8]) -> Option<(Vec<u8>, bool, Vec<u8>)> {
    let dotted = dotted(entry, name)?;
    let e = (LIBRARY.get()?.0.find)(&dotted)?;
    let source = (e.source)(&dotted)?;
    let file = full_name(&e);
    let path = if e.is_package { file.strip_suffix(b"/__init__.py").unwrap_or(&file).to_vec() } else { file };
    Some((path, e.is_package, source))
}

/// The dotted name of the embedded module whose file or package folder this is.
pub fn load_path_exists(path: &[u8]) -> Option<String> {
    let rest = below(path)?;
    let rest = rest.strip_suffix(".py").unwrap_or(rest);
    let rest = rest.strip_suffix("/__init__").unwrap_or(rest);
    let name = rest.trim_matches('/').replace('/', ".");
    if name.is_empty() || std::fs::metadata(pyc::path(path)).is_ok() {
        return None;
    }
    (LIBRARY.get()?.0.find)(&name)?;
    Some(name)
}

/// Loads the embedded module whose file or package folder this is, under any name; none if there is none.
pub fn load_path(th: &mut Thread, key: Value, path: &[u8]) -> PyResult<Slot> {
    let Some(name) = load_path_exists(path) else { return Ok(None) };
    let Some(e) = LIBRARY.get().and_then(|l| (l.0.find)(&name)) else { return Ok(None) };
    let code = code_of(th, &name, &e)?;
    let file = full_name(&e);
    if e.is_package {
        let m = add_module(th, key)?;
        if let Some(d) = module::dict_of_module(m) {
            let folder = th.try_str(file.strip_suffix(b"/__init__.py").unwrap_or(&file))?;
            let list = th.new_list(&[folder])?;
            let n = names::__path__.get(th);
            dict::set_str(th, d, n, list)?;
        }
    }
    load::exec_code(th, key, code, &file).map(Some)
}
