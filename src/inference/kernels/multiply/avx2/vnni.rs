//! With AVX-VNNI: `vpdpbusd` adds 4 products of bytes in each of 8 lanes.
//!
//! AVX-512 has the same instruction in another encoding, in which the tests run these kernels.

use super::*;

/// The kernels, with one form of the instruction.
macro_rules! with_dpbusd {
    ($features:tt, $dpbusd:ident) => {
        kernels!($features, dots);

        /// The sums of the products of codes.
        #[inline]
        #[target_feature(enable = $features)]
        unsafe fn dots<S: Stored, const ROWS: usize>(
            runs: &[[u8; 64]],
            sides: Range<usize>,
            xs: &[[i8; BLOCK]; ROWS],
            factors: &[Factors; ROWS],
        ) -> [Integers; ROWS] {
            let mut dots = [[_mm256_setzero_si256(); 2]; ROWS];
            for row in 0..ROWS {
                dots[row] = [_mm256_set1_epi32(S::bias(&factors[row], sides.start)); 2];
            }
            for run in 0..4 {
                for side in sides.clone() {
                    // SAFETY: whoever calls this has AVX2.
                    let weights = |half| unsafe { S::weights(runs, side, run, half) };
                    let weights = [weights(0), weights(1)];
                    for row in 0..ROWS {
                        let x = spread(&xs[row], 4 * side + run);
                        for half in 0..2 {
                            dots[row][half] = $dpbusd(dots[row][half], weights[half], x);
                        }
                    }
                }
            }
            dots
        }
    };
}

with_dpbusd!("avx2,fma,f16c,avxvnni", _mm256_dpbusd_avx_epi32);

#[cfg(test)]
mod tests;
