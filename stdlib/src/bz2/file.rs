//! `BZ2File`: a record of the shared archive and of what it was opened with.

use super::archive::{Archive, CR, CRLF, LF, Reader, Refusal, Writer};
use super::objects::level;
use super::{bytes, raise};
use crate::shared;
use interpreter::kinds::kind;
use interpreter::layout::PyRecord;
use interpreter::native::{Args, GetSetDef, TypeDef, VARIADIC, blocking_row as row};
use interpreter::types::slots::SlotTable;
use interpreter::types::wrap_new;
use interpreter::{PyResult, Raised, Slot, Thread, Value, ops, paths};
use std::fs::File;
use std::sync::Arc;

const STATE: usize = 0;
const NAME: usize = 1;
const MODE: usize = 2;
const SOFTSPACE: usize = 3;

const fn attribute(name: &'static str, get: fn(&mut Thread, Value) -> PyResult) -> GetSetDef {
    GetSetDef { name, get, set: None, doc: "" }
}

/// `bz2.BZ2File`.
pub static FILE: TypeDef = TypeDef {
    module: "bz2",
    doc: Some(
        "BZ2File(name [, mode='r', buffering=0, compresslevel=9]) -> file object\n\nA file in bzip2's format, for reading ('r', 'rU' with universal newlines) or writing ('w').",
    ),
    slots: SlotTable {
        new: Some(new),
        init: Some(init),
        iter: Some(iterate),
        next: Some(next),
        ..SlotTable::EMPTY
    },
    methods: &[
        row("read", read, 0, 1, "read([size]) -> string"),
        row("readline", readline, 0, 1, "readline([size]) -> the next line; empty at the end"),
        row("readlines", readlines, 0, 1, "readlines([size]) -> list of lines"),
        row("xreadlines", itself, 0, 0, "xreadlines() -> self"),
        row("write", write, 1, 1, "write(data) -> None"),
        row("writelines", writelines, 1, 1, "writelines(sequence_of_strings) -> None"),
        row(
            "seek",
            seek,
            1,
            2,
            "seek(offset [, whence]) -> None\n\nSlow: everything before is decompressed.",
        ),
        row("tell", tell, 0, 0, "tell() -> position in the decompressed text"),
        row("close", close, 0, 0, "close() -> None"),
        row("__enter__", itself, 0, 0, "__enter__() -> self."),
        row("__exit__", exit, 0, VARIADIC, "__exit__(*excinfo) -> None.  Closes the file."),
    ],
    getset: &[
        attribute("name", |th, v| at(th, v, NAME)),
        attribute("mode", |th, v| at(th, v, MODE)),
        attribute("newlines", newlines),
        attribute("closed", |th, v| {
            let closed = with(th, v, |a| Ok(matches!(a, Archive::Closed)))?;
            Ok(Value::from_bool(closed.unwrap_or(true)))
        }),
        GetSetDef { name: "softspace", get: |th, v| at(th, v, SOFTSPACE), set: Some(set_softspace), doc: "" },
    ],
    ..TypeDef::new("BZ2File", kind::RECORD)
};

fn at(th: &mut Thread, v: Value, i: usize) -> PyResult {
    let x = match v.payload::<PyRecord>() {
        Some(r) => r.read(th)?.at(i).get(),
        None => None,
    };
    Ok(x.unwrap_or(Value::NONE))
}

fn set_softspace(th: &mut Thread, v: Value, x: Slot) -> PyResult<()> {
    let Some(x) = x else { return Err(th.type_error("can't delete numeric/char attribute")) };
    let n = ops::int32_arg(th, x)?;
    if let Some(r) = v.payload::<PyRecord>() {
        r.write(th)?.at(SOFTSPACE).set(Some(Value::int_unchecked(i64::from(n))));
    }
    Ok(())
}

type Done<T> = Result<T, Refusal>;

/// Works on the archive between transactions.
fn with<T: Clone + Send + Sync + 'static>(
    th: &mut Thread,
    v: Value,
    op: impl FnOnce(&mut Archive) -> Done<T> + Send + 'static,
) -> PyResult<Done<T>> {
    let state = shared::held::<Archive>(th, v, STATE)?;
    th.outside(move || op(&mut state.lock()))
}

/// As [`with`], with refusals raised.
fn work<T: Clone + Send + Sync + 'static>(
    th: &mut Thread,
    v: Value,
    op: impl FnOnce(&mut Archive) -> Done<T> + Send + 'static,
) -> PyResult<T> {
    match with(th, v, op)? {
        Ok(x) => Ok(x),
        Err(r) => Err(refused(th, r)),
    }
}

fn refused(th: &mut Thread, r: Refusal) -> Raised {
    match r {
        Refusal::Closed => th.value_error("I/O operation on closed file"),
        Refusal::NotReading => th.io_error_text("file is not ready for reading"),
        Refusal::NotWriting => th.io_error_text("file is not ready for writing"),
        Refusal::NotSeekable => th.io_error_text("seek works only while reading"),
        Refusal::Mixed => th.value_error("Mixing iteration and read methods would lose data"),
        Refusal::Failed(f) => raise(th, &f),
    }
}

fn new(th: &mut Thread, class: Value, _: Args<'_>) -> PyResult {
    let (state, zero) = (shared::hold(th, Archive::Closed)?, th.int(0));
    let base = th.new_record(&FILE, &[Some(state), None, None, Some(zero)]);
    wrap_new(th, class, &FILE, base)
}

fn init(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    let names = ["filename", "mode", "buffering", "compresslevel"];
    let [name, mode, buffering, packing] = args.bind(th, "BZ2File", names, 1)?;
    let name = name.unwrap_or(Value::NONE);
    let mode = match mode {
        Some(m) => crate::arguments::text(th, m, "BZ2File", 2)?,
        None => b"r".to_vec(),
    };
    if let Some(b) = buffering {
        // The archive has buffers of its own.
        ops::int32_arg(th, b)?;
    }
    let level = level(th, packing)?;
    let (mut writing, mut universal) = (None, false);
    for c in &mode {
        match c {
            b'r' | b'w' if writing.is_none() => writing = Some(*c == b'w'),
            b'b' => {}
            b'U' => universal = true,
            c => {
                let shown = char::from(*c);
                return Err(th.value_error(format!("invalid mode char {shown}")));
            }
        }
    }
    let writing = writing.unwrap_or(false);
    let path = paths::path_bytes(th, name)?;
    let mut opened = open(th, &path, writing)?;
    if matches!(opened.as_ref(), Err(libc::EMFILE)) {
        // Files that nobody refers to any more may still be open.
        th.m.collect_minor();
        th.m.collect_full();
        interpreter::dead::deliver(th)?;
        opened = open(th, &path, writing)?;
    }
    let file = match opened.as_ref() {
        Ok(f) => f.try_clone().map_err(|e| e.raw_os_error().unwrap_or(libc::EIO)),
        Err(e) => Err(*e),
    };
    let file = match file {
        Ok(f) => f,
        Err(e) => return Err(th.io_error(e, Some(name))),
    };
    let archive = if writing {
        Archive::Writing(Writer::new(file, level))
    } else {
        Archive::Reading(Box::new(Reader::new(file, universal)))
    };
    let state = shared::hold(th, archive)?;
    let mode = th.new_str(if writing { b"wb" } else { b"rb" });
    if let Some(r) = v.payload::<PyRecord>() {
        let r = r.write(th)?;
        r.at(STATE).set(Some(state));
        r.at(NAME).set(Some(name));
        r.at(MODE).set(Some(mode));
    }
    Ok(())
}

/// The file, or its errno.
type Opened = Arc<Result<File, i32>>;

fn open(th: &mut Thread, path: &[u8], writing: bool) -> PyResult<Opened> {
    let path = path.to_vec();
    th.outside(move || {
        let path = interpreter::import::pyc::path(&path);
        let f = if writing { File::create(path) } else { File::open(path) };
        let f = f.and_then(|f| {
            if f.metadata()?.is_dir() { Err(std::io::Error::from_raw_os_error(libc::EISDIR)) } else { Ok(f) }
        });
        Arc::new(f.map_err(|e| e.raw_os_error().unwrap_or(libc::EIO)))
    })
}

/// A size argument; negative: none.
fn size(th: &mut Thread, args: &Args<'_>) -> PyResult<Option<usize>> {
    let n = match args.get(1) {
        Some(v) => ops::integer_arg(th, v)?,
        None => -1,
    };
    Ok(usize::try_from(n).ok())
}

fn read(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = size(th, &args)?;
    let b = work(th, args.pos[0], move |a| a.reader()?.read(n).map(Arc::new))?;
    th.try_str(&b)
}

fn readline(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = size(th, &args)?.unwrap_or(usize::MAX);
    let b = work(th, args.pos[0], move |a| a.reader()?.line(n).map(Arc::new))?;
    th.try_str(&b)
}

fn readlines(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = size(th, &args)?.unwrap_or(0);
    let lines = work(th, args.pos[0], move |a| a.reader()?.lines(n).map(Arc::new))?;
    let out = th.m.root_vec();
    for l in lines.iter() {
        out.push(th.try_str(l)?.bits());
    }
    th.new_list(ops::values(&out))
}

fn itself(th: &mut Thread, args: Args<'_>) -> PyResult {
    iterate(th, args.pos[0])
}

fn iterate(th: &mut Thread, v: Value) -> PyResult {
    work(th, v, |a| a.position().map(|_| ()))?;
    Ok(v)
}

fn next(th: &mut Thread, v: Value) -> PyResult<Slot> {
    let b = work(th, v, |a| a.reader()?.next_line().map(Arc::new))?;
    if b.is_empty() { Ok(None) } else { th.try_str(&b).map(Some) }
}

fn write(th: &mut Thread, args: Args<'_>) -> PyResult {
    let b = bytes(th, args.pos[1], "write()")?;
    work(th, args.pos[0], move |a| a.writer()?.write(&b))?;
    Ok(Value::NONE)
}

fn writelines(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    // Before the lines are asked for.
    work(th, v, |a| a.writer().map(|_| ()))?;
    let lines = match ops::collect(th, args.pos[1]) {
        Ok(l) => l,
        Err(e) => {
            e.catch_if(th, interpreter::objects::exceptions::TYPE_ERROR.class())?;
            return Err(th.type_error("writelines() requires an iterable argument"));
        }
    };
    let mut all = Vec::new();
    for l in ops::values(&lines) {
        match interpreter::buffer::character_buffer(th, *l) {
            Ok(b) => all.extend_from_slice(b.bytes()),
            Err(e) => {
                e.catch_if(th, interpreter::objects::exceptions::TYPE_ERROR.class())?;
                return Err(th.type_error("writelines() argument must be a sequence of strings"));
            }
        }
    }
    work(th, v, move |a| a.writer()?.write(&all))?;
    Ok(Value::NONE)
}

fn seek(th: &mut Thread, args: Args<'_>) -> PyResult {
    let offset = ops::integer_arg(th, args.pos[1])?;
    let whence = match args.get(2) {
        Some(v) => ops::int32_arg(th, v)?,
        None => 0,
    };
    work(th, args.pos[0], move |a| match a {
        Archive::Writing(_) => Err(Refusal::NotSeekable),
        a => a.reader()?.seek(offset, whence),
    })?;
    Ok(Value::NONE)
}

fn tell(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = work(th, args.pos[0], |a| a.position())?;
    Ok(th.int(n as i64))
}

fn close(th: &mut Thread, args: Args<'_>) -> PyResult {
    work(th, args.pos[0], |a| Ok(a.close()?))?;
    Ok(Value::NONE)
}

fn exit(th: &mut Thread, args: Args<'_>) -> PyResult {
    close(th, Args::positional(&args.pos[..1]))
}

fn newlines(th: &mut Thread, v: Value) -> PyResult {
    let seen = with(th, v, |a| Ok(a.reader().map_or(0, |r| r.newlines)))?.unwrap_or(0);
    let mut out = smallvec::SmallVec::<[Value; 3]>::new();
    for (bit, text) in [(CR, "\r"), (LF, "\n"), (CRLF, "\r\n")] {
        if seen & bit != 0 {
            out.push(th.new_str(text.as_bytes()));
        }
    }
    match &out[..] {
        [] => Ok(Value::NONE),
        [one] => Ok(*one),
        all => th.try_tuple(all),
    }
}
