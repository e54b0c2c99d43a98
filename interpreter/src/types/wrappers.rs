//! Types: wrappers.
