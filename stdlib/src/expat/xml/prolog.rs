//! Before and after the root element, and the document type declaration: tokens, and what each means where it stands.

use super::chars::{self, is_space};
use super::dtd::Entity;
use super::event::{Error, Event, Text, codes, handler};
use super::parser::{Kind, Parser, Phase, Source};
use super::scan::{self, Scan, Stop, byte, stop};
use std::sync::Arc;

/// Kinds of tokens.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Kinds {
    Space,
    Comment,
    Instruction,
    /// `<!NAME`.
    Declaration,
    /// `<![`.
    SectionOpen,
    /// `]]>`.
    SectionClose,
    /// `<name`: the root element.
    Instance,
    Literal,
    Percent,
    ParameterRef,
    Open,
    Close,
    OpenParen,
    /// With its quantifier.
    CloseParen,
    Bar,
    Comma,
    Greater,
    /// `#NAME`.
    Pound,
    /// With its quantifier, if any.
    Name,
    /// A name token that is no name.
    NameToken,
}

/// A token of a declaration, kept until the declaration ends.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub kind: Kinds,
    pub text: Text,
    /// Offset that its events and errors report.
    pub at: usize,
}

/// The token that begins at `i`, and its end.
fn token(text: &[u8], i: usize, complete: bool, namespaces: bool) -> Scan<(Kinds, usize)> {
    let b = byte(text, i)?;
    let one = |k| Ok((k, i + 1));
    Ok(match b {
        b'"' | b'\'' => {
            let mut at = i + 1;
            loop {
                if byte(text, at)? == b {
                    return match text.get(at + 1) {
                        None if !complete => Err(Stop::Partial),
                        None => Ok((Kinds::Literal, at + 1)),
                        Some(c) if is_space(*c) || matches!(c, b'>' | b'%' | b'[') => {
                            Ok((Kinds::Literal, at + 1))
                        }
                        Some(_) => Err(Stop::Invalid(at + 1)),
                    };
                }
                match chars::at(text, at) {
                    Ok((_, n)) => at += n,
                    Err(e) => return Err(stop(e, at)),
                }
            }
        }
        b'<' => match byte(text, i + 1)? {
            b'!' => match byte(text, i + 2)? {
                b'-' => {
                    if byte(text, i + 3)? != b'-' {
                        return Err(Stop::Invalid(i + 3));
                    }
                    (Kinds::Comment, scan::comment(text, i + 4)?)
                }
                b'[' => (Kinds::SectionOpen, i + 3),
                c if c.is_ascii_alphabetic() => {
                    let mut at = i + 3;
                    loop {
                        match byte(text, at)? {
                            c if c.is_ascii_alphabetic() || c == b'_' => at += 1,
                            c if is_space(c) => return Ok((Kinds::Declaration, at)),
                            b'%' => return Ok((Kinds::Declaration, at)),
                            _ => return Err(Stop::Invalid(at)),
                        }
                    }
                }
                _ => return Err(Stop::Invalid(i + 2)),
            },
            b'?' => (Kinds::Instruction, scan::instruction(text, i + 2, namespaces)?.1),
            _ => match chars::at(text, i + 1) {
                Ok((c, _)) if chars::is_name_start(c) || c == u32::from(b':') && !namespaces => {
                    (Kinds::Instance, i)
                }
                Ok(_) => return Err(Stop::Invalid(i + 1)),
                Err(e) => return Err(stop(e, i + 1)),
            },
        },
        b' ' | b'\t' | b'\n' | b'\r' => {
            let end = scan::spaces(text, i);
            // The second half of a line end may be to come.
            if end == text.len() && text[end - 1] == b'\r' && !complete {
                if end - 1 == i {
                    return Err(Stop::Partial);
                }
                return Ok((Kinds::Space, end - 1));
            }
            (Kinds::Space, end)
        }
        b'%' => match byte(text, i + 1)? {
            c if is_space(c) || c == b'%' => (Kinds::Percent, i + 1),
            _ => (Kinds::ParameterRef, scan::reference(text, i)?),
        },
        b',' => return one(Kinds::Comma),
        b'[' => return one(Kinds::Open),
        b'(' => return one(Kinds::OpenParen),
        b'|' => return one(Kinds::Bar),
        b'>' => return one(Kinds::Greater),
        b']' => match (text.get(i + 1), text.get(i + 2)) {
            (Some(b']'), Some(b'>')) => (Kinds::SectionClose, i + 3),
            (Some(b']'), None) if !complete => return Err(Stop::Partial),
            _ => return one(Kinds::Close),
        },
        b')' => match text.get(i + 1) {
            None if !complete => return Err(Stop::Partial),
            Some(b'*' | b'+' | b'?') => (Kinds::CloseParen, i + 2),
            Some(c) if !(is_space(*c) || matches!(c, b'>' | b',' | b'|' | b')')) => {
                return Err(Stop::Invalid(i + 1));
            }
            _ => return one(Kinds::CloseParen),
        },
        b'#' => {
            let end = match scan::name(text, i + 1, namespaces) {
                Err(Stop::Partial) if complete && i + 1 < text.len() => text.len(),
                r => r?,
            };
            (Kinds::Pound, end)
        }
        _ => {
            let mut at = i;
            let mut kind = Kinds::Name;
            loop {
                match chars::at(text, at) {
                    Ok((c, n)) => {
                        let colon = c == u32::from(b':');
                        if at == i && !(chars::is_name_start(c) || colon && !namespaces) {
                            if !(chars::is_name(c) || colon) {
                                return Err(Stop::Invalid(i));
                            }
                            kind = Kinds::NameToken;
                        }
                        if !(chars::is_name(c) || colon) {
                            break;
                        }
                        at += n;
                    }
                    Err(chars::Bad::End) if complete => return Ok((kind, at)),
                    Err(e) => return Err(stop(e, at)),
                }
            }
            match text[at] {
                b'*' | b'+' | b'?' if kind == Kinds::Name => (kind, at + 1),
                c if is_space(c) || matches!(c, b'>' | b')' | b',' | b'|' | b'[' | b'%') => (kind, at),
                _ => return Err(Stop::Invalid(at)),
            }
        }
    })
}

impl Parser {
    /// One token outside content.
    pub(super) fn step_prolog(&mut self, want: u32) -> Result<bool, Error> {
        if let Phase::Ignored(depth) = self.phase {
            return self.step_ignored(depth, want);
        }
        let (text, i, complete) = self.input();
        if i == text.len() {
            return self.end_of_prolog(i, complete);
        }
        let at = self.spot(i);
        let (kind, end) = match token(&text, i, complete, self.separator.is_some()) {
            Ok(t) => t,
            Err(s) => return self.stopped(s, i, complete),
        };
        let syntax = |p: &Parser| p.error(codes::SYNTAX, i);
        let raw = &text[i..end];
        match kind {
            Kinds::Space => {
                self.default(self.token_default(want), at, raw);
                self.consume(end);
                return Ok(true);
            }
            Kinds::Comment if !matches!(self.phase, Phase::Doctype | Phase::Declaration) => {
                return self.comment(&text, i, complete, want);
            }
            Kinds::Instruction if !matches!(self.phase, Phase::Doctype | Phase::Declaration) => {
                return self.instruction(&text, i, complete, want);
            }
            _ => {}
        }
        match self.phase {
            Phase::Epilog => return self.error(codes::JUNK_AFTER_DOC_ELEMENT, i),
            Phase::Prolog => match kind {
                Kinds::Declaration if raw == b"<!DOCTYPE" && !self.seen_doctype => {
                    self.seen_doctype = true;
                    self.phase = Phase::Doctype;
                    self.declaration.clear();
                    if want & handler::START_DOCTYPE_DECL == 0 {
                        self.default(want, at, raw);
                    }
                }
                Kinds::Instance => {
                    self.phase = Phase::Content;
                    if self.foreign_dtd && !self.seen_doctype {
                        self.read_external_subset(want, at);
                    }
                }
                _ => return syntax(self),
            },
            Phase::Doctype => self.doctype_token(kind, raw, i, at, want)?,
            Phase::Subset => match kind {
                Kinds::Declaration => {
                    if !matches!(raw, b"<!ELEMENT" | b"<!ATTLIST" | b"<!ENTITY" | b"<!NOTATION") {
                        return syntax(self);
                    }
                    self.phase = Phase::Declaration;
                    self.declaration.clear();
                    self.declaration.push(Token { kind, text: raw.to_vec(), at });
                    self.default(self.token_default(want), at, raw);
                }
                Kinds::ParameterRef => {
                    self.consume(end);
                    return self.parameter_reference(&raw[1..raw.len() - 1], i, at, want, raw).map(|()| true);
                }
                Kinds::Close if self.kind == Kind::Document && self.sources.is_empty() => {
                    self.phase = Phase::AfterSubset;
                    self.default(want, at, raw);
                }
                Kinds::SectionOpen if self.kind == Kind::Parameter || !self.sources.is_empty() => {
                    return self.conditional_section(&text, i, end, complete);
                }
                Kinds::SectionClose if self.conditional > 0 => self.conditional -= 1,
                _ => return syntax(self),
            },
            Phase::Declaration => match kind {
                Kinds::ParameterRef => {
                    if self.kind == Kind::Document && self.sources.is_empty() {
                        return self.error(codes::PARAM_ENTITY_REF, i);
                    }
                    self.consume(end);
                    return self.parameter_reference(&raw[1..raw.len() - 1], i, at, want, raw).map(|()| true);
                }
                Kinds::Greater => {
                    self.declaration.push(Token { kind, text: Vec::new(), at });
                    self.default(self.token_default(want), at, raw);
                    self.phase = Phase::Subset;
                    self.consume(end);
                    let tokens = std::mem::take(&mut self.declaration);
                    return self.declare(&tokens, want).map(|()| true);
                }
                Kinds::Comment
                | Kinds::Instruction
                | Kinds::Declaration
                | Kinds::Instance
                | Kinds::SectionOpen => {
                    return syntax(self);
                }
                _ => {
                    self.default(self.token_default(want), at, raw);
                    self.declaration.push(Token { kind, text: raw.to_vec(), at });
                }
            },
            Phase::AfterSubset => match kind {
                Kinds::Greater => self.end_doctype(at, want, raw),
                _ => return syntax(self),
            },
            _ => return syntax(self),
        }
        self.consume(end);
        Ok(true)
    }

    /// `want` without the default handlers where the declaration at hand has a handler of its own, which gets it whole.
    fn token_default(&self, want: u32) -> u32 {
        if self.phase == Phase::Doctype {
            return if want & handler::START_DOCTYPE_DECL != 0 { 0 } else { want };
        }
        let own = match self.declaration.first().map(|t| &t.text[..]) {
            Some(b"<!ENTITY") => handler::ENTITY_DECL,
            Some(b"<!NOTATION") => handler::NOTATION_DECL,
            Some(b"<!ELEMENT") => handler::ELEMENT_DECL,
            Some(b"<!ATTLIST") => handler::ATTLIST_DECL,
            _ => 0,
        };
        if want & own != 0 { 0 } else { want }
    }

    fn end_of_prolog(&mut self, i: usize, complete: bool) -> Result<bool, Error> {
        if let Some(s) = self.sources.last() {
            if s.level != usize::from(self.phase == Phase::Declaration) {
                return self.error(codes::INCOMPLETE_PE, i);
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
        match self.phase {
            Phase::Epilog => Ok(false),
            Phase::Subset if self.kind == Kind::Parameter && self.conditional == 0 => Ok(false),
            _ if self.kind == Kind::Parameter => self.error(codes::INCOMPLETE_PE, i),
            _ => self.error(codes::NO_ELEMENTS, i),
        }
    }

    fn doctype_token(
        &mut self,
        kind: Kinds,
        raw: &[u8],
        i: usize,
        at: usize,
        want: u32,
    ) -> Result<(), Error> {
        let n = self.declaration.len();
        let first = self.declaration.get(1).map(|t| t.text.clone());
        let public = first.as_deref() == Some(b"PUBLIC");
        let fits = match kind {
            Kinds::Name if n == 0 => true,
            Kinds::Name if n == 1 => raw == b"SYSTEM" || raw == b"PUBLIC",
            Kinds::Literal => n == 2 || n == 3 && public,
            Kinds::Open | Kinds::Greater => n == 1 || n == if public { 4 } else { 3 },
            _ => false,
        };
        if !fits {
            return self.error(codes::SYNTAX, i);
        }
        if want & handler::START_DOCTYPE_DECL == 0 || matches!(kind, Kinds::Greater) {
            let quiet = kind == Kinds::Greater && want & handler::END_DOCTYPE_DECL != 0;
            if !quiet && (kind != Kinds::Greater || want & handler::START_DOCTYPE_DECL == 0) {
                self.default(want, at, raw);
            }
        }
        if kind == Kinds::Literal {
            if public && n == 2 && !is_public_id(&raw[1..raw.len() - 1]) {
                return self.error(codes::PUBLICID, i);
            }
            if n == if public { 3 } else { 2 } {
                let d = Arc::make_mut(&mut self.dtd);
                d.incomplete = true;
                if !d.standalone && self.parameter_parsing == 0 && want & handler::NOT_STANDALONE != 0 {
                    self.push(Event::NotStandalone, at);
                }
            }
        }
        if !matches!(kind, Kinds::Open | Kinds::Greater) {
            self.declaration.push(Token { kind, text: raw.to_vec(), at });
            return Ok(());
        }
        let tokens = std::mem::take(&mut self.declaration);
        let literal = |k: usize| tokens.get(k).map(|t| t.text[1..t.text.len() - 1].to_vec());
        let (public, system) =
            if public { (literal(2).map(|p| public_id(&p)), literal(3)) } else { (None, literal(2)) };
        if want & handler::START_DOCTYPE_DECL != 0 {
            let name = tokens[0].text.clone();
            let (s, p) = (system.clone(), public.clone());
            let internal = kind == Kinds::Open;
            self.push(Event::StartDoctype { name, system: s, public: p, internal }, at);
        }
        if system.is_some() {
            self.external_subset = Some((system, public));
        }
        if kind == Kinds::Open {
            self.phase = Phase::Subset;
        } else {
            self.end_doctype(at, want, b"");
        }
        Ok(())
    }

    fn end_doctype(&mut self, at: usize, want: u32, raw: &[u8]) {
        self.phase = Phase::Prolog;
        if self.external_subset.is_some() || self.foreign_dtd {
            self.read_external_subset(want, at);
        }
        if want & handler::END_DOCTYPE_DECL != 0 {
            self.push(Event::EndDoctype, at);
        } else if !raw.is_empty() {
            self.default(want, at, raw);
        }
    }

    /// Asks for the external subset, if it is to be read.
    fn read_external_subset(&mut self, want: u32, at: usize) {
        if !self.reads_parameters() || want & handler::EXTERNAL_ENTITY_REF == 0 {
            return;
        }
        Arc::make_mut(&mut self.dtd).incomplete = true;
        let (system, public) = self.external_subset.take().unwrap_or((None, None));
        self.push(Event::ExternalEntityRef { context: None, system, public }, at);
        if !self.dtd.standalone && want & handler::NOT_STANDALONE != 0 {
            self.push(Event::NotStandalone, at);
        }
    }

    fn reads_parameters(&self) -> bool {
        self.parameter_parsing == 2 || self.parameter_parsing == 1 && !self.dtd.standalone
    }

    /// `%name;`.
    fn parameter_reference(
        &mut self,
        name: &[u8],
        i: usize,
        at: usize,
        want: u32,
        raw: &[u8],
    ) -> Result<(), Error> {
        let first = !self.dtd.incomplete;
        Arc::make_mut(&mut self.dtd).incomplete = true;
        if self.parameter_parsing == 0 {
            Arc::make_mut(&mut self.dtd).stopped = !self.dtd.standalone;
            self.default(want, at, raw);
        } else {
            match self.dtd.parameters.get(name).cloned() {
                None => {
                    if first && self.dtd.standalone {
                        return self.error(codes::UNDEFINED_ENTITY, i);
                    }
                    Arc::make_mut(&mut self.dtd).stopped = !self.dtd.standalone;
                    self.report(Event::SkippedEntity(name.to_vec(), true), want, at, raw);
                }
                Some(e) if self.sources.iter().any(|s| s.parameter && s.name == name) => {
                    return self.error(codes::RECURSIVE_ENTITY_REF, i).map(|()| drop(e));
                }
                Some(e) => self.read_parameter(&e, i, at, want, raw),
            }
        }
        if !self.dtd.standalone && first && want & handler::NOT_STANDALONE != 0 {
            self.push(Event::NotStandalone, at);
        }
        Ok(())
    }

    fn read_parameter(&mut self, e: &Entity, i: usize, at: usize, want: u32, raw: &[u8]) {
        match &e.value {
            Some(v) => {
                if self.sources.is_empty() {
                    self.reference = i;
                }
                // Its text is set apart by blanks.
                let text = Arc::new([b" ", &v[..], b" "].concat());
                let level = usize::from(self.phase == Phase::Declaration);
                self.sources.push(Source { text, pos: 0, name: e.name.clone(), parameter: true, level });
            }
            None if want & handler::EXTERNAL_ENTITY_REF != 0 => {
                let (system, public) = (e.system.clone(), e.public.clone());
                self.push(Event::ExternalEntityRef { context: None, system, public }, at);
            }
            None => {
                Arc::make_mut(&mut self.dtd).stopped = !self.dtd.standalone;
                self.default(want, at, raw);
            }
        }
    }

    /// `<![INCLUDE[` or `<![IGNORE[`, its keyword perhaps from a parameter entity.
    fn conditional_section(
        &mut self,
        text: &[u8],
        i: usize,
        mut end: usize,
        complete: bool,
    ) -> Result<bool, Error> {
        let mut word: Text = Vec::new();
        loop {
            end = scan::spaces(text, end);
            let (kind, next) = match token(text, end, complete, false) {
                Ok(t) => t,
                Err(s) => return self.stopped(s, i, complete),
            };
            match kind {
                Kinds::Name if word.is_empty() => word = text[end..next].to_vec(),
                Kinds::ParameterRef if word.is_empty() => {
                    let e = self.dtd.parameters.get(&text[end + 1..next - 1]);
                    word = e.and_then(|e| e.value.as_ref()).map_or(Vec::new(), |v| v.trim_ascii().to_vec());
                }
                Kinds::Open if word == b"INCLUDE" => {
                    self.conditional += 1;
                    self.consume(next);
                    return Ok(true);
                }
                Kinds::Open if word == b"IGNORE" => {
                    self.phase = Phase::Ignored(1);
                    self.consume(next);
                    return Ok(true);
                }
                _ => return self.error(codes::SYNTAX, end),
            }
            end = next;
        }
    }

    /// Text of a section that is left out.
    fn step_ignored(&mut self, mut depth: u32, want: u32) -> Result<bool, Error> {
        let (text, start, complete) = self.input();
        let mut i = start;
        while depth > 0 {
            if text[i..].starts_with(b"]]>") {
                depth -= 1;
                i += 3;
            } else if text[i..].starts_with(b"<![") {
                depth += 1;
                i += 3;
            } else {
                match chars::at(&text, i) {
                    Ok((_, n)) => i += n,
                    Err(e) => return self.stopped(stop(e, i), start, complete),
                }
            }
        }
        self.default(want, self.spot(start), &text[start..i]);
        self.consume(i);
        self.phase = Phase::Subset;
        Ok(true)
    }
}

/// Characters that a public identifier may have.
fn is_public_id(id: &[u8]) -> bool {
    let fits = |b: &u8| {
        matches!(b, b' ' | b'\r' | b'\n' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z')
            || b"-'()+,./:=?;!*#@$_%".contains(b)
    };
    id.iter().all(fits)
}

/// A public identifier without superfluous blanks.
pub(super) fn public_id(id: &[u8]) -> Text {
    let mut v: Text = id.iter().map(|b| if is_space(*b) { b' ' } else { *b }).collect();
    super::attributes::collapse(&mut v);
    v
}
