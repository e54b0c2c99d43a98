//! Thousands separators as a locale describes them.

/// The numeric part of a locale, as C's `localeconv` gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locale {
    /// Between whole digits and fraction.
    pub decimal_point: Vec<u8>,
    /// Between groups.
    pub thousands_sep: Vec<u8>,
    /// Group sizes from the right; the last repeats, 127 stops grouping.
    pub grouping: Vec<u8>,
}

impl Locale {
    /// No grouping.
    pub fn c() -> Locale {
        Locale { decimal_point: b".".into(), thousands_sep: vec![], grouping: vec![] }
    }

    /// What `,` in a specification asks for.
    pub fn english() -> Locale {
        Locale { decimal_point: b".".into(), thousands_sep: b",".into(), grouping: vec![3] }
    }

    /// The sizes from the right; 0 when no more groups are to be cut.
    fn sizes(&self) -> impl Iterator<Item = usize> {
        let mut sizes = self.grouping.iter().copied();
        let mut last = 0;
        std::iter::from_fn(move || {
            match sizes.next() {
                Some(0) => sizes = [].iter().copied(),
                Some(127..) => {
                    sizes = [].iter().copied();
                    last = 0;
                }
                Some(size) => last = size,
                None => {}
            }
            Some(usize::from(last))
        })
    }
}

/// Groups `digits`, with zeros in front until digits and separators take `least` places.
pub fn group_digits(digits: &[u8], least: usize, locale: &Locale) -> Vec<u8> {
    let separator = &locale.thousands_sep[..];
    let (mut left, mut places) = (digits.len(), least as i64);
    let mut reversed = Vec::with_capacity(digits.len().max(least) + 8);
    for size in locale.sizes() {
        let needed = (left as i64).max(places).max(1) as usize;
        let take = if size == 0 { needed } else { size.min(needed) };
        if !reversed.is_empty() {
            reversed.extend(separator.iter().rev());
        }
        let chars = left.min(take);
        reversed.extend(digits[left - chars..left].iter().rev());
        reversed.extend(std::iter::repeat_n(b'0', take - chars));
        left -= chars;
        places -= take as i64;
        if left == 0 && places <= 0 || size == 0 {
            break;
        }
        places -= separator.len() as i64;
    }
    reversed.reverse();
    reversed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grouped(digits: &str, least: usize, grouping: &[u8]) -> String {
        let locale = Locale { thousands_sep: b"::".into(), grouping: grouping.into(), ..Locale::c() };
        String::from_utf8(group_digits(digits.as_bytes(), least, &locale)).unwrap()
    }

    #[test]
    fn sizes_from_the_right() {
        assert_eq!(grouped("1234567", 0, &[3]), "1::234::567");
        assert_eq!(grouped("123456789", 0, &[3, 2]), "12::34::56::789");
        assert_eq!(grouped("123456789", 0, &[3, 2, 0]), "12::34::56::789");
        assert_eq!(grouped("123456789", 0, &[3, 127]), "123456::789");
        assert_eq!(grouped("123456789", 0, &[127]), "123456789");
        assert_eq!(grouped("12", 0, &[3]), "12");
    }

    #[test]
    fn zeros_in_front_are_grouped_too() {
        assert_eq!(grouped("12", 6, &[3]), "0::012");
        assert_eq!(grouped("12", 5, &[]), "00012");
        assert_eq!(grouped("1234", 9, &[3, 127]), "0001::234");
    }
}
