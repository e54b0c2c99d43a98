//! The tables of the East Asian codecs, each unpacked at its first use.
//!
//! `tables.bin` is what `tools/cjk-tables` makes: a count, then per table its name, the name of the table it goes on from and
//! its contents, packed by zlib. Contents are numbers of 7 bits a byte, low ones first: sequences taken away from
//! the base; sequences added, as differences of sequence and character, and a second character or 0; sequences that no
//! encoding gives; encodings that no decoding takes back. A sequence is its bytes as a big-endian number.

use crate::zlib::inflate_zlib;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

static DATA: &[u8] = include_bytes!("tables.bin");

/// The codecs with a table of their own.
pub const NAMES: [&str; 16] = [
    "gb2312",
    "gbk",
    "gb18030",
    "big5",
    "cp950",
    "big5hkscs",
    "euc_kr",
    "cp949",
    "johab",
    "euc_jp",
    "euc_jis_2004",
    "euc_jisx0213",
    "shift_jis",
    "cp932",
    "shift_jis_2004",
    "shift_jisx0213",
];

/// A codec's characters. A second character of 0 is none.
#[derive(Clone, Default)]
pub struct Table {
    pub decode: HashMap<u32, (u32, u32)>,
    pub encode: HashMap<u32, u32>,
    /// Two characters that make one sequence.
    pub pairs: HashMap<(u32, u32), u32>,
    /// The first ones of those.
    pub firsts: HashSet<u32>,
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn number(&mut self) -> u32 {
        let (mut n, mut shift) = (0u32, 0);
        while let Some((&b, rest)) = self.0.split_first() {
            self.0 = rest;
            n |= u32::from(b & 0x7f) << shift;
            if b & 0x80 == 0 || shift > 21 {
                break;
            }
            shift += 7;
        }
        n
    }

    fn signed(&mut self) -> i64 {
        let n = i64::from(self.number());
        if n & 1 == 0 { n >> 1 } else { -((n + 1) >> 1) }
    }

    fn bytes(&mut self, n: usize) -> &[u8] {
        let (a, b) = self.0.split_at(n.min(self.0.len()));
        self.0 = b;
        a
    }

    /// Numbers as differences.
    fn list(&mut self) -> Vec<u32> {
        let mut at = 0u32;
        (0..self.number())
            .map(|_| {
                at = at.wrapping_add(self.number());
                at
            })
            .collect()
    }
}

/// A table's base and contents.
fn find(name: &str) -> Option<(String, Vec<u8>)> {
    let mut r = Reader(DATA);
    for _ in 0..r.number() {
        let n = r.bytes(1)[0];
        let own = r.bytes(usize::from(n)).to_vec();
        let n = r.bytes(1)[0];
        let base = String::from_utf8_lossy(r.bytes(usize::from(n))).into_owned();
        let n = r.number() as usize;
        let packed = r.bytes(n);
        if own == name.as_bytes() {
            return Some((base, inflate_zlib(packed).ok()?));
        }
    }
    None
}

fn load(i: usize) -> Table {
    let mut t = Table::default();
    let Some((base, contents)) = find(NAMES[i]) else { return t };
    if let Some(b) = NAMES.iter().position(|n| *n == base) {
        t.decode = table(b).decode.clone();
    }
    let mut r = Reader(&contents);
    for k in r.list() {
        t.decode.remove(&k);
    }
    let (mut key, mut c) = (0u32, 0i64);
    for _ in 0..r.number() {
        key = key.wrapping_add(r.number());
        c += r.signed();
        let second = r.number();
        t.decode.insert(key, (c as u32, second));
    }
    let one_way: HashSet<u32> = r.list().into_iter().collect();
    let mut add = |(c, d): (u32, u32), key: u32| {
        if d == 0 {
            t.encode.insert(c, key);
        } else {
            t.pairs.insert((c, d), key);
            t.firsts.insert(c);
        }
    };
    for (k, cs) in &t.decode {
        if !one_way.contains(k) {
            add(*cs, *k);
        }
    }
    let mut c = 0u32;
    for _ in 0..r.number() {
        c = c.wrapping_add(r.number());
        let (second, key) = (r.number(), r.number());
        add((c, second), key);
    }
    t
}

/// The table of a codec, by its number in [`NAMES`].
pub fn table(i: usize) -> &'static Table {
    static TABLES: [OnceLock<Table>; 16] = [const { OnceLock::new() }; 16];
    TABLES[i].get_or_init(|| load(i))
}

/// A run of characters with four-byte sequences in GB 18030: first character, count, number of the first sequence.
pub type Run = (u32, u32, u32);

/// The runs below U+10000.
pub fn four_byte_runs() -> &'static [Run] {
    static RUNS: OnceLock<Vec<Run>> = OnceLock::new();
    RUNS.get_or_init(|| {
        let Some((_, contents)) = find("gb18030-four") else { return Vec::new() };
        let mut r = Reader(&contents);
        (0..r.number()).map(|_| (r.number(), r.number(), r.number())).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_whole() {
        for (i, n) in NAMES.iter().enumerate() {
            assert!(table(i).decode.len() > 6000, "{n}");
            assert!(table(i).encode.len() > 6000, "{n}");
        }
        assert_eq!(table(0).decode[&0xb0a1], (0x554a, 0));
        assert!(four_byte_runs().len() > 200);
    }
}
