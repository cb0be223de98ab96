//! Tells by the words who said a reply.

use bevy_persona::mind::{exemplars::Exemplar, retrieval::Classifier};

/// Knows the voices of all characters by what was written for them.
pub struct Voices {
    members: Vec<String>,
    classifier: Classifier,
}

impl Voices {
    /// Learns the voices of dialogues.
    pub fn new(dialogues: &[Exemplar]) -> Self {
        let mut members: Vec<String> = Vec::new();
        let mut said = Vec::new();
        for dialogue in dialogues {
            let member = dialogue.member.as_str();
            let place = members.iter().position(|known| known == member);
            let place = place.unwrap_or_else(|| {
                members.push(member.into());
                members.len() - 1
            });
            said.extend(dialogue.turns.iter().map(|turn| (untagged(&turn.idol), place)));
        }
        Self { classifier: Classifier::new(said), members }
    }

    /// Whether a reply sounds most like this character.
    pub fn is_of(&self, reply: &str, member: &str) -> bool {
        let votes = self.classifier.classify(&untagged(reply));
        votes.first().is_some_and(|(place, _)| self.members[*place] == member)
    }
}

/// Without the tags, which are no words of hers.
fn untagged(reply: &str) -> String {
    let parts = reply.split('[').map(|part| part.split_once(']').map_or(part, |(_, rest)| rest));
    parts.collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use bevy_persona::mind::{Palette, exemplars::Exemplars};

    use super::*;

    #[test]
    fn a_voice_is_known_by_its_words() {
        let line = |id: u8, member: &str, idol: &str| {
            format!(
                r#"{{"id": "{id}", "member": "{member}", "lang": "en", "topic": "t", "affinity": 1, "turns": [{{"role": "user", "content": "hi"}}, {{"role": "assistant", "content": "[joy] {idol}"}}]}}"#
            )
        };
        let text = [
            line(1, "anna", "Whoosh! Ta-da, here I am!"),
            line(2, "anna", "Boom! What a day, woo!"),
            line(3, "otto", "Noted. Two eggs."),
            line(4, "otto", "Hm. Acceptable, I suppose."),
        ];
        let read = Exemplars::from_jsonl("a", &text.join("\n"), &Palette::default()).unwrap();
        let voices = Voices::new(&read);
        assert!(voices.is_of("[joy] Woo! [playful] Ta-da!", "anna"));
        assert!(voices.is_of("[neutral] Noted. Acceptable.", "otto"));
        assert!(!voices.is_of("[neutral] Noted.", "anna"));
    }
}
