//! Plays written [scenes](crate::scene) over the characters that are there.
//!
//! A scene is data; the director lets it happen. It finds the members by the ids of their sheets, lets
//! them say their lines one after another, listens to the fan where the scene does, and tells a stage
//! what only a stage can do. It draws nothing and knows no avatar format.
//!
//! | you want to | you use |
//! |---|---|
//! | begin a scene, go on with a saved one, stop it | [`PlayScene`], [`ResumeScene`], [`StopScene`] |
//! | choose, pass over what takes long | [`Choose`], [`GoOn`] |
//! | say something | [`Say`](crate::dialogue::Say), as always |
//! | show what goes on | [`SceneState`], [`SceneOffers`], [`Narration`] |
//! | move lights, cameras and bodies | [`StageCue`] |
//! | keep what came of it | [`StoryBook`], [`SceneState::saved`]; a `FanStorePlugin` keeps both, see [`UnfinishedScene`] |
//! | see each step | [`ScenePassage`] |
//!
//! What a scene changes arrives where it belongs: closeness in [`Rapport`](crate::dialogue::Rapport),
//! opened secrets and what is remembered in [`Fan`](crate::dialogue::Fan).
//!
//! # What waits for what
//!
//! A line waits until the one before was said, with its voice where she has one; without one it stays
//! for as long as it takes to read ([`ReadingPace`]). A line of somebody who walks waits until she has
//! arrived; nothing else waits for a walk. A model that is not there, or does not keep to what a scene
//! asks, is replaced by the written words; a member who is not there is narrated. So a scene waits for
//! nobody but the fan, and the fan may always go on.

mod answer;
mod beat;
mod chat;
mod choice;
mod effects;
mod facts;
mod improvise;
mod inbox;
#[cfg(feature = "store")]
mod keep;
mod library;
mod line;
mod offers;
mod plugin;
mod requests;
mod run;
mod running;
mod speech;
mod state;
mod talk;
mod theatre;
mod world;

pub use facts::{Narration, SceneBegan, SceneEnd, SceneEnded, ScenePassage, StageCue, StageShot};
pub use library::{SceneLibrary, ScenesChanged};
pub use offers::{SceneOffer, SceneOffers};
pub use plugin::DirectorPlugin;
pub use requests::{Choose, GoOn, PlayScene, ResumeScene, StopScene};
pub use state::{
    HourOfDay, Listening, ReadingPace, SceneSeed, SceneState, StoryBook, UnfinishedScene,
};
