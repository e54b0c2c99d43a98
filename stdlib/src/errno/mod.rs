//! The module `errno`: error numbers of the system and their names.

use crate::constants::c_constants;
use interpreter::native::ModuleDef;
use interpreter::objects as o;
use interpreter::{PyResult, Thread, Value};

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "errno",
    doc: Some("Names of the system's error numbers.\n\nerrorcode maps the numbers to their names."),
    functions: &[],
    types: &[],
    init: Some(init),
};

/// Names and numbers; of names for the same number the last is the one in `errorcode`, so the aliases come first.
static NUMBERS: &[(&str, i64)] = c_constants![
    EDEADLK EOPNOTSUPP EWOULDBLOCK
    E2BIG EACCES EADDRINUSE EADDRNOTAVAIL EADV EAFNOSUPPORT EAGAIN EALREADY EBADE EBADF EBADFD
    EBADMSG EBADR EBADRQC EBADSLT EBFONT EBUSY ECHILD ECHRNG ECOMM ECONNABORTED ECONNREFUSED
    ECONNRESET EDEADLOCK EDESTADDRREQ EDOM EDOTDOT EDQUOT EEXIST EFAULT EFBIG EHOSTDOWN EHOSTUNREACH
    EIDRM EILSEQ EINPROGRESS EINTR EINVAL EIO EISCONN EISDIR EISNAM EL2HLT EL2NSYNC EL3HLT EL3RST
    ELIBACC ELIBBAD ELIBEXEC ELIBMAX ELIBSCN ELNRNG ELOOP EMFILE EMLINK EMSGSIZE EMULTIHOP
    ENAMETOOLONG ENAVAIL ENETDOWN ENETRESET ENETUNREACH ENFILE ENOANO ENOBUFS ENOCSI ENODATA ENODEV
    ENOENT ENOEXEC ENOLCK ENOLINK ENOMEM ENOMSG ENONET ENOPKG ENOPROTOOPT ENOSPC ENOSR ENOSTR ENOSYS
    ENOTBLK ENOTCONN ENOTDIR ENOTEMPTY ENOTNAM ENOTSOCK ENOTSUP ENOTTY ENOTUNIQ ENXIO EOVERFLOW
    EPERM EPFNOSUPPORT EPIPE EPROTO EPROTONOSUPPORT EPROTOTYPE ERANGE EREMCHG EREMOTE EREMOTEIO
    ERESTART EROFS ESHUTDOWN ESOCKTNOSUPPORT ESPIPE ESRCH ESRMNT ESTALE ESTRPIPE ETIME ETIMEDOUT
    ETOOMANYREFS ETXTBSY EUCLEAN EUNATCH EUSERS EXDEV EXFULL
];

fn init(th: &mut Thread, module: Value) -> PyResult<()> {
    let codes = th.new_dict();
    o::module::add(th, module, "errorcode", codes)?;
    for (name, number) in NUMBERS {
        o::module::add_int(th, module, name, *number)?;
        if let Some(d) = codes.cast::<interpreter::layout::PyDict>() {
            let (k, v) = (th.int(*number), th.intern(name.as_bytes()));
            o::dict::set(th, d, k, v)?;
        }
    }
    Ok(())
}
