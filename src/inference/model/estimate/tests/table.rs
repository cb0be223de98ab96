//! The table of docs/models.md is what is estimated, from the sizes that the makers of models give.

use super::*;

const TABLE: &str = include_str!("../../../../../docs/models.md");

/// Name in the table, pass; layers, width, heads, heads of keys and values, values of a head, width of
/// the feed-forward part, vocabulary; whether the output matrix is the embedding.
type Sizes = (&'static str, Pass, [usize; 7], bool);

use Pass::{Candle, Own};

const MODELS: [Sizes; 21] = [
    ("SmolLM2-135M-Instruct", Own, [30, 576, 9, 3, 64, 1536, 49_152], true),
    ("SmolLM2-360M-Instruct", Own, [32, 960, 15, 5, 64, 2560, 49_152], true),
    ("SmolLM2-1.7B-Instruct", Own, [24, 2048, 32, 32, 64, 8192, 49_152], true),
    ("SmolLM3-3B", Own, [36, 2048, 16, 4, 128, 11_008, 128_256], true),
    ("Gemma 3 270M", Candle, [18, 640, 4, 1, 256, 2048, 262_144], true),
    ("Gemma 3 1B", Candle, [26, 1152, 4, 1, 256, 6912, 262_144], true),
    ("Gemma 3 4B", Candle, [34, 2560, 8, 4, 256, 10_240, 262_208], true),
    ("LFM2-350M", Candle, [16, 1024, 16, 8, 64, 4608, 65_536], true),
    ("LFM2-700M", Candle, [16, 1536, 24, 8, 64, 6912, 65_536], true),
    ("LFM2-1.2B", Candle, [16, 2048, 32, 8, 64, 8192, 65_536], true),
    ("Qwen2.5-0.5B-Instruct", Candle, [24, 896, 14, 2, 64, 4864, 151_936], true),
    ("Qwen2.5-1.5B-Instruct", Candle, [28, 1536, 12, 2, 128, 8960, 151_936], true),
    ("Qwen2.5-3B-Instruct", Candle, [36, 2048, 16, 2, 128, 11_008, 151_936], true),
    ("Qwen2.5-7B-Instruct", Candle, [28, 3584, 28, 4, 128, 18_944, 152_064], false),
    ("Qwen3-0.6B", Candle, [28, 1024, 16, 8, 128, 3072, 151_936], true),
    ("Qwen3-1.7B", Candle, [28, 2048, 16, 8, 128, 6144, 151_936], true),
    ("Qwen3-4B", Candle, [36, 2560, 32, 8, 128, 9728, 151_936], true),
    ("Qwen3-8B", Candle, [36, 4096, 32, 8, 128, 12_288, 151_936], false),
    ("Phi-3.5-mini-instruct", Candle, [32, 3072, 32, 32, 96, 8192, 32_064], false),
    ("Mistral-7B-Instruct-v0.3", Own, [32, 4096, 32, 8, 128, 14_336, 32_768], false),
    ("SOLAR-10.7B-Instruct-v1.0", Own, [48, 4096, 32, 8, 128, 14_336, 32_000], false),
];

/// The layers of LFM 2 that are attention.
const ATTENTION: [usize; 6] = [2, 5, 8, 10, 12, 14];

/// As llama.cpp quantises a matrix in its files of type `Q4_0`, `Q4_K_M` or `Q8_0`.
fn kind(of: &str, name: &str, layer: usize, layers: usize, columns: usize) -> &'static str {
    let is_output = matches!(name, "output.weight" | "tied");
    let better = layer < layers / 8 || layer >= 7 * layers / 8 || (layer - layers / 8) % 3 == 2;
    let better = better && (name.contains("attn_v") || name.contains("ffn_down"));
    match (of, is_output || better && of == "Q4_K_M", columns.is_multiple_of(256)) {
        ("Q8_0", ..) | (_, true, false) => "Q8_0",
        (_, true, true) => "Q6_K",
        ("Q4_K_M", false, true) => "Q4_K",
        ("Q4_K_M", false, false) => "Q5_0",
        _ => "Q4_0",
    }
}

fn bytes(kind: &str, numbers: usize) -> u64 {
    let (block, size) = match kind {
        "Q4_0" => (32, 18),
        "Q5_0" => (32, 22),
        "Q8_0" => (32, 34),
        "Q4_K" => (256, 144),
        "Q6_K" => (256, 210),
        _ => (1, 4),
    };
    (numbers / block * size) as u64
}

fn sizes_of(
    (name, _, [layers, width, heads, kv_heads, head_dim, inner, vocabulary], _): &Sizes,
) -> ModelSizes {
    let is_lfm = name.starts_with("LFM2");
    let convolves = |layer: usize| is_lfm && !ATTENTION.contains(&layer);
    let kv_heads = (0..*layers).map(|layer| if convolves(layer) { 0 } else { *kv_heads }).collect();
    let (context, window) = (4096, None);
    let [width, heads, head_dim, inner, vocabulary] =
        [*width, *heads, *head_dim, *inner, *vocabulary];
    ModelSizes { width, heads, kv_heads, head_dim, inner, context, window, vocabulary }
}

fn tensors_of(model: &Sizes, of: &str) -> Vec<TensorFacts> {
    let (sizes, is_tied) = (sizes_of(model), model.3);
    let (width, query) = (sizes.width, sizes.heads * sizes.head_dim);
    let mut matrices = vec![("tied".to_owned(), 0, sizes.vocabulary, width)];
    if !is_tied {
        matrices = ["token_embd.weight", "output.weight"]
            .map(|name| (name.to_owned(), 0, sizes.vocabulary, width))
            .to_vec();
    }
    for (layer, kv_heads) in sizes.kv_heads.iter().enumerate() {
        let kv = kv_heads * sizes.head_dim;
        let mixer = match kv {
            0 => vec![("in_proj", 3 * width, width), ("out_proj", width, width)],
            _ => vec![
                ("attn_q", query, width),
                ("attn_k", kv, width),
                ("attn_v", kv, width),
                ("attn_output", width, query),
            ],
        };
        let feed = [
            ("ffn_gate", sizes.inner, width),
            ("ffn_up", sizes.inner, width),
            ("ffn_down", width, sizes.inner),
        ];
        for (name, rows, columns) in mixer.into_iter().chain(feed) {
            matrices.push((name.to_owned(), layer, rows, columns));
        }
    }
    let matrix = |(name, layer, rows, columns): (String, usize, usize, usize)| {
        let kind = kind(of, &name, layer, sizes.layers(), columns);
        let bytes = bytes(kind, rows * columns);
        TensorFacts { name, shape: vec![rows, columns], kind: kind.into(), bytes }
    };
    matrices.into_iter().map(matrix).collect()
}

/// GB as the table has them.
fn gigabytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / 1e9)
}

#[test]
fn the_table_of_models_is_what_is_estimated() {
    let plan = MemoryPlan { context: 4096, ..MemoryPlan::default() };
    let mut wrong = Vec::new();
    for model in &MODELS {
        let (name, pass, ..) = *model;
        let mut rows = TABLE.lines().filter(|line| line.starts_with('|'));
        let row = rows.find(|line| line.contains(&format!("[{name}]"))).unwrap_or_default();
        let [q4_0, q4_k_m, q8_0] = ["Q4_0", "Q4_K_M", "Q8_0"].map(|of| tensors_of(model, of));
        let small = if pass == Own { &q4_0 } else { &q4_k_m };
        let needed = |tensors: &[TensorFacts]| {
            gigabytes(MemoryEstimate::with(pass, &sizes_of(model), tensors, &plan).needed())
        };
        let file =
            |tensors: &[TensorFacts]| gigabytes(tensors.iter().map(|tensor| tensor.bytes).sum());
        let cells = [
            [file(&q4_0), file(&q4_k_m), file(&q8_0)].join(" / "),
            [needed(small), needed(&q8_0)].join(" / "),
            (if pass == Own { "own" } else { "candle" }).to_owned(),
        ];
        if !row.contains(&format!("| {} |", cells.join(" | "))) {
            wrong.push(format!("{name}: | {} |", cells.join(" | ")));
        }
    }
    assert!(wrong.is_empty(), "docs/models.md should have\n{}", wrong.join("\n"));
}
