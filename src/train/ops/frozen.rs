//! Weights that are not trained.

use candle_core::{CpuStorage, CustomOp1, Device, Layout, Result, Shape, Tensor};

use super::slices::{result, slice, tensor, with_slices};
use crate::inference::kernels::{Activations, Level, PackedMatrix, Pool, multiply};

/// The numbers that frozen weights are multiplied in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Arithmetic {
    /// As the game does: weights as they are in the file, activations and gradients in 8 bits. On
    /// the CPU only, where it is several times as fast as `Full`.
    #[default]
    Packed,
    /// All in f32.
    Full,
}

/// A frozen matrix of `[rows, columns]`; a product gives `rows` numbers.
#[derive(Debug, Clone)]
pub enum Frozen {
    /// For [`Arithmetic::Packed`].
    Packed {
        /// The matrix.
        matrix: PackedMatrix,
        /// The same transposed, which gradients are multiplied with.
        transposed: PackedMatrix,
    },
    /// For [`Arithmetic::Full`], on any device.
    Full(Tensor),
}

impl Frozen {
    /// A matrix of a model file.
    ///
    /// # Errors
    /// If the device has no room.
    pub fn new(matrix: &PackedMatrix, arithmetic: Arithmetic, device: &Device) -> Result<Self> {
        if arithmetic == Arithmetic::Packed && device.is_cpu() {
            return Ok(Self::Packed { matrix: matrix.clone(), transposed: matrix.transposed() });
        }
        let shape = (matrix.rows(), matrix.columns());
        Ok(Self::Full(Tensor::from_vec(matrix.to_f32(), shape, device)?))
    }

    /// Rows of the matrix.
    pub fn rows(&self) -> usize {
        match self {
            Self::Packed { matrix, .. } => matrix.rows(),
            Self::Full(matrix) => matrix.dims()[0],
        }
    }

    /// Columns of the matrix.
    pub fn columns(&self) -> usize {
        match self {
            Self::Packed { matrix, .. } => matrix.columns(),
            Self::Full(matrix) => matrix.dims()[1],
        }
    }

    /// The product with each row of `x`.
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        match self {
            Self::Packed { matrix, transposed } => {
                let op = FrozenProduct { matrix: matrix.clone(), transposed: transposed.clone() };
                x.contiguous()?.apply_op1(op)
            }
            Self::Full(matrix) => x.matmul(&matrix.t()?),
        }
    }

    /// The rows of these numbers: an embedding.
    pub fn look_up(&self, rows: &[u32], device: &Device) -> Result<Tensor> {
        match self {
            Self::Packed { matrix, .. } => {
                let mut values = vec![0.0; rows.len() * matrix.columns()];
                for (row, out) in rows.iter().zip(values.chunks_exact_mut(matrix.columns())) {
                    matrix.row(*row as usize, out);
                }
                Tensor::from_vec(values, (rows.len(), matrix.columns()), device)
            }
            Self::Full(matrix) => matrix.index_select(&Tensor::new(rows, device)?, 0),
        }
    }
}

/// A product in 8 bits.
pub(super) fn multiplied(matrix: &PackedMatrix, x: &[f32]) -> Vec<f32> {
    let (level, pool) = (Level::detect(), Pool::new(1));
    let mut codes = Activations::new();
    codes.quantize(level, &pool, x, matrix.columns());
    let mut out = vec![0.0; codes.rows() * matrix.rows()];
    multiply(level, &pool, &codes, [matrix], [&mut out]);
    out
}

struct FrozenProduct {
    matrix: PackedMatrix,
    transposed: PackedMatrix,
}

impl CustomOp1 for FrozenProduct {
    fn name(&self) -> &'static str {
        "frozen product"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let x = slice(storage, layout)?;
        let shape = (x.len() / self.matrix.columns(), self.matrix.rows());
        Ok(result(multiplied(&self.matrix, x), shape))
    }

    fn bwd(&self, x: &Tensor, _: &Tensor, gradient: &Tensor) -> Result<Option<Tensor>> {
        let of_x = with_slices([gradient], |[gradient]| multiplied(&self.transposed, gradient))?;
        tensor(of_x, x.shape()).map(Some)
    }
}
