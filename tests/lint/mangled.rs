//! Nothing that happens to a file makes the linter panic.

use bevy_persona::lint::{Content, lint};
use proptest::prelude::*;

/// Files of each kind, as they come with the game or with planted mistakes. Of long ones the beginning
/// is enough.
fn files() -> Vec<(String, String)> {
    let files = [
        "assets/lore/secrets.md",
        "assets/conduct/disclosure.toml",
        "assets/cues/default.cues.ron",
        "assets/scenes/echo_tower.yarn",
        "assets/scenes/lantern_night.yarn",
        "assets/scenes/echo_tower.ko.csv",
        "assets/scenes/stage.toml",
        "assets/motions/motions.json",
        "personas/siwoo.persona.ron",
        "personas/siwoo.lines.toml",
        "personas/siwoo.dialogues.jsonl",
        "tests/data/lint/names/conduct.toml",
        "tests/data/lint/names/emotions.toml",
        "tests/data/lint/names/questions.toml",
        "tests/data/lint/scenes/forms.yarn",
    ];
    let read = |file: &str| {
        let path = format!("{}/{file}", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).expect("a file of the samples");
        let lines = if file.ends_with("jsonl") { 8 } else { 400 };
        (file.to_owned(), text.lines().take(lines).map(|line| format!("{line}\n")).collect())
    };
    files.into_iter().map(read).collect()
}

/// What is put into a file in the place of some of its bytes.
const PIECES: [&str; 14] = [
    "",
    "\"",
    "<<",
    ">>",
    "\n",
    "\n===\n",
    "\n---\n",
    "title: echo_tower\n",
    "[",
    "{",
    "->",
    "너",
    "<<if knows(\"s01\")>>\n",
    "\u{0}",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 36, ..ProptestConfig::default() })]

    #[test]
    fn no_damage_makes_the_linter_panic(
        damage in prop::collection::vec(
            (any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0_usize..60, 0..PIECES.len()),
            1..8,
        ),
    ) {
        let mut files = files();
        for (file, at, length, piece) in damage {
            let number = file.index(files.len());
            let text = &files[number].1;
            let from = text.floor_char_boundary(at.index(text.len() + 1));
            let to = text.ceil_char_boundary((from + length).min(text.len()));
            files[number].1.replace_range(from..to, PIECES[piece]);
        }
        let mut content = Content::default();
        for (file, text) in &files {
            content.add(file.clone(), text);
        }
        for finding in lint(&content) {
            let text = content.text(&finding.file).unwrap();
            prop_assert!(text.get(finding.at.clone()).is_some(), "{}", finding);
            prop_assert!(!finding.message.is_empty() && !finding.help.is_empty(), "{}", finding);
        }
    }
}
