//! `BlockingIOError` and `UnsupportedOperation`.

use super::names;
use interpreter::kinds::kind;
use interpreter::native::{Args, BASETYPE, HAS_DICT, PAYLOAD, TypeDef};
use interpreter::objects::exceptions as exc;
use interpreter::objects::{instance, typeobject};
use interpreter::ops;
use interpreter::raised::Raised;
use interpreter::runtime::Global;
use interpreter::types::create;
use interpreter::types::slots::SlotTable;
use interpreter::{PyResult, Thread, Value};

/// `BlockingIOError`.
pub static BLOCKING_IO_ERROR: TypeDef = TypeDef {
    module: "__builtin__",
    doc: Some("Exception raised when I/O would block on a non-blocking I/O stream"),
    base: Some(&exc::IO_ERROR),
    flags: BASETYPE | HAS_DICT | PAYLOAD,
    slots: SlotTable { init: Some(blocking_init), ..SlotTable::EMPTY },
    ..TypeDef::new("BlockingIOError", kind::INSTANCE)
};

fn blocking_init(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    if args.len() < 2 || args.len() > 3 {
        let (word, n, s) = if args.len() < 2 { ("least", 2, "s") } else { ("most", 3, "s") };
        return Err(th.type_error(format!(
            "BlockingIOError() takes at {word} {n} argument{s} ({} given)",
            args.len()
        )));
    }
    let written = match args.get(2) {
        Some(n) => ops::integer_arg(th, n)?,
        None => 0,
    };
    if let Some(init) = exc::IO_ERROR.slots.init {
        let two = [args.pos[0], args.pos[1]];
        init(th, v, Args::positional(&two))?;
    }
    let written = th.int(written);
    let n = names::characters_written.get(th);
    instance::set_own_attribute(th, v, n, Some(written))?;
    Ok(())
}

/// Raises BlockingIOError for a write of which so much was taken.
pub fn raise_blocking(th: &mut Thread, written: usize) -> Raised {
    let (errno, text) =
        (th.int(i64::from(libc::EAGAIN)), th.new_str(b"write could not complete without blocking"));
    let written = th.int(written as i64);
    let args = th.new_tuple(&[errno, text, written]);
    th.raise(BLOCKING_IO_ERROR.class(), Some(args))
}

static UNSUPPORTED: Global = Global::new();

/// The class `UnsupportedOperation(ValueError, IOError)`, made at first use.
pub fn unsupported_operation(th: &mut Thread) -> PyResult {
    if let Some(c) = UNSUPPORTED.get() {
        return Ok(c);
    }
    let (name, ns) = (th.intern(b"UnsupportedOperation"), th.new_dict());
    let module = th.intern(b"io");
    let key = interpreter::names::__module__.get(th);
    interpreter::objects::dict::set_str(th, ns, key, module)?;
    let bases = [exc::VALUE_ERROR.class(), exc::IO_ERROR.class()];
    let c = create::new_class(th, typeobject::TYPE.class(), name, &bases, ns)?;
    th.m.make_old_now(c.obj_unchecked());
    th.rt.roots.lock().push(c);
    UNSUPPORTED.set(c);
    Ok(c)
}

/// `UnsupportedOperation(what)`.
pub fn raise_unsupported(th: &mut Thread, what: &str) -> Raised {
    match unsupported_operation(th) {
        Ok(c) => {
            let text = th.new_str(what.as_bytes());
            th.raise(c, Some(text))
        }
        Err(e) => e,
    }
}
