//! What init files and `parse_and_bind` say: which key does what, and a few settings.
//!
//! Lines are kept as text and read anew by the editor before each line it edits. What it has no use for is ignored.

use super::keys;
use super::state::{self, Field};
use crate::arguments::text;
use interpreter::native::Args;
use interpreter::{PyResult, Thread, Value};
use rustyline::config::{BellStyle, EditMode};
use rustyline::{Anchor, At, Cmd, KeyEvent, Movement, Word};

/// What a line asks for.
#[derive(Debug, PartialEq)]
pub enum Order {
    /// A sequence of keys does something.
    Bind(Vec<KeyEvent>, Cmd),
    Mode(EditMode),
    Bell(BellStyle),
    /// More than so many words are shown only after a question.
    AskAbove(usize),
}

pub fn parse_and_bind(th: &mut Thread, args: Args<'_>) -> PyResult {
    let line = text(th, args.pos[0], "parse_and_bind", 1)?;
    if order(&String::from_utf8_lossy(&line)).is_some() {
        state::push(th, Field::Bindings, &line)?;
    }
    Ok(Value::NONE)
}

/// The lines of an init file that are in force for this program.
pub fn lines_of(text: &[u8]) -> Vec<&[u8]> {
    let mut out = Vec::new();
    // Whether each open `$if` holds.
    let mut conditions: Vec<bool> = Vec::new();
    for line in text.split(|b| *b == b'\n') {
        let line = line.trim_ascii();
        if let Some(directive) = line.strip_prefix(b"$") {
            let words = String::from_utf8_lossy(directive).to_ascii_lowercase();
            let mut words = words.split_whitespace();
            match words.next() {
                Some("if") => {
                    let what = words.collect::<Vec<_>>().join(" ");
                    conditions.push(what == "python" || what == "mode=emacs");
                }
                Some("else") => {
                    if let Some(last) = conditions.last_mut() {
                        *last = !*last;
                    }
                }
                Some("endif") => {
                    conditions.pop();
                }
                _ => {}
            }
        } else if !line.is_empty() && line[0] != b'#' && conditions.iter().all(|c| *c) {
            out.push(line);
        }
    }
    out
}

/// What a line asks for, if it is known.
pub fn order(line: &str) -> Option<Order> {
    let line = line.trim();
    let lower = line.to_ascii_lowercase();
    if let Some(setting) = lower.strip_prefix("set ") {
        let mut words = setting.split_whitespace();
        return match (words.next()?, words.next().unwrap_or("on")) {
            ("editing-mode", "vi") => Some(Order::Mode(EditMode::Vi)),
            ("editing-mode", "emacs") => Some(Order::Mode(EditMode::Emacs)),
            ("bell-style", "none") => Some(Order::Bell(BellStyle::None)),
            ("bell-style", "visible") => Some(Order::Bell(BellStyle::Visible)),
            ("bell-style", "audible") => Some(Order::Bell(BellStyle::Audible)),
            ("completion-query-items", n) => n.parse().ok().map(Order::AskAbove),
            _ => None,
        };
    }
    // As the other common editor writes it.
    if let Some(rest) = lower.strip_prefix("bind ") {
        let (key, command) = rest.trim().split_once(char::is_whitespace)?;
        let key = match key.strip_prefix('^') {
            Some(c) => KeyEvent::normalize(KeyEvent::ctrl(c.chars().next()?)),
            None => *keys::parse(key)?.first()?,
        };
        let key = if key == KeyEvent::ctrl('I') { KeyEvent::from('\t') } else { key };
        let command = command.trim();
        return Some(Order::Bind(vec![key], self::command(command.strip_prefix("rl_").unwrap_or(command))?));
    }
    let end = if let Some(quoted) = line.strip_prefix('"') {
        let close = closing_quote(quoted)? + 2;
        close + line[close..].find(':')?
    } else {
        line.find(':')?
    };
    let keys = keys::parse(&line[..end])?;
    let what = line[end + 1..].trim();
    let command = match what.strip_prefix('"') {
        Some(text) => Cmd::Insert(1, unquoted(text.strip_suffix('"').unwrap_or(text))),
        None => self::command(&what.to_ascii_lowercase())?,
    };
    Some(Order::Bind(keys, command))
}

/// Where an opened quote closes.
fn closing_quote(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().find_map(|(i, c)| {
        let found = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        found.then_some(i)
    })
}

/// The text a key types.
fn unquoted(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some(c) => out.push(c),
                None => {}
            },
            _ => out.push(c),
        }
    }
    out
}

/// A command by its name.
fn command(name: &str) -> Option<Cmd> {
    Some(match name {
        "complete" | "menu-complete" | "possible-completions" => Cmd::Complete,
        "menu-complete-backward" => Cmd::CompleteBackward,
        "tab-insert" | "insert-tab" => Cmd::Insert(1, "\t".into()),
        "accept-line" => Cmd::AcceptLine,
        "abort" => Cmd::Abort,
        "beginning-of-line" => Cmd::Move(Movement::BeginningOfLine),
        "end-of-line" => Cmd::Move(Movement::EndOfLine),
        "forward-char" => Cmd::Move(Movement::ForwardChar(1)),
        "backward-char" => Cmd::Move(Movement::BackwardChar(1)),
        "forward-word" => Cmd::Move(Movement::ForwardWord(1, At::AfterEnd, Word::Emacs)),
        "backward-word" => Cmd::Move(Movement::BackwardWord(1, Word::Emacs)),
        "clear-screen" => Cmd::ClearScreen,
        "redraw-current-line" => Cmd::Repaint,
        "previous-history" => Cmd::PreviousHistory,
        "next-history" => Cmd::NextHistory,
        "beginning-of-history" => Cmd::BeginningOfHistory,
        "end-of-history" => Cmd::EndOfHistory,
        "reverse-search-history" => Cmd::ReverseSearchHistory,
        "forward-search-history" => Cmd::ForwardSearchHistory,
        "history-search-backward" => Cmd::HistorySearchBackward,
        "history-search-forward" => Cmd::HistorySearchForward,
        "delete-char" => Cmd::Kill(Movement::ForwardChar(1)),
        "backward-delete-char" => Cmd::Kill(Movement::BackwardChar(1)),
        "kill-line" => Cmd::Kill(Movement::EndOfLine),
        "backward-kill-line" | "unix-line-discard" => Cmd::Kill(Movement::BeginningOfLine),
        "kill-whole-line" => Cmd::Kill(Movement::WholeLine),
        "kill-word" => Cmd::Kill(Movement::ForwardWord(1, At::AfterEnd, Word::Emacs)),
        "backward-kill-word" => Cmd::Kill(Movement::BackwardWord(1, Word::Emacs)),
        "unix-word-rubout" => Cmd::Kill(Movement::BackwardWord(1, Word::Big)),
        "yank" => Cmd::Yank(1, Anchor::Before),
        "yank-pop" => Cmd::YankPop,
        "undo" | "revert-line" => Cmd::Undo(1),
        "quoted-insert" => Cmd::QuotedInsert,
        "transpose-chars" => Cmd::TransposeChars,
        "transpose-words" => Cmd::TransposeWords(1),
        "upcase-word" => Cmd::UpcaseWord,
        "downcase-word" => Cmd::DowncaseWord,
        "capitalize-word" => Cmd::CapitalizeWord,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_understood_or_ignored() {
        let tab = vec![KeyEvent::from('\t')];
        assert_eq!(order("tab: complete"), Some(Order::Bind(tab.clone(), Cmd::Complete)));
        assert_eq!(order("bind ^I rl_complete"), Some(Order::Bind(tab, Cmd::Complete)));
        assert_eq!(order("set editing-mode vi"), Some(Order::Mode(EditMode::Vi)));
        assert_eq!(
            order("\"\\C-xq\": \"a\\\"b\""),
            Some(Order::Bind(vec![KeyEvent::ctrl('X'), KeyEvent::from('q')], Cmd::Insert(1, "a\"b".into())))
        );
        for unknown in
            ["", "nonsense", "tab: no-such", "set no-such on", "\"", "bind", ":", "\"\\C-", "bind ^ x"]
        {
            assert_eq!(order(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn conditions_of_init_files() {
        let text = b"a: b\n# no\n$if Python\nc: d\n$else\ne: f\n$endif\n$if term=vt\ng: h\n$endif\n";
        assert_eq!(lines_of(text), [&b"a: b"[..], b"c: d"]);
    }
}
