//! Written scenes: the Yarn files of a game, and a player that can be saved at any step.
//!
//! Yarn Spinner's compiler turns the text into a program; the program runs on a small machine of
//! our own, which saves, never panics and never hangs. Nothing here knows Bevy: who draws, speaks
//! and listens asks the [`Player`] for one [`Step`] after the other.
//!
//! # Example
//! ```
//! use std::sync::Arc;
//! use bevy_persona::{persona::Language, scene::{Player, SceneWorld, Scenes, Step, Story}};
//!
//! struct World;
//! impl SceneWorld for World {
//!     fn language(&self) -> Language { Language::English }
//!     fn affinity(&self, _member: &str) -> f32 { 0.0 }
//!     fn knows(&self, _secret: &str) -> bool { false }
//!     fn fan(&self, _key: &str) -> String { String::new() }
//!     fn hour(&self) -> f32 { 18.0 }
//! }
//!
//! let text = "title: hello\n---\nSiwoo: You came. #line:hello_1 #emotion:joy\n===\n";
//! let scenes = Arc::new(Scenes::from_files([("hello.yarn", text)])?);
//! let mut player = Player::start(scenes, "hello", Story::default(), 1)?;
//! let Step::Line(line) = player.advance(&World)? else { panic!("a line") };
//! assert_eq!((line.speaker.unwrap().as_str(), line.text.as_str()), ("siwoo", "You came."));
//! assert_eq!(player.advance(&World)?, Step::End);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod code;
mod commands;
mod compile;
mod condition;
mod doubts;
mod error;
mod functions;
mod graph;
mod info;
mod library;
mod machine;
mod nesting;
mod player;
mod save;
mod script;
mod setting;
mod sort;
mod source;
mod stage;
mod steps;
mod story;
pub mod strings;
mod table;
mod text;
mod value;

pub use commands::{AskFan, Chat, CommandError, Improvise, LookAt, SceneCommand, Shot, Talk};
pub use condition::{Condition, ConditionError, Need};
pub use error::{SceneError, SceneErrors};
pub use graph::graph_svg;
pub use info::{Begins, NodeInfo, NodeStep, SceneInfo, Written, WrittenLine};
pub use library::Scenes;
pub use player::Player;
pub use save::SavedScene;
pub use sort::sort_answer;
pub use stage::Stage;
pub use steps::{SceneChoice, SceneLine, SceneWorld, Step};
pub use story::Story;
pub use value::Value;
