//! Music and ambience of scenes: loops that are made when the stage starts, in the background.

mod loops;
mod tape;

use std::{collections::HashMap, sync::Arc, time::Duration};

use bevy::{
    audio::{AddAudioSource, ChannelCount, Sample, SampleRate, Source, Volume},
    prelude::*,
    tasks::{AsyncComputeTaskPool, Task, block_on, poll_once},
};
use bevy_persona::view::MusicUnderVoices;

/// Seconds in which a sound comes, and goes.
const FADE: f32 = 1.4;

/// What is to be heard.
#[derive(Debug, Default, Resource)]
pub struct Ambience(Option<String>);

impl Ambience {
    /// Another sound, or silence; nobody knows the name: silence, too.
    pub fn turn_to(&mut self, name: Option<&str>) {
        if let Some(name) = name.filter(|name| !loops::NAMES.contains(name)) {
            warn!("there is no sound `{name}`: it stays quiet");
        }
        self.0 = name.map(Into::into);
    }
}

/// The sounds, once they are made.
#[derive(Resource)]
enum Tapes {
    Making(Task<HashMap<&'static str, Loop>>),
    Made(HashMap<&'static str, Handle<Loop>>),
}

/// A sound that is heard, and how it comes and goes.
#[derive(Debug, Component)]
struct Heard {
    name: String,
    /// How loud it is when all of it is there.
    volume: f32,
    /// How far it is there, 0..1.
    part: f32,
}

pub fn plugin(app: &mut App) {
    app.add_audio_source::<Loop>()
        .init_resource::<Ambience>()
        .add_observer(|_: On<bevy_persona::director::SceneEnded>, mut wish: ResMut<Ambience>| {
            wish.0 = None;
        })
        .add_systems(Startup, make)
        .add_systems(Update, (take, play, fade).chain());
}

fn make(mut commands: Commands) {
    let task = AsyncComputeTaskPool::get().spawn(async {
        let all = loops::NAMES.iter();
        all.map(|name| (*name, Loop(loops::record(name).into()))).collect()
    });
    commands.insert_resource(Tapes::Making(task));
}

fn take(mut tapes: ResMut<Tapes>, mut loops: ResMut<Assets<Loop>>) {
    let Tapes::Making(task) = tapes.bypass_change_detection() else { return };
    if let Some(made) = block_on(poll_once(task)) {
        let handles = made.into_iter().map(|(name, tape)| (name, loops.add(tape)));
        *tapes = Tapes::Made(handles.collect());
    }
}

/// Begins the sound that is wished for and not heard yet.
fn play(wish: Res<Ambience>, tapes: Res<Tapes>, heard: Query<&Heard>, mut commands: Commands) {
    let (Some(name), Tapes::Made(tapes)) = (wish.0.as_deref(), &*tapes) else { return };
    if heard.iter().any(|heard| heard.name == name) {
        return;
    }
    let Some(tape) = tapes.get(name) else { return };
    commands.spawn((
        Heard { name: name.into(), volume: loops::volume(name), part: 0.0 },
        AudioPlayer(tape.clone()),
        PlaybackSettings::ONCE.with_volume(Volume::SILENT),
        MusicUnderVoices::of_volume(0.0),
    ));
}

/// What is wished for comes, all else goes.
fn fade(
    time: Res<Time>,
    wish: Res<Ambience>,
    mut heard: Query<(Entity, &mut Heard, &mut MusicUnderVoices)>,
    mut commands: Commands,
) {
    let step = time.delta_secs() / FADE;
    for (entity, mut heard, mut under) in &mut heard {
        let is_wished = wish.0.as_deref() == Some(heard.name.as_str());
        heard.part = (heard.part + if is_wished { step } else { -step }).clamp(0.0, 1.0);
        under.volume = heard.volume * heard.part;
        if !is_wished && heard.part <= 0.0 {
            commands.entity(entity).despawn();
        }
    }
}

/// A sound without an end.
#[derive(Debug, Clone, Asset, TypePath)]
struct Loop(Arc<[i16]>);

impl Decodable for Loop {
    type Decoder = LoopSound;

    fn decoder(&self) -> LoopSound {
        LoopSound { samples: self.0.clone(), next: 0 }
    }
}

/// A loop as it is heard.
#[derive(Debug, Clone)]
struct LoopSound {
    samples: Arc<[i16]>,
    next: usize,
}

impl Iterator for LoopSound {
    type Item = Sample;

    fn next(&mut self) -> Option<Sample> {
        let sample = *self.samples.get(self.next)?;
        self.next = (self.next + 1) % self.samples.len();
        Some(f32::from(sample) / f32::from(i16::MAX))
    }
}

impl Source for LoopSound {
    fn current_span_len(&self) -> Option<usize> {
        None
    }

    fn channels(&self) -> ChannelCount {
        ChannelCount::MIN
    }

    fn sample_rate(&self) -> SampleRate {
        tape::RATE
    }

    fn total_duration(&self) -> Option<Duration> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loop_comes_again_from_the_start() {
        let samples: Arc<[i16]> = [0, 10, 20].into();
        let heard: Vec<_> = Loop(samples).decoder().take(7).collect();
        assert_eq!(heard[..3], heard[3..6]);
        assert_eq!(Loop([].into()).decoder().next(), None);
    }
}
