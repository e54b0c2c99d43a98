//! Method resolution order: C3 linearisation (Barrett et al. 1996), with classic bases taken depth first.

use crate::layout::*;
use crate::objects as o;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;

/// The MRO of a class with these bases, the class itself first.
pub fn linearise(th: &mut Thread, class: Value, bases: &[Value]) -> PyResult<Vec<Value>> {
    for (i, b) in bases.iter().enumerate() {
        if bases[..i].contains(b) {
            let name = o::typeobject::class_name(th, *b)?;
            return Err(th.type_error(format!("duplicate base class {name}")));
        }
    }
    let mut lists: Vec<Vec<Value>> = Vec::new();
    for b in bases {
        lists.push(of_base(*b));
    }
    lists.push(bases.to_vec());
    let mut out = vec![class];
    loop {
        lists.retain(|l| !l.is_empty());
        if lists.is_empty() {
            return Ok(out);
        }
        let good = lists.iter().map(|l| l[0]).find(|c| !lists.iter().any(|l| l[1..].contains(c)));
        match good {
            Some(c) => {
                out.push(c);
                for l in &mut lists {
                    if l[0] == c {
                        l.remove(0);
                    }
                }
            }
            None => {
                let mut names: Vec<String> = Vec::new();
                let mut seen: Vec<Value> = Vec::new();
                for l in &lists {
                    if !seen.contains(&l[0]) {
                        seen.push(l[0]);
                        names.push(o::typeobject::class_name(th, l[0])?);
                    }
                }
                return Err(th.type_error(format!(
                    "Cannot create a consistent method resolution\norder (MRO) for bases {}",
                    names.join(", ")
                )));
            }
        }
    }
}

/// The linearisation of one base: a class's MRO, or a classic class and its bases depth first.
fn of_base(b: Value) -> Vec<Value> {
    match b.cast::<PyType>() {
        Some(t) => match t.unguarded().mro.get().and_then(|m| m.cast::<PyTuple>()) {
            Some(m) => m.get().items().to_vec(),
            None => vec![b],
        },
        None => {
            let mut out = Vec::new();
            classic(b, &mut out);
            out
        }
    }
}

fn classic(b: Value, out: &mut Vec<Value>) {
    if out.contains(&b) {
        return;
    }
    out.push(b);
    for c in o::classobj::bases(b) {
        classic(*c, out);
    }
}
