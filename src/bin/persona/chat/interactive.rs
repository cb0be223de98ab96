//! The conversation for people.

use std::io::{self, BufRead, Write};

use bevy_persona::{inference::InferenceError, mind::Segment};

use crate::{
    error::CliError,
    keeper::Keeper,
    lines::next_line,
    paint::{self, QUIET, WRONG, visible},
    progress::Progress,
    talk::{Heard, Talk},
};

const HELP: &str = "\
/help   this list
/clear  she forgets what was said
/quit   leave (also: end of input)";

/// Greets, then answers what is typed until the fan leaves.
///
/// # Errors
/// If the model cannot be loaded, or input or output fail.
pub fn run(
    mut talk: Talk,
    mut keeper: Option<Keeper>,
    mut input: impl BufRead,
    mut output: impl Write,
) -> Result<(), CliError> {
    let mut progress = Progress::default();
    talk.load(|loading| progress.show(loading))?;
    progress.clear();
    greet(&talk, &mut output)?;
    loop {
        write!(output, "{QUIET}> {QUIET:#}")?;
        output.flush()?;
        let Some(line) = next_line(&mut input)? else {
            writeln!(output)?;
            return Ok(());
        };
        match Typed::read(&line) {
            Typed::Nothing => {}
            Typed::Quit => return Ok(()),
            Typed::Clear => {
                talk.forget();
                writeln!(output, "{QUIET}(all forgotten){QUIET:#}")?;
            }
            Typed::Help => writeln!(output, "{QUIET}{HELP}{QUIET:#}")?,
            Typed::Unknown(word) => {
                let word = visible(word);
                writeln!(output, "{QUIET}there is no {word}; /help lists what there is{QUIET:#}")?;
            }
            Typed::Message(text) => {
                reply(&mut talk, text, &mut output)?;
                if let Some(keeper) = &mut keeper {
                    keeper.keep(&mut talk)?;
                }
            }
        }
    }
}

/// What a line asks for.
#[derive(Debug, PartialEq, Eq)]
enum Typed<'a> {
    Nothing,
    Quit,
    Clear,
    Help,
    Unknown(&'a str),
    Message(&'a str),
}

impl<'a> Typed<'a> {
    fn read(line: &'a str) -> Self {
        let line = line.trim();
        match line {
            "" => Self::Nothing,
            "/quit" => Self::Quit,
            "/clear" => Self::Clear,
            "/help" => Self::Help,
            _ if line.starts_with('/') => Self::Unknown(line),
            _ => Self::Message(line),
        }
    }
}

fn greet(talk: &Talk, output: &mut impl Write) -> io::Result<()> {
    let sheet = talk.sheet();
    let style = paint::name(sheet);
    let (name, role) = (visible(sheet.name_in(talk.language())), visible(&sheet.role));
    writeln!(output, "{style}{name}{style:#}, {role} {QUIET}(/help for help){QUIET:#}")
}

fn reply(talk: &mut Talk, text: &str, output: &mut impl Write) -> Result<(), CliError> {
    let style = paint::name(talk.sheet());
    let name = visible(talk.sheet().name_in(talk.language()));
    let mut progress = Progress::default();
    // Whether a space is due before the next words.
    let mut gap = false;
    for heard in talk.say(text) {
        match heard {
            Heard::Loading(loading) => progress.show(&loading),
            Heard::Ready => progress.clear(),
            Heard::Started(_) => {
                write!(output, "{style}{name}{style:#}")?;
                gap = true;
            }
            Heard::Segment(Segment::Emotion(tag)) => {
                let (style, word) = (paint::emotion(&tag.emotion), tag.emotion);
                write!(output, " {style}{word}{style:#}")?;
                gap = true;
            }
            Heard::Segment(Segment::Text(text)) => {
                let text = visible(&text);
                match std::mem::take(&mut gap) {
                    true => write!(output, " {}", text.trim_start())?,
                    false => write!(output, "{text}")?,
                }
            }
            Heard::Finished { .. } => writeln!(output)?,
            Heard::Failed(InferenceError::Load(error)) => {
                return Err(InferenceError::Load(error).into());
            }
            Heard::Failed(error) => {
                let error = visible(&error.to_string());
                writeln!(output, "\n{WRONG}{error}{WRONG:#}")?;
            }
        }
        output.flush()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use bevy_persona::inference::ScriptedBackend;

    use super::*;
    use crate::talk::scripted;

    fn screen(backend: ScriptedBackend, typed: &str) -> String {
        let mut output = anstream::StripStream::new(Vec::new());
        run(scripted(backend), None, typed.as_bytes(), &mut output).unwrap();
        String::from_utf8(output.into_inner()).unwrap()
    }

    #[test]
    fn a_conversation_reads_well_without_colours() {
        let backend = ScriptedBackend::new(["[joy] Hi there. [shy] I waited.", "[sad] Bye."]);
        assert_eq!(
            screen(backend, "Hello\n\n/clear\n/nap\nI go\n/quit\nunheard\n"),
            "Otto, a guard (/help for help)\n\
             > Otto joy Hi there. shy I waited.\n\
             > > (all forgotten)\n\
             > there is no /nap; /help lists what there is\n\
             > Otto sad Bye.\n\
             > "
        );
    }

    #[test]
    fn a_failure_is_shown_and_the_conversation_goes_on() {
        let backend = ScriptedBackend::new(["[joy] Hi."]).fail_when("oops");
        let screen = screen(backend, "oops\nHello\n");
        assert!(screen.contains("\nthe model failed in the middle of a reply"), "{screen}");
        assert!(screen.ends_with("> Otto joy Hi.\n> \n"), "{screen}");
    }

    #[test]
    fn commands_are_told_from_messages() {
        assert_eq!(Typed::read(" /quit\r"), Typed::Quit);
        assert_eq!(Typed::read("/quit now"), Typed::Unknown("/quit now"));
        assert_eq!(Typed::read("either/or"), Typed::Message("either/or"));
    }
}
