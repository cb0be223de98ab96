//! The light of a scene: the sky, the tint of the set, lamps, and the light on the idols.

mod presets;

use bevy::prelude::*;

use super::sets::SetPaint;
use crate::{
    glow,
    scene::Scenery,
    view::{Shown, View, in_motion},
};
pub use presets::{Air, Preset};

/// Seconds from one light to the next.
const CHANGE: f32 = 1.6;
/// How far behind the set the sky hangs, in metres, and how wide it is.
const BEHIND: f32 = 7.0;
const WIDE: f32 = 48.0;
/// At which heights the sky has its colours, in metres.
const HEIGHTS: [f32; 5] = [-4.0, 0.0, 1.6, 3.6, 8.0];

/// The light of the moment, and the one it turns into.
#[derive(Debug, Clone, Resource)]
pub struct Lights {
    from: Preset,
    now: Preset,
    to: Preset,
    /// How far it has come, 0..1.
    part: f32,
    /// A flash of lightning, 0..1.
    flash: f32,
}

impl Default for Lights {
    fn default() -> Self {
        let usual = presets::USUAL;
        Self { from: usual, now: usual, to: usual, part: 1.0, flash: 0.0 }
    }
}

impl Lights {
    /// Turns to a preset; one that nobody knows leaves the light as it is.
    pub fn turn_to(&mut self, name: &str) {
        let Some(preset) = presets::of(name) else {
            warn!("there is no light `{name}`: it stays as it is");
            return;
        };
        (self.from, self.to, self.part) = (self.now, preset, 0.0);
    }

    /// Whether this is in the air.
    pub fn has(&self, air: Air) -> bool {
        self.to.air.contains(&air)
    }
}

/// The sky, and what is painted in its colours.
#[derive(Debug, Resource)]
struct Sky(Handle<Mesh>);

pub fn plugin(app: &mut App) {
    app.init_resource::<Lights>().add_systems(Startup, hang).add_systems(
        Update,
        (reset.run_if(resource_changed::<Shown>), strike.run_if(in_motion), change, shine)
            .chain()
            .after(crate::scene::show),
    );
}

fn hang(mut meshes: ResMut<Assets<Mesh>>, paint: Res<glow::Paint>, mut commands: Commands) {
    let sky = meshes.add(sky(&presets::USUAL.sky));
    commands.spawn((
        Scenery::AnySet,
        Mesh3d(sky.clone()),
        MeshMaterial3d(paint.solid.clone()),
        Transform::from_xyz(0.0, 0.0, -BEHIND),
        Visibility::Hidden,
    ));
    commands.insert_resource(Sky(sky));
}

fn sky(colours: &[LinearRgba; 5]) -> Mesh {
    let heights: Vec<_> =
        HEIGHTS.iter().zip(colours).map(|(height, colour)| (*height, (*colour).into())).collect();
    glow::wall(WIDE, &heights)
}

/// Elsewhere than on a set it is as it always is there; a set begins in its usual light.
fn reset(
    shown: Res<Shown>,
    mut was_scene: Local<bool>,
    mut lights: ResMut<Lights>,
    mut ambient: ResMut<GlobalAmbientLight>,
    mut sun: Single<&mut Transform, With<DirectionalLight>>,
) {
    let is_scene = matches!(shown.0, View::Scene(_));
    if std::mem::replace(&mut *was_scene, is_scene) && !is_scene {
        *lights = Lights::default();
        ambient.brightness = crate::scene::AMBIENT;
        **sun = crate::scene::sun_from(crate::scene::SUN);
    } else if is_scene {
        // What was asked for while the curtain was closing is there at once.
        (lights.now, lights.part) = (lights.to, 1.0);
    }
}

/// Lightning, now and then and softly, while there is a storm.
fn strike(time: Res<Time>, mut lights: ResMut<Lights>) {
    const EVERY: f32 = 7.3;
    if !lights.has(Air::Storm) {
        if lights.flash > 0.0 {
            lights.flash = 0.0;
        }
        return;
    }
    let since = time.elapsed_secs() % EVERY;
    lights.flash = 0.45 * (-since * 5.0).exp();
}

/// Moves on to the light that was asked for.
fn change(
    time: Res<Time>,
    shown: Res<Shown>,
    mut lights: ResMut<Lights>,
    sky_mesh: Res<Sky>,
    mut meshes: ResMut<Assets<Mesh>>,
) {
    if !matches!(shown.0, View::Scene(_)) || (lights.part >= 1.0 && !lights.is_changed()) {
        return;
    }
    if lights.part < 1.0 {
        lights.part = (lights.part + time.delta_secs() / CHANGE).min(1.0);
        lights.now = lights.from.mix(&lights.to, lights.part);
    }
    let flash = LinearRgba::rgb(0.35, 0.36, 0.5) * lights.flash;
    let colours = lights.now.sky.map(|colour| colour + flash);
    if let Some(mut mesh) = meshes.get_mut(&sky_mesh.0) {
        *mesh = sky(&colours);
    }
}

/// Gives the light to the idols and the set.
fn shine(
    shown: Res<Shown>,
    lights: Res<Lights>,
    paint: Res<SetPaint>,
    mut materials: ResMut<Assets<StandardMaterial>>,
    mut ambient: ResMut<GlobalAmbientLight>,
    mut sun: Single<(&mut DirectionalLight, &mut Transform)>,
) {
    if !matches!(shown.0, View::Scene(_)) || !lights.is_changed() {
        return;
    }
    let now = &lights.now;
    let flash = 1.0 + lights.flash;
    ambient.brightness = now.ambient;
    let (light, place) = &mut *sun;
    light.color = Color::from(now.on_idols);
    **place = crate::scene::sun_from(now.from);
    if let Some(mut solid) = materials.get_mut(&paint.solid) {
        solid.base_color = Color::from(now.on_set * flash);
    }
    if let Some(mut lamps) = materials.get_mut(&paint.lamps) {
        let LinearRgba { red, green, blue, .. } = LinearRgba::WHITE * now.lamps;
        lamps.base_color = Color::linear_rgb(red, green, blue);
    }
}
