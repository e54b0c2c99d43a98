//! Names and decompositions.

use crate::table::{Version, record};
use std::collections::HashMap;
use std::sync::OnceLock;

static PACKED: &[u8] = include_bytes!("../data/texts.bin");

pub(crate) struct Texts {
    /// Code point and name, by code point.
    names: Vec<(u32, &'static str)>,
    new: HashMap<u32, &'static str>,
    old: HashMap<u32, &'static str>,
    /// Canonical composition; true if 3.2 has it too.
    pub(crate) pairs: HashMap<(u32, u32), (u32, bool)>,
}

fn hex(s: &str) -> u32 {
    u32::from_str_radix(s, 16).unwrap_or(0)
}

fn rows(part: &'static str) -> impl Iterator<Item = (u32, &'static str)> {
    part.lines().filter_map(|l| l.split_once(' ').or(Some((l, "")))).map(|(c, t)| (hex(c), t))
}

pub(crate) fn texts() -> &'static Texts {
    static TEXTS: OnceLock<Texts> = OnceLock::new();
    TEXTS.get_or_init(|| {
        let raw: &'static [u8] =
            miniz_oxide::inflate::decompress_to_vec_zlib(PACKED).unwrap_or_default().leak();
        let mut parts = [""; 4];
        let mut at = 0;
        for p in &mut parts {
            let Some(n) = raw.get(at..at + 4) else { break };
            let n = u32::from_le_bytes([n[0], n[1], n[2], n[3]]) as usize;
            *p = raw.get(at + 4..at + 4 + n).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or("");
            at += 4 + n;
        }
        let pairs = parts[3].lines().filter_map(|l| {
            let mut w = l.split(' ');
            Some(((hex(w.next()?), hex(w.next()?)), (hex(w.next()?), w.next()? == "1")))
        });
        Texts {
            names: rows(parts[0]).collect(),
            new: rows(parts[1]).collect(),
            old: rows(parts[2]).collect(),
            pairs: pairs.collect(),
        }
    })
}

/// The decomposition field of a code point: hex numbers, perhaps after a tag in angle brackets; empty if none.
pub fn decomposition(version: Version, code: u32) -> &'static str {
    let t = texts();
    if version == Version::Old
        && let Some(s) = t.old.get(&code)
    {
        return s;
    }
    t.new.get(&code).copied().unwrap_or("")
}

const LEAD: [&str; 19] =
    ["G", "GG", "N", "D", "DD", "R", "M", "B", "BB", "S", "SS", "", "J", "JJ", "C", "K", "T", "P", "H"];
const VOWEL: [&str; 21] = [
    "A", "AE", "YA", "YAE", "EO", "E", "YEO", "YE", "O", "WA", "WAE", "OE", "YO", "U", "WEO", "WE", "WI",
    "YU", "EU", "YI", "I",
];
const TAIL: [&str; 28] = [
    "", "G", "GG", "GS", "N", "NJ", "NH", "D", "L", "LG", "LM", "LB", "LS", "LT", "LP", "LH", "M", "B", "BS",
    "S", "SS", "NG", "J", "C", "K", "T", "P", "H",
];

fn is_unified(c: u32) -> bool {
    matches!(c, 0x3400..=0x4db5 | 0x4e00..=0x9fcb | 0x20000..=0x2a6d6 | 0x2a700..=0x2b734)
}

/// The name of a code point.
pub fn name_of(version: Version, code: u32) -> Option<String> {
    if version == Version::Old && record(version, code).category == 0 {
        return None;
    }
    if let Some(s) = code.checked_sub(0xac00).filter(|s| *s < 11172) {
        let (l, v, t) = (s / 588, s % 588 / 28, s % 28);
        return Some(format!(
            "HANGUL SYLLABLE {}{}{}",
            LEAD[l as usize], VOWEL[v as usize], TAIL[t as usize]
        ));
    }
    if is_unified(code) {
        return Some(format!("CJK UNIFIED IDEOGRAPH-{code:X}"));
    }
    let names = &texts().names;
    names.binary_search_by_key(&code, |n| n.0).ok().map(|i| names[i].1.to_string())
}

/// The code point with a name, in any case of letters.
pub fn code_of(name: &str) -> Option<u32> {
    static BY_NAME: OnceLock<HashMap<&'static str, u32>> = OnceLock::new();
    let name = name.to_ascii_uppercase();
    if let Some(s) = name.strip_prefix("HANGUL SYLLABLE ") {
        return hangul(s);
    }
    if let Some(h) = name.strip_prefix("CJK UNIFIED IDEOGRAPH-") {
        let good = (4..=5).contains(&h.len()) && h.bytes().all(|c| c.is_ascii_hexdigit());
        return Some(hex(h)).filter(|c| good && is_unified(*c));
    }
    BY_NAME.get_or_init(|| texts().names.iter().map(|(c, n)| (*n, *c)).collect()).get(name.as_str()).copied()
}

/// The longest of some beginnings.
fn longest(s: &str, of: &[&str]) -> Option<usize> {
    (0..of.len()).filter(|i| s.starts_with(of[*i])).max_by_key(|i| of[*i].len())
}

fn hangul(s: &str) -> Option<u32> {
    let l = longest(s, &LEAD)?;
    let s = &s[LEAD[l].len()..];
    let v = longest(s, &VOWEL)?;
    let s = &s[VOWEL[v].len()..];
    let t = TAIL.iter().position(|t| *t == s)?;
    Some(0xac00 + (l * 588 + v * 28 + t) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_both_ways() {
        for c in [0x41, 0x20ac, 0xac00, 0xd7a3, 0x4e00, 0x10400, 0xe0100] {
            let n = name_of(Version::New, c).expect("named");
            assert_eq!(code_of(&n.to_lowercase()), Some(c), "{n}");
        }
        assert_eq!(name_of(Version::New, 0), None);
        assert_eq!(decomposition(Version::New, 0xe9), "0065 0301");
    }
}
