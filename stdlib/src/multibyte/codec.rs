//! One step of decoding or encoding, for each codec. No Python objects here.

use super::iso2022;
use super::tables::{NAMES, four_byte_runs, table};

/// A codec.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Codec {
    /// By a table of [`NAMES`].
    Plain(usize),
    Hz,
    /// By a row of [`iso2022::ROWS`].
    Iso2022(usize),
}

/// What a stateful codec remembers; all zero at the start.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Character sets in G0, G1, G2.
    pub g: [u8; 3],
    pub shifted: bool,
    /// Within an escape sequence of another standard, which goes through.
    pub through: bool,
}

impl State {
    /// As a number.
    pub fn pack(self) -> i64 {
        let [a, b, c] = self.g.map(i64::from);
        a | b << 8 | c << 16 | i64::from(self.shifted) << 24 | i64::from(self.through) << 25
    }

    pub fn unpack(n: i64) -> State {
        State {
            g: [n as u8, (n >> 8) as u8, (n >> 16) as u8],
            shifted: n >> 24 & 1 != 0,
            through: n >> 25 & 1 != 0,
        }
    }
}

/// A step of decoding.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Decoded {
    /// Up to two characters (0: none) from so many bytes.
    Chars(u32, u32, usize),
    /// So many bytes are wrong.
    Illegal(usize),
    /// More bytes are needed.
    Incomplete,
}

/// A step of encoding.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Encoded {
    /// The bytes are in the output; so many characters were used.
    Done(usize),
    /// So many characters cannot be encoded.
    Illegal(usize),
    /// It depends on the next character.
    Incomplete,
}

const GB2312: usize = 0;
const GB18030: usize = 2;
const EUC_KR: usize = 6;

impl Codec {
    /// The codec of a name.
    pub fn by_name(name: &str) -> Option<Codec> {
        if name == "hz" {
            return Some(Codec::Hz);
        }
        if let Some(i) = NAMES.iter().position(|n| *n == name) {
            return Some(Codec::Plain(i));
        }
        iso2022::ROWS.iter().position(|r| r.name == name).map(Codec::Iso2022)
    }

    pub fn name(self) -> &'static str {
        match self {
            Codec::Plain(i) => NAMES[i],
            Codec::Hz => "hz",
            Codec::Iso2022(i) => iso2022::ROWS[i].name,
        }
    }

    /// As a number.
    pub fn pack(self) -> i64 {
        match self {
            Codec::Plain(i) => i as i64,
            Codec::Hz => 100,
            Codec::Iso2022(i) => 200 + i as i64,
        }
    }

    pub fn unpack(n: i64) -> Codec {
        match n {
            100 => Codec::Hz,
            200.. => Codec::Iso2022((n as usize - 200).min(iso2022::ROWS.len() - 1)),
            n => Codec::Plain((n.max(0) as usize).min(NAMES.len() - 1)),
        }
    }

    /// Decodes what `b`, which is not empty, begins with.
    pub fn decode(self, s: &mut State, b: &[u8]) -> Decoded {
        match self {
            Codec::Plain(i) => decode_plain(i, b),
            Codec::Hz => decode_hz(s, b),
            Codec::Iso2022(i) => iso2022::decode(&iso2022::ROWS[i], s, b),
        }
    }

    /// Encodes what `c`, which is not empty, begins with. `last`: nothing follows.
    pub fn encode(self, s: &mut State, c: &[u32], last: bool, out: &mut Vec<u8>) -> Encoded {
        match self {
            Codec::Plain(i) => encode_plain(i, c, last, out),
            Codec::Hz => encode_hz(s, c[0], out),
            Codec::Iso2022(i) => iso2022::encode(&iso2022::ROWS[i], s, c, last, out),
        }
    }

    /// Writes what brings a decoder back to the start.
    pub fn reset(self, s: &mut State, out: &mut Vec<u8>) {
        match self {
            Codec::Plain(_) => {}
            Codec::Hz => {
                if s.shifted {
                    out.extend_from_slice(b"~}");
                }
            }
            Codec::Iso2022(_) => iso2022::reset(s, out),
        }
        *s = State::default();
    }
}

fn put(key: u32, out: &mut Vec<u8>) {
    let b = key.to_be_bytes();
    let first = b.iter().position(|b| *b != 0).unwrap_or(3);
    out.extend_from_slice(&b[first..]);
}

fn decode_plain(i: usize, b: &[u8]) -> Decoded {
    let c = b[0];
    let t = table(i);
    if let Some((x, y)) = t.decode.get(&u32::from(c)) {
        return Decoded::Chars(*x, *y, 1);
    }
    if c < 0x80 {
        return Decoded::Chars(u32::from(c), 0, 1);
    }
    let Some(&d) = b.get(1) else { return Decoded::Incomplete };
    if i == GB18030 && d.is_ascii_digit() {
        return four_bytes(b);
    }
    if i == EUC_KR && c == 0xa4 && d == 0xd4 {
        return composed(b);
    }
    let three = c == 0x8f && NAMES[i].starts_with("euc_j");
    let n = if three { 3 } else { 2 };
    if b.len() < n {
        return Decoded::Incomplete;
    }
    let key = b[..n].iter().fold(0, |k, b| k << 8 | u32::from(*b));
    match t.decode.get(&key) {
        Some((x, y)) => Decoded::Chars(*x, *y, n),
        None => Decoded::Illegal(n),
    }
}

/// A four-byte sequence of GB 18030.
fn four_bytes(b: &[u8]) -> Decoded {
    let [a, c, d, e, ..] = *b else { return Decoded::Incomplete };
    if !(0x81..=0xfe).contains(&a) || !(0x81..=0xfe).contains(&d) || !e.is_ascii_digit() {
        return Decoded::Illegal(4);
    }
    let [a, c, d, e] = [a - 0x81, c - 0x30, d - 0x81, e - 0x30].map(u32::from);
    let n = ((a * 10 + c) * 126 + d) * 10 + e;
    if a >= 15 {
        let c = 0x1_0000 + n - 189_000;
        return if c <= 0x10_ffff { Decoded::Chars(c, 0, 4) } else { Decoded::Illegal(4) };
    }
    let runs = four_byte_runs();
    let k = runs.partition_point(|r| r.2 <= n);
    match runs[..k].last() {
        Some(r) if n < r.2 + r.1 => Decoded::Chars(r.0 + n - r.2, 0, 4),
        _ => Decoded::Illegal(4),
    }
}

/// Which letters of KS X 1001, from 0xA1 on, begin a syllable, and as which.
const INITIAL: &[u8; 30] = b"\x00\x01\xff\x02\xff\xff\x03\x04\x05\xff\xff\xff\xff\xff\xff\xff\x06\x07\x08\xff\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12";
/// As [`INITIAL`], for the end; 0 is no letter.
const FINAL: &[u8; 30] = b"\x01\x02\x03\x04\x05\x06\x07\xff\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\xff\x12\x13\x14\x15\x16\xff\x17\x18\x19\x1a\x1b";

/// A syllable written as its letters: eight bytes.
fn composed(b: &[u8]) -> Decoded {
    let [_, _, p, x, q, y, r, z, ..] = *b else { return Decoded::Incomplete };
    let letter = |table: &[u8; 30], c: u8| {
        let n = *table.get(usize::from(c.checked_sub(0xa1)?))?;
        (n != 0xff).then_some(u32::from(n))
    };
    let middle = y.checked_sub(0xbf).filter(|m| *m < 21).map(u32::from);
    let last = if z == 0xd4 { Some(0) } else { letter(FINAL, z) };
    match (letter(INITIAL, x), middle, last) {
        (Some(i), Some(m), Some(l)) if [p, q, r] == [0xa4; 3] => {
            Decoded::Chars(0xac00 + i * 588 + m * 28 + l, 0, 8)
        }
        _ => Decoded::Illegal(8),
    }
}

fn encode_plain(i: usize, c: &[u32], last: bool, out: &mut Vec<u8>) -> Encoded {
    let t = table(i);
    let x = c[0];
    if t.firsts.contains(&x) {
        match c.get(1) {
            None if !last => return Encoded::Incomplete,
            Some(y) => {
                if let Some(k) = t.pairs.get(&(x, *y)) {
                    put(*k, out);
                    return Encoded::Done(2);
                }
            }
            None => {}
        }
    }
    if let Some(k) = t.encode.get(&x) {
        put(*k, out);
        return Encoded::Done(1);
    }
    if x < 0x80 && !t.decode.contains_key(&x) {
        out.push(x as u8);
        return Encoded::Done(1);
    }
    if i == GB18030 {
        let n = if x >= 0x1_0000 {
            Some(x - 0x1_0000 + 189_000)
        } else {
            let runs = four_byte_runs();
            let k = runs.partition_point(|r| r.0 <= x);
            runs[..k].last().filter(|r| x < r.0 + r.1).map(|r| r.2 + x - r.0)
        };
        if let Some(n) = n {
            let (a, b, c, d) = (n / 12600, n / 1260 % 10, n / 10 % 126, n % 10);
            out.extend([a + 0x81, b + 0x30, c + 0x81, d + 0x30].map(|b| b as u8));
            return Encoded::Done(1);
        }
    }
    if i == EUC_KR && (0xac00..=0xd7a3).contains(&x) {
        let n = x - 0xac00;
        let letter = |table: &[u8; 30], k: u32| {
            table.iter().position(|t| u32::from(*t) == k).map_or(0xd4, |p| p as u8 + 0xa1)
        };
        let last = if n.is_multiple_of(28) { 0xd4 } else { letter(FINAL, n % 28) };
        let middle = (n / 28 % 21) as u8 + 0xbf;
        out.extend([0xa4, 0xd4, 0xa4, letter(INITIAL, n / 588), 0xa4, middle, 0xa4, last]);
        return Encoded::Done(1);
    }
    Encoded::Illegal(1)
}

fn decode_hz(s: &mut State, b: &[u8]) -> Decoded {
    let c = b[0];
    if c == b'~' {
        let Some(&d) = b.get(1) else { return Decoded::Incomplete };
        match (d, s.shifted) {
            (b'~', false) => return Decoded::Chars(u32::from(b'~'), 0, 2),
            (b'{', false) => s.shifted = true,
            (b'\n', false) => {}
            (b'}', true) => s.shifted = false,
            _ => return Decoded::Illegal(2),
        }
        return Decoded::Chars(0, 0, 2);
    }
    if c >= 0x80 {
        return Decoded::Illegal(1);
    }
    if !s.shifted {
        return Decoded::Chars(u32::from(c), 0, 1);
    }
    let Some(&d) = b.get(1) else { return Decoded::Incomplete };
    let key = u32::from(c) << 8 | u32::from(d) | 0x8080;
    match table(GB2312).decode.get(&key) {
        Some((x, _)) if d < 0x80 => Decoded::Chars(*x, 0, 2),
        _ => Decoded::Illegal(1),
    }
}

fn encode_hz(s: &mut State, c: u32, out: &mut Vec<u8>) -> Encoded {
    if c < 0x80 {
        if s.shifted {
            out.extend_from_slice(b"~}");
            s.shifted = false;
        }
        out.push(c as u8);
        if c == u32::from(b'~') {
            out.push(b'~');
        }
        return Encoded::Done(1);
    }
    match table(GB2312).encode.get(&c) {
        Some(k) => {
            if !s.shifted {
                out.extend_from_slice(b"~{");
                s.shifted = true;
            }
            put(k & 0x7f7f, out);
            Encoded::Done(1)
        }
        None => Encoded::Illegal(1),
    }
}
