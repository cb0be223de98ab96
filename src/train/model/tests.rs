//! Whether the gradients are those of the loss.

use super::*;
use crate::inference::model::LlamaLayer;
use crate::train::{batch::Batch, lesson::Lesson};

const WIDTH: usize = 64;
const INNER: usize = 96;
const VOCABULARY: usize = 80;

/// Numbers that look like chance, of a deviation of about `size`.
fn numbers(seed: u64, len: usize, size: f64) -> Vec<f32> {
    (0..len as u64).map(|place| (normal(seed, place) * size) as f32).collect()
}

fn matrix(seed: u64, rows: usize, columns: usize) -> PackedMatrix {
    let size = 1.0 / (columns as f64).sqrt();
    PackedMatrix::from_f32(rows, columns, &numbers(seed, rows * columns, size))
}

/// Two layers of four query and two key heads.
fn config() -> LlamaConfig {
    LlamaConfig {
        context: 128,
        width: WIDTH,
        heads: 4,
        kv_heads: 2,
        head_dim: 16,
        layers: 2,
        eps: 1e-5,
        rope_base: 10_000.0,
        stretch: 1.0,
    }
}

fn weights() -> LlamaWeights {
    let norm = |seed| numbers(seed, WIDTH, 0.1).into_iter().map(|x| 1.0 + x).collect();
    let layer = |index: u64| LlamaLayer {
        rotates: true,
        attention_norm: norm(index + 1),
        query: matrix(index + 2, 64, WIDTH),
        key: matrix(index + 3, 32, WIDTH),
        value: matrix(index + 4, 32, WIDTH),
        attention_output: matrix(index + 5, WIDTH, 64),
        feed_norm: norm(index + 6),
        gate: matrix(index + 7, INNER, WIDTH),
        up: matrix(index + 8, INNER, WIDTH),
        down: matrix(index + 9, WIDTH, INNER),
    };
    let embedding = PackedMatrix::from_f32(VOCABULARY, WIDTH, &numbers(7, VOCABULARY * WIDTH, 1.0));
    LlamaWeights {
        output: embedding.clone(),
        embedding,
        layers: vec![layer(100), layer(200)],
        norm: norm(300),
        frequencies: (0..8).map(|pair| 10_000_f32.powf(-f32::from(pair as u8) / 8.0)).collect(),
    }
}

/// A model of which both small matrices of each pair hold something, so that no gradient is zero.
fn model(arithmetic: Arithmetic, lora: &LoraSettings) -> Model {
    let device = Device::Cpu;
    let model = Model::new(&config(), &weights(), lora, 5, 64, arithmetic, &device).unwrap();
    for (seed, Parameter { var, .. }) in (1000..).zip(model.parameters()) {
        let values = numbers(seed, var.elem_count(), 0.1);
        var.set(&Tensor::from_vec(values, var.shape(), &device).unwrap()).unwrap();
    }
    model
}

fn batch() -> Batch {
    let lesson = |seed: u64, len: u64| {
        let tokens = (0..len).map(|at| (mix(seed, at) % VOCABULARY as u64) as u32).collect();
        Lesson { tokens, learns: (0..len).map(|at| at % 3 != 1).collect() }
    };
    Batch::new(&[lesson(1, 23), lesson(2, 9), lesson(3, 17)])
}

fn loss(model: &Model, pass: Pass) -> f64 {
    let loss = model.loss(&batch(), 1.0, pass).unwrap();
    f64::from(loss.to_scalar::<f32>().unwrap())
}

/// The gradients of all parameters, one behind the other.
fn gradients(model: &Model, pass: Pass) -> Vec<Vec<f32>> {
    let gradients = model.loss(&batch(), 1.0, pass).unwrap().backward().unwrap();
    let of = |parameter: &Parameter| {
        let gradient = gradients.get(&parameter.var).expect("each is learnt");
        gradient.flatten_all().unwrap().to_vec1().unwrap()
    };
    model.parameters().iter().map(of).collect()
}

fn add(parameter: &Parameter, direction: &[f32], step: f64) {
    let direction = Tensor::from_slice(direction, parameter.var.shape(), &Device::Cpu).unwrap();
    let moved = (parameter.var.as_tensor() + (direction * step).unwrap()).unwrap();
    parameter.var.set(&moved).unwrap();
}

fn dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
}

fn cosine(a: &[f32], b: &[f32]) -> f64 {
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}

#[test]
fn gradients_agree_with_finite_differences() {
    let lora = LoraSettings { rank: 4, alpha: 8.0, dropout: 0.2, ..LoraSettings::default() };
    let model = model(Arithmetic::Full, &lora);
    let pass = Pass::Learn(9);
    let gradients = gradients(&model, pass);
    assert_eq!(gradients.len(), 2 * 7 * 2);
    for (parameter, gradient) in model.parameters().iter().zip(&gradients) {
        // Along the gradient, where the loss changes most, and along some other direction.
        let other = numbers(77, gradient.len(), 1.0);
        for direction in [gradient, &other] {
            let step = 2e-2 / dot(direction, direction).sqrt();
            let at = |by: f64| {
                add(parameter, direction, by);
                let found = loss(&model, pass);
                add(parameter, direction, -by);
                found
            };
            let found = (at(step) - at(-step)) / (2.0 * step);
            let expected = dot(gradient, direction);
            let size = (dot(gradient, gradient) * dot(direction, direction)).sqrt();
            assert!(
                (found - expected).abs() < 0.01 * size,
                "{:?} of layer {}: {found} for {expected}",
                parameter.target,
                parameter.layer
            );
        }
    }
}

#[test]
fn packed_gradients_are_those_of_full_arithmetic_but_for_rounding() {
    for dropout in [0.0, 0.3] {
        let lora = LoraSettings { rank: 4, alpha: 8.0, dropout, ..LoraSettings::default() };
        let [packed, full] =
            [Arithmetic::Packed, Arithmetic::Full].map(|arithmetic| model(arithmetic, &lora));
        let pass = Pass::Learn(9);
        let (found, expected) = (loss(&packed, pass), loss(&full, pass));
        assert!((found - expected).abs() < 0.01 * expected, "{found} for {expected}");
        let pairs = gradients(&packed, pass).into_iter().zip(gradients(&full, pass));
        for ((found, expected), parameter) in pairs.zip(packed.parameters()) {
            let alike = cosine(&found, &expected);
            let longer = (dot(&found, &found) / dot(&expected, &expected)).sqrt();
            assert!(
                alike > 0.99 && (0.95..1.05).contains(&longer),
                "{:?} of layer {}: cosine {alike}, {longer} times as long",
                parameter.target,
                parameter.layer
            );
        }
    }
}

#[test]
fn a_new_change_changes_nothing_and_only_what_is_named_is_trained() {
    let lora = LoraSettings { targets: vec![Target::Value, Target::Down], ..Default::default() };
    let new = |lora: &LoraSettings| {
        let device = Device::Cpu;
        Model::new(&config(), &weights(), lora, 5, 64, Arithmetic::Packed, &device).unwrap()
    };
    let some = new(&lora);
    let targets: Vec<Target> = some.parameters().iter().map(|one| one.target).collect();
    assert_eq!(targets, [Target::Value, Target::Value, Target::Down, Target::Down].repeat(2));
    let all = new(&LoraSettings::default());
    assert_eq!(loss(&some, Pass::Measure), loss(&all, Pass::Measure));
}

#[test]
fn a_dialogue_is_read_alone_though_others_are_packed_beside_it() {
    let model = model(Arithmetic::Packed, &LoraSettings::default());
    let lesson = |seed: u64, len: u64| {
        let tokens = (0..len).map(|at| (mix(seed, at) % VOCABULARY as u64) as u32).collect();
        Lesson { tokens, learns: vec![true; len as usize] }
    };
    let lessons = [lesson(1, 12), lesson(2, 20)];
    let of = |lessons: &[Lesson]| {
        let loss = model.loss(&Batch::new(lessons), 1.0, Pass::Measure).unwrap();
        f64::from(loss.to_scalar::<f32>().unwrap())
    };
    let apart = of(&lessons[..1]) + of(&lessons[1..]);
    assert!((of(&lessons) - apart).abs() < 1e-4 * apart);
}
