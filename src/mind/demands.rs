//! What a scene demands of words that a model finds for it.

use super::text::{contains_form, fold};

/// What improvised words must do and must not say.
///
/// `must` is one of `a question`, `an invitation`, `a thanks`, or words of which one must be said, with
/// bars between them. `avoid` are words that must not be said, whatever their case.
///
/// # Example
/// ```
/// use bevy_persona::mind::Demands;
///
/// let demands = Demands { must: Some("a question".into()), avoid: vec!["Ria".into()] };
/// assert!(demands.are_met_by("Was the bus full?"));
/// assert!(!demands.are_met_by("I like buses."));
/// assert!(!demands.are_met_by("Do you know RIA?"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Demands {
    /// What they must do.
    pub must: Option<String>,
    /// What they must not say.
    pub avoid: Vec<String>,
}

/// What tells an invitation from other words.
const INVITING: &[&str] = &[
    "let's",
    "let us",
    "come",
    "join",
    "shall we",
    "with me",
    "with us",
    "will you",
    "would you",
    "your turn",
    "clap",
    "try",
    "같이",
    "함께",
    "볼래",
    "할래",
    "해요",
    "해 줘",
    "해줘",
    "주세요",
    "오세요",
    "와요",
];

const THANKING: &[&str] = &["thank", "thanks", "grateful", "고마", "감사"];

impl Demands {
    /// Whether words do what they must, and say nothing that they must not.
    #[must_use]
    pub fn are_met_by(&self, text: &str) -> bool {
        let folded = fold(text);
        let says = |form: &str| contains_form(&folded, &fold(form));
        !self.avoid.iter().any(|form| says(form)) && self.does_what_it_must(&folded)
    }

    fn does_what_it_must(&self, folded: &str) -> bool {
        let Some(must) = &self.must else { return true };
        let has = |forms: &[&str]| forms.iter().any(|form| folded.contains(form));
        match fold(must).as_str() {
            "" => true,
            "a question" => folded.contains(['?', '？']),
            "an invitation" => folded.contains(['?', '？']) || has(INVITING),
            "a thanks" | "thanks" => has(THANKING),
            words => words.split('|').any(|form| contains_form(folded, form.trim())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn must(what: &str, text: &str) -> bool {
        Demands { must: Some(what.into()), avoid: Vec::new() }.are_met_by(text)
    }

    #[test]
    fn what_must_be_done_is_seen_in_both_languages() {
        assert!(must("a question", "어디에 계셨어요?") && !must("a question", "좋아요."));
        assert!(must("an invitation", "Come on, four claps!"));
        assert!(must("an invitation", "우리 같이 불러요") && !must("an invitation", "It rains."));
        assert!(must("a thanks", "고마워요.") && !must("a thanks", "Good night."));
    }

    #[test]
    fn one_of_the_words_is_enough() {
        assert!(must("lantern|lamp", "A Lamp for you."));
        assert!(!must("lantern|lamp", "A light for you."));
    }

    #[test]
    fn what_is_to_be_avoided_is_found_as_a_word() {
        let demands = Demands { must: None, avoid: vec!["Ria".into(), "리아".into()] };
        assert!(demands.are_met_by("The cafeteria is warm."));
        assert!(!demands.are_met_by("ria, I mean") && !demands.are_met_by("그건 리아예요"));
    }
}
