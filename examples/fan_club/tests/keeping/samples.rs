//! Fans, facts and turns to test with.

use bevy_persona::{
    mind::{
        Beat, Bond, ChatTurn, Emotion, FanId, Relationship,
        memory::{Day, Episode, FactId, FanFact, SourceTurn, Timestamp},
    },
    persona::PersonaId,
    store::{StoreJob, TurnRecord},
};
use proptest::{collection::vec, option, prelude::*, sample::select};

pub fn fan(name: &str) -> FanId {
    name.parse().expect("a name")
}

pub fn member(name: &str) -> PersonaId {
    name.parse().expect("a member")
}

pub fn fact(id: u64, value: &str) -> FanFact {
    FanFact {
        id: FactId(id),
        key: "note".parse().expect("a key"),
        value: value.into(),
        kind: Default::default(),
        member: member("siwoo"),
        private_to: None,
        when: None,
        source: SourceTurn { turn: id, quote: value.into() },
        confidence: 0.9,
        learned: Timestamp(1_795_643_107),
        used: Timestamp(1_795_643_107),
        uses: 1,
        replaced: false,
    }
}

pub fn exchange(fan: &str, reply: &str) -> Vec<ChatTurn> {
    let beat = Beat { emotion: Emotion::Joy, intensity: 0.8, text: reply.into() };
    vec![ChatTurn::Fan(fan.into()), ChatTurn::Idol([beat].into())]
}

/// The nth turn of a fan, which says so everywhere.
pub fn numbered(fan: &FanId, n: u64) -> StoreJob {
    let record = TurnRecord {
        lines: exchange(&format!("message {n}"), &format!("reply {n}")),
        facts: vec![fact(n + 1, &format!("fact {n}"))],
        bond: Some(Bond { turns: n + 1, ..Bond::default() }),
        ..TurnRecord::default()
    };
    StoreJob::SaveTurn { fan: fan.clone(), member: member("siwoo"), record: record.into() }
}

/// What fans say; few things, so that they say them again.
fn any_words() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => select(vec!["I like tea", "tea\0tea, '; \\", "나는 비를 좋아해", "abc", ""])
            .prop_map(str::to_owned),
        1 => ".{0,30}",
    ]
}

fn any_emotion() -> impl Strategy<Value = Emotion> {
    select(Emotion::BUILT_IN.to_vec())
}

fn any_lines() -> impl Strategy<Value = Vec<ChatTurn>> {
    let beat = (any_emotion(), 0.0..=1.0f32, any_words())
        .prop_map(|(emotion, intensity, text)| Beat { emotion, intensity, text });
    let exchange = (any_words(), vec(beat, 0..3)).prop_map(|(fan, beats)| {
        let mut lines = vec![ChatTurn::Fan(fan.into())];
        lines.extend((!beats.is_empty()).then(|| ChatTurn::Idol(beats.into())));
        lines
    });
    vec(exchange, 0..3).prop_map(|all| all.concat())
}

pub fn any_fact() -> impl Strategy<Value = FanFact> {
    (0..8u64, any_words(), any_words(), any::<bool>()).prop_map(|(id, value, quote, replaced)| {
        FanFact { source: SourceTurn { turn: id, quote }, replaced, ..fact(id, &value) }
    })
}

fn any_episode() -> impl Strategy<Value = Episode> {
    (select(vec!["siwoo", "jena"]), any_words(), 0..6u64, 0..4u64).prop_map(
        |(name, summary, first_turn, more)| Episode {
            member: member(name),
            summary,
            first_turn,
            last_turn: first_turn + more,
            day: Day(20_000),
            feelings: vec![Emotion::Sad],
        },
    )
}

fn any_bond() -> impl Strategy<Value = Bond> {
    (any::<u64>(), 0.0..=100.0f32, any_emotion(), 0.0..=1.0f32).prop_map(
        |(turns, affinity, emotion, amount)| {
            let relationship = Relationship::of_affinity(affinity);
            let mut bond = Bond { turns, relationship, ..Bond::default() };
            bond.mood.feel(&emotion, amount);
            bond
        },
    )
}

pub fn any_record() -> impl Strategy<Value = TurnRecord> {
    let forgotten = vec((0..8u64).prop_map(FactId), 0..2);
    (
        any_lines(),
        vec(any_fact(), 0..4),
        forgotten,
        vec(any_episode(), 0..3),
        option::of(any_bond()),
    )
        .prop_map(|(lines, facts, forgotten, episodes, bond)| TurnRecord {
            lines,
            facts,
            forgotten,
            episodes,
            bond,
        })
}
