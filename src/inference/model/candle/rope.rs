//! Rotary positions (Su et al., 2021, arXiv:2104.09864). A value is paired with the one half a head
//! further, in the order of GPT-NeoX, or with its neighbour.

use candle_core::{D, Device, Tensor};
use candle_nn::rotary_emb;

/// The frequencies of a layer.
#[derive(Debug, Clone)]
pub(super) struct Rope {
    /// Half as many as values are rotated, in radians per token.
    frequencies: Vec<f64>,
    /// What rotated values are multiplied by.
    magnitude: f64,
    /// Whether neighbours are pairs.
    of_neighbours: bool,
}

impl Rope {
    /// Frequencies from 1 down to about 1 / `base`, for positions that are divided by `scaling`.
    pub(super) fn new(dims: usize, base: f32, scaling: f32) -> Self {
        let frequency = |i: usize| f64::from(base).powf(-(i as f64) / dims as f64);
        let scaled = |i| frequency(i) / f64::from(scaling);
        let frequencies = (0..dims).step_by(2).map(scaled).collect();
        Self { frequencies, magnitude: 1.0, of_neighbours: false }
    }

    /// Turns neighbours together.
    pub(super) fn of_neighbours(mut self, of_neighbours: bool) -> Self {
        self.of_neighbours = of_neighbours;
        self
    }

    /// Divides each frequency by a factor of its own, and multiplies what is rotated (`LongRoPE`:
    /// Ding et al., 2024, arXiv:2402.13753).
    pub(super) fn long(mut self, factors: &[f32], magnitude: f32) -> Self {
        self.magnitude = magnitude.into();
        for (frequency, factor) in self.frequencies.iter_mut().zip(factors) {
            *frequency /= f64::from(*factor);
        }
        self
    }

    /// What tokens at `count` positions from `first` on are turned by.
    pub(super) fn turns(
        &self,
        first: usize,
        count: usize,
        device: &Device,
    ) -> candle_core::Result<Turns> {
        let angles: Vec<f64> = (first..first + count)
            .flat_map(|position| self.frequencies.iter().map(move |x| x * position as f64))
            .collect();
        let table = |of: fn(f64) -> f64| {
            let values: Vec<f32> =
                angles.iter().map(|&angle| (self.magnitude * of(angle)) as f32).collect();
            Tensor::from_vec(values, (count, self.frequencies.len()), device)
        };
        let (cos, sin) = (table(f64::cos)?, table(f64::sin)?);
        Ok(Turns { cos, sin, of_neighbours: self.of_neighbours })
    }
}

/// Cosines and sines, `[count, dims / 2]`.
#[derive(Debug, Clone)]
pub(super) struct Turns {
    cos: Tensor,
    sin: Tensor,
    of_neighbours: bool,
}

impl Turns {
    /// Turns the first values of heads `[heads, count, head_dim]`; the others stay.
    pub(super) fn apply(&self, x: &Tensor) -> candle_core::Result<Tensor> {
        let (dims, head_dim) = (2 * self.cos.dim(1)?, x.dim(2)?);
        let turned = x.narrow(D::Minus1, 0, dims)?.contiguous()?.unsqueeze(0)?;
        let turn = if self.of_neighbours { rotary_emb::rope_i } else { rotary_emb::rope };
        let turned = turn(&turned, &self.cos, &self.sin)?.squeeze(0)?;
        if dims == head_dim {
            return Ok(turned);
        }
        let rest = x.narrow(D::Minus1, dims, head_dim - dims)?;
        Tensor::cat(&[turned, rest.contiguous()?], D::Minus1)
    }
}
