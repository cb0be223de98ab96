//! Reads weights in a data type that is fast on this machine.

use candle_core::{
    Device, Module, Tensor,
    quantized::{GgmlDType, QMatMul, QTensor},
};
use std::sync::Arc;

use super::{GgufError, GgufFile};

/// A matrix that is multiplied with, `[out, in]`.
#[derive(Debug, Clone)]
pub(super) struct Matrix {
    tensor: Arc<QTensor>,
    product: QMatMul,
}

impl Matrix {
    /// Reads a matrix and converts it to the data type that is fast here.
    pub(super) fn read(
        file: &mut GgufFile,
        name: &str,
        device: &Device,
    ) -> Result<Self, GgufError> {
        let broken = |error: candle_core::Error| GgufError::Tensor {
            tensor: name.into(),
            error: error.to_string(),
        };
        let tensor = file.tensor(name, device)?;
        let tensor = Arc::new(in_fast_type(tensor, device).map_err(broken)?);
        let product = QMatMul::from_arc(Arc::clone(&tensor)).map_err(broken)?;
        Ok(Self { tensor, product })
    }

    /// How many rows it has.
    pub(super) fn rows(&self) -> usize {
        self.tensor.shape().dims().first().copied().unwrap_or(0)
    }

    /// How many columns it has.
    pub(super) fn columns(&self) -> usize {
        self.tensor.shape().dims().get(1).copied().unwrap_or(0)
    }

    /// `x` times the transposed matrix.
    pub(super) fn apply(&self, x: &Tensor) -> candle_core::Result<Tensor> {
        self.product.forward(x)
    }

    /// The rows of these numbers, as f32: `[ids, in]`.
    pub(super) fn lookup(&self, ids: &Tensor) -> candle_core::Result<Tensor> {
        self.product.embedding(ids)
    }
}

/// `x` times each of several matrices of the same width, with `x` quantised once where that is
/// possible.
pub(super) fn apply_all<const N: usize>(
    matrices: [&Matrix; N],
    x: &Tensor,
) -> candle_core::Result<[Tensor; N]> {
    let fused = QTensor::gemv_fused_shared_lhs(&matrices.map(|matrix| &*matrix.tensor), x)?;
    let products = match fused {
        Some(products) => products,
        None => matrices.iter().map(|matrix| matrix.apply(x)).collect::<Result<_, _>>()?,
    };
    products
        .try_into()
        .map_err(|_| candle_core::Error::Msg("a fused product lost one of its parts".into()))
}

/// candle 0.11 chooses fast kernels at run time for these types only (on x86-64, AVX-512 VNNI and
/// AVX2; on Arm also `Q4_0`); every other type takes a path that is slow in an ordinary build.
fn is_fast(dtype: GgmlDType) -> bool {
    matches!(dtype, GgmlDType::Q8_0 | GgmlDType::Q4K | GgmlDType::Q6K)
        || cfg!(target_arch = "aarch64") && matches!(dtype, GgmlDType::Q4_0 | GgmlDType::Q5K)
}

fn in_fast_type(tensor: QTensor, device: &Device) -> candle_core::Result<QTensor> {
    let columns = tensor.shape().dims().last().copied().unwrap_or(0);
    let fits = columns % GgmlDType::Q8_0.block_size() == 0;
    if !device.is_cpu() || is_fast(tensor.dtype()) || !fits {
        return Ok(tensor);
    }
    QTensor::quantize(&tensor.dequantize(device)?, GgmlDType::Q8_0)
}
