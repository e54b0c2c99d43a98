//! One character of a text: a byte, or a code point stored in 1, 2 or 4 bytes.

/// See the module text.
pub trait Char: Copy + Eq + Ord + std::hash::Hash + 'static {
    /// Bytes per character.
    const WIDTH: usize;
    /// The code point (or byte).
    fn value(self) -> u32;
    /// The character with this code point, which must fit.
    fn of(code: u32) -> Self;
    /// First place of a character.
    fn find_one(text: &[Self], c: Self) -> Option<usize> {
        text.iter().position(|x| *x == c)
    }
    /// Last place of a character.
    fn rfind_one(text: &[Self], c: Self) -> Option<usize> {
        text.iter().rposition(|x| *x == c)
    }
    /// First place of a non-empty text.
    fn find(text: &[Self], what: &[Self]) -> Option<usize> {
        super::search::find_wide(text, what)
    }
    /// Last place of a non-empty text.
    fn rfind(text: &[Self], what: &[Self]) -> Option<usize> {
        super::search::rfind_wide(text, what)
    }
}

impl Char for u8 {
    const WIDTH: usize = 1;
    #[inline(always)]
    fn value(self) -> u32 {
        self as u32
    }
    #[inline(always)]
    fn of(code: u32) -> u8 {
        code as u8
    }
    fn find_one(text: &[u8], c: u8) -> Option<usize> {
        memchr::memchr(c, text)
    }
    fn rfind_one(text: &[u8], c: u8) -> Option<usize> {
        memchr::memrchr(c, text)
    }
    fn find(text: &[u8], what: &[u8]) -> Option<usize> {
        memchr::memmem::find(text, what)
    }
    fn rfind(text: &[u8], what: &[u8]) -> Option<usize> {
        memchr::memmem::rfind(text, what)
    }
}

impl Char for u16 {
    const WIDTH: usize = 2;
    #[inline(always)]
    fn value(self) -> u32 {
        self as u32
    }
    #[inline(always)]
    fn of(code: u32) -> u16 {
        code as u16
    }
}

impl Char for u32 {
    const WIDTH: usize = 4;
    #[inline(always)]
    fn value(self) -> u32 {
        self
    }
    #[inline(always)]
    fn of(code: u32) -> u32 {
        code
    }
}
