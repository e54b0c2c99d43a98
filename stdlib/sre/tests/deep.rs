//! Long subjects: no native recursion, no quadratic time where the library has none, and a poll that can stop.

use sre::{Pattern, State, match_at, search};

const MAX: u32 = u32::MAX;

fn spans(code: &[u32], groups: usize, subject: &[u8]) -> Option<Vec<Option<(usize, usize)>>> {
    let pattern = Pattern::new(code.into(), 0, groups).unwrap();
    let mut state = State::new(&pattern);
    let found = search(&pattern, &mut state, subject, 0, &mut || Ok::<(), ()>(())).unwrap();
    found.then(|| (0..=groups).map(|group| state.span(group)).collect())
}

/// `(?:x|y)*z`
const ALTERNATIVES: [u32; 20] = [28, 15, 0, MAX, 7, 5, 19, 120, 18, 7, 5, 19, 121, 18, 2, 0, 22, 19, 122, 1];

#[test]
fn alternatives_over_a_million_characters() {
    let mut subject = b"xy".repeat(500_000);
    subject.push(b'z');
    assert_eq!(spans(&ALTERNATIVES, 0, &subject), Some(vec![Some((0, 1_000_001))]));
}

#[test]
fn starred_star_over_a_million_characters() {
    // (a*)*
    let code = [28, 14, 0, MAX, 21, 0, 29, 6, 0, MAX, 19, 97, 1, 21, 1, 22, 1];
    let subject = vec![b'a'; 1_000_000];
    assert_eq!(spans(&code, 1, &subject), Some(vec![Some((0, 1_000_000)), Some((1_000_000, 1_000_000))]));
}

#[test]
fn poll_stops_a_catastrophe() {
    // (x+x+)+y
    let code =
        [28, 21, 1, MAX, 21, 0, 29, 6, 1, MAX, 19, 120, 1, 29, 6, 1, MAX, 19, 120, 1, 21, 1, 22, 19, 121, 1];
    let pattern = Pattern::new(code.into(), 0, 1).unwrap();
    let mut state = State::new(&pattern);
    let mut polls = 0;
    let mut poll = || {
        polls += 1;
        if polls == 10 { Err("stop") } else { Ok(()) }
    };
    let subject = [b'x'; 200];
    assert_eq!(match_at(&pattern, &mut state, &subject, 0, &mut poll), Err("stop"));
    let subject = *b"xxxxy";
    assert_eq!(match_at(&pattern, &mut state, &subject, 0, &mut || Ok::<(), ()>(())), Ok(true));
}
