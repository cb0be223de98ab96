//! Whom or what a character looks at.

use bevy::prelude::*;

use super::Activity;

/// Marks what stands for the fan's eyes: the camera, as a rule.
#[derive(Debug, Clone, Copy, Default, Component)]
pub struct FanEyes;

/// Something that a character looks at before all else, until it is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Component)]
pub struct LookAtThis(pub Entity);

/// What a character looks at now; nobody, if it is none.
///
/// First comes what the game says ([`LookAtThis`]), then a character who speaks, then the fan. Whoever
/// speaks looks at the fan; whoever listens to another glances at the fan now and then.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Component)]
pub struct Attention(pub Option<Entity>);

/// Seconds of looking at a speaker, and after that at the fan, in turn.
const SPEAKER: f32 = 5.0;
const FAN: f32 = 1.6;

pub(super) fn attend(
    time: Res<Time>,
    fan: Query<Entity, With<FanEyes>>,
    speakers: Query<(Entity, &Activity)>,
    mut characters: Query<(Entity, &Activity, Option<&LookAtThis>, &mut Attention)>,
) {
    let fan = fan.iter().next();
    let speaker = speakers
        .iter()
        .find(|(_, activity)| **activity == Activity::Speaking)
        .map(|(entity, _)| entity);
    let seconds = time.elapsed_secs();
    for (entity, activity, this, mut attention) in &mut characters {
        let other = speaker.filter(|speaker| *speaker != entity);
        let speaks_herself = matches!(activity, Activity::Speaking | Activity::Thinking);
        let social = match other {
            Some(other) if !speaks_herself && !glances_at_fan(entity, seconds) => Some(other),
            _ => fan,
        };
        attention.set_if_neq(Attention(this.map(|this| this.0).or(social)));
    }
}

/// Each character does so at another time.
fn glances_at_fan(entity: Entity, seconds: f32) -> bool {
    let shift = (entity.to_bits() % 97) as f32 * 0.37;
    (seconds + shift) % (SPEAKER + FAN) > SPEAKER
}

#[cfg(test)]
mod tests {
    use super::*;

    fn app() -> (App, Entity, Entity, Entity) {
        let mut app = App::new();
        app.add_plugins(MinimalPlugins).add_systems(Update, attend);
        let fan = app.world_mut().spawn(FanEyes).id();
        let mut idol = |activity| app.world_mut().spawn((activity, Attention::default())).id();
        let (siwoo, jena) = (idol(Activity::Idle), idol(Activity::Speaking));
        (app, fan, siwoo, jena)
    }

    fn looks_at(app: &App, who: Entity) -> Option<Entity> {
        app.world().get::<Attention>(who).and_then(|attention| attention.0)
    }

    #[test]
    fn who_speaks_looks_at_the_fan_and_the_others_at_her() {
        let (mut app, fan, siwoo, jena) = app();
        let mut at_jena = 0;
        for _ in 0..400 {
            app.update();
            assert_eq!(looks_at(&app, jena), Some(fan));
            at_jena += usize::from(looks_at(&app, siwoo) == Some(jena));
        }
        assert!(at_jena > 0);
    }

    #[test]
    fn what_the_game_says_comes_first() {
        let (mut app, _, siwoo, _) = app();
        let moon = app.world_mut().spawn_empty().id();
        app.world_mut().entity_mut(siwoo).insert(LookAtThis(moon));
        app.update();
        assert_eq!(looks_at(&app, siwoo), Some(moon));
    }
}
