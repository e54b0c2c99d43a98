//! Filling text up to a width.

use super::replace::reserved;
use super::unit::Char;

/// `text` with `left` and `right` fill characters around it; none if that is too long.
pub fn pad<C: Char>(text: &[C], left: usize, right: usize, fill: C) -> Option<Vec<C>> {
    let mut out = reserved(left.checked_add(right)?.checked_add(text.len())?)?;
    out.extend(std::iter::repeat_n(fill, left));
    out.extend_from_slice(text);
    out.extend(std::iter::repeat_n(fill, right));
    Some(out)
}

/// Fill characters left and right that center `len` characters in `width`.
pub fn center(len: usize, width: usize) -> (usize, usize) {
    let missing = width.saturating_sub(len);
    let left = missing / 2 + (missing & width & 1);
    (left, missing - left)
}

/// `zfill`.
pub fn zfill<C: Char>(text: &[C], width: usize) -> Option<Vec<C>> {
    let missing = width.saturating_sub(text.len());
    let mut out = pad(text, missing, 0, C::of(48))?;
    if missing > 0 && text.first().is_some_and(|c| matches!(c.value(), 0x2b | 0x2d)) {
        out.swap(0, missing);
    }
    Some(out)
}

/// `expandtabs`.
pub fn expand_tabs<C: Char>(text: &[C], size: usize) -> Option<Vec<C>> {
    let (mut total, mut column) = (0usize, 0usize);
    let step = |column: usize| if size == 0 { 0 } else { size - column % size };
    for c in text {
        match c.value() {
            9 => {
                let k = step(column);
                column = column.checked_add(k)?;
                total = total.checked_add(k)?;
            }
            v => {
                total = total.checked_add(1)?;
                column = if v == 10 || v == 13 { 0 } else { column + 1 };
            }
        }
    }
    let mut out = reserved(total)?;
    column = 0;
    for c in text {
        match c.value() {
            9 => {
                let k = step(column);
                out.extend(std::iter::repeat_n(C::of(32), k));
                column += k;
            }
            v => {
                out.push(*c);
                column = if v == 10 || v == 13 { 0 } else { column + 1 };
            }
        }
    }
    Some(out)
}
