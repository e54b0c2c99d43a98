//! The eval loop.
//!
//! One Rust frame runs any number of Python frames: calls, returns, generators and exceptions switch `th.frame` and
//! reload the registers (`ip`, `sp`, ...). Handlers obey one rule, which makes "commit and run this bytecode again"
//! possible (DESIGN §3): operands stay on the stack until the operation has succeeded, and `save!` comes before anything
//! that can fail, collect or run Python.
//!
//! # Invariants
//! E1. `ip` points past the current instruction; `save!` stores the current one in the frame.
//! E2. The loop ends only when a frame with `flag::ENTRY` ends, or with an unwind its caller has to handle.
//! E3. Polls happen at back-edges, on entry to a function, and after natives; only there can the transaction end.

use super::code::CodeRuntime;
use super::frame::{Block, Frame, block, flag};
use super::instruction::Instruction as Op;
use super::method::{self, Found};
use super::{attr, build, generator, names, poll, push, unwind};
use crate::kinds::kind;
use crate::layout::*;
use crate::native::Args;
use crate::objects as o;
use crate::ops;
use crate::panics::{self, Entry};
use crate::raised::{PyResult, Raised};
use crate::thread::Thread;
use crate::types::slots::CmpOp;
use crate::types::type_of;
use crate::value::{Slot, Value};
use std::sync::atomic::{AtomicU64, Ordering};

macro_rules! poll_entry {
    ($th:expr) => {
        if poll::needed($th) {
            poll::at_boundary($th)?;
        }
    };
}

/// What a step outside the fast paths leaves to do.
pub enum Flow {
    /// Go on after the current instruction of the top frame (which may be another one now).
    Reload,
    /// The entry frame has returned this.
    Done(Value),
}

/// Runs the top frame, which carries `flag::ENTRY`, to its end.
pub fn run(th: &mut Thread) -> PyResult {
    run_from(th, None)
}

/// As [`run`], beginning with an exception raised at the frame's current instruction.
pub fn run_raised(th: &mut Thread, raised: Raised) -> PyResult {
    run_from(th, Some(raised))
}

/// The loop below a mark on the native stack: a native that is called by the loop itself finds there all that the loop's
/// callers hold (the loop holds nothing across such a call that its frames do not).
fn run_from(th: &mut Thread, first: Option<Raised>) -> PyResult {
    let mut mark = gc_stm::StackMark::new();
    let outer = std::mem::replace(&mut th.loop_mark, mark.set());
    let r = run_steps(th, first);
    th.loop_mark = outer;
    std::hint::black_box(&mark);
    r
}

#[inline(never)]
fn run_steps(th: &mut Thread, mut first: Option<Raised>) -> PyResult {
    // A native that calls Python is not to be run again as a whole.
    th.m.tx.set_retry_ok(false);
    th.loop_depth += 1;
    let depth = th.loop_depth;
    let entry = Entry::of(th);
    let r = loop {
        let step = match first.take() {
            Some(r) => Err(r),
            None if th.use_tracing => panics::run(th, entry, steps::<true>),
            None => panics::run(th, entry, steps::<false>),
        };
        let ended = match step {
            Ok(Flow::Done(v)) => Ok(v),
            Ok(Flow::Reload) => continue,
            Err(raised) => match unwind::unwind(th, raised) {
                Ok(Flow::Done(v)) => Ok(v),
                Ok(Flow::Reload) => continue,
                Err(r) => Err(r),
            },
        };
        // An abort that comes here goes back to the checkpoint, if that is this loop's.
        match th.leave_loop() {
            Ok(()) => break ended,
            Err(raised) => first = Some(raised),
        }
        debug_assert_eq!(th.loop_depth, depth);
    };
    th.loop_depth = depth - 1;
    r
}

/// Runs until something is raised, the entry frame returns, or tracing is switched on or off. `TRACE`: the copy of the
/// loop that reports lines.
fn steps<const TRACE: bool>(th: &mut Thread) -> PyResult<Flow> {
    // SAFETY (whole function): frames, operand stacks and instructions are valid by F1-F2 (frame.rs); bytecode was
    // checked when it was translated, so that `ip` stays within the instructions, operands within their tables and
    // `sp` within the frame (verify.rs).
    'reload: loop {
        if TRACE != th.use_tracing {
            return Ok(Flow::Reload);
        }
        let f: *mut Frame = th.frame;
        // SAFETY: see above.
        let (mut ip, mut sp, locals, rt): (*const AtomicU64, *mut Slot, *mut Slot, &CodeRuntime) =
            unsafe { ((*f).ip.add(1), (*f).sp, (*f).locals, &*(*f).rt) };
        let base = rt.instructions.as_ptr();
        macro_rules! save {
            () => {
                // SAFETY: see above.
                #[allow(unused_unsafe)]
                unsafe {
                    (*f).ip = ip.sub(1);
                    (*f).sp = sp;
                }
            };
        }
        macro_rules! peek {
            ($n:expr) => {
                // SAFETY: see above; operands on the stack are never empty.
                unsafe { (*sp.sub($n)).unwrap_unchecked() }
            };
        }
        macro_rules! put {
            ($n:expr, $v:expr) => {
                // SAFETY: see above.
                unsafe { *sp.sub($n) = Some($v) }
            };
        }
        macro_rules! push {
            ($v:expr) => {{
                let v: Value = $v;
                // SAFETY: see above.
                unsafe {
                    *sp = Some(v);
                    sp = sp.add(1);
                }
            }};
        }
        macro_rules! drop_n {
            ($n:expr) => {
                // SAFETY: see above.
                unsafe { sp = sp.sub($n) }
            };
        }
        macro_rules! jump {
            ($t:expr) => {
                // SAFETY: see above.
                unsafe { ip = base.add($t as usize) }
            };
        }
        // After an operation on saved state: replace n operands by the result.
        macro_rules! finish {
            ($n:expr, $e:expr) => {{
                save!();
                let r = $e?;
                drop_n!($n);
                push!(r);
            }};
        }
        macro_rules! binary {
            ($op:expr) => {{
                let (a, b) = (peek!(2), peek!(1));
                finish!(2, ops::binary(th, a, b, &$op))
            }};
        }
        macro_rules! inplace {
            ($op:expr) => {{
                let (a, b) = (peek!(2), peek!(1));
                finish!(2, ops::inplace(th, a, b, &$op))
            }};
        }
        // A backward jump to $t, with a poll.
        macro_rules! back_edge {
            ($t:expr) => {{
                let t = $t as usize;
                // SAFETY: see above.
                unsafe { ip = base.add(t) };
                if poll::needed(th) {
                    save!();
                    poll::at_boundary(th)?;
                    continue 'reload;
                }
            }};
        }
        macro_rules! switch {
            () => {
                continue 'reload
            };
        }
        // Calls what lies at $callable, with the result at $ret.
        macro_rules! call {
            ($callable:expr, $ret:expr, $na:expr, $nk:expr) => {{
                let (callable, ret, na, nk): (*mut Slot, *mut Slot, usize, usize) =
                    ($callable, $ret, $na, $nk);
                // SAFETY: see above.
                let fv = unsafe { (*callable).unwrap_unchecked() };
                let k = fv.kind();
                if TRACE {
                    // Calls are reported: no short cuts.
                } else if k == kind::FUNCTION.index() && nk == 0 {
                    // SAFETY: the kind was checked; arguments lie above the callable.
                    unsafe {
                        let func = fv.cast_unchecked::<PyFunction>();
                        let code = func.fields().code.get().cast_unchecked::<PyCode>();
                        let crt = push::runtime(th, code)?;
                        if crt.simple
                            && (crt.argcount as usize == na
                                || push::fill_defaults(th, func, crt, callable.add(1), na))
                        {
                            push::push_simple(th, func, crt, callable.add(1), ret, 0)?;
                            poll_entry!(th);
                            switch!();
                        }
                    }
                } else if k == kind::METHOD.index() && nk == 0 {
                    // SAFETY: the kind was checked.
                    let m = unsafe { fv.cast_unchecked::<PyMethod>() };
                    if let (Some(r), Some(func)) = (m.receiver, m.func.cast::<PyFunction>()) {
                        // SAFETY: as above; the receiver takes the callable's slot.
                        unsafe {
                            let code = func.fields().code.get().cast_unchecked::<PyCode>();
                            let crt = push::runtime(th, code)?;
                            if crt.simple && crt.argcount as usize == na + 1 {
                                *callable = Some(r);
                                if let Err(e) = push::push_simple(th, func, crt, callable, ret, 0) {
                                    *callable = Some(fv);
                                    return Err(e);
                                }
                                poll_entry!(th);
                                switch!();
                            }
                        }
                    }
                }
                match super::call::call_stack(th, callable, ret, na, nk)? {
                    Some(v) => native_result!(ret, v),
                    None => switch!(),
                }
            }};
        }
        // The result of a native, which goes to $ret; then a poll.
        macro_rules! native_result {
            ($ret:expr, $v:expr) => {{
                // SAFETY: see above.
                unsafe {
                    *$ret = Some($v);
                    sp = $ret.add(1);
                }
                if poll::needed(th) {
                    save!();
                    poll::at_boundary(th)?;
                    switch!();
                }
            }};
        }
        loop {
            if TRACE {
                // SAFETY: see above; `line` may set `f_lineno`, which moves the frame within its verified code.
                unsafe {
                    if super::trace::line_is_due(f, ip) {
                        (*f).ip = ip;
                        (*f).sp = sp;
                        super::trace::line_event(th)?;
                        if (*f).ip != ip || (*f).trace_line as isize != ip.offset_from(base) {
                            ip = (*f).ip.add(1);
                            sp = (*f).sp;
                        }
                    }
                }
            }
            // SAFETY: see above.
            let w = unsafe { (*ip).load(Ordering::Relaxed) };
            // SAFETY: see above.
            ip = unsafe { ip.add(1) };
            let arg = (w >> 32) as usize;
            debug_assert!(Op::is_valid(w as u8), "opcode {}", w as u8);
            // SAFETY: translated words hold these instructions only (code.rs, verify.rs).
            let op: Op = unsafe { std::mem::transmute(w as u8) };
            match op {
                Op::LOAD_FAST_PAIR => {
                    let i = ((w >> 8) & 0xff_ffff) as usize;
                    // SAFETY: see above.
                    let (a, b) = unsafe { (*locals.add(i), *locals.add(arg)) };
                    let (Some(a), Some(b)) = (a, b) else {
                        save!();
                        return Err(names::unbound_local(th, rt, if a.is_none() { i } else { arg }));
                    };
                    push!(a);
                    push!(b);
                    // SAFETY: see above.
                    ip = unsafe { ip.add(1) };
                    continue;
                }
                Op::LOAD_FAST_CONST => {
                    let i = ((w >> 8) & 0xff_ffff) as usize;
                    // SAFETY: see above.
                    let Some(a) = (unsafe { *locals.add(i) }) else {
                        save!();
                        return Err(names::unbound_local(th, rt, i));
                    };
                    push!(a);
                    // SAFETY: see above.
                    push!(unsafe { *rt.consts.get().items().get_unchecked(arg) });
                    // SAFETY: see above.
                    ip = unsafe { ip.add(1) };
                    continue;
                }
                Op::STORE_LOAD_FAST => {
                    let i = ((w >> 8) & 0xff_ffff) as usize;
                    let v = peek!(1);
                    // SAFETY: see above.
                    unsafe { *locals.add(i) = Some(v) };
                    // SAFETY: see above.
                    let Some(b) = (unsafe { *locals.add(arg) }) else {
                        drop_n!(1);
                        save!();
                        return Err(names::unbound_local(th, rt, arg));
                    };
                    put!(1, b);
                    // SAFETY: see above.
                    ip = unsafe { ip.add(1) };
                    continue;
                }
                Op::COMPARE_JUMP_FALSE | Op::COMPARE_JUMP_TRUE => {
                    let (a, b) = (peek!(2), peek!(1));
                    let c = ((w >> 8) & 0xff) as usize;
                    let t = if a.is_tagged_int() && b.is_tagged_int() && c < 6 {
                        let (x, y) = (a.bits() as i64, b.bits() as i64);
                        match c {
                            0 => x < y,
                            1 => x <= y,
                            2 => x == y,
                            3 => x != y,
                            4 => x > y,
                            _ => x >= y,
                        }
                    } else if c == 8 {
                        a == b
                    } else if c == 9 {
                        a != b
                    } else {
                        save!();
                        compare_truth(th, a, b, c)?
                    };
                    drop_n!(2);
                    if t == (op == Op::COMPARE_JUMP_TRUE) {
                        // SAFETY: see above.
                        let target = unsafe { base.add(arg) };
                        if target < ip {
                            back_edge!(arg);
                        } else {
                            ip = target;
                        }
                    } else {
                        // SAFETY: see above.
                        ip = unsafe { ip.add(1) };
                    }
                    continue;
                }
                Op::LOAD_METHOD => {
                    let v = peek!(1);
                    save!();
                    match method::load(th, v, rt, w)? {
                        Found::Method(f) => {
                            put!(1, f);
                            push!(v);
                        }
                        Found::Attribute(x) => {
                            put!(1, Value::NONE);
                            push!(x);
                        }
                    }
                    continue;
                }
                Op::CALL_METHOD => {
                    let (na, nk) = (arg & 0xff, arg >> 8);
                    save!();
                    // SAFETY: see above.
                    let (ret, fv) = unsafe {
                        let p = sp.sub(na + 2 * nk + 2);
                        (p, (*p).unwrap_unchecked())
                    };
                    if fv.is_none() {
                        // SAFETY: see above.
                        call!(unsafe { ret.add(1) }, ret, na, nk);
                    } else if fv.kind() != kind::BUILTIN.index() {
                        call!(ret, ret, na + 1, nk);
                    } else if TRACE {
                        // SAFETY: see above.
                        unsafe {
                            let bound = method::bind(th, fv, (*ret.add(1)).unwrap_unchecked())?;
                            *ret = Some(Value::NONE);
                            *ret.add(1) = Some(bound);
                        }
                        // SAFETY: see above.
                        call!(unsafe { ret.add(1) }, ret, na, nk);
                    } else {
                        // SAFETY: the kind was checked.
                        let b = unsafe { fv.cast_unchecked::<PyBuiltin>() };
                        let v = super::call::call_method_builtin(th, b, ret, na, nk)?;
                        native_result!(ret, v);
                    }
                    continue;
                }
                Op::LOAD_FAST => {
                    // SAFETY: see above.
                    match unsafe { *locals.add(arg) } {
                        Some(v) => push!(v),
                        None => {
                            save!();
                            return Err(names::unbound_local(th, rt, arg));
                        }
                    }
                }
                Op::STORE_FAST => {
                    let v = peek!(1);
                    drop_n!(1);
                    // SAFETY: see above.
                    unsafe { *locals.add(arg) = Some(v) };
                }
                // SAFETY: see above.
                Op::LOAD_CONST => push!(unsafe { *rt.consts.get().items().get_unchecked(arg) }),
                Op::POP_TOP => drop_n!(1),
                Op::NOP | Op::STOP_CODE => {}
                Op::ROT_TWO => {
                    let (a, b) = (peek!(2), peek!(1));
                    put!(2, b);
                    put!(1, a);
                }
                Op::ROT_THREE => {
                    let (a, b, c) = (peek!(3), peek!(2), peek!(1));
                    put!(3, c);
                    put!(2, a);
                    put!(1, b);
                }
                Op::ROT_FOUR => {
                    let (a, b, c, d) = (peek!(4), peek!(3), peek!(2), peek!(1));
                    put!(4, d);
                    put!(3, a);
                    put!(2, b);
                    put!(1, c);
                }
                Op::DUP_TOP => push!(peek!(1)),
                Op::DUP_TOPX => {
                    for _ in 0..arg {
                        push!(peek!(arg));
                    }
                }
                Op::BINARY_ADD | Op::INPLACE_ADD => {
                    let (a, b) = (peek!(2), peek!(1));
                    if a.is_tagged_int() && b.is_tagged_int() {
                        // (2x+1) + (2y+1) - 1, with overflow of the 63-bit range showing as overflow of the word.
                        if let Some(s) = (a.bits() as i64).checked_add((b.bits() as i64) - 1) {
                            drop_n!(1);
                            put!(1, Value::int_unchecked(s >> 1));
                            continue;
                        }
                    } else if a.is_flonum() && b.is_flonum() {
                        let r = th.float(a.flonum_unchecked() + b.flonum_unchecked());
                        drop_n!(1);
                        put!(1, r);
                        continue;
                    }
                    if op != Op::BINARY_ADD {
                        inplace!(ops::ADD)
                    } else if a.kind() == kind::STR.index() && b.kind() == kind::STR.index() {
                        finish!(2, o::str::concat(th, a, b))
                    } else {
                        binary!(ops::ADD)
                    }
                }
                Op::BINARY_SUBTRACT | Op::INPLACE_SUBTRACT => {
                    let (a, b) = (peek!(2), peek!(1));
                    if a.is_tagged_int() && b.is_tagged_int() {
                        if let Some(s) = (a.bits() as i64).checked_sub((b.bits() as i64) - 1) {
                            drop_n!(1);
                            put!(1, Value::int_unchecked(s >> 1));
                            continue;
                        }
                    } else if a.is_flonum() && b.is_flonum() {
                        let r = th.float(a.flonum_unchecked() - b.flonum_unchecked());
                        drop_n!(1);
                        put!(1, r);
                        continue;
                    }
                    if op == Op::BINARY_SUBTRACT { binary!(ops::SUB) } else { inplace!(ops::SUB) }
                }
                Op::BINARY_MULTIPLY | Op::INPLACE_MULTIPLY => {
                    let (a, b) = (peek!(2), peek!(1));
                    if a.is_tagged_int() && b.is_tagged_int() {
                        if let Some(s) = a.small_int_unchecked().checked_mul(b.small_int_unchecked()) {
                            let r = th.int(s);
                            drop_n!(1);
                            put!(1, r);
                            continue;
                        }
                    } else if a.is_flonum() && b.is_flonum() {
                        let r = th.float(a.flonum_unchecked() * b.flonum_unchecked());
                        drop_n!(1);
                        put!(1, r);
                        continue;
                    }
                    if op == Op::BINARY_MULTIPLY { binary!(ops::MUL) } else { inplace!(ops::MUL) }
                }
                Op::BINARY_DIVIDE => {
                    if let Some(r) = fast_divide(th, peek!(2), peek!(1)) {
                        drop_n!(1);
                        put!(1, r);
                        continue;
                    }
                    binary!(ops::DIV)
                }
                Op::INPLACE_DIVIDE => {
                    if let Some(r) = fast_divide(th, peek!(2), peek!(1)) {
                        drop_n!(1);
                        put!(1, r);
                        continue;
                    }
                    inplace!(ops::DIV)
                }
                Op::BINARY_MODULO | Op::INPLACE_MODULO => {
                    let (a, b) = (peek!(2), peek!(1));
                    if a.is_tagged_int() && b.is_tagged_int() {
                        let (x, y) = (a.small_int_unchecked(), b.small_int_unchecked());
                        if y > 0 {
                            let r = th.int(x.rem_euclid(y));
                            drop_n!(1);
                            put!(1, r);
                            continue;
                        }
                    }
                    if op == Op::BINARY_MODULO { binary!(ops::REM) } else { inplace!(ops::REM) }
                }
                Op::BINARY_FLOOR_DIVIDE => {
                    let (a, b) = (peek!(2), peek!(1));
                    if a.is_tagged_int() && b.is_tagged_int() {
                        let (x, y) = (a.small_int_unchecked(), b.small_int_unchecked());
                        if y > 0 {
                            let r = th.int(x.div_euclid(y));
                            drop_n!(1);
                            put!(1, r);
                            continue;
                        }
                    }
                    binary!(ops::FLOORDIV)
                }
                Op::INPLACE_FLOOR_DIVIDE => inplace!(ops::FLOORDIV),
                Op::BINARY_TRUE_DIVIDE => {
                    let (a, b) = (peek!(2), peek!(1));
                    if a.is_flonum() && b.is_flonum() && b.flonum_unchecked() != 0.0 {
                        let r = th.float(a.flonum_unchecked() / b.flonum_unchecked());
                        drop_n!(1);
                        put!(1, r);
                        continue;
                    }
                    binary!(ops::TRUEDIV)
                }
                Op::INPLACE_TRUE_DIVIDE => inplace!(ops::TRUEDIV),
                Op::BINARY_LSHIFT => {
                    let (a, b) = (peek!(2), peek!(1));
                    if let (Some(x), Some(n @ 0..=62)) = (a.as_small_int(), b.as_small_int())
                        && (x << n) >> n == x
                    {
                        let r = th.int(x << n);
                        drop_n!(1);
                        put!(1, r);
                        continue;
                    }
                    binary!(ops::LSHIFT)
                }
                Op::BINARY_RSHIFT => {
                    let (a, b) = (peek!(2), peek!(1));
                    if let (Some(x), Some(n @ 0..=63)) = (a.as_small_int(), b.as_small_int()) {
                        let r = Value::int_unchecked(x >> n);
                        drop_n!(1);
                        put!(1, r);
                        continue;
                    }
                    binary!(ops::RSHIFT)
                }
                Op::BINARY_AND | Op::INPLACE_AND => {
                    let (a, b) = (peek!(2), peek!(1));
                    if let (Some(x), Some(y)) = (a.as_small_int(), b.as_small_int()) {
                        drop_n!(1);
                        put!(1, Value::int_unchecked(x & y));
                        continue;
                    }
                    if op == Op::BINARY_AND { binary!(ops::AND) } else { inplace!(ops::AND) }
                }
                Op::BINARY_OR | Op::INPLACE_OR => {
                    let (a, b) = (peek!(2), peek!(1));
                    if let (Some(x), Some(y)) = (a.as_small_int(), b.as_small_int()) {
                        drop_n!(1);
                        put!(1, Value::int_unchecked(x | y));
                        continue;
                    }
                    if op == Op::BINARY_OR { binary!(ops::OR) } else { inplace!(ops::OR) }
                }
                Op::BINARY_XOR | Op::INPLACE_XOR => {
                    let (a, b) = (peek!(2), peek!(1));
                    if let (Some(x), Some(y)) = (a.as_small_int(), b.as_small_int()) {
                        drop_n!(1);
                        put!(1, Value::int_unchecked(x ^ y));
                        continue;
                    }
                    if op == Op::BINARY_XOR { binary!(ops::XOR) } else { inplace!(ops::XOR) }
                }
                Op::INPLACE_LSHIFT => inplace!(ops::LSHIFT),
                Op::INPLACE_RSHIFT => inplace!(ops::RSHIFT),
                Op::BINARY_POWER => {
                    let (a, b) = (peek!(2), peek!(1));
                    finish!(2, ops::power(th, a, b, Value::NONE))
                }
                Op::INPLACE_POWER => {
                    let (a, b) = (peek!(2), peek!(1));
                    finish!(2, ops::inplace_power(th, a, b))
                }
                Op::UNARY_POSITIVE => finish!(1, ops::positive(th, peek!(1))),
                Op::UNARY_NEGATIVE => {
                    let a = peek!(1);
                    if a.is_flonum() {
                        put!(1, th.float(-a.flonum_unchecked()));
                        continue;
                    }
                    finish!(1, ops::negative(th, a))
                }
                Op::UNARY_NOT => {
                    save!();
                    let t = ops::is_true(th, peek!(1))?;
                    put!(1, Value::from_bool(!t));
                }
                Op::UNARY_CONVERT => finish!(1, ops::repr(th, peek!(1))),
                Op::UNARY_INVERT => finish!(1, ops::invert(th, peek!(1))),
                Op::BINARY_SUBSCR => {
                    let (a, k) = (peek!(2), peek!(1));
                    save!();
                    let r = subscript(th, a, k)?;
                    drop_n!(1);
                    put!(1, r);
                }
                Op::STORE_SUBSCR => {
                    let (v, a, k) = (peek!(3), peek!(2), peek!(1));
                    save!();
                    store_subscript(th, a, k, v)?;
                    drop_n!(3);
                }
                Op::DELETE_SUBSCR => {
                    save!();
                    ops::setitem(th, peek!(2), peek!(1), None)?;
                    drop_n!(2);
                }
                Op::SLICE_0 => finish!(1, ops::get_slice(th, peek!(1), None, None)),
                Op::SLICE_1 => finish!(2, ops::get_slice(th, peek!(2), Some(peek!(1)), None)),
                Op::SLICE_2 => finish!(2, ops::get_slice(th, peek!(2), None, Some(peek!(1)))),
                Op::SLICE_3 => finish!(3, ops::get_slice(th, peek!(3), Some(peek!(2)), Some(peek!(1)))),
                Op::STORE_SLICE_0 => {
                    save!();
                    ops::set_slice(th, peek!(1), None, None, Some(peek!(2)))?;
                    drop_n!(2);
                }
                Op::STORE_SLICE_1 => {
                    save!();
                    ops::set_slice(th, peek!(2), Some(peek!(1)), None, Some(peek!(3)))?;
                    drop_n!(3);
                }
                Op::STORE_SLICE_2 => {
                    save!();
                    ops::set_slice(th, peek!(2), None, Some(peek!(1)), Some(peek!(3)))?;
                    drop_n!(3);
                }
                Op::STORE_SLICE_3 => {
                    save!();
                    ops::set_slice(th, peek!(3), Some(peek!(2)), Some(peek!(1)), Some(peek!(4)))?;
                    drop_n!(4);
                }
                Op::DELETE_SLICE_0 => {
                    save!();
                    ops::set_slice(th, peek!(1), None, None, None)?;
                    drop_n!(1);
                }
                Op::DELETE_SLICE_1 => {
                    save!();
                    ops::set_slice(th, peek!(2), Some(peek!(1)), None, None)?;
                    drop_n!(2);
                }
                Op::DELETE_SLICE_2 => {
                    save!();
                    ops::set_slice(th, peek!(2), None, Some(peek!(1)), None)?;
                    drop_n!(2);
                }
                Op::DELETE_SLICE_3 => {
                    save!();
                    ops::set_slice(th, peek!(3), Some(peek!(2)), Some(peek!(1)), None)?;
                    drop_n!(3);
                }
                Op::STORE_MAP => {
                    let (d, v, k) = (peek!(3), peek!(2), peek!(1));
                    save!();
                    o::dict::set(th, d, k, v)?;
                    drop_n!(2);
                }
                Op::MAP_ADD => {
                    let (v, k) = (peek!(2), peek!(1));
                    let d = peek!(arg + 2);
                    save!();
                    o::dict::set(th, d, k, v)?;
                    drop_n!(2);
                }
                Op::LIST_APPEND => {
                    let v = peek!(1);
                    let l = peek!(arg + 1);
                    save!();
                    build::list_append(th, l, v)?;
                    drop_n!(1);
                }
                Op::SET_ADD => {
                    let v = peek!(1);
                    let s = peek!(arg + 1);
                    save!();
                    build::set_add(th, s, v)?;
                    drop_n!(1);
                }
                Op::GET_ITER => {
                    let v = peek!(1);
                    finish!(1, ops::iter(th, v))
                }
                Op::FOR_ITER => {
                    let it = peek!(1);
                    save!();
                    if it.kind() == kind::GENERATOR.index() {
                        // SAFETY: the kind was checked.
                        let g = unsafe { it.cast_unchecked::<PyGenerator>() };
                        if generator::resume_for_loop(th, g)? {
                            switch!();
                        }
                        drop_n!(1);
                        jump!(arg);
                        continue;
                    }
                    match next_item(th, it)? {
                        Some(v) => push!(v),
                        None => {
                            drop_n!(1);
                            jump!(arg);
                        }
                    }
                }
                Op::JUMP_FORWARD => jump!(arg),
                Op::JUMP_ABSOLUTE => {
                    // SAFETY: see above.
                    if unsafe { base.add(arg) } < ip {
                        back_edge!(arg);
                    } else {
                        jump!(arg);
                    }
                }
                Op::POP_JUMP_IF_FALSE | Op::POP_JUMP_IF_TRUE => {
                    let v = peek!(1);
                    let t = match v {
                        Value::TRUE => true,
                        Value::FALSE | Value::NONE => false,
                        _ => {
                            save!();
                            ops::is_true(th, v)?
                        }
                    };
                    drop_n!(1);
                    if t == (op == Op::POP_JUMP_IF_TRUE) {
                        // SAFETY: see above.
                        if unsafe { base.add(arg) } < ip {
                            back_edge!(arg);
                        } else {
                            jump!(arg);
                        }
                    }
                }
                Op::JUMP_IF_FALSE_OR_POP | Op::JUMP_IF_TRUE_OR_POP => {
                    save!();
                    let t = ops::is_true(th, peek!(1))?;
                    if t == (op == Op::JUMP_IF_TRUE_OR_POP) {
                        jump!(arg);
                    } else {
                        drop_n!(1);
                    }
                }
                Op::COMPARE_OP => {
                    let (a, b) = (peek!(2), peek!(1));
                    finish!(2, compare(th, a, b, arg))
                }
                Op::LOAD_GLOBAL => {
                    save!();
                    push!(names::load_global(th, f, rt, w)?);
                }
                Op::STORE_GLOBAL => {
                    save!();
                    names::store_global(th, f, rt, w, peek!(1))?;
                    drop_n!(1);
                }
                Op::DELETE_GLOBAL => {
                    save!();
                    names::delete_global(th, f, rt, arg)?;
                }
                Op::LOAD_NAME => {
                    save!();
                    push!(names::load_name(th, f, rt, w)?);
                }
                Op::STORE_NAME => {
                    save!();
                    names::store_name(th, f, rt, w, peek!(1))?;
                    drop_n!(1);
                }
                Op::DELETE_NAME => {
                    save!();
                    names::delete_name(th, f, rt, arg)?;
                }
                Op::DELETE_FAST => {
                    // SAFETY: see above.
                    unsafe {
                        if (*locals.add(arg)).is_none() {
                            save!();
                            return Err(names::unbound_local(th, rt, arg));
                        }
                        *locals.add(arg) = None;
                    }
                }
                Op::LOAD_LOCALS => {
                    // SAFETY: see above.
                    match unsafe { (*f).names } {
                        Some(v) => push!(v),
                        None => {
                            save!();
                            return Err(th.system_error("no locals"));
                        }
                    }
                }
                Op::LOAD_CLOSURE => {
                    // SAFETY: see above.
                    match unsafe { *locals.add(rt.nlocals as usize + arg) } {
                        Some(v) => push!(v),
                        None => {
                            save!();
                            return Err(th.system_error("cell missing"));
                        }
                    }
                }
                Op::LOAD_DEREF => {
                    save!();
                    push!(names::load_deref(th, f, rt, arg)?);
                }
                Op::STORE_DEREF => {
                    save!();
                    names::store_deref(th, f, rt, arg, peek!(1))?;
                    drop_n!(1);
                }
                Op::LOAD_ATTR => {
                    let v = peek!(1);
                    save!();
                    let r = attr::load(th, v, rt, w)?;
                    put!(1, r);
                }
                Op::STORE_ATTR => {
                    let (v, x) = (peek!(1), peek!(2));
                    save!();
                    attr::store(th, v, rt, w, x)?;
                    drop_n!(2);
                }
                Op::DELETE_ATTR => {
                    save!();
                    let n = rt.names.get().items()[arg];
                    ops::setattr(th, peek!(1), n, None)?;
                    drop_n!(1);
                }
                Op::BUILD_TUPLE => {
                    save!();
                    // SAFETY: operands are values.
                    let items = unsafe { std::slice::from_raw_parts(sp.sub(arg) as *const Value, arg) };
                    let r = th.try_tuple(items)?;
                    drop_n!(arg);
                    push!(r);
                }
                Op::BUILD_LIST => {
                    save!();
                    // SAFETY: operands are values.
                    let items = unsafe { std::slice::from_raw_parts(sp.sub(arg) as *const Value, arg) };
                    let r = th.new_list(items)?;
                    drop_n!(arg);
                    push!(r);
                }
                Op::BUILD_SET => {
                    save!();
                    // SAFETY: operands are values.
                    let items = unsafe { std::slice::from_raw_parts(sp.sub(arg) as *const Value, arg) };
                    let r = build::set_of(th, items)?;
                    drop_n!(arg);
                    push!(r);
                }
                Op::BUILD_MAP => push!(th.new_dict()),
                Op::BUILD_SLICE => {
                    let r = if arg == 3 {
                        th.new_slice(peek!(3), peek!(2), peek!(1))
                    } else {
                        th.new_slice(peek!(2), peek!(1), Value::NONE)
                    };
                    drop_n!(arg);
                    push!(r);
                }
                Op::UNPACK_SEQUENCE => {
                    let v = peek!(1);
                    if let Some(t) = v.cast::<PyTuple>()
                        && t.len == arg
                    {
                        drop_n!(1);
                        for x in t.get().items().iter().rev() {
                            push!(*x);
                        }
                        continue;
                    }
                    save!();
                    let rv = build::unpack(th, v, arg)?;
                    drop_n!(1);
                    for x in ops::values(&rv).iter().rev() {
                        push!(*x);
                    }
                }
                Op::CALL_FUNCTION => {
                    let (na, nk) = (arg & 0xff, arg >> 8);
                    save!();
                    // SAFETY: see above.
                    let callable = unsafe { sp.sub(na + 2 * nk + 1) };
                    call!(callable, callable, na, nk);
                }
                Op::CALL_FUNCTION_VAR | Op::CALL_FUNCTION_KW | Op::CALL_FUNCTION_VAR_KW => {
                    save!();
                    let (na, nk) = (arg & 0xff, arg >> 8);
                    let var = op != Op::CALL_FUNCTION_KW;
                    let kw = op != Op::CALL_FUNCTION_VAR;
                    // SAFETY: see above.
                    let callable = unsafe { sp.sub(na + 2 * nk + 1 + var as usize + kw as usize) };
                    match super::call::call_extended(th, callable, na, nk, var, kw)? {
                        Some(v) => native_result!(callable, v),
                        None => switch!(),
                    }
                }
                Op::MAKE_FUNCTION | Op::MAKE_CLOSURE => {
                    let n = arg + 1 + (op == Op::MAKE_CLOSURE) as usize;
                    finish!(n, build::make_function(th, f, sp, arg, op == Op::MAKE_CLOSURE))
                }
                Op::RETURN_VALUE => {
                    let v = peek!(1);
                    // SAFETY: see above.
                    if unsafe { (*f).nblocks } != 0 {
                        drop_n!(1);
                        save!();
                        match unwind::leave_blocks(th, unwind::Why::Return, v)? {
                            Some(flow) => return Ok(flow),
                            None => switch!(),
                        }
                    }
                    drop_n!(1);
                    save!();
                    match unwind::return_value(th, v)? {
                        Some(v) => return Ok(Flow::Done(v)),
                        None => switch!(),
                    }
                }
                Op::YIELD_VALUE => {
                    let v = peek!(1);
                    drop_n!(1);
                    save!();
                    match generator::yield_value(th, v)? {
                        Some(v) => return Ok(Flow::Done(v)),
                        None => switch!(),
                    }
                }
                Op::SETUP_LOOP | Op::SETUP_EXCEPT | Op::SETUP_FINALLY => {
                    let kind = match op {
                        Op::SETUP_LOOP => block::LOOP,
                        Op::SETUP_EXCEPT => block::EXCEPT,
                        _ => block::FINALLY,
                    };
                    save!();
                    push_block(th, f, kind, arg)?;
                }
                Op::POP_BLOCK => {
                    // SAFETY: see above.
                    unsafe { (*f).nblocks = (*f).nblocks.saturating_sub(1) };
                }
                Op::BREAK_LOOP => {
                    save!();
                    match unwind::leave_blocks(th, unwind::Why::Break, Value::NONE)? {
                        Some(flow) => return Ok(flow),
                        None => switch!(),
                    }
                }
                Op::CONTINUE_LOOP => {
                    save!();
                    let target = Value::int_unchecked(arg as i64);
                    match unwind::leave_blocks(th, unwind::Why::Continue, target)? {
                        Some(flow) => return Ok(flow),
                        None => {
                            if poll::needed(th) {
                                poll::at_boundary(th)?;
                            }
                            switch!()
                        }
                    }
                }
                Op::END_FINALLY => {
                    save!();
                    match unwind::end_finally(th)? {
                        Some(flow) => return Ok(flow),
                        None => switch!(),
                    }
                }
                Op::SETUP_WITH => {
                    save!();
                    build::setup_with(th, arg)?;
                    switch!();
                }
                Op::WITH_CLEANUP => {
                    save!();
                    build::with_cleanup(th)?;
                    switch!();
                }
                Op::RAISE_VARARGS => {
                    save!();
                    return Err(build::raise(th, sp, arg));
                }
                Op::IMPORT_NAME => {
                    let (level, from) = (peek!(2), peek!(1));
                    let name = rt.names.get().items()[arg];
                    finish!(2, build::import_name(th, f, name, from, level))
                }
                Op::IMPORT_FROM => {
                    let m = peek!(1);
                    let name = rt.names.get().items()[arg];
                    save!();
                    let v = build::import_from(th, m, name)?;
                    push!(v);
                }
                Op::IMPORT_STAR => {
                    save!();
                    build::import_star(th, f, peek!(1))?;
                    drop_n!(1);
                }
                Op::EXEC_STMT => {
                    save!();
                    build::exec(th, f, peek!(3), peek!(2), peek!(1))?;
                    drop_n!(3);
                }
                Op::BUILD_CLASS => {
                    let (name, bases, dict) = (peek!(3), peek!(2), peek!(1));
                    finish!(3, build::class(th, name, bases, dict))
                }
                Op::PRINT_EXPR => {
                    save!();
                    build::print_expr(th, peek!(1))?;
                    drop_n!(1);
                }
                Op::PRINT_ITEM => {
                    save!();
                    build::print_item(th, peek!(1), None)?;
                    drop_n!(1);
                }
                Op::PRINT_ITEM_TO => {
                    save!();
                    build::print_item(th, peek!(2), Some(peek!(1)))?;
                    drop_n!(2);
                }
                Op::PRINT_NEWLINE => {
                    save!();
                    build::print_newline(th, None)?;
                }
                Op::PRINT_NEWLINE_TO => {
                    save!();
                    build::print_newline(th, Some(peek!(1)))?;
                    drop_n!(1);
                }
                Op::EXTENDED_ARG => {
                    save!();
                    return Err(th.system_error("stray EXTENDED_ARG"));
                }
            }
        }
    }
}

fn push_block(th: &mut Thread, f: *mut Frame, kind: u8, handler: usize) -> PyResult<()> {
    // SAFETY: the frame is the top frame.
    unsafe {
        let n = (*f).nblocks as usize;
        if n >= (*(*f).rt).max_blocks as usize {
            return Err(th.system_error("too many nested blocks"));
        }
        *Frame::blocks(f).add(n) = Block::new(kind, (*f).depth(), handler as u32);
        (*f).nblocks += 1;
    }
    Ok(())
}

#[inline(always)]
fn fast_divide(th: &Thread, a: Value, b: Value) -> Option<Value> {
    // With -Qwarn or -3 the division has something to say.
    if th.rt.settings.division_warning != 0 {
        return None;
    }
    if a.is_tagged_int() && b.is_tagged_int() {
        let (x, y) = (a.small_int_unchecked(), b.small_int_unchecked());
        if y > 0 {
            return Some(th.int(x.div_euclid(y)));
        }
    } else if a.is_flonum() && b.is_flonum() {
        let y = b.flonum_unchecked();
        if y != 0.0 {
            return Some(th.float(a.flonum_unchecked() / y));
        }
    }
    None
}

/// COMPARE_OP.
fn compare(th: &mut Thread, a: Value, b: Value, c: usize) -> PyResult {
    match c {
        0..=5 => ops::rich_compare(th, a, b, CmpOp::ALL[c]),
        6 => ops::contains(th, b, a).map(Value::from_bool),
        7 => ops::contains(th, b, a).map(|t| Value::from_bool(!t)),
        8 => Ok(Value::from_bool(a == b)),
        9 => Ok(Value::from_bool(a != b)),
        _ => build::exception_match(th, a, b).map(Value::from_bool),
    }
}

/// COMPARE_OP for its truth value.
fn compare_truth(th: &mut Thread, a: Value, b: Value, c: usize) -> PyResult<bool> {
    if a.is_flonum() && b.is_flonum() && c < 6 {
        let (x, y) = (a.flonum_unchecked(), b.flonum_unchecked());
        return Ok(match c {
            0 => x < y,
            1 => x <= y,
            2 => x == y,
            3 => x != y,
            4 => x > y,
            _ => x >= y,
        });
    }
    match c {
        6 => ops::contains(th, b, a),
        7 => ops::contains(th, b, a).map(|t| !t),
        10 => build::exception_match(th, a, b),
        _ => {
            let r = compare(th, a, b, c)?;
            ops::is_true(th, r)
        }
    }
}

/// The next item for FOR_ITER: the commonest iterators directly.
#[inline(always)]
fn next_item(th: &mut Thread, it: Value) -> PyResult<Slot> {
    if it.kind() == kind::RECORD.index() {
        let class = type_of(it).value().bits();
        if class == o::list::ITERATOR.class_bits() {
            return o::list::iter_next(th, it);
        }
        if class == o::xrange::XRANGE_ITER.class_bits() {
            return o::xrange::iter_next(th, it);
        }
        if class == o::tuple::ITERATOR.class_bits() {
            return o::tuple::iter_next(th, it);
        }
    }
    ops::next(th, it)
}

/// BINARY_SUBSCR.
#[inline]
fn subscript(th: &mut Thread, a: Value, k: Value) -> PyResult {
    if let Some(i) = k.as_small_int() {
        if let Some(l) = a.cast::<PyList>() {
            let l = l.read_first(th)?;
            let n = l.len.get() as i64;
            let i = if i < 0 { i + n } else { i };
            if (0..n).contains(&i)
                && let Some(v) = l.slots()[i as usize].get()
            {
                return Ok(v);
            }
        } else if let Some(t) = a.cast::<PyTuple>() {
            let n = t.len as i64;
            let i = if i < 0 { i + n } else { i };
            if (0..n).contains(&i) {
                return Ok(t.get().items()[i as usize]);
            }
        }
    }
    if let Some(d) = a.cast::<PyDict>() {
        // Nothing before the search calls Python.
        d.read_first(th)?;
    }
    ops::getitem(th, a, k)
}

/// STORE_SUBSCR.
#[inline]
fn store_subscript(th: &mut Thread, a: Value, k: Value, v: Value) -> PyResult<()> {
    if let Some(i) = k.as_small_int()
        && let Some(r) = a.cast::<PyList>()
    {
        let l = r.write_first(th)?;
        let n = l.len.get() as i64;
        let i = if i < 0 { i + n } else { i };
        if (0..n).contains(&i)
            && let Some(s) = l.storage()
        {
            th.set_slot(r.obj(), s, i as usize, Some(v));
            return Ok(());
        }
    }
    if let Some(d) = a.cast::<PyDict>()
        && !o::dict::table::is_namespace(d.unguarded())
    {
        d.write_first(th)?;
    }
    ops::setitem(th, a, k, Some(v))
}

/// Calls with everything on Rust's side, for natives.
pub fn call_nested(th: &mut Thread, func: Ref<PyFunction>, args: Args<'_>) -> PyResult {
    th.check_native_stack()?;
    let locals = push::stack_top(th);
    let f = push::push_function(th, func, args, locals, locals, flag::ENTRY)?;
    // SAFETY: just pushed.
    if unsafe { (*(*f).rt).flags } & syntax::code::flags::GENERATOR != 0 {
        return generator::from_frame(th, f);
    }
    if th.use_tracing
        && let Err(e) = super::trace::call_event(th)
    {
        return run_raised(th, e);
    }
    run(th)
}
