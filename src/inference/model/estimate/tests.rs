mod table;

use super::*;
use crate::inference::kernels::{KvBlock, KvShape, PackedMatrix};

/// SOLAR-10.7B as its makers give it: llama, 48 layers.
fn solar() -> ModelSizes {
    ModelSizes {
        width: 4096,
        heads: 32,
        kv_heads: vec![8; 48],
        head_dim: 128,
        inner: 14_336,
        context: 4096,
        window: None,
        vocabulary: 32_000,
    }
}

fn tensor(name: &str, kind: &str, shape: &[usize]) -> TensorFacts {
    let bits = match kind {
        "F32" => 32,
        "F16" => 16,
        "Q8_0" => 34 * 8 / 32,
        _ => 18 * 8 / 32,
    };
    let numbers: usize = shape.iter().product();
    let bytes = (numbers * bits / 8) as u64;
    TensorFacts { name: name.into(), shape: shape.to_vec(), kind: kind.into(), bytes }
}

fn tensors(sizes: &ModelSizes, kind: &str) -> Vec<TensorFacts> {
    let (width, inner) = (sizes.width, sizes.inner);
    let query = sizes.heads * sizes.head_dim;
    let mut all = vec![
        tensor("token_embd.weight", kind, &[sizes.vocabulary, width]),
        tensor("output.weight", kind, &[sizes.vocabulary, width]),
        tensor("output_norm.weight", "F32", &[width]),
    ];
    for (layer, kv_heads) in sizes.kv_heads.iter().enumerate() {
        let kv = kv_heads * sizes.head_dim;
        for (part, shape) in [
            ("attn_q", [query, width]),
            ("attn_k", [kv, width]),
            ("attn_v", [kv, width]),
            ("attn_output", [width, query]),
            ("ffn_gate", [inner, width]),
            ("ffn_up", [inner, width]),
            ("ffn_down", [width, inner]),
        ] {
            all.push(tensor(&format!("blk.{layer}.{part}.weight"), kind, &shape));
        }
        all.push(tensor(&format!("blk.{layer}.attn_norm.weight"), "F32", &[width]));
    }
    all
}

fn estimate(pass: Pass, kind: &str, plan: &MemoryPlan) -> MemoryEstimate {
    MemoryEstimate::with(pass, &solar(), &tensors(&solar(), kind), plan)
}

#[test]
fn a_large_model_needs_what_its_bits_say() {
    let plan = MemoryPlan { context: 4096, ..MemoryPlan::default() };
    let parameters = 10.73e9;
    for (kind, bits) in [
        ("Q4_0", 5.0),
        ("Q4K", 5.0),
        ("Q5_0", 6.0),
        ("Q5K", 6.0),
        ("Q6K", 7.0),
        ("Q8_0", 8.5),
        ("Q3K", 8.5),
        ("F16", 8.5),
    ] {
        let weights = estimate(Pass::Own, kind, &plan).weights as f64;
        let expected = parameters * bits / 8.0;
        assert!((weights / expected - 1.0).abs() < 0.01, "{kind}: {weights}, not {expected}");
    }
}

#[test]
fn conversations_take_what_the_blocks_of_the_cache_take() {
    let shape = KvShape { layers: 48, kv_heads: 8, head_dim: 128 };
    let block = KvBlock::bytes(shape) as u64;
    let one_token = MemoryPlan { context: 1, idols: 1, ..MemoryPlan::default() };
    assert_eq!(estimate(Pass::Own, "Q4_0", &one_token).conversations, block);
    let many = MemoryPlan { context: 4096, idols: 4, ..MemoryPlan::default() };
    assert_eq!(estimate(Pass::Own, "Q4_0", &many).conversations, 4 * 256 * block);
    // f32, for keys and for values.
    let candle = estimate(Pass::Candle, "Q8_0", &one_token).conversations;
    assert_eq!(candle, 48 * 8 * 128 * 2 * 4);
}

#[test]
fn a_convolution_keeps_little() {
    let mut sizes = solar();
    let plan = MemoryPlan { context: 1000, idols: 1, ..MemoryPlan::default() };
    let all = conversations::bytes(Pass::Candle, &sizes, plan.context);
    sizes.kv_heads[0] = 0;
    let fewer = conversations::bytes(Pass::Candle, &sizes, plan.context);
    assert_eq!(all - fewer, 8 * 128 * 2 * 4 * 1000 - 2 * 4 * 4096);
}

#[test]
fn packed_weights_are_counted_as_they_are_packed() {
    let values = vec![0.5; 20 * 40];
    let packed = PackedMatrix::from_f32(20, 40, &values);
    let held = weights::held(Pass::Own, &[tensor("a", "F32", &[20, 40])]);
    assert_eq!(held, packed.bytes().len() as u64);
}

#[test]
fn what_is_remembered_is_counted_up_to_its_limit_only() {
    let plan = MemoryPlan { context: 4096, cache_bytes: 1, ..MemoryPlan::default() };
    assert_eq!(estimate(Pass::Own, "Q4_0", &plan).remembered, 0);
    let plan = MemoryPlan { context: 16, idols: 1, ..plan };
    let roomy = MemoryPlan { cache_bytes: 10_000_000_000, ..plan.clone() };
    let (tight, roomy) = (estimate(Pass::Own, "Q4_0", &plan), estimate(Pass::Own, "Q4_0", &roomy));
    assert_eq!(roomy.remembered + roomy.conversations, 10_000_000_000);
    assert!(roomy.needed() > tight.needed());
}

#[test]
fn sizes_without_sense_give_a_number_all_the_same() {
    let sizes = ModelSizes {
        width: usize::MAX,
        heads: usize::MAX,
        kv_heads: vec![usize::MAX; 3],
        head_dim: 1 << 32,
        inner: usize::MAX,
        context: usize::MAX,
        window: None,
        vocabulary: usize::MAX,
    };
    let plan = MemoryPlan { context: usize::MAX, idols: usize::MAX, ..MemoryPlan::default() };
    let huge = tensor("a", "F16", &[1 << 20, 1 << 10]);
    let huge = TensorFacts { shape: vec![usize::MAX, usize::MAX], ..huge };
    for pass in [Pass::Own, Pass::Candle] {
        let tensors = std::slice::from_ref(&huge);
        assert_eq!(MemoryEstimate::with(pass, &sizes, tensors, &plan).needed(), u64::MAX);
    }
}

fn refused(kind: &str, free: u64) -> DoesNotFit {
    let (sizes, plan) = (solar(), MemoryPlan { context: 4096, ..MemoryPlan::default() });
    let tensors = tensors(&sizes, kind);
    DoesNotFit::among("SOLAR".into(), Pass::Own, &sizes, &tensors, &plan, free).unwrap_err()
}

#[test]
fn a_refusal_says_what_would_fit() {
    let needed = estimate(Pass::Own, "Q8_0", &MemoryPlan::default()).needed();
    let text = refused("Q8_0", needed + 10_000_000).to_string();
    assert!(text.contains("lower `max_context` to 2048"), "{text}");
    assert!(text.contains("Q4_0 needs") && !text.contains("still too much"), "{text}");
    assert!(text.contains("`SOLAR` needs 1") && text.contains("check_memory"), "{text}");
    let text = refused("Q8_0", 4_000_000_000).to_string();
    assert!(text.contains("4.0 GB are free") && text.contains("still too much"), "{text}");
    assert!(text.contains("a smaller model") && text.contains("`remote`"), "{text}");
}

#[test]
fn the_smallest_quantisation_is_not_advised_to_who_has_it() {
    let error = refused("Q4_0", 3_000_000_000);
    assert_eq!((error.smaller, error.fitting_context), (None, None));
}

#[test]
fn what_fits_is_not_refused() {
    let (sizes, plan) = (solar(), MemoryPlan::default());
    let tensors = tensors(&sizes, "Q4_0");
    let needed = MemoryEstimate::with(Pass::Own, &sizes, &tensors, &plan).needed();
    let check = |free| DoesNotFit::among("SOLAR".into(), Pass::Own, &sizes, &tensors, &plan, free);
    assert_eq!(check(needed), Ok(()));
    assert!(check(needed - 1).is_err());
}
