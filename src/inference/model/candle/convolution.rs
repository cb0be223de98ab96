//! LFM 2's short convolution: each value of the last few tokens, weighted and gated twice
//! (Liquid AI, 2025, arXiv:2511.23404).

use candle_core::{DType, Tensor};

use super::{Source, config::Config, matrix::Matrix, memory::Memory};
use crate::inference::model::GgufError;

/// The weights of a layer's convolution.
#[derive(Debug)]
pub(super) struct Convolution {
    /// Makes two gates and the input.
    input: Matrix,
    /// One weight per value, for the token furthest back first: `[1, width]` each.
    kernel: Vec<Tensor>,
    output: Matrix,
    width: usize,
}

impl Convolution {
    pub(super) fn read(
        source: &mut Source<'_>,
        config: &Config,
        layer: usize,
    ) -> Result<Self, GgufError> {
        let width = config.width;
        let name = |part: &str| format!("blk.{layer}.shortconv.{part}.weight");
        Ok(Self {
            input: Matrix::read(source, &name("in_proj"), Some(3 * width), width)?,
            kernel: kernel(source, &name("conv"), width)?,
            output: Matrix::read(source, &name("out_proj"), Some(width), width)?,
            width,
        })
    }

    /// The memory of the weights, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.input.bytes() + self.output.bytes()
    }

    /// What new tokens `x` `[count, width]` take from the last ones and from each other.
    pub(super) fn forward(&self, x: &Tensor, memory: &mut Memory) -> candle_core::Result<Tensor> {
        let (count, past) = (x.dim(0)?, self.kernel.len() - 1);
        let parts = self.input.apply(x)?;
        let part = |index: usize| parts.narrow(1, index * self.width, self.width);
        let input = (part(0)? * part(2)?)?;
        let before = match memory {
            Memory::Convolution(last) => last.clone(),
            _ => Tensor::zeros((past, self.width), DType::F32, x.device())?,
        };
        let all = Tensor::cat(&[&before, &input], 0)?;
        *memory = Memory::Convolution(all.narrow(0, count, past)?.contiguous()?);
        let mut sum = all.narrow(0, 0, count)?.broadcast_mul(&self.kernel[0])?;
        for (index, weights) in self.kernel.iter().enumerate().skip(1) {
            sum = (sum + all.narrow(0, index, count)?.broadcast_mul(weights)?)?;
        }
        self.output.apply(&(part(1)? * sum)?)
    }
}

/// Reads a kernel `[width, length]`; some converters write a dimension of one in between.
fn kernel(source: &mut Source<'_>, name: &str, width: usize) -> Result<Vec<Tensor>, GgufError> {
    let kernel = source.file.dequantized(name)?;
    let dims = kernel.dims().to_vec();
    let rows = |kernel: Tensor| -> candle_core::Result<Vec<Tensor>> {
        let kernel = kernel.to_device(source.device)?;
        let kernel = kernel.reshape((width, ()))?.t()?.contiguous()?;
        kernel.chunk(kernel.dim(0)?, 0)
    };
    match (dims.first(), dims.last(), rows(kernel)) {
        (Some(&first), Some(&last), Ok(rows))
            if first == width && last == rows.len() && last > 1 =>
        {
            Ok(rows)
        }
        _ => Err(GgufError::Shape(format!("`{name}` is {dims:?}, not {width} by a few"))),
    }
}
