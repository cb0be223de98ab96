//! Our side of the benchmark: the default model, and Siwoo who speaks with it.

use std::{
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

use bevy_persona::{
    inference::{
        Backend, ConversationId, GgufBackend, GgufSettings, LoadReport, Loading, Request, Sampling,
        Step,
        model::{self, CausalModel, GgufFile, ModelOptions, tokenizer::Tokenizer},
    },
    mind::{
        Beats, Direction, History, Prompt, PromptForm, Segment, fan_text, prompt::system_prompt,
    },
    model_store::{ModelSource, ModelStore},
    persona::{Language, PersonaSheet, personas_folder},
};

/// The file of the default model; fetched, if it is not here yet.
pub fn path() -> PathBuf {
    let store = ModelStore::user().expect("a folder for models");
    store
        .fetch(&ModelSource::Default, &mut |_| {}, &AtomicBool::new(false))
        .expect("the default model; `persona model get` fetches it")
}

/// So many tokens of ordinary text, as a prompt has them.
pub fn tokens(path: &Path, count: usize) -> Vec<u32> {
    let file = GgufFile::open(path).expect("the model's file");
    let tokenizer = Tokenizer::from_gguf(file.content()).expect("the model's vocabulary");
    let text = system_prompt(&siwoo(), Language::English, &PromptForm::default());
    let ids = tokenizer.encode_text(&text, true).expect("tokens");
    ids.into_iter().cycle().take(count).collect()
}

/// The model alone, with so many threads.
pub fn load(path: &Path, threads: usize) -> Box<dyn CausalModel> {
    let mut file = GgufFile::open(path).expect("the model's file");
    let cache_folder = ModelStore::cache_folder();
    let options = ModelOptions { threads, cache_folder, cache_bytes: 0, ..ModelOptions::default() };
    model::load(&mut file, &options, &mut |_, _| true).expect("the model's weights")
}

/// The model as a backend: with vocabulary, template and tags.
pub fn open(path: &Path) -> GgufBackend {
    let (mut tell, cancelled) = (|_: Loading| {}, AtomicBool::new(false));
    let mut report = LoadReport::new(&mut tell, &cancelled);
    GgufBackend::open(path, GgufSettings::default(), &mut report).expect("the default model")
}

/// Siwoo, of the sample personas.
pub fn siwoo() -> PersonaSheet {
    let file = personas_folder().join("siwoo.persona.ron");
    let bytes = std::fs::read(&file).expect("Siwoo's file");
    PersonaSheet::from_bytes(&file.display().to_string(), &bytes).expect("Siwoo's sheet")
}

/// What a game would ask for this message.
pub fn request(
    sheet: &PersonaSheet,
    conversation: ConversationId,
    history: &History,
    fan: &str,
) -> Request {
    Request {
        conversation,
        prompt: Prompt::compose(sheet, Language::English, history, &fan_text(fan)),
        palette: sheet.emotions.clone(),
        sampling: sheet.sampling.clone(),
        seed: 7,
        direction: Direction::default(),
        adapter: None,
    }
}

/// Replies up to the first piece, which is the first feeling.
pub fn first_piece(backend: &mut GgufBackend, request: Request) -> Segment {
    let mut reply = backend.start(request).expect("a reply begins");
    loop {
        match reply.advance().expect("a reply goes on") {
            Step::Segment(segment) => return segment,
            Step::Working => {
                let _ = backend.work();
            }
            Step::Done(_) => panic!("the reply is empty"),
        }
    }
}

/// Replies in a few tokens; gives the conversation so far.
pub fn short_exchange(backend: &mut GgufBackend, request: Request) -> History {
    let mut history = History { turns: request.prompt.turns.clone() };
    let sampling = Sampling { max_tokens: 8, ..request.sampling.clone() };
    let mut reply = backend.start(Request { sampling, ..request }).expect("a reply begins");
    let mut beats = Beats::default();
    loop {
        match reply.advance().expect("a reply goes on") {
            Step::Segment(Segment::Emotion(tag)) => beats.emotion(tag),
            Step::Segment(Segment::Text(text)) => beats.text(&text),
            Step::Working => {
                let _ = backend.work();
            }
            Step::Done(_) => break,
        }
    }
    history.push_idol(beats.take());
    history
}
