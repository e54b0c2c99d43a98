//! Replacing text.

use super::search::{Places, count};
use super::unit::Char;

/// The text with up to `most` occurrences of `old` replaced, appended to `out`; none if there is nothing to
/// replace. `reserve` makes room (false: no memory).
pub enum Replaced<C> {
    Unchanged,
    Changed(Vec<C>),
    TooLong,
}

/// See [`Replaced`].
pub fn replace<C: Char>(text: &[C], old: &[C], new: &[C], most: usize) -> Replaced<C> {
    if most == 0 {
        return Replaced::Unchanged;
    }
    if old.is_empty() {
        if new.is_empty() {
            return Replaced::Unchanged;
        }
        return interleave(text, new, most);
    }
    if old.len() > text.len() {
        return Replaced::Unchanged;
    }
    if old.len() == new.len() {
        let mut out: Option<Vec<C>> = None;
        for p in Places::new(text, old).take(most) {
            out.get_or_insert_with(|| text.to_vec())[p..p + old.len()].copy_from_slice(new);
        }
        return out.map_or(Replaced::Unchanged, Replaced::Changed);
    }
    let n = count(text, old, most);
    if n == 0 {
        return Replaced::Unchanged;
    }
    let Some(len) = new.len().checked_mul(n).and_then(|g| g.checked_add(text.len() - old.len() * n)) else {
        return Replaced::TooLong;
    };
    let Some(mut out) = reserved(len) else { return Replaced::TooLong };
    let mut start = 0;
    for p in Places::new(text, old).take(n) {
        out.extend_from_slice(&text[start..p]);
        out.extend_from_slice(new);
        start = p + old.len();
    }
    out.extend_from_slice(&text[start..]);
    Replaced::Changed(out)
}

/// An empty vector with room for `len` characters, if that can be had.
pub fn reserved<C>(len: usize) -> Option<Vec<C>> {
    if len > isize::MAX as usize / 8 {
        return None;
    }
    let mut v = Vec::new();
    v.try_reserve_exact(len).ok()?;
    Some(v)
}

fn interleave<C: Char>(text: &[C], new: &[C], most: usize) -> Replaced<C> {
    let n = most.min(text.len() + 1);
    let Some(len) = new.len().checked_mul(n).and_then(|g| g.checked_add(text.len())) else {
        return Replaced::TooLong;
    };
    let Some(mut out) = reserved(len) else { return Replaced::TooLong };
    for (i, c) in text.iter().enumerate() {
        if i < n {
            out.extend_from_slice(new);
        }
        out.push(*c);
    }
    if n > text.len() {
        out.extend_from_slice(new);
    }
    Replaced::Changed(out)
}
