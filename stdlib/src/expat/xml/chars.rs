//! Characters of XML: reading one, and which may stand in names.

/// Why no character could be read.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Bad {
    /// The text ends.
    End,
    /// The text ends within the character.
    Partial,
    /// Not a character, or one that XML does not allow.
    Invalid,
}

/// The character at `i` and its length in bytes.
pub fn at(text: &[u8], i: usize) -> Result<(u32, usize), Bad> {
    let Some(&b) = text.get(i) else { return Err(Bad::End) };
    let (len, low) = match b {
        0x20..=0x7f | b'\t' | b'\n' | b'\r' => return Ok((u32::from(b), 1)),
        0xc2..=0xdf => (2, 0x80),
        0xe0..=0xef => (3, 0x800),
        0xf0..=0xf4 => (4, 0x1_0000),
        _ => return Err(Bad::Invalid),
    };
    let mut c = u32::from(b) & (0x7f >> len);
    for k in 1..len {
        match text.get(i + k) {
            None => return Err(Bad::Partial),
            Some(x) if x & 0xc0 == 0x80 => c = c << 6 | u32::from(x & 0x3f),
            Some(_) => return Err(Bad::Invalid),
        }
    }
    if c < low || (0xd800..0xe000).contains(&c) || c > 0x10_ffff || c == 0xfffe || c == 0xffff {
        return Err(Bad::Invalid);
    }
    Ok((c, len))
}

/// What Expat takes a sequence of two or three bytes for inside names, where it does not look whether they are UTF-8: whoever
/// decodes the name finds out.
pub fn in_name(text: &[u8], i: usize) -> Option<(u32, usize)> {
    let low = |k: usize| text.get(i + k).map(|b| u32::from(b & 0x3f));
    match text.get(i)? {
        b @ 0xc2..=0xdf => Some((u32::from(b & 0x1f) << 6 | low(1)?, 2)),
        b @ 0xe0..=0xef => Some((u32::from(b & 0xf) << 12 | low(1)? << 6 | low(2)?, 3)),
        _ => None,
    }
}

/// White space.
pub fn is_space(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\n' | b'\r')
}

/// May begin a name, the colon apart.
pub fn is_name_start(c: u32) -> bool {
    matches!(c,
        0x41..=0x5a | 0x61..=0x7a | 0x5f
        | 0xc0..=0xd6 | 0xd8..=0xf6 | 0xf8..=0x2ff | 0x370..=0x37d | 0x37f..=0x1fff | 0x200c..=0x200d
        | 0x2070..=0x218f | 0x2c00..=0x2fef | 0x3001..=0xd7ff | 0xf900..=0xfdcf | 0xfdf0..=0xfffd)
}

/// May go on in a name, the colon apart.
pub fn is_name(c: u32) -> bool {
    matches!(c, 0x30..=0x39 | 0x2d | 0x2e | 0xb7 | 0x300..=0x36f | 0x203f..=0x2040) || is_name_start(c)
}

/// A character that a reference may name.
pub fn is_referable(c: u32) -> bool {
    matches!(c, 9 | 10 | 13 | 0x20..=0xd7ff | 0xe000..=0xfffd | 0x1_0000..=0x10_ffff)
}

/// Adds a character in UTF-8.
pub fn push(out: &mut Vec<u8>, c: u32) {
    let c = char::from_u32(c).unwrap_or(char::REPLACEMENT_CHARACTER);
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}
