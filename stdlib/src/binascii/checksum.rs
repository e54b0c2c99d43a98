//! CRC-32 (ISO 3309) and the CRC of BinHex (CCITT, polynomial 0x1021).

use super::input;
use interpreter::native::Args;
use interpreter::{PyResult, Slot, Thread, ops};

const TABLE: [u32; 256] = {
    let mut t = [0; 256];
    let mut i = 0;
    while i < 256 {
        let mut c = i as u32;
        let mut k = 0;
        while k < 8 {
            c = if c & 1 != 0 { 0xedb8_8320 ^ c >> 1 } else { c >> 1 };
            k += 1;
        }
        t[i] = c;
        i += 1;
    }
    t
};

/// A checksum to go on from: any integer, cut to 32 bits.
fn start(th: &mut Thread, v: Slot) -> PyResult<u32> {
    match v {
        Some(v) => crate::arguments::masked_u32(th, v),
        None => Ok(0),
    }
}

pub fn crc32(th: &mut Thread, args: Args<'_>) -> PyResult {
    let b = interpreter::buffer::argument(th, args.pos[0], "crc32", 1)?.bytes().to_vec();
    let mut c = !start(th, args.get(1))?;
    for x in &b {
        c = TABLE[((c ^ *x as u32) & 0xff) as usize] ^ c >> 8;
    }
    Ok(th.int(!c as i32 as i64))
}

pub fn crc_hqx(th: &mut Thread, args: Args<'_>) -> PyResult {
    let b = input(th, &args, "crc_hqx")?;
    let mut c = ops::int32_arg(th, args.pos[1])? as u32 & 0xffff;
    for x in b {
        c ^= (x as u32) << 8;
        for _ in 0..8 {
            c = if c & 0x8000 != 0 { c << 1 ^ 0x1021 } else { c << 1 };
        }
        c &= 0xffff;
    }
    Ok(th.int(c as i64))
}
