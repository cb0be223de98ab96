//! A small Gemma 3 with random weights, against candle's: equal but for rounding.

use bevy_persona::inference::model::{self, GgufFile, ModelOptions};
use candle_core::{
    Device, Tensor,
    quantized::{
        GgmlDType, QTensor,
        gguf_file::{self, Value},
    },
};
use tempfile::NamedTempFile;

use super::{logits, weights::Reference};

// No width is a multiple of 32, so weights stay f32.
const WIDTH: usize = 40;
const HEADS: usize = 4;
const KV_HEADS: usize = 1;
const HEAD_DIM: usize = 12;
const INNER: usize = 72;
const VOCABULARY: usize = 50;
const WINDOW: usize = 6;
/// One layer more than are local before one sees all.
const LAYERS: usize = 7;

fn write() -> NamedTempFile {
    let (query, kv) = (HEADS * HEAD_DIM, KV_HEADS * HEAD_DIM);
    let mut shapes = vec![
        ("token_embd.weight".to_owned(), vec![VOCABULARY, WIDTH]),
        ("output_norm.weight".to_owned(), vec![WIDTH]),
    ];
    for layer in 0..LAYERS {
        for (part, shape) in [
            ("attn_norm", vec![WIDTH]),
            ("attn_q", vec![query, WIDTH]),
            ("attn_k", vec![kv, WIDTH]),
            ("attn_v", vec![kv, WIDTH]),
            ("attn_output", vec![WIDTH, query]),
            ("attn_q_norm", vec![HEAD_DIM]),
            ("attn_k_norm", vec![HEAD_DIM]),
            ("post_attention_norm", vec![WIDTH]),
            ("ffn_norm", vec![WIDTH]),
            ("ffn_gate", vec![INNER, WIDTH]),
            ("ffn_up", vec![INNER, WIDTH]),
            ("ffn_down", vec![WIDTH, INNER]),
            ("post_ffw_norm", vec![WIDTH]),
        ] {
            shapes.push((format!("blk.{layer}.{part}.weight"), shape));
        }
    }
    let mut seed = 3u32;
    let tensors = shapes.iter().map(|(name, shape)| {
        let tensor = Tensor::from_vec(random(shape, &mut seed), shape.as_slice(), &Device::Cpu);
        let tensor = tensor.expect("values for the shape");
        (name.as_str(), QTensor::quantize(&tensor, GgmlDType::F32).expect("f32 takes any shape"))
    });
    let tensors: Vec<_> = tensors.collect();
    let tensors: Vec<_> = tensors.iter().map(|(name, tensor)| (*name, tensor)).collect();
    let numbers = [
        ("gemma3.context_length", 64),
        ("gemma3.embedding_length", WIDTH),
        ("gemma3.block_count", LAYERS),
        ("gemma3.feed_forward_length", INNER),
        ("gemma3.attention.head_count", HEADS),
        ("gemma3.attention.head_count_kv", KV_HEADS),
        ("gemma3.attention.key_length", HEAD_DIM),
        ("gemma3.attention.value_length", HEAD_DIM),
        ("gemma3.attention.sliding_window", WINDOW),
    ];
    let mut values: Vec<(&str, Value)> =
        numbers.into_iter().map(|(key, number)| (key, Value::U32(number as u32))).collect();
    values.push(("general.architecture", Value::String("gemma3".into())));
    values.push(("gemma3.attention.layer_norm_rms_epsilon", Value::F32(1e-6)));
    values.push(("gemma3.rope.freq_base", Value::F32(1_000_000.0)));
    let values: Vec<_> = values.iter().map(|(key, value)| (*key, value)).collect();
    let mut file = NamedTempFile::new().expect("a file for the test");
    gguf_file::write(&mut file, &values, &tensors).expect("a file for the test");
    file
}

/// Vectors around 1, matrices that keep the size of what they are multiplied with.
fn random(shape: &[usize], seed: &mut u32) -> Vec<f32> {
    let (middle, scale) = match shape {
        [_, columns] => (0.0, 3.0 / (*columns as f32).sqrt()),
        _ => (1.0, 0.2),
    };
    let count: usize = shape.iter().product();
    let mut next = || {
        *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        middle + scale * ((*seed >> 8) as f32 / (1 << 23) as f32 - 1.0)
    };
    (0..count).map(|_| next()).collect()
}

#[test]
fn a_tiny_model_gives_what_candle_computes_within_and_beyond_its_window() {
    let file = write();
    let tokens: Vec<u32> = (0..24).map(|place| place * 29 % VOCABULARY as u32).collect();
    let mut ours = GgufFile::open(file.path()).expect("a whole file");
    let mut ours = model::load(&mut ours, &ModelOptions::default(), &mut |_, _| true)
        .expect("a model that is supported");
    for count in [1, WINDOW - 1, WINDOW, WINDOW + 1, 2 * WINDOW, 24] {
        let mut reference = Reference::load(file.path(), 64).expect("candle's model");
        let one_by_one = tokens[..count].iter().map(|&token| reference.read(&[token]));
        let expected = one_by_one.last().expect("tokens").expect("candle reads");
        for passes in [&[][..], &[1; 24][..count - 1]] {
            let found = logits(&mut *ours, &tokens[..count], passes);
            let size = expected.iter().fold(0.0f32, |size, x| size.max(x.abs()));
            let most = found.iter().zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(size > 0.1 && most < 1e-3 * size, "{count} tokens: {most} of {size}");
        }
    }
}
