//! Opens a GGUF file and makes sure that it is whole.
//!
//! Format: <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>.

use std::{
    collections::HashMap,
    fs::File,
    io::{BufReader, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    sync::Arc,
};

use candle_core::{
    Device, Tensor,
    quantized::{
        QTensor,
        gguf_file::{Content, TensorInfo, Value},
    },
};
use thiserror::Error;

use super::{
    Fingerprint, FolderError, MetadataError, ModelFile, TensorFacts,
    tokenizer::{Tokenizer, TokenizerError},
};
use crate::panics::caught;

/// Why a model cannot be used.
#[derive(Debug, Clone, Error)]
#[non_exhaustive]
pub enum GgufError {
    /// It is a folder of safetensors with something wrong in it.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// It cannot be read.
    #[error("cannot read the model {path}: {error}; check that the path is right", path = .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: Arc<std::io::Error>,
    },
    /// It is something else.
    #[error(
        "{path} is not a GGUF file: it begins with {found:02x?} instead of `GGUF`; give a file \
         that ends in .gguf or a folder of safetensors, or fetch the default model with `persona \
         model get`",
        path = .path.display()
    )]
    Magic {
        /// The file.
        path: PathBuf,
        /// Its first four bytes, or fewer.
        found: Vec<u8>,
    },
    /// Its head cannot be read.
    #[error("the head of {path} is broken: {error}; fetch the file again, or one in another \
         quantisation", path = .path.display())]
    Head {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        error: String,
    },
    /// It ends too early.
    #[error(
        "{path} is cut short: the tensor `{tensor}` ends at byte {end}, the file at {length}; \
         fetch the file again",
        path = .path.display()
    )]
    Truncated {
        /// The file.
        path: PathBuf,
        /// A tensor that is not all there.
        tensor: String,
        /// Where it should end, in bytes from the start.
        end: u64,
        /// The length of the file, in bytes.
        length: u64,
    },
    /// A value is missing or of the wrong type.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// A tensor is missing or cannot be read.
    #[error("the tensor `{tensor}` cannot be used: {error}; fetch or convert the file again")]
    Tensor {
        /// Its name.
        tensor: String,
        /// What is wrong.
        error: String,
    },
    /// The kind of model is not known.
    #[error("the model is of the architecture `{found}`; supported: {supported}")]
    Architecture {
        /// What the file says.
        found: String,
        /// What we can run.
        supported: &'static str,
    },
    /// Its architecture has no place for them.
    #[error("this architecture takes no adapters; use a model of the llama architecture")]
    NoAdapters,
    /// Whoever waited for the model does so no more.
    #[error("the loading of the model was cancelled")]
    Cancelled,
    /// The numbers of the file contradict each other.
    #[error("the model's numbers do not fit together: {0}; convert the file again")]
    Shape(String),
}

/// An open GGUF file, checked to be whole.
pub struct GgufFile {
    path: PathBuf,
    content: Content,
    reader: BufReader<File>,
    fingerprint: Fingerprint,
}

impl GgufFile {
    /// Opens a file and reads its head.
    ///
    /// # Errors
    /// If it cannot be read, is not GGUF, is cut short, or its head is broken.
    pub fn open(path: &Path) -> Result<Self, GgufError> {
        let io = |error| GgufError::Io { path: path.into(), error: Arc::new(error) };
        let mut file = File::open(path).map_err(io)?;
        let length = file.metadata().map_err(io)?.len();
        let fingerprint = Fingerprint::of(&mut file).map_err(io)?;
        let mut reader = BufReader::new(file);
        let mut magic = Vec::new();
        reader.by_ref().take(4).read_to_end(&mut magic).map_err(io)?;
        if magic != b"GGUF" {
            return Err(GgufError::Magic { path: path.into(), found: magic });
        }
        reader.seek(SeekFrom::Start(0)).map_err(io)?;
        let content =
            read_head(&mut reader).map_err(|error| GgufError::Head { path: path.into(), error })?;
        check_length(path, &content, length)?;
        Ok(Self { path: path.into(), content, reader, fingerprint })
    }

    /// The head of the file.
    #[must_use]
    pub fn content(&self) -> &Content {
        &self.content
    }
}

impl ModelFile for GgufFile {
    fn path(&self) -> &Path {
        &self.path
    }

    fn values(&self) -> &HashMap<String, Value> {
        &self.content.metadata
    }

    fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    fn tensors(&self) -> Vec<TensorFacts> {
        let mut tensors: Vec<TensorFacts> = self
            .content
            .tensor_infos
            .iter()
            .map(|(name, info)| TensorFacts {
                name: name.clone(),
                shape: info.shape.dims().to_vec(),
                kind: format!("{:?}", info.ggml_dtype),
                // The sizes were checked when the file was opened.
                bytes: bytes_of(info).unwrap_or(0),
            })
            .collect();
        tensors.sort_by(|a, b| a.name.cmp(&b.name));
        tensors
    }

    fn has(&self, tensor: &str) -> bool {
        self.content.tensor_infos.contains_key(tensor)
    }

    fn tensor(&mut self, name: &str) -> Result<QTensor, GgufError> {
        self.content
            .tensor(&mut self.reader, name, &Device::Cpu)
            .map_err(|error| GgufError::tensor(name, &error))
    }

    fn dequantized(&mut self, name: &str) -> Result<Tensor, GgufError> {
        let tensor = self.tensor(name)?;
        tensor.dequantize(&Device::Cpu).map_err(|error| GgufError::tensor(name, &error))
    }

    fn tokenizer(&self) -> Result<Tokenizer, TokenizerError> {
        Tokenizer::from_gguf(&self.content)
    }
}

impl GgufError {
    /// A tensor that candle cannot use.
    pub(super) fn tensor(name: &str, error: &candle_core::Error) -> Self {
        Self::Tensor { tensor: name.into(), error: first_line(error) }
    }
}

/// The message of a candle error without its backtrace.
pub(super) fn first_line(error: &candle_core::Error) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}

/// Reads the head; numbers that make no sense can make candle panic.
fn read_head(reader: &mut BufReader<File>) -> Result<Content, String> {
    match caught(|| Content::read(reader)) {
        Ok(read) => read.map_err(|error| first_line(&error)),
        Err(_) => Err("its numbers make no sense".into()),
    }
}

fn check_length(path: &Path, content: &Content, length: u64) -> Result<(), GgufError> {
    for (name, info) in &content.tensor_infos {
        let end = bytes_of(info)
            .and_then(|bytes| bytes.checked_add(info.offset))
            .and_then(|end| end.checked_add(content.tensor_data_offset))
            .unwrap_or(u64::MAX);
        if end > length {
            let (path, tensor) = (path.into(), name.clone());
            return Err(GgufError::Truncated { path, tensor, end, length });
        }
    }
    Ok(())
}

/// The length of a tensor in its file, if it can be counted.
fn bytes_of(info: &TensorInfo) -> Option<u64> {
    let mut dims = info.shape.dims().iter();
    let elements = dims.try_fold(1u64, |product, &dim| product.checked_mul(dim as u64))?;
    let (block, size) = (info.ggml_dtype.block_size(), info.ggml_dtype.type_size());
    (elements / block as u64).checked_mul(size as u64)
}
