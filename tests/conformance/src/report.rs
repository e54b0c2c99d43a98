//! What is printed at the end, and whether the run as a whole is good.

use crate::expectations::{Expectations, Expected};
use crate::process::{Outcome, TestResult};

/// Prints what differs from the expectations, then the totals; true when nothing differs.
pub fn print(results: &[TestResult], expectations: &Expectations) -> bool {
    let mut regressions = Vec::new();
    let mut surprises = Vec::new();
    let mut unlisted = Vec::new();
    for result in results {
        let passed = result.outcome == Outcome::Passed;
        match expectations.of(&result.module) {
            Some(Expected::Pass) if !passed => regressions.push(result),
            Some(Expected::Fail | Expected::Skip) if passed => surprises.push(result),
            None if !passed => unlisted.push(result),
            _ => {}
        }
    }
    for result in regressions.iter().chain(&unlisted).filter(|result| result.show) {
        println!("==== {} ({})\n{}", result.module, result.status, result.output.trim_end());
    }
    for (title, list) in [
        ("expected to pass", &regressions),
        ("passed, although the list says otherwise", &surprises),
        ("not in the list", &unlisted),
    ] {
        if !list.is_empty() {
            println!("{title}:");
            for result in list {
                println!("  {:<28} {:?} {}", result.module, result.outcome, result.summary());
            }
        }
    }
    let count = |outcome: Outcome| results.iter().filter(|result| result.outcome == outcome).count();
    println!(
        "{} passed, {} failed, {} skipped, {} timed out",
        count(Outcome::Passed),
        count(Outcome::Failed),
        count(Outcome::Skipped),
        count(Outcome::TimedOut)
    );
    regressions.is_empty() && surprises.is_empty()
}
