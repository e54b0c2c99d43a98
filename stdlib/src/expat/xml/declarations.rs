//! Declarations of the document type, once all their tokens are there.

use super::attributes::collapse;
use super::chars;
use super::content::predefined;
use super::dtd::{Attribute, Entity};
use super::event::{Error, Event, Text, codes, handler};
use super::parser::{Kind, Parser};
use super::prolog::{Kinds, Token, public_id};
use super::scan;
use std::sync::Arc;

fn wrong<T>(t: &Token) -> Result<T, Error> {
    Err(Error { code: codes::SYNTAX, at: t.at })
}

/// Tokens in order; the last is `>`.
struct Tokens<'a> {
    all: &'a [Token],
    i: usize,
}

impl<'a> Tokens<'a> {
    fn peek(&self) -> &'a Token {
        &self.all[self.i.min(self.all.len() - 1)]
    }

    fn take(&mut self) -> &'a Token {
        let t = self.peek();
        self.i += 1;
        t
    }

    fn expect(&mut self, kind: Kinds) -> Result<&'a Token, Error> {
        let t = self.take();
        if t.kind == kind { Ok(t) } else { wrong(t) }
    }

    fn word(&mut self, w: &[u8]) -> bool {
        let t = self.peek();
        let fits = t.kind == Kinds::Name && t.text == w;
        self.i += usize::from(fits);
        fits
    }
}

/// A literal without its quotes.
fn inner(t: &Token) -> &[u8] {
    &t.text[1..t.text.len() - 1]
}

impl Parser {
    /// Reads a declaration; its first token says which.
    pub(super) fn declare(&mut self, tokens: &[Token], want: u32) -> Result<(), Error> {
        let mut t = Tokens { all: tokens, i: 1 };
        match &tokens[0].text[2..] {
            b"ENTITY" => self.declare_entity(&mut t, want),
            b"NOTATION" => self.declare_notation(&mut t, want),
            b"ELEMENT" => self.declare_element(&mut t, want),
            _ => self.declare_attributes(&mut t, want),
        }
    }

    /// Declarations after what could not be read do not count.
    fn counts(&self) -> bool {
        !self.dtd.stopped || self.dtd.standalone
    }

    fn declare_entity(&mut self, t: &mut Tokens<'_>, want: u32) -> Result<(), Error> {
        let parameter = t.peek().kind == Kinds::Percent;
        t.i += usize::from(parameter);
        let name = t.expect(Kinds::Name)?.text.clone();
        let known = if parameter { &self.dtd.parameters } else { &self.dtd.entities };
        let ignored =
            known.contains_key(&name) || !parameter && predefined(&name).is_some() || !self.counts();
        let mut e = Entity {
            name: name.clone(),
            value: None,
            system: None,
            public: None,
            notation: None,
            external_declaration: self.kind != Kind::Document || !self.sources.is_empty(),
        };
        let mut at = t.peek().at;
        if t.peek().kind == Kinds::Literal {
            let literal = t.take();
            let mut value = Vec::new();
            self.entity_value(&mut value, inner(literal), literal.at, 0)?;
            e.value = Some(Arc::new(value));
        } else {
            if t.word(b"PUBLIC") {
                e.public = Some(public_id(inner(t.expect(Kinds::Literal)?)));
            } else if !t.word(b"SYSTEM") {
                return wrong(t.peek());
            }
            e.system = Some(inner(t.expect(Kinds::Literal)?).to_vec());
            at = t.peek().at;
            if !parameter && t.word(b"NDATA") {
                let n = t.expect(Kinds::Name)?;
                at = n.at;
                e.notation = Some(n.text.clone());
            }
        }
        t.expect(Kinds::Greater)?;
        if ignored {
            return Ok(());
        }
        match &e.notation {
            Some(notation) if want & handler::UNPARSED_ENTITY_DECL != 0 => {
                let (name, system, public) = (name.clone(), e.system.clone(), e.public.clone());
                let notation = notation.clone();
                self.push(Event::UnparsedEntityDecl { name, system, public, notation }, at);
            }
            _ if want & handler::ENTITY_DECL != 0 => {
                let event = Event::EntityDecl {
                    name: name.clone(),
                    parameter,
                    value: e.value.as_ref().map(|v| v.to_vec()),
                    system: e.system.clone(),
                    public: e.public.clone(),
                    notation: e.notation.clone(),
                };
                self.push(event, at);
            }
            _ => {}
        }
        let d = Arc::make_mut(&mut self.dtd);
        let table = if parameter { &mut d.parameters } else { &mut d.entities };
        table.insert(name, Arc::new(e));
        Ok(())
    }

    /// An entity's replacement text: characters and parameter entities replaced, general ones left.
    fn entity_value(&self, out: &mut Text, literal: &[u8], at: usize, depth: u32) -> Result<(), Error> {
        let wrong = |code| Err(Error { code, at });
        let mut i = 0;
        while let Some(&b) = literal.get(i) {
            match b {
                b'\r' => out.push(b'\n'),
                b'\n' if i > 0 && literal[i - 1] == b'\r' => {}
                b'&' | b'%' => {
                    let Ok(end) = scan::reference(literal, i) else { return wrong(codes::INVALID_TOKEN) };
                    let raw = &literal[i..end];
                    if b == b'%' {
                        if self.kind == Kind::Document && self.sources.is_empty() {
                            return wrong(codes::PARAM_ENTITY_REF);
                        }
                        let e = self.dtd.parameters.get(&raw[1..raw.len() - 1]);
                        if depth > 100 {
                            return wrong(codes::RECURSIVE_ENTITY_REF);
                        }
                        if let Some(v) = e.and_then(|e| e.value.as_ref()) {
                            self.entity_value(out, v, at, depth + 1)?;
                        }
                    } else if raw[1] == b'#' {
                        match scan::character(raw) {
                            Some(c) => chars::push(out, c),
                            None => return wrong(codes::BAD_CHAR_REF),
                        }
                    } else {
                        out.extend_from_slice(raw);
                    }
                    i = end;
                    continue;
                }
                b => out.push(b),
            }
            i += 1;
        }
        Ok(())
    }

    fn declare_notation(&mut self, t: &mut Tokens<'_>, want: u32) -> Result<(), Error> {
        let name = t.expect(Kinds::Name)?.text.clone();
        let (mut system, mut public) = (None, None);
        let mut place = None;
        if t.word(b"SYSTEM") {
            let literal = t.expect(Kinds::Literal)?;
            place = Some(literal.at);
            system = Some(inner(literal).to_vec());
        } else if t.word(b"PUBLIC") {
            public = Some(public_id(inner(t.expect(Kinds::Literal)?)));
            if t.peek().kind == Kinds::Literal {
                place = Some(t.peek().at);
                system = Some(inner(t.take()).to_vec());
            }
        } else {
            return wrong(t.peek());
        }
        let end = t.expect(Kinds::Greater)?;
        if want & handler::NOTATION_DECL != 0 {
            self.push(Event::NotationDecl { name, system, public }, place.unwrap_or(end.at));
        }
        Ok(())
    }

    fn declare_element(&mut self, t: &mut Tokens<'_>, want: u32) -> Result<(), Error> {
        let name = t.expect(Kinds::Name)?.text.clone();
        let rest = &t.all[t.i..t.all.len() - 1];
        let Some(last) = rest.last() else { return wrong(t.peek()) };
        let model = super::model::model(rest)
            .map_err(|k| Error { code: codes::SYNTAX, at: t.all[(t.i + k).min(t.all.len() - 1)].at })?;
        if want & handler::ELEMENT_DECL != 0 {
            self.push(Event::ElementDecl(name, model), last.at);
        }
        Ok(())
    }

    fn declare_attributes(&mut self, t: &mut Tokens<'_>, want: u32) -> Result<(), Error> {
        let element = t.expect(Kinds::Name)?.text.clone();
        while t.peek().kind != Kinds::Greater {
            let name = t.expect(Kinds::Name)?.text.clone();
            let mut kind: Text = Vec::new();
            const PLAIN: [&[u8]; 8] =
                [b"CDATA", b"ID", b"IDREF", b"IDREFS", b"ENTITY", b"ENTITIES", b"NMTOKEN", b"NMTOKENS"];
            if let Some(p) = PLAIN.iter().find(|p| t.word(p)) {
                kind.extend_from_slice(p);
            } else {
                if t.word(b"NOTATION") {
                    kind.extend_from_slice(b"NOTATION");
                }
                t.expect(Kinds::OpenParen)?;
                kind.push(b'(');
                loop {
                    let n = t.take();
                    if !matches!(n.kind, Kinds::Name | Kinds::NameToken) {
                        return wrong(n);
                    }
                    kind.extend_from_slice(&n.text);
                    let n = t.take();
                    match n.kind {
                        Kinds::Bar => kind.push(b'|'),
                        Kinds::CloseParen if n.text == b")" => break,
                        _ => return wrong(n),
                    }
                }
                kind.push(b')');
            }
            let cdata = kind == b"CDATA";
            let mut mark = t.take();
            let (mut required, mut default) = (false, None);
            if mark.kind == Kinds::Pound {
                match &mark.text[..] {
                    b"#REQUIRED" => required = true,
                    b"#IMPLIED" => {}
                    b"#FIXED" => {
                        required = true;
                        mark = t.expect(Kinds::Literal)?;
                    }
                    _ => return wrong(mark),
                }
            }
            if mark.kind == Kinds::Literal {
                let mut v = Vec::new();
                if let Err(e) = self.append_value(&mut v, inner(mark), None, &mut Vec::new()) {
                    return Err(Error { code: e.code, at: mark.at });
                }
                if !cdata {
                    collapse(&mut v);
                }
                default = Some(v);
            } else if mark.kind != Kinds::Pound {
                return wrong(mark);
            }
            if self.counts() {
                let d = Arc::make_mut(&mut self.dtd);
                let list = d.attributes.entry(element.clone()).or_default();
                if !list.iter().any(|a| a.name == name) {
                    list.push(Attribute { name: name.clone(), cdata, default: default.clone() });
                }
                if want & handler::ATTLIST_DECL != 0 {
                    let element = element.clone();
                    self.push(
                        Event::AttlistDecl { element, attribute: name, kind, default, required },
                        mark.at,
                    );
                }
            }
        }
        Ok(())
    }
}
