//! Each operation against the one that is made of candle's.

use candle_core::{Device, Tensor, Var};

use super::*;
use crate::inference::kernels::HeadShape;

fn variable(seed: u64, rows: usize, columns: usize) -> Var {
    let values: Vec<f32> = (0..(rows * columns) as u64)
        .map(|at| (mix(seed, at) % 2001) as f32 / 1000.0 - 1.0)
        .collect();
    Var::from_vec(values, (rows, columns), &Device::Cpu).unwrap()
}

/// What an operation gives, and the gradients of a sum of it whose parts count differently.
fn outcome(inputs: &[&Var], run: impl Fn() -> Tensor) -> Vec<Vec<f32>> {
    let result = run();
    let (rows, columns) = result.dims2().unwrap();
    let gradients = (result.clone() * variable(99, rows, columns).as_tensor()).unwrap();
    let gradients = gradients.sum_all().unwrap().backward().unwrap();
    let of = |tensor: &Tensor| tensor.flatten_all().unwrap().to_vec1().unwrap();
    let mut outcome = vec![of(&result)];
    outcome.extend(inputs.iter().map(|input| of(gradients.get(input).unwrap())));
    outcome
}

fn assert_same(found: &[Vec<f32>], expected: &[Vec<f32>]) {
    for (found, expected) in found.iter().zip(expected) {
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-4 * (1.0 + expected.abs()), "{found} {expected}");
        }
    }
}

#[test]
fn a_norm_is_candles() {
    let (x, weight) = (variable(1, 5, 37), variable(2, 1, 37).flatten_all().unwrap());
    let weight: Vec<f32> = weight.to_vec1().unwrap();
    let run = |arithmetic| {
        let norm = Norm::new(&weight, 1e-5, arithmetic, &Device::Cpu).unwrap();
        outcome(&[&x], || norm.forward(&x).unwrap())
    };
    assert_same(&run(Arithmetic::Packed), &run(Arithmetic::Full));
}

#[test]
fn a_gate_is_candles() {
    let (gate, up) = (variable(1, 3, 45), variable(2, 3, 45));
    let run = |arithmetic| outcome(&[&gate, &up], || swiglu(arithmetic, &gate, &up).unwrap());
    assert_same(&run(Arithmetic::Packed), &run(Arithmetic::Full));
}

#[test]
fn a_rotation_is_candles() {
    let x = variable(1, 6, 24);
    let positions = [0, 1, 2, 0, 1, 40].into();
    let run = |arithmetic| {
        let rotation = Rotation::new(&[1.0, 0.3, 0.02, 0.001], 64, arithmetic);
        outcome(&[&x], || rotation.forward(&x, &positions).unwrap())
    };
    assert_same(&run(Arithmetic::Packed), &run(Arithmetic::Full));
}

#[test]
fn an_attention_is_candles() {
    let shape = HeadShape { heads: 4, kv_heads: 2, head_dim: 8 };
    let (query, key, value) = (variable(1, 30, 32), variable(2, 30, 16), variable(3, 30, 16));
    let lengths = [1, 19, 10].into();
    let run = |arithmetic| {
        let read = [query.as_tensor(), key.as_tensor(), value.as_tensor()];
        outcome(&[&query, &key, &value], || attention(arithmetic, shape, &lengths, read).unwrap())
    };
    assert_same(&run(Arithmetic::Packed), &run(Arithmetic::Full));
}
