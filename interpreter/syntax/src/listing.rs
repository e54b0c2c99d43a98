//! A code object as text, for tests and developers: every attribute, then the instructions, then the nested code objects.

use crate::code::{CodeObject, Const};
use crate::opcodes::{COMPARE_NAMES, Opcode, Operand};
use std::fmt::Write;

/// The listing of a code object and all within it.
pub fn listing(code: &CodeObject) -> String {
    let mut out = String::new();
    write_code(&mut out, code);
    out
}

fn text(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string()
}

fn names(names: &[Box<[u8]>]) -> String {
    names.iter().map(|n| text(n)).collect::<Vec<_>>().join(" ")
}

fn constant(value: &Const) -> String {
    match value {
        Const::None => "None".into(),
        Const::True => "True".into(),
        Const::False => "False".into(),
        Const::Ellipsis => "Ellipsis".into(),
        Const::StopIteration => "StopIteration".into(),
        Const::Int(n) => n.to_string(),
        Const::Long(n) => format!("{n}L"),
        Const::Float(x) => format!("{x:?}"),
        Const::Complex(re, im) => format!("complex({re:?}, {im:?})"),
        Const::Str { bytes, .. } => format!("'{}'", text(bytes)),
        Const::Unicode(points) => {
            let chars: String = points.iter().map(|&p| char::from_u32(p).unwrap_or('\u{fffd}')).collect();
            format!("u'{}'", chars.escape_default())
        }
        Const::Tuple(items) if items.len() == 1 => format!("({},)", constant(&items[0])),
        Const::Tuple(items) => format!("({})", items.iter().map(constant).collect::<Vec<_>>().join(", ")),
        Const::FrozenSet(items) => {
            format!("frozenset({})", items.iter().map(constant).collect::<Vec<_>>().join(", "))
        }
        Const::Code(code) => format!("<code {}>", text(&code.name)),
    }
}

fn write_code(out: &mut String, code: &CodeObject) {
    let _ = writeln!(
        out,
        "{}: line {}, flags {:#x}, {} arguments, {} locals, stack {}",
        text(&code.name),
        code.firstlineno,
        code.flags,
        code.argcount,
        code.nlocals,
        code.stacksize
    );
    for (title, list) in [
        ("names", &code.names),
        ("locals", &code.varnames),
        ("free", &code.freevars),
        ("cells", &code.cellvars),
    ] {
        if !list.is_empty() {
            let _ = writeln!(out, "  {title}: {}", names(list));
        }
    }
    let consts: Vec<String> = code.consts.iter().map(constant).collect();
    if !consts.is_empty() {
        let _ = writeln!(out, "  consts: {}", consts.join(", "));
    }
    write_instructions(out, code);
    for value in &code.consts {
        if let Const::Code(inner) = value {
            out.push('\n');
            write_code(out, inner);
        }
    }
}

fn write_instructions(out: &mut String, code: &CodeObject) {
    let mut shown = None;
    let mut at = 0;
    let mut extended = 0;
    while at < code.code.len() {
        let line = code.line_at(at);
        let margin = if shown == Some(line) { String::new() } else { line.to_string() };
        shown = Some(line);
        let Some(op) = Opcode::from_u8(code.code[at]) else {
            let _ = writeln!(out, "{margin:>5} {at:>5} <{}>", code.code[at]);
            at += 1;
            continue;
        };
        let _ = write!(out, "{margin:>5} {at:>5} {}", op.name());
        let size = op.size();
        if op.has_argument() {
            let low = code.code.get(at + 1..at + 3).map_or(0, |b| u16::from_le_bytes([b[0], b[1]]));
            let arg = extended | u32::from(low);
            extended = if op == Opcode::EXTENDED_ARG { arg << 16 } else { 0 };
            let _ = write!(out, " {arg}{}", operand(code, op, arg as usize, at + size));
        }
        out.push('\n');
        at += size;
    }
}

/// What an operand stands for, in parentheses.
fn operand(code: &CodeObject, op: Opcode, arg: usize, next: usize) -> String {
    let shown = match op.operand() {
        Operand::None | Operand::Call | Operand::Count => None,
        Operand::Const => code.consts.get(arg).map(constant),
        Operand::Name => code.names.get(arg).map(|n| text(n)),
        Operand::Local => code.varnames.get(arg).map(|n| text(n)),
        Operand::Free => code.cellvars.iter().chain(&code.freevars).nth(arg).map(|n| text(n)),
        Operand::JumpForward => Some(format!("to {}", next + arg)),
        Operand::JumpAbsolute => Some(format!("to {arg}")),
        Operand::Compare => COMPARE_NAMES.get(arg).map(|n| (*n).to_string()),
    };
    shown.map(|s| format!(" ({s})")).unwrap_or_default()
}
