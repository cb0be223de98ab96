//! A face in an app, without a renderer.

use std::time::Duration;

use bevy::{platform::collections::HashMap, time::TimeUpdateStrategy};
use bevy_vrm1::prelude::VrmExpression;

use super::*;
use crate::mind::{Emotion, EmotionTag};

/// What the avatar was told, in order.
#[derive(Default, Resource)]
struct Told(Vec<HashMap<VrmExpression, f32>>);

fn app() -> App {
    let mut app = App::new();
    app.add_plugins((MinimalPlugins, VrmViewPlugin))
        .insert_resource(TimeUpdateStrategy::ManualDuration(Duration::from_millis(16)))
        .init_resource::<Told>()
        .add_observer(|set: On<SetExpressions>, mut told: ResMut<Told>| {
            told.0.push(set.weights.clone());
        });
    app
}

/// An avatar as it stands after loading, with these expressions.
fn avatar(app: &mut App, expressions: &[&str]) -> Entity {
    let world = app.world_mut();
    let map = expressions.iter().map(|name| {
        let settings = ExpressionOverrideSettings {
            override_mouth: ExpressionOverrideType::None,
            override_blink: ExpressionOverrideType::None,
            override_look_at: ExpressionOverrideType::None,
        };
        (VrmExpression::from(*name), world.spawn(settings).id())
    });
    let map = ExpressionEntityMap(map.collect());
    let face = VrmFace { blinks: false, ..VrmFace::default() };
    world.spawn((Persona(Handle::default()), EmotionBlend::default(), Vrm, map, face)).id()
}

#[test]
fn a_feeling_reaches_the_face_once_and_then_it_is_still() {
    let mut app = app();
    let siwoo = avatar(&mut app, &["happy", "aa", "sad"]);
    let mut blend = EmotionBlend::default();
    blend.aim(EmotionTag::new(Emotion::Joy, 1.0));
    blend.advance(10.0, 0.6);
    app.world_mut().entity_mut(siwoo).insert(blend);
    for _ in 0..10 {
        app.update();
    }
    let told = &app.world().resource::<Told>().0;
    assert_eq!(told.len(), 1);
    assert!(told[0][&VrmExpression::from("happy")] > 0.7);
    assert!(!told[0].contains_key(&VrmExpression::from("sad")));
}

#[test]
fn a_loaded_avatar_limits_the_emotions() {
    let mut app = app();
    let siwoo = avatar(&mut app, &["happy", "sad"]);
    app.update();
    let rig = app.world().get::<EmotionRig>(siwoo).unwrap();
    assert!(rig.0.contains(&Emotion::Neutral) && rig.0.contains(&Emotion::Joy));
    assert!(!rig.0.contains(&Emotion::Angry));
}
