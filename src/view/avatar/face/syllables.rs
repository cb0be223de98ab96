//! From written words to mouth shapes: rough, but in time with the text, in any script.

use super::mouth::Vowel;

/// One mouth shape per syllable; none for the pause after a sentence or a comma.
pub(super) fn syllables(text: &str) -> Vec<Option<Vowel>> {
    let mut shapes = Vec::new();
    let mut in_vowels = false;
    for letter in text.chars() {
        let latin = latin_vowel(letter);
        match latin {
            Some(vowel) if !in_vowels => shapes.push(Some(vowel)),
            Some(_) => {}
            None if is_pause(letter) => shapes.push(None),
            None => {
                let other = hangul(letter).or_else(|| kana(letter)).or_else(|| han(letter));
                shapes.extend(other.map(Some));
            }
        }
        in_vowels = latin.is_some();
    }
    shapes
}

fn is_pause(letter: char) -> bool {
    matches!(letter, '.' | ',' | '!' | '?' | '…' | '。' | '、' | '！' | '？' | ';' | ':')
}

fn latin_vowel(letter: char) -> Option<Vowel> {
    Some(match letter.to_ascii_lowercase() {
        'a' | 'á' | 'à' | 'â' | 'ä' | 'ã' => Vowel::Aa,
        'e' | 'é' | 'è' | 'ê' | 'ë' => Vowel::Ee,
        'i' | 'y' | 'í' | 'î' | 'ï' => Vowel::Ih,
        'o' | 'ó' | 'ô' | 'ö' | 'õ' => Vowel::Oh,
        'u' | 'ú' | 'û' | 'ü' => Vowel::Ou,
        _ => return None,
    })
}

/// A Hangul syllable holds its vowel in its code point: 28 endings for each of 21 vowels.
fn hangul(letter: char) -> Option<Vowel> {
    let index = u32::from(letter).checked_sub(u32::from('가'))?;
    if letter > '힣' {
        return None;
    }
    Some(match index / 28 % 21 {
        // ㅏ ㅑ ㅘ
        0 | 2 | 9 => Vowel::Aa,
        // ㅐ ㅒ ㅔ ㅖ ㅙ ㅚ ㅞ
        1 | 3 | 5 | 7 | 10 | 11 | 15 => Vowel::Ee,
        // ㅓ ㅕ ㅗ ㅛ ㅝ
        4 | 6 | 8 | 12 | 14 => Vowel::Oh,
        // ㅜ ㅠ ㅡ
        13 | 17 | 18 => Vowel::Ou,
        // ㅟ ㅢ ㅣ
        _ => Vowel::Ih,
    })
}

/// Hiragana by vowel; katakana lies 0x60 further on.
fn kana(letter: char) -> Option<Vowel> {
    const ROWS: [(&str, Vowel); 5] = [
        ("あかがさざただなはばぱまやらわゃ", Vowel::Aa),
        ("いきぎしじちぢにひびぴみり", Vowel::Ih),
        ("うくぐすずつづぬふぶぷむゆるゅ", Vowel::Ou),
        ("えけげせぜてでねへべぺめれ", Vowel::Ee),
        ("おこごそぞとどのほぼぽもよろをょ", Vowel::Oh),
    ];
    let hiragana = match letter {
        'ァ'..='ヶ' => char::from_u32(u32::from(letter) - 0x60)?,
        other => other,
    };
    ROWS.iter().find(|(row, _)| row.contains(hiragana)).map(|(_, vowel)| *vowel)
}

/// A Han character is a syllable, but does not show which: any shape, always the same.
fn han(letter: char) -> Option<Vowel> {
    let index = u32::from(letter).checked_sub(u32::from('一'))?;
    if letter > '鿿' {
        return None;
    }
    Some(match index % 3 {
        0 => Vowel::Aa,
        1 => Vowel::Ih,
        _ => Vowel::Oh,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vowels_in_a_row_are_one_syllable() {
        assert_eq!(syllables("See you"), [Some(Vowel::Ee), Some(Vowel::Ih)]);
    }

    #[test]
    fn a_stop_is_a_pause() {
        assert_eq!(syllables("No."), [Some(Vowel::Oh), None]);
    }

    #[test]
    fn hangul_speaks_by_its_vowels() {
        assert_eq!(syllables("안녕"), [Some(Vowel::Aa), Some(Vowel::Oh)]);
        assert_eq!(syllables("시우"), [Some(Vowel::Ih), Some(Vowel::Ou)]);
    }

    #[test]
    fn kana_of_both_kinds_speak() {
        assert_eq!(syllables("ねこ"), syllables("ネコ"));
        assert_eq!(syllables("ねこ"), [Some(Vowel::Ee), Some(Vowel::Oh)]);
    }

    #[test]
    fn a_han_character_is_one_syllable() {
        assert_eq!(syllables("月亮。").len(), 3);
    }

    #[test]
    fn symbols_are_silent() {
        assert!(syllables("♪ 💜 123 #").is_empty());
    }
}
