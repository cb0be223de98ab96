//! A game that is started again: what was read and repacked before is known, if it still fits, and
//! made anew without a word, if not.
#![cfg(feature = "candle")]

pub mod common;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

use bevy_persona::{
    inference::{
        Backend, ConversationId, GgufBackend, GgufSettings, LoadReport, Loading, Request, Sampling,
        Step,
        model::{GgufFile, tokenizer::Tokenizer},
    },
    mind::{ChatTurn, Prompt, PromptHead},
};
use common::{
    tiny_gguf::{Size, TinyGguf},
    worker::{self, Reply},
};
use tempfile::TempDir;

/// A model file, and a folder beside it for what is kept of it.
struct Home {
    model: PathBuf,
    tokenizer: Tokenizer,
    folder: TempDir,
}

impl Home {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let model = folder.path().join("tiny.gguf");
        TinyGguf::byte_level(Size::EVEN).write(&model);
        let file = GgufFile::open(&model).expect("a whole file");
        let tokenizer = Tokenizer::from_gguf(file.content()).expect("a vocabulary");
        Self { model, tokenizer, folder }
    }

    fn cache(&self) -> PathBuf {
        self.folder.path().join("cache")
    }

    /// Starts the game.
    fn start(&self) -> GgufBackend {
        start(&self.model, Some(self.cache()))
    }

    fn prompts(&self) -> Vec<PathBuf> {
        files(&self.cache().join("prompts"))
    }

    fn weights(&self) -> Vec<PathBuf> {
        files(&self.cache().join("weights"))
    }

    /// The tokens of a text, with the control tokens that are spelt in it.
    fn ids(&self, text: &str) -> Vec<u32> {
        self.tokenizer.encode_template(text, true).expect("any text has tokens")
    }

    /// How many tokens of a prompt are the persona's.
    fn known(&self, persona: &str) -> usize {
        self.ids(&before_the_fan(persona)).len()
    }

    /// How many tokens the prompts of two personas have in common.
    fn common(&self, one: &str, other: &str) -> usize {
        let (one, other) = (self.ids(&before_the_fan(one)), self.ids(&before_the_fan(other)));
        one.iter().zip(&other).take_while(|(one, other)| one == other).count()
    }
}

fn start(model: &Path, cache_folder: Option<PathBuf>) -> GgufBackend {
    let settings = GgufSettings { cache_folder, ..GgufSettings::default() };
    let (mut tell, never) = (|_: Loading| {}, AtomicBool::new(false));
    GgufBackend::open(model, settings, &mut LoadReport::new(&mut tell, &never)).expect("a model")
}

/// All files in a folder and those in it, sorted.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("a readable folder").path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found.sort();
    found
}

/// What the tiny model's template writes before the fan's first message.
fn before_the_fan(persona: &str) -> String {
    format!("<|im_start|>system\n{persona}<|im_end|>\n<|im_start|>user\n")
}

/// Somebody of the island.
fn persona(who: &str) -> String {
    let world = "The island has a lighthouse, two harbours and a stage by the sea. ";
    format!("{}{who}", world.repeat(8))
}

fn siwoo() -> String {
    persona("Siwoo is the calm one of four.")
}

/// What a persona is asked. Her reply is the likeliest, whatever she has said before.
fn to(persona: &str, turns: Vec<ChatTurn>) -> Request {
    let head = PromptHead { system: persona.into(), ..PromptHead::default() };
    let sampling = Sampling {
        temperature: 0.0,
        repetition_penalty: 1.0,
        no_repeat: 0,
        max_tokens: 24,
        ..Sampling::default()
    };
    Request { prompt: Prompt { head, turns, ..Prompt::default() }, sampling, ..worker::request("") }
}

fn fan(text: &str) -> ChatTurn {
    ChatTurn::Fan(text.into())
}

/// The most steps that a reply of these tests could take.
const STEPS: usize = 10_000;

fn ask(backend: &mut GgufBackend, request: Request) -> Reply {
    let mut reply = backend.start(request).expect("a request without faults");
    let mut segments = Vec::new();
    for _ in 0..STEPS {
        match reply.advance().expect("the reply goes on") {
            Step::Segment(segment) => segments.push(segment),
            Step::Done(outcome) => return Reply { segments, end: Ok(outcome) },
            Step::Working => {
                let _ = backend.work();
            }
        }
    }
    panic!("no end after {STEPS} steps: {segments:?}");
}

fn say_hi(backend: &mut GgufBackend, persona: &str) -> Reply {
    ask(backend, to(persona, vec![fan("Hi!")]))
}

fn cached(reply: &Reply) -> usize {
    reply.outcome().stats.cached_tokens
}

/// The reply of a model that knows nothing from before, and how many tokens it has read for it.
fn plain(model: &Path, request: Request) -> (Reply, u64) {
    let mut backend = start(model, None);
    let reply = ask(&mut backend, request);
    assert_eq!(cached(&reply), 0);
    (reply, backend.counts().read)
}

#[test]
fn the_first_reply_after_a_restart_reads_nothing_of_the_persona() {
    let home = Home::new();
    let known = home.known(&siwoo());
    assert!(known > 400, "a persona of {known} tokens");
    let mut backend = home.start();
    let before = say_hi(&mut backend, &siwoo());
    let read = backend.counts().read;
    assert_eq!(cached(&before), 0);
    assert!(before.outcome().stats.prompt_tokens > known);
    drop(backend);

    let mut backend = home.start();
    let after = say_hi(&mut backend, &siwoo());
    assert_eq!(after.segments, before.segments);
    assert_eq!(cached(&after), known);
    let counts = backend.counts();
    assert!(counts.reused >= known as u64, "{counts:?}");
    assert!(counts.read + known as u64 <= read, "{counts:?}, and {read} before the restart");
}

#[test]
fn other_words_and_a_saved_conversation_know_the_persona_too() {
    let home = Home::new();
    let known = home.known(&siwoo());
    let first = say_hi(&mut home.start(), &siwoo());
    let other = || to(&siwoo(), vec![fan("What do you see from up there?")]);
    let reply = ask(&mut home.start(), other());
    assert_eq!(cached(&reply), known);
    assert_eq!(reply.segments, plain(&home.model, other()).0.segments);
    let saved = || to(&siwoo(), vec![fan("Hi!"), first.turn(), fan("And now?")]);
    let reply = ask(&mut home.start(), saved());
    assert_eq!(cached(&reply), known);
    assert_eq!(reply.segments, plain(&home.model, saved()).0.segments);
}

#[test]
fn personas_with_the_same_beginning_share_just_that() {
    let home = Home::new();
    let others = ["Siwoo is the loud one.", "Jena is the calm one.", ""].map(persona);
    let mut backend = home.start();
    say_hi(&mut backend, &siwoo());
    let mut asked = vec![siwoo()];
    for (other, conversation) in others.into_iter().zip(2..) {
        let hi = to(&other, vec![fan("Hi!")]);
        let request = Request { conversation: ConversationId(conversation), ..hi };
        // With the one who is most like her.
        let common = asked.iter().map(|one| home.common(one, &other)).max().unwrap();
        assert!(common > 400 && common < home.known(&other));
        let reply = ask(&mut backend, request.clone());
        assert_eq!(cached(&reply), common, "{other}");
        assert_eq!(reply.segments, plain(&home.model, request).0.segments, "{other}");
        asked.push(other);
    }
}

#[test]
fn an_edited_persona_is_read_from_the_change_on() {
    let home = Home::new();
    let edited = persona("Siwoo is the calm one of five.");
    let common = home.common(&siwoo(), &edited);
    let mut backend = home.start();
    say_hi(&mut backend, &siwoo());
    let before = backend.counts().read;
    let reply = say_hi(&mut backend, &edited);
    let read = backend.counts().read - before;
    let (expected, all) = plain(&home.model, to(&edited, vec![fan("Hi!")]));
    assert_eq!(reply.segments, expected.segments);
    assert_eq!(cached(&reply), common);
    // Who reads the same text at the same time may know it only up to a whole block of 16 tokens.
    assert!(read + common as u64 <= all + 16, "{read} read, and {all} if nothing is known");
    drop(backend);
    for persona in [siwoo(), edited] {
        let reply = say_hi(&mut home.start(), &persona);
        assert_eq!(cached(&reply), home.known(&persona), "both are known after a restart");
    }
}

/// A way in which a file may be damaged.
type Damage = (&'static str, fn(&mut Vec<u8>));

/// What can be seen of any file.
const DAMAGES: [Damage; 6] = [
    ("emptied", Vec::clear),
    ("cut in the middle", |bytes| bytes.truncate(bytes.len() / 2)),
    ("cut by a byte", |bytes| bytes.truncate(bytes.len() - 1)),
    ("a byte too long", |bytes| bytes.push(0)),
    ("of another format", |bytes| bytes[0] ^= 0x20),
    ("of another model", |bytes| bytes[40] ^= 1),
];

/// What can be seen of what was read of a persona.
const DAMAGES_OF_PROMPTS: [Damage; 3] = [
    ("with another byte in the middle", |bytes| {
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0x80;
    }),
    ("with another byte at the end", |bytes| {
        let end = bytes.len() - 1;
        bytes[end] ^= 1;
    }),
    ("of zeros", |bytes| bytes.fill(0)),
];

/// Damages the only file of these.
fn damage(files: &[PathBuf], damage: fn(&mut Vec<u8>)) {
    let [path] = files else { panic!("one file, not {files:?}") };
    let mut bytes = fs::read(path).expect("a readable file");
    damage(&mut bytes);
    fs::write(path, bytes).expect("a writable file");
}

#[test]
fn a_damaged_prompt_is_read_anew() {
    let home = Home::new();
    let whole = say_hi(&mut home.start(), &siwoo());
    for (what, change) in DAMAGES.into_iter().chain(DAMAGES_OF_PROMPTS) {
        damage(&home.prompts(), change);
        let reply = say_hi(&mut home.start(), &siwoo());
        assert_eq!(cached(&reply), 0, "{what}");
        assert_eq!(reply.segments, whole.segments, "{what}");
        let again = say_hi(&mut home.start(), &siwoo());
        assert_eq!(cached(&again), home.known(&siwoo()), "kept again after it was {what}");
        assert_eq!(again.segments, whole.segments, "{what}");
    }
}

#[test]
fn damaged_weights_are_repacked() {
    let home = Home::new();
    let whole = say_hi(&mut home.start(), &siwoo());
    let weights = home.weights();
    let bytes = fs::read(&weights[0]).unwrap();
    let table: Damage = ("with another byte in the table", |bytes| bytes[70] ^= 1);
    for (what, change) in DAMAGES.into_iter().chain([table]) {
        damage(&weights, change);
        let mut backend = home.start();
        assert_eq!(home.weights(), weights, "{what}");
        assert!(fs::read(&weights[0]).unwrap() == bytes, "written again after it was {what}");
        let reply = say_hi(&mut backend, &siwoo());
        assert_eq!(reply.segments, whole.segments, "{what}");
        assert_eq!(cached(&reply), home.known(&siwoo()), "{what}");
    }
    fs::remove_file(&weights[0]).unwrap();
    assert_eq!(say_hi(&mut home.start(), &siwoo()).segments, whole.segments);
}

/// The tiny model with other words for all that it thinks.
fn other_model() -> TinyGguf {
    let mut tiny = TinyGguf::byte_level(Size::EVEN);
    let vocabulary = tiny.pieces.len();
    tiny.reshape("output.weight", &[vocabulary, Size::EVEN.width]);
    tiny
}

#[test]
fn another_model_takes_nothing_of_the_first() {
    let home = Home::new();
    let first = say_hi(&mut home.start(), &siwoo());
    let path = home.folder.path().join("other.gguf");
    other_model().write(&path);
    assert_eq!(fs::metadata(&path).unwrap().len(), fs::metadata(&home.model).unwrap().len());
    let (expected, _) = plain(&path, to(&siwoo(), vec![fan("Hi!")]));
    assert_ne!(expected.segments, first.segments);

    let reply = say_hi(&mut start(&path, Some(home.cache())), &siwoo());
    assert_eq!((cached(&reply), reply.segments), (0, expected.segments.clone()));
    assert_eq!((home.weights().len(), home.prompts().len()), (2, 2));

    let again = say_hi(&mut home.start(), &siwoo());
    assert_eq!(cached(&again), home.known(&siwoo()), "the first is still known");
    assert_eq!(again.segments, first.segments);

    other_model().write(&home.model);
    let reply = say_hi(&mut home.start(), &siwoo());
    assert_eq!(reply.segments, expected.segments, "a newer file under the old name");
    assert_eq!(cached(&reply), 0);
}

#[test]
fn only_the_cache_folder_is_written_to() {
    let home = Home::new();
    let before = files(home.folder.path());
    assert_eq!(before.len(), 1);
    say_hi(&mut start(&home.model, None), &siwoo());
    assert_eq!(files(home.folder.path()), before, "nothing is kept without a folder");

    say_hi(&mut home.start(), &siwoo());
    let kept = [home.prompts(), home.weights()].concat();
    assert_eq!(files(home.folder.path()), [kept.clone(), before].concat());
    let endings: Vec<_> = kept.iter().filter_map(|path| path.extension()?.to_str()).collect();
    assert_eq!(endings, ["prompt", "weights"], "one of each: {kept:?}");
}

#[test]
fn a_cache_folder_that_cannot_be_made_stops_nothing() {
    let home = Home::new();
    fs::write(home.cache(), "a file").unwrap();
    let (expected, _) = plain(&home.model, to(&siwoo(), vec![fan("Hi!")]));
    for _ in 0..2 {
        let reply = say_hi(&mut home.start(), &siwoo());
        assert_eq!((cached(&reply), &reply.segments), (0, &expected.segments));
    }
    assert_eq!(fs::read_to_string(home.cache()).unwrap(), "a file");
}
