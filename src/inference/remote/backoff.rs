//! How long to wait before a server is asked again.

use std::{
    hash::{BuildHasher, Hasher, RandomState},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use super::RetrySettings;

/// Random waits that grow: any part of a limit that doubles each time ("full jitter"), so that those
/// who failed together do not come back together.
#[derive(Debug, Clone)]
pub(super) struct Backoff {
    state: u64,
}

impl Default for Backoff {
    /// Another row of waits each time.
    fn default() -> Self {
        Self { state: RandomState::new().build_hasher().finish() }
    }
}

impl Backoff {
    /// The wait before the `number`-th try again, counted from 0.
    pub(super) fn wait(&mut self, retry: &RetrySettings, number: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(number);
        let limit = retry.first_wait.saturating_mul(doubled).min(retry.longest_wait);
        limit.mul_f64(self.random())
    }

    /// 0..1, by splitmix64 (Steele et al., 2014).
    fn random(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.state;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^= bits >> 31;
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit into a float exactly")]
        let part = (bits >> 11) as f64 / (1_u64 << 53) as f64;
        part
    }
}

/// How long a server asks to be left alone: `Retry-After` in seconds, or as a date.
pub(super) fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // So many digits are an age, whatever they say.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::from(u32::MAX))));
    }
    let now = now.duration_since(UNIX_EPOCH).ok()?.as_secs();
    http_date(value).map(|date| Duration::from_secs(date.saturating_sub(now)))
}

/// The seconds since 1970 of a date such as `Sun, 06 Nov 1994 08:49:37 GMT`, or in one of the two
/// older forms of RFC 9110: `Sunday, 06-Nov-94 08:49:37 GMT`, `Sun Nov  6 08:49:37 1994`.
fn http_date(text: &str) -> Option<u64> {
    let text = text.replace('-', " ");
    let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let ([_, day, month, year, time, "GMT" | "UTC"] | [_, month, day, time, year]) = words[..]
    else {
        return None;
    };
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = MONTHS.iter().position(|name| *name == month)? as u64 + 1;
    let number = |word: &str| word.parse::<u64>().ok().filter(|_| word.len() <= 4);
    let (day, year) = (number(day)?, number(year)?);
    let year = match year {
        0..70 => year + 2000,
        70..100 => year + 1900,
        _ => year,
    };
    let mut parts = time.split(':').map(number);
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    let fits = (1..=31).contains(&day) && hour < 24 && minute < 60 && second <= 60 && year >= 1970;
    let seconds = hour * 3600 + minute * 60 + second;
    (fits && parts.next().is_none()).then(|| days(year, month, day) * 86_400 + seconds)
}

/// Days from 1970 to a date, by the calendar of 400 years that begins in March (Hinnant, 2013).
fn days(year: u64, month: u64, day: u64) -> u64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year / 400, year % 400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let of_era = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    era * 146_097 + of_era - 719_468
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn a_server_may_say_seconds_or_a_date() {
        let seconds = |text, now| retry_after(text, at(now)).map(|wait| wait.as_secs());
        assert_eq!(seconds(" 120 ", 0), Some(120));
        for date in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
        ] {
            assert_eq!(seconds(date, 784_111_777 - 30), Some(30), "{date}");
            assert_eq!(seconds(date, 784_111_777 + 30), Some(0), "it has passed");
        }
        assert_eq!(seconds("Thu, 29 Feb 2024 00:00:00 GMT", 1_709_164_800), Some(0));
        assert_eq!(seconds("Thu, 29 Feb 2024 00:00:01 GMT", 1_709_164_800), Some(1));
        for nonsense in
            ["", "soon", "-5", "1.5", "Sun, 99 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 8 GMT"]
        {
            assert_eq!(seconds(nonsense, 0), None, "{nonsense}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in ".{0,40}", now in any::<u32>()) {
            retry_after(&text, at(u64::from(now)));
        }

        #[test]
        fn no_date_makes_the_reader_panic(
            day in 0u64..100, month in "Jan|Feb|Dec|Foo", year in 0u64..10_000, time in "[0-9:]{0,9}",
        ) {
            retry_after(&format!("Mon, {day} {month} {year} {time} GMT"), at(0));
        }

        #[test]
        fn waits_grow_and_keep_to_their_limit(seed in any::<u64>(), number in 0u32..40) {
            let retry = RetrySettings::default();
            let limit = retry.first_wait * 2_u32.pow(number.min(20));
            let wait = Backoff { state: seed }.wait(&retry, number);
            prop_assert!(wait <= limit.min(retry.longest_wait));
        }
    }

    #[test]
    fn waits_differ() {
        let (mut backoff, retry) = (Backoff::default(), RetrySettings::default());
        let waits: Vec<Duration> = (0..8).map(|_| backoff.wait(&retry, 3)).collect();
        assert!(waits.windows(2).any(|pair| pair[0] != pair[1]));
    }
}
