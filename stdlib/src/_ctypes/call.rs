//! Calling foreign functions.
//!
//! A call runs outside any transaction (`Thread::foreign`): what the program has done so far is committed, and the call is
//! never repeated. What converts the result is inevitable, until the next bytecode. Functions that use Python's interface
//! (`FUNCFLAG_PYTHONAPI`) run within an inevitable transaction instead. Foreign code may call Python back either way.
//!
//! Arguments are copied out of Python's objects before the call; what they point to is kept alive by a root vector.

use super::info::{self, CType, Passed, Sort};
use super::memory::{self, data, is_data};
use super::{codes, errno, param, text, value};
use interpreter::layout::{PyStr, PyTuple, PyUnicode};
use interpreter::objects::exceptions;
use interpreter::{PyResult, Slot, Thread, Value, ops};
use libffi::middle::{Arg, Cif, CodePtr, Ret, Type};
use smallvec::SmallVec;
use std::cell::Cell;

pub(super) const CDECL: i64 = 1;
pub(super) const PYTHONAPI: i64 = 4;
pub(super) const USE_ERRNO: i64 = 8;

/// The most arguments.
const MOST: usize = 1024;

thread_local! {
    /// The thread whose foreign call runs here, for callbacks.
    static CURRENT: Cell<*mut Thread> = const { Cell::new(std::ptr::null_mut()) };
}

/// The thread that runs foreign code here; none: this is no thread of Python's, or it runs none.
pub(super) fn current() -> *mut Thread {
    CURRENT.get()
}

/// What is called, and how.
#[derive(Copy, Clone)]
pub(super) struct Target {
    pub address: usize,
    pub flags: i64,
    /// Tuple of `from_param` methods.
    pub converters: Slot,
    pub restype: Slot,
    pub checker: Slot,
}

/// An argument as foreign code gets it.
struct Raw {
    passed: Passed,
    bytes: SmallVec<[u8; 16]>,
}

impl Raw {
    fn simple(letter: u8, bytes: &[u8]) -> Raw {
        Raw { passed: Passed::Simple(letter), bytes: SmallVec::from_slice(bytes) }
    }

    fn address(n: usize) -> Raw {
        Raw::simple(b'P', &(n as u64).to_ne_bytes())
    }
}

/// The library's description of a type.
pub(super) fn ffi_type(p: &Passed) -> Type {
    match p {
        Passed::Parts(parts) if parts.is_empty() => Type::structure([Type::u8()]),
        Passed::Parts(parts) => Type::structure(parts.iter().map(ffi_type)),
        Passed::Block { size, align } => {
            let (word, width): (fn() -> Type, usize) = match align {
                0 | 1 => (Type::u8, 1),
                2 => (Type::u16, 2),
                4 => (Type::u32, 4),
                _ => (Type::u64, 8),
            };
            Type::structure((0..(size / width).max(1)).map(|_| word()))
        }
        Passed::Simple(letter) => match letter {
            b'c' | b'b' => Type::i8(),
            b'B' | b'?' => Type::u8(),
            b'h' => Type::i16(),
            b'H' => Type::u16(),
            b'i' => Type::i32(),
            b'I' | b'u' => Type::u32(),
            b'l' | b'q' => Type::i64(),
            b'L' | b'Q' => Type::u64(),
            b'f' => Type::f32(),
            b'd' => Type::f64(),
            b'g' => Type::longdouble(),
            _ => Type::pointer(),
        },
    }
}

/// An argument without a declared type. Values that it points to go into `roots`.
fn convert(th: &mut Thread, v: Value, index: usize, roots: &gc_stm::RootVec) -> PyResult<Raw> {
    if is_data(v) {
        let t = match info::of(v) {
            Some(t) => t.info(),
            None => return Err(th.type_error("abstract class")),
        };
        let d = data(th, v)?;
        return Ok(match t.sort {
            Sort::Array => Raw::address(d.address),
            Sort::Pointer | Sort::Function => Raw::address(d.pointer(th)?),
            Sort::Simple => Raw::simple(t.letter, d.bytes(th, 0, t.size)?),
            Sort::Structure | Sort::Union => {
                Raw { passed: t.passed.clone(), bytes: SmallVec::from_slice(d.bytes(th, 0, t.size)?) }
            }
        });
    }
    if let Some(p) = param::of(v) {
        return Ok(Raw::simple(p.letter(), p.bytes()));
    }
    if v.is_none() {
        return Ok(Raw::address(0));
    }
    if let Some(n) = ops::int_value(v).filter(|_| v.payload::<interpreter::layout::PyLong>().is_none()) {
        return Ok(Raw::simple(b'i', &(n as i32).to_ne_bytes()));
    }
    if let Some(n) = ops::exact_integer(v) {
        let fits = u64::try_from(&n).map(|n| n as i32).or_else(|_| i64::try_from(&n).map(|n| n as i32));
        return match fits {
            Ok(n) => Ok(Raw::simple(b'i', &n.to_ne_bytes())),
            Err(_) => Err(th.overflow_error("long int too long to convert")),
        };
    }
    if let Some(s) = v.payload::<PyStr>() {
        return Ok(Raw::address(s.get().bytes().as_ptr() as usize));
    }
    if v.payload::<PyUnicode>().is_some() {
        let wide = text::wide(th, v)?;
        roots.push(wide.bits());
        return Ok(Raw::address(th.str_bytes(wide).as_ptr() as usize));
    }
    let name = th.intern(b"_as_parameter_");
    if let Some(x) = ops::getattr_opt(th, v, name)? {
        roots.push(x.bits());
        th.enter_recursive(" while processing _as_parameter_")?;
        let r = convert(th, x, index, roots);
        th.leave_recursive();
        return r;
    }
    Err(th.type_error(format!("Don't know how to convert parameter {index}")))
}

/// Calls. `args` lie in a tuple or on the value stack.
pub(super) fn call(th: &mut Thread, target: Target, args: &[Value]) -> PyResult {
    if args.len() > MOST {
        let n = args.len();
        return Err(th.value_error(format!("too many arguments ({n}), maximum is {MOST}")));
    }
    let converters = target.converters.and_then(|c| c.cast::<PyTuple>()).map_or(&[][..], |c| c.get().items());
    let roots = th.m.root_vec();
    let mut raw: SmallVec<[Raw; 8]> = SmallVec::new();
    for (i, v) in args.iter().enumerate() {
        let converted = match converters.get(i) {
            Some(f) => ops::call(th, *f, &[*v]),
            None => Ok(*v),
        };
        let made = converted.and_then(|v| {
            roots.push(v.bits());
            convert(th, v, i + 1, &roots)
        });
        match made {
            Ok(r) => raw.push(r),
            Err(e) => {
                let prefix = format!("argument {}: ", i + 1);
                return Err(value::extend_error(th, e, &super::ARGUMENT_ERROR, &prefix));
            }
        }
    }
    if target.address == 0 {
        return Err(th.value_error("NULL function pointer called"));
    }
    let result_type = result_type(target.restype);
    let size = target.restype.and_then(info::of_class).map_or(8, |t| t.info().size);
    let mut result = vec![0u64; size.div_ceil(8).max(2)];
    run(th, target, &raw, result_type, &mut result)?;
    drop(roots);
    let p = result.as_ptr().cast::<u8>();
    // SAFETY: the call has filled it as its type says.
    unsafe { result_value(th, target.restype, target.checker, p) }
}

fn run(th: &mut Thread, target: Target, raw: &[Raw], result: Type, into: &mut [u64]) -> PyResult<()> {
    let cif = Cif::new(raw.iter().map(|r| ffi_type(&r.passed)), result);
    // An empty structure has no byte to point to.
    let nothing = [0u8; 8];
    let args: SmallVec<[Arg<'_>; 8]> =
        raw.iter().map(|r| Arg::new(r.bytes.first().unwrap_or(&nothing[0]))).collect();
    let release = target.flags & PYTHONAPI == 0;
    let keeps_errno = target.flags & USE_ERRNO != 0;
    th.foreign(release, |here| {
        let before = CURRENT.replace(here);
        if keeps_errno {
            errno::swap();
        }
        let code = CodePtr::from_ptr(target.address as *const _);
        // SAFETY: the arguments are what the program says the function takes, and the result has room.
        unsafe { cif.call_return_into(code, &args, Ret::new(&mut into[0])) };
        if keeps_errno {
            errno::swap();
        }
        CURRENT.set(before);
    })
}

/// How the result is returned: `int` unless it is said.
fn result_type(restype: Slot) -> Type {
    match restype {
        Some(r) if r.is_none() => Type::void(),
        Some(r) => info::of_class(r).map_or_else(Type::i32, |t| ffi_type(&t.info().passed)),
        None => Type::i32(),
    }
}

/// The value that a function has returned at `p`.
///
/// # Safety
/// It is there.
unsafe fn result_value(th: &mut Thread, restype: Slot, checker: Slot, p: *const u8) -> PyResult {
    let Some(class) = restype else {
        // SAFETY: the caller's promise.
        return unsafe { codes::load(th, b'i', false, p) };
    };
    if class.is_none() {
        return Ok(Value::NONE);
    }
    let v = match info::of_class(class) {
        None => {
            // SAFETY: the caller's promise.
            let n = unsafe { codes::load(th, b'i', false, p) }?;
            return ops::call(th, class, &[n]);
        }
        // SAFETY: the caller's promise.
        Some(t) => unsafe { value_at(th, class, t, p) }?,
    };
    match checker {
        Some(c) => ops::call(th, c, &[v]),
        None => Ok(v),
    }
}

/// The value of a type that lies at `p`: a Python value, or a new object with a copy.
///
/// # Safety
/// It is there.
pub(super) unsafe fn value_at(th: &mut Thread, class: Value, t: CType, p: *const u8) -> PyResult {
    match value::converted(class, t) {
        // SAFETY: the caller's promise.
        Some(letter) => unsafe { codes::load(th, letter, t.info().swapped, p) },
        None => {
            // SAFETY: the caller's promise.
            let b = unsafe { std::slice::from_raw_parts(p, t.info().size) };
            memory::fresh_from(th, class, b)
        }
    }
}

/// `call_function(address, arguments)`: an `int` result.
fn call_at(th: &mut Thread, args: interpreter::Args<'_>, flags: i64) -> PyResult {
    let Some(address) = codes::low_bits(args.pos[0]) else {
        return Err(th.type_error("an integer is required"));
    };
    let Some(items) = args.pos[1].payload::<PyTuple>() else {
        let n = ops::type_name(args.pos[1]);
        return Err(th.raise_def(
            &exceptions::TYPE_ERROR,
            format!("call_function() argument 2 must be tuple, not {n}"),
        ));
    };
    let target = Target { address: address as usize, flags, converters: None, restype: None, checker: None };
    call(th, target, items.get().items())
}

/// `call_function`
pub(super) fn call_function(th: &mut Thread, args: interpreter::Args<'_>) -> PyResult {
    call_at(th, args, 0)
}

/// `call_cdeclfunction`
pub(super) fn call_cdeclfunction(th: &mut Thread, args: interpreter::Args<'_>) -> PyResult {
    call_at(th, args, CDECL)
}
