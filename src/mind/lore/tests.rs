//! The lore of this project, asked as fans ask.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::mind::Unlocked;
use crate::persona::{Language, PersonaId};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/lore");
const QUESTIONS: &str = include_str!("tests/questions.txt");

fn lore() -> Lore {
    let files = std::fs::read_dir(FOLDER).unwrap().map(|entry| {
        let path = entry.unwrap().path();
        (path.display().to_string(), std::fs::read_to_string(&path).unwrap())
    });
    Lore::from_files(files).unwrap()
}

/// A question with the outcomes that would all be right.
struct Case {
    member: PersonaId,
    affinity: f32,
    language: Language,
    expected: String,
    unlocked: Unlocked,
    previous: Option<String>,
    last: Option<String>,
    text: String,
}

fn case(line: &str) -> Case {
    let (head, text) = line.split_once('|').unwrap();
    let (head, previous) = match head.split_once("prev=") {
        Some((head, previous)) => (head, Some(previous.trim().to_owned())),
        None => (head, None),
    };
    let words: Vec<&str> = head.split_whitespace().collect();
    let given = |key: &str| words[4..].iter().find_map(|word| word.strip_prefix(key));
    Case {
        member: words[0].parse().unwrap(),
        affinity: words[1].parse().unwrap(),
        language: words[2].parse().unwrap(),
        expected: words[3].into(),
        unlocked: given("unlocked=").map(str::to_owned).into_iter().collect(),
        previous,
        last: given("last=").map(str::to_owned),
        text: text.trim().into(),
    }
}

fn shown(answer: &Answer<'_>) -> (&'static str, Vec<String>) {
    match answer {
        Answer::Tell { facts, .. } => ("tell", facts.iter().map(|fact| fact.id.clone()).collect()),
        Answer::Withhold { fact, .. } => ("withhold", vec![fact.id.clone()]),
        Answer::Unknown { .. } => ("unknown", Vec::new()),
        Answer::FalsePremise { fact } => ("false", vec![fact.id.clone()]),
        Answer::NotAQuestionForLore => ("not", Vec::new()),
    }
}

fn is_right(expected: &str, kind: &str, ids: &[String]) -> bool {
    expected.split('/').any(|expected| {
        let (wanted, facts) = expected.split_once(':').unwrap_or((expected, ""));
        wanted == kind
            && (facts.is_empty() || ids.first().is_some_and(|id| facts.split(',').any(|f| f == id)))
    })
}

/// Per kind of expectation: how many there are, and how many were right.
type Score = BTreeMap<String, (usize, usize)>;

fn score(lore: &Lore, lines: &[&str], show: bool) -> (f64, Score) {
    let mut score = Score::new();
    for line in lines {
        let case = case(line);
        let standing =
            Standing { member: &case.member, affinity: case.affinity, unlocked: &case.unlocked };
        let question = Question {
            previous: case.previous.as_deref(),
            last_fact: case.last.as_deref(),
            ..Question::new(&case.text, case.language, standing)
        };
        let (kind, ids) = shown(&lore.look_up(&question));
        let right = is_right(&case.expected, kind, &ids);
        let wanted = case.expected.split([':', '/']).next().unwrap_or("");
        let entry = score.entry(format!("{} {wanted}", case.language)).or_default();
        entry.0 += 1;
        entry.1 += usize::from(right);
        if !right && show {
            println!("{line}\n    got {kind} {ids:?}");
        }
    }
    let (all, right) = score.values().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    #[expect(clippy::cast_precision_loss, reason = "there are a few hundred")]
    let rate = right as f64 / all as f64;
    (rate, score)
}

#[test]
fn questions_never_seen_are_answered_rightly() {
    let lore = lore();
    let lines: Vec<&str> =
        QUESTIONS.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let half =
        |parity: usize| -> Vec<&str> { lines.iter().skip(parity).step_by(2).copied().collect() };
    let (tuned, tuned_score) = score(&lore, &half(0), true);
    let (checked, checked_score) = score(&lore, &half(1), false);
    println!("tuned on: {:.1} % {tuned_score:?}", tuned * 100.0);
    println!("not tuned on: {:.1} % {checked_score:?}", checked * 100.0);
    assert!(tuned >= 0.93 && checked >= 0.93, "{tuned} {checked}");
}

/// A first message of the dialogues.
struct First {
    member: PersonaId,
    language: Language,
    affinity: f32,
    topic: String,
    text: String,
}

fn first_messages() -> Vec<First> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/personas");
    let mut messages = Vec::new();
    for member in ["siwoo", "jena", "taira", "marty"] {
        let text = std::fs::read_to_string(format!("{folder}/{member}.dialogues.jsonl")).unwrap();
        for line in text.lines() {
            let dialogue: serde_json::Value = serde_json::from_str(line).unwrap();
            let word = |key: &str| dialogue[key].as_str().unwrap().to_owned();
            messages.push(First {
                member: member.parse().unwrap(),
                language: word("lang").parse().unwrap(),
                affinity: dialogue["affinity"].to_string().parse().unwrap(),
                topic: word("topic"),
                text: dialogue["turns"][0]["content"].as_str().unwrap().to_owned(),
            });
        }
    }
    messages
}

/// How many first messages of a topic get each kind of answer.
fn kinds(topics: impl Fn(&str) -> bool) -> BTreeMap<&'static str, usize> {
    let lore = lore();
    let unlocked = Unlocked::new();
    let mut kinds = BTreeMap::new();
    for First { member, language, affinity, topic, text } in first_messages() {
        if topics(&topic) {
            let standing = Standing { member: &member, affinity, unlocked: &unlocked };
            let (kind, ids) = shown(&lore.look_up(&Question::new(&text, language, standing)));
            if kind == "tell" || kind == "false" {
                let locked = ids.iter().find(|id| !lore.get(id).unwrap().may_be_told(&standing));
                assert!(locked.is_none(), "{text} tells {locked:?}");
            }
            *kinds.entry(kind).or_default() += 1;
        }
    }
    kinds
}

#[test]
fn talk_is_talk_and_secrets_are_kept() {
    let part = |kinds: &BTreeMap<&str, usize>, kind: &str| {
        100 * kinds.get(kind).copied().unwrap_or(0) / kinds.values().sum::<usize>().max(1)
    };
    let asked = ["lore", "member", "unknown", "secret", "scene", "injection", "safety", "memory"];
    let talk = kinds(|topic| !asked.contains(&topic));
    assert!(part(&talk, "not") >= 95 && part(&talk, "withhold") == 0, "{talk:?}");
    let secret = kinds(|topic| topic == "secret");
    assert!(part(&secret, "withhold") >= 85, "{secret:?}");
    let unknown = kinds(|topic| topic == "unknown");
    assert!(part(&unknown, "unknown") >= 93, "{unknown:?}");
    let told = kinds(|topic| topic == "lore");
    assert!(part(&told, "tell") >= 85, "{told:?}");
}

#[test]
fn a_second_fact_of_the_same_id_is_named_with_the_first() {
    let fact = "```toml\nid = \"g1\"\nknown_by = []\naudience = \"public\"\n\
                text = { en = \"So.\" }\n```";
    let error = Lore::from_files([("a.md", fact), ("b.md", fact)]).unwrap_err().to_string();
    assert!(error.starts_with("b.md:2:1: in `id`") && error.contains("a.md:2:1"), "{error}");
}

#[test]
fn a_guide_names_only_facts_that_exist() {
    for guide in ["[about]\ng2 = []", "[reasons]\ng1 = \"g2\"", "[numbers.facts]\ng2 = [3]"] {
        let error = Lore::from_files([("q.toml", guide)]).unwrap_err().to_string();
        assert!(error.starts_with("q.toml:2:") && error.contains("there is no fact"), "{error}");
    }
}

#[test]
fn what_was_asked_before_is_known_again() {
    let fact = "```toml\nid = \"g1\"\nknown_by = [\"siwoo\"]\naudience = \"public\"\n\
                text = { en = \"So.\" }\n```";
    let guide = "[signs]\nwhich = [\"how\", \"what\"]";
    let facts = ["g1".to_owned()];
    let asked = [
        ("how does the moon shine", &facts[..], "lore"),
        ("what is the moon made of", &[][..], "unknown"),
        ("how are you my friend", &[][..], "greeting"),
    ];
    let lore = Lore::from_files([("a.md", fact), ("q.toml", guide)]).unwrap().with_examples(asked);
    let (siwoo, unlocked) = ("siwoo".parse().unwrap(), Unlocked::new());
    let standing = Standing { member: &siwoo, affinity: 10.0, unlocked: &unlocked };
    for (text, kind) in [
        ("how does the moon shine?", "tell"),
        ("What is the moon made of", "unknown"),
        ("how are you my friend", "not"),
    ] {
        let question = Question::new(text, Language::English, standing);
        assert_eq!(shown(&lore.look_up(&question)).0, kind, "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_message_is_answered(
        text in "(\\PC|\n){0,120}",
        words in proptest::collection::vec(
            proptest::sample::select(&["what", "마티", "gate", "?", ".", "your", "열었어", "1억"]),
            0..12,
        ),
        last in proptest::option::of("[a-z-]{0,16}"),
    ) {
        thread_local!(static LORE: Lore = lore());
        let (marty, unlocked) = ("marty".parse().unwrap(), Unlocked::new());
        let standing = Standing { member: &marty, affinity: 50.0, unlocked: &unlocked };
        let asked = words.join(" ");
        LORE.with(|lore| {
            for (text, previous) in [(&text, &asked), (&asked, &text)] {
                let question = Question {
                    previous: Some(previous),
                    last_fact: last.as_deref(),
                    ..Question::new(text, Language::Korean, standing)
                };
                if let Answer::Tell { facts, .. } = lore.look_up(&question) {
                    assert!(facts.iter().all(|fact| fact.may_be_told(&standing)));
                }
            }
        });
    }
}
