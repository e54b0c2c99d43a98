//! `_random`: the generator behind `random.Random`.
//!
//! The state lies in a bytearray in the instance's record, so that aborts undo it. A number normally costs one word
//! read and the position written; every 624th makes a new block of words.

mod object;
mod twister;

use interpreter::native::ModuleDef;
use interpreter::objects::module;
use interpreter::types::ready;

/// `_random`.
pub static RANDOM: ModuleDef = ModuleDef {
    name: "_random",
    doc: Some("The Mersenne Twister, for module random."),
    functions: &[],
    types: &[],
    init: Some(|th, m| {
        let t = ready::ready(th, &object::RANDOM)?;
        module::add(th, m, "Random", t)
    }),
};
