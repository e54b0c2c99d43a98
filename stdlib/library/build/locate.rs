//! Where the library's sources are: a folder the user names, a Python 2.7.18 on this machine, or Debian's packages.
//!
//! Order: the environment variable `PYPYSTM_STDLIB` (a folder that holds `os.py`); an interpreter that says it is
//! 2.7.18, on `PATH` or in a version manager's folder; packages fetched through apt into a cache beside the build
//! outputs; last, an interpreter of another 2.7 release, with a warning.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The release whose library this runtime is written for.
const WANTED: &str = "2.7.18";

/// The packages that hold the library, and pip with all it needs as wheels.
const PACKAGES: [&str; 3] = ["libpython2.7-minimal", "libpython2.7-stdlib", "python-pip-whl"];

/// A folder with the sources, where wheels of pip and setuptools lie, and a word on where it came from.
pub struct Found {
    pub folder: PathBuf,
    pub wheels: PathBuf,
    pub origin: String,
}

impl Found {
    /// A library as CPython installs it, with the wheels in `ensurepip`.
    fn released(folder: PathBuf, origin: String) -> Found {
        Found { wheels: folder.join("ensurepip/_bundled"), folder, origin }
    }
}

/// Finds or fetches the library.
pub fn locate(root: &Path, out: &Path) -> Result<Found, String> {
    println!("cargo::rerun-if-env-changed=PYPYSTM_STDLIB");
    if let Some(named) = env::var_os("PYPYSTM_STDLIB").filter(|value| !value.is_empty()) {
        let folder = PathBuf::from(named);
        if !is_library(&folder) {
            return Err(format!("PYPYSTM_STDLIB={} holds no Python library (no os.py)", folder.display()));
        }
        println!("cargo::rerun-if-changed={}", folder.join("os.py").display());
        return Ok(Found::released(folder, "the folder named by PYPYSTM_STDLIB".into()));
    }

    let installed = installed();
    let exact = installed.iter().position(|(release, _)| release == WANTED);
    if let Some(position) = exact {
        let (release, folder) = &installed[position];
        println!("cargo::rerun-if-changed={}", folder.join("os.py").display());
        return Ok(Found::released(folder.clone(), format!("an installed Python {release}")));
    }

    let script = root.join("tools/fetch-debian-python");
    println!("cargo::rerun-if-changed={}", script.display());
    let cache = target_folder(out).join("python27-library");
    let fetched = fetch(&script, &cache);
    let reason = match fetched {
        Ok(folder) => {
            let wheels = cache.join("root/usr/share/python-wheels");
            return Ok(Found { folder, wheels, origin: "Debian's packages".into() });
        }
        Err(reason) => reason,
    };

    if let Some((release, folder)) = installed.into_iter().next() {
        println!(
            "cargo::warning=no Python {WANTED} library: {reason}; taking that of the installed {release}"
        );
        return Ok(Found::released(folder, format!("an installed Python {release}")));
    }
    Err(format!(
        "no library of Python {WANTED}: no such interpreter on this machine, and {reason}. \
         Set PYPYSTM_STDLIB to a folder that holds it."
    ))
}

fn is_library(folder: &Path) -> bool {
    folder.join("os.py").is_file() && folder.join("site.py").is_file()
}

/// Every Python 2.7 that runs here, as (release, folder of its library).
fn installed() -> Vec<(String, PathBuf)> {
    let mut found: Vec<(String, PathBuf)> = Vec::new();
    for interpreter in candidates() {
        if let Some(answer) = ask(&interpreter)
            && !found.contains(&answer)
        {
            found.push(answer);
        }
    }
    found
}

/// Programs that may be a Python 2.7: on `PATH`, then in the layouts of version managers.
fn candidates() -> Vec<PathBuf> {
    let mut candidates = vec![PathBuf::from("python2.7")];
    let home = env::var_os("HOME").map(PathBuf::from);
    let mut roots = Vec::new();
    for (variable, below_home) in [("PYENV_ROOT", ".pyenv"), ("ASDF_DATA_DIR", ".asdf")] {
        roots.extend(env::var_os(variable).map(PathBuf::from));
        roots.extend(home.as_ref().map(|home| home.join(below_home)));
    }
    roots.extend(home.as_ref().map(|home| home.join(".local/share/mise")));
    for root in roots {
        for versions in ["versions", "installs/python"] {
            let Ok(entries) = root.join(versions).read_dir() else { continue };
            let mut below: Vec<PathBuf> = entries
                .flatten()
                .filter(|entry| entry.file_name().to_string_lossy().starts_with("2.7"))
                .map(|entry| entry.path().join("bin/python2.7"))
                .filter(|path| path.is_file())
                .collect();
            below.sort();
            candidates.extend(below.into_iter().rev());
        }
    }
    candidates
}

/// Asks an interpreter for its release and its library; nothing when it is no working 2.7.
fn ask(interpreter: &Path) -> Option<(String, PathBuf)> {
    let question = "import sys, os; print sys.version.split()[0]; print sys.subversion[0]; print os.path.dirname(os.__file__)";
    let answer = Command::new(interpreter).args(["-E", "-S", "-c", question]).output().ok()?;
    if !answer.status.success() {
        return None;
    }
    let text = String::from_utf8(answer.stdout).ok()?;
    let mut lines = text.lines();
    let (release, implementation, folder) = (lines.next()?, lines.next()?, lines.next()?);
    let folder = PathBuf::from(folder);
    // The release may carry a `+`, as distributors' builds do.
    let release = release.trim_end_matches('+');
    (implementation == "CPython" && release.starts_with("2.7.") && is_library(&folder))
        .then(|| (release.to_owned(), folder))
}

fn fetch(script: &Path, cache: &Path) -> Result<PathBuf, String> {
    let output = Command::new("sh")
        .arg(script)
        .arg(cache)
        .args(PACKAGES.map(OsStr::new))
        .output()
        .map_err(|error| format!("sh does not run: {error}"))?;
    let folder = cache.join("root/usr/lib/python2.7");
    if output.status.success() && is_library(&folder) {
        Ok(folder)
    } else {
        let said = String::from_utf8_lossy(&output.stderr).trim().replace('\n', "; ");
        Err(format!("Debian's packages could not be fetched ({said})"))
    }
}

/// The target folder that `out` lies in: cargo tags it. The cache in it is shared by all profiles.
fn target_folder(out: &Path) -> &Path {
    out.ancestors().find(|folder| folder.join("CACHEDIR.TAG").is_file()).unwrap_or(out)
}
