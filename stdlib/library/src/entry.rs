//! Look-up in the embedded library.
//!
//! The index is two constant tables the build script wrote: `FILES`, sorted by path, and `MODULES`, the positions in
//! it sorted by module name. Both are searched by bisection.

#![forbid(unsafe_code)]

/// The virtual folder of the library; importers put it below `sys.prefix`.
pub const FOLDER: &str = "lib-python/2.7";

static BLOB: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/library.blob"));

include!(concat!(env!("OUT_DIR"), "/index.rs"));

/// A compressed piece of the blob; `length` is its size unpacked.
struct Piece {
    start: u32,
    packed: u32,
    length: u32,
}

impl Piece {
    fn packed(&self) -> &'static [u8] {
        let start = self.start as usize;
        BLOB.get(start..start + self.packed as usize).unwrap_or_default()
    }
}

/// A row of the index.
struct Record {
    path: &'static str,
    module: &'static str,
    is_package: bool,
    source: Piece,
    code: Piece,
}

/// One module of the embedded library.
#[derive(Clone, Copy)]
pub struct Entry {
    record: &'static Record,
}

impl Entry {
    /// The dotted module name.
    pub fn name(&self) -> &'static str {
        self.record.module
    }

    /// Whether the module is a package, that is an `__init__.py`.
    pub fn is_package(&self) -> bool {
        self.record.is_package
    }

    /// The path below the library's folder: `xml/dom/minidom.py`.
    pub fn path(&self) -> &'static str {
        self.record.path
    }

    /// The virtual file name, relative to `sys.prefix`: `lib-python/2.7/xml/dom/minidom.py`.
    pub fn file_name(&self) -> String {
        format!("{FOLDER}/{}", self.record.path)
    }

    /// The source text, as in the file.
    pub fn source(&self) -> Vec<u8> {
        inflate(&self.record.source)
    }

    /// The marshalled code object (compiled without `-O`), or nothing: then the source is to be compiled.
    pub fn code(&self) -> Option<Vec<u8>> {
        let code = &self.record.code;
        if code.length == 0 {
            return None;
        }
        lz4_flex::block::decompress(code.packed(), code.length as usize).ok()
    }
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entry").field("name", &self.record.module).field("path", &self.record.path).finish()
    }
}

fn inflate(piece: &Piece) -> Vec<u8> {
    miniz_oxide::inflate::decompress_to_vec_with_limit(piece.packed(), piece.length as usize)
        .unwrap_or_default()
}

/// The module of that dotted name.
pub fn find(module: &str) -> Option<Entry> {
    let at = MODULES.binary_search_by(|&position| FILES[position as usize].module.cmp(module)).ok()?;
    Some(Entry { record: &FILES[MODULES[at] as usize] })
}

/// The module whose file is `path` below the library's folder (`xml/dom/minidom.py`): for the lines of a traceback.
pub fn find_file(path: &str) -> Option<Entry> {
    record(path).filter(|record| !record.module.is_empty()).map(|record| Entry { record })
}

/// A file that modules read as data (`lib2to3/Grammar.txt`), by its path below the library's folder.
pub fn data_file(path: &str) -> Option<Vec<u8>> {
    record(path).map(|record| inflate(&record.source))
}

/// All modules, sorted by dotted name.
pub fn modules() -> impl ExactSizeIterator<Item = Entry> {
    MODULES.iter().map(|&position| Entry { record: &FILES[position as usize] })
}

/// The paths of all files, modules and data, below the library's folder; sorted.
pub fn files() -> impl ExactSizeIterator<Item = &'static str> {
    FILES.iter().map(|record| record.path)
}

fn record(path: &str) -> Option<&'static Record> {
    FILES.binary_search_by(|record| record.path.cmp(path)).ok().map(|at| &FILES[at])
}
