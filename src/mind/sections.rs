//! How much of a prompt each of its parts takes.

use super::{ChatTurn, Prompt, estimate_tokens};

impl Prompt {
    /// The parts of the prompt in the order in which they are read, with about how many tokens each
    /// takes, without those of the template around them.
    ///
    /// # Example
    /// ```
    /// use bevy_persona::mind::Prompt;
    ///
    /// let prompt = Prompt { notes: "Facts: The lamp is lit.".into(), ..Prompt::default() };
    /// let (part, tokens) = prompt.sections()[3];
    /// assert!(part == "notes" && tokens > 4);
    /// ```
    #[must_use]
    pub fn sections(&self) -> [(&'static str, usize); 6] {
        let of = |turns: &[ChatTurn]| {
            turns.iter().map(|turn| estimate_tokens(&turn.to_prompt())).sum::<usize>()
        };
        let (message, history) = self
            .turns
            .split_last()
            .map_or((&[][..], &[][..]), |(_, rest)| (&self.turns[rest.len()..], rest));
        [
            ("persona", estimate_tokens(&self.head.system)),
            ("her examples", of(&self.head.examples)),
            ("dialogues like this", of(&self.exemplars)),
            ("notes", estimate_tokens(&self.notes)),
            ("history", of(history)),
            ("message", of(message)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        mind::{Beat, Emotion, History},
        persona::{Language, PersonaSheet},
    };

    #[test]
    fn the_message_is_counted_apart_from_the_history() {
        let otto = PersonaSheet::new("otto".parse().unwrap(), "Otto", "a guard");
        let mut history = History::default();
        let beat = Beat { emotion: Emotion::Neutral, intensity: 0.5, text: " Evening.".into() };
        history.push_exchange("Good evening", vec![beat]);
        let prompt = Prompt::compose(&otto, Language::English, &history, "Good morning");
        let sections = prompt.sections();
        let of = |name| sections.iter().find(|(known, _)| *known == name).unwrap().1;
        assert_eq!(of("message"), estimate_tokens("Good morning"));
        assert!(of("history") > of("message") && of("persona") > 5);
        assert_eq!(Prompt::default().sections().map(|(_, tokens)| tokens), [0; 6]);
    }
}
