//! The yardstick: candle-transformers' quantised llama, with every matrix in `Q8_0`.

use std::{
    fs::File,
    io::{BufReader, Cursor},
    path::Path,
};

use candle_core::{
    Device, Result, Tensor,
    quantized::{
        GgmlDType, QTensor,
        gguf_file::{self, Content, Value},
    },
};
use candle_transformers::models::quantized_llama::ModelWeights;

/// A model and what it has read. A clone reads on from the same place.
#[derive(Clone)]
pub struct CandleLlama(ModelWeights);

impl CandleLlama {
    /// The model of a file; its matrices are converted as our loader converts them.
    ///
    /// The model is built only from GGUF, so the converted file is written, to memory.
    pub fn requantised(path: &Path) -> Result<Self> {
        let mut reader = BufReader::new(File::open(path)?);
        let source = Content::read(&mut reader)?;
        let mut tensors: Vec<(&str, QTensor)> = Vec::new();
        for name in source.tensor_infos.keys() {
            let tensor = source.tensor(&mut reader, name, &Device::Cpu)?;
            tensors.push((name.as_str(), in_q8_0(tensor)?));
        }
        let tensors: Vec<(&str, &QTensor)> =
            tensors.iter().map(|(name, tensor)| (*name, tensor)).collect();
        let metadata: Vec<(&str, &Value)> = source
            .metadata
            .iter()
            .map(|(key, value)| (key.as_str(), value))
            .filter(|(key, _)| *key == "general.architecture" || key.starts_with("llama."))
            .collect();
        let mut converted = Cursor::new(Vec::new());
        gguf_file::write(&mut converted, &metadata, &tensors)?;
        converted.set_position(0);
        let content = Content::read(&mut converted)?;
        ModelWeights::from_gguf(content, &mut converted, &Device::Cpu).map(Self)
    }

    /// Reads tokens behind the first `position`; gives the logits. Position 0 forgets all.
    pub fn read(&mut self, tokens: &[u32], position: usize) -> Result<Vec<f32>> {
        let input = Tensor::new(tokens, &Device::Cpu)?.unsqueeze(0)?;
        self.0.forward(&input, position)?.flatten_all()?.to_vec1()
    }
}

fn in_q8_0(tensor: QTensor) -> Result<QTensor> {
    if tensor.rank() < 2 || tensor.dtype() == GgmlDType::Q8_0 {
        return Ok(tensor);
    }
    QTensor::quantize(&tensor.dequantize(&Device::Cpu)?, GgmlDType::Q8_0)
}
