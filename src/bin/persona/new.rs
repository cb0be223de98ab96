//! `persona new`: the first files of something new, which play as they are.

use std::{
    fs::OpenOptions,
    io::{self, Write},
    path::{Path, PathBuf},
};

use bevy_persona::{
    library::assets_folder,
    persona::{PersonaSheet, personas_folder},
};
use clap::{Args, Subcommand};
use thiserror::Error;

use crate::{cast, error::CliError, model::write_path};

const PERSONA: &str = include_str!("new/persona.ron");
const SCENE: &str = include_str!("new/scene.yarn");
const LORE: &str = include_str!("new/lore.md");

/// What is to be new.
#[derive(Debug, Subcommand)]
pub enum NewCommand {
    /// A character: `NAME.persona.ron`
    Persona(NewArgs),
    /// A scene: `NAME.yarn`
    Scene(NewArgs),
    /// A file of lore with one fact: `NAME.md`
    Lore(NewArgs),
}

/// What it is called, and where it is put.
#[derive(Debug, Args)]
pub struct NewArgs {
    /// What it is called: a–z, 0–9 and `_`, such as `kite_day`
    pub name: String,

    /// Where it is put; without it the folder where the others of its kind are
    #[arg(long, value_name = "DIR")]
    pub folder: Option<PathBuf>,

    /// Who speaks in it; without it the first character there is
    #[arg(long, value_name = "WHO")]
    pub member: Option<String>,

    /// Where the persona files are
    #[arg(long, value_name = "DIR")]
    pub personas: Option<PathBuf>,
}

/// Why there is nothing new.
#[derive(Debug, Error)]
pub enum NewError {
    /// The name cannot be the name of a file and of a node.
    #[error("`{0}` cannot be a name: use a to z, 0 to 9 and `_`, and begin with a letter")]
    Name(String),
    /// Something of this name is there.
    #[error("{} is there already; choose another name", .0.display())]
    There(PathBuf),
    /// It cannot be written.
    #[error("cannot write {}: {error}; is there such a folder? `--folder DIR` names another", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
}

/// Writes it, and the path of it to the output.
///
/// # Errors
/// If the name cannot be one, the file is there or cannot be written, or there is nobody to speak.
pub fn run(command: &NewCommand) -> Result<(), CliError> {
    let (args, usual, ending, template) = match command {
        NewCommand::Persona(args) => (args, personas_folder(), "persona.ron", PERSONA),
        NewCommand::Scene(args) => (args, assets_folder().join("scenes"), "yarn", SCENE),
        NewCommand::Lore(args) => (args, assets_folder().join("lore"), "md", LORE),
    };
    if !is_name(&args.name) {
        return Err(NewError::Name(args.name.clone()).into());
    }
    let member = match command {
        NewCommand::Persona(_) => None,
        NewCommand::Scene(_) | NewCommand::Lore(_) => Some(member(args)?),
    };
    let text = filled(template, &args.name, member.as_ref());
    let folder = args.folder.clone().unwrap_or(usual);
    let path = folder.join(format!("{}.{ending}", args.name));
    write_new(&path, &text)?;
    write_path(&path, &mut anstream::stdout().lock())
}

fn member(args: &NewArgs) -> Result<PersonaSheet, CliError> {
    let personas = args.personas.as_deref();
    Ok(match &args.member {
        Some(name) => cast::find(name, personas)?,
        None => cast::first(personas)?,
    })
}

/// Whether files and nodes can be called so.
fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.len() <= 32
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// The template with its gaps filled.
fn filled(template: &str, name: &str, member: Option<&PersonaSheet>) -> String {
    let title = title(name);
    let text = template.replace("@name@", name).replace("@Name@", &title);
    match member {
        Some(sheet) => text.replace("@member@", sheet.id.as_str()).replace("@Member@", &sheet.name),
        None => text,
    }
}

/// `kite_day` as people read it: `Kite day`.
fn title(name: &str) -> String {
    let spaced = name.replace('_', " ");
    let mut letters = spaced.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn write_new(path: &Path, text: &str) -> Result<(), NewError> {
    let mut file =
        OpenOptions::new().write(true).create_new(true).open(path).map_err(|error| match error
            .kind()
        {
            io::ErrorKind::AlreadyExists => NewError::There(path.into()),
            _ => NewError::Write { path: path.into(), error },
        })?;
    file.write_all(text.as_bytes()).map_err(|error| NewError::Write { path: path.into(), error })
}

#[cfg(test)]
mod tests {
    use bevy_persona::mind::Library;

    use super::*;

    #[test]
    fn names_are_what_files_and_nodes_can_be_called() {
        for name in ["kite_day", "a", "a2"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "2a", "Kite", "kite day", "../kite", "kite.day", "연", &"a".repeat(33)] {
            assert!(!is_name(name), "{name}");
        }
        assert_eq!(title("kite_day"), "Kite day");
    }

    #[test]
    fn a_new_persona_can_be_read() {
        let text = filled(PERSONA, "nuri", None);
        let sheet = PersonaSheet::from_ron("nuri.persona.ron", &text).unwrap();
        assert_eq!((sheet.id.as_str(), sheet.name.as_str()), ("nuri", "Nuri"));
        assert!(!text.contains('@'), "{text}");
    }

    #[test]
    fn new_lore_can_be_read() {
        let otto = PersonaSheet::new("otto".parse().unwrap(), "Otto", "a guard");
        let text = filled(LORE, "harbour", Some(&otto));
        let library = Library::from_files([("harbour.md", text.as_str())]).unwrap();
        let fact = library.lore.get("harbour").unwrap();
        assert_eq!(fact.known_by, [otto.id]);
        assert!(!text.contains('@'), "{text}");
    }

    #[test]
    fn what_is_there_is_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yarn");
        write_new(&path, "mine").unwrap();
        assert!(matches!(write_new(&path, "yours"), Err(NewError::There(_))));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine");
        let nowhere = folder.path().join("nowhere").join("a.yarn");
        assert!(matches!(write_new(&nowhere, ""), Err(NewError::Write { .. })));
    }
}
