//! Who a character is, as plain data.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{Birthday, Colour, Language, Mbti, PersonaId, SpeechLevel};
use crate::{inference::Sampling, mind::Palette};

/// Who a character is: what a persona file says.
///
/// Only `id`, `name` and `role` must be given. The writer's guide in `docs/writing/persona.md`
/// explains every field.
///
/// # Example
/// ```
/// use bevy_persona::persona::PersonaSheet;
///
/// let text = r#"Persona(
///     id: "otto",
///     name: "Otto",
///     role: "the gate guard of a small town",
///     temperament: "gruff, fond of children",
///     speech: { en: (manner: "short, dry sentences") },
/// )"#;
/// let sheet = PersonaSheet::from_ron("otto.persona.ron", text).unwrap();
/// assert_eq!(sheet.name, "Otto");
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename = "Persona", deny_unknown_fields)]
pub struct PersonaSheet {
    /// Names the persona in relations, logs and saves.
    pub id: PersonaId,
    /// What fans call the character.
    pub name: String,
    /// The name in other scripts.
    #[serde(default)]
    pub names: BTreeMap<Language, String>,
    /// What the character is: it follows "You are …," in the prompt.
    pub role: String,
    /// What the character knows of the group; the first sentence is in the prompt.
    #[serde(default)]
    pub group: Vec<String>,
    /// What the character knows of the world; the first sentence is in the prompt.
    #[serde(default)]
    pub world: Vec<String>,
    /// The day on which fans congratulate.
    #[serde(default)]
    pub birthday: Option<Birthday>,
    /// The character's own colour.
    #[serde(default)]
    pub colour: Option<Colour>,
    /// The personality type.
    #[serde(default)]
    pub mbti: Option<Mbti>,
    /// The character's nature, in a few words.
    #[serde(default)]
    pub temperament: String,
    /// How the character speaks, per language.
    #[serde(default)]
    pub speech: BTreeMap<Language, SpeechStyle>,
    /// What the character likes.
    #[serde(default)]
    pub likes: Vec<String>,
    /// What the character dislikes.
    #[serde(default)]
    pub dislikes: Vec<String>,
    /// What the character does without thinking.
    #[serde(default)]
    pub habits: Vec<String>,
    /// What the character often says.
    #[serde(default)]
    pub phrases: Vec<String>,
    /// How the character stands to others, a sentence each.
    #[serde(default)]
    pub relations: BTreeMap<PersonaId, String>,
    /// Rules the character keeps, the most important first; the first three are in the prompt.
    #[serde(default)]
    pub conduct: Vec<String>,
    /// The emotions the character can show.
    #[serde(default)]
    pub emotions: Palette,
    /// Turns that show how the character replies.
    #[serde(default)]
    pub examples: Vec<Example>,
    /// How the model chooses its words.
    #[serde(default)]
    pub sampling: Sampling,
    /// The adapter that gives the model the character's own voice, by the name of its folder; the
    /// model speaks without where it has none of this name.
    #[serde(default)]
    pub adapter: Option<Arc<str>>,
    /// How the voice sounds.
    #[serde(default)]
    pub voice: VoiceRef,
    /// Which avatar shows the character.
    #[serde(default)]
    pub avatar: Option<AvatarRef>,
}

impl PersonaSheet {
    /// A character of whom no more is known.
    #[must_use]
    pub fn new(id: PersonaId, name: impl Into<String>, role: impl Into<String>) -> Self {
        Self {
            id,
            name: name.into(),
            names: BTreeMap::new(),
            role: role.into(),
            group: Vec::new(),
            world: Vec::new(),
            birthday: None,
            colour: None,
            mbti: None,
            temperament: String::new(),
            speech: BTreeMap::new(),
            likes: Vec::new(),
            dislikes: Vec::new(),
            habits: Vec::new(),
            phrases: Vec::new(),
            relations: BTreeMap::new(),
            conduct: Vec::new(),
            emotions: Palette::default(),
            examples: Vec::new(),
            sampling: Sampling::default(),
            adapter: None,
            voice: VoiceRef::default(),
            avatar: None,
        }
    }

    /// The name as written in this language.
    #[must_use]
    pub fn name_in(&self, language: Language) -> &str {
        self.names.get(&language).unwrap_or(&self.name)
    }

    /// How the character speaks this language, if the sheet says so.
    #[must_use]
    pub fn speech_in(&self, language: Language) -> Option<&SpeechStyle> {
        self.speech.get(&language)
    }
}

/// How a character speaks one language.
///
/// # Example
/// ```
/// use bevy_persona::persona::{SpeechLevel, SpeechStyle};
///
/// let manner = "calm and unhurried".into();
/// let style = SpeechStyle { manner, level: Some(SpeechLevel::Polite), phrases: Vec::new() };
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpeechStyle {
    /// The manner: length of sentences, warmth, habits of speech.
    pub manner: String,
    /// How politely, where the language marks it.
    #[serde(default)]
    pub level: Option<SpeechLevel>,
    /// What the character often says in this language; the sheet's `phrases`, if empty.
    #[serde(default)]
    pub phrases: Vec<String>,
}

/// One exchange that shows how the character replies.
///
/// # Example
/// ```
/// use bevy_persona::persona::{Example, Language};
///
/// let example = Example {
///     language: Language::English,
///     fan: "It rains again.".into(),
///     idol: "[joy] Rain again? [love] Open the window and listen with me.".into(),
/// };
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The language of both.
    #[serde(default)]
    pub language: Language,
    /// What the fan says.
    pub fan: String,
    /// What the character replies; begins with an emotion tag.
    pub idol: String,
}

/// How a character's voice sounds.
///
/// # Example
/// ```
/// use bevy_persona::persona::VoiceRef;
///
/// let deep = VoiceRef { pitch_hz: 160.0, ..VoiceRef::default() };
/// assert_eq!(deep.speed, 1.0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VoiceRef {
    /// The mean pitch in hertz. 80..500.
    pub pitch_hz: f32,
    /// How fast, 1 being usual. 0.5..2.
    pub speed: f32,
}

impl Default for VoiceRef {
    fn default() -> Self {
        Self { pitch_hz: 220.0, speed: 1.0 }
    }
}

/// Which avatar shows a character.
///
/// # Example
/// ```
/// use bevy_persona::persona::AvatarRef;
///
/// let avatar = AvatarRef { path: "avatars/siwoo.vrm".into(), height_m: 1.66 };
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AvatarRef {
    /// An asset path, such as `avatars/siwoo.vrm`.
    pub path: String,
    /// How tall the character stands, in metres. 0.1..10.
    #[serde(default = "AvatarRef::usual_height")]
    pub height_m: f32,
}

impl AvatarRef {
    const fn usual_height() -> f32 {
        1.65
    }
}
