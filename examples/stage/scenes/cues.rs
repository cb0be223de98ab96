//! What the director asks of the stage.

use bevy::{platform::collections::HashMap, prelude::*};
use bevy_persona::{
    cue::LookAtThis,
    dialogue::ReplyStarted,
    director::{SceneEnded, SceneState, StageCue, StageShot},
};

use super::{
    begin::Since,
    light::Lights,
    place::Set,
    shot::{Shot, Wish},
    sound::Ambience,
    walk::Whereabouts,
};
use crate::{cast::Idol, view::View};

/// Seconds within which somebody who is sent to a mark has been there from the start.
const AT_ONCE: f32 = 0.6;

/// What stands for the marks that somebody looks at.
#[derive(Debug, Default, Resource)]
struct Sights(HashMap<String, Entity>);

/// Everybody on the set.
type Places<'w, 's> = Query<'w, 's, (Entity, &'static mut Whereabouts), With<Idol>>;

pub fn plugin(app: &mut App) {
    app.init_resource::<Sights>().add_observer(follow).add_observer(speak).add_observer(clear);
}

fn follow(
    cue: On<StageCue>,
    view: Res<View>,
    since: Res<Since>,
    mut shot: ResMut<Shot>,
    mut lights: ResMut<Lights>,
    mut ambience: ResMut<Ambience>,
    mut sights: ResMut<Sights>,
    mut places: Places,
    mut commands: Commands,
) {
    let View::Scene(set) = *view else { return };
    match cue.event() {
        StageCue::Move { entity, to, seconds } => {
            send(set, &mut places, *entity, to, *seconds, since.0 > AT_ONCE);
        }
        StageCue::Camera(StageShot::Wide) => shot.wish = Wish::Wide,
        StageCue::Camera(StageShot::Close(entity)) => {
            shot.wish = Wish::Close(*entity);
            come_on(&mut places, *entity);
        }
        StageCue::Light(name) => lights.turn_to(name),
        StageCue::Music(name) => ambience.turn_to(name.as_deref()),
        StageCue::Look { entity, at } => {
            come_on(&mut places, *entity);
            let Some(mark) = set.mark(at) else {
                warn!("no set has a mark `{at}`: she looks where she looked before");
                return;
            };
            let place = (Transform::from_translation(mark.sight), GlobalTransform::default());
            let sight = *sights.0.entry(at.clone()).or_insert_with(|| commands.spawn_empty().id());
            commands.entity(sight).insert(place);
            commands.entity(*entity).insert(LookAtThis(sight));
        }
    }
}

/// Sends somebody to a mark, or beside it where another one is.
fn send(set: Set, places: &mut Places, who: Entity, to: &str, seconds: f32, has_begun: bool) {
    let Some(mark) = set.mark(to) else {
        warn!("no set has a mark `{to}`: she stays where she is");
        return;
    };
    let others = places.iter().filter(|(other, place)| *other != who && place.entered);
    let taken: Vec<_> = others.map(|(_, place)| place.goal).collect();
    let spot = set.free_spot(mark.floor, &taken);
    if let Ok((_, mut place)) = places.get_mut(who) {
        place.send(spot, &mark, seconds, has_begun);
    }
}

/// Somebody is there, because the scene shows her.
fn come_on(places: &mut Places, who: Entity) {
    if let Ok((_, mut place)) = places.get_mut(who) {
        place.entered = true;
    }
}

/// Who says something is there.
fn speak(started: On<ReplyStarted>, state: Res<SceneState>, mut places: Places) {
    if state.scene.is_some() {
        come_on(&mut places, started.entity);
    }
}

/// Nobody looks at a mark when the scene is over.
fn clear(
    _: On<SceneEnded>,
    mut sights: ResMut<Sights>,
    looks: Query<(Entity, &LookAtThis)>,
    mut commands: Commands,
) {
    let gone: Vec<_> = sights.0.drain().map(|(_, sight)| sight).collect();
    for (entity, look) in &looks {
        if gone.contains(&look.0) {
            commands.entity(entity).remove::<LookAtThis>();
        }
    }
    for sight in gone {
        commands.entity(sight).despawn();
    }
}
