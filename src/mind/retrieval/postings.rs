//! Which texts hold a feature, and with what weight.

/// The features of one text with their weights, sorted by feature.
pub(super) type Vector = Vec<(u64, f32)>;

/// For every feature the texts that have it.
#[derive(Debug, Default)]
pub(super) struct Postings {
    docs: usize,
    /// Sorted.
    features: Vec<u64>,
    /// How rare each feature is.
    idf: Vec<f32>,
    /// Where the entries of each feature begin; one more at the end.
    starts: Vec<usize>,
    entries: Vec<Entry>,
    /// How rare a feature is that no text has.
    unseen: f32,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    doc: u32,
    weight: f32,
}

impl Postings {
    /// Weights count as they are, times how rare a feature is.
    pub(super) fn of_weights(vectors: Vec<Vector>) -> Self {
        let mut postings = Self::gather(vectors);
        for at in 0..postings.features.len() {
            let idf = postings.idf[at];
            postings.entries_mut(at).iter_mut().for_each(|entry| entry.weight *= idf);
        }
        postings
    }

    /// Counts become damped weights; the vectors get the length 1.
    pub(super) fn of_counts(vectors: Vec<Vector>) -> Self {
        let mut postings = Self::gather(vectors);
        let mut squares = vec![0.0; postings.docs];
        for at in 0..postings.features.len() {
            let idf = postings.idf[at];
            for entry in postings.entries_mut(at) {
                entry.weight = damped(entry.weight) * idf;
                squares[entry.doc as usize] += entry.weight * entry.weight;
            }
        }
        for entry in &mut postings.entries {
            entry.weight /= squares[entry.doc as usize].sqrt().max(f32::MIN_POSITIVE);
        }
        postings
    }

    /// Weights become `weigh` of them.
    pub(super) fn mapped(vectors: Vec<Vector>, weigh: impl Fn(f32) -> f32) -> Self {
        let mut postings = Self::gather(vectors);
        postings.entries.iter_mut().for_each(|entry| entry.weight = weigh(entry.weight));
        postings
    }

    fn gather(vectors: Vec<Vector>) -> Self {
        let docs = vectors.len();
        let mut all: Vec<(u64, Entry)> = Vec::new();
        for (doc, vector) in (0u32..).zip(vectors) {
            all.extend(vector.into_iter().map(|(id, weight)| (id, Entry { doc, weight })));
        }
        all.sort_unstable_by_key(|(feature, entry)| (*feature, entry.doc));
        let mut postings = Self { docs, unseen: rarity(docs, 1), ..Self::default() };
        for same in all.chunk_by(|a, b| a.0 == b.0) {
            postings.features.push(same[0].0);
            postings.idf.push(rarity(docs, same.len()));
            postings.starts.push(postings.entries.len());
            postings.entries.extend(same.iter().map(|(_, entry)| *entry));
        }
        postings.starts.push(postings.entries.len());
        postings
    }

    fn entries_mut(&mut self, at: usize) -> &mut [Entry] {
        &mut self.entries[self.starts[at]..self.starts[at + 1]]
    }

    /// How rare a feature is, and who has it.
    fn look_up(&self, feature: u64) -> (f32, &[Entry]) {
        match self.features.binary_search(&feature) {
            Ok(at) => (self.idf[at], &self.entries[self.starts[at]..self.starts[at + 1]]),
            Err(_) => (self.unseen, &[]),
        }
    }

    /// How rare a feature is, and in how many texts it is.
    pub(super) fn spread(&self, feature: u64) -> (f32, usize) {
        let (idf, entries) = self.look_up(feature);
        (idf, entries.len())
    }

    /// How many different features there are.
    pub(super) fn features(&self) -> usize {
        self.features.len()
    }

    /// For every text, the product of its weights and those of a query.
    pub(super) fn products(&self, query: &Vector) -> Vec<f32> {
        let mut scores = vec![0.0; self.docs];
        for (feature, weight) in query {
            for entry in self.look_up(*feature).1 {
                scores[entry.doc as usize] += weight * entry.weight;
            }
        }
        scores
    }

    /// For every text, how much of a query it covers: its weights for the query's features, as a
    /// part of what the query itself would get.
    pub(super) fn covered(&self, query: &Vector) -> Vec<f32> {
        let mut scores = vec![0.0; self.docs];
        let mut most = 0.0;
        for (feature, own) in query {
            let (idf, entries) = self.look_up(*feature);
            most += own * idf;
            for entry in entries {
                scores[entry.doc as usize] += entry.weight;
            }
        }
        if most > 0.0 {
            scores.iter_mut().for_each(|score| *score = (*score / most).min(1.0));
        }
        scores
    }

    /// For every text, the cosine between it and a query.
    pub(super) fn cosines(&self, query: &Vector) -> Vec<f32> {
        let mut scores = vec![0.0; self.docs];
        let mut square = 0.0;
        for (feature, count) in query {
            let (idf, entries) = self.look_up(*feature);
            let weight = damped(*count) * idf;
            square += weight * weight;
            for entry in entries {
                scores[entry.doc as usize] += weight * entry.weight;
            }
        }
        let length = f32::sqrt(square);
        if length > 0.0 {
            scores.iter_mut().for_each(|score| *score = (*score / length).min(1.0));
        }
        scores
    }
}

fn damped(count: f32) -> f32 {
    1.0 + count.max(1.0).ln()
}

/// How rare a feature is that `with` of `docs` texts have; more than 0.
#[expect(clippy::cast_precision_loss, reason = "there are not that many texts")]
fn rarity(docs: usize, with: usize) -> f32 {
    (1.0 + (docs as f32 - with as f32 + 0.5).max(0.0) / (with as f32 + 0.5)).ln()
}
