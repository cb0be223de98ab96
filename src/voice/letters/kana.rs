//! Hiragana and katakana.

use super::{Consonant, Syllable, Vowel};
use Consonant::{B, Ch, D, F, G, H, J, K, L, M, N, P, S, Sh, T, W, Y};

/// What a kana does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kana {
    /// It is a syllable.
    Syllable(Syllable),
    /// It gives the syllable before another vowel, as in きょ.
    Small(Vowel),
    /// It ends the syllable before, as in ん, っ.
    Coda(Consonant),
    /// It makes the syllable before longer: ー.
    Longer,
}

/// Vowels come in this order.
const VOWELS: [Vowel; 5] = [Vowel::A, Vowel::I, Vowel::U, Vowel::E, Vowel::O];

/// What a letter does, if it is a kana.
pub(super) fn kana(letter: char) -> Option<Kana> {
    let letter = match letter {
        'ー' => return Some(Kana::Longer),
        'ァ'..='ヶ' => char::from_u32(u32::from(letter) - 0x60)?,
        other => other,
    };
    let small = |vowel| Some(Kana::Small(vowel));
    match letter {
        'ん' => return Some(Kana::Coda(N)),
        'っ' => return Some(Kana::Coda(T)),
        'ぁ' | 'ゃ' | 'ゎ' | 'ゕ' => return small(Vowel::A),
        'ぃ' => return small(Vowel::I),
        'ぅ' | 'ゅ' => return small(Vowel::U),
        'ぇ' | 'ゖ' => return small(Vowel::E),
        'ぉ' | 'ょ' => return small(Vowel::O),
        'し' => return spoken(Some(Sh), Vowel::I),
        'ち' => return spoken(Some(Ch), Vowel::I),
        'じ' | 'ぢ' => return spoken(Some(J), Vowel::I),
        'ふ' => return spoken(Some(F), Vowel::U),
        'や' => return spoken(Some(Y), Vowel::A),
        'ゆ' => return spoken(Some(Y), Vowel::U),
        'よ' => return spoken(Some(Y), Vowel::O),
        'わ' => return spoken(Some(W), Vowel::A),
        'を' => return spoken(None, Vowel::O),
        'ゔ' => return spoken(Some(B), Vowel::U),
        _ => {}
    }
    let rows = [
        ("あいうえお", None),
        ("かきくけこ", Some(K)),
        ("がぎぐげご", Some(G)),
        ("さしすせそ", Some(S)),
        ("ざじずぜぞ", Some(J)),
        ("たちつてと", Some(T)),
        ("だぢづでど", Some(D)),
        ("なにぬねの", Some(N)),
        ("はひふへほ", Some(H)),
        ("ばびぶべぼ", Some(B)),
        ("ぱぴぷぺぽ", Some(P)),
        ("まみむめも", Some(M)),
        ("らりるれろ", Some(L)),
    ];
    rows.into_iter().find_map(|(row, onset)| {
        let column = row.chars().position(|kana| kana == letter)?;
        spoken(onset, VOWELS[column])
    })
}

fn spoken(onset: Option<Consonant>, vowel: Vowel) -> Option<Kana> {
    Some(Kana::Syllable(Syllable::new(onset, vowel)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_scripts_sound_the_same() {
        assert_eq!(kana('さ'), spoken(Some(S), Vowel::A));
        assert_eq!(kana('サ'), kana('さ'));
        assert_eq!(kana('ョ'), Some(Kana::Small(Vowel::O)));
        assert_eq!(kana('字'), None);
    }

    #[test]
    fn every_kana_in_use_is_known() {
        let old = ['ゐ', 'ゑ'];
        assert!(
            ('ぁ'..='ゖ').filter(|kana| !old.contains(kana)).all(|letter| kana(letter).is_some())
        );
    }
}
