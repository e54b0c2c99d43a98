//! A streaming parser for XML 1.0 that reports what Expat reports, at the places and with the errors of Expat.
//!
//! Text is fed in pieces and events are pulled one by one, so that whoever asks may run anything between two events. The
//! state is a value: cloning it is cheap (texts and declarations are shared), which lets a transaction work on a copy.
//! No Python objects here.

mod attributes;
mod chars;
mod content;
mod declarations;
mod dtd;
mod encoding;
mod event;
mod model;
mod names;
mod parser;
mod prolog;
mod scan;
mod xmldecl;

pub use dtd::Dtd;
pub use event::{Error, Event, Model, codes, handler};
pub use parser::{Parser, Place};
