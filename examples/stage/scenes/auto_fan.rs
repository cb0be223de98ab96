//! A fan who chooses and answers by herself: to watch a scene, or to try it.

use bevy::prelude::*;
use bevy_persona::{
    director::{Choose, SceneState},
    persona::Language,
    prelude::*,
};

use crate::Setting;

/// Whether somebody plays the fan, and what she will do next.
#[derive(Debug, Default, Resource)]
pub struct AutoFan(pub Option<Chances>);

/// Numbers that come the same way for the same seed.
#[derive(Debug, Clone, Copy)]
pub struct Chances(u64);

impl Chances {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// One of so many.
    fn pick(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as usize % count.max(1)
    }
}

/// Seconds for which she thinks about a choice, and about an answer.
const THINKS: (f32, f32) = (1.6, 2.4);

/// Nobody waits for her in a script: she needs a few frames.
const AT_ONCE: f32 = 0.6;

const ENGLISH: [&str; 5] = [
    "I'm listening.",
    "That sounds warm. Tell me more.",
    "I think I know what you mean.",
    "At home there is a small lamp by the window.",
    "Yes. Go on, please.",
];
const KOREAN: [&str; 5] = [
    "듣고 있어.",
    "따뜻하게 들려. 더 얘기해 줘.",
    "무슨 말인지 알 것 같아.",
    "우리 집 창가에는 작은 등이 하나 있어.",
    "응, 계속해 줘.",
];

pub fn plugin(app: &mut App) {
    app.init_resource::<AutoFan>().add_systems(Update, act);
}

fn act(
    time: Res<Time>,
    state: Res<SceneState>,
    languages: Query<&FanLanguage>,
    setting: Res<Setting>,
    mut fan: ResMut<AutoFan>,
    mut waited: Local<f32>,
    mut commands: Commands,
) {
    let Some(chances) = &mut fan.bypass_change_detection().0 else { return };
    let open: Vec<_> = (0..state.choices.len())
        .filter(|index| state.choices.get(*index).is_some_and(|choice| choice.available))
        .collect();
    if state.scene.is_none() || (open.is_empty() && state.listens.is_none()) {
        *waited = 0.0;
        return;
    }
    *waited += if setting.alive { time.delta_secs() } else { AT_ONCE };
    if !open.is_empty() && *waited > THINKS.0 {
        commands.trigger(Choose(open[chances.pick(open.len())]));
        *waited = 0.0;
    } else if let Some(listens) = state.listens.as_ref().filter(|_| *waited > THINKS.1) {
        let language = languages.get(listens.to).map_or(Language::English, |language| language.0);
        let usual = if language == Language::Korean { KOREAN } else { ENGLISH };
        let suggested = listens.options.get(chances.pick(listens.options.len()));
        let text = suggested.map_or(usual[chances.pick(usual.len())], String::as_str).into();
        commands.trigger(Say { entity: listens.to, text });
        *waited = 0.0;
    }
}

#[cfg(test)]
mod tests {
    use bevy_persona::scene::SceneChoice;

    use super::*;

    #[derive(Default, Resource)]
    struct Chosen(Vec<usize>);

    #[test]
    fn she_chooses_what_can_be_chosen_and_the_same_for_the_same_seed() {
        let run = || {
            let choice = |available| SceneChoice {
                id: "a".into(),
                text: "a".into(),
                available,
                is_deed: false,
            };
            let choices = vec![choice(false), choice(true), choice(true)];
            let mut app = App::new();
            app.init_resource::<Time>()
                .init_resource::<Chosen>()
                .insert_resource(Setting { alive: true, first: None })
                .insert_resource(AutoFan(Some(Chances::new(4))))
                .insert_resource(SceneState {
                    scene: Some("tower".into()),
                    choices,
                    ..SceneState::default()
                })
                .add_observer(|choose: On<Choose>, mut chosen: ResMut<Chosen>| {
                    chosen.0.push(choose.0);
                })
                .add_systems(Update, act);
            for _ in 0..20 {
                app.world_mut()
                    .resource_mut::<Time>()
                    .advance_by(std::time::Duration::from_secs(1));
                app.update();
            }
            app.world_mut().remove_resource::<Chosen>().unwrap().0
        };
        let chosen = run();
        assert!(chosen.len() > 5 && !chosen.contains(&0));
        assert_eq!(chosen, run());
    }
}
