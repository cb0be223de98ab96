//! Adapters in the folders of Hugging Face PEFT: what is written is read again, what others write is
//! understood, and what cannot be applied is refused with the file and the tensor.
#![cfg(feature = "candle")]

use std::{fs, path::Path};

use bevy_persona::inference::model::{
    Adapter, LowRank, MatrixSizes, PeftAdapter, PeftConfig, PeftError, Target,
};
use half::{bf16, f16};
use proptest::prelude::*;
use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use serde_json::{Value, json};
use tempfile::TempDir;

const SIZES: MatrixSizes = MatrixSizes { width: 8, heads: 2, kv_heads: 1, head_dim: 6, inner: 10 };

/// All that can be changed in a layer, and what PEFT calls it.
const TARGETS: [(Target, &str); 7] = [
    (Target::Query, "self_attn.q_proj"),
    (Target::Key, "self_attn.k_proj"),
    (Target::Value, "self_attn.v_proj"),
    (Target::AttentionOutput, "self_attn.o_proj"),
    (Target::Gate, "mlp.gate_proj"),
    (Target::Up, "mlp.up_proj"),
    (Target::Down, "mlp.down_proj"),
];

/// A change whose numbers f16 can tell, none like another.
fn change(target: Target, rank: usize, scale: f32, seed: usize) -> LowRank {
    let (rows, columns) = SIZES.shape(target);
    let numbers = |count: usize, seed: usize| {
        (0..count).map(|place| ((place * 37 + seed * 11) % 2048) as f32 / 16.0 - 64.0).collect()
    };
    LowRank { down: numbers(rank * columns, seed), up: numbers(rows * rank, seed + 1), scale }
}

/// Of two layers, all matrices.
fn whole() -> PeftAdapter {
    let mut adapter = Adapter::new();
    for layer in 0..2 {
        for (place, (target, _)) in TARGETS.into_iter().enumerate() {
            adapter.insert(layer, target, change(target, 4, 2.0, 7 * layer + place));
        }
    }
    let base_model = Some("HuggingFaceTB/SmolLM2-135M-Instruct".into());
    PeftAdapter { config: PeftConfig { base_model, rank: 4, alpha: 8.0, dropout: 0.05 }, adapter }
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder for the test")
}

fn tensors(folder: &Path) -> Vec<(String, Dtype, Vec<usize>, Vec<u8>)> {
    let bytes = fs::read(folder.join("adapter_model.safetensors")).expect("the tensors");
    let file = SafeTensors::deserialize(&bytes).expect("a whole file");
    let mut tensors: Vec<_> = file
        .iter()
        .map(|(name, view)| (name.into(), view.dtype(), view.shape().into(), view.data().into()))
        .collect();
    tensors.sort();
    tensors
}

fn put_tensors(folder: &Path, tensors: &[(String, Dtype, Vec<usize>, Vec<u8>)]) {
    let views = tensors.iter().map(|(name, dtype, shape, bytes)| {
        (name, TensorView::new(*dtype, shape.clone(), bytes).expect("bytes for the shape"))
    });
    let bytes = safetensors::serialize(views, None).expect("a file");
    fs::write(folder.join("adapter_model.safetensors"), bytes).expect("a folder to write into");
}

fn settings(folder: &Path) -> Value {
    let text = fs::read(folder.join("adapter_config.json")).expect("the settings");
    serde_json::from_slice(&text).expect("JSON")
}

#[test]
fn a_written_file_has_the_names_and_shapes_of_peft() {
    let folder = folder();
    whole().write(folder.path(), &SIZES).unwrap();
    let mut expected = Vec::new();
    for layer in 0..2 {
        for (target, module) in TARGETS {
            let (rows, columns) = SIZES.shape(target);
            let name =
                |half| format!("base_model.model.model.layers.{layer}.{module}.{half}.weight");
            expected.push((name("lora_A"), vec![4, columns]));
            expected.push((name("lora_B"), vec![rows, 4]));
        }
    }
    expected.sort();
    let found = tensors(folder.path());
    assert!(found.iter().all(|(_, dtype, ..)| *dtype == Dtype::F16));
    let found: Vec<_> = found.into_iter().map(|(name, _, shape, _)| (name, shape)).collect();
    assert_eq!(found, expected);
}

#[test]
fn the_settings_say_what_peft_asks_for() {
    let folder = folder();
    whole().write(folder.path(), &SIZES).unwrap();
    let found = settings(folder.path());
    for (field, expected) in [
        ("peft_type", json!("LORA")),
        ("task_type", json!("CAUSAL_LM")),
        ("base_model_name_or_path", json!("HuggingFaceTB/SmolLM2-135M-Instruct")),
        ("r", json!(4)),
        ("lora_alpha", json!(8.0)),
        ("bias", json!("none")),
        ("rank_pattern", json!({})),
        ("alpha_pattern", json!({})),
        ("modules_to_save", Value::Null),
        ("use_dora", json!(false)),
        ("use_rslora", json!(false)),
    ] {
        assert_eq!(found[field], expected, "{field}");
    }
    let modules = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];
    assert_eq!(found["target_modules"], json!(modules));
}

#[test]
fn matrices_that_differ_are_told_apart_in_the_settings() {
    let mut peft = whole();
    peft.adapter = Adapter::new();
    peft.adapter.insert(0, Target::Query, change(Target::Query, 4, 2.0, 1));
    peft.adapter.insert(1, Target::Down, change(Target::Down, 2, 8.0, 2));
    let folder = folder();
    peft.write(folder.path(), &SIZES).unwrap();
    let found = settings(folder.path());
    let names = ["model.layers.0.self_attn.q_proj", "model.layers.1.mlp.down_proj"];
    assert_eq!(found["target_modules"], json!(names));
    assert_eq!(found["rank_pattern"], json!({ names[1]: 2 }));
    assert_eq!(found["alpha_pattern"], json!({ names[1]: 16.0 }));
    assert_eq!(PeftAdapter::read(folder.path(), &SIZES).unwrap(), peft);
}

/// In PEFT's order, the rows of a head of 6 are those of pairs (0, 3), (1, 4), (2, 5).
#[test]
fn rows_of_queries_and_keys_are_written_for_pairs_of_halves() {
    let mut peft = whole();
    peft.adapter = Adapter::new();
    peft.config.rank = 1;
    for (target, _) in TARGETS {
        let (rows, columns) = SIZES.shape(target);
        let up = (0..rows).map(|row| row as f32).collect();
        peft.adapter.insert(0, target, LowRank { down: vec![1.0; columns], up, scale: 8.0 });
    }
    let folder = folder();
    peft.write(folder.path(), &SIZES).unwrap();
    for (name, _, shape, bytes) in tensors(folder.path()) {
        let numbers = bytes.as_chunks().0.iter().map(|bytes| f16::from_le_bytes(*bytes).to_f32());
        let found: Vec<usize> = numbers.map(|number| number as usize).collect();
        if name.contains("lora_A") {
            assert!(found.iter().all(|number| *number == 1));
        } else if name.contains("q_proj") {
            assert_eq!(found, [0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11]);
        } else if name.contains("k_proj") {
            assert_eq!(found, [0, 2, 4, 1, 3, 5]);
        } else {
            assert_eq!(found, (0..shape[0]).collect::<Vec<_>>(), "{name}");
        }
    }
    assert_eq!(PeftAdapter::read(folder.path(), &SIZES).unwrap(), peft);
}

#[test]
fn other_types_and_names_with_the_adapters_are_read() {
    let folder = folder();
    whole().write(folder.path(), &SIZES).unwrap();
    let halves = tensors(folder.path());
    for dtype in [Dtype::F32, Dtype::BF16] {
        let others = halves.iter().map(|(name, _, shape, bytes)| {
            let numbers = bytes.as_chunks().0.iter();
            let bytes = numbers.flat_map(|bytes| {
                let number = f16::from_le_bytes(*bytes).to_f32();
                match dtype {
                    Dtype::F32 => number.to_le_bytes().to_vec(),
                    _ => bf16::from_f32(number).to_le_bytes().to_vec(),
                }
            });
            (name.replace(".weight", ".default.weight"), dtype, shape.clone(), bytes.collect())
        });
        put_tensors(folder.path(), &others.collect::<Vec<_>>());
        let found = PeftAdapter::read(folder.path(), &SIZES).unwrap();
        let expected = whole();
        for ((.., found), (.., expected)) in found.adapter.changes().zip(expected.adapter.changes())
        {
            let pairs =
                found.down.iter().chain(&found.up).zip(expected.down.iter().chain(&expected.up));
            for (found, expected) in pairs {
                // bf16 keeps 8 bits of a number.
                let allowed = if dtype == Dtype::F32 { 0.0 } else { expected.abs() / 256.0 };
                assert!((found - expected).abs() <= allowed, "{found} for {expected}");
            }
        }
    }
}

/// What is said of a folder whose tensors were changed.
fn refusal(spoil: impl FnOnce(&mut Vec<(String, Dtype, Vec<usize>, Vec<u8>)>)) -> String {
    let folder = folder();
    whole().write(folder.path(), &SIZES).expect("an adapter that fits");
    let mut all = tensors(folder.path());
    spoil(&mut all);
    put_tensors(folder.path(), &all);
    let error = PeftAdapter::read(folder.path(), &SIZES).expect_err("it cannot be applied");
    let text = error.to_string();
    assert!(text.contains("adapter_model.safetensors"), "{text}");
    text
}

#[test]
fn tensors_that_cannot_be_applied_are_refused_by_name() {
    let name = "base_model.model.model.layers.0.mlp.down_proj.lora_A.weight";
    let partner = name.replace("lora_A", "lora_B");
    let error = refusal(|all| all.retain(|(known, ..)| known != name));
    assert!(error.contains(name) && error.contains("is missing"), "{error}");
    let error = refusal(|all| all.retain(|(known, ..)| *known != partner));
    assert!(error.contains(&partner) && error.contains("is missing"), "{error}");
    let error = refusal(|all| all[0].3[..2].copy_from_slice(&f16::NAN.to_le_bytes()));
    assert!(error.contains("layers.0.mlp.down_proj.lora_A") && error.contains("finite"), "{error}");
    let error = refusal(|all| {
        all[0].2 = vec![5, 8];
    });
    assert!(error.contains("is 5 by 8") && error.contains("4 by 10"), "{error}");
    let error = refusal(|all| all[0].2 = vec![40]);
    assert!(error.contains("[40]"), "{error}");
    let error = refusal(|all| all[0].1 = Dtype::I16);
    assert!(error.contains("I16"), "{error}");
    let error = refusal(|all| all[0].0 = "base_model.model.lm_head.lora_A.weight".into());
    assert!(error.contains("lm_head") && error.contains("q_proj"), "{error}");
    let error =
        refusal(|all| all[0].0 = name.replace(".weight", ".default.weight").replace("_A", "_B"));
    assert!(error.contains("twice"), "{error}");
    let error = refusal(Vec::clear);
    assert!(error.contains("changes no matrix"), "{error}");
}

#[test]
fn files_that_are_missing_or_cut_short_are_errors_with_their_path() {
    let folder = folder();
    assert!(!PeftAdapter::is_in(folder.path()));
    let error = PeftAdapter::read(folder.path(), &SIZES).unwrap_err();
    assert!(matches!(error, PeftError::Io { .. }) && error.to_string().contains("adapter_config"));
    whole().write(folder.path(), &SIZES).unwrap();
    assert!(PeftAdapter::is_in(folder.path()));
    let path = folder.path().join("adapter_model.safetensors");
    let bytes = fs::read(&path).unwrap();
    for length in [0, 7, 100, bytes.len() - 1] {
        fs::write(&path, &bytes[..length]).unwrap();
        let error = PeftAdapter::read(folder.path(), &SIZES).unwrap_err();
        assert!(matches!(error, PeftError::Broken { .. }), "{error}");
    }
    fs::remove_file(&path).unwrap();
    let error = PeftAdapter::read(folder.path(), &SIZES).unwrap_err();
    assert!(matches!(error, PeftError::Io { .. }) && error.to_string().contains("safetensors"));
}

#[test]
fn what_cannot_be_written_is_refused_by_name() {
    let folder = folder();
    for (spoil, part) in [
        ((|change| change.up[3] = f32::NAN) as fn(&mut LowRank), "finite"),
        (|change| change.down[0] = 1e6, "finite"),
        (|change| change.up.truncate(47), "lora_B.weight` is not 12 by 4"),
        (|change| change.down.clear(), "lora_A.weight` is not 0 by 8"),
    ] {
        let mut peft = whole();
        let mut change = change(Target::Query, 4, 2.0, 0);
        spoil(&mut change);
        peft.adapter.insert(1, Target::Query, change);
        let error = peft.write(folder.path(), &SIZES).unwrap_err().to_string();
        assert!(error.contains("layers.1.self_attn.q_proj") && error.contains(part), "{error}");
    }
    let empty = PeftAdapter { adapter: Adapter::new(), ..whole() };
    assert!(matches!(empty.write(folder.path(), &SIZES), Err(PeftError::Empty { .. })));
    assert!(!PeftAdapter::is_in(folder.path()), "nothing is left of what failed");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_is_read_again(
        places in prop::collection::btree_map((0usize..40, 0usize..7), (1usize..6, 1u8..64), 1..12),
        rank in 1usize..6,
        alpha in 1u8..64,
    ) {
        let mut adapter = Adapter::new();
        for ((layer, place), (rank, eighths)) in places {
            let target = TARGETS[place].0;
            adapter.insert(layer, target, change(target, rank, f32::from(eighths) / 8.0, layer));
        }
        let config =
            PeftConfig { base_model: None, rank, alpha: f32::from(alpha), dropout: 0.125 };
        let written = PeftAdapter { config, adapter };
        let folder = folder();
        written.write(folder.path(), &SIZES).unwrap();
        prop_assert_eq!(PeftAdapter::read(folder.path(), &SIZES).unwrap(), written);
    }

    #[test]
    fn bytes_of_any_kind_are_no_reason_to_panic(
        settings in prop::collection::vec(any::<u8>(), 0..60),
        place: prop::sample::Index,
        byte: u8,
    ) {
        let folder = folder();
        whole().write(folder.path(), &SIZES).unwrap();
        let path = folder.path().join("adapter_model.safetensors");
        let mut bytes = fs::read(&path).unwrap();
        let place = place.index(bytes.len());
        bytes[place] = byte;
        fs::write(&path, bytes).unwrap();
        // One byte may be one number, or part of a name.
        if let Ok(read) = PeftAdapter::read(folder.path(), &SIZES) {
            prop_assert_eq!(read.adapter.changes().count(), 14);
        }
        fs::write(folder.path().join("adapter_config.json"), settings).unwrap();
        prop_assert!(PeftAdapter::read(folder.path(), &SIZES).is_err());
    }
}
