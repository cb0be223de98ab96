//! The scenery: a stage at night, a room for each idol, and what is behind the stage. All of it is
//! made of small meshes with the light in their vertices; see [`crate::glow`].

mod backstage;
mod beams;
mod crowd;
mod floor;
mod letters;
mod night;
mod room;
mod screen;
pub mod shapes;
mod spots;

use bevy::prelude::*;
use bevy_persona::prelude::*;

use crate::{
    cast::{Idol, PLACES, Place},
    glow::Paint,
    scenes::place::Set,
    view::{Shown, View},
};

/// What an entity belongs to: it is seen in one view only, and all below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Component)]
pub enum Scenery {
    Stage,
    /// The room of the idol with this name.
    Room(&'static str),
    Backstage,
    /// What is built for scenes.
    Set(Set),
    /// What every one of those may have: the sky, and what is in the air.
    AnySet,
}

/// The light that is everywhere, unless a scene has its own.
pub const AMBIENT: f32 = 60.0;
/// From where the light comes.
pub const SUN: Vec3 = Vec3::new(-0.35, 0.5, 0.8);

/// A light that comes from there.
pub fn sun_from(place: Vec3) -> Transform {
    Transform::from_translation(place).looking_at(Vec3::ZERO, Vec3::Y)
}

pub fn plugin(app: &mut App) {
    app.insert_resource(GlobalAmbientLight { brightness: AMBIENT, ..default() })
        .insert_resource(ClearColor(Color::srgb_u8(9, 6, 24)))
        .init_resource::<Paint>()
        .add_plugins((night::plugin, floor::plugin, spots::plugin, beams::plugin))
        .add_plugins((screen::plugin, crowd::plugin, room::plugin, backstage::plugin))
        .add_systems(Startup, light)
        .add_systems(Update, show.run_if(resource_changed::<Shown>));
}

/// One light, because toon materials add up every light they get. No shadows: they would take most
/// of the time where there is no graphics card.
fn light(mut commands: Commands) {
    commands.spawn((DirectionalLight { shadow_maps_enabled: false, ..default() }, sun_from(SUN)));
}

/// Shows what belongs to the view, and the light that goes with it.
pub fn show(
    shown: Res<Shown>,
    idols: Query<&Idol>,
    mut scenery: Query<(&Scenery, &mut Visibility)>,
    mut light: Single<&mut DirectionalLight>,
) {
    let (now, colour) = match shown.0 {
        View::Group => (Scenery::Stage, Color::WHITE),
        View::Backstage => (Scenery::Backstage, Color::srgb(1.0, 0.95, 0.9)),
        View::Scene(set) => (Scenery::Set(set), light.color),
        View::Private(entity) => match idols.get(entity) {
            Ok(idol) => (Scenery::Room(idol.0), Color::srgb(1.0, 0.98, 0.97)),
            Err(_) => (Scenery::Stage, Color::WHITE),
        },
    };
    light.color = colour;
    for (scenery, mut visibility) in &mut scenery {
        let is_of_every_set = *scenery == Scenery::AnySet && matches!(now, Scenery::Set(_));
        let is_seen = *scenery == now || is_of_every_set;
        let wanted = if is_seen { Visibility::Inherited } else { Visibility::Hidden };
        visibility.set_if_neq(wanted);
    }
}

/// The place of the idol the fan talks with.
fn place_of(chosen: Option<Entity>, idols: &Query<&Idol>) -> Option<&'static Place> {
    let idol = idols.get(chosen?).ok()?;
    PLACES.iter().find(|place| place.id == idol.0)
}

/// Run condition: whether whom the fan talks with has changed.
fn turned_to_another(chosen: Res<ChosenIdol>) -> bool {
    chosen.is_changed()
}

/// A click beside the idols shows all four.
fn back_to_all(_: On<Pointer<Click>>, mut view: ResMut<View>) {
    // A scene is not left by a click.
    if !matches!(*view, View::Scene(_)) {
        view.set_if_neq(View::Group);
    }
}
