//! Seed and length of a run, and its random numbers.

use std::time::Duration;

/// What the environment asks for.
#[derive(Clone, Copy)]
pub struct Plan {
    pub seed: u64,
    pub length: Duration,
}

impl Plan {
    /// Reads `STRESS_SEED` and `STRESS_MILLIS`; prints the seed so that a failure can be repeated.
    pub fn from_environment(name: &str) -> Plan {
        let number = |variable: &str| std::env::var(variable).ok().and_then(|v| v.parse::<u64>().ok());
        let seed = number("STRESS_SEED").unwrap_or_else(|| {
            let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
            now.map_or(1, |d| d.as_nanos() as u64) | 1
        });
        let millis = number("STRESS_MILLIS").unwrap_or(1000);
        println!("{name}: STRESS_SEED={seed} STRESS_MILLIS={millis}");
        Plan { seed, length: Duration::from_millis(millis) }
    }

    /// The random numbers of one thread.
    pub fn random(&self, thread: usize) -> Random {
        Random(self.seed ^ (thread as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }
}

/// A xorshift generator.
pub struct Random(u64);

impl Random {
    /// A number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 11) % bound as u64) as usize
    }

    /// True once in `n` times.
    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
}
