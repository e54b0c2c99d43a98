//! Compares matches with a table of CPython 2.7.18's answers (`tools/table.py`). `SRE_TABLE` names another table.

use sre::{Char, Pattern, State, match_at, search};

fn numbers(text: &str) -> Vec<u32> {
    if text == "-" { vec![] } else { text.split('.').map(|n| n.parse().unwrap()).collect() }
}

fn answer<C: Char>(pattern: &Pattern, op: &str, pos: usize, subject: &[C]) -> String {
    let mut state = State::new(pattern);
    let mut poll = || Ok::<(), ()>(());
    let run = if op == "m" { match_at } else { search };
    if !run(pattern, &mut state, subject, pos, &mut poll).unwrap() {
        return "-".into();
    }
    let mut out = state.lastindex().map_or("None".into(), |i| i.to_string());
    for group in 0..=pattern.groups {
        let (start, end) = state.span(group).map_or((-1, -1), |(s, e)| (s as i64, e as i64));
        out += &format!(";{start},{end}");
    }
    out
}

#[test]
fn answers_of_the_table() {
    let path = std::env::var("SRE_TABLE")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/tests/table.txt").into());
    let table = std::fs::read_to_string(path).unwrap();
    let mut pattern = None;
    let mut shown = "";
    let (mut cases, mut wrong) = (0, 0);
    for line in table.lines() {
        let fields: Vec<&str> = line.split(' ').collect();
        match fields[..] {
            ["P", flags, groups, repr, code] => {
                shown = repr;
                let made =
                    Pattern::new(numbers(code).into(), flags.parse().unwrap(), groups.parse().unwrap());
                pattern = Some(made.unwrap_or_else(|error| panic!("{repr}: {error}: {code}")));
            }
            ["C", kind, op, pos, endpos, subject, wanted] => {
                let pattern = pattern.as_ref().expect("a case follows its pattern");
                let subject = numbers(subject);
                let (pos, endpos): (usize, usize) = (pos.parse().unwrap(), endpos.parse().unwrap());
                let wide = &subject[..endpos];
                let mut got = vec![answer(pattern, op, pos, wide)];
                if wide.iter().all(|&c| c < 0x10000) {
                    got.push(answer(pattern, op, pos, &wide.iter().map(|&c| c as u16).collect::<Vec<_>>()));
                }
                if kind == "b" || wide.iter().all(|&c| c < 0x100) {
                    got.push(answer(pattern, op, pos, &wide.iter().map(|&c| c as u8).collect::<Vec<_>>()));
                }
                cases += 1;
                if got.iter().any(|got| got != wanted) {
                    wrong += 1;
                    if wrong < 30 {
                        println!("{shown}: {line}\n    got {got:?}\n    code {:?}", pattern.code);
                    }
                }
            }
            _ => assert!(line.starts_with('#'), "{line}"),
        }
    }
    assert!(cases > 500 && wrong == 0, "{wrong} of {cases} cases are wrong");
}
