use proptest::prelude::*;

use super::*;
use crate::inference::kernels::{Pool, rms_norm, swiglu};

fn wave(len: usize, seed: f32) -> Vec<f32> {
    (0..len).map(|i| ((i as f32 + seed) * 1.7).sin() * 1.5).collect()
}

/// How the sum of a result, each part counted `counts` times, changes with each number of `x`.
fn slopes(x: &[f32], counts: &[f32], run: impl Fn(&[f32]) -> Vec<f32>) -> Vec<f64> {
    let sum = |x: &[f32]| -> f64 {
        run(x).iter().zip(counts).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
    };
    let slope = |at: usize| {
        let moved = |by: f32| {
            let mut x = x.to_vec();
            x[at] += by;
            sum(&x)
        };
        (moved(1e-2) - moved(-1e-2)) / 2e-2
    };
    (0..x.len()).map(slope).collect()
}

fn assert_close(found: &[f32], expected: &[f64]) {
    for (found, expected) in found.iter().zip(expected) {
        let apart = (f64::from(*found) - expected).abs();
        assert!(apart < 5e-3 * (1.0 + expected.abs()), "{found} for {expected}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn gradients_are_slopes(width in 2_usize..40, rows in 1_usize..3, seed in 0.0_f32..9.0) {
        let pool = Pool::new(1);
        let x = wave(width * rows, seed);
        let (up, counts) = (wave(x.len(), seed + 0.5), wave(x.len(), seed + 2.0));
        let weight = wave(width, 3.0);
        for level in Level::available() {
            let mut found = vec![0.0; x.len()];
            rms_norm_gradient(level, &x, &weight, 0.1, &counts, &mut found);
            let normed = |x: &[f32]| {
                let mut out = vec![0.0; x.len()];
                rms_norm(level, &pool, x, &weight, 0.1, &mut out);
                out
            };
            assert_close(&found, &slopes(&x, &counts, normed));

            let mut found = [vec![0.0; x.len()], vec![0.0; x.len()]];
            let [of_gate, of_up] = &mut found;
            swiglu_gradient(level, &x, &up, &counts, of_gate, of_up);
            let gated = |gate: &[f32], up: &[f32]| {
                let mut out = gate.to_vec();
                swiglu(level, &pool, &mut out, up);
                out
            };
            assert_close(&found[0], &slopes(&x, &counts, |gate| gated(gate, &up)));
            assert_close(&found[1], &slopes(&up, &counts, |up| gated(&x, up)));
        }
    }

    #[test]
    fn a_loss_is_minus_the_logarithm_of_the_chance(width in 1_usize..60, seed in 0.0_f32..9.0) {
        let logits = wave(width, seed);
        let sum: f64 = logits.iter().map(|x| f64::from(*x).exp()).sum();
        for level in Level::available() {
            let (right, mut row) = (width / 2, logits.clone());
            let loss = cross_entropy(level, &mut row, right);
            let expected = sum.ln() - f64::from(logits[right]);
            prop_assert!((f64::from(loss) - expected).abs() < 1e-5);
            for (place, (found, logit)) in row.iter().zip(&logits).enumerate() {
                let chance = f64::from(*logit).exp() / sum - f64::from(u8::from(place == right));
                prop_assert!((f64::from(*found) - chance).abs() < 1e-5);
            }
        }
    }
}
