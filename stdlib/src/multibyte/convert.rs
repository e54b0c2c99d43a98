//! Whole texts, with error handlers.

use super::codec::{Codec, Decoded, Encoded, State};
use interpreter::codecs::handler::{Fault, Handler, decode_error, encode_error};
use interpreter::layout::PyUnicode;
use interpreter::objects::unicode::Builder;
use interpreter::{PyResult, Raised, Thread, Value};

const ILLEGAL: &str = "illegal multibyte sequence";
const INCOMPLETE: &str = "incomplete multibyte sequence";

/// Steps between two looks at what other threads want.
const PIECE: usize = 1 << 14;

/// Decodes; what an incomplete sequence at the end leaves is not counted as used unless this is the `last` piece.
pub fn decode(
    th: &mut Thread,
    codec: Codec,
    s: &mut State,
    input: &[u8],
    errors: &str,
    last: bool,
    out: &mut Builder,
) -> PyResult<usize> {
    let mut i = 0;
    let mut steps = 0;
    while i < input.len() {
        steps += 1;
        if steps % PIECE == 0 {
            th.native_poll()?;
        }
        let (end, reason) = match codec.decode(s, &input[i..]) {
            Decoded::Chars(x, y, n) => {
                // Nothing but a NUL is a character 0.
                if x != 0 || n == 1 && input[i] == 0 {
                    out.push(x);
                }
                if y != 0 {
                    out.push(y);
                }
                i += n;
                continue;
            }
            Decoded::Incomplete if !last => return Ok(i),
            Decoded::Incomplete => (input.len(), INCOMPLETE),
            Decoded::Illegal(n) => ((i + n).min(input.len()), ILLEGAL),
        };
        let f = Fault { encoding: codec.name(), start: i, end, reason };
        let h = Handler::new(Some(errors));
        i = match decode_error(th, h, input, f, out) {
            Ok(next) => next,
            Err(e) => return Err(beyond(th, h, e)),
        };
    }
    Ok(i)
}

/// A place beyond all numbers is out of bounds like any other.
fn beyond(th: &mut Thread, h: Handler<'_>, e: Raised) -> Raised {
    if !matches!(h, Handler::Named(_)) {
        return e;
    }
    match e.catch_if(th, interpreter::objects::exceptions::OVERFLOW_ERROR.class()) {
        Ok(_) => th.index_error("position from error handler out of bounds"),
        Err(e) => e,
    }
}

/// Encodes a unicode object from character `i` on; how many characters were used. `last`: nothing follows it.
pub fn encode(
    th: &mut Thread,
    codec: Codec,
    s: &mut State,
    u: Value,
    errors: &str,
    last: bool,
    out: &mut Vec<u8>,
) -> PyResult<usize> {
    let Some(text) = u.payload::<PyUnicode>() else {
        return Err(th.system_error("an encoder was given no unicode"));
    };
    let chars = text.get().chars();
    let n = chars.len();
    let mut i = 0;
    let mut steps = 0;
    while i < n {
        steps += 1;
        if steps % PIECE == 0 {
            th.native_poll()?;
        }
        let two = [chars.at(i), if i + 1 < n { chars.at(i + 1) } else { 0 }];
        let ahead = &two[..(n - i).min(2)];
        let end = match codec.encode(s, ahead, last, out) {
            Encoded::Done(k) => {
                i += k;
                continue;
            }
            Encoded::Incomplete => return Ok(i),
            Encoded::Illegal(k) => i + k,
        };
        let f = Fault { encoding: codec.name(), start: i, end, reason: ILLEGAL };
        let h = Handler::new(Some(errors));
        let (replacement, next) = match encode_error(th, h, u, f) {
            Ok(r) => r,
            Err(e) => return Err(beyond(th, h, e)),
        };
        if let Some(r) = replacement.payload::<PyUnicode>() {
            let r = r.get().chars();
            let cs: Vec<u32> = r.iter().collect();
            let mut k = 0;
            while k < cs.len() {
                match codec.encode(s, &cs[k..], true, out) {
                    Encoded::Done(m) => k += m,
                    _ => {
                        let f = Fault { encoding: codec.name(), start: i, end, reason: ILLEGAL };
                        return Err(interpreter::codecs::handler::raise_encode(th, u, f));
                    }
                }
            }
        }
        i = next;
    }
    Ok(i)
}
