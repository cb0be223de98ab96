//! `persona scenes`: what scenes there are, and how they hang together.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use bevy_persona::{
    persona::{Language, PersonaId},
    scene::{SceneInfo, Scenes, graph_svg},
};
use clap::Subcommand;

use crate::{error::CliError, model::write_path, paint::QUIET, shelf};

/// What to do with scenes.
#[derive(Debug, Subcommand)]
pub enum ScenesCommand {
    /// List the scenes with what they need and unlock
    List {
        /// The folder that holds `scenes`; the usual `assets` without it
        #[arg(long, value_name = "DIR")]
        assets: Option<PathBuf>,
    },
    /// Draw nodes, jumps and unlocks as an SVG picture
    Graph {
        /// The file to write; without it the picture goes to the output
        #[arg(long, value_name = "FILE.svg")]
        out: Option<PathBuf>,
        /// The folder that holds `scenes`; the usual `assets` without it
        #[arg(long, value_name = "DIR")]
        assets: Option<PathBuf>,
    },
}

/// Does what was asked.
///
/// # Errors
/// If the scenes cannot be read, or the output or file cannot be written.
pub fn run(command: &ScenesCommand) -> Result<(), CliError> {
    let mut output = anstream::stdout().lock();
    match command {
        ScenesCommand::List { assets } => list(&scenes(assets.as_deref())?, &mut output)?,
        ScenesCommand::Graph { out: None, assets } => {
            writeln!(output, "{}", graph_svg(&scenes(assets.as_deref())?))?;
        }
        ScenesCommand::Graph { out: Some(path), assets } => {
            let picture = graph_svg(&scenes(assets.as_deref())?);
            shelf::write(path, &picture)?;
            write_path(path, &mut output)?;
        }
    }
    Ok(())
}

fn scenes(assets: Option<&Path>) -> Result<Scenes, CliError> {
    Ok(shelf::scenes(assets)?)
}

fn list(scenes: &Scenes, output: &mut impl Write) -> io::Result<()> {
    for scene in scenes.iter() {
        let SceneInfo { id, needs, unlocks, members, nodes, .. } = scene;
        let title = scene.title_in(Language::English);
        let who: Vec<&str> = members.iter().map(PersonaId::as_str).collect();
        writeln!(output, "{id:20} {title}")?;
        let mut facts = vec![format!("{} nodes", nodes.len()), who.join(", ")];
        facts.push(format!("needs {needs}"));
        if !unlocks.is_empty() {
            facts.push(format!("unlocks {}", unlocks.join(", ")));
        }
        writeln!(output, "{QUIET}    {}{QUIET:#}", facts.join("; "))?;
    }
    Ok(())
}
