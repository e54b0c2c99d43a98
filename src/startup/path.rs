//! `sys.prefix`, `sys.path`, and where the library is.
//!
//! A library on disk goes first: `PYTHONHOME`, or `lib-python/2.7` beside the binary or above it. Otherwise the one in
//! the binary appears under `PREFIX/lib-python/2.7`, and PREFIX is the folder of the binary.

use crate::options::Options;
use interpreter::import::library::{Embedded, Library, register};
use interpreter::objects::module;
use interpreter::value::Value;
use interpreter::{PyResult, Thread};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// The running binary.
pub fn executable() -> Vec<u8> {
    std::env::current_exe().map(|p| p.as_os_str().as_bytes().to_vec()).unwrap_or_default()
}

/// Where the installation lives.
pub struct Prefix {
    prefix: PathBuf,
    exec_prefix: PathBuf,
    library: PathBuf,
}

/// Finds it.
pub fn prefix(options: &Options) -> Prefix {
    if let Some(home) = &options.environment.home {
        let text = home.to_string_lossy();
        let (a, b) = text.split_once(':').unwrap_or((&text, &text));
        let library = ["lib-python/2.7", "lib/python2.7"]
            .iter()
            .map(|l| Path::new(a).join(l))
            .find(|l| l.join("os.py").is_file())
            .unwrap_or_else(|| Path::new(a).join("lib-python/2.7"));
        return Prefix { prefix: a.into(), exec_prefix: b.into(), library };
    }
    let exe = PathBuf::from(std::ffi::OsStr::from_bytes(&executable()));
    let folder = exe.parent().unwrap_or(Path::new("/")).to_path_buf();
    for p in folder.ancestors().take(3) {
        let library = p.join("lib-python/2.7");
        if library.join("os.py").is_file() {
            return Prefix { prefix: p.into(), exec_prefix: p.into(), library };
        }
    }
    let library = folder.join("lib-python/2.7");
    Prefix { prefix: folder.clone(), exec_prefix: folder, library }
}

/// Tells the importer of the library in the binary.
pub fn register_library(p: &Prefix) {
    let library = Library {
        find: |name| {
            library::find(name).map(|e| Embedded {
                is_package: e.is_package(),
                path: e.path(),
                code: |name| library::find(name).and_then(|e| e.code()),
                source: |name| library::find(name).map(|e| e.source()),
            })
        },
        file: library::data_file,
        names: || library::modules().map(|e| e.name()).collect(),
        files: || library::files().collect(),
    };
    register(library, p.library.as_os_str().as_bytes().to_vec());
}

/// Puts the importers of the embedded library and of archives among `sys.path_hooks`.
pub fn add_hook(th: &mut Thread, sys: Value) -> PyResult<()> {
    let importer = interpreter::types::ready::ready(th, &interpreter::import::library::IMPORTER)?;
    interpreter::types::ready::ready(th, &interpreter::import::library::NULL_IMPORTER)?;
    let archives = interpreter::types::ready::ready(th, &stdlib::zipimport::IMPORTER)?;
    let hooks = th.new_list(&[importer, archives])?;
    module::add(th, sys, "path_hooks", hooks)
}

/// Sets `sys.prefix`, `sys.exec_prefix` and `sys.path`.
pub fn set(th: &mut Thread, sys: Value, options: &Options, p: &Prefix) -> PyResult<()> {
    module::add_str(th, sys, "prefix", p.prefix.as_os_str().as_bytes())?;
    module::add_str(th, sys, "exec_prefix", p.exec_prefix.as_os_str().as_bytes())?;
    let mut entries: Vec<Vec<u8>> = Vec::new();
    if let Some(path) = &options.environment.path {
        entries.extend(path.as_bytes().split(|b| *b == b':').map(<[u8]>::to_vec));
    }
    entries.push(p.library.as_os_str().as_bytes().to_vec());
    let items: Vec<Value> = entries.iter().map(|e| th.new_str(e)).collect();
    let list = th.new_list(&items)?;
    module::add(th, sys, "path", list)
}

/// Puts the program's folder in front of `sys.path`.
pub fn prepend(th: &mut Thread, entry: &[u8]) -> PyResult<()> {
    let Some(path) = interpreter::import::sys_get(th, "path")? else { return Ok(()) };
    let v = th.new_str(entry);
    let insert = th.intern(b"insert");
    let m = interpreter::ops::getattr(th, path, insert)?;
    let zero = th.int(0);
    interpreter::ops::call(th, m, &[zero, v])?;
    Ok(())
}
