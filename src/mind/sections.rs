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
    /// assert!(prompt.sections().contains(&("notes", 9)));
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
        mind::History,
        persona::{Language, PersonaSheet},
    };

    #[test]
    fn the_message_is_counted_apart_from_the_history() {
        let otto = PersonaSheet::new("otto".parse().unwrap(), "Otto", "a guard");
        let mut history = History::default();
        history.push_exchange("Good evening", Vec::new());
        let prompt = Prompt::compose(&otto, Language::English, &history, "Good morning");
        let sections = prompt.sections();
        let of = |name| sections.iter().find(|(known, _)| *known == name).unwrap().1;
        assert_eq!(of("message"), 5);
        assert!(of("history") >= 5 && of("persona") > 5);
        assert_eq!(Prompt::default().sections().map(|(_, tokens)| tokens), [0; 6]);
    }
}
