//! `crypt`: one-way encryption of passwords by the system's own library, so that every method the system uses for its
//! accounts is known. The library is looked for when the module is imported; without it there is no module.

use crate::posix::calls::string;
use interpreter::native::{Args, BLOCKS, MethodDef, ModuleDef};
use interpreter::raised::PyResult;
use interpreter::{Thread, Value};
use parking_lot::Mutex;
use std::ffi::CStr;
use std::sync::OnceLock;

/// `crypt`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "crypt",
    doc: None,
    functions: &[MethodDef::new(
        "crypt",
        crypt,
        2,
        2,
        BLOCKS,
        "crypt(word, salt) -> string\n\nThe word encrypted by the method that the salt names (its first two characters, or $method$salt).",
    )],
    types: &[],
    init: Some(init),
};

type CryptFn = unsafe extern "C" fn(*const libc::c_char, *const libc::c_char) -> *mut libc::c_char;

/// The function, if the system has it.
fn function() -> Option<CryptFn> {
    static FUNCTION: OnceLock<Option<CryptFn>> = OnceLock::new();
    *FUNCTION.get_or_init(|| {
        for name in [c"libcrypt.so.1", c"libcrypt.so.2", c"libcrypt.so"] {
            // SAFETY: terminated names; a library that is found stays loaded, and `crypt` has this signature everywhere.
            unsafe {
                let library = libc::dlopen(name.as_ptr(), libc::RTLD_NOW | libc::RTLD_LOCAL);
                if library.is_null() {
                    continue;
                }
                let f = libc::dlsym(library, c"crypt".as_ptr());
                if !f.is_null() {
                    return Some(std::mem::transmute::<*mut libc::c_void, CryptFn>(f));
                }
            }
        }
        None
    })
}

fn init(th: &mut Thread, _: Value) -> PyResult<()> {
    match function() {
        Some(_) => Ok(()),
        None => Err(th.import_error("No module named crypt")),
    }
}

/// The library keeps one result for all threads.
static LOCK: Mutex<()> = Mutex::new(());

fn crypt(th: &mut Thread, args: Args<'_>) -> PyResult {
    let word = string(th, args.pos[0], "crypt", 1)?;
    let salt = string(th, args.pos[1], "crypt", 2)?;
    let Some(f) = function() else { return Ok(Value::NONE) };
    let made = th.outside(move || {
        let _one = LOCK.lock();
        // SAFETY: terminated strings; the result is copied under the lock.
        unsafe {
            let r = f(word.as_ptr(), salt.as_ptr());
            if r.is_null() { None } else { Some(CStr::from_ptr(r).to_bytes().to_vec()) }
        }
    })?;
    match made {
        Some(text) => th.try_str(&text),
        None => Ok(Value::NONE),
    }
}
