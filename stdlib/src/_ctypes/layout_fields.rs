//! Where the fields of a structure or union lie, as C compilers for the machine lay them out.
//!
//! Bit fields share a word of their type as long as there is room, and a word grows to a wider type's when that has.

use super::codes;
use super::field::{self, Field};
use super::info::{self, CType, IN_REGISTERS, Info, Passed, Signature, Sort};
use super::structure::{declaration, spread_anonymous};
use interpreter::layout::{PyStr, PyType, PyUnicode};
use interpreter::{PyResult, Thread, Value, ops, types};
use std::sync::atomic::Ordering;

/// The open word of bit fields: its size and how many bits are taken; none: no bit field came last.
#[derive(Copy, Clone)]
struct Word {
    bits: usize,
    used: usize,
}

/// What has been laid out so far.
struct Plan {
    is_union: bool,
    /// The most a field may be aligned to; 0: as the types say.
    pack: usize,
    big_endian: bool,
    size: usize,
    offset: usize,
    align: usize,
    word: Option<Word>,
    /// What is passed to foreign code where: offset and part.
    parts: Vec<(usize, Passed)>,
    pointers: bool,
    format: String,
}

/// Gives a class its fields.
pub(super) fn lay_out(
    th: &mut Thread,
    class: Value,
    t: CType,
    base: Option<CType>,
    fields: Value,
) -> PyResult<()> {
    if t.info().in_use.load(Ordering::Relaxed) {
        return Err(th.attribute_error("_fields_ is final"));
    }
    if !ops::is_sequence(fields) {
        return Err(th.type_error("'_fields_' must be a sequence of pairs"));
    }
    let pack = pack_of(th, class)?;
    let name = th.intern(b"_swappedbytes_");
    let swapped = ops::getattr_opt(th, class, name)?.is_some();
    let is_union = t.info().sort == Sort::Union;
    let mut plan = Plan {
        is_union,
        pack: pack.unwrap_or(0),
        big_endian: swapped != cfg!(target_endian = "big"),
        size: 0,
        offset: 0,
        align: 1,
        word: None,
        parts: Vec::new(),
        pointers: false,
        format: String::from("T{"),
    };
    let mut index = 0;
    if let Some(b) = base {
        let i = b.info();
        plan.size = i.size;
        plan.offset = if is_union { 0 } else { i.size };
        plan.align = i.align.max(1);
        plan.pointers = i.pointers;
        index = i.length;
        if i.size > 0 {
            plan.parts.push((0, i.passed.clone()));
        }
        i.set_in_use();
    }
    let rows = ops::collect(th, fields)?;
    for i in 0..rows.len() {
        let Some(row) = rows.get(i).and_then(Value::from_bits) else { break };
        let Some(parts) = declaration(row) else {
            return Err(th.attribute_error("'_fields_' must be a sequence of pairs"));
        };
        add(th, class, &mut plan, i, index, parts)?;
        index += 1;
    }
    if t.info().in_use.load(Ordering::Relaxed) {
        return Err(th.attribute_error("Structure or union cannot contain itself"));
    }
    let size = plan.size.checked_next_multiple_of(plan.align).filter(|n| *n <= isize::MAX as usize);
    let Some(size) = size else { return Err(th.overflow_error("structure too large")) };
    plan.format.push('}');
    let passed = passed(&plan, size);
    let info = Info {
        length: index,
        pointers: plan.pointers,
        swapped,
        format: if is_union || pack.is_some() { "B".into() } else { plan.format },
        passed,
        ..Info::new(t.info().sort, size, plan.align)
    };
    info.set_in_use();
    info::attach(th, class, info, None, Signature::default())?;
    spread_anonymous(th, class)
}

fn pack_of(th: &mut Thread, class: Value) -> PyResult<Option<usize>> {
    let name = th.intern(b"_pack_");
    let Some(v) = ops::getattr_opt(th, class, name)? else { return Ok(None) };
    match ops::int_value(v).and_then(|n| i32::try_from(n).ok()).and_then(|n| usize::try_from(n).ok()) {
        Some(n) => Ok(Some(n)),
        None => Err(th.value_error("_pack_ must be a non-negative integer")),
    }
}

fn add(
    th: &mut Thread,
    class: Value,
    plan: &mut Plan,
    row: usize,
    index: usize,
    parts: &[Value],
) -> PyResult<()> {
    let (name, of) = (parts[0], parts[1]);
    let Some(t) = info::of_class(of) else {
        return Err(th.type_error(format!("second item in _fields_ tuple (index {row}) must be a C type")));
    };
    let i = t.info();
    let bits = match parts.get(2) {
        Some(n) => Some(bit_count(th, t, of, *n)?),
        None => None,
    };
    i.set_in_use();
    plan.pointers |= i.pointers;
    let name = match name.payload::<PyUnicode>() {
        Some(_) => match interpreter::objects::unicode::encode_default(th, name) {
            Ok(n) => n,
            Err(e) => {
                e.catch(th)?;
                return Err(th.type_error("structure field name must be string not unicode"));
            }
        },
        None if name.payload::<PyStr>().is_some() => name,
        None => {
            let n = ops::type_name(name);
            return Err(th.type_error(format!("structure field name must be string not {n}")));
        }
    };
    if plan.is_union {
        plan.offset = 0;
        plan.word = None;
    }
    let Some((offset, shift)) = place(plan, i, bits) else {
        return Err(th.overflow_error("structure too large"));
    };
    plan.format.push_str(&format!("{}:{}:", i.whole_format(), String::from_utf8_lossy(th.str_bytes(name))));
    let f =
        Field { class: of, index, offset, size: i.size, bits: bits.unwrap_or(0), shift, anonymous: false };
    let d = field::make(th, f);
    let name = th.intern(th.str_bytes(name));
    match class.cast::<PyType>() {
        Some(t) => types::modify::set_attribute(th, t, name, Some(d)).map(|_| ()),
        None => Ok(()),
    }
}

fn bit_count(th: &mut Thread, t: CType, class: Value, n: Value) -> PyResult<usize> {
    let i = t.info();
    if i.sort != Sort::Simple || codes::bit_field_sign(i.letter).is_none() || matches!(i.letter, b'c' | b'u')
    {
        let name = super::value::class_name(class);
        return Err(th.type_error(format!("bit fields not allowed for type {name}")));
    }
    let n = ops::int32_arg(th, n)?;
    match usize::try_from(n).ok().filter(|n| *n > 0 && *n <= i.size * 8) {
        Some(n) => Ok(n),
        None => Err(th.value_error("number of bits invalid for bit field")),
    }
}

/// Finds room for a field: its offset and, of a bit field, its lowest bit. None: too large.
fn place(plan: &mut Plan, i: &Info, bits: Option<usize>) -> Option<(usize, usize)> {
    let own = i.size * 8;
    if let (Some(n), Some(w)) = (bits, plan.word) {
        if own <= w.bits && w.used + n <= w.bits {
            plan.word = Some(Word { used: w.used + n, ..w });
            return Some((plan.offset.checked_sub(i.size)?, shift(plan, w.bits, w.used, n)));
        }
        if own >= w.bits && w.used + n <= own {
            // The word grows.
            plan.offset = plan.offset.checked_add(i.size - w.bits / 8)?;
            plan.size = plan.size.checked_add(i.size - w.bits / 8)?;
            plan.word = Some(Word { bits: own, used: w.used + n });
            let at = plan.offset - i.size;
            if let Some(last) = plan.parts.last_mut() {
                *last = (at, i.passed.clone());
            }
            return Some((at, shift(plan, own, w.used, n)));
        }
    }
    plan.word = bits.map(|n| Word { bits: own, used: n });
    let align = if plan.pack > 0 { i.align.min(plan.pack) } else { i.align }.max(1);
    plan.align = plan.align.max(align);
    let at = plan.offset.checked_next_multiple_of(align)?;
    let end = at.checked_add(i.size)?;
    plan.offset = end;
    plan.size = if plan.is_union { plan.size.max(end) } else { end };
    plan.parts.push((at, i.contents.clone().unwrap_or_else(|| i.passed.clone())));
    Some((at, bits.map_or(0, |n| shift(plan, own, 0, n))))
}

fn shift(plan: &Plan, word: usize, used: usize, n: usize) -> usize {
    if plan.big_endian { word - used - n } else { used }
}

/// How the whole is passed.
fn passed(plan: &Plan, size: usize) -> Passed {
    if size > IN_REGISTERS {
        return Passed::Block { size, align: plan.align };
    }
    if !plan.is_union {
        return Passed::Parts(plan.parts.iter().map(|p| p.1.clone()).collect());
    }
    // A union goes as its numbers do, if all are of one kind of floating point; else as integers.
    let mut letters = Vec::new();
    plan.parts.iter().for_each(|p| leaves(&p.1, &mut letters));
    match letters.first() {
        Some(first @ (b'f' | b'd')) if letters.iter().all(|l| l == first) => {
            let width = if *first == b'f' { 4 } else { 8 };
            Passed::Parts(vec![Passed::Simple(*first); size / width])
        }
        _ => Passed::Block { size, align: plan.align },
    }
}

fn leaves(p: &Passed, out: &mut Vec<u8>) {
    match p {
        Passed::Simple(letter) => out.push(*letter),
        Passed::Parts(parts) => parts.iter().for_each(|p| leaves(p, out)),
        Passed::Block { .. } => out.push(b'Q'),
    }
}
