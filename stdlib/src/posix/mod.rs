//! `posix`: the system calls behind `os`.
//!
//! Calls that may take long run outside transactions ([`calls`]); what they need is copied out first.

pub(crate) mod calls;
mod constants;
mod descriptors;
mod directories;
mod environ;
mod exec;
mod files;
mod identity;
mod limits;
mod pipes;
mod process;
mod stat;
mod terminals;
mod wait;

pub use process::after_fork_in_child;

use interpreter::native::{MethodDef, ModuleDef, blocking_row as row};
use interpreter::objects::{exceptions, module};
use interpreter::raised::PyResult;
use interpreter::{Thread, Value};

static FUNCTIONS: &[MethodDef] = &[
    row("access", files::access, 2, 2, "access(path, mode) -> True if granted, False otherwise"),
    row("chdir", directories::chdir, 1, 1, "chdir(path)\n\nMakes a directory the current one."),
    row("fchdir", directories::fchdir, 1, 1, "fchdir(fildes)"),
    row("chroot", directories::chroot, 1, 1, "chroot(path)"),
    row("getcwd", directories::getcwd, 0, 0, "getcwd() -> path of the current directory"),
    row("getcwdu", directories::getcwdu, 0, 0, "getcwdu() -> path of the current directory, as unicode"),
    row(
        "listdir",
        directories::listdir,
        1,
        1,
        "listdir(path) -> list of names in a directory, without '.' and '..'",
    ),
    row("mkdir", directories::mkdir, 1, 2, "mkdir(path [, mode=0777])"),
    row("rmdir", directories::rmdir, 1, 1, "rmdir(path)"),
    row("chmod", files::chmod, 2, 2, "chmod(path, mode)"),
    row("lchmod", files::lchmod, 2, 2, "lchmod(path, mode)"),
    row("fchmod", files::fchmod, 2, 2, "fchmod(fd, mode)"),
    row("chown", files::chown, 3, 3, "chown(path, uid, gid)"),
    row("lchown", files::lchown, 3, 3, "lchown(path, uid, gid)"),
    row("fchown", files::fchown, 3, 3, "fchown(fd, uid, gid)"),
    row("link", files::link, 2, 2, "link(src, dst)"),
    row("symlink", files::symlink, 2, 2, "symlink(src, dst)"),
    row("readlink", files::readlink, 1, 1, "readlink(path) -> where a symbolic link points to"),
    row("rename", files::rename, 2, 2, "rename(old, new)"),
    row("remove", files::unlink, 1, 1, "remove(path)"),
    row("unlink", files::unlink, 1, 1, "unlink(path)"),
    row("mkfifo", files::mkfifo, 1, 2, "mkfifo(filename [, mode=0666])"),
    row("mknod", files::mknod, 1, 3, "mknod(filename [, mode=0600, device])"),
    row("major", files::major, 1, 1, "major(device) -> major number"),
    row("minor", files::minor, 1, 1, "minor(device) -> minor number"),
    row("makedev", files::makedev, 2, 2, "makedev(major, minor) -> device number"),
    row("utime", files::utime, 2, 2, "utime(path, (atime, mtime))\nutime(path, None)"),
    row("umask", files::umask, 1, 1, "umask(new_mask) -> old_mask"),
    row("tempnam", files::tempnam, 0, 2, "tempnam([dir[, prefix]]) -> string"),
    row("tmpnam", files::tmpnam, 0, 0, "tmpnam() -> string"),
    row("stat", stat::stat, 1, 1, "stat(path) -> stat result"),
    row("lstat", stat::lstat, 1, 1, "lstat(path) -> stat result of a link itself"),
    row("fstat", stat::fstat, 1, 1, "fstat(fd) -> stat result"),
    row("statvfs", stat::statvfs, 1, 1, "statvfs(path) -> statvfs result"),
    row("fstatvfs", stat::fstatvfs, 1, 1, "fstatvfs(fd) -> statvfs result"),
    row(
        "stat_float_times",
        stat::stat_float_times,
        0,
        1,
        "stat_float_times([newval]) -> oldval\n\nWhether stat gives times as floats.",
    ),
    row("open", descriptors::open, 2, 3, "open(filename, flag [, mode=0777]) -> fd"),
    row("close", descriptors::close, 1, 1, "close(fd)"),
    row("closerange", descriptors::closerange, 2, 2, "closerange(fd_low, fd_high)"),
    row("dup", descriptors::dup, 1, 1, "dup(fd) -> fd2"),
    row("dup2", descriptors::dup2, 2, 2, "dup2(old_fd, new_fd)"),
    row("lseek", descriptors::lseek, 3, 3, "lseek(fd, pos, how) -> newpos"),
    row("read", descriptors::read, 2, 2, "read(fd, buffersize) -> string"),
    row("write", descriptors::write, 2, 2, "write(fd, string) -> byteswritten"),
    row("fsync", descriptors::fsync, 1, 1, "fsync(fildes)"),
    row("fdatasync", descriptors::fdatasync, 1, 1, "fdatasync(fildes)"),
    row("ftruncate", descriptors::ftruncate, 2, 2, "ftruncate(fd, length)"),
    row("isatty", descriptors::isatty, 1, 1, "isatty(fd) -> bool"),
    row("pipe", pipes::pipe, 0, 0, "pipe() -> (read_end, write_end)"),
    row("fdopen", pipes::fdopen, 1, 3, "fdopen(fd [, mode='r' [, bufsize]]) -> file_object"),
    row("popen", pipes::popen, 1, 3, "popen(command [, mode='r' [, bufsize]]) -> pipe"),
    row("tmpfile", pipes::tmpfile, 0, 0, "tmpfile() -> file object\n\nA temporary file without a name."),
    row("system", process::system, 1, 1, "system(command) -> exit_status"),
    row("urandom", process::urandom, 1, 1, "urandom(n) -> str\n\nRandom bytes for cryptographic use."),
    row("uname", process::uname, 0, 0, "uname() -> (sysname, nodename, release, version, machine)"),
    row("times", process::times, 0, 0, "times() -> (utime, stime, cutime, cstime, elapsed_time)"),
    row("getloadavg", process::getloadavg, 0, 0, "getloadavg() -> (float, float, float)"),
    row("nice", process::nice, 1, 1, "nice(inc) -> new_priority"),
    row("kill", process::kill, 2, 2, "kill(pid, sig)"),
    row("killpg", process::killpg, 2, 2, "killpg(pgid, sig)"),
    row("abort", process::abort, 0, 0, "abort() -> does not return"),
    row("_exit", process::exit, 1, 1, "_exit(status)\n\nEnds the process at once, without cleaning up."),
    MethodDef::new("fork", process::fork, 0, 0, 0, "fork() -> pid\n\nMakes a child process; 0 in the child."),
    MethodDef::new(
        "forkpty",
        process::forkpty,
        0,
        0,
        0,
        "forkpty() -> (pid, master_fd)\n\nForks a child with a new pseudo-terminal.",
    ),
    row("strerror", process::strerror, 1, 1, "strerror(code) -> string"),
    row("execv", exec::execv, 2, 2, "execv(path, args)"),
    row("execve", exec::execve, 3, 3, "execve(path, args, env)"),
    row("putenv", environ::putenv, 2, 2, "putenv(key, value)"),
    row("unsetenv", environ::unsetenv, 1, 1, "unsetenv(key)"),
    row("wait", wait::wait, 0, 0, "wait() -> (pid, status)"),
    row("wait3", wait::wait3, 1, 1, "wait3(options) -> (pid, status, rusage)"),
    row("wait4", wait::wait4, 2, 2, "wait4(pid, options) -> (pid, status, rusage)"),
    row("waitpid", wait::waitpid, 2, 2, "waitpid(pid, options) -> (pid, status)"),
    row("WCOREDUMP", wait::coredump, 1, 1, "WCOREDUMP(status) -> bool"),
    row("WEXITSTATUS", wait::exitstatus, 1, 1, "WEXITSTATUS(status) -> integer"),
    row("WIFCONTINUED", wait::ifcontinued, 1, 1, "WIFCONTINUED(status) -> bool"),
    row("WIFEXITED", wait::ifexited, 1, 1, "WIFEXITED(status) -> bool"),
    row("WIFSIGNALED", wait::ifsignaled, 1, 1, "WIFSIGNALED(status) -> bool"),
    row("WIFSTOPPED", wait::ifstopped, 1, 1, "WIFSTOPPED(status) -> bool"),
    row("WSTOPSIG", wait::stopsig, 1, 1, "WSTOPSIG(status) -> integer"),
    row("WTERMSIG", wait::termsig, 1, 1, "WTERMSIG(status) -> integer"),
    row("getpid", identity::getpid, 0, 0, "getpid() -> pid"),
    row("getppid", identity::getppid, 0, 0, "getppid() -> ppid"),
    row("getuid", identity::getuid, 0, 0, "getuid() -> uid"),
    row("geteuid", identity::geteuid, 0, 0, "geteuid() -> euid"),
    row("getgid", identity::getgid, 0, 0, "getgid() -> gid"),
    row("getegid", identity::getegid, 0, 0, "getegid() -> egid"),
    row("getresuid", identity::getresuid, 0, 0, "getresuid() -> (ruid, euid, suid)"),
    row("getresgid", identity::getresgid, 0, 0, "getresgid() -> (rgid, egid, sgid)"),
    row("getgroups", identity::getgroups, 0, 0, "getgroups() -> list of group ids"),
    row("setgroups", identity::setgroups, 1, 1, "setgroups(list)"),
    row("initgroups", identity::initgroups, 2, 2, "initgroups(username, gid) -> None"),
    row("getlogin", identity::getlogin, 0, 0, "getlogin() -> string"),
    row("getpgid", identity::getpgid, 1, 1, "getpgid(pid) -> pgid"),
    row("getpgrp", identity::getpgrp, 0, 0, "getpgrp() -> pgrp"),
    row("getsid", identity::getsid, 1, 1, "getsid(pid) -> sid"),
    row("setpgid", identity::setpgid, 2, 2, "setpgid(pid, pgrp)"),
    row("setpgrp", identity::setpgrp, 0, 0, "setpgrp()"),
    row("setsid", identity::setsid, 0, 0, "setsid()"),
    row("setuid", identity::setuid, 1, 1, "setuid(uid)"),
    row("seteuid", identity::seteuid, 1, 1, "seteuid(uid)"),
    row("setgid", identity::setgid, 1, 1, "setgid(gid)"),
    row("setegid", identity::setegid, 1, 1, "setegid(gid)"),
    row("setreuid", identity::setreuid, 2, 2, "setreuid(ruid, euid)"),
    row("setregid", identity::setregid, 2, 2, "setregid(rgid, egid)"),
    row("setresuid", identity::setresuid, 3, 3, "setresuid(ruid, euid, suid)"),
    row("setresgid", identity::setresgid, 3, 3, "setresgid(rgid, egid, sgid)"),
    row("ttyname", terminals::ttyname, 1, 1, "ttyname(fd) -> string"),
    row("ctermid", terminals::ctermid, 0, 0, "ctermid() -> string"),
    row("openpty", terminals::openpty, 0, 0, "openpty() -> (master_fd, slave_fd)"),
    row("tcgetpgrp", terminals::tcgetpgrp, 1, 1, "tcgetpgrp(fd) -> pgid"),
    row("tcsetpgrp", terminals::tcsetpgrp, 2, 2, "tcsetpgrp(fd, pgid)"),
    row("sysconf", limits::sysconf, 1, 1, "sysconf(name) -> integer"),
    row("confstr", limits::confstr, 1, 1, "confstr(name) -> string"),
    row("pathconf", limits::pathconf, 2, 2, "pathconf(path, name) -> integer"),
    row("fpathconf", limits::fpathconf, 2, 2, "fpathconf(fd, name) -> integer"),
];

/// `posix`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "posix",
    doc: Some("The system calls that POSIX standardizes; use module os, which has more and is portable."),
    functions: FUNCTIONS,
    types: &[],
    init: Some(init),
};

fn init(th: &mut Thread, m: Value) -> PyResult<()> {
    module::add(th, m, "error", exceptions::OS_ERROR.class())?;
    stat::start(th, m)?;
    environ::start(th, m)?;
    limits::start(th, m)?;
    crate::constants::add_all(th, m, constants::CONSTANTS)?;
    Ok(())
}
