//! `_hashlib`, `_md5`, `_sha`, `_sha256`, `_sha512`: the message digests of `hashlib` and of the old modules `md5` and
//! `sha`.
//!
//! The algorithms are RustCrypto's. A digest object is a record whose slot refers to a [`State`], native memory that is
//! never changed: `update` makes a new state and stores the reference under the write barrier, so that an aborted
//! transaction finds the old one in place (PITFALLS 15).

mod modules;
mod objects;
mod openssl;
mod state;

pub use modules::{MD5, SHA, SHA256, SHA512};
pub use openssl::HASHLIB;
