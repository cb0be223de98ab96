//! A llama model whose matrices are in the types that people's files have: what is read of it, how
//! much it takes, and that it computes what the same numbers compute unquantised.

use std::path::{Path, PathBuf};

use bevy_persona::inference::model::{
    self, CandleModel, MemoryEstimate, MemoryPlan, ModelFacts, ModelOptions, TensorFacts,
};
use candle_core::{
    Device,
    quantized::{GgmlDType, QTensor},
};
use tempfile::TempDir;

use super::{
    SOFT,
    common::{
        reader::{cosine, likeliest},
        tiny_gguf::{Size, TinyGguf},
        worker::{ask, assert_well_tagged, request},
    },
    load, logits, logits_keeping, worker,
};

/// Rows of whole blocks of 256.
const SIZE: Size = Size { width: 256, hidden: 512 };

/// The types of a file as llama.cpp mixes them, and some that it could.
const MIXED: [(&str, GgmlDType); 9] = [
    ("token_embd", GgmlDType::Q6K),
    ("output", GgmlDType::Q6K),
    ("attn_q", GgmlDType::Q4K),
    ("attn_k", GgmlDType::Q5K),
    ("attn_v", GgmlDType::Q6K),
    ("attn_output", GgmlDType::Q5_0),
    ("ffn_gate", GgmlDType::Q4K),
    ("ffn_up", GgmlDType::Q5_1),
    ("ffn_down", GgmlDType::Q3K),
];

/// A model in a type, and the same numbers in 32 bits.
struct Pair {
    folder: TempDir,
}

impl Pair {
    /// With each matrix in the type of its name.
    fn new(kind: impl Fn(&str) -> GgmlDType) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let [mut quantised, mut plain] = [(); 2].map(|()| TinyGguf::byte_level(SIZE));
        for (quantised, plain) in quantised.tensors.iter_mut().zip(&mut plain.tensors) {
            let (name, tensor) = quantised;
            let [_, _] = tensor.shape().dims() else { continue };
            let part = name.trim_end_matches(".weight").rsplit('.').next().unwrap_or_default();
            let soft = if part == "attn_q" { SOFT } else { 1.0 };
            let values = tensor.dequantize(&Device::Cpu);
            let values = values.and_then(|values| values * f64::from(soft)).expect("numbers");
            *tensor = QTensor::quantize(&values, kind(part)).expect("whole blocks");
            let values = tensor.dequantize(&Device::Cpu).expect("numbers");
            plain.1 = QTensor::quantize(&values, GgmlDType::F32).expect("any shape can be f32");
        }
        let pair = Self { folder };
        quantised.write(&pair.quantised());
        plain.write(&pair.plain());
        pair
    }

    fn quantised(&self) -> PathBuf {
        self.folder.path().join("quantised.gguf")
    }

    fn plain(&self) -> PathBuf {
        self.folder.path().join("plain.gguf")
    }
}

fn mixed(part: &str) -> GgmlDType {
    let kind = MIXED.iter().find(|(name, _)| *name == part);
    kind.unwrap_or_else(|| panic!("no type for {part}")).1
}

/// The logits by candle's kernels, which take the blocks as they are.
fn by_candle(path: &Path) -> Vec<f32> {
    let (mut file, options) = (model::open(path).expect("a whole file"), ModelOptions::default());
    let loaded = CandleModel::load("llama", &mut *file, &options, &Device::Cpu, &mut |_, _| true);
    logits(&mut loaded.expect("a known architecture").expect("a whole model"))
}

#[test]
fn a_model_of_each_type_computes_what_its_numbers_say() {
    use GgmlDType::{Q2K, Q3K, Q4_0, Q4_1, Q4K, Q5_0, Q5_1, Q5K, Q6K, Q8_0};
    for kind in [Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2K, Q3K, Q4K, Q5K, Q6K] {
        let pair = Pair::new(|_| kind);
        let ours = logits(&mut *load(&pair.quantised()));
        for (what, theirs) in [
            ("the same numbers in 8 bits", logits(&mut *load(&pair.plain()))),
            ("the same numbers by candle", by_candle(&pair.plain())),
            ("candle's kernels", by_candle(&pair.quantised())),
        ] {
            let alike = cosine(&ours, &theirs);
            assert!(alike > 0.999, "{kind:?} against {what}: {alike}");
            assert_eq!(likeliest(&ours), likeliest(&theirs), "{kind:?} against {what}");
        }
    }
}

#[test]
fn a_model_of_mixed_types_loads_and_speaks() {
    let pair = Pair::new(mixed);
    let facts = ModelFacts::of(&*model::open(&pair.quantised()).unwrap());
    let mut kinds: Vec<&str> = facts.quantisation.iter().map(|share| share.name.as_str()).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["F32", "Q3_K", "Q4_K", "Q5_0", "Q5_1", "Q5_K", "Q6_K"]);
    let (ours, theirs) = (logits(&mut *load(&pair.quantised())), logits(&mut *load(&pair.plain())));
    assert!(cosine(&ours, &theirs) > 0.999, "{}", cosine(&ours, &theirs));
    let reply = ask(&worker(&pair.quantised()), request("Hi!"));
    reply.outcome();
    assert_well_tagged(&reply, &request("").palette);
}

#[test]
fn it_takes_the_memory_of_its_types_as_estimated() {
    use GgmlDType::{F32, Q3K, Q4_0, Q4K, Q5_0, Q5K, Q6K, Q8_0};
    for (kind, bits) in [
        (Q4_0, 5.0),
        (Q4K, 5.0),
        (Q5_0, 6.0),
        (Q5K, 6.0),
        (Q6K, 7.0),
        (Q8_0, 8.5),
        (Q3K, 8.5),
        (F32, 8.5),
    ] {
        let pair = Pair::new(|_| kind);
        let file = model::open(&pair.quantised()).unwrap();
        let numbers: u64 = file
            .tensors()
            .iter()
            .filter(|tensor| tensor.shape.len() == 2)
            .map(TensorFacts::elements)
            .sum();
        let measured = load(&pair.quantised()).memory().weights as f64;
        // 269 rows of two matrices are padded to 272.
        let expected = numbers as f64 * bits / 8.0;
        assert!((1.0..1.01).contains(&(measured / expected)), "{kind:?}: {measured}");
        let estimated = MemoryEstimate::of(&*file, &MemoryPlan::default()).unwrap().weights as f64;
        // Norms are few, and estimated only.
        assert!((1.0..1.02).contains(&(estimated / measured)), "{kind:?}: {estimated}, {measured}");
    }
}

#[test]
fn what_was_repacked_is_kept() {
    let pair = Pair::new(mixed);
    let kept = tempfile::tempdir().unwrap();
    let load = || logits_keeping(&pair.quantised(), kept.path());
    let (first, second) = (load(), load());
    assert_eq!((first.1, second.1), (true, false));
    assert_eq!(first.0, second.0);
}
