//! What a script sees of a scene, and what it can do in it.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use bevy::{ecs::system::SystemParam, prelude::*};
use bevy_persona::{
    director::{Choose, GoOn, PlayScene, SceneEnd, SceneEnded, ScenePassage, SceneState},
    prelude::*,
};

use super::parse::Moment;
use crate::scenes::auto_fan::{AutoFan, Chances};

/// What a scene has come past since the script last waited for something.
#[derive(Debug, Default, Resource)]
pub struct Passages {
    texts: VecDeque<String>,
    /// How the last scene ended.
    end: Option<SceneEnd>,
    /// A scene was asked for and has not begun.
    is_asked: bool,
    asked: Option<String>,
    /// When it went on last, in real time.
    news: Option<Instant>,
}

/// The scene, as a script handles it.
#[derive(SystemParam)]
pub struct OnScene<'w> {
    state: Res<'w, SceneState>,
    passages: ResMut<'w, Passages>,
    auto: ResMut<'w, AutoFan>,
    fan: ResMut<'w, Fan>,
}

pub fn take_down(
    mut passed: MessageReader<ScenePassage>,
    state: Res<SceneState>,
    mut passages: ResMut<Passages>,
) {
    for passage in passed.read() {
        passages.texts.push_back(passage.text.clone());
        passages.news = Some(Instant::now());
    }
    // One that ran before ends first.
    passages.is_asked &= state.scene.as_ref() != passages.asked.as_ref();
}

pub fn ended(ended: On<SceneEnded>, mut passages: ResMut<Passages>) {
    // The one before makes room for the one that was asked for.
    if passages.is_asked && ended.how == SceneEnd::Stopped {
        return;
    }
    passages.end = Some(ended.how.clone());
    passages.is_asked = false;
}

impl OnScene<'_> {
    /// Begins a scene, whatever it needs.
    pub fn play(&mut self, scene: &str, commands: &mut Commands) {
        *self.passages = Passages {
            is_asked: true,
            asked: Some(scene.into()),
            news: Some(Instant::now()),
            ..Passages::default()
        };
        commands.trigger(PlayScene { scene: scene.into(), force: true });
    }

    /// Chooses one of the options of the moment.
    pub fn choose(&mut self, index: usize, commands: &mut Commands) -> Result<(), String> {
        let count = self.state.choices.len();
        if index >= count {
            return Err(format!("there is no choice {}: there are {count}", index + 1));
        }
        commands.trigger(Choose(index));
        Ok(())
    }

    /// Says something to whoever listens, or else to the idol that is talked with.
    pub fn answer(&mut self, text: &str, idol: Entity, commands: &mut Commands) {
        let entity = self.state.listens.as_ref().map_or(idol, |listens| listens.to);
        commands.trigger(Say { entity, text: text.into() });
    }

    /// The fan has been told this secret.
    pub fn know(&mut self, lock: String) {
        self.fan.unlocked.insert(lock);
    }

    /// Lets the stage play the fan.
    pub fn auto(&mut self, seed: u64) {
        self.auto.0 = Some(Chances::new(seed));
    }

    /// For how long nothing has happened in it, in real time.
    pub fn silence(&self) -> Duration {
        self.passages.news.map_or(Duration::ZERO, |news| news.elapsed())
    }

    /// Whether the scene has come to this moment; an error if it is over without.
    pub fn has_come(&mut self, moment: &Moment) -> Result<bool, String> {
        let is_there = match moment {
            Moment::Choices => !self.state.choices.is_empty(),
            Moment::Question => self.state.listens.is_some(),
            Moment::End => self.passages.end.is_some(),
            Moment::Words(words) => {
                let found = self.passages.texts.iter().position(|text| text.contains(words));
                found.map(|place| self.passages.texts.drain(..=place)).is_some()
            }
        };
        match &self.passages.end {
            Some(SceneEnd::Failed(why)) => Err(format!("the scene failed: {why}")),
            Some(_) if !is_there => {
                Err(format!("the scene ended before it came to `{}`", moment.name()))
            }
            _ => Ok(is_there),
        }
    }

    /// Lets it go on; a choice is for the fan.
    pub fn hurry(&mut self, commands: &mut Commands) -> Result<(), String> {
        if self.state.scene.is_none() || self.auto.0.is_some() && self.state.listens.is_some() {
            return Ok(());
        }
        if !self.state.choices.is_empty() {
            return if self.auto.0.is_some() {
                Ok(())
            } else {
                Err("the scene waits for a choice: write `!choose 1`, or `!auto 1` before".into())
            };
        }
        commands.trigger(GoOn);
        Ok(())
    }
}
