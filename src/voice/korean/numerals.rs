//! Numbers as they are written: amounts, ranges, dates, times, scores, telephone numbers.

use super::{counters, latin, numbers};

/// A number in a text: how many characters it has, and how it is said, with marks.
type Read = (usize, String);

/// Reads the number at the beginning of `text`, which begins with a digit.
pub(super) fn read(text: &[char]) -> Read {
    date(text)
        .or_else(|| telephone(text))
        .or_else(|| clock(text))
        .or_else(|| score(text))
        .or_else(|| slash(text))
        .or_else(|| range(text))
        .unwrap_or_else(|| amount(text))
}

/// Whether a degree or its word follows the number: then less than zero is 영하.
pub(super) fn is_temperature(text: &[char]) -> bool {
    let end = text.iter().position(|it| !it.is_ascii_digit() && *it != '.').unwrap_or(text.len());
    matches!(text[end..], ['도' | '℃' | '°', ..])
}

/// The digits at the beginning.
fn digits(text: &[char]) -> &[char] {
    let end = text.iter().position(|it| !it.is_ascii_digit()).unwrap_or(text.len());
    &text[..end]
}

fn to_string(characters: &[char]) -> String {
    characters.iter().collect()
}

fn value(characters: &[char]) -> Option<usize> {
    to_string(characters).parse().ok()
}

/// Numbers with `sign` between them, up to the first that is none.
fn groups<'a>(text: &'a [char], sign: &[char]) -> (usize, Vec<&'a [char]>) {
    let mut groups = vec![digits(text)];
    let mut length = groups[0].len();
    while text.get(length).is_some_and(|it| sign.contains(it)) {
        let group = digits(&text[length + 1..]);
        if group.is_empty() {
            break;
        }
        length += 1 + group.len();
        groups.push(group);
    }
    (length, groups)
}

/// 2026-11-26, 2026.11.26, 2026/11/26.
fn date(text: &[char]) -> Option<Read> {
    ['-', '.', '/'].iter().find_map(|&sign| {
        let (length, groups) = groups(text, &[sign]);
        let [year, month, day] = groups[..] else { return None };
        let plausible = year.len() == 4 && is_day(value(month)?, value(day)?);
        plausible.then(|| {
            let year = numbers::sino(&to_string(year));
            (length, format!("{year}년{}", day_of_a_month(value(month), value(day))))
        })
    })
}

fn is_day(month: usize, day: usize) -> bool {
    (1..=12).contains(&month) && (1..=31).contains(&day)
}

fn day_of_a_month(month: Option<usize>, day: Option<usize>) -> String {
    let month = counters::count(&month.unwrap_or(1).to_string(), &['월'], true);
    let day = numbers::sino(&day.unwrap_or(1).to_string());
    format!("{month}월{day}일")
}

/// 010-1234-5678: digit by digit.
fn telephone(text: &[char]) -> Option<Read> {
    let (length, groups) = groups(text, &['-']);
    let years = groups
        .iter()
        .all(|group| group.len() == 4 && matches!(group, ['1', '9', ..] | ['2', '0', ..]));
    let long = groups.iter().filter(|group| group.len() > 2).count();
    (groups.len() > 1 && long > 1 && !years)
        .then(|| (length, numbers::digit_by_digit(&to_string(&groups.concat()))))
}

/// 12:30, 9:05, 12:30:15.
fn clock(text: &[char]) -> Option<Read> {
    let (length, groups) = groups(text, &[':']);
    let (hour, rest) = groups.split_first()?;
    let fits = rest.iter().all(|part| part.len() == 2 && value(part).is_some_and(|it| it < 60));
    let hour = value(hour).filter(|&it| it <= 24 && hour.len() <= 2 && fits)?;
    if !matches!(rest.len(), 1 | 2) {
        return None;
    }
    let mut said = counters::count(&hour.to_string(), &['시'], true) + "시";
    for (part, unit) in rest.iter().zip(["분", "초"]) {
        if let Some(number) = value(part).filter(|&number| number > 0) {
            said += &numbers::sino(&number.to_string());
            said += unit;
        }
    }
    Some((length, said))
}

/// 3:2 is 삼 대 이.
fn score(text: &[char]) -> Option<Read> {
    let (length, groups) = groups(text, &[':']);
    let said: Vec<String> = groups.iter().map(|it| numbers::sino(&to_string(it))).collect();
    (groups.len() > 1).then(|| (length, said.join("대")))
}

/// 11/26 is a day, 1/2 a fraction.
fn slash(text: &[char]) -> Option<Read> {
    let (length, groups) = groups(text, &['/']);
    let [left, right] = groups[..] else { return None };
    let (first, second) = (value(left)?, value(right)?);
    let said = |characters| numbers::sino(&to_string(characters));
    Some((
        length,
        if second > 9 && is_day(first, second) {
            day_of_a_month(Some(first), Some(second))
        } else if first < second {
            format!("{}분에{}", said(right), said(left))
        } else {
            said(left) + &said(right)
        },
    ))
}

/// 3~4시 is 세 시에서 네 시; 2-1, with nothing to count, is a score.
fn range(text: &[char]) -> Option<Read> {
    let (length, groups) = groups(text, &['~', '-', '—']);
    let [left, right] = groups[..] else { return None };
    let sign = text[left.len()];
    let after = &text[length..];
    let counter = counters::find(after);
    let counted = counter.is_some() || latin::unit(after).is_some();
    let (left, right) = (to_string(left), to_string(right));
    let link = if sign == '~' || counted || right.len() == 4 { "에서" } else { "대" };
    let first = match counter {
        Some((word, limit)) if limit > 0 => {
            let counted: Vec<char> = word.chars().collect();
            counters::count(&left, &counted, true) + word
        }
        Some(("월", _)) => counters::count(&left, &['월'], false),
        _ => numbers::sino(&left),
    };
    let (last_length, last) = amount(&text[length - right.len()..]);
    Some((length - right.len() + last_length, first + link + &last))
}

/// 3,000, 3.5, 20%, 5kg, and what is counted.
fn amount(text: &[char]) -> Read {
    let mut length = digits(text).len();
    let mut whole = to_string(&text[..length]);
    while length < 16
        && let [',', rest @ ..] = &text[length..]
        && digits(rest).len() == 3
    {
        whole += &to_string(&rest[..3]);
        length += 4;
    }
    let (mut said, mut broken) = (String::new(), false);
    while let ['.', rest @ ..] = &text[length..]
        && !digits(rest).is_empty()
    {
        let digits = digits(rest);
        if !broken {
            said = numbers::sino(&whole);
        }
        said = said + "'점" + &numbers::decimals(&to_string(digits));
        length += 1 + digits.len();
        broken = true;
    }
    let after = &text[length..];
    if let Some((unit_length, unit)) = latin::unit(after) {
        let number = if broken { said } else { numbers::sino(&whole) };
        return (length + unit_length, number + unit);
    }
    if !broken {
        let adjacent = after.first() != Some(&' ');
        said = counters::count(&whole, if adjacent { after } else { &after[1..] }, adjacent);
    }
    (length, said)
}
