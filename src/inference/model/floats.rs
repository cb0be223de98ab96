//! The numbers of safetensors files.

use half::{bf16, f16};
use safetensors::Dtype;

/// Numbers in f32, or what is wrong with them.
pub(super) fn floats(dtype: Dtype, bytes: &[u8]) -> Result<Vec<f32>, String> {
    let halves = bytes.as_chunks().0.iter();
    let values: Vec<f32> = match dtype {
        Dtype::F32 => bytes.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect(),
        Dtype::F16 => halves.map(|bytes| f16::from_le_bytes(*bytes).to_f32()).collect(),
        Dtype::BF16 => halves.map(|bytes| bf16::from_le_bytes(*bytes).to_f32()).collect(),
        other => return Err(format!("is of the type {other:?}, not F32, F16 or BF16")),
    };
    match values.iter().all(|value| value.is_finite()) {
        true => Ok(values),
        false => Err("holds numbers that are not finite".into()),
    }
}
