//! `long double`: Rust has no such type, so doubles are widened and narrowed by hand.

/// The machine's form of a double.
pub(super) fn to_bytes(x: f64) -> [u8; 16] {
    let (sign, exponent, fraction) = parts(x);
    #[cfg(target_arch = "x86_64")]
    {
        // 64 bits of significand, the first of which is written out.
        let mut out = [0; 16];
        let explicit = if exponent == 0 { 0 } else { 1 << 63 };
        out[..8].copy_from_slice(&(explicit | fraction << 11).to_le_bytes());
        out[8..10].copy_from_slice(&(sign << 15 | exponent).to_le_bytes());
        out
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        let n = (sign as u128) << 127 | (exponent as u128) << 112 | (fraction as u128) << 60;
        n.to_ne_bytes()
    }
}

/// Sign, exponent with the bias of 15 bits, and the fraction of 52 bits.
fn parts(x: f64) -> (u16, u16, u64) {
    let bits = x.to_bits();
    let sign = (bits >> 63) as u16;
    let (exponent, fraction) = ((bits >> 52 & 0x7ff) as i32, bits & ((1 << 52) - 1));
    match exponent {
        0x7ff => (sign, 0x7fff, fraction),
        0 if fraction == 0 => (sign, 0, 0),
        0 => {
            // Subnormal as a double, normal here.
            let shift = fraction.leading_zeros() as i32 - 11;
            (sign, (1 - shift - 1023 + 16383) as u16, fraction << shift & ((1 << 52) - 1))
        }
        e => (sign, (e - 1023 + 16383) as u16, fraction),
    }
}

/// The nearest double.
pub(super) fn from_bytes(b: [u8; 16]) -> f64 {
    #[cfg(target_arch = "x86_64")]
    let (head, significand) = (
        u16::from_le_bytes([b[8], b[9]]),
        u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]) as u128,
    );
    #[cfg(not(target_arch = "x86_64"))]
    let (head, significand) = {
        let n = u128::from_ne_bytes(b);
        let head = (n >> 112) as u16;
        let explicit = if head & 0x7fff == 0 { 0 } else { 1 << 112 };
        // The lowest bits only matter as a sticky one.
        let all = n & ((1 << 112) - 1) | explicit;
        (head, all >> 49 | (all & ((1 << 49) - 1) != 0) as u128)
    };
    let sign = if head & 0x8000 != 0 { -1.0 } else { 1.0 };
    let exponent = (head & 0x7fff) as i32;
    if exponent == 0x7fff {
        return if significand << 65 == 0 { sign * f64::INFINITY } else { f64::NAN };
    }
    if significand == 0 {
        return sign * 0.0;
    }
    // The significand has 64 bits, the first of which weighs 2 ** (exponent - 16383).
    let e = exponent - 16383 - 63;
    sign * scaled(significand as u64, e)
}

/// `n * 2 ** e`, rounded once.
fn scaled(n: u64, e: i32) -> f64 {
    let n = (n << n.leading_zeros(), e - n.leading_zeros() as i32);
    let (n, e) = n;
    // Bits that the result has room for: fewer for subnormal ones.
    let top = e + 63;
    if top > 1023 {
        return f64::INFINITY;
    }
    let keep = if top < -1022 { 53 - (-1022 - top) } else { 53 };
    if keep < 0 {
        return 0.0;
    }
    let cut = 64 - keep;
    let (whole, rest, half) = match cut {
        64 => (0, n as u128, 1u128 << 63),
        _ => (n >> cut, (n & ((1 << cut) - 1)) as u128, 1u128 << (cut - 1)),
    };
    let up = rest > half || (rest == half && whole & 1 == 1);
    let whole = whole + up as u64;
    // Exact: at most 53 bits, and the steps stay within range.
    let e = e + cut;
    let first = e.clamp(-1000, 1000);
    whole as f64 * 2f64.powi(first) * 2f64.powi(e - first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        for x in [0.0, -0.0, 1.0, -3.25, 1e308, 5e-324, 2.2250738585072014e-308, f64::MAX, f64::INFINITY, 0.1]
        {
            assert_eq!(from_bytes(to_bytes(x)).to_bits(), x.to_bits(), "{x}");
        }
        assert!(from_bytes(to_bytes(f64::NAN)).is_nan());
    }
}
