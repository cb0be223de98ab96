//! A model file that has an adapter in its weights.

use std::path::Path;

use candle_core::{
    Device, Tensor,
    quantized::{
        GgmlDType, QTensor,
        gguf_file::{self, Value},
    },
};

use super::TrainError;
use crate::{
    disk::whole_file,
    inference::model::{Adapter, GgufFile, LowRank, ModelFile},
};

/// Writes the model of `file` with an adapter merged into it, for programs that know no adapters.
///
/// Changed matrices are stored in 8 bits (`Q8_0`): in the 4 bits of most files much of what was learnt
/// would be lost. Matrices whose rows are not of whole blocks of 32 become f16. All else is copied.
///
/// # Errors
/// If the adapter does not fit the model, the file cannot be read, or the new one not be written.
pub fn merge(file: &mut GgufFile, adapter: &Adapter, to: &Path) -> Result<(), TrainError> {
    let names: Vec<String> = file.content().tensor_infos.keys().cloned().collect();
    let mut tensors = Vec::with_capacity(names.len());
    let changes: Vec<(String, &LowRank)> =
        adapter.changes().map(|(layer, target, change)| (target.tensor(layer), change)).collect();
    if let Some((missing, _)) = changes.iter().find(|(name, _)| !names.contains(name)) {
        return Err(TrainError::Unusable(format!(
            "it has no `{missing}`, which the adapter changes"
        )));
    }
    for name in names {
        let tensor = file.tensor(&name)?;
        let change = changes.iter().find(|(changed, _)| *changed == name);
        let tensor = match change {
            Some((_, change)) => changed(&tensor, change)
                .map_err(|error| TrainError::Unusable(format!("`{name}`: {error}")))?,
            None => tensor,
        };
        tensors.push((name, tensor));
    }
    let metadata: Vec<(&str, &Value)> =
        file.content().metadata.iter().map(|(key, value)| (key.as_str(), value)).collect();
    let tensors: Vec<(&str, &QTensor)> =
        tensors.iter().map(|(name, tensor)| (name.as_str(), tensor)).collect();
    let fill = |out: &mut std::io::BufWriter<std::fs::File>| {
        gguf_file::write(out, &metadata, &tensors).map_err(std::io::Error::other)
    };
    whole_file::write(to, fill).map_err(TrainError::io(to))
}

/// `W + scale * up * down`.
fn changed(tensor: &QTensor, change: &LowRank) -> candle_core::Result<QTensor> {
    let (rows, columns) = tensor.shape().dims2()?;
    let rank = change.down.len() / columns.max(1);
    let down = Tensor::from_slice(&change.down, (rank, columns), &Device::Cpu)?;
    let up = Tensor::from_slice(&change.up, (rows, rank), &Device::Cpu)?;
    let added = (up.matmul(&down)? * f64::from(change.scale))?;
    let matrix = (tensor.dequantize(&Device::Cpu)? + added)?;
    let whole = columns.is_multiple_of(GgmlDType::Q8_0.block_size());
    QTensor::quantize(&matrix, if whole { GgmlDType::Q8_0 } else { GgmlDType::F16 })
}
