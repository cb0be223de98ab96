//! "The second one": a choice by its place.

use super::words::{Word, is_empty_word};

/// Words for places, from the first; an ending may follow the Korean ones.
const PLACES: [&[&str]; 6] = [
    &["first", "1st", "1", "one", "former", "첫", "첫번째", "첫째", "일번", "1번"],
    &["second", "2nd", "2", "two", "두번째", "둘째", "2번"],
    &["third", "3rd", "3", "three", "세번째", "셋째", "삼번", "3번"],
    &["fourth", "4th", "4", "four", "네번째", "넷째", "사번", "4번"],
    &["fifth", "5th", "5", "five", "다섯번째", "다섯째", "오번", "5번"],
    &["sixth", "6th", "6", "six", "여섯번째", "여섯째", "육번", "6번"],
];
const LAST: [&str; 6] = ["last", "latter", "final", "마지막", "맨뒤", "끝"];
const MIDDLE: [&str; 4] = ["middle", "가운데", "중간", "centre"];
/// What else may stand beside a place.
const FILLING: &str = "one number option answer go going choice 번째 번 거 것 걸 걸로 거요 거로 할래요 할게요 요 \
    할게 로";

/// The place that an answer names, if it does nothing else.
pub(super) fn place(said: &[Word], count: usize) -> Option<usize> {
    let joined = joined(said);
    let mut found = None;
    for word in &joined {
        let is_one = word == "one" && joined.len() > 1;
        if let Some(place) = place_of(word, count).filter(|_| !is_one) {
            if found.is_some_and(|before| before != place) {
                return None;
            }
            found = Some(place);
        } else if !is_empty_word(word) && !FILLING.split(' ').any(|filling| filling == word) {
            return None;
        }
    }
    found
}

/// `두 번째` as one word.
fn joined(said: &[Word]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in said {
        match words.last_mut() {
            Some(last) if word.text.starts_with('번') => last.push_str(&word.text),
            _ => words.push(word.text.clone()),
        }
    }
    words
}

fn place_of(word: &str, count: usize) -> Option<usize> {
    let is = |known: &&str| {
        let rest = word.strip_prefix(*known);
        rest.is_some_and(|rest| rest.is_empty() || (!known.is_ascii() && is_ending(rest)))
    };
    if LAST.iter().any(is) {
        return count.checked_sub(1);
    }
    if MIDDLE.iter().any(is) {
        return (count % 2 == 1).then_some(count / 2);
    }
    PLACES.iter().position(|names| names.iter().any(is))
}

fn is_ending(rest: &str) -> bool {
    "요 이요 로 으로 거 것 걸로 거요 로요 으로요 이에요 예요"
        .split(' ')
        .any(|ending| ending == rest)
}
