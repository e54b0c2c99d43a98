//! Trees as nested tuples and lists, and back.

use super::PARSER_ERROR;
use interpreter::layout::{PyList, PyStr, PyTuple};
use interpreter::{PyResult, Thread, Value, ops};
use syntax::parser::concrete::{Concrete, ConcreteNode, Content, Invalid};
use syntax::parser::grammar::{FIRST_SYMBOL, symbol};

/// How a tree is shown.
#[derive(Clone, Copy)]
pub struct Shape {
    pub tuples: bool,
    /// Tokens have their line.
    pub line: bool,
    /// Tokens have their column.
    pub col: bool,
}

/// A tree as nested sequences; one whose source declared an encoding is wrapped with it.
pub fn of_tree(th: &mut Thread, tree: &Concrete, shape: Shape) -> PyResult {
    let root = of_node(th, &tree.root, shape)?;
    let Some(encoding) = &tree.encoding else { return Ok(root) };
    let (kind, encoding) = (th.int(i64::from(symbol::encoding_decl)), th.try_str(encoding)?);
    sequence(th, &[kind, root, encoding], shape)
}

fn sequence(th: &mut Thread, items: &[Value], shape: Shape) -> PyResult {
    if shape.tuples { th.try_tuple(items) } else { th.new_list(items) }
}

fn of_node(th: &mut Thread, node: &ConcreteNode, shape: Shape) -> PyResult {
    th.check_native_stack()?;
    let out = th.m.root_vec();
    out.push(th.int(i64::from(node.kind)).bits());
    match &node.content {
        Content::Text(text) => {
            out.push(th.try_str(text)?.bits());
            if shape.line {
                out.push(th.int(i64::from(node.lineno)).bits());
            }
            if shape.col {
                out.push(th.int(i64::from(node.col)).bits());
            }
        }
        Content::Children(children) => {
            for c in children {
                out.push(of_node(th, c, shape)?.bits());
            }
        }
    }
    sequence(th, ops::values(&out), shape)
}

/// The tree that nested sequences describe.
pub fn to_tree(th: &mut Thread, v: Value) -> PyResult<Concrete> {
    if !ops::is_sequence(v) {
        return Err(th.value_error("sequence2st() requires a single sequence argument"));
    }
    let kind = match ops::len(th, v)? {
        0 => None,
        _ => {
            let first = item(th, v, 0)?;
            ops::exact_integer(first).map(|n| u16::try_from(&n).unwrap_or(u16::MAX))
        }
    };
    let mut line = 0;
    let (root, encoding) = match kind {
        Some(symbol::encoding_decl) => {
            if ops::len(th, v)? < 3 {
                return Err(th.raise_def(&PARSER_ERROR, "missed encoding"));
            }
            let encoding = item(th, v, 2)?;
            let Some(encoding) = encoding.payload::<PyStr>() else {
                let n = ops::type_name(encoding);
                return Err(th.raise_def(&PARSER_ERROR, format!("encoding must be a string, found {n}")));
            };
            let encoding: Box<[u8]> = encoding.get().bytes().into();
            let inner = item(th, v, 1)?;
            (node(th, inner, &mut line)?, Some(encoding))
        }
        Some(k) if k >= FIRST_SYMBOL => (nonterminal(th, v, k, &mut line)?, None),
        _ => return Err(th.raise(PARSER_ERROR.class(), None)),
    };
    let tree = Concrete { root, encoding };
    match tree.check() {
        Ok(()) => Ok(tree),
        Err(Invalid::Refused(message)) => Err(th.raise_def(&PARSER_ERROR, message)),
        Err(Invalid::Overflow) => Err(th.memory_error()),
    }
}

fn item(th: &mut Thread, v: Value, i: usize) -> PyResult {
    let i = th.int(i as i64);
    ops::getitem(th, v, i)
}

/// A nonterminal with the parts after its kind.
fn nonterminal(th: &mut Thread, v: Value, kind: u16, line: &mut i32) -> PyResult<ConcreteNode> {
    th.check_native_stack()?;
    let (first, mut children) = (*line, Vec::new());
    let mut i = 1;
    // The length is asked again: a list may change while strange sequences inside it are read.
    while i < ops::len(th, v)? {
        let part = item(th, v, i)?;
        children.push(node(th, part, line)?);
        i += 1;
    }
    Ok(ConcreteNode { kind, content: Content::Children(children), lineno: first, col: 0 })
}

fn node(th: &mut Thread, v: Value, line: &mut i32) -> PyResult<ConcreteNode> {
    let plain = v.payload::<PyTuple>().is_some() || v.payload::<PyList>().is_some();
    let kind = if (plain || ops::is_sequence(v)) && ops::len(th, v)? > 0 {
        let first = item(th, v, 0)?;
        ops::int_value(first)
    } else {
        None
    };
    let Some(kind) = kind.and_then(|k| u16::try_from(k).ok()) else {
        return Err(th.raise(PARSER_ERROR.class(), None));
    };
    if kind >= FIRST_SYMBOL {
        return nonterminal(th, v, kind, line);
    }
    let len = ops::len(th, v)?;
    if !(2..=3).contains(&len) {
        return Err(th.raise_def(&PARSER_ERROR, "terminal nodes must have 2 or 3 entries"));
    }
    let text = item(th, v, 1)?;
    let Some(text) = text.payload::<PyStr>() else {
        let n = ops::type_name(text);
        let message = format!("second item in terminal node must be a string, found {n}");
        return Err(th.raise_def(&PARSER_ERROR, message));
    };
    let text: Box<[u8]> = text.get().bytes().into();
    if len == 3 {
        let given = item(th, v, 2)?;
        let Some(n) = ops::int_value(given) else {
            let n = ops::type_name(given);
            let message = format!("third item in terminal node must be an integer, found {n}");
            return Err(th.raise_def(&PARSER_ERROR, message));
        };
        *line = n.clamp(0, i64::from(i32::MAX)) as i32;
    }
    let lineno = *line;
    if kind == u16::from(syntax::lexer::token::NEWLINE) {
        *line = line.saturating_add(1);
    }
    Ok(ConcreteNode { kind, content: Content::Text(text), lineno, col: 0 })
}
