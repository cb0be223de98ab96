//! From a card to files of ours and back.

use bevy_persona::card::{Card, Export, Exported, Spec, import};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{BOTH, PLAIN, V1, V2, V3, card, imported};

fn exported(card: &Card, spec: Option<Spec>) -> Exported {
    let (_, sheet, library) = imported(card);
    Export { kept: Some(card), spec, ..Export::new(&sheet, &library) }.card()
}

fn value(json: &[u8]) -> Value {
    serde_json::from_slice(json).expect("JSON")
}

#[test]
fn a_card_that_nobody_edited_comes_back_as_it_was() {
    for json in [V2, V3] {
        let card = card(json);
        let back = exported(&card, None);
        assert_eq!((back.spec(), back.json()), (card.spec(), &value(json)));
        assert_eq!(card.text().as_bytes(), json);
    }
}

#[test]
fn a_card_in_a_picture_comes_back_as_it_was() {
    for json in [V2, V3] {
        let first = card(json);
        let picture = exported(&first, None).to_png("plain.png", PLAIN).unwrap();
        let second = card(&picture);
        assert_eq!(value(second.text().as_bytes()), value(json));
        let again = exported(&second, None).to_png("plain.png", &picture).unwrap();
        assert_eq!(again, picture, "the old card is replaced");
    }
}

#[test]
fn the_third_version_is_read_where_both_stand_and_both_are_written() {
    assert_eq!((card(BOTH).spec(), card(BOTH).data()), (Spec::V3, card(V3).data()));
    let picture = exported(&card(BOTH), None).to_png("both.png", BOTH).unwrap();
    let has = |keyword: &[u8]| picture.windows(keyword.len()).filter(|w| *w == keyword).count();
    assert_eq!((has(b"tEXtChara\0"), has(b"tEXtchara\0"), has(b"tEXtccv3\0")), (0, 1, 1));
    let only_new = exported(&card(V2), None).to_png("both.png", BOTH).unwrap();
    assert_eq!(card(&only_new).spec(), Spec::V2);
}

#[test]
fn a_flat_card_becomes_one_of_the_second_version() {
    let back = exported(&card(V1), None);
    let (old, new) = (value(V1), back.json());
    assert_eq!(
        (new["spec"].as_str(), new["spec_version"].as_str()),
        (Some("chara_card_v2"), Some("2.0"))
    );
    for field in ["name", "description", "personality", "scenario", "first_mes", "mes_example"] {
        assert_eq!(new["data"][field], old[field], "{field}");
    }
    assert_eq!(new["data"]["extensions"], json!({}));
    assert_eq!(new["talkativeness"], "0.5", "what we do not know is kept");
    assert_eq!(value(card(back.to_json().as_bytes()).text().as_bytes()), *new);
}

#[test]
fn another_version_loses_nothing_and_has_what_it_must() {
    let third = exported(&card(V2), Some(Spec::V3));
    let mut expected = value(V2);
    expected["spec"] = "chara_card_v3".into();
    expected["spec_version"] = "3.0".into();
    expected["data"]["group_only_greetings"] = json!([]);
    for entry in expected["data"]["character_book"]["entries"].as_array_mut().unwrap() {
        entry["use_regex"] = false.into();
    }
    assert_eq!(*third.json(), expected);

    let second = exported(&card(V3), Some(Spec::V2));
    let mut expected = value(V3);
    expected["spec"] = "chara_card_v2".into();
    expected["spec_version"] = "2.0".into();
    assert_eq!(*second.json(), expected);
}

#[test]
fn a_card_of_a_later_version_stays_one() {
    let later = String::from_utf8(V3.to_vec()).unwrap().replace("\"3.0\"", "\"3.7\"");
    let later = card(later.as_bytes());
    let notes = import(&later, &"nuri".parse().unwrap()).notes;
    assert!(notes.iter().any(|note| note.contains("newer than version 3.0")), "{notes:?}");
    assert_eq!(exported(&later, None).json()["spec_version"], "3.7");
}

#[test]
fn nulls_stand_for_nothing() {
    let json = br#"{"spec": "chara_card_v2", "spec_version": "2.0", "data": {"name": "Otto",
        "description": null, "tags": null, "character_book": null, "extensions": null}}"#;
    let back = exported(&card(json), None);
    let data = &back.json()["data"];
    assert_eq!((&data["description"], &data["tags"]), (&json!(""), &json!([])));
    assert_eq!((data.get("character_book"), &data["extensions"]), (None, &json!({})));
}

fn text() -> impl Strategy<Value = String> {
    let piece = "\\*|\"|\\{\\{user\\}\\}|\\{\\{char\\}\\}|<START>|\\{\\{user\\}\\}: |Nuri: |[.!?] |\\[joy\\]\
                 |\\[x\\]|\\{value\\}|\n|@@|```|\\\\|너|[a-z가-힣]{1,6}| ";
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn every_card_becomes_files_that_we_can_read_and_comes_back(
        name in "[A-Za-z가-힣\"'\\\\ ]{0,12}[a-z]",
        texts in prop::collection::vec(text(), 8),
        keys in prop::collection::vec(text(), 0..3),
        constant: bool,
    ) {
        let json = json!({"spec": "chara_card_v3", "spec_version": "3.0", "data": {
            "name": name, "description": texts[0], "personality": texts[1], "scenario": texts[2],
            "first_mes": texts[3], "mes_example": texts[4], "alternate_greetings": [texts[5], texts[6]],
            "creator_notes": "", "system_prompt": "", "post_history_instructions": "", "tags": [],
            "creator": "", "character_version": "", "extensions": {}, "group_only_greetings": [],
            "character_book": {"extensions": {}, "entries": [{
                "keys": keys, "content": texts[7], "extensions": {}, "enabled": true,
                "insertion_order": 1, "use_regex": false, "constant": constant, "name": texts[6],
            }]},
        }});
        let card = card(json.to_string().as_bytes());
        let (made, sheet, _) = imported(&card);
        prop_assert_eq!(&sheet, &made.sheet);
        let back = exported(&card, None);
        prop_assert_eq!(back.json(), &json);
    }
}
