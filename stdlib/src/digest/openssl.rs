//! `_hashlib`: digests by name, as OpenSSL's module offers them, and PBKDF2.

use super::objects::{METHODS, algorithm, block_size, digest_size, feed, getter, state_of};
use super::state::{Algorithm, State};
use crate::arguments::text;
use interpreter::kinds::kind;
use interpreter::layout::PyRecord;
use interpreter::native::{Args, BLOCKS, GetSetDef, KEYWORDS, MethodDef, ModuleDef, TypeDef, VARIADIC};
use interpreter::objects::{self as o, module};
use interpreter::types::slots::SlotTable;
use interpreter::types::wrap_new;
use interpreter::{PyResult, Thread, Value, buffer, ops};
use std::sync::Arc;

/// The name the digest was asked for by.
const NAME: usize = 2;

/// `_hashlib.HASH`.
pub static HASH: TypeDef = TypeDef {
    module: "_hashlib",
    doc: Some(
        "A hash object: a message digest by name.\n\nupdate(), digest(), hexdigest(), copy(); name, digest_size.",
    ),
    slots: SlotTable { new: Some(new_hash), repr: Some(repr), ..SlotTable::EMPTY },
    methods: METHODS,
    getset: &[
        GetSetDef { name: "name", get: name, set: None, doc: "algorithm name." },
        getter("digest_size", digest_size),
        getter("block_size", block_size),
        getter("digestsize", digest_size),
    ],
    ..TypeDef::new("HASH", kind::RECORD)
};

/// The algorithm of a name in small or capital letters.
fn by_name(name: &[u8]) -> Option<Algorithm> {
    let same = |a: &&Algorithm| a.lower_name().as_bytes().eq_ignore_ascii_case(name);
    Algorithm::ALL.iter().find(same).copied()
}

fn make(th: &mut Thread, class: Value, a: Algorithm, name: &[u8], string: Option<Value>) -> PyResult {
    let mut s = a.start();
    if let Some(v) = string {
        feed(th, &mut s, v, "new")?;
    }
    let state = state_of(th, s)?;
    let name = th.try_str(name)?;
    let record = th.new_record(&HASH, &[Some(Value::int_unchecked(a as i64)), Some(state), Some(name)]);
    wrap_new(th, class, &HASH, record)
}

fn new_hash(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let [name, string] = args.bind(th, "HASH", ["name", "string"], 1)?;
    by_argument(th, class, name.unwrap_or(Value::NONE), string)
}

fn by_argument(th: &mut Thread, class: Value, name: Value, string: Option<Value>) -> PyResult {
    if name.payload::<interpreter::layout::PyStr>().is_none()
        && name.payload::<interpreter::layout::PyUnicode>().is_none()
    {
        return Err(th.type_error("name must be a string"));
    }
    let name = text(th, name, "new", 1)?;
    match by_name(&name) {
        Some(a) => make(th, class, a, &name, string),
        None => Err(th.value_error("unsupported hash type")),
    }
}

fn new(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [name, string] = args.bind(th, "new", ["name", "string"], 1)?;
    by_argument(th, HASH.class(), name.unwrap_or(Value::NONE), string)
}

fn name(th: &mut Thread, v: Value) -> PyResult {
    let n = match v.payload::<PyRecord>() {
        Some(r) => r.read(th)?.at(NAME).get(),
        None => None,
    };
    Ok(n.unwrap_or(Value::NONE))
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    let n = name(th, v)?;
    let mut out = b"<".to_vec();
    out.extend_from_slice(th.str_bytes(n));
    out.extend_from_slice(format!(" HASH object @ {:#x}>", v.bits()).as_bytes());
    th.try_str(&out)
}

fn by_function(th: &mut Thread, a: Algorithm, args: Args<'_>) -> PyResult {
    let [string] = args.bind(th, "openssl", ["string"], 0)?;
    make(th, HASH.class(), a, a.lower_name().as_bytes(), string)
}

macro_rules! constructor {
    ($name:literal, $id:ident) => {
        MethodDef::new(
            $name,
            |th, a| by_function(th, Algorithm::$id, a),
            0,
            VARIADIC,
            KEYWORDS,
            "A hash object of this algorithm, with a first part of the message perhaps.",
        )
    };
}

/// HMAC's two states, the key already in.
#[derive(Clone)]
struct Keyed {
    inner: State,
    outer: State,
}

impl Keyed {
    fn new(a: Algorithm, key: &[u8]) -> Keyed {
        let mut block = vec![0; a.block_size()];
        if key.len() > block.len() {
            let mut s = a.start();
            s.update(key);
            let d = s.digest();
            block[..d.len()].copy_from_slice(&d);
        } else {
            block[..key.len()].copy_from_slice(key);
        }
        let padded = |pad: u8| {
            let mut s = a.start();
            s.update(&block.iter().map(|b| b ^ pad).collect::<Vec<u8>>());
            s
        };
        Keyed { inner: padded(0x36), outer: padded(0x5c) }
    }

    fn sign(&self, parts: &[&[u8]]) -> Vec<u8> {
        let (mut inner, mut outer) = (self.inner.clone(), self.outer.clone());
        parts.iter().for_each(|p| inner.update(p));
        outer.update(&inner.digest());
        outer.digest()
    }
}

/// PBKDF2 (RFC 8018) with HMAC.
fn derive(a: Algorithm, password: &[u8], salt: &[u8], rounds: i64, length: usize) -> Vec<u8> {
    let keyed = Keyed::new(a, password);
    let mut out = Vec::with_capacity(length);
    let mut block: u32 = 1;
    while out.len() < length {
        let mut u = keyed.sign(&[salt, &block.to_be_bytes()]);
        let mut t = u.clone();
        for _ in 1..rounds {
            u = keyed.sign(&[&u]);
            t.iter_mut().zip(&u).for_each(|(t, u)| *t ^= u);
        }
        let wanted = t.len().min(length - out.len());
        out.extend_from_slice(&t[..wanted]);
        block = block.wrapping_add(1);
    }
    out
}

fn pbkdf2_hmac(th: &mut Thread, args: Args<'_>) -> PyResult {
    let names = ["hash_name", "password", "salt", "iterations", "dklen"];
    let [name, password, salt, rounds, length] = args.bind(th, "pbkdf2_hmac", names, 4)?;
    let name = text(th, name.unwrap_or(Value::NONE), "pbkdf2_hmac", 1)?;
    let password = buffer::argument(th, password.unwrap_or(Value::NONE), "pbkdf2_hmac", 2)?.bytes().to_vec();
    let salt = buffer::argument(th, salt.unwrap_or(Value::NONE), "pbkdf2_hmac", 3)?.bytes().to_vec();
    let rounds = ops::integer_arg(th, rounds.unwrap_or(Value::NONE))?;
    let Some(a) = by_name(&name) else { return Err(th.value_error("unsupported hash type")) };
    if rounds < 1 {
        return Err(th.value_error("iteration value must be greater than 0."));
    }
    if rounds > i64::from(i32::MAX) {
        return Err(th.overflow_error("iteration value is too great."));
    }
    let length = match length.filter(|l| !l.is_none()) {
        Some(l) => ops::integer_arg(th, l)?,
        None => a.digest_size() as i64,
    };
    if length < 1 {
        return Err(th.value_error("key length must be greater than 0."));
    }
    if length > i64::from(i32::MAX) {
        return Err(th.overflow_error("key length is too great."));
    }
    let key = th.outside(move || Arc::new(derive(a, &password, &salt, rounds, length as usize)))?;
    th.try_str(&key)
}

/// `_hashlib`.
pub static HASHLIB: ModuleDef = ModuleDef {
    name: "_hashlib",
    doc: None,
    functions: &[
        MethodDef::new("new", new, 0, VARIADIC, KEYWORDS, "new(name, string='') -> a hash object by name"),
        MethodDef::new(
            "pbkdf2_hmac",
            pbkdf2_hmac,
            0,
            VARIADIC,
            KEYWORDS | BLOCKS,
            "pbkdf2_hmac(hash_name, password, salt, iterations, dklen=None) -> key\n\nA key derived from a password by PBKDF2 with HMAC.",
        ),
        constructor!("openssl_md5", Md5),
        constructor!("openssl_sha1", Sha1),
        constructor!("openssl_sha224", Sha224),
        constructor!("openssl_sha256", Sha256),
        constructor!("openssl_sha384", Sha384),
        constructor!("openssl_sha512", Sha512),
    ],
    types: &[&HASH],
    init: Some(|th, m| {
        let names = th.m.root_vec();
        for a in Algorithm::ALL {
            names.push(th.intern(a.lower_name().as_bytes()).bits());
            names.push(th.intern(a.name().as_bytes()).bits());
        }
        let list = th.new_list(ops::values(&names))?;
        let set = ops::call(th, o::set::FROZENSET.class(), &[list])?;
        module::add(th, m, "openssl_md_meth_names", set)
    }),
};

/// A copy keeps the name.
pub(super) fn copy_of(th: &mut Thread, v: Value, s: State) -> PyResult {
    let (a, name) = (algorithm(th, v)?, name(th, v)?);
    let state = state_of(th, s)?;
    Ok(th.new_record(&HASH, &[Some(Value::int_unchecked(a as i64)), Some(state), Some(name)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pbkdf2_known_answers() {
        let hex = |v: Vec<u8>| v.iter().map(|b| format!("{b:02x}")).collect::<String>();
        let key = derive(Algorithm::Sha1, b"password", b"salt", 2, 20);
        assert_eq!(hex(key), "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957");
    }
}
