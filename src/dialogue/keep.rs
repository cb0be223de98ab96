//! Keeps what characters remember of the fan from one start of the game to the next.

use std::path::PathBuf;

use bevy::prelude::*;

use super::{BondShifted, Conversation, Fan, Forgotten, Rapport, TalksWith, TurnSettled};
use crate::{
    PersonaSystems,
    mind::FanId,
    persona::{Persona, PersonaAsset},
    store::{Saved, SavedStory, Store, StoreEvent, StoreJob, StoreWriter, TurnRecord},
    systems,
};

/// Remembers the fan in a file: memory, closeness, mood, finished scenes and conversations.
///
/// Not part of [`PersonaPlugins`](crate::PersonaPlugins), because a game has its own place for saves.
/// The file is read when the app starts and written on a thread of its own, a turn at a time. Where
/// it cannot be used, the error is told and the characters remember until the game ends.
///
/// # Example
/// ```no_run
/// use bevy::prelude::*;
/// use bevy_persona::prelude::*;
///
/// let fan = "mina".parse().expect("a well-formed name");
/// App::new()
///     .add_plugins((PersonaSourcePlugin::default(), DefaultPlugins, PersonaPlugins::default()))
///     .add_plugins(FanStorePlugin { file: "fans.sqlite".into(), fan });
/// ```
#[derive(Debug, Clone)]
pub struct FanStorePlugin {
    /// The file; one for each world.
    pub file: PathBuf,
    /// Who plays.
    pub fan: FanId,
}

impl FanStorePlugin {
    /// The file of a user's characters, for programs that have no place of their own for saves: in
    /// the user's data folder, which is made.
    #[must_use]
    pub fn usual_file() -> PathBuf {
        let folder = dirs::data_dir().unwrap_or_else(std::env::temp_dir).join("bevy_persona");
        // Where it cannot be made, opening the file says so.
        let _ = std::fs::create_dir_all(&folder);
        folder.join("fans.sqlite")
    }
}

/// What written scenes left behind, as the store keeps it.
///
/// Comes with a [`FanStorePlugin`]. Whoever plays scenes takes it over when the file has been read, and
/// writes here what is to be kept.
#[derive(Debug, Clone, PartialEq, Default, Resource)]
pub struct FanStory {
    /// What is kept.
    pub saved: SavedStory,
    /// Whether the file has been read.
    pub is_read: bool,
}

impl Plugin for FanStorePlugin {
    fn build(&self, app: &mut App) {
        systems::configure(app);
        app.insert_resource(Kept { file: self.file.clone(), writer: None, saved: None })
            .init_resource::<FanStory>()
            .insert_resource(Fan { id: self.fan.clone(), ..Fan::default() })
            .add_systems(Startup, open)
            .add_systems(PreUpdate, (hear, greet).chain().in_set(PersonaSystems::Receive))
            .add_systems(
                PostUpdate,
                (keep, keep_shifts, unlock, keep_story, forget)
                    .chain()
                    .in_set(PersonaSystems::Submit),
            );
    }
}

/// The store of this game.
#[derive(Resource)]
struct Kept {
    file: PathBuf,
    writer: Option<StoreWriter>,
    /// What the file knew of the fan when it was read.
    saved: Option<Box<Saved>>,
}

fn open(mut kept: ResMut<Kept>, fan: Res<Fan>) {
    let opened = Store::open(&kept.file).map_err(|error| error.to_string());
    let writer =
        opened.and_then(|store| StoreWriter::spawn(store).map_err(|error| error.to_string()));
    match writer {
        Ok(writer) => {
            submit(&writer, StoreJob::Load(fan.id.clone()));
            kept.writer = Some(writer);
        }
        Err(error) => error!("{error}; the characters remember until the game ends"),
    }
}

fn submit(writer: &StoreWriter, job: StoreJob) {
    if let Err(error) = writer.submit(job) {
        error!("{error}");
    }
}

fn hear(mut kept: ResMut<Kept>, mut fan: ResMut<Fan>, mut story: ResMut<FanStory>) {
    let Some(writer) = &kept.writer else { return };
    let events: Vec<StoreEvent> = writer.events().collect();
    for event in events {
        match event {
            StoreEvent::Loaded(_, saved) => {
                fan.memory = saved.memory();
                fan.unlocked.extend(saved.unlocked.iter().cloned());
                *story = FanStory { saved: saved.story.clone(), is_read: true };
                kept.saved = Some(saved);
            }
            StoreEvent::Failing(error) => error!("{error}"),
            StoreEvent::Recovered => info!("the store can be written again"),
            StoreEvent::Refused(_, error) => error!("{error}; the change is lost"),
            StoreEvent::Saved { .. } | StoreEvent::Exported(..) => {}
        }
    }
}

/// Everybody who may know the fan from before.
type Strangers<'w, 's> = Query<
    'w,
    's,
    (Entity, &'static Persona, &'static mut Rapport, &'static mut Conversation),
    (Without<Greeted>, Without<TalksWith>),
>;

/// Marks a character who has been told what was between her and the fan.
#[derive(Component)]
struct Greeted;

/// Tells each character, once, what was between her and the fan.
fn greet(
    kept: Res<Kept>,
    sheets: Option<Res<Assets<PersonaAsset>>>,
    mut strangers: Strangers,
    mut commands: Commands,
) {
    let (Some(saved), Some(sheets)) = (&kept.saved, sheets) else { return };
    for (entity, persona, mut rapport, mut conversation) in &mut strangers {
        let Some(PersonaAsset { sheet }) = sheets.get(&persona.0) else { continue };
        commands.entity(entity).insert(Greeted);
        let Some(talks) = saved.talks.get(&sheet.id) else { continue };
        // What was said before the file was read is not forgotten for it.
        if conversation.history.turns.is_empty() {
            conversation.history = talks.history.clone();
            rapport.0 = talks.bond.clone().unwrap_or_default();
        }
    }
}

fn keep(
    kept: Res<Kept>,
    fan: Res<Fan>,
    idols: Query<&Rapport>,
    others: Query<(), With<TalksWith>>,
    mut settled: MessageReader<TurnSettled>,
) {
    let Some(writer) = &kept.writer else { return };
    for turn in settled.read().filter(|turn| !others.contains(turn.entity)) {
        let bond = idols.get(turn.entity).ok().map(|rapport| rapport.0.clone());
        let (lines, forgotten) = (turn.lines.clone(), turn.forgotten.clone());
        let record = TurnRecord::settled(lines, &fan.memory, forgotten, bond);
        let (fan, member) = (fan.id.clone(), turn.member.clone());
        submit(writer, StoreJob::SaveTurn { fan, member, record: record.into() });
    }
}

/// Keeps what changed without a turn.
fn keep_shifts(
    kept: Res<Kept>,
    fan: Res<Fan>,
    idols: Query<&Rapport>,
    others: Query<(), With<TalksWith>>,
    mut shifted: MessageReader<BondShifted>,
) {
    let Some(writer) = &kept.writer else { return };
    for BondShifted { entity, member } in shifted.read().filter(|it| !others.contains(it.entity)) {
        let bond = idols.get(*entity).ok().map(|rapport| rapport.0.clone());
        let facts = fan.memory.facts().to_vec();
        let record = Box::new(TurnRecord { facts, bond, ..TurnRecord::default() });
        submit(writer, StoreJob::SaveTurn { fan: fan.id.clone(), member: member.clone(), record });
    }
}

/// Forgets in the file what was forgotten; behind [`keep`], so that no turn of before comes after.
fn forget(
    mut kept: ResMut<Kept>,
    fan: Res<Fan>,
    mut story: ResMut<FanStory>,
    mut forgotten: MessageReader<Forgotten>,
) {
    for what in forgotten.read() {
        let job = match what {
            Forgotten::Fact(fact) => StoreJob::Forget(fan.id.clone(), *fact),
            Forgotten::Fan => {
                // Nobody who comes later is told of before.
                kept.saved = kept.saved.take().map(|_| Box::default());
                story.saved = SavedStory::default();
                StoreJob::ForgetFan(fan.id.clone())
            }
        };
        if let Some(writer) = &kept.writer {
            submit(writer, job);
        }
    }
}

/// Keeps scenes that the game marked as finished.
fn unlock(kept: Res<Kept>, fan: Res<Fan>, mut known: Local<Option<crate::mind::Unlocked>>) {
    let (Some(writer), true) = (&kept.writer, fan.is_changed()) else { return };
    let before = known.replace(fan.unlocked.clone()).unwrap_or_default();
    for scene in fan.unlocked.difference(&before) {
        submit(writer, StoreJob::Unlock { fan: fan.id.clone(), scene: scene.clone() });
    }
}

/// Keeps what scenes left, whenever it differs from what the file has.
fn keep_story(
    kept: Res<Kept>,
    fan: Res<Fan>,
    story: Res<FanStory>,
    mut known: Local<Option<SavedStory>>,
) {
    let (Some(writer), true) = (&kept.writer, story.is_changed() && story.is_read) else { return };
    let in_file = || kept.saved.as_ref().map(|saved| saved.story.clone()).unwrap_or_default();
    let known = known.get_or_insert_with(in_file);
    // Of a fan who was forgotten nothing is left to be kept.
    if *known != story.saved && !story.saved.is_empty() {
        let (fan, story) = (fan.id.clone(), story.saved.clone().into());
        submit(writer, StoreJob::SaveStory { fan, story });
    }
    known.clone_from(&story.saved);
}
