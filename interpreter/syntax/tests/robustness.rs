//! Whatever the bytes, the parser answers: it neither panics, nor hangs, nor runs out of native stack.

use syntax::error::Error;
use syntax::lexer::encoding::{BuiltinEncodings, Category, CodecError, SourceHooks};
use syntax::lexer::scanner::TabCheck;
use syntax::lexer::source::Input;
use syntax::parser::{Mode, ParseFlags, parse};

fn parse_all_ways(source: &[u8]) {
    for mode in [Mode::Exec, Mode::Eval, Mode::Single] {
        for input in [Input::String, Input::File, Input::Prompt] {
            let flags = ParseFlags { input, ..ParseFlags::default() };
            let _ = parse(source, "f", mode, &flags, &mut BuiltinEncodings);
        }
    }
}

/// Runs with little stack, as a thread of the interpreter may have.
fn with_small_stack(work: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(1 << 20).spawn(work).unwrap().join().unwrap();
}

#[test]
fn deep_nesting_needs_little_native_stack() {
    with_small_stack(|| {
        for (piece, limit) in
            [("-", 1480), ("not ", 1480), ("lambda:", 740), ("a**", 740), ("a if b else ", 1480), ("(", 98)]
        {
            for n in [limit - 1, limit, limit + 1, limit + 2, 100_000] {
                parse_all_ways(format!("{}x", piece.repeat(n)).as_bytes());
            }
        }
        for piece in ["+a", ".a", "()", "[0]", " and b", "<b", "=b", ",b", "\nelif a: pass"] {
            parse_all_ways(format!("a{}\n", piece.repeat(20_000)).as_bytes());
        }
        parse_all_ways(format!("if a: pass{}\n", "\nelif a: pass".repeat(20_000)).as_bytes());
        parse_all_ways(format!("[x for x in a{}]\n", " if b".repeat(700)).as_bytes());
    });
}

#[test]
fn too_deep_is_an_error_of_its_own() {
    let flags = ParseFlags::default();
    let deep = |n: usize| {
        parse(
            format!("{}\n", "(".repeat(n) + &")".repeat(n)).as_bytes(),
            "f",
            Mode::Exec,
            &flags,
            &mut BuiltinEncodings,
        )
    };
    assert!(deep(99).is_ok());
    assert_eq!(deep(100).err(), Some(Error::ParserStackOverflow));
}

/// Pieces that meet in odd ways when strung together at random.
const PIECES: &[&str] = &[
    "if",
    "elif",
    "else",
    ":",
    "\n",
    "\n  ",
    "\n\t",
    "\n    ",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "'",
    "\"",
    "\"\"\"",
    "\\",
    "\\\n",
    "x",
    "print",
    ">>",
    "lambda",
    "for",
    "in",
    "1",
    "0x",
    "08",
    "1e",
    "1e5j",
    "5L",
    ".",
    "...",
    "@",
    "def f",
    "class C",
    "=",
    "+=",
    "**",
    "*",
    ",",
    ";",
    "`",
    "~",
    "<>",
    "!",
    "$",
    "?",
    "\0",
    "\r",
    "\r\n",
    "\x0c",
    "# coding: utf-8\n",
    "# coding: iso-8859-15\n",
    "# coding: ascii\n",
    "\u{feff}",
    "é",
    "u'\\N{",
    "u'\\u12",
    "'\\x",
    "from __future__ import print_function",
    "yield",
    "None",
    "import",
    "from",
    "with",
    "as",
    "try",
    "except",
    "finally",
    "exec",
    "not",
    "is",
    "raise",
    "return",
    "# tab-width: 4\n",
    " ",
    "\t",
];

#[test]
fn random_text_is_answered() {
    // A linear congruential generator: the same run every time.
    let mut state = 12345u64;
    let mut random = |n: usize| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as usize % n
    };
    for _ in 0..20_000 {
        let mut source = Vec::new();
        for _ in 0..random(12) {
            source.extend_from_slice(PIECES[random(PIECES.len())].as_bytes());
            if random(3) == 0 {
                source.push(b' ');
            }
            if random(30) == 0 {
                source.push(random(256) as u8);
            }
        }
        parse_all_ways(&source);
    }
}

/// Records warnings; refuses the one asked for.
#[derive(Default)]
struct Recorder {
    seen: Vec<(Category, String, i32)>,
    tabs: usize,
    refuse: bool,
}

impl SourceHooks for Recorder {
    fn decode(&mut self, encoding: &str, bytes: &[u8]) -> Result<Vec<u8>, CodecError> {
        BuiltinEncodings.decode(encoding, bytes)
    }

    fn encode(&mut self, encoding: &str, utf8: &[u8], replace: bool) -> Result<Vec<u8>, CodecError> {
        BuiltinEncodings.encode(encoding, utf8, replace)
    }

    fn warn_py3k(&mut self, category: Category, message: &str, lineno: i32) -> bool {
        self.seen.push((category, message.into(), lineno));
        !self.refuse
    }

    fn warn_tabs(&mut self) {
        self.tabs += 1;
    }
}

#[test]
fn py3k_warnings_reach_the_embedder() {
    let flags = ParseFlags { py3k_warnings: true, ..ParseFlags::default() };
    let warnings = |source: &str| {
        let mut hooks = Recorder::default();
        parse(source.as_bytes(), "f", Mode::Exec, &flags, &mut hooks).unwrap();
        hooks.seen
    };
    let syntax = |message: &str, line| vec![(Category::Syntax, message.to_string(), line)];
    assert_eq!(
        warnings("x=\\\na<>b"),
        [(Category::Deprecation, "<> not supported in 3.x; use !=".to_string(), 2)]
    );
    assert_eq!(
        warnings("def f(a,\n(b,c)): pass"),
        syntax("tuple parameter unpacking has been removed in 3.x", 2)
    );
    assert_eq!(
        warnings("def f(a,\n(b)): pass"),
        syntax("parenthesized argument names are invalid in 3.x", 2)
    );
    assert_eq!(warnings("x.True=1"), syntax("assignment to True or False is forbidden in 3.x", 1));
    assert_eq!(warnings("def nonlocal(): pass"), syntax("nonlocal is a keyword in 3.x", 1));
    assert_eq!(warnings("`1`"), syntax("backquote not supported in 3.x; use repr()", 1));
    assert_eq!(warnings("def f((a,True)): pass").len(), 3);
    assert_eq!(warnings("def f((((a)),b)): pass").len(), 1);
    assert!(warnings("del True\nnonlocal\nglobal True").is_empty());
    let mut hooks = Recorder { refuse: true, ..Recorder::default() };
    assert_eq!(parse(b"a<>b", "f", Mode::Exec, &flags, &mut hooks).err(), Some(Error::Raised));
    assert_eq!(parse(b"`a`", "f", Mode::Exec, &flags, &mut hooks).err(), Some(Error::Raised));
}

#[test]
fn mixed_tabs_are_reported_or_refused() {
    let source = b"if 1:\n        x\n\ty\n";
    let mut hooks = Recorder::default();
    let flags = ParseFlags { tab_check: TabCheck::Warn, ..ParseFlags::default() };
    assert!(parse(source, "f", Mode::Exec, &flags, &mut hooks).is_ok());
    assert_eq!(hooks.tabs, 1);
    let flags = ParseFlags { tab_check: TabCheck::Refuse, ..ParseFlags::default() };
    match parse(source, "f", Mode::Exec, &flags, &mut hooks) {
        Err(Error::Syntax(e)) => {
            assert_eq!((e.kind.class_name(), e.lineno, e.offset), ("TabError", 3, Some(3)));
            assert_eq!(e.message, "inconsistent use of tabs and spaces in indentation");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_line_in_another_encoding_is_shown_in_it() {
    let mut hooks = BuiltinEncodings;
    let flags = ParseFlags { input: Input::File, ..ParseFlags::default() };
    match parse(b"# coding: iso-8859-15\n\"\xa4\" z\n", "f", Mode::Exec, &flags, &mut hooks) {
        Err(Error::Syntax(e)) => {
            assert_eq!((e.offset, e.text.as_deref()), (Some(5), Some(&b"\"\xa4\" z\n"[..])));
        }
        other => panic!("{other:?}"),
    }
}
