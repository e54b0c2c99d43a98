//! The order of trees.

use super::held;
use interpreter::{PyResult, Thread, Value};
use std::cmp::Ordering;
use syntax::parser::concrete::{ConcreteNode, Content};

/// Trees compare by kind, number of parts, then parts; tokens by their text. Expressions come before suites.
fn order(a: &ConcreteNode, b: &ConcreteNode) -> Ordering {
    let by_content = || match (&a.content, &b.content) {
        (Content::Text(a), Content::Text(b)) => a.cmp(b),
        (Content::Children(a), Content::Children(b)) => a.len().cmp(&b.len()).then_with(|| {
            a.iter().zip(b).map(|(a, b)| order(a, b)).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
        }),
        (Content::Text(_), _) => Ordering::Less,
        _ => Ordering::Greater,
    };
    a.kind.cmp(&b.kind).then_with(by_content)
}

/// The compare slot: both are trees, since the type compares with its own instances only.
pub fn compare(_: &mut Thread, a: Value, b: Value) -> PyResult<i32> {
    Ok(match (held(a), held(b)) {
        // The inputs' numbers are in the opposite order: a suite's is lower.
        (Some(x), Some(y)) if x.root.kind != y.root.kind => y.root.kind.cmp(&x.root.kind) as i32,
        (Some(x), Some(y)) => order(&x.root, &y.root) as i32,
        _ => a.bits().cmp(&b.bits()) as i32,
    })
}
