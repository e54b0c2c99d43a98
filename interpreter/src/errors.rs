//! Raising the built-in exceptions from native code. All of these are cold.

use crate::native::TypeDef;
use crate::objects::exceptions as exc;
use crate::raised::Raised;
use crate::thread::Thread;
use crate::value::Value;
use std::borrow::Cow;

/// Text of a message: bytes in the end, since `str` is bytes.
pub type Text<'a> = Cow<'a, str>;

macro_rules! raisers {
    ($($(#[$doc:meta])* $name:ident => $def:ident),* $(,)?) => {
        impl Thread {
            $( $(#[$doc])* #[cold] #[inline(never)]
            pub fn $name<'a>(&mut self, msg: impl Into<Text<'a>>) -> Raised { self.raise_def(&exc::$def, msg) } )*
        }
    };
}

raisers! {
    type_error => TYPE_ERROR, value_error => VALUE_ERROR, index_error => INDEX_ERROR,
    attribute_error => ATTRIBUTE_ERROR, overflow_error => OVERFLOW_ERROR,
    zero_division_error => ZERO_DIVISION_ERROR, runtime_error => RUNTIME_ERROR, system_error => SYSTEM_ERROR,
    name_error => NAME_ERROR, unbound_local_error => UNBOUND_LOCAL_ERROR, import_error => IMPORT_ERROR,
    memory_error_text => MEMORY_ERROR, buffer_error => BUFFER_ERROR, eof_error => EOF_ERROR,
    floating_point_error => FLOATING_POINT_ERROR, assertion_error => ASSERTION_ERROR, reference_error => REFERENCE_ERROR,
    not_implemented_error => NOT_IMPLEMENTED_ERROR, io_error_text => IO_ERROR, lookup_error => LOOKUP_ERROR,
    unicode_error => UNICODE_ERROR,
}

impl Thread {
    /// Raises the exception class `def` with a message.
    #[cold]
    #[inline(never)]
    pub fn raise_def<'a>(&mut self, def: &TypeDef, msg: impl Into<Text<'a>>) -> Raised {
        let v = self.new_str(msg.into().as_bytes());
        self.raise(def.class(), Some(v))
    }

    /// `KeyError(key)`.
    #[cold]
    pub fn key_error(&mut self, key: Value) -> Raised {
        // A tuple key must not be taken for the argument tuple.
        let args = self.new_tuple(&[key]);
        self.raise(exc::KEY_ERROR.class(), Some(args))
    }

    /// `StopIteration()`.
    #[cold]
    pub fn stop_iteration(&mut self) -> Raised {
        self.raise(exc::STOP_ITERATION.class(), None)
    }

    /// `MemoryError()`.
    #[cold]
    pub fn memory_error(&mut self) -> Raised {
        self.raise(exc::MEMORY_ERROR.class(), None)
    }

    /// MemoryError if `bytes` more, which a native is about to hold outside the heap, are beyond the limit.
    pub fn check_room(&mut self, bytes: usize) -> Result<(), Raised> {
        if bytes > self.m.heap().room() { Err(self.memory_error()) } else { Ok(()) }
    }

    /// `OSError(errno, strerror[, filename])`.
    #[cold]
    pub fn os_error(&mut self, errno: i32, filename: Option<Value>) -> Raised {
        self.environment_error(&exc::OS_ERROR, errno, filename)
    }

    /// `IOError(errno, strerror[, filename])`.
    #[cold]
    pub fn io_error(&mut self, errno: i32, filename: Option<Value>) -> Raised {
        self.environment_error(&exc::IO_ERROR, errno, filename)
    }

    /// An `EnvironmentError` subclass from an errno.
    #[cold]
    pub fn environment_error(&mut self, def: &TypeDef, errno: i32, filename: Option<Value>) -> Raised {
        let text = strerror(errno);
        let msg = self.new_str(text.as_bytes());
        let num = self.int(errno as i64);
        let args = match filename {
            Some(f) => self.new_tuple(&[num, msg, f]),
            None => self.new_tuple(&[num, msg]),
        };
        self.raise(def.class(), Some(args))
    }
}

/// The C library's text for an errno.
pub fn strerror(errno: i32) -> String {
    let mut buf = [0 as libc::c_char; 256];
    // SAFETY: the buffer is as long as told; the XSI function fills it with a terminated string.
    unsafe {
        libc::strerror_r(errno, buf.as_mut_ptr(), buf.len());
        std::ffi::CStr::from_ptr(buf.as_ptr()).to_string_lossy().into_owned()
    }
}
