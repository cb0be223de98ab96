//! Replies from a model on this machine: a GGUF file, or a folder of safetensors.

use std::{
    cell::RefCell,
    collections::BTreeSet,
    path::{Path, PathBuf},
    rc::Rc,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use super::{
    Backend, BackendInfo, ConversationId, Generation, InferenceBudget, InferenceError, LoadReport,
    Loading, Request,
    adapter_folder::{self, Adapters},
    chat::ChatWriter,
    constrain::{Banned, Vocabulary},
    conversation::Conversations,
    free_memory,
    generation::GgufGeneration,
    model::{
        self, AdapterId, CausalModel, DeviceChoice, DoesNotFit, GgufError, MemoryPlan, ModelMemory,
        ModelOptions, TokenCounts, template::ChatTemplate, tokenizer::Tokenizer,
    },
    scheduler::{Scheduler, Speaker},
};
use crate::{
    library::assets_folder,
    model_store::{ModelSource, ModelStore},
    persona::Language,
};

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
    /// The most tokens of prompts that are read at once; fewer while somebody speaks, so that she
    /// does not stall. An interrupt waits as long as that takes.
    pub prefill_chunk: usize,
    /// The most tokens that are guessed ahead of what a character says, from what came after the same
    /// words before; 0 for none. A right guess saves a pass of the model, and none changes what is
    /// said. Only where few speak, and models of the llama architecture on the CPU.
    pub guesses: usize,
    /// The most tokens of prompt and reply together, where the model allows more. What it has read
    /// of a conversation takes memory for each of them.
    pub max_context: usize,
    /// The most memory for what was read of all conversations, in MB (1,000,000 bytes). What is
    /// unused for longest is forgotten first; replies in the making may take more.
    pub cache_mb: usize,
    /// Where repacked weights, and what was read of each persona, are kept between two starts of
    /// the game, so that the next one is quick; they are not kept without.
    pub cache_folder: Option<PathBuf>,
    /// The languages that the model speaks well, where the file does not say or says too much;
    /// without either, English.
    pub languages: Option<Vec<Language>>,
    /// Where adapters are: folders as PEFT writes them, in this folder or one level deeper. Those
    /// that fit the model can be asked for by the names of their folders.
    pub adapter_folder: Option<PathBuf>,
    /// Whether a model is refused that needs more memory than is free, instead of slowing the whole
    /// machine down or ending the game. It is not where nobody knows how much is free.
    ///
    /// By default it is, unless the environment variable `BEVY_PERSONA_ANY_MEMORY` is set.
    pub check_memory: bool,
    /// What the model is computed on.
    pub device: DeviceChoice,
}

impl Default for GgufSettings {
    fn default() -> Self {
        Self {
            template: None,
            prefill_chunk: 128,
            guesses: 4,
            max_context: 2048,
            cache_mb: 256,
            cache_folder: ModelStore::cache_folder(),
            languages: None,
            adapter_folder: usual_adapter_folder(),
            check_memory: std::env::var_os("BEVY_PERSONA_ANY_MEMORY").is_none(),
            device: DeviceChoice::default(),
        }
    }
}

/// The folder `adapters` in the game's assets, if there is one.
fn usual_adapter_folder() -> Option<PathBuf> {
    Some(assets_folder().join("adapters")).filter(|folder| folder.is_dir())
}

/// What all replies of a model share.
pub(super) struct Engine {
    pub(super) writer: ChatWriter,
    pub(super) banned: Banned,
}

/// A language model from a GGUF file, or from a folder of safetensors as the Hugging Face hub has them.
///
/// Emotion tags are decoded so that no tag outside of the palette is possible. What was read stays
/// in memory and is shared: a next turn reads only what is new, a second idol nothing of the world
/// that both live in. All open replies are decoded as one batch.
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
    scheduler: Rc<RefCell<Scheduler>>,
    conversations: Conversations,
    adapters: Adapters,
    /// Adapters that were asked for and are not there.
    missed: BTreeSet<Arc<str>>,
    info: BackendInfo,
}

impl GgufSettings {
    /// The memory for which a model is loaded with these settings: that of four idols.
    #[must_use]
    pub fn memory_plan(&self) -> MemoryPlan {
        MemoryPlan {
            context: self.max_context.max(1),
            cache_bytes: self.cache_mb.saturating_mul(1_000_000),
            prefill_chunk: self.prefill_chunk,
            ..MemoryPlan::default()
        }
    }
}

impl GgufBackend {
    /// Loads a model: a GGUF file, a folder with `config.json`, tokenizer and safetensors, or one of
    /// the `.safetensors` files in it.
    ///
    /// # Errors
    /// If a file cannot be read, is broken, holds a model that is not supported, or needs more memory
    /// than is free ([`DoesNotFit`]).
    pub fn open(
        path: &Path,
        settings: GgufSettings,
        report: &mut LoadReport<'_>,
    ) -> Result<Self, InferenceError> {
        let mut file = model::open(path).map_err(InferenceError::load)?;
        let name = file.name();
        if settings.check_memory && !settings.device.has_own_memory() {
            DoesNotFit::check(&*file, &settings.memory_plan(), free_memory())
                .map_err(InferenceError::load)?;
        }
        let tokenizer = file.tokenizer().map_err(InferenceError::load)?;
        let template = match &settings.template {
            Some(name) => ChatTemplate::named(name).map(|named| named.with_ends_of(&tokenizer)),
            None => ChatTemplate::of(&*file, &tokenizer),
        };
        let template = template.map_err(InferenceError::load)?;
        let cancelled = report.cancelled();
        let mut progress = |done, total| {
            let stage = format!("loading {name}");
            let total = Some(total);
            report.report(Loading { stage, done, total, bytes_per_second: None });
            !cancelled.load(Ordering::Relaxed)
        };
        let options = ModelOptions {
            cache_bytes: settings.cache_mb.saturating_mul(1_000_000),
            cache_folder: settings.cache_folder,
            device: settings.device,
            ..ModelOptions::default()
        };
        let mut model =
            model::load(&mut *file, &options, &mut progress).map_err(InferenceError::load)?;
        check_vocabulary(&*model, &tokenizer).map_err(InferenceError::load)?;
        let context = model.context_length().min(settings.max_context.max(1));
        let adapters = match &settings.adapter_folder {
            Some(folder) => adapter_folder::load(folder, &*file, &mut *model),
            None => Adapters::new(),
        };
        let banned = Banned::new(&tokenizer);
        let writer = ChatWriter::new(tokenizer, template, context);
        let scheduler = Scheduler::new(model, settings.prefill_chunk, settings.guesses);
        let languages = settings.languages.unwrap_or_else(|| file.languages());
        let info = BackendInfo {
            model: name,
            context_length: context,
            parameters: file.parameters(),
            languages: Some(languages),
            adapters: adapters.keys().cloned().collect(),
        };
        Ok(Self {
            engine: Rc::new(Engine { writer, banned }),
            scheduler: Rc::new(RefCell::new(scheduler)),
            conversations: Conversations::default(),
            adapters,
            missed: BTreeSet::new(),
            info,
        })
    }

    /// How much memory the model takes.
    #[must_use]
    pub fn memory(&self) -> ModelMemory {
        self.scheduler.borrow().memory()
    }

    /// How many tokens were read, and how many were known.
    #[must_use]
    pub fn counts(&self) -> TokenCounts {
        self.scheduler.borrow().counts()
    }

    /// The adapter of a name; a name that is not there is warned of once.
    fn adapter(&mut self, name: &Arc<str>) -> Option<AdapterId> {
        let known = self.adapters.get(name).copied();
        if known.is_none() && self.missed.insert(Arc::clone(name)) {
            tracing::warn!("there is no adapter `{name}`; she speaks without");
        }
        known
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
        let adapter = request.adapter.as_ref().and_then(|name| self.adapter(name));
        let speaker = Speaker::new(Rc::clone(&self.scheduler), request.conversation, adapter);
        let conversation = self.conversations.open(request.conversation);
        conversation.borrow_mut().go_on_with(adapter);
        let engine = Rc::clone(&self.engine);
        Ok(Box::new(GgufGeneration::start(engine, speaker, conversation, request)?))
    }

    fn work(&mut self) -> Duration {
        self.scheduler.borrow_mut().pass()
    }

    fn forget(&mut self, conversation: ConversationId) {
        self.conversations.forget(conversation);
    }

    fn focus(&mut self, conversation: Option<ConversationId>) {
        self.scheduler.borrow_mut().focus(conversation);
    }

    fn set_budget(&mut self, budget: &InferenceBudget) {
        self.scheduler.borrow_mut().set_budget(budget);
    }
}
