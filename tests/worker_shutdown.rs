//! Workers that die, that will not start, that bring too much, and apps that end in the middle.

pub mod common;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use bevy::prelude::*;
use bevy_persona::{
    inference::{Backend, InferenceError, LoadReport, ScriptedBackend},
    mind::ChatTurn,
    prelude::*,
};
use common::{
    PersonaApp,
    backends::{flood, gated, puppet, together},
    heard::{Heard, assert_whole},
    wait_for,
};
use crossbeam_channel::{Receiver, unbounded};

/// How long the end of an app may take; a step of the backends used here takes 5 ms at most.
const PROMPTLY: Duration = Duration::from_secs(2);

fn is_ready(world: &World) -> bool {
    matches!(world.resource::<ModelStatus>(), ModelStatus::Ready(_))
}

#[test]
fn a_panic_fails_every_open_ask_and_the_next_message_starts_a_new_worker() {
    let long = format!("[sad] {}", "never ".repeat(50_000));
    let script = ScriptedBackend::new(["[joy] All is well."])
        .when("crash", "[joy] One two.")
        .when("long", long)
        .panic_when("crash");
    let mut app = PersonaApp::with_backend(together(2, script));
    let (siwoo, jena) = (app.spawn_idol("siwoo"), app.spawn_idol("jena"));
    app.say(siwoo, "crash");
    app.say(siwoo, "and then?");
    app.say(jena, "a long one");
    app.run_until_ended(3);
    assert_whole(app.heard());
    let failure = "fails: the inference worker stopped: the script panics here; the next message \
                   starts it again";
    assert_eq!(
        app.story(siwoo),
        ["hears \"crash\"", "feels joy 0.8", "says \"One two.\"", failure, failure]
    );
    assert_eq!(app.story(jena).last().unwrap(), failure);
    assert!(matches!(app.world().resource::<ModelStatus>(), ModelStatus::Failed(_)));
    let history = app.history(siwoo);
    let [ChatTurn::Fan(fan), ChatTurn::Idol(beats)] = &history[..] else {
        panic!("what was shown is kept: {history:?}");
    };
    assert_eq!((&**fan, &*beats[0].text), ("crash", "One two."));

    app.say(jena, "Are you well?");
    app.say(siwoo, "And you?");
    app.run_until_ended(5);
    assert_eq!(app.replies(jena), ["All is well."]);
    assert_eq!(app.replies(siwoo), ["All is well."]);
    assert!(is_ready(app.world()));
}

#[test]
fn a_failing_reply_leaves_the_others_and_the_worker_alone() {
    let loads = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&loads);
    let script =
        ScriptedBackend::new(["[joy] All is well."]).when("fail", "[sad] Oh no.").fail_when("fail");
    let mut app = PersonaApp::with_backend(move |_| {
        counter.fetch_add(1, Ordering::SeqCst);
        Ok(script.clone().boxed())
    });
    let (siwoo, jena) = (app.spawn_idol("siwoo"), app.spawn_idol("jena"));
    app.say(siwoo, "please fail");
    app.say(siwoo, "once more");
    app.say(jena, "Hi");
    app.run_until_ended(3);
    assert_eq!(
        app.story(siwoo),
        [
            "hears \"please fail\"",
            "feels sad 0.8",
            "says \"Oh no.\"",
            "fails: the model failed in the middle of a reply: the script fails at `please fail`; \
             ask again",
            "hears \"once more\"",
            "feels joy 0.8",
            "says \"All is well.\"",
            "ends Complete",
        ]
    );
    assert_eq!(app.replies(jena), ["All is well."]);
    assert_eq!(loads.load(Ordering::SeqCst), 1, "the worker was not started again");
}

#[derive(Debug, thiserror::Error)]
#[error("there is no room on the disk")]
struct NoRoom;

type Loaded = Result<Box<dyn Backend>, InferenceError>;

/// Waits for a word before it loads; the first time it fails.
fn fails_first(
    gate: Receiver<()>,
) -> impl Fn(&mut LoadReport<'_>) -> Loaded + Send + Sync + 'static {
    let loads = AtomicUsize::new(0);
    move |report: &mut LoadReport<'_>| {
        while gate.try_recv().is_err() && !report.cancelled().load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(1));
        }
        if loads.fetch_add(1, Ordering::SeqCst) == 0 {
            return Err(InferenceError::load(NoRoom));
        }
        Ok(ScriptedBackend::new(["[joy] Here I am."]).boxed())
    }
}

#[test]
fn a_model_that_would_not_load_is_tried_again_by_the_next_message() {
    let (open, gate) = unbounded();
    let mut app = PersonaApp::with_backend(fails_first(gate));
    let siwoo = app.spawn_idol("siwoo");
    app.say(siwoo, "one");
    app.say(siwoo, "two");
    app.frames(10);
    open.send(()).unwrap();
    app.run_until_ended(2);
    let failure = "fails: the model could not be loaded: there is no room on the disk";
    assert_eq!(app.story(siwoo), [failure, failure]);
    let status = app.world().resource::<ModelStatus>();
    assert!(matches!(status, ModelStatus::Failed(InferenceError::Load(_))), "{status:?}");
    assert!(app.history(siwoo).is_empty(), "nothing was shown");

    open.send(()).unwrap();
    app.say(siwoo, "three");
    app.run_until_ended(3);
    assert_eq!(app.replies(siwoo), ["Here I am."]);
    assert!(is_ready(app.world()));
}

#[test]
fn without_a_message_a_broken_model_is_not_tried_again() {
    let loads = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&loads);
    let mut app = PersonaApp::with_backend(move |_| {
        counter.fetch_add(1, Ordering::SeqCst);
        Err(InferenceError::load(NoRoom))
    });
    app.run_until("the failure is told", |world| {
        matches!(world.resource::<ModelStatus>(), ModelStatus::Failed(_))
    });
    app.frames(50);
    assert_eq!(loads.load(Ordering::SeqCst), 1);
}

#[test]
fn the_app_ends_promptly_while_she_speaks() {
    let (strings, factory) = puppet();
    let mut app = PersonaApp::with_backend(factory);
    let siwoo = app.spawn_idol("siwoo");
    app.say(siwoo, "Hi");
    app.run_until("she is asked", |_| strings.open() == 1);
    strings.say("Hello");
    let start = Instant::now();
    drop(app);
    assert!(start.elapsed() < PROMPTLY, "{:?}", start.elapsed());
    assert_eq!(strings.open(), 0, "the thread has ended, and its reply with it");
}

#[test]
fn the_app_ends_promptly_while_the_channel_is_full() {
    let (brought, factory) = flood(1_000_000);
    let mut app = PersonaApp::with_backend(factory);
    let siwoo = app.spawn_idol("siwoo");
    app.say(siwoo, "Hi");
    app.run_until("she is asked", |_| brought.count() > 0);
    wait_for("the channel is full", || brought.count() > 1000);
    let start = Instant::now();
    drop(app);
    assert!(start.elapsed() < PROMPTLY, "{:?}", start.elapsed());
    assert!(brought.count() < 10_000, "{} pieces for nobody", brought.count());
}

#[test]
fn the_app_ends_promptly_while_the_model_loads() {
    let (_gate, factory) = gated(ScriptedBackend::default());
    let mut app = PersonaApp::with_backend(factory);
    app.frames(3);
    let start = Instant::now();
    drop(app);
    assert!(start.elapsed() < PROMPTLY, "{:?}", start.elapsed());
}

#[test]
fn a_full_channel_does_not_stall_the_app() {
    const PIECES: usize = 20_000;
    let (brought, factory) = flood(PIECES);
    let mut app = PersonaApp::with_backend(factory);
    let siwoo = app.spawn_idol("siwoo");
    app.say(siwoo, "Hi");
    app.run_until("she is asked", |_| brought.count() > 0);
    wait_for("the channel is full", || brought.count() > 1000);
    let pieces = |app: &PersonaApp| app.heard().iter().filter_map(Heard::chunk).count();
    let mut ended = false;
    let start = Instant::now();
    while !ended && start.elapsed() < common::PATIENCE {
        let (before, frame) = (pieces(&app), Instant::now());
        app.frames(1);
        let took = frame.elapsed();
        assert!(took < Duration::from_millis(500), "a frame of {took:?}");
        assert!(pieces(&app) - before <= 256, "{} pieces in a frame", pieces(&app) - before);
        ended = app.heard().last().is_some_and(Heard::is_end);
    }
    assert_eq!(app.replies(siwoo), ["x".repeat(PIECES)]);
    assert_eq!(pieces(&app), PIECES, "no piece is lost");
    assert_whole(app.heard());
}

#[test]
fn more_asks_than_may_wait_are_all_answered() {
    const IDOLS: usize = 300;
    let (gate, factory) = gated(ScriptedBackend::new(["[joy] Hi."]));
    let mut app = PersonaApp::with_backend(factory);
    let idols: Vec<Entity> = (0..IDOLS).map(|id| app.spawn_idol(&format!("idol-{id}"))).collect();
    for idol in &idols {
        app.say(*idol, "Hi");
    }
    app.frames(5);
    gate.open();
    app.run_until_ended(IDOLS);
    assert_whole(app.heard());
    for idol in idols {
        assert_eq!(app.replies(idol), ["Hi."]);
    }
}
