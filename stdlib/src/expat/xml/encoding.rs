//! From the bytes of a document to UTF-8.

use std::sync::Arc;

/// How bytes become characters.
#[derive(Clone, Debug)]
pub enum Encoding {
    /// Nothing known yet: the first bytes decide.
    Unknown,
    Utf8,
    Latin1,
    Ascii,
    Utf16 {
        big: bool,
    },
    /// One byte a character, by a table; -1: none.
    Table(Arc<[i32; 256]>),
}

/// A byte that is no UTF-8: stands for what has no character.
const INVALID: u8 = 0xff;

impl Encoding {
    /// The built-in encoding of a name. UTF-16 without a byte order is big-endian.
    pub fn by_name(name: &[u8]) -> Option<Encoding> {
        Some(match &name.to_ascii_uppercase()[..] {
            b"UTF-8" => Encoding::Utf8,
            b"ISO-8859-1" => Encoding::Latin1,
            b"US-ASCII" => Encoding::Ascii,
            b"UTF-16" | b"UTF-16BE" => Encoding::Utf16 { big: true },
            b"UTF-16LE" => Encoding::Utf16 { big: false },
            _ => return None,
        })
    }

    /// Characters are units of two bytes.
    pub fn is_wide(&self) -> bool {
        matches!(self, Encoding::Utf16 { .. })
    }

    /// Text in memory is the document's bytes.
    pub fn is_utf8(&self) -> bool {
        matches!(self, Encoding::Utf8 | Encoding::Unknown)
    }

    /// How many bytes of the document a character took, given its first byte in UTF-8 and its length there.
    pub fn width(&self, length: usize) -> usize {
        match self {
            Encoding::Unknown | Encoding::Utf8 => length,
            Encoding::Latin1 | Encoding::Ascii | Encoding::Table(_) => 1,
            Encoding::Utf16 { .. } => {
                if length == 4 {
                    4
                } else {
                    2
                }
            }
        }
    }

    /// Decodes as much as there are whole characters; how many bytes were used.
    pub fn decode(&self, bytes: &[u8], out: &mut Vec<u8>) -> usize {
        let mut one = |c: i32| match u32::try_from(c).ok().and_then(char::from_u32) {
            Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            None => out.push(INVALID),
        };
        match self {
            Encoding::Unknown | Encoding::Utf8 => out.extend_from_slice(bytes),
            Encoding::Latin1 => bytes.iter().for_each(|b| one(i32::from(*b))),
            Encoding::Ascii => bytes.iter().for_each(|b| one(if *b < 0x80 { i32::from(*b) } else { -1 })),
            Encoding::Table(t) => bytes.iter().for_each(|b| one(t[usize::from(*b)])),
            Encoding::Utf16 { big } => {
                let unit = |i: usize| {
                    let pair = [*bytes.get(i)?, *bytes.get(i + 1)?];
                    Some(if *big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) })
                };
                let mut i = 0;
                while let Some(u) = unit(i) {
                    if (0xd800..0xdc00).contains(&u) {
                        let Some(v) = unit(i + 2) else { break };
                        if (0xdc00..0xe000).contains(&v) {
                            let c = 0x1_0000 + ((i32::from(u) & 0x3ff) << 10) + (i32::from(v) & 0x3ff);
                            one(c);
                            i += 4;
                            continue;
                        }
                    }
                    one(i32::from(u));
                    i += 2;
                }
                return i;
            }
        }
        bytes.len()
    }

    /// The encoding that the first bytes show and the length of a byte order mark; `None`: more are needed.
    pub fn detect(bytes: &[u8], ended: bool) -> Option<(Encoding, usize)> {
        match bytes {
            [0xfe, 0xff, ..] => Some((Encoding::Utf16 { big: true }, 2)),
            [0xff, 0xfe, ..] => Some((Encoding::Utf16 { big: false }, 2)),
            [0xef, 0xbb, 0xbf, ..] => Some((Encoding::Utf8, 3)),
            [0xef] | [0xef, 0xbb] | [_] | [] if !ended => None,
            [0, _, ..] => Some((Encoding::Utf16 { big: true }, 0)),
            [b'<', 0, ..] => Some((Encoding::Utf16 { big: false }, 0)),
            _ => Some((Encoding::Utf8, 0)),
        }
    }
}
