//! Plain Rust; the compiler makes of it what the target has.

use super::{LANES, ROUND, Simd};

/// Any machine.
#[derive(Clone, Copy)]
pub(in super::super) struct Scalar;

#[inline(always)]
fn each(f: impl Fn(usize) -> f32) -> [f32; LANES] {
    let mut lanes = [0.0; LANES];
    for (lane, value) in lanes.iter_mut().enumerate() {
        *value = f(lane);
    }
    lanes
}

impl Simd for Scalar {
    type F32s = [f32; LANES];
    const ROOMY: bool = false;

    #[inline(always)]
    fn splat(self, x: f32) -> Self::F32s {
        [x; LANES]
    }

    #[inline(always)]
    fn splat_halves(self, low: f32, high: f32) -> Self::F32s {
        each(|lane| if lane < LANES / 2 { low } else { high })
    }

    #[inline(always)]
    fn load(self, from: &[f32; LANES]) -> Self::F32s {
        *from
    }

    #[inline(always)]
    fn load_codes(self, from: &[i8; LANES]) -> Self::F32s {
        each(|lane| f32::from(from[lane]))
    }

    #[inline(always)]
    fn store(self, x: Self::F32s, to: &mut [f32; LANES]) {
        *to = x;
    }

    #[inline(always)]
    fn add(self, a: Self::F32s, b: Self::F32s) -> Self::F32s {
        each(|lane| a[lane] + b[lane])
    }

    #[inline(always)]
    fn sub(self, a: Self::F32s, b: Self::F32s) -> Self::F32s {
        each(|lane| a[lane] - b[lane])
    }

    #[inline(always)]
    fn mul(self, a: Self::F32s, b: Self::F32s) -> Self::F32s {
        each(|lane| a[lane] * b[lane])
    }

    #[inline(always)]
    fn div(self, a: Self::F32s, b: Self::F32s) -> Self::F32s {
        each(|lane| a[lane] / b[lane])
    }

    #[inline(always)]
    fn mul_add(self, a: Self::F32s, b: Self::F32s, c: Self::F32s) -> Self::F32s {
        each(|lane| a[lane].mul_add(b[lane], c[lane]))
    }

    #[inline(always)]
    fn max(self, a: Self::F32s, b: Self::F32s) -> Self::F32s {
        each(|lane| if a[lane] > b[lane] { a[lane] } else { b[lane] })
    }

    #[inline(always)]
    fn min(self, a: Self::F32s, b: Self::F32s) -> Self::F32s {
        each(|lane| if a[lane] < b[lane] { a[lane] } else { b[lane] })
    }

    #[inline(always)]
    fn swap_pairs(self, x: Self::F32s) -> Self::F32s {
        each(|lane| x[lane ^ 1])
    }

    /// In two steps, neither of which is too great for an exponent; the first is exact.
    #[inline(always)]
    fn scale(self, x: Self::F32s, n: Self::F32s) -> Self::F32s {
        each(|lane| {
            let half = n[lane].mul_add(0.5, ROUND) - ROUND;
            x[lane] * power_of_two(half) * power_of_two(n[lane] - half)
        })
    }

    #[inline(always)]
    fn first(self, count: usize, x: Self::F32s, other: Self::F32s) -> Self::F32s {
        each(|lane| if lane < count { x[lane] } else { other[lane] })
    }
}

/// 2^n for a whole `n` between -126 and 127: the biased exponent is shifted to its place.
#[inline(always)]
fn power_of_two(n: f32) -> f32 {
    f32::from_bits((n + (ROUND + 127.0)).to_bits() << 23)
}
