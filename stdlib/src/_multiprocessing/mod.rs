//! `_multiprocessing`: semaphores between processes, connections that carry objects, descriptors sent to others.

mod connection;
mod descriptor;
mod message;
mod semaphore;

use interpreter::layout::PyType;
use interpreter::native::{BLOCKS, MethodDef, ModuleDef};
use interpreter::objects::{dict, module};
use interpreter::raised::PyResult;
use interpreter::{Thread, Value};

/// `_multiprocessing`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_multiprocessing",
    doc: None,
    functions: &[
        MethodDef::new(
            "address_of_buffer",
            descriptor::address_of_buffer,
            1,
            1,
            0,
            "address_of_buffer(obj) -> (address, length)\n\nWhere the bytes of a writable buffer lie.",
        ),
        MethodDef::new(
            "sendfd",
            descriptor::sendfd,
            2,
            2,
            BLOCKS,
            "sendfd(sockfd, fd) -> None\n\nSends a descriptor over a unix domain socket.",
        ),
        MethodDef::new(
            "recvfd",
            descriptor::recvfd,
            1,
            1,
            BLOCKS,
            "recvfd(sockfd) -> fd\n\nReceives a descriptor over a unix domain socket.",
        ),
    ],
    types: &[&semaphore::SEM_LOCK, &connection::CONNECTION],
    init: Some(init),
};

fn init(th: &mut Thread, m: Value) -> PyResult<()> {
    let most = th.long(&num_bigint::BigInt::from(semaphore::MOST))?;
    if let Some(t) = semaphore::SEM_LOCK.class().cast::<PyType>() {
        let key = th.intern(b"SEM_VALUE_MAX");
        dict::set_str(th, t.unguarded().dict.get(), key, most)?;
    }
    let flags = th.new_dict();
    for name in ["HAVE_SEM_OPEN", "HAVE_SEM_TIMEDWAIT", "HAVE_FD_TRANSFER"] {
        let (key, one) = (th.intern(name.as_bytes()), th.int(1));
        dict::set_str(th, flags, key, one)?;
    }
    module::add(th, m, "flags", flags)
}
