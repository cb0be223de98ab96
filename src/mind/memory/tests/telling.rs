//! What is found in messages of fans.

use super::*;
use crate::mind::{
    memory::{FactKey, FactKind, FanFact},
    text::fold,
};

struct Score {
    right: usize,
    expected: usize,
    found: usize,
    wrong: Vec<String>,
}

impl Score {
    fn recall(&self) -> f32 {
        self.right as f32 / self.expected as f32
    }

    fn precision(&self) -> f32 {
        1.0 - self.wrong.len() as f32 / self.found.max(1) as f32
    }
}

/// Notes and moods are kept, and counted only where they are expected.
fn counts(fact: &FanFact) -> bool {
    !matches!(fact.kind, FactKind::Note | FactKind::Mood)
}

fn is_expected(fact: &FanFact, expected: &str) -> bool {
    let (keys, value) = expected.trim_start_matches('*').split_once('=').unwrap();
    let text = match keys.strip_suffix(".when") {
        Some(_) => fact.when.as_ref().map_or("", |when| &when.said),
        None => &fact.value,
    };
    let mut keys = keys.trim_end_matches(".when").split('|');
    let private = !expected.starts_with('*') || fact.private_to.is_some();
    keys.any(|key| fact.key.as_str() == key) && fold(text).contains(&fold(value)) && private
}

fn score(half: &str) -> Score {
    let (extractor, siwoo) = (extractor(), member("siwoo"));
    let mut score = Score { right: 0, expected: 0, found: 0, wrong: Vec::new() };
    for case in cases(include_str!("tells.tsv")).filter(|case| case[0] == half) {
        let found = extractor.extract(&said(case[1], &siwoo, 1)).facts;
        let expected: Vec<&str> = case[2].split("; ").filter(|part| *part != "-").collect();
        score.expected += expected.len();
        for part in &expected {
            let hit = found.iter().any(|fact| is_expected(fact, part));
            score.right += usize::from(hit);
            if !hit {
                let all: Vec<_> = found.iter().map(|f| format!("{}={}", f.key, f.value)).collect();
                println!("missed {part:40} in {:?}: {all:?}", case[1]);
            }
        }
        for fact in found.iter().filter(|fact| counts(fact)) {
            score.found += 1;
            if !expected.iter().any(|part| {
                is_expected(fact, &part.replace(".when", "")) || is_expected(fact, part)
            }) {
                score.wrong.push(format!("{}={} in {:?}", fact.key, fact.value, case[1]));
            }
        }
    }
    for wrong in &score.wrong {
        println!("wrong  {wrong}");
    }
    println!(
        "{half}: recall {}/{} = {:.3}, precision {:.3} of {}",
        score.right,
        score.expected,
        score.recall(),
        score.precision(),
        score.found
    );
    score
}

#[test]
fn facts_are_found_and_nothing_is_invented() {
    for (half, score) in ["tune", "check"].map(|half| (half, score(half))) {
        assert!(score.recall() >= 0.85, "{half}");
        assert!(score.precision() >= 0.93, "{half}");
        let names = score.wrong.iter().filter(|wrong| wrong.starts_with("name="));
        assert_eq!(names.count(), 0, "a wrong name is worse than none");
    }
}

#[test]
fn a_time_is_kept_as_said_and_as_a_day() {
    let (extractor, siwoo) = (extractor(), member("siwoo"));
    let cases = [
        ("my driving test is tomorrow", "2026-11-26"),
        ("i have a chemistry exam on friday", "2026-11-27"),
        ("bio final next tuesday wish me luck", "2026-12-01"),
        ("my birthday is 2 April", "2027-04-02"),
        ("내 생일은 3월 14일이야", "2027-03-14"),
        ("다음 주 화요일에 면접 봐", "2026-12-01"),
        ("my recital is in three days", "2026-11-28"),
        ("금요일에 수학 시험 있어", "2026-11-27"),
    ];
    for (text, day) in cases {
        let facts = extractor.extract(&said(text, &siwoo, 1)).facts;
        let when = facts.iter().find_map(|fact| fact.when.clone());
        let found = when.as_ref().and_then(|when| when.day).map(|day| day.to_string());
        assert_eq!(found.as_deref(), Some(day), "{text} {facts:?}");
    }
}

#[test]
fn a_bare_name_answers_her_question() {
    let (extractor, siwoo) = (extractor(), member("siwoo"));
    let name = |reply, text| {
        let said = said(text, &siwoo, 1).after(reply, "hi");
        let found = extractor.extract(&said).facts;
        found.into_iter().find(|fact| fact.key == FactKey::NAME).map(|fact| fact.value)
    };
    assert_eq!(name("What should I call you?", "Wren").as_deref(), Some("Wren"));
    assert_eq!(name("이름이 뭐예요?", "민지요").as_deref(), Some("민지"));
    assert_eq!(name("What should I call you?", "not telling"), None);
    assert_eq!(name("What is the news?", "Wren"), None);
}
