//! `spwd`: the shadow password database.

use crate::posix::calls::string;
use interpreter::native::{Args, BLOCKS, MethodDef, ModuleDef, TypeDef};
use interpreter::objects::module;
use interpreter::objects::structseq::{self, definition, field};
use interpreter::raised::PyResult;
use interpreter::{Thread, Value, ops};
use parking_lot::Mutex;
use std::ffi::CStr;

static SHADOW: TypeDef = definition(
    "spwd",
    "struct_spwd",
    "spwd.struct_spwd: what getsp*() give\n\nA tuple of nine items that are also attributes.",
    &[
        field::<0>("sp_nam", "login name"),
        field::<1>("sp_pwd", "encrypted password"),
        field::<2>("sp_lstchg", "date of last change"),
        field::<3>("sp_min", "min #days between changes"),
        field::<4>("sp_max", "max #days between changes"),
        field::<5>("sp_warn", "#days before pw expires to warn user about it"),
        field::<6>("sp_inact", "#days after pw expires until account is disabled"),
        field::<7>("sp_expire", "#days since 1970-01-01 when account expires"),
        field::<8>("sp_flag", "reserved"),
    ],
);

/// `spwd`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "spwd",
    doc: Some("The shadow password database: entries by name, or all of them."),
    functions: &[
        MethodDef::new("getspnam", getspnam, 1, 1, BLOCKS, "getspnam(name) -> entry"),
        MethodDef::new("getspall", getspall, 0, 0, BLOCKS, "getspall() -> list of entries"),
    ],
    types: &[],
    init: Some(init),
};

fn init(th: &mut Thread, m: Value) -> PyResult<()> {
    let c = structseq::ready(th, &SHADOW, 9, 9)?;
    module::add(th, m, "struct_spwd", c)
}

/// An entry, copied out of the C library's memory.
#[derive(Clone)]
struct Entry {
    name: Vec<u8>,
    password: Vec<u8>,
    numbers: [i64; 7],
}

/// The C library's functions share one buffer.
static LOCK: Mutex<()> = Mutex::new(());

unsafe extern "C" {
    #[link_name = "getspnam"]
    fn find(name: *const libc::c_char) -> *mut libc::spwd;
    fn getspent() -> *mut libc::spwd;
    fn setspent();
    fn endspent();
}

/// # Safety
/// `p` is null or points to an entry of the C library; the lock is held.
unsafe fn copied(p: *const libc::spwd) -> Option<Entry> {
    // SAFETY: the caller's promise.
    unsafe {
        let p = p.as_ref()?;
        let text = |s: *const libc::c_char| {
            if s.is_null() { Vec::new() } else { CStr::from_ptr(s).to_bytes().to_vec() }
        };
        Some(Entry {
            name: text(p.sp_namp),
            password: text(p.sp_pwdp),
            numbers: [p.sp_lstchg, p.sp_min, p.sp_max, p.sp_warn, p.sp_inact, p.sp_expire, p.sp_flag as i64],
        })
    }
}

fn shown(th: &mut Thread, e: &Entry) -> PyResult {
    let (name, password) = (th.try_str(&e.name)?, th.try_str(&e.password)?);
    let [a, b, c, d, f, g, h] = e.numbers.map(|n| th.int(n));
    structseq::make(th, &SHADOW, &[name, password, a, b, c, d, f, g, h])
}

fn getspnam(th: &mut Thread, args: Args<'_>) -> PyResult {
    let name = string(th, args.pos[0], "getspnam", 1)?;
    let found = th.outside(move || {
        let _held = LOCK.lock();
        // SAFETY: a terminated name, under the lock.
        unsafe { copied(find(name.as_ptr())) }
    })?;
    match found {
        Some(e) => shown(th, &e),
        None => {
            let key = th.new_str(b"getspnam(): name not found");
            Err(th.key_error(key))
        }
    }
}

fn getspall(th: &mut Thread, _: Args<'_>) -> PyResult {
    let all = th.outside(|| {
        let _held = LOCK.lock();
        let mut all = Vec::new();
        // SAFETY: under the lock.
        unsafe {
            setspent();
            while let Some(e) = copied(getspent()) {
                all.push(e);
            }
            endspent();
        }
        all
    })?;
    let out = th.m.root_vec();
    for e in &all {
        out.push(shown(th, e)?.bits());
    }
    th.new_list(ops::values(&out))
}
