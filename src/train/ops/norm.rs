//! Root mean square norm with frozen weights.

use std::sync::Arc;

use candle_core::{CpuStorage, CustomOp1, D, Device, Layout, Result, Shape, Tensor};

use super::{
    Arithmetic,
    slices::{result, slice, tensor, with_slices},
};
use crate::inference::kernels::{Level, Pool, rms_norm, rms_norm_gradient};

/// A norm of the model.
#[derive(Debug, Clone)]
pub enum Norm {
    /// For [`Arithmetic::Packed`].
    Packed {
        /// One per number of a row.
        weight: Arc<[f32]>,
        /// Added to the mean of the squares.
        eps: f32,
    },
    /// For [`Arithmetic::Full`].
    Full {
        /// One per number of a row.
        weight: Tensor,
        /// Added to the mean of the squares.
        eps: f32,
    },
}

impl Norm {
    /// A norm of a model file.
    pub fn new(weight: &[f32], eps: f32, arithmetic: Arithmetic, device: &Device) -> Result<Self> {
        if arithmetic == Arithmetic::Packed && device.is_cpu() {
            return Ok(Self::Packed { weight: weight.into(), eps });
        }
        Ok(Self::Full { weight: Tensor::new(weight, device)?, eps })
    }

    /// The norm of each row.
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        match self {
            Self::Packed { weight, eps } => {
                x.contiguous()?.apply_op1(NormOp { weight: Arc::clone(weight), eps: *eps })
            }
            Self::Full { weight, eps } => {
                let mean = x.sqr()?.mean_keepdim(D::Minus1)?;
                let length = (mean + f64::from(*eps))?.sqrt()?;
                x.broadcast_div(&length)?.broadcast_mul(weight)
            }
        }
    }
}

struct NormOp {
    weight: Arc<[f32]>,
    eps: f32,
}

impl CustomOp1 for NormOp {
    fn name(&self) -> &'static str {
        "rms norm"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let x = slice(storage, layout)?;
        let mut out = vec![0.0; x.len()];
        rms_norm(Level::detect(), &Pool::new(1), x, &self.weight, self.eps, &mut out);
        Ok(result(out, layout.shape()))
    }

    fn bwd(&self, x: &Tensor, _: &Tensor, gradient: &Tensor) -> Result<Option<Tensor>> {
        let gradient = gradient.contiguous()?;
        let of_x = with_slices([x, &gradient], |[x, gradient]| {
            let mut of_x = vec![0.0; x.len()];
            rms_norm_gradient(Level::detect(), x, &self.weight, self.eps, gradient, &mut of_x);
            of_x
        })?;
        tensor(of_x, x.shape()).map(Some)
    }
}
