//! Cutting text apart: split, partition, splitlines, strip. Results are ranges of the text.

use super::search::Places;
use super::unit::Char;
use std::ops::Range;

/// Splits at runs of white space, at most `most` times, from the left.
pub fn split_space<C: Char>(
    text: &[C],
    space: impl Fn(C) -> bool,
    most: usize,
    mut put: impl FnMut(Range<usize>),
) {
    let n = text.len();
    let (mut i, mut done) = (0, 0);
    loop {
        while i < n && space(text[i]) {
            i += 1;
        }
        if i == n {
            return;
        }
        if done == most {
            put(i..n);
            return;
        }
        let start = i;
        while i < n && !space(text[i]) {
            i += 1;
        }
        put(start..i);
        done += 1;
    }
}

/// Splits at runs of white space from the right; ranges come last first.
pub fn rsplit_space<C: Char>(
    text: &[C],
    space: impl Fn(C) -> bool,
    most: usize,
    mut put: impl FnMut(Range<usize>),
) {
    let (mut i, mut done) = (text.len(), 0);
    loop {
        while i > 0 && space(text[i - 1]) {
            i -= 1;
        }
        if i == 0 {
            return;
        }
        if done == most {
            put(0..i);
            return;
        }
        let end = i;
        while i > 0 && !space(text[i - 1]) {
            i -= 1;
        }
        put(i..end);
        done += 1;
    }
}

/// Splits at a separator, which is not empty.
pub fn split<C: Char>(text: &[C], sep: &[C], most: usize, mut put: impl FnMut(Range<usize>)) {
    let mut start = 0;
    for p in Places::new(text, sep).take(most) {
        put(start..p);
        start = p + sep.len();
    }
    put(start..text.len());
}

/// Splits at a separator from the right; ranges come last first.
pub fn rsplit<C: Char>(text: &[C], sep: &[C], most: usize, mut put: impl FnMut(Range<usize>)) {
    let (mut end, mut done) = (text.len(), 0);
    while done < most {
        let found =
            if sep.len() == 1 { C::rfind_one(&text[..end], sep[0]) } else { C::rfind(&text[..end], sep) };
        let Some(p) = found else { break };
        put(p + sep.len()..end);
        end = p;
        done += 1;
    }
    put(0..end);
}

/// Splits into lines; `is_break` says which characters end one, and CR LF counts as one end.
pub fn lines<C: Char>(
    text: &[C],
    is_break: impl Fn(C) -> bool,
    keep: bool,
    mut put: impl FnMut(Range<usize>),
) {
    let n = text.len();
    let mut i = 0;
    while i < n {
        let start = i;
        while i < n && !is_break(text[i]) {
            i += 1;
        }
        let end = i;
        if i < n {
            i += if text[i].value() == 13 && i + 1 < n && text[i + 1].value() == 10 { 2 } else { 1 };
        }
        put(start..if keep { i } else { end });
    }
}

/// What remains after removing characters from the ends.
pub fn strip<C: Char>(text: &[C], drop: impl Fn(C) -> bool, left: bool, right: bool) -> Range<usize> {
    let (mut s, mut e) = (0, text.len());
    if left {
        while s < e && drop(text[s]) {
            s += 1;
        }
    }
    if right {
        while e > s && drop(text[e - 1]) {
            e -= 1;
        }
    }
    s..e
}

/// White space of a `str` (the C locale's).
#[inline]
pub fn is_byte_space(c: u8) -> bool {
    matches!(c, 9..=13 | 32)
}
