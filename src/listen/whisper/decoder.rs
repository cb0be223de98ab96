//! The half of the model that writes.

use std::io::{Read, Seek};

use candle_core::{Device, Module, Result, Tensor};
use candle_nn::{Linear, kv_cache::KvCache};

use super::layers::{FeedForward, Loaded, Norm, Weights, attend, heads};

/// Writes one token after another, from what the encoder heard.
#[derive(Debug)]
pub(super) struct Decoder {
    /// What each token is, and, used the other way round, how well it fits.
    tokens: Tensor,
    places: Tensor,
    layers: Vec<Layer>,
    norm: Norm,
    heads: usize,
}

#[derive(Debug)]
struct Layer {
    norm: Norm,
    /// Queries, keys and values of the text, at once.
    read: Linear,
    write: Linear,
    sound_norm: Norm,
    sound_query: Linear,
    /// Keys and values of the sound, at once.
    sound_read: Linear,
    sound_write: Linear,
    feed_forward: FeedForward,
}

/// A text that is being written.
pub(super) struct Writing {
    /// Keys and values of what is written, by layer.
    text: Vec<KvCache>,
    /// Keys and values of the sound, by layer.
    sound: Vec<(Tensor, Tensor)>,
    /// How many tokens there are.
    length: usize,
}

impl Writing {
    /// Forgets the text, but not the sound.
    pub(super) fn clear(&mut self) {
        self.text.iter_mut().for_each(KvCache::reset);
        self.length = 0;
    }
}

impl Decoder {
    pub(super) fn load<R: Read + Seek>(weights: &mut Weights<R>) -> Loaded<Self> {
        let width = weights.width;
        let mut table = |name: &str| {
            let rows = weights.file.shape(name).and_then(|shape| shape.first().copied());
            weights.file.tensor(name, &[rows.unwrap_or(0), width])
        };
        Ok(Self {
            tokens: table("decoder/embeddings/weight")?,
            places: table("decoder/position_encodings/encodings")?,
            layers: (0..weights.layers("decoder"))
                .map(|n| Layer::load(weights, &format!("decoder/layer_{n}")))
                .collect::<Loaded<_>>()?,
            norm: weights.norm("decoder/layer_norm")?,
            heads: weights.heads("decoder")?,
        })
    }

    /// How many tokens it knows.
    pub(super) fn vocabulary_size(&self) -> usize {
        self.tokens.dims().first().copied().unwrap_or(0)
    }

    /// How many tokens one text may have.
    pub(super) fn most_tokens(&self) -> usize {
        self.places.dims().first().copied().unwrap_or(0)
    }

    /// Begins a text about a sound, which is what the encoder gave.
    pub(super) fn begin(&self, sound: &Tensor) -> Result<Writing> {
        let keys_and_values = |layer: &Layer| {
            let both = layer.sound_read.forward(sound)?.chunk(2, 1)?;
            Ok((heads(&both[0], self.heads)?, heads(&both[1], self.heads)?))
        };
        Ok(Writing {
            text: self.layers.iter().map(|_| KvCache::new(1, 64)).collect(),
            sound: self.layers.iter().map(keys_and_values).collect::<Result<_>>()?,
            length: 0,
        })
    }

    /// Appends tokens; gives how well each token of the vocabulary would follow the last of them.
    pub(super) fn write(&self, writing: &mut Writing, tokens: &[u32]) -> Result<Vec<f32>> {
        let places = self.places.narrow(0, writing.length, tokens.len())?;
        let mut rows = (self.tokens.embedding(&Tensor::new(tokens, &Device::Cpu)?)? + places)?;
        let mask = mask(tokens.len(), writing.length)?;
        for (n, layer) in self.layers.iter().enumerate() {
            let (text, sound) = (&mut writing.text[n], &writing.sound[n]);
            rows = layer.forward(&rows, text, sound, mask.as_ref(), self.heads)?;
        }
        writing.length += tokens.len();
        let last = self.norm.forward(&rows.narrow(0, tokens.len() - 1, 1)?)?;
        last.matmul(&self.tokens.t()?)?.squeeze(0)?.to_vec1()
    }
}

impl Layer {
    fn load<R: Read + Seek>(weights: &mut Weights<R>, name: &str) -> Loaded<Self> {
        let width = weights.width;
        let (text, sound) = (format!("{name}/self_attention"), format!("{name}/attention"));
        Ok(Self {
            norm: weights.norm(&format!("{text}/layer_norm"))?,
            read: weights.linear(&format!("{text}/linear_0"), width, 3 * width)?,
            write: weights.linear(&format!("{text}/linear_1"), width, width)?,
            sound_norm: weights.norm(&format!("{sound}/layer_norm"))?,
            sound_query: weights.linear(&format!("{sound}/linear_0"), width, width)?,
            sound_read: weights.linear(&format!("{sound}/linear_1"), width, 2 * width)?,
            sound_write: weights.linear(&format!("{sound}/linear_2"), width, width)?,
            feed_forward: weights.feed_forward(&format!("{name}/ffn"))?,
        })
    }

    fn forward(
        &self,
        rows: &Tensor,
        text: &mut KvCache,
        sound: &(Tensor, Tensor),
        mask: Option<&Tensor>,
        many: usize,
    ) -> Result<Tensor> {
        let read = self.read.forward(&self.norm.forward(rows)?)?.chunk(3, 1)?;
        let part = |n: usize| heads(&read[n], many);
        let (keys, values) = text.append(&part(1)?, &part(2)?)?;
        let found = attend(&part(0)?, &keys, &values, mask)?;
        let rows = (rows + self.write.forward(&found)?)?;

        let query = self.sound_query.forward(&self.sound_norm.forward(&rows)?)?;
        let found = attend(&heads(&query, many)?, &sound.0, &sound.1, None)?;
        let rows = (&rows + self.sound_write.forward(&found)?)?;
        self.feed_forward.forward(&rows)
    }
}

/// Keeps each of `new` tokens from seeing those behind it; nothing if there is only one.
fn mask(new: usize, before: usize) -> Result<Option<Tensor>> {
    if new == 1 {
        return Ok(None);
    }
    let all = before + new;
    let hidden = |row: usize, column: usize| column > before + row;
    let values: Vec<f32> = (0..new)
        .flat_map(|row| (0..all).map(move |column| (row, column)))
        .map(|(row, column)| if hidden(row, column) { f32::NEG_INFINITY } else { 0.0 })
        .collect();
    Tensor::from_vec(values, (new, all), &Device::Cpu).map(Some)
}
