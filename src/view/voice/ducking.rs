//! Music makes room for voices.

use bevy::prelude::*;

use super::speaker::Speaker;

/// Music that becomes softer while somebody speaks; on an entity with an [`AudioSink`].
///
/// # Example
/// ```
/// use bevy::prelude::*;
/// use bevy_persona::view::MusicUnderVoices;
///
/// fn play(assets: Res<AssetServer>, mut commands: Commands) {
///     let music = AudioPlayer::new(assets.load("pandora.ogg"));
///     commands.spawn((music, PlaybackSettings::LOOP, MusicUnderVoices::default()));
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Component)]
pub struct MusicUnderVoices {
    /// How loud it is while nobody speaks. 0..1.
    pub volume: f32,
    /// What of that is left while somebody speaks. 0..1.
    pub left: f32,
    /// How far it has made room, 0..1.
    room: f32,
}

impl Default for MusicUnderVoices {
    fn default() -> Self {
        Self { volume: 1.0, left: 0.35, room: 0.0 }
    }
}

impl MusicUnderVoices {
    /// Music of this volume. 0..1.
    #[must_use]
    pub fn of_volume(volume: f32) -> Self {
        Self { volume, ..Self::default() }
    }

    /// Seconds in which it makes room, and in which it comes back.
    const DOWN: f32 = 0.25;
    const UP: f32 = 1.2;

    fn advance(&mut self, dt: f32, somebody_speaks: bool) -> f32 {
        let step = if somebody_speaks { dt / Self::DOWN } else { -dt / Self::UP };
        self.room = (self.room + step).clamp(0.0, 1.0);
        self.volume * (1.0 + (self.left - 1.0) * self.room)
    }
}

pub(super) fn duck(
    time: Res<Time>,
    master: Option<Res<GlobalVolume>>,
    speakers: Query<&Speaker>,
    mut music: Query<(&mut MusicUnderVoices, &mut AudioSink)>,
) {
    let somebody_speaks = speakers.iter().any(Speaker::is_heard);
    // Sinks begin with it, and have to be given it again.
    let master = master.map_or(1.0, |master| master.volume.to_linear());
    for (mut under, mut sink) in &mut music {
        let volume =
            master * under.bypass_change_detection().advance(time.delta_secs(), somebody_speaks);
        if (sink.volume().to_linear() - volume).abs() > 1e-3 {
            sink.set_volume(bevy::audio::Volume::Linear(volume));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn music_goes_down_quickly_and_comes_back_slowly() {
        let mut music = MusicUnderVoices::of_volume(0.8);
        let run = |music: &mut MusicUnderVoices, seconds: f32, speaks| {
            let mut volume = 0.0;
            for _ in 0..(seconds * 60.0) as usize {
                volume = music.advance(1.0 / 60.0, speaks);
            }
            volume
        };
        assert!((run(&mut music, 0.5, true) - 0.28).abs() < 1e-3);
        assert!(run(&mut music, 0.5, false) < 0.6);
        assert!((run(&mut music, 2.0, false) - 0.8).abs() < 1e-3);
    }
}
