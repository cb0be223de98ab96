//! How well feelings are told apart: measured on messages that no content file holds.

use std::{fs, sync::LazyLock};

use proptest::prelude::*;

use super::*;
use crate::mind::{Palette, Segment, TagParser};

const MEMBERS: [&str; 4] = ["siwoo", "jena", "taira", "marty"];

fn read(path: &str) -> String {
    fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).expect("content is there")
}

fn beats(reply: &str) -> Vec<Beat> {
    let mut beats: Vec<Beat> = Vec::new();
    let (segments, _) = TagParser::read(Palette::default(), reply);
    for segment in segments {
        match segment {
            Segment::Emotion(tag) => beats.push(Beat {
                emotion: tag.emotion,
                intensity: tag.intensity,
                text: String::new(),
            }),
            Segment::Text(text) => {
                if let Some(beat) = beats.last_mut() {
                    beat.text.push_str(&text);
                }
            }
        }
    }
    beats
}

fn dialogues() -> Vec<(String, String, Vec<Beat>)> {
    let mut turns = Vec::new();
    for member in MEMBERS {
        for line in read(&format!("personas/{member}.dialogues.jsonl")).lines() {
            let dialogue: serde_json::Value = serde_json::from_str(line).expect("JSON");
            let topic = dialogue["topic"].as_str().expect("topic");
            let content =
                |turn: &serde_json::Value| turn["content"].as_str().expect("text").to_owned();
            for pair in dialogue["turns"].as_array().expect("turns").chunks_exact(2) {
                turns.push((topic.to_owned(), content(&pair[0]), beats(&content(&pair[1]))));
            }
        }
    }
    turns
}

static FEELINGS: LazyLock<Feelings> = LazyLock::new(|| {
    let file = "assets/conduct/emotions.toml";
    let turns = dialogues();
    let lessons = turns.iter().map(|(topic, fan, reply)| Lesson { fan, topic, reply });
    let messages = "assets/conduct/fan_messages.toml";
    let feelings = Feelings::from_toml(file, &read(file)).expect("good content");
    let feelings = feelings.with_messages(messages, &read(messages)).expect("good content");
    feelings.with_dialogues(lessons).learned()
});

fn emotions(list: &str) -> Vec<Emotion> {
    list.split(',').filter(|word| !word.is_empty()).map(|word| word.parse().expect("tag")).collect()
}

fn language(code: &str) -> Language {
    code.parse().expect("language")
}

/// Rows of a table with tabs, without its comments.
fn rows(text: &str) -> Vec<Vec<&str>> {
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines.map(|line| line.split('\t').collect()).collect()
}

/// How often first tags fit, and how often they are out of place.
#[derive(Default)]
struct Measured {
    count: u16,
    fits: u16,
    hurts: u16,
    misses: Vec<String>,
}

impl Measured {
    fn add(&mut self, said: &str, first: &Emotion, accept: &[Emotion], reject: &[Emotion]) {
        self.count += 1;
        self.fits += u16::from(accept.contains(first));
        self.hurts += u16::from(reject.contains(first));
        if !accept.contains(first) {
            let mark = if reject.contains(first) { "out of place" } else { "odd" };
            self.misses.push(format!("{mark}: {first} for `{said}`"));
        }
    }

    fn assert_at_least(&self, fits: f32, hurts: f32) {
        let part = |number: u16| f32::from(number) / f32::from(self.count);
        let (fit, hurt) = (part(self.fits), part(self.hurts));
        let misses = self.misses.join("\n");
        assert!(fit >= fits && hurt <= hurts, "{misses}\n{fit} fit, {hurt} are out of place");
    }
}

/// Every message of a table, to each member.
fn measure(table: &str) -> Measured {
    let mut measured = Measured::default();
    for row in rows(table) {
        for member in MEMBERS {
            let id = member.parse().expect("id");
            let answer = FEELINGS.appraise(&id, row[4], language(row[0]), &Carry::default());
            let said = format!("{member}: {}", row[4]);
            measured.add(&said, &answer.weights[0].0, &emotions(row[2]), &emotions(row[3]));
        }
    }
    measured
}

fn measure_words(table: &str) -> Measured {
    let mut measured = Measured::default();
    for row in rows(table) {
        let tag = FEELINGS.of_words(row[2], language(row[0]));
        measured.add(row[2], &tag, &emotions(row[1]), &[]);
    }
    measured
}

#[test]
fn first_tags_fit_on_the_tuning_half() {
    measure(include_str!("tests/tuning.tsv")).assert_at_least(0.93, 0.01);
}

#[test]
fn first_tags_fit_on_the_check_half() {
    measure(include_str!("tests/check.tsv")).assert_at_least(0.90, 0.03);
}

#[test]
fn first_tags_fit_on_messages_that_say_it_obliquely() {
    measure(include_str!("tests/oblique.tsv")).assert_at_least(0.85, 0.03);
}

#[test]
fn first_tags_rarely_hurt_on_messages_that_nothing_was_tuned_to() {
    measure(include_str!("tests/unseen.tsv")).assert_at_least(0.65, 0.06);
}

#[test]
fn tags_fit_texts() {
    measure_words(include_str!("tests/words_tuning.tsv")).assert_at_least(0.80, 0.0);
    measure_words(include_str!("tests/words_check.tsv")).assert_at_least(0.80, 0.0);
}

/// The cases of a suite.
fn cases(suite: &str) -> Vec<serde_json::Value> {
    let lines = read(suite);
    let lines = lines.lines().filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn list(case: &serde_json::Value, key: &str) -> Vec<Emotion> {
    serde_json::from_value(case[key].clone()).unwrap_or_default()
}

#[test]
fn first_tags_fit_in_the_suite_of_emotions() {
    let mut measured = Measured::default();
    for case in cases("tests/evals/emotion.jsonl") {
        let turns: Vec<&str> = match case["turns"].as_array() {
            Some(turns) => turns.iter().filter_map(serde_json::Value::as_str).collect(),
            None => case["fan"].as_str().into_iter().collect(),
        };
        let member = case["member"].as_str().expect("member").to_lowercase().parse().expect("id");
        let (mut carry, mut answer) = (Carry::default(), Appraisal::default());
        for turn in &turns {
            answer = FEELINGS.appraise(&member, turn, Language::English, &carry);
            carry = FEELINGS.carry(&carry, &answer, None);
        }
        let (accept, reject) = (list(&case, "accept"), list(&case, "reject"));
        measured.add(&turns.join(" / "), &answer.weights[0].0, &accept, &reject);
    }
    measured.assert_at_least(0.90, 0.03);
}

#[test]
fn tags_fit_in_the_suite_of_texts() {
    let mut measured = Measured::default();
    for case in cases("tests/evals/tag_on_text.jsonl") {
        let text = case["text"].as_str().expect("text");
        let tag = FEELINGS.of_words(text, Language::English);
        measured.add(text, &tag, &list(&case, "accept"), &[]);
    }
    measured.assert_at_least(0.85, 0.0);
}

#[test]
fn members_without_a_table_answer_too() {
    let otto = "otto".parse().expect("id");
    let english = Language::English;
    let answer = FEELINGS.appraise(&otto, "i failed my exam", english, &Carry::default());
    assert_eq!(answer.weights[0].0, Emotion::Sad);
}

#[test]
fn a_short_message_is_heard_after_the_one_before_it() {
    let jena = "jena".parse().expect("id");
    let english = Language::English;
    let first = FEELINGS.appraise(&jena, "i got dumped today", english, &Carry::default());
    let carry = FEELINGS.carry(&Carry::default(), &first, None);
    let next = FEELINGS.appraise(&jena, "yeah", english, &carry);
    let cheer = |(emotion, _): &&(Emotion, f32)| matches!(emotion, Emotion::Joy | Emotion::Playful);
    let cheer: f32 = next.weights.iter().filter(cheer).map(|(_, weight)| weight).sum();
    assert!(cheer < 0.2, "{:?}", next.weights);
}

#[test]
fn a_fault_in_a_file_names_file_line_and_field() {
    let good = read("assets/conduct/emotions.toml");
    let told = |text: &str| Feelings::from_toml("e.toml", text).expect_err("bad").to_string();
    let error = told(&good.replacen("floor = 0.25", "floor = 7", 1));
    assert!(error.starts_with("e.toml:") && error.contains("floor"), "{error}");
    let error = told(&good.replacen("en]\nw10 =", "en]\nw99 =", 1));
    assert!(error.contains("w99") && error.contains("`lexicon."), "{error}");
    let error = told(&good.replacen("sad = 0.60", "sad = -3.0", 1));
    assert!(error.contains("appraisal.siwoo.sad"), "{error}");
    let plain = Feelings::from_toml("e.toml", &good).expect("good content");
    let error = plain.with_messages("m.toml", "[smug]\nen = [\"ha\"]").expect_err("bad");
    assert!(error.to_string().starts_with("m.toml:1"), "{error}");
}

#[test]
fn grief_is_minded_for_some_turns() {
    let siwoo = "siwoo".parse().expect("id");
    let english = Language::English;
    let mut carry = Carry::default();
    let first = FEELINGS.appraise(&siwoo, "my grandpa passed away", english, &carry);
    assert!(first.feeling.grief);
    carry = FEELINGS.carry(&carry, &first, None);
    let next = FEELINGS.appraise(&siwoo, "haha yeah he was funny", english, &carry);
    assert!(next.never.contains(&Emotion::Joy) && next.never.contains(&Emotion::Playful));
    assert!(next.weights.iter().all(|(emotion, _)| !next.never.contains(emotion)));
}

#[test]
fn danger_is_minded_for_some_turns() {
    let jena = "jena".parse().expect("id");
    let english = Language::English;
    let calm = FEELINGS.appraise(&jena, "ok", english, &Carry::default());
    let mut carry = FEELINGS.carry(&Carry::default(), &calm, Some("self_harm"));
    for _ in 0..4 {
        let next = FEELINGS.appraise(&jena, "lol", english, &carry);
        assert!(next.weights.iter().all(|(emotion, _)| *emotion != Emotion::Playful));
        carry = FEELINGS.carry(&carry, &next, None);
    }
    assert_eq!(carry.crisis, 0);
}

proptest! {
    #[test]
    fn weights_sum_to_one_whatever_is_written(
        text in ".{0,60}|[a-z '!?.]{0,60}|[가-힣 ㅋㅠ?!]{0,40}",
        member in "[a-z]{2,6}",
        grief in 0u8..3,
        crisis in 0u8..3,
    ) {
        let member = member.parse().expect("id");
        let carry = Carry { grief, crisis, ..Carry::default() };
        let answer = FEELINGS.appraise(&member, &text, Language::Korean, &carry);
        let sum: f32 = answer.weights.iter().map(|(_, weight)| weight).sum();
        prop_assert!((sum - 1.0).abs() < 1e-4);
        prop_assert!(answer.weights.iter().all(|(emotion, _)| !answer.never.contains(emotion)));
        prop_assert!(answer.feeling.scores.iter().all(|(_, score)| (0.0..=1.0).contains(score)));
        let _ = FEELINGS.of_words(&text, Language::English);
    }

    #[test]
    fn any_file_is_read_or_refused(text in ".{0,80}") {
        let _ = Feelings::from_toml("emotions.toml", &text);
    }
}
