//! Companded and adaptive codes: u-law and A-law of G.711, and the IMA's ADPCM.

use super::samples::{Samples, Width, fragment_argument};
use interpreter::layout::PyTuple;
use interpreter::{Args, PyResult, Thread, Value, ops};

/// Which of eight segments, each twice as long as the one before, a number lies in; 8: beyond.
fn segment(n: i32, first_end: i32) -> u32 {
    (0..8).find(|s| n < (first_end + 1) << s).unwrap_or(8)
}

/// 14 bits to u-law.
fn to_ulaw(n: i32) -> u8 {
    let mask = if n < 0 { 0x7f } else { 0xff };
    let n = n.abs().min(8159) + 33;
    match segment(n, 0x3f) {
        8 => 0x7f ^ mask,
        s => ((s << 4) as u8 | (n >> (s + 1) & 15) as u8) ^ mask,
    }
}

/// u-law to 16 bits.
fn from_ulaw(c: u8) -> i32 {
    let c = i32::from(!c);
    let n = (((c & 15) << 3) + 0x84) << ((c & 0x70) >> 4);
    if c & 0x80 != 0 { 0x84 - n } else { n - 0x84 }
}

/// 13 bits to A-law.
fn to_alaw(n: i32) -> u8 {
    let (mask, n) = if n >= 0 { (0xd5, n) } else { (0x55, -n - 1) };
    match segment(n, 0x1f) {
        8 => 0x7f ^ mask,
        s => ((s << 4) as u8 | (n >> s.max(1) & 15) as u8) ^ mask,
    }
}

/// A-law to 16 bits.
fn from_alaw(c: u8) -> i32 {
    let c = i32::from(c ^ 0x55);
    let n = (c & 15) << 4;
    let n = match (c & 0x70) >> 4 {
        0 => n + 8,
        s => (n + 0x108) << (s - 1),
    };
    if c & 0x80 != 0 { n } else { -n }
}

fn encode(th: &mut Thread, args: Args<'_>, name: &str, f: impl Fn(i32) -> u8) -> PyResult {
    let s = Samples::of(th, name, args.pos[0], args.pos[1])?;
    let out: Vec<u8> = s.iter16().map(f).collect();
    th.try_str(&out)
}

fn decode(th: &mut Thread, args: Args<'_>, name: &str, f: impl Fn(u8) -> i32) -> PyResult {
    let width = Width::of(th, args.pos[1])?;
    let b = fragment_argument(th, name, args.pos[0], 1)?;
    let mut out = Vec::with_capacity(b.len().saturating_mul(width.bytes()));
    b.iter().for_each(|c| width.put32(&mut out, f(*c) << 16));
    th.try_str(&out)
}

pub fn lin2ulaw(th: &mut Thread, args: Args<'_>) -> PyResult {
    encode(th, args, "lin2ulaw", |n| to_ulaw(n >> 2))
}

pub fn ulaw2lin(th: &mut Thread, args: Args<'_>) -> PyResult {
    decode(th, args, "ulaw2lin", from_ulaw)
}

pub fn lin2alaw(th: &mut Thread, args: Args<'_>) -> PyResult {
    encode(th, args, "lin2alaw", |n| to_alaw(n >> 3))
}

pub fn alaw2lin(th: &mut Thread, args: Args<'_>) -> PyResult {
    decode(th, args, "alaw2lin", from_alaw)
}

static STEPS: [i32; 89] = [
    7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88,
    97, 107, 118, 130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658,
    724, 796, 876, 963, 1060, 1166, 1282, 1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660,
    4026, 4428, 4871, 5358, 5894, 6484, 7132, 7845, 8630, 9493, 10442, 11487, 12635, 13899, 15289, 16818,
    18500, 20350, 22385, 24623, 27086, 29794, 32767,
];

/// The state of an ADPCM coder: the value it expects, and the place in the table of steps.
#[derive(Copy, Clone)]
struct Adpcm {
    expected: i32,
    place: i32,
}

impl Adpcm {
    fn of(th: &mut Thread, v: Value) -> PyResult<Adpcm> {
        if v.is_none() {
            return Ok(Adpcm { expected: 0, place: 0 });
        }
        let Some(t) = v.payload::<PyTuple>() else {
            return Err(th.type_error("state must be a tuple or None"));
        };
        let [expected, place] = *t.get().items() else {
            let n = t.len;
            return Err(th.type_error(format!("function takes exactly 2 arguments ({n} given)")));
        };
        let s = Adpcm { expected: ops::int32_arg(th, expected)?, place: ops::int32_arg(th, place)? };
        if !(-0x8000..0x8000).contains(&s.expected) || !(0..STEPS.len() as i32).contains(&s.place) {
            return Err(th.value_error("bad state"));
        }
        Ok(s)
    }

    fn step(self) -> i32 {
        STEPS.get(self.place as usize).copied().unwrap_or(7)
    }

    /// Follows a code of four bits.
    fn follow(&mut self, code: u8) {
        let step = self.step();
        let mut by = step >> 3;
        for (bit, shift) in [(4, 0), (2, 1), (1, 2)] {
            if code & bit != 0 {
                by += step >> shift;
            }
        }
        self.expected = (self.expected + if code & 8 != 0 { -by } else { by }).clamp(-0x8000, 0x7fff);
        let change = match code & 7 {
            n @ 4.. => (i32::from(n) - 3) * 2,
            _ => -1,
        };
        self.place = (self.place + change).clamp(0, STEPS.len() as i32 - 1);
    }

    /// The code for a sample, which is then followed.
    fn code(&mut self, n: i32) -> u8 {
        let mut difference = n - self.expected;
        let mut code = 0;
        if difference < 0 {
            code = 8;
            difference = -difference;
        }
        let mut step = self.step();
        for bit in [4, 2, 1] {
            if difference >= step {
                code |= bit;
                difference -= step;
            }
            step >>= 1;
        }
        self.follow(code);
        code
    }

    /// What the functions return: text and state.
    fn result(self, th: &mut Thread, out: &[u8]) -> PyResult {
        let s = th.try_str(out)?;
        let state = [th.int(self.expected.into()), th.int(self.place.into())];
        let state = th.new_tuple(&state);
        Ok(th.new_tuple(&[s, state]))
    }
}

pub fn lin2adpcm(th: &mut Thread, args: Args<'_>) -> PyResult {
    let mut state = Adpcm::of(th, args.pos[2])?;
    let s = Samples::of(th, "lin2adpcm", args.pos[0], args.pos[1])?;
    let mut out = Vec::with_capacity(s.len() / 2);
    let mut high = None;
    for n in s.iter16() {
        let code = state.code(n);
        match high.take() {
            None => high = Some(code << 4),
            Some(h) => out.push(h | code),
        }
    }
    state.result(th, &out)
}

pub fn adpcm2lin(th: &mut Thread, args: Args<'_>) -> PyResult {
    let width = Width::of(th, args.pos[1])?;
    let mut state = Adpcm::of(th, args.pos[2])?;
    let b = fragment_argument(th, "adpcm2lin", args.pos[0], 1)?;
    let mut out = Vec::with_capacity(b.len().saturating_mul(2 * width.bytes()));
    for c in b {
        for code in [c >> 4, c & 15] {
            state.follow(code);
            width.put32(&mut out, state.expected << 16);
        }
    }
    state.result(th, &out)
}
