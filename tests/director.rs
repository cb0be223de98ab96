//! Written scenes, played over characters that are there.

#![cfg(feature = "scene")]

pub mod common;

use std::fmt::Write as _;

use bevy::prelude::*;
use bevy_persona::{
    cue::{Beat, BeatPart, Voiced},
    director::{
        Choose, DirectorPlugin, GoOn, Narration, PlayScene, ReadingPace, ResumeScene, SceneEnd,
        SceneEnded, SceneLibrary, SceneOffers, ScenePassage, SceneSeed, SceneState, StageCue,
        StopScene, StoryBook, UnfinishedScene,
    },
    inference::{Backend, InferenceError, LoadReport},
    library::{MindLibrary, assets_folder, read_folders},
    mind::{ChatTurn, conduct::ConductKind},
    persona::Language,
    prelude::*,
    scene::{SavedScene, Value},
};
use common::{
    PersonaApp,
    backends::gated,
    heard::{Heard, assert_whole},
};
use tempfile::TempDir;

/// What was told of scenes.
#[derive(Default, Resource)]
struct Told {
    ends: Vec<SceneEnded>,
    cues: Vec<StageCue>,
    narrated: Vec<String>,
    passages: Vec<String>,
    nodes: Vec<String>,
    flags: Vec<ConductKind>,
}

fn record(app: &mut App) {
    app.init_resource::<Told>()
        .add_observer(|end: On<SceneEnded>, mut told: ResMut<Told>| {
            told.ends.push(end.event().clone());
        })
        .add_observer(|cue: On<StageCue>, mut told: ResMut<Told>| {
            told.cues.push(cue.event().clone());
        })
        .add_observer(|told_of: On<Narration>, mut told: ResMut<Told>| {
            told.narrated.push(told_of.0.clone());
        })
        .add_observer(|flagged: On<ConductFlagged>, mut told: ResMut<Told>| {
            told.flags.push(flagged.kind);
        })
        .add_systems(Last, |mut passages: MessageReader<ScenePassage>, mut told: ResMut<Told>| {
            for ScenePassage { node, text, .. } in passages.read() {
                told.passages.push(text.clone());
                told.nodes.push(node.clone());
            }
        });
}

/// A show of one test: Otto and Ida, and scenes that the test wrote.
struct Show {
    app: PersonaApp,
    folder: TempDir,
    otto: Entity,
    ida: Entity,
}

/// The lines of a node; the last node of a scene has the name of the scene and `_end`.
fn scene(id: &str, headers: &str, body: &str) -> String {
    let headers = if headers.is_empty() { String::new() } else { format!("{headers}\n") };
    format!(
        "title: {id}\nscene: {id}\n{headers}---\n{body}\n<<jump {id}_end>>\n===\n\
         title: {id}_end\nscene: {id}\n---\n<<light off>>\n===\n"
    )
}

impl Show {
    fn new(files: &[(&str, String)]) -> Self {
        Self::scripted(files, ScriptedBackend::new(["[joy] Where does it ring?"]))
    }

    fn scripted(files: &[(&str, String)], script: ScriptedBackend) -> Self {
        Self::with_backend(files, move |_| Ok(script.clone().boxed()))
    }

    /// A show whose app has not made a step yet.
    #[cfg(feature = "store")]
    fn unread(files: &[(&str, String)]) -> Self {
        let script = ScriptedBackend::new(["[joy] Where does it ring?"]);
        Self::unread_with(files, move |_| Ok(script.clone().boxed()))
    }

    fn with_backend(
        files: &[(&str, String)],
        factory: impl Fn(&mut LoadReport<'_>) -> Result<Box<dyn Backend>, InferenceError>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        let mut show = Self::unread_with(files, factory);
        show.until_read();
        show
    }

    fn unread_with(
        files: &[(&str, String)],
        factory: impl Fn(&mut LoadReport<'_>) -> Result<Box<dyn Backend>, InferenceError>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the test");
        for (file, text) in files {
            std::fs::write(folder.path().join(file), text).expect("a file for the test");
        }
        let mut app = PersonaApp::in_folder(folder.path(), factory);
        DirectorPlugin { folder: "personas://".into() }.build(&mut app.app);
        app.app.insert_resource(ReadingPace(f32::INFINITY)).insert_resource(SceneSeed(Some(3)));
        record(&mut app.app);
        let otto = app.spawn(r#"Persona(id: "otto", name: "Otto", role: "a guard")"#);
        let ida = app.spawn(r#"Persona(id: "ida", name: "Ida", role: "a baker")"#);
        Self { app, folder, otto, ida }
    }

    fn until_read(&mut self) {
        self.app
            .run_until("scenes are read", |world| !world.resource::<SceneLibrary>().is_expected());
    }

    fn edit(&self, file: &str, text: &str) {
        std::fs::write(self.folder.path().join(file), text).expect("a file for the test");
    }

    fn told(&self) -> &Told {
        self.app.world().resource::<Told>()
    }

    fn state(&self) -> &SceneState {
        self.app.world().resource::<SceneState>()
    }

    fn trigger<'a, E: Event<Trigger<'a>: Default>>(&mut self, event: E) {
        self.app.world_mut().trigger(event);
        self.app.world_mut().flush();
    }

    fn play(&mut self, scene: &str) {
        self.trigger(PlayScene { scene: scene.into(), force: false });
    }

    fn ends(&self) -> usize {
        self.told().ends.len()
    }

    /// Moves on until a scene has ended; gives how.
    fn run_to_the_end(&mut self) -> SceneEnd {
        let before = self.ends();
        self.app.run_until("the scene ends", |world| world.resource::<Told>().ends.len() > before);
        self.app.frames(2);
        self.told().ends[before].how.clone()
    }

    fn until_choices(&mut self) {
        let shown = |world: &World| !world.resource::<SceneState>().choices.is_empty();
        self.app.run_until("there are choices", shown);
    }

    fn until_heard(&mut self) {
        let listens = |world: &World| world.resource::<SceneState>().listens.is_some();
        self.app.run_until("the scene listens", listens);
    }

    /// Moves on until she has begun to say something like this.
    fn until_said(&mut self, text: &str) {
        self.app.run_until(&format!("`{text}` is said"), |world| {
            let record = world.resource::<common::heard::Record>();
            let said: String =
                record.0.iter().filter_map(Heard::chunk).fold(String::new(), |mut all, chunk| {
                    let _ = write!(all, "{}", chunk.text);
                    all
                });
            said.contains(text)
        });
    }

    fn variable(&self, name: &str) -> Option<Value> {
        self.app.world().resource::<StoryBook>().0.variables.get(name).cloned()
    }

    fn affinity(&self, who: Entity) -> f32 {
        let rapport = self.app.world().get::<Rapport>(who).expect("somebody with a persona");
        rapport.0.relationship.affinity()
    }

    /// All that was said, by whom it was said.
    fn said(&self) -> Vec<String> {
        let ends = self.app.heard().iter().filter_map(Heard::finished);
        let name = |entity| if entity == self.otto { "Otto" } else { "Ida" };
        let lines = ends.filter(|end| !end.text.is_empty());
        lines.map(|end| format!("{}: {}", name(end.entity), end.text.trim())).collect()
    }
}

#[test]
fn a_line_waits_until_the_one_before_was_said() {
    let body = "Otto: Who is there? #line:a1 #emotion:neutral #gesture:wave\n\
                Ida: It is only me. #line:a2 #emotion:joy\n\
                Otto: Come in. #line:a3 #emotion:joy";
    let mut show = Show::new(&[("door.yarn", scene("door", "", body))]);
    show.play("door");
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    assert_eq!(show.said(), ["Otto: Who is there?", "Ida: It is only me.", "Otto: Come in."]);
    let mut open = 0;
    for heard in show.app.heard() {
        match heard {
            Heard::Started(_) => open += 1,
            end if end.is_end() => open -= 1,
            _ => {}
        }
        assert!((0..=1).contains(&open), "two speak at once: {heard:?}");
    }
    assert_whole(show.app.heard());
    assert_eq!(show.app.story(show.ida)[1], "feels joy 0.8");
    assert_eq!(show.app.world().resource::<StoryBook>().0.visits_of("door_end"), 1);
    assert_eq!(*show.state(), SceneState::default());
}

#[test]
fn a_line_waits_for_the_voice_of_the_one_before() {
    let body = "Otto: Who is there? #line:a1 #emotion:neutral\n\
                Ida: It is only me. #line:a2 #emotion:joy";
    let mut show = Show::new(&[("door.yarn", scene("door", "", body))]);
    let (otto, ida) = (show.otto, show.ida);
    show.app.world_mut().entity_mut(otto).insert(Voiced::default());
    show.play("door");
    show.until_said("Who is there?");
    show.app.frames(60);
    let ask = show.app.heard().iter().find_map(Heard::finished).expect("all words have come").ask;
    assert!(show.app.replies(ida).is_empty(), "she speaks into his words");
    show.trigger(Beat { entity: otto, ask, part: BeatPart::End { interrupted: false } });
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    assert_eq!(show.app.replies(ida), ["It is only me."]);
}

#[test]
fn a_line_of_somebody_who_walks_waits_until_she_is_there() {
    let body = "<<move otto to gate 3.0>>\n\
                Ida: Off he goes. #line:a1 #emotion:neutral\n\
                Otto: Here I am. #line:a2 #emotion:joy";
    let mut show = Show::new(&[("walk.yarn", scene("walk", "", body))]);
    let otto = show.otto;
    show.play("walk");
    show.until_said("Off he goes.");
    show.app.frames(60);
    assert!(show.app.replies(otto).is_empty(), "he speaks while he walks");
    let walk = StageCue::Move { entity: otto, to: "gate".into(), seconds: 3.0 };
    assert_eq!(show.told().cues[0], walk);
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    assert_eq!(show.app.replies(otto), ["Here I am."]);
}

const CHOICE: &str = "<<declare $key = \"none\">>\n\
    Otto: Which key? #line:a1 #emotion:neutral\n\
    -> The small one. #line:a2\n\
    \u{20}   <<set $key to \"small\">>\n\
    -> The golden one. <<if false>> #line:a3\n\
    \u{20}   <<set $key to \"golden\">>\n\
    -> (Point at the rusty one.) #line:a4\n\
    \u{20}   <<set $key to \"rusty\">>\n\
    Otto: Very well. #line:a5 #emotion:joy";

#[test]
fn the_fan_chooses_what_can_be_chosen() {
    let mut show = Show::new(&[("keys.yarn", scene("keys", "", CHOICE))]);
    show.play("keys");
    show.until_choices();
    let texts: Vec<_> = show.state().choices.iter().map(|choice| choice.text.as_str()).collect();
    assert_eq!(texts, ["The small one.", "The golden one.", "(Point at the rusty one.)"]);
    show.trigger(GoOn);
    show.trigger(Choose(1));
    show.trigger(Choose(9));
    show.app.frames(20);
    assert_eq!(show.state().choices.len(), 3, "nobody chooses for the fan");
    show.trigger(Choose(2));
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    assert_eq!(show.variable("$key"), Some(Value::Text("rusty".into())));
    let history = show.app.history(show.otto);
    assert!(history.contains(&ChatTurn::Fan("(Point at the rusty one.)".into())), "{history:?}");
}

#[test]
fn an_option_can_be_said() {
    let mut show = Show::new(&[("keys.yarn", scene("keys", "", CHOICE))]);
    show.play("keys");
    show.until_choices();
    let otto = show.otto;
    show.app.say(otto, "the small one");
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    assert_eq!(show.variable("$key"), Some(Value::Text("small".into())));
}

const QUESTION: &str = "<<declare $colour = \"grey\">>\n\
    <<ask_fan ida \"Which colour?\" into=$colour options=\"deep red|sea blue|grey\" fallback=\"grey\">>\n\
    Ida: I see. #line:a1 #emotion:joy";

#[test]
fn what_the_fan_answers_becomes_one_of_the_options() {
    for (answer, option) in
        [("Sea blue", "sea blue"), ("i think it is red", "deep red"), ("hm, cheese?", "grey")]
    {
        let mut show = Show::new(&[("colour.yarn", scene("colour", "", QUESTION))]);
        let ida = show.ida;
        show.play("colour");
        show.until_heard();
        let listens = show.state().listens.clone().expect("the scene listens");
        assert_eq!((listens.to, listens.options.len()), (ida, 3));
        show.app.say(ida, answer);
        assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
        assert_eq!(show.variable("$colour"), Some(Value::Text(option.into())), "{answer}");
        assert_eq!(show.app.replies(ida)[0], "Which colour?");
    }
}

#[test]
fn a_fan_who_says_nothing_may_go_on() {
    let mut show = Show::new(&[("colour.yarn", scene("colour", "", QUESTION))]);
    show.play("colour");
    show.until_heard();
    show.trigger(GoOn);
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    assert_eq!(show.variable("$colour"), Some(Value::Text("grey".into())));
}

const MOMENT: &str = "<<improvise otto \"He asks where the bell rings.\" turns=1 must=\"a question\" \
    avoid=\"swordfish\" fallback=\"Where is the bell?\">>\n\
    Otto: Good. #line:a1 #emotion:joy";

#[test]
fn a_moment_is_improvised_and_the_fan_is_heard() {
    let mut show = Show::new(&[("bell.yarn", scene("bell", "", MOMENT))]);
    let otto = show.otto;
    show.play("bell");
    show.until_heard();
    show.app.say(otto, "In the tower.");
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    assert_eq!(show.said(), ["Otto: Where does it ring?", "Otto: Good."]);
    let history = show.app.history(otto);
    assert!(history.contains(&ChatTurn::Fan("In the tower.".into())), "{history:?}");
}

#[test]
fn a_heavy_answer_is_answered_before_the_scene_goes_on() {
    let mut show = Show::new(&[("bell.yarn", scene("bell", "", MOMENT))]);
    let library = read_folders(&[assets_folder().join("conduct")]).unwrap();
    show.app.world_mut().insert_resource(MindLibrary::new(library));
    let otto = show.otto;
    show.play("bell");
    show.until_heard();
    show.app.say(otto, "i failed my exam and i have been crying all night");
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    let said = show.said();
    assert!(said.len() == 3 && said[2] == "Otto: Good.", "{said:?}");
}

#[test]
fn what_a_scene_forbids_is_not_said() {
    let script = ScriptedBackend::new(["[joy] Is it swordfish?"]);
    let mut show = Show::scripted(&[("bell.yarn", scene("bell", "", MOMENT))], script);
    show.play("bell");
    show.until_heard();
    assert_eq!(show.said(), ["Otto: Where is the bell?"]);
    show.trigger(GoOn);
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
}

#[test]
fn a_model_that_fails_is_replaced_by_the_written_words() {
    let script = ScriptedBackend::new(["[joy] Where does it ring?"]).fail_when("");
    let mut show = Show::scripted(&[("bell.yarn", scene("bell", "", MOMENT))], script);
    show.play("bell");
    show.until_heard();
    assert_eq!(show.said().last().map(String::as_str), Some("Otto: Where is the bell?"));
    show.trigger(GoOn);
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
}

#[test]
fn nobody_waits_for_a_model_that_is_being_loaded() {
    let (_gate, factory) = gated(ScriptedBackend::new(["[joy] Where does it ring?"]));
    let mut show = Show::with_backend(&[("bell.yarn", scene("bell", "", MOMENT))], factory);
    show.play("bell");
    show.until_heard();
    assert_eq!(show.said(), ["Otto: Where is the bell?"]);
    show.trigger(GoOn);
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
}

#[test]
fn two_members_talk_in_turns() {
    let body = "<<talk otto ida turns=4 about=\"who bakes the bread\">>\n\
                Ida: Enough. #line:a1 #emotion:playful";
    let script = ScriptedBackend::new([
        "[joy] Who bakes the bread, Ida, you or me?",
        "[playful] The bread bakes itself, and Otto eats it.",
        "[neutral] Bread needs two hands and a warm oven.",
        "[joy] My oven is warm, so I bake the bread on Monday.",
        "[shy] On Monday I only carry flour for the bread.",
        "[playful] Then the bread is made by flour and gossip.",
    ]);
    let mut show = Show::scripted(&[("bread.yarn", scene("bread", "", body))], script);
    show.play("bread");
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    let said = show.said();
    let speakers: Vec<&str> = said.iter().filter_map(|line| line.split(':').next()).collect();
    assert_eq!(speakers, ["Otto", "Ida", "Otto", "Ida", "Ida"], "{said:?}");
}

#[test]
fn a_chat_has_its_turns_and_ends_when_the_fan_goes_on() {
    let body = "<<chat ida turns=2 about=\"bread\">>\nIda: Well then. #line:a1 #emotion:joy";
    for turns in 0..=2 {
        let mut show = Show::new(&[("chat.yarn", scene("chat", "", body))]);
        let ida = show.ida;
        show.play("chat");
        for _ in 0..turns {
            show.until_heard();
            show.app.say(ida, "Do you like your work?");
            show.app.frames(2);
        }
        if turns < 2 {
            show.until_heard();
            show.trigger(GoOn);
        }
        assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
        assert_eq!(show.app.replies(ida).iter().filter(|said| !said.is_empty()).count(), turns + 1);
        assert!(show.app.world().resource::<SceneNotes>().0.is_empty());
    }
}

#[test]
fn a_chat_ends_once_its_condition_holds() {
    let body = "<<chat ida turns=9 until=\"affinity(ida) >= 50\">>\n\
                Ida: Well then. #line:a1 #emotion:joy";
    let mut show = Show::new(&[("chat.yarn", scene("chat", "", body))]);
    let ida = show.ida;
    show.play("chat");
    show.until_heard();
    let mut rapport = show.app.world_mut().get_mut::<Rapport>(ida).expect("Ida");
    rapport.0.relationship.shift(45.0);
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
}

#[test]
fn what_a_scene_changes_arrives_where_it_belongs() {
    let body = "<<affinity ida 5>>\n<<unlock cellar>>\n\
                Ida: Now you know. #line:a1 #emotion:joy\n\
                <<remember fan \"was in the cellar with Ida\">>\n\
                <<if affinity(\"ida\") >= 15 and knows(\"cellar\")>>\n\
                Ida: We are friends. #line:a2 #emotion:love\n<<endif>>";
    let mut show = Show::new(&[("cellar.yarn", scene("cellar", "", body))]);
    let before = show.affinity(show.ida);
    show.play("cellar");
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    assert_eq!(show.affinity(show.ida), before + 5.0);
    let fan = show.app.world().resource::<Fan>();
    assert!(fan.unlocked.contains("cellar"));
    let known: Vec<&str> = fan.memory.facts().iter().map(|fact| fact.value.as_str()).collect();
    assert_eq!(known, ["was in the cellar with Ida"]);
    assert_eq!(show.app.replies(show.ida), ["Now you know.", "We are friends."]);
}

#[test]
fn a_stage_is_told_what_only_it_can_do() {
    let body = "<<light dusk>>\n<<camera close ida>>\n<<camera wide>>\n<<music play rain>>\n\
                <<music stop>>\n<<look ida at window>>\n<<look otto at ida>>\n\
                Ida: Rain. #line:a1 #emotion:neutral";
    let mut show = Show::new(&[("rain.yarn", scene("rain", "", body))]);
    let (otto, ida) = (show.otto, show.ida);
    show.play("rain");
    show.until_said("Rain.");
    use bevy_persona::director::StageShot::{Close, Wide};
    assert_eq!(
        show.told().cues,
        [
            StageCue::Light("dusk".into()),
            StageCue::Camera(Close(ida)),
            StageCue::Camera(Wide),
            StageCue::Music(Some("rain".into())),
            StageCue::Music(None),
            StageCue::Look { entity: ida, at: "window".into() },
        ]
    );
    assert_eq!(show.app.world().get::<LookAtThis>(otto), Some(&LookAtThis(ida)));
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    assert_eq!(show.app.world().get::<LookAtThis>(otto), None);
}

const LONG: &str = "<<declare $n = 0>>\n<<affinity ida 2>>\n\
    Ida: One. #line:a1 #emotion:neutral\n\
    <<affinity ida 2>>\n<<set $n to $n + 1>>\n\
    -> On. #line:a2\n    Ida: Two, {$n}. #line:a3 #emotion:joy\n\
    -> Back. #line:a4\n    Ida: Never. #line:a5 #emotion:sad\n\
    <<affinity ida 2>>\n\
    Ida: Three. #line:a6 #emotion:love";

#[test]
fn a_saved_scene_goes_on_in_another_app_and_nothing_is_done_twice() {
    let body = format!("<<light dusk>>\n<<move otto to gate 9>>\n<<look ida at otto>>\n{LONG}");
    let files = [("long.yarn", scene("long", "", &body))];
    let mut first = Show::new(&files);
    first.play("long");
    first.until_choices();
    let saved = serde_json::to_string(first.state().saved.as_ref().expect("a scene")).unwrap();
    let closeness = first.affinity(first.ida);

    let mut second = Show::new(&files);
    let saved: SavedScene = serde_json::from_str(&saved).unwrap();
    second.trigger(ResumeScene(saved));
    second.until_choices();
    let gate = StageCue::Move { entity: second.otto, to: "gate".into(), seconds: 0.0 };
    assert_eq!(second.told().cues, [StageCue::Light("dusk".into()), gate], "the stage is set anew");
    let looks = second.app.world().get::<LookAtThis>(second.ida);
    assert_eq!(looks, Some(&LookAtThis(second.otto)));
    let mut rests = Vec::new();
    for show in [&mut first, &mut second] {
        show.until_choices();
        let from = show.told().passages.iter().rposition(|text| text.starts_with("->")).unwrap();
        show.trigger(Choose(0));
        assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
        rests.push(show.told().passages[from..].to_vec());
    }
    assert_eq!(rests[0], rests[1]);
    assert!(rests[0].contains(&"Ida: Two, 1.".into()), "{:?}", rests[0]);
    let met = second.affinity(second.ida);
    assert_eq!((first.affinity(first.ida) - closeness, met - 10.0), (2.0, 2.0));
    let stories = [&first, &second].map(|show| show.app.world().resource::<StoryBook>().clone());
    assert_eq!(stories[0], stories[1]);
    assert!(stories[0].0.variables.keys().all(|name| name.starts_with('$')), "{:?}", stories[0]);
}

#[test]
fn a_line_that_was_cut_off_by_the_end_of_the_game_is_said_again() {
    let files = [("long.yarn", scene("long", "", LONG))];
    let mut first = Show::new(&files);
    first.play("long");
    first.until_said("One.");
    let saved = first.state().saved.clone().expect("a scene");
    let mut second = Show::new(&files);
    second.trigger(ResumeScene(saved));
    second.until_choices();
    assert_eq!(second.app.replies(second.ida), ["One."]);
    assert_eq!(second.affinity(second.ida), 12.0, "only what came behind the line");
}

#[test]
fn a_scene_can_be_stopped() {
    let mut show = Show::new(&[("long.yarn", scene("long", "", LONG))]);
    show.play("long");
    show.until_choices();
    show.trigger(StopScene);
    assert_eq!(show.run_to_the_end(), SceneEnd::Stopped);
    assert_eq!(show.state().scene, None);
    assert_eq!(show.variable("$n"), Some(Value::Number(1.0)));
    let ida = show.ida;
    show.app.say(ida, "Hello?");
    show.app.run_until("she answers", |world| {
        let replies = world.resource::<common::heard::Record>();
        replies.0.iter().filter_map(Heard::finished).any(|end| end.text.contains("ring"))
    });
}

#[test]
fn another_scene_takes_the_place_of_the_one_that_runs() {
    let hello = scene("hello", "", "Otto: Hello. #line:h1 #emotion:joy");
    let mut show = Show::new(&[("long.yarn", scene("long", "", LONG)), ("hello.yarn", hello)]);
    show.play("long");
    show.until_choices();
    show.play("hello");
    assert_eq!(show.run_to_the_end(), SceneEnd::Stopped);
    if show.ends() < 2 {
        assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    }
    assert_eq!(show.said().last().map(String::as_str), Some("Otto: Hello."));
}

#[test]
fn the_lines_of_somebody_who_leaves_are_told() {
    let body = "Ida: I must go. #line:a1 #emotion:sad\n<<wait 1.0>>\n\
                Ida: Good night. #line:a2 #emotion:sad\n\
                <<ask_fan ida \"Was it I?\" into=$who options=\"yes|no\" fallback=\"no\">>\n\
                <<improvise ida \"She asks for the way.\" turns=1 fallback=\"Which way?\">>\n\
                <<chat ida turns=3>>\n<<talk ida otto turns=2 about=\"bread\">>\n\
                <<affinity ida 3>>\n<<gesture ida bow>>\n<<look otto at ida>>\n\
                Otto: She is gone. #line:a3 #emotion:sad";
    let mut show =
        Show::new(&[("gone.yarn", scene("gone", "", &format!("<<declare $who = \"\">>\n{body}")))]);
    let ida = show.ida;
    show.play("gone");
    show.until_said("I must go.");
    show.app.frames(4);
    show.app.world_mut().despawn(ida);
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    assert_eq!(show.told().narrated, ["Ida: Good night.", "Ida: Was it I?", "Ida: Which way?"]);
    assert_eq!(show.said().last().map(String::as_str), Some("Otto: She is gone."));
}

#[test]
fn the_fan_goes_on_past_a_pause() {
    let body = "<<wait 50>>\nOtto: At last. #line:a1 #emotion:joy";
    let mut show = Show::new(&[("wait.yarn", scene("wait", "", body))]);
    show.play("wait");
    show.app.frames(50);
    assert!(show.said().is_empty());
    show.trigger(GoOn);
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    assert_eq!(show.said(), ["Otto: At last."]);
}

#[test]
fn the_fan_goes_on_past_a_line_that_is_being_read() {
    let body = "Otto: A very long line, for slow readers. #line:a1 #emotion:joy\n\
                Otto: Next. #line:a2 #emotion:joy";
    let mut show = Show::new(&[("slow.yarn", scene("slow", "", body))]);
    show.app.app.insert_resource(ReadingPace(5.0));
    show.play("slow");
    show.until_said("slow readers.");
    show.app.frames(60);
    assert_eq!(show.said().len(), 1, "the fan still reads");
    show.trigger(GoOn);
    show.until_said("Next.");
}

/// A scene that nobody may interrupt, or one where everybody may.
fn speech(may_interrupt: bool) -> String {
    let header = if may_interrupt { "" } else { "interrupt: no" };
    let words = "word ".repeat(60);
    let body = format!(
        "Otto: {words}end. #line:a1 #emotion:neutral\nOtto: And so on. #line:a2 #emotion:joy"
    );
    scene("speech", header, &body)
}

#[test]
fn a_fan_who_speaks_in_between_is_answered_where_the_scene_allows_it() {
    let mut show = Show::new(&[("speech.yarn", speech(true))]);
    let otto = show.otto;
    show.play("speech");
    show.until_said("word");
    show.app.say(otto, "Excuse me, when do you close?");
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    let said = show.said();
    assert!(!said[0].ends_with("end."), "the line was not cut: {said:?}");
    assert_eq!(said[1..], ["Otto: Where does it ring?", "Otto: And so on."]);
}

#[test]
fn what_a_fan_says_to_a_scene_that_does_not_listen_is_answered_afterwards() {
    let mut show = Show::new(&[("speech.yarn", speech(false))]);
    let otto = show.otto;
    show.play("speech");
    show.until_said("word");
    assert!(!show.state().fan_may_interrupt);
    show.app.say(otto, "Excuse me, when do you close?");
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    show.until_said("Where does it ring?");
    show.app.frames(3);
    let said = show.said();
    assert!(said[0].ends_with("end."), "the line was cut: {said:?}");
    assert_eq!(said[1..], ["Otto: And so on.", "Otto: Where does it ring?"]);
    let history = show.app.history(otto);
    let question = ChatTurn::Fan("Excuse me, when do you close?".into());
    assert!(history.contains(&question), "{history:?}");
}

#[test]
fn whoever_has_no_part_in_a_scene_answers_as_always() {
    let mut show = Show::new(&[("speech.yarn", speech(false))]);
    let ida = show.ida;
    show.play("speech");
    show.until_said("word");
    show.app.say(ida, "What is he on about?");
    show.until_said("Where does it ring?");
    assert_eq!(show.state().scene.as_deref(), Some("speech"));
}

#[test]
fn a_message_that_needs_care_comes_first() {
    let mut show = Show::new(&[
        ("speech.yarn", speech(false)),
        ("q.yarn", scene("q", "", &QUESTION.replace("#line:a", "#line:q"))),
        ("c.yarn", scene("c", "", "<<chat ida turns=3>>")),
    ]);
    let library = read_folders(&[assets_folder().join("conduct")]).unwrap();
    show.app.world_mut().insert_resource(MindLibrary::new(library));
    let (otto, ida) = (show.otto, show.ida);
    show.play("speech");
    show.until_said("word");
    show.app.say(otto, "i want to die");
    show.app.run_until("he cares", |world| world.resource::<Told>().flags.len() == 1);
    show.until_heard();
    show.app.frames(60);
    assert_eq!(show.said().len(), 2, "nothing goes on before the fan wants it");
    show.trigger(GoOn);
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    assert_eq!(show.told().flags, [ConductKind::SelfHarm]);
    let said = show.said();
    assert!(!said[0].ends_with("end.") && said.len() == 3, "{said:?}");
    assert_eq!(said[2], "Otto: And so on.");

    show.play("q");
    show.until_heard();
    show.app.say(ida, "i want to die");
    show.app.run_until("she cares", |world| world.resource::<Told>().flags.len() == 2);
    show.until_heard();
    show.trigger(GoOn);
    show.app.frames(2);
    let listens = show.state().listens.clone().expect("the question is still open");
    assert_eq!(listens.options.len(), 3);
    show.app.say(ida, "deep red");
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    assert_eq!(show.variable("$colour"), Some(Value::Text("deep red".into())));

    show.play("c");
    show.until_heard();
    show.app.say(ida, "i want to die");
    show.app.run_until("she cares", |world| world.resource::<Told>().flags.len() == 3);
    show.until_heard();
    show.trigger(GoOn);
    show.app.frames(2);
    show.trigger(GoOn);
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
}

#[test]
fn a_scene_whose_condition_does_not_hold_is_not_played_unless_it_must_be() {
    let needs = "needs: affinity(ida) >= 40";
    let body = "Ida: Hello, friend. #line:a1 #emotion:joy";
    let mut show = Show::new(&[("friend.yarn", scene("friend", needs, body))]);
    show.app.run_until("it is offered", |world| !world.resource::<SceneOffers>().0.is_empty());
    let offer = show.app.world().resource::<SceneOffers>().0[0].clone();
    assert!(!offer.is_open && offer.missing.len() == 1, "{offer:?}");
    show.play("friend");
    let SceneEnd::Failed(why) = show.run_to_the_end() else { panic!("it was played") };
    assert!(why.contains("affinity(\"ida\") >= 40"), "{why}");
    show.trigger(PlayScene { scene: "friend".into(), force: true });
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
}

#[test]
fn a_scene_that_does_not_exist_names_those_that_do() {
    let mut show = Show::new(&[("long.yarn", scene("long", "", LONG))]);
    show.play("lnog");
    let SceneEnd::Failed(why) = show.run_to_the_end() else { panic!("it was played") };
    assert!(why.contains("long"), "{why}");
}

#[test]
fn a_scene_that_goes_round_and_round_is_ended() {
    let round = "title: round\nscene: round\n---\n<<gesture ida nod>>\n<<jump round>>\n===\n";
    let mut show = Show::new(&[("round.yarn", round.into())]);
    show.play("round");
    let SceneEnd::Failed(why) = show.run_to_the_end() else { panic!("it ended") };
    assert!(why.contains("`round`"), "{why}");
}

#[cfg(feature = "store")]
fn kept_in(store: &TempDir, files: &[(&str, String)]) -> Show {
    let mut show = Show::unread(files);
    let file = store.path().join("fans.sqlite");
    FanStorePlugin { file, fan: "mina".parse().expect("a name") }.build(&mut show.app.app);
    show
}

#[cfg(feature = "store")]
#[test]
fn what_a_scene_changed_is_there_after_a_restart() {
    let body = "Ida: Now you know. #line:a1 #emotion:joy\n<<affinity ida 5>>\n<<unlock cellar>>\n\
                <<remember fan \"was in the cellar with Ida\">>";
    let files = [("cellar.yarn", scene("cellar", "", body))];
    let store = tempfile::tempdir().unwrap();
    let mut first = kept_in(&store, &files);
    first.until_read();
    first.play("cellar");
    assert_eq!(first.run_to_the_end(), SceneEnd::Finished);
    let closeness = first.affinity(first.ida);
    drop(first);
    let mut second = kept_in(&store, &files);
    let ida = second.ida;
    second.app.run_until("all is remembered", |world| {
        let close = world.get::<Rapport>(ida).map(|rapport| rapport.0.relationship.affinity());
        let fan = world.resource::<Fan>();
        close == Some(closeness)
            && fan.unlocked.contains("cellar")
            && fan.memory.facts().iter().any(|fact| fact.value == "was in the cellar with Ida")
            && world.resource::<StoryBook>().0.visits_of("cellar_end") == 1
    });
    second.trigger(ForgetFan);
    second.app.frames(3);
    assert_eq!(*second.app.world().resource::<StoryBook>(), StoryBook::default());
}

#[cfg(feature = "store")]
#[test]
fn a_scene_in_whose_middle_the_game_ends_can_go_on_the_next_time() {
    let files = [("long.yarn", scene("long", "", LONG))];
    let store = tempfile::tempdir().unwrap();
    let mut first = kept_in(&store, &files);
    first.until_read();
    first.play("long");
    first.until_choices();
    drop(first);
    let mut second = kept_in(&store, &files);
    second
        .app
        .run_until("the scene is found", |world| world.resource::<UnfinishedScene>().0.is_some());
    let unfinished = second.app.world().resource::<UnfinishedScene>().0.clone();
    second.trigger(ResumeScene(unfinished.expect("a scene")));
    second.until_choices();
    assert_eq!(second.app.world().resource::<UnfinishedScene>().0, None);
    assert!(second.said().is_empty(), "what was said is not said again");
    second.trigger(Choose(0));
    assert_eq!(second.run_to_the_end(), SceneEnd::Finished);
}

#[test]
fn a_scene_may_begin_by_itself() {
    let headers = "begins: alone\nrepeat: no";
    let alone = scene("rain", headers, "Ida: Listen, rain. #line:a1 #emotion:neutral");
    let mut show = Show::new(&[("rain.yarn", alone)]);
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    assert_eq!(show.said(), ["Ida: Listen, rain."]);
    show.app.frames(1500);
    assert_eq!(show.ends(), 1, "it says that it does not repeat");
    show.play("rain");
    assert!(matches!(show.run_to_the_end(), SceneEnd::Failed(_)));
}

#[test]
fn a_scene_without_all_its_members_does_not_begin_by_itself() {
    let alone = scene("rain", "begins: alone", "Mia: Listen, rain. #line:a1 #emotion:neutral");
    let mut show = Show::new(&[("rain.yarn", alone)]);
    show.app.frames(1500);
    assert_eq!(show.ends(), 0);
}

#[cfg(feature = "hot_reload")]
#[test]
fn a_broken_edit_is_told_and_a_good_one_is_followed() {
    let mut show = Show::new(&[("long.yarn", scene("long", "", LONG))]);
    show.play("long");
    show.until_choices();
    show.edit("long.yarn", "title: long\n---\n<<jmp nowhere\n===\n");
    show.app.run_until("the fault is told", |world| {
        !world.resource::<SceneLibrary>().faults().is_empty()
    });
    assert!(show.app.world().resource::<SceneLibrary>().current().get("long").is_some());
    assert_eq!(show.state().choices.len(), 2, "the scene goes on");
    show.edit("long.yarn", &scene("long", "", &LONG.replace("Three", "Four")));
    show.app.run_until("the edit is read", |world| {
        world.resource::<SceneLibrary>().faults().is_empty()
    });
    show.until_choices();
    show.trigger(Choose(0));
    assert_eq!(show.run_to_the_end(), SceneEnd::Finished);
    assert_eq!(show.said().last().map(String::as_str), Some("Ida: Four."));
}

/// A fan who does something whenever a scene wants something.
fn play_through(app: &mut PersonaApp, scene: &str, seed: &mut u64) -> SceneEnd {
    let before = app.world().resource::<Told>().ends.len();
    app.world_mut().trigger(PlayScene { scene: scene.into(), force: false });
    let mut draw = || {
        *seed =
            seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(*seed >> 33).unwrap_or(0)
    };
    let start = std::time::Instant::now();
    while app.world().resource::<Told>().ends.len() == before {
        assert!(start.elapsed() < common::PATIENCE * 2, "{scene} hangs");
        let state = app.world().resource::<SceneState>().clone();
        if !state.choices.is_empty() {
            app.world_mut().trigger(Choose(draw() % state.choices.len()));
        } else if let Some(listens) = state.listens {
            let answers = ["I think so.", "A warm lamp at home.", "빗소리가 좋아요", "no idea lol"];
            match draw() % 5 {
                number if number < answers.len() => {
                    let said = listens.options.get(number).map_or(answers[number], |s| s.as_str());
                    app.say(listens.to, said);
                }
                _ => app.world_mut().trigger(GoOn),
            }
        }
        app.frames(1);
        std::thread::sleep(std::time::Duration::from_micros(200));
    }
    app.world().resource::<Told>().ends[before].how.clone()
}

const SCENES: [&str; 7] = [
    "first_hello",
    "rooftop_rehearsal",
    "echo_tower",
    "staircase",
    "puzzle_box",
    "white_room",
    "lantern_night",
];

#[test]
fn the_sample_scenes_play_to_their_ends_in_both_languages() {
    for (language, mut seed) in [(Language::English, 7), (Language::Korean, 8)] {
        let script = ScriptedBackend::new(["[joy] Hm, and what do you think of it?"]);
        let mut app = PersonaApp::scripted(script);
        DirectorPlugin::default().build(&mut app.app);
        LibraryPlugin::default().build(&mut app.app);
        app.app.insert_resource(ReadingPace(f32::INFINITY)).insert_resource(SceneSeed(Some(3)));
        record(&mut app.app);
        for member in ["siwoo", "jena", "taira", "marty"] {
            let entity = app.spawn_file(&format!("{member}.persona.ron"));
            app.world_mut().entity_mut(entity).insert(FanLanguage(language));
            let mut rapport = app.world_mut().get_mut::<Rapport>(entity).expect("a member");
            rapport.0.relationship.shift(60.0);
        }
        for scene in SCENES {
            assert_eq!(play_through(&mut app, scene, &mut seed), SceneEnd::Finished, "{scene}");
        }
        app.frames(5);
        let fan = app.world().resource::<Fan>();
        for lock in ["echo_tower", "staircase", "puzzle_box", "white_room"] {
            assert!(fan.unlocked.contains(lock), "{lock}: {:?}", fan.unlocked);
        }
        let told = app.world().resource::<Told>();
        assert!(told.narrated.is_empty(), "{:?}", told.narrated);
        assert!(told.nodes.iter().any(|node| node == "lantern_night_roof"));
        assert!(fan.memory.facts().iter().any(|fact| fact.value.contains("lantern night")));
        assert_whole(app.heard());
    }
}
