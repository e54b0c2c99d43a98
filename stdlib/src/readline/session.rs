//! One line: hooks, the editor, completion, history.

use super::editor::{self, Event, Line};
use super::state::{self, Field};
use super::{completion, history};
use interpreter::native::Args;
use interpreter::objects::exceptions;
use interpreter::{PyResult, Thread, Value, ops};
use std::sync::atomic::{AtomicBool, Ordering};

static ENABLED: AtomicBool = AtomicBool::new(false);

/// Turns editing on, for good.
pub(super) fn enable() {
    ENABLED.store(true, Ordering::Release);
}

/// Whether lines are edited: the module has been imported.
pub fn enabled() -> bool {
    ENABLED.load(Ordering::Acquire)
}

/// Whether standard input and output are a terminal, on which lines can be edited.
pub fn on_terminal() -> bool {
    // SAFETY: the descriptors are only asked what they are.
    unsafe { libc::isatty(0) == 1 && libc::isatty(1) == 1 }
}

/// Shows a prompt and lets the user type a line, given without its end; `None` at the end of input. The interrupt key is
/// a signal, as it is without an editor.
pub fn read(th: &mut Thread, prompt: &[u8]) -> PyResult<Option<Vec<u8>>> {
    let (mut replayable, initial) = (true, hooks(th)?);
    let mut initial = match initial {
        Some(text) => {
            replayable = false;
            (text, String::new())
        }
        None => (String::new(), String::new()),
    };
    let prompt: String =
        String::from_utf8_lossy(prompt).chars().filter(|c| !matches!(c, '\x01' | '\x02')).collect();
    loop {
        let line = Line {
            prompt: prompt.clone(),
            initial,
            history: strings(th, Field::History)?,
            bindings: strings(th, Field::Bindings)?,
            completes: !state::get(th, Field::Completer)?.is_none(),
        };
        let listens = th.is_main && th.m.tx.atomic_depth() == 0;
        // Once Python code has run, the bytecode must not be run again.
        let mut event = if replayable {
            th.outside(move || editor::begin(line, listens))?
        } else {
            th.outside_now(move || editor::begin(line, listens))?
        };
        replayable = false;
        loop {
            event = match event {
                Event::Entered(line) => {
                    let line = line.into_bytes();
                    state::set_text(th, Field::Line, &line)?;
                    history::entered(th, &line)?;
                    return Ok(Some(line));
                }
                Event::Ended => return Ok(None),
                Event::Failed(e) => return Err(th.io_error(e, None)),
                Event::Interrupted(line, at) => {
                    // SAFETY: no preconditions. What comes of it is the program's choice.
                    unsafe { libc::raise(libc::SIGINT) };
                    th.native_poll()?;
                    // Nobody minded: the user goes on.
                    let at = if line.is_char_boundary(at) { at } else { line.len() };
                    initial = (line[..at].to_owned(), line[at..].to_owned());
                    break;
                }
                Event::Signal => {
                    or_give_up(th, |th| th.native_poll())?;
                    th.outside_now(move || editor::next(listens))?
                }
                Event::Complete(line, at) => {
                    let (start, words) = or_give_up(th, |th| completion::words(th, &line, at))?;
                    th.outside_now(move || editor::answer(start, words, listens))?
                }
            };
        }
    }
}

/// What a step gives; if it raises, the session is given up.
fn or_give_up<T>(th: &mut Thread, step: impl FnOnce(&mut Thread) -> PyResult<T>) -> PyResult<T> {
    step(th).inspect_err(|_| {
        editor::give_up();
    })
}

fn strings(th: &mut Thread, field: Field) -> PyResult<Vec<String>> {
    let lines = state::lines(th, field)?;
    Ok(lines.iter().map(|l| String::from_utf8_lossy(l).into_owned()).collect())
}

/// Calls the hooks; the text they have inserted. Nothing if there are none.
fn hooks(th: &mut Thread) -> PyResult<Option<String>> {
    let mut called = false;
    for field in [Field::StartupHook, Field::PreInputHook] {
        let f = state::get(th, field)?;
        if f.is_none() {
            continue;
        }
        if !called {
            called = true;
            state::set_text(th, Field::Line, b"")?;
            state::set_text(th, Field::Inserted, b"")?;
        }
        if let Err(e) = ops::call(th, f, &[]) {
            // A hook's failure must not keep the user from typing.
            e.catch_if(th, exceptions::EXCEPTION.class())?;
        }
    }
    if !called {
        return Ok(None);
    }
    Ok(Some(String::from_utf8_lossy(&state::text(th, Field::Inserted)?).into_owned()))
}

pub(super) fn redisplay(th: &mut Thread, _: Args<'_>) -> PyResult {
    th.outside(editor::redisplay)?;
    Ok(Value::NONE)
}
