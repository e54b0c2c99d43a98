//! `mmap`: files and anonymous memory as objects.
//!
//! Mapped memory belongs to other processes too, so nothing done to it can be undone: a transaction that writes to it
//! becomes inevitable first. Between the threads of this process the object's record is the lock: who reads the
//! memory has read the record, who writes it has write-locked it. A mapping goes or moves only while no other
//! transaction runs ([`Thread::stop_others`]), as others may be about to use its address.

mod access;
mod item;
mod object;

use interpreter::kinds::kind;
use interpreter::native::{ModuleDef, TypeDef};
use interpreter::objects::{exceptions, module};
use interpreter::raised::PyResult;
use interpreter::{Thread, Value};

/// `mmap.error`.
static ERROR: TypeDef = TypeDef {
    module: "mmap",
    base: Some(&exceptions::ENVIRONMENT_ERROR),
    ..TypeDef::new("error", kind::INSTANCE)
};

/// `mmap`.
pub static MODULE: ModuleDef =
    ModuleDef { name: "mmap", doc: None, functions: &[], types: &[&ERROR, &object::MMAP], init: Some(init) };

fn init(th: &mut Thread, m: Value) -> PyResult<()> {
    // SAFETY: plain call.
    let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    for (name, n) in [
        ("PROT_EXEC", i64::from(libc::PROT_EXEC)),
        ("PROT_READ", i64::from(libc::PROT_READ)),
        ("PROT_WRITE", i64::from(libc::PROT_WRITE)),
        ("MAP_SHARED", i64::from(libc::MAP_SHARED)),
        ("MAP_PRIVATE", i64::from(libc::MAP_PRIVATE)),
        ("MAP_DENYWRITE", i64::from(libc::MAP_DENYWRITE)),
        ("MAP_EXECUTABLE", i64::from(libc::MAP_EXECUTABLE)),
        ("MAP_ANON", i64::from(libc::MAP_ANONYMOUS)),
        ("MAP_ANONYMOUS", i64::from(libc::MAP_ANONYMOUS)),
        ("PAGESIZE", page),
        ("ALLOCATIONGRANULARITY", page),
        ("ACCESS_READ", object::READ),
        ("ACCESS_WRITE", object::WRITE),
        ("ACCESS_COPY", object::COPY),
    ] {
        module::add_int(th, m, name, n)?;
    }
    Ok(())
}
