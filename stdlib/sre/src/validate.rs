//! Accepts a list of code words only if the engine can run it without leaving the list.
//!
//! # Invariants of an accepted list
//! V1. Every instruction's operands lie inside the list, and its numbers (groups, categories, positions) exist.
//! V2. Every region that an instruction runs on its own ends in the instruction that returns from it: `SUCCESS` for
//!     assertions and one-character repeats, an `UNTIL` for repeats, a `JUMP` to the common end for alternatives.
//! V3. Every skip lands on the first word of an instruction, further on and in the same region.
//! V4. The literal prefix that a search may step over is what the code itself starts with.
//!
//! # Method
//! Regions wait on a list instead of on the native stack, so depth costs nothing. Inside a region the walk is
//! linear; skips of conditionals are kept as landing places that the walk must meet.
//!
//! # Checked by
//! `tests/random_code.rs` (random and mutated lists), `tests/table.rs` (lists made by the library).
#![forbid(unsafe_code)]

use crate::charset::{BITMAP_WORDS, BLOCK_MAP_WORDS};
use crate::opcodes::*;

/// The list of code words is not something the library's compiler makes. Python sees a `RuntimeError`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidCode;

impl std::fmt::Display for InvalidCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("invalid SRE code")
    }
}

impl std::error::Error for InvalidCode {}

/// What the walk found on its way, for preparing the pattern.
#[derive(Debug, Default)]
pub struct Findings {
    /// Positions of `IN` and `IN_IGNORE`.
    pub sets: Vec<usize>,
    /// One more than the highest mark.
    pub marks: usize,
}

/// Checks a whole list.
pub fn validate(code: &[u32], groups: usize) -> Result<Findings, InvalidCode> {
    let Some((&SUCCESS, body)) = code.split_last() else { return Err(InvalidCode) };
    if groups > MAXGROUPS || code.len() >= u32::MAX as usize {
        return Err(InvalidCode);
    }
    // As in 2.7, references of a pattern without groups are only held to the general limit.
    let known = if groups == 0 { MAXGROUPS } else { groups };
    let mut walk = Walk { code: body, groups: known as u32, regions: vec![], findings: Findings::default() };
    walk.regions.push((0, body.len()));
    while let Some((start, end)) = walk.regions.pop() {
        walk.region(start, end).ok_or(InvalidCode)?;
    }
    Ok(walk.findings)
}

struct Walk<'a> {
    code: &'a [u32],
    groups: u32,
    regions: Vec<(usize, usize)>,
    findings: Findings,
}

impl Walk<'_> {
    /// The word at `at`, if it belongs to the region.
    fn word(&self, at: usize, end: usize) -> Option<u32> {
        if at < end { self.code.get(at).copied() } else { None }
    }

    /// Where the skip word at `at` leads, if no further than `end`.
    fn target(&self, at: usize, end: usize) -> Option<usize> {
        let target = at.checked_add(self.word(at, end)? as usize)?;
        (target <= end).then_some(target)
    }

    fn min_max(&self, at: usize, end: usize) -> Option<()> {
        (self.word(at, end)? <= self.word(at + 1, end)?).then_some(())
    }

    fn region(&mut self, start: usize, end: usize) -> Option<()> {
        // Innermost last: landing places of conditionals still ahead.
        let mut landings: Vec<usize> = vec![];
        let mut at = start;
        loop {
            while landings.last() == Some(&at) {
                landings.pop();
            }
            if at >= end {
                return (at == end && landings.is_empty()).then_some(());
            }
            let limit = landings.last().copied().unwrap_or(end);
            at = match self.word(at, limit)? {
                GROUPREF_EXISTS => {
                    if self.word(at + 1, limit)? >= self.groups {
                        return None;
                    }
                    // The skip is relative to the group's word.
                    let landing = (at + 1).checked_add(self.word(at + 2, limit)? as usize)?;
                    if landing < at + 3 {
                        return None;
                    }
                    // With an else part the skip leads past the JUMP that ends the then part.
                    if landing > limit {
                        return None;
                    }
                    landings.push(landing);
                    at + 3
                }
                JUMP => {
                    let next = at + 2;
                    let target = self.target(at + 1, end)?;
                    if landings.pop() != Some(next) || target < next {
                        return None;
                    }
                    while landings.last() == Some(&next) {
                        landings.pop();
                    }
                    if landings.last().is_some_and(|&outer| target > outer) {
                        return None;
                    }
                    landings.push(target);
                    next
                }
                op => self.instruction(op, at, limit)?,
            };
        }
    }

    /// Checks the instruction `op` at `at`; answers where the next one starts.
    fn instruction(&mut self, op: u32, at: usize, end: usize) -> Option<usize> {
        match op {
            SUCCESS | FAILURE | ANY | ANY_ALL => Some(at + 1),
            LITERAL | NOT_LITERAL | LITERAL_IGNORE | NOT_LITERAL_IGNORE => {
                self.word(at + 1, end)?;
                Some(at + 2)
            }
            MARK => {
                let mark = self.word(at + 1, end)?;
                self.findings.marks = self.findings.marks.max(mark as usize + 1);
                (mark <= 2 * self.groups + 1).then_some(at + 2)
            }
            AT => (self.word(at + 1, end)? <= AT_UNI_NON_BOUNDARY).then_some(at + 2),
            CATEGORY => (self.word(at + 1, end)? <= CATEGORY_UNI_NOT_LINEBREAK).then_some(at + 2),
            GROUPREF | GROUPREF_IGNORE => (self.word(at + 1, end)? < self.groups).then_some(at + 2),
            IN | IN_IGNORE => {
                let next = self.target(at + 1, end)?;
                self.set(at + 2, next)?;
                self.findings.sets.push(at);
                Some(next)
            }
            INFO => self.info(at, end),
            BRANCH => self.branch(at, end),
            REPEAT_ONE | MIN_REPEAT_ONE => {
                let next = self.target(at + 1, end)?;
                self.min_max(at + 2, end)?;
                self.own_region(at + 4, next, |op| op == SUCCESS)
            }
            REPEAT => {
                let until = self.target(at + 1, end)?;
                self.min_max(at + 2, end)?;
                if until >= end {
                    return None;
                }
                self.own_region(at + 4, until + 1, |op| op == MAX_UNTIL || op == MIN_UNTIL)
            }
            ASSERT | ASSERT_NOT => {
                let next = self.target(at + 1, end)?;
                if self.word(at + 2, end)? & 0x8000_0000 != 0 {
                    return None;
                }
                self.own_region(at + 3, next, |op| op == SUCCESS)
            }
            _ => None,
        }
    }

    /// Queues the region `start..next - 1`, whose last word must be one that returns from it (V2).
    fn own_region(&mut self, start: usize, next: usize, returns: impl Fn(u32) -> bool) -> Option<usize> {
        let last = next.checked_sub(1)?;
        if last < start || !returns(*self.code.get(last)?) {
            return None;
        }
        self.regions.push((start, last));
        Some(next)
    }

    fn branch(&mut self, at: usize, end: usize) -> Option<usize> {
        let mut skip = at + 1;
        let mut common = None;
        while self.word(skip, end)? != 0 {
            let next = self.target(skip, end)?;
            let jump = next.checked_sub(2).filter(|&jump| jump > skip)?;
            if self.code[jump] != JUMP {
                return None;
            }
            let target = self.target(jump + 1, end)?;
            if *common.get_or_insert(target) != target {
                return None;
            }
            self.regions.push((skip + 1, jump));
            skip = next;
        }
        // The common end is the first instruction after the closing 0.
        if common.is_some_and(|common| common != skip + 1) {
            return None;
        }
        Some(skip + 1)
    }

    /// Checks the tests of a set in `start..next`, `FAILURE` included.
    fn set(&self, start: usize, next: usize) -> Option<()> {
        let last = next.checked_sub(1).filter(|&last| last >= start)?;
        if self.code[last] != FAILURE {
            return None;
        }
        let mut at = start;
        while at < last {
            at += match self.code[at] {
                NEGATE => 1,
                LITERAL => 2,
                RANGE => 3,
                CATEGORY if self.word(at + 1, last)? <= CATEGORY_UNI_NOT_LINEBREAK => 2,
                CHARSET => 1 + BITMAP_WORDS,
                BIGCHARSET => {
                    let blocks = self.word(at + 1, last)? as usize;
                    let map = self.code.get(at + 2..(at + 2 + BLOCK_MAP_WORDS).min(last))?;
                    if map.len() != BLOCK_MAP_WORDS || blocks > last {
                        return None;
                    }
                    if map
                        .iter()
                        .flat_map(|word| word.to_ne_bytes())
                        .any(|block| usize::from(block) >= blocks)
                    {
                        return None;
                    }
                    2 + BLOCK_MAP_WORDS + blocks * BITMAP_WORDS
                }
                _ => return None,
            };
        }
        (at == last).then_some(())
    }

    fn info(&self, at: usize, end: usize) -> Option<usize> {
        let next = self.target(at + 1, end)?;
        let flags = self.word(at + 2, next)?;
        self.word(at + 4, next)?;
        let exclusive = flags & INFO_PREFIX != 0 && flags & INFO_CHARSET != 0;
        let literal_alone = flags & INFO_LITERAL != 0 && flags & INFO_PREFIX == 0;
        if flags & !(INFO_PREFIX | INFO_LITERAL | INFO_CHARSET) != 0 || exclusive || literal_alone {
            return None;
        }
        if flags & INFO_PREFIX != 0 {
            let len = self.word(at + 5, next)? as usize;
            let skip = self.word(at + 6, next)? as usize;
            let prefix = at + 7;
            if len == 0 || len > self.code.len() || skip > len || prefix + 2 * len != next {
                return None;
            }
            if self.code[prefix + len..next].iter().any(|&overlap| overlap as usize >= len) {
                return None;
            }
            let whole = flags & INFO_LITERAL != 0;
            if whole && skip != len {
                return None;
            }
            for i in 0..skip {
                let literal = self.code.get(next + 2 * i..next + 2 * i + 2)?;
                if next + 2 * i + 2 > end || literal != [LITERAL, self.code[prefix + i]] {
                    return None;
                }
            }
        } else if flags & INFO_CHARSET != 0 {
            self.set(at + 5, next)?;
        } else if next != at + 5 {
            return None;
        }
        Some(next)
    }
}
