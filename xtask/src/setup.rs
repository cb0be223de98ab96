//! Finds what the machine lacks, says so, and installs it where that is possible.

mod install;
mod needs;
mod probe;

use std::env;

use crate::{command::CommandLine, error::TaskError, screen::Screen};

use install::{Manager, Rights};
use needs::Need;

pub use needs::Purpose;

/// Makes the machine ready to build the crate, to show the stage on this screen, and for what else
/// this purpose takes.
///
/// Only Linux needs packages; other systems bring all of it.
pub fn prepare(screen: Screen, purpose: Purpose) -> Result<(), TaskError> {
    if env::consts::OS != "linux" {
        return Ok(());
    }
    let missing = needs::missing(screen, purpose, probe::Probe::found);
    if missing.is_empty() {
        return Ok(());
    }
    let manager = Manager::find(probe::on_path);
    println!("Missing on this machine:");
    for need in &missing {
        println!("  {:<22} {}", need.packages.of(manager.unwrap_or(Manager::Apt)), need.why);
    }
    match manager {
        Some(Manager::Apt) => match install(&Manager::Apt.commands(&missing)) {
            Err(error) => advise(&error.to_string(), &missing),
            Ok(()) => Ok(()),
        },
        Some(other) => advise(&by_hand(&other.commands(&missing)), &missing),
        None => advise("Install them; these are their names on Debian.", &missing),
    }
}

fn install(commands: &[CommandLine]) -> Result<(), TaskError> {
    let Some(rights) = Rights::find() else {
        let commands = install::one_line(commands);
        let advice = format!(
            "This takes root, and there is no sudo. As root, run\n  {commands}\nand try again."
        );
        return Err(TaskError::Setup { advice });
    };
    let commands = rights.lend(commands);
    println!("Installing:\n  {}", install::one_line(&commands));
    commands.iter().try_for_each(CommandLine::run)
}

fn by_hand(commands: &[CommandLine]) -> String {
    let rights = Rights::find().unwrap_or(Rights::Root);
    format!("To install them, run\n  {}", install::one_line(&rights.lend(commands)))
}

/// Goes on if only such things seem to be missing as may be where we did not look.
fn advise(advice: &str, missing: &[&Need]) -> Result<(), TaskError> {
    if missing.iter().any(|need| need.probe.is_sure()) {
        return Err(TaskError::Setup { advice: format!("{advice}\nThen try again.") });
    }
    println!("{advice}\nGoing on without, in case they are in an unusual place.");
    Ok(())
}
