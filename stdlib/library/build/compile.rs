//! Code objects of the library's modules, marshalled at build time, on all cores.
//!
//! They are compiled as plain imports are, without `-O`. A module that does not compile here (a source encoding that
//! needs the library's own codecs, or a file that is no Python 2) gets no code and is compiled from its source when it
//! is imported: the result is never different, only later.

use super::collect::File;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use syntax::lexer::encoding::BuiltinEncodings;
use syntax::parser::Mode;
use syntax::{CompileFlags, compile, marshal};

/// Deeply nested expressions need more than a thread's usual stack.
const STACK: usize = 64 << 20;

/// The marshalled code objects, in the order of `files`; none for data files and for what is to be compiled at import.
pub fn compile_all(files: &[File]) -> Vec<Option<Vec<u8>>> {
    let next = AtomicUsize::new(0);
    let codes: Mutex<Vec<Option<Vec<u8>>>> = Mutex::new(files.iter().map(|_| None).collect());
    let worker = || {
        while let Some((at, file)) = {
            let at = next.fetch_add(1, Ordering::Relaxed);
            files.get(at).map(|file| (at, file))
        } {
            let code = marshalled(file);
            codes.lock().unwrap_or_else(PoisonError::into_inner)[at] = code;
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            let started = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, worker);
            if started.is_err() {
                break;
            }
        }
    });
    codes.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn marshalled(file: &File) -> Option<Vec<u8>> {
    file.module.as_ref()?;
    let name = format!("lib-python/2.7/{}", file.path);
    let options = CompileFlags::default();
    let mut warnings = Vec::new();
    let compiled =
        compile(&file.text, name.as_bytes(), Mode::Exec, &options, &mut BuiltinEncodings, &mut warnings)
            .ok()?;
    marshal::dump_code(&compiled.code)
}
