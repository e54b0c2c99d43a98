//! `mmap.mmap`: the record of a mapping, how it is made, resized and closed.

use super::{ERROR, access, item};
use crate::descriptors::{checked, close_at_commit, errno};
use interpreter::buffer::Buffer;
use interpreter::kinds::kind;
use interpreter::layout::{PyRecord, Ref};
use interpreter::native::{Args, BLOCKS, MethodDef, TypeDef, plain_row as row};
use interpreter::raised::{PyResult, Raised};
use interpreter::types::slots::SlotTable;
use interpreter::types::{is_instance_of, wrap_new};
use interpreter::{Slot, Thread, Value, ops};

/// Address of the memory; 0 once closed.
const ADDRESS: usize = 0;
const LENGTH: usize = 1;
/// Where reading and writing goes on.
const POSITION: usize = 2;
/// Descriptor of its own, or -1.
const FD: usize = 3;
const ACCESS: usize = 4;
/// Where in the file the mapping begins.
const OFFSET: usize = 5;

/// Neither of the others was asked for.
pub(super) const DEFAULT: i64 = 0;
pub(super) const READ: i64 = 1;
pub(super) const WRITE: i64 = 2;
/// Written to, but not to the file.
pub(super) const COPY: i64 = 3;

/// `mmap.mmap`.
pub(super) static MMAP: TypeDef = TypeDef {
    module: "mmap",
    doc: Some(
        "mmap(fileno, length[, flags[, prot[, access[, offset]]]])\n\nMaps a part of a file into memory; a length of 0 stands for the rest of the file, a descriptor of -1 for memory\nwithout a file. Changes reach the file with MAP_SHARED, and stay with this process with MAP_PRIVATE.",
    ),
    slots: SlotTable {
        new: Some(new),
        del: Some(del),
        len: Some(item::len),
        getitem: Some(item::get),
        setitem: Some(item::set),
        getslice: Some(item::get_slice),
        setslice: Some(item::set_slice),
        buffer: Some(buffer),
        ..SlotTable::EMPTY
    },
    methods: &[
        row("close", close, 0, 0, "close()"),
        row("find", access::find, 1, 3, "find(string[, start[, end]]) -> index, -1 if it is not there"),
        row("rfind", access::rfind, 1, 3, "rfind(string[, start[, end]]) -> index, -1 if it is not there"),
        MethodDef::new("flush", access::flush, 0, 2, BLOCKS, "flush([offset, size])"),
        row("move", access::shift, 3, 3, "move(dest, src, count)"),
        row("read", access::read, 1, 1, "read(n) -> string"),
        row("read_byte", access::read_byte, 0, 0, "read_byte() -> character"),
        row("readline", access::readline, 0, 0, "readline() -> string"),
        row("resize", resize, 1, 1, "resize(newsize)"),
        row("seek", access::seek, 1, 2, "seek(pos[, whence])"),
        row("size", size, 0, 0, "size() -> size of the file"),
        row("tell", access::tell, 0, 0, "tell() -> position"),
        row("write", access::write, 1, 1, "write(string)"),
        row("write_byte", access::write_byte, 1, 1, "write_byte(character)"),
    ],
    ..TypeDef::new("mmap", kind::RECORD)
};

/// An open mapping, as this transaction sees it.
#[derive(Copy, Clone)]
pub(super) struct Map {
    pub record: Ref<PyRecord>,
    address: usize,
    pub len: usize,
    pub position: usize,
    fd: i32,
    access: i64,
    offset: i64,
}

impl Map {
    /// The memory. Not to be kept over a commit point.
    pub fn bytes<'a>(&self) -> &'a [u8] {
        // SAFETY: mapped while no other transaction can unmap it; `len` is not 0, as such a mapping cannot be made.
        unsafe { std::slice::from_raw_parts(self.address as *const u8, self.len) }
    }

    /// Makes ready for changes: TypeError unless they are allowed.
    pub fn writable(&self, th: &mut Thread) -> PyResult<()> {
        if self.access == READ {
            return Err(th.type_error("mmap can't modify a readonly memory map."));
        }
        Ok(())
    }

    /// Changes bytes, all of which lie within the mapping.
    pub fn store(&self, th: &mut Thread, at: usize, data: &[u8]) -> PyResult<()> {
        self.locked(th)?;
        // SAFETY: within the mapping, write-locked; `data` may lie in the same memory.
        unsafe { std::ptr::copy(data.as_ptr(), (self.address as *mut u8).add(at), data.len()) };
        Ok(())
    }

    /// Sees to it that the memory may be changed.
    pub fn locked(&self, th: &mut Thread) -> PyResult<()> {
        self.record.write(th)?;
        th.become_inevitable()
    }

    /// Goes on elsewhere.
    pub fn set_position(&self, th: &mut Thread, at: usize) -> PyResult<()> {
        let n = th.int(at as i64);
        self.record.write(th)?.at(POSITION).set(Some(n));
        Ok(())
    }

    /// The address of byte `at`, for the system.
    pub fn pointer(&self, at: usize) -> usize {
        self.address + at
    }
}

fn record(th: &mut Thread, v: Value) -> PyResult<Ref<PyRecord>> {
    match v.payload::<PyRecord>() {
        Some(r) if is_instance_of(v, &MMAP) => Ok(r),
        _ => Err(th.type_error("an mmap object is needed")),
    }
}

fn number(r: &PyRecord, slot: usize) -> i64 {
    r.at(slot).get().and_then(ops::int_value).unwrap_or(0)
}

/// The mapping of an object; ValueError once it is closed.
pub(super) fn map(th: &mut Thread, v: Value) -> PyResult<Map> {
    let record = record(th, v)?;
    let r = record.read(th)?;
    let m = Map {
        record,
        address: number(r, ADDRESS) as usize,
        len: number(r, LENGTH) as usize,
        position: number(r, POSITION) as usize,
        fd: number(r, FD) as i32,
        access: number(r, ACCESS),
        offset: number(r, OFFSET),
    };
    if m.address == 0 {
        return Err(th.value_error("mmap closed or invalid"));
    }
    Ok(m)
}

#[cold]
pub(super) fn failed(th: &mut Thread, e: i32) -> Raised {
    th.environment_error(&ERROR, e, None)
}

fn int(th: &mut Thread, v: Slot, default: i32) -> PyResult<i32> {
    v.map_or(Ok(default), |v| ops::int32_arg(th, v))
}

/// A size argument that is not negative.
fn extent(th: &mut Thread, v: Value, what: &str) -> PyResult<i64> {
    let n = ops::integer_arg(th, v)?;
    if n < 0 {
        return Err(th.overflow_error(format!("memory mapped {what} must be positive")));
    }
    Ok(n)
}

fn new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let [fd, length, flags, prot, access, offset] =
        args.bind(th, "mmap", ["fileno", "length", "flags", "prot", "access", "offset"], 2)?;
    let fd = ops::int32_arg(th, fd.unwrap_or(Value::NONE))?;
    let both = libc::PROT_READ | libc::PROT_WRITE;
    let mut flags = int(th, flags, libc::MAP_SHARED)?;
    let mut prot = int(th, prot, both)?;
    let mut access = i64::from(int(th, access, DEFAULT as i32)?);
    let length = extent(th, length.unwrap_or(Value::NONE), "length")?;
    let offset = match offset {
        Some(v) => extent(th, v, "offset")?,
        None => 0,
    };
    if access != DEFAULT && (flags != libc::MAP_SHARED || prot != both) {
        return Err(th.value_error("mmap can't specify both access and flags, prot."));
    }
    match access {
        READ => (flags, prot) = (libc::MAP_SHARED, libc::PROT_READ),
        WRITE => (flags, prot) = (libc::MAP_SHARED, both),
        COPY => (flags, prot) = (libc::MAP_PRIVATE, both),
        DEFAULT if prot & both == both => {}
        DEFAULT if prot & libc::PROT_WRITE != 0 => access = WRITE,
        DEFAULT => access = READ,
        _ => return Err(th.value_error("mmap invalid access parameter.")),
    }
    let made = th.outside(move || open(fd, length, flags, prot, offset))?;
    let (address, len, own) = match made {
        Ok(m) => m,
        Err(Refusal::Errno(e)) => return Err(failed(th, e)),
        Err(Refusal::Value(text)) => return Err(th.value_error(text)),
    };
    let items = [address as i64, len, 0, i64::from(own), access, offset].map(|n| Some(th.int(n)));
    let v = th.new_record(&MMAP, &items);
    th.m.register_finalizable(v.obj_unchecked());
    wrap_new(th, class, &MMAP, v)
}

#[derive(Clone)]
enum Refusal {
    Errno(i32),
    Value(&'static str),
}

/// Maps; address, length and the descriptor kept.
fn open(fd: i32, length: i64, flags: i32, prot: i32, offset: i64) -> Result<(usize, i64, i32), Refusal> {
    let mut len = length;
    let (mut flags, mut own) = (flags, -1);
    // SAFETY: plain system calls; a zeroed stat is valid, and the new mapping is nobody else's memory.
    unsafe {
        let mut st: libc::stat = std::mem::zeroed();
        if fd != -1 && libc::fstat(fd, &mut st) == 0 && st.st_mode & libc::S_IFMT == libc::S_IFREG {
            if len == 0 {
                if st.st_size == 0 {
                    return Err(Refusal::Value("cannot mmap an empty file"));
                }
                if offset >= st.st_size {
                    return Err(Refusal::Value("mmap offset is greater than file size"));
                }
                len = st.st_size - offset;
            } else if offset > st.st_size || st.st_size - offset < len {
                return Err(Refusal::Value("mmap length is greater than file size"));
            }
        }
        if fd == -1 {
            flags |= libc::MAP_ANONYMOUS;
        } else {
            own = checked(libc::dup(fd)).map_err(Refusal::Errno)? as i32;
        }
        let p = libc::mmap(std::ptr::null_mut(), len as usize, prot, flags, own, offset);
        if p == libc::MAP_FAILED {
            let e = errno();
            if own >= 0 {
                libc::close(own);
            }
            return Err(Refusal::Errno(e));
        }
        Ok((p as usize, len, own))
    }
}

/// Marks a record closed; what it held.
fn give_up(th: &mut Thread, r: Ref<PyRecord>) -> PyResult<Option<(usize, usize)>> {
    let now = r.write(th)?;
    let (address, len, fd) =
        (number(now, ADDRESS) as usize, number(now, LENGTH) as usize, number(now, FD) as i32);
    if address == 0 {
        return Ok(None);
    }
    now.at(ADDRESS).set(Some(Value::int_unchecked(0)));
    now.at(FD).set(Some(Value::int_unchecked(-1)));
    if fd >= 0 {
        close_at_commit(th, fd);
    }
    Ok(Some((address, len)))
}

fn unmap((address, len): (usize, usize)) {
    // SAFETY: the mapping was a record's that has given it up, and nobody else uses it.
    unsafe { libc::munmap(address as *mut libc::c_void, len) };
}

fn close(th: &mut Thread, args: Args<'_>) -> PyResult {
    let r = record(th, args.pos[0])?;
    if number(r.read(th)?, ADDRESS) != 0 {
        th.stop_others()?;
        if let Some(m) = give_up(th, r)? {
            unmap(m);
        }
    }
    Ok(Value::NONE)
}

/// Nobody refers to it any more, so nobody is about to use the address.
fn del(th: &mut Thread, v: Value) -> PyResult<()> {
    let r = record(th, v)?;
    if let Some(m) = give_up(th, r)? {
        if th.runs_alone() {
            unmap(m);
        } else {
            th.at_commit(move |_| unmap(m));
        }
    }
    Ok(())
}

fn resize(th: &mut Thread, args: Args<'_>) -> PyResult {
    let m = map(th, args.pos[0])?;
    let n = ops::integer_arg(th, args.pos[1])?;
    if m.access != DEFAULT && m.access != WRITE {
        return Err(th.type_error("mmap can't resize a readonly or copy-on-write memory map."));
    }
    let Some(end) = m.offset.checked_add(n).filter(|_| n >= 0) else {
        return Err(th.value_error("new size out of range"));
    };
    th.stop_others()?;
    let r = m.record.write(th)?;
    // SAFETY: the mapping is this object's, and no other transaction runs that could use its address.
    let moved = unsafe {
        if m.fd != -1 && libc::ftruncate(m.fd, end) < 0 {
            Err(errno())
        } else {
            match libc::mremap(m.address as *mut libc::c_void, m.len, n as usize, libc::MREMAP_MAYMOVE) {
                libc::MAP_FAILED => Err(errno()),
                p => Ok(p as usize),
            }
        }
    };
    match moved {
        Ok(p) => {
            let position = number(r, POSITION).min(n);
            for (slot, n) in [(ADDRESS, p as i64), (LENGTH, n), (POSITION, position)] {
                let n = th.int(n);
                m.record.write(th)?.at(slot).set(Some(n));
            }
            Ok(Value::NONE)
        }
        Err(e) => Err(failed(th, e)),
    }
}

fn size(th: &mut Thread, args: Args<'_>) -> PyResult {
    let m = map(th, args.pos[0])?;
    // SAFETY: room for the result, which is valid zeroed.
    let got = unsafe {
        let mut st: libc::stat = std::mem::zeroed();
        checked(libc::fstat(m.fd, &mut st)).map(|_| st.st_size)
    };
    match got {
        Ok(n) => Ok(th.int(n)),
        Err(e) => Err(failed(th, e)),
    }
}

fn buffer(th: &mut Thread, v: Value) -> PyResult<Buffer> {
    let m = map(th, v)?;
    Ok(Buffer {
        owner: m.record.value(),
        ptr: m.address as *const u8,
        len: m.len,
        readonly: m.access == READ,
        storage: None,
    })
}
