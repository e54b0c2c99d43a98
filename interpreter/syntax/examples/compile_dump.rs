//! Compiles files and writes the marshalled code objects; `tests/conformance/compare_code.py` reads them.
//!
//! `compile_dump [--mode exec|eval|single] [-O|-OO] [-3] [--text|--symbols] [FILE...]`; without files their names come on standard input.
//! For each file: a line `WARN kind<TAB>message<TAB>line` for each warning; then `OK length` and a newline and so many bytes
//! of `marshal` data, or `ERR kind<TAB>message<TAB>line<TAB>offset<TAB>place` with `None` for what is unknown.
//! With `--text`, a listing instead; with `--symbols`, the symbol table.

use std::io::{BufRead, Write};
use syntax::CompileFlags;
use syntax::error::{Error, Place};
use syntax::lexer::encoding::{BuiltinEncodings, Category, CodecError, SourceHooks};
use syntax::parser::{Mode, parse};
use syntax::symtable::{BlockId, BlockType, SymbolTable};
use syntax::warning::{Warning, WarningKind};

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

/// The built-in encodings, and a record of the warnings.
#[derive(Default)]
struct Hooks {
    warnings: Vec<Warning>,
}

impl SourceHooks for Hooks {
    fn decode(&mut self, encoding: &str, bytes: &[u8]) -> Result<Vec<u8>, CodecError> {
        BuiltinEncodings.decode(encoding, bytes)
    }

    fn encode(&mut self, encoding: &str, utf8: &[u8], replace: bool) -> Result<Vec<u8>, CodecError> {
        BuiltinEncodings.encode(encoding, utf8, replace)
    }

    fn warn_py3k(&mut self, category: Category, message: &str, lineno: i32) -> bool {
        let kind = match category {
            Category::Deprecation => WarningKind::Deprecation,
            Category::Syntax => WarningKind::Syntax,
        };
        self.warnings.push(Warning { kind, message: message.into(), lineno, becomes_syntax_error: false });
        true
    }
}

/// A block of the symbol table and those within, a line each.
fn write_block(out: &mut String, table: &SymbolTable, id: BlockId, depth: usize) {
    let block = table.block(id);
    let kind = match block.kind {
        BlockType::Function => 0,
        BlockType::Class => 1,
        BlockType::Module => 2,
    };
    let optimized = block.unoptimized;
    let names: Vec<String> = block.varnames.iter().map(|n| n.to_text()).collect();
    let symbols: Vec<String> = block.symbols.iter().map(|(n, bits)| format!("{n}={bits}")).collect();
    out.push_str(&format!(
        "{depth} {} {kind} {} {} {optimized} {} | {}\n",
        block.name,
        block.lineno,
        i32::from(block.nested),
        names.join(" "),
        symbols.join(" ")
    ));
    for child in &block.children {
        write_block(out, table, *child, depth + 1);
    }
}

fn main() {
    let mut mode = Mode::Exec;
    let mut flags = CompileFlags::default();
    let (mut text, mut symbols) = (false, false);
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
            "-3" => flags.parse.py3k_warnings = true,
            "--text" => text = true,
            "--symbols" => symbols = true,
            _ => files.push(arg),
        }
    }
    if files.is_empty() {
        files = std::io::stdin().lock().lines().map_while(Result::ok).collect();
    }
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for file in &files {
        let mut hooks = Hooks::default();
        let mut warnings = Vec::new();
        if symbols {
            let written = std::fs::read(file).is_ok_and(|source| {
                let tree = parse(&source, file, mode, &flags.parse, &mut hooks);
                match tree.and_then(|tree| syntax::symtable::build(&tree, false, &mut warnings)) {
                    Ok(table) => {
                        let mut text = String::new();
                        write_block(&mut text, &table, SymbolTable::TOP, 0);
                        writeln!(out, "OK {}", text.len())
                            .and_then(|()| out.write_all(text.as_bytes()))
                            .is_ok()
                    }
                    Err(e) => writeln!(out, "ERR {}", failure(&e).replace('\n', "\\n")).is_ok(),
                }
            });
            if !written {
                return;
            }
            continue;
        }
        let compiled = std::fs::read(file).map_err(|e| Error::System(e.to_string())).and_then(|source| {
            syntax::compile(&source, file.as_bytes(), mode, &flags, &mut hooks, &mut warnings)
        });
        for warning in hooks.warnings.iter().chain(&warnings) {
            let _ =
                writeln!(out, "WARN {}\t{}\t{}", warning.kind.class_name(), warning.message, warning.lineno);
        }
        let result = match compiled {
            Err(e) => writeln!(out, "ERR {}", failure(&e).replace('\n', "\\n")),
            Ok(compiled) if text => out.write_all(syntax::listing::listing(&compiled.code).as_bytes()),
            Ok(compiled) => match syntax::marshal::dump_code(&compiled.code) {
                Some(bytes) => writeln!(out, "OK {}", bytes.len()).and_then(|()| out.write_all(&bytes)),
                None => {
                    writeln!(out, "ERR ValueError\tobject too deeply nested to marshal\tNone\tNone\tNone")
                }
            },
        };
        if result.is_err() {
            return;
        }
    }
}
