//! `pwd`: the password database.

use interpreter::native::{Args, BLOCKS, MethodDef, ModuleDef, TypeDef};
use interpreter::objects::module;
use interpreter::objects::structseq::{self, definition, field};
use interpreter::raised::PyResult;
use interpreter::{Thread, Value, ops};
use parking_lot::Mutex;
use std::ffi::{CStr, CString};

static PASSWD: TypeDef = definition(
    "pwd",
    "struct_passwd",
    "pwd.struct_passwd: what getpw*() give\n\nA tuple (pw_name,pw_passwd,pw_uid,pw_gid,pw_gecos,pw_dir,pw_shell), or use the attributes.",
    &[
        field::<0>("pw_name", "user name"),
        field::<1>("pw_passwd", "password"),
        field::<2>("pw_uid", "user id"),
        field::<3>("pw_gid", "group id"),
        field::<4>("pw_gecos", "real name"),
        field::<5>("pw_dir", "home directory"),
        field::<6>("pw_shell", "shell program"),
    ],
);

/// `pwd`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "pwd",
    doc: Some("The password database: entries by user id or name, or all of them."),
    functions: &[
        MethodDef::new("getpwuid", getpwuid, 1, 1, BLOCKS, "getpwuid(uid) -> entry"),
        MethodDef::new("getpwnam", getpwnam, 1, 1, BLOCKS, "getpwnam(name) -> entry"),
        MethodDef::new("getpwall", getpwall, 0, 0, BLOCKS, "getpwall() -> list of entries"),
    ],
    types: &[],
    init: Some(init),
};

fn init(th: &mut Thread, m: Value) -> PyResult<()> {
    let c = structseq::ready(th, &PASSWD, 7, 7)?;
    module::add(th, m, "struct_passwd", c)?;
    module::add(th, m, "struct_pwent", c)
}

/// An entry, copied out of the C library's memory.
#[derive(Clone)]
struct Entry {
    texts: [Vec<u8>; 5],
    uid: u32,
    gid: u32,
}

/// The C library's functions share one buffer.
static LOCK: Mutex<()> = Mutex::new(());

/// # Safety
/// `p` is null or points to an entry of the C library; the lock is held.
unsafe fn copied(p: *const libc::passwd) -> Option<Entry> {
    // SAFETY: the caller's promise.
    unsafe {
        let p = p.as_ref()?;
        let text = |s: *const libc::c_char| {
            if s.is_null() { Vec::new() } else { CStr::from_ptr(s).to_bytes().to_vec() }
        };
        Some(Entry {
            texts: [text(p.pw_name), text(p.pw_passwd), text(p.pw_gecos), text(p.pw_dir), text(p.pw_shell)],
            uid: p.pw_uid,
            gid: p.pw_gid,
        })
    }
}

fn shown(th: &mut Thread, e: &Entry) -> PyResult {
    let id = |th: &mut Thread, n: u32| if n == u32::MAX { th.int(-1) } else { th.int(i64::from(n)) };
    let items = [
        th.try_str(&e.texts[0])?,
        th.try_str(&e.texts[1])?,
        id(th, e.uid),
        id(th, e.gid),
        th.try_str(&e.texts[2])?,
        th.try_str(&e.texts[3])?,
        th.try_str(&e.texts[4])?,
    ];
    structseq::make(th, &PASSWD, &items)
}

/// A user or group id argument; none if no such id can exist.
pub(crate) fn id_arg(th: &mut Thread, v: Value) -> PyResult<Option<u32>> {
    let Some(n) = ops::exact_integer(v) else {
        if interpreter::objects::float::float_value(v).is_some() {
            return Err(th.type_error("integer argument expected, got float"));
        }
        let n = ops::integer_arg(th, v)?;
        return Ok(u32::try_from(n).ok());
    };
    Ok(match i64::try_from(&n) {
        Ok(-1) => Some(u32::MAX),
        Ok(n) => u32::try_from(n).ok(),
        Err(_) => None,
    })
}

fn getpwuid(th: &mut Thread, args: Args<'_>) -> PyResult {
    let id = id_arg(th, args.pos[0])?;
    let found = match id {
        Some(id) => th.outside(move || {
            let _held = LOCK.lock();
            // SAFETY: under the lock.
            unsafe { copied(libc::getpwuid(id)) }
        })?,
        None => None,
    };
    match found {
        Some(e) => shown(th, &e),
        None => {
            let s = ops::str(th, args.pos[0])?;
            let key = th.new_str(
                format!("getpwuid(): uid not found: {}", String::from_utf8_lossy(th.str_bytes(s))).as_bytes(),
            );
            Err(th.key_error(key))
        }
    }
}

/// A name argument without zero bytes.
pub(crate) fn name_arg(th: &mut Thread, v: Value, function: &str) -> PyResult<CString> {
    let s = if v.payload::<interpreter::layout::PyUnicode>().is_some() {
        interpreter::objects::unicode::encode_default(th, v)?
    } else {
        v
    };
    if s.payload::<interpreter::layout::PyStr>().is_none() {
        let n = if v.is_none() { String::from("None") } else { ops::type_name(v) };
        return Err(th.type_error(format!("{function}() argument 1 must be string, not {n}")));
    }
    CString::new(th.str_bytes(s)).map_err(|_| {
        th.type_error(format!("{function}() argument 1 must be string without null bytes, not str"))
    })
}

fn getpwnam(th: &mut Thread, args: Args<'_>) -> PyResult {
    let name = name_arg(th, args.pos[0], "getpwnam")?;
    let asked = name.clone();
    let found = th.outside(move || {
        let _held = LOCK.lock();
        // SAFETY: a terminated name, under the lock.
        unsafe { copied(libc::getpwnam(asked.as_ptr())) }
    })?;
    match found {
        Some(e) => shown(th, &e),
        None => {
            let key = th.new_str(&[b"getpwnam(): name not found: ", name.as_bytes()].concat());
            Err(th.key_error(key))
        }
    }
}

fn getpwall(th: &mut Thread, _: Args<'_>) -> PyResult {
    let all = th.outside(|| {
        let _held = LOCK.lock();
        let mut all = Vec::new();
        // SAFETY: under the lock.
        unsafe {
            libc::setpwent();
            while let Some(e) = copied(libc::getpwent()) {
                all.push(e);
            }
            libc::endpwent();
        }
        all
    })?;
    let out = th.m.root_vec();
    for e in &all {
        out.push(shown(th, e)?.bits());
    }
    th.new_list(ops::values(&out))
}
