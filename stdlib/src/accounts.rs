//! What `pwd`, `grp` and `spwd` share: asking the C library's account databases.

use interpreter::raised::{PyResult, Raised};
use interpreter::{Thread, Value, ops};
use parking_lot::Mutex;
use std::ffi::CStr;

/// The C library answers in static buffers, and its databases have one place each at which they are read.
static LOCK: Mutex<()> = Mutex::new(());

/// An entry, copied out of the C library's memory.
pub trait Entry: Clone + Send + Sync + 'static {
    /// What the C library gives.
    type Raw;
    /// To the first entry; the next entry, null after the last; the end of reading.
    const ALL: (unsafe extern "C" fn(), unsafe extern "C" fn() -> *mut Self::Raw, unsafe extern "C" fn());

    /// # Safety
    /// The pointers in `raw` are null or as the C library documents them.
    unsafe fn copied(raw: &Self::Raw) -> Self;

    /// The entry as an object.
    fn shown(&self, th: &mut Thread) -> PyResult;
}

/// A copy of a text of the C library; empty for null.
///
/// # Safety
/// `s` is null or a terminated string.
pub unsafe fn text(s: *const libc::c_char) -> Vec<u8> {
    // SAFETY: the caller's promise.
    if s.is_null() { Vec::new() } else { unsafe { CStr::from_ptr(s) }.to_bytes().to_vec() }
}

/// Asks for one entry, outside transactions.
///
/// # Safety
/// `ask` gives what a function of the C library for this database gives.
pub unsafe fn find<E: Entry>(
    th: &mut Thread,
    ask: impl FnOnce() -> *mut E::Raw + Send + 'static,
) -> PyResult<Option<E>> {
    th.outside(move || {
        let _held = LOCK.lock();
        // SAFETY: null or an entry, which nobody changes while the lock is held.
        unsafe { ask().as_ref().map(|raw| E::copied(raw)) }
    })
}

/// `getXXall()`.
pub fn all<E: Entry>(th: &mut Thread) -> PyResult {
    let entries = th.outside(|| {
        let _held = LOCK.lock();
        let (rewind, next, end) = E::ALL;
        let mut entries = Vec::new();
        // SAFETY: null or an entry, which nobody changes while the lock is held.
        unsafe {
            rewind();
            while let Some(raw) = next().as_ref() {
                entries.push(E::copied(raw));
            }
            end();
        }
        entries
    })?;
    let out = th.m.root_vec();
    for e in &entries {
        out.push(e.shown(th)?.bits());
    }
    th.new_list(ops::values(&out))
}

/// The entry found, or `KeyError("function(): words: key")`.
pub fn found<E: Entry>(
    th: &mut Thread,
    entry: Option<E>,
    function: &str,
    words: &str,
    key: &[u8],
) -> PyResult {
    match entry {
        Some(e) => e.shown(th),
        None => Err(missing(th, &[format!("{function}(): {words}: ").as_bytes(), key].concat())),
    }
}

/// `KeyError` with a message.
#[cold]
pub fn missing(th: &mut Thread, message: &[u8]) -> Raised {
    let key = th.new_str(message);
    th.key_error(key)
}

/// A user or group id argument.
pub enum Id {
    /// -1 stands for the highest.
    Of(u32),
    TooSmall,
    TooLarge,
}

/// A user or group id argument.
pub fn id_argument(th: &mut Thread, v: Value) -> PyResult<Id> {
    if interpreter::objects::float::float_value(v).is_some() {
        return Err(th.type_error("integer argument expected, got float"));
    }
    if let Some(n) = ops::exact_integer(v)
        && i64::try_from(&n).is_err()
    {
        return Ok(if n.sign() == num_bigint::Sign::Minus { Id::TooSmall } else { Id::TooLarge });
    }
    Ok(match ops::integer_arg(th, v)? {
        -1 => Id::Of(u32::MAX),
        n if n < 0 => Id::TooSmall,
        n => u32::try_from(n).map_or(Id::TooLarge, Id::Of),
    })
}
