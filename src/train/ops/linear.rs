//! A frozen matrix and the low-rank change of it that is trained.

use std::sync::OnceLock;

use candle_core::{CpuStorage, CustomOp3, Layout, Result, Shape, Tensor, Var};

use super::{
    Dropout, Frozen,
    frozen::multiplied,
    slices::{result, slice, tensor, with_slices},
};
use crate::inference::kernels::{Operand, PackedMatrix, product};

/// What is trained of one matrix: it becomes `W + scale * up * down` (`LoRA`: Hu et al., 2021,
/// arXiv:2106.09685).
#[derive(Debug, Clone)]
pub struct LowRankVars {
    /// `[rank, columns]`; A in the paper.
    pub down: Var,
    /// `[rows, rank]`; B in the paper, zero at first.
    pub up: Var,
    /// alpha / rank.
    pub scale: f32,
}

/// A matrix of the model.
#[derive(Debug, Clone)]
pub struct Linear {
    /// The frozen weights.
    pub frozen: Frozen,
    /// The change that is trained, if this matrix is.
    pub change: Option<LowRankVars>,
}

impl Linear {
    /// The product with each row of `x`. `dropout` leaves numbers out of what the change reads.
    pub fn forward(&self, x: &Tensor, dropout: Option<Dropout>) -> Result<Tensor> {
        let Some(LowRankVars { down, up, scale }) = &self.change else {
            return self.frozen.forward(x);
        };
        match &self.frozen {
            Frozen::Packed { matrix, transposed } => {
                let op = ChangedProduct {
                    matrix: matrix.clone(),
                    transposed: transposed.clone(),
                    scale: *scale,
                    dropout,
                    inner: OnceLock::new(),
                };
                x.contiguous()?.apply_op3(down.as_tensor(), up.as_tensor(), op)
            }
            Frozen::Full(_) => {
                let read = match dropout {
                    Some(dropout) => {
                        let mask = dropout.mask(x.elem_count());
                        (x * Tensor::from_vec(mask, x.shape(), x.device())?)?
                    }
                    None => x.clone(),
                };
                let change = read.matmul(&down.t()?)?.matmul(&up.t()?)?;
                self.frozen.forward(x)? + (change * f64::from(*scale))?
            }
        }
    }
}

/// `W x + scale * up * down * dropout(x)`.
struct ChangedProduct {
    matrix: PackedMatrix,
    transposed: PackedMatrix,
    scale: f32,
    dropout: Option<Dropout>,
    /// `down * dropout(x)`, which the backward pass wants again: `[tokens, rank]`.
    inner: OnceLock<Vec<f32>>,
}

impl ChangedProduct {
    /// What the change reads of `x`.
    fn read<'a>(&self, x: &'a [f32], mask: Option<&[f32]>) -> std::borrow::Cow<'a, [f32]> {
        match mask {
            Some(mask) => x.iter().zip(mask).map(|(x, factor)| x * factor).collect(),
            None => x.into(),
        }
    }

    fn mask(&self, len: usize) -> Option<Vec<f32>> {
        self.dropout.map(|dropout| dropout.mask(len))
    }
}

impl CustomOp3 for ChangedProduct {
    fn name(&self) -> &'static str {
        "changed product"
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        x_layout: &Layout,
        down: &CpuStorage,
        down_layout: &Layout,
        up: &CpuStorage,
        up_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (x, down, up) = (slice(x, x_layout)?, slice(down, down_layout)?, slice(up, up_layout)?);
        let (rows, columns) = (self.matrix.rows(), self.matrix.columns());
        let (tokens, rank) = (x.len() / columns, down.len() / columns);
        let mut out = multiplied(&self.matrix, x);
        let mask = self.mask(x.len());
        let read = self.read(x, mask.as_deref());
        let mut inner = vec![0.0; tokens * rank];
        let (read, down) = (Operand::new(&read, columns), Operand::new(down, columns));
        product([tokens, columns, rank], 1.0, read, down.transposed(), &mut inner, rank, false);
        let up = Operand::new(up, rank).transposed();
        let size = [tokens, rank, rows];
        product(size, self.scale, Operand::new(&inner, rank), up, &mut out, rows, true);
        let _ = self.inner.set(inner);
        Ok(result(out, (tokens, rows)))
    }

    fn bwd(
        &self,
        x: &Tensor,
        down: &Tensor,
        up: &Tensor,
        _: &Tensor,
        gradient: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let gradient = gradient.contiguous()?;
        let inputs = [x, down, up, &gradient];
        let (of_x, of_down, of_up) = with_slices(inputs, |[x, down, up, gradient]| {
            let (rows, columns) = (self.matrix.rows(), self.matrix.columns());
            let (tokens, rank) = (x.len() / columns, down.len() / columns);
            let inner = self.inner.get().map_or(&[][..], Vec::as_slice);
            let gradients = Operand::new(gradient, rows);
            let mut of_up = vec![0.0; up.len()];
            let inner = Operand::new(inner, rank);
            let size = [rows, tokens, rank];
            product(size, self.scale, gradients.transposed(), inner, &mut of_up, rank, false);
            let mut of_inner = vec![0.0; tokens * rank];
            let size = [tokens, rows, rank];
            let up = Operand::new(up, rank);
            product(size, self.scale, gradients, up, &mut of_inner, rank, false);
            let of_inner = Operand::new(&of_inner, rank);
            let mask = self.mask(x.len());
            let mut of_down = vec![0.0; down.len()];
            let read = self.read(x, mask.as_deref());
            let (size, read) = ([rank, tokens, columns], Operand::new(&read, columns));
            product(size, 1.0, of_inner.transposed(), read, &mut of_down, columns, false);
            let mut of_x = multiplied(&self.transposed, gradient);
            let (size, down) = ([tokens, rank, columns], Operand::new(down, columns));
            match mask {
                None => product(size, 1.0, of_inner, down, &mut of_x, columns, true),
                Some(mask) => {
                    let mut of_read = vec![0.0; of_x.len()];
                    product(size, 1.0, of_inner, down, &mut of_read, columns, false);
                    let read = of_read.iter().zip(&mask);
                    of_x.iter_mut().zip(read).for_each(|(x, (read, factor))| *x += read * factor);
                }
            }
            (of_x, of_down, of_up)
        })?;
        let of_x = tensor(of_x, x.shape())?;
        Ok((Some(of_x), Some(tensor(of_down, down.shape())?), Some(tensor(of_up, up.shape())?)))
    }
}
