//! What she says where the feeling is clear and nothing else is.

use super::{Answer, Thinking};
use crate::mind::{Emotion, ModelSize};

/// From which strength on a feeling is answered with a line that is written for it.
const CLEAR: f32 = 0.5;
/// From which share of like dialogues on a message counts as of their topic.
const AGREED: f32 = 0.6;

/// Moments by the topics of dialogues that are alike.
const TOPICS: [(&str, &str); 4] = [
    ("greeting", "greeting"),
    ("goodbye", "goodbye"),
    ("compliment", "compliment"),
    ("thanks", "thanks"),
];

impl Thinking<'_> {
    /// A line for what the fan feels, or for a message of a kind that has lines of its own. A large
    /// model finds better words, and one that was tuned for all but grief.
    pub(super) fn felt(&self) -> Option<Answer> {
        let keeps_quiet = self.speaker.size == ModelSize::Small && self.appraisal.feeling.grief;
        if self.model_is_herself() && !keeps_quiet {
            return None;
        }
        self.feeling_line()
    }

    /// The line that is written for what the fan feels.
    pub(super) fn feeling_line(&self) -> Option<Answer> {
        let feeling = &self.appraisal.feeling;
        if feeling.grief {
            return self.line_for("grief");
        }
        let strongest =
            feeling.strongest.as_ref().filter(|emotion| feeling.score(emotion) >= CLEAR);
        let moment = strongest.and_then(|emotion| match emotion {
            Emotion::Sad => Some("comfort"),
            // Who is nervous or ashamed wants to be put at ease first.
            Emotion::Shy => self.line("comfort").map_or(Some("shy"), |_| Some("comfort")),
            Emotion::Angry => Some("angry"),
            Emotion::Joy => Some("joy"),
            Emotion::Surprised => Some("surprised"),
            Emotion::Love => Some("love"),
            Emotion::Playful => Some("playful"),
            Emotion::Neutral | Emotion::Custom(_) => None,
        });
        moment.or_else(|| self.topic()).and_then(|moment| self.line_for(moment))
    }

    fn topic(&self) -> Option<&'static str> {
        let (topic, share) = self.topics.first()?;
        let known = TOPICS.iter().find(|(name, _)| name == topic);
        known.filter(|_| *share >= AGREED).map(|(_, moment)| *moment)
    }
}
