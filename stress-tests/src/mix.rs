//! One thread's random life: transactions of all kinds, with polls, commits on demand, stops, and time outside.
//!
//! A transaction is a row of steps ("bytecodes"). Outside atomic it may be cut between two of them when somebody asks, and
//! a step that has not written yet may be refused with `Retry`: then what was done before it is a transaction of its own.

use crate::arena::{Arena, Session};
use crate::history::Committed;
use crate::plan::{Plan, Random};
use std::time::Instant;
use stm_core::Conflict;

/// What a run mixes.
#[derive(Clone, Copy)]
pub struct Mix {
    /// Steps per transaction, at most.
    pub steps: usize,
    /// One in so many transactions ...
    pub atomic: usize,
    pub inevitable: usize,
    pub exclusive: usize,
    pub asked_abort: usize,
    /// One in so many gaps between transactions ...
    pub stop: usize,
    pub outside: usize,
    /// One in so many steps gives the processor to another thread, with everything held.
    pub yields: usize,
}

impl Default for Mix {
    fn default() -> Self {
        Mix {
            steps: 8,
            atomic: 2,
            inevitable: 15,
            exclusive: 60,
            asked_abort: 50,
            stop: 200,
            outside: 20,
            yields: 30,
        }
    }
}

/// Most transactions that one thread records: the oracle keeps them all in memory.
const RECORDED: usize = 200_000;

/// The running transaction as the history will have it.
#[derive(Default)]
struct Record {
    reads: Vec<(usize, u64)>,
    writes: Vec<(usize, u64, u64)>,
}

impl Record {
    fn take(&mut self) -> Committed {
        Committed { reads: std::mem::take(&mut self.reads), writes: std::mem::take(&mut self.writes) }
    }

    fn saw(&mut self, object: usize, value: u64) {
        match self.writes.iter().find(|w| w.0 == object) {
            Some(write) => assert_eq!(write.2, value, "object {object}: own write lost"),
            None => match self.reads.iter().find(|r| r.0 == object) {
                Some(read) => assert_eq!(read.1, value, "object {object}: changed after it was read"),
                None => self.reads.push((object, value)),
            },
        }
    }

    fn wrote(&mut self, object: usize, old: u64, new: u64) {
        match self.writes.iter_mut().find(|w| w.0 == object) {
            Some(write) => write.2 = new,
            None => self.writes.push((object, old, new)),
        }
    }
}

/// Lives for the length of the plan; returns what it committed.
pub fn live(arena: &Arena, plan: &Plan, thread: usize, mix: &Mix) -> Vec<Committed> {
    let session = Session::new(arena);
    let mut random = plan.random(thread);
    let mut history = Vec::new();
    let mut next_value = (thread as u64 + 1) << 40;
    let end = Instant::now() + plan.length;
    while Instant::now() < end && history.len() < RECORDED {
        between(&session, &mut random, mix);
        transaction(&session, &mut random, mix, &mut next_value, &mut history);
    }
    session.transaction.leave();
    history
}

/// Between two transactions.
fn between(session: &Session, random: &mut Random, mix: &Mix) {
    if session.transaction.could_enter_solo() {
        session.transaction.try_enter_solo();
    }
    if random.one_in(mix.stop) {
        session.transaction.stop_the_world(|stopped| {
            for thread in stopped.threads() {
                assert!(thread.id() > 0);
            }
            session.arena.stm.trim_marks(stopped);
        });
    }
    if random.one_in(mix.outside) {
        session.transaction.leave();
        std::thread::yield_now();
        session.transaction.enter();
    }
}

fn transaction(
    session: &Session,
    random: &mut Random,
    mix: &Mix,
    next_value: &mut u64,
    history: &mut Vec<Committed>,
) {
    let t = &session.transaction;
    let atomic = random.one_in(mix.atomic);
    let steps: Vec<(usize, usize)> = (0..1 + random.below(mix.steps))
        .map(|_| (random.below(4), random.below(session.arena.len())))
        .collect();
    let special = match () {
        () if random.one_in(mix.inevitable) => Special::Inevitable(random.below(steps.len())),
        () if random.one_in(mix.exclusive) => Special::Exclusive(random.below(steps.len())),
        () if random.one_in(mix.asked_abort) => Special::Abort(random.below(steps.len())),
        () => Special::None,
    };
    let mut special = special;
    if atomic {
        t.enter_atomic();
    }
    let mut record = Record::default();
    let mut start = 0;
    let mut position = 0;
    t.begin();
    while position < steps.len() {
        if random.one_in(mix.yields) {
            std::thread::yield_now();
        }
        match step(session, steps[position], special.at(position), &mut record, next_value) {
            Ok(()) => position += 1,
            Err(Conflict::Abort) => {
                t.rollback();
                record.take();
                position = start;
                if matches!(special, Special::Abort(_)) {
                    special = Special::None;
                }
                t.begin();
                continue;
            }
            Err(Conflict::Retry) => {
                t.commit().expect("a retry may commit");
                history.push(record.take());
                start = position;
                t.wait_for_conflict();
                t.begin();
                continue;
            }
        }
        match session.poll() {
            Ok(soon) => {
                if soon && !atomic && position < steps.len() {
                    t.commit_and_begin().expect("nothing pending");
                    history.push(record.take());
                    start = position;
                }
            }
            Err(_) => {
                t.rollback();
                record.take();
                position = start;
                t.begin();
            }
        }
    }
    t.commit().expect("nothing pending");
    history.push(record.take());
    if atomic {
        t.leave_atomic();
    }
}

/// Something unusual at one step.
enum Special {
    None,
    Inevitable(usize),
    Exclusive(usize),
    Abort(usize),
}

impl Special {
    fn at(&self, position: usize) -> &Special {
        match self {
            Special::Inevitable(p) | Special::Exclusive(p) | Special::Abort(p) if *p == position => self,
            _ => &Special::None,
        }
    }
}

/// One bytecode: all barriers before the first write, so that it may be retried.
fn step(
    session: &Session,
    (kind, object): (usize, usize),
    special: &Special,
    record: &mut Record,
    next_value: &mut u64,
) -> Result<(), Conflict> {
    let t = &session.transaction;
    t.set_retry_ok(true);
    match special {
        Special::None => {}
        Special::Inevitable(_) => t.become_inevitable()?,
        Special::Exclusive(_) => {
            t.enter_exclusive()?;
            // Nobody else runs: a plain look at anything is a consistent one.
            let first = session.peek(object, 0);
            assert_eq!(first, session.peek(object, 1), "torn in exclusive mode");
        }
        Special::Abort(_) if !t.is_inevitable() => return Err(Conflict::Abort),
        Special::Abort(_) => {}
    }
    let old = session.get(object, 0)?;
    assert_eq!(old, session.get(object, 1)?, "torn read");
    if kind == 0 {
        session.lock(object)?;
        t.set_retry_ok(false);
        *next_value += 1;
        session.set(object, 0, *next_value)?;
        session.set(object, 1, *next_value)?;
        record.saw(object, old);
        record.wrote(object, old, *next_value);
    } else {
        t.set_retry_ok(false);
        record.saw(object, old);
    }
    Ok(())
}
