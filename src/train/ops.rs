//! The operations of a llama model, with the gradients that low-rank training needs and no others:
//! none of a frozen weight is ever computed on the CPU.
//!
//! Each has two forms. On the CPU it is an operation of our own on the kernels that the game uses, in
//! 8 bits: frozen products of activations, and of gradients with the transposed matrix, are what
//! `SwitchBack` does (Wortsman et al., 2023, arXiv:2304.13013). In [`Arithmetic::Full`], and on a GPU,
//! it is made of candle's own operations in f32; that form is what the first is tested against.

mod attention;
mod cross_entropy;
mod dropout;
mod frozen;
mod linear;
mod norm;
mod rotate;
mod slices;
mod swiglu;

pub use attention::attention;
pub use cross_entropy::cross_entropy;
pub use dropout::Dropout;
pub(super) use dropout::mix;
pub use frozen::{Arithmetic, Frozen};
pub use linear::{Linear, LowRankVars};
pub use norm::Norm;
pub use rotate::Rotation;
pub use swiglu::swiglu;

#[cfg(test)]
mod tests;
