//! Sixteen numbers at a time, with the same bits on every machine.
//!
//! A [`Kernel`] is written once, over the operations of [`Simd`], and compiled for each
//! [`Level`]. Each operation rounds as IEEE 754 says, products are added with one rounding
//! everywhere, and sums over lanes have one order, so that the levels agree to the bit.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "aarch64")]
mod neon;
mod scalar;

#[cfg(target_arch = "x86_64")]
use {avx2::Avx2, avx512::Avx512};

#[cfg(target_arch = "aarch64")]
use self::neon::Neon;
use self::scalar::Scalar;
use super::level::Level;

/// How many numbers are worked on as one.
pub(super) const LANES: usize = 16;

/// `x + ROUND - ROUND` is `x` rounded to the nearest whole number, ties to even, for all that
/// is smaller than 2^22.
pub(super) const ROUND: f32 = 12_582_912.0;

/// The operations of one level. To have a value of such a type is to know that the machine
/// can do them.
pub(super) trait Simd: Copy {
    /// Sixteen lanes.
    type F32s: Copy;

    /// Whether there are 32 registers that each hold all sixteen lanes.
    const ROOMY: bool;

    /// `x` in all lanes.
    fn splat(self, x: f32) -> Self::F32s;
    /// `low` in the first eight lanes, `high` in the others.
    fn splat_halves(self, low: f32, high: f32) -> Self::F32s;
    /// Sixteen numbers of memory.
    fn load(self, from: &[f32; LANES]) -> Self::F32s;
    /// Sixteen small whole numbers of memory.
    fn load_codes(self, from: &[i8; LANES]) -> Self::F32s;
    /// Writes the lanes to memory.
    fn store(self, x: Self::F32s, to: &mut [f32; LANES]);
    /// `a + b`.
    fn add(self, a: Self::F32s, b: Self::F32s) -> Self::F32s;
    /// `a - b`.
    fn sub(self, a: Self::F32s, b: Self::F32s) -> Self::F32s;
    /// `a * b`.
    fn mul(self, a: Self::F32s, b: Self::F32s) -> Self::F32s;
    /// `a / b`.
    fn div(self, a: Self::F32s, b: Self::F32s) -> Self::F32s;
    /// `a * b + c`, rounded once.
    fn mul_add(self, a: Self::F32s, b: Self::F32s, c: Self::F32s) -> Self::F32s;
    /// `a` where it is greater than `b`, else `b`.
    fn max(self, a: Self::F32s, b: Self::F32s) -> Self::F32s;
    /// `a` where it is less than `b`, else `b`.
    fn min(self, a: Self::F32s, b: Self::F32s) -> Self::F32s;
    /// Exchanges lanes 0 and 1, 2 and 3 and so on.
    fn swap_pairs(self, x: Self::F32s) -> Self::F32s;
    /// `x * 2^n`, rounded once; `x` between 0.5 and 2, `n` whole and between -150 and 128.
    fn scale(self, x: Self::F32s, n: Self::F32s) -> Self::F32s;
    /// The first `count` lanes of `x`, then those of `other`.
    fn first(self, count: usize, x: Self::F32s, other: Self::F32s) -> Self::F32s;

    /// Up to sixteen numbers of memory; the lanes after them are zero.
    #[inline(always)]
    fn load_part(self, from: &[f32]) -> Self::F32s {
        if let Some(full) = from.first_chunk() {
            return self.load(full);
        }
        let mut lanes = [0.0; LANES];
        lanes[..from.len()].copy_from_slice(from);
        self.load(&lanes)
    }

    /// Writes the first `to.len()` lanes, up to sixteen, to memory.
    #[inline(always)]
    fn store_part(self, x: Self::F32s, to: &mut [f32]) {
        if let Some(full) = to.first_chunk_mut() {
            return self.store(x, full);
        }
        let lanes = self.lanes(x);
        to.copy_from_slice(&lanes[..to.len()]);
    }

    /// The lanes, one by one.
    #[inline(always)]
    fn lanes(self, x: Self::F32s) -> [f32; LANES] {
        let mut lanes = [0.0; LANES];
        self.store(x, &mut lanes);
        lanes
    }

    /// The sum of all lanes: halves onto halves, in the same order everywhere.
    #[inline(always)]
    fn sum(self, x: Self::F32s) -> f32 {
        fold(self.lanes(x), |a, b| a + b)
    }

    /// The greatest of all lanes.
    #[inline(always)]
    fn greatest(self, x: Self::F32s) -> f32 {
        fold(self.lanes(x), |a, b| if a > b { a } else { b })
    }
}

#[inline(always)]
fn fold(mut lanes: [f32; LANES], join: impl Fn(f32, f32) -> f32) -> f32 {
    for half in [8, 4, 2, 1] {
        for lane in 0..half {
            lanes[lane] = join(lanes[lane], lanes[lane + half]);
        }
    }
    lanes[0]
}

/// Work that is written once for all levels. `run`, and all it calls, must be
/// `#[inline(always)]`: only then is it compiled for the instructions of the level.
pub(super) trait Kernel {
    /// Does the work.
    fn run<S: Simd>(self, simd: S);
}

/// Runs a kernel with the instructions of `level`, or plainly if the machine lacks them.
pub(super) fn dispatch<K: Kernel>(level: Level, kernel: K) {
    match level {
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => {
            if let Some(simd) = Avx512::new() {
                return simd.run(kernel);
            }
        }
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 | Level::Avx2Vnni => {
            if let Some(simd) = Avx2::new() {
                return simd.run(kernel);
            }
        }
        #[cfg(target_arch = "aarch64")]
        Level::Neon | Level::NeonDot => {
            if let Some(simd) = Neon::new() {
                return simd.run(kernel);
            }
        }
        _ => {}
    }
    kernel.run(Scalar);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All operations, one result after the other.
    struct Everything<'a> {
        a: [f32; LANES],
        b: [f32; LANES],
        codes: [i8; LANES],
        out: &'a mut Vec<u32>,
    }

    impl Kernel for Everything<'_> {
        fn run<S: Simd>(self, s: S) {
            let (a, b) = (s.load(&self.a), s.load(&self.b));
            let small = s.splat(1.375);
            let whole = s.sub(s.add(s.load_codes(&self.codes), s.splat(-11.0)), s.splat(11.0));
            let results = [
                s.add(a, b),
                s.sub(a, b),
                s.mul(a, b),
                s.div(a, b),
                s.mul_add(a, b, small),
                s.max(a, b),
                s.min(a, b),
                s.swap_pairs(a),
                s.scale(small, whole),
                s.first(0, a, b),
                s.first(5, a, b),
                s.first(11, a, b),
                s.first(16, a, b),
                s.load_part(&self.a[..7]),
                s.splat_halves(self.a[3], self.b[4]),
            ];
            for result in results {
                self.out.extend(s.lanes(result).map(f32::to_bits));
                self.out.push(s.sum(result).to_bits());
                self.out.push(s.greatest(result).to_bits());
            }
            let mut part = [7.0; 5];
            s.store_part(a, &mut part[..3]);
            self.out.extend(part.map(f32::to_bits));
        }
    }

    fn everything(level: Level, seed: f32) -> Vec<u32> {
        let mut out = Vec::new();
        let a = std::array::from_fn(|i| (i as f32 * seed).sin() * 1e3);
        let b = std::array::from_fn(|i| (i as f32 + seed).cos() * 1e-2);
        let codes = std::array::from_fn(|i| (i as i32 * 17 - 127) as i8);
        dispatch(level, Everything { a, b, codes, out: &mut out });
        out
    }

    #[test]
    fn all_levels_agree_to_the_bit() {
        for seed in 1..50 {
            let expected = everything(Level::Scalar, seed as f32);
            for level in Level::available() {
                assert_eq!(everything(level, seed as f32), expected, "{level:?}");
            }
        }
    }

    #[test]
    fn the_greater_of_a_number_and_nan_is_the_second() {
        struct Nan;
        impl Kernel for Nan {
            fn run<S: Simd>(self, s: S) {
                let (nan, one) = (s.splat(f32::NAN), s.splat(1.0));
                assert_eq!(s.lanes(s.max(nan, one)), [1.0; LANES]);
                assert_eq!(s.lanes(s.min(nan, one)), [1.0; LANES]);
                assert!(s.lanes(s.max(one, nan))[0].is_nan());
                assert!(s.lanes(s.min(one, nan))[0].is_nan());
            }
        }
        for level in Level::available() {
            dispatch(level, Nan);
        }
    }
}
