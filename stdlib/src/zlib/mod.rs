//! `zlib`: compression in the format of RFC 1950 to 1952, over the zlib library itself, so that output is byte for byte
//! what other programs that use it make.
//!
//! Streams lie outside the heap (see `shared`): their work is done between transactions, over copies of the data.

mod functions;
mod objects;
mod stream;

use interpreter::kinds::kind;
use interpreter::native::{BLOCKS, MethodDef, ModuleDef, TypeDef};
use interpreter::objects::module;
use interpreter::{Raised, Thread, objects as o};

/// `zlib.error`.
pub static ERROR: TypeDef = TypeDef {
    module: "zlib",
    base: Some(&o::exceptions::EXCEPTION),
    ..TypeDef::new("error", kind::INSTANCE)
};

fn error(th: &mut Thread, f: &stream::Failure, doing: &str) -> Raised {
    th.raise_def(&ERROR, f.text(doing))
}

/// What a raw stream holds, for archives; or the words of the failure.
pub fn inflate_raw(bytes: &[u8]) -> Result<Vec<u8>, String> {
    functions::inflate_all(bytes, -15).map(|b| b.to_vec()).map_err(|(f, doing)| f.text(doing))
}

/// As [`inflate_raw`], with zlib's header.
pub fn inflate_zlib(bytes: &[u8]) -> Result<Vec<u8>, String> {
    functions::inflate_all(bytes, 15).map(|b| b.to_vec()).map_err(|(f, doing)| f.text(doing))
}

/// `zlib`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "zlib",
    doc: Some(
        "Compression and decompression with the zlib library.\n\nadler32(string[, start]) -- an Adler-32 checksum\ncompress(string[, level]) -- the string compressed, at a level 0-9\ncompressobj([level]) -- an object that compresses piece by piece\ncrc32(string[, start]) -- a CRC-32 checksum\ndecompress(string[, wbits[, bufsize]]) -- what was compressed\ndecompressobj([wbits]) -- an object that decompresses piece by piece\n\nwbits says window size and container: negative for a raw stream, 16 more for gzip.",
    ),
    functions: &[
        MethodDef::new(
            "adler32",
            functions::adler32,
            1,
            2,
            BLOCKS,
            "adler32(string[, start]) -- The Adler-32 checksum of string, going on from start.",
        ),
        MethodDef::new(
            "compress",
            functions::compress,
            1,
            2,
            BLOCKS,
            "compress(string[, level]) -- The string compressed.",
        ),
        MethodDef::new(
            "compressobj",
            objects::compressobj,
            0,
            5,
            0,
            "compressobj([level[, method[, wbits[, memlevel[, strategy]]]]]) -- A compressor object.",
        ),
        MethodDef::new(
            "crc32",
            functions::crc32,
            1,
            2,
            BLOCKS,
            "crc32(string[, start]) -- The CRC-32 checksum of string, going on from start.",
        ),
        MethodDef::new(
            "decompress",
            functions::decompress,
            1,
            3,
            BLOCKS,
            "decompress(string[, wbits[, bufsize]]) -- The string that was compressed.",
        ),
        MethodDef::new(
            "decompressobj",
            objects::decompressobj,
            0,
            1,
            0,
            "decompressobj([wbits]) -- A decompressor object.",
        ),
    ],
    types: &[&ERROR],
    init: Some(|th, m| {
        crate::ready(th, &[&objects::COMPRESS, &objects::DECOMPRESS])?;
        for (name, n) in [
            ("MAX_WBITS", 15),
            ("DEFLATED", 8),
            ("DEF_MEM_LEVEL", 8),
            ("Z_BEST_SPEED", 1),
            ("Z_BEST_COMPRESSION", 9),
            ("Z_DEFAULT_COMPRESSION", -1),
            ("Z_FILTERED", 1),
            ("Z_HUFFMAN_ONLY", 2),
            ("Z_DEFAULT_STRATEGY", 0),
            ("Z_NO_FLUSH", 0),
            ("Z_SYNC_FLUSH", 2),
            ("Z_FULL_FLUSH", 3),
            ("Z_FINISH", 4),
        ] {
            module::add_int(th, m, name, n)?;
        }
        module::add_str(th, m, "ZLIB_VERSION", stream::version())?;
        module::add_str(th, m, "__version__", b"1.0")
    }),
};
