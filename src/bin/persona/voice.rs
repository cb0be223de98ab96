//! `persona voice`: how to get what the voices take, and speech as files.

#[cfg(feature = "listen")]
mod check;
#[cfg(feature = "listen")]
mod errors;
mod say;

use std::io::Write;

use bevy_persona::model_store::ModelStore;
use clap::Subcommand;

use crate::{error::CliError, model::write_path, progress::Progress};

/// What to do with voices.
#[derive(Debug, Subcommand)]
pub enum VoiceCommand {
    /// Fetch what the voices take (67 MB), unless it is here already, and print the paths
    Fetch {
        /// Fetch what listening takes, too (133 MB)
        #[cfg(feature = "listen")]
        #[arg(long)]
        listen: bool,
    },
    /// Say something into a file
    Say(say::SayArgs),
    /// Count how much of what the voices say is understood
    #[cfg(feature = "listen")]
    Check(check::CheckArgs),
    /// Make all lines that are written for characters, so that no game waits for them
    Render(say::RenderArgs),
}

/// Does what was asked with the voices of this user.
///
/// # Errors
/// If the store fails, or the output is closed.
pub fn run(command: &VoiceCommand) -> Result<(), CliError> {
    let store = ModelStore::user()?;
    let mut output = anstream::stdout().lock();
    match command {
        #[cfg(feature = "listen")]
        VoiceCommand::Fetch { listen: true } => {
            fetch_voice(&store, &mut output)?;
            fetch_listen(&store, &mut output)
        }
        VoiceCommand::Fetch { .. } => fetch_voice(&store, &mut output),
        VoiceCommand::Say(args) => say::say(args),
        #[cfg(feature = "listen")]
        VoiceCommand::Check(args) => {
            drop(output);
            check::run(args)
        }
        VoiceCommand::Render(args) => {
            drop(output);
            say::render(args)
        }
    }
}

fn fetch_voice(store: &ModelStore, output: &mut impl Write) -> Result<(), CliError> {
    let files = Progress::of(|show, cancelled| store.fetch_voice(show, cancelled))?;
    [files.model, files.gold, files.silver].iter().try_for_each(|path| write_path(path, output))
}

#[cfg(feature = "listen")]
fn fetch_listen(store: &ModelStore, output: &mut impl Write) -> Result<(), CliError> {
    let files = Progress::of(|show, cancelled| store.fetch_listen(show, cancelled))?;
    write_path(&files.folder, output)
}
