//! The model that is measured.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

use bevy_persona::{
    inference::{
        Backend, GgufBackend, GgufSettings, InferenceBudget, InferenceError, LoadReport, Loading,
        model::{self, CausalModel, Level, ModelFile, ModelOptions, tokenizer::Tokenizer},
    },
    model_store::{ModelSource, ModelStore},
};

use crate::{error::CliError, progress::Progress};

/// A model file, and how it is to be run.
pub struct Subject {
    /// Where the file is.
    pub path: PathBuf,
    /// Its length, in bytes.
    pub bytes: u64,
    /// What the model is called.
    pub name: String,
    /// How most of its weights are quantised: `Q4_1`.
    pub file_type: String,
    /// Its vocabulary.
    pub tokenizer: Tokenizer,
    /// The most threads that it works on.
    pub threads: usize,
    /// The instructions that the model alone may use.
    pub level: Level,
}

impl Subject {
    /// Fetches a model, if it is not here yet, and looks at it.
    ///
    /// # Errors
    /// If it is not to be had, or its file is broken.
    pub fn fetch(source: &ModelSource, threads: usize, level: Level) -> Result<Self, CliError> {
        let mut progress = Progress::default();
        let mut show = |loading: Loading| progress.show(&loading);
        let path = ModelStore::user()?.fetch(source, &mut show, &AtomicBool::new(false))?;
        let file = model::open(&path).map_err(InferenceError::load)?;
        Ok(Self {
            bytes: file.tensors().iter().map(|tensor| tensor.bytes).sum(),
            name: file.name(),
            file_type: file_type(&*file),
            tokenizer: file.tokenizer().map_err(InferenceError::load)?,
            threads,
            level,
            path,
        })
    }

    /// What it may take of the machine.
    pub fn budget(&self) -> InferenceBudget {
        InferenceBudget { max_threads: self.threads, ..InferenceBudget::default() }
    }

    /// Loads the model alone; repacked weights are kept in `folder`.
    ///
    /// # Errors
    /// If it cannot be loaded.
    pub fn model(&self, folder: &Path) -> Result<Box<dyn CausalModel>, InferenceError> {
        let mut file = model::open(&self.path).map_err(InferenceError::load)?;
        let options = ModelOptions {
            cache_folder: Some(folder.into()),
            threads: self.threads,
            level: self.level,
            ..ModelOptions::default()
        };
        model::load(&mut *file, &options, &mut |_, _| true).map_err(InferenceError::load)
    }

    /// How a game uses it; what is made again at every start is kept in `folder`, if there is one.
    pub fn settings(&self, folder: Option<&Path>) -> GgufSettings {
        GgufSettings { cache_folder: folder.map(Path::to_path_buf), ..GgufSettings::default() }
    }

    /// Loads the model as a game does: with vocabulary, template and tags.
    ///
    /// # Errors
    /// If it cannot be loaded.
    pub fn backend(&self, folder: Option<&Path>) -> Result<GgufBackend, InferenceError> {
        self.backend_with(self.settings(folder))
    }

    /// The same with other settings.
    ///
    /// # Errors
    /// If the model cannot be loaded.
    pub fn backend_with(&self, settings: GgufSettings) -> Result<GgufBackend, InferenceError> {
        let (mut tell, cancelled) = (|_: Loading| {}, AtomicBool::new(false));
        let mut report = LoadReport::new(&mut tell, &cancelled);
        let mut backend = GgufBackend::open(&self.path, settings, &mut report)?;
        backend.set_budget(&self.budget());
        Ok(backend)
    }
}

/// What the file says of its weights, or the type that most of its tensors have.
fn file_type(file: &dyn ModelFile) -> String {
    let named = file.metadata().u32("general.file_type").ok().and_then(file_type_name);
    named.map_or_else(|| commonest_type(file), str::to_owned)
}

fn commonest_type(file: &dyn ModelFile) -> String {
    let mut counts = BTreeMap::<String, usize>::new();
    for facts in file.tensors().into_iter().filter(|facts| facts.shape.len() > 1) {
        *counts.entry(facts.kind).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|(_, count)| *count);
    most.map_or_else(|| "unknown".into(), |(name, _)| name)
}

/// The values of `general.file_type`, as llama.cpp numbers them in `llama_ftype`.
fn file_type_name(number: u32) -> Option<&'static str> {
    Some(match number {
        0 => "F32",
        1 => "F16",
        2 => "Q4_0",
        3 => "Q4_1",
        7 => "Q8_0",
        8 => "Q5_0",
        9 => "Q5_1",
        10 => "Q2_K",
        11 => "Q3_K_S",
        12 => "Q3_K_M",
        13 => "Q3_K_L",
        14 => "Q4_K_S",
        15 => "Q4_K_M",
        16 => "Q5_K_S",
        17 => "Q5_K_M",
        18 => "Q6_K",
        32 => "BF16",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_types_have_names() {
        assert_eq!(file_type_name(3), Some("Q4_1"));
        assert_eq!(file_type_name(7), Some("Q8_0"));
        assert_eq!(file_type_name(4), None);
    }
}
