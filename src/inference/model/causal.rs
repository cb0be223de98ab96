//! What every language model does for us, whatever its architecture.

use std::rc::Rc;

use candle_core::Device;

use super::{GgufError, GgufFile, Llama};

/// A model whose weights are in memory, to be used by many conversations.
pub trait CausalModel {
    /// How many tokens it was trained to read, prompt and reply together.
    fn context_length(&self) -> usize;

    /// How many logits it gives: one for each entry of its vocabulary.
    fn vocabulary(&self) -> usize;

    /// A conversation of which nothing has been read yet.
    fn start(&self) -> Box<dyn CausalState>;
}

/// What a model keeps of the tokens that it has read.
pub trait CausalState {
    /// How many tokens have been read.
    fn len(&self) -> usize;

    /// Whether nothing has been read yet.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets all tokens from `len` on; gives how many it still knows: `len`, or 0 where the
    /// architecture cannot go back by a part.
    fn truncate(&mut self, len: usize) -> usize;

    /// Reads more tokens; gives one logit per entry of the vocabulary, for what comes after them.
    ///
    /// # Errors
    /// If the tensor library fails.
    fn forward(&mut self, tokens: &[u32]) -> candle_core::Result<Vec<f32>>;
}

/// Is told how many of how many parts of a model are loaded; gives whether to go on.
pub type LoadProgress<'a> = dyn FnMut(u64, u64) -> bool + 'a;

/// Loads the model of a file, whatever its architecture.
///
/// # Errors
/// If the architecture is not supported, the file is broken, or `progress` says to stop.
pub fn load(
    file: &mut GgufFile,
    device: &Device,
    progress: &mut LoadProgress<'_>,
) -> Result<Rc<dyn CausalModel>, GgufError> {
    let architecture = file.metadata().string("general.architecture")?.to_owned();
    match architecture.as_str() {
        "llama" => Ok(Rc::new(Llama::load(file, device, progress)?)),
        _ => Err(GgufError::Architecture { found: architecture, supported: "llama" }),
    }
}
