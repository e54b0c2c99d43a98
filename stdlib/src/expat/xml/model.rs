//! Content models.

use super::event::Model;
use super::prolog::{Kinds, Token};

const EMPTY: u8 = 1;
const ANY: u8 = 2;
const MIXED: u8 = 3;
const NAME: u8 = 4;
const CHOICE: u8 = 5;
const SEQUENCE: u8 = 6;

/// Groups within groups, at most.
const DEEPEST: usize = 1000;

fn quantifier(b: Option<&u8>) -> u8 {
    match b {
        Some(b'?') => 1,
        Some(b'*') => 2,
        Some(b'+') => 3,
        _ => 0,
    }
}

fn leaf(text: &[u8]) -> Model {
    let q = quantifier(text.last());
    let name = if q > 0 { &text[..text.len() - 1] } else { text };
    Model { kind: NAME, quantifier: q, name: Some(name.to_vec()), children: Vec::new() }
}

fn group() -> Model {
    Model { kind: SEQUENCE, quantifier: 0, name: None, children: Vec::new() }
}

/// The model that all of the tokens make; or which of them is wrong.
pub(super) fn model(tokens: &[Token]) -> Result<Model, usize> {
    let simple = |kind| Ok(Model { kind, quantifier: 0, name: None, children: Vec::new() });
    if let [t] = tokens
        && t.kind == Kinds::Name
    {
        return match &t.text[..] {
            b"EMPTY" => simple(EMPTY),
            b"ANY" => simple(ANY),
            _ => Err(0),
        };
    }
    if tokens.first().is_none_or(|t| t.kind != Kinds::OpenParen) {
        return Err(0);
    }
    let mut open = vec![group()];
    // What joins the parts of each open group, once that is known.
    let mut joined: Vec<Option<Kinds>> = vec![None];
    let mut wants_part = true;
    for (i, t) in tokens.iter().enumerate().skip(1) {
        let depth = open.len();
        let Some(top) = open.last_mut() else { return Err(i) };
        match t.kind {
            Kinds::Pound if t.text == b"#PCDATA" && i == 1 => {
                top.kind = MIXED;
                wants_part = false;
            }
            Kinds::Name if wants_part => {
                top.children.push(leaf(&t.text));
                wants_part = false;
            }
            Kinds::OpenParen if wants_part && top.kind != MIXED && depth < DEEPEST => {
                open.push(group());
                joined.push(None);
            }
            Kinds::Bar | Kinds::Comma if !wants_part => {
                let Some(j) = joined.last_mut() else { return Err(i) };
                if j.is_some_and(|j| j != t.kind) || top.kind == MIXED && t.kind == Kinds::Comma {
                    return Err(i);
                }
                *j = Some(t.kind);
                if t.kind == Kinds::Bar && top.kind != MIXED {
                    top.kind = CHOICE;
                }
                wants_part = true;
            }
            Kinds::CloseParen if !wants_part => {
                let Some(mut done) = open.pop() else { return Err(i) };
                joined.pop();
                done.quantifier = quantifier(t.text.get(1));
                if done.kind == MIXED
                    && done.quantifier != 2
                    && !(done.children.is_empty() && done.quantifier == 0)
                {
                    return Err(i);
                }
                match open.last_mut() {
                    Some(outer) => outer.children.push(done),
                    None => return if i + 1 == tokens.len() { Ok(done) } else { Err(i + 1) },
                }
            }
            _ => return Err(i),
        }
    }
    Err(tokens.len())
}
