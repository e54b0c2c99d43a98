//! What a word may become: the program's completion function, and its function that shows the choice.

use super::state::{self, Field};
use interpreter::layout::PyStr;
use interpreter::objects::exceptions;
use interpreter::{PyResult, Raised, Thread, ops};
use parking_lot::Mutex;

/// What `get_completion_type` says of the key that completes.
const COMPLETE: usize = 9;
/// And of the wish to see the choice.
const LIST: usize = 63;

/// The line and place of the last completion that left a choice open: asked for again, the choice is shown.
static OPEN: Mutex<Option<(String, usize)>> = Mutex::new(None);

/// Where the word before `at` begins, and what it may become.
pub fn words(th: &mut Thread, line: &str, at: usize) -> PyResult<(usize, Vec<String>)> {
    let bytes = line.as_bytes();
    let delimiters = state::text(th, Field::Delimiters)?;
    let at = at.min(bytes.len());
    let mut begin = bytes[..at].iter().rposition(|b| delimiters.contains(b)).map_or(0, |i| i + 1);
    while !line.is_char_boundary(begin) {
        begin += 1;
    }
    let text = &line[begin..at.max(begin)];
    let again = OPEN.lock().take().is_some_and(|(l, a)| l == line && a == at);
    state::set_text(th, Field::Line, bytes)?;
    state::set_text(th, Field::Inserted, b"")?;
    state::set_int(th, Field::Begin, begin)?;
    state::set_int(th, Field::End, at)?;
    state::set_int(th, Field::CompletionType, if again { LIST } else { COMPLETE })?;
    let mut words = asked(th, text)?;
    let inserted = state::text(th, Field::Inserted)?;
    if !inserted.is_empty() {
        // The function typed for the user instead of offering words.
        return Ok((begin, vec![format!("{text}{}", String::from_utf8_lossy(&inserted))]));
    }
    words.sort();
    words.dedup();
    let hook = state::get(th, Field::DisplayHook)?;
    if words.len() < 2 || hook.is_none() {
        return Ok((begin, words));
    }
    let common = common_prefix(&words).to_owned();
    if common.len() > text.len() {
        return Ok((begin, vec![common]));
    }
    if !again {
        *OPEN.lock() = Some((line.to_owned(), at));
        return Ok((begin, Vec::new()));
    }
    let longest = words.iter().map(String::len).max().unwrap_or(0);
    let list = th.m.root_vec();
    for w in &words {
        list.push(th.try_str(w.as_bytes())?.bits());
    }
    let list = th.new_list(ops::values(&list))?;
    let (common, longest) = (th.try_str(common.as_bytes())?, th.int(longest as i64));
    let shown = ops::call(th, hook, &[common, list, longest]);
    survived(th, shown)?;
    Ok((begin, Vec::new()))
}

/// The result, or nothing after an exception, which must not end the editing.
fn survived<T>(th: &mut Thread, r: PyResult<T>) -> Result<Option<T>, Raised> {
    match r {
        Ok(v) => Ok(Some(v)),
        Err(e) => {
            e.catch_if(th, exceptions::EXCEPTION.class())?;
            Ok(None)
        }
    }
}

/// Asks the completion function for one word after the other.
fn asked(th: &mut Thread, text: &str) -> PyResult<Vec<String>> {
    let f = state::get(th, Field::Completer)?;
    let mut words = Vec::new();
    if f.is_none() {
        return Ok(words);
    }
    loop {
        let (word, n) = (th.try_str(text.as_bytes())?, th.int(words.len() as i64));
        let r = ops::call(th, f, &[word, n]);
        match survived(th, r)?.and_then(|v| v.payload::<PyStr>()) {
            Some(s) => words.push(String::from_utf8_lossy(s.get().bytes()).into_owned()),
            None => return Ok(words),
        }
    }
}

/// What all words begin with.
fn common_prefix(words: &[String]) -> &str {
    let Some((first, rest)) = words.split_first() else { return "" };
    let mut n = first.len();
    for w in rest {
        n = first.bytes().zip(w.bytes()).take(n).take_while(|(a, b)| a == b).count();
    }
    while !first.is_char_boundary(n) {
        n -= 1;
    }
    &first[..n]
}
