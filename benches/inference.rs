//! How fast the embedded model reads, speaks and loads, next to candle's own llama.
//!
//! Both run the default model in the same process, candle with every matrix in `Q8_0`, which is its
//! fastest, so the lines of one report can be divided by each other. `benches/README.md` says what each line means.

#[path = "common/candle_llama.rs"]
mod candle_llama;
#[path = "common/default_model.rs"]
mod default_model;

use std::{cell::RefCell, path::Path, time::Duration};

use bevy_persona::{
    inference::{
        ConversationId,
        model::{CausalModel, SequenceId, Span},
    },
    mind::History,
};
use criterion::{
    BatchSize, BenchmarkGroup, BenchmarkId, Criterion, SamplingMode, Throughput, criterion_group,
    criterion_main, measurement::WallTime,
};

use candle_llama::CandleLlama;

/// How many tokens are read before the speed of speaking is measured.
const CONTEXT: usize = 128;
/// How many tokens are spoken for one measurement.
const SPOKEN: usize = 16;

criterion_group!(benches, inference);
criterion_main!(benches);

fn inference(criterion: &mut Criterion) {
    let path = default_model::path();
    let tokens = default_model::tokens(&path, 512);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut ours = Ours(default_model::load(&path, threads));
    let mut candle = CandleLlama::requantised(&path).expect("candle runs the model");
    assert_same_model(&mut ours, &mut candle, &tokens[..16]);
    prefill(criterion, &mut ours, &mut candle, &tokens);
    decode(criterion, &mut ours, &candle, &tokens);
    first_token(criterion, &path);
    load(criterion, &path);
}

/// A group with as few runs as criterion allows: one may take seconds.
fn group<'a>(criterion: &'a mut Criterion, name: &str) -> BenchmarkGroup<'a, WallTime> {
    let mut group = criterion.benchmark_group(name);
    group
        .sample_size(10)
        .sampling_mode(SamplingMode::Flat)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2));
    group
}

/// Reading a prompt in one piece.
fn prefill(criterion: &mut Criterion, ours: &mut Ours, candle: &mut CandleLlama, tokens: &[u32]) {
    let mut group = group(criterion, "prefill");
    for count in [16, 128, 512] {
        let prompt = &tokens[..count];
        group.throughput(Throughput::Elements(count as u64));
        group.bench_function(BenchmarkId::new("bevy_persona", count), |bencher| {
            bencher.iter(|| ours.read_new(prompt));
        });
        group.bench_function(BenchmarkId::new("candle", count), |bencher| {
            bencher.iter(|| candle.read(prompt, 0).expect("candle reads"));
        });
    }
    group.finish();
}

/// Speaking, a token at a time, behind a prompt.
fn decode(criterion: &mut Criterion, ours: &mut Ours, candle: &CandleLlama, tokens: &[u32]) {
    let (prompt, spoken) = (&tokens[..CONTEXT], &tokens[CONTEXT..CONTEXT + SPOKEN]);
    let mut primed = candle.clone();
    primed.read(prompt, 0).expect("candle reads");

    let mut group = group(criterion, "decode");
    group.throughput(Throughput::Elements(SPOKEN as u64));
    group.bench_function(BenchmarkId::new("bevy_persona", CONTEXT), |bencher| {
        let ours = RefCell::new(&mut *ours);
        let behind_prompt = || {
            let mut ours = ours.borrow_mut();
            let sequence = ours.open();
            ours.read(sequence, prompt);
            sequence
        };
        let speak = |sequence: SequenceId| {
            let mut ours = ours.borrow_mut();
            for &token in spoken {
                ours.read(sequence, &[token]);
            }
            sequence
        };
        bencher.iter_batched(behind_prompt, speak, BatchSize::PerIteration);
    });
    group.bench_function(BenchmarkId::new("candle", CONTEXT), |bencher| {
        let speak = |candle: &mut CandleLlama| {
            for (&token, position) in spoken.iter().zip(CONTEXT..) {
                candle.read(&[token], position).expect("candle reads");
            }
        };
        bencher.iter_batched_ref(|| primed.clone(), speak, BatchSize::PerIteration);
    });
    group.finish();
}

/// From a fan's message to the first piece of Siwoo's reply, prompt and template included.
fn first_token(criterion: &mut Criterion, path: &Path) {
    let sheet = default_model::siwoo();
    let backend = RefCell::new(default_model::open(path));
    let ask = |id, history: &History, fan| default_model::request(&sheet, id, history, fan);
    let first_piece = |request| default_model::first_piece(&mut backend.borrow_mut(), request);

    let mut group = group(criterion, "first_token");
    let mut conversations = 0;
    group.bench_function("first_message", |bencher| {
        let unread = || {
            conversations += 1;
            ask(ConversationId(conversations), &History::default(), "Hi Siwoo! How was practice?")
        };
        bencher.iter_batched(unread, first_piece, BatchSize::PerIteration);
    });
    group.bench_function("next_message", |bencher| {
        let id = ConversationId(0);
        let after_a_reply = || {
            let first = ask(id, &History::default(), "Hi Siwoo! How was practice?");
            let history = default_model::short_exchange(&mut backend.borrow_mut(), first);
            ask(id, &history, "I could not sleep, so I listened to your song.")
        };
        bencher.iter_batched(after_a_reply, first_piece, BatchSize::PerIteration);
    });
    group.finish();
}

/// From the file to a model that can reply.
fn load(criterion: &mut Criterion, path: &Path) {
    let mut group = group(criterion, "load");
    group.bench_function("default_model", |bencher| {
        bencher.iter_batched(|| (), |()| default_model::open(path), BatchSize::PerIteration);
    });
    group.finish();
}

/// Our model, which remembers nothing of what it is done with.
struct Ours(Box<dyn CausalModel>);

impl Ours {
    fn open(&mut self) -> SequenceId {
        self.0.open(None)
    }

    fn read(&mut self, sequence: SequenceId, tokens: &[u32]) -> Vec<f32> {
        let mut logits = Vec::new();
        let mut spans = [Span::new(sequence, tokens).giving(&mut logits)];
        self.0.forward(&mut spans).expect("the model reads");
        logits
    }

    /// Reads a prompt of which nothing is known.
    fn read_new(&mut self, prompt: &[u32]) -> Vec<f32> {
        let sequence = self.open();
        let logits = self.read(sequence, prompt);
        self.0.close(sequence);
        logits
    }
}

/// A comparison of speeds means something only between models that say the same.
fn assert_same_model(ours: &mut Ours, candle: &mut CandleLlama, prompt: &[u32]) {
    let (a, b) = (ours.read_new(prompt), candle.read(prompt, 0).expect("candle reads"));
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    let similarity = dot(&a, &b) / (dot(&a, &a) * dot(&b, &b)).sqrt();
    assert!(similarity > 0.99, "the two models disagree: their logits are {similarity} alike");
}
