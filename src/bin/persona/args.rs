//! What can be typed after `persona`.

use std::path::PathBuf;

use bevy_persona::{
    inference::ModelChoice, mind::FanId, model_store::ModelSource, persona::Language,
};
use clap::{Args, Parser, Subcommand, value_parser};

use crate::{
    bench::BenchArgs,
    card::{ExportArgs, ImportArgs},
    eval::EvalArgs,
    events::EVENTS_HELP,
    lint::{LINT_HELP, LintArgs},
    load::{LOAD_HELP, LoadArgs},
    memory::MemoryCommand,
    model::{INFO_HELP, InfoArgs},
    new::NewCommand,
    play::PlayArgs,
    scenes::ScenesCommand,
    source::ServerArgs,
    strings::StringsCommand,
};

/// Talk to characters and manage their models
#[derive(Debug, Parser)]
#[command(name = "persona", version)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Talk to a character
    #[command(after_long_help = EVENTS_HELP)]
    Chat(ChatArgs),
    /// Play a scene in the terminal, alone or as the fan
    Play(Box<PlayArgs>),
    /// List scenes and draw how they hang together
    #[command(subcommand)]
    Scenes(ScenesCommand),
    /// Write and take the tables in which scenes are translated
    #[command(subcommand)]
    Strings(StringsCommand),
    /// Write the first file of a new character, scene or piece of lore
    #[command(subcommand)]
    New(NewCommand),
    /// See and fetch models
    #[command(subcommand)]
    Model(ModelCommand),
    /// Fetch what the voices take
    #[cfg(feature = "voice")]
    #[command(subcommand)]
    Voice(crate::voice::VoiceCommand),
    /// Write down what is said in sound files
    #[cfg(feature = "listen")]
    Hear(crate::hear::HearArgs),
    /// See, forget and export what characters know of a fan
    #[command(subcommand)]
    Memory(MemoryCommand),
    /// Make a character of a character card, as SillyTavern and others have them
    ImportCard(ImportArgs),
    /// Make a character card of a character
    ExportCard(ExportArgs),
    /// Find mistakes in what was written for the characters
    #[command(after_long_help = LINT_HELP)]
    Lint(LintArgs),
    /// Run suites of cases through characters, and report which fail
    Eval(EvalArgs),
    /// Measure how fast a model is on this machine
    Bench(BenchArgs),
    /// Let simulated fans come to a fan club server, to measure and to check it
    #[command(after_long_help = LOAD_HELP)]
    Load(Box<LoadArgs>),
    /// Train an adapter that gives characters voices of their own
    #[cfg(feature = "train")]
    Tune(Box<crate::tune::TuneArgs>),
}

/// How to talk to a character.
#[derive(Debug, Args)]
pub struct ChatArgs {
    /// The character: a name such as `siwoo`, or the path of a `.persona.ron` file
    pub name: String,

    /// Make the same conversation go the same way
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,

    /// Read a message per line, write an event per line
    ///
    /// Every line of stdin is a message of the fan; every line of stdout is a JSON object. See the
    /// end of this help for the events.
    #[arg(long)]
    pub json: bool,

    /// Add timings to `reply_finished`
    ///
    /// They differ from run to run: without them the same seed gives the same bytes.
    #[arg(long, requires = "json")]
    pub timings: bool,

    /// The model: `default`, the path of a .gguf file or of a folder of safetensors,
    /// `hub:owner/repo/file.gguf`, or `remote:http://host:port/v1#model`
    #[arg(long, value_name = "SOURCE", default_value = "default")]
    pub model: ModelChoice,

    /// How a server is used.
    #[command(flatten)]
    pub server: ServerArgs,

    /// Where the persona files are
    ///
    /// Without it: the folder `personas` beside the program or in the working folder.
    #[arg(long, value_name = "DIR")]
    pub personas: Option<PathBuf>,

    /// The language in which the talk begins: `en`, `ko`, …; it follows the fan's
    #[arg(long, value_name = "CODE", default_value = "en")]
    pub lang: Language,

    /// Who the fan is: she remembers from one talk to the next; without it, until the talk ends
    #[arg(long, value_name = "ID")]
    pub fan: Option<FanId>,

    /// The file in which she remembers; without it the user's own
    #[arg(long, value_name = "FILE", requires = "fan")]
    pub store: Option<PathBuf>,

    /// The longest reply, in tokens; without it as the persona says
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..=65_536))]
    pub max_tokens: Option<u32>,

    /// Let the model find the words of every answer, whatever was written: to hear what it can do
    #[arg(long)]
    pub improvise: bool,

    /// Where adapters are, of which the persona names hers; the usual folder without it
    #[arg(long, value_name = "DIR")]
    pub adapters: Option<PathBuf>,

    /// Speak without an adapter
    #[arg(long, conflicts_with = "adapters")]
    pub no_adapters: bool,

    /// The chat template, by name, instead of the one in the model file
    #[arg(long, value_name = "NAME")]
    pub template: Option<String>,

    /// Replies from a file instead of a model: a RON list of `(when: "exam", say: "[sad] Oh no.")`
    #[arg(long, value_name = "FILE", hide = true, conflicts_with_all = ["model", "template"])]
    pub script: Option<PathBuf>,
}

/// What to do with models.
#[derive(Debug, Subcommand)]
pub enum ModelCommand {
    /// List the models on this machine
    List,
    /// Fetch a model, unless it is here already, and print its path
    Get {
        /// `default`, `hub:owner/repo/file.gguf[@revision]`, or a path
        #[arg(value_name = "SOURCE", default_value = "default")]
        model: ModelSource,
    },
    /// Tell what a model is, how much memory it needs, and whether it fits
    #[command(after_long_help = INFO_HELP)]
    Info(InfoArgs),
    /// Print the path of a model that is here
    Path {
        /// `default`, `hub:owner/repo/file.gguf[@revision]`, or a path
        #[arg(value_name = "SOURCE", default_value = "default")]
        model: ModelSource,
    },
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, error::ErrorKind};

    use super::*;
    use crate::card::Form;

    fn chat(line: &str) -> Result<ChatArgs, clap::Error> {
        match Cli::try_parse_from(format!("persona chat {line}").split(' '))?.command {
            Command::Chat(args) => Ok(args),
            _ => panic!("`{line}` is no chat"),
        }
    }

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_name_is_enough() {
        let args = chat("siwoo").unwrap();
        assert_eq!((args.name.as_str(), args.seed, args.json), ("siwoo", None, false));
        assert_eq!((args.lang, args.max_tokens), (Language::English, None));
        assert_eq!(args.model, ModelChoice::Here(ModelSource::Default));
    }

    #[test]
    fn every_option_is_read() {
        let line = "siwoo --seed 7 --json --timings --lang ko --max-tokens 20 --model a/b.gguf";
        let args = chat(line).unwrap();
        assert!(args.json && args.timings);
        assert_eq!((args.seed, args.max_tokens), (Some(7), Some(20)));
        assert_eq!(args.lang, Language::Korean);
        assert_eq!(args.model, ModelChoice::Here(ModelSource::Path("a/b.gguf".into())));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for (line, kind) in [
            ("siwoo --max-tokens 0", ErrorKind::ValueValidation),
            ("siwoo --lang jp", ErrorKind::ValueValidation),
            ("siwoo --timings", ErrorKind::MissingRequiredArgument),
            ("siwoo --script a.ron --model default", ErrorKind::ArgumentConflict),
        ] {
            assert_eq!(chat(line).unwrap_err().kind(), kind, "{line}");
        }
    }

    #[test]
    fn a_card_is_imported_and_exported_by_its_file_or_name_alone() {
        let cli = Cli::try_parse_from(["persona", "import-card", "nuri.png"]).unwrap();
        assert!(
            matches!(cli.command, Command::ImportCard(args) if !args.force && args.out.is_none())
        );
        let cli = Cli::try_parse_from(["persona", "export-card", "nuri", "--spec", "v3"]).unwrap();
        assert!(matches!(cli.command, Command::ExportCard(args) if args.spec == Some(Form::V3)));
        let id = Cli::try_parse_from(["persona", "import-card", "a.json", "--id", "../b"]);
        assert_eq!(id.unwrap_err().kind(), ErrorKind::ValueValidation);
    }

    #[test]
    fn lint_takes_any_number_of_paths() {
        let cli = Cli::try_parse_from(["persona", "lint", "a", "b.yarn", "--json"]).unwrap();
        assert!(matches!(cli.command, Command::Lint(args) if args.paths.len() == 2 && args.json));
        let cli = Cli::try_parse_from(["persona", "lint"]).unwrap();
        assert!(matches!(cli.command, Command::Lint(args) if args.paths.is_empty()));
    }

    #[test]
    fn a_model_is_the_default_one_unless_named() {
        let cli = Cli::try_parse_from(["persona", "model", "get"]).unwrap();
        let Command::Model(ModelCommand::Get { model }) = cli.command else { panic!("not `get`") };
        assert!(matches!(model, ModelSource::Default));
    }
}
