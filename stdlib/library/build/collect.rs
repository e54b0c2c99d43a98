//! Which files of the library are embedded, under which module names, and what is adjusted on the way.
//!
//! Left out: test suites, IDLE and Tk, installed packages, platform folders, what a site adds for itself.
//! From the `test` package stay the few modules that programs and test drivers import.
//!
//! Adjusted, so that a library from a distributor behaves like the released one:
//! - what the distributor changed is taken back (`distributor.rs`);
//! - files in `stdlib/lib-overrides` replace or join those found. `_sysconfigdata` is always ours: the found one
//!   tells how that interpreter was built;
//! - places of an installation are those of `places.rs`;
//! - the wheels of pip and setuptools join as data below `ensurepip/_bundled`. Where they do not lie there already, a
//!   distributor keeps them elsewhere and switches `ensurepip` off: the one in `stdlib/lib-wheels` goes with them.

use crate::locate::Found;
use crate::{distributor, places};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Folders left out, by path below the library.
const SKIPPED_FOLDERS: [&str; 8] = [
    "site-packages",
    "dist-packages",
    "lib-dynload",
    "lib-tk",
    "idlelib",
    "config",
    "pydoc_data/__pycache__",
    "__pycache__",
];

/// Modules left out: hooks that belong to the machine the library was found on.
const SKIPPED_FILES: [&str; 3] = ["sitecustomize.py", "usercustomize.py", "_sysconfigdata_nd.py"];

/// The modules of the `test` package that stay.
const KEPT_TESTS: [&str; 6] = [
    "test/support/__init__.py",
    "test/__init__.py",
    "test/test_support.py",
    "test/regrtest.py",
    "test/pystone.py",
    "test/script_helper.py",
];

/// Files that modules read as data.
const DATA_FILES: [&str; 3] = ["lib2to3/Grammar.txt", "lib2to3/PatternGrammar.txt", "pdb.doc"];

/// One embedded file.
pub struct File {
    /// Path below the library, with `/`.
    pub path: String,
    /// Dotted module name; none for a data file.
    pub module: Option<String>,
    /// Whether it is a package's `__init__`.
    pub is_package: bool,
    pub text: Vec<u8>,
}

/// Where the wheels appear, below the library.
const BUNDLED: &str = "ensurepip/_bundled";

/// Reads the library found and our own files under `overrides` and, for wheels from elsewhere, `installer`; sorted by path.
pub fn collect(found: &Found, overrides: &Path, installer: &Path) -> Result<Vec<File>, String> {
    let folder = found.folder.as_path();
    let mut paths: BTreeMap<String, PathBuf> = BTreeMap::new();
    walk(folder, "", &mut paths, true)?;
    let wheels = wheels(&found.wheels);
    let own_installer = found.wheels != folder.join(BUNDLED) && !wheels.is_empty();
    if own_installer {
        paths.retain(|path, _| !path.starts_with("ensurepip/"));
        walk(installer, "", &mut paths, false)?;
    }
    let names: String = wheels.keys().map(|name| format!("{name}\n")).collect();
    paths.extend(wheels.into_iter().map(|(name, path)| (format!("{BUNDLED}/{name}"), path)));
    for data in DATA_FILES {
        let path = folder.join(data);
        if path.is_file() {
            paths.insert(data.to_owned(), path);
        }
    }
    walk(overrides, "", &mut paths, false)?;

    let mut files = Vec::with_capacity(paths.len());
    for (path, source) in paths {
        let text = fs::read(&source).map_err(|error| format!("{}: {error}", source.display()))?;
        let (module, is_package) = match module_name(&path) {
            Some((module, is_package)) => (Some(module), is_package),
            None => (None, false),
        };
        let text =
            if path.ends_with(".whl") { text } else { places::adjust(&path, distributor::undo(&path, text)) };
        files.push(File { path, module, is_package, text });
    }
    if own_installer {
        let path = format!("{BUNDLED}/WHEELS");
        files.push(File { path, module: None, is_package: false, text: names.into_bytes() });
        files.sort_by(|a, b| a.path.cmp(&b.path));
    }
    if files.len() < 300 {
        return Err(format!("{} holds {} files only: not the whole library", folder.display(), files.len()));
    }
    Ok(files)
}

/// The wheels in a folder, by name.
fn wheels(folder: &Path) -> BTreeMap<String, PathBuf> {
    let entries = folder.read_dir().into_iter().flatten().flatten();
    entries
        .filter_map(|entry| Some((entry.file_name().into_string().ok()?, entry.path())))
        .filter(|(name, _)| name.ends_with(".whl"))
        .collect()
}

fn walk(
    folder: &Path,
    below: &str,
    paths: &mut BTreeMap<String, PathBuf>,
    filter: bool,
) -> Result<(), String> {
    let entries = match folder.read_dir() {
        Ok(entries) => entries,
        Err(error) => return Err(format!("{}: {error}", folder.display())),
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let Ok(name) = entry.file_name().into_string() else { continue };
        let relative = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
        if path.is_dir() {
            if !filter || keep_folder(&name, &relative) {
                walk(&path, &relative, paths, filter)?;
            }
        } else if name.ends_with(".py") && path.is_file() && (!filter || keep_file(&name, &relative)) {
            paths.insert(relative, path);
        }
    }
    Ok(())
}

fn keep_folder(name: &str, relative: &str) -> bool {
    let is_suite = name == "tests" || (name == "test" && relative != "test");
    let below_test = relative.starts_with("test/");
    let below_test = below_test && relative != "test/support";
    !is_suite && !below_test && !name.starts_with("plat-") && !SKIPPED_FOLDERS.contains(&relative)
}

fn keep_file(name: &str, relative: &str) -> bool {
    if relative.starts_with("test/") {
        return KEPT_TESTS.contains(&relative);
    }
    let is_identifier = name[..name.len() - 3].chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    is_identifier && !SKIPPED_FILES.contains(&name)
}

fn module_name(path: &str) -> Option<(String, bool)> {
    let stem = path.strip_suffix(".py")?;
    match stem.strip_suffix("/__init__") {
        Some(package) => Some((package.replace('/', "."), true)),
        None => Some((stem.replace('/', "."), false)),
    }
}

/// The text with every `from` made `to`.
pub fn replace(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut result = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.windows(from.len()).position(|window| window == from) {
        result.extend_from_slice(&rest[..at]);
        result.extend_from_slice(to);
        rest = &rest[at + from.len()..];
    }
    result.extend_from_slice(rest);
    result
}
