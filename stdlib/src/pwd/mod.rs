//! `pwd`: the password database.

use crate::accounts::{Entry, Id, all, find, found, id_argument, missing, text};
use crate::posix::calls::string;
use interpreter::native::{Args, BLOCKS, MethodDef, ModuleDef, TypeDef};
use interpreter::objects::module;
use interpreter::objects::structseq::{self, definition, field};
use interpreter::raised::PyResult;
use interpreter::{Thread, Value};

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
        MethodDef::new("getpwall", |th, _| all::<User>(th), 0, 0, BLOCKS, "getpwall() -> list of entries"),
    ],
    types: &[],
    init: Some(init),
};

fn init(th: &mut Thread, m: Value) -> PyResult<()> {
    let c = structseq::ready(th, &PASSWD, 7, 7)?;
    module::add(th, m, "struct_passwd", c)?;
    module::add(th, m, "struct_pwent", c)
}

/// An entry.
#[derive(Clone)]
struct User {
    texts: [Vec<u8>; 5],
    uid: u32,
    gid: u32,
}

impl Entry for User {
    type Raw = libc::passwd;
    const ALL: (unsafe extern "C" fn(), unsafe extern "C" fn() -> *mut libc::passwd, unsafe extern "C" fn()) =
        (libc::setpwent, libc::getpwent, libc::endpwent);

    unsafe fn copied(p: &libc::passwd) -> User {
        // SAFETY: the caller's promise.
        let texts = unsafe { [p.pw_name, p.pw_passwd, p.pw_gecos, p.pw_dir, p.pw_shell].map(|s| text(s)) };
        User { texts, uid: p.pw_uid, gid: p.pw_gid }
    }

    fn shown(&self, th: &mut Thread) -> PyResult {
        let [name, password, real, home, shell] = &self.texts;
        let [uid, gid] = [self.uid, self.gid].map(|n| if n == u32::MAX { -1 } else { i64::from(n) });
        let items = [
            th.try_str(name)?,
            th.try_str(password)?,
            th.int(uid),
            th.int(gid),
            th.try_str(real)?,
            th.try_str(home)?,
            th.try_str(shell)?,
        ];
        structseq::make(th, &PASSWD, &items)
    }
}

fn getpwuid(th: &mut Thread, args: Args<'_>) -> PyResult {
    let Id::Of(id) = id_argument(th, args.pos[0])? else {
        return Err(missing(th, b"getpwuid(): uid not found"));
    };
    // SAFETY: the function for the database.
    let entry = unsafe { find::<User>(th, move || libc::getpwuid(id))? };
    found(th, entry, "getpwuid", "uid not found", id.to_string().as_bytes())
}

fn getpwnam(th: &mut Thread, args: Args<'_>) -> PyResult {
    let name = string(th, args.pos[0], "getpwnam", 1)?;
    let asked = name.clone();
    // SAFETY: the function for the database, with a terminated name.
    let entry = unsafe { find::<User>(th, move || libc::getpwnam(asked.as_ptr()))? };
    found(th, entry, "getpwnam", "name not found", name.as_bytes())
}
