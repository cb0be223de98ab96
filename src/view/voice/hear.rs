//! What a reply brings becomes something to be said aloud.

use bevy::prelude::*;

use super::speaker::Speaker;
use crate::{
    cue::{Beat, BeatPart, CueBook, LipSync, SpokenWord, Utter, random::SplitMix},
    dialogue::{
        AskId, EmotionChanged, Interrupt, ReplyChunk, ReplyEnd, ReplyFailed, ReplyFinished,
        ReplyStarted, Say, SceneListens,
    },
};

/// How strong a feeling must be that comes with a sound, 0..1.
const STRONG: f32 = 0.6;
/// How often a strong feeling does.
const OFTEN: f32 = 0.45;

/// Chooses sounds without words.
#[derive(Debug, Clone, Component)]
pub(super) struct SoundChoice(SplitMix);

/// Whoever speaks has chances of her own.
pub(super) fn own_chances(added: On<Add, Speaker>, mut commands: Commands) {
    commands.entity(added.entity).insert_if_new(SoundChoice(SplitMix(added.entity.to_bits())));
}

/// Whoever speaks, and what shows it.
type Speakers<'w, 's> =
    Query<'w, 's, (&'static mut Speaker, &'static mut LipSync, &'static mut SpokenWord)>;

pub(super) fn begin(started: On<ReplyStarted>, mut speakers: Speakers, mut commands: Commands) {
    // A sound before her words is no reply that they cut short.
    if speakers.get(started.entity).is_ok_and(|(speaker, ..)| speaker.recital.ask.is_some()) {
        cut_short(started.entity, &mut speakers, &mut commands);
    }
    if let Ok((mut speaker, ..)) = speakers.get_mut(started.entity) {
        speaker.recital.begin(started.ask);
    }
}

/// A sound without words.
pub(super) fn utter(utter: On<Utter>, mut speakers: Query<(&mut Speaker, &mut SoundChoice)>) {
    if let Ok((mut speaker, mut choice)) = speakers.get_mut(utter.entity) {
        speaker.recital.utter(utter.sound, choice.0.next());
    }
}

pub(super) fn feel(
    changed: On<EmotionChanged>,
    mut speakers: Query<(&mut Speaker, &mut SoundChoice, Option<&CueBook>)>,
) {
    let Ok((mut speaker, mut choice, book)) = speakers.get_mut(changed.entity) else { return };
    let tag = &changed.tag;
    speaker.recital.feel(tag.clone());
    let cue = book.and_then(|book| book.feelings.get(&tag.emotion));
    let sounds = cue.map(|cue| cue.sounds.as_slice()).unwrap_or_default();
    if !sounds.is_empty() && tag.intensity >= STRONG && choice.0.unit() < OFTEN {
        let sound = sounds[choice.0.below(sounds.len())];
        speaker.recital.utter(sound, choice.0.next());
    }
}

pub(super) fn say(chunk: On<ReplyChunk>, mut speakers: Query<&mut Speaker>) {
    if let Ok(mut speaker) = speakers.get_mut(chunk.entity) {
        speaker.recital.say(&chunk.text);
    }
}

pub(super) fn end(finished: On<ReplyFinished>, mut speakers: Speakers, mut commands: Commands) {
    let Ok((mut speaker, ..)) = speakers.get_mut(finished.entity) else { return };
    if finished.reason == ReplyEnd::Interrupted {
        hush(finished.entity, &mut speakers, &mut commands);
    } else if speaker.recital.ask == Some(finished.ask) {
        speaker.recital.end();
    }
}

pub(super) fn fail(failed: On<ReplyFailed>, mut speakers: Speakers, mut commands: Commands) {
    let is_of =
        |(speaker, ..): (&Speaker, &LipSync, &SpokenWord)| speaker.recital.ask == Some(failed.ask);
    if speakers.get(failed.entity).is_ok_and(is_of) {
        hush(failed.entity, &mut speakers, &mut commands);
    }
}

/// The fan speaks on while she still says what was written long before.
///
/// Where a scene listens, it decides.
pub(super) fn give_way(
    say: On<Say>,
    listens: Option<Res<SceneListens>>,
    mut speakers: Speakers,
    mut commands: Commands,
) {
    let is_for_a_scene = listens.is_some_and(|listens| listens.0);
    if !is_for_a_scene && has_all_words(say.entity, &speakers) {
        cut_short(say.entity, &mut speakers, &mut commands);
    }
}

/// All words have come, but not all were said: the dialogue has nothing to interrupt any more.
pub(super) fn interrupt(stop: On<Interrupt>, mut speakers: Speakers, mut commands: Commands) {
    if has_all_words(stop.entity, &speakers) {
        cut_short(stop.entity, &mut speakers, &mut commands);
    }
}

fn has_all_words(entity: Entity, speakers: &Speakers) -> bool {
    speakers.get(entity).is_ok_and(|(speaker, ..)| !speaker.recital.is_open())
}

/// Ends what is being said, and says so to all who perform it.
fn cut_short(entity: Entity, speakers: &mut Speakers, commands: &mut Commands) {
    if let Some(ask) = hush(entity, speakers, commands) {
        commands.trigger(Beat { entity, ask, part: BeatPart::End { interrupted: true } });
    }
}

/// Ends what is being said; gives the reply that it was.
fn hush(entity: Entity, speakers: &mut Speakers, commands: &mut Commands) -> Option<AskId> {
    let (mut speaker, mut lips, mut word) = speakers.get_mut(entity).ok()?;
    let (playing, ask) = speaker.hush();
    *lips = LipSync::default();
    word.set_if_neq(SpokenWord::default());
    if let Some(playing) = playing {
        playing.control.stop();
        if playing.clock.is_silent() {
            commands.entity(playing.sound).try_despawn();
        }
    }
    ask
}
