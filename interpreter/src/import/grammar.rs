//! The pickled grammar tables of `lib2to3`, which CPython's installation generates beside `Grammar.txt`.
//!
//! `lib2to3` reads `GrammarVERSION.pickle` through its loader when the text is no file on disk. The embedded library
//! has only the text, so the tables are made from it on demand, by `lib2to3`'s own generator.

use crate::eval::build::import_module;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::{Slot, Value};

/// The text file, below the library's folder, from which the pickle at `path` is made.
fn text_of(path: &str) -> Option<&'static str> {
    let stem = path.strip_prefix("lib2to3/")?.strip_suffix(".pickle")?;
    ["lib2to3/PatternGrammar.txt", "lib2to3/Grammar.txt"].into_iter().find(|text| {
        let name = &text["lib2to3/".len()..text.len() - ".txt".len()];
        stem.strip_prefix(name).is_some_and(|version| version.starts_with(|c: char| c.is_ascii_digit()))
    })
}

/// The pickled tables for `path`, if that is the name of such a file. `read` gives embedded files.
pub fn tables(th: &mut Thread, path: &str, read: fn(&str) -> Option<Vec<u8>>) -> PyResult<Slot> {
    let Some(name) = text_of(path) else { return Ok(None) };
    let Some(text) = read(name) else { return Ok(None) };
    let mut generator = imported(th, b"lib2to3")?;
    for part in [&b"pgen2"[..], b"pgen", b"ParserGenerator"] {
        generator = attribute(th, generator, part)?;
    }
    let strings = imported(th, b"cStringIO")?;
    let open = attribute(th, strings, b"StringIO")?;
    let text = th.try_str(&text)?;
    let stream = ops::call(th, open, &[text])?;
    let name = th.try_str(name.as_bytes())?;
    let generator = ops::call(th, generator, &[name, stream])?;
    let make = attribute(th, generator, b"make_grammar")?;
    let grammar = ops::call(th, make, &[])?;
    let fields = attribute(th, grammar, b"__dict__")?;
    let pickle = imported(th, b"pickle")?;
    let dumps = attribute(th, pickle, b"dumps")?;
    let binary = Value::int_unchecked(2);
    ops::call(th, dumps, &[fields, binary]).map(Some)
}

fn imported(th: &mut Thread, name: &[u8]) -> PyResult {
    let name = th.intern(name);
    import_module(th, name)
}

fn attribute(th: &mut Thread, of: Value, name: &[u8]) -> PyResult {
    let name = th.intern(name);
    ops::getattr(th, of, name)
}

#[cfg(test)]
mod tests {
    use super::text_of;

    #[test]
    fn only_grammar_pickles_have_a_text() {
        assert_eq!(text_of("lib2to3/Grammar2.7.18.final.0.pickle"), Some("lib2to3/Grammar.txt"));
        assert_eq!(
            text_of("lib2to3/PatternGrammar2.7.18.final.0.pickle"),
            Some("lib2to3/PatternGrammar.txt")
        );
        assert_eq!(text_of("lib2to3/Other2.7.pickle"), None);
        assert_eq!(text_of("Grammar2.7.18.final.0.pickle"), None);
    }
}
