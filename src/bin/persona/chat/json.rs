//! The conversation for programs: a message per line in, an event per line out.

use std::io::{BufRead, Write};

use bevy_persona::{
    inference::InferenceError,
    mind::{Beat, Beats, Segment},
};

use crate::{
    error::CliError,
    events::ChatEvent,
    keeper::Keeper,
    lines::next_line,
    progress::Progress,
    talk::{Heard, Talk},
};

/// Answers every line of `input`, in order.
///
/// # Errors
/// If the model cannot be loaded, or input or output fail.
pub fn run(
    mut talk: Talk,
    mut keeper: Option<Keeper>,
    timings: bool,
    mut input: impl BufRead,
    mut output: impl Write,
) -> Result<(), CliError> {
    talk.wake()?;
    while let Some(line) = next_line(&mut input)? {
        answer(&mut talk, &line, timings, &mut output)?;
        if let Some(keeper) = &mut keeper {
            keeper.keep(&mut talk)?;
        }
    }
    Ok(())
}

fn answer(
    talk: &mut Talk,
    line: &str,
    timings: bool,
    output: &mut impl Write,
) -> Result<(), CliError> {
    let (mut beats, mut progress) = (Beats::default(), Progress::default());
    for heard in talk.say(line) {
        match heard {
            Heard::Loading(loading) => progress.show(&loading),
            Heard::Ready => progress.clear(),
            Heard::Started(source) => {
                ChatEvent::ReplyStarted { source: source.to_string() }.write(output)?;
            }
            Heard::Segment(Segment::Text(text)) => beats.text(&text),
            Heard::Segment(Segment::Emotion(tag)) => {
                write_beats(beats.take(), output)?;
                beats.emotion(tag);
            }
            Heard::Finished { text, outcome } => {
                write_beats(beats.take(), output)?;
                ChatEvent::finished(text, &outcome, timings).write(output)?;
            }
            Heard::Failed(error) => {
                write_beats(beats.take(), output)?;
                ChatEvent::ReplyFailed { text: error.to_string() }.write(output)?;
                if let InferenceError::Load(_) = error {
                    return Err(error.into());
                }
            }
        }
    }
    Ok(())
}

/// A feeling without words is no beat.
fn write_beats(beats: Vec<Beat>, output: &mut impl Write) -> Result<(), CliError> {
    for beat in beats.into_iter().filter(|beat| !beat.text.is_empty()) {
        ChatEvent::from(beat).write(output)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use bevy_persona::inference::ScriptedBackend;

    use super::*;
    use crate::talk::scripted;

    fn events(backend: ScriptedBackend, input: &[u8]) -> Vec<String> {
        let mut output = Vec::new();
        run(scripted(backend), None, false, input, &mut output).unwrap();
        String::from_utf8(output).unwrap().lines().map(Into::into).collect()
    }

    #[test]
    fn a_reply_is_told_beat_by_beat() {
        let backend = ScriptedBackend::new(["[joy] You came. [shy] [sad:0.5] I waited."]);
        let events = events(backend, b"Hello");
        assert_eq!(events[0], r#"{"event":"reply_started","source":"model"}"#);
        let beat = r#"{"event":"beat","text":"You came.","emotion":"joy","intensity":0.8}"#;
        assert_eq!(events[1], beat);
        let beat = r#"{"event":"beat","text":" I waited.","emotion":"sad","intensity":0.5}"#;
        assert_eq!(events[2], beat);
        let text = r#"{"event":"reply_finished","text":"You came. I waited.""#;
        assert_eq!(events[3], format!("{text},\"reason\":\"complete\",\"tokens\":7}}"));
        assert_eq!(events.len(), 4);
    }

    #[test]
    fn a_failure_tells_what_was_said_before_it() {
        let backend = ScriptedBackend::new(["[joy] Well,"]).fail_when("oops");
        let events = events(backend, b"oops\nHi\n");
        assert_eq!(events[1], r#"{"event":"beat","text":"Well,","emotion":"joy","intensity":0.8}"#);
        assert!(events[2].starts_with(r#"{"event":"reply_failed","text":"the model failed in"#));
        assert!(events[5].starts_with(r#"{"event":"reply_finished""#), "{events:?}");
    }

    #[test]
    fn no_input_gives_no_output() {
        assert!(events(ScriptedBackend::default(), b"").is_empty());
    }
}
