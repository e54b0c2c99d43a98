//! `signal`: handlers in Python, timers, waiting.
//!
//! The C handler only notes a signal (`interpreter::signals`); the main thread calls the Python handler at its next poll.

mod handlers;
mod numbers;
mod timers;

pub use handlers::after_fork;

use crate::constants::{add_all, c_constants};
use interpreter::kinds::kind;
use interpreter::native::{BLOCKS, MethodDef, ModuleDef, TypeDef};
use interpreter::objects::{exceptions, module};
use interpreter::raised::PyResult;
use interpreter::{Thread, Value};

/// `signal.ItimerError`.
pub static ITIMER_ERROR: TypeDef = TypeDef {
    module: "signal",
    base: Some(&exceptions::IO_ERROR),
    ..TypeDef::new("ItimerError", kind::INSTANCE)
};

/// `signal`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "signal",
    doc: Some("Signals: what to do when one arrives, alarms and timers, waiting for one."),
    functions: &[
        MethodDef::new(
            "alarm",
            timers::alarm,
            1,
            1,
            0,
            "alarm(seconds)\n\nArranges for SIGALRM to arrive after so many seconds.",
        ),
        MethodDef::new(
            "setitimer",
            timers::setitimer,
            2,
            3,
            0,
            "setitimer(which, seconds[, interval])\n\nSets a timer, which then fires every interval seconds; returns the old values.",
        ),
        MethodDef::new(
            "getitimer",
            timers::getitimer,
            1,
            1,
            0,
            "getitimer(which)\n\nThe current values of a timer.",
        ),
        MethodDef::new(
            "signal",
            handlers::signal,
            2,
            2,
            0,
            "signal(sig, action) -> action\n\nSets what to do at a signal: SIG_DFL, SIG_IGN, or a function of the number and the interrupted frame. Returns the old action.",
        ),
        MethodDef::new(
            "set_wakeup_fd",
            handlers::set_wakeup_fd,
            1,
            1,
            0,
            "set_wakeup_fd(fd) -> fd\n\nSets the descriptor that gets a zero byte when a signal arrives; -1 for none.",
        ),
        MethodDef::new(
            "siginterrupt",
            handlers::siginterrupt,
            2,
            2,
            0,
            "siginterrupt(sig, flag) -> None\n\nWhether system calls are interrupted by a signal, or restarted.",
        ),
        MethodDef::new(
            "getsignal",
            handlers::getsignal,
            1,
            1,
            0,
            "getsignal(sig) -> action\n\nWhat is done at a signal; None if that was not set from Python.",
        ),
        MethodDef::new("pause", timers::pause, 0, 0, BLOCKS, "pause()\n\nWaits for a signal."),
        MethodDef::new(
            "default_int_handler",
            handlers::default_int_handler,
            0,
            interpreter::native::VARIADIC,
            0,
            "default_int_handler(...)\n\nThe handler of SIGINT: raises KeyboardInterrupt.",
        ),
    ],
    types: &[&ITIMER_ERROR],
    init: Some(init),
};

fn init(th: &mut Thread, m: Value) -> PyResult<()> {
    add_all(
        th,
        m,
        c_constants![
            ITIMER_REAL ITIMER_VIRTUAL ITIMER_PROF;
            "SIG_DFL" = 0,
            "SIG_IGN" = 1,
            "NSIG" = interpreter::signals::COUNT as i64,
        ],
    )?;
    add_all(th, m, numbers::NUMBERS)?;
    module::add_int(th, m, "SIGRTMIN", i64::from(libc::SIGRTMIN()))?;
    module::add_int(th, m, "SIGRTMAX", i64::from(libc::SIGRTMAX()))?;
    handlers::start(th, m)
}
