//! Finds when something happens, and which day that is.

use super::{
    facts::When,
    rules::{Rules, WhenWords, languages_of},
    time::{Day, Timestamp},
};
use crate::mind::text::{find_form, words};

/// The first time named in a sentence: where it stands, and which day is meant.
pub(super) fn find_when(
    rules: &Rules,
    sentence: &str,
    now: Timestamp,
) -> Option<(std::ops::Range<usize>, When)> {
    let found = languages_of(sentence).filter_map(|language| rules.when.get(&language));
    let (range, words) = found
        .flat_map(|(patterns, words)| {
            let hits = patterns.iter().filter_map(|pattern| pattern.find(sentence));
            hits.map(move |hit| (hit.range(), words))
        })
        .min_by_key(|(range, _)| (range.start, usize::MAX - range.end))?;
    let said = sentence[range.clone()].trim().to_owned();
    let day = day_of(words, &said.to_lowercase(), now.day());
    Some((range, When { said, day }))
}

/// The day that a text names, if it names one.
pub(super) fn day_named(rules: &Rules, text: &str, now: Timestamp) -> Option<Day> {
    let lower = text.to_lowercase();
    languages_of(text)
        .filter_map(|language| rules.when.get(&language))
        .find_map(|(_, words)| day_of(words, &lower, now.day()))
}

fn day_of(words: &WhenWords, said: &str, today: Day) -> Option<Day> {
    let weekday = words.weekdays.iter().position(|names| names.iter().any(|name| has(said, name)));
    if let Some(weekday) = weekday {
        return Some(weekday_of(words, said, today, i32::try_from(weekday).ok()?));
    }
    dated(words, said, today)
        .or_else(|| days_away(words, said).map(|days| today.plus(days)))
        .or_else(|| Some(today.plus(relative(words, said)?)))
}

fn has(said: &str, form: &str) -> bool {
    find_form(said, form).is_some()
}

fn weekday_of(words: &WhenWords, said: &str, today: Day, weekday: i32) -> Day {
    let any = |forms: &[String]| forms.iter().any(|form| has(said, form));
    if any(&words.next_week) {
        return today.plus(7 - today.weekday() + weekday);
    }
    let ahead = (weekday - today.weekday() - 1).rem_euclid(7) + 1;
    if any(&words.last_week) { today.plus(ahead - 7) } else { today.plus(ahead) }
}

/// A word such as "tomorrow", the longest first.
fn relative(words: &WhenWords, said: &str) -> Option<i32> {
    let named = words.days.iter().filter(|(word, _)| has(said, word));
    named.max_by_key(|(word, _)| word.len()).map(|(_, days)| *days)
}

/// "in three days", "2 weeks ago", "3일 뒤".
fn days_away(words: &WhenWords, said: &str) -> Option<i32> {
    let mut number = None;
    for word in said.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let digits = word.trim_end_matches(|c: char| !c.is_ascii_digit());
        number = digits.parse().ok().or_else(|| words.numbers.get(word).copied()).or(number);
        let unit = if digits.is_empty() { word } else { &word[digits.len()..] };
        if let (Some(number), Some(length)) = (number, words.units.get(unit)) {
            let back = words.ago.iter().any(|form| said.ends_with(form.as_str()));
            let ahead = said.starts_with("in") || said.starts_with("after") || !said.is_ascii();
            let days = i32::saturating_mul(number, *length);
            return if back { Some(-days) } else { ahead.then_some(days) };
        }
    }
    None
}

/// "14 march", "march 14th, 2026", "3월 14일", "2026-03-14": the next such day.
fn dated(words: &WhenWords, said: &str, today: Day) -> Option<Day> {
    let (mut month, mut day, mut year) = (None, None, None);
    for word in words_of(said) {
        let digits: String = word.chars().take_while(char::is_ascii_digit).collect();
        let rest = &word[digits.len()..];
        let named = words.months.iter().position(|names| names.iter().any(|name| name == word));
        match (digits.parse::<u32>(), named) {
            (_, Some(index)) => month = u32::try_from(index + 1).ok(),
            (Ok(number), None) if digits.len() == 4 => year = i32::try_from(number).ok(),
            (Ok(number), None) if rest == "월" => month = Some(number),
            (Ok(number), None) if ["", "st", "nd", "rd", "th", "일"].contains(&rest) => {
                day = Some(number);
            }
            _ => {}
        }
    }
    let (month, day) = (month?, day?);
    let this_year = today.date().0;
    match year {
        Some(year) => Day::of_date(year, month, day),
        None => (0..=8)
            .filter_map(|ahead| Day::of_date(this_year + ahead, month, day))
            .find(|day| *day >= today),
    }
}

/// Words, and the parts of "3월14일".
fn words_of(said: &str) -> impl Iterator<Item = &str> {
    words(said).flat_map(|word| word.split_inclusive(['년', '월', '일']))
}
