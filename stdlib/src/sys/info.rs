//! The structure sequences of `sys`.

use interpreter::native::TypeDef;
use interpreter::objects::structseq::{self, definition, field};
use interpreter::value::Value;
use interpreter::{PyResult, Thread};

/// `sys.version_info`.
pub static VERSION_INFO: TypeDef = TypeDef {
    flags: interpreter::native::PAYLOAD | interpreter::native::NO_NEW,
    ..definition(
        "sys",
        "version_info",
        "sys.version_info\n\nVersion information as a named tuple.",
        &[
            field::<0>("major", "Major release number"),
            field::<1>("minor", "Minor release number"),
            field::<2>("micro", "Patch release number"),
            field::<3>("releaselevel", "'alpha', 'beta', 'candidate', or 'release'"),
            field::<4>("serial", "Serial release number"),
        ],
    )
};

/// `sys.flags`.
pub static FLAGS: TypeDef = TypeDef {
    flags: interpreter::native::PAYLOAD | interpreter::native::NO_NEW,
    ..definition(
        "sys",
        "flags",
        "sys.flags\n\nFlags provided through command line arguments or environment vars.",
        &[
            field::<0>("debug", "-d"),
            field::<1>("py3k_warning", "-3"),
            field::<2>("division_warning", "-Q"),
            field::<3>("division_new", "-Qnew"),
            field::<4>("inspect", "-i"),
            field::<5>("interactive", "-i"),
            field::<6>("optimize", "-O or -OO"),
            field::<7>("dont_write_bytecode", "-B"),
            field::<8>("no_user_site", "-s"),
            field::<9>("no_site", "-S"),
            field::<10>("ignore_environment", "-E"),
            field::<11>("tabcheck", "-t or -tt"),
            field::<12>("verbose", "-v"),
            field::<13>("unicode", "-U"),
            field::<14>("bytes_warning", "-b"),
            field::<15>("hash_randomization", "-R"),
        ],
    )
};

/// `sys.float_info`.
pub static FLOAT_INFO: TypeDef = definition(
    "sys",
    "float_info",
    "sys.float_info\n\nLimits and properties of floating point numbers.",
    &[
        field::<0>("max", "largest finite number"),
        field::<1>("max_exp", "largest e such that radix**(e-1) is finite"),
        field::<2>("max_10_exp", "largest e such that 10**e is finite"),
        field::<3>("min", "smallest positive normal number"),
        field::<4>("min_exp", "smallest e such that radix**(e-1) is normal"),
        field::<5>("min_10_exp", "smallest e such that 10**e is normal"),
        field::<6>("dig", "decimal digits that survive"),
        field::<7>("mant_dig", "digits of the mantissa"),
        field::<8>("epsilon", "distance from 1 to the next number"),
        field::<9>("radix", "base of the exponent"),
        field::<10>("rounds", "rounding mode of additions"),
    ],
);

/// `sys.long_info`.
pub static LONG_INFO: TypeDef = definition(
    "sys",
    "long_info",
    "sys.long_info\n\nHow longs are stored.",
    &[field::<0>("bits_per_digit", "bits in a digit"), field::<1>("sizeof_digit", "bytes of a digit")],
);

/// Makes the classes.
pub fn ready(th: &mut Thread) -> PyResult<()> {
    structseq::ready(th, &VERSION_INFO, 5, 5)?;
    structseq::ready(th, &FLAGS, 16, 16)?;
    structseq::ready(th, &FLOAT_INFO, 11, 11)?;
    structseq::ready(th, &LONG_INFO, 2, 2)?;
    Ok(())
}

/// Items of `sys.flags`.
pub fn flags(th: &mut Thread) -> PyResult<Vec<Value>> {
    let s = &th.rt.settings;
    let items = [
        s.debug,
        s.py3k_warning as u32,
        s.division_warning,
        s.division_new as u32,
        s.inspect as u32,
        s.interactive as u32,
        s.optimize,
        s.dont_write_bytecode as u32,
        s.no_user_site as u32,
        s.no_site as u32,
        s.ignore_environment as u32,
        s.tabcheck,
        s.verbose,
        s.unicode_literals as u32,
        s.bytes_warning,
        s.hash_randomization as u32,
    ];
    Ok(items.iter().map(|n| th.int(*n as i64)).collect())
}

/// Items of `sys.float_info`.
pub fn float_info(th: &Thread) -> Vec<Value> {
    vec![
        th.float(f64::MAX),
        th.int(f64::MAX_EXP as i64),
        th.int(f64::MAX_10_EXP as i64),
        th.float(f64::MIN_POSITIVE),
        th.int(f64::MIN_EXP as i64),
        th.int(f64::MIN_10_EXP as i64),
        th.int(f64::DIGITS as i64),
        th.int(f64::MANTISSA_DIGITS as i64),
        th.float(f64::EPSILON),
        th.int(f64::RADIX as i64),
        th.int(1),
    ]
}
