//! Prints syntax trees, or why there is none, one line a file; `tests/compare_ast.py` reads it.
//!
//! `dump_ast [--mode exec|eval|single] [--string|--prompt] [--dont-imply-dedent] [--time] FILE...`; without files their names come on standard input.

use std::io::{BufRead, Write};
use syntax::ast_dump::{bytes_repr, dump};
use syntax::error::Error;
use syntax::lexer::encoding::BuiltinEncodings;
use syntax::lexer::source::Input;
use syntax::parser::{Mode, ParseFlags, parse};

fn line(source: &[u8], name: &str, mode: Mode, flags: &ParseFlags) -> String {
    match parse(source, name, mode, flags, &mut BuiltinEncodings) {
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
        Err(e) => format!("{e:?}"),
    }
}

fn main() {
    let mut mode = Mode::Exec;
    let mut flags = ParseFlags { input: Input::File, ..ParseFlags::default() };
    let mut timed = false;
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
            "--string" => flags.input = Input::String,
            "--prompt" => flags.input = Input::Prompt,
            "--dont-imply-dedent" => flags.dont_imply_dedent = true,
            "--time" => timed = true,
            _ => files.push(arg),
        }
    }
    if files.is_empty() {
        files = std::io::stdin().lock().lines().map_while(Result::ok).collect();
    }
    // Printing recurses as deep as the tree.
    let worker = std::thread::Builder::new().stack_size(1 << 30).spawn(move || {
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        let (mut bytes, start) = (0, std::time::Instant::now());
        for file in &files {
            let Ok(source) = std::fs::read(file) else {
                let _ = writeln!(out, "cannot read {file}");
                continue;
            };
            if timed {
                bytes += source.len();
                let _ = parse(&source, file, mode, &flags, &mut BuiltinEncodings);
            } else {
                let _ = writeln!(out, "{}", line(&source, file, mode, &flags));
            }
        }
        if timed {
            let seconds = start.elapsed().as_secs_f64();
            let _ =
                writeln!(out, "{bytes} bytes in {seconds:.3} s, {:.1} MB/s", bytes as f64 / seconds / 1e6);
        }
    });
    if worker.map(|w| w.join()).is_err() {
        eprintln!("cannot start a thread");
    }
}
