//! Broken folders: each gives an error that names file and field and what to do, and never a panic.

use std::{fs, path::Path};

use bevy_persona::{
    inference::model,
    model_store::{ModelSource, ModelStore},
};
use safetensors::Dtype;
use serde_json::{Value, json};

use super::{
    open_backend,
    twin::{Twin, write_json, write_tensors},
};

fn llama() -> Twin {
    Twin::new("LlamaForCausalLM")
}

fn error_of(path: &Path) -> String {
    match open_backend(path) {
        Ok(_) => panic!("a broken model was loaded"),
        Err(error) => error.to_string(),
    }
}

fn assert_says(error: &str, parts: &[&str]) {
    for part in parts {
        assert!(error.contains(part), "{error}\nlacks: {part}");
    }
    assert!(!error.contains('\n'), "more than a line: {error}");
}

/// A field of `config.json`, what is written there, and what the error says.
type Fault = (&'static str, Value, &'static [&'static str]);

fn faults() -> [Fault; 22] {
    [
        (
            "architectures",
            json!(["MambaForCausalLM"]),
            &["`architectures`", "Mamba", "Phi3ForCausalLM"],
        ),
        ("architectures", json!("x"), &["`architectures`", "not a list of texts"]),
        ("architectures", Value::Null, &["lacks `architectures`"]),
        ("quantization_config", json!({ "quant_method": "gptq" }), &["gptq", "original weights"]),
        ("hidden_size", Value::Null, &["lacks `hidden_size`"]),
        ("hidden_size", json!("wide"), &["`hidden_size`", "`\"wide\"`", "whole number"]),
        ("hidden_size", json!(0), &["`hidden_size`", "above 0"]),
        ("num_attention_heads", json!(3), &["num_key_value_heads", "divisor of 3"]),
        ("num_hidden_layers", json!(1_000_000_000), &["num_hidden_layers", "tensors"]),
        ("num_hidden_layers", json!(5), &["`model.layers.4.", "is missing"]),
        ("num_hidden_layers", json!(3), &["model.layers.3.", "do not have"]),
        ("intermediate_size", json!(64), &["mlp.down_proj.weight", "[64, 96]", "[64, 64]"]),
        ("vocab_size", json!(100), &["lm_head.weight", "[269, 64]", "[100, 64]"]),
        ("rms_norm_eps", json!(-1), &["`rms_norm_eps`", "above 0"]),
        ("hidden_act", json!("relu"), &["`hidden_act`", "relu", "supported: silu"]),
        ("attention_bias", json!(true), &["`attention_bias`", "supported: false"]),
        (
            "rope_scaling",
            json!({ "rope_type": "yarn", "factor": 4.0 }),
            &["`rope_scaling.rope_type`", "yarn"],
        ),
        (
            "rope_scaling",
            json!({ "type": "spiral" }),
            &["`rope_scaling.type`", "spiral", "`linear`"],
        ),
        ("rope_scaling", json!({ "type": "linear" }), &["lacks `rope_scaling.factor`"]),
        (
            "rope_scaling",
            json!({
                "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 4.0,
                "high_freq_factor": 1.0, "original_max_position_embeddings": 512,
            }),
            &["`rope_scaling.low_freq_factor`", "less than"],
        ),
        ("head_dim", json!(1), &["`head_dim`", "rotated"]),
        ("eos_token_id", json!("x"), &["`eos_token_id`", "a token or a list"]),
    ]
}

#[test]
fn each_fault_of_a_config_is_named_with_file_and_field() {
    for (field, value, said) in faults() {
        let mut twin = llama();
        twin.config[field] = value;
        let error = error_of(&twin.folder());
        assert_says(&error, said);
        assert!(error.contains("tiny"), "it names the folder: {error}");
    }
}

#[test]
fn what_other_families_ask_for_beyond_ours_is_refused() {
    for (class, field, value) in [
        ("Gemma3ForCausalLM", "query_pre_attn_scalar", json!(100)),
        ("Gemma3ForCausalLM", "final_logit_softcapping", json!(30.0)),
        ("Gemma3ForCausalLM", "layer_types", json!(["full_attention"])),
        ("Gemma3ForCausalLM", "hidden_activation", json!("silu")),
        ("Lfm2ForCausalLM", "conv_bias", json!(true)),
        ("SmolLM3ForCausalLM", "no_rope_layers", json!([1])),
        ("Phi3ForCausalLM", "rope_scaling", json!({ "type": "llama3" })),
    ] {
        let mut twin = Twin::new(class);
        twin.config[field] = value;
        let error = error_of(&twin.folder());
        assert!(error.contains(field), "{class}: {error}");
    }
}

#[test]
fn ways_of_stretching_that_we_know_are_taken() {
    let long = json!({
        "type": "longrope",
        "short_factor": vec![1.1; 8], "long_factor": vec![4.0; 8],
        "original_max_position_embeddings": 512,
    });
    let three = json!({
        "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0,
        "high_freq_factor": 4.0, "original_max_position_embeddings": 512,
    });
    for (class, scaling, tensor, context) in [
        ("Phi3ForCausalLM", long, Some("rope_factors_short.weight"), 512),
        ("LlamaForCausalLM", three, Some("rope_freqs.weight"), 2048),
        ("LlamaForCausalLM", json!({ "type": "linear", "factor": 2.0 }), None, 2048),
        ("Gemma3ForCausalLM", json!({ "rope_type": "linear", "factor": 8.0 }), None, 2048),
        ("Qwen3ForCausalLM", json!({ "rope_type": "dynamic", "factor": 4.0 }), None, 2048),
    ] {
        let mut twin = Twin::new(class);
        let usual = super::logits(&mut *super::load(&twin.folder()));
        let is_dynamic = scaling["rope_type"] == "dynamic";
        twin.config["rope_scaling"] = scaling;
        let folder = twin.folder();
        let file = model::open(&folder).unwrap();
        assert!(tensor.is_none_or(|tensor| file.has(tensor)), "{class}");
        let mut loaded = super::load(&folder);
        assert_eq!(loaded.context_length(), context, "{class}");
        assert_eq!(super::logits(&mut *loaded) == usual, is_dynamic, "{class}");
    }
}

#[test]
fn each_fault_of_weights_is_named_with_file_and_tensor() {
    let up = "model.layers.1.mlp.up_proj.weight";
    let mut twin = llama();
    twin.tensors.remove(up);
    assert_says(&error_of(&twin.folder()), &[up, "is missing", "fetch the model again"]);

    let mut twin = llama();
    let (shape, values) = twin.tensors[up].clone();
    twin.tensors.insert(up.into(), (vec![shape[1], shape[0]], values));
    assert_says(&error_of(&twin.folder()), &["model.safetensors", up, "[64, 96]", "[96, 64]"]);

    let mut twin = llama();
    twin.tensors.get_mut(up).unwrap().1[7] = f32::NAN;
    assert_says(&error_of(&twin.folder()), &["model.safetensors", up, "not finite"]);

    let mut twin = llama();
    twin.tensors.insert("model.layers.0.self_attn.q_proj.bias".into(), (vec![1], vec![0.0]));
    assert_says(&error_of(&twin.folder()), &["q_proj.bias", "do not have"]);

    let mut twin = llama();
    twin.tensors.insert("model.layers.0.mlp.up_proj.qweight".into(), (vec![1], vec![0.0]));
    assert_says(&error_of(&twin.folder()), &["quantised", "qweight", "original weights"]);

    let twin = llama();
    let folder = twin.folder();
    write_tensors(&folder.join("model.safetensors"), twin.tensors.iter(), Dtype::I32);
    assert_says(&error_of(&folder), &["model.safetensors", "I32, not F32, F16 or BF16"]);
}

#[test]
fn each_missing_file_is_named() {
    for (file, said) in [
        ("config.json", &["config.json", "cannot read"][..]),
        ("model.safetensors", &["there are no weights", "model.safetensors.index.json"]),
        ("tokenizer.json", &["tokenizer.json", "cannot read"]),
    ] {
        let twin = llama();
        let folder = twin.folder();
        fs::remove_file(folder.join(file)).unwrap();
        assert_says(&error_of(&folder), said);
    }
    let twin = llama();
    let folder = twin.folder_in_parts();
    fs::remove_file(folder.join("model-00002-of-00002.safetensors")).unwrap();
    let said = ["index.json names", "model-00002-of-00002.safetensors", "all parts"];
    assert_says(&error_of(&folder), &said);
    let alone = folder.join("model-00001-of-00002.safetensors");
    fs::remove_file(folder.join("model.safetensors.index.json")).unwrap();
    assert_says(&error_of(&alone), &["there are no weights"]);
}

#[test]
fn an_index_names_files_beside_it_and_what_they_hold() {
    let twin = llama();
    let folder = twin.folder_in_parts();
    let index = folder.join("model.safetensors.index.json");
    for (map, said) in [
        (json!({ "a": "../model.safetensors" }), &["weight_map.a", "beside it"][..]),
        (json!({ "a": "/etc/passwd" }), &["weight_map.a", "beside it"]),
        (json!({ "a": 3 }), &["weight_map.a", "a text"]),
        (json!({ "a": "model-00001-of-00002.safetensors" }), &["`a`", "none of the parts"]),
        (Value::Null, &["lacks `weight_map`"]),
    ] {
        write_json(&index, &json!({ "weight_map": map }));
        assert_says(&error_of(&folder), said);
    }
}

#[test]
fn a_file_that_was_cut_is_to_be_fetched_again() {
    let twin = llama();
    let folder = twin.folder();
    let path = folder.join("model.safetensors");
    let whole = fs::read(&path).unwrap();
    for length in [0, 5, 8, 100, whole.len() - 1] {
        fs::write(&path, &whole[..length]).unwrap();
        assert_says(&error_of(&folder), &["model.safetensors", "fetch"]);
    }
}

#[test]
fn a_vocabulary_that_we_cannot_split_by_is_refused() {
    let twin = llama();
    let folder = twin.folder();
    let path = folder.join("tokenizer.json");
    let sound: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let spoil: [(&str, fn(&mut Value)); 4] = [
        ("supported: `BPE`", |json| json["model"]["type"] = json!("Unigram")),
        ("`model.vocab` is no object", |json| json["model"]["vocab"] = json!(3)),
        ("no usable number", |json| json["model"]["vocab"]["x"] = json!(1_u64 << 40)),
        ("cannot be used", |json| json["model"]["merges"] = json!([["no", "token"]])),
    ];
    for (said, spoil) in spoil {
        let mut json = sound.clone();
        spoil(&mut json);
        write_json(&path, &json);
        assert_says(&error_of(&folder), &["tokenizer.json", said]);
    }
}

#[test]
fn a_folder_is_a_model_where_a_path_is_one() {
    let twin = llama();
    let folder = twin.folder();
    let store = ModelStore::at(folder.join("none"));
    for path in [folder.clone(), folder.join("model.safetensors")] {
        let source: ModelSource = path.display().to_string().parse().unwrap();
        assert_eq!(store.locate(&source), Some(path.clone()));
        assert!(open_backend(&path).is_ok());
    }
    fs::remove_file(folder.join("config.json")).unwrap();
    assert_eq!(store.locate(&ModelSource::Path(folder)), None);
}
