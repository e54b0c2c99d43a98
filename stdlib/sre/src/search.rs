//! The entry points: a match at one place, and the scan for the first place that matches.
//!
//! The scan steps over places where the pattern cannot begin, by the literal prefix or the set of first characters
//! that the information block gives. Groups set by an attempt that failed stay set for the next one, as in 2.7.
#![forbid(unsafe_code)]

use crate::chars::Char;
use crate::engine::{FUEL, first_place, run};
use crate::pattern::{Pattern, Prefix, Start};
use crate::state::State;

/// Matches at `pos` exactly. Lookbehind and `^` see all of `subject` from its start; `$` sees its end, so the caller
/// cuts the slice at `endpos`. On `true`, `state` holds the spans. `poll` runs every few ten thousand steps and may
/// abandon the match with an error.
pub fn match_at<C: Char, E>(
    pattern: &Pattern,
    state: &mut State,
    subject: &[C],
    pos: usize,
    poll: &mut dyn FnMut() -> Result<(), E>,
) -> Result<bool, E> {
    state.reset();
    state.start = pos.min(subject.len());
    run(pattern, state, subject, pattern.entry, state.start, poll)
}

/// Finds the first match that starts at `pos` or later. The rest is as for [`match_at`].
pub fn search<C: Char, E>(
    pattern: &Pattern,
    state: &mut State,
    subject: &[C],
    pos: usize,
    poll: &mut dyn FnMut() -> Result<(), E>,
) -> Result<bool, E> {
    state.reset();
    let mut scan = Scan { pattern, state, subject, poll };
    let pos = pos.min(subject.len());
    match &pattern.start {
        Start::Literal { ch, whole } => scan.by_literal(pos, *ch, *whole),
        Start::Prefix { prefix, skip, whole } => match (&prefix.bytes, C::as_bytes(subject)) {
            (Some(finder), Some(bytes)) => {
                scan.by_prefix(pos, *skip, *whole, |at| Some(at + finder.find(bytes.get(at..)?)?))
            }
            (None, Some(_)) => Ok(false),
            _ => {
                let mut cursor = (pos, 0);
                scan.by_prefix(pos, *skip, *whole, |_| find_wide(prefix, subject, &mut cursor))
            }
        },
        Start::Charset(charset) => {
            let mut at = pos;
            while let Some(step) = subject[at..].iter().position(|&ch| charset.contains(ch.into())) {
                at += step;
                if scan.attempt(at, pattern.entry, at, step)? {
                    return Ok(true);
                }
                at += 1;
            }
            Ok(false)
        }
        Start::Any => {
            let last = subject.len().saturating_sub(pattern.min_width.saturating_sub(1)).max(pos);
            let mut from = pos;
            while let Some(at) = first_place(pattern, scan.state, subject, from, last) {
                if scan.attempt(at, pattern.entry, at, at - from + 1)? {
                    return Ok(true);
                }
                from = at + 1;
            }
            Ok(false)
        }
    }
}

struct Scan<'a, C, E> {
    pattern: &'a Pattern,
    state: &'a mut State,
    subject: &'a [C],
    poll: &'a mut dyn FnMut() -> Result<(), E>,
}

impl<C: Char, E> Scan<'_, C, E> {
    /// A match that starts at `start` and whose code from `pc` on is to run at `at`, after a scan over `cost` places.
    #[inline]
    fn attempt(&mut self, start: usize, pc: usize, at: usize, cost: usize) -> Result<bool, E> {
        self.state.start = start;
        if self.state.fuel <= cost {
            (self.poll)()?;
            self.state.fuel = FUEL;
        } else {
            self.state.fuel -= cost;
        }
        run(self.pattern, self.state, self.subject, pc, at, self.poll)
    }

    fn by_literal(&mut self, pos: usize, ch: u32, whole: bool) -> Result<bool, E> {
        let mut at = pos;
        while let Some(step) = C::find(&self.subject[at..], ch) {
            at += step;
            if whole {
                (self.state.start, self.state.end) = (at, at + 1);
                return Ok(true);
            }
            if self.attempt(at, self.pattern.entry + 2, at + 1, step)? {
                return Ok(true);
            }
            at += 1;
        }
        Ok(false)
    }

    /// `next(at)`: the first occurrence of the prefix at `at` or later; asked from left to right.
    fn by_prefix(
        &mut self,
        pos: usize,
        skip: usize,
        whole: bool,
        mut next: impl FnMut(usize) -> Option<usize>,
    ) -> Result<bool, E> {
        let mut from = pos;
        while let Some(at) = next(from) {
            if whole {
                (self.state.start, self.state.end) = (at, at + skip);
                return Ok(true);
            }
            if self.attempt(at, self.pattern.entry + 2 * skip, at + skip, at - from)? {
                return Ok(true);
            }
            from = at + 1;
        }
        Ok(false)
    }
}

/// Knuth, Morris and Pratt's search for the next occurrence, overlapping ones included. `cursor` is the next place
/// to read and how much of the prefix ends there.
fn find_wide<C: Char>(prefix: &Prefix, subject: &[C], cursor: &mut (usize, usize)) -> Option<usize> {
    let (at, matched) = cursor;
    while *at < subject.len() {
        let ch = subject[*at].into();
        while *matched > 0 && prefix.chars[*matched] != ch {
            *matched = prefix.overlap[*matched];
        }
        *matched += usize::from(prefix.chars[*matched] == ch);
        *at += 1;
        if *matched == prefix.chars.len() {
            let found = *at - *matched;
            *matched = prefix.overlap[*matched];
            return Some(found);
        }
    }
    None
}
