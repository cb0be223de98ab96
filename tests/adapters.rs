//! Speakers with fine-tuned changes of their own in one model: each gets her own numbers, and the
//! right ones.
#![cfg(feature = "candle")]

pub mod common;

use std::path::PathBuf;

use bevy_persona::inference::model::{
    Adapter, AdapterId, CausalModel, GgufFile, Llama, LowRank, ModelOptions, SequenceId, Span,
    Target,
};
use candle_core::{
    Device, Tensor,
    quantized::{GgmlDType, QTensor},
};
use common::{
    reader::{cosine, in_parts, read, some_ids},
    tiny_gguf::{Size, TinyGguf},
};
use tempfile::TempDir;

const SIZES: [Size; 2] = [Size::EVEN, Size::UNEVEN];

/// All that can be changed in a layer, and its name in the file.
const TARGETS: [(Target, &str); 7] = [
    (Target::Query, "attn_q"),
    (Target::Key, "attn_k"),
    (Target::Value, "attn_v"),
    (Target::AttentionOutput, "attn_output"),
    (Target::Gate, "ffn_gate"),
    (Target::Up, "ffn_up"),
    (Target::Down, "ffn_down"),
];

/// A model file, which lasts as long as this.
struct Model {
    path: PathBuf,
    folder: TempDir,
}

impl Model {
    fn new(tiny: &TinyGguf) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("tiny.gguf");
        tiny.write(&path);
        Self { path, folder }
    }

    fn of(size: Size) -> Self {
        Self::new(&TinyGguf::byte_level(size))
    }

    fn load_with(&self, options: &ModelOptions, adapters: &[Adapter]) -> (Llama, Vec<AdapterId>) {
        let mut file = GgufFile::open(&self.path).expect("a whole file");
        let mut llama = Llama::load(&mut file, options, &mut |_, _| true).expect("a llama model");
        let add = |adapter: &Adapter| llama.add_adapter(adapter).expect("it fits");
        let ids = adapters.iter().map(add).collect();
        (llama, ids)
    }

    fn load(&self, adapters: &[Adapter]) -> (Llama, Vec<AdapterId>) {
        self.load_with(&ModelOptions::default(), adapters)
    }

    /// What a model that has read nothing else gives behind a prompt.
    fn logits(&self, adapter: Option<&Adapter>, prompt: &[u32]) -> Vec<f32> {
        let (mut llama, ids) = self.load(adapter.map_or(&[][..], std::slice::from_ref));
        in_parts(&mut llama, ids.first().copied(), prompt, &[usize::MAX]).0
    }
}

/// What is added to one matrix.
struct Change {
    layer: usize,
    target: Target,
    name: String,
    low_rank: LowRank,
}

/// Always the same numbers from -1 to 1: splitmix64 (Steele et al., 2014).
fn numbers(seed: u64) -> impl FnMut() -> f32 {
    let mut state = seed;
    move || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = state;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (bits >> 40) as f32 / (1 << 23) as f32 - 1.0
    }
}

/// A change of rank 2 to 4, `scale` times as large as the matrix of a tiny model.
fn low_rank(seed: u64, (rows, columns): (usize, usize), scale: f32) -> LowRank {
    let rank = 2 + seed as usize % 3;
    let mut number = numbers(seed);
    let mut matrix = |count: usize, inner: usize| -> Vec<f32> {
        (0..count).map(|_| number() * 1.7 / (inner as f32).sqrt()).collect()
    };
    LowRank { down: matrix(rank * columns, columns), up: matrix(rows * rank, rank), scale }
}

/// Rows and columns of a matrix.
fn shape(tiny: &TinyGguf, name: &str) -> (usize, usize) {
    let tensor = tiny.tensors.iter().find(|(known, _)| known == name);
    tensor.expect("a tensor of this name").1.shape().dims2().expect("a matrix")
}

/// Changes of all matrices of both layers, the same for the same seed.
fn changes(size: Size, seed: u64, scale: f32) -> Vec<Change> {
    let tiny = TinyGguf::byte_level(size);
    let places = (0..2).flat_map(|layer| TARGETS.map(|(target, part)| (layer, target, part)));
    let each = places.zip(100 * seed..).map(|((layer, target, part), seed)| {
        let name = format!("blk.{layer}.{part}.weight");
        let low_rank = low_rank(seed, shape(&tiny, &name), scale);
        Change { layer, target, name, low_rank }
    });
    each.collect()
}

fn adapter(changes: &[Change]) -> Adapter {
    let mut adapter = Adapter::new();
    for Change { layer, target, low_rank, .. } in changes {
        adapter.insert(*layer, *target, low_rank.clone());
    }
    adapter
}

/// The model whose file has the changes in its matrices.
fn merged(size: Size, changes: &[Change]) -> Model {
    let mut tiny = TinyGguf::byte_level(size);
    for Change { name, low_rank, .. } in changes {
        let (rows, columns) = shape(&tiny, name);
        let LowRank { down, up, scale } = low_rank;
        let rank = down.len() / columns;
        let found = tiny.tensors.iter_mut().find(|(known, _)| known == name);
        let (_, tensor) = found.expect("a tensor of this name");
        let values = tensor.dequantize(&Device::Cpu).and_then(|values| values.flatten_all());
        let mut values: Vec<f32> = values.and_then(|values| values.to_vec1()).expect("numbers");
        for (place, value) in values.iter_mut().enumerate() {
            let (row, column) = (place / columns, place % columns);
            let products = (0..rank).map(|at| up[row * rank + at] * down[at * columns + column]);
            *value += scale * products.sum::<f32>();
        }
        let matrix = Tensor::from_vec(values, (rows, columns), &Device::Cpu).expect("its shape");
        *tensor = QTensor::quantize(&matrix, GgmlDType::F32).expect("any shape can be f32");
    }
    Model::new(&tiny)
}

/// How far `a` is from `b`, as a part of the length of `b`.
fn distance(a: &[f32], b: &[f32]) -> f64 {
    let apart: f64 = a.iter().zip(b).map(|(a, b)| f64::from(a - b).powi(2)).sum();
    let length: f64 = b.iter().map(|b| f64::from(*b).powi(2)).sum();
    (apart / length).sqrt()
}

/// What a speaker reads in three passes: much, one token, the rest.
fn parts(prompt: &[u32], place: usize) -> [&[u32]; 3] {
    let (much, rest) = prompt.split_at(5 + 4 * place);
    let (one, rest) = rest.split_at(1);
    [much, one, rest]
}

/// The logits behind the prompts of speakers who share all passes.
fn together(llama: &mut Llama, speakers: &[(Option<AdapterId>, Vec<u32>)]) -> Vec<Vec<f32>> {
    let sequences: Vec<SequenceId> =
        speakers.iter().map(|(adapter, _)| llama.open(*adapter)).collect();
    let mut logits = vec![Vec::new(); speakers.len()];
    for pass in 0..3 {
        let each = sequences.iter().zip(speakers).zip(&mut logits).enumerate();
        let mut spans: Vec<Span<'_>> = each
            .map(|(place, ((&sequence, (_, prompt)), logits))| {
                let tokens = parts(prompt, place)[pass];
                Span::new(sequence, tokens).giving(logits)
            })
            .collect();
        llama.forward(&mut spans).expect("all of them can be read");
    }
    logits
}

#[test]
fn speakers_with_different_adapters_in_one_batch_get_what_each_gets_alone() {
    for size in SIZES {
        let model = Model::of(size);
        let (a, b) = (adapter(&changes(size, 1, 0.5)), adapter(&changes(size, 2, 0.5)[3..9]));
        let (mut llama, ids) = model.load(&[a.clone(), b.clone()]);
        let cast = [(Some(0), 50), (None, 50), (Some(1), 37), (Some(0), 30), (Some(1), 50)];
        let speakers = cast.map(|(adapter, count): (Option<usize>, usize)| {
            (adapter.map(|place| ids[place]), some_ids(count))
        });
        let batch = together(&mut llama, &speakers);
        for (logits, (place, count)) in batch.iter().zip(cast) {
            let adapter = place.map(|place| [&a, &b][place]);
            let alone = model.logits(adapter, &some_ids(count));
            assert!(*logits == alone, "{size:?}, {place:?} with {count} tokens");
        }
        assert!(distance(&batch[0], &batch[1]) > 0.1, "the first adapter changes something");
        assert!(distance(&batch[4], &batch[1]) > 0.1, "the second adapter changes something");
        assert!(distance(&batch[0], &batch[4]) > 0.1, "each changes something else");
    }
}

#[test]
fn a_change_by_nothing_changes_nothing() {
    for size in SIZES {
        let mut nothing = changes(size, 1, 0.5);
        nothing.iter_mut().for_each(|change| change.low_rank.up.fill(0.0));
        let (model, prompt) = (Model::of(size), some_ids(40));
        let plain = model.logits(None, &prompt);
        assert!(model.logits(Some(&adapter(&nothing)), &prompt) == plain);
        assert!(model.logits(Some(&Adapter::new()), &prompt) == plain, "without any change");
        nothing.iter_mut().for_each(|change| change.low_rank.up.fill(0.1));
        assert!(model.logits(Some(&adapter(&nothing)), &prompt) != plain);
    }
}

/// The file's matrices are rounded to 8 bits after the change, those of the model before it.
#[test]
fn a_change_of_one_matrix_is_like_a_file_that_has_it() {
    for size in SIZES {
        let (model, prompt) = (Model::of(size), some_ids(40));
        let plain = model.logits(None, &prompt);
        for change in changes(size, 1, 1.0) {
            let change = [change];
            let file = merged(size, &change).logits(None, &prompt);
            let adapted = model.logits(Some(&adapter(&change)), &prompt);
            let name = &change[0].name;
            let (near, far) = (distance(&adapted, &file), distance(&plain, &file));
            assert!(cosine(&adapted, &file) > 0.998, "{size:?} {name}: {near} away");
            assert!(far > 5.0 * near, "{size:?} {name}: {near} away, without the change {far}");
        }
    }
}

#[test]
fn a_change_of_all_matrices_is_like_a_file_that_has_it() {
    for size in SIZES {
        let (model, prompt) = (Model::of(size), some_ids(40));
        let changes = changes(size, 2, 0.5);
        let file = merged(size, &changes).logits(None, &prompt);
        let adapted = model.logits(Some(&adapter(&changes)), &prompt);
        let (with, without) =
            (cosine(&adapted, &file), cosine(&model.logits(None, &prompt), &file));
        assert!(with > 0.998 && without < 0.9, "{size:?}: cosine {with}, else {without}");
    }
}

#[test]
fn what_was_read_is_known_only_under_the_same_adapter() {
    let size = Size::UNEVEN;
    let model = Model::of(size);
    let adapters = [1, 2].map(|seed| adapter(&changes(size, seed, 0.5)));
    let (mut llama, ids) = model.load(&adapters);
    let prompt = some_ids(40);
    let speakers = [None, Some(ids[0]), Some(ids[1])];
    let expected =
        [None, Some(&adapters[0]), Some(&adapters[1])].map(|one| model.logits(one, &prompt));
    for (known, round) in [(0, "first"), (39, "second")] {
        for (speaker, expected) in speakers.into_iter().zip(&expected) {
            let before = llama.counts();
            let sequence = llama.open(speaker);
            assert_eq!(llama.rewind(sequence, &prompt, 0), known, "{speaker:?}, {round} time");
            let logits = read(&mut llama, sequence, &prompt[known..]).unwrap();
            assert!(logits == *expected, "{speaker:?}, {round} time");
            let counts = llama.counts();
            assert_eq!(counts.reused - before.reused, known as u64);
            assert_eq!(counts.read - before.read, (prompt.len() - known) as u64);
            llama.close(sequence);
        }
    }
}

#[test]
fn what_is_on_disk_is_known_only_under_the_same_adapter() {
    const PERSONA: usize = 32;
    let size = Size::EVEN;
    let model = Model::of(size);
    let cache_folder = Some(model.folder.path().join("cache"));
    let options = ModelOptions { cache_folder, ..ModelOptions::default() };
    let [a, b] = [1, 2].map(|seed| adapter(&changes(size, seed, 0.5)));
    let prompt = some_ids(40);
    // After a restart another adapter may be the first one.
    let starts = [(&a, 0, "new"), (&b, 0, "another one"), (&a, PERSONA, "the same")];
    for (adapter, known, what) in starts {
        let (mut llama, ids) = model.load_with(&options, std::slice::from_ref(adapter));
        let sequence = llama.open(Some(ids[0]));
        assert_eq!(llama.rewind(sequence, &prompt, PERSONA), known, "{what}");
        let logits = read(&mut llama, sequence, &prompt[known..]).unwrap();
        assert!(logits == model.logits(Some(adapter), &prompt), "{what}");
    }
    let (mut llama, _) = model.load_with(&options, &[]);
    let sequence = llama.open(None);
    assert_eq!(llama.rewind(sequence, &prompt, PERSONA), 0, "without an adapter");
}

/// What is said of an adapter with one change.
fn refusal(llama: &mut Llama, layer: usize, target: Target, low_rank: LowRank) -> String {
    let mut adapter = Adapter::new();
    adapter.insert(layer, target, low_rank);
    llama.add_adapter(&adapter).expect_err("it does not fit").to_string()
}

#[test]
fn an_adapter_that_does_not_fit_is_an_error_that_says_where() {
    let size = Size::EVEN;
    let (mut llama, _) = Model::of(size).load(&[]);
    for Change { layer, target, name, low_rank } in changes(size, 1, 0.5) {
        let (rows, columns) = shape(&TinyGguf::byte_level(size), &name);
        let LowRank { down, up, scale } = low_rank;
        let without_last = |values: &[f32]| values[..values.len() - 1].to_vec();
        let longer = |values: &[f32], by: usize| [values, &vec![0.5; by]].concat();
        let broken = [
            (without_last(&down), up.clone()),
            (longer(&down, 1), up.clone()),
            (down.clone(), without_last(&up)),
            (down.clone(), longer(&up, rows)),
            (longer(&down, columns), up.clone()),
            (Vec::new(), Vec::new()),
            (Vec::new(), up.clone()),
            (down.clone(), Vec::new()),
        ];
        for (down, up) in broken {
            let error = refusal(&mut llama, layer, target, LowRank { down, up, scale });
            let part = format!("{target:?} of layer {layer} is not {rows} by {columns}");
            assert!(error.contains(&part), "{error}\nlacks: {part}");
        }
    }
    let fits = changes(size, 1, 0.5).remove(0).low_rank;
    let error = refusal(&mut llama, 2, Target::Query, fits.clone());
    assert!(error.contains("an adapter of 3 layers for 2"), "{error}");
    let mut adapter = Adapter::new();
    adapter.insert(0, Target::Query, fits);
    let id = llama.add_adapter(&adapter).unwrap();
    assert_eq!(llama.add_adapter(&adapter).unwrap(), id, "the same change has the same name");
}
