//! What the buffered streams share: construction, positions, closing, the raw stream.

use super::writing;
use crate::io::arguments::{self, call};
use crate::io::base::{self, Ability};
use crate::io::state::{self, long};
use crate::io::{DEFAULT_BUFFER_SIZE, fileio, names};
use interpreter::layout::{PyRecord, Ref};
use interpreter::native::Args;
use interpreter::objects::{bytearray, exceptions as exc};
use interpreter::threads::lock;
use interpreter::{PyResult, Slot, Thread, Value, ops, warnings};

pub const RAW: usize = 0;
/// Bytes read ahead: str.
pub const READ: usize = 1;
/// How many of them have been handed out.
pub const READ_POS: usize = 2;
/// Bytes to be written: bytearray.
pub const WRITE: usize = 3;
/// Buffer size.
pub const SIZE: usize = 4;
/// [`READER`], [`WRITER`], [`RANDOM`]; none: not initialized.
pub const ROLE: usize = 5;
pub const DETACHED: usize = 6;
/// A `thread.lock`: only one thread at a time uses the buffer.
const LOCK: usize = 7;
/// Who holds it.
const OWNER: usize = 8;
pub const SLOTS: usize = 9;

/// Runs an operation on the buffer while no other thread does. The operation may leave the transaction (raw streams
/// read and write outside), so the transaction alone does not keep others off.
pub fn alone<T>(th: &mut Thread, v: Value, f: impl FnOnce(&mut Thread) -> PyResult<T>) -> PyResult<T> {
    raw(th, v)?;
    let Some(l) = state::get(th, v, LOCK)?.and_then(|l| l.cast::<PyRecord>()) else { return f(th) };
    let me = Value::from_small_int(th.ident as i64);
    if me.is_some() && state::get(th, v, OWNER)? == me {
        let r = th.repr_text(v)?;
        return Err(th.runtime_error(format!("reentrant call inside {r}")));
    }
    lock::acquire(th, l, true, None)?;
    state::set(th, v, OWNER, me)?;
    match f(th) {
        Ok(r) => {
            free(th, v, l)?;
            Ok(r)
        }
        Err(e) => {
            // An abort takes the lock back by itself: only exceptions get past this.
            let c = e.catch(th)?;
            free(th, v, l)?;
            Err(th.reraise(c))
        }
    }
}

fn free(th: &mut Thread, v: Value, l: Ref<PyRecord>) -> PyResult<()> {
    state::set(th, v, OWNER, None)?;
    lock::release(th, l)
}

pub const READER: i64 = 1;
pub const WRITER: i64 = 2;
pub const RANDOM: i64 = 3;

pub fn init_reader(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    let [raw, size] = args.bind(th, "BufferedReader", ["raw", "buffer_size"], 1)?;
    init(th, v, raw, size, None, READER)
}

pub fn init_writer(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    let [raw, size, max] = args.bind(th, "BufferedWriter", ["raw", "buffer_size", "max_buffer_size"], 1)?;
    init(th, v, raw, size, max, WRITER)
}

pub fn init_random(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    let [raw, size, max] = args.bind(th, "BufferedRandom", ["raw", "buffer_size", "max_buffer_size"], 1)?;
    init(th, v, raw, size, max, RANDOM)
}

fn init(th: &mut Thread, v: Value, raw: Slot, size: Slot, max: Slot, role: i64) -> PyResult<()> {
    state::set(th, v, ROLE, None)?;
    state::set_flag(th, v, DETACHED, false)?;
    let size = match size {
        Some(s) => ops::integer_arg(th, s)?,
        None => DEFAULT_BUFFER_SIZE,
    };
    if max.is_some() {
        warnings::warn(th, &exc::DEPRECATION_WARNING, "max_buffer_size is deprecated", 1)?;
    }
    let raw = raw.unwrap_or(Value::NONE);
    if role == RANDOM {
        base::check(th, raw, Ability::Seek)?;
    }
    start(th, v, raw, size, role)
}

/// Puts a buffer before a raw stream.
pub fn start(th: &mut Thread, v: Value, raw: Value, size: i64, role: i64) -> PyResult<()> {
    if role & READER != 0 {
        base::check(th, raw, Ability::Read)?;
    }
    if role & WRITER != 0 {
        base::check(th, raw, Ability::Write)?;
    }
    if size <= 0 {
        return Err(th.value_error("buffer size must be strictly positive"));
    }
    if size > isize::MAX as i64 / 8 {
        return Err(th.memory_error());
    }
    state::set(th, v, RAW, Some(raw))?;
    state::set_number(th, v, SIZE, size)?;
    drop_read(th, v)?;
    let w = bytearray::new(th, &[])?;
    state::set(th, v, WRITE, Some(w))?;
    let l = lock::new(th)?;
    state::set(th, v, LOCK, Some(l))?;
    state::set(th, v, OWNER, None)?;
    // Asked for once, to fail early where it cannot be had.
    if fileio::is_exact(raw)
        && let Err(e) = raw_tell(th, v)
    {
        e.catch(th)?;
    }
    state::set_number(th, v, ROLE, role)
}

/// The raw stream of an initialized stream.
pub fn raw(th: &mut Thread, v: Value) -> PyResult {
    if state::get(th, v, ROLE)?.is_none() {
        return Err(if state::is_set(th, v, DETACHED)? {
            th.value_error("raw stream has been detached")
        } else {
            th.value_error("I/O operation on uninitialized object")
        });
    }
    state::value(th, v, RAW)
}

/// Raises ValueError if the raw stream is closed.
pub fn open(th: &mut Thread, v: Value, refusal: &'static str) -> PyResult<()> {
    let r = raw(th, v)?;
    if arguments::is_true(th, r, &names::closed)? {
        return Err(th.value_error(refusal));
    }
    Ok(())
}

pub fn is_writable(th: &mut Thread, v: Value) -> PyResult<bool> {
    Ok(state::number(th, v, ROLE)? & WRITER != 0)
}

pub fn is_readable(th: &mut Thread, v: Value) -> PyResult<bool> {
    Ok(state::number(th, v, ROLE)? & READER != 0)
}

/// The bytes read ahead. They belong to an immutable object.
pub fn ahead<'a>(th: &mut Thread, v: Value) -> PyResult<&'a [u8]> {
    let b = state::value(th, v, READ)?;
    let at = state::number(th, v, READ_POS)? as usize;
    Ok(th.str_bytes(b).get(at..).unwrap_or(&[]))
}

/// Forgets the bytes read ahead.
pub fn drop_read(th: &mut Thread, v: Value) -> PyResult<()> {
    let empty = th.intern(b"");
    state::set(th, v, READ, Some(empty))?;
    state::set_number(th, v, READ_POS, 0)
}

/// Number of bytes to be written.
pub fn pending(th: &mut Thread, v: Value) -> PyResult<usize> {
    Ok(state::bytes(th, v, WRITE)?.len())
}

fn offset(th: &mut Thread, r: Value) -> PyResult<i64> {
    let n = arguments::position(th, r)?;
    if n < 0 {
        return Err(th.io_error_text(format!("Raw stream returned invalid position {n}")));
    }
    Ok(n)
}

/// The raw stream's position.
pub fn raw_tell(th: &mut Thread, v: Value) -> PyResult<i64> {
    let r = state::value(th, v, RAW)?;
    let n = call(th, r, &names::tell, &[])?;
    offset(th, n)
}

/// Moves the raw stream.
pub fn raw_seek(th: &mut Thread, v: Value, to: i64, whence: i64) -> PyResult<i64> {
    let r = state::value(th, v, RAW)?;
    let (to, whence) = (th.int(to), th.int(whence));
    let n = call(th, r, &names::seek, &[to, whence])?;
    offset(th, n)
}

/// Moves the raw stream to the logical position and forgets what was read ahead.
pub fn go_back(th: &mut Thread, v: Value) -> PyResult<()> {
    let n = ahead(th, v)?.len();
    if n > 0 {
        raw_seek(th, v, -(n as i64), 1)?;
    }
    drop_read(th, v)
}

/// Writes what is pending; then raw and logical position agree.
pub fn flush_and_rewind(th: &mut Thread, v: Value) -> PyResult<()> {
    writing::flush_pending(th, v)?;
    if is_readable(th, v)? {
        go_back(th, v)?;
    }
    Ok(())
}

pub fn detach(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let r = raw(th, v)?;
    call(th, v, &names::flush, &[])?;
    state::set(th, v, RAW, None)?;
    state::set(th, v, ROLE, None)?;
    state::set_flag(th, v, DETACHED, true)?;
    Ok(r)
}

fn pass_on(th: &mut Thread, args: Args<'_>, name: &interpreter::name::Name) -> PyResult {
    let r = raw(th, args.pos[0])?;
    call(th, r, name, &[])
}

pub fn seekable(th: &mut Thread, args: Args<'_>) -> PyResult {
    pass_on(th, args, &names::seekable)
}
pub fn readable(th: &mut Thread, args: Args<'_>) -> PyResult {
    pass_on(th, args, &names::readable)
}
pub fn writable(th: &mut Thread, args: Args<'_>) -> PyResult {
    pass_on(th, args, &names::writable)
}
pub fn fileno(th: &mut Thread, args: Args<'_>) -> PyResult {
    pass_on(th, args, &names::fileno)
}
pub fn isatty(th: &mut Thread, args: Args<'_>) -> PyResult {
    pass_on(th, args, &names::isatty)
}
pub fn simple_flush(th: &mut Thread, args: Args<'_>) -> PyResult {
    pass_on(th, args, &names::flush)
}

pub fn close(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let r = raw(th, v)?;
    if arguments::is_true(th, r, &names::closed)? {
        return Ok(Value::NONE);
    }
    arguments::flush_then_close(th, v, r)
}

pub fn tell(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    raw(th, v)?;
    let n = logical(th, v)?;
    long(th, n)
}

fn logical(th: &mut Thread, v: Value) -> PyResult<i64> {
    let n = raw_tell(th, v)?;
    Ok(n - ahead(th, v)?.len() as i64 + pending(th, v)? as i64)
}

pub fn seek(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let whence = arguments::int(th, args.get(2), 0)?;
    if !(0..=2).contains(&whence) {
        return Err(th.value_error(format!("whence must be between 0 and 2, not {whence}")));
    }
    let r = raw(th, v)?;
    open(th, v, "seek of closed file")?;
    base::check(th, r, Ability::Seek)?;
    let mut to = arguments::position(th, args.pos[1])?;
    if whence != 2 && is_readable(th, v)? && pending(th, v)? == 0 {
        // Within the buffer there is nothing to do but to move in it.
        let current = raw_tell(th, v)?;
        let (left, done) = (ahead(th, v)?.len() as i64, state::number(th, v, READ_POS)?);
        if left > 0 {
            let here = current - left;
            let by = if whence == 0 { to.checked_sub(here) } else { Some(to) };
            if let Some(by) = by.filter(|by| -done <= *by && *by <= left) {
                state::set_number(th, v, READ_POS, done + by)?;
                return long(th, here + by);
            }
        }
    }
    writing::flush_pending(th, v)?;
    if whence == 1 {
        to = to.saturating_sub(ahead(th, v)?.len() as i64);
    }
    let n = raw_seek(th, v, to, whence)?;
    drop_read(th, v)?;
    long(th, n)
}

pub fn truncate(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let r = raw(th, v)?;
    if is_writable(th, v)? {
        flush_and_rewind(th, v)?;
    }
    let size = match args.get(1).filter(|s| !s.is_none()) {
        Some(s) => s,
        None => {
            let n = logical(th, v)?;
            long(th, n)?
        }
    };
    call(th, r, &names::truncate, &[size])
}

pub fn sizeof(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = state::number(th, args.pos[0], SIZE)?;
    Ok(th.int(n + 144))
}

pub fn raw_member(th: &mut Thread, v: Value) -> PyResult {
    state::value(th, v, RAW)
}

pub fn closed(th: &mut Thread, v: Value) -> PyResult {
    let r = raw(th, v)?;
    ops::getattr_name(th, r, &names::closed)
}

pub fn name(th: &mut Thread, v: Value) -> PyResult {
    let r = raw(th, v)?;
    ops::getattr_name(th, r, &names::name)
}

pub fn mode(th: &mut Thread, v: Value) -> PyResult {
    let r = raw(th, v)?;
    ops::getattr_name(th, r, &names::mode)
}

pub fn repr(th: &mut Thread, v: Value) -> PyResult {
    let class = interpreter::types::type_of(v);
    let class = interpreter::types::qualified_name(th, class);
    let text = match ops::getattr_name(th, v, &names::name) {
        Ok(n) => format!("<{class} name={}>", th.repr_text(n)?),
        Err(e) => {
            // A stream without a raw stream has no name either.
            let c = e.catch(th)?;
            if !exc::class_matches(th, c.class, exc::EXCEPTION.class()) {
                return Err(th.reraise(c));
            }
            format!("<{class}>")
        }
    };
    th.try_str(text.as_bytes())
}
