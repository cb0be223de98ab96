//! Money, measures, counts.

use regex::Captures;

use super::{Place, Say, number};

pub(super) const RULES: &[(&str, Say)] = &[
    // Telephones.
    (r"^\+\d{1,3}[-. ]\(?\d{1,4}\)?(?:[-. ]\d{2,4}){1,3}\b", telephone),
    (r"^\(?\d{2,4}\)?[-. ]\d{3,4}[-.]\d{4}\b", telephone),
    // Money.
    (
        r"^([$€£₩¥])\s?(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?(?:\s?(k|K|M|B|thousand|million|billion|trillion)\b)?",
        money,
    ),
    (r"^(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?\s?([$€£₩¥])", money_behind),
    // Versions and addresses.
    (r"^\d+(?:\.\d+){2,}", |found, _| {
        Some(found[0].split('.').map(number::cardinal).collect::<Vec<_>>().join(" point "))
    }),
    (r"^(\d+) (\d{1,2})/(\d{1,3})\b", |found, place| {
        let part = number::fraction(&found[2], &found[3])?;
        (!place.within_word()).then(|| format!("{} and {part}", number::cardinal(&found[1])))
    }),
    (r"^(\d{1,3})/(\d{1,3})\b", parts),
    // `3-5`: the rest follows by itself.
    (
        r"^(-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(?:\s?(%|°C|°F|°|[ap]m|[kcm]?m|kg))?\s?[-–~]\s?",
        range,
    ),
    (r"^(-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s?(?:%|percent\b)", |found, place| {
        Some(format!("{} percent", signed(&found[1], place)))
    }),
    (r"^(\d{1,3}(?:,\d{3})+|\d+)(?:st|nd|rd|th|ST|ND|RD|TH)\b", |found, _| {
        Some(number::ordinal(&found[1]))
    }),
    (r"^(\d+)(?:'s|s)\b", many),
    (
        r"^(-?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?)\s?(°C|°F|°|km/h|kmh|mph|km²|m²|km|cm|mm|kg|mg|ml|GB|MB|TB|KB|kHz|MHz|GHz|Hz|hz|fps|FPS|bpm|BPM|kcal|ft|lbs?|oz|hrs?|mins?|secs?|yrs?|px)(?:\b|$|\s)",
        measure,
    ),
    (r"^(-?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?)(m|g|l|L|s|h|k|K|M|B|x|X|D|%)\b", glued),
    (r"^-?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)", plain),
];

/// A number whose minus is one.
fn signed(text: &str, place: &Place) -> String {
    if place.within_word() {
        number::decimal(text.trim_start_matches('-'))
    } else {
        number::decimal(text)
    }
}

fn telephone(found: &Captures, place: &Place) -> Option<String> {
    let text = &found[0];
    let digits = text.chars().filter(char::is_ascii_digit).count();
    if place.within_word() || digits < 7 {
        return None;
    }
    let plus = if text.starts_with('+') { "plus " } else { "" };
    let groups = text.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty());
    Some(plus.to_owned() + &groups.map(number::one_by_one).collect::<Vec<_>>().join(" , "))
}

fn money(found: &Captures, _: &Place) -> Option<String> {
    let scale = found.get(4).map(|scale| match scale.as_str() {
        "k" | "K" => "thousand",
        "M" => "million",
        "B" => "billion",
        word => word,
    });
    let parts = found.get(3).map_or("", |parts| parts.as_str());
    Some(amount(&found[1], &found[2], parts, scale.unwrap_or_default()))
}

fn money_behind(found: &Captures, place: &Place) -> Option<String> {
    // `5 $10 notes`: the sign belongs to what follows.
    if place.after(found).starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    Some(amount(&found[3], &found[1], found.get(2).map_or("", |parts| parts.as_str()), ""))
}

fn amount(sign: &str, whole: &str, parts: &str, scale: &str) -> String {
    let (one, many, part) = match sign {
        "€" => ("euro", "euros", "cent"),
        "£" => ("pound", "pounds", "penny"),
        "₩" => ("won", "won", ""),
        "¥" => ("yen", "yen", ""),
        _ => ("dollar", "dollars", "cent"),
    };
    if !scale.is_empty() || !parts.is_empty() && (parts.len() != 2 || part.is_empty()) {
        let number = if parts.is_empty() { whole.to_owned() } else { format!("{whole}.{parts}") };
        return format!("{} {scale} {many}", number::decimal(&number));
    }
    let unit = if whole == "1" { one } else { many };
    let whole_words = format!("{} {unit}", number::cardinal(whole));
    let Some(cents) = parts.parse::<u64>().ok().filter(|cents| *cents > 0) else {
        return whole_words;
    };
    let unit = match (part, cents) {
        ("penny", 1) => "penny",
        ("penny", _) => "pence",
        (_, 1) => "cent",
        _ => "cents",
    };
    let cents = format!("{} {unit}", number::count(cents));
    if whole == "0" { cents } else { format!("{whole_words} and {cents}") }
}

fn parts(found: &Captures, place: &Place) -> Option<String> {
    let (top, bottom) = (&found[1], &found[2]);
    if place.within_word() || place.after(found).starts_with('/') {
        return None;
    }
    if matches!(bottom, "10" | "100") && top != "1" {
        return Some(format!("{} out of {}", number::cardinal(top), number::cardinal(bottom)));
    }
    let out_of = || format!("{} out of {}", number::cardinal(top), number::cardinal(bottom));
    Some(number::fraction(top, bottom).unwrap_or_else(out_of))
}

fn range(found: &Captures, place: &Place) -> Option<String> {
    let rest = place.after(found);
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    // `3-in-1`, a telephone, a list of hyphens.
    let ends = !rest[digits..].starts_with(['-', '–']);
    if digits == 0 || !ends || place.within_word() || place.before.ends_with(['-', '–']) {
        return None;
    }
    let number = &found[1];
    let both_years = number::looks_like_year(number) && (digits == 4 || digits == 2);
    let words = if both_years { number::year(number) } else { signed(number, place) };
    let unit = match found.get(2).map_or("", |unit| unit.as_str()) {
        "%" | "" => String::new(),
        unit => format!(" {}", unit_words(unit, true)?),
    };
    Some(format!("{words}{unit} to"))
}

fn many(found: &Captures, place: &Place) -> Option<String> {
    let digits = &found[1];
    if place.before.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let words = match digits.len() {
        4 => number::year(digits),
        _ => number::cardinal(digits),
    };
    let (before, last) =
        words.rsplit_once(' ').map_or(("", &*words), |(before, last)| (before, last));
    let last = match last.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None if last.ends_with('x') => format!("{last}es"),
        None => format!("{last}s"),
    };
    Some(format!("{before} {last}"))
}

fn measure(found: &Captures, place: &Place) -> Option<String> {
    let number = &found[1];
    if number.is_empty() || number == "-" {
        return None;
    }
    // The end that the pattern needs must not be a letter that it swallowed.
    Some(format!("{} {}", signed(number, place), unit_words(&found[2], number != "1")?))
}

fn glued(found: &Captures, place: &Place) -> Option<String> {
    let number = &found[1];
    if number.is_empty() || number == "-" || place.within_word() {
        return None;
    }
    let words = signed(number, place);
    Some(match &found[2] {
        "k" => format!("{words} thousand"),
        "K" => format!("{words} ~K"),
        "M" => format!("{words} million"),
        "B" => format!("{words} billion"),
        "x" | "X" => format!("{words} times"),
        "D" => format!("{words} ~D"),
        "s" => format!("{words} seconds"),
        unit => format!("{words} {}", unit_words(unit, number != "1")?),
    })
}

fn unit_words(unit: &str, many: bool) -> Option<String> {
    let word = match unit {
        "°C" => return Some(if many { "degrees Celsius" } else { "degree Celsius" }.into()),
        "°F" => return Some(if many { "degrees Fahrenheit" } else { "degree Fahrenheit" }.into()),
        "km/h" | "kmh" => {
            return Some(if many { "kilometers" } else { "kilometer" }.to_owned() + " an hour");
        }
        "mph" => return Some(if many { "miles" } else { "mile" }.to_owned() + " an hour"),
        "fps" | "FPS" => return Some("frames per second".into()),
        "bpm" | "BPM" => return Some("beats per minute".into()),
        "Hz" | "hz" => return Some("hertz".into()),
        "kHz" => return Some("kilohertz".into()),
        "MHz" => return Some("megahertz".into()),
        "GHz" => return Some("gigahertz".into()),
        "ft" => return Some(if many { "feet" } else { "foot" }.into()),
        "am" => return Some("~AM".into()),
        "pm" => return Some("~PM".into()),
        "km²" => return Some("square kilometers".into()),
        "m²" => return Some("square meters".into()),
        "°" => "degree",
        "km" => "kilometer",
        "m" => "meter",
        "cm" => "centimeter",
        "mm" => "millimeter",
        "kg" => "kilogram",
        "g" => "gram",
        "mg" => "milligram",
        "l" | "L" => "liter",
        "ml" => "milliliter",
        "GB" => "gigabyte",
        "MB" => "megabyte",
        "TB" => "terabyte",
        "KB" => "kilobyte",
        "kcal" => "calorie",
        "lb" | "lbs" => "pound",
        "oz" => "ounce",
        "h" | "hr" | "hrs" => "hour",
        "min" | "mins" => "minute",
        "sec" | "secs" => "second",
        "yr" | "yrs" => "year",
        "px" => "pixel",
        _ => return None,
    };
    Some(if many { format!("{word}s") } else { word.into() })
}

fn plain(found: &Captures, place: &Place) -> Option<String> {
    let text = &found[0];
    let counted = place.after(found).trim_start();
    let people = counted.starts_with(|c: char| c.is_lowercase())
        && text.parse::<u64>().is_ok_and(|n| n % 1000 == 0);
    // The ends of a range of years: `1990–95` is ninety five anyway.
    if number::looks_like_year(text) && !people {
        return Some(number::year(text));
    }
    Some(signed(text, place))
}
