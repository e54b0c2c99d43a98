//! `binascii`: bytes as printable text and back.

mod base64;
mod checksum;
mod hex;
mod hqx;
mod quoted;
mod uu;

use interpreter::kinds::kind;
use interpreter::native::{Args, KEYWORDS, MethodDef, ModuleDef, TypeDef};
use interpreter::{PyResult, Thread, objects as o};

/// `binascii.Error`.
pub static ERROR: TypeDef = TypeDef {
    module: "binascii",
    base: Some(&o::exceptions::EXCEPTION),
    ..TypeDef::new("Error", kind::INSTANCE)
};

/// `binascii.Incomplete`.
pub static INCOMPLETE: TypeDef = TypeDef {
    module: "binascii",
    base: Some(&o::exceptions::EXCEPTION),
    ..TypeDef::new("Incomplete", kind::INSTANCE)
};

/// `binascii`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "binascii",
    doc: Some("Conversion between binary data and ASCII"),
    functions: &[
        MethodDef::new(
            "a2b_uu",
            uu::decode,
            1,
            1,
            interpreter::native::PARSED,
            "(ascii) -> bin. Decode a line of uuencoded data",
        ),
        MethodDef::new(
            "b2a_uu",
            uu::encode,
            1,
            1,
            interpreter::native::PARSED,
            "(bin) -> ascii. Uuencode line of data",
        ),
        MethodDef::new(
            "a2b_base64",
            base64::decode,
            1,
            1,
            interpreter::native::PARSED,
            "(ascii) -> bin. Decode base64 data",
        ),
        MethodDef::new(
            "b2a_base64",
            base64::encode,
            1,
            1,
            interpreter::native::PARSED,
            "(bin) -> ascii. Base64-code line of data",
        ),
        MethodDef::new(
            "a2b_hqx",
            hqx::decode,
            1,
            1,
            interpreter::native::PARSED,
            "ascii -> bin, done. Decode .hqx coding",
        ),
        MethodDef::new("b2a_hqx", hqx::encode, 1, 1, interpreter::native::PARSED, "Encode .hqx data"),
        MethodDef::new(
            "rlecode_hqx",
            hqx::shorten,
            1,
            1,
            interpreter::native::PARSED,
            "Binhex RLE-code binary data",
        ),
        MethodDef::new(
            "rledecode_hqx",
            hqx::expand,
            1,
            1,
            interpreter::native::PARSED,
            "Decode hexbin RLE-coded string",
        ),
        MethodDef::new(
            "a2b_hex",
            hex::decode,
            1,
            1,
            interpreter::native::PARSED,
            "a2b_hex(hexstr) -> s; Binary data of hexadecimal representation.",
        ),
        MethodDef::new(
            "unhexlify",
            hex::decode,
            1,
            1,
            interpreter::native::PARSED,
            "a2b_hex(hexstr) -> s; Binary data of hexadecimal representation.",
        ),
        MethodDef::new(
            "b2a_hex",
            hex::encode,
            1,
            1,
            interpreter::native::PARSED,
            "b2a_hex(data) -> s; Hexadecimal representation of binary data.",
        ),
        MethodDef::new(
            "hexlify",
            hex::encode,
            1,
            1,
            interpreter::native::PARSED,
            "b2a_hex(data) -> s; Hexadecimal representation of binary data.",
        ),
        MethodDef::new(
            "crc_hqx",
            checksum::crc_hqx,
            2,
            2,
            0,
            "(data, oldcrc) -> newcrc. Compute hqx CRC incrementally",
        ),
        MethodDef::new(
            "crc32",
            checksum::crc32,
            1,
            2,
            0,
            "(data, oldcrc = 0) -> newcrc. Compute CRC-32 incrementally",
        ),
        MethodDef::new("a2b_qp", quoted::decode, 0, 2, KEYWORDS, "Decode a string of qp-encoded data"),
        MethodDef::new(
            "b2a_qp",
            quoted::encode,
            0,
            4,
            KEYWORDS,
            "Encode a string using quoted-printable encoding.",
        ),
    ],
    types: &[&ERROR, &INCOMPLETE],
    init: None,
};

/// The bytes of argument 1, copied.
fn input(th: &mut Thread, args: &Args<'_>, f: &str) -> PyResult<Vec<u8>> {
    let b = interpreter::buffer::argument(th, args.pos[0], f, 1)?;
    Ok(b.bytes().to_vec())
}

fn output(th: &mut Thread, b: &[u8]) -> PyResult {
    o::str::from_bytes(th, b)
}
