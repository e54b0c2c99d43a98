//! `from __future__ import ...` at the beginning of a file.

use crate::ast::{Alias, ExprKind, Mod, Stmt, StmtKind};
use crate::code::flags;
use crate::error::{Error, Result};

/// The message for a future statement that comes too late.
pub const LATE_FUTURE: &str = "from __future__ imports must occur at the beginning of the file";

/// What the future statements of an input ask for.
#[derive(Clone, Copy, Debug)]
pub struct FutureFeatures {
    /// Bits of [`flags`].
    pub features: u32,
    /// Line of the last future statement, -1 without one.
    pub last_line: i32,
}

/// Reads the future statements; fails on an unknown feature and on one that follows other code on the same line.
pub fn find_future_features(module: &Mod) -> Result<FutureFeatures> {
    let mut found = FutureFeatures { features: 0, last_line: -1 };
    let (Mod::Module(body) | Mod::Interactive(body)) = module else { return Ok(found) };
    let (mut done, mut seen_docstring, mut last_line) = (false, false, 0);
    for stmt in body {
        if done && stmt.lineno > last_line {
            break;
        }
        last_line = stmt.lineno;
        match &stmt.kind {
            StmtKind::ImportFrom { module: Some(module), names, .. } if *module == "__future__" => {
                if done {
                    return Err(Error::syntax_in_scope(LATE_FUTURE, stmt.lineno));
                }
                found.features |= features_named(stmt, names)?;
                found.last_line = stmt.lineno;
            }
            StmtKind::Expr { value } if !seen_docstring && matches!(value.kind, ExprKind::Str { .. }) => {
                seen_docstring = true
            }
            _ => done = true,
        }
    }
    Ok(found)
}

fn features_named(stmt: &Stmt, names: &[Alias]) -> Result<u32> {
    let mut features = 0;
    for alias in names {
        features |= match alias.name.as_bytes() {
            b"nested_scopes" | b"generators" => 0,
            b"division" => flags::FUTURE_DIVISION,
            b"absolute_import" => flags::FUTURE_ABSOLUTE_IMPORT,
            b"with_statement" => flags::FUTURE_WITH_STATEMENT,
            b"print_function" => flags::FUTURE_PRINT_FUNCTION,
            b"unicode_literals" => flags::FUTURE_UNICODE_LITERALS,
            b"braces" => return Err(Error::syntax_in_scope("not a chance", stmt.lineno)),
            other => {
                let name = String::from_utf8_lossy(&other[..other.len().min(100)]).into_owned();
                return Err(Error::syntax_in_scope(
                    format!("future feature {name} is not defined"),
                    stmt.lineno,
                ));
            }
        };
    }
    Ok(features)
}
