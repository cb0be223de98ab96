//! Kana to phones; kanji are not read.

use super::{PronouncedWord, Pronunciation};

/// How kana are said, in the phones that Kokoro's Japanese voices were trained with.
#[must_use]
pub fn pronounce(text: &str) -> Pronunciation {
    let mut said = Pronunciation::default();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let word = &text[at..];
        let word = &word[..word.find(|c| !is_kana(c)).unwrap_or(word.len())];
        if word.is_empty() {
            push_sign(&mut said.phones, c);
            at += c.len_utf8();
            continue;
        }
        let phones = phones_of(word);
        if !phones.is_empty() {
            let from = said.phones.len();
            said.phones.extend(phones);
            said.words.push(PronouncedWord {
                text: at..at + word.len(),
                phones: from..said.phones.len(),
            });
        }
        at += word.len();
    }
    said
}

fn is_kana(c: char) -> bool {
    matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ー' | 'ゝ' | 'ゞ' | 'ヽ' | 'ヾ')
}

fn push_sign(phones: &mut Vec<char>, c: char) {
    let sign = match c {
        ',' | '.' | '!' | '?' | '…' | ';' | ':' | '—' | '"' | '“' | '”' | '(' | ')' => c,
        _ => ' ',
    };
    if sign != ' ' || phones.last().is_some_and(|last| *last != ' ') {
        phones.push(sign);
    }
}

fn phones_of(word: &str) -> Vec<char> {
    // は as a word of its own is the particle, and へ, and を.
    let kana = repeated(word.chars().map(hiragana));
    match kana[..] {
        ['は'] => return "wa".chars().collect(),
        ['へ'] => return vec!['e'],
        _ => {}
    }
    let mut phones: Vec<char> = Vec::new();
    let mut at = 0;
    while at < kana.len() {
        let pair: String = kana[at..].iter().take(2).collect();
        let (sound, length) = match (two_kana(&pair), one_kana(kana[at])) {
            (Some(sound), _) => (sound, 2),
            (None, Some(sound)) => (sound, 1),
            (None, None) => (special(&kana, at), 1),
        };
        let lengthens = length == 1 && phones.last().is_some_and(|last| is_longer(*last, kana[at]));
        if lengthens && *phones.last().unwrap_or(&'ː') != 'ː' {
            phones.push('ː');
        } else {
            phones.extend(sound.chars());
        }
        at += length;
    }
    // こんにちは: the particle that grew to the greeting.
    let greeting = word.ends_with("んにちは") || word.ends_with("んばんは");
    if greeting && phones.ends_with(&['h', 'a']) {
        let h = phones.len() - 2;
        phones[h] = 'w';
    }
    phones
}

/// ー, a vowel again, and う behind o make a vowel long.
fn is_longer(vowel: char, kana: char) -> bool {
    match kana {
        'ー' => "aieoɯɨ".contains(vowel),
        'あ' => vowel == 'a',
        'う' => "oɯɨ".contains(vowel),
        'お' => vowel == 'o',
        'え' => vowel == 'e',
        'い' => "ie".contains(vowel),
        _ => false,
    }
}

fn special(kana: &[char], at: usize) -> &'static str {
    match kana[at] {
        // A stop before a consonant; a catch in the throat at the end.
        'っ' => "ʔ",
        'ん' => match kana.get(at + 1) {
            Some('ば'..='ぽ' | 'ま'..='も') => "m",
            Some('か'..='ご') => "ŋ",
            None => "ɴ",
            _ => "n",
        },
        _ => "",
    }
}

/// Kana with the marks ゝ and ゞ, which repeat the one before, written out.
fn repeated(kana: impl Iterator<Item = char>) -> Vec<char> {
    let mut written: Vec<char> = Vec::new();
    for c in kana {
        let before = written.last().copied();
        written.push(match (c, before) {
            ('ゝ', Some(before)) => before,
            ('ゞ', Some(before)) => voiced(before),
            _ => c,
        });
    }
    written
}

/// か as が: the voiced sign follows its plain one in Unicode.
fn voiced(c: char) -> char {
    let has_voiced = "かきくけこさしすせそたちつてとはひふへほ".contains(c);
    if has_voiced { char::from_u32(u32::from(c) + 1).unwrap_or(c) } else { c }
}

/// Katakana as hiragana.
fn hiragana(c: char) -> char {
    match c {
        'ァ'..='ヶ' | 'ヽ' | 'ヾ' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        _ => c,
    }
}

fn one_kana(c: char) -> Option<&'static str> {
    Some(match c {
        'あ' | 'ぁ' => "a",
        'い' | 'ぃ' | 'ゐ' => "i",
        'う' | 'ぅ' => "ɯ",
        'え' | 'ぇ' | 'ゑ' => "e",
        'お' | 'ぉ' | 'を' => "o",
        'か' | 'ゕ' => "ka",
        'き' => "kʲi",
        'く' => "kɯ",
        'け' | 'ゖ' => "ke",
        'こ' => "ko",
        'が' => "ɡa",
        'ぎ' => "ɡʲi",
        'ぐ' => "ɡɯ",
        'げ' => "ɡe",
        'ご' => "ɡo",
        'さ' => "sa",
        'し' => "ɕi",
        'す' => "sɨ",
        'せ' => "se",
        'そ' => "so",
        'ざ' => "ʣa",
        'じ' | 'ぢ' => "ʥi",
        'ず' | 'づ' => "zɨ",
        'ぜ' => "ʣe",
        'ぞ' => "ʣo",
        'た' => "ta",
        'ち' => "ʨi",
        'つ' => "ʦɨ",
        'て' => "te",
        'と' => "to",
        'だ' => "da",
        'で' => "de",
        'ど' => "do",
        'な' => "na",
        'に' => "ɲi",
        'ぬ' => "nɯ",
        'ね' => "ne",
        'の' => "no",
        'は' => "ha",
        'ひ' => "çi",
        'ふ' => "ɸɯ",
        'へ' => "he",
        'ほ' => "ho",
        'ば' => "ba",
        'び' => "bʲi",
        'ぶ' => "bɯ",
        'べ' => "be",
        'ぼ' => "bo",
        'ぱ' => "pa",
        'ぴ' => "pʲi",
        'ぷ' => "pɯ",
        'ぺ' => "pe",
        'ぽ' => "po",
        'ま' => "ma",
        'み' => "mʲi",
        'む' => "mɯ",
        'め' => "me",
        'も' => "mo",
        'や' | 'ゃ' => "ja",
        'ゆ' | 'ゅ' => "jɯ",
        'よ' | 'ょ' => "jo",
        'ら' => "ɾa",
        'り' => "ɾʲi",
        'る' => "ɾɯ",
        'れ' => "ɾe",
        'ろ' => "ɾo",
        'わ' | 'ゎ' => "βa",
        'ゔ' => "vɯ",
        'ヷ' => "va",
        'ヸ' => "vʲi",
        'ヹ' => "ve",
        'ヺ' => "vo",
        _ => return None,
    })
}

fn two_kana(pair: &str) -> Option<&'static str> {
    Some(match pair {
        "きゃ" => "kʲa",
        "きゅ" => "kʲɨ",
        "きょ" => "kʲo",
        "ぎゃ" => "ɡʲa",
        "ぎゅ" => "ɡʲɨ",
        "ぎょ" => "ɡʲo",
        "しゃ" => "ɕa",
        "しゅ" => "ɕɨ",
        "しょ" => "ɕo",
        "しぇ" => "ɕe",
        "じゃ" | "ぢゃ" => "ʥa",
        "じゅ" | "ぢゅ" => "ʥɨ",
        "じょ" | "ぢょ" => "ʥo",
        "じぇ" => "ʥe",
        "ちゃ" => "ʨa",
        "ちゅ" => "ʨɨ",
        "ちょ" => "ʨo",
        "ちぇ" => "ʨe",
        "にゃ" => "ɲa",
        "にゅ" => "ɲɨ",
        "にょ" => "ɲo",
        "ひゃ" => "ça",
        "ひゅ" => "çɨ",
        "ひょ" => "ço",
        "びゃ" => "bʲa",
        "びゅ" => "bʲɨ",
        "びょ" => "bʲo",
        "ぴゃ" => "pʲa",
        "ぴゅ" => "pʲɨ",
        "ぴょ" => "pʲo",
        "みゃ" => "mʲa",
        "みゅ" => "mʲɨ",
        "みょ" => "mʲo",
        "りゃ" => "ɾʲa",
        "りゅ" => "ɾʲɨ",
        "りょ" => "ɾʲo",
        "ふぁ" => "ɸa",
        "ふぃ" => "ɸi",
        "ふぇ" => "ɸe",
        "ふぉ" => "ɸo",
        "てぃ" => "tʲi",
        "でぃ" => "dʲi",
        "とぅ" => "tɯ",
        "どぅ" => "dɯ",
        "うぃ" => "βi",
        "うぇ" => "βe",
        "うぉ" => "βo",
        "ゔぁ" => "va",
        "ゔぃ" => "vi",
        "ゔぇ" => "ve",
        "ゔぉ" => "vo",
        "つぁ" => "ʦa",
        "つぇ" => "ʦe",
        "つぉ" => "ʦo",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kana_have_their_sounds() {
        for (kana, phones) in [
            ("ありがとう", "aɾʲiɡatoː"),
            ("こんにちは", "konɲiʨiwa"),
            ("さようなら", "sajoːnaɾa"),
            ("ファンタスティック", "ɸantasɨtʲiʔkɯ"),
            ("きゃー", "kʲaː"),
            ("がんばって!", "ɡambaʔte!"),
            ("はい、そう", "hai, soː"),
            ("ラーメン", "ɾaːmeɴ"),
            ("せんせい", "senseː"),
            ("こゝろ", "kokoɾo"),
            ("すゞめ", "sɨzɨme"),
        ] {
            assert_eq!(pronounce(&kana.replace('、', ", ")).to_ipa(), phones, "{kana}");
        }
    }

    #[test]
    fn every_kana_is_said() {
        for c in ('ぁ'..='ゖ').chain('ァ'..='ヺ') {
            let said = pronounce(&format!("か{c}か")).to_ipa();
            assert!(said.chars().count() >= 4, "{c}: {said}");
        }
    }

    #[test]
    fn kanji_are_passed_over() {
        let said = pronounce("日本のはな");
        assert_eq!(said.to_ipa().trim(), "nohana");
        assert_eq!(said.words[0].text, 6..15);
    }
}
