//! Plays what is ready, and moves the mouth.

use std::sync::Arc;

use bevy::{
    audio::{SpatialListener, SpatialScale, Volume},
    ecs::system::SystemParam,
    prelude::*,
};

use super::{
    MouthPlace, VoiceSettings, VoiceVolume,
    clock::SoundClock,
    floor::Floor,
    recital::{Line, LineState},
    sound::{SoundControl, SpeechSound},
    speaker::{Playing, Speaker},
};
use crate::{
    cue::{Beat, BeatPart, LipSync, SpokenWord},
    voice::{MouthPose, MouthTrack, Speech, pause_after},
};

/// All who speak.
type Speakers<'w, 's> = Query<
    'w,
    's,
    (
        Entity,
        &'static mut Speaker,
        &'static mut LipSync,
        &'static mut SpokenWord,
        Option<&'static VoiceVolume>,
    ),
>;

/// What plays sounds.
#[derive(SystemParam)]
pub(super) struct Playback<'w, 's> {
    settings: Res<'w, VoiceSettings>,
    listeners: Query<'w, 's, (), With<SpatialListener>>,
    /// None without Bevy's audio.
    sounds: Option<ResMut<'w, Assets<SpeechSound>>>,
    mouths: Query<'w, 's, &'static MouthPlace>,
    commands: Commands<'w, 's>,
}

/// Lets everybody say what is ready.
pub(super) fn play(
    time: Res<Time>,
    real_time: Res<Time<Real>>,
    mut playback: Playback,
    mut floor: ResMut<Floor>,
    mut speakers: Speakers,
) {
    let dt = time.delta_secs();
    let holds = |entity| {
        let holder = speakers.get(entity).ok();
        holder.is_some_and(|(_, speaker, ..)| speaker.has_something_to_say())
    };
    if floor.holder.is_some_and(|holder| !holds(holder)) {
        floor.holder = None;
    }
    let waiting = speakers.iter().filter(|(_, speaker, ..)| speaker.waits_for_the_floor());
    let next = waiting.max_by(|a, b| a.1.waited.total_cmp(&b.1.waited)).map(|found| found.0);
    for (entity, mut speaker, mut lips, mut word, volume) in &mut speakers {
        let (speaker, lips) = (speaker.bypass_change_detection(), lips.bypass_change_detection());
        if speaker.playing.is_some() {
            word.set_if_neq(SpokenWord(go_on(
                real_time.delta_secs(),
                speaker,
                lips,
                &mut floor,
                &mut playback,
            )));
        }
        if speaker.playing.is_some() {
            continue;
        }
        speaker.pause = (speaker.pause - dt).max(0.0);
        lips.speaks = speaker.pause > 0.0 && !speaker.recital.lines.is_empty();
        if speaker.pause > 0.0 {
            continue;
        }
        pass_over_mute(entity, speaker, &mut playback.commands);
        if !speaker.recital.is_next_ready() {
            if let Some(ask) = speaker.recital.take_end() {
                (speaker.babbles, speaker.waited) = (false, 0.0);
                let part = BeatPart::End { interrupted: false };
                playback.commands.trigger(Beat { entity, ask, part });
            }
        } else if floor.is_for(entity, next, playback.settings.turns, speaker.waited) {
            (floor.holder, speaker.waited) = (Some(entity), 0.0);
            let volume = volume.map_or(1.0, |volume| volume.0);
            speaker.playing = playback.begin(entity, speaker, volume, floor.is_silent);
            lips.speaks = speaker.playing.is_some();
        } else {
            speaker.waited += dt;
        }
    }
}

/// Goes on with a clause; gives the word of the moment. A sound card knows nothing of a game that runs faster or
/// slower: `dt` is in real seconds.
fn go_on(
    dt: f32,
    speaker: &mut Speaker,
    lips: &mut LipSync,
    floor: &mut Floor,
    playback: &mut Playback,
) -> Option<std::ops::Range<usize>> {
    let playing = speaker.playing.as_mut()?;
    let is_over = playing.advance(dt);
    floor.is_silent = playing.clock.is_silent();
    if !is_over {
        lips.pose = playing.pose();
        return playing.word();
    }
    playback.commands.entity(playing.sound).try_despawn();
    lips.pose = MouthPose::default();
    speaker.pause = playing.pause;
    speaker.playing = None;
    None
}

/// Passes over lines without sound; a feeling that comes up with them is shown.
fn pass_over_mute(entity: Entity, speaker: &mut Speaker, commands: &mut Commands) {
    let recital = &mut speaker.recital;
    while let Some(line) = recital.lines.pop_front_if(|line| matches!(line.state, LineState::Mute))
    {
        if let (Some(ask), Some(tag)) = (recital.ask, line.comes_up) {
            commands.trigger(Beat { entity, ask, part: BeatPart::Feel(tag) });
        }
    }
}

impl Playback<'_, '_> {
    /// Begins with the next line.
    fn begin(
        &mut self,
        entity: Entity,
        speaker: &mut Speaker,
        volume: f32,
        is_silent: bool,
    ) -> Option<Playing> {
        let Line { text, range, comes_up, pause, state, .. } = speaker.recital.lines.pop_front()?;
        let LineState::Ready(speech) = state else { return None };
        // A sound before her words belongs to no reply.
        let ask = speaker.recital.ask;
        if let (Some(ask), Some(tag)) = (ask, comes_up) {
            self.commands.trigger(Beat { entity, ask, part: BeatPart::Feel(tag) });
        }
        let pause = pause * pause_after(&text);
        if let (Some(ask), false) = (ask, text.is_empty()) {
            self.commands.trigger(Beat { entity, ask, part: BeatPart::Say(text) });
        }
        let control = Arc::<SoundControl>::default();
        let sound = self.play(entity, &speech, &control, volume);
        #[expect(clippy::cast_precision_loss, reason = "a sample rate is below 2^24")]
        let sample_rate = speech.sample_rate as f32;
        Some(Playing {
            sound,
            control,
            clock: if is_silent { SoundClock::silent() } else { SoundClock::default() },
            mouth: MouthTrack::new(&speech.mouth_keys),
            seconds: speech.seconds(),
            words: speech.words,
            range,
            sample_rate,
            pause,
        })
    }

    /// Plays a sound where the mouth of a character is; gives the entity that does.
    fn play(
        &mut self,
        entity: Entity,
        speech: &Speech,
        control: &Arc<SoundControl>,
        volume: f32,
    ) -> Entity {
        let at = self.mouths.get(entity).map_or(entity, |place| place.0);
        let mut player = self.commands.spawn((ChildOf(at), Transform::default()));
        if let Some(sounds) = &mut self.sounds
            && let Some(sound) = SpeechSound::new(speech, control.clone())
        {
            let loud = (self.settings.volume * volume).clamp(0.0, 1.0);
            let scale = SpatialScale::new(self.settings.spatial_scale.max(1e-3));
            let settings = PlaybackSettings::DESPAWN
                .with_volume(Volume::Linear(loud))
                .with_spatial(!self.listeners.is_empty())
                .with_spatial_scale(scale);
            player.insert((AudioPlayer(sounds.add(sound)), settings));
        }
        player.id()
    }
}
