//! Runs the file tests of the compiler, `interpreter/filetests/compile/*.txt`.
//!
//! A file starts with `stage: compile`. A case is a line `exec`, `eval` or `single`, optionally followed by `-O` or `-OO`; the
//! source in lines that begin with `| `; and the answer in lines that begin with `= `: the warnings, then the listing of
//! the code object or the error. Other lines are comments. With `BLESS=1` our answers are written into the files;
//! `tests/conformance/compare_code.py` given the folder checks the sources against a Python 2.7.

use std::path::Path;
use syntax::CompileFlags;
use syntax::error::{Error, Place};
use syntax::lexer::encoding::BuiltinEncodings;
use syntax::listing::listing;
use syntax::parser::Mode;

fn header(line: &str) -> Option<(Mode, u8)> {
    let (mode, option) = line.split_once(' ').unwrap_or((line, ""));
    let mode = match mode {
        "exec" => Mode::Exec,
        "eval" => Mode::Eval,
        "single" => Mode::Single,
        _ => return None,
    };
    let optimize = match option {
        "" => 0,
        "-O" => 1,
        "-OO" => 2,
        _ => return None,
    };
    Some((mode, optimize))
}

fn answer(mode: Mode, optimize: u8, source: &str) -> String {
    let options = CompileFlags { optimize, ..CompileFlags::default() };
    let mut warnings = Vec::new();
    let result =
        syntax::compile(source.as_bytes(), b"case.py", mode, &options, &mut BuiltinEncodings, &mut warnings);
    let mut out = String::new();
    for w in &warnings {
        out.push_str(&format!("warning: {}: {} (line {})\n", w.kind.class_name(), w.message, w.lineno));
    }
    match result {
        Ok(compiled) => {
            let bytes = syntax::marshal::dump_code(&compiled.code).expect("not nested deeply");
            let read = syntax::marshal::load(&bytes).expect("our own bytes");
            assert_eq!(read, syntax::code::Const::Code(Box::new(compiled.code.clone())), "marshal: {source}");
            out.push_str(&listing(&compiled.code));
        }
        Err(Error::Syntax(e)) if e.place == Place::Nowhere => {
            out.push_str(&format!("{}: {} (no line)\n", e.kind.class_name(), e.message));
        }
        Err(e) => out.push_str(&format!("{e}\n")),
    }
    out
}

/// A case being read.
struct Case {
    mode: Mode,
    optimize: u8,
    line: usize,
    source: String,
    expected: String,
}

impl Case {
    /// Runs it; gives the answer.
    fn finish(self, path: &Path, failures: &mut Vec<String>) -> String {
        let actual = answer(self.mode, self.optimize, &self.source);
        if actual != self.expected {
            failures.push(format!(
                "{}:{}:\n{}gives\n{actual}expected\n{}",
                path.display(),
                self.line,
                self.source,
                self.expected
            ));
        }
        actual
    }
}

fn run(path: &Path, bless: bool) -> (usize, Vec<String>) {
    let text = std::fs::read_to_string(path).expect("file test");
    assert!(text.starts_with("stage: compile\n"), "{}: no header", path.display());
    let (mut count, mut failures, mut blessed) = (0, Vec::new(), String::new());
    let mut case: Option<Case> = None;
    for (number, line) in text.lines().chain([""]).enumerate() {
        let is_part = line.starts_with('|') || line.starts_with('=');
        if !is_part && let Some(done) = case.take() {
            count += 1;
            for answer_line in done.finish(path, &mut failures).lines() {
                blessed.push_str(format!("= {answer_line}").trim_end());
                blessed.push('\n');
            }
        }
        match (&mut case, line.as_bytes().first()) {
            (Some(case), Some(b'|')) => {
                case.source.push_str(line.strip_prefix("| ").unwrap_or(""));
                case.source.push('\n');
            }
            (Some(case), Some(b'=')) => {
                case.expected.push_str(line.strip_prefix("= ").unwrap_or(""));
                case.expected.push('\n');
                continue;
            }
            _ => {}
        }
        if case.is_none()
            && let Some((mode, optimize)) = header(line)
        {
            case = Some(Case {
                mode,
                optimize,
                line: number + 1,
                source: String::new(),
                expected: String::new(),
            });
        }
        blessed.push_str(line);
        blessed.push('\n');
    }
    if bless {
        std::fs::write(path, blessed.trim_end().to_owned() + "\n").expect("bless");
        failures.clear();
    }
    (count, failures)
}

#[test]
fn compile() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../filetests/compile");
    let bless = std::env::var_os("BLESS").is_some();
    let (mut count, mut failures) = (0, Vec::new());
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).expect("folder").map(|e| e.expect("entry").path()).collect();
    paths.sort();
    for path in paths.iter().filter(|p| p.extension().is_some_and(|e| e == "txt")) {
        let (n, failed) = run(path, bless);
        count += n;
        failures.extend(failed);
    }
    assert!(failures.is_empty(), "{} of {count} cases fail\n\n{}", failures.len(), failures.join("\n"));
    assert!(count > 0, "no cases");
}
