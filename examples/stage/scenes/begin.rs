//! Scenes begin and end: the view goes to their set and comes back.

use bevy::prelude::*;
use bevy_persona::{
    director::{PlayScene, SceneBegan, SceneEnded, SceneLibrary, SceneState},
    prelude::*,
};

use super::{
    place::Set,
    shot::{Shot, Wish},
    walk::Whereabouts,
};
use crate::{
    beat::{Dance, Dancing},
    cast::{Idol, everybody_is_here},
    view::{View, ViewSystems},
};

/// The scene that the command line asks for; it begins once everybody is there.
#[derive(Debug, Clone, Default, Resource)]
pub struct Opening(pub Option<PlayScene>);

/// For how many seconds a scene has run.
#[derive(Debug, Default, Resource)]
pub struct Since(pub f32);

/// Seconds until the fan is back on the stage after a scene.
const AFTERGLOW: f32 = 1.2;

/// What was looked at before the scene, and how long it is still to be shown.
#[derive(Debug, Default, Resource)]
struct Return(Option<(View, f32)>);

pub fn plugin(app: &mut App) {
    app.init_resource::<Opening>()
        .init_resource::<Since>()
        .init_resource::<Return>()
        .add_observer(began)
        .add_observer(ended)
        .add_systems(
            Update,
            (open.run_if(everybody_is_here), come_back, turn_to_cast).before(ViewSystems),
        );
}

/// Plays what the command line asks for, once its file has been read.
fn open(mut opening: ResMut<Opening>, library: Res<SceneLibrary>, mut commands: Commands) {
    let Some(play) = &opening.0 else { return };
    if library.current().get(&play.scene).is_some() {
        commands.trigger(play.clone());
        opening.0 = None;
    }
}

fn began(
    began: On<SceneBegan>,
    mut view: ResMut<View>,
    mut returns: ResMut<Return>,
    mut shot: ResMut<Shot>,
    mut since: ResMut<Since>,
    dancing: Res<Dancing>,
    mut idols: Query<(&Idol, &mut Whereabouts)>,
    mut commands: Commands,
) {
    let set = Set::of(&began.scene);
    let before = match (*view, returns.0) {
        (View::Scene(_), Some((before, _))) => before,
        (View::Scene(_), None) => View::Group,
        (view, _) => view,
    };
    returns.0 = Some((before, f32::INFINITY));
    *view = View::Scene(set);
    shot.wish = Wish::Wide;
    since.0 = 0.0;
    for (idol, mut place) in &mut idols {
        let index = crate::cast::PLACES.iter().position(|place| place.id == idol.0);
        *place = Whereabouts::waiting_at(set.home(index.unwrap_or(0)));
    }
    if dancing.0 {
        commands.trigger(Dance(false));
    }
}

fn ended(_: On<SceneEnded>, mut returns: ResMut<Return>) {
    if let Some((_, rest)) = &mut returns.0 {
        *rest = AFTERGLOW;
    }
}

/// As long as a scene runs its set is shown, and a moment longer.
fn come_back(
    time: Res<Time>,
    state: Res<SceneState>,
    mut since: ResMut<Since>,
    mut returns: ResMut<Return>,
    mut view: ResMut<View>,
) {
    let Some((before, rest)) = &mut returns.0 else { return };
    since.0 += time.delta_secs();
    *rest -= time.delta_secs();
    if *rest > 0.0 {
        if let Some(scene) = &state.scene {
            view.set_if_neq(View::Scene(Set::of(scene)));
        }
    } else {
        view.set_if_neq(*before);
        returns.0 = None;
    }
}

/// The fan talks with somebody of the cast.
fn turn_to_cast(state: Res<SceneState>, mut chosen: ResMut<ChosenIdol>) {
    if state.scene.is_none() || !state.is_changed() {
        return;
    }
    let listener = state.listens.as_ref().map(|listens| listens.to);
    let stays = chosen.0.filter(|idol| state.cast.contains(idol));
    let next = listener.or(stays).or_else(|| state.cast.first().copied());
    chosen.set_if_neq(ChosenIdol(next.or(chosen.0)));
}
