//! Source encodings: the ones built in, and the hook through which all others are reached.
//!
//! The codec machinery is Python code, so this crate asks its embedder through [`SourceHooks`] for every
//! encoding it does not know itself. Inside the lexer a source in such an encoding is held as UTF-8.

/// Why text could not be converted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodecError {
    /// What `str()` of the codec's exception gives.
    pub message: String,
    /// The codec exists but the data does not fit it (a `UnicodeError`).
    pub bad_data: bool,
}

/// The class of a warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    /// `DeprecationWarning`.
    Deprecation,
    /// `SyntaxWarning`.
    Syntax,
}

/// What the lexer and the tree builder ask of the embedder.
pub trait SourceHooks {
    /// Decodes bytes of the named encoding to UTF-8 (surrogates in their three-byte form).
    fn decode(&mut self, encoding: &str, bytes: &[u8]) -> Result<Vec<u8>, CodecError>;

    /// Encodes UTF-8 to the named encoding; with `replace`, what does not fit becomes `?`.
    fn encode(&mut self, encoding: &str, utf8: &[u8], replace: bool) -> Result<Vec<u8>, CodecError>;

    /// A construct Python 3 dropped was met under `-3`. False when a filter turned the warning into an exception,
    /// which the embedder keeps.
    fn warn_py3k(&mut self, _category: Category, _message: &str, _lineno: i32) -> bool {
        true
    }

    /// Whether characters can be written by their names: the module that knows these can be had.
    fn has_character_names(&mut self) -> bool {
        true
    }

    /// Tabs and spaces are mixed so that their meaning depends on the width of a tab, and `-t` was given.
    fn warn_tabs(&mut self) {}
}

/// Hooks for an embedder without codecs: the built-in encodings and nothing else.
#[derive(Clone, Copy, Debug, Default)]
pub struct BuiltinEncodings;

impl SourceHooks for BuiltinEncodings {
    fn decode(&mut self, encoding: &str, bytes: &[u8]) -> Result<Vec<u8>, CodecError> {
        decode_builtin(encoding, bytes).unwrap_or_else(|| Err(unknown(encoding)))
    }

    fn encode(&mut self, encoding: &str, utf8: &[u8], replace: bool) -> Result<Vec<u8>, CodecError> {
        encode_builtin(encoding, utf8, replace).unwrap_or_else(|| Err(unknown(encoding)))
    }
}

fn unknown(encoding: &str) -> CodecError {
    CodecError { message: format!("unknown encoding: {encoding}"), bad_data: false }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Builtin {
    Ascii,
    Latin1,
    Latin9,
    Utf8,
}

fn builtin(name: &str) -> Option<Builtin> {
    let normal: String =
        name.chars().map(|c| if c == '-' || c == ' ' { '_' } else { c.to_ascii_lowercase() }).collect();
    Some(match normal.as_str() {
        "ascii" | "us_ascii" | "646" => Builtin::Ascii,
        "latin_1" | "latin1" | "iso_8859_1" | "iso8859_1" | "8859" | "cp819" | "l1" | "latin" => {
            Builtin::Latin1
        }
        "iso_8859_15" | "iso8859_15" | "latin9" | "latin_9" | "l9" => Builtin::Latin9,
        "utf_8" | "utf8" | "u8" | "utf" => Builtin::Utf8,
        _ => return None,
    })
}

/// The eight places where ISO 8859-15 differs from Latin-1.
const LATIN9: [(u8, u32); 8] = [
    (0xa4, 0x20ac),
    (0xa6, 0x160),
    (0xa8, 0x161),
    (0xb4, 0x17d),
    (0xb8, 0x17e),
    (0xbc, 0x152),
    (0xbd, 0x153),
    (0xbe, 0x178),
];

/// Decodes one of the built-in encodings; `None` for any other name.
pub fn decode_builtin(encoding: &str, bytes: &[u8]) -> Option<Result<Vec<u8>, CodecError>> {
    let which = builtin(encoding)?;
    Some(match which {
        Builtin::Ascii => match bytes.iter().position(|b| *b >= 0x80) {
            None => Ok(bytes.to_vec()),
            Some(at) => Err(CodecError {
                message: format!(
                    "'ascii' codec can't decode byte 0x{:02x} in position {at}: ordinal not in range(128)",
                    bytes[at]
                ),
                bad_data: true,
            }),
        },
        Builtin::Utf8 => decode_utf8(bytes)
            .map(|_| bytes.to_vec())
            .map_err(|e| CodecError { message: e.message("utf8", bytes), bad_data: true }),
        Builtin::Latin1 | Builtin::Latin9 => {
            let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 8);
            for &b in bytes {
                let special = if which == Builtin::Latin9 { LATIN9.iter().find(|p| p.0 == b) } else { None };
                push_utf8(&mut out, special.map_or(b as u32, |p| p.1));
            }
            Ok(out)
        }
    })
}

/// Encodes to one of the built-in encodings; `None` for any other name.
pub fn encode_builtin(encoding: &str, utf8: &[u8], replace: bool) -> Option<Result<Vec<u8>, CodecError>> {
    let which = builtin(encoding)?;
    if which == Builtin::Utf8 {
        return Some(Ok(utf8.to_vec()));
    }
    let chars = match decode_utf8(utf8) {
        Ok(chars) => chars,
        Err(e) => return Some(Err(CodecError { message: e.message("utf8", utf8), bad_data: true })),
    };
    let (codec, limit) = match which {
        Builtin::Ascii => ("ascii", 128),
        Builtin::Latin1 => ("latin-1", 256),
        _ => ("charmap", 256),
    };
    let mut out = Vec::with_capacity(chars.len());
    for (at, &c) in chars.iter().enumerate() {
        let byte = if which == Builtin::Latin9 {
            match LATIN9.iter().find(|p| p.1 == c) {
                Some(p) => Some(p.0),
                None => u8::try_from(c).ok().filter(|b| LATIN9.iter().all(|p| p.0 != *b)),
            }
        } else {
            u8::try_from(c).ok().filter(|b| (*b as u32) < limit)
        };
        match byte {
            Some(b) => out.push(b),
            None if replace => out.push(b'?'),
            None => {
                let shown = match c {
                    0..=0xff => format!("\\x{c:02x}"),
                    0x100..=0xffff => format!("\\u{c:04x}"),
                    _ => format!("\\U{c:08x}"),
                };
                let why = if codec == "charmap" {
                    "character maps to <undefined>".into()
                } else {
                    format!("ordinal not in range({limit})")
                };
                let message =
                    format!("'{codec}' codec can't encode character u'{shown}' in position {at}: {why}");
                return Some(Err(CodecError { message, bad_data: true }));
            }
        }
    }
    Some(Ok(out))
}

/// Appends a code point, a surrogate too, as UTF-8.
pub fn push_utf8(out: &mut Vec<u8>, c: u32) {
    match c {
        0..=0x7f => out.push(c as u8),
        0x80..=0x7ff => out.extend([0xc0 | (c >> 6) as u8, 0x80 | (c & 0x3f) as u8]),
        0x800..=0xffff => {
            out.extend([0xe0 | (c >> 12) as u8, 0x80 | (c >> 6 & 0x3f) as u8, 0x80 | (c & 0x3f) as u8])
        }
        _ => out.extend([
            0xf0 | (c >> 18) as u8,
            0x80 | (c >> 12 & 0x3f) as u8,
            0x80 | (c >> 6 & 0x3f) as u8,
            0x80 | (c & 0x3f) as u8,
        ]),
    }
}

/// Where and why bytes are not UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Utf8Error {
    /// First bad byte.
    pub start: usize,
    /// One past the last bad byte.
    pub end: usize,
    /// The reason.
    pub reason: &'static str,
}

impl Utf8Error {
    /// The text of the `UnicodeDecodeError`.
    pub fn message(&self, codec: &str, bytes: &[u8]) -> String {
        decode_message(codec, bytes, self.start, self.end, self.reason)
    }
}

/// The text of a `UnicodeDecodeError`.
pub fn decode_message(codec: &str, bytes: &[u8], start: usize, end: usize, reason: &str) -> String {
    if end == start + 1 {
        let byte = bytes.get(start).copied().unwrap_or(0);
        format!("'{codec}' codec can't decode byte 0x{byte:02x} in position {start}: {reason}")
    } else {
        format!("'{codec}' codec can't decode bytes in position {start}-{}: {reason}", end.wrapping_sub(1))
    }
}

/// Decodes UTF-8 the way Python 2.7 does: surrogates are let through.
pub fn decode_utf8(bytes: &[u8]) -> Result<Vec<u32>, Utf8Error> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let (c, used) = decode_utf8_char(bytes, i)?;
        out.push(c);
        i += used;
    }
    Ok(out)
}

/// Decodes one character at `at`, which must be inside; gives it and its length.
pub fn decode_utf8_char(bytes: &[u8], at: usize) -> Result<(u32, usize), Utf8Error> {
    let s = &bytes[at..];
    let lead = s[0];
    let bad = |end: usize, reason| Err(Utf8Error { start: at, end: at + end, reason });
    let len = match lead {
        0..=0x7f => return Ok((lead as u32, 1)),
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return bad(1, "invalid start byte"),
    };
    let follows = |k: usize| s.get(k).is_some_and(|b| b & 0xc0 == 0x80);
    if s.len() < len {
        let good = (1..s.len()).take_while(|k| follows(*k)).count();
        return bad(good + 1, "unexpected end of data");
    }
    let good = (1..len).take_while(|k| follows(*k)).count();
    if good + 1 < len {
        return bad(good + 1, "invalid continuation byte");
    }
    let bits = |k: usize| (s[k] & 0x3f) as u32;
    let c = match len {
        2 => ((lead & 0x1f) as u32) << 6 | bits(1),
        3 => ((lead & 0xf) as u32) << 12 | bits(1) << 6 | bits(2),
        _ => ((lead & 7) as u32) << 18 | bits(1) << 12 | bits(2) << 6 | bits(3),
    };
    // Overlong forms and what lies beyond the last code point.
    match len {
        3 if c < 0x800 => bad(2, "invalid continuation byte"),
        4 if !(0x10000..=0x10ffff).contains(&c) => bad(3, "invalid continuation byte"),
        _ => Ok((c, len)),
    }
}
