//! `persona memory`: what characters know of a fan, to see, to delete, to take along.

use std::{io::Write, path::PathBuf};

use bevy_persona::mind::{FanId, memory::FactId};
use clap::{Args, Subcommand};

use crate::{error::CliError, keeper::Keeper, paint::visible};

/// What to do with what is remembered.
#[derive(Debug, Subcommand)]
pub enum MemoryCommand {
    /// List the fans, or what is known of one
    List(Of),
    /// Forget one thing that is known of a fan, or everything
    Forget(Forget),
    /// Print everything that is kept of a fan, as JSON
    Export(Of),
}

/// Whose memory, and where it is.
#[derive(Debug, Args)]
pub struct Of {
    /// The fan
    #[arg(long, value_name = "ID")]
    pub fan: Option<FanId>,

    /// The file in which it is kept; without it the user's own
    #[arg(long, value_name = "FILE")]
    pub store: Option<PathBuf>,
}

/// What to forget.
#[derive(Debug, Args)]
pub struct Forget {
    /// Whose memory, and where it is.
    #[command(flatten)]
    pub of: Of,

    /// The number of what is to be forgotten, as `list` shows it
    #[arg(value_name = "NUMBER", required_unless_present = "all", conflicts_with = "all")]
    pub fact: Option<u64>,

    /// Everything that is kept of the fan
    #[arg(long)]
    pub all: bool,
}

/// Does what was asked.
///
/// # Errors
/// If the store cannot be used, there is no such fact, or the output is closed.
pub fn run(command: &MemoryCommand) -> Result<(), CliError> {
    let mut out = std::io::stdout().lock();
    match command {
        MemoryCommand::List(of) => match &of.fan {
            Some(fan) => list(of, fan, &mut out),
            None => fans(of, &mut out),
        },
        MemoryCommand::Export(of) => {
            let fan = of.fan.clone().unwrap_or_default();
            let exported = of.keeper(&fan)?.store().export(&fan)?;
            serde_json::to_writer_pretty(&mut out, &exported).map_err(std::io::Error::from)?;
            Ok(writeln!(out)?)
        }
        MemoryCommand::Forget(Forget { of, fact, .. }) => {
            let fan = of.fan.clone().unwrap_or_default();
            let mut keeper = of.keeper(&fan)?;
            match fact {
                Some(number) => {
                    keeper.store().forget(&fan, FactId(*number))?;
                    Ok(writeln!(out, "forgotten")?)
                }
                None if keeper.forget_all()? => Ok(writeln!(out, "all forgotten")?),
                None => Ok(writeln!(out, "nothing is kept of {fan}")?),
            }
        }
    }
}

impl Of {
    fn keeper(&self, fan: &FanId) -> Result<Keeper, CliError> {
        Ok(Keeper::open(self.store.as_deref(), fan.clone())?)
    }
}

fn fans(of: &Of, out: &mut impl Write) -> Result<(), CliError> {
    let known = of.keeper(&FanId::default())?.store().fans()?;
    for fan in &known {
        writeln!(out, "{}: {} turns, {} facts", fan.fan, fan.turns, fan.facts)?;
    }
    if known.is_empty() {
        writeln!(out, "nobody is known yet")?;
    }
    Ok(())
}

fn list(of: &Of, fan: &FanId, out: &mut impl Write) -> Result<(), CliError> {
    let saved = of.keeper(fan)?.load()?;
    for (member, talks) in &saved.talks {
        let affinity = talks.bond.as_ref().map(|bond| bond.relationship.affinity());
        writeln!(out, "{member}: {} turns, affinity {:.0}", talks.turns, affinity.unwrap_or(10.0))?;
    }
    for fact in saved.facts.iter().filter(|fact| !fact.replaced) {
        let secret = fact.private_to.as_ref().map(|member| format!(" (between you and {member})"));
        let (key, value) = (&fact.key, visible(&fact.value));
        writeln!(out, "{:>4}  {key}: {value}{}", fact.id.0, secret.unwrap_or_default())?;
    }
    if saved.talks.is_empty() && saved.facts.is_empty() {
        writeln!(out, "nothing is kept of {fan}")?;
    }
    Ok(())
}
