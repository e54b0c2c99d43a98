//! From the bytes a caller has to the buffer the scanner reads.
//!
//! PEP 263: a byte order mark or a coding comment in the first two lines names the encoding. Sources in UTF-8 and
//! Latin-1 are kept as they are; any other encoding is decoded through the hooks and held as UTF-8.
//!
//! A string is judged as a whole, before its first token. A file is read line by line, so a line that cannot be
//! decoded counts only when the scanner gets there: an earlier syntax error wins. [`Source::stop`] holds that error.
//!
//! # Invariants
//! S1. Line ends in the buffer are `\n`.
//! S2. `bytes[len]`, one past the text, is a `\n` the scanner may hand out once more at the end of a file.
//! S3. `len` fits 31 bits.

use super::encoding::{CodecError, SourceHooks};
use crate::error::{Error, Result, SyntaxKind};

/// Where the bytes come from; it decides some error positions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Input {
    /// A string: `compile`, `exec`, `eval`.
    #[default]
    String,
    /// A file: a script, an imported module, `execfile`.
    File,
    /// Lines typed so far at an interactive prompt.
    Prompt,
}

/// A source ready to be scanned.
#[derive(Debug)]
pub struct Source {
    /// The text and one more `\n` (S2).
    pub bytes: Vec<u8>,
    /// Length of the text.
    pub len: usize,
    /// The declared encoding under its normal name; `utf-8` and `iso-8859-1` mean the bytes are untouched.
    pub encoding: Option<String>,
    /// The last line had no line end of its own.
    pub newline_added: bool,
    /// The line that starts here cannot be read.
    pub stop: Option<(usize, Error)>,
}

impl Source {
    /// Whether the tokens are UTF-8 while the source was not, so that byte strings must be encoded back.
    pub fn recoded(&self) -> bool {
        self.encoding.as_deref().is_some_and(|e| !is_raw(e))
    }
}

/// Whether the lexer keeps sources in this encoding as they are.
fn is_raw(encoding: &str) -> bool {
    encoding == "utf-8" || encoding == "iso-8859-1"
}

const BOM: &[u8] = b"\xef\xbb\xbf";

/// Prepares a source. `filename` is for one message only.
pub fn prepare(
    bytes: &[u8],
    input: Input,
    exec: bool,
    filename: &str,
    hooks: &mut dyn SourceHooks,
) -> Result<Source> {
    if bytes.len() > i32::MAX as usize {
        return Err(Error::Memory);
    }
    if input == Input::String && memchr::memchr(0, bytes).is_some() {
        return Err(Error::Type("compile() expected string without null bytes".into()));
    }
    let (body, mut encoding) = match bytes.strip_prefix(BOM) {
        Some(rest) => (rest, Some("utf-8".to_string())),
        None => (bytes, None),
    };
    let mut text = Vec::with_capacity(body.len() + 2);
    translate_newlines(body, input == Input::File, &mut text);
    let newline_added = (exec || input == Input::File) && !text.is_empty() && text.last() != Some(&b'\n')
        // A string that ends in CR LF gets a line more: visible in the positions of errors at its end.
        || exec && input == Input::String && (text.is_empty() || body.ends_with(b"\r\n"));
    if newline_added {
        text.push(b'\n');
    }
    let mut stop = None;
    let decoded_from = match find_cookie(&text) {
        None => 0,
        Some(cookie) => match (&encoding, cookie.name) {
            (Some(bom), name) if *bom != name => {
                stop = Some((
                    cookie.line_start,
                    problem(input, cookie.lineno, format!("encoding problem: {name} with BOM")),
                ));
                0
            }
            (_, name) => {
                encoding = Some(name);
                cookie.next_line
            }
        },
    };
    if stop.is_none() {
        match &encoding {
            Some(name) if !is_raw(name) => {
                let from = if input == Input::String { 0 } else { decoded_from };
                stop = recode(&mut text, from, name, input, hooks)?;
            }
            None if input == Input::File => {
                if let Some(at) = text.iter().position(|b| *b >= 0x80) {
                    let line = line_of(&text, at);
                    let message = format!(
                        "Non-ASCII character '\\x{:02x}' in file {filename} on line {line}, but no encoding declared; \
                         see http://python.org/dev/peps/pep-0263/ for details",
                        text[at]
                    );
                    stop = Some((line_start(&text, at), problem(input, line, message)));
                }
            }
            _ => {}
        }
    }
    if input == Input::String
        && let Some((_, error)) = stop
    {
        return Err(error);
    }
    let len = text.len();
    if len > i32::MAX as usize {
        return Err(Error::Memory);
    }
    text.push(b'\n');
    Ok(Source { bytes: text, len, encoding, newline_added, stop })
}

/// A source that could not be decoded; strings are judged before any line is counted.
fn problem(input: Input, lineno: usize, message: String) -> Error {
    let lineno = if input == Input::String { 0 } else { lineno as i32 };
    Error::at(SyntaxKind::Syntax, message, lineno, 0, None)
}

/// Decodes `text[from..]` in place; says where a file stops being readable.
fn recode(
    text: &mut Vec<u8>,
    from: usize,
    name: &str,
    input: Input,
    hooks: &mut dyn SourceHooks,
) -> Result<Option<(usize, Error)>> {
    match hooks.decode(name, &text[from..]) {
        Ok(utf8) => {
            text.truncate(from);
            text.extend_from_slice(&utf8);
            Ok(None)
        }
        Err(CodecError { message, bad_data }) if input == Input::String || !bad_data => {
            let (at, line, message) = match input {
                Input::String => (0, 0, message),
                // The codec is looked up when the cookie's own line is read.
                _ => {
                    let at = line_start(text, from.saturating_sub(1));
                    (at, line_of(text, at), format!("encoding problem: {name}"))
                }
            };
            Ok(Some((at, problem(input, line, message))))
        }
        Err(_) => {
            // Keep the lines before the bad one.
            let tail = text.split_off(from);
            // A codec reads ahead: only a fault in its first line is noticed in that line.
            let mut line = line_of(text, from);
            let first = line;
            for raw in tail.split_inclusive(|b| *b == b'\n') {
                match hooks.decode(name, raw) {
                    Ok(utf8) => text.extend_from_slice(&utf8),
                    Err(e) => {
                        let at = text.len();
                        text.push(b'\n');
                        return Ok(Some((at, problem(input, first.max(line - 1), e.message))));
                    }
                }
                line += 1;
            }
            Ok(None)
        }
    }
}

/// Copies text, turning `\r\n` and `\r` into `\n`. In a file, what follows a zero byte on its line is not seen.
fn translate_newlines(body: &[u8], file: bool, out: &mut Vec<u8>) {
    let mut rest = body;
    while let Some(at) = if file { memchr::memchr2(b'\r', 0, rest) } else { memchr::memchr(b'\r', rest) } {
        out.extend_from_slice(&rest[..at]);
        if rest[at] == b'\r' {
            out.push(b'\n');
            rest = &rest[at + 1..];
            rest = rest.strip_prefix(b"\n").unwrap_or(rest);
        } else {
            let end = memchr::memchr2(b'\r', b'\n', &rest[at..]).map_or(rest.len(), |n| at + n + 1);
            let crlf = end > at && rest[end - 1] == b'\r' && rest.get(end) == Some(&b'\n');
            rest = &rest[end + crlf as usize..];
        }
    }
    out.extend_from_slice(rest);
}

/// The start of the line that holds `at`.
fn line_start(text: &[u8], at: usize) -> usize {
    memchr::memrchr(b'\n', &text[..at.min(text.len())]).map_or(0, |n| n + 1)
}

/// The number, from 1, of the line that holds `at`.
fn line_of(text: &[u8], at: usize) -> usize {
    memchr::memchr_iter(b'\n', &text[..at.min(text.len())]).count() + 1
}

struct Cookie {
    name: String,
    lineno: usize,
    line_start: usize,
    next_line: usize,
}

/// Looks for a coding comment in the first two lines; the second counts only when the first is blank or a comment.
fn find_cookie(text: &[u8]) -> Option<Cookie> {
    let mut at = 0;
    for lineno in 1..=2 {
        let next_line = memchr::memchr(b'\n', text.get(at..)?)? + at + 1;
        let line = &text[at..next_line];
        let first = line.iter().position(|b| !matches!(b, b' ' | b'\t' | 0x0c))?;
        match line[first] {
            b'#' => {
                if let Some(name) = cookie_in_comment(&line[first..]) {
                    return Some(Cookie { name: normal_name(name), lineno, line_start: at, next_line });
                }
            }
            b'\n' => {}
            _ => return None,
        }
        at = next_line;
    }
    None
}

/// The name after `coding:` or `coding=` in a comment.
fn cookie_in_comment(comment: &[u8]) -> Option<&[u8]> {
    for at in memchr::memmem::find_iter(comment, b"coding") {
        let rest = &comment[at + 6..];
        if !matches!(rest.first(), Some(b':' | b'=')) {
            continue;
        }
        let blank = rest[1..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        let name = &rest[1 + blank..];
        let len =
            name.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.')).count();
        if len > 0 {
            return Some(&name[..len]);
        }
    }
    None
}

/// UTF-8 and Latin-1 are recognised under their common spellings; other names stay as written.
fn normal_name(name: &[u8]) -> String {
    let folded: String =
        name.iter().take(12).map(|&b| if b == b'_' { '-' } else { b.to_ascii_lowercase() as char }).collect();
    let is = |wanted: &str| {
        folded.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    if is("utf-8") {
        "utf-8".into()
    } else if is("latin-1") || is("iso-8859-1") || is("iso-latin-1") {
        "iso-8859-1".into()
    } else {
        String::from_utf8_lossy(name).into_owned()
    }
}
