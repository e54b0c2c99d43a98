//! The texts the command prints about itself. One row an option; the help derives from the rows.

/// (how it is written, what it does; further lines are indented below)
const OPTIONS: [(&str, &str); 33] = [
    ("-b", "warn when bytearray and unicode are compared (-bb: make it an error)"),
    ("-B", "write no .pyc or .pyo files on import; PYTHONDONTWRITEBYTECODE=x"),
    ("-c cmd", "the program is the string cmd; what follows are its arguments"),
    ("-d", "debug output of the parser; PYTHONDEBUG=x"),
    ("-E", "do not look at the PYTHON* environment variables"),
    ("-h", "show this text and stop (also -?, --help)"),
    ("-i", "be interactive after the program, and prompt even without a terminal; PYTHONINSPECT=x"),
    ("-m mod", "the program is the library module mod; what follows are its arguments"),
    ("-O", "compile without assertions; PYTHONOPTIMIZE=x"),
    ("-OO", "compile without assertions and documentation strings"),
    ("-Q arg", "division: -Qold (as it is), -Qwarn, -Qwarnall, -Qnew"),
    ("-R", "salt the hashes of strings anew in each run; PYTHONHASHSEED=random or a number"),
    ("-s", "leave the user's own site folder out of sys.path; PYTHONNOUSERSITE=x"),
    ("-S", "do not import site at the start"),
    ("-t", "warn of inconsistent tabs (-tt: make it an error)"),
    ("-u", "do not buffer standard output and error; PYTHONUNBUFFERED=x"),
    ("-U", "string literals are unicode"),
    ("-v", "trace imports (more with -vv); PYTHONVERBOSE=x"),
    ("-V", "show the version and stop (also --version)"),
    ("-W arg", "warning filter, action:message:category:module:line; PYTHONWARNINGS=arg,..."),
    ("-x", "skip the first line of the program"),
    ("-3", "warn of what Python 3 does differently and 2to3 cannot repair"),
    ("-X arg", "implementation's own: -X gil and -X stm are --gil and --stm"),
    ("--segments N", "at most N transactions at once (default: the cores); PYPYSTM_SEGMENTS=N"),
    ("--gil", "threads take turns under one lock, without transactions; PYPYSTM_GIL=1"),
    ("--stm", "transactions also while one thread runs alone (for benchmarks)"),
    ("--jit arg", "the compiler: off, default, help, or name=value,..."),
    ("--heapsize N", "raise MemoryError beyond N bytes (with K, M or G); PYPY_GC_MAX=N"),
    ("--info", "show how this program was built and stop"),
    ("file", "the program is in this file"),
    ("-", "the program comes from standard input, the default; interactive on a terminal"),
    ("--", "ends the options"),
    ("arg ...", "arguments for the program: sys.argv[1:]"),
];

const VARIABLES: [(&str, &str); 6] = [
    ("PYTHONSTARTUP", "a file that runs before the first prompt"),
    ("PYTHONPATH", "folders, joined by ':', that come first in sys.path"),
    ("PYTHONHOME", "prefix (or prefix:exec_prefix) of a library on disk, instead of the one built in"),
    ("PYTHONIOENCODING", "encoding or encoding:errors of the standard streams"),
    ("PYTHONHASHSEED", "random, or a number from 0 to 4294967295 that seeds the hashes of strings"),
    ("PYPYSTM", "a file to log transactions and conflicts into"),
];

/// The first line of all usage messages.
fn usage_line(program: &str) -> String {
    format!("usage: {program} [option] ... [-c cmd | -m mod | file | -] [arg] ...\n")
}

/// What follows the message of a usage error.
pub fn usage_text(program: &str) -> String {
    format!("{}Try `{program} -h' for more information.\n", usage_line(program))
}

/// The text of `-h`.
pub fn help_text(program: &str) -> String {
    let mut text = usage_line(program);
    text.push_str("Options and arguments (and environment variables that do the same):\n");
    for (written, meaning) in OPTIONS {
        text.push_str(&format!("{written:<13}: {meaning}\n"));
    }
    text.push_str("\nOther environment variables:\n");
    for (name, meaning) in VARIABLES {
        text.push_str(&format!("{name:<17}: {meaning}\n"));
    }
    text
}

/// The text of `-V`.
pub fn version_text() -> String {
    format!("Python 2.7.18\n[PyPy {} with STM]\n", env!("CARGO_PKG_VERSION"))
}

/// The text of `--info`: rows of `name: value`, `brackets` for the groups.
pub fn info_text(rows: &[(&str, String)]) -> String {
    let mut text = String::from("[build]\n");
    for (name, value) in rows {
        text.push_str(&format!("    {name}: {value}\n"));
    }
    text
}

/// The text of `--jit help`.
pub fn jit_help_text() -> String {
    jit::help()
}
