//! What a distributor changed in the library, taken back, so that where something is installed and how it is named
//! does not depend on where this build found its library.
//!
//! Debian keeps the packages of the system in `dist-packages` and lets `setup.py install` and `sysconfig` choose
//! schemes of its own below `local`; the schemes themselves may stay, nothing chooses them then.

use crate::collect::replace;

/// (file, the distributor's words, the released ones).
const CHANGES: [(&str, &[u8], &[u8]); 4] = [
    ("sysconfig.py", b"return 'posix_local'", b"return 'posix_prefix'"),
    (
        "distutils/command/install.py",
        b"self.select_scheme(\"unix_local\")",
        b"self.select_scheme(\"unix_prefix\")",
    ),
    (
        "distutils/command/install_egg_info.py",
        b"elif self.prefix_option or 'real_prefix' in sys.__dict__:",
        b"elif True:",
    ),
    (
        "site.py",
        b"            sitepackages.append(os.path.join(prefix, \"local/lib\",
                                        \"python\" + sys.version[:3],
                                        \"site-packages\"))\n",
        b"",
    ),
];

/// The text of the file at `path` as it was released.
pub fn undo(path: &str, text: Vec<u8>) -> Vec<u8> {
    let mut text = replace(&text, b"dist-packages", b"site-packages");
    if text.starts_with(b"#!") {
        let end = text.iter().position(|&byte| byte == b'\n').unwrap_or(text.len());
        text.splice(..end, *b"#! /usr/bin/env python2.7");
    }
    for (_, from, to) in CHANGES.iter().filter(|(file, ..)| *file == path) {
        text = replace(&text, from, to);
    }
    text
}
