//! The four idols: who they are, where they stand, when they are there.

use bevy::{prelude::*, render::renderer::RenderAdapterInfo};
use bevy_persona::prelude::*;

use crate::{Setting, settings::Settings, view::View};

/// A place on the stage, and who stands there.
pub struct Place {
    /// Names the files of the idol.
    pub id: &'static str,
    /// The light she stands in.
    pub light: Color,
    /// Left or right of the middle, in metres.
    pub x: f32,
    /// How high the middle of her neon ring hangs, in metres.
    pub ring: f32,
}

/// From the fan's left to right.
pub const PLACES: [Place; 4] = [
    Place { id: "siwoo", light: Color::srgb(0.71, 0.59, 0.84), x: -1.5, ring: 1.39 },
    Place { id: "jena", light: Color::srgb(1.0, 0.6, 0.24), x: -0.5, ring: 1.34 },
    Place { id: "taira", light: Color::srgb(0.34, 0.48, 1.0), x: 0.5, ring: 1.55 },
    Place { id: "marty", light: Color::srgb(1.0, 0.56, 0.72), x: 1.5, ring: 1.32 },
];

impl Place {
    /// Where her feet are: on a slight arc.
    pub fn floor(&self) -> Vec3 {
        Vec3::new(self.x, 0.0, -0.12 * self.x * self.x)
    }
}

/// One of the four.
#[derive(Debug, Component)]
pub struct Idol(pub &'static str);

/// How high her eyes are, in metres; she has it once her avatar stands on the stage.
#[derive(Debug, Component)]
pub struct EyeLevel(pub f32);

pub fn plugin(app: &mut App) {
    app.add_plugins(MeshPickingPlugin)
        .insert_resource(MeshPickingSettings {
            require_markers: true,
            ray_cast_visibility: RayCastVisibility::Any,
        })
        .add_systems(Startup, enter)
        .add_systems(Update, (dress, measure));
}

/// Whether all avatars can be seen.
pub fn everybody_is_here(idols: Query<Has<EyeLevel>, With<Idol>>) -> bool {
    !idols.is_empty() && idols.iter().all(|here| here)
}

fn enter(
    setting: Res<Setting>,
    assets: Res<AssetServer>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut chosen: ResMut<ChosenIdol>,
    mut commands: Commands,
) {
    // Skinned meshes are picked where they were modelled, in a T-pose; this stands in for a body.
    let body = meshes.add(Capsule3d::new(0.3, 1.1));
    for place in &PLACES {
        let persona = Persona(assets.load(format!("personas://{}.persona.ron", place.id)));
        let face = AvatarFace { blinks: setting.alive, ..default() };
        let at = Transform::from_translation(place.floor());
        let idol = commands.spawn((Idol(place.id), persona, face, at, Visibility::default())).id();
        commands.entity(idol).observe(
            move |_: On<Pointer<Click>>, mut chosen: ResMut<ChosenIdol>, mut view: ResMut<View>| {
                // In a room the others are there, unseen: a click on one is a click beside her.
                if matches!(*view, View::Private(other) if other != idol) {
                    *view = View::Group;
                } else {
                    chosen.0 = Some(idol);
                }
            },
        );
        commands.spawn((
            ChildOf(idol),
            Mesh3d(body.clone()),
            Transform::from_xyz(0.0, 0.85, 0.0),
            Visibility::Hidden,
            Pickable::default(),
        ));
        if setting.first.as_deref() == Some(place.id) {
            chosen.0 = Some(idol);
        }
    }
}

/// Fetches the avatar that the persona file names.
fn dress(
    idols: Query<(Entity, &Idol, &Persona), Without<Avatar>>,
    sheets: Res<Assets<PersonaAsset>>,
    assets: Res<AssetServer>,
    settings: Res<Settings>,
    adapter: Option<Res<RenderAdapterInfo>>,
    mut commands: Commands,
) {
    let software = adapter.is_some_and(|adapter| format!("{:?}", adapter.device_type) == "Cpu");
    for (entity, Idol(id), persona) in &idols {
        let Some(asset) = sheets.get(&persona.0) else { continue };
        let path = match &asset.sheet.avatar {
            Some(avatar) => avatar.path.clone(),
            None => format!("avatars/{id}.vrm"),
        };
        let path = settings.quality.of_avatar(path, software);
        commands.entity(entity).insert(Avatar::new(&assets, path));
    }
}

/// Finds the eyes of an avatar that has just come.
fn measure(
    idols: Query<(Entity, &AvatarRig), (With<Idol>, Without<EyeLevel>)>,
    mut commands: Commands,
) {
    for (entity, rig) in &idols {
        commands.entity(entity).insert(EyeLevel(rig.eye_height()));
    }
}
