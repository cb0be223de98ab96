//! `persona model`: which models are here, and how to get one.

mod info;
mod report;
mod special;
mod text;

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use bevy_persona::model_store::{ModelSource, ModelStore};
use indicatif::DecimalBytes;

use crate::{args::ModelCommand, error::CliError, paint::QUIET, progress::Progress};

pub use info::{INFO_HELP, InfoArgs};

/// Does what was asked with the models of this user.
///
/// # Errors
/// If the store fails, the model is not there, or the output is closed.
pub fn run(command: &ModelCommand) -> Result<(), CliError> {
    let store = ModelStore::user()?;
    let mut output = anstream::stdout().lock();
    match command {
        ModelCommand::List => list(&store, &mut output),
        ModelCommand::Get { model } => get(&store, model, &mut output),
        ModelCommand::Info(args) => info::run(&store, args, &mut output),
        ModelCommand::Path { model } => path(&store, model, &mut output),
    }
}

/// A line per model; the default one is marked.
fn list(store: &ModelStore, output: &mut impl Write) -> Result<(), CliError> {
    let default = store.locate(&ModelSource::Default);
    for model in store.list()? {
        let (size, name) = (DecimalBytes(model.bytes).to_string(), model.source.to_string());
        let mark = if Some(&model.path) == default.as_ref() { '*' } else { ' ' };
        writeln!(output, "{mark} {size:>10}  {name}  {}", model.path.display())?;
    }
    let folder = store.folder().display();
    let hint = match default {
        Some(_) => "* is the default model",
        None => "the default model is not here yet: fetch it with `persona model get`",
    };
    writeln!(output, "{QUIET}{hint}; models are kept in {folder}{QUIET:#}")?;
    Ok(())
}

fn get(store: &ModelStore, model: &ModelSource, output: &mut impl Write) -> Result<(), CliError> {
    let fetched = Progress::of(|show, cancelled| store.fetch(model, show, cancelled))?;
    write_path(&fetched, output)
}

fn path(store: &ModelStore, model: &ModelSource, output: &mut impl Write) -> Result<(), CliError> {
    write_path(&here(store, model)?, output)
}

/// Where a model is that was fetched, or lies there anyway.
fn here(store: &ModelStore, model: &ModelSource) -> Result<PathBuf, CliError> {
    store.locate(model).ok_or_else(|| CliError::NotHere(model.clone()))
}

/// A path alone on its line, so that a script can use it.
///
/// # Errors
/// If the output is closed.
pub fn write_path(path: &Path, output: &mut impl Write) -> Result<(), CliError> {
    writeln!(output, "{}", path.display())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_store_says_how_to_fill_it() {
        let folder = tempfile::tempdir().unwrap();
        let store = ModelStore::at(folder.path().into());
        let mut output = Vec::new();
        list(&store, &mut output).unwrap();
        let text = String::from_utf8(output).unwrap();
        assert!(text.contains("fetch it with `persona model get`"), "{text}");
    }

    #[test]
    fn a_model_that_is_not_here_is_an_error_with_advice() {
        let folder = tempfile::tempdir().unwrap();
        let store = ModelStore::at(folder.path().into());
        let error = path(&store, &ModelSource::Default, &mut Vec::new()).unwrap_err();
        let advice = "fetch it with `persona model get default`";
        assert!(error.to_string().ends_with(advice), "{error}");
    }

    #[test]
    fn a_file_is_its_own_path() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.gguf");
        std::fs::write(&file, "GGUF").unwrap();
        let store = ModelStore::at(folder.path().join("models"));
        let mut output = Vec::new();
        path(&store, &ModelSource::Path(file.clone()), &mut output).unwrap();
        assert_eq!(String::from_utf8(output).unwrap(), format!("{}\n", file.display()));
    }
}
