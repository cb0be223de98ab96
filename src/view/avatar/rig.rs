//! The bones of an avatar that stands in the world.

use bevy::{
    animation::{AnimatedBy, AnimationTargetId},
    ecs::relationship::AncestorIter,
    platform::collections::HashMap,
    prelude::*,
};
use bevy_vrm1::prelude::{Initialized, Vrm};

use super::{Avatar, AvatarFormat, AvatarInfo, HumanBone, face};

/// A bone in the world, and how it was before anything moved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BoneRest {
    /// The entity that is the bone.
    pub entity: Entity,
    /// Its rotation in its parent.
    pub rotation: Quat,
    /// The rotation of its parent in the avatar.
    pub parent: Quat,
    /// Where its parent is in the avatar, in metres.
    pub parent_at: Vec3,
    /// Where it is in its parent, in metres.
    pub translation: Vec3,
}

impl BoneRest {
    /// The rotation in the parent that turns the bone by `turn`, seen in the axes of the avatar.
    #[must_use]
    pub fn turned(&self, turn: Quat) -> Quat {
        self.parent.inverse() * turn * self.parent * self.rotation
    }

    /// Where it is in the avatar at rest, in metres.
    #[must_use]
    pub fn at(&self) -> Vec3 {
        self.parent_at + self.parent * self.translation
    }
}

/// The bones of an avatar. Comes when its [`Avatar`] stands in the world.
#[derive(Debug, Clone, PartialEq, Component)]
pub struct AvatarRig {
    bones: [Option<BoneRest>; HumanBone::COUNT],
}

impl AvatarRig {
    /// A bone; none if the avatar does not have it.
    #[must_use]
    pub fn bone(&self, bone: HumanBone) -> Option<&BoneRest> {
        self.bones[bone.index()].as_ref()
    }

    /// All bones that the avatar has, parents before children.
    pub fn bones(&self) -> impl Iterator<Item = (HumanBone, &BoneRest)> {
        let named = HumanBone::ALL.iter().zip(&self.bones);
        named.filter_map(|(bone, rest)| Some((*bone, rest.as_ref()?)))
    }

    /// How high the hips are at rest, in metres; 1 if there are none.
    #[must_use]
    pub fn hips_height(&self) -> f32 {
        self.bone(HumanBone::Hips).map_or(1.0, |hips| hips.at().y).max(0.1)
    }

    /// How high the eyes are at rest, in metres.
    #[must_use]
    pub fn eye_height(&self) -> f32 {
        let eyes = [HumanBone::LeftEye, HumanBone::RightEye];
        let eye = eyes.iter().find_map(|eye| self.bone(*eye)).map(|eye| eye.at().y);
        let head = || self.bone(HumanBone::Head).map(|head| head.at().y + 0.09);
        eye.or_else(head).unwrap_or(1.5)
    }

    /// The target of the bone's curves in animation clips.
    #[must_use]
    pub fn target(bone: HumanBone) -> AnimationTargetId {
        AnimationTargetId::from_name(&Name::new(bone.as_str()))
    }
}

/// Looks for the bones of avatars that have come into the world.
pub(super) fn find(
    wearers: Query<
        (Entity, NameOrEntity, &Avatar, Has<Vrm>, Has<Initialized>),
        (With<super::dress::Worn>, Without<AvatarRig>),
    >,
    infos: Res<Assets<AvatarInfo>>,
    children: Query<&Children>,
    parents: Query<&ChildOf>,
    names: Query<&Name>,
    transforms: Query<&Transform>,
    mut commands: Commands,
) {
    for (entity, name, avatar, is_vrm, is_ready) in &wearers {
        let Some(info) = infos.get(avatar.info()) else { continue };
        // bevy_vrm1 prepares its bones itself; what it does must not come after us.
        if info.format == AvatarFormat::Vrm1 && !(is_vrm && is_ready) {
            continue;
        }
        let mut nodes = HashMap::new();
        for node in children.iter_descendants(entity) {
            if let Ok(name) = names.get(node) {
                nodes.entry(name.as_str()).or_insert(node);
            }
        }
        let there = |name: &String| nodes.contains_key(name.as_str());
        if nodes.is_empty() || !info.bones.values().all(there) {
            continue;
        }
        let mut rig = AvatarRig { bones: [None; HumanBone::COUNT] };
        for (bone, node) in &info.bones {
            let bone_entity = nodes[node.as_str()];
            let Ok(transform) = transforms.get(bone_entity) else { continue };
            let (mut parent, mut parent_at) = (Quat::IDENTITY, Vec3::ZERO);
            for ancestor in AncestorIter::new(&parents, bone_entity) {
                if ancestor == entity {
                    break;
                }
                if let Ok(above) = transforms.get(ancestor) {
                    parent = above.rotation * parent;
                    parent_at = above.transform_point(parent_at);
                }
            }
            rig.bones[bone.index()] = Some(BoneRest {
                entity: bone_entity,
                rotation: transform.rotation,
                parent,
                parent_at,
                translation: transform.translation,
            });
            commands.entity(bone_entity).insert((AvatarRig::target(*bone), AnimatedBy(entity)));
        }
        if rig.bone(HumanBone::Head).is_none() {
            warn!(
                "the avatar of {name} ({}) has no head bone: she cannot look at anybody",
                avatar.path()
            );
        }
        // We write shapes ourselves; nobody else may.
        if let Some(theirs) = nodes.get(Vrm::EXPRESSIONS_ROOT) {
            commands.entity(*theirs).despawn();
        }
        let face = face::FaceRig::find(info, &nodes);
        commands.entity(entity).insert((
            rig,
            face,
            AnimationPlayer::default(),
            AnimationTransitions::new(),
        ));
    }
}

#[cfg(test)]
mod tests {
    use std::f32::consts::FRAC_PI_2;

    use super::*;

    fn rest(rotation: Quat, parent: Quat) -> BoneRest {
        BoneRest {
            entity: Entity::PLACEHOLDER,
            rotation,
            parent,
            parent_at: Vec3::ZERO,
            translation: Vec3::Y,
        }
    }

    #[test]
    fn a_turn_means_the_same_whatever_the_axes_of_a_bone_are() {
        let turn = Quat::from_rotation_x(0.4) * Quat::from_rotation_z(-0.7);
        let parents =
            [Quat::IDENTITY, Quat::from_rotation_y(FRAC_PI_2), Quat::from_rotation_z(1.0)];
        for parent in parents {
            for own in [Quat::IDENTITY, Quat::from_rotation_x(2.0)] {
                let bone = rest(own, parent);
                let in_avatar = parent * bone.turned(turn);
                let expected = turn * parent * own;
                // The same turn; q and -q are one.
                assert!(in_avatar.dot(expected).abs() > 0.999_99);
            }
        }
    }

    #[test]
    fn no_turn_leaves_the_bone_at_rest() {
        let bone = rest(Quat::from_rotation_x(0.3), Quat::from_rotation_y(1.1));
        assert!(bone.turned(Quat::IDENTITY).dot(bone.rotation).abs() > 0.999_99);
    }
}
