//! Making a text stream: its codec and its newline mode.

use super::*;
use crate::io::newline::{self, LineEnds};
use interpreter::codecs;
use interpreter::layout::PyStr;
use interpreter::objects::bytearray;

pub fn init(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    state::set_flag(th, v, OK, false)?;
    state::set_flag(th, v, DETACHED, false)?;
    let [buffer, encoding, errors, nl, by_line] =
        args.bind(th, "TextIOWrapper", ["buffer", "encoding", "errors", "newline", "line_buffering"], 1)?;
    let buffer = buffer.unwrap_or(Value::NONE);
    let encoding = arguments::text_or_none(th, encoding, "fileio", 2)?;
    let errors = arguments::text_or_none(th, errors, "fileio", 3)?;
    let nl = arguments::text_or_none(th, nl, "fileio", 4)?;
    let by_line = arguments::int(th, by_line, 0)? != 0;
    if !newline::is_legal(nl.as_deref()) {
        let n = String::from_utf8_lossy(nl.as_deref().unwrap_or_default()).into_owned();
        return Err(th.value_error(format!("illegal newline value: {n}")));
    }
    let encoding = match encoding {
        Some(e) => th.new_str(&e),
        None => preferred_encoding(th)?,
    };
    let errors = th.new_str(errors.as_deref().unwrap_or(b"strict"));
    let universal = nl.as_ref().is_none_or(Vec::is_empty);
    let name = String::from_utf8_lossy(th.str_bytes(encoding)).into_owned();
    let codec = codecs::registry::lookup(th, &name)?;
    let mut decoder = Value::NONE;
    if arguments::answers(th, buffer, &names::readable)? {
        decoder = incremental(th, codec, &names::incrementaldecoder, errors)?;
        if universal {
            decoder = newline::make(th, decoder, nl.is_none())?;
        }
    }
    let mut encoder = Value::NONE;
    if arguments::answers(th, buffer, &names::writable)? {
        encoder = incremental(th, codec, &names::incrementalencoder, errors)?;
    }
    let nl = nl.map(|n| th.intern(&n)).unwrap_or(Value::NONE);
    let pending = bytearray::new(th, &[])?;
    let seekable = arguments::answers(th, buffer, &names::seekable)?;
    let n = names::read1.get(th);
    let has_read1 = ops::getattr_opt(th, buffer, n)?.is_some();
    let ratio = th.float(0.0);
    for (i, x) in [
        (BUFFER, buffer),
        (ENCODING, encoding),
        (ERRORS, errors),
        (ENCODER, encoder),
        (DECODER, decoder),
        (NEWLINE, nl),
        (PENDING, pending),
        (RATIO, ratio),
    ] {
        state::set(th, v, i, Some(x))?;
    }
    for (i, b) in
        [(LINE_BUFFERING, by_line), (SEEKABLE, seekable), (TELLING, seekable), (HAS_READ1, has_read1)]
    {
        state::set_flag(th, v, i, b)?;
    }
    state::set(th, v, DECODED, None)?;
    state::set(th, v, SNAPSHOT, None)?;
    state::set_number(th, v, USED, 0)?;
    state::set_number(th, v, CHUNK, crate::io::DEFAULT_BUFFER_SIZE)?;
    if seekable && !encoder.is_none() {
        // In the middle of a stream no byte order mark is written.
        let at = call(th, buffer, &names::tell, &[])?;
        let zero = th.int(0);
        if !ops::equal(th, at, zero)? {
            call(th, encoder, &names::setstate, &[zero])?;
        }
    }
    state::set_flag(th, v, OK, true)
}

/// A codec's incremental half.
fn incremental(th: &mut Thread, codec: Value, half: &Name, errors: Value) -> PyResult {
    let make = ops::getattr_name(th, codec, half)?;
    ops::call(th, make, &[errors])
}

/// `locale.getpreferredencoding()`, or what the locale says if that module is not to be had.
fn preferred_encoding(th: &mut Thread) -> PyResult {
    let found = match interpreter::import::import(th, "locale") {
        Ok(m) => call(th, m, &names::getpreferredencoding, &[]),
        Err(e) => Err(e),
    };
    match found {
        Ok(e) if e.payload::<PyStr>().is_some() => Ok(e),
        Ok(_) => Err(th.io_error_text("could not determine default encoding")),
        Err(e) => {
            e.catch_if(th, exc::IMPORT_ERROR.class())?;
            Ok(th.new_str(interpreter::paths::filesystem_encoding().as_bytes()))
        }
    }
}

/// How the stream tells lines.
pub fn line_ends(th: &mut Thread, v: Value) -> PyResult<LineEnds> {
    let nl = state::value(th, v, NEWLINE)?;
    Ok(if nl.is_none() {
        LineEnds::Translated
    } else {
        match th.str_bytes(nl) {
            b"" => LineEnds::Universal,
            b => LineEnds::Exactly(b.to_vec()),
        }
    })
}

/// What `\n` is written as, if it is translated.
pub fn written_newline<'a>(th: &mut Thread, v: Value) -> PyResult<Option<&'a [u8]>> {
    let nl = state::value(th, v, NEWLINE)?;
    let b = th.str_bytes(nl);
    Ok(if b.first() == Some(&b'\r') { Some(b) } else { None })
}
