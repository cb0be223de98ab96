//! `persona strings`: the tables in which scenes are translated.

use std::path::{Path, PathBuf};

use bevy_persona::{persona::Language, scene::strings};
use clap::{Args, Subcommand};

use crate::{error::CliError, model::write_path, shelf};

/// What to do with tables.
#[derive(Debug, Subcommand)]
pub enum StringsCommand {
    /// Write the table of each scene; what is translated stays
    Export(ExportArgs),
    /// Take tables that were translated elsewhere
    Import(ImportArgs),
}

/// Which tables are written.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// The language of the tables: `ko`, `ja`, …
    #[arg(long, value_name = "CODE")]
    pub language: Language,

    /// Where they are written; beside the scenes without it
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,

    /// Only the tables of these scenes
    #[arg(value_name = "SCENE")]
    pub scenes: Vec<String>,

    /// The folder that holds `scenes`; the usual `assets` without it
    #[arg(long, value_name = "DIR")]
    pub assets: Option<PathBuf>,
}

/// Which tables are taken.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// The tables
    #[arg(required = true, value_name = "FILE.csv")]
    pub files: Vec<PathBuf>,

    /// The language of the tables: `ko`, `ja`, …
    #[arg(long, value_name = "CODE")]
    pub language: Language,

    /// Where they are written; beside the scenes without it
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,

    /// The folder that holds `scenes`; the usual `assets` without it
    #[arg(long, value_name = "DIR")]
    pub assets: Option<PathBuf>,
}

/// Does what was asked, and writes the paths of the tables.
///
/// # Errors
/// If the scenes or a table cannot be read or written, or a table does not fit.
pub fn run(command: &StringsCommand) -> Result<(), CliError> {
    match command {
        StringsCommand::Export(args) => export(args),
        StringsCommand::Import(args) => import(args),
    }
}

fn export(args: &ExportArgs) -> Result<(), CliError> {
    let scenes = shelf::scenes(args.assets.as_deref())?;
    for scene in &args.scenes {
        shelf::scene(&scenes, scene)?;
    }
    let is_wanted = |file: &str| {
        let of = |scene: &String| file_name(Path::new(file)).split('.').next() == Some(scene);
        args.scenes.is_empty() || args.scenes.iter().any(of)
    };
    for (file, table) in strings::export(&scenes, args.language) {
        if is_wanted(&file) {
            put(args.out.as_deref(), args.assets.as_deref(), Path::new(&file), &table)?;
        }
    }
    Ok(())
}

fn import(args: &ImportArgs) -> Result<(), CliError> {
    let scenes = shelf::scenes(args.assets.as_deref())?;
    for path in &args.files {
        let text = shelf::read(path)?;
        let table = strings::import(&scenes, args.language, &file_name(path), &text)
            .map_err(shelf::ShelfError::Scenes)?;
        put(args.out.as_deref(), args.assets.as_deref(), path, &table)?;
    }
    Ok(())
}

/// Writes a table into the folder named, or beside the scenes.
fn put(
    out: Option<&Path>,
    assets: Option<&Path>,
    file: &Path,
    table: &str,
) -> Result<(), CliError> {
    let folder = out.map_or_else(|| shelf::scenes_folder(assets), Path::to_path_buf);
    let path = folder.join(file_name(file));
    shelf::write(&path, table)?;
    write_path(&path, &mut anstream::stdout().lock())
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
