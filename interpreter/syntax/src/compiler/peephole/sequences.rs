//! Strings and tuples among the constants.

use super::numbers;
use super::repr::string;
use crate::code::Const;

/// The length, for what has one.
pub(super) fn len(value: &Const) -> Option<usize> {
    match value {
        Const::Str { bytes, .. } => Some(bytes.len()),
        Const::Unicode(points) => Some(points.len()),
        Const::Tuple(items) | Const::FrozenSet(items) => Some(items.len()),
        _ => None,
    }
}

/// The code points of a string; bytes must be ASCII to become text.
pub(super) fn points(value: &Const) -> Option<Vec<u32>> {
    match value {
        Const::Str { bytes, .. } if bytes.is_ascii() => Some(bytes.iter().map(|&b| b.into()).collect()),
        Const::Unicode(points) => Some(points.to_vec()),
        _ => None,
    }
}

pub(super) fn concatenate(left: &Const, right: &Const) -> Option<Const> {
    match (left, right) {
        (Const::Str { bytes: a, .. }, Const::Str { bytes: b, .. }) => {
            Some(string(&[&a[..], &b[..]].concat()))
        }
        (Const::Unicode(_), _) | (_, Const::Unicode(_)) => {
            let mut joined = points(left)?;
            joined.extend(points(right)?);
            Some(Const::Unicode(joined.into()))
        }
        (Const::Tuple(a), Const::Tuple(b)) => Some(Const::Tuple(a.iter().chain(b).cloned().collect())),
        _ => None,
    }
}

/// `sequence * count`, unless the result is longer than `limit`.
pub(super) fn repeat(sequence: &Const, count: &Const, limit: usize) -> Option<Const> {
    let len = len(sequence)?;
    let count = usize::try_from(numbers::index(count)?.max(0)).ok()?;
    if len.checked_mul(count)? > limit {
        return None;
    }
    let count = if len == 0 { 0 } else { count };
    match sequence {
        Const::Str { bytes, .. } => Some(string(&bytes.repeat(count))),
        Const::Unicode(points) => Some(Const::Unicode(points.repeat(count).into())),
        Const::Tuple(items) => Some(Const::Tuple((0..count).flat_map(|_| items.iter().cloned()).collect())),
        _ => None,
    }
}

pub(super) fn subscript(sequence: &Const, index: &Const) -> Option<Const> {
    let len = i64::try_from(len(sequence)?).ok()?;
    let index = numbers::index(index)?;
    let index = if index < 0 { index.checked_add(len)? } else { index };
    let index = usize::try_from(index).ok().filter(|&i| (i as i64) < len)?;
    match sequence {
        Const::Str { bytes, .. } => Some(string(&[bytes[index]])),
        Const::Tuple(items) => Some(items[index].clone()),
        // A build with narrow characters might give half of a pair, and code must be the same for both.
        _ => None,
    }
}
