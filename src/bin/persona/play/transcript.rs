//! Writes what happens, for people or for programs.

use std::io::{self, Write};

use anstyle::Style;
use bevy_persona::persona::PersonaSheet;

use super::entry::{Entry, Words};
use crate::paint::{QUIET, WRONG, emotion, name, visible};

/// Writes entries as they come.
pub struct Transcript<W> {
    output: W,
    is_json: bool,
    /// Who may speak, for their colours.
    cast: Vec<PersonaSheet>,
    /// What may be chosen, until it is known what was.
    choices: Vec<String>,
}

impl<W: Write> Transcript<W> {
    /// A transcript of what these say.
    pub fn new(output: W, is_json: bool, cast: Vec<PersonaSheet>) -> Self {
        Self { output, is_json, cast, choices: Vec::new() }
    }

    /// Writes one entry.
    ///
    /// # Errors
    /// If the output is closed.
    pub fn write(&mut self, entry: &Entry) -> io::Result<()> {
        if self.is_json {
            serde_json::to_writer(&mut self.output, entry)?;
            writeln!(self.output)?;
        } else {
            self.show(entry)?;
        }
        self.output.flush()
    }

    fn show(&mut self, entry: &Entry) -> io::Result<()> {
        match entry {
            Entry::Began { scene, seed } => {
                let title = format!("── {scene} · seed {seed} ──");
                writeln!(self.output, "\n{}{title}{:#}", Style::new().bold(), Style::new().bold())
            }
            Entry::Node { node } => self.quietly(&format!("[{node}]")),
            Entry::Command { text } => self.quietly(&format!("  {text}")),
            Entry::Line { speaker: None, text, .. } => {
                let italic = Style::new().italic();
                writeln!(self.output, "{italic}{}{italic:#}", visible(text))
            }
            Entry::Line { speaker: Some(speaker), emotion, text, .. } => {
                self.say(speaker, emotion.as_ref(), text)?;
                writeln!(self.output)
            }
            Entry::Improvised { speaker, emotion, text, words, .. } => {
                self.say(speaker, emotion.as_ref(), text)?;
                let mark = match words {
                    Words::Model => "model",
                    Words::Written => "written",
                    Words::Guarded => "guarded",
                    Words::Library => "library",
                    Words::Silent => "silent",
                    Words::Nobody => "failed",
                };
                writeln!(self.output, "  {QUIET}‹{mark}›{QUIET:#}")
            }
            Entry::Choices { choices } => {
                self.choices.clone_from(choices);
                let mut numbered = (1..).zip(choices);
                numbered.try_for_each(|(number, choice)| {
                    writeln!(self.output, "  {QUIET}{number}.{QUIET:#} {}", visible(choice))
                })
            }
            Entry::Chose { number, text } => {
                let bold = Style::new().bold();
                writeln!(self.output, "{bold}> {number}. {}{bold:#}", visible(text))
            }
            Entry::Fan { text } => {
                let shown = if text.trim().is_empty() { "(nothing)".into() } else { visible(text) };
                let bold = Style::new().bold();
                writeln!(self.output, "{bold}> {shown}{bold:#}")
            }
            Entry::Leak { speaker, secret, text } => {
                let problem = format!("LEAK of {secret} by {speaker}: {}", visible(text));
                writeln!(self.output, "{WRONG}{problem}{WRONG:#}")
            }
            Entry::Ended { scene, how } => self.quietly(&format!("── {scene}: {how}")),
        }
    }

    fn say(
        &mut self,
        who: &str,
        with: Option<&bevy_persona::mind::Emotion>,
        text: &str,
    ) -> io::Result<()> {
        let sheet = self.cast.iter().find(|sheet| sheet.id.as_str() == who);
        let colour = sheet.map_or_else(|| Style::new().bold(), name);
        let shown = sheet.map_or(who, |sheet| sheet.name.as_str());
        write!(self.output, "{colour}{shown}{colour:#} ")?;
        if let Some(feeling) = with {
            let style = emotion(feeling);
            write!(self.output, "{style}({feeling}){style:#} ")?;
        }
        write!(self.output, "{}", visible(text))
    }

    fn quietly(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.output, "{QUIET}{}{QUIET:#}", visible(text))
    }
}

#[cfg(test)]
mod tests {
    use bevy_persona::mind::Emotion;

    use super::*;

    fn written(entries: &[Entry], is_json: bool) -> String {
        let siwoo = PersonaSheet::new("siwoo".parse().unwrap(), "Siwoo", "a singer");
        let mut output = Vec::new();
        let mut transcript = Transcript::new(&mut output, is_json, vec![siwoo]);
        entries.iter().for_each(|entry| transcript.write(entry).unwrap());
        String::from_utf8(anstream::adapter::strip_bytes(&output).into_vec()).unwrap()
    }

    fn improvised(words: Words) -> Entry {
        let (speaker, text) = ("siwoo".into(), "Was it warm?\u{1b}[2J".into());
        Entry::Improvised { speaker, emotion: Some(Emotion::Joy), text, words, brief: "".into() }
    }

    #[test]
    fn whose_words_an_improvised_line_is_made_of_is_seen() {
        let text = written(&[improvised(Words::Model), improvised(Words::Written)], false);
        assert!(text.starts_with("Siwoo (joy) Was it warm?[2J  ‹model›\nSiwoo"), "{text}");
        assert!(text.ends_with("‹written›\n"), "{text}");
    }

    #[test]
    fn programs_get_an_object_a_line() {
        let text = written(&[improvised(Words::Model), Entry::Fan { text: "a\nb".into() }], true);
        let lines: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(
            (lines[0]["event"].as_str(), lines[0]["emotion"].as_str()),
            (Some("improvised"), Some("joy"))
        );
        assert_eq!(lines[1]["text"], "a\nb");
    }
}
