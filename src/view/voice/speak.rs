//! Orders sounds, plays them, and moves the mouth.

use std::sync::Arc;

use bevy::{
    audio::{SpatialListener, SpatialScale, Volume},
    prelude::*,
};

use super::{
    VoiceSettings, VoiceStatus, VoiceVolume,
    clock::SoundClock,
    floor::Floor,
    recital::{Line, LineState},
    sound::{SoundControl, SpeechSound},
    speaker::{Playing, Speaker},
    voices::Voices,
};
use crate::{
    cue::{Beat, BeatPart, CueBook, LipSync, SpokenWord, VoiceCue},
    dialogue::FanLanguage,
    persona::{Language, Persona, PersonaAsset, PersonaSheet},
    voice::{MouthPose, MouthTrack, Speech, SpeechRequest, Utterance, her_own, pause_after},
};

/// Takes what the voices have made.
pub(super) fn receive(
    mut voices: ResMut<Voices>,
    mut status: ResMut<VoiceStatus>,
    mut speakers: Query<&mut Speaker>,
) {
    let voices = voices.bypass_change_detection();
    while let Some((ticket, speech)) = voices.next(&mut status) {
        for mut speaker in &mut speakers {
            let speaker = speaker.bypass_change_detection();
            speaker.babbles |= speaker.recital.fill(ticket, speech.clone());
        }
    }
}

/// Orders the sounds of lines that have none, and babble for those that take too long.
pub(super) fn order(
    time: Res<Time>,
    settings: Res<VoiceSettings>,
    sheets: Option<Res<Assets<PersonaAsset>>>,
    mut voices: ResMut<Voices>,
    mut speakers: Query<(&mut Speaker, &Persona, Option<&FanLanguage>, Option<&CueBook>)>,
) {
    let Some(sheets) = sheets else { return };
    let voices = voices.bypass_change_detection();
    for (mut speaker, persona, language, book) in &mut speakers {
        let language = language.map_or_else(Language::default, |language| language.0);
        if speaker.recital.lines.is_empty() {
            continue;
        }
        let Some(sheet) = sheets.get(&persona.0).map(|asset| &asset.sheet) else { continue };
        let speaker = speaker.bypass_change_detection();
        let is_free = speaker.playing.is_none();
        let (mut babbles, cancelled) = (speaker.babbles, speaker.cancelled.clone());
        for (place, line) in speaker.recital.lines.iter_mut().enumerate() {
            if let LineState::Ordered { waited, is_babble: false, .. } = &mut line.state
                && place == 0
                && is_free
            {
                *waited += time.delta_secs();
                babbles |= *waited >= settings.deadline.as_secs_f32();
            }
            let is_late =
                babbles && matches!(line.state, LineState::Ordered { is_babble: false, .. });
            if !(is_late || matches!(line.state, LineState::New)) {
                continue;
            }
            let felt = line.feeling.as_ref().zip(book).map(|(tag, book)| book.tone(tag));
            let felt = felt.unwrap_or_default();
            let tone = her_own(sheet, felt);
            line.pause = tone.pause;
            let utterance = utterance(line, sheet, tone, language);
            let needs_model = line.sound.is_none() && !babbles;
            let ordered = voices.order(utterance, needs_model, &cancelled);
            line.state = ordered.map_or(LineState::Mute, |(ticket, is_babble)| {
                LineState::Ordered { ticket, waited: 0.0, is_babble }
            });
        }
        speaker.babbles = babbles;
    }
}

fn utterance(line: &Line, sheet: &PersonaSheet, tone: VoiceCue, language: Language) -> Utterance {
    let (speaker, pitch_hz) = (sheet.id.as_str().to_owned(), sheet.voice.pitch_hz);
    match line.sound {
        Some(sound) => {
            let seed = line.range.start as u64;
            Utterance::Sound { sound, speaker, pitch_hz, seed }
        }
        None => Utterance::Words(SpeechRequest {
            speaker,
            pitch_hz,
            text: line.text.clone(),
            language,
            tone,
        }),
    }
}

/// Whose turn it is, and whether anybody plays sounds.
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

/// Lets everybody say what is ready.
pub(super) fn speak(
    time: Res<Time>,
    settings: Res<VoiceSettings>,
    listeners: Query<(), With<SpatialListener>>,
    sounds: Option<ResMut<Assets<SpeechSound>>>,
    mouths: Query<&super::MouthPlace>,
    mut floor: ResMut<Floor>,
    mut speakers: Speakers,
    mut commands: Commands,
) {
    let dt = time.delta_secs();
    let mut sounds = sounds;
    if let Some(holder) = floor.holder
        && !speakers
            .get(holder)
            .is_ok_and(|(_, speaker, ..)| speaker.has_the_floor() || speaker.recital.ask.is_some())
    {
        floor.holder = None;
    }
    for (entity, mut speaker, mut lips, mut word, volume) in &mut speakers {
        let speaker = speaker.bypass_change_detection();
        if let Some(playing) = &mut speaker.playing {
            let is_over = playing.advance(dt);
            floor.is_silent = playing.clock.is_silent();
            lips.bypass_change_detection().pose = playing.pose();
            word.set_if_neq(SpokenWord(playing.word()));
            if !is_over {
                continue;
            }
            commands.entity(playing.sound).try_despawn();
            speaker.pause = playing.pause;
            speaker.playing = None;
            word.set_if_neq(SpokenWord(None));
            lips.bypass_change_detection().pose = MouthPose::default();
        }
        speaker.pause = (speaker.pause - dt).max(0.0);
        lips.bypass_change_detection().speaks =
            speaker.playing.is_some() || (speaker.pause > 0.0 && !speaker.recital.lines.is_empty());
        if speaker.pause > 0.0 {
            continue;
        }
        while let Some(Line { state: LineState::Mute, comes_up, .. }) =
            speaker.recital.lines.front()
        {
            if let (Some(ask), Some(tag)) = (speaker.recital.ask, comes_up.clone()) {
                commands.trigger(Beat { entity, ask, part: BeatPart::Feel(tag) });
            }
            speaker.recital.lines.pop_front();
        }
        let is_ready =
            matches!(speaker.recital.lines.front(), Some(Line { state: LineState::Ready(_), .. }));
        if is_ready && !floor.is_for(entity, settings.turns, speaker.waited) {
            speaker.waited += dt;
            continue;
        }
        if is_ready
            && let Some(line) = speaker.recital.lines.pop_front()
            && let (Some(ask), LineState::Ready(speech)) = (speaker.recital.ask, line.state)
        {
            (floor.holder, speaker.waited) = (Some(entity), 0.0);
            if let Some(tag) = line.comes_up {
                commands.trigger(Beat { entity, ask, part: BeatPart::Feel(tag) });
            }
            if !line.text.is_empty() {
                commands.trigger(Beat { entity, ask, part: BeatPart::Say(line.text.clone()) });
            }
            let loud = settings.volume * volume.map_or(1.0, |volume| volume.0);
            let at = mouths.get(entity).map_or(entity, |place| place.0);
            let control = Arc::<SoundControl>::default();
            let spatial = !listeners.is_empty();
            let sound = sounds
                .as_mut()
                .and_then(|sounds| Some(sounds.add(SpeechSound::new(&speech, control.clone())?)));
            let mut player = commands.spawn((ChildOf(at), Transform::default()));
            if let Some(sound) = sound {
                let scale = SpatialScale::new(settings.spatial_scale.max(1e-3));
                let playback = PlaybackSettings::DESPAWN
                    .with_volume(Volume::Linear(loud.clamp(0.0, 1.0)))
                    .with_spatial(spatial)
                    .with_spatial_scale(scale);
                player.insert((AudioPlayer(sound), playback));
            }
            let sound = player.id();
            let clock = if floor.is_silent { SoundClock::silent() } else { SoundClock::default() };
            speaker.playing = Some(playing(
                &speech,
                sound,
                control,
                clock,
                line.range,
                line.pause * pause_after(&line.text),
            ));
            lips.bypass_change_detection().speaks = true;
        } else if let Some(ask) = speaker.recital.take_end() {
            (speaker.babbles, speaker.waited) = (false, 0.0);
            commands.trigger(Beat { entity, ask, part: BeatPart::End { interrupted: false } });
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a sample rate is below 2^24")]
fn playing(
    speech: &Speech,
    sound: Entity,
    control: Arc<SoundControl>,
    clock: SoundClock,
    range: std::ops::Range<usize>,
    pause: f32,
) -> Playing {
    Playing {
        sound,
        control,
        clock,
        mouth: MouthTrack::new(&speech.mouth_keys),
        words: speech.words.clone(),
        range,
        seconds: speech.seconds(),
        sample_rate: speech.sample_rate as f32,
        pause,
    }
}
