//! Questions about what the fan told, and talks in which it is told and asked.

use super::*;
use crate::mind::text::fold;

#[test]
fn questions_about_the_fan_are_known() {
    let extractor = extractor();
    let mut rates = Vec::new();
    for half in ["tune", "check"] {
        let (mut right, mut all) = (0, 0);
        for case in cases(include_str!("questions.tsv")).filter(|case| case[0] == half) {
            let asked = extractor.question(case[1]);
            let fits = |wanted: &str| match (wanted, &asked) {
                ("-", asked) => asked.as_ref().is_none_or(|asked| !asked.sure),
                (_, None) => false,
                ("*", Some(asked)) => asked.everything,
                (wanted, Some(asked)) => match wanted.strip_prefix('?') {
                    Some(word) => asked.words.iter().any(|other| other == word) || asked.secrets,
                    None => asked.keys.iter().any(|key| {
                        key.as_str() == wanted
                            || wanted.starts_with(key.as_str()) && key.as_str().ends_with('_')
                    }),
                },
            };
            all += 1;
            if case[2].split('|').any(fits) {
                right += 1;
            } else {
                println!("{half}: {:?} wants {}: {asked:?}", case[1], case[2]);
            }
        }
        println!("{half}: {right}/{all} = {:.3}", right as f32 / all as f32);
        rates.push(right as f32 / all as f32);
    }
    assert!(rates.iter().all(|rate| *rate >= 0.9), "{rates:?}");
}

fn answer(
    extractor: &Extractor,
    memory: &FanMemory,
    question: &str,
    member: &PersonaId,
) -> Option<String> {
    let asked = extractor.question(question)?;
    let found = memory.answer(extractor, &asked, member, NOW)?;
    let spoken = found.iter().map(|fact| extractor.told(&asked, fact, language(question), NOW));
    Some(spoken.collect::<Vec<_>>().join(", "))
}

#[test]
fn what_was_told_is_remembered_and_secrets_stay() {
    let extractor = extractor();
    let (mut right, mut all, mut leaks) = (0, 0, Vec::new());
    for case in cases(include_str!("sessions.tsv")) {
        let (teller, other) = (member(case[0]), member(case[2]));
        let mut memory = FanMemory::default();
        let messages: Vec<&str> = case[1].split(" | ").collect();
        tell(&extractor, &mut memory, &messages, &teller);
        let memory = FanMemory::from_json(&memory.to_json().unwrap()).unwrap();
        let told = answer(&extractor, &memory, case[3], &teller);
        all += 1;
        let fits = match case[4] {
            "?" => told.is_none(),
            wanted => told.as_deref().is_some_and(|told| fold(told).contains(&fold(wanted))),
        };
        right += usize::from(fits);
        if !fits {
            println!("{} | {:?} -> {told:?}", case[1], case[3]);
        }
        if case[5] != "-" {
            let leak = answer(&extractor, &memory, case[3], &other).unwrap_or_default();
            let note = memory.note_for_prompt(&extractor, case[3], &other, NOW, 2_000);
            let said = format!("{leak} {note}");
            if fold(&said).contains(&fold(case[5])) {
                leaks.push(format!("{} leaks: {said}", case[1]));
            }
        }
    }
    println!("told and asked: {right}/{all}");
    assert!(leaks.is_empty(), "{leaks:#?}");
    assert!(right as f32 / all as f32 >= 0.9);
}

#[test]
fn facts_are_spoken_from_her_mouth() {
    let (extractor, siwoo) = (extractor(), member("siwoo"));
    let spoken = |text: &str| {
        let facts = extractor.extract(&said(text, &siwoo, 1)).facts;
        facts.first().map(|fact| extractor.spoken(fact, language(text), NOW)).unwrap_or_default()
    };
    assert_eq!(spoken("my chemistry exam is on friday"), "chemistry exam on friday");
    assert_eq!(spoken("my driving test is tomorrow"), "driving test tomorrow");
    assert_eq!(spoken("its my birthday tomorrow!!"), "tomorrow");
    assert_eq!(
        spoken("i am knitting a scarf for my grandmother"),
        "you are knitting a scarf for your grandmother"
    );
    assert_eq!(spoken("금요일에 수학 시험 있어"), "금요일에 수학 시험");
}
