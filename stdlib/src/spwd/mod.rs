//! `spwd`: the shadow password database.

use crate::accounts::{Entry, all, find, missing, text};
use crate::posix::calls::string;
use interpreter::native::{Args, BLOCKS, MethodDef, ModuleDef, TypeDef};
use interpreter::objects::module;
use interpreter::objects::structseq::{self, definition, field};
use interpreter::raised::PyResult;
use interpreter::{Thread, Value};

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
        MethodDef::new("getspall", |th, _| all::<Shadow>(th), 0, 0, BLOCKS, "getspall() -> list of entries"),
    ],
    types: &[],
    init: Some(init),
};

fn init(th: &mut Thread, m: Value) -> PyResult<()> {
    let c = structseq::ready(th, &SHADOW, 9, 9)?;
    module::add(th, m, "struct_spwd", c)
}

unsafe extern "C" {
    #[link_name = "getspnam"]
    fn entry_of(name: *const libc::c_char) -> *mut libc::spwd;
    fn getspent() -> *mut libc::spwd;
    fn setspent();
    fn endspent();
}

/// An entry.
#[derive(Clone)]
struct Shadow {
    name: Vec<u8>,
    password: Vec<u8>,
    numbers: [i64; 7],
}

impl Entry for Shadow {
    type Raw = libc::spwd;
    const ALL: (unsafe extern "C" fn(), unsafe extern "C" fn() -> *mut libc::spwd, unsafe extern "C" fn()) =
        (setspent, getspent, endspent);

    unsafe fn copied(p: &libc::spwd) -> Shadow {
        // SAFETY: the caller's promise.
        let (name, password) = unsafe { (text(p.sp_namp), text(p.sp_pwdp)) };
        let flag = p.sp_flag as i64;
        let numbers = [p.sp_lstchg, p.sp_min, p.sp_max, p.sp_warn, p.sp_inact, p.sp_expire, flag];
        Shadow { name, password, numbers }
    }

    fn shown(&self, th: &mut Thread) -> PyResult {
        let (name, password) = (th.try_str(&self.name)?, th.try_str(&self.password)?);
        let [a, b, c, d, f, g, h] = self.numbers.map(|n| th.int(n));
        structseq::make(th, &SHADOW, &[name, password, a, b, c, d, f, g, h])
    }
}

fn getspnam(th: &mut Thread, args: Args<'_>) -> PyResult {
    let name = string(th, args.pos[0], "getspnam", 1)?;
    // SAFETY: the function for the database, with a terminated name.
    match unsafe { find::<Shadow>(th, move || entry_of(name.as_ptr()))? } {
        Some(e) => e.shown(th),
        None => Err(missing(th, b"getspnam(): name not found")),
    }
}
