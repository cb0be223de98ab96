//! Counters: the words behind a number, which choose its system.

use std::{collections::HashMap, sync::LazyLock};

use super::{hangul, numbers, respelling::lines};

/// Up to which number a counter is native.
static COUNTERS: LazyLock<HashMap<&str, usize>> = LazyLock::new(|| {
    lines(include_str!("data/counters.tsv"))
        .filter_map(|line| line.split_once('\t'))
        .filter_map(|(counter, limit)| Some((counter, limit.parse().ok()?)))
        .collect()
});
/// The longest counter, in syllables.
const LONGEST: usize = 3;

/// The counter at the beginning of `text`, and up to which number it is native.
pub(super) fn find(text: &[char]) -> Option<(&'static str, usize)> {
    (1..=LONGEST.min(text.len())).rev().find_map(|length| {
        let word: String = text[..length].iter().collect();
        COUNTERS.get_key_value(word.as_str()).map(|(counter, limit)| (*counter, *limit))
    })
}

/// Whether `text` begins with a counter of native numbers.
pub(super) fn is_native(text: &[char]) -> bool {
    find(text).is_some_and(|(_, limit)| limit > 0)
}

/// A whole number as it is said before what follows it.
///
/// `adjacent` says that no space lies between: then the number may make the counter tense.
pub(super) fn count(digits: &str, after: &[char], adjacent: bool) -> String {
    let counter = find(after);
    let digits = if counter.is_some() { without_a_leading_zero(digits) } else { digits };
    let number = digits.parse::<usize>().ok().filter(|_| !digits.starts_with('0'));
    let (word, limit) = counter.unwrap_or_default();
    let decade = word == "대" && number.is_some_and(|number| number % 10 == 0 && number < 100);
    let native = number.filter(|&number| number <= limit && !decade);
    let (mut text, tense_after): (_, &[char]) = match (native, word, number) {
        (Some(1), "번째" | "째", _) => ("첫".into(), &[]),
        (Some(number), "째", _) => (numbers::native(number).unwrap_or_default(), &[]),
        (Some(number), ..) => {
            (numbers::native_before_a_noun(number).unwrap_or_default(), &['열', '덟'])
        }
        (_, "월", Some(6)) => ("유".into(), &[]),
        (_, "월", Some(10)) => ("시".into(), &[]),
        (_, _, Some(1)) if adjacent && is_a_power_alone(after) => (String::new(), &[]),
        _ => (numbers::sino(digits), &['일', '칠', '팔']),
    };
    let lax: &[char] = if native.is_some() {
        &['ㄱ', 'ㄷ', 'ㅂ', 'ㅅ', 'ㅈ']
    } else {
        &['ㄷ', 'ㅅ', 'ㅈ']
    };
    let becomes_tense = text.chars().last().is_some_and(|last| tense_after.contains(&last))
        && after.first().and_then(|&next| hangul::onset(next)).is_some_and(|it| lax.contains(&it));
    if adjacent && becomes_tense && (counter.is_some() || after.first() == Some(&'조')) {
        text.push('\'');
    }
    text
}

/// 09시 and 05분 are written for the eye.
fn without_a_leading_zero(digits: &str) -> &str {
    digits.strip_prefix('0').filter(|rest| rest.len() == 1).unwrap_or(digits)
}

/// 1만 is 만, 1천 is 천: no 일 is said.
fn is_a_power_alone(after: &[char]) -> bool {
    matches!(after, ['만' | '천' | '백' | '십', ..])
}
