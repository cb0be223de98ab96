//! Rotary position embedding: what tells the model how far apart two tokens are.
//!
//! See "`RoFormer`: Enhanced Transformer with Rotary Position Embedding" (Su et al., 2021).

use super::disjoint::for_rows;
use super::level::Level;
use super::pool::Pool;
use super::simd::{Kernel, LANES, Simd, dispatch};

/// How many numbers are worth another thread.
const CHEAP: usize = 1 << 16;

/// The rotations of all positions up to the last that was needed.
#[derive(Debug, Clone)]
pub struct RopeTable {
    frequencies: Box<[f32]>,
    /// `[positions, head_dim]`: the cosine of each pair, twice.
    cosines: Vec<f32>,
    /// `[positions, head_dim]`: minus the sine of each pair, then the sine.
    sines: Vec<f32>,
}

impl RopeTable {
    /// Pair `i` of a head turns by `frequencies[i]` radians from one position to the next;
    /// there are `head_dim / 2` of them.
    #[must_use]
    pub fn new(frequencies: &[f32]) -> Self {
        Self { frequencies: frequencies.into(), cosines: Vec::new(), sines: Vec::new() }
    }

    fn head_dim(&self) -> usize {
        2 * self.frequencies.len()
    }

    /// Learns the rotations of all positions below `end`, which must be done before they are used.
    pub fn reach(&mut self, end: usize) {
        let known = self.cosines.len().checked_div(self.head_dim()).unwrap_or(end);
        for position in known..end {
            for frequency in &self.frequencies {
                let (sine, cosine) = (position as f64 * f64::from(*frequency)).sin_cos();
                self.cosines.extend([cosine as f32; 2]);
                self.sines.extend([-sine as f32, sine as f32]);
            }
        }
    }
}

/// Turns each pair of neighbours (2i, 2i+1) of each head of each row by its position.
///
/// `x` is `[rows, heads * head_dim]`; row `r` is at `positions[r]`.
///
/// # Panics
/// If the lengths do not fit, the table is made for another `head_dim`, or does not
/// [reach](RopeTable::reach) a position.
pub fn rotate(
    level: Level,
    pool: &Pool,
    table: &RopeTable,
    heads: usize,
    head_dim: usize,
    positions: &[u32],
    x: &mut [f32],
) {
    let width = heads * head_dim;
    assert_eq!(head_dim, table.head_dim());
    assert_eq!(x.len(), positions.len() * width);
    if x.is_empty() {
        return;
    }
    for_rows(pool, x, width, CHEAP, |first, x| {
        let positions = &positions[first..][..x.len() / width];
        dispatch(level, Rotate { table, width, positions, x });
    });
}

struct Rotate<'a> {
    table: &'a RopeTable,
    width: usize,
    positions: &'a [u32],
    x: &'a mut [f32],
}

impl Kernel for Rotate<'_> {
    /// `(a, b)` becomes `(a cos - b sin, b cos + a sin)`.
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        let dim = self.table.head_dim();
        for (x, position) in self.x.chunks_exact_mut(self.width).zip(self.positions) {
            let start = *position as usize * dim;
            let cosines = &self.table.cosines[start..][..dim];
            let sines = &self.table.sines[start..][..dim];
            for head in x.chunks_exact_mut(dim) {
                let turns = cosines.chunks(LANES).zip(sines.chunks(LANES));
                for (x, (cosine, sine)) in head.chunks_mut(LANES).zip(turns) {
                    let old = s.load_part(x);
                    let crossed = s.mul(s.swap_pairs(old), s.load_part(sine));
                    s.store_part(s.mul_add(old, s.load_part(cosine), crossed), x);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn frequencies(head_dim: usize) -> Vec<f32> {
        (0..head_dim / 2).map(|i| 10_000_f32.powf(-2.0 * i as f32 / head_dim as f32)).collect()
    }

    fn naive(frequencies: &[f32], positions: &[u32], x: &[f32]) -> Vec<f64> {
        let width = x.len() / positions.len();
        let pairs = x.chunks(2).enumerate();
        let turned = pairs.flat_map(|(i, pair)| {
            let position = f64::from(positions[2 * i / width]);
            let angle = position * f64::from(frequencies[i % frequencies.len()]);
            let (a, b) = (f64::from(pair[0]), f64::from(pair[1]));
            [a * angle.cos() - b * angle.sin(), a * angle.sin() + b * angle.cos()]
        });
        turned.collect()
    }

    #[test]
    fn position_zero_leaves_all_as_it_is() {
        let mut x: Vec<f32> = (0..24).map(|i| i as f32).collect();
        let before = x.clone();
        let mut table = RopeTable::new(&frequencies(12));
        table.reach(1);
        rotate(Level::detect(), &Pool::new(1), &table, 2, 12, &[0], &mut x);
        assert_eq!(x, before);
    }

    proptest! {
        #[test]
        fn all_levels_agree_and_are_right(
            half in 1_usize..40,
            heads in 1_usize..4,
            positions in prop::collection::vec(0_u32..3000, 1..6),
        ) {
            let head_dim = 2 * half;
            let frequencies = frequencies(head_dim);
            let len = positions.len() * heads * head_dim;
            let x: Vec<f32> = (0..len).map(|i| (i as f32 * 0.7).sin() * 4.0).collect();
            let expected = naive(&frequencies, &positions, &x);
            let mut table = RopeTable::new(&frequencies);
            table.reach(3000);
            let mut first: Option<Vec<f32>> = None;
            for level in Level::available() {
                let mut turned = x.clone();
                rotate(level, &Pool::new(2), &table, heads, head_dim, &positions, &mut turned);
                for (found, expected) in turned.iter().zip(&expected) {
                    prop_assert!((f64::from(*found) - expected).abs() < 2e-6);
                }
                prop_assert_eq!(first.get_or_insert_with(|| turned.clone()), &turned);
            }
        }
    }
}
