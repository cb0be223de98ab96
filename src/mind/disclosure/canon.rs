//! Characters as they are compared: what looks the same becomes the same.

use unicode_normalization::{UnicodeNormalization, char::decompose_canonical};

use crate::hangul;

/// A character as it is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Glyph {
    pub(super) c: char,
    /// Belongs to a word: a letter or a digit.
    pub(super) word: bool,
}

/// What the characters of `text` look like, in lower case.
///
/// Accents are gone, unseen characters count as signs between letters, look-alikes of other scripts
/// and styles are plain letters, and a letter that is drawn out (`yesss`) stands once.
pub(super) fn glyphs(text: &str, out: &mut Vec<Glyph>) {
    out.clear();
    if text.is_ascii() {
        out.extend(text.bytes().map(|byte| glyph(byte.to_ascii_lowercase().into())));
    } else {
        let seen = text.chars().map(seen).nfkc();
        for c in seen.flat_map(char::to_lowercase) {
            plain(c, |c| out.push(glyph(c)));
        }
    }
    undrawn(out);
}

/// A whole text as the words of a pattern: words with one space between them.
pub(super) fn words(text: &str) -> String {
    let (mut glyphs_of_it, mut out) = (Vec::new(), String::new());
    glyphs(text, &mut glyphs_of_it);
    for at in 0..glyphs_of_it.len() {
        let Glyph { c, word } = glyphs_of_it[at];
        if word || is_in_number(&glyphs_of_it, at) {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

fn glyph(c: char) -> Glyph {
    Glyph { c, word: c.is_alphanumeric() }
}

/// A sign between two digits, as in a date.
pub(super) fn is_in_number(glyphs: &[Glyph], at: usize) -> bool {
    let digit = |at: usize| glyphs.get(at).is_some_and(|glyph| glyph.c.is_ascii_digit());
    matches!(glyphs[at].c, '/' | '-') && at > 0 && digit(at - 1) && digit(at + 1)
}

/// Scripts written without spaces: kana and Chinese characters.
pub(super) fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
        || ('\u{20000}'..='\u{3ffff}').contains(&c)
}

/// The script in which Japanese writes foreign names, each a word.
pub(super) fn is_katakana(c: char) -> bool {
    matches!(c, '\u{30a1}'..='\u{30fa}' | 'ー')
}

/// Marks that are written onto the character before.
pub(super) fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{3099}' | '\u{309a}' | '\u{fe20}'..='\u{fe2f}')
        || is_unseen(c)
}

/// Characters that take no room and only steer how others are shown.
pub(in crate::mind) fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}'
        | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Letters of blind people's script, `a` to `z`.
const BRAILLE: &str = "⠁⠃⠉⠙⠑⠋⠛⠓⠊⠚⠅⠇⠍⠝⠕⠏⠟⠗⠎⠞⠥⠧⠺⠭⠽⠵";

/// Hides the letters that Unicode would wrongly put together; see [`plain`].
const APART: u32 = 0xf0000;

/// Stands for all characters that are not seen.
const UNSEEN: char = '\u{200b}';

fn seen(c: char) -> char {
    let letter = |first: u32| char::from_u32(u32::from('a') + (u32::from(c) - first) % 26);
    let seen = match c {
        '\u{e0041}'..='\u{e005a}' => letter(0xe0041),
        '\u{e0061}'..='\u{e007a}' => letter(0xe0061),
        '\u{1f1e6}'..='\u{1f1ff}' => letter(0x1f1e6),
        '\u{1f150}'..='\u{1f169}' => letter(0x1f150),
        '\u{1f170}'..='\u{1f189}' => letter(0x1f170),
        '\u{3131}'..='\u{3163}' => char::from_u32(u32::from(c) + APART),
        '\u{2800}'..='\u{28ff}' => {
            BRAILLE.chars().zip('a'..='z').find(|(cell, _)| *cell == c).map(|(_, letter)| letter)
        }
        c if is_unseen(c) => Some(UNSEEN),
        _ => None,
    };
    seen.unwrap_or(c)
}

fn plain(c: char, mut out: impl FnMut(char)) {
    match c {
        c if c.is_ascii() || hangul::is_syllable(c) => out(c),
        UNSEEN => out(c),
        c if is_combining(c) && !matches!(c, '\u{3099}' | '\u{309a}') => {}
        '\u{1100}'..='\u{11ff}' => out(hangul::alone(c).unwrap_or(c)),
        '\u{f3131}'..='\u{f3163}' => out(char::from_u32(u32::from(c) - APART).unwrap_or(c)),
        'ß' => "ss".chars().for_each(out),
        'œ' => "oe".chars().for_each(out),
        'æ' => "ae".chars().for_each(out),
        '\u{80}'..='\u{24ff}' => {
            let mut base = None;
            decompose_canonical(c, |part| base = base.or(Some(part)));
            out(lookalike(base.unwrap_or(c)));
        }
        c => out(lookalike(c)),
    }
}

/// Letters that look like Latin ones.
const LOOKALIKES: [(&str, char); 26] = [
    ("аαɑᴀ", 'a'),
    ("вβʙƀь", 'b'),
    ("сϲᴄ", 'c'),
    ("ԁᴅđ", 'd'),
    ("еεєᴇəɛǝ", 'e'),
    ("ꜰƒ", 'f'),
    ("ɡԍɢ", 'g'),
    ("һнʜħη", 'h'),
    ("іιıɪɩӏ", 'i'),
    ("јϳᴊ", 'j'),
    ("кκᴋ", 'k'),
    ("ʟłⅼ", 'l'),
    ("мᴍ", 'm'),
    ("ոпɴ", 'n'),
    ("оοσօᴏø", 'o'),
    ("рρᴘ", 'p'),
    ("ԛ", 'q'),
    ("гʀɾɹ", 'r'),
    ("ѕꜱʂ", 's'),
    ("тτᴛŧ", 't'),
    ("υսᴜ", 'u'),
    ("νѵᴠʋ", 'v'),
    ("ѡωԝᴡ", 'w'),
    ("хχ", 'x'),
    ("уγʏ", 'y'),
    ("ᴢʐ", 'z'),
];

fn lookalike(c: char) -> char {
    if is_unspaced(c) || hangul::is_letter(c) {
        return c;
    }
    let letter = LOOKALIKES.iter().find(|(alike, _)| alike.contains(c));
    letter.map_or(c, |(_, letter)| *letter)
}

/// Shrinks a letter that stands three times or more to one.
fn undrawn(glyphs: &mut Vec<Glyph>) {
    let (mut kept, mut at) = (0, 0);
    while at < glyphs.len() {
        let here = glyphs[at];
        let run = glyphs[at..].iter().take_while(|glyph| glyph.c == here.c).count();
        let once = here.c.is_alphabetic() && run > 2;
        for _ in 0..if once { 1 } else { run } {
            glyphs[kept] = here;
            kept += 1;
        }
        at += run;
    }
    glyphs.truncate(kept);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_looks_the_same_is_the_same() {
        let dressed = [
            "ＳＥＶＥＮ",
            "𝓼𝓮𝓿𝓮𝓷",
            "ⓢⓔⓥⓔⓝ",
            "ѕеvеn",
            "sévèn",
            "🇸🇪🇻🇪🇳",
            "ꜱᴇᴠᴇɴ",
            "s\u{336}e\u{336}ven",
            "⠎⠑⠧⠑⠝",
            "Seveeeen",
        ];
        for text in dressed {
            assert_eq!(words(text), "seven", "{text}");
        }
    }

    #[test]
    fn other_scripts_stay_as_they_are() {
        assert_eq!(words("한글 ㄱㅏ, 日本ガ"), "한글 ㄱㅏ 日本ガ");
        assert_eq!(words("ｶﾞ\u{1112}\u{1161}\u{11ab}"), "ガ한");
        assert_eq!(words("Sœur — 03-03 - 4!"), "soeur 03-03 4");
    }

    proptest! {
        #[test]
        fn the_words_of_words_are_the_same(text in ".{0,60}") {
            let once = words(&text);
            prop_assert_eq!(words(&once), once);
        }
    }
}
