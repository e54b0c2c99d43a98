//! The codecs of ISO 2022: character sets designated by escape sequences.

use super::codec::{Decoded, Encoded, State};
use super::tables::{NAMES, table};

const ESC: u8 = 0x1b;
const SO: u8 = 0x0e;
const SI: u8 = 0x0f;

/// Set in the number of character sets of two bytes: the rest is the escape sequence's last byte.
const DOUBLE: u8 = 0x80;
/// The number of ASCII is 0, so that a fresh state has it.
const ASCII: u8 = 0;

/// A character set.
#[derive(Debug, PartialEq, Eq)]
enum Set {
    /// Two-byte part of a table.
    Rows(&'static str),
    /// Three-byte part of a table, the first byte being 0x8F.
    ThreeByte(&'static str),
    /// The Roman part of JIS X 0201.
    Roman,
    /// The katakana part.
    Katakana,
    Latin1,
    Greek,
}

/// A character set that a codec knows.
#[derive(Debug)]
pub struct Designation {
    mark: u8,
    /// Where it goes: G0, G1, G2.
    place: usize,
    set: Set,
    /// Only characters that are two.
    pairs_only: bool,
}

/// A codec.
#[derive(Debug)]
pub struct Row {
    pub name: &'static str,
    /// Shifts are characters like any other.
    no_shift: bool,
    has_g2: bool,
    /// In the order in which encoding tries them.
    sets: &'static [Designation],
}

const fn set(mark: u8, set: Set) -> Designation {
    Designation { mark, place: 0, set, pairs_only: false }
}

const X0208: Designation = set(b'B' | DOUBLE, Set::Rows("euc_jp"));
const X0208_OLD: Designation = set(b'@' | DOUBLE, Set::Rows("euc_jp"));
const X0212: Designation = set(b'D' | DOUBLE, Set::ThreeByte("euc_jp"));
const ROMAN: Designation = set(b'J', Set::Roman);
const KATAKANA: Designation = set(b'I', Set::Katakana);

/// All of them.
pub static ROWS: &[Row] = &[
    Row {
        name: "iso2022_kr",
        no_shift: false,
        has_g2: false,
        sets: &[Designation { place: 1, ..set(b'C' | DOUBLE, Set::Rows("euc_kr")) }],
    },
    Row { name: "iso2022_jp", no_shift: true, has_g2: false, sets: &[X0208, ROMAN, X0208_OLD] },
    Row { name: "iso2022_jp_1", no_shift: true, has_g2: false, sets: &[X0208, X0212, ROMAN, X0208_OLD] },
    Row {
        name: "iso2022_jp_2",
        no_shift: true,
        has_g2: true,
        sets: &[
            X0208,
            X0212,
            set(b'C' | DOUBLE, Set::Rows("euc_kr")),
            set(b'A' | DOUBLE, Set::Rows("gb2312")),
            ROMAN,
            X0208_OLD,
            Designation { place: 2, ..set(b'A', Set::Latin1) },
            Designation { place: 2, ..set(b'F', Set::Greek) },
        ],
    },
    Row {
        name: "iso2022_jp_2004",
        no_shift: true,
        has_g2: false,
        sets: &[
            X0208,
            Designation { pairs_only: true, ..set(b'Q' | DOUBLE, Set::Rows("euc_jis_2004")) },
            set(b'Q' | DOUBLE, Set::Rows("euc_jis_2004")),
            set(b'P' | DOUBLE, Set::ThreeByte("euc_jis_2004")),
        ],
    },
    Row {
        name: "iso2022_jp_3",
        no_shift: true,
        has_g2: false,
        sets: &[
            X0208,
            Designation { pairs_only: true, ..set(b'O' | DOUBLE, Set::Rows("euc_jisx0213")) },
            set(b'O' | DOUBLE, Set::Rows("euc_jisx0213")),
            set(b'P' | DOUBLE, Set::ThreeByte("euc_jisx0213")),
        ],
    },
    Row {
        name: "iso2022_jp_ext",
        no_shift: true,
        has_g2: false,
        sets: &[X0208, X0212, ROMAN, KATAKANA, X0208_OLD],
    },
];

fn index(name: &str) -> usize {
    NAMES.iter().position(|n| *n == name).unwrap_or(0)
}

/// A character of a set from its bytes, which have seven bits.
fn decode_set(s: &Set, b: &[u8]) -> Option<(u32, u32)> {
    let two = || u32::from(b[0]) << 8 | u32::from(b[1]) | 0x8080;
    match s {
        _ if b.iter().any(|b| *b >= 0x80) => None,
        Set::Rows(t) => table(index(t)).decode.get(&two()).copied(),
        Set::ThreeByte(t) => table(index(t)).decode.get(&(0x8f_0000 | two())).copied(),
        Set::Roman => Some(match b[0] {
            b'\\' => (0xa5, 0),
            b'~' => (0x203e, 0),
            c => (u32::from(c), 0),
        }),
        Set::Katakana if (0x21..0x60).contains(&b[0]) => Some((u32::from(b[0]) + 0xff40, 0)),
        Set::Katakana => None,
        Set::Latin1 => Some((u32::from(b[0]) | 0x80, 0)),
        Set::Greek => greek(b[0] | 0x80).map(|c| (c, 0)),
    }
}

/// ISO 8859-7, upper half.
fn greek(b: u8) -> Option<u32> {
    Some(match b {
        0xa1 => 0x2018,
        0xa2 => 0x2019,
        0xaf => 0x2015,
        0xa0 | 0xa3 | 0xa6..=0xa9 | 0xab..=0xad | 0xb0..=0xb3 | 0xb7 | 0xbb | 0xbd => u32::from(b),
        0xb4..=0xfe if b != 0xd2 => u32::from(b) + 0x2d0,
        _ => return None,
    })
}

/// The bytes of characters in a set, and how many characters.
fn encode_set(d: &Designation, c: &[u32]) -> Option<(u32, usize)> {
    let rows = |t: &str, three: bool| {
        let t = table(index(t));
        if d.pairs_only {
            return t.pairs.get(&(c[0], *c.get(1)?)).map(|k| (k & 0x7f7f, 2));
        }
        let k = *t.encode.get(&c[0])?;
        let fits = if three { k >> 16 == 0x8f } else { (0xa1a1..0x1_0000).contains(&k) && k & 0x80 != 0 };
        fits.then_some((k & 0x7f7f, 1))
    };
    match &d.set {
        Set::Rows(t) => rows(t, false),
        Set::ThreeByte(t) => rows(t, true),
        Set::Roman => match c[0] {
            0xa5 => Some((0x5c, 1)),
            0x203e => Some((0x7e, 1)),
            _ => None,
        },
        Set::Katakana => (0xff61..0xffa0).contains(&c[0]).then(|| (c[0] - 0xff40, 1)),
        Set::Latin1 | Set::Greek => None,
    }
}

/// The end of an escape sequence that begins `b`: so many bytes are wrong, or more are needed.
fn escape(r: &Row, s: &mut State, b: &[u8]) -> Decoded {
    const LONGEST: usize = 16;
    let mut i = 1;
    let end = loop {
        match b.get(i) {
            _ if i >= LONGEST => return Decoded::Illegal(1),
            None => return Decoded::Incomplete,
            Some(b'A'..=b'Z' | b'@') => break i + 1,
            Some(b'&') if b.get(i + 1) == Some(&b'@') => i += 2,
            Some(_) => i += 1,
        }
    };
    let (mark, place) = match (end, b[1], b[2.min(b.len() - 1)]) {
        (3, b'$', m) => (m | DOUBLE, 0),
        (3, b'(', m) => (m, 0),
        (3, b')', m) => (m, 1),
        (3, b'.', m) if r.has_g2 => (m, 2),
        (4, b'$', b'(') => (b[3] | DOUBLE, 0),
        (4, b'$', b')') => (b[3] | DOUBLE, 1),
        (6, ..) if b[3] == ESC && b[4] == b'$' && b[5] == b'B' => (b'B' | DOUBLE, 0),
        _ => return Decoded::Illegal(end),
    };
    if mark == b'B' && place == 0 {
        s.g[0] = ASCII;
        return Decoded::Chars(0, 0, end);
    }
    if !r.sets.iter().any(|d| d.mark == mark) {
        return Decoded::Illegal(end);
    }
    s.g[place] = mark;
    Decoded::Chars(0, 0, end)
}

pub(super) fn decode(r: &Row, s: &mut State, b: &[u8]) -> Decoded {
    let c = b[0];
    let itself = Decoded::Chars(u32::from(c), 0, 1);
    if s.through {
        s.through = !matches!(c, b'A'..=b'Z' | b'@');
        return itself;
    }
    match c {
        ESC => match b.get(1) {
            None => Decoded::Incomplete,
            Some(b'(' | b')' | b'$' | b'.' | b'&') => escape(r, s, b),
            Some(b'N') if r.has_g2 => {
                let Some(&x) = b.get(2) else { return Decoded::Incomplete };
                let d = r.sets.iter().find(|d| d.place == 2 && d.mark == s.g[2]);
                match d.and_then(|d| decode_set(&d.set, &[x])) {
                    Some((x, y)) => Decoded::Chars(x, y, 3),
                    // Nothing designated: the single shift goes by.
                    None if s.g[2] == ASCII && x < 0x80 => Decoded::Chars(u32::from(x), 0, 3),
                    None => Decoded::Illegal(3),
                }
            }
            Some(_) => {
                s.through = true;
                itself
            }
        },
        SI | SO if !r.no_shift => {
            s.shifted = c == SO;
            Decoded::Chars(0, 0, 1)
        }
        b'\n' => {
            s.shifted = false;
            itself
        }
        0..0x20 => itself,
        0x80.. => Decoded::Illegal(1),
        _ => {
            let mark = s.g[usize::from(s.shifted)];
            let Some(d) = r.sets.iter().find(|d| d.mark == mark) else { return itself };
            let n = if mark & DOUBLE != 0 { 2 } else { 1 };
            if b.len() < n {
                return Decoded::Incomplete;
            }
            match decode_set(&d.set, &b[..n]) {
                Some((x, y)) => Decoded::Chars(x, y, n),
                None => Decoded::Illegal(n),
            }
        }
    }
}

fn to_ascii(s: &mut State, out: &mut Vec<u8>) {
    if s.g[0] != ASCII {
        out.extend_from_slice(b"\x1b(B");
        s.g[0] = ASCII;
    }
    if s.shifted {
        out.push(SI);
        s.shifted = false;
    }
}

pub(super) fn reset(s: &mut State, out: &mut Vec<u8>) {
    if s.shifted {
        out.push(SI);
        s.shifted = false;
    }
    to_ascii(s, out);
}

pub(super) fn encode(r: &Row, s: &mut State, c: &[u32], last: bool, out: &mut Vec<u8>) -> Encoded {
    if c[0] < 0x80 {
        to_ascii(s, out);
        out.push(c[0] as u8);
        return Encoded::Done(1);
    }
    for d in r.sets {
        if d.pairs_only
            && !last
            && c.len() == 1
            && let Set::Rows(t) = d.set
            && table(index(t)).firsts.contains(&c[0])
        {
            return Encoded::Incomplete;
        }
        let Some((key, n)) = encode_set(d, c) else { continue };
        let final_byte = d.mark & !DOUBLE;
        if d.place == 1 {
            if s.g[1] != d.mark {
                out.extend_from_slice(&[ESC, b'$', b')', final_byte]);
                s.g[1] = d.mark;
            }
            if !s.shifted {
                out.push(SO);
                s.shifted = true;
            }
        } else {
            if s.shifted {
                out.push(SI);
                s.shifted = false;
            }
            if s.g[0] != d.mark {
                match d.mark {
                    m if m & DOUBLE == 0 => out.extend_from_slice(&[ESC, b'(', m]),
                    // The oldest sets have a shorter sequence.
                    _ if matches!(final_byte, b'@' | b'A' | b'B') => {
                        out.extend_from_slice(&[ESC, b'$', final_byte]);
                    }
                    _ => out.extend_from_slice(&[ESC, b'$', b'(', final_byte]),
                }
                s.g[0] = d.mark;
            }
        }
        if d.mark & DOUBLE != 0 {
            out.push((key >> 8) as u8);
        }
        out.push(key as u8);
        return Encoded::Done(n);
    }
    Encoded::Illegal(1)
}
