//! `mmap`: files and anonymous memory as objects.
//!
//! Mapped memory belongs to other processes too, so nothing done to it can be undone: a transaction that writes to it
//! becomes inevitable first. Between the threads of this process the object's record is the lock: who reads the
//! memory has read the record, who writes it has write-locked it. A mapping goes or moves only while no other
//! transaction runs ([`Thread::stop_others`]), as others may be about to use its address.

mod access;
mod item;
mod object;

use crate::constants::{add_all, c_constants};
use interpreter::kinds::kind;
use interpreter::native::{ModuleDef, TypeDef};
use interpreter::objects::exceptions;
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
    add_all(
        th,
        m,
        c_constants![
            PROT_EXEC PROT_READ PROT_WRITE MAP_SHARED MAP_PRIVATE MAP_DENYWRITE MAP_EXECUTABLE MAP_ANONYMOUS;
            "MAP_ANON" = i64::from(libc::MAP_ANONYMOUS),
            "PAGESIZE" = page,
            "ALLOCATIONGRANULARITY" = page,
            "ACCESS_READ" = object::READ,
            "ACCESS_WRITE" = object::WRITE,
            "ACCESS_COPY" = object::COPY,
        ],
    )?;
    Ok(())
}
