//! Finding text in text.
//!
//! Bytes go to memchr's searchers. Wider characters are searched by trying each place where the first character
//! occurs; once the comparisons made exceed a multiple of the text passed over, the rest is done by the
//! Knuth-Morris-Pratt automaton, so that the time stays linear whatever the input.

use super::unit::Char;

/// The failure function of Knuth, Morris and Pratt.
fn borders<C: Char>(len: usize, at: impl Fn(usize) -> C) -> Vec<usize> {
    let mut b = vec![0; len];
    let mut k = 0;
    for i in 1..len {
        let c = at(i);
        while k > 0 && at(k) != c {
            k = b[k - 1];
        }
        if at(k) == c {
            k += 1;
        }
        b[i] = k;
    }
    b
}

/// The first place of a pattern in a text, both given by access functions.
fn automaton<C: Char>(
    n: usize,
    text: impl Fn(usize) -> C,
    m: usize,
    what: impl Fn(usize) -> C,
) -> Option<usize> {
    let b = borders(m, &what);
    let mut k = 0;
    for i in 0..n {
        let c = text(i);
        while k > 0 && what(k) != c {
            k = b[k - 1];
        }
        if what(k) == c {
            k += 1;
        }
        if k == m {
            return Some(i + 1 - m);
        }
    }
    None
}

/// [`Char::find`] of wide characters.
pub fn find_wide<C: Char>(text: &[C], what: &[C]) -> Option<usize> {
    let (n, m) = (text.len(), what.len());
    if m == 0 {
        return Some(0);
    }
    if m > n {
        return None;
    }
    if m == 1 {
        return C::find_one(text, what[0]);
    }
    let (mut at, mut work) = (0, 0usize);
    while at + m <= n {
        at += C::find_one(&text[at..n - m + 1], what[0])?;
        let same = text[at..at + m].iter().zip(what).take_while(|(a, b)| a == b).count();
        if same == m {
            return Some(at);
        }
        work += same;
        at += 1;
        if work > 4 * at + 64 {
            return automaton(n - at, |i| text[at + i], m, |i| what[i]).map(|p| p + at);
        }
    }
    None
}

/// [`Char::rfind`] of wide characters.
pub fn rfind_wide<C: Char>(text: &[C], what: &[C]) -> Option<usize> {
    let (n, m) = (text.len(), what.len());
    if m == 0 {
        return Some(n);
    }
    if m > n {
        return None;
    }
    if m == 1 {
        return C::rfind_one(text, what[0]);
    }
    let (mut end, mut work) = (n, 0usize);
    while end >= m {
        end = C::rfind_one(&text[m - 1..end], what[m - 1])? + m;
        let part = &text[end - m..end];
        let same = part.iter().rev().zip(what.iter().rev()).take_while(|(a, b)| a == b).count();
        if same == m {
            return Some(end - m);
        }
        work += same;
        end -= 1;
        if work > 4 * (n - end) + 64 {
            return automaton(end, |i| text[end - 1 - i], m, |i| what[m - 1 - i]).map(|p| end - p - m);
        }
    }
    None
}

/// How often a text occurs without overlap; the empty text occurs at every place.
pub fn count<C: Char>(text: &[C], what: &[C], most: usize) -> usize {
    if what.is_empty() {
        return most.min(text.len() + 1);
    }
    Places::new(text, what).take(most).count()
}

/// The places of a non-empty text, from left to right, without overlap.
pub struct Places<'a, C: Char> {
    text: &'a [C],
    what: &'a [C],
    at: usize,
    /// For wide characters once the simple search has done too much work: the automaton's table.
    work: usize,
    table: Option<Vec<usize>>,
}

impl<'a, C: Char> Places<'a, C> {
    pub fn new(text: &'a [C], what: &'a [C]) -> Places<'a, C> {
        Places { text, what, at: 0, work: 0, table: None }
    }

    fn by_automaton(&mut self) -> Option<usize> {
        let what = self.what;
        let b = self.table.get_or_insert_with(|| borders(what.len(), |i| what[i]));
        let mut k = 0;
        for i in self.at..self.text.len() {
            let c = self.text[i];
            while k > 0 && what[k] != c {
                k = b[k - 1];
            }
            if what[k] == c {
                k += 1;
            }
            if k == what.len() {
                self.at = i + 1;
                return Some(i + 1 - what.len());
            }
        }
        self.at = self.text.len();
        None
    }
}

impl<C: Char> Iterator for Places<'_, C> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let (n, m) = (self.text.len(), self.what.len());
        if m == 0 || self.at + m > n {
            return None;
        }
        if C::WIDTH == 1 || m == 1 {
            let rest = &self.text[self.at..];
            let p =
                if m == 1 { C::find_one(rest, self.what[0])? } else { C::find(rest, self.what)? } + self.at;
            self.at = p + m;
            return Some(p);
        }
        if self.table.is_some() {
            return self.by_automaton();
        }
        while self.at + m <= n {
            let Some(p) = C::find_one(&self.text[self.at..n - m + 1], self.what[0]) else {
                self.at = n;
                return None;
            };
            let p = p + self.at;
            let same = self.text[p..p + m].iter().zip(self.what).take_while(|(a, b)| a == b).count();
            if same == m {
                self.at = p + m;
                return Some(p);
            }
            self.work += same;
            self.at = p + 1;
            if self.work > 4 * self.at + 64 {
                return self.by_automaton();
            }
        }
        None
    }
}

/// Clips `start` and `end` arguments to a text of `len` characters, as the methods do; none if the range is empty by
/// being reversed.
pub fn clip(len: usize, start: i64, end: i64) -> (usize, usize) {
    let n = len as i64;
    let fix = |v: i64| if v < 0 { v.saturating_add(n).max(0) } else { v };
    (fix(start) as usize, fix(end).min(n) as usize)
}

/// `find`/`rfind`/`index`/`rindex` within a clipped range.
pub fn find_in<C: Char>(text: &[C], what: &[C], start: i64, end: i64, last: bool) -> Option<usize> {
    let (s, e) = clip(text.len(), start, end);
    if s > e {
        return None;
    }
    let part = &text[s..e];
    let p = match (what, last) {
        ([], false) => Some(0),
        ([], true) => Some(part.len()),
        ([c], false) => C::find_one(part, *c),
        ([c], true) => C::rfind_one(part, *c),
        (w, false) => C::find(part, w),
        (w, true) => C::rfind(part, w),
    };
    p.map(|p| p + s)
}

/// `startswith` and `endswith` within a range.
pub fn matches_end<C: Char>(text: &[C], what: &[C], start: i64, end: i64, tail: bool) -> bool {
    let (s, e) = clip(text.len(), start, end);
    if s > e {
        return false;
    }
    if tail { text[s..e].ends_with(what) } else { text[s..e].starts_with(what) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(t: &[u16], w: &[u16]) -> Vec<usize> {
        (0..=t.len().saturating_sub(w.len())).filter(|i| t[*i..].starts_with(w)).collect()
    }

    #[test]
    fn wide_search_agrees_with_the_plain_one() {
        let mut seed = 12345u64;
        for _ in 0..3000 {
            let mut next = |m: u64| {
                seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                (seed >> 33) % m
            };
            let t: Vec<u16> = (0..next(40)).map(|_| next(2) as u16).collect();
            let w: Vec<u16> = (0..next(6) + 1).map(|_| next(2) as u16).collect();
            let all = if w.len() <= t.len() { plain(&t, &w) } else { vec![] };
            assert_eq!(find_wide(&t, &w), all.first().copied());
            assert_eq!(rfind_wide(&t, &w), all.last().copied());
            assert_eq!(automaton(t.len(), |i| t[i], w.len(), |i| w[i]), all.first().copied());
            let mut p = Places::new(&t, &w);
            let mut q = Places { table: Some(borders(w.len(), |i| w[i])), ..Places::new(&t, &w) };
            let mut at = 0;
            loop {
                let want = all.iter().copied().find(|i| *i >= at);
                assert_eq!(p.next(), want);
                assert_eq!(q.next(), want);
                match want {
                    Some(i) => at = i + w.len(),
                    None => break,
                }
            }
        }
    }

    #[test]
    fn hostile_input_stays_linear() {
        let t = vec![7u16; 200_000];
        let mut w = vec![7u16; 50_000];
        w.push(8);
        assert_eq!(find_wide(&t, &w), None);
        w.insert(0, 8);
        assert_eq!(rfind_wide(&t, &w[..50_000]), None);
        assert_eq!(Places::new(&t, &w[1..]).count(), 0);
    }
}
