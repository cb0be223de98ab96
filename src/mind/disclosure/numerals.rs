//! The same number written in other ways: `7`, `seven`, `일곱`.

const ENGLISH: [[&str; 4]; 12] = [
    ["1", "one", "first", "1st"],
    ["2", "two", "second", "2nd"],
    ["3", "three", "third", "3rd"],
    ["4", "four", "fourth", "4th"],
    ["5", "five", "fifth", "5th"],
    ["6", "six", "sixth", "6th"],
    ["7", "seven", "seventh", "7th"],
    ["8", "eight", "eighth", "8th"],
    ["9", "nine", "ninth", "9th"],
    ["10", "ten", "tenth", "10th"],
    ["11", "eleven", "eleventh", "11th"],
    ["12", "twelve", "twelfth", "12th"],
];
/// Native Korean numbers that are not also everyday syllables.
const KOREAN: [(&str, &str); 5] =
    [("다섯", "5"), ("여섯", "6"), ("일곱", "7"), ("여덟", "8"), ("아홉", "9")];

/// A form with its numbers written in every way, the form itself left out.
pub(super) fn other_numerals(form: &str) -> Vec<String> {
    let words: Vec<&str> = form.split(' ').collect();
    let mut others = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let Some(row) = ENGLISH.iter().find(|row| row.contains(word)) else { continue };
        for other in row.iter().filter(|other| *other != word) {
            let mut changed = words.clone();
            changed[at] = other;
            others.push(changed.join(" "));
        }
    }
    for (native, digit) in KOREAN {
        if form.contains(native) {
            others.push(form.replace(native, digit));
        }
    }
    others
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_written_in_other_ways() {
        assert_eq!(other_numerals("3 march"), ["three march", "third march", "3rd march"]);
        assert_eq!(other_numerals("왜가리 일곱"), ["왜가리 7"]);
        assert!(other_numerals("march").is_empty());
    }
}
