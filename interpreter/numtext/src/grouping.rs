//! Thousands separators as a locale describes them.

/// The numeric part of a locale, as C's `localeconv` gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locale {
    /// Between whole digits and fraction.
    pub decimal_point: String,
    /// Between groups.
    pub thousands_sep: String,
    /// Group sizes from the right; the last repeats, 127 stops grouping.
    pub grouping: Vec<u8>,
}

impl Locale {
    /// No grouping.
    pub fn c() -> Locale {
        Locale { decimal_point: ".".into(), thousands_sep: String::new(), grouping: vec![] }
    }

    /// What `,` in a specification asks for.
    pub fn english() -> Locale {
        Locale { decimal_point: ".".into(), thousands_sep: ",".into(), grouping: vec![3] }
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
    let separator = locale.thousands_sep.as_bytes();
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
