//! Legs that step, and knees that bend: turned on top of whatever motion the body makes.

use bevy::prelude::*;
use bevy_persona::view::{AvatarRig, AvatarSystems, HumanBone};

use super::walk::{Gait, Whereabouts};
use crate::view::{Shown, View};

pub fn plugin(app: &mut App) {
    app.add_systems(
        PostUpdate,
        step.after(AvatarSystems::Pose).before(TransformSystems::Propagate),
    );
}

fn step(
    shown: Res<Shown>,
    idols: Query<(&Whereabouts, &AvatarRig)>,
    mut bones: Query<&mut Transform>,
) {
    if !matches!(shown.0, View::Scene(_)) {
        return;
    }
    for (place, rig) in &idols {
        for (bone, angle) in place.gait.turns() {
            let Some(rest) = rig.bone(bone).filter(|_| angle.abs() > 1e-3) else { continue };
            if let Ok(mut transform) = bones.get_mut(rest.entity) {
                let turn = rest.parent.inverse() * Quat::from_rotation_x(angle) * rest.parent;
                transform.rotation = turn * transform.rotation;
            }
        }
    }
}

impl Gait {
    /// How far bones are turned back, in radians; negative is forwards.
    fn turns(self) -> [(HumanBone, f32); 8] {
        use HumanBone::{
            LeftFoot, LeftLowerLeg, LeftUpperArm, LeftUpperLeg, RightFoot, RightLowerLeg,
            RightUpperArm, RightUpperLeg,
        };
        let (sin, cos) = self.phase.sin_cos();
        let width = self.width;
        let thigh = |side: f32| -0.42 * width * side * sin;
        // The knee of the leg that comes forward is bent.
        let knee = |side: f32| 0.75 * width * (side * cos).max(0.0);
        let kneel = 1.5 * self.low;
        [
            (LeftUpperLeg, thigh(1.0)),
            (RightUpperLeg, thigh(-1.0)),
            (LeftLowerLeg, knee(1.0).max(kneel)),
            (RightLowerLeg, knee(-1.0).max(kneel)),
            (LeftFoot, 0.4 * self.low),
            (RightFoot, 0.4 * self.low),
            (LeftUpperArm, 0.24 * width * sin),
            (RightUpperArm, -0.24 * width * sin),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legs_go_against_each_other_and_rest_when_she_stands() {
        let gait = Gait { phase: 1.2, width: 1.0, low: 0.0 };
        let [left, right, ..] = gait.turns().map(|(_, angle)| angle);
        assert!(left < -0.3 && right > 0.3);
        let rest = Gait { width: 0.0, ..gait };
        assert!(rest.turns().iter().all(|(_, angle)| angle.abs() < 1e-6));
    }
}
