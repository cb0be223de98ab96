//! What makes rows and quantises them at once, tile by tile, while they are in the nearest cache.

use super::{
    activations::Activations,
    level::Level,
    pool::Pool,
    vector::{norm_rows, swiglu_rows},
};

/// [`rms_norm`](super::rms_norm), quantised: `codes` takes what `out` becomes.
///
/// # Panics
/// If the lengths do not fit.
pub fn rms_norm_quantized(
    level: Level,
    pool: &Pool,
    x: &[f32],
    weight: &[f32],
    eps: f32,
    out: &mut [f32],
    codes: &mut Activations,
) {
    assert_eq!(x.len(), out.len());
    let width = weight.len();
    codes.quantize_made(level, pool, out, width, |first, out| {
        norm_rows(level, &x[first * width..][..out.len()], weight, eps, out);
    });
}

/// [`swiglu`](super::swiglu) of rows of so many columns, quantised: `codes` takes what `gate` becomes.
///
/// # Panics
/// If the lengths do not fit.
pub fn swiglu_quantized(
    level: Level,
    pool: &Pool,
    gate: &mut [f32],
    up: &[f32],
    columns: usize,
    codes: &mut Activations,
) {
    assert_eq!(gate.len(), up.len());
    codes.quantize_made(level, pool, gate, columns, |first, gate| {
        swiglu_rows(level, gate, &up[first * columns..][..gate.len()]);
    });
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        super::{
            multiply,
            packed::PackedMatrix,
            vector::{rms_norm, swiglu, tests::wave},
        },
        *,
    };

    /// What a matrix makes of the activations, as bits.
    fn product(codes: &Activations) -> Vec<u32> {
        let (rows, columns) = (codes.rows(), codes.columns());
        let matrix = PackedMatrix::from_f32(20, columns, &wave(20 * columns, 5.0));
        let mut out = vec![0.0; rows * 20];
        multiply(Level::detect(), &Pool::new(1), codes, [&matrix], [&mut out]);
        out.into_iter().map(f32::to_bits).collect()
    }

    fn quantized(x: &[f32], columns: usize) -> Activations {
        let mut codes = Activations::new();
        codes.quantize(Level::detect(), &Pool::new(1), x, columns);
        codes
    }

    proptest! {
        #[test]
        fn both_steps_at_once_give_what_one_after_the_other_gives(
            rows in 0_usize..40, columns in 1_usize..100, threads in 1_usize..3, seed in 0.0_f32..9.0,
        ) {
            let (level, pool) = (Level::detect(), Pool::new(threads));
            let (x, y) = (wave(rows * columns, seed), wave(rows * columns, seed + 1.0));
            let mut codes = Activations::new();

            let (weight, mut apart, mut fused) = (wave(columns, 2.0), x.clone(), x.clone());
            rms_norm(level, &pool, &x, &weight, 1e-5, &mut apart);
            rms_norm_quantized(level, &pool, &x, &weight, 1e-5, &mut fused, &mut codes);
            prop_assert_eq!(&fused, &apart);
            prop_assert_eq!(product(&codes), product(&quantized(&apart, columns)));

            let (mut apart, mut fused) = (x.clone(), x);
            swiglu(level, &pool, &mut apart, &y);
            swiglu_quantized(level, &pool, &mut fused, &y, columns, &mut codes);
            prop_assert_eq!(&fused, &apart);
            prop_assert_eq!(product(&codes), product(&quantized(&apart, columns)));
        }
    }

    #[test]
    fn many_threads_give_the_bits_of_one() {
        let (x, weight) = (wave(300 * 577, 0.0), wave(577, 3.0));
        let run = |threads| {
            let (mut out, mut codes) = (x.clone(), Activations::new());
            let pool = Pool::new(threads);
            rms_norm_quantized(Level::detect(), &pool, &x, &weight, 1e-5, &mut out, &mut codes);
            product(&codes)
        };
        assert_eq!(run(1), run(3));
    }
}
