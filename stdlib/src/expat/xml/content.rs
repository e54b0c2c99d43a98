//! Content: elements, text, references, sections.

use super::event::{Error, Event, codes, handler};
use super::parser::{Kind, Parser, Phase, Source};
use super::scan::{self, Stop};
use std::sync::Arc;

/// The replacement of a predefined entity.
pub(super) fn predefined(name: &[u8]) -> Option<u8> {
    Some(match name {
        b"lt" => b'<',
        b"gt" => b'>',
        b"amp" => b'&',
        b"quot" => b'"',
        b"apos" => b'\'',
        _ => return None,
    })
}

impl Parser {
    pub(super) fn step_content(&mut self, want: u32) -> Result<bool, Error> {
        let (text, i, complete) = self.input();
        let at = self.spot(i);
        let Some(&b) = text.get(i) else { return self.end_of_content(i, complete) };
        match b {
            b'<' => match text.get(i + 1) {
                None => self.stopped(Stop::Partial, i, complete),
                Some(b'/') => self.end_tag(&text, i, complete, want),
                Some(b'?') => self.instruction(&text, i, complete, want),
                Some(b'!') => self.section(&text, i, complete, want),
                Some(_) => match scan::start_tag(&text, i, self.separator.is_some()) {
                    Ok(tag) => self.start_tag(&text, i, &tag, want).map(|()| true),
                    Err(s) => self.stopped(s, i, complete),
                },
            },
            b'&' => match scan::reference(&text, i) {
                Ok(end) => {
                    let raw = &text[i..end];
                    self.consume(end);
                    if raw[1] == b'#' {
                        let Some(c) = scan::character(raw) else { return self.error(codes::BAD_CHAR_REF, i) };
                        let mut data = Vec::new();
                        super::chars::push(&mut data, c);
                        self.report(Event::CharacterData(data), want, at, raw);
                    } else {
                        self.entity(raw, i, at, want)?;
                    }
                    Ok(true)
                }
                Err(s) => self.stopped(s, i, complete),
            },
            b'\n' | b'\r' => self.line_end(&text, i, complete, want),
            _ => {
                // Brackets that do not close a section are text like any other.
                let mut end = i;
                let stop = loop {
                    match scan::data(&text, end) {
                        Err((n, s)) => {
                            end = n;
                            break Some(s);
                        }
                        Ok(n) => end = n,
                    }
                    if text.get(end) != Some(&b']') {
                        break None;
                    }
                    match (text.get(end + 1), text.get(end + 2)) {
                        (Some(b']'), Some(b'>')) if end == i => {
                            return self.error(codes::INVALID_TOKEN, i + 2);
                        }
                        (Some(b']'), Some(b'>')) => break None,
                        (None, _) | (Some(b']'), None) if !complete => break Some(Stop::Partial),
                        _ => end += 1,
                    }
                };
                if end == i {
                    return self.stopped(stop.unwrap_or(Stop::Partial), i, complete);
                }
                self.characters(&text[i..end], at, want);
                self.consume(end);
                Ok(true)
            }
        }
    }

    fn characters(&mut self, data: &[u8], at: usize, want: u32) {
        if want & handler::CHARACTER_DATA == 0 {
            return self.default(want, at, data);
        }
        for piece in self.pieces(data) {
            self.push(Event::CharacterData(piece.to_vec()), at);
        }
    }

    /// Any line end is one newline.
    fn line_end(&mut self, text: &Arc<Vec<u8>>, i: usize, complete: bool, want: u32) -> Result<bool, Error> {
        let mut end = i + 1;
        if text[i] == b'\r' {
            match text.get(end) {
                None if !complete => return Ok(false),
                Some(b'\n') => end += 1,
                _ => {}
            }
        }
        let at = self.spot(i);
        self.report(Event::CharacterData(b"\n".to_vec()), want, at, &text[i..end]);
        self.consume(end);
        Ok(true)
    }

    /// The text at hand is used up.
    fn end_of_content(&mut self, i: usize, complete: bool) -> Result<bool, Error> {
        if let Some(s) = self.sources.last() {
            if s.level != self.open.len() {
                return self.error(codes::ASYNC_ENTITY, i);
            }
            self.sources.pop();
            return Ok(true);
        }
        if !complete {
            return Ok(false);
        }
        if self.undecoded() {
            return self.error(codes::UNCLOSED_TOKEN, i);
        }
        match self.kind {
            Kind::General if self.open.is_empty() => Ok(false),
            Kind::General => self.error(codes::ASYNC_ENTITY, i),
            _ => self.error(codes::NO_ELEMENTS, i),
        }
    }

    fn end_tag(&mut self, text: &Arc<Vec<u8>>, i: usize, complete: bool, want: u32) -> Result<bool, Error> {
        let (name_end, end) = match scan::end_tag(text, i + 2, self.separator.is_some()) {
            Ok(e) => e,
            Err(s) => return self.stopped(s, i, complete),
        };
        let floor = self.sources.last().map_or(0, |s| s.level);
        if self.open.len() == floor {
            return self.error(codes::ASYNC_ENTITY, i);
        }
        if self.open.last().is_some_and(|o| *o.raw != text[i + 2..name_end]) {
            return self.error(codes::TAG_MISMATCH, i + 2);
        }
        let at = self.spot(i);
        self.consume(end);
        self.close_element(want, at, &text[i..end]);
        Ok(true)
    }

    /// Closes the innermost element.
    pub(super) fn close_element(&mut self, want: u32, at: usize, raw: &[u8]) {
        let Some(o) = self.open.pop() else { return };
        if want & handler::END_ELEMENT != 0 {
            self.push(Event::EndElement(o.name.to_vec()), at);
        } else if !raw.is_empty() {
            self.default(want, at, raw);
        }
        self.unbind(o.bindings, want, at);
        if self.open.is_empty() && self.kind == Kind::Document && self.sources.is_empty() {
            self.phase = Phase::Epilog;
        }
    }

    pub(super) fn instruction(
        &mut self,
        text: &Arc<Vec<u8>>,
        i: usize,
        complete: bool,
        want: u32,
    ) -> Result<bool, Error> {
        let (target, end) = match scan::instruction(text, i + 2, self.separator.is_some()) {
            Ok(e) => e,
            Err(s) => return self.stopped(s, i, complete),
        };
        if text[i + 2..target] == *b"xml" {
            return self.error(codes::MISPLACED_XML_PI, i);
        }
        let at = self.spot(i);
        if want & handler::PROCESSING_INSTRUCTION != 0 {
            let data = &text[scan::spaces(text, target).min(end - 2)..end - 2];
            let e = Event::ProcessingInstruction(text[i + 2..target].to_vec(), newlines(data));
            self.push(e, at);
        } else {
            self.default(want, at, &text[i..end]);
        }
        self.consume(end);
        Ok(true)
    }

    pub(super) fn comment(
        &mut self,
        text: &Arc<Vec<u8>>,
        i: usize,
        complete: bool,
        want: u32,
    ) -> Result<bool, Error> {
        match scan::comment(text, i + 4) {
            Ok(end) => {
                let at = self.spot(i);
                let e = Event::Comment(newlines(&text[i + 4..end - 3]));
                self.report(e, want, at, &text[i..end]);
                self.consume(end);
                Ok(true)
            }
            Err(s) => self.stopped(s, i, complete),
        }
    }

    /// What begins with `<!`: a comment or a CDATA section.
    fn section(&mut self, text: &Arc<Vec<u8>>, i: usize, complete: bool, want: u32) -> Result<bool, Error> {
        const OPEN: &[u8] = b"<![CDATA[";
        match text.get(i + 2) {
            None => return self.stopped(Stop::Partial, i, complete),
            Some(b'-') => match text.get(i + 3) {
                None => return self.stopped(Stop::Partial, i, complete),
                Some(b'-') => return self.comment(text, i, complete, want),
                Some(_) => return self.error(codes::INVALID_TOKEN, i + 3),
            },
            Some(_) => {}
        }
        for (k, c) in OPEN.iter().enumerate() {
            match text.get(i + k) {
                None => return self.stopped(Stop::Partial, i, complete),
                Some(b) if b == c => {}
                Some(_) => return self.error(codes::INVALID_TOKEN, i + k),
            }
        }
        let at = self.spot(i);
        self.report(Event::StartCdata, want, at, OPEN);
        self.consume(i + OPEN.len());
        self.phase = Phase::Cdata;
        Ok(true)
    }

    pub(super) fn step_cdata(&mut self, want: u32) -> Result<bool, Error> {
        let (text, i, complete) = self.input();
        let at = self.spot(i);
        let wait = |p: &Parser| {
            if complete { p.error(codes::UNCLOSED_CDATA_SECTION, text.len()) } else { Ok(false) }
        };
        match text.get(i) {
            None => return wait(self),
            Some(b'\n' | b'\r') => return self.line_end(&text, i, complete, want),
            Some(b']') => match (text.get(i + 1), text.get(i + 2)) {
                (Some(b']'), Some(b'>')) => {
                    self.report(Event::EndCdata, want, at, b"]]>");
                    self.consume(i + 3);
                    self.phase = Phase::Content;
                    return Ok(true);
                }
                (None, _) | (Some(b']'), None) => return wait(self),
                _ => {}
            },
            Some(_) => {}
        }
        let mut end = if text[i] == b']' { i + 1 } else { i };
        loop {
            match scan::data(&text, end) {
                Ok(n) => end = n,
                Err((n, s)) => {
                    end = n;
                    if end == i {
                        return self.stopped(s, i, complete);
                    }
                    break;
                }
            }
            // Markup means nothing here.
            match text.get(end) {
                Some(b'<' | b'&') => end += 1,
                _ => break,
            }
        }
        self.characters(&text[i..end], at, want);
        self.consume(end);
        Ok(true)
    }

    /// A reference to a general entity.
    fn entity(&mut self, raw: &[u8], i: usize, at: usize, want: u32) -> Result<(), Error> {
        let name = &raw[1..raw.len() - 1];
        if let Some(c) = predefined(name) {
            self.report(Event::CharacterData(vec![c]), want, at, raw);
            return Ok(());
        }
        let Some(e) = self.dtd.entities.get(name).cloned() else {
            if !self.dtd.incomplete || self.dtd.standalone {
                return self.error(codes::UNDEFINED_ENTITY, i);
            }
            self.report(Event::SkippedEntity(name.to_vec(), false), want, at, raw);
            return Ok(());
        };
        if self.is_open(name) {
            return self.error(codes::RECURSIVE_ENTITY_REF, i);
        }
        if e.notation.is_some() {
            return self.error(codes::BINARY_ENTITY_REF, i);
        }
        match &e.value {
            Some(_) if !self.expand => {
                self.report(Event::SkippedEntity(name.to_vec(), false), want, at, raw);
            }
            Some(v) => {
                if self.sources.is_empty() {
                    self.reference = i;
                }
                let level = self.open.len();
                self.sources.push(Source {
                    text: v.clone(),
                    pos: 0,
                    name: name.to_vec(),
                    parameter: false,
                    level,
                });
            }
            None => {
                let context = Some(self.context(name));
                let event =
                    Event::ExternalEntityRef { context, system: e.system.clone(), public: e.public.clone() };
                self.report(event, want, at, raw);
            }
        }
        Ok(())
    }

    /// Whether a general entity is being read.
    pub(super) fn is_open(&self, name: &[u8]) -> bool {
        self.sources.iter().any(|s| !s.parameter && s.name == name) || self.outer.iter().any(|o| o == name)
    }
}

/// Text with its line ends as newlines.
pub(super) fn newlines(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for (i, b) in text.iter().enumerate() {
        match b {
            b'\r' => out.push(b'\n'),
            b'\n' if i > 0 && text[i - 1] == b'\r' => {}
            b => out.push(*b),
        }
    }
    out
}
