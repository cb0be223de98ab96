//! No bytes in any file of a folder make it panic.

use std::{fs, path::Path};

use bevy_persona::inference::model::{self, template::ChatTemplate};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::twin::{ALL, Twin, write_json};

fn llama() -> Twin {
    Twin::new("LlamaForCausalLM")
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (0_u64..300).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 12, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map("[a-z_]{1,8}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Reads all of a folder but the weights; whatever it gives, it does not panic.
fn look_at(folder: &Path) {
    let Ok(file) = model::open(folder) else { return };
    let Ok(tokenizer) = file.tokenizer() else { return };
    let _ = ChatTemplate::of(&*file, &tokenizer);
    let _ = tokenizer.encode_text("[joy] 너 😀\0", true);
    let _ = model::load(
        &mut *model::open(folder).expect("a whole folder"),
        &model::ModelOptions::default(),
        &mut |_, _| true,
    );
}

const FILES: [&str; 6] = [
    "config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "generation_config.json",
    "model.safetensors",
    "model.safetensors.index.json",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_bytes_in_any_file_make_it_panic(
        file in proptest::sample::select(FILES.to_vec()),
        bytes in prop_oneof![
            any::<Vec<u8>>(),
            any_json().prop_map(|json| json.to_string().into_bytes()),
        ],
    ) {
        let twin = llama();
        let folder = twin.folder();
        fs::write(folder.join(file), bytes).unwrap();
        look_at(&folder);
    }

    #[test]
    fn no_value_of_any_field_makes_it_panic(
        class in proptest::sample::select(ALL.to_vec()),
        place: prop::sample::Index,
        file in 0..4_usize,
        value in any_json(),
    ) {
        let twin = Twin::new(class);
        let folder = twin.folder();
        let path = folder.join(FILES[file]);
        let mut json: Value = match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).unwrap(),
            Err(_) => json!({ "eos_token_id": 1 }),
        };
        let inner = json.get("model").is_some_and(Value::is_object) && place.index(2) == 0;
        let json_or_model = if inner { &mut json["model"] } else { &mut json };
        let fields: Vec<String> = json_or_model.as_object().unwrap().keys().cloned().collect();
        json_or_model[place.get(&fields).as_str()] = value;
        write_json(&path, &json);
        look_at(&folder);
    }

    #[test]
    fn no_damage_of_the_head_of_the_weights_makes_it_panic(
        at in 0_usize..3000,
        damage in proptest::collection::vec(any::<u8>(), 1..9),
    ) {
        let twin = llama();
        let folder = twin.folder();
        let path = folder.join("model.safetensors");
        let mut bytes = fs::read(&path).unwrap();
        for (byte, damaged) in bytes.iter_mut().skip(at).zip(damage) {
            *byte = damaged;
        }
        fs::write(&path, bytes).unwrap();
        look_at(&folder);
    }
}
