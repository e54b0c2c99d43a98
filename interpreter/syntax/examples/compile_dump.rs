//! Compiles files and writes the marshalled code objects; `tests/conformance/compare_code.py` reads them.
//!
//! `compile_dump [--mode exec|eval|single] [-O|-OO] [--text] [FILE...]`; without files their names come on standard input.
//! For each file: a line `WARN kind<TAB>message<TAB>line` for each warning; then `OK length` and a newline and so many bytes
//! of `marshal` data, or `ERR kind<TAB>message<TAB>line<TAB>offset<TAB>place` with `None` for what is unknown.
//! With `--text`, a listing instead.

use std::io::{BufRead, Write};
use syntax::CompileFlags;
use syntax::error::{Error, Place};
use syntax::lexer::encoding::BuiltinEncodings;
use syntax::parser::Mode;

fn failure(error: &Error) -> String {
    let plain = |kind: &str, message: &str| format!("{kind}\t{message}\tNone\tNone\tNone");
    match error {
        Error::Syntax(e) => {
            let line = if e.place == Place::Nowhere { "None".into() } else { e.lineno.to_string() };
            let offset = e.offset.map_or("None".into(), |o| o.to_string());
            let place = match e.place {
                Place::Arguments => "arguments",
                Place::Attributes | Place::Nowhere => "attributes",
            };
            format!("{}\t{}\t{line}\t{offset}\t{place}", e.kind.class_name(), e.message)
        }
        Error::Incomplete => plain("SyntaxError", "unexpected EOF while parsing"),
        Error::ParserStackOverflow | Error::Memory => plain("MemoryError", ""),
        Error::Type(m) => plain("TypeError", m),
        Error::Value(m) => plain("ValueError", m),
        Error::System(m) => plain("SystemError", m),
        Error::Overflow(m) => plain("OverflowError", m),
        Error::Runtime(m) => plain("RuntimeError", m),
        Error::Raised => plain("Raised", ""),
    }
}

fn main() {
    let mut mode = Mode::Exec;
    let mut flags = CompileFlags::default();
    let mut text = false;
    let mut files = Vec::new();
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--mode" => {
                mode = match args.next().as_deref() {
                    Some("eval") => Mode::Eval,
                    Some("single") => Mode::Single,
                    _ => Mode::Exec,
                }
            }
            "-O" => flags.optimize = 1,
            "-OO" => flags.optimize = 2,
            "--text" => text = true,
            _ => files.push(arg),
        }
    }
    if files.is_empty() {
        files = std::io::stdin().lock().lines().map_while(Result::ok).collect();
    }
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for file in &files {
        let mut warnings = Vec::new();
        let compiled = std::fs::read(file).map_err(|e| Error::System(e.to_string())).and_then(|source| {
            syntax::compile(&source, file.as_bytes(), mode, &flags, &mut BuiltinEncodings, &mut warnings)
        });
        for warning in &warnings {
            let _ = writeln!(out, "WARN {}\t{}\t{}", warning.kind.class_name(), warning.message, warning.lineno);
        }
        let result = match compiled {
            Err(e) => writeln!(out, "ERR {}", failure(&e).replace('\n', "\\n")),
            Ok(compiled) if text => out.write_all(syntax::listing::listing(&compiled.code).as_bytes()),
            Ok(compiled) => match syntax::marshal::dump_code(&compiled.code) {
                Some(bytes) => writeln!(out, "OK {}", bytes.len()).and_then(|()| out.write_all(&bytes)),
                None => writeln!(out, "ERR ValueError\tobject too deeply nested to marshal\tNone\tNone\tNone"),
            },
        };
        if result.is_err() {
            return;
        }
    }
}
