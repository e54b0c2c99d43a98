//! Names, literals and displays.

use super::{Builder, error_at, expr_at};
use crate::ast::*;
use crate::error::{Error, Result};
use crate::lexer::encoding::{decode_message, decode_utf8};
use crate::lexer::token::*;
use crate::literal::{self, LiteralError};
use crate::parser::grammar::symbol;
use crate::parser::tree::Node;
use std::rc::Rc;

/// The longest message about a bad literal.
const MAX_MESSAGE: usize = 127;

impl Builder<'_> {
    /// A token that is an expression, or something in brackets.
    #[inline(never)]
    pub(super) fn atom(&mut self, node: &Node) -> Result<Expr> {
        if node.kind < 256 {
            return Ok(match node.kind as Kind {
                NUMBER => expr_at(node, ExprKind::Num { n: literal::number(self.text(node), false) }),
                STRING => {
                    let s = self.strings(std::slice::from_ref(node))?;
                    expr_at(node, ExprKind::Str { s })
                }
                _ => expr_at(node, ExprKind::Name { id: self.ident(node), ctx: ExprContext::Load }),
            });
        }
        let c = self.children(node);
        let ctx = ExprContext::Load;
        match c[0].kind as Kind {
            STRING => {
                let s = self.strings(c)?;
                Ok(expr_at(node, ExprKind::Str { s }))
            }
            LPAR if c.len() == 2 => Ok(expr_at(node, ExprKind::Tuple { elts: Vec::new(), ctx })),
            LPAR => self.expr_list(&c[1]),
            LSQB if c.len() == 2 => Ok(expr_at(node, ExprKind::List { elts: Vec::new(), ctx })),
            LSQB => {
                let inner = &c[1];
                let parts = self.elements(inner, symbol::listmaker);
                if parts.get(1).is_some_and(|p| p.kind == symbol::list_for) {
                    let elt = Box::new(self.expr(&parts[0])?);
                    let generators = self.comprehension(&parts[1])?;
                    return Ok(expr_at(inner, ExprKind::ListComp { elt, generators }));
                }
                let elts = self.every_other(parts)?;
                Ok(expr_at(node, ExprKind::List { elts, ctx }))
            }
            LBRACE if c.len() == 2 => {
                Ok(expr_at(node, ExprKind::Dict { keys: Vec::new(), values: Vec::new() }))
            }
            LBRACE => self.braces(node, &c[1]),
            _ => {
                self.warn(node, "backquote not supported in 3.x; use repr()")?;
                let value = Box::new(self.expr_list(&c[1])?);
                Ok(expr_at(node, ExprKind::Repr { value }))
            }
        }
    }

    /// Dictionaries, sets and their comprehensions; the latter stand after the brace.
    #[inline(never)]
    fn braces(&mut self, node: &Node, inner: &Node) -> Result<Expr> {
        let parts = self.elements(inner, symbol::dictorsetmaker);
        let kind = |n: usize| parts.get(n).map(|p| p.kind);
        if kind(1) == Some(symbol::comp_for) {
            let elt = Box::new(self.expr(&parts[0])?);
            let generators = self.comprehension(&parts[1])?;
            return Ok(expr_at(inner, ExprKind::SetComp { elt, generators }));
        }
        if kind(3) == Some(symbol::comp_for) {
            let key = Box::new(self.expr(&parts[0])?);
            let value = Box::new(self.expr(&parts[2])?);
            let generators = self.comprehension(&parts[3])?;
            return Ok(expr_at(inner, ExprKind::DictComp { key, value, generators }));
        }
        if kind(1) != Some(COLON as u16) {
            let elts = self.every_other(parts)?;
            return Ok(expr_at(node, ExprKind::Set { elts }));
        }
        let (mut keys, mut values) = (Vec::new(), Vec::new());
        for pair in parts.chunks(4) {
            keys.push(self.expr(&pair[0])?);
            values.push(self.expr(&pair[2])?);
        }
        Ok(expr_at(node, ExprKind::Dict { keys, values }))
    }

    /// Adjacent string literals.
    #[inline(never)]
    fn strings(&mut self, tokens: &[Node]) -> Result<Constant> {
        let joined = self.try_strings(tokens);
        joined.map_err(|e| match e {
            LiteralError::Value(message) => Error::Value(message.into()),
            LiteralError::Unicode(message) => {
                let mut message = format!("(unicode error) {message}");
                message.truncate(message.floor_char_boundary(MAX_MESSAGE));
                error_at(&tokens[0], message)
            }
            LiteralError::Raised => Error::Raised,
        })
    }

    fn try_strings(&mut self, tokens: &[Node]) -> std::result::Result<Constant, LiteralError> {
        if let [token] = tokens {
            return self.string(token);
        }
        let mut bytes: Vec<u8> = Vec::new();
        let mut unicode: Option<Vec<u32>> = None;
        for token in tokens {
            match (self.string(token)?, &mut unicode) {
                (Constant::Unicode(s), Some(all)) => all.extend_from_slice(&s),
                (Constant::Unicode(s), None) => {
                    let mut all = widen(&bytes)?;
                    all.extend_from_slice(&s);
                    unicode = Some(all);
                }
                (Constant::Str(s), Some(all)) => all.extend(widen(&s)?),
                (Constant::Str(s), None) => bytes.extend_from_slice(&s),
                _ => {}
            }
        }
        Ok(match unicode {
            Some(all) => Constant::Unicode(Rc::from(all)),
            None => Constant::Str(Rc::from(bytes)),
        })
    }

    /// One string literal, prefix and quotes included.
    fn string(&mut self, token: &Node) -> std::result::Result<Constant, LiteralError> {
        let mut body = self.text(token);
        let mut unicode = self.unicode_literals;
        let (mut raw, mut marked_bytes) = (false, false);
        while let Some((first, rest)) = body.split_first() {
            match first {
                b'u' | b'U' => unicode = true,
                b'b' | b'B' => {
                    unicode = false;
                    marked_bytes = true;
                }
                b'r' | b'R' => raw = true,
                _ => break,
            }
            body = rest;
        }
        let quotes = if body.len() >= 6 && body[1] == body[0] && body[2] == body[0] { 3 } else { 1 };
        body = &body[quotes..body.len() - quotes];
        if marked_bytes && self.py3k_warnings && !body.is_ascii() {
            self.warn(token, "non-ascii bytes literals not supported in 3.x")
                .map_err(|_| LiteralError::Raised)?;
        }
        if unicode {
            let escaped;
            if self.encoding.is_some_and(|e| e != "iso-8859-1") && !body.is_ascii() {
                escaped = literal::escape_utf8(body)?;
                body = &escaped;
            }
            if !raw && memchr::memmem::find(body, b"\\N{").is_some() && !self.hooks.has_character_names() {
                let message = "\\N escapes not supported (can't load unicodedata module)";
                return Err(LiteralError::Unicode(message.into()));
            }
            let value = if raw { literal::raw_unicode_string(body)? } else { literal::unicode_string(body)? };
            return Ok(Constant::Unicode(Rc::from(value)));
        }
        let plain = raw || memchr::memchr(b'\\', body).is_none();
        if !self.recoded || body.is_ascii() {
            let value = if plain { body.to_vec() } else { literal::byte_string(body, None)? };
            return Ok(Constant::Str(Rc::from(value)));
        }
        let (encoding, hooks) = (self.encoding.unwrap_or("utf-8"), &mut self.hooks);
        let mut recode = |utf8: &[u8]| {
            decode_utf8(utf8).map_err(|e| LiteralError::Unicode(e.message("utf8", utf8)))?;
            hooks.encode(encoding, utf8, false).map_err(|e| LiteralError::Unicode(e.message))
        };
        let value = if plain { recode(body)? } else { literal::byte_string(body, Some(&mut recode))? };
        Ok(Constant::Str(Rc::from(value)))
    }
}

/// A byte string that joins a unicode string must be ASCII.
fn widen(bytes: &[u8]) -> std::result::Result<Vec<u32>, LiteralError> {
    match bytes.iter().position(|b| *b >= 0x80) {
        Some(at) => Err(LiteralError::Unicode(decode_message(
            "ascii",
            bytes,
            at,
            at + 1,
            "ordinal not in range(128)",
        ))),
        None => Ok(bytes.iter().map(|b| *b as u32).collect()),
    }
}
