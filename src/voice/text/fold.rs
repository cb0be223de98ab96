//! Odd characters become plain ones, and signs that nobody says go.

use std::ops::Range;

use unicode_normalization::{UnicodeNormalization, char::canonical_combining_class};

use super::cleaned::Cleaned;

type Placed = (char, Range<usize>);

/// What becomes of a wave behind a word, as in `안녕~`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::voice) enum Waves {
    /// It is not said.
    Silent,
    /// It stays: who speaks draws the word out.
    Drawn,
}

/// Full-width, mathematical and composed letters as usual ones; no emoji; no sign twice.
pub(super) fn folded(text: &Cleaned, waves: Waves) -> Cleaned {
    let chars = plain_chars(text);
    let mut result = Cleaned::default();
    let mut at = 0;
    while let Some((c, origin)) = chars.get(at) {
        let same = chars[at..].iter().take_while(|(other, _)| kind(*other) == kind(*c)).count();
        let group = &chars[at..at + same];
        let before = at.checked_sub(1).map(|at| chars[at].0);
        let after = chars.get(at + same).map(|(c, _)| *c);
        match kind(*c) {
            Kind::Space => push_space(&mut result, origin),
            Kind::Stop => {
                for c in one_stop(group, before, after).chars() {
                    result.push(
                        c,
                        origin.start..group.last().map_or(origin.end, |(_, last)| last.end),
                    );
                }
            }
            Kind::Dash => {
                let whole = origin.start..group.last().map_or(origin.end, |(_, last)| last.end);
                let (c, joined) = one_dash(group, before, after);
                if !joined {
                    push_space(&mut result, origin);
                }
                result.push(c, whole);
            }
            Kind::Wave if waves == Waves::Silent => {
                // As in `3~5` and `~20`.
                let number = after.is_some_and(|c| c.is_ascii_digit());
                if number || after.is_some_and(char::is_alphanumeric) {
                    result.push(if number { '~' } else { ' ' }, origin.clone());
                }
            }
            Kind::Wave | Kind::Other => {
                group.iter().for_each(|(c, origin)| result.push(*c, origin.clone()));
            }
        }
        at += same;
    }
    result
}

fn push_space(result: &mut Cleaned, origin: &Range<usize>) {
    if !result.as_str().is_empty() && !result.as_str().ends_with(' ') {
        result.push(' ', origin.clone());
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Space,
    Stop,
    Dash,
    Wave,
    Other,
}

fn kind(c: char) -> Kind {
    match c {
        ' ' => Kind::Space,
        '.' | '!' | '?' | '…' | ',' | ';' => Kind::Stop,
        '-' | '–' | '—' => Kind::Dash,
        '~' => Kind::Wave,
        _ => Kind::Other,
    }
}

/// `!!!` as `!`, `?!?` as `?!`, `...` as `…`.
fn one_stop(group: &[Placed], before: Option<char>, after: Option<char>) -> String {
    let has = |sign| group.iter().any(|(c, _)| *c == sign);
    let count = |sign| group.iter().filter(|(c, _)| *c == sign).count();
    let within = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    match group {
        [(only, _)] => only.to_string(),
        _ if has('?') && has('!') => "?!".into(),
        _ if has('?') => "?".into(),
        _ if has('!') => "!".into(),
        _ if has('…') || count('.') > 1 => "…".into(),
        // `etc.,` keeps both signs.
        [(first, _), ..] if has('.') && *first == '.' && within(before) && !within(after) => {
            ".,".into()
        }
        _ if has('.') => ".".into(),
        _ if has(';') => ";".into(),
        _ => ",".into(),
    }
}

/// A dash that parts is long, one that joins is short; whether it joins.
fn one_dash(group: &[Placed], before: Option<char>, after: Option<char>) -> (char, bool) {
    let within = |c: Option<char>| {
        c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '$' | '€' | '£' | '₩'))
    };
    match group {
        [('-', _)] if within(before) && within(after) => ('-', true),
        [('–', _)] if within(before) && within(after) => ('–', true),
        // Minus one.
        [('-', _)] if !within(before) && after.is_some_and(|c| c.is_ascii_digit()) => ('-', true),
        _ => ('—', false),
    }
}

/// Each character in its usual form; what is never said is a space or nothing.
fn plain_chars(text: &Cleaned) -> Vec<Placed> {
    let mut result: Vec<Placed> = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some((c, mut origin)) = chars.next() {
        let mut cluster = String::from(c);
        while let Some((next, more)) = chars.next_if(|(next, _)| joins(*next)) {
            // A mountain of marks is no writing.
            if cluster.chars().count() < 8 {
                cluster.push(next);
            }
            origin.end = more.end;
        }
        if c == '\n' {
            let open = result.iter().rev().find(|(c, _)| *c != ' ');
            if open.is_some_and(|(c, _)| c.is_alphanumeric()) {
                result.push(('.', origin.clone()));
            }
        }
        let usual = usual_form(&cluster);
        // `1½` is not 11/2.
        if usual.contains('⁄') && result.last().is_some_and(|(c, _)| c.is_ascii_digit()) {
            result.push((' ', origin.clone()));
        }
        for c in usual.chars() {
            if let Some(c) = said_as(c, result.last().map(|(c, _)| *c)) {
                result.push((c, origin.clone()));
            }
        }
    }
    result
}

/// Marks that belong to the letter before them, and jamo that make a syllable with it.
fn joins(c: char) -> bool {
    canonical_combining_class(c) != 0
        || matches!(c, '\u{1160}'..='\u{11FF}' | '\u{FF9E}' | '\u{FF9F}' | '\u{FE00}'..='\u{FE0F}' | '\u{20E3}')
}

fn usual_form(cluster: &str) -> String {
    let mut chars = cluster.chars();
    match (chars.next(), chars.next()) {
        // Normal forms of these would be taken apart, or become letters.
        (Some(c @ ('…' | '\u{3130}'..='\u{318F}' | '™' | '℠' | '\u{2190}'..='\u{21FF}')), _) => {
            c.into()
        }
        (Some(c), None) if c.is_ascii() => c.into(),
        // A letter that is shown as a picture, as ℹ️.
        (Some(c), Some('\u{FE0F}')) if c.is_alphabetic() => ' '.into(),
        _ => cluster.nfkc().collect(),
    }
}

/// What changes the look of another character, or has none of its own.
fn is_mark(c: char) -> bool {
    let unseen = matches!(c, '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\u{AD}' | '\u{2060}');
    unseen || matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{20E3}') || canonical_combining_class(c) != 0
}

fn said_as(c: char, before: Option<char>) -> Option<char> {
    Some(match c {
        _ if is_mark(c) => return None,
        // Crying, in signs that are letters elsewhere; squares and pictures, even those of letters.
        'ㅠ' | 'ㅜ' | 'ㅡ' | '\u{3300}'..='\u{33FF}' | '\u{1F000}'..='\u{1FAFF}' => ' ',
        '。' | '｡' => '.',
        '、' | '､' => ',',
        '！' => '!',
        '？' => '?',
        '‘' | '’' | '＇' | 'ʼ' | '′' => '\'',
        '「' | '」' | '『' | '』' | '«' | '»' | '″' | '《' | '》' | '〈' | '〉' => '"',
        '―' | '─' | '⸺' => '—',
        '‐' | '‑' | '−' | '‒' => '-',
        '～' | '〜' | '∼' | '˜' => '~',
        '⁄' | '∕' => '/',
        // A covered word.
        '*' if before.is_some_and(|c| c.is_alphabetic() || c == '*') => '*',
        '!' | '"' | '#' | '$' | '%' | '&' | '\'' | '(' | ')' | '+' | ',' | '-' | '.' | '/'
        | ':' | ';' | '=' | '?' | '@' | '~' | '…' | '—' | '–' | '“' | '”' | '°' | '×' | '÷'
        | '£' | '€' | '₩' | '¥' | 'ー' => c,
        _ if c.is_alphanumeric() => c,
        _ => ' ',
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_characters_become_plain() {
        for (text, plain) in [
            ("wow!!! really?!?! yes...", "wow! really?! yes…"),
            ("ｆｕｌｌ　ｗｉｄｔｈ１", "full width1"),
            ("𝓱𝓮𝓵𝓵𝓸 💜 you", "hello you"),
            ("ﬁne ½ cup", "fine 1/2 cup"),
            ("1½ cups", "1 1/2 cups"),
            ("a💜b", "a b"),
            ("👩‍👩‍👧‍👦🇰🇷☺️", ""),
            ("one\ntwo.\nthree", "one. two. three"),
            ("“yes” ‘no’ it’s", "“yes” 'no' it's"),
            ("안녕~~ ㅠㅠ", "안녕 "),
            ("3~5 and ~20", "3~5 and ~20"),
            ("wait - what -- no", "wait — what — no"),
            ("well-known 1990–1995 -5", "well-known 1990–1995 -5"),
            ("Z\u{336}\u{31b}a\u{336}l\u{335}go", "Zalgo"),
            ("cafe\u{301}", "café"),
            ("f**k **", "f**k "),
            ("ㅋㅋㅋ", "ㅋㅋㅋ"),
            ("\u{1112}\u{1161}\u{11ab}글", "한글"),
            ("wa\u{200b}it", "wait"),
            ("etc., so", "etc., so"),
            ("ｶﾞ", "ガ"),
            ("1️⃣ first", "1 first"),
            ("🅰️ ℹ️ ok", "ok"),
            ("yes,, no;; so", "yes, no; so"),
        ] {
            let folded = folded(&Cleaned::new(text), Waves::Silent);
            assert_eq!(folded.as_str().trim(), plain.trim(), "{text}");
        }
    }

    #[test]
    fn places_are_those_of_the_original() {
        let text = "a💜ｂ";
        let folded = folded(&Cleaned::new(text), Waves::Silent);
        assert_eq!(folded.as_str(), "a b");
        assert_eq!(&text[folded.origin(&(2..3))], "ｂ");
    }
}
