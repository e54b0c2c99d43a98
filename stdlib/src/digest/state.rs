//! The running state of a digest.

use interpreter::layout::NativePayload;
use md5::Digest;
use std::any::Any;

/// One of the algorithms.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Algorithm {
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

/// See the module text of `digest`.
#[derive(Clone)]
pub enum State {
    Md5(md5::Md5),
    Sha1(sha1::Sha1),
    Sha224(sha2::Sha224),
    Sha256(sha2::Sha256),
    Sha384(sha2::Sha384),
    Sha512(sha2::Sha512),
}

macro_rules! each {
    ($s:expr, $h:ident => $e:expr) => {
        match $s {
            State::Md5($h) => $e,
            State::Sha1($h) => $e,
            State::Sha224($h) => $e,
            State::Sha256($h) => $e,
            State::Sha384($h) => $e,
            State::Sha512($h) => $e,
        }
    };
}

impl Algorithm {
    /// The state of the empty message.
    pub fn start(self) -> State {
        match self {
            Algorithm::Md5 => State::Md5(md5::Md5::new()),
            Algorithm::Sha1 => State::Sha1(sha1::Sha1::new()),
            Algorithm::Sha224 => State::Sha224(sha2::Sha224::new()),
            Algorithm::Sha256 => State::Sha256(sha2::Sha256::new()),
            Algorithm::Sha384 => State::Sha384(sha2::Sha384::new()),
            Algorithm::Sha512 => State::Sha512(sha2::Sha512::new()),
        }
    }

    /// Name as `hashlib` shows it.
    pub fn name(self) -> &'static str {
        ["MD5", "SHA1", "SHA224", "SHA256", "SHA384", "SHA512"][self as usize]
    }

    /// Bytes of the result.
    pub fn digest_size(self) -> usize {
        [16, 20, 28, 32, 48, 64][self as usize]
    }

    /// Bytes the algorithm takes at a time.
    pub fn block_size(self) -> usize {
        [64, 64, 64, 64, 128, 128][self as usize]
    }
}

impl State {
    /// Adds bytes to the message.
    pub fn update(&mut self, b: &[u8]) {
        each!(self, h => h.update(b));
    }

    /// The digest of the message so far.
    pub fn digest(&self) -> Vec<u8> {
        each!(self, h => h.clone().finalize().to_vec())
    }
}

impl NativePayload for State {
    fn snapshot(&self) -> Box<dyn Any + Send> {
        Box::new(self.clone())
    }
    fn restore(&mut self, snapshot: Box<dyn Any + Send>) {
        if let Ok(s) = snapshot.downcast::<State>() {
            *self = *s;
        }
    }
    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(a: Algorithm, parts: &[&[u8]]) -> String {
        let mut s = a.start();
        parts.iter().for_each(|p| s.update(p));
        s.digest().iter().map(|b| format!("{b:02x}")).collect()
    }

    #[test]
    fn known_answers() {
        assert_eq!(hex(Algorithm::Md5, &[b"a", b"bc"]), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(hex(Algorithm::Sha1, &[b"abc"]), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert!(hex(Algorithm::Sha224, &[b"abc"]).starts_with("23097d223405d822"));
        assert!(hex(Algorithm::Sha256, &[b"ab", b"c"]).starts_with("ba7816bf8f01cfea"));
        assert!(hex(Algorithm::Sha384, &[b"abc"]).starts_with("cb00753f45a35e8b"));
        assert!(hex(Algorithm::Sha512, &[b"abc"]).starts_with("ddaf35a193617aba"));
    }

    #[test]
    fn sizes_agree() {
        for a in [
            Algorithm::Md5,
            Algorithm::Sha1,
            Algorithm::Sha224,
            Algorithm::Sha256,
            Algorithm::Sha384,
            Algorithm::Sha512,
        ] {
            assert_eq!(a.start().digest().len(), a.digest_size());
        }
    }
}
