//! The `marshal` format, version 2, for code objects and constants; and the header of `.pyc` files.
//!
//! A value is a type byte and its contents, numbers little-endian. Interned strings are written once (`t`) and then referred
//! to by number (`R`) in the order of first use. The `marshal` module, which makes objects of
//! the heap, shares the tags and the digits of longs.

mod read;
mod write;

pub use read::{ReadError, Reader, long_from_digits};
pub use write::{Writer, long_digits};

use crate::code::{CodeObject, Const};

/// The deepest nesting written or read.
pub const MAX_DEPTH: u32 = 2000;

/// The first two bytes of a `.pyc`, as a number; `\r\n` follows.
pub const PYC_MAGIC: u16 = 62211;

/// The type bytes.
pub mod tag {
    #![allow(missing_docs)] // each is the byte for the type it names
    pub const NULL: u8 = b'0';
    pub const NONE: u8 = b'N';
    pub const FALSE: u8 = b'F';
    pub const TRUE: u8 = b'T';
    pub const STOP_ITERATION: u8 = b'S';
    pub const ELLIPSIS: u8 = b'.';
    pub const INT: u8 = b'i';
    pub const INT64: u8 = b'I';
    pub const FLOAT_TEXT: u8 = b'f';
    pub const FLOAT: u8 = b'g';
    pub const COMPLEX_TEXT: u8 = b'x';
    pub const COMPLEX: u8 = b'y';
    pub const LONG: u8 = b'l';
    pub const STRING: u8 = b's';
    pub const INTERNED: u8 = b't';
    pub const STRING_REF: u8 = b'R';
    pub const TUPLE: u8 = b'(';
    pub const LIST: u8 = b'[';
    pub const DICT: u8 = b'{';
    pub const CODE: u8 = b'c';
    pub const UNICODE: u8 = b'u';
    pub const SET: u8 = b'<';
    pub const FROZENSET: u8 = b'>';
}

/// The bytes of a code object. `None` when it is nested too deeply.
pub fn dump_code(code: &CodeObject) -> Option<Vec<u8>> {
    let mut writer = Writer::new();
    writer.code(code)?;
    Some(writer.into_bytes())
}

/// Reads a value and ignores what follows it.
pub fn load(bytes: &[u8]) -> Result<Const, ReadError> {
    Reader::new(bytes).value()
}

/// The contents of a `.pyc` file. `None` when it is nested too deeply.
pub fn dump_pyc(code: &CodeObject, mtime: u32) -> Option<Vec<u8>> {
    let mut bytes = Vec::from(PYC_MAGIC.to_le_bytes());
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(&mtime.to_le_bytes());
    bytes.extend(dump_code(code)?);
    Some(bytes)
}

/// The modification time in the header of a `.pyc` file, and the value after it. `Ok(None)` when the magic number is
/// another one.
pub fn split_pyc(bytes: &[u8]) -> Result<Option<(u32, &[u8])>, ReadError> {
    let Some((header, rest)) = bytes.split_first_chunk::<8>() else {
        return Err(ReadError::Eof("EOF read where not expected"));
    };
    if header[..2] != PYC_MAGIC.to_le_bytes() || header[2..4] != *b"\r\n" {
        return Ok(None);
    }
    let mtime = u32::from_le_bytes([header[4], header[5], header[6], header[7]]);
    Ok(Some((mtime, rest)))
}

/// Reads a `.pyc` file: its modification time and its code. `Ok(None)` when the magic number is another one.
pub fn load_pyc(bytes: &[u8]) -> Result<Option<(u32, CodeObject)>, ReadError> {
    let Some((mtime, rest)) = split_pyc(bytes)? else { return Ok(None) };
    match load(rest)? {
        Const::Code(code) => Ok(Some((mtime, *code))),
        _ => Err(ReadError::Type("non-code object in a compiled file")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_bigint::BigInt;

    fn sample() -> CodeObject {
        let inner = CodeObject {
            name: (*b"f").into(),
            code: vec![100, 0, 0, 83],
            consts: vec![Const::None],
            ..CodeObject::default()
        };
        CodeObject {
            argcount: 1,
            flags: 0x43,
            code: vec![83; 300],
            consts: vec![
                Const::Int(-1),
                Const::Int(1 << 40),
                Const::Long(BigInt::from(-3) * (BigInt::from(1) << 100)),
                Const::Float(-0.0),
                Const::Complex(0.0, 2.5),
                Const::str(b"name"),
                Const::str(b"not a name"),
                Const::Unicode([0x61, 0xe9, 0xd800, 0x10ffff].into()),
                Const::Tuple([Const::Ellipsis, Const::str(b"name")].into()),
                Const::Code(Box::new(inner)),
            ],
            names: vec![(*b"name").into(), (*b"other").into()],
            lnotab: vec![6, 1],
            filename: (*b"dir/file.py").into(),
            name: (*b"<module>").into(),
            firstlineno: 7,
            ..CodeObject::default()
        }
    }

    #[test]
    fn what_is_written_reads_back() {
        let bytes = dump_pyc(&sample(), 12345).unwrap();
        let (mtime, code) = load_pyc(&bytes).unwrap().unwrap();
        assert_eq!(mtime, 12345);
        assert_eq!(code, sample());
        assert_eq!((code.lnotab, code.filename), (sample().lnotab, sample().filename));
    }

    #[test]
    fn damaged_bytes_are_errors() {
        let bytes = dump_code(&sample()).unwrap();
        for end in 0..bytes.len() {
            assert!(load(&bytes[..end]).is_err(), "cut at {end}");
        }
        let mut state = 1u32;
        for _ in 0..20_000 {
            let mut damaged = bytes.clone();
            for _ in 0..3 {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let at = (state >> 8) as usize % damaged.len();
                damaged[at] = (state >> 3) as u8;
            }
            let _ = load(&damaged);
        }
        assert!(load(&b"(\x01\0\0\0".repeat(100_000)).is_err());
        assert!(load(b"s\xff\xff\xff\x7f").is_err());
        assert!(load(b"(\xff\xff\xff\x7f").is_err());
    }
}
