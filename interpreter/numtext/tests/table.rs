//! Compares every function with a table of CPython 2.7.18's answers (`tools/table.py`). `NUMTEXT_TABLE` names another
//! table.

use num_bigint::BigInt;
use numtext::int_text::Int;
use numtext::{Error, Locale, Result, Unit};
use numtext::{
    arith, complex_text, convert, float_parse, float_text, format, hash, int_text, percent, structure,
    template,
};

/// A text argument in either storage.
enum Text {
    Bytes(Vec<u8>),
    Wide(Vec<u32>),
}
use Text::{Bytes, Wide};

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap()).collect()
}

fn text(arg: &str) -> Text {
    match arg.strip_prefix('~') {
        Some("") => Wide(vec![]),
        Some(wide) => Wide(wide.split('.').map(|n| n.parse().unwrap()).collect()),
        None => Bytes(unhex(&arg[1..])),
    }
}

fn bytes(arg: &str) -> Vec<u8> {
    match text(arg) {
        Bytes(bytes) => bytes,
        Wide(wide) => panic!("{wide:?} where bytes belong"),
    }
}

fn float(arg: &str) -> f64 {
    if arg == "nan" { f64::NAN } else { f64::from_bits(u64::from_str_radix(arg, 16).unwrap()) }
}

fn bits(value: f64) -> String {
    if value.is_nan() { "nan".into() } else { format!("{:016x}", value.to_bits()) }
}

fn show<C: Unit>(text: &[C]) -> String {
    if size_of::<C>() == 1 {
        format!("={}", text.iter().map(|unit| format!("{:02x}", unit.code())).collect::<String>())
    } else {
        format!("~{}", text.iter().map(|unit| unit.code().to_string()).collect::<Vec<_>>().join("."))
    }
}

fn refusal(error: Error) -> String {
    format!("!{}", error.message.chars().map(|c| format!("{:02x}", u32::from(c))).collect::<String>())
}

fn shown<C: Unit>(result: Result<Vec<C>>) -> String {
    result.map_or_else(refusal, |text| show(&text))
}

fn shown_float(result: Result<f64>) -> String {
    result.map_or_else(refusal, bits)
}

/// Runs `f` on the integer an argument spells: `12` an int, `12L` a long.
fn with_int<T>(arg: &str, f: impl Fn(Int<'_>) -> T) -> T {
    match arg.strip_suffix('L') {
        Some(long) => f(Int::Big(&long.parse().unwrap())),
        None => f(Int::Small(arg.parse().unwrap())),
    }
}

fn big(arg: &str) -> BigInt {
    arg.parse().unwrap()
}

/// Renders a directive's value, by its letter, width and precision.
type Render<'a, C> = dyn Fn(&percent::Directive<'_, C>, u8, usize, Option<usize>) -> Result<Vec<C>> + 'a;

/// Does a template's conversion as the interpreter would; `values` gives the value of each directive.
fn apply<C: Unit>(template: &[C], value: &Render<'_, C>) -> Result<Vec<C>> {
    let mut out = vec![];
    for piece in percent::Percent::new(template) {
        let directive = match piece? {
            percent::Piece::Literal(text) => {
                out.extend_from_slice(text);
                continue;
            }
            percent::Piece::Directive(directive) => directive,
        };
        let amount = |amount| match amount {
            percent::Amount::None => None,
            percent::Amount::Fixed(n) => Some(n as usize),
            percent::Amount::Argument => Some(3),
        };
        let conversion = directive.conversion.clone()?;
        let (width, precision) = (amount(directive.width).unwrap_or(0), amount(directive.precision));
        if conversion.is(b'%') {
            out.extend(percent::render_text(&[conversion], directive.flags, width, None)?);
        } else {
            out.extend(value(&directive, conversion.code() as u8, width, precision)?);
        }
    }
    Ok(out)
}

fn percent_int<C: Unit>(template: &[C], value: Int<'_>) -> String {
    shown(apply(template, &|d, code, width, precision| {
        percent::render_int(value, code, d.flags, width, precision)
    }))
}

/// Every value is `v`, or tells the key it was asked by.
fn percent_any(template: &[u8]) -> String {
    shown(apply(template, &|d, code, width, precision| {
        let value = d.key.map_or(b"v".to_vec(), |key| [b"<", key, b">"].concat());
        match code {
            b's' => percent::render_text(&value, d.flags, width, precision),
            b'r' => percent::render_text(&[b"'", &value[..], b"'"].concat(), d.flags, width, precision),
            b'd' | b'i' | b'u' | b'o' | b'x' | b'X' => Err(percent::number_required(code, "str")),
            b'e' | b'E' | b'f' | b'F' | b'g' | b'G' => Err(percent::float_required("a float")),
            b'c' => Err(Error::type_error("%c requires int or char")),
            _ => Err(percent::unsupported(code, d.index)),
        }
    }))
}

fn markup<C: Unit>(text: &[C]) -> Result<String> {
    let mut rows = vec![];
    for piece in template::Markup::new(text) {
        let piece = piece?;
        let field = piece.field.map_or("-".into(), |field| {
            let conversion = field.conversion.map_or("-".into(), |c| show(&[c]));
            format!("{} {} {conversion}", show(field.name), show(field.spec))
        });
        rows.push(format!("{} {field}", show(piece.literal)));
    }
    Ok(if rows.is_empty() { "-".into() } else { rows.join(";") })
}

fn name(text: &[u8]) -> Result<String> {
    let (first, steps) = template::split_name(text)?;
    let mut rows = vec![match first {
        template::First::Auto => "=".into(),
        template::First::Index(index) => index.to_string(),
        template::First::Name(name) => show(name),
    }];
    for step in steps {
        rows.push(match step? {
            template::Step::Attribute(name) => format!(".{}", show(name)),
            template::Step::Index(index) => format!("[{index}"),
            template::Step::Key(key) => format!("[{}", show(key)),
        });
    }
    Ok(rows.join(";"))
}

fn invalid(name: &str, text: &[u8], base: &str) -> String {
    if text.contains(&0) && name == "int" {
        return refusal(Error::value("null byte in argument for int()"));
    }
    let (text, base, long) = int_text::invalid_literal(text, base.parse().unwrap(), name == "long");
    let name = if long { "long" } else { "int" };
    let quoted: String = text
        .iter()
        .map(|&c| match c {
            b'\n' => "\\n".into(),
            b'\t' => "\\t".into(),
            _ => char::from(c).to_string(),
        })
        .collect();
    refusal(Error::value(format!("invalid literal for {name}() with base {base}: '{quoted}'")))
}

/// One item of a format, packed alone.
fn pack(format: &[u8], f: impl Fn(structure::Mode, u8, &mut [u8]) -> Result<()>) -> String {
    let format = structure::Format::parse(format).unwrap();
    let mut out = vec![0; format.size];
    shown(f(format.mode, format.items[0].code, &mut out).map(|()| out))
}

fn answer(fields: &[&str]) -> String {
    let locale = Locale::c();
    match fields {
        ["repr", x] => show(float_text::float_repr(float(x)).as_bytes()),
        ["str", x] => show(float_text::float_str(float(x)).as_bytes()),
        ["hex", x] => show(float_text::float_hex(float(x)).as_bytes()),
        ["hash", x] => hash::hash_float(float(x)).to_string(),
        ["hashc", x, y] => hash::hash_complex(float(x), float(y)).to_string(),
        ["complex", x, y] => {
            let (x, y) = (float(x), float(y));
            show(
                format!("{}|{}", complex_text::complex_repr(x, y), complex_text::complex_str(x, y))
                    .as_bytes(),
            )
        }
        ["pow", x, y] => shown_float(arith::float_pow(float(x), float(y))),
        ["divmod", x, y] => {
            let (div, rest) = arith::float_divmod(float(x), float(y));
            format!("{},{},{}", bits(div), bits(rest), bits(arith::float_mod(float(x), float(y))))
        }
        ["modf", x] => {
            let (fraction, whole) = arith::modf(float(x));
            format!("{},{}", bits(fraction), bits(whole))
        }
        ["frexp", x] => {
            let (mantissa, exponent) = hash::frexp(float(x));
            format!("{},{exponent}", bits(mantissa))
        }
        ["toint", x] => convert::float_to_integer(float(x)).unwrap().to_string(),
        ["ratio", x] => {
            let (top, bottom) = convert::float_ratio(float(x)).unwrap();
            format!("{top},{bottom}")
        }
        ["round", x, n] => shown_float(arith::float_round(float(x), n.parse().unwrap())),
        ["cmp", x, n] => {
            let order = convert::compare_float_integer(float(x), &big(n));
            if let Ok(small) = n.parse::<i64>() {
                assert_eq!(order, convert::compare_float_i64(float(x), small), "{x} {n}");
            }
            match order {
                None => "000".into(),
                Some(o) => format!("{}{}{}", o.is_lt() as u8, o.is_eq() as u8, o.is_gt() as u8),
            }
        }
        ["fmtf", x, spec] => shown(format::format_float(float(x), &bytes(spec), &locale)),
        ["fmtc", x, y, spec] => shown(format::format_complex(float(x), float(y), &bytes(spec), &locale)),
        ["fmti", n, spec] => with_int(n, |n| shown(format::format_int(n, &bytes(spec), &locale))),
        ["fmts", s, spec] => match (text(s), text(spec)) {
            (Bytes(s), Bytes(spec)) => shown(format::format_text(&s, &spec, "str")),
            (Wide(s), Wide(spec)) => shown(format::format_text(&s, &spec, "unicode")),
            _ => panic!("mixed storage"),
        },
        ["float", s] => {
            let s = bytes(s);
            float_parse::parse_float(&s).map_or_else(|| "!".into(), bits)
        }
        ["cparse", s] => float_parse::parse_complex(&bytes(s))
            .map_or_else(|| "!".into(), |(x, y)| format!("{},{}", bits(x), bits(y))),
        ["fromhex", s] => shown_float(float_parse::float_from_hex(&bytes(s))),
        [name @ ("int" | "long"), s, base] => {
            let s = bytes(s);
            let parsed = int_text::parse_int(&s, base.parse().unwrap(), *name == "long");
            parsed.map_or_else(|| invalid(name, &s, base), |parsed| parsed.into_big().to_string())
        }
        ["ints", n] => {
            let shown = with_int(n, |n| {
                let text = match n {
                    Int::Small(_) => int_text::int_str(n),
                    Int::Big(n) => int_text::long_repr(n),
                };
                format!("{text}|{}|{}|{}", int_text::int_hex(n), int_text::int_oct(n), int_text::int_bin(n))
            });
            show(shown.as_bytes())
        }
        ["hashi", n] => {
            let hash = hash::hash_long(&big(n));
            if let Ok(small) = n.parse() {
                assert_eq!(hash, hash::hash_int(small));
            }
            hash.to_string()
        }
        ["tofloat", n] => {
            if let Ok(small) = n.parse::<i64>() {
                assert_eq!(small as f64, convert::integer_to_float(&small.into()).unwrap());
            }
            shown_float(convert::integer_to_float(&big(n)))
        }
        ["truediv", a, b] => shown_float(
            convert::integer_true_divide(&big(a), &big(b))
                .ok_or_else(|| Error::overflow("long/long too large for a float")),
        ),
        ["hashs", s] => match text(s) {
            Bytes(s) => {
                let wide: Vec<u16> = s.iter().map(|&c| c.into()).collect();
                assert_eq!(
                    hash::hash_text(&s, Default::default()),
                    hash::hash_text(&wide, Default::default())
                );
                hash::hash_text(&s, Default::default()).to_string()
            }
            Wide(s) => hash::hash_text(&s, Default::default()).to_string(),
        },
        ["hasht", items] => {
            let items: Vec<i64> = if *items == "-" {
                vec![]
            } else {
                items.split(',').map(|n| hash::hash_int(n.parse().unwrap())).collect()
            };
            // Items are told apart by their text: -1 and -2 have one hash.
            let set = items.clone();
            let mut texts: Vec<&str> = fields[1].split(',').collect();
            texts.sort();
            texts.dedup();
            let frozen = if texts.len() == items.len() || items.is_empty() {
                hash::hash_frozenset(set.into_iter())
            } else {
                0
            };
            format!("{},{frozen}", hash::hash_tuple(items.into_iter()))
        }
        ["pcti", t, n] => with_int(n, |n| match text(t) {
            Bytes(t) => percent_int(&t, n),
            Wide(t) => percent_int(&t, n),
        }),
        ["pctf", t, x] => shown(apply(&bytes(t), &|d, code, width, precision| {
            percent::render_float(float(x), code, d.flags, width, precision)
        })),
        ["pcts", t, s] => shown(apply(&bytes(t), &|d, _, width, precision| {
            percent::render_text(&bytes(s), d.flags, width, precision)
        })),
        ["pctm" | "pctt", t] => percent_any(&bytes(t)),
        ["markup", t] => match text(t) {
            Bytes(t) => markup(&t),
            Wide(t) => markup(&t),
        }
        .unwrap_or_else(refusal),
        ["name", t] => name(&bytes(t)).unwrap_or_else(refusal),
        ["size", t] => {
            structure::Format::parse(&bytes(t)).map_or_else(refusal, |format| format.size.to_string())
        }
        ["packi", t, n] => {
            let value = n.parse().unwrap_or(if n.starts_with('-') { i128::MIN } else { i128::MAX });
            pack(&bytes(t), |mode, code, out| structure::pack_int(mode, code, value, out))
        }
        ["packf", t, x] => {
            pack(&bytes(t), |mode, code, out| structure::pack_float(mode, code, float(x), out))
        }
        ["unpacki", t, s] => {
            let format = structure::Format::parse(&bytes(t)).unwrap();
            structure::unpack_int(format.mode, format.items[0].code, &bytes(s)).to_string()
        }
        ["unpackf", t, s] => {
            let format = structure::Format::parse(&bytes(t)).unwrap();
            bits(structure::unpack_float(format.mode, format.items[0].code, &bytes(s)))
        }
        _ => panic!("no such function: {fields:?}"),
    }
}

#[test]
fn answers_of_the_table() {
    let path = std::env::var("NUMTEXT_TABLE")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/tests/table.txt").into());
    let table = std::fs::read_to_string(path).unwrap();
    let (mut cases, mut wrong) = (0, 0);
    for line in table.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let (wanted, question) = fields.split_last().unwrap();
        let got = answer(question);
        cases += 1;
        // The text of this refusal is the caller's, who has the whole object.
        if got == "!" && wanted.starts_with('!') {
            continue;
        }
        if got != *wanted {
            wrong += 1;
            if wrong < 60 {
                let plain: Vec<String> = fields.iter().map(|f| plain(f)).collect();
                println!("{plain:?} got {:?}", plain_one(&got));
            }
        }
    }
    assert!(cases > 1000 && wrong == 0, "{wrong} of {cases} cases are wrong");
}

/// A field for a reader.
fn plain(field: &str) -> String {
    plain_one(field)
}

fn plain_one(field: &str) -> String {
    match field.strip_prefix(['=', '!']) {
        Some(hex) if !hex.contains(' ') && !hex.contains(';') => {
            format!("{:?}", unhex(hex).iter().map(|&b| char::from(b)).collect::<String>())
        }
        _ if field.len() == 16 && u64::from_str_radix(field, 16).is_ok() => format!("{:?}", float(field)),
        _ => field.into(),
    }
}

#[test]
fn widths_beyond_memory_are_refused() {
    let locale = Locale::c();
    let huge = b"9223372036854775807";
    let kinds = [
        format::format_int(Int::Small(5), huge, &locale),
        format::format_int(Int::Small(5), b"09223372036854775807,", &locale),
        format::format_float(5.0, huge, &locale),
        format::format_complex(5.0, 1.0, huge, &locale),
        format::format_text(b"x", huge, "str"),
        percent::render_int(Int::Small(5), b'd', Default::default(), i64::MAX as usize, None),
        percent::render_float(5.0, b'f', Default::default(), i64::MAX as usize, None),
        percent::render_text(b"x", Default::default(), i64::MAX as usize, None),
    ];
    for kind in kinds {
        assert_eq!(kind.unwrap_err().kind, numtext::Kind::Memory);
    }
}
