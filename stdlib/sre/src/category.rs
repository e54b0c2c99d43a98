//! Character categories, position tests' word test, and lower case under the three regimes of a pattern's flags.
#![forbid(unsafe_code)]

use crate::opcodes::*;
use crate::{locale, unidata};

/// How a pattern folds case: its LOCALE flag decides first, then UNICODE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// Letters below 128 only.
    Ascii,
    /// The current locale, below 256.
    Locale,
    /// The Unicode database.
    Unicode,
}

impl Case {
    /// The regime that a pattern's flags ask for.
    pub fn of_flags(flags: u32) -> Case {
        if flags & FLAG_LOCALE != 0 {
            Case::Locale
        } else if flags & FLAG_UNICODE != 0 {
            Case::Unicode
        } else {
            Case::Ascii
        }
    }
}

/// The lower case of `ch`.
#[inline]
pub fn lower(ch: u32, case: Case) -> u32 {
    match case {
        Case::Ascii => match u8::try_from(ch) {
            Ok(byte) => u32::from(byte.to_ascii_lowercase()),
            Err(_) => ch,
        },
        Case::Locale => locale::lower(ch),
        Case::Unicode => unidata::lower(ch),
    }
}

fn ascii_digit(ch: u32) -> bool {
    matches!(ch, 0x30..=0x39)
}

fn ascii_space(ch: u32) -> bool {
    matches!(ch, 9..=13 | 32)
}

/// `\w` without flags.
pub fn ascii_word(ch: u32) -> bool {
    matches!(ch, 0x30..=0x39 | 0x41..=0x5a | 0x5f | 0x61..=0x7a)
}

/// `\w` under LOCALE.
pub fn locale_word(ch: u32) -> bool {
    ch == 0x5f || locale::is_alnum(ch)
}

/// `\w` under UNICODE.
pub fn unicode_word(ch: u32) -> bool {
    ch == 0x5f || unidata::is_alnum(ch)
}

/// Whether `ch` is in the category numbered `category` (a checked number).
pub fn in_category(category: u32, ch: u32) -> bool {
    match category {
        CATEGORY_DIGIT => ascii_digit(ch),
        CATEGORY_NOT_DIGIT => !ascii_digit(ch),
        CATEGORY_SPACE => ascii_space(ch),
        CATEGORY_NOT_SPACE => !ascii_space(ch),
        CATEGORY_WORD => ascii_word(ch),
        CATEGORY_NOT_WORD => !ascii_word(ch),
        CATEGORY_LINEBREAK => ch == 10,
        CATEGORY_NOT_LINEBREAK => ch != 10,
        CATEGORY_LOC_WORD => locale_word(ch),
        CATEGORY_LOC_NOT_WORD => !locale_word(ch),
        CATEGORY_UNI_DIGIT => unidata::is_decimal(ch),
        CATEGORY_UNI_NOT_DIGIT => !unidata::is_decimal(ch),
        CATEGORY_UNI_SPACE => unidata::is_space(ch),
        CATEGORY_UNI_NOT_SPACE => !unidata::is_space(ch),
        CATEGORY_UNI_WORD => unicode_word(ch),
        CATEGORY_UNI_NOT_WORD => !unicode_word(ch),
        CATEGORY_UNI_LINEBREAK => unidata::is_linebreak(ch),
        CATEGORY_UNI_NOT_LINEBREAK => !unidata::is_linebreak(ch),
        _ => false,
    }
}

/// Whether the answer for this category can change with the locale.
pub fn follows_locale(category: u32) -> bool {
    matches!(category, CATEGORY_LOC_WORD | CATEGORY_LOC_NOT_WORD)
}
