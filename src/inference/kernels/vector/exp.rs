//! The exponential function, sixteen at a time.

use super::super::simd::{ROUND, Simd};

/// Beyond these the result is 0 or infinite.
const LOWEST: f32 = -104.0;
const HIGHEST: f32 = 89.0;

/// ln 2 as the sum of two numbers: the first is the nearest to it.
const LN_2: f32 = std::f32::consts::LN_2;
const LN_2_REST: f32 = -1.904_654_3e-9;

/// `(exp(r) - 1 - r) / r²` for `|r| <= ln(2) / 2`, from r⁰ up: the polynomial that agrees with
/// it at the Chebyshev nodes. Its error is a fifth of a rounding error of the result.
const COEFFICIENTS: [f32; 5] = [0.5, 0.166_665_76, 0.041_666_552, 0.008_363_233, 0.001_392_625];

/// `exp(x)`, at most 1 in the last place off: 0 for the lowest, infinite for the greatest,
/// and what is not a number stays so.
///
/// `exp(x) = 2^n * exp(r)` with `x = n * ln(2) + r` and the whole `n` nearest to `x / ln(2)`.
#[inline(always)]
pub(in super::super) fn exp<S: Simd>(s: S, x: S::F32s) -> S::F32s {
    let x = s.min(s.splat(HIGHEST), s.max(s.splat(LOWEST), x));
    let round = s.splat(ROUND);
    let n = s.sub(s.mul_add(x, s.splat(std::f32::consts::LOG2_E), round), round);
    let r = s.mul_add(n, s.splat(-LN_2), x);
    let r = s.mul_add(n, s.splat(-LN_2_REST), r);
    let [c0, c1, c2, c3, c4] = COEFFICIENTS.map(|c| s.splat(c));
    let rest = s.mul_add(s.mul_add(s.mul_add(s.mul_add(c4, r, c3), r, c2), r, c1), r, c0);
    let power = s.add(s.mul_add(s.mul(r, r), rest, r), s.splat(1.0));
    s.scale(power, n)
}

#[cfg(test)]
mod tests {
    use super::super::super::level::Level;
    use super::super::super::simd::{Kernel, LANES, dispatch};
    use super::*;

    struct All<'a>(&'a mut [f32]);

    impl Kernel for All<'_> {
        fn run<S: Simd>(self, s: S) {
            for x in self.0.chunks_mut(LANES) {
                s.store_part(exp(s, s.load_part(x)), x);
            }
        }
    }

    fn exps(level: Level, x: &[f32]) -> Vec<f32> {
        let mut x = x.to_vec();
        dispatch(level, All(&mut x));
        x
    }

    #[test]
    fn it_is_right_where_it_ends() {
        let x = [f32::NEG_INFINITY, f32::MIN, -104.0, 0.0, -0.0, 88.8, f32::MAX, f32::INFINITY];
        let expected = [0.0, 0.0, 0.0, 1.0, 1.0, f32::INFINITY, f32::INFINITY, f32::INFINITY];
        for level in Level::available() {
            assert_eq!(exps(level, &x), expected, "{level:?}");
            assert!(exps(level, &[f32::NAN])[0].is_nan());
            assert!(exps(level, &[-f32::NAN])[0].is_nan());
        }
    }

    #[test]
    fn it_is_within_one_in_the_last_place() {
        let x: Vec<f32> = (-106_000..89_000).map(|i| i as f32 * 0.001_000_1).collect();
        let expected = exps(Level::Scalar, &x);
        for (&x, &found) in x.iter().zip(&expected) {
            let exact = f64::from(x).exp();
            let nearest = exact as f32;
            let off = i64::from(found.to_bits()) - i64::from(nearest.to_bits());
            assert!(off.abs() <= 1, "exp({x}) is {exact:e}, not {found:e}");
        }
        for level in Level::available() {
            let found = exps(level, &x);
            assert!(found.iter().zip(&expected).all(|(a, b)| a.to_bits() == b.to_bits()));
        }
    }
}
