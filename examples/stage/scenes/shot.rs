//! What the camera of a scene has in view.

use bevy::prelude::*;

use super::walk::Whereabouts;
use crate::{
    camera::Frame,
    cast::{EyeLevel, Idol},
    view::{Shown, View},
};

/// What the scene asked to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wish {
    /// Everybody who is on.
    #[default]
    Wide,
    Close(Entity),
}

/// The shot of the moment.
#[derive(Debug, Clone, Copy, Default, Resource)]
pub struct Shot {
    pub wish: Wish,
    /// What is in view while a scene is shown.
    pub frame: Option<Frame>,
}

pub fn plugin(app: &mut App) {
    app.init_resource::<Shot>().add_systems(Update, aim.after(crate::view::ViewSystems));
}

fn aim(
    shown: Res<Shown>,
    idols: Query<(&Whereabouts, Option<&EyeLevel>), With<Idol>>,
    mut shot: ResMut<Shot>,
) {
    if !matches!(shown.0, View::Scene(_)) {
        shot.frame = None;
        return;
    }
    let close = match shot.wish {
        Wish::Wide => None,
        Wish::Close(idol) => idols.get(idol).ok().map(|(place, eyes)| {
            // Going with her, rather than waiting where she will be.
            let at = place.at.lerp(place.goal, 0.3);
            let low = if place.kneels { 0.36 } else { 0.0 };
            let eyes = at.y + eyes.map_or(1.4, |eyes| eyes.0) - low;
            Frame::portrait(at, eyes)
        }),
    };
    let on = || idols.iter().filter(|(place, _)| place.entered);
    shot.frame = close.or_else(|| wide(on().flat_map(|(place, _)| [place.at, place.goal])));
}

/// Everybody from head to toe, with a good part of the set; none if nobody is on.
fn wide(places: impl Iterator<Item = Vec3>) -> Option<Frame> {
    let (least, most) = places.fold(None, |bounds: Option<(Vec3, Vec3)>, at| {
        Some(bounds.map_or((at, at), |(least, most)| (least.min(at), most.max(at))))
    })?;
    let (middle, size) = ((least + most) / 2.0, most - least);
    // One alone is not kept in the very middle, or the set would move instead of her.
    let x = middle.x * 0.6;
    let half = Vec2::new(
        (size.x / 2.0 + 0.7 + (middle.x - x).abs()).max(1.35),
        (size.y / 2.0 + 1.0).max(1.15),
    );
    Some(Frame { centre: Vec3::new(x, middle.y + 0.98, middle.z), half })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wide_shot_has_everybody_in_it_from_head_to_toe() {
        let places = [Vec3::new(-1.8, 0.0, 0.0), Vec3::new(1.4, 1.9, -0.3)];
        let frame = wide(places.into_iter()).unwrap();
        for at in places {
            for point in [at, at + Vec3::Y * 1.7] {
                let off = (point - frame.centre).truncate().abs();
                assert!(off.x + 0.3 < frame.half.x && off.y < frame.half.y, "{off}");
            }
        }
        assert_eq!(wide(std::iter::empty()), None);
    }
}
