//! Adapters in the folders of Hugging Face PEFT, in which other trainers write and read them.
//!
//! A folder holds `adapter_config.json` and `adapter_model.safetensors`. Formats:
//! <https://huggingface.co/docs/peft/developer_guides/checkpoint>,
//! <https://github.com/huggingface/safetensors#format>.
//!
//! There the rows of the query and key matrices are ordered for rotary positions that pair the
//! first half of a head with the second, in ours for pairs of neighbours, as in GGUF files.

mod config;
mod config_file;
mod error;
mod names;
mod tensors;

use std::{fs, io::Write, path::Path, sync::Arc};

pub use config::PeftConfig;
pub use error::PeftError;

use super::{Adapter, MatrixSizes};
use crate::disk::whole_file;

/// The file that says what an adapter is.
const CONFIG: &str = "adapter_config.json";
/// The file of its matrices.
const TENSORS: &str = "adapter_model.safetensors";

/// An adapter as a PEFT folder holds it.
///
/// # Example
/// ```no_run
/// use bevy_persona::inference::model::{GgufFile, MatrixSizes, PeftAdapter};
///
/// let sizes = MatrixSizes::of(&GgufFile::open("model.gguf".as_ref())?)?;
/// let siwoo = PeftAdapter::read("adapters/siwoo".as_ref(), &sizes)?;
/// println!("of rank {}, for {:?}", siwoo.config.rank, siwoo.config.base_model);
/// siwoo.write("adapters/copy".as_ref(), &sizes)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct PeftAdapter {
    /// How it was made.
    pub config: PeftConfig,
    /// What it changes, in our own order of rows.
    pub adapter: Adapter,
}

impl PeftAdapter {
    /// Whether a folder holds an adapter, broken or not.
    #[must_use]
    pub fn is_in(folder: &Path) -> bool {
        folder.join(CONFIG).is_file()
    }

    /// Reads a folder, for a model of these sizes. Numbers may be f32, f16 or bf16.
    ///
    /// # Errors
    /// If a file is missing or broken, or asks for what we cannot apply: other kinds of adapters
    /// than plain `LoRA`, biases, embeddings, matrices that we do not know or of other sizes.
    pub fn read(folder: &Path, sizes: &MatrixSizes) -> Result<Self, PeftError> {
        let path = folder.join(CONFIG);
        let file = config_file::parse(&path, &read(&path)?)?;
        let path = folder.join(TENSORS);
        let adapter = tensors::parse(&path, &read(&path)?, &file, sizes)?;
        Ok(Self { config: file.config(), adapter })
    }

    /// Writes a folder that PEFT can load, with numbers in f16. Each file is replaced as a whole.
    ///
    /// # Errors
    /// If a matrix is not of these sizes, a number is not finite or too large for f16, or the system
    /// refuses to write.
    pub fn write(&self, folder: &Path, sizes: &MatrixSizes) -> Result<(), PeftError> {
        let path = folder.join(TENSORS);
        write(&path, &tensors::bytes(&path, &self.adapter, sizes)?)?;
        let path = folder.join(CONFIG);
        write(&path, &config_file::bytes(&path, &self.config, &self.adapter, sizes)?)
    }
}

fn read(path: &Path) -> Result<Vec<u8>, PeftError> {
    fs::read(path).map_err(|error| PeftError::io("read", path, error))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), PeftError> {
    whole_file::write(path, |file| file.write_all(bytes))
        .map_err(|error| PeftError::io("write", path, error))
}

impl PeftError {
    fn io(what: &'static str, path: &Path, error: std::io::Error) -> Self {
        Self::Io { what, path: path.into(), error: Arc::new(error) }
    }
}
