//! Keeps what a character shows in step with what goes on in her.

use bevy::prelude::*;

use super::{
    Activity, Attend, Attention, Beat, BeatPart, CueBook, CueSheet, CueSheetLoader, EmotionBlend,
    EmotionFade, GazeManner, Gesture, Posture, Stress, VoiceCue,
    activity::ActivityClock,
    attention, beat,
    book::{self, CommonBook},
    gesture::{GestureChoice, stress},
};
use crate::{
    PersonaSystems,
    dialogue::{AnswerFan, AskId, Improvise, Say, SceneListens},
    faults,
    mind::{Emotion, EmotionTag},
    systems,
};

/// The emotions an avatar can show.
///
/// A reply is tagged only with emotions that both the persona and the rig know. Views for an
/// avatar format insert it; without it every emotion of the persona is used.
#[derive(Debug, Clone, PartialEq, Eq, Component)]
pub struct EmotionRig(pub Vec<Emotion>);

/// Lets characters show what goes on in them.
///
/// Gives whoever has an [`EmotionBlend`] an [`Activity`], a [`Posture`], a [`GazeManner`], a
/// [`VoiceCue`], an [`Attention`] and a [`CueBook`]. Installs observers of reply events and systems in
/// [`PersonaSystems::Express`], and triggers [`Gesture`] and [`Stress`].
#[derive(Debug, Clone, Copy, Default)]
pub struct CuePlugin;

impl Plugin for CuePlugin {
    fn build(&self, app: &mut App) {
        systems::configure(app);
        app.init_resource::<CommonBook>()
            .register_required_components::<EmotionBlend, FeltIn>()
            .register_required_components::<EmotionBlend, Performing>()
            .register_required_components::<EmotionBlend, Activity>()
            .register_required_components::<EmotionBlend, ActivityClock>()
            .register_required_components::<EmotionBlend, Attention>()
            .register_required_components::<EmotionBlend, GazeManner>()
            .register_required_components::<EmotionBlend, Posture>()
            .register_required_components::<EmotionBlend, VoiceCue>()
            .add_observer(own_gestures)
            .add_observer(think)
            .add_observer(think_of_the_fan)
            .add_observer(think_of_the_moment)
            .add_observer(hold)
            .add_observer(listen)
            .add_observer(beat::begin)
            .add_observer(beat::feel)
            .add_observer(beat::say)
            .add_observer(beat::end)
            .add_observer(beat::fail)
            .add_observer(perform)
            .add_systems(
                Update,
                (
                    book::hand_out,
                    book::look_up.run_if(resource_exists::<Assets<CueSheet>>),
                    advance,
                    pass_time,
                    bear,
                    attention::attend,
                )
                    .chain()
                    .in_set(PersonaSystems::Express)
                    .in_set(CueSystems),
            );
    }

    fn finish(&self, app: &mut App) {
        if app.world().contains_resource::<AssetServer>() {
            faults::watch::<CueSheet>(app);
            app.init_asset::<CueSheet>()
                .init_asset_loader::<CueSheetLoader>()
                .add_systems(PreUpdate, book::reread);
        }
    }
}

/// All systems of [`CuePlugin`]; views run after them.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct CueSystems;

/// The ask in whose reply the feeling of the moment came up.
#[derive(Debug, Default, Component)]
struct FeltIn(Option<AskId>);

/// The reply that is being performed.
#[derive(Debug, Default, Component)]
struct Performing(Option<AskId>);

/// Each character chooses in a way of her own.
fn own_gestures(felt: On<Add, EmotionBlend>, mut commands: Commands) {
    commands.entity(felt.entity).insert_if_new(GestureChoice::new(felt.entity.to_bits()));
}

type Thinkers<'w, 's> = Query<'w, 's, (&'static mut Activity, &'static mut ActivityClock)>;

/// She thinks about what the fan says, unless a scene takes it.
fn think(say: On<Say>, listens: Option<Res<SceneListens>>, mut characters: Thinkers) {
    if !listens.is_some_and(|listens| listens.0) {
        begin_to_think(say.entity, &mut characters);
    }
}

fn think_of_the_fan(asked: On<AnswerFan>, mut characters: Thinkers) {
    begin_to_think(asked.entity, &mut characters);
}

fn think_of_the_moment(asked: On<Improvise>, mut characters: Thinkers) {
    begin_to_think(asked.entity, &mut characters);
}

fn begin_to_think(entity: Entity, characters: &mut Thinkers) {
    if let Ok((mut activity, mut clock)) = characters.get_mut(entity)
        && *activity != Activity::Speaking
    {
        clock.begin(&mut activity, Activity::Thinking);
    }
}

/// Request: a character shows a feeling until the next one comes up, whatever she says.
#[derive(Debug, Clone, PartialEq, EntityEvent)]
pub struct Feel {
    /// The character.
    pub entity: Entity,
    /// The feeling.
    pub tag: EmotionTag,
}

fn hold(feel: On<Feel>, mut characters: Query<(&mut EmotionBlend, &mut FeltIn)>) {
    if let Ok((mut blend, mut felt_in)) = characters.get_mut(feel.entity) {
        blend.aim(feel.tag.clone());
        // No reply takes it away when it ends.
        felt_in.0 = None;
    }
}

fn listen(attend: On<Attend>, mut characters: Query<(&mut Activity, &mut ActivityClock)>) {
    if let Ok((mut activity, mut clock)) = characters.get_mut(attend.entity) {
        clock.attend(&mut activity);
    }
}

/// What a beat changes in a character.
type Performer<'a> = (
    &'a mut Activity,
    &'a mut ActivityClock,
    &'a mut EmotionBlend,
    &'a mut FeltIn,
    &'a mut Performing,
    &'a mut GestureChoice,
    Option<&'a CueBook>,
);

/// Performs a part of a reply.
fn perform(beat: On<Beat>, mut characters: Query<Performer>, mut commands: Commands) {
    let entity = beat.entity;
    let Ok((mut activity, mut clock, mut blend, mut felt_in, mut performing, mut gestures, book)) =
        characters.get_mut(entity)
    else {
        return;
    };
    match &beat.part {
        BeatPart::Begin => {
            performing.0 = Some(beat.ask);
            clock.begin(&mut activity, Activity::Speaking);
            gestures.begin();
        }
        BeatPart::Feel(tag) => {
            blend.aim(tag.clone());
            felt_in.0 = Some(beat.ask);
            let cue = book.and_then(|book| book.feelings.get(&tag.emotion));
            if let Some(motion) = cue.and_then(|cue| gestures.for_feeling(cue, tag.intensity)) {
                commands.trigger(Gesture { entity, motion });
            }
        }
        BeatPart::Say(text) => {
            if let Some(motion) = book.and_then(|book| gestures.for_words(book, text)) {
                commands.trigger(Gesture { entity, motion });
            }
            let strength = stress(text);
            if strength > 0.0 {
                commands.trigger(Stress { entity, strength });
            }
        }
        BeatPart::End { interrupted } => {
            // The end of another ask, one that was refused, leaves the feeling as it is.
            if felt_in.0.take_if(|felt_in| *felt_in == beat.ask).is_some() {
                blend.rest();
            }
            // What was cut short by the next reply has ended for her already.
            if performing.0.is_some_and(|ask| ask != beat.ask) {
                return;
            }
            performing.0 = None;
            let next = if *interrupted { Activity::Interrupted } else { Activity::Reacting };
            clock.begin(&mut activity, next);
        }
    }
}

fn advance(time: Res<Time>, mut blends: Query<(&mut EmotionBlend, Option<&EmotionFade>)>) {
    let dt = time.delta_secs();
    for (mut blend, fade) in &mut blends {
        let fade = fade.copied().unwrap_or_default();
        let quiet = blend.bypass_change_detection();
        quiet.settle(dt, fade.linger);
        if quiet.advance(dt, fade.seconds) {
            blend.set_changed();
        }
    }
}

fn pass_time(
    time: Res<Time>,
    mut characters: Query<(&mut Activity, &mut ActivityClock, &mut GestureChoice)>,
) {
    let dt = time.delta_secs();
    for (mut activity, mut clock, mut gestures) in &mut characters {
        gestures.advance(dt);
        if let Some(next) = clock.advance(*activity, dt) {
            *activity = next;
        }
    }
}

/// How fast a body comes into another posture, per second.
const POSTURE_RATE: f32 = 3.5;

fn bear(
    time: Res<Time>,
    mut characters: Query<(
        &EmotionBlend,
        &Activity,
        &CueBook,
        &mut Posture,
        &mut GazeManner,
        &mut VoiceCue,
    )>,
) {
    for (blend, activity, book, mut posture, mut gaze, mut voice) in &mut characters {
        let doing = book.activities.get(activity);
        let mut goal = doing.map(|cue| cue.posture).unwrap_or_default();
        let mut manner = doing.map(|cue| cue.gaze).unwrap_or_default();
        let mut tone = VoiceCue::default();
        for (emotion, weight) in blend.weights() {
            let Some(cue) = book.feelings.get(emotion) else { continue };
            goal.add(&cue.posture, *weight);
            tone = tone.mix(cue.voice, *weight);
            if *emotion != Emotion::Neutral {
                manner = manner.mix(cue.gaze, 0.7 * weight);
            }
        }
        posture.bypass_change_detection().approach(&goal, POSTURE_RATE, time.delta_secs());
        *gaze.bypass_change_detection() = manner;
        *voice.bypass_change_detection() = tone;
    }
}
