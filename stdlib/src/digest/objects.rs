//! Digest objects: one type per algorithm, one set of methods.
//!
//! Record slots: [`ALGORITHM`], [`STATE`].

use super::state::{Algorithm, State};
use interpreter::kinds::kind;
use interpreter::layout::{PyNative, PyRecord, Ref};
use interpreter::native::{Args, GetSetDef, MethodDef, NO_NEW, TypeDef};
use interpreter::types::ready;
use interpreter::{PyResult, Thread, Value, buffer};

/// The algorithm's number.
const ALGORITHM: usize = 0;
/// The native object that owns the state.
const STATE: usize = 1;

pub(super) const METHODS: &[MethodDef] = &[
    MethodDef::new("update", update, 1, 1, 0, "Adds the bytes of a string or buffer to the message."),
    MethodDef::new("digest", digest, 0, 0, 0, "The digest of the message so far, as bytes."),
    MethodDef::new(
        "hexdigest",
        hexdigest,
        0,
        0,
        0,
        "The digest of the message so far, in hexadecimal digits.",
    ),
    MethodDef::new("copy", copy, 0, 0, 0, "A digest object in the same state."),
];

pub(super) const fn getter(name: &'static str, get: fn(&mut Thread, Value) -> PyResult) -> GetSetDef {
    GetSetDef { name, get, set: None, doc: "" }
}

const GETSET: &[GetSetDef] = &[
    getter("name", |th, v| {
        let a = algorithm(th, v)?;
        Ok(th.new_str(a.name().as_bytes()))
    }),
    getter("digest_size", digest_size),
    getter("block_size", block_size),
    getter("digestsize", digest_size),
];

macro_rules! types {
    ($($def:ident = $module:literal, $name:literal;)*) => {
        $( #[doc = concat!("`", $module, ".", $name, "`.")]
        pub static $def: TypeDef = TypeDef {
            module: $module,
            flags: NO_NEW,
            methods: METHODS,
            getset: GETSET,
            ..TypeDef::new($name, kind::RECORD)
        }; )*
    };
}

types! {
    MD5_TYPE = "_md5", "md5";
    SHA_TYPE = "_sha", "sha";
    SHA224_TYPE = "_sha256", "sha224";
    SHA256_TYPE = "_sha256", "sha256";
    SHA384_TYPE = "_sha512", "sha384";
    SHA512_TYPE = "_sha512", "sha512";
}

/// What state objects are, to the heap; never handed out.
static STATE_TYPE: TypeDef = TypeDef { flags: NO_NEW, ..TypeDef::new("digest_state", kind::NATIVE) };

/// The types of the old modules; `_hashlib` has one of its own for all.
fn type_of(a: Algorithm) -> &'static TypeDef {
    match a {
        Algorithm::Md5 => &MD5_TYPE,
        Algorithm::Sha1 => &SHA_TYPE,
        Algorithm::Sha224 => &SHA224_TYPE,
        Algorithm::Sha256 => &SHA256_TYPE,
        Algorithm::Sha384 => &SHA384_TYPE,
        Algorithm::Sha512 => &SHA512_TYPE,
        _ => &super::openssl::HASH,
    }
}

/// The heap object that holds a state.
pub(super) fn state_of(th: &mut Thread, s: State) -> PyResult {
    ready::ready(th, &STATE_TYPE)?;
    Ok(th.new_native(&STATE_TYPE, Box::new(s)))
}

fn make(th: &mut Thread, a: Algorithm, s: State) -> PyResult {
    let s = state_of(th, s)?;
    ready::ready(th, type_of(a))?;
    Ok(th.new_record(type_of(a), &[Some(Value::int_unchecked(a as i64)), Some(s)]))
}

/// Bytes that are hashed between two looks at what other threads want.
const PIECE: usize = 1 << 16;

/// Adds the bytes of an argument to a state that nobody else sees.
pub(super) fn feed(th: &mut Thread, s: &mut State, v: Value, function: &str) -> PyResult<()> {
    let b = buffer::argument(th, v, function, 1)?;
    if b.len <= PIECE {
        s.update(b.bytes());
        return Ok(());
    }
    let copy;
    let bytes = if b.owner.cast::<interpreter::layout::PyStr>().is_some() {
        b.bytes()
    } else {
        // A signal handler may change it in between.
        copy = b.bytes().to_vec();
        &copy
    };
    for piece in bytes.chunks(PIECE) {
        s.update(piece);
        th.native_poll()?;
    }
    Ok(())
}

/// A new digest object, with a first part of the message perhaps.
pub fn new(th: &mut Thread, a: Algorithm, args: Args<'_>) -> PyResult {
    let mut s = a.start();
    if let Some(v) = args.get(0) {
        feed(th, &mut s, v, "new")?;
    }
    make(th, a, s)
}

/// As [`new`], for constructors whose argument may be named.
pub fn new_named(th: &mut Thread, a: Algorithm, args: Args<'_>) -> PyResult {
    let [string] = args.bind(th, "new", ["string"], 0)?;
    match string {
        Some(s) => new(th, a, Args::positional(&[s])),
        None => new(th, a, Args::positional(&[])),
    }
}

fn record(th: &mut Thread, v: Value) -> PyResult<Ref<PyRecord>> {
    match v.payload::<PyRecord>() {
        Some(r) => Ok(r),
        None => Err(th.type_error("not a digest object")),
    }
}

pub(super) fn algorithm(th: &mut Thread, v: Value) -> PyResult<Algorithm> {
    let n = record(th, v)?.read(th)?.at(ALGORITHM).get().and_then(Value::as_small_int).unwrap_or(0);
    Ok(Algorithm::ALL.get(n as usize).copied().unwrap_or(Algorithm::Md5))
}

/// A copy of the state.
fn state(th: &mut Thread, v: Value) -> PyResult<State> {
    let s = record(th, v)?.read(th)?.at(STATE).get().and_then(|s| s.cast::<PyNative>());
    let copy = s.and_then(|s| {
        // SAFETY: made by new_native, and state objects never change.
        let p = unsafe { &mut **s.unguarded().payload.get() };
        p.as_any().downcast_ref::<State>().cloned()
    });
    match copy {
        Some(s) => Ok(s),
        None => Err(th.system_error("digest object without a state")),
    }
}

fn update(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let mut s = state(th, v)?;
    feed(th, &mut s, args.pos[1], "update")?;
    let s = th.new_native(&STATE_TYPE, Box::new(s));
    record(th, v)?.write(th)?.at(STATE).set(Some(s));
    Ok(Value::NONE)
}

fn digest(th: &mut Thread, args: Args<'_>) -> PyResult {
    let d = state(th, args.pos[0])?.digest();
    Ok(th.new_str(&d))
}

fn hexdigest(th: &mut Thread, args: Args<'_>) -> PyResult {
    let d = state(th, args.pos[0])?.digest();
    let text: String = d.iter().map(|b| format!("{b:02x}")).collect();
    Ok(th.new_str(text.as_bytes()))
}

fn copy(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (a, s) = (algorithm(th, args.pos[0])?, state(th, args.pos[0])?);
    if interpreter::types::is_instance_of(args.pos[0], &super::openssl::HASH) {
        return super::openssl::copy_of(th, args.pos[0], s);
    }
    make(th, a, s)
}

pub(super) fn digest_size(th: &mut Thread, v: Value) -> PyResult {
    let n = algorithm(th, v)?.digest_size();
    Ok(th.int(n as i64))
}

pub(super) fn block_size(th: &mut Thread, v: Value) -> PyResult {
    let n = algorithm(th, v)?.block_size();
    Ok(th.int(n as i64))
}
