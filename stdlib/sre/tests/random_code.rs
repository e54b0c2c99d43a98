//! Lists of code words that no compiler made are refused or run; they never panic and never run on for ever.
//!
//! Every list of `table.txt` is spoiled at random, many times over, and what is still accepted is matched.

use sre::{Pattern, State, match_at, search};

struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit
    }

    fn word(&mut self) -> u32 {
        match self.below(8) {
            0 => u32::MAX,
            1 => self.below(1 << 31) as u32,
            2 => 97,
            _ => self.below(34) as u32,
        }
    }
}

/// Whether the list was accepted; it is then also run, for a while.
fn exercise(code: Vec<u32>, groups: usize, flags: u32) -> bool {
    let Ok(pattern) = Pattern::new(code.into(), flags, groups) else { return false };
    let mut state = State::new(&pattern);
    for subject in [&b""[..], b"a", b"aab\nba", b"abababababab"] {
        let mut polls = 0;
        let mut poll = || {
            polls += 1;
            if polls > 2 { Err(()) } else { Ok(()) }
        };
        let _ = match_at(&pattern, &mut state, subject, 0, &mut poll);
        polls = 0;
        let mut poll = || {
            polls += 1;
            if polls > 2 { Err(()) } else { Ok(()) }
        };
        if search(&pattern, &mut state, subject, 0, &mut poll) == Ok(true) {
            for group in 0..=groups {
                let span = state.span(group);
                assert!(span.is_none_or(|(s, e)| s <= subject.len() && e <= subject.len()), "{span:?}");
            }
        }
    }
    true
}

#[test]
fn spoiled_lists() {
    let table = include_str!("table.txt");
    let mut random = Random(0x9e3779b97f4a7c15);
    let mut accepted = 0;
    for line in table.lines().filter_map(|line| line.strip_prefix("P ")) {
        let fields: Vec<&str> = line.split(' ').collect();
        let code: Vec<u32> = fields[3].split('.').map(|n| n.parse().unwrap()).collect();
        for round in 0..300 {
            let mut code = code.clone();
            for _ in 0..1 + round % 3 {
                let at = random.below(code.len());
                match random.below(4) {
                    0 if code.len() > 1 => drop(code.remove(at)),
                    1 => code.insert(at, random.word()),
                    _ => code[at] = random.word(),
                }
            }
            accepted += usize::from(exercise(code, fields[1].parse().unwrap(), random.word() & 63));
        }
    }
    assert!(accepted > 100, "only {accepted} accepted");
}

#[test]
fn random_lists() {
    let mut random = Random(0xdeadbeef12345);
    for _ in 0..200_000 {
        let mut code: Vec<u32> = (0..random.below(12)).map(|_| random.word()).collect();
        code.push(1);
        exercise(code, random.below(3), 0);
    }
    assert!(!exercise(vec![], 0, 0));
    assert!(!exercise(vec![1], 101, 0));
}

#[test]
fn deep_nesting_is_no_native_recursion() {
    // ASSERT around ASSERT, 100,000 deep.
    let depth = 100_000;
    let mut code = vec![];
    for level in 0..depth {
        code.extend([4, (4 * (depth - level) - 1) as u32, 0]);
    }
    code.extend(vec![1; depth + 1]);
    assert!(exercise(code, 0, 0));
}
