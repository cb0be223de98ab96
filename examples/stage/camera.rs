//! The fan's eyes.

mod frame;

use bevy::{core_pipeline::tonemapping::Tonemapping, prelude::*, window::PrimaryWindow};
use bevy_persona::prelude::*;

use crate::{
    Setting,
    cast::EyeLevel,
    scenes::shot::{Shot, Wish},
    view::{Comfort, Shown, View, in_motion},
};
use frame::FIELD_OF_VIEW;
pub use frame::Frame;

/// How much further away than it should be a camera begins after a cut, in parts of its distance.
const RUN_UP: f32 = 0.12;
/// How fast it comes to rest, per second.
const PULL: f32 = 2.6;

/// How long the camera stays close to an idol on the stage after she has spoken, in seconds.
const STAY: f32 = 6.0;

/// The camera.
#[derive(Debug, Component)]
pub struct Fan;

/// For how many seconds more the camera stays close to whom the fan talks with on the stage.
#[derive(Debug, Default, Resource)]
struct Attention(f32);

pub fn plugin(app: &mut App) {
    app.init_resource::<Attention>()
        .add_systems(Startup, spawn)
        .add_systems(Update, (attend, follow).chain());
}

fn spawn(mut commands: Commands) {
    let fov = FIELD_OF_VIEW.to_radians();
    commands.spawn((
        Fan,
        FanEyes,
        SpatialListener::new(0.2),
        Camera3d::default(),
        // The colours of toon materials are meant as they are.
        Tonemapping::None,
        Projection::Perspective(PerspectiveProjection { fov, ..default() }),
        MeshPickingCamera,
        Transform::from_xyz(0.0, 1.0, 9.0),
    ));
}

/// While she thinks and speaks, a fan wants to see her face.
fn attend(
    time: Res<Time>,
    setting: Res<Setting>,
    chosen: Res<ChosenIdol>,
    states: Query<(&DialogueState, &Activity)>,
    mut attention: ResMut<Attention>,
) {
    let state = chosen.0.and_then(|idol| states.get(idol).ok());
    let is_busy = state.is_some_and(|(state, activity)| {
        *state != DialogueState::Idle || *activity == Activity::Speaking
    });
    attention.0 = if is_busy && setting.alive { STAY } else { attention.0 - time.delta_secs() };
}

fn follow(
    mut last_shot: Local<Wish>,
    time: Res<Time>,
    setting: Res<Setting>,
    comfort: Res<Comfort>,
    shown: Res<Shown>,
    chosen: Res<ChosenIdol>,
    attention: Res<Attention>,
    shot: Res<Shot>,
    window: Single<&Window, With<PrimaryWindow>>,
    idols: Query<(&Transform, &EyeLevel), Without<Fan>>,
    mut camera: Single<&mut Transform, With<Fan>>,
) {
    let size = window.size();
    if size.min_element() < 1.0 {
        // A minimised window has no middle to stand in.
        return;
    }
    let frame = match shown.0 {
        View::Group => match chosen.0.filter(|_| attention.0 > 0.0).map(|idol| idols.get(idol)) {
            Some(Ok((at, eyes))) => Frame::on_stage(at.translation, eyes.0),
            _ => Frame::GROUP,
        },
        View::Backstage => Frame::BACKSTAGE,
        View::Scene(_) => shot.frame.unwrap_or(Frame::GROUP),
        View::Private(idol) => match idols.get(idol) {
            Ok((at, eyes)) => Frame::portrait(at.translation, eyes.0),
            Err(_) => Frame::GROUP,
        },
    };
    let goal = frame.seen_from(size, ChatPanelPlugin::covered_width(size.x));
    if !in_motion(setting, comfort) {
        camera.translation = goal;
        return;
    }
    // A cut, not a flight through the set.
    let cut = shot.wish != *last_shot && matches!(shown.0, View::Scene(_));
    *last_shot = shot.wish;
    if shown.is_changed() || cut {
        camera.translation = goal + (goal - frame.centre) * RUN_UP;
    }
    let goal = goal + breath(time.elapsed_secs()) * goal.distance(frame.centre);
    camera.translation.smooth_nudge(&goal, PULL, time.delta_secs());
}

/// Somebody who watches does not stand like a tripod; in parts of the distance.
fn breath(seconds: f32) -> Vec3 {
    Vec3::new(0.014 * (seconds * 0.31).sin(), 0.006 * (seconds * 0.23).sin(), 0.0)
}
