//! The loss: how surprised the model is by the tokens that should come.

use std::sync::{Arc, OnceLock};

use candle_core::{CpuStorage, CustomOp1, D, Layout, Result, Shape, Tensor};

use super::{
    Frozen,
    frozen::multiplied,
    slices::{result, slice, tensor},
};
use crate::inference::kernels::{self, Level, PackedMatrix};

/// The sum of the cross entropies of `targets`, in nats, where `x`, `[targets.len(), width]`, is read
/// by the output matrix; divided by `divisor`.
///
/// The logits of the whole vocabulary are never in memory for all tokens at once.
pub fn cross_entropy(
    output: &Frozen,
    x: &Tensor,
    targets: &Arc<[u32]>,
    divisor: f32,
    learns: bool,
) -> Result<Tensor> {
    match output {
        Frozen::Packed { matrix, transposed } => x.apply_op1(CrossEntropyOp {
            matrix: matrix.clone(),
            transposed: transposed.clone(),
            targets: Arc::clone(targets),
            divisor,
            learns,
            of_x: OnceLock::new(),
        }),
        Frozen::Full(_) => {
            let chances = candle_nn::ops::log_softmax(&output.forward(x)?, D::Minus1)?;
            let targets = Tensor::new(&**targets, x.device())?.unsqueeze(1)?;
            chances.gather(&targets, 1)?.sum_all()? * (-1.0 / f64::from(divisor))
        }
    }
}

struct CrossEntropyOp {
    matrix: PackedMatrix,
    transposed: PackedMatrix,
    targets: Arc<[u32]>,
    divisor: f32,
    /// Whether the gradient will be asked for.
    learns: bool,
    /// The gradient with respect to `x`, of which the logits that it needs are there in the forward
    /// pass only.
    of_x: OnceLock<Vec<f32>>,
}

impl CrossEntropyOp {
    /// Tokens whose logits are in memory at once.
    const TOKENS: usize = 64;
}

impl CustomOp1 for CrossEntropyOp {
    fn name(&self) -> &'static str {
        "cross entropy"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let (width, vocabulary) = (self.matrix.columns(), self.matrix.rows());
        let x = slice(storage, layout)?.chunks(Self::TOKENS * width);
        let (mut loss, mut of_x) = (0.0, Vec::new());
        for (x, targets) in x.zip(self.targets.chunks(Self::TOKENS)) {
            let mut logits = multiplied(&self.matrix, x);
            for (row, target) in logits.chunks_exact_mut(vocabulary).zip(targets) {
                loss += f64::from(kernels::cross_entropy(Level::detect(), row, *target as usize));
            }
            if self.learns {
                of_x.extend(multiplied(&self.transposed, &logits));
            }
        }
        of_x.iter_mut().for_each(|gradient| *gradient /= self.divisor);
        let _ = self.of_x.set(of_x);
        Ok(result(vec![(loss / f64::from(self.divisor)) as f32], ()))
    }

    fn bwd(&self, x: &Tensor, _: &Tensor, gradient: &Tensor) -> Result<Option<Tensor>> {
        let of_x = tensor(self.of_x.get().cloned().unwrap_or_default(), x.shape())?;
        Ok(Some((of_x * f64::from(gradient.to_scalar::<f32>()?))?))
    }
}
