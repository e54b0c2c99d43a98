//! Where the tokens of content end. A token is looked at whole: while its end has not come, nothing of it is used.

use super::chars::{self, Bad, is_space};

/// Why a token has no end.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// It may go on in text to come.
    Partial,
    /// As `Partial`, within a character.
    PartialChar,
    /// Wrong at this place.
    Invalid(usize),
}

pub type Scan<T> = Result<T, Stop>;

pub fn stop(bad: Bad, i: usize) -> Stop {
    match bad {
        Bad::End => Stop::Partial,
        Bad::Partial => Stop::PartialChar,
        Bad::Invalid => Stop::Invalid(i),
    }
}

/// The byte at `i`.
pub fn byte(text: &[u8], i: usize) -> Scan<u8> {
    text.get(i).copied().ok_or(Stop::Partial)
}

/// The end of the name that begins at `i`. With `namespaces` it has one colon at most, inside.
pub fn name(text: &[u8], i: usize, namespaces: bool) -> Scan<usize> {
    let mut at = i;
    let mut fresh = true;
    let mut colon = false;
    loop {
        match text.get(at) {
            Some(b'a'..=b'z' | b'A'..=b'Z' | b'_') => {
                at += 1;
                fresh = false;
                continue;
            }
            Some(b':') if !namespaces => {
                at += 1;
                fresh = false;
                continue;
            }
            Some(b':') => {
                if fresh || colon {
                    return Err(Stop::Invalid(at));
                }
                (colon, fresh) = (true, true);
                at += 1;
                continue;
            }
            None => return Err(Stop::Partial),
            _ => {}
        }
        let c = match chars::at(text, at) {
            Err(Bad::Invalid) => chars::in_name(text, at).ok_or(Bad::Invalid),
            r => r,
        };
        match c {
            Ok((c, n)) if if fresh { chars::is_name_start(c) } else { chars::is_name(c) } => {
                at += n;
                fresh = false;
            }
            Ok(_) if fresh => return Err(Stop::Invalid(at)),
            Ok(_) => return Ok(at),
            Err(e) => return Err(stop(e, at)),
        }
    }
}

/// Past white space.
pub fn spaces(text: &[u8], mut i: usize) -> usize {
    while text.get(i).is_some_and(|b| is_space(*b)) {
        i += 1;
    }
    i
}

/// The end of a comment whose `<!--` ends at `i`.
pub fn comment(text: &[u8], mut i: usize) -> Scan<usize> {
    loop {
        if text.get(i) == Some(&b'-') {
            if byte(text, i + 1)? == b'-' {
                return if byte(text, i + 2)? == b'>' { Ok(i + 3) } else { Err(Stop::Invalid(i + 2)) };
            }
            i += 1;
            continue;
        }
        match chars::at(text, i) {
            Ok((_, n)) => i += n,
            Err(e) => return Err(stop(e, i)),
        }
    }
}

/// A processing instruction: the end of its target and its own end; `i` is behind `<?`.
pub fn instruction(text: &[u8], i: usize, namespaces: bool) -> Scan<(usize, usize)> {
    let target = name(text, i, namespaces)?;
    let word = &text[i..target];
    if word.eq_ignore_ascii_case(b"xml") && word != b"xml" {
        return Err(Stop::Invalid(target));
    }
    let mut at = target;
    if byte(text, at)? == b'?' {
        return if byte(text, at + 1)? == b'>' { Ok((target, at + 2)) } else { Err(Stop::Invalid(at + 1)) };
    }
    if !is_space(text[at]) {
        return Err(Stop::Invalid(at));
    }
    loop {
        if text.get(at) == Some(&b'?') {
            if byte(text, at + 1)? == b'>' {
                return Ok((target, at + 2));
            }
            at += 1;
            continue;
        }
        match chars::at(text, at) {
            Ok((_, n)) => at += n,
            Err(e) => return Err(stop(e, at)),
        }
    }
}

/// The end of a reference that begins at `i` with `&` (or `%`).
pub fn reference(text: &[u8], i: usize) -> Scan<usize> {
    if byte(text, i + 1)? == b'#' && text[i] == b'&' {
        let hex = byte(text, i + 2)? == b'x';
        let first = i + if hex { 3 } else { 2 };
        let mut at = first;
        loop {
            let b = byte(text, at)?;
            if b == b';' && at > first {
                return Ok(at + 1);
            }
            if !(b.is_ascii_digit() || hex && b.is_ascii_hexdigit()) {
                return Err(Stop::Invalid(at));
            }
            at += 1;
        }
    }
    let end = name(text, i + 1, false)?;
    if byte(text, end)? == b';' { Ok(end + 1) } else { Err(Stop::Invalid(end)) }
}

/// The character that a character reference names.
pub fn character(reference: &[u8]) -> Option<u32> {
    let digits = std::str::from_utf8(&reference[2..reference.len() - 1]).ok()?;
    let c = match digits.strip_prefix('x') {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => digits.parse(),
    };
    c.ok().filter(|c| chars::is_referable(*c))
}

/// A start tag, as places in the text.
pub struct Tag {
    pub name: (usize, usize),
    /// Name and value, without quotes.
    pub attributes: Vec<((usize, usize), (usize, usize))>,
    pub empty: bool,
    pub end: usize,
}

/// The start tag whose `<` is at `i`.
pub fn start_tag(text: &[u8], i: usize, namespaces: bool) -> Scan<Tag> {
    let end = name(text, i + 1, namespaces)?;
    let mut tag = Tag { name: (i + 1, end), attributes: Vec::new(), empty: false, end };
    let mut at = end;
    loop {
        let next = spaces(text, at);
        match byte(text, next)? {
            b'>' => {
                tag.end = next + 1;
                return Ok(tag);
            }
            b'/' => {
                if byte(text, next + 1)? != b'>' {
                    return Err(Stop::Invalid(next + 1));
                }
                tag.end = next + 2;
                tag.empty = true;
                return Ok(tag);
            }
            _ if next == at => return Err(Stop::Invalid(at)),
            _ => {}
        }
        let name_end = name(text, next, namespaces)?;
        let equals = spaces(text, name_end);
        if byte(text, equals)? != b'=' {
            return Err(Stop::Invalid(equals));
        }
        let open = spaces(text, equals + 1);
        let quote = byte(text, open)?;
        if quote != b'"' && quote != b'\'' {
            return Err(Stop::Invalid(open));
        }
        let close = value(text, open + 1, quote)?;
        tag.attributes.push(((next, name_end), (open + 1, close)));
        at = close + 1;
    }
}

/// Where the closing quote of an attribute's value is.
fn value(text: &[u8], mut i: usize, quote: u8) -> Scan<usize> {
    loop {
        match byte(text, i)? {
            b if b == quote => return Ok(i),
            b'<' => return Err(Stop::Invalid(i)),
            b'&' => i = reference(text, i)?,
            _ => match chars::at(text, i) {
                Ok((_, n)) => i += n,
                Err(e) => return Err(stop(e, i)),
            },
        }
    }
}

/// The end of an end tag whose `</` ends at `i`: of its name, and its own.
pub fn end_tag(text: &[u8], i: usize, namespaces: bool) -> Scan<(usize, usize)> {
    let end = name(text, i, namespaces)?;
    let close = spaces(text, end);
    if byte(text, close)? == b'>' { Ok((end, close + 1)) } else { Err(Stop::Invalid(close)) }
}

/// As many plain characters from `i` on as there are, up to markup, a line end or `]` (in `plain` text also those two
/// go through where they mean nothing).
pub fn data(text: &[u8], mut i: usize) -> Result<usize, (usize, Stop)> {
    loop {
        match text.get(i) {
            None => return Ok(i),
            Some(b'<' | b'&' | b'\n' | b'\r' | b']') => return Ok(i),
            Some(0x20..=0x7f | b'\t') => i += 1,
            Some(_) => match chars::at(text, i) {
                Ok((_, n)) => i += n,
                Err(e) => return Err((i, stop(e, i))),
            },
        }
    }
}
