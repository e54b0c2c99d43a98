//! Whole strings at once, and checksums. Small ones are done on the spot, large ones between transactions.

use super::error;
use super::stream::{Failure, Stream, checksum};
use crate::arguments::{masked_u32, read_only};
use interpreter::native::Args;
use interpreter::{PyResult, Thread, ops};
use libz_sys as z;
use std::sync::Arc;

/// Up to so many bytes the work is shorter than a commit is worth.
const ON_THE_SPOT: usize = 8 * 1024;

/// Does `op` over the bytes here, or over a copy of them between transactions.
fn work<T: Clone + Send + Sync + 'static>(
    th: &mut Thread,
    bytes: &[u8],
    op: impl FnOnce(&[u8]) -> T + Send + 'static,
) -> PyResult<T> {
    if bytes.len() <= ON_THE_SPOT || th.runs_alone() && !th.has_outside_result() {
        return Ok(op(bytes));
    }
    let bytes = bytes.to_vec();
    th.outside(move || op(&bytes))
}

pub(super) fn compress(th: &mut Thread, args: Args<'_>) -> PyResult {
    let b = read_only(th, args.pos[0], "compress", 1)?;
    let level = match args.get(1) {
        Some(v) => ops::int32_arg(th, v)?,
        None => -1,
    };
    let packed = work(th, b.bytes(), move |bytes| {
        let mut s = Stream::deflate(level, 8, 15, 8, 0)?;
        let mut out = Vec::new();
        match s.run(bytes, z::Z_FINISH, usize::MAX, &mut out).code {
            z::Z_STREAM_END => Ok(Arc::new(out)),
            code => Err(s.failure(code)),
        }
    })?;
    match packed {
        Ok(out) => th.try_str(&out),
        Err(f) => Err(match f.code {
            z::Z_MEM_ERROR => th.raise(interpreter::objects::exceptions::MEMORY_ERROR.class(), None),
            z::Z_STREAM_ERROR => th.raise_def(&super::ERROR, "Bad compression level"),
            _ => error(th, &f, "while compressing data"),
        }),
    }
}

/// Where a decompression failed.
pub(super) type Refusal = (Failure, &'static str);

pub(super) fn inflate_all(bytes: &[u8], wbits: i32) -> Result<Arc<Vec<u8>>, Refusal> {
    let mut s = Stream::inflate(wbits).map_err(|f| (f, "while preparing to decompress data"))?;
    let mut out = Vec::new();
    match s.run(bytes, z::Z_FINISH, usize::MAX, &mut out).code {
        z::Z_STREAM_END => Ok(Arc::new(out)),
        z::Z_OK => Err((Failure { code: z::Z_BUF_ERROR, words: None }, "while decompressing data")),
        code => Err((s.failure(code), "while decompressing data")),
    }
}

pub(super) fn decompress(th: &mut Thread, args: Args<'_>) -> PyResult {
    let b = read_only(th, args.pos[0], "decompress", 1)?;
    let wbits = match args.get(1) {
        Some(v) => ops::int32_arg(th, v)?,
        None => 15,
    };
    if let Some(v) = args.get(2) {
        // Room to begin with: the output grows by itself.
        ops::integer_arg(th, v)?;
    }
    match work(th, b.bytes(), move |bytes| inflate_all(bytes, wbits))? {
        Ok(out) => th.try_str(&out),
        Err((f, _)) if f.code == z::Z_MEM_ERROR => {
            Err(th.raise(interpreter::objects::exceptions::MEMORY_ERROR.class(), None))
        }
        Err((f, doing)) => Err(error(th, &f, doing)),
    }
}

fn sum(th: &mut Thread, args: Args<'_>, adler: bool) -> PyResult {
    let name = if adler { "adler32" } else { "crc32" };
    let b = read_only(th, args.pos[0], name, 1)?;
    let start = match args.get(1) {
        Some(v) => masked_u32(th, v)?,
        None => u32::from(adler),
    };
    let n = if b.len <= 1 << 18 {
        checksum(adler, start, b.bytes())
    } else {
        work(th, b.bytes(), move |bytes| checksum(adler, start, bytes))?
    };
    Ok(th.int(i64::from(n as i32)))
}

pub(super) fn adler32(th: &mut Thread, args: Args<'_>) -> PyResult {
    sum(th, args, true)
}

pub(super) fn crc32(th: &mut Thread, args: Args<'_>) -> PyResult {
    sum(th, args, false)
}
