//! What a fan feels, and what a character may answer it with.
//!
//! Three sources are put together: a lexicon of words and phrases, a small linear model that
//! learns at load from examples and from the characters' dialogues, and what was felt a moment
//! ago. All words live in `emotions.toml`.

mod appraisal;
mod features;
mod file;
mod kind;
mod learner;
mod lessons;
mod lexicon;
mod spelling;

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Beat, Emotion, content::read_toml};
use crate::persona::{AssetFileError, Language, PersonaId};
use appraisal::Tables;
use features::features;
use file::{File, Messages};
use kind::{Kind, PerKind, normalised};
use learner::Learner;
use lessons::Lessons;
use lexicon::Lexicon;
use spelling::Spelling;

pub use appraisal::{Appraisal, Carry};

/// How much a word of the lexicon outweighs what the learner makes of the text.
const LEXICON_PART: f32 = 8.0;
/// How likely grief must be to count, where no form of the grief list is found.
const GRIEF_FROM: f32 = 0.4;

/// Knows feelings: built once from `emotions.toml` and the characters' dialogues.
///
/// # Example
/// ```
/// use bevy_persona::mind::{Carry, Emotion, Feelings};
/// use bevy_persona::persona::Language;
///
/// let text = r#"
/// version = 1
/// floor = 0.25
/// [negation]
/// window = 3
/// en = ["not"]
/// [intensify]
/// [lexicon.joy.en]
/// w09 = ["great news"]
/// [lexicon.sad.en]
/// w08 = ["sad", "crying"]
/// [appraisal.default]
/// neutral = { neutral = 1.0 }
/// joy = { joy = 0.8, surprised = 0.2 }
/// sad = { sad = 0.7, love = 0.3 }
/// [override.grief]
/// hold_turns = 2
/// never = ["joy", "playful"]
/// en = ["passed away"]
/// [override.crisis]
/// hold_turns = 4
/// never = ["joy", "playful"]
/// from_conduct = ["self_harm"]
/// "#;
/// let feelings = Feelings::from_toml("emotions.toml", text)?;
/// let fan = feelings.of_fan("I'm so sad, I keep crying", Language::English);
/// assert_eq!(fan.strongest, Some(Emotion::Sad));
///
/// let siwoo = "siwoo".parse()?;
/// let carry = Carry::default();
/// let answer = feelings.appraise(&siwoo, "my cat passed away", Language::English, &carry);
/// assert!(answer.feeling.grief && answer.never.contains(&Emotion::Joy));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Feelings {
    lexicon: Lexicon,
    spelling: Spelling,
    tables: Tables,
    floor: f32,
    lessons: Lessons,
    fan: Learner,
    words: Learner,
}

impl fmt::Debug for Feelings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Feelings").field("tables", &self.tables).finish_non_exhaustive()
    }
}

/// A turn of a dialogue that somebody wrote: what the fan says and how the character answers.
#[derive(Debug, Clone, Copy)]
pub struct Lesson<'a> {
    /// The fan's message.
    pub fan: &'a str,
    /// What the dialogue is about, such as `comfort`: the `[topics]` of `emotions.toml`.
    pub topic: &'a str,
    /// The reply.
    pub reply: &'a [Beat],
}

/// What a fan feels.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct FanFeeling {
    /// How strongly each emotion is felt, 0..1; the built-in emotions, in their order.
    pub scores: Vec<(Emotion, f32)>,
    /// The strongest, where one stands out; `None` for a fan who is neutral.
    pub strongest: Option<Emotion>,
    /// Whether the fan has lost somebody.
    pub grief: bool,
}

impl FanFeeling {
    /// How strongly an emotion is felt, 0..1.
    #[must_use]
    pub fn score(&self, emotion: &Emotion) -> f32 {
        self.scores.iter().find(|(known, _)| known == emotion).map_or(0.0, |(_, score)| *score)
    }

    /// Whether it is so heavy that it comes before any question, and before what is written next:
    /// grief, or sadness or anger that is strong.
    #[must_use]
    pub fn is_heavy(&self) -> bool {
        let is_strong = |emotion| self.score(emotion) >= Self::STRONG;
        self.grief || [Emotion::Sad, Emotion::Angry].iter().any(is_strong)
    }

    const STRONG: f32 = 0.5;
}

impl Feelings {
    /// Reads `emotions.toml`; `file` is its name in errors.
    ///
    /// # Errors
    /// If it is no TOML, misses a part, or a number is out of its range.
    pub fn from_toml(file: &str, text: &str) -> Result<Self, AssetFileError> {
        let content = File::read(file, text)?;
        let spelling = Spelling::new(content.spelling.clone());
        let lexicon = Lexicon::new(&content, &spelling);
        let lessons = Lessons::new(&content, &spelling);
        Ok(Self {
            lexicon,
            spelling,
            floor: content.floor,
            fan: Learner::default(),
            words: Learner::default(),
            lessons,
            tables: Tables::new(content),
        })
    }

    /// Takes messages to learn from: `fan_messages.toml`.
    ///
    /// # Errors
    /// If it is no TOML, or a table is named after no feeling.
    pub fn with_messages(mut self, file: &str, text: &str) -> Result<Self, AssetFileError> {
        let messages: Messages = read_toml(file, 1, text)?;
        self.lessons.add_messages(&messages, &self.spelling, &self.lexicon);
        Ok(self)
    }

    /// Takes dialogues to learn from: how fans speak, and how lines with a tag sound.
    #[must_use]
    pub fn with_dialogues<'a>(mut self, lessons: impl IntoIterator<Item = Lesson<'a>>) -> Self {
        for lesson in lessons {
            self.lessons.add(&lesson, &self.spelling, &self.lexicon);
        }
        self
    }

    /// Learns from all that was taken; before this, only the lexicon speaks. Takes a moment.
    #[must_use]
    pub fn learned(mut self) -> Self {
        self.fan = Learner::new(&self.lessons.fan);
        self.words = Learner::new(&self.lessons.words);
        self.lessons.clear();
        self
    }

    /// What a fan feels who writes this. Words of every language are noticed, whatever language
    /// the message is in.
    #[must_use]
    pub fn of_fan(&self, text: &str, language: Language) -> FanFeeling {
        self.as_feeling(&self.likely(text, language))
    }

    /// What a member may answer a message with; `carry` is what the turns before it left behind.
    #[must_use]
    pub fn appraise(
        &self,
        member: &PersonaId,
        text: &str,
        language: Language,
        carry: &Carry,
    ) -> Appraisal {
        let likely = carry.coloured(self.likely(text, language));
        self.tables.appraise(member, &likely, self.as_feeling(&likely), carry)
    }

    /// What the turn leaves behind for the next one; `conduct` is the kind of conduct flagged in
    /// the message, such as `self_harm`.
    #[must_use]
    pub fn carry(&self, carry: &Carry, answered: &Appraisal, conduct: Option<&str>) -> Carry {
        self.tables.carry(carry, answered, conduct)
    }

    /// Which of the built-in emotions fits a text as a whole, be it a fan's or a character's.
    #[must_use]
    pub fn of_words(&self, text: &str, _language: Language) -> Emotion {
        let spelled = self.spelling.of(text);
        let found = self.lexicon.find(&spelled);
        let mut likely = self.words.tell(&features(text, &spelled, &found.scores));
        for (likely, score) in likely.iter_mut().zip(found.scores) {
            *likely *= 1.0 + LEXICON_PART * score;
        }
        likely[Kind::Sad as usize] += likely[Kind::Grief as usize];
        likely[Kind::Grief as usize] = 0.0;
        strongest(&likely).emotion()
    }

    /// How likely each kind of feeling is; sums to 1.
    fn likely(&self, text: &str, _language: Language) -> PerKind {
        let spelled = self.spelling.of(text);
        let found = self.lexicon.find(&spelled);
        let mut likely = self.fan.tell(&features(text, &spelled, &found.scores));
        for (likely, score) in likely.iter_mut().zip(found.scores) {
            *likely *= 1.0 + LEXICON_PART * score;
        }
        likely = normalised(likely);
        if found.grief {
            likely[Kind::Grief as usize] = likely[Kind::Grief as usize].max(0.8);
        }
        normalised(likely)
    }

    fn as_feeling(&self, likely: &PerKind) -> FanFeeling {
        let mut each = *likely;
        each[Kind::Sad as usize] += each[Kind::Grief as usize];
        each[Kind::Grief as usize] = 0.0;
        let kind = strongest(&each);
        FanFeeling {
            scores: Emotion::BUILT_IN.into_iter().zip(each).collect(),
            strongest: Some(kind.emotion())
                .filter(|_| kind != Kind::Neutral && each[kind as usize] >= self.floor),
            grief: likely[Kind::Grief as usize] >= GRIEF_FROM,
        }
    }
}

/// The kind with the highest number; of equals, the first.
fn strongest(each: &PerKind) -> Kind {
    Kind::ALL
        .into_iter()
        .rev()
        .max_by(|a, b| each[*a as usize].total_cmp(&each[*b as usize]))
        .unwrap_or(Kind::Neutral)
}

#[cfg(test)]
mod tests;
