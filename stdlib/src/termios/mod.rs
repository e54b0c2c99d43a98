//! `termios`: control of terminals.

mod constants;

use crate::descriptors::{checked, descriptor};
use interpreter::kinds::kind;
use interpreter::layout::{PyList, PyStr};
use interpreter::native::{Args, BLOCKS, MethodDef, ModuleDef, TypeDef};
use interpreter::objects::{exceptions, list, module};
use interpreter::raised::{PyResult, Raised};
use interpreter::{Thread, Value, ops};

/// `termios.error`.
static ERROR: TypeDef = TypeDef {
    module: "termios",
    base: Some(&exceptions::EXCEPTION),
    ..TypeDef::new("error", kind::INSTANCE)
};

/// `termios`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "termios",
    doc: Some(
        "Control of terminals as POSIX has it. Every function takes a file descriptor, or an object with fileno(), first.",
    ),
    functions: &[
        MethodDef::new(
            "tcgetattr",
            tcgetattr,
            1,
            1,
            BLOCKS,
            "tcgetattr(fd) -> [iflag, oflag, cflag, lflag, ispeed, ospeed, cc]\n\nThe attributes of a terminal; cc is a list of characters, of which those at VMIN and VTIME are integers\nwhile they count bytes and time.",
        ),
        MethodDef::new(
            "tcsetattr",
            tcsetattr,
            3,
            3,
            BLOCKS,
            "tcsetattr(fd, when, attributes) -> None\n\nSets the attributes of a terminal: at once (TCSANOW), after pending output (TCSADRAIN), or also without\npending input (TCSAFLUSH).",
        ),
        MethodDef::new(
            "tcsendbreak",
            tcsendbreak,
            2,
            2,
            BLOCKS,
            "tcsendbreak(fd, duration) -> None\n\nSends a break.",
        ),
        MethodDef::new(
            "tcdrain",
            tcdrain,
            1,
            1,
            BLOCKS,
            "tcdrain(fd) -> None\n\nWaits until output is sent.",
        ),
        MethodDef::new(
            "tcflush",
            tcflush,
            2,
            2,
            BLOCKS,
            "tcflush(fd, queue) -> None\n\nForgets pending input (TCIFLUSH), output (TCOFLUSH), or both (TCIOFLUSH).",
        ),
        MethodDef::new(
            "tcflow",
            tcflow,
            2,
            2,
            BLOCKS,
            "tcflow(fd, action) -> None\n\nHolds or resumes output (TCOOFF, TCOON) or input (TCIOFF, TCION).",
        ),
    ],
    types: &[&ERROR],
    init: Some(init),
};

fn init(th: &mut Thread, m: Value) -> PyResult<()> {
    for (name, n) in constants::CONSTANTS {
        module::add_int(th, m, name, *n)?;
    }
    Ok(())
}

/// How many control characters Python sees.
const CHARACTERS: usize = libc::NCCS;

fn failed(th: &mut Thread, e: i32) -> Raised {
    if e == libc::EINTR
        && let Err(r) = th.native_poll()
    {
        return r;
    }
    th.environment_error(&ERROR, e, None)
}

fn call(th: &mut Thread, f: impl Fn() -> i32 + Send + 'static) -> PyResult {
    match th.outside(move || checked(f()))? {
        Ok(_) => Ok(Value::NONE),
        Err(e) => Err(failed(th, e)),
    }
}

fn attributes(th: &mut Thread, fd: i32) -> PyResult<libc::termios> {
    let got = th.outside(move || {
        // SAFETY: room for the attributes, which are numbers.
        unsafe {
            let mut t: libc::termios = std::mem::zeroed();
            checked(libc::tcgetattr(fd, &mut t)).map(|_| t)
        }
    })?;
    got.map_err(|e| failed(th, e))
}

fn tcgetattr(th: &mut Thread, args: Args<'_>) -> PyResult {
    let fd = descriptor(th, args.pos[0])?;
    let t = attributes(th, fd)?;
    // SAFETY: plain calls on filled attributes.
    let (input, output) = unsafe { (libc::cfgetispeed(&t), libc::cfgetospeed(&t)) };
    let canonical = t.c_lflag & libc::ICANON != 0;
    let cc = th.m.root_vec();
    for (i, c) in t.c_cc.iter().enumerate() {
        let v = if !canonical && (i == libc::VMIN || i == libc::VTIME) {
            th.int(i64::from(*c))
        } else {
            th.try_str(&[*c])?
        };
        cc.push(v.bits());
    }
    let cc = th.new_list(ops::values(&cc))?;
    let [a, b, c, d, e, f] =
        [t.c_iflag, t.c_oflag, t.c_cflag, t.c_lflag, input, output].map(|n| th.int(i64::from(n)));
    th.new_list(&[a, b, c, d, e, f, cc])
}

/// Item `i` of a list that had it a moment ago.
fn item(th: &mut Thread, l: Value, i: usize) -> PyResult {
    let found = match l.payload::<PyList>() {
        Some(l) => list::storage::get(th, l, i)?,
        None => None,
    };
    found.ok_or_else(|| th.type_error("tcsetattr, arg 3: must be 7 element list"))
}

fn length(th: &mut Thread, l: Value) -> PyResult<Option<usize>> {
    match l.payload::<PyList>() {
        Some(_) => ops::len(th, l).map(Some),
        None => Ok(None),
    }
}

fn tcsetattr(th: &mut Thread, args: Args<'_>) -> PyResult {
    let fd = descriptor(th, args.pos[0])?;
    let when = ops::int32_arg(th, args.pos[1])?;
    let l = args.pos[2];
    if length(th, l)? != Some(7) {
        return Err(th.type_error("tcsetattr, arg 3: must be 7 element list"));
    }
    let mut t = attributes(th, fd)?;
    let mut numbers = [0 as libc::tcflag_t; 6];
    for (i, n) in numbers.iter_mut().enumerate() {
        let v = item(th, l, i)?;
        *n = ops::integer_arg(th, v)? as libc::tcflag_t;
    }
    let [iflag, oflag, cflag, lflag, input, output] = numbers;
    (t.c_iflag, t.c_oflag, t.c_cflag, t.c_lflag) = (iflag, oflag, cflag, lflag);
    let cc = item(th, l, 6)?;
    if length(th, cc)? != Some(CHARACTERS) {
        return Err(th.type_error(format!("tcsetattr: attributes[6] must be {CHARACTERS} element list")));
    }
    for (i, c) in t.c_cc.iter_mut().enumerate() {
        let v = item(th, cc, i)?;
        *c = match v.payload::<PyStr>().map(|s| s.get().bytes()) {
            Some([c]) => *c,
            None if ops::exact_integer(v).is_some() => ops::integer_arg(th, v)? as libc::cc_t,
            _ => {
                return Err(th.type_error("tcsetattr: elements of attributes must be characters or integers"));
            }
        };
    }
    // SAFETY: plain calls on filled attributes.
    if let Err(e) = checked(unsafe { libc::cfsetispeed(&mut t, input) | libc::cfsetospeed(&mut t, output) }) {
        return Err(failed(th, e));
    }
    // SAFETY: filled attributes.
    call(th, move || unsafe { libc::tcsetattr(fd, when, &t) })
}

fn tcsendbreak(th: &mut Thread, args: Args<'_>) -> PyResult {
    let fd = descriptor(th, args.pos[0])?;
    let n = ops::int32_arg(th, args.pos[1])?;
    // SAFETY: plain system call.
    call(th, move || unsafe { libc::tcsendbreak(fd, n) })
}

fn tcdrain(th: &mut Thread, args: Args<'_>) -> PyResult {
    let fd = descriptor(th, args.pos[0])?;
    // SAFETY: plain system call.
    call(th, move || unsafe { libc::tcdrain(fd) })
}

fn tcflush(th: &mut Thread, args: Args<'_>) -> PyResult {
    let fd = descriptor(th, args.pos[0])?;
    let n = ops::int32_arg(th, args.pos[1])?;
    // SAFETY: plain system call.
    call(th, move || unsafe { libc::tcflush(fd, n) })
}

fn tcflow(th: &mut Thread, args: Args<'_>) -> PyResult {
    let fd = descriptor(th, args.pos[0])?;
    let n = ops::int32_arg(th, args.pos[1])?;
    // SAFETY: plain system call.
    call(th, move || unsafe { libc::tcflow(fd, n) })
}
