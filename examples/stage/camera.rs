//! The fan's eyes: close to the chosen idol, or far enough to see all four.

use bevy::{core_pipeline::tonemapping::Tonemapping, prelude::*, window::PrimaryWindow};
use bevy_persona::prelude::*;

use crate::{
    Setting,
    cast::{EyeLevel, everybody_is_here},
};

/// How high a picture the camera sees, in degrees.
const FIELD_OF_VIEW: f32 = 26.0;
/// Seconds after which an idol who does not come is no longer waited for.
const LATE: f32 = 20.0;
/// How long all four are shown before the camera comes closer, in seconds.
const OPENING: f32 = 2.5;

/// The camera.
#[derive(Debug, Component)]
pub struct Fan;

/// What the camera shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Resource)]
pub enum Shot {
    /// All four.
    #[default]
    Wide,
    /// The chosen one, from the chest up.
    Close,
}

pub fn plugin(app: &mut App) {
    app.init_resource::<Shot>().add_systems(Startup, spawn).add_systems(
        Update,
        (direct.run_if(everybody_is_here.or_else(chosen_is_late)), follow).chain(),
    );
}

/// Whether the chosen one is here and the others have been waited for long enough.
fn chosen_is_late(
    time: Res<Time>,
    chosen: Res<ChosenIdol>,
    here: Query<(), With<EyeLevel>>,
) -> bool {
    time.elapsed_secs() > LATE && chosen.0.is_some_and(|idol| here.contains(idol))
}

fn spawn(mut commands: Commands) {
    let fov = FIELD_OF_VIEW.to_radians();
    commands.spawn((
        Fan,
        Camera3d::default(),
        // The colours of toon materials are meant as they are.
        Tonemapping::None,
        Projection::Perspective(PerspectiveProjection { fov, ..default() }),
        MeshPickingCamera,
        Transform::from_xyz(0.0, 1.0, 9.0),
    ));
}

/// Chooses the shot: all four first, then whoever was chosen.
fn direct(
    time: Res<Time>,
    mut opening: Local<f32>,
    chosen: Res<ChosenIdol>,
    mut shot: ResMut<Shot>,
) {
    let before = *opening;
    *opening += time.delta_secs();
    let is_over = before < OPENING && *opening >= OPENING;
    if is_over || (before > 0.0 && chosen.is_changed()) {
        shot.set_if_neq(Shot::Close);
    }
}

fn follow(
    time: Res<Time>,
    setting: Res<Setting>,
    shot: Res<Shot>,
    chosen: Res<ChosenIdol>,
    window: Single<&Window, With<PrimaryWindow>>,
    idols: Query<(&GlobalTransform, &EyeLevel)>,
    mut camera: Single<&mut Transform, With<Fan>>,
) {
    let idol = chosen.0.and_then(|entity| idols.get(entity).ok());
    let (centre, half) = match (*shot, idol) {
        (Shot::Close, Some((at, eyes))) => {
            (at.translation().with_y(eyes.0 - 0.13), Vec2::new(0.32, 0.37))
        }
        _ => (Vec3::new(0.0, 0.95, 0.0), Vec2::new(2.0, 1.05)),
    };
    let size = window.size();
    if size.min_element() < 1.0 {
        // A minimised window has no middle to stand in.
        return;
    }
    let goal = standpoint(size, centre, half);
    if setting.alive {
        camera.translation.smooth_nudge(&goal, 2.6, time.delta_secs());
    } else {
        camera.translation = goal;
    }
}

/// From where something of this half size fills the part of the window beside the chat panel.
fn standpoint(window: Vec2, centre: Vec3, half: Vec2) -> Vec3 {
    let covered = ChatPanelPlugin::covered_width(window.x) / window.x;
    let slope_y = (FIELD_OF_VIEW.to_radians() / 2.0).tan();
    let slope_x = slope_y * window.x / window.y;
    let free = (1.0 - covered).max(0.2);
    let distance = (half.y / slope_y).max(half.x / (slope_x * free));
    centre + Vec3::new(covered * distance * slope_x, 0.0, distance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_subject_is_in_the_middle_of_what_the_panel_leaves_free() {
        let window = Vec2::new(1280.0, 800.0);
        let camera = standpoint(window, Vec3::ZERO, Vec2::new(0.3, 0.4));
        let slope = (FIELD_OF_VIEW.to_radians() / 2.0).tan() * window.x / window.y;
        let on_screen = (0.5 - camera.x / (camera.z * slope) / 2.0) * window.x;
        let free = window.x - ChatPanelPlugin::covered_width(window.x);
        assert!((on_screen - free / 2.0).abs() < 0.5, "{on_screen}");
    }

    #[test]
    fn a_wider_subject_is_seen_from_further_away() {
        let from = |half_width| {
            standpoint(Vec2::new(640.0, 400.0), Vec3::ZERO, Vec2::new(half_width, 0.4)).z
        };
        assert!(from(2.0) > from(1.0));
    }
}
