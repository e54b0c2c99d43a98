//! `io.open`.

use super::arguments;
use super::buffered::{BUFFERED_RANDOM, BUFFERED_READER, BUFFERED_WRITER};
use super::fileio::{self, FILE_IO};
use super::text::TEXT_IO_WRAPPER;
use super::{DEFAULT_BUFFER_SIZE, names};
use interpreter::layout::{PyStr, PyUnicode};
use interpreter::native::Args;
use interpreter::objects::is_number;
use interpreter::{PyResult, Thread, Value, ops};

#[derive(Default)]
struct Mode {
    reading: bool,
    writing: bool,
    appending: bool,
    updating: bool,
    text: bool,
    binary: bool,
    universal: bool,
}

/// `open(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True)`.
pub fn open(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [file, mode, buffering, encoding, errors, newline, closefd] =
        args.bind(th, "open", ["file", "mode", "buffering", "encoding", "errors", "newline", "closefd"], 1)?;
    let file = file.unwrap_or(Value::NONE);
    let mode = match mode {
        None => b"r".to_vec(),
        Some(m) => match m.payload::<PyStr>().is_some() || m.payload::<PyUnicode>().is_some() {
            true => arguments::text_or_none(th, Some(m), "open", 2)?.unwrap_or_default(),
            false => {
                let n = if m.is_none() { "None".into() } else { ops::type_name(m) };
                return Err(th.type_error(format!("open() argument 2 must be string, not {n}")));
            }
        },
    };
    let buffering = arguments::int(th, buffering, -1)?;
    let encoding_text = arguments::text_or_none(th, encoding, "open", 4)?;
    let errors_text = arguments::text_or_none(th, errors, "open", 5)?;
    let newline_text = arguments::text_or_none(th, newline, "open", 6)?;
    let closefd = arguments::int(th, closefd, 1)?;
    if file.payload::<PyStr>().is_none() && file.payload::<PyUnicode>().is_none() && !is_number(file) {
        let r = th.repr_text(file)?;
        return Err(th.type_error(format!("invalid file: {r}")));
    }
    let mut m = Mode::default();
    for (i, c) in mode.iter().enumerate() {
        let legal = match c {
            b'r' => {
                m.reading = true;
                true
            }
            b'w' => {
                m.writing = true;
                true
            }
            b'a' => {
                m.appending = true;
                true
            }
            b'+' => {
                m.updating = true;
                true
            }
            b't' => {
                m.text = true;
                true
            }
            b'b' => {
                m.binary = true;
                true
            }
            b'U' => {
                m.universal = true;
                m.reading = true;
                true
            }
            _ => false,
        };
        if !legal || mode[..i].contains(c) {
            let s = String::from_utf8_lossy(&mode).into_owned();
            return Err(th.value_error(format!("invalid mode: '{s}'")));
        }
    }
    let mut raw_mode = String::new();
    for (on, c) in [(m.reading, 'r'), (m.writing, 'w'), (m.appending, 'a'), (m.updating, '+')] {
        if on {
            raw_mode.push(c);
        }
    }
    if m.universal && (m.writing || m.appending) {
        return Err(th.value_error("can't use U and writing mode at once"));
    }
    if m.text && m.binary {
        return Err(th.value_error("can't have text and binary mode at once"));
    }
    if u8::from(m.reading) + u8::from(m.writing) + u8::from(m.appending) > 1 {
        return Err(th.value_error("must have exactly one of read/write/append mode"));
    }
    for (given, what) in [
        (encoding_text.is_some(), "an encoding"),
        (errors_text.is_some(), "an errors"),
        (newline_text.is_some(), "a newline"),
    ] {
        if m.binary && given {
            return Err(th.value_error(format!("binary mode doesn't take {what} argument")));
        }
    }
    let (raw_mode, closefd) = (th.new_str(raw_mode.as_bytes()), Value::from_bool(closefd != 0));
    let raw = ops::call(th, FILE_IO.class(), &[file, raw_mode, closefd])?;
    match finish(th, raw, &m, buffering, [encoding, errors, newline].map(|v| v.unwrap_or(Value::NONE)), &mode)
    {
        Ok(v) => Ok(v),
        Err(e) => {
            // Nobody else can close it; errors of that give way to the first.
            let c = e.catch(th)?;
            if let Err(e) = arguments::call(th, raw, &names::close, &[]) {
                e.catch(th)?;
            }
            Err(th.reraise(c))
        }
    }
}

fn finish(th: &mut Thread, raw: Value, m: &Mode, buffering: i64, text: [Value; 3], mode: &[u8]) -> PyResult {
    let terminal = arguments::answers(th, raw, &names::isatty)?;
    let by_line = buffering == 1 || (buffering < 0 && terminal);
    let mut size = if by_line { -1 } else { buffering };
    if size < 0 {
        let block = fileio::block_size(th, raw)?;
        size = if block > 1 { block } else { DEFAULT_BUFFER_SIZE };
    }
    if size == 0 {
        if !m.binary {
            return Err(th.value_error("can't have unbuffered text I/O"));
        }
        return Ok(raw);
    }
    let class = if m.updating {
        &BUFFERED_RANDOM
    } else if m.writing || m.appending {
        &BUFFERED_WRITER
    } else {
        &BUFFERED_READER
    };
    let size = th.int(size);
    let buffer = ops::call(th, class.class(), &[raw, size])?;
    if m.binary {
        return Ok(buffer);
    }
    let [encoding, errors, newline] = text;
    let w = ops::call(
        th,
        TEXT_IO_WRAPPER.class(),
        &[buffer, encoding, errors, newline, Value::from_bool(by_line)],
    )?;
    let (n, mode) = (names::mode.get(th), th.new_str(mode));
    ops::setattr(th, w, n, Some(mode))?;
    Ok(w)
}
