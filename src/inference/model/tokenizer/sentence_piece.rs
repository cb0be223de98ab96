//! SentencePiece BPE: pieces are merged by score, unknown characters fall back to bytes.
//!
//! Kudo and Richardson, 2018, arXiv:1808.06226. A GGUF file holds the pieces with their scores and no
//! list of merges: of all neighbours whose union is a piece, the best-scored union goes first.

use std::{
    cmp::Ordering,
    collections::{BinaryHeap, HashMap},
};

use super::{TokenizerError, token_type};
use crate::inference::model::Metadata;

/// What stands for a space in the vocabulary.
pub(super) const SPACE: char = '▁';

/// Splits text by merging characters.
pub(super) struct SentencePiece {
    ids: HashMap<String, u32>,
    scores: Vec<f32>,
    /// The token of each byte.
    bytes: Vec<Option<u32>>,
    unknown: Option<u32>,
    space_prefix: bool,
}

/// A run of text that is one piece so far; `prev` and `next` are its neighbours.
struct Symbol {
    start: usize,
    end: usize,
    prev: Option<usize>,
    next: Option<usize>,
}

/// Two neighbours whose union is a piece.
struct Merge {
    left: usize,
    right: usize,
    score: f32,
    /// The bytes of the union, to see that neither neighbour has changed since.
    len: usize,
}

impl PartialEq for Merge {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Merge {}

impl PartialOrd for Merge {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Merge {
    /// The best score first; of equals the leftmost.
    fn cmp(&self, other: &Self) -> Ordering {
        self.score.total_cmp(&other.score).then(other.left.cmp(&self.left))
    }
}

impl SentencePiece {
    pub(super) fn from_gguf(
        metadata: &Metadata<'_>,
        tokens: &[&str],
        types: &[i64],
    ) -> Result<Self, TokenizerError> {
        let scores = metadata.f32s("tokenizer.ggml.scores")?;
        if scores.len() != tokens.len() {
            let (tokens, scores) = (tokens.len(), scores.len());
            return Err(TokenizerError::Broken(format!("{tokens} tokens, {scores} scores")));
        }
        let mut ids = HashMap::with_capacity(tokens.len());
        let mut bytes = vec![None; 256];
        for ((id, token), kind) in (0u32..).zip(tokens).zip(types) {
            match *kind {
                token_type::BYTE => {
                    if let Some(byte) = super::pieces::spelled_byte(token) {
                        bytes[usize::from(byte)] = Some(id);
                    }
                }
                token_type::CONTROL | token_type::UNKNOWN => {}
                _ => {
                    ids.insert((*token).to_owned(), id);
                }
            }
        }
        let unknown = metadata.u32("tokenizer.ggml.unknown_token_id").ok();
        let space_prefix = metadata.bool_or("tokenizer.ggml.add_space_prefix", true);
        Ok(Self { ids, scores, bytes, unknown, space_prefix })
    }

    /// Adds the tokens of `text`; `opens` tells that nothing or a control token stands before it.
    pub(super) fn encode(&self, text: &str, opens: bool, ids: &mut Vec<u32>) {
        let prefix = if self.space_prefix && opens { " " } else { "" };
        let text = format!("{prefix}{text}").replace(' ', "▁");
        let mut symbols = characters(&text);
        let mut merges = BinaryHeap::new();
        for left in 1..symbols.len() {
            self.propose(&text, &symbols, left - 1, left, &mut merges);
        }
        while let Some(merge) = merges.pop() {
            if let Some((before, after)) = apply(&mut symbols, &merge) {
                if let Some(before) = before {
                    self.propose(&text, &symbols, before, merge.left, &mut merges);
                }
                if let Some(after) = after {
                    self.propose(&text, &symbols, merge.left, after, &mut merges);
                }
            }
        }
        let mut at = if symbols.is_empty() { None } else { Some(0) };
        while let Some(index) = at {
            let symbol = &symbols[index];
            self.emit(&text[symbol.start..symbol.end], ids);
            at = symbol.next;
        }
    }

    fn propose(
        &self,
        text: &str,
        symbols: &[Symbol],
        left: usize,
        right: usize,
        merges: &mut BinaryHeap<Merge>,
    ) {
        let union = &text[symbols[left].start..symbols[right].end];
        if let Some(&id) = self.ids.get(union) {
            merges.push(Merge { left, right, score: self.scores[id as usize], len: union.len() });
        }
    }

    fn emit(&self, piece: &str, ids: &mut Vec<u32>) {
        if let Some(&id) = self.ids.get(piece) {
            ids.push(id);
            return;
        }
        for byte in piece.bytes() {
            ids.extend(self.bytes[usize::from(byte)].or(self.unknown));
        }
    }
}

fn characters(text: &str) -> Vec<Symbol> {
    let count = text.chars().count();
    text.char_indices()
        .enumerate()
        .map(|(index, (start, c))| Symbol {
            start,
            end: start + c.len_utf8(),
            prev: index.checked_sub(1),
            next: Some(index + 1).filter(|&next| next < count),
        })
        .collect()
}

/// Joins two symbols into the left one; gives its new neighbours, or none if the merge is stale.
fn apply(symbols: &mut [Symbol], merge: &Merge) -> Option<(Option<usize>, Option<usize>)> {
    let (left, right) = (&symbols[merge.left], &symbols[merge.right]);
    let whole = left.end == right.start && right.end > right.start;
    if !whole || right.end - left.start != merge.len || left.end == left.start {
        return None;
    }
    let (end, next) = (right.end, right.next);
    symbols[merge.right].start = end;
    symbols[merge.left].end = end;
    symbols[merge.left].next = next;
    if let Some(next) = next {
        symbols[next].prev = Some(merge.left);
    }
    Some((symbols[merge.left].prev, next))
}
