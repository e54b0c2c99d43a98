//! What the engine asks of a subject's storage: characters that widen to code points, and fast scans.
#![forbid(unsafe_code)]

/// A unit of subject storage: a byte, or a code point kept in one, two or four bytes.
pub trait Char: Copy + Into<u32> + Eq {
    /// Where `wanted` first occurs.
    fn find(haystack: &[Self], wanted: u32) -> Option<usize>;

    /// The bytes behind the slice where a unit is a byte, for byte-only searches.
    fn as_bytes(haystack: &[Self]) -> Option<&[u8]>;
}

impl Char for u8 {
    fn find(haystack: &[u8], wanted: u32) -> Option<usize> {
        memchr::memchr(u8::try_from(wanted).ok()?, haystack)
    }

    fn as_bytes(haystack: &[u8]) -> Option<&[u8]> {
        Some(haystack)
    }
}

impl Char for u16 {
    fn find(haystack: &[u16], wanted: u32) -> Option<usize> {
        let wanted = u16::try_from(wanted).ok()?;
        haystack.iter().position(|&ch| ch == wanted)
    }

    fn as_bytes(_: &[u16]) -> Option<&[u8]> {
        None
    }
}

impl Char for u32 {
    fn find(haystack: &[u32], wanted: u32) -> Option<usize> {
        haystack.iter().position(|&ch| ch == wanted)
    }

    fn as_bytes(_: &[u32]) -> Option<&[u8]> {
        None
    }
}
