//! MT19937, the Mersenne Twister of Matsumoto and Nishimura, over a state in bytes.
//!
//! The state is 624 words followed by the position in them, each 32 bits wide in native order.

/// Words of state.
pub const N: usize = 624;
const M: usize = 397;
/// Bytes of state and position.
pub const BYTES: usize = (N + 1) * 4;

/// A generator taken out of its bytes.
pub struct Twister {
    pub words: [u32; N],
    /// Next word to use; `N`: make new ones first.
    pub index: usize,
}

impl Twister {
    /// Seeded by one number.
    pub fn from_number(seed: u32) -> Twister {
        let mut words = [0; N];
        words[0] = seed;
        for i in 1..N {
            let p: u32 = words[i - 1];
            words[i] = 1_812_433_253u32.wrapping_mul(p ^ (p >> 30)).wrapping_add(i as u32);
        }
        Twister { words, index: N }
    }

    /// Seeded by a key of 32-bit digits, least significant first; not empty.
    pub fn from_key(key: &[u32]) -> Twister {
        let mut t = Twister::from_number(19_650_218);
        let w = &mut t.words;
        let (mut i, mut j) = (1, 0);
        for _ in 0..N.max(key.len()) {
            let p = w[i - 1];
            w[i] =
                (w[i] ^ (p ^ (p >> 30)).wrapping_mul(1_664_525)).wrapping_add(key[j]).wrapping_add(j as u32);
            i += 1;
            j += 1;
            if i >= N {
                w[0] = w[N - 1];
                i = 1;
            }
            if j >= key.len() {
                j = 0;
            }
        }
        for _ in 0..N - 1 {
            let p = w[i - 1];
            w[i] = (w[i] ^ (p ^ (p >> 30)).wrapping_mul(1_566_083_941)).wrapping_sub(i as u32);
            i += 1;
            if i >= N {
                w[0] = w[N - 1];
                i = 1;
            }
        }
        w[0] = 0x8000_0000;
        t
    }

    /// Reads the bytes of a state.
    pub fn load(b: &[u8]) -> Twister {
        let mut words = [0; N];
        let word =
            |i: usize| b.get(i * 4..i * 4 + 4).map_or(0, |w| u32::from_ne_bytes([w[0], w[1], w[2], w[3]]));
        for (i, w) in words.iter_mut().enumerate() {
            *w = word(i);
        }
        Twister { words, index: (word(N) as usize).min(N) }
    }

    /// The bytes of the state.
    pub fn store(&self) -> [u8; BYTES] {
        let mut out = [0; BYTES];
        for (o, w) in out.chunks_exact_mut(4).zip(self.words.iter().chain([&(self.index as u32)])) {
            o.copy_from_slice(&w.to_ne_bytes());
        }
        out
    }

    /// Makes the next 624 words.
    pub fn refill(&mut self) {
        let w = &mut self.words;
        for k in 0..N {
            let y = (w[k] & 0x8000_0000) | (w[(k + 1) % N] & 0x7fff_ffff);
            w[k] = w[(k + M) % N] ^ (y >> 1) ^ if y & 1 != 0 { 0x9908_b0df } else { 0 };
        }
        self.index = 0;
    }

    /// Shuffles the words by a number, given by its remainders, and skips on: "jump ahead".
    pub fn jump(&mut self, remainder: impl Fn(usize) -> usize) {
        for i in (2..N).rev() {
            self.words.swap(i, remainder(i).min(N - 1));
        }
        for (i, w) in self.words.iter_mut().enumerate() {
            *w = w.wrapping_add(i as u32 + 1);
        }
        self.index = N;
    }
}

/// The output function.
pub fn temper(mut y: u32) -> u32 {
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c_5680;
    y ^= (y << 15) & 0xefc6_0000;
    y ^ (y >> 18)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reference_sequence() {
        // First outputs of the authors' test program, seeded by {0x123, 0x234, 0x345, 0x456}.
        let mut t = Twister::from_key(&[0x123, 0x234, 0x345, 0x456]);
        t.refill();
        let out: Vec<u32> = t.words[..4].iter().map(|w| temper(*w)).collect();
        assert_eq!(out, [1_067_595_299, 955_945_823, 477_289_528, 4_107_218_783]);
    }

    #[test]
    fn bytes_round_trip() {
        let t = Twister::from_number(7);
        let u = Twister::load(&t.store());
        assert!(t.words == u.words && t.index == u.index);
    }
}
