//! Units of text storage: bytes of a `str`, or code points of a `unicode` kept in one, two or four bytes.

/// A unit of text.
pub trait Unit: Copy + Eq + std::fmt::Debug {
    /// Its number.
    fn code(self) -> u32;
    /// The unit for an ASCII character.
    fn from_ascii(ascii: u8) -> Self;

    /// Whether it is this ASCII character.
    #[inline]
    fn is(self, ascii: u8) -> bool {
        self.code() == u32::from(ascii)
    }

    /// Its value as an ASCII digit.
    #[inline]
    fn digit(self) -> Option<u32> {
        self.code().checked_sub(48).filter(|&digit| digit < 10)
    }
}

impl Unit for u8 {
    #[inline]
    fn code(self) -> u32 {
        self.into()
    }
    #[inline]
    fn from_ascii(ascii: u8) -> u8 {
        ascii
    }
}

impl Unit for u16 {
    #[inline]
    fn code(self) -> u32 {
        self.into()
    }
    #[inline]
    fn from_ascii(ascii: u8) -> u16 {
        ascii.into()
    }
}

impl Unit for u32 {
    #[inline]
    fn code(self) -> u32 {
        self
    }
    #[inline]
    fn from_ascii(ascii: u8) -> u32 {
        ascii.into()
    }
}

/// Widens ASCII text.
pub fn from_ascii<C: Unit>(text: &str) -> Vec<C> {
    text.bytes().map(C::from_ascii).collect()
}
