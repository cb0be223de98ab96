//! The half of the model that hears.

use std::{
    io::{Read, Seek},
    sync::atomic::{AtomicBool, Ordering},
};

use candle_core::{Module, Tensor};
use candle_nn::{Conv1d, Conv1dConfig, Linear};

use super::{
    super::{error::ListenError, mel::BANDS},
    layers::{FeedForward, Loaded, Norm, Weights, attend, heads},
};

/// Turns columns of band energies into what the decoder reads, one place for two columns.
#[derive(Debug)]
pub(super) struct Encoder {
    first: Conv1d,
    second: Conv1d,
    places: Tensor,
    layers: Vec<Layer>,
    norm: Norm,
    heads: usize,
}

#[derive(Debug)]
struct Layer {
    norm: Norm,
    /// Queries, keys and values at once.
    read: Linear,
    write: Linear,
    feed_forward: FeedForward,
}

impl Encoder {
    pub(super) fn load<R: Read + Seek>(weights: &mut Weights<R>) -> Loaded<Self> {
        let width = weights.width;
        let mut convolution = |name: &str, from, stride| {
            let weight =
                weights.file.tensor(&format!("encoder/{name}/weight"), &[width, from, 3])?;
            let bias = weights.file.tensor(&format!("encoder/{name}/bias"), &[width])?;
            let config = Conv1dConfig { padding: 1, stride, ..Conv1dConfig::default() };
            Ok(Conv1d::new(weight, Some(bias), config))
        };
        let first = convolution("conv1", BANDS, 1)?;
        let second = convolution("conv2", width, 2)?;
        let places = "encoder/position_encodings/encodings";
        let most = weights.file.shape(places).and_then(|shape| shape.first().copied());
        Ok(Self {
            first,
            second,
            layers: (0..weights.layers("encoder"))
                .map(|n| Layer::load(weights, &format!("encoder/layer_{n}")))
                .collect::<Loaded<_>>()?,
            places: weights.file.tensor(places, &[most.unwrap_or(0), width])?,
            norm: weights.norm("encoder/layer_norm")?,
            heads: weights.heads("encoder")?,
        })
    }

    /// How many columns it can hear at once.
    pub(super) fn most_columns(&self) -> usize {
        self.places.dims().first().map_or(0, |places| 2 * places)
    }

    /// Hears columns, `[1, bands, columns]`; gives `[columns / 2, width]`.
    pub(super) fn hear(
        &self,
        columns: &Tensor,
        cancelled: &AtomicBool,
    ) -> Result<Tensor, ListenError> {
        let rows = self.second.forward(&self.first.forward(columns)?.gelu_erf()?)?.gelu_erf()?;
        let rows = rows.squeeze(0)?.t()?.contiguous()?;
        let mut rows = (&rows + self.places.narrow(0, 0, rows.dim(0)?)?)?;
        for layer in &self.layers {
            if cancelled.load(Ordering::Relaxed) {
                return Err(ListenError::Cancelled);
            }
            rows = layer.forward(&rows, self.heads)?;
        }
        Ok(self.norm.forward(&rows)?)
    }
}

impl Layer {
    fn load<R: Read + Seek>(weights: &mut Weights<R>, name: &str) -> Loaded<Self> {
        let width = weights.width;
        Ok(Self {
            norm: weights.norm(&format!("{name}/self_attention/layer_norm"))?,
            read: weights.linear(&format!("{name}/self_attention/linear_0"), width, 3 * width)?,
            write: weights.linear(&format!("{name}/self_attention/linear_1"), width, width)?,
            feed_forward: weights.feed_forward(&format!("{name}/ffn"))?,
        })
    }

    fn forward(&self, rows: &Tensor, many: usize) -> candle_core::Result<Tensor> {
        let read = self.read.forward(&self.norm.forward(rows)?)?.chunk(3, 1)?;
        let part = |n: usize| heads(&read[n], many);
        let found = attend(&part(0)?, &part(1)?, &part(2)?, None)?;
        self.feed_forward.forward(&(rows + self.write.forward(&found)?)?)
    }
}
