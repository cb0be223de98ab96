//! Moments and days, as memory counts them. Memory asks no clock: whoever asks it gives the time.

use std::{
    fmt,
    time::{SystemTime, UNIX_EPOCH},
};

use serde::{Deserialize, Serialize};

/// A moment: whole seconds since 1970-01-01 00:00. Give the fan's local time (UTC plus the offset),
/// so that "tomorrow" means what the fan means.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(pub u64);

impl Timestamp {
    /// The moment at which this is called, by the clock of this machine, in UTC; 1970 where the
    /// clock goes wrong.
    ///
    /// # Example
    /// ```
    /// use bevy_persona::mind::memory::{Day, Timestamp};
    ///
    /// assert!(Some(Timestamp::now().day()) > Day::of_date(2025, 1, 1));
    /// ```
    #[must_use]
    pub fn now() -> Self {
        Self(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs())
    }

    /// The day of this moment.
    #[must_use]
    pub fn day(self) -> Day {
        Day(i32::try_from(self.0 / 86_400).unwrap_or(i32::MAX))
    }

    /// How many days, with fractions, have gone by since `earlier`; 0 if it is later.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a day more or less in millions of years")]
    pub fn days_since(self, earlier: Self) -> f32 {
        self.0.saturating_sub(earlier.0) as f32 / 86_400.0
    }
}

/// A day of the calendar: days since 1970-01-01.
///
/// # Example
/// ```
/// use bevy_persona::mind::memory::Day;
///
/// let day = Day::of_date(2026, 11, 27).unwrap();
/// assert_eq!((day.to_string().as_str(), day.weekday()), ("2026-11-27", 4));
/// assert_eq!(Day::of_date(2026, 2, 29), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(pub i32);

impl Day {
    /// The day of a date; nothing if there is no such day. Years 1 to 9999.
    #[must_use]
    pub fn of_date(year: i32, month: u32, day: u32) -> Option<Self> {
        if !(1..=9999).contains(&year) || day == 0 || day > days_of_month(year, month)? {
            return None;
        }
        let year = if month <= 2 { year - 1 } else { year };
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let of_era = of_era * 365 + of_era / 4 - of_era / 100 + i32::try_from(of_year).ok()?;
        Some(Self(era * 146_097 + of_era - 719_468))
    }

    /// Year, month 1..12 and day 1..31.
    #[must_use]
    pub fn date(self) -> (i32, u32, u32) {
        let days = i64::from(self.0) + 719_468;
        let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = year + era * 400 + i64::from(month <= 2);
        let small = |n: i64| u32::try_from(n).unwrap_or(1);
        (i32::try_from(year).unwrap_or(i32::MAX), small(month), small(day))
    }

    /// 0 is Monday, 6 is Sunday.
    #[must_use]
    pub fn weekday(self) -> i32 {
        (i64::from(self.0) + 3).rem_euclid(7) as i32
    }

    /// So many days later, or earlier if negative.
    #[must_use]
    pub fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.date();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// How many days a month has; nothing if there is no such month.
pub(super) fn days_of_month(year: i32, month: u32) -> Option<u32> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 => Some(if leap { 29 } else { 28 }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_day_and_its_date_are_the_same(day in -700_000..2_900_000i32) {
            let (year, month, date) = Day(day).date();
            prop_assert_eq!(Day::of_date(year, month, date), Some(Day(day)));
        }

        #[test]
        fn any_number_is_some_day(day in any::<i32>()) {
            let _ = (Day(day).to_string(), Day(day).weekday(), Day(day).plus(i32::MAX));
        }
    }

    #[test]
    fn the_epoch_was_a_thursday() {
        assert_eq!((Day(0).date(), Day(0).weekday()), ((1970, 1, 1), 3));
        assert_eq!(Timestamp(1_795_643_107).day().to_string(), "2026-11-25");
        assert_eq!(Timestamp(1_795_643_107).day().weekday(), 2);
    }
}
