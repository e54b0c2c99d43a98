//! Runs the file tests of the parser, `interpreter/filetests/parse/*.txt`.
//!
//! A file starts with `stage: parse`. A case is a line `MODE INPUT` (`exec`, `eval` or `single`; `string`, `file` or
//! `prompt`), the source in lines that begin with `| ` (`|-` for a last line without an end), and one line `= ` with
//! the tree or the error as `examples/dump_ast.rs` prints it. Other lines are comments. With `BLESS=1` our answers
//! are written into the files; `compare_ast.py --filetest` writes those of a Python 2.7.

use std::path::Path;
use syntax::ast_dump::{bytes_repr, dump};
use syntax::error::Error;
use syntax::lexer::encoding::BuiltinEncodings;
use syntax::lexer::source::Input;
use syntax::parser::{Mode, ParseFlags, parse};

struct Case {
    mode: Mode,
    input: Input,
    source: Vec<u8>,
    line: usize,
}

fn header(line: &[u8]) -> Option<(Mode, Input)> {
    let (mode, input) = std::str::from_utf8(line).ok()?.split_once(' ')?;
    let mode = match mode {
        "exec" => Mode::Exec,
        "eval" => Mode::Eval,
        "single" => Mode::Single,
        _ => return None,
    };
    let input = match input {
        "string" => Input::String,
        "file" => Input::File,
        "prompt" => Input::Prompt,
        _ => return None,
    };
    Some((mode, input))
}

fn answer(case: &Case) -> String {
    let flags = ParseFlags { input: case.input, ..ParseFlags::default() };
    match parse(&case.source, "case.py", case.mode, &flags, &mut BuiltinEncodings) {
        Ok(tree) => dump(&tree),
        Err(Error::Syntax(e)) => {
            let offset = e.offset.map_or("None".into(), |o| o.to_string());
            let text = e.text.as_deref().map_or("None".into(), bytes_repr);
            format!(
                "{} {} {} {} {}",
                e.kind.class_name(),
                bytes_repr(e.message.as_bytes()),
                e.lineno,
                offset,
                text
            )
        }
        Err(Error::ParserStackOverflow) => "MemoryError ''".into(),
        Err(Error::Type(m)) => format!("TypeError {}", bytes_repr(m.as_bytes())),
        Err(Error::Value(m)) => format!("ValueError {}", bytes_repr(m.as_bytes())),
        Err(e) => e.to_string(),
    }
}

/// Runs one file; gives the number of cases and the failures.
fn run(path: &Path) -> (usize, Vec<String>) {
    let bytes = std::fs::read(path).expect("file test");
    assert!(bytes.starts_with(b"stage: parse\n"), "{}: no header", path.display());
    let (mut count, mut failures, mut blessed) = (0, Vec::new(), Vec::new());
    let mut case: Option<Case> = None;
    for (n, line) in bytes.split(|b| *b == b'\n').enumerate() {
        match (line, &mut case) {
            ([b'|', b'-', rest @ ..], Some(c)) => {
                c.source.extend_from_slice(rest.strip_prefix(b" ").unwrap_or(rest))
            }
            ([b'|', rest @ ..], Some(c)) => {
                c.source.extend_from_slice(rest.strip_prefix(b" ").unwrap_or(rest));
                c.source.push(b'\n');
            }
            ([b'=', b' ', wanted @ ..], Some(c)) => {
                count += 1;
                let got = answer(c);
                if got.as_bytes() != wanted {
                    let wanted = String::from_utf8_lossy(wanted);
                    failures.push(format!(
                        "{}:{}\n  wanted {wanted}\n  got    {got}",
                        path.display(),
                        c.line
                    ));
                }
                blessed.extend_from_slice(format!("= {got}\n").as_bytes());
                continue;
            }
            _ => {
                if let Some((mode, input)) = header(line) {
                    case = Some(Case { mode, input, source: Vec::new(), line: n + 1 });
                }
            }
        }
        blessed.extend_from_slice(line);
        blessed.push(b'\n');
    }
    if std::env::var_os("BLESS").is_some() {
        blessed.pop();
        std::fs::write(path, blessed).expect("file test");
    }
    (count, failures)
}

#[test]
fn parse_filetests() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../filetests/parse");
    let mut total = 0;
    let mut failures = Vec::new();
    for entry in std::fs::read_dir(&folder).expect("file tests") {
        let path = entry.expect("file test").path();
        if path.extension().is_some_and(|e| e == "txt") {
            let (count, failed) = run(&path);
            total += count;
            failures.extend(failed);
        }
    }
    assert!(total > 300, "only {total} cases found");
    assert!(failures.is_empty(), "{} of {total} differ:\n{}", failures.len(), failures.join("\n"));
}
