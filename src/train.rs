//! How a character learns her own voice: low-rank adapters (`LoRA`: Hu et al., 2021,
//! arXiv:2106.09685) over a frozen model, trained on dialogues that people wrote for her.
//!
//! What the model reads in training is what it reads in the game: the same composer writes the
//! prompt, the same template and tokenizer make tokens of it. Only her replies, and the token that
//! ends each, are learnt.
//!
//! On the CPU frozen products are computed in 8 bits, by the kernels that the game uses
//! ([`Arithmetic::Packed`]). On a GPU (candle's features `cuda` and `metal`) all is f32.
//!
//! The command is `persona tune`; see `docs/tuning.md`.

mod batch;
mod checkpoint;
mod curriculum;
mod curve;
mod data;
mod error;
mod lesson;
mod merge;
mod model;
mod ops;
mod optimizer;
mod progress;
mod settings;
mod trainer;

pub use curriculum::Curriculum;
pub use curve::loss_curve;
pub use data::{DataError, is_held_out, read_dialogues};
pub use error::TrainError;
pub use lesson::Lesson;
pub use merge::merge;
pub use ops::Arithmetic;
pub use progress::{Record, TrainEvent, TrainReport};
pub use settings::{LoraSettings, TrainSettings};
pub use trainer::Trainer;
