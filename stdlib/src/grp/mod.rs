//! `grp`: the group database.

use crate::accounts::{Entry, Id, all, find, found, id_argument, text};
use interpreter::native::{Args, BLOCKS, MethodDef, ModuleDef, TypeDef};
use interpreter::objects::module;
use interpreter::objects::structseq::{self, definition, field};
use interpreter::raised::PyResult;
use interpreter::{Thread, Value, ops};
use std::ffi::CString;

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
        MethodDef::new("getgrall", |th, _| all::<Group>(th), 0, 0, BLOCKS, "getgrall() -> list of entries"),
    ],
    types: &[],
    init: Some(init),
};

fn init(th: &mut Thread, m: Value) -> PyResult<()> {
    let c = structseq::ready(th, &GROUP, 4, 4)?;
    module::add(th, m, "struct_group", c)
}

/// An entry.
#[derive(Clone)]
struct Group {
    name: Vec<u8>,
    password: Vec<u8>,
    gid: u32,
    members: Vec<Vec<u8>>,
}

impl Entry for Group {
    type Raw = libc::group;
    const ALL: (unsafe extern "C" fn(), unsafe extern "C" fn() -> *mut libc::group, unsafe extern "C" fn()) =
        (libc::setgrent, libc::getgrent, libc::endgrent);

    unsafe fn copied(p: &libc::group) -> Group {
        let mut members = Vec::new();
        // SAFETY: the caller's promise; the member list ends with null.
        unsafe {
            let mut m = p.gr_mem;
            while !m.is_null() && !(*m).is_null() {
                members.push(text(*m));
                m = m.add(1);
            }
            Group { name: text(p.gr_name), password: text(p.gr_passwd), gid: p.gr_gid, members }
        }
    }

    fn shown(&self, th: &mut Thread) -> PyResult {
        let out = th.m.root_vec();
        for m in &self.members {
            out.push(th.try_str(m)?.bits());
        }
        let members = th.new_list(ops::values(&out))?;
        let items =
            [th.try_str(&self.name)?, th.try_str(&self.password)?, th.int(i64::from(self.gid)), members];
        structseq::make(th, &GROUP, &items)
    }
}

fn getgrgid(th: &mut Thread, args: Args<'_>) -> PyResult {
    let number = ops::call(th, interpreter::objects::int::INT.class(), &[args.pos[0]])?;
    let id = match id_argument(th, number)? {
        Id::Of(id) => id,
        Id::TooSmall => return Err(th.overflow_error("group id is less than minimum")),
        Id::TooLarge => return Err(th.overflow_error("group id is greater than maximum")),
    };
    // SAFETY: the function for the database.
    let entry = unsafe { find::<Group>(th, move || libc::getgrgid(id))? };
    found(th, entry, "getgrgid", "gid not found", id.to_string().as_bytes())
}

fn getgrnam(th: &mut Thread, args: Args<'_>) -> PyResult {
    let name = ops::str(th, args.pos[0])?;
    // As far as the first null byte.
    let name: Vec<u8> = th.str_bytes(name).iter().copied().take_while(|c| *c != 0).collect();
    let asked = CString::new(name.clone()).unwrap_or_default();
    // SAFETY: the function for the database, with a terminated name.
    let entry = unsafe { find::<Group>(th, move || libc::getgrnam(asked.as_ptr()))? };
    found(th, entry, "getgrnam", "name not found", &name)
}
