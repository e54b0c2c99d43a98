//! The `struct` module's formats: parsing, and the bytes of each code.
//!
//! A [`Format`] lists its items with offsets; the interpreter walks them, converts objects, and calls one function an
//! item. Padding between items stays zero, so packing starts from a zeroed buffer of [`Format::size`] bytes.

use crate::error::{Error, Result};
use crate::float_parse::is_space;

/// Byte order, sizes and alignment of a whole format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// `@` or nothing: this machine's order, sizes and alignment.
    Native,
    /// `=` or `<`: little-endian (as this machine is), standard sizes, no alignment.
    Little,
    /// `>` or `!`: big-endian, standard sizes, no alignment.
    Big,
}

/// One code with its repeat count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// The letter.
    pub code: u8,
    /// Where the first unit lies.
    pub offset: usize,
    /// Bytes of a unit.
    pub size: usize,
    /// Units one after the other; for `s` and `p` the length of the one string.
    pub repeat: usize,
}

impl Item {
    /// How many Python values it takes or gives.
    pub fn values(&self) -> usize {
        match self.code {
            b'x' => 0,
            b's' | b'p' => 1,
            _ => self.repeat,
        }
    }
}

/// A parsed format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Format {
    /// Order, sizes and alignment.
    pub mode: Mode,
    /// Bytes of the whole.
    pub size: usize,
    /// The items from left to right.
    pub items: Vec<Item>,
}

fn bad_char() -> Error {
    Error::structure("bad char in struct format")
}

fn too_long() -> Error {
    Error::structure("total struct size too long")
}

/// Size and alignment of a code.
fn unit(mode: Mode, code: u8) -> Option<(usize, usize)> {
    let native = mode == Mode::Native;
    let size = match code {
        b'x' | b'c' | b's' | b'p' | b'b' | b'B' | b'?' => return Some((1, 1)),
        b'h' | b'H' => 2,
        b'i' | b'I' | b'f' => 4,
        b'l' | b'L' if native => 8,
        b'l' | b'L' => 4,
        b'q' | b'Q' | b'd' => 8,
        b'P' if native => 8,
        _ => return None,
    };
    Some((size, if native { size } else { 1 }))
}

const MOST: usize = i64::MAX as usize;

impl Format {
    /// Parses a format. As in C, it ends at a null byte.
    pub fn parse(text: &[u8]) -> Result<Format> {
        let text = text.split(|&byte| byte == 0).next().unwrap_or(&[]);
        let (mode, text) = match text {
            [b'@', rest @ ..] => (Mode::Native, rest),
            [b'<' | b'=', rest @ ..] => (Mode::Little, rest),
            [b'>' | b'!', rest @ ..] => (Mode::Big, rest),
            _ => (Mode::Native, text),
        };
        let mut format = Format { mode, size: 0, items: vec![] };
        let mut bytes = text.iter().copied();
        while let Some(mut byte) = bytes.next() {
            if is_space(byte) {
                continue;
            }
            let mut repeat = 1;
            if byte.is_ascii_digit() {
                repeat = 0usize;
                loop {
                    if byte.is_ascii_digit() {
                        let ten =
                            repeat.checked_mul(10).and_then(|ten| ten.checked_add(usize::from(byte - b'0')));
                        repeat = ten.filter(|&value| value <= MOST).ok_or_else(too_long)?;
                    } else {
                        break;
                    }
                    match bytes.next() {
                        Some(next) => byte = next,
                        // A count that nothing follows counts nothing.
                        None => return Ok(format),
                    }
                }
            }
            format.add(byte, repeat)?;
        }
        Ok(format)
    }

    fn add(&mut self, code: u8, repeat: usize) -> Result<()> {
        let (size, alignment) = unit(self.mode, code).ok_or_else(bad_char)?;
        let offset = self.size.checked_next_multiple_of(alignment).ok_or_else(too_long)?;
        let length = size.checked_mul(repeat).ok_or_else(too_long)?;
        self.size = offset.checked_add(length).filter(|&end| end <= MOST).ok_or_else(too_long)?;
        self.items.push(Item { code, offset, size, repeat });
        Ok(())
    }

    /// How many Python values the format takes or gives.
    pub fn values(&self) -> usize {
        self.items.iter().fold(0, |sum, item| sum.saturating_add(item.values()))
    }

    /// Refuses the wrong number of arguments to `pack`.
    pub fn check_count(&self, given: usize) -> Result<()> {
        let wanted = self.values();
        if given == wanted {
            return Ok(());
        }
        Err(Error::structure(format!("pack expected {wanted} items for packing (got {given})")))
    }

    /// Refuses text of the wrong length to `unpack`.
    pub fn check_length(&self, length: usize) -> Result<()> {
        if length == self.size {
            return Ok(());
        }
        Err(Error::structure(format!("unpack requires a string argument of length {}", self.size)))
    }

    /// Resolves the offset of `pack_into` or `unpack_from`, by `function`, in a buffer of `length` bytes.
    pub fn check_buffer(&self, length: usize, offset: i64, function: &str) -> Result<usize> {
        let offset = if offset < 0 { offset + length as i64 } else { offset };
        match usize::try_from(offset) {
            Ok(offset) if offset <= length && length - offset >= self.size => Ok(offset),
            _ => {
                Err(Error::structure(format!("{function} requires a buffer of at least {} bytes", self.size)))
            }
        }
    }
}

/// Whether a code takes and gives integers.
pub fn is_integer(code: u8) -> bool {
    b"bBhHiIlLqQP".contains(&code)
}

fn store(mode: Mode, value: u64, out: &mut [u8]) {
    let size = out.len().min(8);
    if mode == Mode::Big {
        out[..size].copy_from_slice(&value.to_be_bytes()[8 - size..]);
    } else {
        out[..size].copy_from_slice(&value.to_le_bytes()[..size]);
    }
}

fn load(mode: Mode, bytes: &[u8]) -> u64 {
    let mut whole = [0; 8];
    let size = bytes.len().min(8);
    if mode == Mode::Big {
        whole[8 - size..].copy_from_slice(&bytes[..size]);
        u64::from_be_bytes(whole)
    } else {
        whole[..size].copy_from_slice(&bytes[..size]);
        u64::from_le_bytes(whole)
    }
}

/// Packs an integer into a unit. A value beyond `i128` is given as `i128::MIN` or `i128::MAX`.
pub fn pack_int(mode: Mode, code: u8, value: i128, out: &mut [u8]) -> Result<()> {
    let letter = char::from(code);
    let fits_signed = i64::try_from(value).is_ok();
    let fits_unsigned = u64::try_from(value).is_ok();
    if code == b'P' {
        if !fits_signed && !fits_unsigned {
            let what = if value < 0 {
                "Python int too large to convert to C long"
            } else {
                "long int too large to convert"
            };
            return Err(Error::overflow(what));
        }
        store(mode, value as u64, out);
        return Ok(());
    }
    let bits = 8 * out.len().min(8) as u32;
    let unsigned = code.is_ascii_uppercase();
    let (low, high) =
        if unsigned { (0, (1i128 << bits) - 1) } else { (-1i128 << (bits - 1), (1i128 << (bits - 1)) - 1) };
    if (low..=high).contains(&value) {
        store(mode, value as u64, out);
        return Ok(());
    }
    // Codes that the C compiler's short types serve have texts of their own; `>` and `!` serve `h` by hand.
    let own = match code {
        b'b' => Some("byte format requires -128 <= number <= 127"),
        b'B' => Some("ubyte format requires 0 <= number <= 255"),
        b'h' if mode != Mode::Big => Some("short format requires SHRT_MIN <= number <= SHRT_MAX"),
        b'H' if mode != Mode::Big => Some("ushort format requires 0 <= number <= USHRT_MAX"),
        _ => None,
    };
    let convertible = if unsigned && own.is_none() { fits_unsigned } else { fits_signed };
    Err(Error::structure(match own {
        _ if !convertible => format!("integer out of range for '{letter}' format code"),
        Some(text) => text.into(),
        None => format!("'{letter}' format requires {low} <= number <= {high}"),
    }))
}

/// Unpacks an integer from a unit.
pub fn unpack_int(mode: Mode, code: u8, bytes: &[u8]) -> i128 {
    let value = load(mode, bytes);
    if code.is_ascii_uppercase() {
        return value.into();
    }
    let unused = 64 - 8 * bytes.len().clamp(1, 8) as u32;
    i128::from((value << unused) as i64 >> unused)
}

/// Packs a float into a unit of `f` or `d`.
pub fn pack_float(mode: Mode, code: u8, value: f64, out: &mut [u8]) -> Result<()> {
    if code == b'd' {
        store(mode, value.to_bits(), out);
        return Ok(());
    }
    let single = value as f32;
    if single.is_infinite() && value.is_finite() && mode != Mode::Native {
        return Err(Error::overflow("float too large to pack with f format"));
    }
    store(mode, single.to_bits().into(), out);
    Ok(())
}

/// Unpacks a float from a unit of `f` or `d`.
pub fn unpack_float(mode: Mode, code: u8, bytes: &[u8]) -> f64 {
    let bits = load(mode, bytes);
    if code == b'd' { f64::from_bits(bits) } else { f32::from_bits(bits as u32).into() }
}

/// Packs a truth value.
pub fn pack_bool(value: bool, out: &mut [u8]) {
    out[0] = value.into();
}

/// Packs `c`: the string must have one byte.
pub fn pack_char(text: &[u8], out: &mut [u8]) -> Result<()> {
    match text {
        [byte] => {
            out[0] = *byte;
            Ok(())
        }
        _ => Err(char_required()),
    }
}

/// The refusal of anything else for `c`.
pub fn char_required() -> Error {
    Error::structure("char format require string of length 1")
}

/// The refusal of anything but a string for `s` and `p`.
pub fn string_required(code: u8) -> Error {
    Error::structure(format!("argument for '{}' must be a string", char::from(code)))
}

/// The refusal of anything but a float for `f` and `d`.
pub fn float_required() -> Error {
    Error::structure("required argument is not a float")
}

/// The refusal of anything but an integer for integer codes.
pub fn integer_required() -> Error {
    Error::structure("cannot convert argument to integer")
}

/// Packs `s` (cut or filled with zeros) or `p` (a length byte in front) into the item's bytes.
pub fn pack_string(code: u8, text: &[u8], out: &mut [u8]) {
    if code == b's' {
        let len = text.len().min(out.len());
        out[..len].copy_from_slice(&text[..len]);
    } else if let Some((first, body)) = out.split_first_mut() {
        let len = text.len().min(body.len());
        body[..len].copy_from_slice(&text[..len]);
        *first = len.min(255) as u8;
    }
}

/// The text of an item of `s` or `p`.
pub fn unpack_string(code: u8, bytes: &[u8]) -> &[u8] {
    if code == b's' {
        return bytes;
    }
    match bytes {
        [len, body @ ..] => &body[..usize::from(*len).min(body.len())],
        [] => bytes,
    }
}
