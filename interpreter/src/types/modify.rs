//! Types: modify.
