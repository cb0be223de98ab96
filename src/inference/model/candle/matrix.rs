//! Weights in a data type that is fast on this machine.

use std::sync::Arc;

use candle_core::{
    Device, Module, Tensor,
    quantized::{GgmlDType, QMatMul, QStorage, QTensor},
};

use super::Source;
use crate::inference::model::GgufError;

/// A matrix that is multiplied with, `[out, in]`.
#[derive(Debug, Clone)]
pub(super) struct Matrix {
    tensor: Arc<QTensor>,
    product: QMatMul,
}

impl Matrix {
    /// Reads a matrix of so many columns and, where it is given, rows; converts it to the data type
    /// that is fast here.
    pub(super) fn read(
        source: &mut Source<'_>,
        name: &str,
        rows: Option<usize>,
        columns: usize,
    ) -> Result<Self, GgufError> {
        let tensor = source.file.tensor(name)?;
        let found = tensor.shape().dims2().ok();
        if found.is_none_or(|found| found != (rows.unwrap_or(found.0), columns)) {
            let rows = rows.map_or_else(|| "any number of".into(), |rows| rows.to_string());
            let dims = tensor.shape().dims();
            return Err(GgufError::Shape(format!("`{name}` is {dims:?}, not {rows} by {columns}")));
        }
        Self::new(tensor, source.device).map_err(|error| GgufError::tensor(name, &error))
    }

    fn new(tensor: QTensor, device: &Device) -> candle_core::Result<Self> {
        let tensor = Arc::new(in_fast_type(tensor, device)?);
        let product = QMatMul::from_arc(Arc::clone(&tensor))?;
        Ok(Self { tensor, product })
    }

    /// How many rows it has.
    pub(super) fn rows(&self) -> usize {
        self.tensor.shape().dims().first().copied().unwrap_or(0)
    }

    /// The memory it takes, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.tensor.storage_size_in_bytes()
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

/// Reads a vector of so many values.
pub(super) fn vector(source: &mut Source<'_>, name: &str, len: usize) -> Result<Tensor, GgufError> {
    let values = source.file.dequantized(name)?;
    match values.dims() {
        [found] if *found == len => {
            values.to_device(source.device).map_err(|error| GgufError::tensor(name, &error))
        }
        dims => Err(GgufError::Shape(format!("`{name}` is {dims:?}, not {len} values"))),
    }
}

/// Reads a vector that not every model of an architecture has.
pub(super) fn vector_if_there(
    source: &mut Source<'_>,
    name: &str,
    len: usize,
) -> Result<Option<Tensor>, GgufError> {
    source.file.has(name).then(|| vector(source, name, len)).transpose()
}

/// candle 0.11 chooses fast kernels at run time for these types only (on x86-64, AVX-512 VNNI and
/// AVX2; on Arm also `Q4_0`); every other type takes a path that is slow in an ordinary build. A
/// graphics unit has kernels for all that are quantised.
fn is_fast(dtype: GgmlDType, device: &Device) -> bool {
    let is_quantised = !matches!(dtype, GgmlDType::F32 | GgmlDType::F16 | GgmlDType::BF16);
    matches!(dtype, GgmlDType::Q8_0 | GgmlDType::Q4K | GgmlDType::Q6K)
        || cfg!(target_arch = "aarch64") && matches!(dtype, GgmlDType::Q4_0 | GgmlDType::Q5K)
        || !device.is_cpu() && is_quantised
}

fn in_fast_type(tensor: QTensor, device: &Device) -> candle_core::Result<QTensor> {
    let columns = tensor.shape().dims().last().copied().unwrap_or(0);
    let is_good =
        is_fast(tensor.dtype(), device) || !columns.is_multiple_of(GgmlDType::Q8_0.block_size());
    let tensor = match is_good {
        true => tensor,
        false => QTensor::quantize(&tensor.dequantize(&Device::Cpu)?, GgmlDType::Q8_0)?,
    };
    if device.is_cpu() {
        return Ok(tensor);
    }
    let moved = QStorage::from_data(tensor.data()?, device, tensor.dtype())?;
    QTensor::new(moved, tensor.shape())
}
