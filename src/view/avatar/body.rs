//! Bodies: motions that fit what a character does, and what is added to them: breath, posture, glances,
//! nods.

mod additive;
mod clip;
mod feet;
mod library;
mod motion;
mod motion_file;
mod perform;
mod repertoire;
mod stance;

pub(super) use additive::{Nods, add, gaze, stress};
pub(super) use feet::{Feet, plant};
pub use library::MotionLibrary;
pub(super) use library::{MotionList, MotionListLoader, load};
pub(super) use motion::Motion;
pub(super) use motion_file::MotionLoader;
pub use perform::EndGesture;
pub(super) use perform::{Performance, end_gesture, gesture, perform};
pub(super) use repertoire::{Repertoire, learn, plan};
pub(super) use stance::stand;
