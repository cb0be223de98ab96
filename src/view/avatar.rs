//! Avatars: VRM 1.0, VRM 0.x and plain glTF bodies that show what a character feels, says and looks at.
//!
//! [`Avatar`] names a file. When it is loaded, [`AvatarInfo`] says what is in it, and [`AvatarRig`] which
//! entities are its bones. From then on the face follows the emotions of the character ([`AvatarFace`]),
//! and the body makes the motions of the [`MotionLibrary`] that go with what she does.

mod body;
mod bone;
mod dress;
mod face;
mod info;
mod rig;

use bevy::{app::AnimationSystems, prelude::*};
use bevy_vrm1::prelude::VrmSystemSets;

use crate::{
    PersonaSystems,
    cue::{CueSystems, Gaze},
    persona::PersonaAsset,
    systems,
};
pub use body::{EndGesture, MotionLibrary};
pub use bone::{HumanBone, NoSuchBone};
pub use dress::Avatar;
pub use face::{AvatarFace, ScriptedFace};
pub use info::{AvatarFileError, AvatarFormat, AvatarInfo, Block, Expression, Region, ShapeBind};
pub use rig::{AvatarRig, BoneRest};

/// Gives characters a body: loads each [`Avatar`], and lets its face and its bones follow the cues.
///
/// `MToon` materials and spring bones of VRM 1.0 are drawn by `bevy_vrm1`: the game adds
/// `bevy_vrm1::prelude::VrmPlugin` as well. Without an asset server this plugin does nothing, so it may
/// stay in a headless test.
///
/// # Example
/// ```no_run
/// use bevy::prelude::*;
/// use bevy_persona::prelude::*;
/// use bevy_vrm1::prelude::VrmPlugin;
///
/// App::new()
///     .add_plugins((PersonaSourcePlugin::default(), DefaultPlugins, VrmPlugin))
///     .add_plugins(PersonaPlugins::default())
///     .add_systems(Startup, |mut commands: Commands, assets: Res<AssetServer>| {
///         commands.spawn((
///             Persona(assets.load("personas://siwoo.persona.ron")),
///             Avatar::new(&assets, "avatars/siwoo.vrm"),
///         ));
///         commands.spawn((Camera3d::default(), FanEyes, Transform::from_xyz(0.0, 1.4, 1.5)));
///     });
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct AvatarPlugin;

impl Plugin for AvatarPlugin {
    fn build(&self, app: &mut App) {
        systems::configure(app);
        app.register_required_components::<Avatar, AvatarFace>()
            .register_required_components::<AvatarRig, body::Repertoire>()
            .register_required_components::<AvatarRig, body::Feet>()
            .add_observer(own_ways)
            .add_observer(face::perform)
            .add_observer(body::gesture)
            .add_observer(body::end_gesture)
            .add_observer(body::stress);
    }

    fn finish(&self, app: &mut App) {
        let world = app.world();
        if !world.contains_resource::<AssetServer>()
            || !world.contains_resource::<Assets<AnimationClip>>()
        {
            return;
        }
        face::prepare_mouth();
        app.init_asset::<AvatarInfo>()
            .init_asset_loader::<info::AvatarInfoLoader>()
            .init_asset::<body::Motion>()
            .init_asset_loader::<body::MotionLoader>()
            .init_asset::<body::MotionList>()
            .init_asset_loader::<body::MotionListLoader>()
            .init_resource::<MotionLibrary>()
            .add_message::<AssetEvent<PersonaAsset>>()
            .add_systems(PreUpdate, (dress::complain, body::load))
            .add_systems(
                Update,
                (
                    (dress::dress, rig::find, face::fit, face::unscript).chain(),
                    (body::learn, body::plan, body::perform, body::gaze).chain(),
                )
                    .chain()
                    .after(CueSystems)
                    .in_set(PersonaSystems::Express),
            )
            .add_systems(
                PostUpdate,
                (
                    body::stand.before(AnimationSystems).in_set(AvatarSystems::Stand),
                    (body::add, body::plant)
                        .chain()
                        .after(AnimationSystems)
                        .before(TransformSystems::Propagate)
                        .in_set(AvatarSystems::Pose),
                    face::express.after(VrmSystemSets::Expressions).in_set(AvatarSystems::Express),
                ),
            );
    }
}

/// When bodies and faces move, in `PostUpdate`.
///
/// A game that turns bones itself does so after [`Pose`](Self::Pose), before
/// `TransformSystems::Propagate`.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AvatarSystems {
    /// Bones go back to where a motion begins; before Bevy animates them.
    Stand,
    /// Posture, breath, nods and glances are added, and feet are held on the ground; after that.
    Pose,
    /// Faces are shaped.
    Express,
}

/// Each character moves in a way of her own.
fn own_ways(rigged: On<Add, AvatarRig>, mut commands: Commands) {
    let seed = rigged.entity.to_bits();
    commands.entity(rigged.entity).insert_if_new((
        Gaze::new(seed),
        body::Nods::new(seed),
        body::Performance::new(seed),
    ));
}
