//! What all threads share: heap, transactions, interned strings, the module table, options.

use crate::intern::Interned;
use crate::value::{Slot, Value};
use gc_stm::{Heap, Tracer};
use parking_lot::Mutex;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

/// A runtime-wide root holding one value.
pub struct Global(AtomicU64);

impl Global {
    pub const fn new() -> Global {
        Global(AtomicU64::new(0))
    }
    pub fn get(&self) -> Slot {
        Value::from_bits(self.0.load(Ordering::Acquire))
    }
    /// The value must be old or reachable elsewhere (PITFALLS 6): made old by the caller.
    pub fn set(&self, v: Value) {
        self.0.store(v.bits(), Ordering::Release);
    }
}

impl Default for Global {
    fn default() -> Self {
        Global::new()
    }
}

/// Interpreter-wide settings from command line and environment.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub optimize: u32,
    pub dont_write_bytecode: bool,
    pub unbuffered: bool,
    pub verbose: u32,
    pub py3k_warning: bool,
    pub division_warning: u32,
    pub division_new: bool,
    pub unicode_literals: bool,
    pub tabcheck: u32,
    pub ignore_environment: bool,
    pub inspect: bool,
    pub interactive: bool,
    pub no_site: bool,
    pub no_user_site: bool,
    pub bytes_warning: u32,
    pub hash_randomization: bool,
    /// What is mixed into the hashes of texts.
    pub hash_secret: numtext::hash::HashSecret,
    pub debug: u32,
    pub warn_options: Vec<String>,
    pub gil: bool,
    pub force_stm: bool,
    pub segments: usize,
    pub executable: Vec<u8>,
    pub argv: Vec<Vec<u8>>,
}

/// See the module text.
pub struct Runtime {
    pub heap: Arc<Heap>,
    pub stm: Arc<stm_core::Stm>,
    pub interned: Interned,
    pub settings: Settings,
    recursion_limit: AtomicU32,
    /// `sys.getcheckinterval()`.
    pub check_interval: gil_compat::CheckInterval,
    /// The lock of `--gil`.
    pub gil: Option<gil_compat::Gil>,
    pub stress: crate::threads::stress::Stress,
    /// `sys.modules`.
    pub modules: Global,
    /// Dict of `sys`.
    pub sys_dict: Global,
    /// Dict of `__builtin__`.
    pub builtins: Global,
    /// The `__builtin__` module.
    pub builtins_module: Global,
    /// Further roots of native modules.
    pub roots: Mutex<Vec<Value>>,
    /// Counter of versions and shape ids; never reused (PITFALLS 7).
    versions: AtomicU64,
}

static RUNTIME: OnceLock<Runtime> = OnceLock::new();

impl Runtime {
    /// Makes the process's runtime; fails if there is one.
    pub fn create(
        heap: Arc<Heap>,
        stm: Arc<stm_core::Stm>,
        settings: Settings,
    ) -> Result<&'static Runtime, &'static str> {
        let rt = Runtime {
            heap,
            stm,
            interned: Interned::default(),
            gil: settings.gil.then(gil_compat::Gil::held),
            stress: crate::threads::stress::Stress::from_environment(),
            check_interval: gil_compat::CheckInterval::new(),
            settings,
            recursion_limit: AtomicU32::new(1000),
            modules: Global::new(),
            sys_dict: Global::new(),
            builtins: Global::new(),
            builtins_module: Global::new(),
            roots: Mutex::new(Vec::new()),
            versions: AtomicU64::new(1),
        };
        RUNTIME.set(rt).map_err(|_| "the runtime exists already")?;
        RUNTIME.get().ok_or("the runtime exists already")
    }

    /// The process's runtime, once created.
    pub fn get() -> Option<&'static Runtime> {
        RUNTIME.get()
    }

    #[inline(always)]
    pub fn recursion_limit(&self) -> u32 {
        self.recursion_limit.load(Ordering::Relaxed)
    }

    pub fn set_recursion_limit(&self, n: u32) {
        self.recursion_limit.store(n, Ordering::Relaxed);
    }

    /// Back-edges and calls until a thread next looks at the length of its transaction.
    #[inline]
    pub(crate) fn ticks(&self) -> i32 {
        if self.stress.is_on() { 0 } else { self.check_interval.steps() }
    }

    /// A number never handed out before.
    pub fn fresh_version(&self) -> u64 {
        self.versions.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Shows the runtime-wide roots.
    pub fn trace_roots(&self, t: &mut Tracer) {
        for g in [&self.modules, &self.sys_dict, &self.builtins, &self.builtins_module] {
            t.word(g.get().map_or(0, Value::bits));
        }
        for v in self.roots.lock().iter() {
            t.word(v.bits());
        }
        self.interned.trace(t);
        crate::threads::start::trace_roots(t);
        for d in crate::objects::ALL {
            t.word(d.cell.bits());
        }
    }
}
