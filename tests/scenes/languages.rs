//! Scenes in the fan's language.

use bevy_persona::{persona::Language, scene::*};

use crate::common::{Reader, SCENES, World, files, play_on, scenes};

fn is_korean(text: &str) -> bool {
    text.chars().any(|c| ('가'..='힣').contains(&c))
}

#[test]
fn every_line_question_and_fallback_is_korean_for_a_korean_fan() {
    let scenes = scenes();
    let world = World { language: Language::Korean, ..World::default() };
    for seed in 0..5 {
        for scene in SCENES {
            let mut player = Player::start(scenes.clone(), scene, Story::default(), seed).unwrap();
            for step in play_on(&mut player, &mut Reader(seed), &world) {
                let texts = match step {
                    Step::Line(line) => vec![line.text],
                    Step::Choices(choices) => choices.into_iter().map(|c| c.text).collect(),
                    Step::Do(SceneCommand::Improvise(improvise)) => vec![improvise.fallback],
                    Step::Do(SceneCommand::AskFan(ask)) => {
                        assert_eq!(ask.labels.len(), ask.options.len());
                        assert!(!ask.options.iter().any(|option| is_korean(option)));
                        [vec![ask.question], ask.labels].concat()
                    }
                    _ => Vec::new(),
                };
                for text in texts {
                    assert!(is_korean(&text) && !text.starts_with("Siwoo:"), "{scene}: {text}");
                }
            }
        }
    }
}

#[test]
fn the_fans_name_goes_into_a_korean_line() {
    let world = World { language: Language::Korean, name: "민아".into(), ..World::default() };
    let mut player = Player::start(scenes(), "first_hello", Story::default(), 0).unwrap();
    let steps = play_on(&mut player, &mut Reader(0), &world);
    let hello = steps.iter().find_map(|step| match step {
        Step::Line(line) if line.id == "hello_004" => Some(line),
        _ => None,
    });
    let hello = hello.unwrap();
    assert!(hello.text.contains("민아") && !hello.text.contains('{'), "{}", hello.text);
    assert_eq!(hello.speaker.as_ref().unwrap().as_str(), "siwoo");
}

#[test]
fn the_tables_of_the_game_are_whole_and_written_as_they_were_read() {
    let scenes = scenes();
    let gaps: Vec<_> = strings::gaps(&scenes, Language::Korean);
    assert_eq!(gaps, []);
    let files = files();
    for (name, csv) in strings::export(&scenes, Language::Korean) {
        let written = &files.iter().find(|(file, _)| *file == name).unwrap().1;
        assert_eq!(&csv, written, "{name}");
        let imported = strings::import(&scenes, Language::Korean, &name, &csv).unwrap();
        assert_eq!(&imported, written, "{name}");
    }
}

#[test]
fn a_language_without_a_table_falls_back_to_english() {
    let world = World { language: Language::Japanese, ..World::default() };
    let mut player = Player::start(scenes(), "echo_tower", Story::default(), 0).unwrap();
    let steps = play_on(&mut player, &mut Reader(0), &world);
    let said =
        |text: &str| steps.iter().any(|step| matches!(step, Step::Line(line) if line.text == text));
    assert!(said("Ria.") && said("There's no wind."));
    for (file, csv) in strings::export(&scenes(), Language::Japanese) {
        assert!(file.ends_with(".ja.csv") && csv.lines().count() > 50);
    }
}
