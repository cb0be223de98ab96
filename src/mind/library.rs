//! All that was written for the characters, read and indexed.

use std::collections::BTreeMap;

use super::{
    Beat, Lines, Palette,
    conduct::Conduct,
    disclosure::Disclosure,
    exemplars::{Exemplar, Exemplars},
    feeling::{Feelings, Lesson},
    lore::Lore,
    memory::Extractor,
    prompt::authored_beats,
};
use crate::persona::{AssetFileError, PersonaId};

/// All that was written for the characters: lore, dialogues, lines, conduct, feelings. It never
/// changes once it is read; without any files it is empty, and the model answers everything.
///
/// # Example
/// ```
/// use bevy_persona::mind::Library;
///
/// let lines = ("otto.lines.toml", "[greeting]\nen = [\"[joy] Hello!\"]");
/// let library = Library::from_files([lines])?;
/// assert!(library.lines(&"otto".parse()?).is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
pub struct Library {
    /// What is so in their world.
    pub lore: Lore,
    /// How they talk.
    pub exemplars: Exemplars,
    /// What gives a secret away.
    pub disclosure: Disclosure,
    /// What needs care.
    pub conduct: Option<Conduct>,
    /// What fans feel, and what suits it.
    pub feelings: Option<Feelings>,
    /// What fans tell of themselves.
    pub memory: Extractor,
    lines: BTreeMap<PersonaId, Lines>,
}

/// What a file of a library holds, which its name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Lore,
    Dialogues,
    Lines,
    Conduct,
    Disclosure,
    Feelings,
    Messages,
    Memory,
}

impl Kind {
    fn of(file: &str) -> Option<Self> {
        let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
        match name {
            "conduct.toml" => Some(Self::Conduct),
            "disclosure.toml" => Some(Self::Disclosure),
            "emotions.toml" => Some(Self::Feelings),
            "fan_messages.toml" => Some(Self::Messages),
            "memory.toml" => Some(Self::Memory),
            "questions.toml" => Some(Self::Lore),
            "README.md" => None,
            _ if name.ends_with(".md") => Some(Self::Lore),
            _ if name.ends_with(".dialogues.jsonl") => Some(Self::Dialogues),
            _ if name.ends_with(".lines.toml") => Some(Self::Lines),
            _ => None,
        }
    }
}

impl Library {
    /// Whether a file of this name belongs into a library.
    #[must_use]
    pub fn takes(file: &str) -> bool {
        Kind::of(file).is_some()
    }

    /// Reads files, each with its name and its text, and indexes them. Files of other names are left
    /// out. Takes a good part of a second for thousands of dialogues.
    ///
    /// # Errors
    /// The first fault that a file has.
    pub fn from_files<N: AsRef<str>, T: AsRef<str>>(
        files: impl IntoIterator<Item = (N, T)>,
    ) -> Result<Self, AssetFileError> {
        let mut library = Self::default();
        let (mut lore, mut dialogues, mut messages) = (Vec::new(), Vec::new(), Vec::new());
        for (file, text) in files {
            let (name, body) = (file.as_ref(), text.as_ref());
            match Kind::of(name) {
                Some(Kind::Dialogues) => {
                    dialogues.extend(Exemplars::from_jsonl(name, body, &Palette::default())?);
                }
                Some(Kind::Lines) => {
                    if let Some(member) = member_of(name) {
                        library.lines.insert(member, Lines::from_toml(name, body)?);
                    }
                }
                Some(Kind::Conduct) => library.conduct = Some(Conduct::from_toml(name, body)?),
                Some(Kind::Disclosure) => library.disclosure = Disclosure::from_toml(name, body)?,
                Some(Kind::Feelings) => {
                    library.feelings = Some(Feelings::from_toml(name, body)?);
                }
                Some(Kind::Messages) => messages.push((file, text)),
                Some(Kind::Memory) => library.memory = Extractor::from_toml(name, body)?,
                Some(Kind::Lore) => lore.push((file, text)),
                None => {}
            }
        }
        library.lore = Lore::from_files(lore)?;
        if let Some(mut feelings) = library.feelings.take() {
            for (file, text) in &messages {
                feelings = feelings.with_messages(file.as_ref(), text.as_ref())?;
            }
            library.feelings = Some(feelings);
        }
        library = library.with_dialogues(dialogues);
        library.feelings = library.feelings.map(Feelings::learned);
        Ok(library)
    }

    /// Learns from dialogues what fans ask, feel and mean.
    fn with_dialogues(mut self, dialogues: Vec<Exemplar>) -> Self {
        if dialogues.is_empty() {
            return self;
        }
        let openings =
            || dialogues.iter().filter_map(|dialogue| Some((dialogue, dialogue.turns.first()?)));
        let asks = openings()
            .map(|(dialogue, turn)| (&*turn.fan, &dialogue.facts[..], dialogue.topic.as_str()));
        self.lore = self.lore.with_examples(asks);
        let is_ordinary = |dialogue: &Exemplar| !NOT_ORDINARY.contains(&dialogue.topic.as_str());
        let ordinary = dialogues.iter().filter(|dialogue| is_ordinary(dialogue));
        let said = ordinary.flat_map(|dialogue| dialogue.turns.iter().map(|turn| turn.fan.clone()));
        self.conduct = self.conduct.map(|conduct| conduct.with_ordinary(said));
        let replies: Vec<(&str, &str, Vec<Beat>)> = dialogues
            .iter()
            .flat_map(|dialogue| {
                let beats = |idol: &str| authored_beats(&Palette::default(), idol);
                let turns = dialogue.turns.iter();
                turns.map(move |turn| (&*turn.fan, dialogue.topic.as_str(), beats(&turn.idol)))
            })
            .collect();
        self.feelings = self.feelings.map(|feelings| {
            let lessons = replies.iter();
            let lessons = lessons.map(|(fan, topic, reply)| Lesson { fan, topic, reply });
            feelings.with_dialogues(lessons)
        });
        self.exemplars = Exemplars::new(dialogues);
        self
    }

    /// What a member says word for word at set moments.
    #[must_use]
    pub fn lines(&self, member: &PersonaId) -> Option<&Lines> {
        self.lines.get(member)
    }
}

/// Topics of dialogues in which fans say what conduct is about.
const NOT_ORDINARY: [&str; 5] = ["safety", "injection", "secret", "troll", "crush"];

/// The member whose file this is: `siwoo.lines.toml` is Siwoo's.
fn member_of(file: &str) -> Option<PersonaId> {
    let name = file.rsplit(['/', '\\']).next()?;
    name.split('.').next()?.parse().ok()
}
