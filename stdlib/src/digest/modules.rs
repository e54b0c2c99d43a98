//! The four modules.

use super::objects::{MD5_TYPE, new, new_named};
use super::state::Algorithm;
use interpreter::native::{KEYWORDS, MethodDef, ModuleDef, VARIADIC};
use interpreter::objects::module;
use interpreter::types::ready;

/// `_md5`.
pub static MD5: ModuleDef = ModuleDef {
    name: "_md5",
    doc: Some("The MD5 message digest (RFC 1321)."),
    functions: &[MethodDef::new(
        "new",
        |th, a| new(th, Algorithm::Md5, a),
        0,
        1,
        0,
        "new([string]) -> MD5 object",
    )],
    types: &[],
    init: Some(|th, m| {
        let t = ready::ready(th, &MD5_TYPE)?;
        module::add(th, m, "MD5Type", t)?;
        module::add_int(th, m, "digest_size", 16)
    }),
};

/// `_sha`.
pub static SHA: ModuleDef = ModuleDef {
    name: "_sha",
    doc: Some("The SHA-1 message digest."),
    functions: &[MethodDef::new(
        "new",
        |th, a| new_named(th, Algorithm::Sha1, a),
        0,
        VARIADIC,
        KEYWORDS,
        "new([string]) -> SHA-1 object",
    )],
    types: &[],
    init: Some(|th, m| {
        module::add_int(th, m, "blocksize", 1)?;
        module::add_int(th, m, "digestsize", 20)?;
        module::add_int(th, m, "digest_size", 20)
    }),
};

/// `_sha256`.
pub static SHA256: ModuleDef = ModuleDef {
    name: "_sha256",
    doc: Some("The SHA-224 and SHA-256 message digests."),
    functions: &[
        MethodDef::new(
            "sha256",
            |th, a| new_named(th, Algorithm::Sha256, a),
            0,
            VARIADIC,
            KEYWORDS,
            "sha256([string]) -> SHA-256 object",
        ),
        MethodDef::new(
            "sha224",
            |th, a| new_named(th, Algorithm::Sha224, a),
            0,
            VARIADIC,
            KEYWORDS,
            "sha224([string]) -> SHA-224 object",
        ),
    ],
    types: &[],
    init: None,
};

/// `_sha512`.
pub static SHA512: ModuleDef = ModuleDef {
    name: "_sha512",
    doc: Some("The SHA-384 and SHA-512 message digests."),
    functions: &[
        MethodDef::new(
            "sha512",
            |th, a| new_named(th, Algorithm::Sha512, a),
            0,
            VARIADIC,
            KEYWORDS,
            "sha512([string]) -> SHA-512 object",
        ),
        MethodDef::new(
            "sha384",
            |th, a| new_named(th, Algorithm::Sha384, a),
            0,
            VARIADIC,
            KEYWORDS,
            "sha384([string]) -> SHA-384 object",
        ),
    ],
    types: &[],
    init: None,
};
