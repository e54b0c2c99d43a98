//! Types: ready.
