//! Codec objects, and the encoders and decoders that work piece by piece.

use super::codec::{Codec, State};
use super::convert;
use crate::arguments::text;
use interpreter::kinds::kind;
use interpreter::layout::{PyRecord, PyStr, PyUnicode};
use interpreter::native::{Args, GetSetDef, KEYWORDS, MethodDef, NO_NEW, TypeDef, VARIADIC};
use interpreter::objects::unicode::Builder;
use interpreter::types::slots::SlotTable;
use interpreter::types::{self, wrap_new};
use interpreter::{PyResult, Slot, Thread, Value, buffer, ops};

/// Slots of all the objects here and in `streams`; a codec object has only the first.
pub(super) const CODEC_SLOT: usize = 0;
pub(super) const ERRORS: usize = 1;
pub(super) const STATE: usize = 2;
/// Text or bytes that wait for what follows.
pub(super) const PENDING: usize = 3;
pub(super) const STREAM: usize = 4;

/// `MultibyteCodec`.
pub static CODEC: TypeDef = TypeDef {
    flags: NO_NEW,
    methods: &[
        MethodDef::new(
            "encode",
            encode_all,
            0,
            VARIADIC,
            KEYWORDS,
            "encode(input[, errors]) -> (bytes, length)",
        ),
        MethodDef::new(
            "decode",
            decode_all,
            0,
            VARIADIC,
            KEYWORDS,
            "decode(input[, errors]) -> (text, length)",
        ),
    ],
    ..TypeDef::new("MultibyteCodec", kind::RECORD)
};

pub(super) const ERRORS_ATTRIBUTE: GetSetDef = GetSetDef {
    name: "errors",
    get: |th, v| field(th, v, ERRORS).map(|x| x.unwrap_or(Value::NONE)),
    set: Some(set_errors),
    doc: "how to treat errors",
};

/// `MultibyteIncrementalEncoder`.
pub static ENCODER: TypeDef = TypeDef {
    slots: SlotTable { new: Some(new_encoder), init: Some(ignore), ..SlotTable::EMPTY },
    methods: &[
        MethodDef::new("encode", encode, 0, VARIADIC, KEYWORDS, "encode(input[, final]) -> bytes"),
        MethodDef::new("reset", reset, 0, 0, 0, "reset() -> None"),
    ],
    getset: &[ERRORS_ATTRIBUTE],
    ..TypeDef::new("MultibyteIncrementalEncoder", kind::RECORD)
};

/// `MultibyteIncrementalDecoder`.
pub static DECODER: TypeDef = TypeDef {
    slots: SlotTable { new: Some(new_decoder), init: Some(ignore), ..SlotTable::EMPTY },
    methods: &[
        MethodDef::new("decode", decode, 0, VARIADIC, KEYWORDS, "decode(input[, final]) -> text"),
        MethodDef::new("reset", reset, 0, 0, 0, "reset() -> None"),
    ],
    getset: &[ERRORS_ATTRIBUTE],
    ..TypeDef::new("MultibyteIncrementalDecoder", kind::RECORD)
};

/// `__new__` has done everything.
pub(super) fn ignore(_: &mut Thread, _: Value, _: Args<'_>) -> PyResult<()> {
    Ok(())
}

pub(super) fn make(th: &mut Thread, c: Codec) -> PyResult {
    types::ready::ready(th, &CODEC)?;
    let n = th.int(c.pack());
    Ok(th.new_record(&CODEC, &[Some(n)]))
}

pub(super) fn field(th: &mut Thread, v: Value, i: usize) -> PyResult<Slot> {
    match v.payload::<PyRecord>() {
        Some(r) => Ok(r.read(th)?.at(i).get()),
        None => Ok(None),
    }
}

pub(super) fn set_field(th: &mut Thread, v: Value, i: usize, x: Slot) -> PyResult<()> {
    if let Some(r) = v.payload::<PyRecord>() {
        r.write(th)?.at(i).set(x);
    }
    Ok(())
}

pub(super) fn codec_of(th: &mut Thread, v: Value) -> PyResult<Codec> {
    Ok(Codec::unpack(field(th, v, CODEC_SLOT)?.and_then(ops::int_value).unwrap_or(0)))
}

pub(super) fn state_of(th: &mut Thread, v: Value) -> PyResult<State> {
    Ok(State::unpack(field(th, v, STATE)?.and_then(ops::int_value).unwrap_or(0)))
}

pub(super) fn set_state(th: &mut Thread, v: Value, s: State) -> PyResult<()> {
    let n = th.int(s.pack());
    set_field(th, v, STATE, Some(n))
}

pub(super) fn errors_of(th: &mut Thread, v: Value) -> PyResult<String> {
    let e = field(th, v, ERRORS)?.unwrap_or(Value::NONE);
    Ok(if e.is_none() { "strict".into() } else { String::from_utf8_lossy(th.str_bytes(e)).into_owned() })
}

fn set_errors(th: &mut Thread, v: Value, x: Slot) -> PyResult<()> {
    match x {
        Some(x) if x.payload::<PyStr>().is_some() => set_field(th, v, ERRORS, Some(x)),
        _ => Err(th.type_error("errors must be a string")),
    }
}

/// An object of a class with attribute `codec`.
pub(super) fn new_object(
    th: &mut Thread,
    class: Value,
    def: &'static TypeDef,
    errors: Slot,
    pending: Slot,
    stream: Slot,
) -> PyResult {
    let errors = match errors {
        Some(e) => {
            let e = text(th, e, def.name, 1)?;
            th.try_str(&e)?
        }
        None => th.intern(b"strict"),
    };
    let name = th.intern(b"codec");
    let c = ops::getattr(th, class, name)?;
    types::ready::ready(th, &CODEC)?;
    if !types::is_instance_of(c, &CODEC) {
        return Err(th.type_error("codec is unexpected type"));
    }
    let own = codec_of(th, c)?;
    let n = th.int(own.pack());
    let zero = th.int(0);
    let base = th.new_record(def, &[Some(n), Some(errors), Some(zero), pending, stream]);
    wrap_new(th, class, def, base)
}

fn new_encoder(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let [errors] = args.bind(th, "IncrementalEncoder", ["errors"], 0)?;
    new_object(th, class, &ENCODER, errors, None, None)
}

fn new_decoder(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let [errors] = args.bind(th, "IncrementalDecoder", ["errors"], 0)?;
    new_object(th, class, &DECODER, errors, None, None)
}

fn handler_name(th: &mut Thread, v: Slot, function: &str) -> PyResult<String> {
    match v.filter(|v| !v.is_none()) {
        Some(v) => Ok(String::from_utf8_lossy(&text(th, v, function, 2)?).into_owned()),
        None => Ok("strict".into()),
    }
}

/// An object to encode as unicode.
pub(super) fn as_unicode(th: &mut Thread, v: Value) -> PyResult {
    if v.payload::<PyUnicode>().is_some() {
        return Ok(v.base_object());
    }
    let u = ops::call(th, interpreter::objects::unicode::UNICODE.class(), &[v])?;
    if u.payload::<PyUnicode>().is_none() {
        return Err(th.type_error("couldn't convert the object to unicode."));
    }
    Ok(u.base_object())
}

fn encode_all(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [input, errors] = args.skip(1).bind(th, "encode", ["input", "errors"], 1)?;
    let errors = handler_name(th, errors, "encode")?;
    let codec = codec_of(th, args.pos[0])?;
    let u = as_unicode(th, input.unwrap_or(Value::NONE))?;
    let (mut s, mut out) = (State::default(), Vec::new());
    convert::encode(th, codec, &mut s, u, &errors, true, &mut out)?;
    codec.reset(&mut s, &mut out);
    let n = ops::len(th, u)?;
    let pair = [th.try_str(&out)?, th.int(n as i64)];
    th.try_tuple(&pair)
}

fn decode_all(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [input, errors] = args.skip(1).bind(th, "decode", ["input", "errors"], 1)?;
    let errors = handler_name(th, errors, "decode")?;
    let codec = codec_of(th, args.pos[0])?;
    let b = buffer::argument(th, input.unwrap_or(Value::NONE), "decode", 1)?.bytes().to_vec();
    let (mut s, mut out) = (State::default(), Builder::default());
    convert::decode(th, codec, &mut s, &b, &errors, true, &mut out)?;
    let pair = [out.finish(th)?, th.int(b.len() as i64)];
    th.try_tuple(&pair)
}

/// Encodes what waits and a piece after it; what is left waits. `last`: nothing follows.
pub(super) fn encode_piece(th: &mut Thread, v: Value, piece: Value, last: bool) -> PyResult<Vec<u8>> {
    let (codec, mut s) = (codec_of(th, v)?, state_of(th, v)?);
    let errors = errors_of(th, v)?;
    let mut whole = as_unicode(th, piece)?;
    let pending = field(th, v, PENDING)?;
    if let Some(p) = pending.and_then(|p| p.payload::<PyUnicode>())
        && let Some(u) = whole.payload::<PyUnicode>()
    {
        let cs: Vec<u32> = p.get().chars().iter().chain(u.get().chars().iter()).collect();
        whole = th.unicode_from(&cs)?;
    }
    let mut out = Vec::new();
    let used = convert::encode(th, codec, &mut s, whole, &errors, last, &mut out)?;
    if last {
        codec.reset(&mut s, &mut out);
    }
    let rest: Vec<u32> = match whole.payload::<PyUnicode>() {
        Some(u) => u.get().chars().iter().skip(used).collect(),
        None => Vec::new(),
    };
    let rest = if rest.is_empty() { None } else { Some(th.unicode_from(&rest)?) };
    set_field(th, v, PENDING, rest)?;
    set_state(th, v, s)?;
    Ok(out)
}

/// Decodes what waits and a piece after it; what is incomplete waits, unless nothing follows.
pub(super) fn decode_piece(th: &mut Thread, v: Value, piece: &[u8], last: bool) -> PyResult {
    let (codec, mut s) = (codec_of(th, v)?, state_of(th, v)?);
    let errors = errors_of(th, v)?;
    let mut whole = match field(th, v, PENDING)? {
        Some(p) => th.str_bytes(p).to_vec(),
        None => Vec::new(),
    };
    whole.extend_from_slice(piece);
    let mut out = Builder::default();
    // After an error everything is as it was before.
    let used = convert::decode(th, codec, &mut s, &whole, &errors, last, &mut out)?;
    let rest = &whole[used..];
    let kept = if rest.is_empty() { None } else { Some(th.try_str(rest)?) };
    set_field(th, v, PENDING, kept)?;
    set_state(th, v, s)?;
    out.finish(th)
}

fn is_last(th: &mut Thread, v: Slot) -> PyResult<bool> {
    match v {
        Some(v) => Ok(ops::int32_arg(th, v)? != 0),
        None => Ok(false),
    }
}

fn encode(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [input, last] = args.skip(1).bind(th, "encode", ["input", "final"], 1)?;
    let last = is_last(th, last)?;
    let out = encode_piece(th, args.pos[0], input.unwrap_or(Value::NONE), last)?;
    th.try_str(&out)
}

fn decode(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [input, last] = args.skip(1).bind(th, "decode", ["input", "final"], 1)?;
    let last = is_last(th, last)?;
    let b = buffer::argument(th, input.unwrap_or(Value::NONE), "decode", 1)?.bytes().to_vec();
    decode_piece(th, args.pos[0], &b, last)
}

pub(super) fn reset(th: &mut Thread, args: Args<'_>) -> PyResult {
    set_field(th, args.pos[0], PENDING, None)?;
    set_state(th, args.pos[0], State::default())?;
    Ok(Value::NONE)
}
