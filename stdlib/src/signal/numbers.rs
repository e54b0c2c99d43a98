//! Signal numbers by name.

use libc::c_int;

pub(super) static NUMBERS: &[(&str, c_int)] = &[
    ("SIGHUP", libc::SIGHUP), ("SIGINT", libc::SIGINT), ("SIGQUIT", libc::SIGQUIT), ("SIGILL", libc::SIGILL),
    ("SIGTRAP", libc::SIGTRAP), ("SIGIOT", libc::SIGIOT), ("SIGABRT", libc::SIGABRT), ("SIGFPE", libc::SIGFPE),
    ("SIGKILL", libc::SIGKILL), ("SIGBUS", libc::SIGBUS), ("SIGSEGV", libc::SIGSEGV), ("SIGSYS", libc::SIGSYS),
    ("SIGPIPE", libc::SIGPIPE), ("SIGALRM", libc::SIGALRM), ("SIGTERM", libc::SIGTERM), ("SIGUSR1", libc::SIGUSR1),
    ("SIGUSR2", libc::SIGUSR2), ("SIGCLD", libc::SIGCHLD), ("SIGCHLD", libc::SIGCHLD), ("SIGPWR", libc::SIGPWR),
    ("SIGIO", libc::SIGIO), ("SIGURG", libc::SIGURG), ("SIGWINCH", libc::SIGWINCH), ("SIGPOLL", libc::SIGPOLL),
    ("SIGSTOP", libc::SIGSTOP), ("SIGTSTP", libc::SIGTSTP), ("SIGCONT", libc::SIGCONT), ("SIGTTIN", libc::SIGTTIN),
    ("SIGTTOU", libc::SIGTTOU), ("SIGVTALRM", libc::SIGVTALRM), ("SIGPROF", libc::SIGPROF),
    ("SIGXCPU", libc::SIGXCPU), ("SIGXFSZ", libc::SIGXFSZ),
];
