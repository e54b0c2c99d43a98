//! Facts about each code point, in two steps: block of 128, then record.

use std::sync::OnceLock;

static DATA: &[u8] = include_bytes!("../data/tables.bin");

const BLOCKS: usize = 0x11_0000 / 128;
const RECORD: usize = 20;

/// General categories, in the order of [`Record::category`].
pub static CATEGORIES: [&str; 30] = [
    "Cn", "Lu", "Ll", "Lt", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co",
    "Lm", "Lo", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So",
];

/// Bidirectional classes.
pub static BIDI_CLASSES: [&str; 20] = [
    "", "L", "LRE", "LRO", "R", "AL", "RLE", "RLO", "PDF", "EN", "ES", "ET", "AN", "CS", "NSM", "BN", "B",
    "S", "WS", "ON",
];

/// East Asian widths.
pub static WIDTHS: [&str; 6] = ["F", "H", "W", "Na", "A", "N"];

/// Version numbers, in the order of [`Version`].
pub static VERSIONS: [&str; 2] = ["5.2.0", "3.2.0"];

/// Which edition of the database.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Version {
    New,
    Old,
}

/// What is known of a code point.
#[derive(Copy, Clone, Debug)]
pub struct Record {
    /// Index into [`CATEGORIES`].
    pub category: u8,
    /// Index into [`BIDI_CLASSES`].
    pub bidi: u8,
    pub combining: u8,
    /// Index into [`WIDTHS`].
    pub width: u8,
    pub mirrored: bool,
    pub space: bool,
    pub line_break: bool,
    pub decimal: Option<u8>,
    pub digit: Option<u8>,
    pub numeric: Option<f64>,
    upper: i32,
    lower: i32,
    title: i32,
}

struct Table {
    index: Vec<u16>,
    cells: Vec<u16>,
    records: Vec<Record>,
}

fn u32_at(at: usize) -> usize {
    DATA.get(at..at + 4).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]) as usize)
}

fn i32_at(at: usize) -> i32 {
    u32_at(at) as u32 as i32
}

fn words(at: usize, n: usize) -> Vec<u16> {
    DATA[at..at + 2 * n].chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]])).collect()
}

fn load() -> [Table; 2] {
    let length = |at: usize| 8 + 2 * BLOCKS + 256 * u32_at(at) + RECORD * u32_at(at + 4);
    let second = length(0);
    let numbers = second + length(second);
    let numerics: Vec<f64> = (0..u32_at(numbers))
        .map(|i| {
            let at = numbers + 4 + 8 * i;
            f64::from_bits(u32_at(at) as u64 | (u32_at(at + 4) as u64) << 32)
        })
        .collect();
    [0, second].map(|start| {
        let (blocks, records) = (u32_at(start), u32_at(start + 4));
        let cells = start + 8 + 2 * BLOCKS;
        let first = cells + 256 * blocks;
        Table {
            index: words(start + 8, BLOCKS),
            cells: words(cells, 128 * blocks),
            records: (0..records).map(|i| read(first + RECORD * i, &numerics)).collect(),
        }
    })
}

fn read(at: usize, numerics: &[f64]) -> Record {
    let b = &DATA[at..at + RECORD];
    let small = |v: u8| (v != 255).then_some(v);
    Record {
        category: b[0],
        bidi: b[1],
        combining: b[2],
        width: b[3],
        mirrored: b[4] & 1 != 0,
        space: b[4] & 2 != 0,
        line_break: b[4] & 4 != 0,
        decimal: small(b[5]),
        digit: small(b[6]),
        numeric: numerics.get(b[7] as usize).copied(),
        upper: i32_at(at + 8),
        lower: i32_at(at + 12),
        title: i32_at(at + 16),
    }
}

static TABLES: OnceLock<[Table; 2]> = OnceLock::new();

/// What `version` says of a code point; beyond the last one, what it says of unassigned ones.
#[inline]
pub fn record(version: Version, code: u32) -> &'static Record {
    let t = &TABLES.get_or_init(load)[version as usize];
    let code = if code < crate::END { code as usize } else { 0x378 };
    let block = t.index[code >> 7] as usize;
    &t.records[t.cells[block * 128 + (code & 127)] as usize]
}

#[inline]
fn new(code: u32) -> &'static Record {
    record(Version::New, code)
}

fn shifted(code: u32, by: i32) -> u32 {
    code.wrapping_add_signed(by)
}

/// The capital of a character.
#[inline]
pub fn upper(c: u32) -> u32 {
    if c < 128 { (c as u8).to_ascii_uppercase() as u32 } else { shifted(c, new(c).upper) }
}
/// The small form of a character.
#[inline]
pub fn lower(c: u32) -> u32 {
    if c < 128 { (c as u8).to_ascii_lowercase() as u32 } else { shifted(c, new(c).lower) }
}
/// The form of a character at the start of a word.
#[inline]
pub fn title(c: u32) -> u32 {
    if c < 128 { (c as u8).to_ascii_uppercase() as u32 } else { shifted(c, new(c).title) }
}
/// Letters of any kind.
#[inline]
pub fn is_alpha(c: u32) -> bool {
    if c < 128 { (c as u8).is_ascii_alphabetic() } else { matches!(new(c).category, 1..=3 | 17 | 18) }
}
pub fn is_lower(c: u32) -> bool {
    if c < 128 { (c as u8).is_ascii_lowercase() } else { new(c).category == 2 }
}
pub fn is_upper(c: u32) -> bool {
    if c < 128 { (c as u8).is_ascii_uppercase() } else { new(c).category == 1 }
}
pub fn is_title(c: u32) -> bool {
    c >= 128 && new(c).category == 3
}
#[inline]
pub fn is_decimal(c: u32) -> bool {
    if c < 128 { (c as u8).is_ascii_digit() } else { new(c).decimal.is_some() }
}
pub fn is_digit(c: u32) -> bool {
    new(c).digit.is_some()
}
pub fn is_numeric(c: u32) -> bool {
    new(c).numeric.is_some()
}
#[inline]
pub fn is_space(c: u32) -> bool {
    if c < 128 { matches!(c, 9..=13 | 28..=32) } else { new(c).space }
}
#[inline]
pub fn is_line_break(c: u32) -> bool {
    if c < 128 { matches!(c, 10..=13 | 28..=30) } else { new(c).line_break }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_facts() {
        assert_eq!(upper(0xe9), 0xc9);
        assert_eq!(lower(0x10400), 0x10428);
        assert_eq!(title(0x1c6), 0x1c5);
        assert_eq!(CATEGORIES[new(0x10ffff).category as usize], "Cn");
        assert_eq!(new(0xbd).numeric, Some(0.5));
        assert!(is_space(0x3000) && is_line_break(0x2028) && !is_alpha(0x378) && is_space(0x1f));
        assert_eq!(CATEGORIES[record(Version::Old, 0x220).category as usize], "Lu");
        assert_eq!(record(Version::New, 0x660).decimal, Some(0));
    }
}
