//! Times and dates.

use regex::Captures;

use super::{Place, Say, number};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub(super) const RULES: &[(&str, Say)] = &[
    (r"^(\d{1,2}):(\d{2})(?::\d{2})?(?:\s?([AaPp])(?:\.[Mm]\.|[Mm]\b))?", time),
    (r"^(\d{1,2})()\s?([AaPp])(?:\.[Mm]\.|[Mm]\b)", time),
    (r"^(\d{4})-(\d{1,2})-(\d{1,2})\b", |found, place| whole_date(found, place, [1, 2, 3])),
    (r"^(\d{4})[./](\d{1,2})[./](\d{1,2})\b", |found, place| whole_date(found, place, [1, 2, 3])),
    (r"^(\d{1,2})/(\d{1,2})/(\d{4})\b", written_date),
    (r"^24/7\b", |_, _| Some("twenty four seven".into())),
    (
        r"^(January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.? (\d{1,2})(?:st|nd|rd|th)?\b(?:,? (\d{4})\b)?",
        month_and_day,
    ),
    (
        r"^(\d{1,2})(?:st|nd|rd|th)? (?:of )?(January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b(?:,? (\d{4})\b)?",
        day_and_month,
    ),
    (r"^(\d{1,2})/(\d{1,2})\b", short_date),
];

fn group<'a>(found: &'a Captures, at: usize) -> &'a str {
    found.get(at).map_or("", |group| group.as_str())
}

fn month(number: &str) -> Option<&'static str> {
    let number: usize = number.parse().ok()?;
    MONTHS.get(number.checked_sub(1)?).copied()
}

fn month_of(name: &str) -> &'static str {
    let start: String = name.chars().take(3).collect();
    MONTHS.into_iter().find(|month| month.starts_with(&start)).unwrap_or("May")
}

fn is_day(digits: &str) -> bool {
    digits.parse::<u32>().is_ok_and(|day| (1..=31).contains(&day))
}

fn time(found: &Captures, place: &Place) -> Option<String> {
    let (hour, minute, half) = (group(found, 1), group(found, 2), group(found, 3));
    let hours: u32 = hour.parse().ok()?;
    let minutes: u32 = if minute.is_empty() { 0 } else { minute.parse().ok()? };
    let glued = place.after(found).starts_with(|c: char| c.is_ascii_digit());
    if hours > 24 || minutes > 59 || place.within_word() || glued || !half.is_empty() && hours > 12
    {
        return None;
    }
    let hour = number::count(hours.into());
    let minute = match minutes {
        0 if half.is_empty() && (1..=12).contains(&hours) => " o'clock".into(),
        0 if half.is_empty() => " hundred".into(),
        0 => String::new(),
        1..=9 => format!(" oh {}", number::count(minutes.into())),
        _ => format!(" {}", number::count(minutes.into())),
    };
    let half = match half {
        "a" | "A" => " ~AM",
        "p" | "P" => " ~PM",
        _ => "",
    };
    Some(format!("{hour}{minute}{half}"))
}

/// `order` says which groups are year, month and day.
fn whole_date(found: &Captures, place: &Place, order: [usize; 3]) -> Option<String> {
    let [year, month_number, day] = order.map(|at| group(found, at));
    if place.within_word() || !is_day(day) {
        return None;
    }
    Some(format!("{} {} , {}", month(month_number)?, number::ordinal(day), number::year(year)))
}

fn written_date(found: &Captures, place: &Place) -> Option<String> {
    // The month first, as in America, unless it cannot be one.
    whole_date(found, place, [3, 1, 2]).or_else(|| whole_date(found, place, [3, 2, 1]))
}

fn short_date(found: &Captures, place: &Place) -> Option<String> {
    let (first, second) = (group(found, 1), group(found, 2));
    let follows = place.after(found);
    let (top, bottom): (u32, u32) = (first.parse().ok()?, second.parse().ok()?);
    let more =
        follows.starts_with(['/', '.']) && follows[1..].starts_with(|c: char| c.is_ascii_digit());
    if place.within_word() || more || matches!(bottom, 10 | 100) || top == bottom {
        return None;
    }
    if number::fraction(first, second).is_some() {
        return None;
    }
    let (month_number, day) = if top > 12 { (second, first) } else { (first, second) };
    if !is_day(day) || bottom == 0 {
        return None;
    }
    Some(format!("{} {}", month(month_number)?, number::ordinal(day)))
}

fn month_and_day(found: &Captures, place: &Place) -> Option<String> {
    let day = group(found, 2);
    if place.within_word() || !is_day(day) || place.after(found).starts_with(':') {
        return None;
    }
    let year = found.get(3).map(|year| format!(" , {}", number::year(year.as_str())));
    Some(format!(
        "{} {}{}",
        month_of(group(found, 1)),
        number::ordinal(day),
        year.unwrap_or_default()
    ))
}

fn day_and_month(found: &Captures, place: &Place) -> Option<String> {
    let day = group(found, 1);
    // `3 May` but not `3 may`, and not `3 Marches`.
    if place.within_word() || !is_day(day) {
        return None;
    }
    let the = if place.before.trim_end().ends_with("the") { "" } else { "the " };
    let year = found.get(3).map(|year| format!(" , {}", number::year(year.as_str())));
    let (day, month) = (number::ordinal(day), month_of(group(found, 2)));
    Some(format!("{the}{day} of {month}{}", year.unwrap_or_default()))
}
