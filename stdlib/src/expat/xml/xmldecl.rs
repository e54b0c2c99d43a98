//! The XML declaration, and the text declaration of external entities.

use super::chars::is_space;
use super::event::{Error, Event, Text, codes, handler};
use super::parser::{Kind, Parser, Phase};
use super::scan::{self, Stop};
use std::sync::Arc;

/// What a declaration says; where the encoding's name is.
struct Declaration {
    version: Option<Text>,
    encoding: Option<(Text, usize)>,
    standalone: i32,
}

/// A pseudo attribute: its name and value as places, and what follows.
type Attribute = ((usize, usize), (usize, usize), usize);

/// The next pseudo attribute in `text[i..end]`, none at the end; or where it is wrong.
fn attribute(text: &[u8], i: usize, end: usize) -> Result<Option<Attribute>, usize> {
    let start = scan::spaces(text, i);
    if start == end {
        return Ok(None);
    }
    if start == i {
        return Err(i);
    }
    let mut at = start;
    while at < end && text[at] != b'=' && !is_space(text[at]) {
        if !text[at].is_ascii() {
            return Err(at);
        }
        at += 1;
    }
    let name = (start, at);
    if at == start {
        return Err(at);
    }
    at = scan::spaces(text, at);
    if at >= end || text[at] != b'=' {
        return Err(at);
    }
    at = scan::spaces(text, at + 1);
    if at >= end || !matches!(text[at], b'"' | b'\'') {
        return Err(at);
    }
    let (quote, open) = (text[at], at + 1);
    at = open;
    loop {
        if at >= end {
            return Err(at);
        }
        match text[at] {
            b if b == quote => return Ok(Some((name, (open, at), at + 1))),
            b if b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_') => at += 1,
            _ => return Err(at),
        }
    }
}

/// Reads a declaration between `<?xml` and `?>`.
fn read(text: &[u8], i: usize, end: usize, external: bool) -> Result<Declaration, usize> {
    let mut d = Declaration { version: None, encoding: None, standalone: -1 };
    let mut at = i;
    let mut stage = 0;
    while let Some((name, value, next)) = attribute(text, at, end)? {
        let v = &text[value.0..value.1];
        match &text[name.0..name.1] {
            b"version" if stage == 0 => {
                d.version = Some(v.to_vec());
                stage = 1;
            }
            b"encoding" if stage == 1 || stage == 0 && external => {
                if !v.first().is_some_and(u8::is_ascii_alphabetic) {
                    return Err(value.0);
                }
                d.encoding = Some((v.to_vec(), value.0));
                stage = 2;
            }
            b"standalone" if (stage == 1 || stage == 2) && !external => {
                d.standalone = match v {
                    b"yes" => 1,
                    b"no" => 0,
                    _ => return Err(value.0),
                };
                stage = 3;
            }
            _ => return Err(name.0),
        }
        at = next;
    }
    if stage == 0 || external && d.encoding.is_none() {
        return Err(end);
    }
    Ok(d)
}

impl Parser {
    /// The very beginning.
    pub(super) fn step_start(&mut self, want: u32) -> Result<bool, Error> {
        const OPEN: &[u8] = b"<?xml";
        let (text, i, complete) = self.input();
        let here = &text[i..];
        if here.len() <= OPEN.len() && OPEN.starts_with(here) && !complete {
            return Ok(false);
        }
        let declared = here.starts_with(OPEN) && here.get(5).is_none_or(|b| is_space(*b) || *b == b'?');
        if declared {
            let external = self.kind != Kind::Document;
            let (target, end) = match scan::instruction(&text, i + 2, false) {
                Ok(e) => e,
                Err(Stop::Invalid(at)) if at > i + 5 => {
                    return self.error(if external { codes::TEXT_DECL } else { codes::XML_DECL }, at);
                }
                Err(s) => return self.stopped(s, i, complete),
            };
            let d = match read(&text, target, end - 2, external) {
                Ok(d) => d,
                Err(at) => return self.error(if external { codes::TEXT_DECL } else { codes::XML_DECL }, at),
            };
            self.consume(end);
            if d.standalone == 1 {
                Arc::make_mut(&mut self.dtd).standalone = true;
                if self.parameter_parsing == 1 {
                    self.parameter_parsing = 0;
                }
            }
            if want & handler::XML_DECL != 0 {
                let encoding = d.encoding.as_ref().map(|e| e.0.clone());
                self.push(Event::XmlDecl { version: d.version, encoding, standalone: d.standalone }, i);
            } else {
                self.default(want, i, &text[i..end]);
            }
            self.enter();
            // After the event has gone out: the text moves.
            self.declared = d.encoding;
            return Ok(true);
        }
        self.enter();
        Ok(true)
    }

    fn enter(&mut self) {
        self.phase = match self.kind {
            Kind::Document => Phase::Prolog,
            Kind::General => Phase::Content,
            Kind::Parameter => Phase::Subset,
        };
    }
}
