//! Names of keys, as init files write them.

use rustyline::{KeyCode, KeyEvent, Modifiers};

/// The keys that a key name (`Control-x`, `Meta-Rubout`, `tab`) or a quoted sequence (`"\C-x\C-e"`) stands for.
pub fn parse(spec: &str) -> Option<Vec<KeyEvent>> {
    let spec = spec.trim();
    match spec.strip_prefix('"') {
        Some(rest) => sequence(rest.strip_suffix('"').unwrap_or(rest)),
        None => Some(vec![named(spec)?]),
    }
}

fn named(spec: &str) -> Option<KeyEvent> {
    let mut rest = spec;
    let mut modifiers = Modifiers::NONE;
    loop {
        let lower = rest.to_ascii_lowercase();
        let found = [("control-", Modifiers::CTRL), ("c-", Modifiers::CTRL)]
            .into_iter()
            .chain([("meta-", Modifiers::ALT), ("m-", Modifiers::ALT)])
            .find(|(prefix, _)| lower.starts_with(prefix) && lower.len() > prefix.len());
        let Some((prefix, modifier)) = found else { break };
        modifiers |= modifier;
        rest = &rest[prefix.len()..];
    }
    let code = match rest.to_ascii_lowercase().as_str() {
        "tab" => KeyCode::Tab,
        "del" | "rubout" => KeyCode::Backspace,
        "esc" | "escape" => KeyCode::Esc,
        "ret" | "return" | "newline" | "lfd" | "linefeed" => KeyCode::Enter,
        "spc" | "space" => KeyCode::Char(' '),
        _ => {
            let c = rest.chars().next()?;
            return Some(KeyEvent::normalize(KeyEvent::new(c, modifiers)));
        }
    };
    Some(KeyEvent(code, modifiers))
}

/// A quoted sequence: what a terminal sends for a function key is that key.
fn sequence(text: &str) -> Option<Vec<KeyEvent>> {
    let mut out: Vec<KeyEvent> = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let escape = ["\\e", "\\E", "\\M-", "\\033", "\\x1b"].into_iter().find(|e| rest.starts_with(e));
        if let Some(e) = escape {
            rest = &rest[e.len()..];
            if let Some((key, used)) = function_key(rest) {
                out.push(key);
                rest = &rest[used..];
            } else if rest.is_empty() || rest.starts_with("\\e") {
                out.push(KeyEvent(KeyCode::Esc, Modifiers::NONE));
            } else {
                let (key, used) = one(rest)?;
                out.push(KeyEvent(key.0, key.1 | Modifiers::ALT));
                rest = &rest[used..];
            }
            continue;
        }
        let (key, used) = one(rest).unwrap_or((KeyEvent::from(c), c.len_utf8()));
        out.push(key);
        rest = &rest[used..];
    }
    if out.is_empty() { None } else { Some(out) }
}

/// One key of a sequence, and the length of its name.
fn one(text: &str) -> Option<(KeyEvent, usize)> {
    for prefix in ["\\C-", "\\c-"] {
        if let Some(rest) = text.strip_prefix(prefix) {
            let c = rest.chars().next()?;
            return Some((KeyEvent::normalize(KeyEvent::ctrl(c)), prefix.len() + c.len_utf8()));
        }
    }
    let mut chars = text.chars();
    let c = chars.next()?;
    if c != '\\' {
        return Some((KeyEvent::from(c), c.len_utf8()));
    }
    let c = chars.next()?;
    let key = match c {
        'a' => '\x07',
        'b' => '\x08',
        'd' => '\x7f',
        'f' => '\x0c',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\x0b',
        c => c,
    };
    Some((KeyEvent::from(key), 1 + c.len_utf8()))
}

/// What follows an escape character in the sequences of common terminals.
fn function_key(text: &str) -> Option<(KeyEvent, usize)> {
    const KEYS: &[(&str, KeyCode)] = &[
        ("[A", KeyCode::Up),
        ("[B", KeyCode::Down),
        ("[C", KeyCode::Right),
        ("[D", KeyCode::Left),
        ("OA", KeyCode::Up),
        ("OB", KeyCode::Down),
        ("OC", KeyCode::Right),
        ("OD", KeyCode::Left),
        ("[H", KeyCode::Home),
        ("[F", KeyCode::End),
        ("OH", KeyCode::Home),
        ("OF", KeyCode::End),
        ("[1~", KeyCode::Home),
        ("[2~", KeyCode::Insert),
        ("[3~", KeyCode::Delete),
        ("[4~", KeyCode::End),
        ("[5~", KeyCode::PageUp),
        ("[6~", KeyCode::PageDown),
        ("[7~", KeyCode::Home),
        ("[8~", KeyCode::End),
        ("[Z", KeyCode::BackTab),
    ];
    let found = KEYS.iter().find(|(s, _)| text.starts_with(s))?;
    Some((KeyEvent(found.1, Modifiers::NONE), found.0.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_sequences() {
        assert_eq!(parse("tab"), Some(vec![KeyEvent(KeyCode::Tab, Modifiers::NONE)]));
        assert_eq!(parse("Control-l"), Some(vec![KeyEvent::ctrl('L')]));
        assert_eq!(parse("\"\\C-x\\C-r\""), Some(vec![KeyEvent::ctrl('X'), KeyEvent::ctrl('R')]));
        assert_eq!(parse("\"\\e[A\""), Some(vec![KeyEvent(KeyCode::Up, Modifiers::NONE)]));
        assert_eq!(parse("\"\\ef\""), Some(vec![KeyEvent::alt('f')]));
        assert_eq!(parse("\"\\t\""), Some(vec![KeyEvent(KeyCode::Tab, Modifiers::NONE)]));
        assert_eq!(parse(""), None);
    }
}
