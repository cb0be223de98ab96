//! Tells one model file from another, for what is kept of it in the cache folder.

use std::{
    fmt,
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::Path,
    time::UNIX_EPOCH,
};

use sha2::{Digest, Sha256};

/// A number that is the same only for the same model file.
///
/// It is made of the file's length, the time of its last change, and samples of its bytes: hashing
/// all of a large model would take longer than loading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    const SAMPLES: u64 = 64;
    const SAMPLE_BYTES: u64 = 4096;

    /// The fingerprint of a file.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn of(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let about = file.metadata()?;
        let changed = about.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut hash = Sha256::new();
        hash.update(about.len().to_le_bytes());
        hash.update(changed.as_nanos().to_le_bytes());
        for sample in 0..Self::SAMPLES {
            file.seek(SeekFrom::Start(about.len() / Self::SAMPLES * sample))?;
            let mut bytes = Vec::new();
            file.by_ref().take(Self::SAMPLE_BYTES).read_to_end(&mut bytes)?;
            hash.update(&bytes);
        }
        Ok(Self(hash.finalize().into()))
    }

    pub(in crate::inference) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0[..16].iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_content_gives_another_fingerprint() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.gguf");
        std::fs::write(&path, b"one").unwrap();
        let one = Fingerprint::of(&path).unwrap();
        assert_eq!(one, Fingerprint::of(&path).unwrap());
        std::fs::write(&path, b"two").unwrap();
        assert_ne!(one, Fingerprint::of(&path).unwrap());
        assert_eq!(one.to_string().len(), 32);
        assert!(Fingerprint::of(&folder.path().join("none")).is_err());
    }
}
