//! Normalization: decomposition, canonical order, composition (UAX #15).

use crate::table::{Version, record};
use crate::texts::{decomposition, texts};

/// The four forms.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Form {
    Nfc,
    Nfd,
    Nfkc,
    Nfkd,
}

const S: u32 = 0xac00;
const L: u32 = 0x1100;
const V: u32 = 0x1161;
const T: u32 = 0x11a7;

fn decompose(version: Version, c: u32, compatibly: bool, out: &mut Vec<u32>) {
    if let Some(s) = c.checked_sub(S).filter(|s| *s < 11172) {
        out.extend([L + s / 588, V + s % 588 / 28]);
        if s % 28 != 0 {
            out.push(T + s % 28);
        }
        return;
    }
    let d = if c < 0xa0 { "" } else { decomposition(version, c) };
    if d.is_empty() || (d.starts_with('<') && !compatibly) {
        out.push(c);
        return;
    }
    for w in d.split(' ').filter(|w| !w.starts_with('<')) {
        decompose(version, u32::from_str_radix(w, 16).unwrap_or(0xfffd), compatibly, out);
    }
}

/// A text in a normalization form.
pub fn normalize(version: Version, form: Form, text: impl Iterator<Item = u32>) -> Vec<u32> {
    let class = |c: u32| record(version, c).combining;
    let mut out = Vec::new();
    for c in text {
        decompose(version, c, matches!(form, Form::Nfkc | Form::Nfkd), &mut out);
    }
    // Runs of combining characters are sorted by class; the sort is stable.
    let mut i = 0;
    while i < out.len() {
        if class(out[i]) == 0 {
            i += 1;
            continue;
        }
        let end = out[i..].iter().position(|c| class(*c) == 0).map_or(out.len(), |n| i + n);
        out[i..end].sort_by_key(|c| class(*c));
        i = end;
    }
    if matches!(form, Form::Nfd | Form::Nfkd) {
        return out;
    }
    compose(version, &out)
}

fn pair(version: Version, a: u32, b: u32) -> Option<u32> {
    if let (Some(l), Some(v)) = (a.checked_sub(L).filter(|l| *l < 19), b.checked_sub(V).filter(|v| *v < 21)) {
        return Some(S + l * 588 + v * 28);
    }
    if let (Some(s), Some(t)) =
        (a.checked_sub(S).filter(|s| *s < 11172), b.checked_sub(T).filter(|t| (1..28).contains(t)))
        && s % 28 == 0
    {
        return Some(a + t);
    }
    let (c, old) = *texts().pairs.get(&(a, b))?;
    (old || version == Version::New).then_some(c)
}

fn compose(version: Version, text: &[u32]) -> Vec<u32> {
    let mut out: Vec<u32> = Vec::with_capacity(text.len());
    // Place of the last starter in `out`, and the class of what was kept after it.
    let (mut starter, mut last) = (None, 0u8);
    for &c in text {
        let k = record(version, c).combining;
        if let Some(s) = starter {
            let s: usize = s;
            let adjacent = s + 1 == out.len();
            if (adjacent || (last != 0 && last < k))
                && let Some(x) = pair(version, out[s], c)
            {
                out[s] = x;
                continue;
            }
        }
        if k == 0 {
            starter = Some(out.len());
        }
        last = k;
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        let n = |f, t: &[u32]| normalize(Version::New, f, t.iter().copied());
        assert_eq!(n(Form::Nfd, &[0xe9]), [0x65, 0x301]);
        assert_eq!(n(Form::Nfc, &[0x65, 0x301]), [0xe9]);
        assert_eq!(n(Form::Nfc, &[0x1100, 0x1161, 0x11a8]), [0xac01]);
        assert_eq!(n(Form::Nfd, &[0xac01]), [0x1100, 0x1161, 0x11a8]);
        assert_eq!(n(Form::Nfkc, &[0xfb01]), [0x66, 0x69]);
        assert_eq!(n(Form::Nfc, &[0x64, 0x307, 0x323]), [0x1e0d, 0x307]);
    }
}
