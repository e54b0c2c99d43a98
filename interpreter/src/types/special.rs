//! Types: special.
