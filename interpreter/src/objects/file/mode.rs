//! Mode strings.

use crate::raised::PyResult;
use crate::thread::Thread;

/// What a file may do and how: bits.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Flags(pub i64);

impl Flags {
    pub const READ: i64 = 1;
    pub const WRITE: i64 = 2;
    pub const APPEND: i64 = 4;
    /// Universal newlines.
    pub const UNIVERSAL: i64 = 8;
    /// Flush at line ends.
    pub const BY_LINE: i64 = 16;
    /// No buffering.
    pub const UNBUFFERED: i64 = 32;
    /// The buffer holds bytes to be written.
    pub const WRITING: i64 = 64;
    /// The bytes read ahead were read by iteration: other reading methods refuse to skip them.
    pub const ITERATING: i64 = 128;
    /// Universal newlines: the last character was a CR; a LF that follows belongs to it.
    pub const SKIP_LF: i64 = 256;
    /// Line ends seen.
    pub const SEEN_CR: i64 = 512;
    pub const SEEN_LF: i64 = 1024;
    pub const SEEN_CRLF: i64 = 2048;
    /// Closing the object leaves the descriptor open (standard streams).
    pub const KEEP_OPEN: i64 = 4096;
    /// Binary or not makes no difference on POSIX, except to `encoding`.
    pub const BINARY: i64 = 8192;

    pub fn has(self, bit: i64) -> bool {
        self.0 & bit != 0
    }

    pub fn with(self, bit: i64) -> Flags {
        Flags(self.0 | bit)
    }

    pub fn without(self, bit: i64) -> Flags {
        Flags(self.0 & !bit)
    }

    /// Flags for `open(2)`.
    pub fn open_flags(self) -> i32 {
        match (self.has(Flags::READ), self.has(Flags::WRITE)) {
            (true, true) => libc::O_RDWR,
            (false, true) => libc::O_WRONLY,
            _ => libc::O_RDONLY,
        }
    }
}

/// A mode string, taken apart: flags, and what `open(2)` must be told beyond access.
pub fn parse(th: &mut Thread, mode: &[u8]) -> PyResult<(Flags, i32)> {
    let Some(&first) = mode.first() else { return Err(th.value_error("empty mode string")) };
    let plus = mode.contains(&b'+');
    let universal = mode.contains(&b'U');
    if universal && !matches!(first, b'r' | b'U') {
        return Err(th.value_error("universal newline mode can only be used with modes starting with 'r'"));
    }
    let (mut flags, extra) = match first {
        b'r' | b'U' => (Flags::READ, 0),
        b'w' => (Flags::WRITE, libc::O_CREAT | libc::O_TRUNC),
        b'a' => (Flags::WRITE | Flags::APPEND, libc::O_CREAT | libc::O_APPEND),
        _ => {
            let shown = String::from_utf8_lossy(&mode[..mode.len().min(200)]).into_owned();
            return Err(th.value_error(format!(
                "mode string must begin with one of 'r', 'w', 'a' or 'U', not '{shown}'"
            )));
        }
    };
    if plus {
        flags |= Flags::READ | Flags::WRITE;
    }
    if universal {
        flags |= Flags::UNIVERSAL;
    }
    if mode.contains(&b'b') || universal {
        flags |= Flags::BINARY;
    }
    Ok((Flags(flags), extra))
}
