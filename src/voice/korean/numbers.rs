//! Numbers as words, in both systems, with the marks of `respelling`.

const DIGITS: [&str; 10] = ["영", "일", "이", "삼", "사", "오", "육", "칠", "팔", "구"];
const PLACES: [&str; 4] = ["", "십", "백", "천"];
const MYRIADS: [&str; 5] = ["", "만", "억", "조", "경"];
/// Numbers of more digits are read digit by digit.
const LONGEST: usize = 20;
const TENS: [&str; 10] = ["", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔"];
const ONES: [&str; 10] = ["", "하나", "둘", "셋", "넷", "다섯", "여섯", "일곱", "여덟", "아홉"];
const ONES_BEFORE_A_NOUN: [&str; 10] =
    ["", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉"];

/// A whole number in the Sino-Korean system, as for dates, money and minutes: 26 is 이십육.
///
/// What starts with a zero, or is longer than any name of a number, is read digit by digit.
pub(super) fn sino(digits: &str) -> String {
    let digits: Vec<usize> = values(digits).collect();
    if digits == [0] {
        return DIGITS[0].into();
    }
    if digits.first() == Some(&0) || digits.len() > LONGEST {
        return join(digits.iter().map(|&digit| if digit == 0 { "공" } else { DIGITS[digit] }));
    }
    let mut words = Vec::new();
    for (index, chunk) in digits.rchunks(4).enumerate().collect::<Vec<_>>().into_iter().rev() {
        let before = words.len();
        for (index, &digit) in chunk.iter().enumerate() {
            let place = PLACES[chunk.len() - 1 - index];
            if digit == 0 {
                continue;
            }
            if digit > 1 || place.is_empty() {
                words.push(DIGITS[digit]);
            }
            words.push(place);
        }
        if words.len() > before {
            if index == 1 && words[before..].concat() == "일" && before == 0 {
                words.clear();
            }
            words.push(MYRIADS[index]);
        }
    }
    join(words.into_iter())
}

/// Each digit by itself, as in telephone numbers: 010 is 공일공.
pub(super) fn digit_by_digit(digits: &str) -> String {
    join(values(digits).map(|digit| if digit == 0 { "공" } else { DIGITS[digit] }))
}

/// The digits behind a decimal point: 05 is 영오.
pub(super) fn decimals(digits: &str) -> String {
    join(values(digits).map(|digit| DIGITS[digit]))
}

/// A number of 1 to 99 in the native system before a noun, as for hours and age: 20 is 스무.
pub(super) fn native_before_a_noun(number: usize) -> Option<String> {
    if number == 20 {
        return Some("스무".into());
    }
    native_with(number, &ONES_BEFORE_A_NOUN)
}

/// A number of 1 to 99 in the native system by itself: 21 is 스물하나.
pub(super) fn native(number: usize) -> Option<String> {
    native_with(number, &ONES)
}

fn native_with(number: usize, ones: &[&str; 10]) -> Option<String> {
    (1..100).contains(&number).then(|| format!("{}{}", TENS[number / 10], ones[number % 10]))
}

fn values(digits: &str) -> impl Iterator<Item = usize> {
    digits.chars().filter_map(|digit| digit.to_digit(10)).map(|digit| digit as usize)
}

/// Puts words together: a ㄴ comes before 육 after a consonant, and ㄹ makes 십 and 조 tense.
fn join<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for word in words {
        match (word, text.chars().last()) {
            (
                "육",
                Some(
                    '영' | '일' | '삼' | '칠' | '팔' | '육' | '십' | '백' | '천' | '만' | '억'
                    | '공' | '경',
                ),
            ) => text.push('+'),
            ("십" | "조", Some('일' | '칠' | '팔')) => text.push('\''),
            _ => {}
        }
        text.push_str(word);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_names() {
        for (digits, name) in [
            ("0", "영"),
            ("10", "십"),
            ("11", "십일"),
            ("16", "십+육"),
            ("70", "칠'십"),
            ("100", "백"),
            ("1234", "천이백삼십사"),
            ("10000", "만"),
            ("11000", "만천"),
            ("110000", "십일만"),
            ("100000000", "일억"),
            ("100010000", "일억일만"),
            ("1000000000000", "일'조"),
            ("007", "공공칠"),
            (
                "99999999999999999999",
                "구천구백구십구경구천구백구십구조구천구백구십구억구천구백구십구만구천구백구십구",
            ),
        ] {
            assert_eq!(sino(digits), name, "{digits}");
        }
        assert_eq!(sino(&"1".repeat(21)), "일".repeat(21));
    }

    #[test]
    fn native_numbers_end_at_99() {
        assert_eq!(native_before_a_noun(20).as_deref(), Some("스무"));
        assert_eq!(native_before_a_noun(21).as_deref(), Some("스물한"));
        assert_eq!(native(99).as_deref(), Some("아흔아홉"));
        assert_eq!(native(0), None);
        assert_eq!(native(100), None);
    }
}
