//! From a file to a body that stands in the world.

use std::f32::consts::PI;

use bevy::{gltf::GltfAssetLabel, prelude::*, world_serialization::WorldAssetRoot};
use bevy_vrm1::prelude::VrmHandle;

use super::{AvatarFormat, AvatarInfo};

/// The avatar that a character wears: a VRM 1.0, a VRM 0.x or a glTF file.
///
/// # Example
/// ```no_run
/// use bevy::prelude::*;
/// use bevy_persona::prelude::*;
///
/// fn enter(mut commands: Commands, assets: Res<AssetServer>) {
///     commands.spawn((
///         Persona(assets.load("personas://siwoo.persona.ron")),
///         Avatar::new(&assets, "avatars/mine.vrm"),
///     ));
/// }
/// ```
#[derive(Debug, Clone, Component)]
#[require(Transform, Visibility)]
pub struct Avatar {
    path: String,
    info: Handle<AvatarInfo>,
}

impl Avatar {
    /// The avatar in this file, seen from the asset folder.
    #[must_use]
    pub fn new(assets: &AssetServer, path: impl Into<String>) -> Self {
        let path = path.into();
        Self { info: assets.load(path.clone()), path }
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What the file says about itself, once it is loaded.
    #[must_use]
    pub fn info(&self) -> &Handle<AvatarInfo> {
        &self.info
    }
}

/// The file whose body a character wears at the moment.
#[derive(Debug, Component)]
pub(super) struct Worn(String);

/// Puts an avatar on as soon as it is known what it is.
pub(super) fn dress(
    avatars: Query<(Entity, &Avatar, Option<&Worn>), Without<super::AvatarRig>>,
    infos: Res<Assets<AvatarInfo>>,
    assets: Res<AssetServer>,
    mut commands: Commands,
) {
    for (entity, avatar, worn) in &avatars {
        if worn.is_some_and(|worn| worn.0 == avatar.path) {
            continue;
        }
        let Some(info) = infos.get(&avatar.info) else { continue };
        let mut wearer = commands.entity(entity);
        wearer.insert(Worn(avatar.path.clone()));
        match info.format {
            AvatarFormat::Vrm1 => {
                wearer.insert(VrmHandle(assets.load(avatar.path.clone())));
            }
            AvatarFormat::Vrm0 | AvatarFormat::Gltf => {
                let scene = GltfAssetLabel::Scene(0).from_asset(avatar.path.clone());
                // VRM 0.x looks along -z, all else along +z.
                let turned = if info.format == AvatarFormat::Vrm0 { PI } else { 0.0 };
                wearer.with_child((
                    WorldAssetRoot(assets.load(scene)),
                    Transform::from_rotation(Quat::from_rotation_y(turned)),
                    Visibility::default(),
                ));
            }
        }
    }
}

/// Says what is wrong with an avatar that cannot be loaded; the game goes on without a body.
pub(super) fn complain(mut failures: MessageReader<bevy::asset::AssetLoadFailedEvent<AvatarInfo>>) {
    for failure in failures.read() {
        error!("{}", failure.error);
    }
}
