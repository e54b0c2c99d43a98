//! What one match leaves behind, and the stacks it runs on, kept for the next match.
#![forbid(unsafe_code)]

use crate::engine::{Frame, Repeat};
use crate::pattern::Pattern;

/// "Not set" in a mark.
pub(crate) const UNSET: usize = usize::MAX;

/// Scratch space and results of matching one pattern. Reusable for any number of matches of that pattern.
#[derive(Debug)]
pub struct State {
    /// Where the match begins.
    pub start: usize,
    /// Where the match ends.
    pub end: usize,
    /// `marks[2 * i]..marks[2 * i + 1]` is group `i + 1`; only those up to `lastmark` count.
    pub(crate) marks: Box<[usize]>,
    pub(crate) lastmark: i32,
    pub(crate) lastindex: i32,
    /// The innermost repeat being matched.
    pub(crate) repeat: u32,
    pub(crate) repeats: Vec<Repeat>,
    pub(crate) frames: Vec<Frame>,
    pub(crate) saved_marks: Vec<usize>,
    /// Steps left before the next poll.
    pub(crate) fuel: usize,
}

impl State {
    /// Scratch space for `pattern`.
    pub fn new(pattern: &Pattern) -> State {
        State {
            start: 0,
            end: 0,
            marks: vec![UNSET; pattern.marks].into(),
            lastmark: -1,
            lastindex: -1,
            repeat: u32::MAX,
            repeats: vec![],
            frames: vec![],
            saved_marks: vec![],
            fuel: crate::engine::FUEL,
        }
    }

    /// The span of a group after a match: 0 for the whole, `None` where the group took no part.
    pub fn span(&self, group: usize) -> Option<(usize, usize)> {
        if group == 0 {
            return Some((self.start, self.end));
        }
        let close = 2 * group - 1;
        if close as i64 > i64::from(self.lastmark) {
            return None;
        }
        match (self.marks[close - 1], self.marks[close]) {
            (UNSET, _) | (_, UNSET) => None,
            span => Some(span),
        }
    }

    /// Number of the group that closed last (`lastindex` of a match object).
    pub fn lastindex(&self) -> Option<usize> {
        usize::try_from(self.lastindex).ok()
    }

    /// Forgets the groups of the last match; must come before each match.
    pub(crate) fn reset(&mut self) {
        self.lastmark = -1;
        self.lastindex = -1;
        self.fuel = crate::engine::FUEL;
        // A pathological match can leave gigabytes behind.
        if self.frames.capacity() > 1 << 16 {
            self.frames = vec![];
        }
    }
}
