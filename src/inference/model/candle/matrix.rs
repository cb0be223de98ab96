//! Weights in a data type that is fast on this machine.

use std::sync::Arc;

use candle_core::{
    Device, Module, Tensor,
    quantized::{GgmlDType, QMatMul, QTensor},
};

use crate::inference::model::{GgufError, GgufFile};

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
        file: &mut GgufFile,
        name: &str,
        rows: Option<usize>,
        columns: usize,
    ) -> Result<Self, GgufError> {
        let tensor = file.tensor(name, &Device::Cpu)?;
        let found = tensor.shape().dims2().ok();
        if found.is_none_or(|found| found != (rows.unwrap_or(found.0), columns)) {
            let rows = rows.map_or_else(|| "any number of".into(), |rows| rows.to_string());
            let dims = tensor.shape().dims();
            return Err(GgufError::Shape(format!("`{name}` is {dims:?}, not {rows} by {columns}")));
        }
        Self::new(tensor).map_err(|error| GgufError::tensor(name, &error))
    }

    fn new(tensor: QTensor) -> candle_core::Result<Self> {
        let tensor = Arc::new(in_fast_type(tensor)?);
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
pub(super) fn vector(file: &mut GgufFile, name: &str, len: usize) -> Result<Tensor, GgufError> {
    let values = file.dequantized(name)?;
    match values.dims() {
        [found] if *found == len => Ok(values),
        dims => Err(GgufError::Shape(format!("`{name}` is {dims:?}, not {len} values"))),
    }
}

/// Reads a vector that not every model of an architecture has.
pub(super) fn vector_if_there(
    file: &mut GgufFile,
    name: &str,
    len: usize,
) -> Result<Option<Tensor>, GgufError> {
    file.has(name).then(|| vector(file, name, len)).transpose()
}

/// candle 0.11 chooses fast kernels at run time for these types only (on x86-64, AVX-512 VNNI and
/// AVX2; on Arm also `Q4_0`); every other type takes a path that is slow in an ordinary build.
fn is_fast(dtype: GgmlDType) -> bool {
    matches!(dtype, GgmlDType::Q8_0 | GgmlDType::Q4K | GgmlDType::Q6K)
        || cfg!(target_arch = "aarch64") && matches!(dtype, GgmlDType::Q4_0 | GgmlDType::Q5K)
}

fn in_fast_type(tensor: QTensor) -> candle_core::Result<QTensor> {
    let columns = tensor.shape().dims().last().copied().unwrap_or(0);
    if is_fast(tensor.dtype()) || columns % GgmlDType::Q8_0.block_size() != 0 {
        return Ok(tensor);
    }
    QTensor::quantize(&tensor.dequantize(&Device::Cpu)?, GgmlDType::Q8_0)
}
