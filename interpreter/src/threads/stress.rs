//! Stress switches: make what is rare happen all the time (`PYPYSTM_STRESS`, see stress-tests/README.md).
//!
//! Words, separated by commas: `commit` ends the transaction at every bytecode boundary; `abort:N` restarts one boundary
//! in N; `collect` runs a minor collection at every commit point, `full` a full one; `poison` fills freed memory;
//! `verify` checks the heap after full collections; `panic:N` panics at one boundary in N; `seed:S` starts the random
//! numbers.

use crate::raised::{PyResult, Unwind};
use crate::thread::Thread;
use std::sync::atomic::{AtomicU64, Ordering};

/// The switches of this process.
#[derive(Debug, Default)]
pub struct Stress {
    on: bool,
    pub commit: bool,
    /// One boundary in so many restarts its transaction; 0: none.
    pub abort: u64,
    pub collect: bool,
    pub full: bool,
    pub poison: bool,
    pub verify: bool,
    /// One boundary in so many panics; 0: none.
    pub panic: u64,
    state: AtomicU64,
}

impl Stress {
    /// Out of the environment.
    pub fn from_environment() -> Stress {
        Stress::parse(&std::env::var("PYPYSTM_STRESS").unwrap_or_default())
    }

    /// Unknown words are ignored.
    pub fn parse(text: &str) -> Stress {
        let mut s = Stress { state: AtomicU64::new(1), ..Stress::default() };
        for word in text.split(',') {
            let (name, number) = match word.split_once(':') {
                Some((n, v)) => (n, v.parse().unwrap_or(0)),
                None => (word, 0u64),
            };
            match name {
                "commit" => s.commit = true,
                "abort" => s.abort = number,
                "collect" => s.collect = true,
                "full" => s.full = true,
                "poison" => s.poison = true,
                "verify" => s.verify = true,
                "panic" => s.panic = number,
                "seed" => s.state = AtomicU64::new(number | 1),
                _ => {}
            }
        }
        s.on = s.commit || s.abort > 0 || s.panic > 0;
        s
    }

    /// Whether boundaries have more to do.
    #[inline(always)]
    pub fn is_on(&self) -> bool {
        self.on
    }

    /// Sets the switches that concern the heap.
    pub fn configure(&self, heap: &mut gc_stm::HeapConfig) {
        heap.stress_minor |= self.collect;
        heap.stress_full |= self.full;
        heap.poison |= self.poison;
        heap.verify |= self.verify;
    }

    fn random(&self) -> u64 {
        let x = self.state.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }
}

/// At every boundary while some switch is on.
pub fn at_boundary(th: &mut Thread) -> PyResult<()> {
    let s = &th.rt.stress;
    if s.abort > 0
        && !th.m.tx.is_solo()
        && !th.m.tx.is_inevitable()
        && th.checkpoint.loop_depth != 0
        && s.random().is_multiple_of(s.abort)
    {
        return Err(th.start_unwind(Unwind::Abort));
    }
    if s.panic > 0 && s.random().is_multiple_of(s.panic) {
        panic!("asked for by PYPYSTM_STRESS");
    }
    if s.commit {
        th.commit_here()?;
    }
    if s.collect || s.full {
        th.collect_here()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Stress;

    #[test]
    fn words() {
        let s = Stress::parse("commit,abort:50,poison,seed:7,nonsense");
        assert!(s.commit && s.abort == 50 && s.poison && !s.collect && s.is_on());
        assert!(!Stress::parse("").is_on());
    }
}
