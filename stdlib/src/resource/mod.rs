//! `resource`: limits and usage of processes.

use crate::constants::{add_all, c_constants};
use crate::descriptors::{checked, errno};
use interpreter::kinds::kind;
use interpreter::layout::PyLong;
use interpreter::native::{Args, MethodDef, ModuleDef, TypeDef};
use interpreter::objects::structseq::{self, definition, field};
use interpreter::objects::{exceptions, module};
use interpreter::raised::PyResult;
use interpreter::{Thread, Value, ops};

/// `resource.error`.
static ERROR: TypeDef = TypeDef {
    module: "resource",
    base: Some(&exceptions::EXCEPTION),
    ..TypeDef::new("error", kind::INSTANCE)
};

static USAGE: TypeDef = definition(
    "resource",
    "struct_rusage",
    "struct_rusage: what getrusage gives\n\nA tuple whose items are also attributes.",
    &[
        field::<0>("ru_utime", "user time used"),
        field::<1>("ru_stime", "system time used"),
        field::<2>("ru_maxrss", "max. resident set size"),
        field::<3>("ru_ixrss", "shared memory size"),
        field::<4>("ru_idrss", "unshared data size"),
        field::<5>("ru_isrss", "unshared stack size"),
        field::<6>("ru_minflt", "page faults not requiring I/O"),
        field::<7>("ru_majflt", "page faults requiring I/O"),
        field::<8>("ru_nswap", "number of swap outs"),
        field::<9>("ru_inblock", "block input operations"),
        field::<10>("ru_oublock", "block output operations"),
        field::<11>("ru_msgsnd", "IPC messages sent"),
        field::<12>("ru_msgrcv", "IPC messages received"),
        field::<13>("ru_nsignals", "signals received"),
        field::<14>("ru_nvcsw", "voluntary context switches"),
        field::<15>("ru_nivcsw", "involuntary context switches"),
    ],
);

/// `resource`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "resource",
    doc: None,
    functions: &[
        MethodDef::new("getrusage", getrusage, 1, 1, 0, ""),
        MethodDef::new("getrlimit", getrlimit, 1, 1, 0, ""),
        MethodDef::new("setrlimit", setrlimit, 2, 2, 0, ""),
        MethodDef::new("getpagesize", getpagesize, 0, 0, 0, ""),
    ],
    types: &[&ERROR],
    init: Some(init),
};

fn init(th: &mut Thread, m: Value) -> PyResult<()> {
    let c = structseq::ready(th, &USAGE, 16, 16)?;
    module::add(th, m, "struct_rusage", c)?;
    add_all(
        th,
        m,
        c_constants![
            RLIMIT_CPU RLIMIT_FSIZE RLIMIT_DATA RLIMIT_STACK RLIMIT_CORE RLIMIT_NOFILE RLIMIT_AS RLIMIT_RSS
            RLIMIT_NPROC RLIMIT_MEMLOCK;
            "RLIMIT_OFILE" = i64::from(libc::RLIMIT_NOFILE),
        ],
    )?;
    module::add_int(th, m, "RUSAGE_SELF", i64::from(libc::RUSAGE_SELF))?;
    module::add_int(th, m, "RUSAGE_CHILDREN", i64::from(libc::RUSAGE_CHILDREN))?;
    module::add_int(th, m, "RLIM_INFINITY", -1)
}

/// A `struct_rusage`.
pub fn usage(th: &mut Thread, u: &libc::rusage) -> PyResult {
    structseq::ready(th, &USAGE, 16, 16)?;
    let f = |t: libc::timeval| t.tv_sec as f64 + t.tv_usec as f64 * 1e-6;
    let times = [th.float(f(u.ru_utime)), th.float(f(u.ru_stime))];
    let numbers = [
        u.ru_maxrss,
        u.ru_ixrss,
        u.ru_idrss,
        u.ru_isrss,
        u.ru_minflt,
        u.ru_majflt,
        u.ru_nswap,
        u.ru_inblock,
        u.ru_oublock,
        u.ru_msgsnd,
        u.ru_msgrcv,
        u.ru_nsignals,
        u.ru_nvcsw,
        u.ru_nivcsw,
    ];
    let out = th.m.root_vec();
    times.iter().for_each(|v| out.push(v.bits()));
    numbers.iter().for_each(|n| out.push(th.int(*n).bits()));
    structseq::make(th, &USAGE, ops::values(&out))
}

fn getrusage(th: &mut Thread, args: Args<'_>) -> PyResult {
    let who = ops::int32_arg(th, args.pos[0])?;
    // SAFETY: room for the answer.
    let r = unsafe {
        let mut u: libc::rusage = std::mem::zeroed();
        checked(libc::getrusage(who, &mut u)).map(|_| u)
    };
    match r {
        Ok(u) => usage(th, &u),
        Err(libc::EINVAL) => Err(th.value_error("invalid who parameter")),
        Err(e) => Err(th.environment_error(&ERROR, e, None)),
    }
}

fn which(th: &mut Thread, v: Value) -> PyResult<u32> {
    let n = ops::int32_arg(th, v)?;
    match u32::try_from(n) {
        Ok(n) if n < 16 => Ok(n),
        _ => Err(th.value_error("invalid resource specified")),
    }
}

/// A limit as Python shows it: -1 is none.
fn shown(th: &mut Thread, n: libc::rlim_t) -> PyResult {
    if n == libc::RLIM_INFINITY { Ok(th.int(-1)) } else { th.integer_i128(i128::from(n)) }
}

fn getrlimit(th: &mut Thread, args: Args<'_>) -> PyResult {
    let w = which(th, args.pos[0])?;
    let mut l = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: room for the answer.
    if unsafe { libc::getrlimit(w as _, &mut l) } < 0 {
        let e = errno();
        return Err(th.environment_error(&ERROR, e, None));
    }
    let items = [shown(th, l.rlim_cur)?, shown(th, l.rlim_max)?];
    th.try_tuple(&items)
}

fn limit(th: &mut Thread, v: Value) -> PyResult<libc::rlim_t> {
    if let Some(l) = v.payload::<PyLong>() {
        return u64::try_from(&l.to_bigint())
            .or_else(|_| i64::try_from(&l.to_bigint()).map(|n| n as u64))
            .map_err(|_| th.overflow_error("Python int too large to convert to C long"));
    }
    Ok(ops::integer_arg(th, v)? as libc::rlim_t)
}

fn setrlimit(th: &mut Thread, args: Args<'_>) -> PyResult {
    let w = which(th, args.pos[0])?;
    if !ops::is_sequence(args.pos[1]) && ops::slots_of(args.pos[1]).iter.is_none() {
        let n = ops::type_name(args.pos[1]);
        return Err(th.type_error(format!("'{n}' object is not iterable")));
    }
    let items = ops::collect(th, args.pos[1])?;
    if items.len() != 2 {
        return Err(th.value_error("expected a tuple of 2 integers"));
    }
    let (a, b) = (ops::values(&items)[0], ops::values(&items)[1]);
    let l = libc::rlimit { rlim_cur: limit(th, a)?, rlim_max: limit(th, b)? };
    // SAFETY: a filled struct.
    if unsafe { libc::setrlimit(w as _, &l) } < 0 {
        return Err(match errno() {
            libc::EINVAL => th.value_error("current limit exceeds maximum limit"),
            libc::EPERM => th.value_error("not allowed to raise maximum limit"),
            e => th.environment_error(&ERROR, e, None),
        });
    }
    Ok(Value::NONE)
}

fn getpagesize(th: &mut Thread, _: Args<'_>) -> PyResult {
    // SAFETY: plain call.
    Ok(th.int(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }))
}
