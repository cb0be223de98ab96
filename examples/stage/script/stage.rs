//! What a script sees of the stage, and what it can do on it.

use bevy::{ecs::system::SystemParam, prelude::*, time::TimeUpdateStrategy};
use bevy_persona::prelude::*;

use super::heard::Heard;
use super::{on_scene::OnScene, parse::Sight};
use crate::{
    beat::{Dance, Dancing},
    camera::Fan,
    cast::{EyeLevel, Idol, PLACES},
    view::View,
};

/// The stage, as a script handles it.
#[derive(SystemParam)]
pub struct Stage<'w, 's> {
    pub time: Res<'w, Time>,
    pub pace: ResMut<'w, TimeUpdateStrategy>,
    pub heard: ResMut<'w, Heard>,
    pub commands: Commands<'w, 's>,
    pub scene: OnScene<'w>,
    pub camera: Single<'w, 's, &'static mut Camera, With<Fan>>,
    chosen: ResMut<'w, ChosenIdol>,
    view: ResMut<'w, View>,
    dancing: Res<'w, Dancing>,
    idols: Query<'w, 's, (Entity, &'static Idol, Has<EyeLevel>, &'static mut EmotionBlend)>,
    exit: MessageWriter<'w, AppExit>,
}

impl Stage<'_, '_> {
    /// Who has no avatar on the stage yet.
    pub fn missing(&self) -> Vec<&'static str> {
        let here = |id: &str| self.idols.iter().any(|(_, idol, here, _)| idol.0 == id && here);
        PLACES.iter().map(|place| place.id).filter(|id| !here(id)).collect()
    }

    /// Turns to this idol.
    pub fn choose(&mut self, name: &str) {
        let idol = self.idols.iter().find(|(_, idol, ..)| idol.0 == name);
        self.chosen.0 = idol.map(|(entity, ..)| entity);
    }

    /// The idol that is talked with; nobody in the first frames.
    pub fn partner(&self) -> Option<(Entity, &'static str)> {
        let (entity, idol, ..) = self.idols.get(self.chosen.0?).ok()?;
        Some((entity, idol.0))
    }

    /// Says something to her.
    pub fn say(&mut self, entity: Entity, text: &str) {
        *self.heard = Heard::default();
        self.commands.trigger(Say { entity, text: text.into() });
    }

    /// Lets her feel something, without the model.
    pub fn feel(&mut self, entity: Entity, tag: EmotionTag) {
        if let Ok((.., mut blend)) = self.idols.get_mut(entity) {
            blend.aim(tag);
        }
    }

    /// Looks there.
    pub fn look(&mut self, sight: Sight) {
        let private = || self.chosen.0.map_or(View::Group, View::Private);
        let view = match sight {
            Sight::Group => View::Group,
            Sight::Private => private(),
            Sight::Backstage => View::Backstage,
        };
        self.view.set_if_neq(view);
    }

    /// Starts the dance, or stops it.
    pub fn dance(&mut self) {
        self.commands.trigger(Dance(!self.dancing.0));
    }

    /// The end, well or with what went wrong.
    pub fn leave(&mut self, result: Result<(), String>) {
        self.exit.write(match result {
            Ok(()) => AppExit::Success,
            Err(message) => {
                error!("{message}");
                AppExit::error()
            }
        });
    }
}
