//! Histories: what committed transactions saw and did, and whether some serial order explains it.
//!
//! Every write stores a value that no other write stores, and notes the value it replaced. So the order of versions of each
//! object can be rebuilt from the transactions alone, and with it the graph of who must come before whom:
//! - the writer of a version before the writer of the next (write-write),
//! - the writer of a version before its readers (write-read),
//! - the readers of a version before the writer of the next (read-write).
//!
//! The history is serializable exactly if that graph has no cycle.

use std::collections::HashMap;

/// A committed transaction.
#[derive(Default, Clone, Debug)]
pub struct Committed {
    /// Object and the value seen, before any own write to it.
    pub reads: Vec<(usize, u64)>,
    /// Object, the value replaced, the last value written.
    pub writes: Vec<(usize, u64, u64)>,
}

/// Finds what is wrong with a history that began with all objects zero, or returns the number of versions.
pub fn check(history: &[Committed]) -> Result<usize, String> {
    // (object, value) -> transaction that wrote it, and that replaced it.
    let mut writer: HashMap<(usize, u64), usize> = HashMap::new();
    let mut replacer: HashMap<(usize, u64), usize> = HashMap::new();
    for (index, transaction) in history.iter().enumerate() {
        for &(object, old, new) in &transaction.writes {
            if let Some(other) = writer.insert((object, new), index) {
                return Err(format!("object {object}: {new} written by {other} and by {index}"));
            }
            if let Some(other) = replacer.insert((object, old), index) {
                return Err(format!(
                    "object {object}: {old} replaced by {other} and by {index}: lost update"
                ));
            }
        }
    }
    let mut after: Vec<Vec<usize>> = vec![Vec::new(); history.len()];
    let mut edge = |from: usize, to: usize| {
        if from != to {
            after[from].push(to);
        }
    };
    for (index, transaction) in history.iter().enumerate() {
        let seen = transaction.reads.iter().copied();
        for (object, value) in seen.chain(transaction.writes.iter().map(|w| (w.0, w.1))) {
            match writer.get(&(object, value)) {
                Some(&from) => edge(from, index),
                None if value == 0 => {}
                None => {
                    return Err(format!("object {object}: {index} saw {value}, which nobody committed"));
                }
            }
            if let Some(&to) = replacer.get(&(object, value)) {
                edge(index, to);
            }
        }
    }
    acyclic(&after).map_err(|at| format!("no serial order: transactions {at:?} form a cycle"))?;
    Ok(writer.len())
}

/// Some transactions on a cycle, if there is one.
fn acyclic(after: &[Vec<usize>]) -> Result<(), Vec<usize>> {
    let mut before = vec![0usize; after.len()];
    after.iter().flatten().for_each(|&to| before[to] += 1);
    let mut ready: Vec<usize> = (0..after.len()).filter(|&i| before[i] == 0).collect();
    let mut done = 0;
    while let Some(next) = ready.pop() {
        done += 1;
        for &to in &after[next] {
            before[to] -= 1;
            if before[to] == 0 {
                ready.push(to);
            }
        }
    }
    if done == after.len() {
        Ok(())
    } else {
        Err((0..after.len()).filter(|&i| before[i] > 0).take(8).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn committed(reads: &[(usize, u64)], writes: &[(usize, u64, u64)]) -> Committed {
        Committed { reads: reads.to_vec(), writes: writes.to_vec() }
    }

    #[test]
    fn a_serial_history_passes() {
        let history =
            [committed(&[], &[(0, 0, 1)]), committed(&[(0, 1)], &[(1, 0, 2)]), committed(&[(1, 2)], &[])];
        assert_eq!(check(&history), Ok(2));
    }

    #[test]
    fn write_skew_is_a_cycle() {
        let history =
            [committed(&[(0, 0), (1, 0)], &[(0, 0, 1)]), committed(&[(0, 0), (1, 0)], &[(1, 0, 2)])];
        assert!(check(&history).unwrap_err().contains("cycle"));
    }

    #[test]
    fn a_lost_update_is_found() {
        let history = [committed(&[], &[(0, 0, 1)]), committed(&[], &[(0, 0, 2)])];
        assert!(check(&history).unwrap_err().contains("lost update"));
    }

    #[test]
    fn a_dirty_read_is_found() {
        let history = [committed(&[(0, 9)], &[])];
        assert!(check(&history).unwrap_err().contains("nobody committed"));
    }
}
