//! Replies from a GGUF file, on the CPU of this machine.

use std::{path::Path, rc::Rc};

use candle_core::Device;

use super::{
    Backend, BackendInfo, ConversationId, Generation, InferenceError, LoadReport, Loading, Request,
    chat::ChatWriter,
    constrain::{Banned, Vocabulary},
    generation::GgufGeneration,
    model::{CausalModel, GgufError, GgufFile, load, template::ChatTemplate, tokenizer::Tokenizer},
    session::Sessions,
};
use crate::model_store::{ModelSource, ModelStore};

/// How a model file is used.
///
/// # Example
/// ```
/// use bevy_persona::inference::GgufSettings;
///
/// let long_talks = GgufSettings { max_context: 8192, ..GgufSettings::default() };
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GgufSettings {
    /// A named chat template instead of the one in the file: `chatml`, `llama-3`, `solar`, …
    pub template: Option<String>,
    /// How many tokens of a prompt are read before other replies get their turn.
    pub prefill_chunk: usize,
    /// The most tokens of prompt and reply together, where the model allows more. What it has read
    /// of a conversation takes memory for each of them.
    pub max_context: usize,
}

impl Default for GgufSettings {
    fn default() -> Self {
        Self { template: None, prefill_chunk: 64, max_context: 2048 }
    }
}

/// What all replies of a model share.
pub(super) struct Engine {
    pub(super) model: Rc<dyn CausalModel>,
    pub(super) writer: ChatWriter,
    pub(super) banned: Banned,
    pub(super) prefill_chunk: usize,
}

/// A language model from a GGUF file.
///
/// Emotion tags are decoded so that no tag outside of the palette is possible. What a conversation
/// has read stays in memory, so a next turn reads only what is new.
///
/// # Example
/// ```no_run
/// use std::sync::atomic::AtomicBool;
/// use bevy_persona::inference::{GgufBackend, GgufSettings, LoadReport};
///
/// let (mut tell, cancelled) = (|loading| println!("{loading:?}"), AtomicBool::new(false));
/// let mut report = LoadReport::new(&mut tell, &cancelled);
/// let backend = GgufBackend::open("model.gguf".as_ref(), GgufSettings::default(), &mut report)?;
/// # Ok::<(), bevy_persona::inference::InferenceError>(())
/// ```
pub struct GgufBackend {
    engine: Rc<Engine>,
    sessions: Sessions,
    info: BackendInfo,
}

impl GgufBackend {
    /// Loads a model file.
    ///
    /// # Errors
    /// If the file cannot be read, is broken, or holds a model that is not supported.
    pub fn open(
        path: &Path,
        settings: GgufSettings,
        report: &mut LoadReport<'_>,
    ) -> Result<Self, InferenceError> {
        let mut file = GgufFile::open(path).map_err(InferenceError::load)?;
        let name = model_name(&file);
        let tokenizer = Tokenizer::from_gguf(file.content()).map_err(InferenceError::load)?;
        let template = match &settings.template {
            Some(name) => ChatTemplate::named(name).map(|named| named.with_ends_of(&tokenizer)),
            None => ChatTemplate::from_gguf(&file, &tokenizer),
        };
        let template = template.map_err(InferenceError::load)?;
        let cancelled = report.cancelled();
        let mut progress = |done, total| {
            let stage = format!("loading {name}");
            let total = Some(total);
            report.report(Loading { stage, done, total, bytes_per_second: None });
            !cancelled.load(std::sync::atomic::Ordering::Relaxed)
        };
        let model = load(&mut file, &Device::Cpu, &mut progress).map_err(InferenceError::load)?;
        check_vocabulary(&*model, &tokenizer).map_err(InferenceError::load)?;
        let context = model.context_length().min(settings.max_context.max(1));
        let banned = Banned::new(&tokenizer);
        let prefill_chunk = settings.prefill_chunk.max(1);
        let writer = ChatWriter { tokenizer, template, context };
        let engine = Rc::new(Engine { model, writer, banned, prefill_chunk });
        let info = BackendInfo { model: name, context_length: context };
        Ok(Self { engine, sessions: Sessions::default(), info })
    }

    /// Fetches a model, if it is not there yet, and loads it.
    ///
    /// # Errors
    /// If it cannot be fetched, and as [`open`](Self::open).
    pub fn fetch(
        source: &ModelSource,
        settings: GgufSettings,
        report: &mut LoadReport<'_>,
    ) -> Result<Self, InferenceError> {
        let store = ModelStore::user().map_err(InferenceError::load)?;
        let cancelled = report.cancelled();
        let path = store
            .fetch(source, &mut |loading| report.report(loading), cancelled)
            .map_err(InferenceError::load)?;
        Self::open(&path, settings, report)
    }
}

fn model_name(file: &GgufFile) -> String {
    let named = file.metadata().string("general.name").ok().filter(|name| !name.trim().is_empty());
    let stem = || file.path().file_stem().unwrap_or_default().to_string_lossy().into_owned();
    named.map_or_else(stem, str::to_owned)
}

fn check_vocabulary(model: &dyn CausalModel, tokenizer: &Tokenizer) -> Result<(), GgufError> {
    if tokenizer.size() <= model.vocabulary() {
        return Ok(());
    }
    Err(GgufError::Shape(format!(
        "{} tokens in the vocabulary, {} rows in the embedding",
        tokenizer.size(),
        model.vocabulary()
    )))
}

impl Backend for GgufBackend {
    fn info(&self) -> BackendInfo {
        self.info.clone()
    }

    fn start(&mut self, request: Request) -> Result<Box<dyn Generation>, InferenceError> {
        let session = self.sessions.open(request.conversation, &*self.engine.model);
        let generation = GgufGeneration::start(Rc::clone(&self.engine), session, request)?;
        Ok(Box::new(generation))
    }

    fn forget(&mut self, conversation: ConversationId) {
        self.sessions.forget(conversation);
    }
}
