//! The importer protocol over an archive.

use super::archive::{self, Failure};
use super::importer::{LONGEST, parts};
use super::refuse;
use crate::arguments::text;
use interpreter::eval::Mode;
use interpreter::import::{add_module, load};
use interpreter::layout::{PyCode, PyTuple, Ref};
use interpreter::native::Args;
use interpreter::objects::{dict, module};
use interpreter::{PyResult, Slot, Thread, Value, names, ops, source};
use syntax::code::Const;
use syntax::marshal;

/// What may follow a module's name, in the order tried: ending, package, compiled.
const ORDER: [(&str, bool, bool); 6] = [
    ("/__init__.pyc", true, true),
    ("/__init__.pyo", true, true),
    ("/__init__.py", true, false),
    (".pyc", false, true),
    (".pyo", false, true),
    (".py", false, false),
];

/// As [`ORDER`], with the compiled files of the optimization level first.
fn order(th: &Thread) -> [(&'static str, bool, bool); 6] {
    let mut o = ORDER;
    if th.rt.settings.optimize > 0 {
        o.swap(0, 1);
        o.swap(3, 4);
    }
    o
}

/// An importer and the name it is asked for.
struct Query {
    archive: Vec<u8>,
    files: Value,
    full: Vec<u8>,
    /// Prefix and last part of the name.
    stem: Vec<u8>,
}

fn query(th: &mut Thread, args: &Args<'_>, function: &str) -> PyResult<Query> {
    let full = text(th, args.pos[1], function, 1)?;
    let (archive, prefix, files) = parts(th, args.pos[0])?;
    let last = full.rsplit(|c| *c == b'.').next().unwrap_or(&full);
    let stem = [&prefix[..], last].concat();
    if stem.len() + 13 >= LONGEST {
        return Err(refuse(th, "path too long"));
    }
    Ok(Query { archive, files, full, stem })
}

impl Query {
    fn entry(&self, th: &mut Thread, ending: &str) -> PyResult<Slot> {
        let name = [&self.stem[..], ending.as_bytes()].concat();
        let name = th.try_str(&name)?;
        dict::get_str(th, self.files, name)
    }

    /// Whether the module is a package; `None` if it is not there.
    fn is_package(&self, th: &mut Thread) -> PyResult<Option<bool>> {
        for (ending, package, _) in order(th) {
            if self.entry(th, ending)?.is_some() {
                return Ok(Some(package));
            }
        }
        Ok(None)
    }

    fn missing(&self, th: &mut Thread) -> interpreter::Raised {
        let shown = String::from_utf8_lossy(&self.full).into_owned();
        refuse(th, format!("can't find module '{shown}'"))
    }

    /// The module's code, whether it is a package, and its file.
    fn code(&self, th: &mut Thread) -> PyResult<(Ref<PyCode>, bool, Vec<u8>)> {
        for (ending, package, compiled) in order(th) {
            let Some(entry) = self.entry(th, ending)? else { continue };
            let file = file_name(th, entry);
            let bytes = contents(th, &self.archive, entry)?;
            let code = if compiled {
                let stamp = match self.entry(th, &ending[..ending.len() - 1])? {
                    Some(source) => Some(modified(th, source)?),
                    None => None,
                };
                unmarshal(th, &file, &bytes, stamp)?
            } else {
                Some(compile(th, &file, &bytes)?)
            };
            if let Some(code) = code {
                return Ok((code, package, file));
            }
        }
        Err(self.missing(th))
    }
}

fn item(entry: Value, i: usize) -> Value {
    let items = entry.cast::<PyTuple>().map_or(&[] as &[Value], |t| t.get().items());
    items.get(i).copied().unwrap_or(Value::NONE)
}

fn number(th: &mut Thread, entry: Value, i: usize) -> PyResult<i64> {
    let v = item(entry, i);
    ops::integer_arg(th, v)
}

fn file_name(th: &Thread, entry: Value) -> Vec<u8> {
    th.str_bytes(item(entry, 0)).to_vec()
}

/// A file's contents, from its entry in the directory.
fn contents(th: &mut Thread, from: &[u8], entry: Value) -> PyResult<Vec<u8>> {
    let (method, packed, offset) = (number(th, entry, 1)?, number(th, entry, 2)?, number(th, entry, 4)?);
    let r = match usize::try_from(packed) {
        Ok(n) => archive::data(from, offset, method, n),
        Err(_) => Err(Failure::Archive("negative data size".into())),
    };
    match r {
        Ok(b) => Ok(b),
        Err(Failure::Archive(m)) => Err(refuse(th, m)),
        Err(Failure::Io(m)) => Err(th.io_error_text(m)),
        Err(Failure::Packed(m)) => {
            crate::ready(th, &[&crate::zlib::ERROR])?;
            Err(th.raise_def(&crate::zlib::ERROR, m))
        }
    }
}

/// When a file was last changed, in the local time its entry tells.
fn modified(th: &mut Thread, entry: Value) -> PyResult<i64> {
    let (time, date) = (number(th, entry, 5)?, number(th, entry, 6)?);
    // SAFETY: all zero is a valid tm.
    let mut tm: libc::tm = unsafe { std::mem::zeroed() };
    tm.tm_sec = ((time & 0x1f) * 2) as i32;
    tm.tm_min = ((time >> 5) & 0x3f) as i32;
    tm.tm_hour = ((time >> 11) & 0x1f) as i32;
    tm.tm_mday = (date & 0x1f) as i32;
    tm.tm_mon = (((date >> 5) & 0x0f) - 1) as i32;
    tm.tm_year = (((date >> 9) & 0x7f) + 80) as i32;
    tm.tm_isdst = -1;
    // SAFETY: a filled tm.
    Ok(unsafe { libc::mktime(&mut tm) })
}

/// The code of a compiled file; `None` if it is of another version, or older than its source.
fn unmarshal(
    th: &mut Thread,
    file: &[u8],
    bytes: &[u8],
    stamp: Option<i64>,
) -> PyResult<Option<Ref<PyCode>>> {
    if bytes.len() <= 9 {
        return Err(th.type_error("bad pyc data"));
    }
    if bytes[..2] != marshal::PYC_MAGIC.to_le_bytes() || bytes[2..4] != *b"\r\n" {
        return Ok(None);
    }
    let own = i64::from(i32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]));
    // Times in archives are even.
    if stamp.is_some_and(|s| (s - own).abs() > 1) {
        return Ok(None);
    }
    match marshal::load(&bytes[8..]) {
        Ok(Const::Code(c)) => source::to_heap(th, &c).map(Some),
        Ok(_) => {
            let shown = String::from_utf8_lossy(file).into_owned();
            Err(th.type_error(format!("compiled module {shown} is not a code object")))
        }
        Err(marshal::ReadError::Eof(m)) => Err(th.eof_error(m)),
        Err(marshal::ReadError::Value(m)) => Err(th.value_error(m)),
        #[allow(unreachable_patterns)]
        Err(_) => Err(th.value_error("bad marshal data")),
    }
}

/// Compiles a source whose lines may end in any way.
fn compile(th: &mut Thread, file: &[u8], bytes: &[u8]) -> PyResult<Ref<PyCode>> {
    let mut text = Vec::with_capacity(bytes.len() + 1);
    for (i, c) in bytes.iter().enumerate() {
        match c {
            b'\r' if bytes.get(i + 1) == Some(&b'\n') => {}
            b'\r' => text.push(b'\n'),
            c => text.push(*c),
        }
    }
    text.push(b'\n');
    if text.contains(&0) {
        return Err(th.type_error("compile() expected string without null bytes"));
    }
    source::compile(th, &text, file, Mode::Exec, 0, false)
}

pub(super) fn find_module(th: &mut Thread, args: Args<'_>) -> PyResult {
    let q = query(th, &args, "zipimporter.find_module")?;
    Ok(if q.is_package(th)?.is_some() { args.pos[0] } else { Value::NONE })
}

pub(super) fn load_module(th: &mut Thread, args: Args<'_>) -> PyResult {
    let q = query(th, &args, "zipimporter.load_module")?;
    let (code, package, file) = q.code(th)?;
    let name = th.intern(&q.full);
    let m = add_module(th, name)?;
    load::set_loader(th, m, args.pos[0])?;
    if package && let Some(d) = module::dict_of_module(m) {
        let folder = [&q.archive[..], b"/", &q.stem].concat();
        let folder = th.try_str(&folder)?;
        let list = th.new_list(&[folder])?;
        let key = names::__path__.get(th);
        dict::set_str(th, d, key, list)?;
    }
    load::exec_code(th, name, code, &file)
}

pub(super) fn get_code(th: &mut Thread, args: Args<'_>) -> PyResult {
    let q = query(th, &args, "zipimporter.get_code")?;
    Ok(q.code(th)?.0.value())
}

pub(super) fn get_filename(th: &mut Thread, args: Args<'_>) -> PyResult {
    let q = query(th, &args, "zipimporter.get_filename")?;
    let file = q.code(th)?.2;
    th.try_str(&file)
}

pub(super) fn is_package(th: &mut Thread, args: Args<'_>) -> PyResult {
    let q = query(th, &args, "zipimporter.is_package")?;
    match q.is_package(th)? {
        Some(p) => Ok(Value::from_bool(p)),
        None => Err(q.missing(th)),
    }
}

pub(super) fn get_source(th: &mut Thread, args: Args<'_>) -> PyResult {
    let q = query(th, &args, "zipimporter.get_source")?;
    let Some(package) = q.is_package(th)? else { return Err(q.missing(th)) };
    match q.entry(th, if package { "/__init__.py" } else { ".py" })? {
        Some(e) => {
            let b = contents(th, &q.archive, e)?;
            th.try_str(&b)
        }
        None => Ok(Value::NONE),
    }
}

pub(super) fn get_data(th: &mut Thread, args: Args<'_>) -> PyResult {
    let name = text(th, args.pos[1], "zipimporter.get_data", 1)?;
    let (archive, _, files) = parts(th, args.pos[0])?;
    let inner = name.strip_prefix(&archive[..]).and_then(|r| r.strip_prefix(b"/")).unwrap_or(&name);
    let key = th.try_str(inner)?;
    match dict::get_str(th, files, key)? {
        Some(e) => {
            let b = contents(th, &archive, e)?;
            th.try_str(&b)
        }
        None => {
            let shown = th.try_str(inner)?;
            Err(th.io_error(libc::ENOENT, Some(shown)))
        }
    }
}
