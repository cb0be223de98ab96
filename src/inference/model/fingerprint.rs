//! Tells one model file from another, for what is kept of it in the cache folder.

use std::{
    fmt,
    fs::File,
    io::{self, Read, Seek, SeekFrom},
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

    /// The fingerprint of an open file, which is read from its beginning afterwards.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn of(file: &mut File) -> io::Result<Self> {
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
        file.seek(SeekFrom::Start(0))?;
        Ok(Self(hash.finalize().into()))
    }

    /// The fingerprint of what consists of several files, and of other bytes.
    #[must_use]
    pub(super) fn of_parts(files: &[Self], others: &[&[u8]]) -> Self {
        let mut hash = Sha256::new();
        hash.update((files.len() as u64).to_le_bytes());
        files.iter().for_each(|file| hash.update(file.0));
        for bytes in others {
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        }
        Self(hash.finalize().into())
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
        let of = || Fingerprint::of(&mut File::open(&path).unwrap()).unwrap();
        let one = of();
        assert_eq!(one, of());
        std::fs::write(&path, b"two").unwrap();
        assert_ne!(one, of());
        assert_eq!(one.to_string().len(), 32);
    }
}
