//! The beat the four dance to. F5 starts and stops it.

mod synth;

use std::time::Duration;

use bevy::{
    audio::{AddAudioSource, ChannelCount, Sample, SampleRate, Source, Volume},
    prelude::*,
};
use bevy_persona::view::MusicUnderVoices;

/// Loud enough to dance to, soft enough to talk over.
const VOLUME: f32 = 0.4;

/// All four dance, or stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Event)]
pub struct Dance(pub bool);

/// Whether they dance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Resource)]
pub struct Dancing(pub bool);

pub fn plugin(app: &mut App) {
    app.add_audio_source::<Beat>()
        .init_resource::<Dancing>()
        .add_observer(play)
        .add_systems(Update, keys);
}

/// Eight bars that come again and again.
#[derive(Debug, Clone, Copy, Asset, TypePath)]
struct Beat;

fn keys(keys: Res<ButtonInput<KeyCode>>, dancing: Res<Dancing>, mut commands: Commands) {
    if keys.just_pressed(KeyCode::F5) {
        commands.trigger(Dance(!dancing.0));
    }
}

fn play(
    dance: On<Dance>,
    mut dancing: ResMut<Dancing>,
    playing: Query<Entity, With<AudioPlayer<Beat>>>,
    mut beats: ResMut<Assets<Beat>>,
    mut commands: Commands,
) {
    if dancing.0 == dance.0 {
        return;
    }
    dancing.0 = dance.0;
    for entity in &playing {
        commands.entity(entity).despawn();
    }
    if dance.0 {
        let settings = PlaybackSettings::ONCE.with_volume(Volume::Linear(VOLUME));
        let under = MusicUnderVoices::of_volume(VOLUME);
        commands.spawn((AudioPlayer(beats.add(Beat)), settings, under));
    }
}

impl Decodable for Beat {
    type Decoder = BeatSound;

    fn decoder(&self) -> BeatSound {
        BeatSound { sample: 0 }
    }
}

/// The sound of the beat: it has no end.
#[derive(Debug, Clone)]
struct BeatSound {
    sample: u32,
}

impl Iterator for BeatSound {
    type Item = Sample;

    fn next(&mut self) -> Option<Sample> {
        let sample = synth::sample(self.sample);
        self.sample = (self.sample + 1) % synth::LOOP;
        Some(sample)
    }
}

impl Source for BeatSound {
    fn current_span_len(&self) -> Option<usize> {
        None
    }

    fn channels(&self) -> ChannelCount {
        ChannelCount::MIN
    }

    fn sample_rate(&self) -> SampleRate {
        synth::RATE
    }

    fn total_duration(&self) -> Option<Duration> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beat_comes_again_from_the_start() {
        let mut sound = Beat.decoder();
        let first: Vec<_> = sound.by_ref().take(100).collect();
        let again = sound.skip(synth::LOOP as usize - 100).take(100);
        assert!(again.eq(first));
    }

    #[test]
    fn a_dance_starts_and_stops_once() {
        let mut app = App::new();
        app.init_resource::<Dancing>()
            .insert_resource(Assets::<Beat>::default())
            .add_observer(play);
        let playing = |app: &mut App| {
            let world = app.world_mut();
            world.query::<&AudioPlayer<Beat>>().iter(world).count()
        };
        for (dance, expected) in [(true, 1), (true, 1), (false, 0), (true, 1)] {
            app.world_mut().trigger(Dance(dance));
            app.update();
            assert_eq!(playing(&mut app), expected);
        }
    }
}
