//! Namespaces: bindings, and names with their URIs.

use super::event::{Event, Text, codes, handler};
use super::parser::{Binding, Parser};

/// Bound to `xml` everywhere.
const XML: &[u8] = b"http://www.w3.org/XML/1998/namespace";
/// Bound to `xmlns`.
const XMLNS: &[u8] = b"http://www.w3.org/2000/xmlns/";

impl Parser {
    /// The prefix that an attribute name declares.
    pub(super) fn declared_prefix<'a>(&self, name: &'a [u8]) -> Option<Option<&'a [u8]>> {
        self.separator?;
        match name.strip_prefix(b"xmlns")? {
            b"" => Some(None),
            rest => rest.strip_prefix(b":").map(Some),
        }
    }

    /// Binds a prefix; an error's code otherwise.
    pub(super) fn bind(&mut self, prefix: Option<&[u8]>, uri: &[u8], want: u32, at: usize) -> Result<(), u8> {
        match prefix {
            Some(b"xmlns") => return Err(codes::RESERVED_PREFIX_XMLNS),
            Some(b"xml") if uri != XML => return Err(codes::RESERVED_PREFIX_XML),
            Some(_) if uri.is_empty() => return Err(codes::UNDECLARING_PREFIX),
            p if uri == XML && p != Some(b"xml") || uri == XMLNS => {
                return Err(codes::RESERVED_NAMESPACE_URI);
            }
            _ => {}
        }
        let (prefix, uri) = (prefix.map(<[u8]>::to_vec), (!uri.is_empty()).then(|| uri.to_vec()));
        if want & handler::START_NAMESPACE_DECL != 0 {
            self.push(Event::StartNamespace(prefix.clone(), uri.clone()), at);
        }
        self.bindings.push(Binding { prefix, uri });
        Ok(())
    }

    /// Takes back the bindings of an element, last first.
    pub(super) fn unbind(&mut self, down_to: usize, want: u32, at: usize) {
        while self.bindings.len() > down_to {
            let b = self.bindings.pop();
            if want & handler::END_NAMESPACE_DECL != 0
                && let Some(b) = b
            {
                self.push(Event::EndNamespace(b.prefix), at);
            }
        }
    }

    fn uri(&self, prefix: Option<&[u8]>) -> Option<&Text> {
        self.bindings.iter().rev().find(|b| b.prefix.as_deref() == prefix)?.uri.as_ref()
    }

    /// A name as it is reported. Attributes without a prefix have no namespace.
    pub(super) fn expanded(&self, name: &[u8], attribute: bool) -> Result<Text, u8> {
        let Some(separator) = self.separator else { return Ok(name.to_vec()) };
        let (prefix, local) = match name.iter().position(|c| *c == b':') {
            Some(i) => (Some(&name[..i]), &name[i + 1..]),
            None if attribute => return Ok(name.to_vec()),
            None => (None, name),
        };
        let uri: &[u8] = match (self.uri(prefix), prefix) {
            (Some(u), _) => u,
            (None, None) => return Ok(local.to_vec()),
            (None, Some(b"xml")) => XML,
            (None, Some(_)) => return Err(codes::UNBOUND_PREFIX),
        };
        let mut out = uri.to_vec();
        out.extend(separator);
        out.extend_from_slice(local);
        if let Some(p) = prefix.filter(|_| self.triplets) {
            out.extend(separator);
            out.extend_from_slice(p);
        }
        Ok(out)
    }
}
