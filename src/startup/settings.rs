//! Options as the interpreter and the heap want them.

use crate::options::{HashSeed, Options};
use gc_stm::HeapConfig;
use interpreter::runtime::Settings;
use numtext::hash::HashSecret;
use std::os::unix::ffi::OsStrExt;

/// Settings of the interpreter.
pub fn settings(o: &Options) -> Settings {
    let f = &o.flags;
    Settings {
        optimize: f.optimize,
        dont_write_bytecode: f.dont_write_bytecode > 0,
        unbuffered: f.unbuffered,
        verbose: f.verbose,
        py3k_warning: f.py3k_warning > 0,
        division_warning: f.division_warning,
        division_new: f.division_new,
        unicode_literals: f.unicode > 0,
        tabcheck: f.tabcheck,
        ignore_environment: f.ignore_environment > 0,
        inspect: f.inspect > 0,
        interactive: f.interactive > 0,
        no_site: f.no_site > 0,
        no_user_site: f.no_user_site > 0,
        bytes_warning: f.bytes_warning,
        hash_randomization: f.hash_randomization,
        hash_secret: hash_secret(o.environment.hash_seed),
        debug: f.debug,
        warn_options: o.warn_options.iter().map(|w| w.to_string_lossy().into_owned()).collect(),
        gil: o.gil,
        force_stm: o.force_stm,
        segments: o.segments.unwrap_or(0),
        executable: super::path::executable(),
        argv: o.argv.iter().map(|a| a.as_bytes().to_vec()).collect(),
    }
}

/// What `-R` and `PYTHONHASHSEED` mix into the hashes of texts: sixteen bytes, from a generator started with the seed
/// that was given, or else from the system.
fn hash_secret(seed: HashSeed) -> HashSecret {
    let mut bytes = [0; 16];
    match seed {
        HashSeed::None => {}
        HashSeed::Fixed(seed) => {
            let mut x = seed;
            for b in &mut bytes {
                x = x.wrapping_mul(214_013).wrapping_add(2_531_011);
                *b = (x >> 16) as u8;
            }
        }
        HashSeed::Random => {
            // SAFETY: the buffer has that many bytes. So few are never read in part.
            unsafe { libc::getrandom(bytes.as_mut_ptr().cast(), bytes.len(), 0) };
        }
    }
    let half = |from: usize| i64::from_le_bytes(std::array::from_fn(|i| bytes[from + i]));
    HashSecret { prefix: half(0), suffix: half(8) }
}

/// Settings of the heap.
pub fn heap(o: &Options) -> HeapConfig {
    let mut h = HeapConfig { trim: Some(super::trim::constant_pages), ..HeapConfig::default() };
    if let Some(limit) = o.heap_limit {
        h.limit = Some(limit as usize);
    }
    h
}
