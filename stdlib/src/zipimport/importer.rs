//! `zipimporter` objects: records of archive, prefix and directory.
//!
//! The directory is a dict from names to tuples (path, method, packed size, size, offset, time, date, crc), shared by the
//! importers of an archive through the cache.

use super::archive::{Entry, directory};
use super::{methods, refuse};
use crate::arguments::text;
use interpreter::import::pyc::path;
use interpreter::kinds::kind;
use interpreter::layout::PyRecord;
use interpreter::native::{Args, GetSetDef, MethodDef, TypeDef};
use interpreter::objects::dict;
use interpreter::runtime::Global;
use interpreter::types::slots::SlotTable;
use interpreter::types::wrap_new;
use interpreter::{PyResult, Thread, Value};

const ARCHIVE: usize = 0;
const PREFIX: usize = 1;
const FILES: usize = 2;

/// Longest path that is looked at.
pub const LONGEST: usize = 4096;

/// `zipimport.zipimporter`.
pub static IMPORTER: TypeDef = TypeDef {
    module: "zipimport",
    doc: Some(
        "zipimporter(archivepath) -> zipimporter object\n\nAn importer for a zip archive, or for a folder in one: 'lib.zip/folder'. ZipImportError if there is none.",
    ),
    slots: SlotTable { new: Some(new), init: Some(init), repr: Some(repr), ..SlotTable::EMPTY },
    methods: &[
        MethodDef::new(
            "find_module",
            methods::find_module,
            1,
            2,
            0,
            "find_module(fullname, path=None) -> self or None",
        ),
        MethodDef::new("load_module", methods::load_module, 1, 1, 0, "load_module(fullname) -> module"),
        MethodDef::new("get_data", methods::get_data, 1, 1, 0, "get_data(pathname) -> contents of a file"),
        MethodDef::new("get_code", methods::get_code, 1, 1, 0, "get_code(fullname) -> code object"),
        MethodDef::new(
            "get_source",
            methods::get_source,
            1,
            1,
            0,
            "get_source(fullname) -> source text, or None if only its code is there",
        ),
        MethodDef::new("get_filename", methods::get_filename, 1, 1, 0, "get_filename(fullname) -> file name"),
        MethodDef::new("is_package", methods::is_package, 1, 1, 0, "is_package(fullname) -> bool"),
    ],
    getset: &[
        GetSetDef { name: "archive", get: |th, v| at(th, v, ARCHIVE), set: None, doc: "" },
        GetSetDef { name: "prefix", get: |th, v| at(th, v, PREFIX), set: None, doc: "" },
        GetSetDef { name: "_files", get: |th, v| at(th, v, FILES), set: None, doc: "" },
    ],
    ..TypeDef::new("zipimporter", kind::RECORD)
};

fn at(th: &mut Thread, v: Value, i: usize) -> PyResult {
    let x = match v.payload::<PyRecord>() {
        Some(r) => r.read(th)?.at(i).get(),
        None => None,
    };
    Ok(x.unwrap_or(Value::NONE))
}

/// Archive, prefix and directory of an importer.
pub fn parts(th: &mut Thread, v: Value) -> PyResult<(Vec<u8>, Vec<u8>, Value)> {
    let (archive, prefix, files) = (at(th, v, ARCHIVE)?, at(th, v, PREFIX)?, at(th, v, FILES)?);
    if files.is_none() {
        return Err(th.value_error("zipimporter.__init__() wasn't called"));
    }
    Ok((th.str_bytes(archive).to_vec(), th.str_bytes(prefix).to_vec(), files))
}

/// What is known of the archives seen so far.
pub fn cache(th: &mut Thread) -> PyResult {
    static CACHE: Global = Global::new();
    if let Some(d) = CACHE.get() {
        return Ok(d);
    }
    let d = th.new_dict();
    th.m.make_old_now(d.obj_unchecked());
    th.rt.roots.lock().push(d);
    CACHE.set(d);
    Ok(d)
}

fn new(th: &mut Thread, class: Value, _: Args<'_>) -> PyResult {
    let base = th.new_record(&IMPORTER, &[None, None, None]);
    wrap_new(th, class, &IMPORTER, base)
}

fn init(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    if !args.kw.is_empty() {
        return Err(th.type_error("zipimporter() does not take keyword arguments"));
    }
    if args.len() != 1 {
        let n = args.len();
        return Err(th.type_error(format!("zipimporter() takes exactly 1 argument ({n} given)")));
    }
    let whole = text(th, args.pos[0], "zipimporter", 1)?;
    if whole.is_empty() {
        return Err(refuse(th, "archive path is empty"));
    }
    if whole.len() >= LONGEST {
        return Err(refuse(th, "archive path too long"));
    }
    // The longest leading part that exists must be a file; the rest is a folder in it.
    let mut end = whole.len();
    let found = loop {
        match std::fs::metadata(path(&whole[..end])) {
            Ok(m) => break m.is_file(),
            Err(_) => match whole[..end].iter().rposition(|c| *c == b'/') {
                Some(i) if i > 0 => end = i,
                _ => break false,
            },
        }
    };
    if !found {
        return Err(refuse(th, "not a Zip file"));
    }
    let archive = th.try_str(&whole[..end])?;
    let mut prefix = whole.get(end + 1..).unwrap_or(&[]).to_vec();
    if !prefix.is_empty() && prefix.last() != Some(&b'/') {
        prefix.push(b'/');
    }
    let cache = cache(th)?;
    let files = match dict::get_str(th, cache, archive)? {
        Some(d) => d,
        None => {
            let entries = match directory(&whole[..end]) {
                Ok(e) => e,
                Err(m) => return Err(refuse(th, m)),
            };
            let d = listing(th, &whole[..end], &entries)?;
            dict::set_str(th, cache, archive, d)?;
            d
        }
    };
    let prefix = th.try_str(&prefix)?;
    if let Some(r) = v.payload::<PyRecord>() {
        let r = r.write(th)?;
        r.at(ARCHIVE).set(Some(archive));
        r.at(PREFIX).set(Some(prefix));
        r.at(FILES).set(Some(files));
    }
    Ok(())
}

fn listing(th: &mut Thread, archive: &[u8], entries: &[Entry]) -> PyResult {
    let d = th.new_dict();
    for e in entries {
        let full = [archive, b"/", &e.name].concat();
        let fields = [
            th.try_str(&full)?,
            th.int(i64::from(e.method)),
            th.int(i64::from(e.packed)),
            th.int(i64::from(e.size)),
            th.int(e.offset),
            th.int(i64::from(e.time)),
            th.int(i64::from(e.date)),
            th.int(i64::from(e.crc)),
        ];
        let (name, fields) = (th.try_str(&e.name)?, th.try_tuple(&fields)?);
        dict::set_str(th, d, name, fields)?;
        th.native_poll()?;
    }
    Ok(d)
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    let (archive, prefix) = (at(th, v, ARCHIVE)?, at(th, v, PREFIX)?);
    let archive = if archive.is_none() { b"???" } else { th.str_bytes(archive) };
    let prefix = if prefix.is_none() { b"" } else { th.str_bytes(prefix) };
    let mut out = b"<zipimporter object \"".to_vec();
    out.extend_from_slice(archive);
    if !prefix.is_empty() {
        out.push(b'/');
        out.extend_from_slice(prefix);
    }
    out.extend_from_slice(b"\">");
    th.try_str(&out)
}
