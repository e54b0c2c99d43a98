//! Types: create.
