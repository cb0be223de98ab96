//! What the lips do for one phone.

use crate::voice::MouthShape::{self, Aa, Ee, Ih, Oh, Ou};

/// What the lips do for one phone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Lips {
    /// Nothing is said.
    Rest,
    /// They touch: m, b, p.
    Closed,
    /// A consonant with a shape of its own, a small one.
    Consonant(MouthShape, f32),
    /// A consonant of tongue or throat: the lips are on their way to the next vowel.
    Free,
    /// A vowel.
    Vowel(MouthShape, f32),
    /// A vowel that becomes another.
    Glide((MouthShape, f32), (MouthShape, f32)),
    /// A mark that lasts as a part of what follows.
    WithNext,
    /// A mark that lasts as a part of what was before.
    WithPrevious,
}

impl Lips {
    /// What they do for a phone of the voice model.
    pub(super) fn of_phone(phone: char) -> Self {
        match phone {
            'a' | 'ɑ' | 'ɐ' | 'æ' => Self::Vowel(Aa, 1.0),
            'ʌ' => Self::Vowel(Aa, 0.8),
            'i' | 'ɪ' | 'ᵻ' | 'ɨ' => Self::Vowel(Ih, 0.8),
            'y' => Self::Vowel(Ou, 0.7),
            'u' | 'ʊ' | 'ɯ' | 'ɤ' => Self::Vowel(Ou, 0.8),
            'e' | 'ɛ' | 'ø' | 'œ' => Self::Vowel(Ee, 0.9),
            'ə' | 'ɜ' | 'ɚ' | 'ᵊ' => Self::Vowel(Ee, 0.6),
            'o' | 'ɔ' | 'ɒ' => Self::Vowel(Oh, 0.9),
            'A' => Self::Glide((Ee, 0.9), (Ih, 0.7)),
            'I' => Self::Glide((Aa, 1.0), (Ih, 0.7)),
            'W' => Self::Glide((Aa, 1.0), (Ou, 0.7)),
            'Y' => Self::Glide((Oh, 0.9), (Ih, 0.7)),
            'O' => Self::Glide((Oh, 0.9), (Ou, 0.7)),
            'Q' => Self::Glide((Ee, 0.7), (Ou, 0.7)),
            'm' | 'b' | 'p' => Self::Closed,
            // The lower lip at the teeth: nearly closed.
            'f' | 'v' | 'ɸ' | 'β' | 'ʋ' => Self::Consonant(Ih, 0.1),
            'w' | 'ɥ' => Self::Consonant(Ou, 0.6),
            'ʃ' | 'ʒ' | 'ʧ' | 'ʤ' | 'ʂ' => Self::Consonant(Ou, 0.3),
            'ɹ' | 'ɻ' => Self::Consonant(Ou, 0.5),
            'j' | 'ʝ' | 'ʎ' | 'ɲ' | 'ç' => Self::Consonant(Ih, 0.5),
            's' | 'z' | 'ɕ' | 'ʨ' | 'ʥ' | 'ʦ' | 'ʣ' | 'ꭧ' => Self::Consonant(Ih, 0.25),
            't' | 'd' | 'θ' | 'ð' | 'T' | 'ɖ' | 'ʈ' => Self::Consonant(Ee, 0.25),
            // As loud as a vowel, nearly: the mouth stays open.
            'n' | 'l' | 'ɾ' | 'r' | 'ɳ' | 'ɽ' => Self::Consonant(Ee, 0.45),
            'k' | 'ɡ' | 'ŋ' | 'h' | 'x' | 'ɣ' | 'χ' | 'ʁ' | 'ɰ' | 'q' | 'ɟ' | 'ɴ' | 'ʔ' => {
                Self::Free
            }
            'ˈ' | 'ˌ' => Self::WithNext,
            'ː' | 'ʰ' | 'ʲ' | 'ᵝ' | '\u{303}' => Self::WithPrevious,
            _ => Self::Rest,
        }
    }

    /// Whether it is a consonant.
    pub(super) fn is_consonant(self) -> bool {
        matches!(self, Self::Closed | Self::Consonant(..) | Self::Free)
    }

    /// The shape that a vowel begins with.
    pub(super) fn first_shape(self) -> Option<MouthShape> {
        match self {
            Self::Vowel(shape, _) | Self::Glide((shape, _), _) => Some(shape),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_have_their_lips() {
        assert_eq!(Lips::of_phone('ɑ').first_shape(), Some(Aa));
        assert_eq!(Lips::of_phone('I'), Lips::Glide((Aa, 1.0), (Ih, 0.7)));
        assert!(['m', 'b', 'p'].map(Lips::of_phone).iter().all(|lips| *lips == Lips::Closed));
        assert!([' ', ',', '.', '❓'].map(Lips::of_phone).iter().all(|lips| *lips == Lips::Rest));
        assert!("kstmw".chars().all(|phone| Lips::of_phone(phone).is_consonant()));
    }
}
