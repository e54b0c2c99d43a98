//! `_symtable`: the compiler's symbol tables, for module `symtable`.

use crate::arguments::text;
use interpreter::eval::Mode;
use interpreter::kinds::kind;
use interpreter::layout::PyRecord;
use interpreter::native::{Args, GetSetDef, MethodDef, ModuleDef, NO_NEW, TypeDef};
use interpreter::objects::{dict, module};
use interpreter::types::slots::SlotTable;
use interpreter::{PyResult, Thread, Value, ops, source};
use syntax::symtable::{self, BlockId, BlockType, SymbolTable, symbol, unoptimized};

const ID: usize = 0;
const NAME: usize = 1;
const LINENO: usize = 6;

const fn field(name: &'static str, get: fn(&mut Thread, Value) -> PyResult) -> GetSetDef {
    GetSetDef { name, get, set: None, doc: "" }
}

fn at(th: &mut Thread, v: Value, i: usize) -> PyResult {
    let x = match v.cast::<PyRecord>() {
        Some(r) => r.read(th)?.at(i).get(),
        None => None,
    };
    Ok(x.unwrap_or(Value::NONE))
}

/// One block: a record of the fields below.
static ENTRY: TypeDef = TypeDef {
    flags: NO_NEW,
    slots: SlotTable { repr: Some(repr), ..SlotTable::EMPTY },
    getset: &[
        field("id", |th, v| at(th, v, ID)),
        field("name", |th, v| at(th, v, NAME)),
        field("symbols", |th, v| at(th, v, 2)),
        field("varnames", |th, v| at(th, v, 3)),
        field("children", |th, v| at(th, v, 4)),
        field("type", |th, v| at(th, v, 5)),
        field("lineno", |th, v| at(th, v, LINENO)),
        field("optimized", |th, v| at(th, v, 7)),
        field("nested", |th, v| at(th, v, 8)),
    ],
    ..TypeDef::new("symtable entry", kind::RECORD)
};

fn repr(th: &mut Thread, v: Value) -> PyResult {
    let (id, name, line) = (at(th, v, ID)?, at(th, v, NAME)?, at(th, v, LINENO)?);
    let (id, line) = (ops::int_value(id).unwrap_or(0), ops::int_value(line).unwrap_or(0));
    let mut out = b"<symtable entry ".to_vec();
    out.extend_from_slice(th.str_bytes(name));
    out.extend_from_slice(format!("({id}), line {line}>").as_bytes());
    th.try_str(&out)
}

/// `_symtable`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_symtable",
    doc: None,
    functions: &[MethodDef::new(
        "symtable",
        symtable_of,
        3,
        3,
        0,
        "symtable(text, filename, mode) -> the symbol table the compiler makes of a text",
    )],
    types: &[],
    init: Some(|th, m| {
        crate::ready(th, &[&ENTRY])?;
        for (name, n) in [
            ("USE", symbol::USE),
            ("DEF_GLOBAL", symbol::GLOBAL),
            ("DEF_LOCAL", symbol::LOCAL),
            ("DEF_PARAM", symbol::PARAM),
            ("DEF_FREE", symbol::FREE),
            ("DEF_FREE_CLASS", symbol::FREE_CLASS),
            ("DEF_IMPORT", symbol::IMPORT),
            ("DEF_BOUND", symbol::BOUND),
            ("TYPE_FUNCTION", 0),
            ("TYPE_CLASS", 1),
            ("TYPE_MODULE", 2),
            ("OPT_IMPORT_STAR", unoptimized::IMPORT_STAR),
            ("OPT_EXEC", unoptimized::EXEC),
            ("OPT_BARE_EXEC", unoptimized::BARE_EXEC),
            ("LOCAL", 1),
            ("GLOBAL_EXPLICIT", 2),
            ("GLOBAL_IMPLICIT", 3),
            ("FREE", 4),
            ("CELL", 5),
            ("SCOPE_OFF", symbol::SCOPE_SHIFT),
            ("SCOPE_MASK", 7),
        ] {
            module::add_int(th, m, name, i64::from(n))?;
        }
        Ok(())
    }),
};

fn symtable_of(th: &mut Thread, args: Args<'_>) -> PyResult {
    let source_text = text(th, args.pos[0], "symtable", 1)?;
    let filename = text(th, args.pos[1], "symtable", 2)?;
    let mode = match &text(th, args.pos[2], "symtable", 3)?[..] {
        b"exec" => Mode::Exec,
        b"eval" => Mode::Eval,
        b"single" => Mode::Single,
        _ => return Err(th.value_error("symtable() arg 3 must be 'exec' or 'eval' or 'single'")),
    };
    let table = source::symbols_with(th, &source_text, &filename, mode)?;
    entry(th, &table, SymbolTable::TOP)
}

fn entry(th: &mut Thread, table: &symtable::SymbolTable, id: BlockId) -> PyResult {
    th.check_native_stack()?;
    let b = table.block(id);
    let symbols = th.new_dict();
    for (name, bits) in &b.symbols {
        let (name, bits) = (th.intern(name.as_bytes()), th.int(i64::from(*bits)));
        dict::set_str(th, symbols, name, bits)?;
    }
    let names = th.m.root_vec();
    for n in &b.varnames {
        names.push(th.intern(n.as_bytes()).bits());
    }
    let varnames = th.new_list(ops::values(&names))?;
    let inner = th.m.root_vec();
    for c in &b.children {
        inner.push(entry(th, table, *c)?.bits());
    }
    let children = th.new_list(ops::values(&inner))?;
    let kind = match b.kind {
        BlockType::Function => 0,
        BlockType::Class => 1,
        BlockType::Module => 2,
    };
    let name = th.intern(b.name.as_bytes());
    let fields = [
        // As good as any address: it tells the blocks of a table apart.
        Some(th.int(std::ptr::from_ref(b) as i64)),
        Some(name),
        Some(symbols),
        Some(varnames),
        Some(children),
        Some(th.int(kind)),
        Some(th.int(i64::from(b.lineno))),
        Some(th.int(i64::from(b.unoptimized))),
        Some(th.int(i64::from(b.nested))),
    ];
    Ok(th.new_record(&ENTRY, &fields))
}
