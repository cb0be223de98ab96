//! What a conversation shows: the history, and what is not in it yet.

use std::collections::VecDeque;

use bevy::prelude::*;

use crate::{
    inference::InferenceError,
    mind::{Beat, Beats, ChatTurn, EmotionTag, History},
};

/// What was said and is not in the history yet.
#[derive(Debug, Clone, Default, Component)]
pub(super) struct Transcript {
    /// Messages without an end yet, in the order in which they are answered.
    waiting: VecDeque<String>,
    /// The reply to the first of them, as far as it came.
    reply: Beats,
    /// Why the last message has no reply, or no whole one.
    trouble: Option<Trouble>,
}

/// A reply that failed.
#[derive(Debug, Clone)]
pub(super) struct Trouble {
    /// The message, if no word of a reply came: it can be sent again.
    pub(super) unanswered: Option<String>,
    pub(super) error: InferenceError,
}

/// One entry of a conversation.
#[derive(Debug, Clone)]
pub(super) enum Line<'a> {
    Fan(&'a str),
    Idol(&'a [Beat]),
    Trouble(&'a Trouble),
}

impl Transcript {
    /// The fan said this; it will be answered after what was said before.
    pub(super) fn said(&mut self, text: String) {
        self.trouble = None;
        self.waiting.push_back(text);
    }

    /// The reply changes its feeling.
    pub(super) fn feels(&mut self, tag: EmotionTag) {
        self.reply.emotion(tag);
    }

    /// More words of the reply.
    pub(super) fn hears(&mut self, text: &str) {
        self.reply.text(text);
    }

    /// The first message has its reply; both are in the history now.
    pub(super) fn ended(&mut self) {
        self.waiting.pop_front();
        let _ = self.reply.take();
    }

    /// The first message will get no more of a reply.
    pub(super) fn failed(&mut self, error: &InferenceError) {
        let fan = self.waiting.pop_front();
        let silent = !self.is_speaking();
        let _ = self.reply.take();
        // What was said in part is in the history.
        let unanswered = fan.filter(|_| silent);
        self.trouble = Some(Trouble { unanswered, error: error.clone() });
    }

    /// Whether words of a reply can be seen already.
    pub(super) fn is_speaking(&self) -> bool {
        self.reply.as_slice().iter().any(|beat| !beat.text.trim().is_empty())
    }

    /// The whole conversation, oldest first.
    pub(super) fn lines<'a>(&'a self, history: &'a History) -> Vec<Line<'a>> {
        let mut lines: Vec<_> = history
            .turns
            .iter()
            .map(|turn| match turn {
                ChatTurn::Fan(text) => Line::Fan(text),
                ChatTurn::Idol(beats) => Line::Idol(beats),
            })
            .collect();
        if let Some(trouble) = &self.trouble {
            lines.extend(trouble.unanswered.as_deref().map(Line::Fan));
            lines.push(Line::Trouble(trouble));
        }
        let mut waiting = self.waiting.iter();
        lines.extend(waiting.next().map(|text| Line::Fan(text)));
        if self.is_speaking() {
            lines.push(Line::Idol(self.reply.as_slice()));
        }
        lines.extend(waiting.map(|text| Line::Fan(text)));
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mind::Emotion;

    /// The lines in short: `f:` said by the fan, `i:` by the idol, `!` a failure.
    fn read(transcript: &Transcript, history: &History) -> Vec<String> {
        let lines = transcript.lines(history).into_iter();
        lines
            .map(|line| match line {
                Line::Fan(text) => format!("f:{text}"),
                Line::Idol(beats) => {
                    format!("i:{}", beats.iter().map(|beat| beat.text.as_str()).collect::<String>())
                }
                Line::Trouble(_) => "!".into(),
            })
            .collect()
    }

    fn trouble() -> InferenceError {
        InferenceError::WorkerStopped("out of memory".into())
    }

    #[test]
    fn a_reply_streams_between_its_message_and_the_next_one() {
        let mut transcript = Transcript::default();
        transcript.said("Hi".into());
        transcript.said("Are you there?".into());
        transcript.feels(Emotion::Joy.into());
        let history = History::default();
        assert_eq!(read(&transcript, &history), ["f:Hi", "f:Are you there?"]);
        transcript.hears("Hel");
        transcript.hears("lo");
        assert_eq!(read(&transcript, &history), ["f:Hi", "i:Hello", "f:Are you there?"]);
    }

    #[test]
    fn an_ended_reply_is_shown_from_the_history_alone() {
        let mut transcript = Transcript::default();
        transcript.said("Hi".into());
        transcript.hears("Hello");
        transcript.ended();
        assert!(read(&transcript, &History::default()).is_empty());
        let mut history = History::default();
        history.push_fan("Hi");
        assert_eq!(read(&transcript, &history), ["f:Hi"]);
    }

    #[test]
    fn a_failure_keeps_the_message_until_the_next_one() {
        let mut transcript = Transcript::default();
        transcript.said("Hi".into());
        transcript.failed(&trouble());
        assert_eq!(read(&transcript, &History::default()), ["f:Hi", "!"]);
        transcript.said("Hi".into());
        assert_eq!(read(&transcript, &History::default()), ["f:Hi"]);
    }

    #[test]
    fn a_failure_in_the_middle_of_a_reply_does_not_ask_to_send_again() {
        let mut transcript = Transcript::default();
        transcript.said("Hi".into());
        transcript.hears("Hel");
        transcript.failed(&trouble());
        assert_eq!(read(&transcript, &History::default()), ["!"]);
    }
}
