//! What can be typed after `persona play`.

use std::{path::PathBuf, str::FromStr};

use bevy_persona::{
    inference::{ModelChoice, ParseModelChoiceError},
    persona::{Language, PersonaId},
};
use clap::{Args, value_parser};

use crate::source::ServerArgs;

/// Which scene is played, by whom, and what is made of it.
#[derive(Debug, Args)]
pub struct PlayArgs {
    /// The scene, by its name; `all` plays every one, in an order in which a fan could meet them
    pub scene: String,

    /// A fan of its own mind: chooses, answers, and also says odd things
    #[arg(long)]
    pub auto: bool,

    /// What the fan chooses, in order: numbers from 1, or words where she asks; then it stops
    #[arg(long, value_name = "N,N,…", value_delimiter = ',', conflicts_with = "auto")]
    pub choose: Option<Vec<String>>,

    /// Where chance begins: the same seed plays the same way
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,

    /// Play it so many times, from `--seed` on
    #[arg(long, value_name = "N", value_parser = value_parser!(u64).range(1..=10_000), conflicts_with_all = ["save", "resume"])]
    pub seeds: Option<u64>,

    /// Who finds the words of improvised lines: `scripted` has a small stock of good and bad ones;
    /// `default`, the path of a .gguf file, or `hub:owner/repo/file.gguf` is a real model
    #[arg(long, value_name = "SOURCE", default_value = "scripted")]
    pub model: Speaker,

    /// How a server is used.
    #[command(flatten)]
    pub server: ServerArgs,

    /// The language that is played in
    #[arg(long, value_name = "CODE", default_value = "en")]
    pub language: Language,

    /// What the fan is called
    #[arg(long, value_name = "NAME")]
    pub fan_name: Option<String>,

    /// How close members are to the fan, 0 to 100; 10 without it
    #[arg(long, value_name = "WHO=N", value_delimiter = ',')]
    pub affinity: Vec<Closeness>,

    /// Secrets that are open for the fan
    #[arg(long, value_name = "ID,ID,…", value_delimiter = ',')]
    pub unlocked: Vec<String>,

    /// The hour of the day, 0 to 24
    #[arg(long, value_name = "N", default_value_t = 20.0)]
    pub hour: f32,

    /// Play it although its condition does not hold
    #[arg(long)]
    pub force: bool,

    /// Count how often each node was reached; one that never was is a failure
    #[arg(long)]
    pub coverage: bool,

    /// Read each line of the model for what is still locked; a leak is a failure
    #[arg(long)]
    pub check_secrets: bool,

    /// Write a JSON object a line
    #[arg(long)]
    pub json: bool,

    /// Where the scene is kept each time it waits for the fan
    #[arg(long, value_name = "FILE")]
    pub save: Option<PathBuf>,

    /// Go on with a scene that was kept
    #[arg(long, value_name = "FILE")]
    pub resume: Option<PathBuf>,

    /// The folder that holds `scenes`, `lore` and `conduct`; the usual `assets` without it
    #[arg(long, value_name = "DIR")]
    pub assets: Option<PathBuf>,

    /// Where the persona files are
    #[arg(long, value_name = "DIR")]
    pub personas: Option<PathBuf>,
}

/// Who finds the words of improvised lines.
#[derive(Debug, Clone)]
pub enum Speaker {
    /// A stock of lines for trials.
    Scripted,
    /// A model.
    Model(ModelChoice),
}

impl FromStr for Speaker {
    type Err = ParseModelChoiceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "scripted" { Ok(Self::Scripted) } else { text.parse().map(Self::Model) }
    }
}

/// How close a member is to the fan.
#[derive(Debug, Clone, PartialEq)]
pub struct Closeness {
    /// Who.
    pub member: PersonaId,
    /// How close, 0 to 100.
    pub affinity: f32,
}

impl FromStr for Closeness {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("`{text}` is not how close somebody is: write it as `siwoo=50`");
        let (member, affinity) = text.split_once('=').ok_or_else(wrong)?;
        let member = member.trim().parse().map_err(|_| wrong())?;
        let affinity = affinity.trim().parse().map_err(|_| wrong())?;
        if !(0.0..=100.0).contains(&affinity) {
            return Err(format!("{affinity} is not how close somebody is: it must be 0 to 100"));
        }
        Ok(Self { member, affinity })
    }
}

#[cfg(test)]
mod tests {
    use bevy_persona::model_store::ModelSource;
    use clap::{Parser, error::ErrorKind};

    use super::*;

    /// A command of these arguments alone.
    #[derive(Debug, Parser)]
    struct Alone {
        #[command(flatten)]
        args: PlayArgs,
    }

    fn play(line: &str) -> Result<PlayArgs, clap::Error> {
        Ok(Alone::try_parse_from(format!("play {line}").split_whitespace())?.args)
    }

    #[test]
    fn a_scene_is_enough() {
        let args = play("first_hello").unwrap();
        assert!(!args.auto && args.choose.is_none() && args.seed == 1);
        assert!(matches!(args.model, Speaker::Scripted));
    }

    #[test]
    fn every_option_is_read() {
        let line = "all --choose 1,tea,3 --seed 7 --model default --language ko --fan-name Mina \
                    --affinity siwoo=50,jena=0 --unlocked s01,s02 --force --coverage --json \
                    --check-secrets --save a --resume b --assets c --personas d";
        let args = play(line).unwrap();
        assert_eq!(args.choose.as_deref(), Some(&["1", "tea", "3"].map(String::from)[..]));
        assert!(matches!(args.model, Speaker::Model(ModelChoice::Here(ModelSource::Default))));
        assert_eq!((args.affinity.len(), args.affinity[0].affinity), (2, 50.0));
        assert_eq!(args.unlocked, ["s01", "s02"]);
        assert_eq!(args.language, Language::Korean);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for (line, kind) in [
            ("", ErrorKind::MissingRequiredArgument),
            ("a --auto --choose 1", ErrorKind::ArgumentConflict),
            ("a --seeds 0", ErrorKind::ValueValidation),
            ("a --seeds 3 --save x", ErrorKind::ArgumentConflict),
            ("a --affinity siwoo", ErrorKind::ValueValidation),
            ("a --affinity siwoo=101", ErrorKind::ValueValidation),
            ("a --affinity siwoo=NaN", ErrorKind::ValueValidation),
        ] {
            assert_eq!(play(line).unwrap_err().kind(), kind, "{line}");
        }
    }
}
