//! `readline`: line editing with history and completion, on the `rustyline` crate.
//!
//! Importing the module turns editing on: from then on the prompt and `raw_input` at a terminal read their lines through
//! [`session`]. What programs set (hooks, history, the line being edited) lies in the heap ([`state`]), so that it is
//! undone with a transaction; the editor itself runs on a thread of its own ([`editor`]), which knows no object.

mod bindings;
mod completion;
mod editor;
mod files;
mod history;
mod keys;
pub mod session;
mod state;

use crate::arguments::text;
use interpreter::layout::PyStr;
use interpreter::native::{Args, BLOCKS, MethodDef, ModuleDef};
use interpreter::objects::module;
use interpreter::{PyResult, Thread, Value, ops};
use state::Field;

/// Where words end, unless a program says otherwise.
const DELIMITERS: &[u8] = b" \t\n`~!@#$%^&*()-=+[{]}\\|;:'\",<>/?";

/// What programs that look for features of the editor are told: new enough for all they may call here.
const VERSION: i64 = 0x0700;

/// `readline`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "readline",
    doc: Some("Importing this module enables command line editing with history and completion."),
    functions: &[
        MethodDef::new(
            "add_history",
            history::add,
            1,
            1,
            0,
            "add_history(string)\n\nAdds a line to the history.",
        ),
        MethodDef::new("clear_history", history::clear, 0, 0, 0, "clear_history()\n\nForgets all lines."),
        MethodDef::new(
            "get_begidx",
            |th, _| state::get(th, Field::Begin),
            0,
            0,
            0,
            "get_begidx() -> where the word to be completed begins",
        ),
        MethodDef::new(
            "get_completer",
            |th, _| state::get(th, Field::Completer),
            0,
            0,
            0,
            "get_completer() -> the completion function, or None",
        ),
        MethodDef::new(
            "get_completer_delims",
            |th, _| state::get(th, Field::Delimiters),
            0,
            0,
            0,
            "get_completer_delims() -> the characters at which words end",
        ),
        MethodDef::new(
            "get_completion_type",
            |th, _| state::get(th, Field::CompletionType),
            0,
            0,
            0,
            "get_completion_type() -> what kind of completion is being tried",
        ),
        MethodDef::new(
            "get_current_history_length",
            history::length,
            0,
            0,
            0,
            "get_current_history_length() -> how many lines the history has",
        ),
        MethodDef::new(
            "get_endidx",
            |th, _| state::get(th, Field::End),
            0,
            0,
            0,
            "get_endidx() -> where the word to be completed ends",
        ),
        MethodDef::new(
            "get_history_item",
            history::item,
            1,
            1,
            0,
            "get_history_item(index) -> the line of that number, counted from 1, or None",
        ),
        MethodDef::new(
            "get_history_length",
            |th, _| state::get(th, Field::FileLength),
            0,
            0,
            0,
            "get_history_length() -> how many lines a history file gets; negative: all",
        ),
        MethodDef::new(
            "get_line_buffer",
            |th, _| state::get(th, Field::Line),
            0,
            0,
            0,
            "get_line_buffer() -> the line being edited",
        ),
        MethodDef::new(
            "insert_text",
            insert_text,
            1,
            1,
            0,
            "insert_text(string)\n\nInserts text into the line, where the cursor is.",
        ),
        MethodDef::new(
            "parse_and_bind",
            bindings::parse_and_bind,
            1,
            1,
            0,
            "parse_and_bind(string)\n\nObeys one line of an init file; what it does not know it ignores.",
        ),
        MethodDef::new(
            "read_history_file",
            files::read_history,
            0,
            1,
            BLOCKS,
            "read_history_file([filename])\n\nAdds the lines of a file; without a name, of ~/.history.",
        ),
        MethodDef::new(
            "read_init_file",
            files::read_init,
            0,
            1,
            BLOCKS,
            "read_init_file([filename])\n\nObeys a file of bindings and settings; without a name, the last one.",
        ),
        MethodDef::new(
            "redisplay",
            session::redisplay,
            0,
            0,
            0,
            "redisplay()\n\nShows the line again, as it is now.",
        ),
        MethodDef::new(
            "remove_history_item",
            history::remove,
            1,
            1,
            0,
            "remove_history_item(position)\n\nForgets one line; the first is at 0.",
        ),
        MethodDef::new(
            "replace_history_item",
            history::replace,
            2,
            2,
            0,
            "replace_history_item(position, line)\n\nPuts another line in the place of one; the first is at 0.",
        ),
        MethodDef::new(
            "set_completer",
            |th, a| set_hook(th, a, Field::Completer, "set_completer"),
            0,
            1,
            0,
            "set_completer([function])\n\nfunction(text, state), called with states from 0, gives the words that a text may become, and None at last.",
        ),
        MethodDef::new(
            "set_completer_delims",
            set_delimiters,
            1,
            1,
            0,
            "set_completer_delims(string)\n\nThe characters at which words end.",
        ),
        MethodDef::new(
            "set_completion_display_matches_hook",
            |th, a| set_hook(th, a, Field::DisplayHook, "set_completion_display_matches_hook"),
            0,
            1,
            0,
            "set_completion_display_matches_hook([function])\n\nfunction(substitution, matches, longest_match_length) shows the words to choose from.",
        ),
        MethodDef::new(
            "set_history_length",
            set_file_length,
            1,
            1,
            0,
            "set_history_length(length)\n\nHow many lines a history file gets; negative: all.",
        ),
        MethodDef::new(
            "set_pre_input_hook",
            |th, a| set_hook(th, a, Field::PreInputHook, "set_pre_input_hook"),
            0,
            1,
            0,
            "set_pre_input_hook([function])\n\nfunction() is called before the first key is read.",
        ),
        MethodDef::new(
            "set_startup_hook",
            |th, a| set_hook(th, a, Field::StartupHook, "set_startup_hook"),
            0,
            1,
            0,
            "set_startup_hook([function])\n\nfunction() is called before the prompt is shown.",
        ),
        MethodDef::new(
            "write_history_file",
            files::write_history,
            0,
            1,
            BLOCKS,
            "write_history_file([filename])\n\nWrites the history to a file; without a name, to ~/.history.",
        ),
    ],
    types: &[],
    init: Some(|th, m| {
        state::create(th)?;
        module::add_int(th, m, "_READLINE_VERSION", VERSION)?;
        module::add_int(th, m, "_READLINE_RUNTIME_VERSION", VERSION)?;
        session::enable();
        Ok(())
    }),
};

fn set_hook(th: &mut Thread, args: Args<'_>, field: Field, name: &str) -> PyResult {
    let f = args.get(0).unwrap_or(Value::NONE);
    if !f.is_none() && !ops::callable(th, f) {
        return Err(th.type_error(format!("{name}(func): argument not callable")));
    }
    state::set(th, field, f)?;
    Ok(Value::NONE)
}

fn set_delimiters(th: &mut Thread, args: Args<'_>) -> PyResult {
    let s = text(th, args.pos[0], "set_completer_delims", 1)?;
    let s = th.try_str(&s)?;
    state::set(th, Field::Delimiters, s)?;
    Ok(Value::NONE)
}

fn set_file_length(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = ops::int32_arg(th, args.pos[0])?;
    let n = th.int(i64::from(n));
    state::set(th, Field::FileLength, n)?;
    Ok(Value::NONE)
}

/// Text joins the line; it is typed for the user when the editor begins, or where it stands when it asked.
fn insert_text(th: &mut Thread, args: Args<'_>) -> PyResult {
    let s = text(th, args.pos[0], "insert_text", 1)?;
    for field in [Field::Line, Field::Inserted] {
        let old = state::get(th, field)?;
        let mut all = old.payload::<PyStr>().map_or(Vec::new(), |o| o.get().bytes().to_vec());
        all.extend_from_slice(&s);
        let all = th.try_str(&all)?;
        state::set(th, field, all)?;
    }
    Ok(Value::NONE)
}
