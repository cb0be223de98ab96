//! What is done to each row between the matrices: norms, sums and gates.
//!
//! A row is worked on in the same order whatever rows are given with it.

mod exp;

pub(super) use self::exp::exp;

use super::disjoint::for_rows;
use super::level::Level;
use super::pool::Pool;
use super::simd::{Kernel, LANES, Simd, dispatch};

/// How many numbers are worth another thread: those that one takes some microseconds for.
const CHEAP: usize = 1 << 16;
#[cfg(any(test, feature = "train"))]
const COSTLY: usize = 1 << 13;

/// `out = x / sqrt(mean(x²) + eps) * weight` for each row; `x` and `out` are
/// `[rows, weight.len()]`.
///
/// See "Root Mean Square Layer Normalization" (Zhang and Sennrich, 2019).
///
/// # Panics
/// If the lengths do not fit.
#[cfg(any(test, feature = "train"))]
pub fn rms_norm(level: Level, pool: &Pool, x: &[f32], weight: &[f32], eps: f32, out: &mut [f32]) {
    assert_eq!(x.len(), out.len());
    if x.is_empty() {
        return;
    }
    let width = weight.len();
    assert_eq!(x.len() % width, 0);
    for_rows(pool, out, width, CHEAP, |first, out| {
        norm_rows(level, &x[first * width..][..out.len()], weight, eps, out);
    });
}

/// [`rms_norm`] on this thread.
pub(super) fn norm_rows(level: Level, x: &[f32], weight: &[f32], eps: f32, out: &mut [f32]) {
    dispatch(level, RmsNorm { x, weight, eps, out });
}

/// `x += y`.
///
/// # Panics
/// If the lengths differ.
pub fn add(level: Level, pool: &Pool, x: &mut [f32], y: &[f32]) {
    assert_eq!(x.len(), y.len());
    for_rows(pool, x, LANES, CHEAP, |first, x| {
        let y = &y[first * LANES..][..x.len()];
        dispatch(level, Add { x, y });
    });
}

/// `gate = silu(gate) * up`, where `silu(g) = g / (1 + exp(-g))`.
///
/// See "GLU Variants Improve Transformer" (Shazeer, 2020).
///
/// # Panics
/// If the lengths differ.
#[cfg(any(test, feature = "train"))]
pub fn swiglu(level: Level, pool: &Pool, gate: &mut [f32], up: &[f32]) {
    assert_eq!(gate.len(), up.len());
    for_rows(pool, gate, LANES, COSTLY, |first, gate| {
        swiglu_rows(level, gate, &up[first * LANES..][..gate.len()]);
    });
}

/// [`swiglu`] on this thread.
pub(super) fn swiglu_rows(level: Level, gate: &mut [f32], up: &[f32]) {
    dispatch(level, Swiglu { gate, up });
}

struct RmsNorm<'a> {
    x: &'a [f32],
    weight: &'a [f32],
    eps: f32,
    out: &'a mut [f32],
}

impl Kernel for RmsNorm<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        let width = self.weight.len();
        for (x, out) in self.x.chunks_exact(width).zip(self.out.chunks_exact_mut(width)) {
            let mean = sum_of_squares(s, x) / width as f32;
            let factor = s.splat(1.0 / (mean + self.eps).sqrt());
            let x = x.chunks(LANES).zip(self.weight.chunks(LANES));
            for (out, (x, weight)) in out.chunks_mut(LANES).zip(x) {
                let x = s.mul(s.load_part(x), factor);
                s.store_part(s.mul(x, s.load_part(weight)), out);
            }
        }
    }
}

/// Four sums side by side, so that one addition need not wait for the other.
#[inline(always)]
fn sum_of_squares<S: Simd>(s: S, x: &[f32]) -> f32 {
    let mut sums = [s.splat(0.0); 4];
    for x in x.chunks(4 * LANES) {
        for (sum, x) in sums.iter_mut().zip(x.chunks(LANES)) {
            let x = s.load_part(x);
            *sum = s.mul_add(x, x, *sum);
        }
    }
    s.sum(s.add(s.add(sums[0], sums[1]), s.add(sums[2], sums[3])))
}

struct Add<'a> {
    x: &'a mut [f32],
    y: &'a [f32],
}

impl Kernel for Add<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        for (x, y) in self.x.chunks_mut(LANES).zip(self.y.chunks(LANES)) {
            s.store_part(s.add(s.load_part(x), s.load_part(y)), x);
        }
    }
}

struct Swiglu<'a> {
    gate: &'a mut [f32],
    up: &'a [f32],
}

impl Kernel for Swiglu<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        for (gate, up) in self.gate.chunks_mut(LANES).zip(self.up.chunks(LANES)) {
            let g = s.load_part(gate);
            let opposite = exp(s, s.sub(s.splat(0.0), g));
            let silu = s.div(g, s.add(s.splat(1.0), opposite));
            s.store_part(s.mul(silu, s.load_part(up)), gate);
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bits(values: &[f32]) -> Vec<u32> {
        values.iter().map(|value| value.to_bits()).collect()
    }

    pub(in super::super) fn wave(len: usize, seed: f32) -> Vec<f32> {
        (0..len).map(|i| ((i as f32 + seed) * 1.7).sin() * (1.0 + seed)).collect()
    }

    fn close(found: f32, expected: f64) -> bool {
        (f64::from(found) - expected).abs() <= 1e-6 * (1.0 + expected.abs())
    }

    #[test]
    fn a_gate_that_is_shut_or_wide_open_gives_no_nonsense() {
        for level in Level::available() {
            let mut gate = [-1e30, -200.0, -88.0, 0.0, 88.0, 200.0, 1e30];
            swiglu(level, &Pool::new(1), &mut gate, &[1.0; 7]);
            assert_eq!(gate[0], 0.0);
            assert_eq!(gate[1], 0.0);
            assert!((-1e-30..=0.0).contains(&gate[2]));
            assert_eq!(gate[3..], [0.0, 88.0, 200.0, 1e30]);
        }
    }

    #[test]
    fn many_threads_give_the_bits_of_one() {
        let level = Level::detect();
        let (x, up) = (wave(300 * 577, 0.0), wave(300 * 577, 3.0));
        let run = |threads: usize| {
            let pool = Pool::new(threads);
            let mut normed = vec![0.0; x.len()];
            rms_norm(level, &pool, &x, &up[..577], 1e-5, &mut normed);
            add(level, &pool, &mut normed, &up);
            swiglu(level, &pool, &mut normed, &up);
            bits(&normed)
        };
        assert_eq!(run(1), run(3));
    }

    proptest! {
        #[test]
        fn all_levels_agree_and_are_right(
            width in 1_usize..200,
            rows in 0_usize..4,
            seed in 0.0_f32..9.0,
        ) {
            let pool = Pool::new(1);
            let (x, y, weight) =
                (wave(rows * width, seed), wave(rows * width, 2.0 * seed), wave(width, 4.0));
            let mut expected: Option<[Vec<f32>; 3]> = None;
            for level in Level::available() {
                let mut normed = vec![f32::NAN; x.len()];
                rms_norm(level, &pool, &x, &weight, 1e-5, &mut normed);
                let (mut sum, mut gated) = (x.clone(), x.clone());
                add(level, &pool, &mut sum, &y);
                swiglu(level, &pool, &mut gated, &y);
                let found = [normed, sum, gated];
                if let Some(expected) = &expected {
                    for (found, expected) in found.iter().zip(expected) {
                        prop_assert_eq!(bits(found), bits(expected), "{:?}", level);
                    }
                }
                expected = Some(found);
            }
            let [normed, sum, gated] = expected.unwrap_or_default();
            for i in 0..x.len() {
                prop_assert_eq!(sum[i], x[i] + y[i]);
                let exact = f64::from(x[i]);
                prop_assert!(close(gated[i], exact / (1.0 + (-exact).exp()) * f64::from(y[i])));
                let row = &x[i / width * width..][..width];
                let squares: f64 = row.iter().map(|x| f64::from(*x).powi(2)).sum();
                let norm = (squares / width as f64 + 1e-5).sqrt();
                prop_assert!(close(normed[i], exact / norm * f64::from(weight[i % width])));
            }
        }
    }
}
