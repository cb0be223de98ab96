//! A row of what the lips do, and the rules by which neighbours change each other.

use super::lips::Lips;
use crate::voice::MouthShape;

/// What the lips do, and how long.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Part {
    /// What.
    pub(super) lips: Lips,
    /// How long, in samples (or whatever is counted).
    pub(super) length: usize,
}

/// A shape for a while.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Held {
    /// The shape.
    pub(super) shape: MouthShape,
    /// How far it is reached. 0..1.
    pub(super) weight: f32,
    /// How long.
    pub(super) length: usize,
}

/// How far the lips are on their way to the next vowel, in a consonant that leaves them free.
const ON_THE_WAY: f32 = 0.3;

/// Gives the frames of marks to the phones that they belong to.
pub(super) fn without_marks(parts: impl IntoIterator<Item = Part>) -> Vec<Part> {
    let mut merged: Vec<Part> = Vec::new();
    let mut before = 0;
    for mut part in parts {
        match part.lips {
            Lips::WithNext => before += part.length,
            Lips::WithPrevious if !merged.is_empty() => {
                merged.last_mut().iter_mut().for_each(|last| last.length += part.length);
            }
            _ => {
                part.length += before;
                before = 0;
                merged.push(part);
            }
        }
    }
    if before > 0 {
        merged.push(Part { lips: Lips::Rest, length: before });
    }
    merged.retain(|part| part.length > 0);
    merged
}

/// Makes one of consonants that follow each other and are shorter than `short`: lips cannot follow
/// each. A closed mouth is the one that is seen.
pub(super) fn with_clusters(parts: Vec<Part>, short: usize) -> Vec<Part> {
    let mut merged: Vec<Part> = Vec::new();
    for part in parts {
        let is_short = |part: &Part| part.lips.is_consonant() && part.length < short;
        match merged.last_mut() {
            Some(last) if is_short(last) && is_short(&part) => {
                if last.lips != Lips::Closed
                    && (part.lips == Lips::Closed || part.length > last.length)
                {
                    last.lips = part.lips;
                }
                last.length += part.length;
            }
            _ => merged.push(part),
        }
    }
    merged
}

/// Keeps the lips shut for at least `least`, at the cost of what is before and after.
pub(super) fn with_firm_lips(mut parts: Vec<Part>, least: usize) -> Vec<Part> {
    for i in 0..parts.len() {
        if parts[i].lips != Lips::Closed {
            continue;
        }
        for neighbour in [i.wrapping_sub(1), i + 1] {
            let missing = least.saturating_sub(parts[i].length);
            if let Some(other) = parts.get_mut(neighbour).filter(|other| other.lips != Lips::Closed)
            {
                let given = missing.min(other.length / 2);
                other.length -= given;
                parts[i].length += given;
            }
        }
    }
    parts
}

/// The shapes, with what is free on its way to the next vowel.
pub(super) fn shapes(parts: &[Part]) -> Vec<Held> {
    let mut held = Vec::with_capacity(parts.len() + 8);
    for (i, part) in parts.iter().enumerate() {
        let mut hold = |shape, weight, length| held.push(Held { shape, weight, length });
        match part.lips {
            Lips::Rest | Lips::WithNext | Lips::WithPrevious => {
                hold(MouthShape::Rest, 0.0, part.length);
            }
            Lips::Closed => hold(MouthShape::Closed, 1.0, part.length),
            Lips::Consonant(shape, weight) | Lips::Vowel(shape, weight) => {
                hold(shape, weight, part.length);
            }
            Lips::Free => hold(free_shape(parts, i), ON_THE_WAY, part.length),
            Lips::Glide(from, to) => {
                let first = part.length * 3 / 5;
                hold(from.0, from.1, first);
                hold(to.0, to.1, part.length - first);
            }
        }
    }
    held
}

/// The shape of the next vowel in the same word; that of the last if there is none.
fn free_shape(parts: &[Part], at: usize) -> MouthShape {
    let vowel = |part: &Part| part.lips.first_shape();
    let in_word = |part: &&Part| part.lips != Lips::Rest;
    let next = parts[at..].iter().take_while(in_word).find_map(vowel);
    let last = || parts[..at].iter().rev().take_while(in_word).find_map(vowel);
    next.or_else(last).unwrap_or(MouthShape::Ee)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(phones: &str, length: usize) -> Vec<Part> {
        phones.chars().map(|phone| Part { lips: Lips::of_phone(phone), length }).collect()
    }

    fn total(parts: &[Part]) -> usize {
        parts.iter().map(|part| part.length).sum()
    }

    #[test]
    fn stress_goes_with_the_next_length_with_the_last() {
        let merged = without_marks(parts("ˈiːtˌ", 10));
        let lengths: Vec<usize> = merged.iter().map(|part| part.length).collect();
        assert_eq!(lengths, [30, 10, 10]);
        assert_eq!(merged[2].lips, Lips::Rest);
    }

    #[test]
    fn short_consonants_become_one() {
        let merged = with_clusters(parts("astɹa", 10), 30);
        assert_eq!(merged.iter().map(|part| part.length).collect::<Vec<_>>(), [10, 30, 10]);
        // Two that are long enough stay two.
        assert_eq!(with_clusters(parts("asta", 10), 10).len(), 4);
        let merged = with_clusters(parts("alpsa", 10), 30);
        assert_eq!(merged[1], Part { lips: Lips::Closed, length: 30 });
    }

    #[test]
    fn lips_stay_shut_long_enough() {
        let firm = with_firm_lips(parts("ama", 10), 14);
        assert_eq!(firm.iter().map(|part| part.length).collect::<Vec<_>>(), [6, 14, 10]);
        let firm = with_firm_lips(parts("mam", 10), 50);
        assert_eq!(total(&firm), 30);
    }

    #[test]
    fn a_free_consonant_is_shaped_by_its_vowel() {
        let shapes: Vec<MouthShape> =
            shapes(&parts("hu kɑk h", 5)).iter().map(|held| held.shape).collect();
        use MouthShape::{Aa, Ee, Ou, Rest};
        assert_eq!(shapes, [Ou, Ou, Rest, Aa, Aa, Aa, Rest, Ee]);
    }

    #[test]
    fn a_glide_has_two_shapes() {
        let held = shapes(&parts("I", 10));
        assert_eq!(held.iter().map(|held| held.length).collect::<Vec<_>>(), [6, 4]);
    }
}
