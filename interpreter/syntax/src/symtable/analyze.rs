//! Second pass: from how names are used to the scope of each.
//!
//! A block receives two sets from the block around it, as copies of its own to change: `bound`, the names bound in the
//! functions around it, and `global`, the names declared global around it. To `free` it adds what it needs from outside.

use super::block::{Block, BlockId, BlockType, Scope, SymbolTable, symbol, unoptimized};
use crate::ast::Ident;
use crate::error::{Error, Result};
use std::collections::{BTreeMap, BTreeSet};

type Names = BTreeSet<Ident>;
type Scopes = BTreeMap<Ident, Scope>;

/// Decides every scope in the table.
pub(super) fn analyze(table: &mut SymbolTable) -> Result<()> {
    let (mut free, mut global) = (Names::new(), Names::new());
    analyze_block(table, SymbolTable::TOP, None, &mut free, &mut global)
}

fn analyze_block(
    table: &mut SymbolTable,
    id: BlockId,
    mut bound: Option<&mut Names>,
    free: &mut Names,
    global: &mut Names,
) -> Result<()> {
    let kind = table.block(id).kind;
    let (mut local, mut scopes) = (Names::new(), Scopes::new());
    let (mut new_bound, mut new_global) = (Names::new(), Names::new());
    if kind == BlockType::Class {
        // A class passes on what it was given: its own declarations do not reach the methods.
        new_global.extend(global.iter().cloned());
        if let Some(bound) = &bound {
            new_bound.extend(bound.iter().cloned());
        }
    }
    let symbols: Vec<(Ident, u32)> = table.block(id).symbols.iter().map(|(n, b)| (n.clone(), *b)).collect();
    for (name, bits) in symbols {
        let block = &mut table.blocks[id.0];
        let scope = analyze_name(block, &name, bits, bound.as_deref_mut(), &mut local, free, global)?;
        scopes.insert(name, scope);
    }
    if kind != BlockType::Class {
        if kind == BlockType::Function {
            new_bound.extend(local.iter().cloned());
        }
        if let Some(bound) = &bound {
            new_bound.extend(bound.iter().cloned());
        }
        new_global.extend(global.iter().cloned());
    }
    let mut new_free = Names::new();
    for child in table.block(id).children.clone() {
        let (mut bound, mut global) = (new_bound.clone(), new_global.clone());
        crate::tree_depth::with_stack(|| {
            analyze_block(table, child, Some(&mut bound), &mut new_free, &mut global)
        })?;
        let child = table.block(child);
        if child.free || child.child_free {
            table.blocks[id.0].child_free = true;
        }
    }
    if kind == BlockType::Function {
        make_cells(&mut scopes, &mut new_free);
    }
    let block = &mut table.blocks[id.0];
    store_scopes(block, &scopes, bound.as_deref(), &new_free);
    check_unoptimized(block)?;
    free.append(&mut new_free);
    Ok(())
}

fn analyze_name(
    block: &mut Block,
    name: &Ident,
    bits: u32,
    bound: Option<&mut Names>,
    local: &mut Names,
    free: &mut Names,
    global: &mut Names,
) -> Result<Scope> {
    if bits & symbol::GLOBAL != 0 {
        if bits & symbol::PARAM != 0 {
            return Err(Error::syntax_in_scope(format!("name '{name}' is local and global"), block.lineno));
        }
        global.insert(name.clone());
        if let Some(bound) = bound {
            bound.remove(name);
        }
        return Ok(Scope::GlobalExplicit);
    }
    if bits & symbol::BOUND != 0 {
        local.insert(name.clone());
        global.remove(name);
        return Ok(Scope::Local);
    }
    if bound.is_some_and(|b| b.contains(name)) {
        block.free = true;
        free.insert(name.clone());
        return Ok(Scope::Free);
    }
    if !global.contains(name) && block.nested {
        block.free = true;
    }
    Ok(Scope::GlobalImplicit)
}

/// A local that a block within needs becomes a cell, and nobody further out has to provide it.
fn make_cells(scopes: &mut Scopes, free: &mut Names) {
    for (name, scope) in scopes {
        if *scope == Scope::Local && free.remove(name) {
            *scope = Scope::Cell;
        }
    }
}

fn store_scopes(block: &mut Block, scopes: &Scopes, bound: Option<&Names>, free: &Names) {
    for (name, bits) in &mut block.symbols {
        *bits |= (scopes[name] as u32) << symbol::SCOPE_SHIFT;
    }
    for name in free {
        if let Some(bits) = block.symbols.get_mut(name) {
            if block.kind == BlockType::Class && *bits & (symbol::BOUND | symbol::GLOBAL) != 0 {
                *bits |= symbol::FREE_CLASS;
            }
        } else if bound.is_some_and(|b| b.contains(name)) {
            block.symbols.insert(name.clone(), (Scope::Free as u32) << symbol::SCOPE_SHIFT);
        }
    }
}

/// `exec` and `import *` are refused where they would change which variables are free.
fn check_unoptimized(block: &Block) -> Result<()> {
    if block.kind != BlockType::Function || block.unoptimized == 0 || !(block.free || block.child_free) {
        return Ok(());
    }
    let reason = if block.child_free {
        "contains a nested function with free variables"
    } else {
        "is a nested function"
    };
    let name =
        String::from_utf8_lossy(&block.name.as_bytes()[..block.name.as_bytes().len().min(100)]).into_owned();
    let message = match block.unoptimized {
        unoptimized::TOPLEVEL | unoptimized::EXEC => return Ok(()),
        unoptimized::IMPORT_STAR => {
            format!("import * is not allowed in function '{name}' because it {reason}")
        }
        unoptimized::BARE_EXEC => {
            format!("unqualified exec is not allowed in function '{name}' because it {reason}")
        }
        _ => format!("function '{name}' uses import * and bare exec, which are illegal because it {reason}"),
    };
    Err(Error::syntax_in_scope(message, block.unoptimized_line))
}
