//! The forward pass: the rows of all speakers through all layers at once.

use std::time::{Duration, Instant};

use smallvec::SmallVec;

use super::{
    Config, Open,
    prepared::Input,
    weights::{Layer, Weights},
};
use crate::inference::{
    Breather, InferenceBudget,
    kernels::{
        Activations, AttentionScratch, AttentionSpan, Level, LowRankRows, PackedMatrix, Pool,
        RopeTable, add, add_low_rank, attend, multiply, multiply_rows, rms_norm_quantized, rotate,
        swiglu_quantized,
    },
    model::{
        Span,
        profile::{Operation, Profile, Stopwatch, Work},
    },
};

/// A token that is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) token: u32,
    pub(super) position: usize,
    /// The span it belongs to.
    pub(super) span: usize,
}

/// What a pass needs besides the weights; all of it is used again by the next one.
pub(super) struct Pass {
    pub(super) rows: Vec<Row>,
    level: Level,
    pool: Pool,
    watch: Stopwatch,
    breather: Breather,
    yield_every: Duration,
    rope: RopeTable,
    codes: Activations,
    attention: AttentionScratch,
    positions: Vec<u32>,
    /// `[rows, width]`: what the layers add to.
    stream: Vec<f32>,
    /// `[rows, width]`
    normed: Vec<f32>,
    /// `[rows, width]`: what a part of a layer gives.
    added: Vec<f32>,
    query: Vec<f32>,
    key: Vec<f32>,
    value: Vec<f32>,
    attended: Vec<f32>,
    gate: Vec<f32>,
    up: Vec<f32>,
    logits: Vec<f32>,
}

impl Pass {
    pub(super) fn new(weights: &Weights, threads: usize, level: Level) -> Self {
        Self {
            rows: Vec::new(),
            level: level.supported(),
            pool: Pool::new(threads),
            watch: Stopwatch::default(),
            breather: Breather::default(),
            yield_every: InferenceBudget::default().yield_every,
            rope: RopeTable::new(&weights.frequencies),
            codes: Activations::new(),
            attention: AttentionScratch::default(),
            positions: Vec::new(),
            stream: Vec::new(),
            normed: Vec::new(),
            added: Vec::new(),
            query: Vec::new(),
            key: Vec::new(),
            value: Vec::new(),
            attended: Vec::new(),
            gate: Vec::new(),
            up: Vec::new(),
            logits: Vec::new(),
        }
    }

    pub(super) fn set_budget(&mut self, budget: &InferenceBudget) {
        self.pool.set_threads(budget.max_threads);
        self.yield_every = budget.yield_every;
    }

    /// Measures where the time goes from now on, or no longer; gives what was measured.
    pub(super) fn profile(&mut self, measures: bool) -> Option<Profile> {
        self.watch.set(measures)
    }

    /// Reads the rows, writes their keys and values, and gives the logits that the spans want.
    pub(super) fn run(
        &mut self,
        config: &Config,
        weights: &Weights,
        open: &mut [&mut Open],
        spans: &mut [Span<'_>],
    ) {
        self.watch.pass(self.rows.len());
        self.begin(config, weights);
        self.watch.small_lap(Operation::Begin);
        for (index, layer) in weights.layers.iter().enumerate() {
            self.attention_part(config, index, layer, open);
            self.breathe();
            self.feed_part(config, index, layer, open);
            self.breathe();
        }
        self.give_logits(config, weights, spans);
    }

    /// Offers the core to the game's threads from time to time.
    fn breathe(&mut self) {
        if self.breather.is_due(self.yield_every, Instant::now()) {
            std::thread::yield_now();
        }
    }

    /// Looks the tokens up, and makes room.
    fn begin(&mut self, config: &Config, weights: &Weights) {
        let rows = self.rows.len();
        self.positions.clear();
        self.positions.extend(self.rows.iter().map(|row| row.position as u32));
        self.rope.reach(self.positions.iter().max().map_or(0, |last| *last as usize + 1));
        let inner = weights.layers.first().map_or(0, |layer| layer.gate.rows());
        for (buffer, width) in [
            (&mut self.stream, config.width),
            (&mut self.normed, config.width),
            (&mut self.added, config.width),
            (&mut self.query, config.query_width()),
            (&mut self.key, config.kv_width()),
            (&mut self.value, config.kv_width()),
            (&mut self.attended, config.query_width()),
            (&mut self.gate, inner),
            (&mut self.up, inner),
        ] {
            buffer.resize(rows * width, 0.0);
        }
        for (row, out) in self.rows.iter().zip(self.stream.chunks_exact_mut(config.width)) {
            weights.embedding.row(row.token as usize, out);
        }
    }

    /// Grouped-query attention over each speaker's own tokens.
    fn attention_part(
        &mut self,
        config: &Config,
        index: usize,
        layer: &Layer,
        open: &mut [&mut Open],
    ) {
        let Self { level, ref pool, ref positions, .. } = *self;
        let Config { heads, kv_heads, head_dim, eps, .. } = *config;
        let watch = &mut self.watch;
        let (normed, codes) = (&mut self.normed, &mut self.codes);
        rms_norm_quantized(level, pool, &self.stream, &layer.attention_norm, eps, normed, codes);
        watch.small_lap(Operation::Norm);
        prefetch_latest(open, index);
        let changed = changed_rows(&self.rows, open, index, Input::Attention);
        let matrices = [&layer.query, &layer.key, &layer.value];
        let outs = [&mut self.query[..], &mut self.key, &mut self.value];
        multiply(level, pool, &self.codes, matrices, outs);
        watch.lap(Operation::QueryKeyValue, || product_work(&matrices, &self.codes));
        let outs = [&mut self.query[..], &mut self.key, &mut self.value];
        add_low_rank(level, pool, &changed, self.rows.len(), &self.normed, outs);
        drop(changed);
        watch.small_lap(Operation::Adapter);
        if layer.rotates {
            rotate(level, pool, &self.rope, heads, head_dim, positions, &mut self.query);
            rotate(level, pool, &self.rope, kv_heads, head_dim, positions, &mut self.key);
        }
        watch.small_lap(Operation::Rotate);
        self.remember(config, index, open);
        let watch = &mut self.watch;
        watch.small_lap(Operation::Remember);
        let spans = attention_spans(&self.rows, open);
        let shape = config.kv_shape();
        let (queries, out) = (&self.query, &mut self.attended);
        attend(level, pool, shape, index, heads, &spans, queries, out, &mut self.attention);
        watch.small_lap(Operation::Attention);
        self.codes.quantize(level, pool, &self.attended, config.query_width());
        watch.small_lap(Operation::Quantize);
        let changed = changed_rows(&self.rows, open, index, Input::Attended);
        let matrices = [&layer.attention_output];
        multiply(level, pool, &self.codes, matrices, [&mut self.added]);
        watch.lap(Operation::AttentionOutput, || product_work(&matrices, &self.codes));
        let (x, y) = (&self.attended, &mut self.added);
        add_low_rank(level, pool, &changed, self.rows.len(), x, [y]);
        watch.small_lap(Operation::Adapter);
        add(level, pool, &mut self.stream, &self.added);
        watch.small_lap(Operation::Add);
    }

    /// Writes the keys and values of the rows into their speakers' sequences.
    fn remember(&self, config: &Config, layer: usize, open: &mut [&mut Open]) {
        let width = config.kv_width();
        let rows = self.key.chunks_exact(width).zip(self.value.chunks_exact(width));
        for (row, (keys, values)) in self.rows.iter().zip(rows) {
            let heads =
                keys.chunks_exact(config.head_dim).zip(values.chunks_exact(config.head_dim));
            for (head, (key, value)) in heads.enumerate() {
                open[row.span].sequence.write(layer, head, row.position, key, value);
            }
        }
    }

    /// The gated feed-forward part.
    fn feed_part(&mut self, config: &Config, index: usize, layer: &Layer, open: &[&mut Open]) {
        let Self { level, ref pool, .. } = *self;
        let watch = &mut self.watch;
        let (normed, codes) = (&mut self.normed, &mut self.codes);
        rms_norm_quantized(level, pool, &self.stream, &layer.feed_norm, config.eps, normed, codes);
        watch.small_lap(Operation::Norm);
        let changed = changed_rows(&self.rows, open, index, Input::Feed);
        let outs = [&mut self.gate[..], &mut self.up[..]];
        let matrices = [&layer.gate, &layer.up];
        multiply(level, pool, &self.codes, matrices, outs);
        watch.lap(Operation::GateUp, || product_work(&matrices, &self.codes));
        let outs = [&mut self.gate[..], &mut self.up];
        add_low_rank(level, pool, &changed, self.rows.len(), &self.normed, outs);
        watch.small_lap(Operation::Adapter);
        let inner = layer.gate.rows();
        swiglu_quantized(level, pool, &mut self.gate, &self.up, inner, &mut self.codes);
        watch.small_lap(Operation::Gate);
        let changed = changed_rows(&self.rows, open, index, Input::Gated);
        multiply(level, pool, &self.codes, [&layer.down], [&mut self.added]);
        watch.lap(Operation::Down, || product_work(&[&layer.down], &self.codes));
        add_low_rank(level, pool, &changed, self.rows.len(), &self.gate, [&mut self.added]);
        watch.small_lap(Operation::Adapter);
        add(level, pool, &mut self.stream, &self.added);
        watch.small_lap(Operation::Add);
    }

    /// The logits that the spans want: behind the last token, and behind those that are guessed.
    fn give_logits(&mut self, config: &Config, weights: &Weights, spans: &mut [Span<'_>]) {
        let width = config.width;
        let (mut end, mut count) = (0, 0);
        for span in spans.iter() {
            end += span.tokens.len();
            for row in end - rows_of(span)..end {
                self.added[count * width..][..width]
                    .copy_from_slice(&self.stream[row * width..][..width]);
                count += 1;
            }
        }
        if count == 0 {
            return;
        }
        let Self { level, ref pool, .. } = *self;
        let (last, normed) = (&self.added[..count * width], &mut self.normed[..count * width]);
        rms_norm_quantized(level, pool, last, &weights.norm, config.eps, normed, &mut self.codes);
        let vocabulary = weights.output.rows();
        let few = few_tokens(spans, vocabulary);
        let given = few.as_ref().map_or(vocabulary, Vec::len);
        self.logits.resize(count * given, 0.0);
        match &few {
            Some(few) => multiply_rows(level, &self.codes, &weights.output, few, &mut self.logits),
            None => multiply(level, pool, &self.codes, [&weights.output], [&mut self.logits]),
        }
        let mut rows = self.logits.chunks_exact(given.max(1));
        for span in spans {
            let wanted = rows.by_ref().take(rows_of(span));
            let Some(logits) = span.logits.as_deref_mut() else { continue };
            logits.clear();
            wanted.for_each(|row| match &few {
                Some(few) => spread(few, row, vocabulary, logits),
                None => logits.extend_from_slice(row),
            });
        }
        let read = few.is_none().then_some(&weights.output);
        self.watch.lap(Operation::Output, || product_work(read.as_slice(), &self.codes));
    }
}

/// Adds the logits of the whole vocabulary, of which only a few were computed.
fn spread(tokens: &[u32], few: &[f32], vocabulary: usize, logits: &mut Vec<f32>) {
    let start = logits.len();
    logits.resize(start + vocabulary, f32::NEG_INFINITY);
    for (&token, &logit) in tokens.iter().zip(few) {
        logits[start + token as usize] = logit;
    }
}

/// How many rows of logits a span wants.
fn rows_of(span: &Span<'_>) -> usize {
    match span.logits {
        Some(_) if span.only.is_none_or(|only| !only.is_empty()) => span.guessed + 1,
        _ => 0,
    }
}

/// The tokens that matter, where they are few: the rest of the largest matrix is not read then.
fn few_tokens(spans: &[Span<'_>], vocabulary: usize) -> Option<Vec<u32>> {
    const FEW: usize = 256;
    let mut few = Vec::new();
    for span in spans.iter().filter(|span| span.logits.is_some()) {
        few.extend(span.only?.iter().filter(|&&token| (token as usize) < vocabulary));
    }
    few.sort_unstable();
    few.dedup();
    (few.len() <= FEW).then_some(few)
}

/// What the products of activations with matrices take.
fn product_work(matrices: &[&PackedMatrix], x: &Activations) -> Work {
    let weights: usize = matrices.iter().map(|matrix| matrix.rows() * matrix.columns()).sum();
    Work {
        bytes: matrices.iter().map(|matrix| matrix.bytes().len() as u64).sum(),
        products: (weights * x.rows()) as u64,
    }
}

/// Which rows see which tokens.
fn attention_spans<'a>(rows: &[Row], open: &'a [&mut Open]) -> SmallVec<[AttentionSpan<'a>; 8]> {
    let counts = rows.chunk_by(|a, b| a.span == b.span);
    counts
        .zip(open)
        .map(|(rows, open)| AttentionSpan {
            blocks: open.sequence.blocks(),
            first: rows[0].position,
            count: rows.len(),
        })
        .collect()
}

/// Lets the blocks that are written to next be fetched while matrices are multiplied.
fn prefetch_latest(open: &[&mut Open], layer: usize) {
    for block in open.iter().filter_map(|open| open.sequence.blocks().last()) {
        block.prefetch(layer);
    }
}

/// Which rows are changed by which part of an adapter, whose numbers are then fetched while the
/// frozen matrices are multiplied; those of speakers with the same adapter who
/// stand side by side are taken together.
fn changed_rows<'a>(
    rows: &[Row],
    open: &'a [&mut Open],
    layer: usize,
    input: Input,
) -> SmallVec<[LowRankRows<'a>; 8]> {
    let mut changed: SmallVec<[LowRankRows<'a>; 8]> = SmallVec::new();
    let mut start = 0;
    for (own, open) in rows.chunk_by(|a, b| a.span == b.span).zip(open) {
        let rows = start..start + own.len();
        start = rows.end;
        let adapter = open.adapter.as_deref();
        let Some(stack) = adapter.and_then(|adapter| adapter.stack(layer, input)) else { continue };
        stack.prefetch();
        match changed.last_mut() {
            Some(last) if std::ptr::eq(last.stack, stack) && last.rows.end == rows.start => {
                last.rows.end = rows.end;
            }
            _ => changed.push(LowRankRows { stack, rows }),
        }
    }
    changed
}
