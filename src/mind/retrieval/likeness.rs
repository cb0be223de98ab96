//! Whether two texts say the same, word by word.

use strsim::damerau_levenshtein;

use super::{Index, stems};

impl Index {
    /// How far two texts are about the same words, 0..1: the smaller of the parts of each that the
    /// other has, rare words counting more. Small typos and other endings do not count.
    ///
    /// # Example
    /// ```
    /// use bevy_persona::mind::retrieval::Index;
    ///
    /// let index = Index::new(["when is your birthday", "when is the show", "hi"]);
    /// assert_eq!(index.agreement("your birthday is when", "when is your brithday"), 1.0);
    /// assert!(index.agreement("birthday?", "when is jena's birthday") < 0.5);
    /// ```
    #[must_use]
    pub fn agreement(&self, one: &str, other: &str) -> f32 {
        let (one, other) = (stems(one), stems(other));
        self.part_of(&one, &other).min(self.part_of(&other, &one))
    }

    /// The part of `these` words that is among `those`.
    fn part_of(&self, these: &[String], those: &[String]) -> f32 {
        let (mut found, mut all) = (0.0, 0.0);
        for word in these {
            let weight = self.spread(word).0;
            all += weight;
            if those.iter().any(|that| is_same(word, that)) {
                found += weight;
            }
        }
        if all > 0.0 { found / all } else { f32::from(u8::from(those.is_empty())) }
    }

    /// How rare a word without its endings is, and how many texts have it.
    pub(crate) fn spread(&self, stem: &str) -> (f32, usize) {
        self.words.spread(super::terms::term_id(stem))
    }
}

/// The same word, but for a typo or two that leave its beginning as it is.
fn is_same(one: &str, other: &str) -> bool {
    let length = one.chars().count();
    one == other
        || (length >= 5
            && one.chars().next() == other.chars().next()
            && !one.contains(char::is_numeric)
            && other.chars().count().abs_diff(length) <= 1
            && damerau_levenshtein(one, other) <= length.div_ceil(7))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_name_or_number_is_another_question() {
        let index = Index::new(["jenas birthday", "when is the show", "i am 14", "i am when is"]);
        assert!(index.agreement("when is marty's birthday", "when is jena's birthday") < 0.8);
        assert!(index.agreement("i am 1500", "i am 1501") < 0.8);
        assert!(index.agreement("", "!").to_bits() == 1.0f32.to_bits());
    }
}
