//! The library's two streams, with output that grows.

use bzip2::{Action, Compress, Compression, Decompress, Status};

/// Bytes of output room to begin with.
const CHUNK: usize = 8 * 1024;

/// Why it did not work.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Failure {
    /// Not, or no longer, a bzip2 stream.
    Data,
    /// The input ends before the stream.
    Truncated,
    Memory,
    Sequence,
    /// The file, with its errno.
    Io(i32),
}

impl From<bzip2::Error> for Failure {
    fn from(e: bzip2::Error) -> Failure {
        match e {
            bzip2::Error::Data | bzip2::Error::DataMagic => Failure::Data,
            _ => Failure::Sequence,
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(e: std::io::Error) -> Failure {
        Failure::Io(e.raw_os_error().unwrap_or(libc::EIO))
    }
}

/// A compressor.
pub struct Packer(Compress);

impl Packer {
    /// `level`: 1 to 9.
    pub fn new(level: u32) -> Packer {
        Packer(Compress::new(Compression::new(level), 0))
    }

    /// Adds input; what is compressed already goes to `out`.
    pub fn add(&mut self, mut input: &[u8], out: &mut Vec<u8>) -> Result<(), Failure> {
        while !input.is_empty() {
            out.reserve(CHUNK);
            let before = self.0.total_in();
            if self.0.compress_vec(input, out, Action::Run)? == Status::MemNeeded {
                return Err(Failure::Memory);
            }
            input = &input[(self.0.total_in() - before) as usize..];
        }
        Ok(())
    }

    /// Ends the stream.
    pub fn finish(mut self, out: &mut Vec<u8>) -> Result<(), Failure> {
        loop {
            out.reserve(CHUNK);
            match self.0.compress_vec(&[], out, Action::Finish)? {
                Status::StreamEnd => return Ok(()),
                Status::MemNeeded => return Err(Failure::Memory),
                _ => {}
            }
        }
    }
}

/// A decompressor.
pub struct Unpacker {
    raw: Decompress,
    /// The stream's end has been found.
    pub ended: bool,
}

impl Unpacker {
    pub fn new() -> Unpacker {
        Unpacker { raw: Decompress::new(false), ended: false }
    }

    /// Takes input until it is used up, the stream ends, or `limit` bytes lie in `out`; how much was taken.
    pub fn add(&mut self, input: &[u8], out: &mut Vec<u8>, limit: usize) -> Result<usize, Failure> {
        let mut taken = 0;
        let mut room = CHUNK;
        while !self.ended && out.len() < limit {
            let given = room.min(limit - out.len());
            let old = out.len();
            out.resize(old + given, 0);
            let (read, written) = (self.raw.total_in(), self.raw.total_out());
            let r = self.raw.decompress(&input[taken..], &mut out[old..]);
            let written = (self.raw.total_out() - written) as usize;
            out.truncate(old + written);
            taken += (self.raw.total_in() - read) as usize;
            match r? {
                Status::StreamEnd => self.ended = true,
                Status::MemNeeded => return Err(Failure::Memory),
                _ if written < given && taken == input.len() => break,
                _ => {}
            }
            room = room.saturating_mul(2);
        }
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let text: Vec<u8> = (0..100_000u32).flat_map(|i| (i / 7).to_le_bytes()).collect();
        let mut packed = Vec::new();
        let mut p = Packer::new(1);
        text.chunks(1000).for_each(|c| p.add(c, &mut packed).expect("add"));
        p.finish(&mut packed).expect("finish");
        let whole = packed.len();
        packed.extend(b"rest");
        let (mut u, mut out) = (Unpacker::new(), Vec::new());
        let mut taken = u.add(&packed, &mut out, 1234).expect("data");
        assert!(out.len() == 1234 && !u.ended);
        taken += u.add(&packed[taken..], &mut out, usize::MAX).expect("data");
        assert!(u.ended && taken == whole && out == text);
        assert_eq!(Unpacker::new().add(b"garbage", &mut out, usize::MAX), Err(Failure::Data));
    }
}
