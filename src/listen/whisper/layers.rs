//! What both halves of the model are built of. Every sequence is a matrix, one row a place.

use std::io::{Read, Seek};

use candle_core::{D, Module, Result, Tensor};
use candle_nn::Linear;

use super::super::ct2::{Ct2Error, Ct2File, Ct2Problem};

/// What comes of reading a file.
pub(super) type Loaded<T> = std::result::Result<T, Ct2Error>;

/// Reads layers by their names in the file.
pub(super) struct Weights<R> {
    pub(super) file: Ct2File<R>,
    /// How wide every place of a sequence is.
    pub(super) width: usize,
}

impl<R: Read + Seek> Weights<R> {
    /// Begins to read; the width is that of the first layer.
    pub(super) fn open(reader: R) -> Loaded<Self> {
        let file = Ct2File::open(reader)?;
        let width = file.shape("encoder/conv1/bias").and_then(|shape| shape.first().copied());
        Ok(Self { file, width: width.unwrap_or(0) })
    }

    pub(super) fn linear(&mut self, name: &str, from: usize, to: usize) -> Loaded<Linear> {
        let weight = self.file.tensor(&format!("{name}/weight"), &[to, from])?;
        let bias = self.file.tensor(&format!("{name}/bias"), &[to])?;
        Ok(Linear::new(weight, Some(bias)))
    }

    pub(super) fn norm(&mut self, name: &str) -> Loaded<Norm> {
        let scale = self.file.tensor(&format!("{name}/gamma"), &[self.width])?;
        let shift = self.file.tensor(&format!("{name}/beta"), &[self.width])?;
        Ok(Norm { scale, shift })
    }

    /// Two layers, one behind the other, that look at each place by itself.
    pub(super) fn feed_forward(&mut self, name: &str) -> Loaded<FeedForward> {
        let width = self.width;
        Ok(FeedForward {
            norm: self.norm(&format!("{name}/layer_norm"))?,
            widen: self.linear(&format!("{name}/linear_0"), width, 4 * width)?,
            narrow: self.linear(&format!("{name}/linear_1"), 4 * width, width)?,
        })
    }

    /// How many heads attend, in one half of the model.
    pub(super) fn heads(&mut self, half: &str) -> Loaded<usize> {
        let name = format!("{half}/num_heads");
        let heads = self.file.number(&name)?;
        if heads == 0 || self.width == 0 || !self.width.is_multiple_of(heads) {
            return Err(Ct2Error { offset: 0, problem: Ct2Problem::Size(name) });
        }
        Ok(heads)
    }

    /// How many layers there are whose names begin with `name`.
    pub(super) fn layers(&self, name: &str) -> usize {
        let there =
            |n: &usize| self.file.shape(&format!("{name}/layer_{n}/ffn/linear_0/bias")).is_some();
        (0..).take_while(there).count()
    }
}

/// Brings each place to mean 0 and variance 1.
#[derive(Debug)]
pub(super) struct Norm {
    scale: Tensor,
    shift: Tensor,
}

impl Module for Norm {
    fn forward(&self, rows: &Tensor) -> Result<Tensor> {
        candle_nn::ops::layer_norm(rows, &self.scale, &self.shift, 1e-5)
    }
}

/// A norm and two layers.
#[derive(Debug)]
pub(super) struct FeedForward {
    norm: Norm,
    widen: Linear,
    narrow: Linear,
}

impl Module for FeedForward {
    fn forward(&self, rows: &Tensor) -> Result<Tensor> {
        let wide = self.widen.forward(&self.norm.forward(rows)?)?.gelu_erf()?;
        rows + self.narrow.forward(&wide)?
    }
}

/// Cuts rows into heads: `[rows, width]` to `[heads, rows, width / heads]`.
pub(super) fn heads(rows: &Tensor, heads: usize) -> Result<Tensor> {
    let (places, width) = rows.dims2()?;
    rows.reshape((places, heads, width / heads))?.transpose(0, 1)?.contiguous()
}

/// What each query finds among keys and values, as rows again. All are cut into heads; `mask` is
/// added to how well a query fits a key.
pub(super) fn attend(
    queries: &Tensor,
    keys: &Tensor,
    values: &Tensor,
    mask: Option<&Tensor>,
) -> Result<Tensor> {
    let (heads, places, width) = queries.dims3()?;
    let scale = (width as f64).powf(-0.5);
    let mut fit = (queries * scale)?.matmul(&keys.transpose(D::Minus1, D::Minus2)?)?;
    if let Some(mask) = mask {
        fit = fit.broadcast_add(mask)?;
    }
    let found = candle_nn::ops::softmax_last_dim(&fit)?.matmul(values)?;
    found.transpose(0, 1)?.reshape((places, heads * width))
}
