//! What has been said between a fan and a character.

use std::{fmt::Write, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{Emotion, EmotionTag, Segment};

/// Words said with one feeling: the unit in which a reply is shown and spoken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Beat {
    /// The feeling.
    pub emotion: Emotion,
    /// How strong it is, 0..1.
    pub intensity: f32,
    /// The words, without tags.
    pub text: String,
}

/// One turn of a conversation. Copies share their text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum ChatTurn {
    /// What the fan wrote.
    Fan(Arc<str>),
    /// What the character said: no more than the fan was shown.
    Idol(Arc<[Beat]>),
}

impl ChatTurn {
    /// The words of the turn, without tags.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Fan(text) => text.to_string(),
            Self::Idol(beats) => beats.iter().map(|beat| beat.text.as_str()).collect(),
        }
    }

    /// The turn as the model reads it: a fan's words as they are, a reply with its tags.
    ///
    /// # Example
    /// ```
    /// use bevy_persona::mind::{Beat, ChatTurn, Emotion};
    ///
    /// let text = " Hello.".into();
    /// let reply = ChatTurn::Idol([Beat { emotion: Emotion::Joy, intensity: 0.5, text }].into());
    /// assert_eq!(reply.to_prompt(), "[joy] Hello.");
    /// ```
    #[must_use]
    pub fn to_prompt(&self) -> String {
        match self {
            Self::Fan(text) => text.to_string(),
            Self::Idol(beats) => {
                let mut out = String::new();
                for beat in beats.iter() {
                    let gap = if out.is_empty() { "" } else { " " };
                    let words = beat.text.trim();
                    // Writing to a string cannot fail.
                    let _ = write!(out, "{gap}[{}] {words}", beat.emotion);
                }
                out
            }
        }
    }
}

/// A conversation so far, oldest turn first.
///
/// Plain data that a game can save and load with serde.
///
/// # Example
/// ```
/// use bevy_persona::mind::{ChatTurn, History};
///
/// let mut history = History::default();
/// history.push_fan("Hi!");
/// history.push_fan("Are you there?");
/// assert_eq!(history.turns, [ChatTurn::Fan("Hi!\nAre you there?".into())]);
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct History {
    /// The turns; a fan's turn and a reply alternate.
    pub turns: Vec<ChatTurn>,
}

/// How many beats of a turn stay in which she spoke on and on.
const SPOKEN_ON: usize = 6;

impl History {
    /// Adds what the fan wrote; joins it to an unanswered message before it.
    pub fn push_fan(&mut self, text: impl Into<String>) {
        match self.turns.last_mut() {
            Some(ChatTurn::Fan(unanswered)) => {
                *unanswered = format!("{unanswered}\n{}", text.into()).into();
            }
            _ => self.turns.push(ChatTurn::Fan(text.into().into())),
        }
    }

    /// Adds what was shown of a reply; nothing shown adds no turn.
    pub fn push_idol(&mut self, mut beats: Vec<Beat>) {
        beats.retain(|beat| !beat.text.trim().is_empty());
        if !beats.is_empty() {
            self.turns.push(ChatTurn::Idol(beats.into()));
        }
    }

    /// What the fan wrote last.
    #[must_use]
    pub fn last_message(&self) -> Option<&str> {
        self.turns.iter().rev().find_map(|turn| match turn {
            ChatTurn::Fan(text) => Some(&**text),
            ChatTurn::Idol(_) => None,
        })
    }

    /// Her last reply.
    #[must_use]
    pub fn last_reply(&self) -> Option<&ChatTurn> {
        self.turns.iter().rev().find(|turn| matches!(turn, ChatTurn::Idol(_)))
    }

    /// Adds a message with what was shown of the reply to it. Where the fan said nothing, she speaks
    /// on: her words join her turn before, of which only the latest beats stay.
    pub fn push_exchange(&mut self, fan: impl Into<String>, reply: Vec<Beat>) {
        let fan = fan.into();
        match self.turns.last_mut() {
            Some(ChatTurn::Idol(said)) if fan.is_empty() => {
                let new = reply.into_iter().filter(|beat| !beat.text.trim().is_empty());
                let all: Vec<Beat> = said.iter().cloned().chain(new).collect();
                *said = all[all.len().saturating_sub(SPOKEN_ON)..].into();
            }
            _ if fan.is_empty() => self.push_idol(reply),
            _ => {
                self.push_fan(fan);
                self.push_idol(reply);
            }
        }
    }
}

/// Collects streamed emotions and text into beats.
///
/// # Example
/// ```
/// use bevy_persona::mind::{Beats, Emotion};
///
/// let mut beats = Beats::default();
/// beats.emotion(Emotion::Joy.into());
/// beats.text("Hel");
/// beats.text("lo.");
/// assert_eq!(beats.as_slice()[0].text, "Hello.");
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Beats(Vec<Beat>);

impl Beats {
    /// A change of feeling: the next text opens a new beat.
    pub fn emotion(&mut self, tag: EmotionTag) {
        let EmotionTag { emotion, intensity } = tag;
        self.0.push(Beat { emotion, intensity, text: String::new() });
    }

    /// More words, in the feeling of the moment (neutral, where none was named yet).
    pub fn text(&mut self, text: &str) {
        if self.0.is_empty() {
            self.emotion(Emotion::Neutral.into());
        }
        if let Some(beat) = self.0.last_mut() {
            beat.text.push_str(text);
        }
    }

    /// The next piece of a reply, whichever it is.
    pub fn segment(&mut self, segment: &Segment) {
        match segment {
            Segment::Emotion(tag) => self.emotion(tag.clone()),
            Segment::Text(text) => self.text(text),
        }
    }

    /// The beats so far.
    #[must_use]
    pub fn as_slice(&self) -> &[Beat] {
        &self.0
    }

    /// Takes the beats out.
    #[must_use]
    pub fn take(&mut self) -> Vec<Beat> {
        std::mem::take(&mut self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beat(emotion: Emotion, text: &str) -> Beat {
        Beat { emotion, intensity: 1.0, text: text.into() }
    }

    #[test]
    fn a_reply_reads_as_it_was_tagged() {
        let beats = vec![beat(Emotion::Joy, "You came."), beat(Emotion::Shy, " I waited.")];
        assert_eq!(ChatTurn::Idol(beats.into()).to_prompt(), "[joy] You came. [shy] I waited.");
    }

    #[test]
    fn an_empty_reply_leaves_no_turn() {
        let mut history = History::default();
        history.push_fan("Hi");
        history.push_idol(vec![beat(Emotion::Joy, "  ")]);
        assert_eq!(history.turns.len(), 1);
    }

    #[test]
    fn a_history_survives_saving() {
        let mut history = History::default();
        history.push_fan("Hi \"you\"\n");
        history.push_idol(vec![beat(Emotion::Custom("smug".into()), "Hello")]);
        let saved = ron::to_string(&history).unwrap();
        assert_eq!(ron::from_str::<History>(&saved).unwrap(), history);
    }
}
