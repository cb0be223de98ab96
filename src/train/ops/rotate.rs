//! Rotary positions.

use std::sync::Arc;

use candle_core::{CpuStorage, CustomOp1, D, Layout, Result, Shape, Tensor};

use super::{
    Arithmetic,
    slices::{result, slice, tensor, with_slices},
};
use crate::inference::kernels::{Level, Pool, RopeTable, rotate};

/// Turns queries and keys by their positions, as the model's file says.
#[derive(Debug, Clone)]
pub struct Rotation {
    arithmetic: Arithmetic,
    head_dim: usize,
    frequencies: Arc<[f32]>,
    forward: Arc<RopeTable>,
    backward: Arc<RopeTable>,
}

impl Rotation {
    /// For positions below `end`; the frequencies are in radians per token.
    pub fn new(frequencies: &[f32], end: usize, arithmetic: Arithmetic) -> Self {
        let table = |sign: f32| {
            let turned: Vec<f32> = frequencies.iter().map(|frequency| sign * frequency).collect();
            let mut table = RopeTable::new(&turned);
            table.reach(end);
            Arc::new(table)
        };
        Self {
            arithmetic,
            head_dim: 2 * frequencies.len(),
            frequencies: frequencies.into(),
            forward: table(1.0),
            backward: table(-1.0),
        }
    }

    /// Turns the heads of each row, `[tokens, heads * head_dim]`.
    pub fn forward(&self, x: &Tensor, positions: &Arc<[u32]>) -> Result<Tensor> {
        if self.arithmetic == Arithmetic::Packed && x.device().is_cpu() {
            let op = RotateOp {
                head_dim: self.head_dim,
                forward: Arc::clone(&self.forward),
                backward: Arc::clone(&self.backward),
                positions: Arc::clone(positions),
            };
            return x.contiguous()?.apply_op1(op);
        }
        let (tokens, width) = x.dims2()?;
        let heads = width / self.head_dim;
        let angles = positions.iter().flat_map(|position| {
            self.frequencies.iter().map(move |frequency| *position as f32 * frequency)
        });
        let shape = (tokens, 1, self.head_dim / 2);
        let angles = Tensor::from_vec(angles.collect::<Vec<_>>(), shape, x.device())?;
        let (sines, cosines) = (angles.sin()?, angles.cos()?);
        let pairs = x.reshape((tokens, heads, self.head_dim / 2, 2))?;
        let (a, b) = (pairs.narrow(3, 0, 1)?.squeeze(3)?, pairs.narrow(3, 1, 1)?.squeeze(3)?);
        let turned_a = (a.broadcast_mul(&cosines)? - b.broadcast_mul(&sines)?)?;
        let turned_b = (b.broadcast_mul(&cosines)? + a.broadcast_mul(&sines)?)?;
        Tensor::stack(&[turned_a, turned_b], D::Minus1)?.reshape((tokens, width))
    }
}

struct RotateOp {
    head_dim: usize,
    forward: Arc<RopeTable>,
    /// The other way round.
    backward: Arc<RopeTable>,
    positions: Arc<[u32]>,
}

impl RotateOp {
    fn turned(&self, table: &RopeTable, x: &[f32]) -> Vec<f32> {
        let mut out = x.to_vec();
        let heads = x.len() / self.positions.len().max(1) / self.head_dim;
        let (level, pool) = (Level::detect(), Pool::new(1));
        rotate(level, &pool, table, heads, self.head_dim, &self.positions, &mut out);
        out
    }
}

impl CustomOp1 for RotateOp {
    fn name(&self) -> &'static str {
        "rotate"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let x = slice(storage, layout)?;
        Ok(result(self.turned(&self.forward, x), layout.shape()))
    }

    fn bwd(&self, x: &Tensor, _: &Tensor, gradient: &Tensor) -> Result<Option<Tensor>> {
        let gradient = gradient.contiguous()?;
        let of_x = with_slices([&gradient], |[gradient]| self.turned(&self.backward, gradient))?;
        tensor(of_x, x.shape()).map(Some)
    }
}
