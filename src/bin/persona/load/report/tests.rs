use bevy_persona::club::Refusal;
use clap::Parser;

use super::*;
use crate::load::{
    join::Ticket,
    markers::Owner,
    note::{Fault, Flooded, News, Note},
};

#[derive(Debug, Parser)]
struct Alone {
    #[command(flatten)]
    args: LoadArgs,
}

fn report(line: &str, news: Vec<News>) -> Report {
    let args = Alone::try_parse_from(format!("load {line}").split_whitespace()).unwrap().args;
    let ticket = |name: &str| Ticket { identity: name.into(), token: name.into() };
    let plan = Plan::of(&args, &[ticket("mina"), ticket("joon")]);
    let mut tally = Tally::default();
    for news in news {
        tally.add(news);
    }
    Report::of(&args, &plan, tally, None, Duration::from_secs(60), false)
}

fn fan(note: Note) -> News {
    News::Fan { fan: 0, at: Duration::from_secs(3), note }
}

fn replied(sent: u64, first: u64) -> News {
    fan(Note::Replied {
        sent: Duration::from_secs(sent),
        first: Some(Duration::from_secs(first)),
        whole: Duration::from_secs(first + 1),
    })
}

#[test]
fn a_run_is_fine_if_there_were_replies_and_nothing_was_wrong() {
    let fine = report("", vec![fan(Note::Sent), replied(1, 2)]);
    assert!(fine.ok && fine.errors == 0);
    assert_eq!((fine.first_words.p50, fine.whole_reply.max), (2.0, 3.0));
    assert!(!report("", vec![]).ok);
    let wrong = [
        Note::Fault(Fault::CutOff),
        Note::Lost { member: "siwoo".parse().unwrap(), said: "Hi".into() },
        Note::CrossTalk { owner: Owner { fan: 1, word: 0 }, text: "oh".into() },
    ];
    for note in wrong {
        assert!(!report("", vec![replied(1, 2), fan(note)]).ok);
    }
}

#[test]
fn a_server_that_was_away_may_be_allowed_but_nothing_else() {
    let cut_off = || vec![replied(1, 2), fan(Note::Fault(Fault::CutOff))];
    assert!(report("--allow-disconnects", cut_off()).ok);
    let mut failed = cut_off();
    failed.push(fan(Note::Fault(Fault::Failed("no".into()))));
    let failed = report("--allow-disconnects", failed);
    assert!(!failed.ok && failed.errors == 1 && failed.errors_by_kind["cut_off"] == 1);
}

#[test]
fn refusals_are_allowed_to_those_who_flood_alone() {
    let refused = || Fault::Refused(Refusal::SlowDown, String::new());
    let mut flooded = Flooded { sent: 9, ..Flooded::default() };
    flooded.fault(&refused());
    let flood = "--flood 1 --allow-refusals";
    let fine = || vec![replied(1, 2), News::Flood(flooded.clone())];
    assert!(report(flood, fine()).ok);
    assert!(!report("--flood 1", fine()).ok);
    let mut refused_too = fine();
    refused_too.push(fan(Note::Fault(refused())));
    assert!(!report(flood, refused_too).ok);
    let mut broken = flooded.clone();
    broken.fault(&Fault::Protocol("?".into()));
    assert!(!report(flood, vec![replied(1, 2), News::Flood(broken)]).ok);
}

#[test]
fn times_with_a_flood_and_without_are_compared() {
    let news = vec![replied(1, 2), replied(16, 2), replied(8, 3), replied(24, 3)];
    let flood = report("--flood 3", news).flood.unwrap();
    assert_eq!((flood.first_words_without.count, flood.first_words_meanwhile.count), (2, 2));
    assert_eq!((flood.ratio_p50, flood.ratio_p95), (Some(1.5), Some(1.5)));
    assert_eq!(report("--flood 3", vec![]).flood.unwrap().ratio_p50, None);
}

#[test]
fn people_read_who_got_whose_words() {
    let owner = Owner { fan: 1, word: 0 };
    let crossed = fan(Note::CrossTalk { owner, text: "Your cat\u{1b}[2J!".into() });
    let report = report("", vec![replied(1, 2), crossed]);
    let mut output = Vec::new();
    report.write(&mut output).unwrap();
    let text = String::from_utf8(output).unwrap();
    assert!(text.contains("cross-talk: fan 0 got fan 1's: Your cat[2J!"), "{text}");
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!((&json["cross_talk"][0]["of_fan"], &json["ok"]), (&1.into(), &false.into()));
}
