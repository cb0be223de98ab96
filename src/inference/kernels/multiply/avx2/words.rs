//! With AVX2 alone: `vpmaddubsw` adds 2 products of bytes in 16 bits, here never too large.

use super::*;

kernels!("avx2,fma,f16c", dots);

/// The sums of the products of codes. They are added in 16 bits for as long as they fit.
#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
unsafe fn dots<S: Stored, const ROWS: usize>(
    runs: &[[u8; 64]],
    sides: Range<usize>,
    xs: &[[i8; BLOCK]; ROWS],
    factors: &[Factors; ROWS],
) -> [Integers; ROWS] {
    let (ones, zero) = (_mm256_set1_epi16(1), _mm256_setzero_si256());
    let mut dots = [[zero; 2]; ROWS];
    if S::RUNS_IN_16_BITS > 0 {
        for row in 0..ROWS {
            dots[row] = [_mm256_set1_epi32(S::bias(&factors[row], sides.start)); 2];
        }
    }
    let mut words = [[zero; 2]; ROWS];
    let mut added = 0;
    for run in 0..4 {
        for side in sides.clone() {
            // SAFETY: whoever calls this has AVX2.
            let weights = |half| unsafe { S::weights(runs, side, run, half) };
            let weights = [Weights::new::<S>(weights(0)), Weights::new::<S>(weights(1))];
            added += 1;
            let is_full = added == S::RUNS_IN_16_BITS.max(1);
            for row in 0..ROWS {
                let x = spread(&xs[row], 4 * side + run);
                for half in 0..2 {
                    let sum = _mm256_add_epi16(words[row][half], weights[half].times(x));
                    words[row][half] = sum;
                    if is_full {
                        let sum = _mm256_madd_epi16(sum, ones);
                        dots[row][half] = _mm256_add_epi32(dots[row][half], sum);
                        words[row][half] = zero;
                    }
                }
            }
            if is_full {
                added = 0;
            }
        }
    }
    dots
}

/// Weights without signs, and what has those of weights of 8 bits.
#[derive(Clone, Copy)]
struct Weights {
    magnitudes: __m256i,
    signs: Option<__m256i>,
}

impl Weights {
    #[inline]
    #[target_feature(enable = "avx2,fma,f16c")]
    fn new<S: Stored>(codes: __m256i) -> Self {
        if S::RUNS_IN_16_BITS > 0 {
            return Self { magnitudes: codes, signs: None };
        }
        let weights = _mm256_xor_si256(codes, _mm256_set1_epi8(-128));
        Self { magnitudes: _mm256_abs_epi8(weights), signs: Some(weights) }
    }

    /// Products, added in pairs. The signs of weights of 8 bits go to the activations: 2 * 128 * 127 fits
    /// 16 bits, 2 * 255 * 127 would not.
    #[inline]
    #[target_feature(enable = "avx2,fma,f16c")]
    fn times(self, x: __m256i) -> __m256i {
        let x = self.signs.map_or(x, |signs| _mm256_sign_epi8(x, signs));
        _mm256_maddubs_epi16(self.magnitudes, x)
    }
}
