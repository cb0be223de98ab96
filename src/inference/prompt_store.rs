//! What was read of each persona's prompt, on disk, so that the first question after a start is
//! answered as fast as the next.
//!
//! One file per prompt: magic, version of the format, key, the tokens, the blocks of keys and
//! values, and the SHA-256 of all that. The key, which is also the name, is the SHA-256 of all that
//! the numbers depend on: format, model, shape, adapter and tokens.

mod writer;

use std::{fs, path::PathBuf, sync::Arc};

use sha2::{Digest, Sha256};
use tracing::debug;

use self::writer::{Job, LIMITS, Writer};
use super::kernels::{KvBlock, KvShape};
use crate::disk::cache_folder::{Limits, mark_used};

const MAGIC: &[u8] = b"PERSONAP";
/// Of the format here and of [`KvBlock`]'s.
const VERSION: u32 = 1;
/// The ending of a file.
const ENDING: &str = "prompt";
const CHECKSUM: usize = 32;

/// Prompts that were read by one model, in a folder that others may share.
///
/// A thread of its own writes; it also keeps the folder small. Dropping the store waits until all
/// is written.
#[derive(Debug)]
pub struct PromptStore {
    folder: PathBuf,
    model: [u8; 32],
    shape: KvShape,
    limits: Limits,
    writer: Writer,
}

impl PromptStore {
    /// The prompts in a folder, read by the model with this fingerprint.
    #[must_use]
    pub fn new(folder: PathBuf, model: [u8; 32], shape: KvShape) -> Self {
        Self::with_limits(folder, model, shape, LIMITS)
    }

    fn with_limits(folder: PathBuf, model: [u8; 32], shape: KvShape, limits: Limits) -> Self {
        let writer = Writer::start(folder.clone(), limits);
        Self { folder, model, shape, limits, writer }
    }

    /// Whether this prompt is there.
    #[cfg(test)]
    #[must_use]
    pub fn contains(&self, adapter: u64, tokens: &[u32]) -> bool {
        self.path(&self.key(adapter, tokens)).exists()
    }

    /// The keys and values of these tokens, if they were kept: as many blocks as they fill, the
    /// last perhaps in part. A file that is damaged is removed.
    #[must_use]
    pub fn load(&self, adapter: u64, tokens: &[u32]) -> Option<Vec<KvBlock>> {
        let key = self.key(adapter, tokens);
        let path = self.path(&key);
        let file = fs::read(&path).ok()?;
        let blocks = self.read(&file, &head(&key, tokens), block_count(tokens));
        if blocks.is_some() {
            mark_used(&path);
        } else {
            debug!("removing {}, which is damaged", path.display());
            // Somebody else may have done so.
            let _ = fs::remove_file(&path);
        }
        blocks
    }

    /// Keeps the keys and values of these tokens for later; soon, or never if the disk cannot keep
    /// up. A last block that is not full may be written to at once, the others are shared.
    pub fn save(&self, adapter: u64, tokens: &[u32], blocks: &[Arc<KvBlock>]) {
        let key = self.key(adapter, tokens);
        let path = self.path(&key);
        let count = block_count(tokens);
        let is_small = count.saturating_mul(KvBlock::bytes(self.shape)) as u64 <= self.limits.bytes;
        if tokens.is_empty() || blocks.len() < count || !is_small || path.exists() {
            return;
        }
        let (full, rest) = blocks[..count].split_at(tokens.len() / KvBlock::TOKENS);
        self.writer.send(Job {
            path,
            head: head(&key, tokens),
            full: full.to_vec(),
            rest: rest.first().map(|block| block.to_bytes()).unwrap_or_default(),
        });
    }

    fn read(&self, file: &[u8], head: &[u8], count: usize) -> Option<Vec<KvBlock>> {
        let (checked, checksum) = file.split_last_chunk::<CHECKSUM>()?;
        let data = checked.strip_prefix(head)?;
        let length = data.len().checked_div(count)?;
        if length == 0 || data.len() % count != 0 || *checksum != *Sha256::digest(checked) {
            return None;
        }
        data.chunks_exact(length).map(|bytes| KvBlock::from_bytes(self.shape, bytes)).collect()
    }

    fn key(&self, adapter: u64, tokens: &[u32]) -> [u8; 32] {
        let KvShape { layers, kv_heads, head_dim } = self.shape;
        let mut hash = Sha256::new_with_prefix(VERSION.to_le_bytes());
        // Another version may compute other numbers.
        hash.update(env!("CARGO_PKG_VERSION"));
        hash.update(self.model);
        for number in [layers as u64, kv_heads as u64, head_dim as u64, adapter] {
            hash.update(number.to_le_bytes());
        }
        for token in tokens {
            hash.update(token.to_le_bytes());
        }
        hash.finalize().into()
    }

    fn path(&self, key: &[u8; 32]) -> PathBuf {
        let name: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        self.folder.join(name).with_extension(ENDING)
    }
}

/// What a file begins with.
fn head(key: &[u8; 32], tokens: &[u32]) -> Vec<u8> {
    let mut head = MAGIC.to_vec();
    head.extend(VERSION.to_le_bytes());
    head.extend(key);
    head.extend((tokens.len() as u64).to_le_bytes());
    head.extend(tokens.iter().flat_map(|token| token.to_le_bytes()));
    head
}

/// How many blocks these tokens fill, the last perhaps in part.
fn block_count(tokens: &[u32]) -> usize {
    tokens.len().div_ceil(KvBlock::TOKENS)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tempfile::TempDir;

    use super::*;

    const SHAPE: KvShape = KvShape { layers: 2, kv_heads: 1, head_dim: 32 };

    fn store(folder: &TempDir, model: u8) -> PromptStore {
        PromptStore::new(folder.path().join("prompts"), [model; 32], SHAPE)
    }

    fn tokens(count: u32) -> Vec<u32> {
        (0..count).map(|i| i * 7 + 1).collect()
    }

    /// Blocks that differ from each other.
    fn blocks(tokens: &[u32]) -> Vec<Arc<KvBlock>> {
        let block = |index: usize| {
            let mut block = KvBlock::new(SHAPE);
            for slot in 0..KvBlock::TOKENS {
                let row = [(index * KvBlock::TOKENS + slot + 1) as f32 / 100.0; 32];
                block.write(1, 0, slot, &row, &row.map(|value| -value));
            }
            Arc::new(block)
        };
        (0..block_count(tokens)).map(block).collect()
    }

    fn bytes<'a>(blocks: impl IntoIterator<Item = &'a KvBlock>) -> Vec<Vec<u8>> {
        blocks.into_iter().map(KvBlock::to_bytes).collect()
    }

    /// Saves a prompt, waits until it is written, and gives where.
    fn saved(folder: &TempDir, tokens: &[u32]) -> PathBuf {
        let store = store(folder, 1);
        store.save(5, tokens, &blocks(tokens));
        store.path(&store.key(5, tokens))
    }

    #[test]
    fn a_prompt_is_read_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        for count in [1, 16, 17, 40] {
            let tokens = tokens(count);
            saved(&folder, &tokens);
            let store = store(&folder, 1);
            assert!(store.contains(5, &tokens));
            let expected = blocks(&tokens);
            let loaded = store.load(5, &tokens).unwrap();
            assert_eq!(bytes(&loaded), bytes(expected.iter().map(|block| &**block)));
        }
    }

    #[test]
    fn another_model_adapter_or_prompt_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let tokens = tokens(40);
        saved(&folder, &tokens);
        let misses = |store: &PromptStore, adapter, tokens: &[u32]| {
            !store.contains(adapter, tokens) && store.load(adapter, tokens).is_none()
        };
        assert!(misses(&store(&folder, 2), 5, &tokens));
        let store = store(&folder, 1);
        assert!(misses(&store, 6, &tokens));
        assert!(misses(&store, 5, &tokens[..39]));
        assert!(misses(&store, 5, &[]));
        let mut other = tokens.clone();
        other[3] += 1;
        assert!(misses(&store, 5, &other));
        assert!(!misses(&store, 5, &tokens));
    }

    #[test]
    fn another_shape_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        saved(&folder, &tokens(16));
        let shape = KvShape { layers: 1, kv_heads: 2, ..SHAPE };
        let store = PromptStore::new(folder.path().join("prompts"), [1; 32], shape);
        assert!(!store.contains(5, &tokens(16)));
    }

    #[test]
    fn a_file_of_another_prompt_is_not_believed() {
        let folder = tempfile::tempdir().unwrap();
        let (first, second) = (saved(&folder, &tokens(16)), saved(&folder, &tokens(15)));
        fs::copy(first, second).unwrap();
        assert!(store(&folder, 1).load(5, &tokens(15)).is_none());
    }

    #[test]
    fn too_few_blocks_are_not_saved() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(&folder, 1);
        store.save(5, &tokens(17), &blocks(&tokens(16)));
        store.save(5, &[], &blocks(&tokens(16)));
        drop(store);
        assert!(!folder.path().join("prompts").exists());
    }

    #[test]
    fn what_lies_behind_the_prompt_is_not_saved() {
        let folder = tempfile::tempdir().unwrap();
        let store_of_all = store(&folder, 1);
        store_of_all.save(5, &tokens(20), &blocks(&tokens(64)));
        drop(store_of_all);
        assert_eq!(store(&folder, 1).load(5, &tokens(20)).unwrap().len(), 2);
    }

    #[test]
    fn only_full_blocks_are_held_by_the_writer() {
        let folder = tempfile::tempdir().unwrap();
        let (store, blocks) = (store(&folder, 1), blocks(&tokens(17)));
        store.save(5, &tokens(17), &blocks);
        assert_eq!(Arc::strong_count(&blocks[1]), 1);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn a_damaged_file_is_removed(place: prop::sample::Index, change in 1u8.., cut: bool) {
            let folder = tempfile::tempdir().unwrap();
            let path = saved(&folder, &tokens(20));
            let mut file = fs::read(&path).unwrap();
            let place = place.index(file.len());
            if cut {
                file.truncate(place);
            } else {
                file[place] ^= change;
            }
            fs::write(&path, file).unwrap();
            let store = store(&folder, 1);
            prop_assert!(store.load(5, &tokens(20)).is_none());
            prop_assert!(!store.contains(5, &tokens(20)));
        }
    }
}
