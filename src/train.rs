//! How a character learns her own voice.

mod batch;
mod lesson;
mod model;
mod ops;
mod settings;

pub use lesson::Lesson;
pub use ops::Arithmetic;
pub use settings::{LoraSettings, TrainSettings};
