//! C functions that the library calls by address: `cast`, `string_at`, `wstring_at`.
//!
//! They are functions of Python's interface (`PYFUNCTYPE`): an error leaves word in the thread and returns null.

use super::info::{self, Sort};
use super::memory::{OBJECTS, data, is_data};
use super::{call, refs, text};
use interpreter::layout::{PyDict, PyType};
use interpreter::objects::dict;
use interpreter::{PyResult, Thread, Value, ops, panics};

/// Runs `f` in the thread that called.
fn answer(f: impl FnOnce(&mut Thread) -> PyResult) -> u64 {
    let here = call::current();
    if here.is_null() {
        return 0;
    }
    // SAFETY: the call that runs on this very thread waits for us.
    let th = unsafe { &mut *here };
    let r = th.called_back(|th| panics::guarded(th, f));
    match r {
        Some(Ok(v)) => v.bits(),
        // The word is left in the thread.
        Some(Err(_)) | None => 0,
    }
}

/// `_string_at(address, size)`
pub(super) extern "C" fn string_at(address: usize, size: i32) -> u64 {
    answer(|th| {
        // SAFETY: what lies there is the program's affair.
        unsafe { text::at(th, address, usize::try_from(size).ok()) }
    })
}

/// `_wstring_at(address, size)`
pub(super) extern "C" fn wstring_at(address: usize, size: i32) -> u64 {
    answer(|th| {
        // SAFETY: what lies there is the program's affair.
        unsafe { text::wide_at(th, address, usize::try_from(size).ok()) }
    })
}

/// `_cast(address, source, class)`: the address as a pointer of that type, which keeps alive what the source does.
pub(super) extern "C" fn cast(address: usize, source: u64, class: u64) -> u64 {
    answer(|th| {
        let (Some(source), Some(class)) = (Value::from_bits(source), Value::from_bits(class)) else {
            return Err(th.type_error("cast() needs two objects"));
        };
        cast_to(th, address, source, class)
    })
}

fn cast_to(th: &mut Thread, address: usize, source: Value, class: Value) -> PyResult {
    let fits = info::of_class(class).is_some_and(|t| match t.info().sort {
        Sort::Pointer | Sort::Function => true,
        Sort::Simple => b"sPzUZXO".contains(&t.info().letter),
        _ => false,
    });
    if !fits {
        let n = match class.cast::<PyType>() {
            Some(t) => t.name(),
            None => ops::type_name(class),
        };
        return Err(th.type_error(format!("cast() argument 2 must be a pointer, not {n}")));
    }
    let v = ops::call(th, class, &[])?;
    if is_data(source) {
        let kept = refs::kept(th, source)?;
        data(th, v)?.set_slot(th, OBJECTS, Some(kept))?;
        if let Some(d) = kept.cast::<PyDict>() {
            let key = th.integer_i128(source.bits() as i128)?;
            dict::set(th, d, key, source)?;
        } else {
            // A simple object has but one to keep, and it is to be kept too.
            let d = th.new_dict();
            let key = th.integer_i128(source.bits() as i128)?;
            dict::set(th, d, key, source)?;
            data(th, v)?.set_slot(th, OBJECTS, Some(d))?;
        }
    }
    data(th, v)?.write(th, 0, &(address as u64).to_ne_bytes())?;
    Ok(v)
}
