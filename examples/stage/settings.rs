//! The fan's settings: a window (F10) and the file that keeps them.

mod file;
mod window;

use std::path::PathBuf;

use bevy::{
    audio::{GlobalVolume, Volume},
    prelude::*,
};
use bevy_egui::{EguiContexts, EguiPrimaryContextPass};
use bevy_persona::{persona::Language, prelude::*, view::VoiceSettings};
use serde::{Deserialize, Serialize};

use crate::view::Comfort;
pub use file::usual_file;

/// What the fan has chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Resource)]
#[serde(default)]
pub struct Settings {
    /// The language of the first words.
    pub language: Tongue,
    /// How fine the avatars are, from the next start on.
    pub quality: Quality,
    /// How loud, 0..1.
    pub volume: f32,
    /// How loud the idols speak, 0..1.
    pub voices: f32,
    /// How large letters are; 1 is usual.
    pub text_size: f32,
    /// Nothing sways and glides.
    pub reduced_motion: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: Tongue::default(),
            quality: Quality::default(),
            volume: 1.0,
            voices: 1.0,
            text_size: 1.0,
            reduced_motion: false,
        }
    }
}

impl Settings {
    /// Without numbers that no slider gives.
    fn sane(mut self) -> Self {
        let within = |number: f32, least: f32, most: f32, usual: f32| {
            if number.is_finite() { number.clamp(least, most) } else { usual }
        };
        self.volume = within(self.volume, 0.0, 1.0, 1.0);
        self.voices = within(self.voices, 0.0, 1.0, 1.0);
        self.text_size = within(self.text_size, 0.8, 1.6, 1.0);
        self
    }
}

/// A language of the stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tongue {
    #[default]
    English,
    Korean,
    Japanese,
}

impl Tongue {
    pub const ALL: [Self; 3] = [Self::English, Self::Korean, Self::Japanese];

    pub fn language(self) -> Language {
        match self {
            Self::English => Language::English,
            Self::Korean => Language::Korean,
            Self::Japanese => Language::Japanese,
        }
    }

    /// Its name in itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Korean => "한국어",
            Self::Japanese => "日本語",
        }
    }

    /// What is said at the door.
    pub fn welcome(self) -> &'static str {
        match self {
            Self::English => "Welcome",
            Self::Korean => "어서 와요",
            Self::Japanese => "ようこそ",
        }
    }
}

/// How fine avatars are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    /// Low-poly where there is no graphics card.
    #[default]
    Auto,
    Full,
    LowPoly,
}

impl Quality {
    /// The file of an avatar in this quality; `software` draws without a graphics card.
    pub fn of_avatar(self, path: String, software: bool) -> String {
        let low = self == Self::LowPoly || (self == Self::Auto && software);
        match path.strip_suffix(".vrm").filter(|_| low) {
            Some(stem) => format!("{stem}.lod.vrm"),
            None => path,
        }
    }
}

/// Whether the window is shown.
#[derive(Debug, Default, Resource)]
pub struct SettingsShown(pub bool);

/// Whether no settings were kept yet.
#[derive(Debug, Resource)]
pub struct FirstVisit(pub bool);

/// Where settings are kept.
#[derive(Debug, Resource)]
struct File(Option<PathBuf>);

/// Reads the settings, applies and keeps them.
pub struct SettingsPlugin {
    /// Where they are kept; nowhere, if there is no such place.
    pub file: Option<PathBuf>,
}

impl Plugin for SettingsPlugin {
    fn build(&self, app: &mut App) {
        let first = self.file.as_ref().is_some_and(|file| !file.exists());
        let settings = self.file.as_deref().map(file::read).unwrap_or_default();
        app.insert_resource(settings)
            .insert_resource(FirstVisit(first))
            .insert_resource(File(self.file.clone()))
            .init_resource::<SettingsShown>()
            .add_systems(Update, (toggle, apply, greet_in, keep))
            .add_systems(EguiPrimaryContextPass, (zoom, window::show));
    }
}

fn toggle(keys: Res<ButtonInput<KeyCode>>, mut shown: ResMut<SettingsShown>) {
    if keys.just_pressed(KeyCode::F10) {
        shown.0 = !shown.0;
    }
}

/// Lets the stage follow the settings.
fn apply(
    settings: Res<Settings>,
    file: Res<File>,
    mut comfort: ResMut<Comfort>,
    volume: Option<ResMut<GlobalVolume>>,
    voices: Option<ResMut<VoiceSettings>>,
) {
    if !settings.is_changed() {
        return;
    }
    if let Some(mut volume) = volume {
        volume.volume = Volume::Linear(settings.volume);
    }
    if let Some(mut voices) = voices {
        voices.volume = settings.voices;
    }
    // Without a file a script plays, which decides for itself.
    if file.0.is_some() {
        comfort.reduced_motion = settings.reduced_motion;
    }
}

/// Lets letters have the size that the fan likes; another camera may bring another context.
fn zoom(settings: Res<Settings>, mut contexts: EguiContexts) {
    if let Ok(ctx) = contexts.ctx_mut() {
        ctx.set_zoom_factor(settings.text_size);
    }
}

/// Whoever comes, and everybody when it changes, is talked to in the fan's language.
fn greet_in(
    settings: Res<Settings>,
    mut known: Local<Option<Tongue>>,
    mut idols: Query<&mut FanLanguage, With<Persona>>,
    newcomers: Query<Entity, Added<Persona>>,
) {
    let language = FanLanguage(settings.language.language());
    if known.replace(settings.language) != Some(settings.language) {
        for mut idol in &mut idols {
            idol.set_if_neq(language);
        }
    }
    for entity in &newcomers {
        if let Ok(mut idol) = idols.get_mut(entity) {
            idol.set_if_neq(language);
        }
    }
}

/// Keeps what was changed, once the fan has let go of it.
fn keep(
    settings: Res<Settings>,
    file: Res<File>,
    mouse: Res<ButtonInput<MouseButton>>,
    mut kept: Local<Option<Settings>>,
) {
    let Some(file) = &file.0 else { return };
    if mouse.pressed(MouseButton::Left) || kept.as_ref() == Some(&*settings) {
        return;
    }
    if let Err(error) = file::write(file, &settings) {
        warn!("{}: {error}; settings last until the stage closes", file.display());
    }
    *kept = Some(settings.clone());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn low_poly_avatars_are_the_files_beside_the_full_ones() {
        let path =
            |quality: Quality, software| quality.of_avatar("avatars/siwoo.vrm".into(), software);
        assert_eq!(path(Quality::Full, true), "avatars/siwoo.vrm");
        assert_eq!(path(Quality::Auto, false), "avatars/siwoo.vrm");
        assert_eq!(path(Quality::Auto, true), "avatars/siwoo.lod.vrm");
        assert_eq!(path(Quality::LowPoly, false), "avatars/siwoo.lod.vrm");
    }

    #[test]
    fn impossible_numbers_become_usual_ones() {
        let wild = Settings { volume: f32::NAN, text_size: 900.0, ..Settings::default() };
        let sane = wild.sane();
        assert_eq!((sane.volume, sane.text_size), (1.0, 1.6));
    }
}
