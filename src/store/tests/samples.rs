//! Fans, facts and turns to test with.

use proptest::{collection::vec, option, prelude::*};

use crate::{
    mind::{
        Beat, Bond, ChatTurn, Emotion, FanId, Relationship,
        memory::{Day, Episode, FactId, FanFact, SourceTurn, Timestamp, When},
    },
    persona::PersonaId,
    store::TurnRecord,
};

pub(super) fn fan(name: &str) -> FanId {
    name.parse().unwrap()
}

pub(super) fn member(name: &str) -> PersonaId {
    name.parse().unwrap()
}

pub(super) fn fact(id: u64, value: &str) -> FanFact {
    FanFact {
        id: FactId(id),
        key: "note".parse().unwrap(),
        value: value.into(),
        kind: Default::default(),
        member: member("siwoo"),
        private_to: None,
        when: None,
        source: SourceTurn { turn: id, quote: format!("you know, {value}") },
        confidence: 0.9,
        learned: Timestamp(1_795_643_107),
        used: Timestamp(1_795_643_107),
        uses: 1,
        replaced: false,
    }
}

pub(super) fn exchange(fan: &str, reply: &str) -> Vec<ChatTurn> {
    let beat = Beat { emotion: Emotion::Joy, intensity: 0.8, text: reply.into() };
    vec![ChatTurn::Fan(fan.into()), ChatTurn::Idol([beat].into())]
}

pub(super) fn turn(fan: &str, reply: &str) -> TurnRecord {
    TurnRecord { lines: exchange(fan, reply), ..TurnRecord::default() }
}

fn any_emotion() -> impl Strategy<Value = Emotion> {
    prop_oneof![
        proptest::sample::select(Emotion::BUILT_IN.to_vec()),
        "[a-z]{2,24}".prop_map(|name| name.parse().unwrap()),
    ]
}

fn any_line() -> impl Strategy<Value = Vec<ChatTurn>> {
    let beat = (any_emotion(), 0.0..=1.0f32, "\\PC{0,20}[a-z너\"'\\\\\n]")
        .prop_map(|(emotion, intensity, text)| Beat { emotion, intensity, text });
    ("[^\0]{0,40}", vec(beat, 1..4))
        .prop_map(|(fan, beats)| vec![ChatTurn::Fan(fan.into()), ChatTurn::Idol(beats.into())])
}

fn any_fact() -> impl Strategy<Value = FanFact> {
    let private = option::of(Just(member("jena")));
    let when = option::of((".{0,20}", option::of(any::<i32>())));
    (".{0,60}", ".{0,60}", private, when, 0.0..=1.0f32, any::<(u32, u32, bool)>()).prop_map(
        |(value, quote, private_to, when, confidence, (time, uses, replaced))| FanFact {
            source: SourceTurn { turn: time.into(), quote },
            private_to,
            when: when.map(|(said, day)| When { said, day: day.map(Day) }),
            confidence,
            learned: Timestamp(time.into()),
            uses,
            replaced,
            ..fact(0, &value)
        },
    )
}

fn any_episode() -> impl Strategy<Value = Episode> {
    (".{0,60}", any::<i32>()).prop_map(|(summary, day)| Episode {
        member: member("siwoo"),
        summary,
        first_turn: 0,
        last_turn: 0,
        day: Day(day),
        feelings: vec![Emotion::Sad, Emotion::Joy],
    })
}

/// A turn of Siwoo: facts get the next numbers, episodes the next turns.
pub(super) fn any_turns() -> impl Strategy<Value = Vec<TurnRecord>> {
    let record =
        (any_line(), vec(any_fact(), 0..3), option::of(any_episode()), option::of(any_bond()))
            .prop_map(|(lines, facts, episode, bond)| {
                let episodes = episode.into_iter().collect();
                TurnRecord { lines, facts, forgotten: Vec::new(), episodes, bond }
            });
    vec(record, 1..12).prop_map(|mut records| {
        let facts = records.iter_mut().flat_map(|record| &mut record.facts);
        facts.zip(1..).for_each(|(fact, id)| fact.id = FactId(id));
        for (record, turn) in records.iter_mut().zip(1..) {
            for episode in &mut record.episodes {
                (episode.first_turn, episode.last_turn) = (turn, turn);
            }
        }
        records
    })
}

fn any_bond() -> impl Strategy<Value = Bond> {
    let felt = vec((any_emotion(), 0.0..=1.0f32), 0..4);
    (any::<u64>(), option::of(".{0,20}"), any::<u32>(), 0.0..=100.0f32, felt).prop_map(
        |(turns, last_fact, time, affinity, felt)| {
            let mut bond = Bond { turns, last_fact, ..Bond::default() };
            bond.last_turn = Some(Timestamp(time.into()));
            bond.relationship = Relationship::of_affinity(affinity);
            felt.iter().for_each(|(emotion, amount)| bond.mood.feel(emotion, *amount));
            bond
        },
    )
}
