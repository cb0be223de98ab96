//! Numbers in words.

const ONES: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] =
    ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const SCALES: [&str; 6] = ["", " thousand", " million", " billion", " trillion", " quadrillion"];

/// `3,000` as three thousand; longer than 18 digits, or with a zero first, digit by digit.
pub(super) fn cardinal(digits: &str) -> String {
    let plain: String = digits.chars().filter(char::is_ascii_digit).collect();
    match plain.parse::<u64>() {
        Ok(number) if plain.len() <= 18 && (plain == "0" || !plain.starts_with('0')) => {
            count(number)
        }
        _ => one_by_one(&plain),
    }
}

/// In words, with spaces between them.
pub(super) fn count(number: u64) -> String {
    if number == 0 {
        return ONES[0].into();
    }
    let mut groups = Vec::new();
    let mut rest = number;
    for scale in SCALES {
        let group = rest % 1000;
        rest /= 1000;
        if group > 0 {
            groups.push(format!("{}{scale}", below_thousand(group)));
        }
    }
    groups.reverse();
    groups.join(" ")
}

fn below_thousand(number: u64) -> String {
    match (number / 100, number % 100) {
        (0, rest) => below_hundred(rest),
        (hundreds, 0) => format!("{} hundred", below_hundred(hundreds)),
        (hundreds, rest) => format!("{} hundred {}", below_hundred(hundreds), below_hundred(rest)),
    }
}

fn below_hundred(number: u64) -> String {
    let word = |table: &[&str], at: u64| {
        usize::try_from(at)
            .ok()
            .and_then(|at| table.get(at))
            .copied()
            .unwrap_or_default()
            .to_owned()
    };
    match (number / 10, number % 10) {
        (0 | 1, _) => word(&ONES, number),
        (tens, 0) => word(&TENS, tens),
        (tens, ones) => format!("{} {}", word(&TENS, tens), word(&ONES, ones)),
    }
}

/// Each digit by itself.
pub(super) fn one_by_one(digits: &str) -> String {
    let words = digits.chars().filter_map(|c| c.to_digit(10)).map(|digit| ONES[digit as usize]);
    words.collect::<Vec<_>>().join(" ")
}

/// `3.14` as three point one four, `1,000` as one thousand, `-5` as minus five.
pub(super) fn decimal(text: &str) -> String {
    let (minus, text) = match text.strip_prefix('-') {
        Some(rest) => ("minus ", rest),
        None => ("", text),
    };
    match text.split_once('.') {
        Some((whole, part)) => {
            let whole = if whole.is_empty() { "zero".into() } else { cardinal(whole) };
            format!("{minus}{whole} point {}", one_by_one(part))
        }
        None => format!("{minus}{}", cardinal(text)),
    }
}

/// `26` as twenty sixth.
pub(super) fn ordinal(digits: &str) -> String {
    let words = cardinal(digits);
    let (before, last) = match words.rsplit_once(' ') {
        Some((before, last)) => (format!("{before} "), last),
        None => (String::new(), &*words),
    };
    let last = match last {
        "one" => "first".into(),
        "two" => "second".into(),
        "three" => "third".into(),
        "five" => "fifth".into(),
        "eight" => "eighth".into(),
        "nine" => "ninth".into(),
        "twelve" => "twelfth".into(),
        _ => match last.strip_suffix('y') {
            Some(stem) => format!("{stem}ieth"),
            None => format!("{last}th"),
        },
    };
    before + &last
}

/// `1999` as nineteen ninety nine, `2005` as two thousand five.
pub(super) fn year(digits: &str) -> String {
    let Ok(number) = digits.parse::<u64>() else { return cardinal(digits) };
    let (century, rest) = (number / 100, number % 100);
    match (century, rest) {
        (10 | 20, 0..=9) | (0..=9 | 100.., _) => cardinal(digits),
        (_, 0) => format!("{} hundred", below_hundred(century)),
        (_, 1..=9) => format!("{} oh {}", below_hundred(century), below_hundred(rest)),
        _ => format!("{} {}", below_hundred(century), below_hundred(rest)),
    }
}

/// Four digits that are more likely a year than a count.
pub(super) fn looks_like_year(digits: &str) -> bool {
    digits.len() == 4 && digits.parse::<u64>().is_ok_and(|number| (1100..2100).contains(&number))
}

/// `1` of `1/4`: one quarter. Nothing if it is no usual fraction.
pub(super) fn fraction(top: &str, bottom: &str) -> Option<String> {
    let (above, below) = (top.parse::<u64>().ok()?, bottom.parse::<u64>().ok()?);
    let part = match below {
        2 => "half".into(),
        4 => "quarter".into(),
        3 | 5..=10 | 12 | 16 | 20 | 100 => ordinal(bottom),
        _ => return None,
    };
    if above == 0 || above >= below {
        return None;
    }
    let part = match (above, below) {
        (1, _) => part,
        (_, 2) => "halves".into(),
        _ => format!("{part}s"),
    };
    Some(format!("{} {part}", count(above)))
}

/// The number that a roman numeral of more than one letter means.
pub(super) fn roman(letters: &str) -> Option<u64> {
    let value = |c| {
        Some(match c {
            'I' => 1,
            'V' => 5,
            'X' => 10,
            'L' => 50,
            _ => return None,
        })
    };
    let values: Option<Vec<i64>> = letters.chars().map(value).collect();
    let values = values.filter(|values| !values.is_empty() && values.len() < 8)?;
    let (mut sum, mut last) = (0, 0);
    for value in values.into_iter().rev() {
        sum = if value < last { sum - value } else { sum + value };
        last = value;
    }
    u64::try_from(sum).ok().filter(|sum| *sum > 0)
}
