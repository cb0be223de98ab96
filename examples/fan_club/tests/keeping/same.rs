//! The same jobs leave the same behind, in a file and on a server.

use std::sync::atomic::{AtomicU64, Ordering};

use bevy_persona::{
    mind::{FanId, memory::FactId},
    persona::PersonaId,
    store::{Saved, SavedStory, StoreEvent, StoreJob, TurnRecord},
};
use fan_club::keeper::Keeper;
use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Value, json};

use super::{
    cluster::Cluster,
    desk::Desk,
    samples::{any_fact, any_record, exchange, fan, member},
};

/// A job, or what is exported and put back with a change.
#[derive(Debug, Clone)]
enum Step {
    Job(StoreJob),
    PutBack(FanId, Value),
}

fn any_fan() -> impl Strategy<Value = FanId> {
    select(vec![fan("mina"), fan("하늘"), fan("Theo_1")])
}

fn any_step() -> impl Strategy<Value = Step> {
    let members = || select(vec![member("siwoo"), member("jena")]);
    let value = || select(vec![json!(null), json!({"$a": 1.5}), json!("x\0y"), json!([1, "너"])]);
    let story = (value(), proptest::option::of(value()));
    let number = (0..8u64).prop_map(FactId);
    let turn = (any_fan(), members(), any_record()).prop_map(|(fan, member, record)| {
        StoreJob::SaveTurn { fan, member, record: record.into() }
    });
    let unlock = (any_fan(), select(vec!["rain", "r\0in", "", "비"]))
        .prop_map(|(fan, scene)| StoreJob::Unlock { fan, scene: scene.into() });
    let story = (any_fan(), story).prop_map(|(fan, (story, scene))| StoreJob::SaveStory {
        fan,
        story: SavedStory { story, scene }.into(),
    });
    prop_oneof![
        12 => turn.prop_map(Step::Job),
        1 => unlock.prop_map(Step::Job),
        1 => story.prop_map(Step::Job),
        2 => (any_fan(), any_fact()).prop_map(|(fan, fact)| Step::Job(StoreJob::Correct(fan, fact.into()))),
        2 => (any_fan(), number).prop_map(|(fan, fact)| Step::Job(StoreJob::Forget(fan, fact))),
        1 => any_fan().prop_map(|fan| Step::Job(StoreJob::ForgetFan(fan))),
        2 => any_fan().prop_map(|fan| Step::Job(StoreJob::Load(fan))),
        1 => (any_fan(), select(vec![json!(1), json!(2)])).prop_map(|(fan, v)| Step::PutBack(fan, v)),
    ]
}

/// What was told of one fan, in words that can be compared.
#[derive(Debug, Clone, PartialEq)]
enum Told {
    Saved(PersonaId),
    Loaded(Box<Saved>),
    Exported(Value),
    Refused(Box<StoreJob>, String),
}

fn told_of(desk: &Desk, name: &FanId) -> Vec<Told> {
    let of_fan = |event: &StoreEvent| match event {
        StoreEvent::Saved { fan, member } if fan == name => Some(Told::Saved(member.clone())),
        StoreEvent::Loaded(fan, saved) if fan == name => Some(Told::Loaded(saved.clone())),
        StoreEvent::Exported(fan, value) if fan == name => Some(Told::Exported(value.clone())),
        StoreEvent::Refused(job, error) => match &**job {
            StoreJob::Forget(fan, _) | StoreJob::Correct(fan, _) if fan == name => {
                Some(Told::Refused(job.clone(), error.to_string()))
            }
            StoreJob::Import(value) if value["fan"] == name.as_str() => {
                Some(Told::Refused(job.clone(), error.to_string()))
            }
            _ => None,
        },
        _ => None,
    };
    desk.told.iter().filter_map(of_fan).collect()
}

/// The step with fans that no other case has, so that one database serves all cases.
fn renamed(job: StoreJob, case: u64) -> StoreJob {
    let of_case = |name: FanId| fan(&format!("{name}-{case}"));
    match job {
        StoreJob::SaveTurn { fan, member, record } => {
            StoreJob::SaveTurn { fan: of_case(fan), member, record }
        }
        StoreJob::Unlock { fan, scene } => StoreJob::Unlock { fan: of_case(fan), scene },
        StoreJob::SaveStory { fan, story } => StoreJob::SaveStory { fan: of_case(fan), story },
        StoreJob::Load(fan) => StoreJob::Load(of_case(fan)),
        StoreJob::Correct(fan, fact) => StoreJob::Correct(of_case(fan), fact),
        StoreJob::Forget(fan, fact) => StoreJob::Forget(of_case(fan), fact),
        StoreJob::ForgetFan(fan) => StoreJob::ForgetFan(of_case(fan)),
        other => other,
    }
}

fn play(desk: &mut Desk, steps: &[Step], case: u64) {
    for step in steps {
        match step {
            Step::Job(job) => desk.submit(renamed(job.clone(), case)),
            Step::PutBack(name, version) => {
                let name = fan(&format!("{name}-{case}"));
                let mut exported = desk.export(&name);
                exported["version"] = version.clone();
                desk.submit(StoreJob::Import(exported.into()));
            }
        }
    }
}

#[test]
fn any_jobs_leave_the_same_in_a_file_and_on_a_server() {
    static CASE: AtomicU64 = AtomicU64::new(0);
    let cluster = Cluster::shared();
    let url = cluster.database("same", "");
    let config = ProptestConfig { cases: 40, failure_persistence: None, ..Default::default() };
    proptest!(config, |(steps in vec(any_step(), 1..30))| {
        let case = CASE.fetch_add(1, Ordering::Relaxed);
        let folder = tempfile::tempdir().unwrap();
        let mut file = Desk::of(Keeper::sqlite(&folder.path().join("fans.sqlite")).unwrap());
        let mut server = Desk::at(&url);
        play(&mut file, &steps, case);
        play(&mut server, &steps, case);
        for name in ["mina", "하늘", "Theo_1"] {
            let name = fan(&format!("{name}-{case}"));
            prop_assert_eq!(file.load(&name), server.load(&name));
            prop_assert_eq!(file.export(&name), server.export(&name));
            prop_assert_eq!(told_of(&file, &name), told_of(&server, &name));
        }
        prop_assert_eq!(file.close().len() + server.close().len(), 0);
    });
}

#[test]
fn the_same_lines_go_where_there_are_too_many() {
    let cluster = Cluster::shared();
    let folder = tempfile::tempdir().unwrap();
    let mut file = Desk::of(Keeper::sqlite(&folder.path().join("fans.sqlite")).unwrap());
    let mut server = Desk::at(&cluster.database("long", ""));
    let long = "너".repeat(1500);
    for desk in [&mut file, &mut server] {
        for n in 0..600 {
            desk.submit(said("many", &format!("{n}")));
        }
        for n in 0..60 {
            desk.submit(said("long", &format!("{n}{long}")));
        }
    }
    for name in ["many", "long"] {
        let [one, other] = [&mut file, &mut server].map(|desk| desk.load(&fan(name)));
        assert_eq!(one, other);
        let kept = one.talks[&member("siwoo")].history.turns.len();
        assert!((60..1100).contains(&kept), "{kept} lines of {name}");
    }
}

fn said(name: &str, words: &str) -> StoreJob {
    let record = TurnRecord { lines: exchange(words, "Yes."), ..TurnRecord::default() };
    StoreJob::SaveTurn { fan: fan(name), member: member("siwoo"), record: record.into() }
}
