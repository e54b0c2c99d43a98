//! One match: a backtracking machine whose stack is on the heap.
//!
//! The code words form nested regions. Where the classic engine would call itself for a region and look at the
//! answer, this one pushes a [`Frame`] that says how to go on with the answer, and jumps to the region. An
//! instruction that fails, or the `SUCCESS` that ends the pattern, gives its answer to the topmost frame.
//!
//! # Invariants
//! M1. Frames, repeats and saved marks are stacks with one discipline: whatever a region pushed is popped when its
//!     answer reaches the frame that started it. So a frame finds its saved marks on top, its repeat on top.
//! M2. A frame pops itself before it passes an answer on.
//! M3. A position in the subject never passes its end: every advance is checked first.
//! M4. The code was accepted by `validate`; indexing it cannot fail.
//!
//! # Order of effects
//! Which marks a failed branch leaves behind is visible through groups, and libraries rely on it; save and restore
//! stand exactly where 2.7 has them (alternatives save whole marks only inside a repeat, lookaheads nothing).
//!
//! # Checked by
//! `tests/table.rs` (answers of CPython 2.7.18), `tests/deep.rs` (long subjects, polling).
#![forbid(unsafe_code)]

use crate::category::{ascii_word, in_category, locale_word, lower, unicode_word};
use crate::chars::Char;
use crate::charset::Charset;
use crate::opcodes::*;
use crate::pattern::Pattern;
use crate::state::{State, UNSET};

/// Steps between two polls.
pub const FUEL: usize = 1 << 15;

const NO_REPEAT: u32 = u32::MAX;

/// A repeat being matched.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Repeat {
    /// Rounds begun so far, less one.
    count: i64,
    /// Position of the `min` word.
    limits: u32,
    /// The repeat around it.
    outer: u32,
    /// Where the last round began, to stop rounds that take nothing.
    last_ptr: usize,
}

/// How to go on when a region has answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Resume {
    /// Lookahead or lookbehind must have matched.
    Assert,
    /// The same, negated.
    AssertNot,
    /// One of several alternatives.
    Branch,
    /// What follows a greedy one-character repeat.
    OneTail,
    /// One item of a greedy one-character repeat whose item is not a single instruction.
    OneItem,
    /// What follows a lazy one-character repeat.
    LazyOneTail,
    /// One item of such a repeat before its least number is reached.
    LazyOneFirst,
    /// One item of such a repeat after its tail failed.
    LazyOneMore,
    /// A whole repeat with its tail.
    Repeat,
    /// A round that the least number demands.
    NeededRound,
    /// A further round of a greedy repeat.
    GreedyRound,
    /// What follows a greedy repeat.
    GreedyTail,
    /// What follows a lazy repeat.
    LazyTail,
    /// A further round of a lazy repeat.
    LazyRound,
}

/// A region waiting for its answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    resume: Resume,
    /// Whether `Branch` saved the marks.
    saved: bool,
    lastmark: i32,
    lastindex: i32,
    /// First operand of the instruction that pushed the frame.
    pc: u32,
    /// The repeat that was innermost.
    repeat: u32,
    /// Where in the subject the instruction stood.
    ptr: usize,
    /// Items or rounds matched, or the earlier `last_ptr` of a repeat.
    count: usize,
    last_ptr: usize,
}

/// What the machine does next.
enum Step {
    /// Run the code at the first position on the subject at the second.
    Go(usize, usize),
    /// Give this answer to the topmost frame.
    Answer(bool),
}
use Step::{Answer, Go};

/// Runs `pattern` from `pc` on, at `ptr`; on success the end is in `state.end`.
pub(crate) fn run<C: Char, E>(
    pattern: &Pattern,
    state: &mut State,
    subject: &[C],
    pc: usize,
    ptr: usize,
    poll: &mut dyn FnMut() -> Result<(), E>,
) -> Result<bool, E> {
    state.frames.clear();
    state.repeats.clear();
    state.saved_marks.clear();
    state.repeat = NO_REPEAT;
    let mut machine = Machine { pattern, code: &pattern.program, subject, state };
    let (mut pc, mut ptr) = (pc, ptr);
    loop {
        let mut answer = machine.forward(pc, ptr);
        loop {
            match answer {
                Go(next_pc, next_ptr) => {
                    (pc, ptr) = (next_pc, next_ptr);
                    break;
                }
                Answer(matched) => match machine.state.frames.last().copied() {
                    None => return Ok(matched),
                    Some(frame) => answer = machine.resume(frame, matched),
                },
            }
            if machine.state.fuel == 0 {
                poll()?;
                machine.state.fuel = FUEL;
            }
        }
        if machine.state.fuel == 0 {
            poll()?;
            machine.state.fuel = FUEL;
        }
    }
}

/// The first place from `at` to `last` where the pattern may begin, as far as its first test can tell.
pub(crate) fn first_place<C: Char>(
    pattern: &Pattern,
    state: &mut State,
    subject: &[C],
    at: usize,
    last: usize,
) -> Option<usize> {
    let machine = Machine { pattern, code: &pattern.program, subject, state };
    // Marks of attempts that fail stay: none may be passed over.
    (at..=last).find(|at| machine.can_begin(pattern.entry, *at, i32::MAX))
}

struct Machine<'a, C> {
    pattern: &'a Pattern,
    code: &'a [u32],
    subject: &'a [C],
    state: &'a mut State,
}

impl<C: Char> Machine<'_, C> {
    #[inline]
    fn burn(&mut self, steps: usize) {
        self.state.fuel = self.state.fuel.saturating_sub(steps);
    }

    #[inline]
    fn at(&self, ptr: usize) -> Option<u32> {
        self.subject.get(ptr).map(|&ch| ch.into())
    }

    fn lower(&self, ch: u32) -> u32 {
        lower(ch, self.pattern.case)
    }

    /// Runs instructions until one starts a region or answers.
    fn forward(&mut self, mut pc: usize, mut ptr: usize) -> Step {
        let code = self.code;
        // These go on further along the code: no poll is needed between them.
        macro_rules! go_on {
            ($step:expr) => {
                match $step {
                    Go(next_pc, next_ptr) => (pc, ptr) = (next_pc, next_ptr),
                    answer => return answer,
                }
            };
        }
        loop {
            let op = code[pc];
            match op {
                LITERAL => {
                    if self.at(ptr) != Some(code[pc + 1]) {
                        return Answer(false);
                    }
                    pc += 2;
                    ptr += 1;
                }
                IN_TABLE | ANY | ANY_ALL | NOT_LITERAL | CATEGORY | LITERAL_IGNORE | NOT_LITERAL_IGNORE => {
                    match self.at(ptr) {
                        Some(ch) if self.single(pc, ch) => {}
                        _ => return Answer(false),
                    }
                    pc += self.width(pc);
                    ptr += 1;
                }
                MARK => {
                    self.mark(code[pc + 1] as usize, ptr);
                    pc += 2;
                }
                AT => {
                    if !self.position(code[pc + 1], ptr) {
                        return Answer(false);
                    }
                    pc += 2;
                }
                JUMP => pc += 1 + code[pc + 1] as usize,
                INFO => pc += 1 + code[pc + 1] as usize,
                SUCCESS => {
                    self.state.end = ptr;
                    return Answer(true);
                }
                GROUPREF | GROUPREF_IGNORE => {
                    let Some((start, end)) = self.group(code[pc + 1]) else { return Answer(false) };
                    let len = end - start;
                    if self.subject.len() - ptr < len {
                        return Answer(false);
                    }
                    let (old, new) = (&self.subject[start..end], &self.subject[ptr..ptr + len]);
                    let same = if op == GROUPREF {
                        old == new
                    } else {
                        old.iter().zip(new).all(|(&a, &b)| self.lower(a.into()) == self.lower(b.into()))
                    };
                    if !same {
                        return Answer(false);
                    }
                    self.burn(len >> 3);
                    ptr += len;
                    pc += 2;
                }
                GROUPREF_EXISTS => {
                    if self.group(code[pc + 1]).is_some() {
                        pc += 3;
                    } else {
                        pc += 1 + code[pc + 2] as usize;
                    }
                }
                ASSERT | ASSERT_NOT => {
                    let back = code[pc + 2] as usize;
                    if back <= ptr {
                        let resume = if op == ASSERT { Resume::Assert } else { Resume::AssertNot };
                        self.push(resume, pc + 1, ptr, 0);
                        (pc, ptr) = (pc + 3, ptr - back);
                        continue;
                    }
                    if op == ASSERT {
                        return Answer(false);
                    }
                    pc += 1 + code[pc + 1] as usize;
                }
                BRANCH => {
                    let saved = self.state.repeat != NO_REPEAT;
                    self.push(Resume::Branch, pc + 1, ptr, 0);
                    if saved {
                        self.save_marks();
                    }
                    go_on!(self.alternative(pc + 1, ptr, saved));
                }
                REPEAT_ONE => go_on!(self.one(pc + 1, ptr)),
                MIN_REPEAT_ONE => go_on!(self.lazy_one(pc + 1, ptr)),
                REPEAT => {
                    self.push(Resume::Repeat, pc + 1, ptr, 0);
                    self.state.repeats.push(Repeat {
                        count: -1,
                        limits: (pc + 2) as u32,
                        outer: self.state.repeat,
                        last_ptr: UNSET,
                    });
                    self.state.repeat = (self.state.repeats.len() - 1) as u32;
                    pc += 1 + code[pc + 1] as usize;
                }
                MAX_UNTIL | MIN_UNTIL => return self.until(pc, ptr),
                _ => return Answer(false),
            }
        }
    }

    fn push(&mut self, resume: Resume, pc: usize, ptr: usize, count: usize) {
        self.burn(1);
        self.state.frames.push(Frame {
            resume,
            saved: resume == Resume::Branch && self.state.repeat != NO_REPEAT,
            lastmark: self.state.lastmark,
            lastindex: self.state.lastindex,
            pc: pc as u32,
            repeat: self.state.repeat,
            ptr,
            count,
            last_ptr: UNSET,
        });
    }

    /// Changes what the topmost frame waits for.
    fn rewait(&mut self, change: impl FnOnce(&mut Frame)) {
        if let Some(top) = self.state.frames.last_mut() {
            change(top);
        }
        self.burn(1);
    }

    fn pop_answer(&mut self, matched: bool) -> Step {
        self.state.frames.pop();
        Answer(matched)
    }

    /// Gives the answer of its region to the topmost frame, of which `frame` is a copy.
    fn resume(&mut self, frame: Frame, matched: bool) -> Step {
        let pc = frame.pc as usize;
        match frame.resume {
            Resume::Assert | Resume::AssertNot => {
                self.state.frames.pop();
                if matched == (frame.resume == Resume::Assert) {
                    Go(pc + self.code[pc] as usize, frame.ptr)
                } else {
                    Answer(false)
                }
            }
            Resume::Branch => {
                if matched {
                    if frame.saved {
                        self.discard_marks(frame.lastmark);
                    }
                    return self.pop_answer(true);
                }
                if frame.saved {
                    self.restore_marks(frame.lastmark, true);
                }
                self.restore_lastmark(&frame);
                self.alternative(pc + self.code[pc] as usize, frame.ptr, frame.saved)
            }
            Resume::OneTail => {
                if matched {
                    return self.pop_answer(true);
                }
                self.restore_lastmark(&frame);
                self.one_tail(frame, frame.count as i64 - 1)
            }
            Resume::OneItem => {
                let most = self.most(pc, frame.ptr);
                let done = frame.count;
                if matched && self.state.end > frame.ptr + done && done + 1 < most {
                    self.rewait(|top| top.count = done + 1);
                    return Go(pc + 3, frame.ptr + done + 1);
                }
                let count = if matched { (self.state.end - frame.ptr).min(most) } else { done };
                self.state.frames.pop();
                self.one_counted(pc, frame.ptr, count)
            }
            Resume::LazyOneTail => {
                if matched {
                    return self.pop_answer(true);
                }
                let ptr = frame.ptr + frame.count;
                if self.is_single(pc + 3) {
                    match self.at(ptr) {
                        Some(ch) if self.single(pc + 3, ch) => {}
                        _ => return self.pop_answer(false),
                    }
                    self.restore_lastmark(&frame);
                    return self.lazy_one_tail(pc, frame.count + 1);
                }
                if ptr >= self.subject.len() {
                    return self.pop_answer(false);
                }
                self.rewait(|top| top.resume = Resume::LazyOneMore);
                Go(pc + 3, ptr)
            }
            Resume::LazyOneMore => {
                if !matched || self.state.end <= frame.ptr + frame.count {
                    return self.pop_answer(false);
                }
                self.restore_lastmark(&frame);
                self.lazy_one_tail(pc, frame.count + 1)
            }
            Resume::LazyOneFirst => {
                let done = frame.count + 1;
                if !matched || self.state.end < frame.ptr + done {
                    return self.pop_answer(false);
                }
                if done < self.code[pc + 1] as usize {
                    self.rewait(|top| top.count = done);
                    return Go(pc + 3, frame.ptr + done);
                }
                self.state.frames.pop();
                self.lazy_one_counted(pc, frame.ptr, done)
            }
            Resume::Repeat => {
                self.state.repeats.pop();
                self.state.repeat = frame.repeat;
                self.pop_answer(matched)
            }
            Resume::NeededRound => {
                if !matched {
                    self.state.repeats[frame.repeat as usize].count = frame.count as i64 - 1;
                }
                self.pop_answer(matched)
            }
            Resume::GreedyRound => {
                let repeat = &mut self.state.repeats[frame.repeat as usize];
                repeat.last_ptr = frame.last_ptr;
                if matched {
                    self.discard_marks(frame.lastmark);
                    return self.pop_answer(true);
                }
                repeat.count = frame.count as i64 - 1;
                self.restore_marks(frame.lastmark, false);
                self.restore_lastmark(&frame);
                self.state.repeat = self.state.repeats[frame.repeat as usize].outer;
                self.rewait(|top| top.resume = Resume::GreedyTail);
                Go(pc, frame.ptr)
            }
            Resume::GreedyTail => {
                if !matched {
                    self.state.repeat = frame.repeat;
                }
                self.pop_answer(matched)
            }
            Resume::LazyTail => {
                if matched {
                    return self.pop_answer(true);
                }
                self.state.repeat = frame.repeat;
                self.restore_lastmark(&frame);
                let repeat = &mut self.state.repeats[frame.repeat as usize];
                let body = repeat.limits as usize;
                let max = self.code[body + 1];
                if (max != MAXREPEAT && frame.count >= max as usize) || frame.ptr == repeat.last_ptr {
                    return self.pop_answer(false);
                }
                repeat.count = frame.count as i64;
                let before = std::mem::replace(&mut repeat.last_ptr, frame.ptr);
                self.rewait(|top| (top.resume, top.last_ptr) = (Resume::LazyRound, before));
                Go(body + 2, frame.ptr)
            }
            Resume::LazyRound => {
                let repeat = &mut self.state.repeats[frame.repeat as usize];
                repeat.last_ptr = frame.last_ptr;
                if !matched {
                    repeat.count = frame.count as i64 - 1;
                }
                self.pop_answer(matched)
            }
        }
    }

    /// The end of a round of the innermost repeat, at the `UNTIL` at `pc`.
    fn until(&mut self, pc: usize, ptr: usize) -> Step {
        let index = self.state.repeat;
        // A checked pattern reaches this only inside a repeat, but a lookaround may have closed it.
        let Some(repeat) = self.state.repeats.get_mut(index as usize) else { return Answer(false) };
        let count = repeat.count + 1;
        let body = repeat.limits as usize + 2;
        let (min, max) = (self.code[body - 2], self.code[body - 1]);
        if count < i64::from(min) {
            repeat.count = count;
            self.push(Resume::NeededRound, pc + 1, ptr, count as usize);
            return Go(body, ptr);
        }
        if self.code[pc] == MIN_UNTIL {
            let outer = repeat.outer;
            self.push(Resume::LazyTail, pc + 1, ptr, count as usize);
            self.state.repeat = outer;
            return Go(pc + 1, ptr);
        }
        if (max == MAXREPEAT || count < i64::from(max)) && ptr != repeat.last_ptr {
            repeat.count = count;
            let before = std::mem::replace(&mut repeat.last_ptr, ptr);
            self.push(Resume::GreedyRound, pc + 1, ptr, count as usize);
            self.rewait(|top| top.last_ptr = before);
            self.save_marks();
            return Go(body, ptr);
        }
        let outer = repeat.outer;
        self.push(Resume::GreedyTail, pc + 1, ptr, count as usize);
        self.state.repeat = outer;
        Go(pc + 1, ptr)
    }

    /// Starts the first alternative from the skip word at `pc` on that can begin here.
    fn alternative(&mut self, mut pc: usize, ptr: usize, saved: bool) -> Step {
        let code = self.code;
        while code[pc] != 0 {
            let possible = match code[pc + 1] {
                LITERAL => self.at(ptr) == Some(code[pc + 2]),
                IN_TABLE => self.at(ptr).is_some_and(|ch| self.single(pc + 1, ch)),
                _ => true,
            };
            if possible {
                self.rewait(|top| top.pc = pc as u32);
                return Go(pc + 1, ptr);
            }
            pc += code[pc] as usize;
        }
        if saved {
            let lastmark = self.state.lastmark;
            self.discard_marks(lastmark);
        }
        self.pop_answer(false)
    }

    /// Most items a one-character repeat may take, from its `skip` word at `pc`.
    fn most(&self, pc: usize, ptr: usize) -> usize {
        let left = self.subject.len() - ptr;
        match self.code[pc + 2] {
            MAXREPEAT => left,
            max => left.min(max as usize),
        }
    }

    fn one(&mut self, pc: usize, ptr: usize) -> Step {
        if self.subject.len() - ptr < self.code[pc + 1] as usize {
            return Answer(false);
        }
        let most = self.most(pc, ptr);
        if self.is_single(pc + 3) {
            let count = self.run_length(pc + 3, &self.subject[ptr..ptr + most]);
            return self.one_counted(pc, ptr, count);
        }
        if most == 0 {
            return self.one_counted(pc, ptr, 0);
        }
        self.push(Resume::OneItem, pc, ptr, 0);
        Go(pc + 3, ptr)
    }

    fn one_counted(&mut self, pc: usize, ptr: usize, count: usize) -> Step {
        self.burn(count >> 3);
        if count < self.code[pc + 1] as usize {
            return Answer(false);
        }
        if self.code[pc + self.code[pc] as usize] == SUCCESS {
            self.state.end = ptr + count;
            return Answer(true);
        }
        self.push(Resume::OneTail, pc, ptr, count);
        match self.state.frames.last().copied() {
            Some(frame) => self.one_tail(frame, count as i64),
            None => Answer(false),
        }
    }

    /// Tries what follows after `count` items, then after ever fewer.
    fn one_tail(&mut self, frame: Frame, count: i64) -> Step {
        let pc = frame.pc as usize;
        let min = i64::from(self.code[pc + 1]);
        let tail = pc + self.code[pc] as usize;
        if count < min {
            return self.pop_answer(false);
        }
        let mut count = count as usize;
        if self.code[tail] == LITERAL {
            let (wanted, least) = (self.code[tail + 1], min as usize);
            let from = frame.ptr + least;
            let until = self.subject.len().min(frame.ptr + count + 1);
            let found = self.subject[from..until].iter().rposition(|&ch| ch.into() == wanted);
            match found {
                Some(found) => {
                    self.burn((least + count - found.min(count)) >> 4);
                    count = least + found;
                }
                None => {
                    self.burn(count >> 3);
                    return self.pop_answer(false);
                }
            }
        } else {
            let most = count;
            while !self.can_begin(tail, frame.ptr + count, self.state.lastmark) {
                if count as i64 == min {
                    self.burn(most >> 3);
                    return self.pop_answer(false);
                }
                count -= 1;
            }
            self.burn((most - count) >> 3);
        }
        self.rewait(|top| top.count = count);
        Go(tail, frame.ptr + count)
    }

    /// Whether the code at `pc` may match at `ptr`, as far as its first test can tell. A "no" spares the attempt; what
    /// that would leave behind must not count: marks beyond `lastmark` do not, if the caller goes on with that one.
    #[inline]
    fn can_begin(&self, mut pc: usize, ptr: usize, lastmark: i32) -> bool {
        let code = self.code;
        loop {
            match code[pc] {
                LITERAL => return self.at(ptr) == Some(code[pc + 1]),
                IN_TABLE => return self.at(ptr).is_some_and(|ch| self.table(pc).contains(ch)),
                MARK if code[pc + 1] as i32 > lastmark => pc += 2,
                AT => {
                    if !self.position(code[pc + 1], ptr) {
                        return false;
                    }
                    pc += 2;
                }
                REPEAT_ONE if code[pc + 2] > 0 && self.is_single(pc + 4) => pc += 4,
                NOT_LITERAL | CATEGORY | LITERAL_IGNORE | NOT_LITERAL_IGNORE | ANY => {
                    return self.at(ptr).is_some_and(|ch| self.single(pc, ch));
                }
                _ => return true,
            }
        }
    }

    /// The set of the IN_TABLE at `pc`.
    #[inline]
    fn table(&self, pc: usize) -> &Charset {
        &self.pattern.tables[self.code[pc + 2] as usize]
    }

    fn lazy_one(&mut self, pc: usize, ptr: usize) -> Step {
        let min = self.code[pc + 1] as usize;
        if self.subject.len() - ptr < min {
            return Answer(false);
        }
        if min > 0 && !self.is_single(pc + 3) {
            self.push(Resume::LazyOneFirst, pc, ptr, 0);
            return Go(pc + 3, ptr);
        }
        if min > 0 && self.run_length(pc + 3, &self.subject[ptr..ptr + min]) < min {
            return Answer(false);
        }
        self.lazy_one_counted(pc, ptr, min)
    }

    fn lazy_one_counted(&mut self, pc: usize, ptr: usize, count: usize) -> Step {
        self.burn(count >> 3);
        if self.code[pc + self.code[pc] as usize] == SUCCESS {
            self.state.end = ptr + count;
            return Answer(true);
        }
        self.push(Resume::LazyOneTail, pc, ptr, count);
        self.lazy_one_tail(pc, count)
    }

    /// Tries what follows after `count` items of the repeat whose frame is on top.
    fn lazy_one_tail(&mut self, pc: usize, count: usize) -> Step {
        let (max, tail) = (self.code[pc + 2], pc + self.code[pc] as usize);
        if max != MAXREPEAT && count > max as usize {
            return self.pop_answer(false);
        }
        let Some(start) = self.state.frames.last().map(|top| top.ptr) else { return Answer(false) };
        let mut taken = count;
        if self.is_single(pc + 3) {
            // The last attempt is made even if it is hopeless: what it leaves behind stays.
            while !self.can_begin(tail, start + taken, self.state.lastmark)
                && (max == MAXREPEAT || taken < max as usize)
                && self.at(start + taken).is_some_and(|ch| self.single(pc + 3, ch))
            {
                taken += 1;
            }
            self.burn((taken - count) >> 2);
        }
        self.rewait(|top| (top.resume, top.count) = (Resume::LazyOneTail, taken));
        Go(tail, start + taken)
    }

    /// Whether the instruction at `pc` takes one character and does nothing else, and is a repeat's whole item.
    fn is_single(&self, pc: usize) -> bool {
        let single = matches!(
            self.code[pc],
            LITERAL | IN_TABLE | ANY | ANY_ALL | NOT_LITERAL | CATEGORY | LITERAL_IGNORE | NOT_LITERAL_IGNORE
        );
        single && self.code[pc + self.width(pc)] == SUCCESS
    }

    /// Words of the one-character instruction at `pc`.
    fn width(&self, pc: usize) -> usize {
        match self.code[pc] {
            ANY | ANY_ALL => 1,
            IN_TABLE => 1 + self.code[pc + 1] as usize,
            _ => 2,
        }
    }

    /// Whether the one-character instruction at `pc` takes `ch`.
    #[inline]
    fn single(&self, pc: usize, ch: u32) -> bool {
        match self.code[pc] {
            LITERAL => ch == self.code[pc + 1],
            IN_TABLE => self.table(pc).contains(ch),
            ANY => ch != 10,
            ANY_ALL => true,
            NOT_LITERAL => ch != self.code[pc + 1],
            CATEGORY => in_category(self.code[pc + 1], ch),
            LITERAL_IGNORE => self.lower(ch) == self.code[pc + 1],
            _ => self.lower(ch) != self.code[pc + 1],
        }
    }

    /// How many characters at the front of `span` the one-character instruction at `pc` takes.
    fn run_length(&self, pc: usize, span: &[C]) -> usize {
        let stop = match self.code[pc] {
            ANY_ALL => None,
            ANY => C::find(span, 10),
            NOT_LITERAL => C::find(span, self.code[pc + 1]),
            IN_TABLE => {
                let table = self.table(pc);
                span.iter().position(|&ch| !table.contains(ch.into()))
            }
            _ => span.iter().position(|&ch| !self.single(pc, ch.into())),
        };
        stop.unwrap_or(span.len())
    }

    /// The test numbered `at`, at `ptr`.
    fn position(&self, at: u32, ptr: usize) -> bool {
        let len = self.subject.len();
        let boundary = |word: fn(u32) -> bool| {
            let before = ptr > 0 && self.at(ptr - 1).is_some_and(word);
            before != self.at(ptr).is_some_and(word)
        };
        match at {
            AT_BEGINNING | AT_BEGINNING_STRING => ptr == 0,
            AT_BEGINNING_LINE => ptr == 0 || self.at(ptr - 1) == Some(10),
            AT_END => ptr == len || (ptr + 1 == len && self.at(ptr) == Some(10)),
            AT_END_LINE => ptr == len || self.at(ptr) == Some(10),
            AT_END_STRING => ptr == len,
            // Nothing is a boundary, nor the lack of one, in an empty subject.
            _ if len == 0 => false,
            AT_BOUNDARY => boundary(ascii_word),
            AT_NON_BOUNDARY => !boundary(ascii_word),
            AT_LOC_BOUNDARY => boundary(locale_word),
            AT_LOC_NON_BOUNDARY => !boundary(locale_word),
            AT_UNI_BOUNDARY => boundary(unicode_word),
            AT_UNI_NON_BOUNDARY => !boundary(unicode_word),
            _ => false,
        }
    }

    /// The text of a group that is set, as references see it.
    fn group(&self, group: u32) -> Option<(usize, usize)> {
        let open = 2 * group as usize;
        if open as i64 >= i64::from(self.state.lastmark) {
            return None;
        }
        let (start, end) = (self.state.marks[open], self.state.marks[open + 1]);
        (start != UNSET && end != UNSET && start <= end).then_some((start, end))
    }

    fn mark(&mut self, index: usize, ptr: usize) {
        let state = &mut *self.state;
        if index & 1 != 0 {
            state.lastindex = (index / 2 + 1) as i32;
        }
        if index as i32 > state.lastmark {
            state.marks[(state.lastmark + 1) as usize..index].fill(UNSET);
            state.lastmark = index as i32;
        }
        state.marks[index] = ptr;
    }

    fn restore_lastmark(&mut self, frame: &Frame) {
        self.state.lastmark = frame.lastmark;
        self.state.lastindex = frame.lastindex;
    }

    /// Saves the marks that count, unless there is at most one.
    fn save_marks(&mut self) {
        let state = &mut *self.state;
        if state.lastmark > 0 {
            state.saved_marks.extend_from_slice(&state.marks[..=state.lastmark as usize]);
        }
    }

    fn discard_marks(&mut self, lastmark: i32) {
        if lastmark > 0 {
            let left = self.state.saved_marks.len() - (lastmark as usize + 1);
            self.state.saved_marks.truncate(left);
        }
    }

    /// Puts back the marks saved when `lastmark` was the last.
    fn restore_marks(&mut self, lastmark: i32, keep: bool) {
        if lastmark > 0 {
            let state = &mut *self.state;
            let left = state.saved_marks.len() - (lastmark as usize + 1);
            state.marks[..=lastmark as usize].copy_from_slice(&state.saved_marks[left..]);
            if !keep {
                state.saved_marks.truncate(left);
            }
        }
    }
}
