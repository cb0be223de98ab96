//! The llama architecture: SmolLM2, Llama 2 and 3, Mistral, SOLAR.
//!
//! A decoder of pre-normalised blocks with rotary positions, grouped-query attention and a `SwiGLU`
//! feed-forward part (Touvron et al., 2023, arXiv:2302.13971; grouped queries: Ainslie et al., 2023,
//! arXiv:2305.13245). In GGUF files of this architecture the rows of the query and key matrices are
//! ordered for rotation in neighbouring pairs.

use std::rc::Rc;

use candle_core::{DType, Device, Tensor};
use candle_nn::{ops, rotary_emb};

use super::{
    CausalModel, CausalState, GgufError, GgufFile, LoadProgress,
    weights::{Matrix, apply_all},
};

/// A llama model in memory.
#[derive(Debug, Clone)]
pub struct Llama {
    weights: Rc<Weights>,
}

#[derive(Debug)]
struct Weights {
    config: Config,
    embedding: Matrix,
    layers: Vec<Layer>,
    norm: Tensor,
    /// None where the embedding serves as the output matrix.
    output: Option<Matrix>,
    cos: Tensor,
    sin: Tensor,
    device: Device,
}

#[derive(Debug, Clone, Copy)]
struct Config {
    context: usize,
    width: usize,
    heads: usize,
    kv_heads: usize,
    head_dim: usize,
    layers: usize,
    eps: f32,
    rope_base: f32,
}

#[derive(Debug)]
struct Layer {
    attention_norm: Tensor,
    query: Matrix,
    key: Matrix,
    value: Matrix,
    attention_output: Matrix,
    feed_norm: Tensor,
    gate: Matrix,
    up: Matrix,
    down: Matrix,
}

impl Config {
    /// The longest context that is used, whatever a file says: its tables take 32 MB.
    const LONGEST: usize = 131_072;

    fn read(file: &GgufFile) -> Result<Self, GgufError> {
        let metadata = file.metadata();
        let size = |key: &str| metadata.u32(key).map(|value| value as usize);
        let (width, heads) = (size("llama.embedding_length")?, size("llama.attention.head_count")?);
        let kv_heads = size("llama.attention.head_count_kv").unwrap_or(heads);
        if heads == 0 || kv_heads == 0 || heads % kv_heads != 0 || width % heads != 0 {
            return Err(GgufError::Shape(format!(
                "width {width}, {heads} heads, {kv_heads} key/value heads"
            )));
        }
        if metadata.u32("llama.expert_count").unwrap_or(0) > 0 {
            return Err(GgufError::Architecture {
                found: "llama with experts (MoE)".into(),
                supported: "llama without experts",
            });
        }
        let head_dim = size("llama.attention.key_length").unwrap_or(width / heads);
        if head_dim == 0 || head_dim % 2 != 0 {
            return Err(GgufError::Shape(format!("{head_dim} values per head")));
        }
        Ok(Self {
            context: size("llama.context_length")?.min(Self::LONGEST),
            width,
            heads,
            kv_heads,
            head_dim,
            layers: size("llama.block_count")?,
            eps: metadata.f32("llama.attention.layer_norm_rms_epsilon")?,
            rope_base: metadata.f32("llama.rope.freq_base").unwrap_or(10_000.0),
        })
    }
}

impl Llama {
    /// Reads the weights of a file.
    ///
    /// # Errors
    /// If a value or tensor is missing, their shapes do not fit together, or `progress` says to
    /// stop.
    pub fn load(
        file: &mut GgufFile,
        device: &Device,
        progress: &mut LoadProgress<'_>,
    ) -> Result<Self, GgufError> {
        let config = Config::read(file)?;
        let embedding = Matrix::read(file, "token_embd.weight", device)?;
        expect_shape("token_embd.weight", &embedding, None, config.width)?;
        let output = match file.has("output.weight") {
            true => {
                let output = Matrix::read(file, "output.weight", device)?;
                let rows = Some(embedding.rows());
                expect_shape("output.weight", &output, rows, config.width)?;
                Some(output)
            }
            false => None,
        };
        let mut layers = Vec::new();
        for index in 0..config.layers {
            if !progress(index as u64, config.layers as u64) {
                return Err(GgufError::Cancelled);
            }
            layers.push(Layer::read(file, index, &config, device)?);
        }
        let norm = vector(file, "output_norm.weight", config.width, device)?;
        let (cos, sin) = rope_tables(file, &config, device)?;
        let device = device.clone();
        let weights = Weights { config, embedding, layers, norm, output, cos, sin, device };
        Ok(Self { weights: Rc::new(weights) })
    }
}

impl CausalModel for Llama {
    fn context_length(&self) -> usize {
        self.weights.config.context
    }

    fn vocabulary(&self) -> usize {
        let weights = &*self.weights;
        weights.output.as_ref().unwrap_or(&weights.embedding).rows()
    }

    fn start(&self) -> Box<dyn CausalState> {
        let caches = self.weights.layers.iter().map(|_| LayerCache::default()).collect();
        Box::new(LlamaState { weights: Rc::clone(&self.weights), caches, len: 0 })
    }
}

fn expect_shape(
    name: &str,
    matrix: &Matrix,
    rows: Option<usize>,
    columns: usize,
) -> Result<(), GgufError> {
    let rows_fit = rows.is_none_or(|rows| rows == matrix.rows());
    if rows_fit && matrix.columns() == columns {
        return Ok(());
    }
    let rows = rows.map_or_else(|| "any number of".into(), |rows| rows.to_string());
    Err(GgufError::Shape(format!(
        "`{name}` is {} by {}, not {rows} by {columns}",
        matrix.rows(),
        matrix.columns()
    )))
}

fn vector(
    file: &mut GgufFile,
    name: &str,
    len: usize,
    device: &Device,
) -> Result<Tensor, GgufError> {
    let broken = |error: candle_core::Error| GgufError::Tensor {
        tensor: name.into(),
        error: error.to_string(),
    };
    let values = file.tensor(name, device)?.dequantize(device).map_err(broken)?;
    if values.elem_count() == len {
        Ok(values)
    } else {
        Err(GgufError::Shape(format!("`{name}` has {} values, not {len}", values.elem_count())))
    }
}

impl Layer {
    fn read(
        file: &mut GgufFile,
        index: usize,
        config: &Config,
        device: &Device,
    ) -> Result<Self, GgufError> {
        let Config { width, heads, kv_heads, head_dim, .. } = *config;
        let name = |part: &str| format!("blk.{index}.{part}.weight");
        let mut matrix = |part: &str, rows: Option<usize>, columns| {
            let name = name(part);
            let matrix = Matrix::read(file, &name, device)?;
            expect_shape(&name, &matrix, rows, columns).map(|()| matrix)
        };
        let query = matrix("attn_q", Some(heads * head_dim), width)?;
        let key = matrix("attn_k", Some(kv_heads * head_dim), width)?;
        let value = matrix("attn_v", Some(kv_heads * head_dim), width)?;
        let attention_output = matrix("attn_output", Some(width), heads * head_dim)?;
        let gate = matrix("ffn_gate", None, width)?;
        let up = matrix("ffn_up", Some(gate.rows()), width)?;
        let down = matrix("ffn_down", Some(width), gate.rows())?;
        Ok(Self {
            attention_norm: vector(file, &name("attn_norm"), width, device)?,
            feed_norm: vector(file, &name("ffn_norm"), width, device)?,
            query,
            key,
            value,
            attention_output,
            gate,
            up,
            down,
        })
    }
}

/// Cosines and sines of the rotary positions, `[context, head_dim / 2]` (Su et al., 2021,
/// arXiv:2104.09864), with Llama 3.1's frequency factors where the file has them.
fn rope_tables(
    file: &mut GgufFile,
    config: &Config,
    device: &Device,
) -> Result<(Tensor, Tensor), GgufError> {
    let half = config.head_dim / 2;
    let factors = match file.has("rope_freqs.weight") {
        true => Some(vector(file, "rope_freqs.weight", half, device)?),
        false => None,
    };
    let tables = || -> candle_core::Result<_> {
        let mut frequencies: Vec<f32> = (0..config.head_dim)
            .step_by(2)
            .map(|i| 1.0 / config.rope_base.powf(i as f32 / config.head_dim as f32))
            .collect();
        if let Some(factors) = factors {
            for (frequency, factor) in frequencies.iter_mut().zip(factors.to_vec1::<f32>()?) {
                *frequency /= factor;
            }
        }
        let frequencies = Tensor::from_vec(frequencies, (1, half), device)?;
        let positions = Tensor::arange(0, config.context as u32, device)?
            .to_dtype(DType::F32)?
            .reshape((config.context, 1))?;
        let angles = positions.matmul(&frequencies)?;
        Ok((angles.cos()?, angles.sin()?))
    };
    tables().map_err(|error| GgufError::Shape(format!("rotary positions: {error}")))
}

/// The keys and values of one layer, `[kv_heads, capacity, head_dim]`, in memory that grows by
/// doubling and is written in place.
#[derive(Debug, Default)]
struct LayerCache {
    keys: Option<Tensor>,
    values: Option<Tensor>,
}

impl LayerCache {
    /// The least room, in tokens.
    const LEAST: usize = 256;

    /// Writes the keys and values of new tokens behind the first `len`; gives all of them.
    fn append(
        &mut self,
        len: usize,
        keys: &Tensor,
        values: &Tensor,
    ) -> candle_core::Result<(Tensor, Tensor)> {
        let keys = put(&mut self.keys, len, keys)?;
        let values = put(&mut self.values, len, values)?;
        Ok((keys, values))
    }
}

fn put(store: &mut Option<Tensor>, len: usize, new: &Tensor) -> candle_core::Result<Tensor> {
    let (heads, count, dim) = new.dims3()?;
    let needed = len + count;
    let room = match store.take() {
        Some(room) if room.dim(1)? >= needed => room,
        old => {
            let capacity = needed.next_power_of_two().max(LayerCache::LEAST);
            let room = Tensor::zeros((heads, capacity, dim), new.dtype(), new.device())?;
            if let Some(old) = old.filter(|_| len > 0) {
                room.slice_set(&old.narrow(1, 0, len)?.contiguous()?, 1, 0)?;
            }
            room
        }
    };
    room.slice_set(&new.contiguous()?, 1, len)?;
    let known = room.narrow(1, 0, needed)?;
    *store = Some(room);
    Ok(known)
}

/// A conversation with a [`Llama`].
struct LlamaState {
    weights: Rc<Weights>,
    caches: Vec<LayerCache>,
    len: usize,
}

impl CausalState for LlamaState {
    fn len(&self) -> usize {
        self.len
    }

    fn truncate(&mut self, len: usize) -> usize {
        self.len = self.len.min(len);
        self.len
    }

    fn forward(&mut self, tokens: &[u32]) -> candle_core::Result<Vec<f32>> {
        let weights = &*self.weights;
        let Config { context, eps, .. } = weights.config;
        if tokens.is_empty() || self.len + tokens.len() > context {
            candle_core::bail!("{} + {} tokens of {context}", self.len, tokens.len());
        }
        let ids = Tensor::new(tokens, &weights.device)?;
        let mut x = weights.embedding.lookup(&ids)?;
        let mask = causal_mask(tokens.len(), self.len, &weights.device)?;
        for (layer, cache) in weights.layers.iter().zip(&mut self.caches) {
            let normed = ops::rms_norm(&x, &layer.attention_norm, eps)?;
            x = (x + attend(weights, layer, cache, &normed, self.len, mask.as_ref())?)?;
            let normed = ops::rms_norm(&x, &layer.feed_norm, eps)?;
            let [gate, up] = apply_all([&layer.gate, &layer.up], &normed)?;
            x = (x + layer.down.apply(&(ops::silu(&gate)? * up)?)?)?;
        }
        self.len += tokens.len();
        let last = x.narrow(0, tokens.len() - 1, 1)?.contiguous()?;
        let last = ops::rms_norm(&last, &weights.norm, eps)?;
        let head = weights.output.as_ref().unwrap_or(&weights.embedding);
        head.apply(&last)?.flatten_all()?.to_vec1()
    }
}

/// What each of `count` new tokens may not see, as an addend `[count, known + count]`; none for a
/// single token, which sees everything.
fn causal_mask(count: usize, known: usize, device: &Device) -> candle_core::Result<Option<Tensor>> {
    if count == 1 {
        return Ok(None);
    }
    let total = known + count;
    let mask: Vec<f32> = (0..count)
        .flat_map(|row| {
            (0..total).map(move |column| if column > known + row { f32::NEG_INFINITY } else { 0.0 })
        })
        .collect();
    Tensor::from_vec(mask, (1, count, total), device).map(Some)
}

/// Attention of the new tokens `x` `[count, width]` to all tokens so far.
///
/// The queries that share a key head form one matrix, so that no key or value is copied.
fn attend(
    weights: &Weights,
    layer: &Layer,
    cache: &mut LayerCache,
    x: &Tensor,
    known: usize,
    mask: Option<&Tensor>,
) -> candle_core::Result<Tensor> {
    let Config { heads, kv_heads, head_dim, .. } = weights.config;
    let count = x.dim(0)?;
    let group = heads / kv_heads;
    let [query, key, value] = apply_all([&layer.query, &layer.key, &layer.value], x)?;
    let by_head = |x: Tensor, heads| x.reshape((1, count, heads, head_dim))?.transpose(1, 2);
    let cos = weights.cos.narrow(0, known, count)?;
    let sin = weights.sin.narrow(0, known, count)?;
    let rotate = |x: Tensor| rotary_emb::rope_i(&x.contiguous()?, &cos, &sin)?.squeeze(0);
    let query = rotate(by_head(query, heads)?)?;
    let key = rotate(by_head(key, kv_heads)?)?;
    let value = by_head(value, kv_heads)?.squeeze(0)?;
    let (keys, values) = cache.append(known, &key, &value)?;

    let scale = 1.0 / (head_dim as f64).sqrt();
    let query = (query.reshape((kv_heads, group * count, head_dim))? * scale)?;
    let mut scores = query.matmul(&keys.transpose(1, 2)?)?;
    if let Some(mask) = mask {
        let total = known + count;
        scores = scores
            .reshape((kv_heads * group, count, total))?
            .broadcast_add(mask)?
            .reshape((kv_heads, group * count, total))?;
    }
    let weighted = ops::softmax_last_dim(&scores)?.matmul(&values)?;
    let joined = weighted
        .reshape((heads, count, head_dim))?
        .transpose(0, 1)?
        .contiguous()?
        .reshape((count, heads * head_dim))?;
    layer.attention_output.apply(&joined)
}
