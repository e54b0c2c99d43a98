//! Start tags: the values of attributes, defaults, namespaces.

use super::chars;
use super::content::predefined;
use super::event::{Error, Event, Text, codes, handler};
use super::parser::{Open, Parser};
use super::scan::{self, Tag};
use std::sync::Arc;

/// Entities within entities, at most.
const DEEPEST: usize = 500;

impl Parser {
    pub(super) fn start_tag(&mut self, text: &[u8], i: usize, tag: &Tag, want: u32) -> Result<(), Error> {
        let at = self.spot(i);
        let raw = &text[tag.name.0..tag.name.1];
        let mut attributes: Vec<(Text, Text)> = Vec::with_capacity(tag.attributes.len());
        let before = self.bindings.len();
        let dtd = self.dtd.clone();
        for (k, (name, value)) in tag.attributes.iter().enumerate() {
            let n = &text[name.0..name.1];
            if tag.attributes[..k].iter().any(|(m, _)| text[m.0..m.1] == *n) {
                return self.error(codes::DUPLICATE_ATTRIBUTE, name.0);
            }
            let mut v = Vec::with_capacity(value.1 - value.0);
            self.append_value(&mut v, &text[value.0..value.1], Some(value.0), &mut Vec::new())?;
            if dtd.attribute(raw, n).is_some_and(|a| !a.cdata) {
                collapse(&mut v);
            }
            match self.declared_prefix(n) {
                Some(prefix) => {
                    if let Err(code) = self.bind(prefix, &v, want, at) {
                        return self.error(code, i);
                    }
                }
                None => attributes.push((n.to_vec(), v)),
            }
        }
        let specified = attributes.len();
        for a in dtd.attributes.get(raw).map_or(&[][..], |a| a) {
            let Some(v) = &a.default else { continue };
            if tag.attributes.iter().any(|(m, _)| text[m.0..m.1] == *a.name) {
                continue;
            }
            match self.declared_prefix(&a.name) {
                Some(prefix) => {
                    if let Err(code) = self.bind(prefix, v, want, at) {
                        return self.error(code, i);
                    }
                }
                None => attributes.push((a.name.clone(), v.clone())),
            }
        }
        if self.separator.is_some() {
            for k in 0..attributes.len() {
                if !attributes[k].0.contains(&b':') {
                    continue;
                }
                match self.expanded(&attributes[k].0, true) {
                    Ok(n) => attributes[k].0 = n,
                    Err(code) => return self.error(code, i),
                }
                if attributes[..k].iter().any(|(n, _)| *n == attributes[k].0) {
                    self.unbind(before, want, at);
                    return self.error(codes::DUPLICATE_ATTRIBUTE, i);
                }
            }
        }
        let name: Arc<[u8]> = match self.expanded(raw, false) {
            Ok(n) => n.into(),
            Err(code) => return self.error(code, i),
        };
        self.consume(tag.end);
        self.open.push(Open { raw: raw.into(), name: name.clone(), bindings: before });
        let whole = &text[i..tag.end];
        if want & handler::START_ELEMENT != 0 {
            self.push(Event::StartElement { name: name.to_vec(), attributes, specified }, at);
        } else if !tag.empty || want & handler::END_ELEMENT == 0 {
            self.default(want, at, whole);
        }
        if tag.empty {
            let end = self.spot(tag.end);
            self.close_element(want, end, &[]);
        }
        Ok(())
    }

    /// Adds a value's text: line ends and white space as blanks, references replaced. `place`: where it is, if in the text at
    /// hand; `open`: the entities around.
    pub(super) fn append_value(
        &self,
        out: &mut Text,
        value: &[u8],
        place: Option<usize>,
        open: &mut Vec<Text>,
    ) -> Result<(), Error> {
        // Places inside entities are those of the reference.
        let spot = |p: &Parser, i: usize| p.spot(place.unwrap_or(0) + if place.is_some() { i } else { 0 });
        let wrong = |p: &Parser, code: u8, i: usize| Err(Error { code, at: spot(p, i) });
        let mut i = 0;
        while let Some(&b) = value.get(i) {
            match b {
                b'\r' if value.get(i + 1) == Some(&b'\n') => {}
                b'\r' | b'\n' | b'\t' => out.push(b' '),
                b'&' => {
                    let end = match scan::reference(value, i) {
                        Ok(e) => e,
                        Err(scan::Stop::Invalid(k)) => return wrong(self, codes::INVALID_TOKEN, k),
                        Err(_) => return wrong(self, codes::INVALID_TOKEN, i),
                    };
                    let raw = &value[i..end];
                    let name = &raw[1..raw.len() - 1];
                    if name[0] == b'#' {
                        match scan::character(raw) {
                            Some(c) => chars::push(out, c),
                            None => return wrong(self, codes::BAD_CHAR_REF, i),
                        }
                    } else if let Some(c) = predefined(name) {
                        out.push(c);
                    } else if let Some(e) = self.dtd.entities.get(name) {
                        if open.iter().any(|o| o == name) || self.is_open(name) {
                            return wrong(self, codes::RECURSIVE_ENTITY_REF, i);
                        }
                        if e.notation.is_some() {
                            return wrong(self, codes::BINARY_ENTITY_REF, i);
                        }
                        let Some(v) = &e.value else {
                            return wrong(self, codes::ATTRIBUTE_EXTERNAL_ENTITY_REF, i);
                        };
                        if open.len() >= DEEPEST {
                            return wrong(self, codes::NO_MEMORY, i);
                        }
                        open.push(name.to_vec());
                        let r = self.append_value(out, v, None, open);
                        open.pop();
                        if let Err(e) = r {
                            return wrong(self, e.code, i);
                        }
                    } else if !self.dtd.incomplete || self.dtd.standalone {
                        return wrong(self, codes::UNDEFINED_ENTITY, i);
                    }
                    i = end;
                    continue;
                }
                b'<' => return wrong(self, codes::INVALID_TOKEN, i),
                b => out.push(b),
            }
            i += 1;
        }
        Ok(())
    }
}

/// A value that is not CDATA: no blanks around, one between its words.
pub(super) fn collapse(v: &mut Text) {
    let mut out = Vec::with_capacity(v.len());
    for word in v.split(|b| *b == b' ').filter(|w| !w.is_empty()) {
        if !out.is_empty() {
            out.push(b' ');
        }
        out.extend_from_slice(word);
    }
    *v = out;
}
