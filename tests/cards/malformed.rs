//! What is no card is refused with words that help.

use base64::{Engine, prelude::BASE64_STANDARD};
use bevy_persona::card::{Card, MAX_FILE};
use proptest::prelude::*;

use super::{BOTH, PLAIN, V2};

fn error(bytes: &[u8]) -> String {
    Card::from_bytes("a.png", bytes).expect_err("no good card").to_string()
}

/// A picture with a text in it.
fn picture(keyword: &str, text: &[u8]) -> Vec<u8> {
    let mut picture = PLAIN.to_vec();
    let end = picture.split_off(PLAIN.len() - 12);
    let body = [b"tEXt", keyword.as_bytes(), b"\0", text].concat();
    picture.extend(u32::try_from(body.len() - 4).expect("a short text").to_be_bytes());
    picture.extend(&body);
    picture.extend(crc32fast::hash(&body).to_be_bytes());
    picture.extend(end);
    picture
}

fn packed(json: &str) -> Vec<u8> {
    picture("chara", BASE64_STANDARD.encode(json).as_bytes())
}

#[test]
fn what_is_no_card_file_is_said_to_be_what_it_is() {
    for (bytes, part) in [
        (&b""[..], "a.png: it is empty: give a PNG picture or a JSON file"),
        (b"hello", "a.png: it is neither a PNG picture nor a JSON object"),
        (b"[1, 2]", "neither a PNG picture nor a JSON object"),
        (b"PK\x03\x04rest", "CHARX"),
        (b"\xff\xd8\xff\xe0", "a picture, but not a PNG picture"),
        (b"RIFF....WEBP", "a picture, but not a PNG picture"),
    ] {
        assert!(error(bytes).contains(part), "{}\nlacks: {part}", error(bytes));
    }
}

#[test]
fn a_file_that_is_too_large_is_not_read() {
    let large = vec![b' '; usize::try_from(MAX_FILE).unwrap() + 1];
    let text =
        "a.png: it has 33554433 bytes, and cards may have 33554432: make the picture smaller";
    assert_eq!(error(&large), text);
}

#[test]
fn a_damaged_picture_names_the_chunk_and_its_place() {
    let mut wrong_sum = BOTH.to_vec();
    wrong_sum[60] ^= 1;
    let text = "a.png: the chunk `tEXt` at byte 33 has a wrong checksum: the file is damaged: fetch or \
                export the picture anew";
    assert_eq!(error(&wrong_sum), text);
    let mut odd_name = BOTH.to_vec();
    odd_name[37] = 0;
    for (bytes, part) in [
        (&BOTH[..200], "the chunk `tEXt` at byte 33 is longer than the file: it was cut off"),
        (&BOTH[..36], "the chunk `IEND` at byte 33 is missing: the file was cut off"),
        (&PLAIN[..8], "the chunk `IEND` at byte 8 is missing"),
        (&odd_name, "the chunk `\\x00EXt` at byte 33 has no proper name"),
    ] {
        assert!(error(bytes).contains(part), "{}\nlacks: {part}", error(bytes));
    }
}

#[test]
fn a_picture_without_a_proper_card_says_what_is_missing() {
    assert!(error(PLAIN).starts_with("a.png: the picture holds no card"), "{}", error(PLAIN));
    for (bytes, part) in [
        (picture("comment", b"e30="), "it has no tEXt chunk `chara` or `ccv3`"),
        (picture("chara", b"{\"name\": 1}"), "a.png: in the chunk `chara`: not base64: Invalid"),
        (picture("ccv3", "칸".as_bytes()), "in the chunk `ccv3`: not base64"),
        (packed("{\"name\": "), "a.png (chunk `chara`):1:9: not JSON: EOF"),
        (
            picture("chara", BASE64_STANDARD.encode(b"{\"name\":\n\"\xff\"}").as_bytes()),
            "a.png (chunk `chara`):2:2: not UTF-8 text; save it as UTF-8",
        ),
    ] {
        assert!(error(&bytes).contains(part), "{}\nlacks: {part}", error(&bytes));
    }
}

#[test]
fn a_card_that_says_nonsense_names_place_and_field() {
    let v2 = String::from_utf8(V2.to_vec()).unwrap();
    for (from, to, part) in [
        (
            "chara_card_v2",
            "lorebook_v3",
            "a.png:2:3: in `spec`: `lorebook_v3` is no character card",
        ),
        ("\"chara_card_v2\"", "2", "in `spec`: `2` is no character card: write `chara_card_v2`"),
        ("\"spec\": \"chara_card_v2\",", "", "in `spec`: is missing: write `\"spec\":"),
        ("\"name\": \"Nuri\",\n    \"desc", "\"desc", "in `data`: missing field `name`"),
        (
            "\"name\": \"Nuri\",\n    \"desc",
            "\"name\": \" \",\n    \"desc",
            "in `data.name`: it is empty",
        ),
        (
            "[\"Harbour\", ",
            "[7, ",
            "in `data.tags[0]`: invalid type: integer `7`, expected a string",
        ),
        (
            "[\"radio\"]",
            "\"radio\"",
            "in `data.character_book.entries[1].keys`: invalid type: string \"radio\", expected a sequence",
        ),
        (
            "\"content\": \"There is no cat.\",",
            "",
            "in `data.character_book.entries[3]`: missing field `content`",
        ),
        (
            "\"enabled\": false",
            "\"enabled\": \"no\"",
            "in `data.character_book.entries[3].enabled`: invalid",
        ),
        (
            "Back again?",
            "Back\\u0000 again?",
            "in `data.alternate_greetings[0]`: it holds the control character U+0000: remove it",
        ),
        (
            "\"spec_version\"",
            "\"data\": {\"name\": \"X\"}, \"spec_version\"",
            "duplicate field `data`",
        ),
        (
            "\"entries\": [",
            "\"entries\": [null, ",
            "in `data.character_book.entries[0]`: invalid type: null",
        ),
    ] {
        assert!(v2.contains(from), "{from}");
        let error = error(v2.replacen(from, to, 1).as_bytes());
        assert!(error.starts_with("a.png:") && error.contains(part), "{error}\nlacks: {part}");
    }
}

#[test]
fn a_flat_object_without_a_name_is_no_card() {
    let error = error(b"{\n\"title\": \"x\"}");
    assert_eq!(error, "a.png:2:13: missing field `name`; see docs/writing/cards.md");
}

#[test]
fn json_that_is_nested_too_deeply_is_refused() {
    let deep = format!("{{\"name\": {}", "[".repeat(100_000));
    assert!(
        error(deep.as_bytes()).contains("recursion limit exceeded"),
        "{}",
        error(deep.as_bytes())
    );
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        at in 0..BOTH.len(),
        cut in 0..BOTH.len(),
        text in "\\PC{0,40}",
    ) {
        let _ = Card::from_bytes("a", &bytes);
        let _ = Card::from_bytes("a", &[&PLAIN[..8], &bytes].concat());
        let _ = Card::from_bytes("a", &[&BOTH[..at], &bytes, &BOTH[at..]].concat());
        let _ = Card::from_bytes("a", &BOTH[..cut]);
        let _ = Card::from_bytes("a", &picture("chara", &bytes));
        let _ = Card::from_bytes("a", &packed(&format!("{{\"name\": \"{text}\"}}")));
        let v2 = &V2[..at.min(V2.len())];
        let _ = Card::from_bytes("a", &[v2, &bytes].concat());
    }
}
