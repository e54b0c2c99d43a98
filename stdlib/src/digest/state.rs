//! The running state of a digest.

use interpreter::layout::NativePayload;
use md5::Digest;
use std::any::Any;

macro_rules! algorithms {
    ($( $id:ident $hash:ty, $name:literal $lower:literal $size:literal $block:literal; )*) => {
        /// One of the algorithms.
        #[derive(Copy, Clone, PartialEq, Eq, Debug)]
        #[repr(u8)]
        pub enum Algorithm { $( $id, )* }

        /// See the module text of `digest`.
        #[derive(Clone)]
        pub enum State { $( $id($hash), )* }

        macro_rules! each {
            ($s:expr, $h:ident => $e:expr) => {
                match $s { $( State::$id($h) => $e, )* }
            };
        }

        impl Algorithm {
            /// All, by their numbers.
            pub const ALL: &[Algorithm] = &[ $( Algorithm::$id, )* ];

            /// The state of the empty message.
            pub fn start(self) -> State {
                match self { $( Algorithm::$id => State::$id(<$hash>::new()), )* }
            }

            /// Name as `hashlib` shows it.
            pub fn name(self) -> &'static str {
                [$( $name, )*][self as usize]
            }

            /// Name in small letters, as one asks for it.
            pub fn lower_name(self) -> &'static str {
                [$( $lower, )*][self as usize]
            }

            /// Bytes of the result.
            pub fn digest_size(self) -> usize {
                [$( $size, )*][self as usize]
            }

            /// Bytes the algorithm takes at a time.
            pub fn block_size(self) -> usize {
                [$( $block, )*][self as usize]
            }
        }
    };
}

algorithms! {
    Md5 md5::Md5, "MD5" "md5" 16 64;
    Sha1 sha1::Sha1, "SHA1" "sha1" 20 64;
    Sha224 sha2::Sha224, "SHA224" "sha224" 28 64;
    Sha256 sha2::Sha256, "SHA256" "sha256" 32 64;
    Sha384 sha2::Sha384, "SHA384" "sha384" 48 128;
    Sha512 sha2::Sha512, "SHA512" "sha512" 64 128;
    Md4 md4::Md4, "MD4" "md4" 16 64;
    Ripemd160 ripemd::Ripemd160, "RIPEMD160" "ripemd160" 20 64;
    Whirlpool whirlpool::Whirlpool, "WHIRLPOOL" "whirlpool" 64 64;
    Blake2b blake2::Blake2b512, "BLAKE2b512" "blake2b512" 64 128;
    Blake2s blake2::Blake2s256, "BLAKE2s256" "blake2s256" 32 64;
    Sha3_224 sha3::Sha3_224, "SHA3-224" "sha3-224" 28 144;
    Sha3_256 sha3::Sha3_256, "SHA3-256" "sha3-256" 32 136;
    Sha3_384 sha3::Sha3_384, "SHA3-384" "sha3-384" 48 104;
    Sha3_512 sha3::Sha3_512, "SHA3-512" "sha3-512" 64 72;
    Sm3 sm3::Sm3, "SM3" "sm3" 32 64;
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
        assert_eq!(hex(Algorithm::Md4, &[b"abc"]), "a448017aaf21d8525fc10ae87aa6729d");
        assert_eq!(hex(Algorithm::Ripemd160, &[b"abc"]), "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc");
        assert!(hex(Algorithm::Whirlpool, &[b"abc"]).starts_with("4e2448a4c6f486bb"));
    }

    #[test]
    fn sizes_agree() {
        for a in Algorithm::ALL {
            assert_eq!(a.start().digest().len(), a.digest_size());
        }
    }
}
