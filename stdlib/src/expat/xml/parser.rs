//! The state of a parser, its input, and the order of its steps.

use super::dtd::Dtd;
use super::encoding::Encoding;
use super::event::{Error, Event, Text, codes};
use super::prolog::Token;
use super::scan::Stop;
use std::cell::Cell;
use std::collections::VecDeque;
use std::sync::Arc;

/// A place in the document: line from 1, column and byte from 0.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub line: u64,
    pub column: u64,
    pub byte: i64,
}

/// What is parsed.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Document,
    /// An external general entity.
    General,
    /// An external parameter entity, or the external subset.
    Parameter,
}

/// Where in a document the parser is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Before anything: an XML or text declaration may come.
    Start,
    Prolog,
    /// In the document type declaration, before its internal subset.
    Doctype,
    Subset,
    /// In a declaration of the subset.
    Declaration,
    /// In a conditional section that is left out, so deep.
    Ignored(u32),
    AfterSubset,
    Content,
    Cdata,
    Epilog,
}

/// An internal entity that is being read.
#[derive(Clone)]
pub(super) struct Source {
    pub text: Arc<Vec<u8>>,
    pub pos: usize,
    pub name: Text,
    pub parameter: bool,
    /// Elements open when it began.
    pub level: usize,
}

/// An open element.
#[derive(Clone)]
pub(super) struct Open {
    /// As the document writes it.
    pub raw: Arc<[u8]>,
    /// As it is reported.
    pub name: Arc<[u8]>,
    /// Namespace bindings before it.
    pub bindings: usize,
}

/// A namespace binding.
#[derive(Clone)]
pub(super) struct Binding {
    pub prefix: Option<Text>,
    pub uri: Option<Text>,
}

/// Where the last event was.
#[derive(Copy, Clone)]
enum Spot {
    Offset(usize),
    Fixed(Place),
}

/// See the module text.
#[derive(Clone)]
pub struct Parser {
    pub dtd: Arc<Dtd>,
    pub(super) kind: Kind,
    pub(super) phase: Phase,
    /// Namespace processing, and what joins URI and name.
    pub(super) separator: Option<Option<u8>>,
    /// Reported names carry the prefix as a third part.
    pub triplets: bool,
    /// Internal entities in content are expanded: so until somebody sets the plain default handler.
    pub expand: bool,
    /// 0 never, 1 unless standalone, 2 always.
    pub(super) parameter_parsing: u8,
    pub(super) foreign_dtd: bool,
    pub(super) encoding: Encoding,
    /// The caller has named the encoding: declarations do not count.
    protocol: bool,
    raw: Vec<u8>,
    text: Arc<Vec<u8>>,
    pos: usize,
    last: bool,
    /// Place of the text's first byte.
    base: Place,
    counted: Cell<(usize, Place)>,
    event: Option<Spot>,
    queue: VecDeque<(Event, usize)>,
    failed: Option<Error>,
    finished: bool,
    started: bool,
    pub(super) sources: Vec<Source>,
    /// Offset of the reference that opened the first of `sources`.
    pub(super) reference: usize,
    /// Names of entities open in the parser that this one is part of.
    pub(super) outer: Vec<Text>,
    pub(super) open: Vec<Open>,
    pub(super) bindings: Vec<Binding>,
    /// Tokens of the declaration at hand.
    pub(super) declaration: Vec<Token>,
    pub(super) conditional: u32,
    pub(super) seen_doctype: bool,
    /// The document type's external identifier: system and public.
    pub(super) external_subset: Option<(Option<Text>, Option<Text>)>,
    /// What is to be done once the unknown encoding is known.
    awaiting: Option<usize>,
    /// The encoding that the declaration just read names, and where.
    pub(super) declared: Option<(Text, usize)>,
}

impl Parser {
    /// A parser for a document. `separator`: namespaces are processed; what joins a URI and a name, if anything.
    pub fn new(encoding: Option<&[u8]>, separator: Option<Option<u8>>) -> Parser {
        let start = Place { line: 1, column: 0, byte: 0 };
        let mut p = Parser {
            dtd: Arc::default(),
            kind: Kind::Document,
            phase: Phase::Start,
            separator,
            triplets: false,
            expand: true,
            parameter_parsing: 0,
            foreign_dtd: false,
            encoding: Encoding::Unknown,
            protocol: false,
            raw: Vec::new(),
            text: Arc::default(),
            pos: 0,
            last: false,
            base: start,
            counted: Cell::new((0, start)),
            event: None,
            queue: VecDeque::new(),
            failed: None,
            finished: false,
            started: false,
            sources: Vec::new(),
            reference: 0,
            outer: Vec::new(),
            open: Vec::new(),
            bindings: Vec::new(),
            declaration: Vec::new(),
            conditional: 0,
            seen_doctype: false,
            external_subset: None,
            awaiting: None,
            declared: None,
        };
        if let Some(name) = encoding {
            p.protocol = true;
            match Encoding::by_name(name) {
                Some(e) => p.encoding = e,
                None => p.queue.push_back((Event::UnknownEncoding(name.to_vec()), 0)),
            }
        }
        p
    }

    /// A parser for an external entity that this one has referred to.
    pub fn external(&self, context: Option<&[u8]>, encoding: Option<&[u8]>) -> Parser {
        let mut p = Parser::new(encoding, self.separator);
        p.dtd = self.dtd.clone();
        p.kind = if context.is_some() { Kind::General } else { Kind::Parameter };
        p.triplets = self.triplets;
        p.expand = self.expand;
        p.parameter_parsing = self.parameter_parsing;
        for part in context.unwrap_or(b"").split(|c| *c == b'\x0c').filter(|p| !p.is_empty()) {
            match part.iter().position(|c| *c == b'=') {
                Some(i) => p.bindings.push(Binding {
                    prefix: (i > 0).then(|| part[..i].to_vec()),
                    uri: Some(part[i + 1..].to_vec()),
                }),
                None => p.outer.push(part.to_vec()),
            }
        }
        p
    }

    /// Names the context of an external entity: bindings in force, entities that are open.
    pub(super) fn context(&self, entity: &[u8]) -> Text {
        let mut parts: Vec<Text> = Vec::new();
        for (i, b) in self.bindings.iter().enumerate() {
            if self.bindings[i + 1..].iter().any(|l| l.prefix == b.prefix) {
                continue;
            }
            if let Some(uri) = &b.uri {
                parts.push([b.prefix.as_deref().unwrap_or(b""), b"=", uri].concat());
            }
        }
        parts.extend(self.outer.iter().cloned());
        parts.extend(self.sources.iter().filter(|s| !s.parameter).map(|s| s.name.clone()));
        parts.push(entity.to_vec());
        parts.join(&b'\x0c')
    }

    /// The declarations, if they are for the document: of a parameter entity.
    pub fn shared_declarations(&self) -> Option<Arc<Dtd>> {
        (self.kind == Kind::Parameter).then(|| self.dtd.clone())
    }

    /// Sets how parameter entities are treated; false: too late.
    pub fn set_parameter_parsing(&mut self, how: u8) -> bool {
        if !self.started {
            self.parameter_parsing = how;
        }
        !self.started
    }

    /// As if there were an external subset, even without a declaration of one; false: too late.
    pub fn use_foreign_dtd(&mut self, yes: bool) -> bool {
        if !self.started {
            self.foreign_dtd = yes;
        }
        !self.started
    }

    /// Adds a piece of the document.
    pub fn feed(&mut self, data: &[u8], last: bool) {
        self.started = true;
        if self.failed.is_some() {
            return;
        }
        if self.finished {
            self.fail(codes::FINISHED);
            return;
        }
        self.settle();
        self.raw.extend_from_slice(data);
        self.last |= last;
        if !matches!(self.queue.front(), Some((Event::UnknownEncoding(_), _))) {
            self.decode();
        }
    }

    /// Drops the text that has been used.
    fn settle(&mut self) {
        if let Some(Spot::Offset(o)) = self.event {
            self.event = Some(Spot::Fixed(self.count(o)));
        }
        self.base = self.count(self.pos);
        self.text = Arc::new(self.text[self.pos..].to_vec());
        self.pos = 0;
        self.counted.set((0, self.base));
    }

    fn decode(&mut self) {
        if self.phase == Phase::Start && self.base.byte == 0 && self.text.is_empty() {
            let Some((found, mark)) = Encoding::detect(&self.raw, self.last) else { return };
            let fits = match (&self.encoding, &found) {
                (Encoding::Unknown, _) => true,
                (Encoding::Utf16 { .. }, f) => f.is_wide() && mark > 0,
                (Encoding::Utf8, Encoding::Utf8) => true,
                _ => false,
            };
            if fits {
                self.encoding = found;
                self.raw.drain(..mark);
                if mark > 0 {
                    self.base.column += 1;
                    self.base.byte += mark as i64;
                    self.counted.set((0, self.base));
                }
            }
        }
        let text = Arc::make_mut(&mut self.text);
        let used = self.encoding.decode(&self.raw, text);
        self.raw.drain(..used);
    }

    /// Goes on in another encoding behind the declaration that named it, which ends at the present place.
    fn change_encoding(&mut self, e: Encoding) {
        self.settle();
        let mut rest = std::mem::take(&mut self.text).to_vec();
        rest.append(&mut self.raw);
        self.raw = rest;
        self.text = Arc::default();
        self.encoding = e;
        let text = Arc::make_mut(&mut self.text);
        let used = self.encoding.decode(&self.raw, text);
        self.raw.drain(..used);
    }

    /// The declaration that ends at the present place has named an encoding, at `at`.
    fn declared_encoding(&mut self, name: &[u8], at: usize) -> Result<(), Error> {
        if self.protocol {
            return Ok(());
        }
        match Encoding::by_name(name) {
            Some(e) if e.is_wide() != self.encoding.is_wide() => {
                Err(Error { code: codes::INCORRECT_ENCODING, at })
            }
            Some(e) if e.is_wide() || e.is_utf8() => Ok(()),
            Some(e) => {
                self.change_encoding(e);
                Ok(())
            }
            None => {
                self.awaiting = Some(at);
                self.queue.push_back((Event::UnknownEncoding(name.to_vec()), at));
                Ok(())
            }
        }
    }

    /// Answers [`Event::UnknownEncoding`]; none: nobody knows it.
    pub fn set_table(&mut self, table: Option<Arc<[i32; 256]>>) {
        let at = self.awaiting.take();
        // What markup is made of must be what it is in ASCII.
        let free = |c: u8| c < 0x20 && !b"\t\n\r".contains(&c) || b"$@\\^`{}~\x7f".contains(&c);
        let table = table.filter(|t| (0..0x80u8).all(|c| free(c) || t[usize::from(c)] == i32::from(c)));
        match table {
            None => {
                let at = at.unwrap_or(self.pos);
                self.failed = Some(Error { code: codes::UNKNOWN_ENCODING, at });
            }
            Some(t) if at.is_some() => self.change_encoding(Encoding::Table(t)),
            Some(t) => {
                self.encoding = Encoding::Table(t);
                self.decode();
            }
        }
    }

    /// Ends the parse with an error at the last event.
    pub fn fail(&mut self, code: u8) {
        self.queue.clear();
        let at = match self.event {
            Some(Spot::Offset(o)) => o,
            _ => self.pos,
        };
        self.failed = Some(Error { code, at });
    }

    /// The next event; `None` when more text is needed, or all is done. `want`: the handlers that are set.
    pub fn next(&mut self, want: u32) -> Result<Option<Event>, u8> {
        loop {
            if let Some((e, at)) = self.queue.pop_front() {
                self.event = Some(Spot::Offset(at));
                return Ok(Some(e));
            }
            if let Some(e) = self.failed {
                if e.code != codes::FINISHED && !(self.text.is_empty() && self.event.is_none()) {
                    self.event = Some(Spot::Offset(e.at.min(self.text.len())));
                }
                return Err(e.code);
            }
            match self.step(want) {
                Ok(true) => {}
                Ok(false) => {
                    if self.last && !self.finished {
                        self.finished = true;
                        self.event = Some(Spot::Offset(self.pos));
                    }
                    return Ok(None);
                }
                Err(e) => self.failed = Some(e),
            }
        }
    }

    /// One token; false when there is none.
    fn step(&mut self, want: u32) -> Result<bool, Error> {
        if matches!(self.encoding, Encoding::Unknown) && self.text.is_empty() && !self.last {
            return Ok(false);
        }
        if let Some((name, at)) = self.declared.take() {
            self.declared_encoding(&name, at)?;
            return Ok(true);
        }
        match self.phase {
            Phase::Start => self.step_start(want),
            Phase::Content => self.step_content(want),
            Phase::Cdata => self.step_cdata(want),
            _ => self.step_prolog(want),
        }
    }

    /// The text at hand, the place in it, and whether no more of it can come.
    pub(super) fn input(&self) -> (Arc<Vec<u8>>, usize, bool) {
        match self.sources.last() {
            Some(s) => (s.text.clone(), s.pos, true),
            None => (self.text.clone(), self.pos, self.last),
        }
    }

    /// Uses the text up to `to`.
    pub(super) fn consume(&mut self, to: usize) {
        match self.sources.last_mut() {
            Some(s) => s.pos = to,
            None => self.pos = to,
        }
    }

    /// The offset that events at `i` of the text at hand report: inside entities, that of the reference.
    pub(super) fn spot(&self, i: usize) -> usize {
        if self.sources.is_empty() { i } else { self.reference }
    }

    pub(super) fn error<T>(&self, code: u8, i: usize) -> Result<T, Error> {
        Err(Error { code, at: self.spot(i) })
    }

    /// A token that begins at `i` has no end: an error, or wait for more.
    pub(super) fn stopped(&self, s: Stop, i: usize, complete: bool) -> Result<bool, Error> {
        match s {
            Stop::Invalid(at) => self.error(codes::INVALID_TOKEN, at),
            _ if !complete => Ok(false),
            Stop::Partial => self.error(codes::UNCLOSED_TOKEN, i),
            Stop::PartialChar => self.error(codes::PARTIAL_CHAR, i),
        }
    }

    /// Bytes are left that make no character: what the end of the document says of them.
    pub(super) fn undecoded(&self) -> bool {
        !self.raw.is_empty()
    }

    pub(super) fn push(&mut self, e: Event, at: usize) {
        self.queue.push_back((e, at));
    }

    /// Reports an event, or its text to the default handler.
    pub(super) fn report(&mut self, e: Event, want: u32, at: usize, raw: &[u8]) {
        if want & e.handler() != 0 {
            self.push(e, at);
        } else {
            self.default(want, at, raw);
        }
    }

    /// Text that no other handler wants.
    pub(super) fn default(&mut self, want: u32, at: usize, raw: &[u8]) {
        if want & super::handler::ANY_DEFAULT != 0 {
            for piece in self.pieces(raw) {
                self.push(Event::Default(piece.to_vec()), at);
            }
        }
    }

    /// Text that had to be decoded comes in pieces of a buffer's size.
    pub(super) fn pieces<'a>(&self, text: &'a [u8]) -> Vec<&'a [u8]> {
        const BUFFER: usize = 1024;
        if text.len() <= BUFFER || self.encoding.is_utf8() {
            return vec![text];
        }
        let mut out = Vec::new();
        let mut rest = text;
        while rest.len() > BUFFER {
            let mut n = BUFFER;
            while rest[n] & 0xc0 == 0x80 {
                n -= 1;
            }
            out.push(&rest[..n]);
            rest = &rest[n..];
        }
        out.push(rest);
        out
    }

    /// The place of an offset. Counted on from the last place asked for.
    fn count(&self, offset: usize) -> Place {
        let (mut from, mut p) = self.counted.get();
        if offset < from {
            (from, p) = (0, self.base);
        }
        let text = &self.text[..offset.min(self.text.len())];
        let mut i = from;
        while i < text.len() {
            let length = match text[i] {
                0xc0..=0xdf => 2,
                0xe0..=0xef => 3,
                0xf0..=0xf7 => 4,
                _ => 1,
            };
            p.byte += self.encoding.width(length) as i64;
            match text[i] {
                b'\n' => {
                    // The second half of a pair does not count, also where the first was counted before.
                    if !self.after_return(i) {
                        p.line += 1;
                    }
                    p.column = 0;
                }
                b'\r' => {
                    p.line += 1;
                    p.column = 0;
                }
                _ => p.column += 1,
            }
            i += length;
        }
        self.counted.set((i.max(from), p));
        p
    }

    fn after_return(&self, i: usize) -> bool {
        i > 0 && self.text[i - 1] == b'\r'
    }

    /// Where the last event was; before any, byte -1.
    pub fn place(&self) -> Place {
        match self.event {
            Some(Spot::Offset(o)) => self.count(o),
            Some(Spot::Fixed(p)) => p,
            None => Place { line: 1, column: 0, byte: -1 },
        }
    }

    /// The text from the last event on, as far as it is at hand.
    pub fn rest(&self) -> &[u8] {
        match self.event {
            Some(Spot::Offset(o)) => self.text.get(o..).unwrap_or(&[]),
            _ => &[],
        }
    }
}
