//! The language of scripts: one line, one step.

use std::{fs, io, path::Path};

use bevy_persona::prelude::*;
use thiserror::Error;

use crate::cast::PLACES;

/// What to do next.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// `@siwoo`: turn to this idol.
    Choose(String),
    /// `!face sad 1.0`: show a feeling without the model.
    Face(EmotionTag),
    /// `!view backstage`: look there; `private` is the room of the chosen idol.
    View(Sight),
    /// `!dance`: start the beat and the dance, or stop them.
    Dance,
    /// `!differ 1`: the last two pictures must differ in at least this percentage of their pixels.
    Differ(f32),
    /// `!panel memory`: show this panel alone beside the chat.
    Panel(String),
    /// `!scene echo_tower`: play this scene, whatever it needs.
    Scene(String),
    /// `!until choices`: let the scene go on until then.
    Until(Moment),
    /// `!choose 2`: choose this option of the scene.
    Option(usize),
    /// `!answer Soup.`: say it to whom the scene lets listen.
    Answer(String),
    /// `!auto 7`: choose and answer for the fan from here on, with this seed.
    Auto(u64),
    /// `!know echo_tower`: the fan has been told what this opens.
    Know(String),
    /// `!photo`: take a picture of what is there.
    Photo,
    /// Anything else: say it, and wait for the reply.
    Say(String),
}

/// A moment of a scene.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Moment {
    /// The fan may choose.
    Choices,
    /// Somebody listens to the fan.
    Question,
    /// The scene is over.
    End,
    /// A line, a choice or a command with these words in it.
    Words(String),
}

impl Moment {
    fn of(words: &str) -> Self {
        match words {
            "choices" => Self::Choices,
            "question" => Self::Question,
            "end" => Self::End,
            words => Self::Words(words.into()),
        }
    }

    /// A short name for its picture.
    pub fn name(&self) -> String {
        match self {
            Self::Choices => "choices".into(),
            Self::Question => "question".into(),
            Self::End => "end".into(),
            Self::Words(words) => {
                let plain = |c: char| if c.is_alphanumeric() { c } else { '-' };
                let name: String = words.to_lowercase().chars().map(plain).take(24).collect();
                name.trim_matches('-').to_owned()
            }
        }
    }
}

/// What a script can look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    Group,
    Private,
    Backstage,
}

/// A script, read.
#[derive(Debug, Clone, PartialEq)]
pub struct Script {
    /// Its steps, in order.
    pub steps: Vec<Step>,
}

/// A script that cannot be played.
#[derive(Debug, Error)]
pub enum ScriptError {
    #[error("{file}: {error}")]
    Read { file: String, error: io::Error },
    #[error("{file}:{line}: {what}")]
    Line { file: String, line: usize, what: String },
    #[error("{0} has no step: write a line that a fan would say")]
    Empty(String),
}

impl Script {
    /// Reads a script file.
    ///
    /// # Errors
    /// If there is none, or a line is not understood.
    pub fn read(path: &Path) -> Result<Self, ScriptError> {
        let file = path.display().to_string();
        match fs::read_to_string(path) {
            Ok(text) => Self::parse(&file, &text),
            Err(error) => Err(ScriptError::Read { file, error }),
        }
    }

    fn parse(file: &str, text: &str) -> Result<Self, ScriptError> {
        let mut steps = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let step = step(line).map_err(|what| {
                let (file, line) = (file.to_owned(), number);
                ScriptError::Line { file, line, what }
            })?;
            steps.push(step);
        }
        if steps.is_empty() { Err(ScriptError::Empty(file.into())) } else { Ok(Self { steps }) }
    }
}

fn step(line: &str) -> Result<Step, String> {
    if let Some(name) = line.strip_prefix('@') {
        let names = PLACES.map(|place| place.id);
        return if names.contains(&name) {
            Ok(Step::Choose(name.into()))
        } else {
            Err(format!("nobody is called `{name}`: use one of {}", names.join(", ")))
        };
    }
    let Some(command) = line.strip_prefix('!') else { return Ok(Step::Say(line.into())) };
    match command.split_once(' ') {
        Some(("until", words)) => return Ok(Step::Until(Moment::of(words.trim()))),
        Some(("answer", words)) => return Ok(Step::Answer(words.trim().into())),
        _ => {}
    }
    match command.split_whitespace().collect::<Vec<_>>()[..] {
        ["face", feeling, strength] => {
            let emotion = feeling.parse::<Emotion>().map_err(|error| error.to_string())?;
            match strength.parse::<f32>() {
                Ok(strength) if (0.0..=1.0).contains(&strength) => {
                    Ok(Step::Face(EmotionTag::new(emotion, strength)))
                }
                _ => Err(format!("`{strength}` is no strength: use a number from 0.0 to 1.0")),
            }
        }
        ["differ", percent] => match percent.parse::<f32>() {
            Ok(percent) if (0.0..=100.0).contains(&percent) => Ok(Step::Differ(percent)),
            _ => Err(format!("`{percent}` is no percentage: use a number from 0 to 100")),
        },
        ["view", place] => match place {
            "group" => Ok(Step::View(Sight::Group)),
            "private" => Ok(Step::View(Sight::Private)),
            "backstage" => Ok(Step::View(Sight::Backstage)),
            _ => Err(format!("`{place}` is no view: use group, private or backstage")),
        },
        ["panel", name] if crate::chat::PANELS.contains(&name) => Ok(Step::Panel(name.into())),
        ["panel", name] => {
            let known = crate::chat::PANELS.join(", ");
            Err(format!("`{name}` is no panel: use one of {known}"))
        }
        ["dance"] => Ok(Step::Dance),
        ["photo"] => Ok(Step::Photo),
        ["know", lock] => Ok(Step::Know(lock.into())),
        ["scene", scene] => Ok(Step::Scene(scene.into())),
        ["choose", number] => match number.parse::<usize>() {
            Ok(number) if number > 0 => Ok(Step::Option(number - 1)),
            _ => Err(format!("`{number}` is no choice: use a number from 1")),
        },
        ["auto", seed] => match seed.parse() {
            Ok(seed) => Ok(Step::Auto(seed)),
            Err(_) => Err(format!("`{seed}` is no seed: use a whole number")),
        },
        _ => Err(format!(
            "`!{command}` is not understood: write `!face sad 1.0`, `!view group`, `!dance`, \
             `!differ 1`, `!scene echo_tower`, `!until choices`, `!choose 1`, `!answer Hi`, \
             `!auto 1` or `!photo`"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_is_understood() {
        let text = "# a comment\n\n@taira\n  Hi there!  \n!face joy 0.5\n!view backstage\n!dance\n!differ 1\n";
        let steps = [
            Step::Choose("taira".into()),
            Step::Say("Hi there!".into()),
            Step::Face(EmotionTag::new(Emotion::Joy, 0.5)),
            Step::View(Sight::Backstage),
            Step::Dance,
            Step::Differ(1.0),
        ];
        assert_eq!(Script::parse("a.txt", text).unwrap().steps, steps);
    }

    #[test]
    fn a_scene_is_played_step_by_step() {
        let text = "!scene echo_tower\n!until choices\n!choose 2\n!until light night\n!know echo_tower\n!answer Soup, please.\n!auto 7\n!photo\n";
        let steps = [
            Step::Scene("echo_tower".into()),
            Step::Until(Moment::Choices),
            Step::Option(1),
            Step::Until(Moment::Words("light night".into())),
            Step::Know("echo_tower".into()),
            Step::Answer("Soup, please.".into()),
            Step::Auto(7),
            Step::Photo,
        ];
        assert_eq!(Script::parse("a.txt", text).unwrap().steps, steps);
        assert_eq!(Moment::of("Siwoo: Ria.").name(), "siwoo--ria");
    }

    #[test]
    fn a_wrong_line_is_named_with_what_to_write_instead() {
        for (line, advice) in [
            ("@otto", "use one of siwoo, jena, taira, marty"),
            ("!face sad", "write `!face sad 1.0`"),
            ("!face sad 2", "from 0.0 to 1.0"),
            ("!sing", "write `!face sad 1.0`"),
            ("!view moon", "use group, private or backstage"),
            ("!differ much", "from 0 to 100"),
            ("!panel moon", "use one of chat, memory"),
            ("!choose 0", "use a number from 1"),
            ("!auto yes", "use a whole number"),
        ] {
            let error = Script::parse("a.txt", &format!("Hi\n{line}")).unwrap_err().to_string();
            assert!(error.starts_with("a.txt:2: ") && error.contains(advice), "{error}");
        }
        assert!(matches!(Script::parse("a.txt", "# nothing"), Err(ScriptError::Empty(_))));
    }
}
