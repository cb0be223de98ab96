//! A soft chime when a character begins to speak.

use std::{f32::consts::TAU, num::NonZero, time::Duration};

use bevy::{
    audio::{AddAudioSource, AudioPlugin, ChannelCount, Sample, SampleRate, Source, Volume},
    prelude::*,
};

use crate::{
    cue::Voiced,
    dialogue::ReplyStarted,
    persona::{Persona, PersonaAsset, VoiceRef},
};

/// Rings when the reply of somebody without a voice begins, an octave above the pitch of the character's voice.
///
/// Installs an observer of [`ReplyStarted`]. Without Bevy's `AudioPlugin` it does nothing; without
/// a sound card it is silent.
///
/// # Example
/// A game with sounds of its own leaves it out:
/// ```
/// use bevy::prelude::*;
/// use bevy_persona::{prelude::*, view::ChimePlugin};
///
/// let plugins = PersonaPlugins::default().build().disable::<ChimePlugin>();
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct ChimePlugin;

impl Plugin for ChimePlugin {
    fn build(&self, app: &mut App) {
        app.add_observer(ring);
    }

    // Here every plugin has been added, whichever came first.
    fn finish(&self, app: &mut App) {
        if app.is_plugin_added::<AudioPlugin>() {
            app.add_audio_source::<Chime>();
        }
    }
}

/// Quiet: it should not startle.
const VOLUME: Volume = Volume::Linear(0.22);

fn ring(
    started: On<ReplyStarted>,
    personas: Query<&Persona>,
    unheard: Query<Entity, (With<AudioPlayer<Chime>>, Without<AudioSink>)>,
    sheets: Option<Res<Assets<PersonaAsset>>>,
    voiced: Query<(), With<Voiced>>,
    chimes: Option<ResMut<Assets<Chime>>>,
    mut commands: Commands,
) {
    if voiced.contains(started.entity) {
        return;
    }
    let (Some(sheets), Some(mut chimes)) = (sheets, chimes) else { return };
    let persona = personas.get(started.entity).ok();
    let voice = persona
        .and_then(|persona| sheets.get(&persona.0))
        .map_or_else(VoiceRef::default, |asset| asset.sheet.voice);
    // Without a sound card nothing begins to play, so nothing would ever end.
    for entity in &unheard {
        commands.entity(entity).despawn();
    }
    let chime = chimes.add(Chime { pitch_hz: voice.pitch_hz * 2.0 });
    commands.spawn((AudioPlayer(chime), PlaybackSettings::DESPAWN.with_volume(VOLUME)));
}

/// A chime of this pitch.
#[derive(Debug, Clone, Copy, Asset, TypePath)]
struct Chime {
    pitch_hz: f32,
}

impl Decodable for Chime {
    type Decoder = ChimeSound;

    fn decoder(&self) -> ChimeSound {
        ChimeSound { pitch_hz: self.pitch_hz, sample: 0 }
    }
}

/// The sound of a chime, sample by sample: two partials, the higher one gone sooner.
#[derive(Debug, Clone)]
struct ChimeSound {
    pitch_hz: f32,
    sample: u32,
}

impl ChimeSound {
    const RATE: SampleRate = NonZero::new(44_100).expect("it is not 0");
    const SECONDS: f32 = 0.9;
    /// The second partial of a struck bar.
    const UPPER: f32 = 2.756;

    fn at(&self, seconds: f32) -> f32 {
        let swell = (seconds / 0.008).min(1.0);
        let release = ((Self::SECONDS - seconds) / 0.05).clamp(0.0, 1.0);
        let partial = |ratio: f32, decay: f32| {
            (TAU * self.pitch_hz * ratio * seconds).sin() * (-decay * seconds).exp()
        };
        swell * release * (0.7 * partial(1.0, 5.0) + 0.2 * partial(Self::UPPER, 14.0))
    }
}

impl Iterator for ChimeSound {
    type Item = Sample;

    #[expect(clippy::cast_precision_loss, reason = "a chime is shorter than 2^24 samples")]
    fn next(&mut self) -> Option<Sample> {
        let seconds = self.sample as f32 / Self::RATE.get() as f32;
        if seconds >= Self::SECONDS {
            return None;
        }
        self.sample += 1;
        Some(self.at(seconds))
    }
}

impl Source for ChimeSound {
    fn current_span_len(&self) -> Option<usize> {
        None
    }

    fn channels(&self) -> ChannelCount {
        NonZero::<u16>::MIN
    }

    fn sample_rate(&self) -> SampleRate {
        Self::RATE
    }

    fn total_duration(&self) -> Option<Duration> {
        Some(Duration::from_secs_f32(Self::SECONDS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chime_begins_and_ends_in_silence_and_never_clips() {
        let samples: Vec<_> = Chime { pitch_hz: 440.0 }.decoder().collect();
        let (first, last) = (samples[0], samples[samples.len() - 1]);
        assert!(first.abs() < 1e-3 && last.abs() < 1e-3, "{first} {last}");
        let loudest = samples.iter().fold(0.0_f32, |loudest, sample| loudest.max(sample.abs()));
        assert!((0.3..0.95).contains(&loudest), "{loudest}");
    }

    #[test]
    fn without_an_audio_plugin_nothing_happens() {
        let mut app = App::new();
        app.add_plugins((MinimalPlugins, ChimePlugin));
        app.finish();
        app.cleanup();
        app.update();
        assert!(!app.world().contains_resource::<Assets<Chime>>());
    }
}
