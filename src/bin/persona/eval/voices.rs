//! Tells by the words who said a reply.

use bevy_persona::mind::{exemplars::Exemplar, retrieval::Classifier};

/// Knows the voices of all characters by what was written for them.
pub struct Voices {
    members: Vec<String>,
    classifier: Classifier,
}

impl Voices {
    /// Learns the voices of dialogues.
    pub fn new<'a>(dialogues: impl IntoIterator<Item = &'a Exemplar>) -> Self {
        let mut members: Vec<String> = Vec::new();
        let mut said = Vec::new();
        for dialogue in dialogues {
            let member = dialogue.member.as_str();
            let place = members.iter().position(|known| known == member);
            let place = place.unwrap_or_else(|| {
                members.push(member.into());
                members.len() - 1
            });
            said.extend(dialogue.turns.iter().map(|turn| (spelt_out(&turn.idol), place)));
        }
        Self { classifier: Classifier::new(said), members }
    }

    /// Whether a reply sounds most like this character.
    pub fn is_of(&self, reply: &str, member: &str) -> bool {
        let votes = self.classifier.classify(&spelt_out(reply));
        votes.first().is_some_and(|(place, _)| self.members[*place] == member)
    }
}

/// Without the tags, which are no words of hers, and with words in the place of the marks by which
/// voices differ.
fn spelt_out(reply: &str) -> String {
    let parts = reply.split('[').map(|part| part.split_once(']').map_or(part, |(_, rest)| rest));
    let marks = [('!', " exclaims "), ('…', " trails "), ('?', " asks "), ('.', " stops ")];
    let said = parts.collect::<String>().replace("...", "…");
    marks.iter().fold(said, |said, (mark, word)| said.replace(*mark, word))
}

#[cfg(test)]
mod tests {
    use bevy_persona::{
        mind::{Palette, exemplars::Exemplars},
        persona::Language,
    };

    use super::*;

    /// What was written for the sample cast.
    fn written() -> Vec<Exemplar> {
        let mut all = Vec::new();
        for member in ["siwoo", "jena", "taira", "marty"] {
            for kind in ["dialogues", "training"] {
                let file = format!("personas/{member}.{kind}.jsonl");
                let text = std::fs::read_to_string(&file).unwrap();
                let lines = (1..).zip(text.lines());
                let read = lines.map(|(number, line)| {
                    Exemplars::from_line(&file, number, line, &Palette::default()).unwrap()
                });
                all.extend(read.filter(|dialogue| dialogue.language == Language::English));
            }
        }
        all
    }

    #[test]
    fn the_voices_of_the_sample_cast_can_be_told_apart() {
        let written = written();
        let part = |held_out: bool| {
            let places = written.iter().enumerate();
            places.filter(move |(at, _)| (at % 10 == 0) == held_out).map(|(_, dialogue)| dialogue)
        };
        let voices = Voices::new(part(false));
        let said: Vec<(&str, &str)> = part(true)
            .flat_map(|one| one.turns.iter().map(|turn| (&*turn.idol, one.member.as_str())))
            .collect();
        let right = said.iter().filter(|(reply, member)| voices.is_of(reply, member)).count();
        // Three of four: much of what is written is too short to tell.
        assert!(right * 4 >= said.len() * 3, "{right} of {}", said.len());
    }

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
