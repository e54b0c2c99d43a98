//! Sets of characters: the interpreted form of the format, and a table in front of it.
//!
//! A set is a list of tests ended by `FAILURE`; the first that holds decides. Preparing a pattern asks the list once
//! for each character below 256 and keeps the answers as bits, so that matching mostly tests one bit. A set whose
//! answers follow the locale keeps no bits.
#![forbid(unsafe_code)]

use crate::category::{Case, follows_locale, in_category, lower};
use crate::opcodes::*;

/// Words of a `CHARSET` bitmap, and of one block of a `BIGCHARSET`.
pub const BITMAP_WORDS: usize = 8;
/// Words that hold a `BIGCHARSET`'s 256 block numbers.
pub const BLOCK_MAP_WORDS: usize = 64;

/// Asks the list of tests `set` (checked, `FAILURE` included).
pub fn set_contains(set: &[u32], ch: u32) -> bool {
    let mut hit = true;
    let mut rest = set;
    loop {
        match rest {
            [LITERAL, wanted, tail @ ..] => {
                if ch == *wanted {
                    return hit;
                }
                rest = tail;
            }
            [RANGE, low, high, tail @ ..] => {
                if (*low..=*high).contains(&ch) {
                    return hit;
                }
                rest = tail;
            }
            [CATEGORY, category, tail @ ..] => {
                if in_category(*category, ch) {
                    return hit;
                }
                rest = tail;
            }
            [NEGATE, tail @ ..] => {
                hit = !hit;
                rest = tail;
            }
            [CHARSET, tail @ ..] => {
                if ch < 256 && bit(tail, ch) {
                    return hit;
                }
                rest = tail.get(BITMAP_WORDS..).unwrap_or(&[]);
            }
            [BIGCHARSET, blocks, tail @ ..] => {
                let bitmaps = tail.get(BLOCK_MAP_WORDS..).unwrap_or(&[]);
                if ch < 0x10000 {
                    let page = (ch >> 8) as usize;
                    let block = usize::from(tail[page / 4].to_ne_bytes()[page % 4]);
                    if bit(&bitmaps[block * BITMAP_WORDS..], ch & 255) {
                        return hit;
                    }
                }
                rest = bitmaps.get(*blocks as usize * BITMAP_WORDS..).unwrap_or(&[]);
            }
            _ => return !hit,
        }
    }
}

fn bit(words: &[u32], ch: u32) -> bool {
    words[(ch >> 5) as usize] >> (ch & 31) & 1 != 0
}

/// A set as matching uses it.
#[derive(Clone, Debug)]
pub struct Charset {
    set: Box<[u32]>,
    /// Fold the subject's character before asking.
    fold: Option<Case>,
    /// The answers below 256; absent where they follow the locale.
    low: Option<[u64; 4]>,
}

impl Charset {
    /// Prepares a checked list of tests.
    pub fn new(set: &[u32], fold: Option<Case>) -> Charset {
        let mut charset = Charset { set: set.into(), fold, low: None };
        if fold != Some(Case::Locale) && !mentions_locale(set) {
            let mut low = [0u64; 4];
            for ch in 0..256u32 {
                low[(ch >> 6) as usize] |= u64::from(charset.ask(ch)) << (ch & 63);
            }
            charset.low = Some(low);
        }
        charset
    }

    fn ask(&self, ch: u32) -> bool {
        set_contains(&self.set, self.fold.map_or(ch, |case| lower(ch, case)))
    }

    /// Whether `ch` is in the set.
    #[inline]
    pub fn contains(&self, ch: u32) -> bool {
        match &self.low {
            Some(low) if ch < 256 => low[(ch >> 6) as usize] >> (ch & 63) & 1 != 0,
            _ => self.ask(ch),
        }
    }
}

fn mentions_locale(set: &[u32]) -> bool {
    // A word that only looks like the pair costs the table, never a wrong answer.
    set.windows(2).any(|pair| pair[0] == CATEGORY && follows_locale(pair[1]))
}
