//! `grp`: the group database.

use crate::pwd::name_arg;
use interpreter::native::{Args, BLOCKS, MethodDef, ModuleDef, TypeDef};
use interpreter::objects::module;
use interpreter::objects::structseq::{self, definition, field};
use interpreter::raised::PyResult;
use interpreter::{Thread, Value, ops};
use parking_lot::Mutex;
use std::ffi::CStr;

static GROUP: TypeDef = definition(
    "grp",
    "struct_group",
    "grp.struct_group: what getgr*() give\n\nA tuple (gr_name,gr_passwd,gr_gid,gr_mem), or use the attributes.",
    &[
        field::<0>("gr_name", "group name"),
        field::<1>("gr_passwd", "password"),
        field::<2>("gr_gid", "group id"),
        field::<3>("gr_mem", "group members"),
    ],
);

/// `grp`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "grp",
    doc: Some("The group database: entries by group id or name, or all of them."),
    functions: &[
        MethodDef::new("getgrgid", getgrgid, 1, 1, BLOCKS, "getgrgid(id) -> entry"),
        MethodDef::new("getgrnam", getgrnam, 1, 1, BLOCKS, "getgrnam(name) -> entry"),
        MethodDef::new("getgrall", getgrall, 0, 0, BLOCKS, "getgrall() -> list of entries"),
    ],
    types: &[],
    init: Some(init),
};

fn init(th: &mut Thread, m: Value) -> PyResult<()> {
    let c = structseq::ready(th, &GROUP, 4, 4)?;
    module::add(th, m, "struct_group", c)
}

/// An entry, copied out of the C library's memory.
#[derive(Clone)]
struct Entry {
    name: Vec<u8>,
    password: Vec<u8>,
    gid: u32,
    members: Vec<Vec<u8>>,
}

/// The C library's functions share one buffer.
static LOCK: Mutex<()> = Mutex::new(());

/// # Safety
/// `p` is null or points to an entry of the C library; the lock is held.
unsafe fn copied(p: *const libc::group) -> Option<Entry> {
    // SAFETY: the caller's promise; the member list ends with null.
    unsafe {
        let p = p.as_ref()?;
        let text = |s: *const libc::c_char| {
            if s.is_null() { Vec::new() } else { CStr::from_ptr(s).to_bytes().to_vec() }
        };
        let mut members = Vec::new();
        let mut m = p.gr_mem;
        while !m.is_null() && !(*m).is_null() {
            members.push(text(*m));
            m = m.add(1);
        }
        Some(Entry { name: text(p.gr_name), password: text(p.gr_passwd), gid: p.gr_gid, members })
    }
}

fn shown(th: &mut Thread, e: &Entry) -> PyResult {
    let out = th.m.root_vec();
    for m in &e.members {
        out.push(th.try_str(m)?.bits());
    }
    let members = th.new_list(ops::values(&out))?;
    let items = [th.try_str(&e.name)?, th.try_str(&e.password)?, th.int(i64::from(e.gid)), members];
    structseq::make(th, &GROUP, &items)
}

fn getgrgid(th: &mut Thread, args: Args<'_>) -> PyResult {
    let found = match crate::pwd::id_arg(th, args.pos[0])? {
        Some(id) => th.outside(move || {
            let _held = LOCK.lock();
            // SAFETY: under the lock.
            unsafe { copied(libc::getgrgid(id)) }
        })?,
        None => None,
    };
    match found {
        Some(e) => shown(th, &e),
        None => {
            let s = ops::str(th, args.pos[0])?;
            let key = th.new_str(
                format!("getgrgid(): gid not found: {}", String::from_utf8_lossy(th.str_bytes(s))).as_bytes(),
            );
            Err(th.key_error(key))
        }
    }
}

fn getgrnam(th: &mut Thread, args: Args<'_>) -> PyResult {
    let name = if args.pos[0].payload::<interpreter::layout::PyStr>().is_some() {
        name_arg(th, args.pos[0], "getgrnam")?
    } else {
        let s = ops::str(th, args.pos[0])?;
        name_arg(th, s, "getgrnam")?
    };
    let asked = name.clone();
    let found = th.outside(move || {
        let _held = LOCK.lock();
        // SAFETY: a terminated name, under the lock.
        unsafe { copied(libc::getgrnam(asked.as_ptr())) }
    })?;
    match found {
        Some(e) => shown(th, &e),
        None => {
            let key = th.new_str(&[b"getgrnam(): name not found: ", name.as_bytes()].concat());
            Err(th.key_error(key))
        }
    }
}

fn getgrall(th: &mut Thread, _: Args<'_>) -> PyResult {
    let all = th.outside(|| {
        let _held = LOCK.lock();
        let mut all = Vec::new();
        // SAFETY: under the lock.
        unsafe {
            libc::setgrent();
            while let Some(e) = copied(libc::getgrent()) {
                all.push(e);
            }
            libc::endgrent();
        }
        all
    })?;
    let out = th.m.root_vec();
    for e in &all {
        out.push(shown(th, e)?.bits());
    }
    th.new_list(ops::values(&out))
}
