//! What `persona chat --json` writes: one JSON object per line.
//!
//! | event | fields | when |
//! |---|---|---|
//! | `reply_started` | `source` | she begins to reply to a message |
//! | `beat` | `text`, `emotion`, `intensity` | some words with one feeling are complete |
//! | `reply_finished` | `text`, `reason`, `tokens` | a reply is over |
//! | `reply_failed` | `text` | a message was not answered, or not to the end |
//!
//! Each message ends in exactly one `reply_finished` or `reply_failed`, before the next is read.
//! The texts of the beats in a row are the text of the reply. Nothing here depends on the clock,
//! so that the same messages with the same seed give the same bytes; only with `--timings` has
//! `reply_finished` two fields more, `ttft_ms` and `tok_per_s`.

use std::io::{self, Write};

use bevy_persona::{
    inference::{FinishReason, Outcome},
    mind::{Beat, Emotion},
};
use serde::Serialize;

/// The events, as `persona chat --help` explains them.
pub const EVENTS_HELP: &str = "\
Events of --json, one object per line:
  {\"event\":\"reply_started\",\"source\":\"model\"}
      she begins to reply; source says where the words come from: the model, or what was written for
      this: lore:ID, withheld:ID, conduct:KIND, dialogue:ID, line:MOMENT
  {\"event\":\"beat\",\"text\":\"You came.\",\"emotion\":\"joy\",\"intensity\":0.8}
      some words with one feeling; intensity is 0 to 1; the beats' texts in a row are the reply
  {\"event\":\"reply_finished\",\"text\":\"You came.\",\"reason\":\"complete\",\"tokens\":6}
      the reply is over; reason is complete, length (--max-tokens was reached), stop (a stop
      text of the persona came up) or guarded (she was about to tell what is locked); with --timings also ttft_ms, the milliseconds to the first piece, and
      tok_per_s, the tokens per second from then on
  {\"event\":\"reply_failed\",\"text\":\"the message is empty: …\"}
      the message was not answered, or not to the end; text says why and what to do

Each line of stdin is a message and ends in one reply_finished or reply_failed. Bytes that are not
UTF-8 are replaced. A failure does not end the program, the end of stdin does, with exit code 0; a
model that cannot be loaded ends it with exit code 1. The same messages with the same --seed give
the same bytes, unless --timings is given.";

/// One line of the output.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum ChatEvent {
    /// The model begins to reply.
    ReplyStarted {
        /// Where the words come from: `model`, `lore:w01`, `line:greeting`, …
        source: String,
    },
    /// Some words with one feeling.
    Beat {
        /// The words, with the white space between them and the beat before.
        text: String,
        /// The feeling.
        emotion: Emotion,
        /// How strong it is, 0..1.
        intensity: f32,
    },
    /// The reply is over.
    ReplyFinished {
        /// All of it, without tags.
        text: String,
        /// Why it ended.
        reason: FinishReason,
        /// Tokens of the reply, tags included.
        tokens: usize,
        /// Milliseconds from the start of the work to the first piece.
        #[serde(skip_serializing_if = "Option::is_none")]
        ttft_ms: Option<f64>,
        /// Tokens per second from the first piece on.
        #[serde(skip_serializing_if = "Option::is_none")]
        tok_per_s: Option<f64>,
    },
    /// The message was not answered, or not to the end.
    ReplyFailed {
        /// Why, and what to do next.
        text: String,
    },
}

impl ChatEvent {
    /// The event of a reply that is over; with its timings only if asked.
    pub fn finished(text: String, outcome: &Outcome, timings: bool) -> Self {
        let stats = &outcome.stats;
        let timed = |figure: f64| timings.then(|| (figure * 10.0).round() / 10.0);
        Self::ReplyFinished {
            text,
            reason: outcome.reason,
            tokens: stats.reply_tokens,
            ttft_ms: timed(stats.time_to_first_piece * 1000.0),
            tok_per_s: timed(stats.tokens_per_second()),
        }
    }

    /// Writes the event as a line, and sends it off at once.
    ///
    /// # Errors
    /// If nobody reads it.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        serde_json::to_writer(&mut *out, self)?;
        out.write_all(b"\n")?;
        out.flush()
    }
}

impl From<Beat> for ChatEvent {
    fn from(Beat { emotion, intensity, text }: Beat) -> Self {
        Self::Beat { text, emotion, intensity }
    }
}

#[cfg(test)]
mod tests {
    use bevy_persona::inference::ReplyStats;

    use super::*;

    fn line(event: &ChatEvent) -> String {
        let mut out = Vec::new();
        event.write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn finished(timings: bool) -> String {
        let stats = ReplyStats {
            reply_tokens: 11,
            time_to_first_piece: 0.012_34,
            reply_time: 0.5,
            ..ReplyStats::default()
        };
        let outcome = Outcome { reason: FinishReason::Length, stats };
        line(&ChatEvent::finished("너 왔어?".into(), &outcome, timings))
    }

    #[test]
    fn events_are_lines_of_json() {
        let started = ChatEvent::ReplyStarted { source: "model".into() };
        assert_eq!(line(&started), "{\"event\":\"reply_started\",\"source\":\"model\"}\n");
        let beat = Beat { emotion: Emotion::Joy, intensity: 0.8, text: " \"Hi\"\n".into() };
        let json = r#"{"event":"beat","text":" \"Hi\"\n","emotion":"joy","intensity":0.8}"#;
        assert_eq!(line(&beat.into()), format!("{json}\n"));
        let json = r#"{"event":"reply_failed","text":"no"}"#;
        let failed = ChatEvent::ReplyFailed { text: "no".into() };
        assert_eq!(line(&failed), format!("{json}\n"));
    }

    #[test]
    fn timings_are_written_only_when_asked_for() {
        let plain = r#"{"event":"reply_finished","text":"너 왔어?","reason":"length","tokens":11"#;
        assert_eq!(finished(false), format!("{plain}}}\n"));
        assert_eq!(finished(true), format!("{plain},\"ttft_ms\":12.3,\"tok_per_s\":20.0}}\n"));
    }

    #[test]
    fn the_help_shows_every_event_as_it_is_written() {
        let beat = Beat { emotion: Emotion::Joy, intensity: 0.8, text: "You came.".into() };
        let started = ChatEvent::ReplyStarted { source: "model".into() };
        for event in [started, beat.into()] {
            assert!(EVENTS_HELP.contains(line(&event).trim_end()), "{event:?}");
        }
        for name in ["reply_finished", "reply_failed", "ttft_ms", "tok_per_s"] {
            assert!(EVENTS_HELP.contains(name), "{name}");
        }
    }
}
