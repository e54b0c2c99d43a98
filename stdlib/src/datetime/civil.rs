//! The proleptic Gregorian calendar: day numbers (1 is the first of January of year 1), weekdays, packed moments.

/// Years a date may have.
pub const YEARS: std::ops::RangeInclusive<i32> = 1..=9999;
/// Day numbers a date may have.
pub const ORDINALS: std::ops::RangeInclusive<i64> = 1..=3_652_059;
/// Microseconds of a day.
pub const DAY: i64 = 86_400_000_000;

const BEFORE_MONTH: [i64; 13] = [0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

pub fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

pub fn days_in_month(year: i32, month: i32) -> i32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

fn days_before_year(year: i32) -> i64 {
    let y = i64::from(year) - 1;
    y * 365 + y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400)
}

/// Day of the year, from 1.
pub fn year_day(year: i32, month: i32, day: i32) -> i64 {
    BEFORE_MONTH[month.clamp(0, 12) as usize] + i64::from(month > 2 && is_leap(year)) + i64::from(day)
}

/// The number of a day; any year.
pub fn ordinal(year: i32, month: i32, day: i32) -> i64 {
    days_before_year(year) + year_day(year, month, day)
}

/// Year, month and day of a day number; numbers a little outside [`ORDINALS`] too.
pub fn from_ordinal(n: i64) -> (i32, i32, i32) {
    let mut year = ((n - 1).div_euclid(146_097) * 400 + (n - 1).rem_euclid(146_097) / 366) as i32 + 1;
    while days_before_year(year + 1) < n {
        year += 1;
    }
    let rest = n - days_before_year(year);
    let mut month = (rest as i32 + 30) / 31;
    while month < 12 && year_day(year, month + 1, 1) <= rest {
        month += 1;
    }
    (year, month, (rest - year_day(year, month, 0)) as i32)
}

/// Monday is 0.
pub fn weekday(ordinal: i64) -> i64 {
    (ordinal + 6).rem_euclid(7)
}

/// Day number of the Monday that begins the first ISO week of a year.
pub fn iso_year_start(year: i32) -> i64 {
    let first = ordinal(year, 1, 1);
    let monday = first - weekday(first);
    if weekday(first) > 3 { monday + 7 } else { monday }
}

/// A date and a time of day.
#[derive(Copy, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    pub year: i32,
    pub month: i32,
    pub day: i32,
    pub hour: i32,
    pub minute: i32,
    pub second: i32,
    pub micro: i32,
}

impl Fields {
    /// One number, in which later moments are greater.
    pub fn pack(self) -> i64 {
        let parts = [
            (self.month, 4),
            (self.day, 5),
            (self.hour, 5),
            (self.minute, 6),
            (self.second, 6),
            (self.micro, 20),
        ];
        parts.iter().fold(i64::from(self.year), |n, (part, bits)| n << bits | i64::from(*part))
    }

    pub fn unpack(n: i64) -> Fields {
        let part = |shift: u32, bits: u32| (n >> shift & ((1 << bits) - 1)) as i32;
        Fields {
            year: (n >> 46) as i32,
            month: part(42, 4),
            day: part(37, 5),
            hour: part(32, 5),
            minute: part(26, 6),
            second: part(20, 6),
            micro: part(0, 20),
        }
    }

    pub fn ordinal(self) -> i64 {
        ordinal(self.year, self.month, self.day)
    }

    /// Microseconds since midnight.
    pub fn time(self) -> i64 {
        ((i64::from(self.hour) * 60 + i64::from(self.minute)) * 60 + i64::from(self.second)) * 1_000_000
            + i64::from(self.micro)
    }

    /// Microseconds since the midnight that begins day 0.
    pub fn moment(self) -> i64 {
        self.ordinal() * DAY + self.time()
    }

    /// The time of day `n` microseconds after midnight.
    pub fn of_time(n: i64) -> Fields {
        let seconds = n / 1_000_000;
        Fields {
            hour: (seconds / 3600) as i32,
            minute: (seconds / 60 % 60) as i32,
            second: (seconds % 60) as i32,
            micro: (n % 1_000_000) as i32,
            ..Fields::default()
        }
    }

    /// The inverse of [`Fields::moment`], whatever the year.
    pub fn of_moment_unchecked(n: i64) -> Fields {
        let (year, month, day) = from_ordinal(n.div_euclid(DAY));
        Fields { year, month, day, ..Fields::of_time(n.rem_euclid(DAY)) }
    }

    /// The inverse of [`Fields::moment`]; none outside the years there are.
    pub fn of_moment(n: i128) -> Option<Fields> {
        let n = i64::try_from(n).ok()?;
        ORDINALS.contains(&n.div_euclid(DAY)).then(|| Fields::of_moment_unchecked(n))
    }

    /// Only the date.
    pub fn date(self) -> Fields {
        Fields { hour: 0, minute: 0, second: 0, micro: 0, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_there_and_back() {
        let mut n = 1;
        for year in YEARS {
            for month in 1..=12 {
                for day in 1..=days_in_month(year, month) {
                    assert_eq!(ordinal(year, month, day), n);
                    assert_eq!(from_ordinal(n), (year, month, day));
                    n += 1;
                }
            }
        }
        assert_eq!(n - 1, *ORDINALS.end());
        assert_eq!(from_ordinal(0), (0, 12, 31));
        assert_eq!(from_ordinal(n), (10_000, 1, 1));
    }

    #[test]
    fn packing() {
        let f = Fields { year: 9999, month: 12, day: 31, hour: 23, minute: 59, second: 59, micro: 999_999 };
        assert!(Fields::unpack(f.pack()) == f);
        assert!(Fields::of_moment(f.moment().into()) == Some(f));
    }
}
