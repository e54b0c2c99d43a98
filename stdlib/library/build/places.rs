//! Where an installation keeps what: `PREFIX/lib-python/2.7` for the library, `PREFIX/site-packages` for what is
//! installed, as PyPy has it. Tools that see `sys.pypy_version_info` (virtualenv, for one) rely on that. The modules
//! that spell the places out are adjusted here.

/// (file, its words, ours).
const PLACES: [(&str, &[u8], &[u8]); 8] = [
    (
        "sysconfig.py",
        b"'stdlib': '{base}/lib/python{py_version_short}'",
        b"'stdlib': '{base}/lib-python/{py_version_short}'",
    ),
    (
        "sysconfig.py",
        b"'platstdlib': '{platbase}/lib/python{py_version_short}'",
        b"'platstdlib': '{platbase}/lib-python/{py_version_short}'",
    ),
    ("sysconfig.py", b"'{base}/lib/python{py_version_short}/site-packages'", b"'{base}/site-packages'"),
    (
        "sysconfig.py",
        b"'{platbase}/lib/python{py_version_short}/site-packages'",
        b"'{platbase}/site-packages'",
    ),
    (
        "distutils/command/install.py",
        b"'$base/lib/python$py_version_short/site-packages'",
        b"'$base/site-packages'",
    ),
    (
        "distutils/command/install.py",
        b"'$platbase/lib/python$py_version_short/site-packages'",
        b"'$platbase/site-packages'",
    ),
    (
        "distutils/sysconfig.py",
        b"\"lib\", \"python\" + get_python_version())",
        b"\"lib-python\", get_python_version())",
    ),
    (
        "distutils/sysconfig.py",
        b"os.path.join(libpython, \"site-packages\")",
        b"os.path.join(prefix, \"site-packages\")",
    ),
];

/// `site.py` names the folder over three lines, indented as its author liked.
const SITE: (&[u8], &[u8], &[u8]) =
    (b"(prefix, \"lib\",", b"\"site-packages\"))", b"(prefix, \"site-packages\"))");

/// The text of the file at `path`, adjusted.
pub fn adjust(path: &str, mut text: Vec<u8>) -> Vec<u8> {
    for (_, from, to) in PLACES.iter().filter(|(file, ..)| *file == path) {
        text = crate::collect::replace(&text, from, to);
    }
    if path == "site.py"
        && let Some(start) = find(&text, SITE.0)
        && let Some(length) = find(&text[start..], SITE.1)
    {
        text.splice(start..start + length + SITE.1.len(), SITE.2.iter().copied());
    }
    text
}

fn find(text: &[u8], word: &[u8]) -> Option<usize> {
    text.windows(word.len()).position(|window| window == word)
}
