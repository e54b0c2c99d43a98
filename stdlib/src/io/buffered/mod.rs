//! `BufferedReader`, `BufferedWriter`, `BufferedRandom`.
//!
//! # Invariants
//! B1. The bytes read ahead are `READ[READ_POS..]`; the bytes to be written are all of `WRITE`. One of the two is empty:
//!     reading flushes first, writing first moves the raw stream back by what was read ahead.
//! B2. The logical position is the raw position, minus what is read ahead, plus what is to be written.

mod common;
mod reading;
mod writing;

use super::kinds_of_stream::BUFFERED_IO_BASE;
use super::state;
use interpreter::kinds::kind;
use interpreter::native::{Args, BASETYPE, GetSetDef, HAS_DICT, MethodDef, TypeDef};
use interpreter::types::slots::SlotTable;
use interpreter::{PyResult, Thread, Value};

pub use common::{READER, WRITER, start};

const fn method(name: &'static str, f: interpreter::native::NativeFn, min: u16, max: u16) -> MethodDef {
    MethodDef::new(name, f, min, max, 0, "")
}

const DETACH: MethodDef = method("detach", common::detach, 0, 0);
const SEEKABLE: MethodDef = method("seekable", common::seekable, 0, 0);
const READABLE: MethodDef = method("readable", common::readable, 0, 0);
const WRITABLE: MethodDef = method("writable", common::writable, 0, 0);
const FILENO: MethodDef = method("fileno", common::fileno, 0, 0);
const ISATTY: MethodDef = method("isatty", common::isatty, 0, 0);
const CLOSE: MethodDef = method("close", common::close, 0, 0);
const SEEK: MethodDef = method("seek", |th, a| common::alone(th, a.pos[0], |th| common::seek(th, a)), 1, 2);
const TELL: MethodDef = method("tell", common::tell, 0, 0);
const TRUNCATE: MethodDef =
    method("truncate", |th, a| common::alone(th, a.pos[0], |th| common::truncate(th, a)), 0, 1);
const SIZEOF: MethodDef = method("__sizeof__", common::sizeof, 0, 0);
const READ: MethodDef = method("read", |th, a| common::alone(th, a.pos[0], |th| reading::read(th, a)), 0, 1);
const READ1: MethodDef =
    method("read1", |th, a| common::alone(th, a.pos[0], |th| reading::read1(th, a)), 1, 1);
const PEEK: MethodDef = method("peek", |th, a| common::alone(th, a.pos[0], |th| reading::peek(th, a)), 0, 1);
const READLINE: MethodDef =
    method("readline", |th, a| common::alone(th, a.pos[0], |th| reading::readline(th, a)), 0, 1);
const WRITE: MethodDef =
    method("write", |th, a| common::alone(th, a.pos[0], |th| writing::write(th, a)), 1, 1);

const FLUSH: MethodDef =
    method("flush", |th, a| common::alone(th, a.pos[0], |th| writing::flush(th, a)), 0, 0);

/// The methods of all buffered streams, and those of one kind.
macro_rules! methods {
    ($($more:expr),* $(,)?) => {
        &[
            DETACH, SEEKABLE, READABLE, WRITABLE, FILENO, ISATTY, CLOSE, SEEK, TELL, TRUNCATE, SIZEOF, $($more),*
        ]
    };
}

const GETSET: &[GetSetDef] = &[
    GetSetDef { name: "raw", get: common::raw_member, set: None, doc: "" },
    GetSetDef { name: "closed", get: common::closed, set: None, doc: "" },
    GetSetDef { name: "name", get: common::name, set: None, doc: "" },
    GetSetDef { name: "mode", get: common::mode, set: None, doc: "" },
];

const BASE: TypeDef = TypeDef {
    module: "_io",
    base: Some(&BUFFERED_IO_BASE),
    flags: BASETYPE | HAS_DICT,
    getset: GETSET,
    ..TypeDef::new("", kind::INSTANCE)
};

const SLOTS: SlotTable = SlotTable { new: Some(new), repr: Some(common::repr), ..SlotTable::EMPTY };

/// `BufferedReader`.
pub static BUFFERED_READER: TypeDef = TypeDef {
    name: "BufferedReader",
    doc: Some("Create a new buffered reader using the given readable raw IO object."),
    slots: SlotTable { init: Some(common::init_reader), next: Some(reading::next), ..SLOTS },
    methods: methods!(READ, READ1, PEEK, READLINE, method("flush", common::simple_flush, 0, 0),),
    ..BASE
};

/// `BufferedWriter`.
pub static BUFFERED_WRITER: TypeDef = TypeDef {
    name: "BufferedWriter",
    doc: Some("A buffer for a writeable sequential RawIO object."),
    slots: SlotTable { init: Some(common::init_writer), ..SLOTS },
    methods: methods!(WRITE, FLUSH,),
    ..BASE
};

/// `BufferedRandom`.
pub static BUFFERED_RANDOM: TypeDef = TypeDef {
    name: "BufferedRandom",
    doc: Some("A buffered interface to random access streams."),
    slots: SlotTable { init: Some(common::init_random), next: Some(reading::next), ..SLOTS },
    methods: methods!(READ, READ1, PEEK, READLINE, WRITE, FLUSH,),
    ..BASE
};

fn new(th: &mut Thread, class: Value, _: Args<'_>) -> PyResult {
    state::allocate(th, class, common::SLOTS, true)
}
