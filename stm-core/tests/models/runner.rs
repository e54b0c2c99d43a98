//! Which scenarios there are, which faults they must catch, and how they are run.

use crate::{barriers, endings, inevitable, memory, segments, world};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Name, body, and the preemption bound of the fast and the slow tier.
type Scenario = (&'static str, fn(), usize, usize);

const SCENARIOS: &[Scenario] = &[
    ("torn_none", barriers::torn_none, 2, 4),
    ("torn_reader", barriers::torn_reader, 2, 4),
    ("torn_writer", barriers::torn_writer, 2, 4),
    ("torn_all", barriers::torn_all, 2, 4),
    ("lost_update", barriers::lost_update, 2, 3),
    ("skew", barriers::skew, 2, 3),
    ("skew_unread", barriers::skew_unread, 2, 3),
    ("chain", barriers::chain, 2, 3),
    ("three", barriers::three, 1, 2),
    ("cross", endings::cross, 2, 3),
    ("cross_boundary", endings::cross_boundary, 2, 3),
    ("abort_restores", endings::abort_restores, 2, 4),
    ("abort_keeps_hint", endings::abort_keeps_hint, 2, 3),
    ("wound_and_commit", endings::wound_and_commit, 3, 4),
    ("retry_counter", endings::retry_counter, 2, 3),
    ("wrap", segments::wrap, 2, 3),
    ("wrap_reader", segments::wrap_reader, 2, 3),
    ("late_segment", segments::late_segment, 2, 3),
    ("segment_reuse", segments::segment_reuse, 2, 3),
    ("dirty_list", segments::dirty_list, 2, 3),
    ("handover", segments::handover, 2, 3),
    ("inevitable", inevitable::inevitable, 2, 3),
    ("two_inevitable", inevitable::two_inevitable, 2, 3),
    ("token_cancelled", inevitable::token_cancelled, 2, 2),
    ("exclusive", inevitable::exclusive, 2, 3),
    ("two_exclusive", inevitable::two_exclusive, 1, 2),
    ("stop", world::stop, 2, 3),
    ("two_stops", world::two_stops, 2, 3),
    ("stop_and_gate", world::stop_and_gate, 1, 2),
    ("stop_in_wait", world::stop_in_wait, 1, 2),
    ("lock_and_abort", world::lock_and_abort, 2, 3),
    ("lock_handed_on", world::lock_handed_on, 2, 3),
    ("lock_chain", world::lock_chain, 1, 2),
    ("scrub", memory::scrub, 2, 4),
    ("cards", memory::cards, 2, 4),
    ("card_and_whole", memory::card_and_whole, 2, 3),
];

/// Each fault and the scenarios of which at least one must fail with it.
const FAULTS: &[(&str, &[&str])] = &[
    ("NO_FENCE_READER", &["torn_all", "skew"]),
    ("NO_FENCE_WRITER", &["skew", "torn_all"]),
    ("NO_HINT", &["torn_none"]),
    ("WOUND_ANY_SEQUENCE", &["wound_and_commit"]),
    ("HINT_BEFORE_SCAN", &["abort_keeps_hint"]),
    ("WRAP_NO_CLEAR", &["wrap_reader"]),
    ("RELEASE_BEFORE_UNDO", &["abort_restores"]),
    ("SEQUENCE_RESET", &["segment_reuse"]),
    ("COUNT_BEFORE_STAMP", &["late_segment"]),
    ("WOUND_INEVITABLE", &["inevitable"]),
    ("RELAXED_RELEASE", &["torn_none"]),
    ("RELAXED_SCAN", &["torn_none", "torn_writer"]),
    ("NO_GATE_TEST", &["exclusive"]),
    ("NO_STOP_TEST", &["stop"]),
    ("SOON_ONLY", &["cross_boundary"]),
    ("NO_VALIDATE", &["lock_handed_on", "lock_and_abort"]),
    ("NO_UNPARK_ON_ABORT", &["lock_and_abort"]),
    ("DIRTY_LIST_LOST", &["dirty_list"]),
    ("NO_SCRUB", &["scrub"]),
    ("SHARED_MARK_BYTE", &["cards"]),
    ("TOKEN_LOST", &["token_cancelled"]),
];

pub fn main() -> i32 {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    match args.as_slice() {
        [scenario] => run_here(scenario, 0),
        [scenario, fault] => match stm_core::fault::ALL.iter().find(|f| f.0 == fault) {
            Some(&(_, bit)) => run_here(scenario, bit),
            None => refuse(&format!("no fault {fault}")),
        },
        _ => run_all(),
    }
}

fn slow() -> bool {
    std::env::var_os("STM_MODELS").is_some_and(|v| v == "slow")
}

fn refuse(why: &str) -> i32 {
    eprintln!("models: {why}");
    2
}

/// Explores one scenario in this process; a violation panics.
fn run_here(name: &str, fault: u32) -> i32 {
    let Some(&(_, body, fast_bound, slow_bound)) = SCENARIOS.iter().find(|s| s.0 == name) else {
        return refuse(&format!("no scenario {name}"));
    };
    stm_core::fault::enable(fault);
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(if slow() { slow_bound } else { fast_bound });
    builder.max_branches = 3000;
    let limit = match (slow(), fault != 0) {
        (false, false) => 2,
        (false, true) => 60,
        (true, _) => 300,
    };
    builder.max_duration = Some(Duration::from_secs(limit));
    static RUNS: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    builder.check(move || {
        RUNS.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        body();
    });
    println!("{name}: {} executions", RUNS.load(std::sync::atomic::Ordering::Relaxed));
    0
}

/// Runs one scenario in a process of its own; true if it held.
fn holds(scenario: &str, fault: Option<&str>) -> bool {
    let exe = std::env::current_exe().expect("own path");
    let status = Command::new(exe)
        .arg(scenario)
        .args(fault)
        .stdout(if fault.is_some() { Stdio::null() } else { Stdio::inherit() })
        .stderr(if fault.is_some() { Stdio::null() } else { Stdio::inherit() })
        .status()
        .expect("start a model");
    status.success()
}

fn run_all() -> i32 {
    let start = Instant::now();
    let mut failures = Vec::new();
    let scenarios = parallel(SCENARIOS, |s| (s.0, holds(s.0, None)));
    failures
        .extend(scenarios.into_iter().filter(|r| !r.1).map(|r| format!("scenario {} does not hold", r.0)));
    let faults = parallel(FAULTS, |(fault, scenarios)| {
        (*fault, scenarios.iter().find(|s| !holds(s, Some(fault))).copied())
    });
    for (fault, caught) in faults {
        match caught {
            Some(scenario) => println!("fault {fault}: caught by {scenario}"),
            None => failures.push(format!("fault {fault} is not caught")),
        }
    }
    for (name, _) in stm_core::fault::ALL {
        if !FAULTS.iter().any(|f| f.0 == *name) {
            failures.push(format!("fault {name} has no scenario"));
        }
    }
    println!("models: {} failures, {:.0} s", failures.len(), start.elapsed().as_secs_f32());
    failures.iter().for_each(|f| println!("FAILED: {f}"));
    !failures.is_empty() as i32
}

/// Maps with as many threads as there are cores, keeping the order.
fn parallel<T: Sync, R: Send>(items: &[T], f: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let results = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, |n| n.get()) {
            scope.spawn(|| {
                loop {
                    let i = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    let Some(item) = items.get(i) else { break };
                    let result = f(item);
                    results.lock().unwrap().push((i, result));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap();
    results.sort_by_key(|r| r.0);
    results.into_iter().map(|r| r.1).collect()
}
