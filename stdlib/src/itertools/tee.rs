//! `tee`: independent iterators over one source share a chain of blocks that hold what was read. A block is a record
//! of source, list of items, next block, and a mark while the source is being asked; an iterator one of block and position. Blocks nobody needs any more die.

use super::state::{State, check_args, state};
use interpreter::kinds::kind;
use interpreter::layout::{PyList, PyRecord};
use interpreter::native::{Args, MethodDef, NO_NEW, TypeDef, WEAKREFS};
use interpreter::objects::list::{itself, storage};
use interpreter::objects::unpack::{expect_args, no_keywords};
use interpreter::ops;
use interpreter::types::slots::SlotTable;
use interpreter::types::{type_of, wrap_new};
use interpreter::value::{Slot, Value};
use interpreter::{PyResult, Thread};

/// Items in a block.
const BLOCK: usize = 57;

/// The type of the iterators that `tee` makes.
pub static TEE: TypeDef = TypeDef {
    module: "itertools",
    doc: Some("An iterator that can be copied."),
    flags: WEAKREFS,
    slots: SlotTable { iter: Some(itself), next: Some(next), new: Some(new), ..SlotTable::EMPTY },
    methods: &[MethodDef::new("__copy__", copy, 0, 0, 0, "Another iterator at the same position.")],
    ..TypeDef::new("tee", kind::RECORD)
};

/// The type of blocks.
pub static TEE_DATA: TypeDef =
    TypeDef { module: "itertools", flags: NO_NEW, ..TypeDef::new("tee_dataobject", kind::RECORD) };

fn new_block(th: &mut Thread, source: Value) -> PyResult {
    let items = th.new_list(&[])?;
    Ok(th.new_record(&TEE_DATA, &[Some(source), Some(items), None, None]))
}

/// A copyable iterator over any iterable.
fn from_iterable(th: &mut Thread, x: Value) -> PyResult {
    let it = ops::iter(th, x)?;
    if type_of(it).value() == TEE.class() {
        return copy_of(th, it);
    }
    let block = new_block(th, it)?;
    Ok(th.new_record(&TEE, &[Some(block), Some(Value::int_unchecked(0))]))
}

fn copy_of(th: &mut Thread, v: Value) -> PyResult {
    let s = state(th, v)?;
    let slots = [s.get(th, 0)?, s.get(th, 1)?];
    Ok(th.new_record(&TEE, &slots))
}

fn new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    check_args(th, class, &TEE, &args, 1, 1)?;
    let base = from_iterable(th, args.pos[0])?;
    wrap_new(th, class, &TEE, base)
}

fn copy(th: &mut Thread, args: Args<'_>) -> PyResult {
    copy_of(th, args.pos[0])
}

fn next(th: &mut Thread, v: Value) -> PyResult<Slot> {
    let s = state(th, v)?;
    let mut i = s.number(th, 1)? as usize;
    if i >= BLOCK {
        let Some(block) = s.value(th, 0)?.cast::<PyRecord>().map(State) else { return Ok(None) };
        let following = match block.get(th, 2)? {
            Some(b) => b,
            None => {
                let source = block.value(th, 0)?;
                let b = new_block(th, source)?;
                block.set(th, 2, Some(b))?;
                b
            }
        };
        s.set(th, 0, Some(following))?;
        s.set_number(th, 1, 0)?;
        i = 0;
    }
    let Some(block) = s.value(th, 0)?.cast::<PyRecord>().map(State) else { return Ok(None) };
    let Some(items) = block.value(th, 1)?.cast::<PyList>() else { return Ok(None) };
    let x = match storage::get(th, items, i)? {
        Some(x) => x,
        None => {
            if block.get(th, 3)?.is_some() {
                return Err(th.runtime_error("cannot re-enter the tee iterator"));
            }
            block.set(th, 3, Some(Value::TRUE))?;
            let source = block.value(th, 0)?;
            let asked = match ops::next(th, source) {
                Ok(x) => Ok(x),
                Err(e) => Err(e.catch(th)?),
            };
            block.set(th, 3, None)?;
            let Some(x) = asked.map_err(|c| th.reraise(c))? else { return Ok(None) };
            storage::push(th, items, x)?;
            x
        }
    };
    s.set_number(th, 1, i as i64 + 1)?;
    Ok(Some(x))
}

/// `itertools.tee(iterable, n=2)`.
pub fn tee(th: &mut Thread, args: Args<'_>) -> PyResult {
    no_keywords(th, &args, "tee")?;
    if args.is_empty() {
        return Err(th.type_error("function takes at least 1 argument (0 given)"));
    }
    expect_args(th, &args, 0, "tee", 1, 2)?;
    let n = match args.get(1) {
        Some(v) => ops::integer_arg(th, v)?,
        None => 2,
    };
    if n < 0 {
        return Err(th.value_error("n must be >= 0"));
    }
    let n = th.checked_size(usize::try_from(n).ok())?;
    if n == 0 {
        return Ok(th.new_tuple(&[]));
    }
    let it = ops::iter(th, args.pos[0])?;
    let name = th.intern(b"__copy__");
    let copyable = ops::getattr_opt(th, it, name)?.is_some();
    let first = if copyable { it } else { from_iterable(th, it)? };
    let all = th.m.root_vec();
    all.push(first.bits());
    while all.len() < n {
        let m = ops::getattr(th, first, name)?;
        let c = ops::call(th, m, &[])?;
        all.push(c.bits());
    }
    th.try_tuple(ops::values(&all))
}
