//! What the fan looks at: the stage, one idol in her room, all four behind the stage, or a scene.

mod curtain;

use bevy::prelude::*;
use bevy_egui::EguiPrimaryContextPass;
use bevy_persona::prelude::*;

use crate::{
    Setting,
    cast::{EyeLevel, Idol, PLACES, Place, everybody_is_here},
    scenes::place::Set,
};

/// Seconds after which an idol who does not come is no longer waited for.
const LATE: f32 = 20.0;
/// How long a curtain takes to close, in seconds.
const CLOSING: f32 = 0.28;
/// How long it takes to open.
const OPENING: f32 = 0.5;

/// What the fan wants to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Resource)]
pub enum View {
    /// All four on the stage.
    #[default]
    Group,
    /// This one alone, in her room.
    Private(Entity),
    /// All four behind the stage.
    Backstage,
    /// A written scene, on this set.
    Scene(Set),
}

/// When it is decided what the fan sees and where everybody stands, in `Update`.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ViewSystems;

/// What can be seen: the same as [`View`] once the curtain has closed over what was there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Resource)]
pub struct Shown(pub View);

/// How far the curtain is closed, 0..1.
#[derive(Debug, Clone, Copy, Default, Resource)]
pub struct Curtain(pub f32);

/// What makes watching pleasant for this fan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Resource)]
pub struct Comfort {
    /// The camera cuts and the scenery stands still.
    pub reduced_motion: bool,
}

/// Run condition: whether the camera and the scenery may move.
pub fn in_motion(setting: Res<Setting>, comfort: Res<Comfort>) -> bool {
    setting.alive && !comfort.reduced_motion
}

pub fn plugin(app: &mut App) {
    app.init_resource::<View>()
        .init_resource::<Shown>()
        .init_resource::<Curtain>()
        .init_resource::<Comfort>()
        .add_systems(Update, (begin, choose, keys, turn, stand).chain().in_set(ViewSystems))
        .add_systems(EguiPrimaryContextPass, curtain::draw.after(crate::plates::draw));
}

/// Turns to whom the command line names, or a script talks with, as soon as all can be seen.
fn begin(
    mut begun: Local<bool>,
    time: Res<Time>,
    setting: Res<Setting>,
    chosen: Res<ChosenIdol>,
    idols: Query<Has<EyeLevel>, With<Idol>>,
    mut view: ResMut<View>,
) {
    if *begun || matches!(*view, View::Scene(_)) {
        // Who begins with a scene turns to somebody by what happens in it.
        *begun = true;
        return;
    }
    if !(everybody_is_here(idols) || time.elapsed_secs() > LATE) {
        return;
    }
    let Some(idol) = chosen.0 else { return };
    *begun = true;
    if !setting.alive || setting.first.is_some() {
        *view = View::Private(idol);
    }
}

/// Follows the fan to whom she chose, except behind the stage, where all are close.
fn choose(
    mut before: Local<Option<Entity>>,
    chosen: Res<ChosenIdol>,
    here: Query<(), With<EyeLevel>>,
    mut view: ResMut<View>,
) {
    if !chosen.is_changed() {
        return;
    }
    // The panel chooses somebody by itself at first.
    let first = before.replace(chosen.0.unwrap_or(Entity::PLACEHOLDER)).is_none();
    let Some(idol) = chosen.0.filter(|idol| here.contains(*idol)) else { return };
    if !first && matches!(*view, View::Group | View::Private(_)) {
        view.set_if_neq(View::Private(idol));
    }
}

fn keys(keys: Res<ButtonInput<KeyCode>>, chosen: Res<ChosenIdol>, mut view: ResMut<View>) {
    if matches!(*view, View::Scene(_)) {
        return;
    }
    let wish = if keys.just_pressed(KeyCode::F1) {
        Some(View::Group)
    } else if keys.just_pressed(KeyCode::F2) {
        chosen.0.map(View::Private)
    } else if keys.just_pressed(KeyCode::F3) {
        Some(View::Backstage)
    } else {
        None
    };
    if let Some(wish) = wish {
        view.set_if_neq(wish);
    }
}

/// Closes the curtain, changes the scenery, opens it again.
fn turn(
    time: Res<Time>,
    setting: Res<Setting>,
    comfort: Res<Comfort>,
    view: Res<View>,
    mut shown: ResMut<Shown>,
    mut curtain: ResMut<Curtain>,
) {
    if !in_motion(setting, comfort) {
        curtain.0 = 0.0;
        shown.set_if_neq(Shown(*view));
    } else if shown.0 == *view {
        curtain.0 = (curtain.0 - time.delta_secs() / OPENING).max(0.0);
    } else {
        curtain.0 += time.delta_secs() / CLOSING;
        if curtain.0 >= 1.0 {
            curtain.0 = 1.0;
            shown.0 = *view;
        }
    }
}

/// Puts everybody where she stands in this view.
fn stand(
    shown: Res<Shown>,
    mut idols: Query<(Entity, Ref<Idol>, &mut Transform, &mut Visibility)>,
) {
    if matches!(shown.0, View::Scene(_)) {
        // There everybody has a place of her own.
        return;
    }
    for (entity, idol, mut transform, mut visibility) in &mut idols {
        if !shown.is_changed() && !idol.is_added() {
            continue;
        }
        let Some(index) = PLACES.iter().position(|place| place.id == idol.0) else { continue };
        let alone = matches!(shown.0, View::Private(other) if other != entity);
        *transform = Transform::from_translation(shown.0.spot(index));
        visibility.set_if_neq(if alone { Visibility::Hidden } else { Visibility::Inherited });
    }
}

impl View {
    /// Where the feet of the idol with this place are.
    pub fn spot(self, index: usize) -> Vec3 {
        /// Close together, with nobody in front of another.
        const BACKSTAGE: [Vec3; 4] = [
            Vec3::new(-1.02, 0.0, 0.05),
            Vec3::new(-0.34, 0.0, -0.12),
            Vec3::new(0.36, 0.0, -0.14),
            Vec3::new(1.02, 0.0, 0.05),
        ];
        match self {
            Self::Group | Self::Private(_) | Self::Scene(_) => {
                PLACES.get(index).map_or(Vec3::ZERO, Place::floor)
            }
            Self::Backstage => BACKSTAGE.get(index).copied().unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn behind_the_stage_all_are_closer_and_in_the_same_order() {
        for index in 1..PLACES.len() {
            let gap = |view: View| view.spot(index).x - view.spot(index - 1).x;
            assert!(gap(View::Backstage) > 0.5 && gap(View::Backstage) < gap(View::Group));
        }
    }

    #[test]
    fn without_motion_the_view_changes_at_once() {
        let mut app = App::new();
        app.init_resource::<Time>()
            .insert_resource(Setting { alive: false, first: None })
            .init_resource::<Comfort>()
            .init_resource::<Shown>()
            .init_resource::<Curtain>()
            .insert_resource(View::Backstage)
            .add_systems(Update, turn);
        app.update();
        assert_eq!(app.world().resource::<Shown>().0, View::Backstage);
        assert_eq!(app.world().resource::<Curtain>().0, 0.0);
    }
}
