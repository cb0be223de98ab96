//! What a content file holds, which its name says.

use super::source::short;
use crate::persona::Language;

/// What a content file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Persona,
    Cues,
    Lines,
    Dialogues,
    Training,
    Lore,
    Questions,
    Conduct,
    Disclosure,
    Feelings,
    Messages,
    Memory,
    Scene,
    Strings(Language),
    Stage,
    Motions,
}

impl Kind {
    /// What a file of this name holds, if it is content.
    pub(super) fn of(file: &str) -> Option<Self> {
        let name = short(file);
        Some(match name {
            "questions.toml" => Self::Questions,
            "conduct.toml" => Self::Conduct,
            "disclosure.toml" => Self::Disclosure,
            "emotions.toml" => Self::Feelings,
            "fan_messages.toml" => Self::Messages,
            "memory.toml" => Self::Memory,
            "stage.toml" => Self::Stage,
            "motions.json" => Self::Motions,
            "README.md" | "NOTICE.md" => return None,
            _ => Self::by_ending(name)?,
        })
    }

    fn by_ending(name: &str) -> Option<Self> {
        let endings = [
            (".persona.ron", Self::Persona),
            (".cues.ron", Self::Cues),
            (".lines.toml", Self::Lines),
            (".dialogues.jsonl", Self::Dialogues),
            (".training.jsonl", Self::Training),
            (".yarn", Self::Scene),
            (".md", Self::Lore),
        ];
        if let Some((_, kind)) = endings.into_iter().find(|(ending, _)| name.ends_with(ending)) {
            return Some(kind);
        }
        let (_, language) = name.strip_suffix(".csv")?.rsplit_once('.')?;
        language.parse().ok().map(Self::Strings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_says_what_a_file_holds() {
        assert_eq!(Kind::of("a/b.ko.csv"), Some(Kind::Strings(Language::Korean)));
        assert_eq!(Kind::of("personas\\otto.lines.toml"), Some(Kind::Lines));
        assert_eq!(Kind::of("assets/scenes/stage.toml"), Some(Kind::Stage));
        for other in ["a.csv", "a.kr.csv", "README.md", "a.toml", "a.ron", ""] {
            assert_eq!(Kind::of(other), None, "{other}");
        }
    }
}
