//! Which parts of a text are in which language.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use crate::persona::Language;

/// A part of a text that is read by one set of rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    pub script: Script,
    pub range: Range<usize>,
}

/// By which rules a run is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    /// Latin letters, as English.
    English,
    /// Hangul, and what stands in it.
    Korean,
    /// Kana.
    Japanese,
    /// Letters that nothing here reads.
    Unread,
}

/// A stretch of one kind of characters.
struct Piece {
    kind: Kind,
    range: Range<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Of(Script),
    Digits,
    Neutral,
}

/// Cuts a text into runs: all of it, one after another.
pub(super) fn runs(text: &str, language: Language) -> Vec<Run> {
    let pieces = pieces(text);
    let mut scripts: Vec<Option<Script>> = pieces
        .iter()
        .map(|piece| if let Kind::Of(script) = piece.kind { Some(script) } else { None })
        .collect();
    take_latin_into_korean(text, &pieces, &mut scripts);
    give_digits(text, &pieces, &mut scripts, language);
    let mut runs: Vec<Run> = Vec::new();
    // Signs at the beginning go with what follows.
    let mut script = scripts.iter().flatten().next().copied().unwrap_or_else(|| usual(language));
    for (piece, own) in pieces.iter().zip(&scripts) {
        script = own.unwrap_or(script);
        match runs.last_mut() {
            Some(last) if last.script == script => last.range.end = piece.range.end,
            _ => runs.push(Run { script, range: piece.range.clone() }),
        }
    }
    runs
}

fn usual(language: Language) -> Script {
    if language == Language::Korean { Script::Korean } else { Script::English }
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (at, c) in text.char_indices() {
        let mut kind = kind_of(c);
        let end = at + c.len_utf8();
        let Some(last) = pieces.last_mut() else {
            pieces.push(Piece { kind, range: at..end });
            continue;
        };
        // The long mark is kana only behind kana.
        if c == 'ー' && last.kind != Kind::Of(Script::Japanese) {
            kind = Kind::Neutral;
        }
        if last.kind == kind {
            last.range.end = end;
        } else {
            pieces.push(Piece { kind, range: at..end });
        }
    }
    pieces
}

fn kind_of(c: char) -> Kind {
    match c {
        '0'..='9' => Kind::Digits,
        'a'..='z' | 'A'..='Z' => Kind::Of(Script::English),
        'À'..='ɏ' | '\u{1E00}'..='\u{1EFF}' if c.is_alphabetic() => Kind::Of(Script::English),
        '가'..='힣'
        | '\u{1100}'..='\u{11FF}'
        | '\u{3131}'..='\u{318E}'
        | '\u{A960}'..='\u{A97F}' => Kind::Of(Script::Korean),
        'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ー' | 'ゝ' | 'ゞ' | 'ヽ' | 'ヾ' => {
            Kind::Of(Script::Japanese)
        }
        _ if c.is_alphanumeric() => Kind::Of(Script::Unread),
        _ => Kind::Neutral,
    }
}

static ACRONYM: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^[A-Z]{1,5}$").ok());
static UNIT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:[kcm]?m|[km]?g|[km]?l|[KMGT]B|k?Hz|[ap]m|[AP]M|km/h|kcal|bpm|fps)$").ok()
});

fn fits(pattern: &Option<Regex>, word: &str) -> bool {
    pattern.as_ref().is_some_and(|pattern| pattern.is_match(word))
}

/// Acronyms and units in a Korean sentence are said in Korean: `TV를`, `10km를`, `MV 봤어요`.
fn take_latin_into_korean(text: &str, pieces: &[Piece], scripts: &mut [Option<Script>]) {
    let is = |at: Option<usize>, kind| {
        at.and_then(|at| pieces.get(at)).is_some_and(|piece| piece.kind == kind)
    };
    let korean = Kind::Of(Script::Korean);
    let joint = |at: usize| {
        let sign = |at: usize| {
            pieces
                .get(at)
                .is_some_and(|piece| text[piece.range.clone()].trim_matches(' ').is_empty())
        };
        // The next piece that is not a space.
        if sign(at) { at + 1 } else { at }
    };
    for at in 0..pieces.len() {
        if pieces[at].kind != Kind::Of(Script::English) {
            continue;
        }
        let word = &text[pieces[at].range.clone()];
        let after_digits = is(at.checked_sub(1), Kind::Digits);
        let before_korean = is(Some(at + 1), korean) || is(Some(joint(at + 1)), korean);
        let after_korean = is(at.checked_sub(1), korean)
            || at > 1
                && text[pieces[at - 1].range.clone()].trim_matches(' ').is_empty()
                && is(Some(at - 2), korean);
        let unit = after_digits
            && fits(&UNIT, word)
            && (before_korean || sentence_is_korean(text, &pieces[at].range));
        let acronym = fits(&ACRONYM, word)
            && (before_korean || after_korean && sentence_is_korean(text, &pieces[at].range));
        // The names of the group are names, not letters.
        if unit || acronym && !["MAVE", "SIWOO", "JENA", "TAIRA", "MARTY"].contains(&word) {
            scripts[at] = Some(Script::Korean);
        }
    }
}

/// Whether the sentence around has more Hangul than Latin letters.
fn sentence_is_korean(text: &str, range: &Range<usize>) -> bool {
    let ends = |c| matches!(c, '.' | '!' | '?' | '…');
    let start = text[..range.start].rfind(ends).map_or(0, |at| at + 1);
    let end = text[range.end..].find(ends).map_or(text.len(), |at| range.end + at);
    // `…` is longer than one byte.
    let sentence = text.get(start..end).unwrap_or(&text[range.clone()]);
    let count = |script| sentence.chars().filter(|c| kind_of(*c) == Kind::Of(script)).count();
    count(Script::Korean) > count(Script::English)
}

/// Digits are said in the language of what they touch, else of what stands before or behind them.
fn give_digits(text: &str, pieces: &[Piece], scripts: &mut [Option<Script>], language: Language) {
    for at in 0..pieces.len() {
        if pieces[at].kind != Kind::Digits {
            continue;
        }
        let own = |at: usize| {
            scripts.get(at).copied().flatten().filter(|script| *script != Script::Unread)
        };
        let touching = own(at + 1).or_else(|| at.checked_sub(1).and_then(own));
        let behind = || {
            let near = (at + 1..pieces.len())
                .find(|at| scripts[*at].is_some() && pieces[*at].kind != Kind::Digits);
            let near = near.filter(|near| {
                !text[pieces[at].range.end..pieces[*near].range.start]
                    .contains(['.', '!', '?', '…', '\n'])
            });
            near.and_then(own)
        };
        let before = || (0..at).rev().find_map(own);
        let given = touching.or_else(behind).or_else(before).unwrap_or_else(|| usual(language));
        scripts[at] = Some(if given == Script::Unread { usual(language) } else { given });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<(Script, &str)> {
        let runs = runs(text, Language::English);
        runs.into_iter().map(|run| (run.script, &text[run.range])).collect()
    }

    #[test]
    fn runs_follow_the_script() {
        use Script::{English, Japanese, Korean, Unread};
        for (text, expected) in [
            ("Hello there!", vec![(English, "Hello there!")]),
            ("안녕하세요 Marty!", vec![(Korean, "안녕하세요 "), (English, "Marty!")]),
            ("3시에 봐요, ok?", vec![(Korean, "3시에 봐요, "), (English, "ok?")]),
            ("TV를 봤어요", vec![(Korean, "TV를 봤어요")]),
            ("10km를 뛰었어요", vec![(Korean, "10km를 뛰었어요")]),
            ("Pandora를 들어요", vec![(English, "Pandora"), (Korean, "를 들어요")]),
            ("오늘 MV 봤어요?", vec![(Korean, "오늘 MV 봤어요?")]),
            ("I have 3 cats", vec![(English, "I have 3 cats")]),
            (
                "say ありがとう now",
                vec![(English, "say "), (Japanese, "ありがとう "), (English, "now")],
            ),
            ("漢字 ok", vec![(Unread, "漢字 "), (English, "ok")]),
            ("MAVE: 시우", vec![(English, "MAVE: "), (Korean, "시우")]),
            ("“안녕” means hi", vec![(Korean, "“안녕” "), (English, "means hi")]),
            ("1,000원이에요", vec![(Korean, "1,000원이에요")]),
            ("", vec![]),
        ] {
            assert_eq!(cut(text), expected, "{text}");
        }
    }
}
