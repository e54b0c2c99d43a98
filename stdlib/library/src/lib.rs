//! CPython 2.7.18's pure-Python library, embedded in the binary.
//!
//! The build script finds or fetches the sources, compiles and compresses them; this crate looks them up. A module is
//! known by its dotted name (`xml.dom.minidom`) and shown under a virtual file name `lib-python/2.7/xml/dom/minidom.py`,
//! which the importer puts below `sys.prefix`. Code objects carry exactly [`Entry::file_name`] as `co_filename`, so the
//! importer gives each the full name when it unmarshals it.
//!
//! Nothing is unpacked before it is asked for, and nothing is cached here.

mod entry;

pub use entry::{Entry, FOLDER, ORIGIN, data_file, files, find, find_file, modules};
