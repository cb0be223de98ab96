//! Products with AVX-VNNI: `vpdpbusd` adds 4 products of bytes in each of 8 lanes.
//!
//! AVX-512 has the same instruction in another encoding, in which the tests run these kernels.
#![expect(
    clippy::missing_safety_doc,
    reason = "all that a call asks for are the instructions that `target_feature` names"
)]

use std::arch::x86_64::*;

use super::{
    super::{
        activations::Tile,
        packed::{Group, PackedKind},
    },
    Products,
    avx2::{Sums, add_minimums, add_scaled, dots::spread, halves, store},
    by_rows::by_rows,
    x86::prefetch,
};

mod stored;

use stored::{Q4, Q5, Q6, Q8, Stored};

/// The kernels, with one form of the instruction.
macro_rules! kernels {
    ($features:tt, $dpbusd:ident) => {
        /// The products of a group and a tile.
        #[target_feature(enable = $features)]
        pub(super) fn multiply(
            kind: PackedKind,
            group: Group<'_>,
            tile: Tile<'_>,
            products: &mut Products,
        ) {
            match kind {
                PackedKind::Q8 => by_rows!(tile.rows, multiply_kind::<Q8>(group, tile, products)),
                PackedKind::Q6 => by_rows!(tile.rows, multiply_kind::<Q6>(group, tile, products)),
                PackedKind::Q5 => by_rows!(tile.rows, multiply_kind::<Q5>(group, tile, products)),
                PackedKind::Q4 => by_rows!(tile.rows, multiply_kind::<Q4>(group, tile, products)),
            }
        }

        #[target_feature(enable = $features)]
        fn multiply_kind<S: Stored, const ROWS: usize>(
            group: Group<'_>,
            tile: Tile<'_>,
            products: &mut Products,
        ) {
            let mut sums: [Sums; ROWS] = [[_mm256_setzero_ps(); 2]; ROWS];
            let codes = group.codes.chunks_exact(S::KIND.code_bytes());
            let scales = group.scales.chunks_exact(S::KIND.scale_bytes());
            let rows = tile.codes.as_chunks::<ROWS>().0.iter();
            let rows = rows.zip(tile.factors.as_chunks::<ROWS>().0);
            for ((codes, scales), (xs, factors)) in codes.zip(scales).zip(rows) {
                prefetch(codes);
                prefetch(scales);
                let (runs, scales) = (codes.as_chunks::<64>().0, scales.as_chunks::<16>().0);
                for half in 0..2 {
                    let mut dots = [_mm256_setzero_si256(); ROWS];
                    for side in 0..2 {
                        if side == 0 || S::APART {
                            for row in 0..ROWS {
                                dots[row] = _mm256_set1_epi32(S::bias(&factors[row], side));
                            }
                        }
                        for run in 0..4 {
                            // SAFETY: whoever calls this has AVX2.
                            let weights = unsafe { S::weights(runs, side, run, half) };
                            for row in 0..ROWS {
                                let x = spread(&xs[row], 4 * side + run);
                                dots[row] = $dpbusd(dots[row], weights, x);
                            }
                        }
                        if S::APART {
                            let scales = halves(&scales[2 * side + half]);
                            add_scaled(&mut sums, half, &dots, scales, factors);
                        }
                    }
                    if !S::APART {
                        add_scaled(&mut sums, half, &dots, halves(&scales[half]), factors);
                    }
                    if S::KIND.has_minimums() {
                        add_minimums(&mut sums, half, halves(&scales[2 + half]), factors);
                    }
                }
            }
            store(&sums, products);
        }
    };
}

kernels!("avx2,fma,f16c,avxvnni", _mm256_dpbusd_avx_epi32);

#[cfg(test)]
mod tests;
