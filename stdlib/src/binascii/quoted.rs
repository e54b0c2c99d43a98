//! Quoted-printable (RFC 1521).

use super::output;
use interpreter::buffer::argument;
use interpreter::native::Args;
use interpreter::{PyResult, Slot, Thread, Value, ops};

fn flag(th: &mut Thread, v: Slot, default: bool) -> PyResult<bool> {
    match v {
        Some(v) => Ok(ops::integer_arg(th, v)? != 0),
        None => Ok(default),
    }
}

pub fn decode(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [data, header] = args.bind(th, "a2b_qp", ["data", "header"], 1)?;
    let b = argument(th, data.unwrap_or(Value::NONE), "a2b_qp", 1)?.bytes().to_vec();
    let header = flag(th, header, false)?;
    let digit = |i: usize| b.get(i).and_then(|c| (*c as char).to_digit(16));
    let mut out = Vec::with_capacity(b.len());
    let mut i = 0;
    while i < b.len() {
        if b[i] == b'=' {
            i += 1;
            match b.get(i) {
                None => break,
                // A soft line break: the rest of the line goes.
                Some(b'\n' | b'\r') => {
                    if b[i] != b'\n' {
                        while i < b.len() && b[i] != b'\n' {
                            i += 1;
                        }
                    }
                    i += 1;
                }
                // A broken encoder writes `==` for `=`.
                Some(b'=') => {
                    out.push(b'=');
                    i += 1;
                }
                _ => match (digit(i), digit(i + 1)) {
                    (Some(x), Some(y)) => {
                        out.push((x << 4 | y) as u8);
                        i += 2;
                    }
                    _ => out.push(b'='),
                },
            }
        } else {
            out.push(if header && b[i] == b'_' { b' ' } else { b[i] });
            i += 1;
        }
    }
    output(th, &out)
}

/// Options of the encoder.
struct Style {
    quote_tabs: bool,
    text: bool,
    header: bool,
}

/// True if the byte at `i` must be written as `=XX`.
fn is_quoted(b: &[u8], i: usize, column: usize, s: &Style) -> bool {
    let c = b[i];
    let next = b.get(i + 1).copied();
    c > 126
        || c == b'='
        || (s.header && c == b'_')
        || (c == b'.' && column == 0 && matches!(next, None | Some(b'\n' | b'\r' | 0)))
        || (!s.text && (c == b'\r' || c == b'\n'))
        || (matches!(c, b'\t' | b' ') && next.is_none())
        || (c < 33 && !matches!(c, b'\r' | b'\n' | b'\t' | b' '))
        || (c < 33 && c != b'\r' && c != b'\n' && (s.quote_tabs || !matches!(c, b'\t' | b' ')))
}

pub fn encode(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [data, quote_tabs, text, header] =
        args.bind(th, "b2a_qp", ["data", "quotetabs", "istext", "header"], 1)?;
    let b = argument(th, data.unwrap_or(Value::NONE), "b2a_qp", 1)?.bytes().to_vec();
    let s = Style {
        quote_tabs: flag(th, quote_tabs, false)?,
        text: flag(th, text, true)?,
        header: flag(th, header, false)?,
    };
    // Lines end as the first one does.
    let crlf = memchr_newline(&b).is_some_and(|p| p > 0 && b[p - 1] == b'\r');
    let end: &[u8] = if crlf { b"\r\n" } else { b"\n" };
    let mut out = Vec::with_capacity(b.len() + b.len() / 8);
    let (mut column, mut i) = (0, 0);
    let hex = |out: &mut Vec<u8>, c: u8| {
        const HEX: &[u8; 16] = b"0123456789ABCDEF";
        out.extend_from_slice(&[b'=', HEX[(c >> 4) as usize], HEX[(c & 15) as usize]]);
    };
    while i < b.len() {
        let c = b[i];
        if is_quoted(&b, i, column, &s) {
            if column + 3 >= 76 {
                out.push(b'=');
                out.extend_from_slice(end);
                column = 0;
            }
            hex(&mut out, c);
            column += 3;
            i += 1;
            continue;
        }
        if s.text && (c == b'\n' || (c == b'\r' && b.get(i + 1) == Some(&b'\n'))) {
            // White space before a line end would be lost.
            if let Some(&w @ (b' ' | b'\t')) = out.last() {
                out.pop();
                hex(&mut out, w);
            }
            out.extend_from_slice(end);
            column = 0;
            i += if c == b'\r' { 2 } else { 1 };
            continue;
        }
        if i + 1 < b.len() && b[i + 1] != b'\n' && column + 1 >= 76 {
            out.push(b'=');
            out.extend_from_slice(end);
            column = 0;
        }
        column += 1;
        out.push(if s.header && c == b' ' { b'_' } else { c });
        i += 1;
    }
    output(th, &out)
}

fn memchr_newline(b: &[u8]) -> Option<usize> {
    b.iter().position(|c| *c == b'\n')
}
