//! The list of what is expected of each module, and the list of single tests that are left out.
//!
//! A line of the first: `MODULE pass|fail|skip [whole] [reason]`; `whole` imports everything from the folder on disk,
//! for modules that look for files beside the modules they test. A line of the second: `MODULE Class[.method] reason`
//! or, for an example of a doctest, `MODULE DOCTEST#NUMBER reason`.
//! `#` begins a comment line.

use crate::process::{Outcome, TestResult};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// What a module is expected to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    Pass,
    Fail,
    Skip,
}

impl Expected {
    fn word(self) -> &'static str {
        match self {
            Expected::Pass => "pass",
            Expected::Fail => "fail",
            Expected::Skip => "skip",
        }
    }
}

/// One line of the list.
#[derive(Clone, Debug)]
struct Line {
    expected: Expected,
    whole: bool,
    reason: String,
}

/// The list, with its opening comment.
#[derive(Default)]
pub struct Expectations {
    heading: Vec<String>,
    lines: BTreeMap<String, Line>,
}

impl Expectations {
    /// Reads the list; each fault is named with its line.
    pub fn read(path: &Path) -> Result<Expectations, String> {
        let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let mut list = Expectations::default();
        for (number, line) in text.lines().enumerate() {
            if line.starts_with('#') || line.trim().is_empty() {
                if list.lines.is_empty() {
                    list.heading.push(line.to_owned());
                }
                continue;
            }
            let (module, entry) = parse(line)
                .ok_or_else(|| format!("{}:{}: cannot read '{line}'", path.display(), number + 1))?;
            if list.lines.insert(module.to_owned(), entry).is_some() {
                return Err(format!("{}:{}: {module} is there twice", path.display(), number + 1));
            }
        }
        Ok(list)
    }

    /// What is expected of a module; none when it is not listed.
    pub fn of(&self, module: &str) -> Option<Expected> {
        self.lines.get(module).map(|line| line.expected)
    }

    /// Whether a module imports everything from the folder on disk.
    pub fn whole(&self, module: &str) -> bool {
        self.lines.get(module).is_some_and(|line| line.whole)
    }

    /// The modules of which that is expected.
    pub fn with(&self, expected: Expected) -> Vec<String> {
        let chosen = self.lines.iter().filter(|(_, line)| line.expected == expected);
        chosen.map(|(module, _)| module.clone()).collect()
    }

    /// Makes what happened the expectation; reasons stay while the expectation does.
    pub fn take(&mut self, results: &[TestResult]) {
        for result in results {
            let expected = match result.outcome {
                Outcome::Passed => Expected::Pass,
                Outcome::Skipped => Expected::Skip,
                Outcome::Failed | Outcome::TimedOut => Expected::Fail,
            };
            let entry = self.lines.entry(result.module.clone()).or_insert(Line {
                expected,
                whole: false,
                reason: String::new(),
            });
            if entry.expected != expected {
                entry.expected = expected;
                entry.reason.clear();
            }
            if entry.reason.is_empty() && expected != Expected::Pass {
                entry.reason = result.summary();
            }
        }
    }

    /// Writes the list, sorted by module.
    pub fn write(&self, path: &Path) -> Result<(), String> {
        let mut text = String::new();
        for line in &self.heading {
            text.push_str(line);
            text.push('\n');
        }
        for (module, line) in &self.lines {
            let whole = if line.whole { " whole" } else { "" };
            let written = format!("{module} {}{whole} {}", line.expected.word(), line.reason);
            text.push_str(written.trim_end());
            text.push('\n');
        }
        fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
    }
}

fn parse(line: &str) -> Option<(&str, Line)> {
    let (module, rest) = line.trim().split_once(char::is_whitespace)?;
    let (word, rest) = rest.trim_start().split_once(char::is_whitespace).unwrap_or((rest.trim(), ""));
    let expected = match word {
        "pass" => Expected::Pass,
        "fail" => Expected::Fail,
        "skip" => Expected::Skip,
        _ => return None,
    };
    let rest = rest.trim();
    let (whole, reason) = match rest.strip_prefix("whole") {
        Some(reason) if reason.is_empty() || reason.starts_with(' ') => (true, reason.trim()),
        _ => (false, rest),
    };
    Some((module, Line { expected, whole, reason: reason.to_owned() }))
}

/// Single tests that are not run, by module.
pub struct Skips {
    names: BTreeMap<String, Vec<String>>,
}

impl Skips {
    /// Reads the list; every line needs a reason.
    pub fn read(path: &Path) -> Result<Skips, String> {
        let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (number, line) in text.lines().enumerate() {
            let mut words = line.split_whitespace();
            let Some(module) = words.next().filter(|word| !word.starts_with('#')) else { continue };
            let (Some(name), Some(_)) = (words.next(), words.next()) else {
                return Err(format!("{}:{}: MODULE NAME REASON is expected", path.display(), number + 1));
            };
            names.entry(module.to_owned()).or_default().push(name.to_owned());
        }
        Ok(Skips { names })
    }

    /// The names left out of a module.
    pub fn of(&self, module: &str) -> &[String] {
        self.names.get(module).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read() {
        let (module, line) = parse("test_json pass whole").expect("a line");
        assert_eq!(
            (module, line.expected, line.whole, line.reason.as_str()),
            ("test_json", Expected::Pass, true, "")
        );
        let (_, line) = parse("test_x fail wholesome reasons").expect("a line");
        assert_eq!(
            (line.expected, line.whole, line.reason.as_str()),
            (Expected::Fail, false, "wholesome reasons")
        );
        assert!(parse("test_x").is_none() && parse("test_x perhaps").is_none());
    }
}
