//! The library's streams behind a safe face: a box that does not move, pieces that fit its 32-bit counters, output that
//! grows.

use libz_sys as z;
use std::ffi::{CStr, c_int};
use std::ptr;

/// Bytes of output room to begin with.
const CHUNK: usize = 16 * 1024;

/// Why the library refused: its code and words of its own, if any.
#[derive(Clone, Debug)]
pub struct Failure {
    pub code: c_int,
    pub words: Option<String>,
}

impl Failure {
    /// As messages show it.
    pub fn text(&self, doing: &str) -> String {
        let words = match (&self.words, self.code) {
            (Some(w), _) => w.as_str(),
            (None, z::Z_VERSION_ERROR) => "library version mismatch",
            (None, z::Z_BUF_ERROR) => "incomplete or truncated stream",
            (None, z::Z_STREAM_ERROR) => "inconsistent stream state",
            (None, z::Z_DATA_ERROR) => "invalid input data",
            _ => return format!("Error {} {doing}", self.code),
        };
        format!("Error {} {doing}: {words}", self.code)
    }
}

unsafe extern "C" fn zalloc(_: z::voidpf, n: z::uInt, size: z::uInt) -> z::voidpf {
    // SAFETY: calloc checks the product.
    unsafe { libc::calloc(n as usize, size as usize) }
}

unsafe extern "C" fn zfree(_: z::voidpf, p: z::voidpf) {
    // SAFETY: came from `zalloc`.
    unsafe { libc::free(p) }
}

/// Which way a stream runs.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Way {
    In,
    Out,
}

/// A stream of either way.
pub struct Stream {
    /// Boxed: the library refuses a stream that has moved.
    raw: Box<z::z_stream>,
    way: Way,
}

// SAFETY: a stream has no ties to the thread that made it.
unsafe impl Send for Stream {}

/// How far [`Stream::run`] came.
pub struct Run {
    /// The library's last code.
    pub code: c_int,
    /// Bytes of input taken.
    pub taken: usize,
}

fn blank() -> Box<z::z_stream> {
    Box::new(z::z_stream {
        next_in: ptr::null_mut(),
        avail_in: 0,
        total_in: 0,
        next_out: ptr::null_mut(),
        avail_out: 0,
        total_out: 0,
        msg: ptr::null_mut(),
        state: ptr::null_mut(),
        zalloc,
        zfree,
        opaque: ptr::null_mut(),
        data_type: 0,
        adler: 0,
        reserved: 0,
    })
}

fn words(raw: &z::z_stream) -> Option<String> {
    if raw.msg.is_null() {
        return None;
    }
    // SAFETY: the library's messages are static terminated strings.
    Some(unsafe { CStr::from_ptr(raw.msg) }.to_string_lossy().into_owned())
}

const SIZE: c_int = size_of::<z::z_stream>() as c_int;

impl Stream {
    /// A compressor.
    pub fn deflate(
        level: c_int,
        method: c_int,
        wbits: c_int,
        memory: c_int,
        strategy: c_int,
    ) -> Result<Stream, Failure> {
        let mut raw = blank();
        // SAFETY: a blank stream and the version of the library itself.
        let code = unsafe {
            z::deflateInit2_(&mut *raw, level, method, wbits, memory, strategy, z::zlibVersion(), SIZE)
        };
        Stream::made(raw, Way::Out, code)
    }

    /// A decompressor.
    pub fn inflate(wbits: c_int) -> Result<Stream, Failure> {
        let mut raw = blank();
        // SAFETY: as above.
        let code = unsafe { z::inflateInit2_(&mut *raw, wbits, z::zlibVersion(), SIZE) };
        Stream::made(raw, Way::In, code)
    }

    fn made(raw: Box<z::z_stream>, way: Way, code: c_int) -> Result<Stream, Failure> {
        match code {
            z::Z_OK => Ok(Stream { raw, way }),
            code => Err(Failure { code, words: words(&raw) }),
        }
    }

    /// A stream in the same state.
    pub fn copy(&mut self) -> Result<Stream, Failure> {
        let mut raw = blank();
        // SAFETY: `self` is a live stream; the copy is a blank one that stays where it is.
        let code = unsafe {
            match self.way {
                Way::Out => z::deflateCopy(&mut *raw, &mut *self.raw),
                Way::In => z::inflateCopy(&mut *raw, &mut *self.raw),
            }
        };
        Stream::made(raw, self.way, code)
    }

    /// What the library says of its last code.
    pub fn failure(&self, code: c_int) -> Failure {
        Failure { code, words: words(&self.raw) }
    }

    /// Runs over `input` with a flush mode for its end, until the library has no more to give or `limit` bytes have come.
    pub fn run(&mut self, input: &[u8], flush: c_int, limit: usize, out: &mut Vec<u8>) -> Run {
        let mut taken = 0;
        let mut room = CHUNK;
        loop {
            let piece = (input.len() - taken).min(u32::MAX as usize / 2);
            let last = taken + piece == input.len();
            room = room.min(limit - out.len()).min(u32::MAX as usize / 2);
            if room == 0 {
                return Run { code: z::Z_OK, taken };
            }
            out.reserve(room);
            let spare = out.spare_capacity_mut();
            let given = spare.len().min(room);
            self.raw.next_in = input[taken..].as_ptr().cast_mut();
            self.raw.avail_in = piece as u32;
            self.raw.next_out = spare.as_mut_ptr().cast();
            self.raw.avail_out = given as u32;
            let mode = if last { flush } else { z::Z_NO_FLUSH };
            // SAFETY: input and room are as long as the counters say; the library does not write its input.
            let code = unsafe {
                match self.way {
                    Way::Out => z::deflate(&mut *self.raw, mode),
                    Way::In => z::inflate(&mut *self.raw, mode),
                }
            };
            let left = self.raw.avail_out as usize;
            // SAFETY: the library has filled that many bytes.
            unsafe { out.set_len(out.len() + given - left) };
            taken += piece - self.raw.avail_in as usize;
            self.raw.next_in = ptr::null_mut();
            self.raw.next_out = ptr::null_mut();
            // A full buffer may hide more; with Z_FINISH a full buffer is reported as Z_BUF_ERROR.
            let more = left == 0 && (code == z::Z_OK || code == z::Z_BUF_ERROR && flush == z::Z_FINISH);
            if !(more && out.len() < limit || code == z::Z_OK && taken < input.len() && out.len() < limit) {
                return Run { code, taken };
            }
            room = room.saturating_mul(2);
        }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        // SAFETY: a live stream, ended once.
        unsafe {
            match self.way {
                Way::Out => z::deflateEnd(&mut *self.raw),
                Way::In => z::inflateEnd(&mut *self.raw),
            };
        }
    }
}

/// A checksum of the library over any length.
pub fn checksum(adler: bool, start: u32, bytes: &[u8]) -> u32 {
    let mut sum = u64::from(start);
    for piece in bytes.chunks(1 << 30) {
        // SAFETY: the length is the slice's.
        sum = unsafe {
            if adler {
                z::adler32(sum, piece.as_ptr(), piece.len() as u32)
            } else {
                z::crc32(sum, piece.as_ptr(), piece.len() as u32)
            }
        };
    }
    sum as u32
}

/// The library's version.
pub fn version() -> &'static [u8] {
    // SAFETY: a static terminated string.
    unsafe { CStr::from_ptr(z::zlibVersion()) }.to_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(s: &mut Stream, input: &[u8], flush: c_int) -> (Vec<u8>, Run) {
        let mut out = Vec::new();
        let r = s.run(input, flush, usize::MAX, &mut out);
        (out, r)
    }

    #[test]
    fn there_and_back() {
        let text: Vec<u8> = (0..200_000u32).flat_map(|i| i.wrapping_mul(i).to_le_bytes()).collect();
        for wbits in [15, -15, 31] {
            let mut c = Stream::deflate(6, 8, wbits, 8, 0).expect("stream");
            let (mut packed, r) = all(&mut c, &text, z::Z_FINISH);
            assert_eq!((r.code, r.taken), (z::Z_STREAM_END, text.len()));
            packed.extend(b"rest");
            let mut d = Stream::inflate(wbits).expect("stream");
            let mut out = Vec::new();
            let r = d.run(&packed, z::Z_SYNC_FLUSH, 1000, &mut out);
            assert_eq!(out.len(), 1000);
            let mut twin = d.copy().expect("copy");
            for s in [&mut d, &mut twin] {
                let (rest, r2) = all(s, &packed[r.taken..], z::Z_SYNC_FLUSH);
                assert_eq!((r2.code, packed.len() - r.taken - r2.taken), (z::Z_STREAM_END, 4));
                assert!([&out[..], &rest[..]].concat() == text);
            }
        }
        let mut d = Stream::inflate(15).expect("stream");
        let (_, r) = all(&mut d, b"abc", z::Z_SYNC_FLUSH);
        assert_eq!(d.failure(r.code).text("here"), "Error -3 here: incorrect header check");
    }
}
