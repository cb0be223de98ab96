//! A scene that runs.

mod hear;
mod step;

use std::{collections::VecDeque, sync::Arc};

use bevy::prelude::*;

use super::{
    Listening, SceneEnd, ScenePassage,
    beat::{Beat, Hall, Now},
    effects::carry_out,
    inbox::{Remark, ReplyNotice},
    speech::Speech,
    theatre::Theatre,
};
use crate::{
    cue::LookAtThis,
    persona::PersonaId,
    scene::{Player, SavedScene, SceneChoice, SceneError, Scenes, Story},
};

/// A scene that runs.
#[derive(Debug)]
pub(super) struct Run {
    player: Player,
    members: Vec<PersonaId>,
    hall: Hall,
    saved: SavedScene,
    doing: Option<Box<dyn Beat>>,
    /// An answer to the fan in between; what the scene does waits for it.
    aside: Option<Speech>,
    /// What the fan said during that.
    queue: VecDeque<Remark>,
    /// Who is with a fan who may be in danger: nothing goes on before the fan wants it.
    minded_by: Option<Entity>,
    /// For how many frames in a row nothing took any time.
    restless: usize,
}

impl Run {
    /// A scene that is about to begin, or to go on.
    pub(super) fn new(player: Player, scenes: &Scenes) -> Option<Self> {
        let info = scenes.get(player.scene())?;
        let members: Vec<PersonaId> = info.members.iter().cloned().collect();
        // Where nobody acts, all of it is told.
        let host = members.first().cloned().or_else(|| "narrator".parse().ok())?;
        Some(Self {
            hall: Hall::new(host, info.fan_may_interrupt),
            saved: player.save(),
            members,
            player,
            doing: None,
            aside: None,
            queue: VecDeque::new(),
            minded_by: None,
            restless: 0,
        })
    }

    pub(super) fn scene(&self) -> &str {
        self.player.scene()
    }

    pub(super) fn node(&self) -> &str {
        self.player.node()
    }

    pub(super) fn story(&self) -> &Story {
        self.player.story()
    }

    pub(super) fn saved(&self) -> &SavedScene {
        &self.saved
    }

    pub(super) fn fan_may_interrupt(&self) -> bool {
        self.hall.fan_may_interrupt
    }

    /// Who of the members is there.
    pub(super) fn cast(&self, theatre: &Theatre<'_, '_>) -> Vec<Entity> {
        self.members.iter().filter_map(|member| theatre.find(member)).collect()
    }

    pub(super) fn choices(&self) -> &[SceneChoice] {
        self.doing.as_ref().map(|doing| doing.choices()).unwrap_or_default()
    }

    pub(super) fn listens(&self, theatre: &Theatre<'_, '_>) -> Option<Listening> {
        if self.aside.is_some() {
            return None;
        }
        let minded = self.minded_by.map(|to| Listening { to, options: Vec::new() });
        minded.or_else(|| self.doing.as_ref()?.listens(theatre))
    }

    /// All talk in the language in which the fan spoke last.
    pub(super) fn agree_on_language(&mut self, theatre: &mut Theatre<'_, '_>) {
        let cast = self.cast(theatre);
        self.hall.language = theatre.language_of(&cast);
        theatre.speak_in(self.hall.language, &cast);
    }

    /// The stage shows what it showed when the scene was saved; nobody walks for it.
    pub(super) fn restore_the_stage(&mut self, theatre: &mut Theatre<'_, '_>) {
        let commands = self.player.setting();
        let Self { player, hall, .. } = self;
        let mut now = Now { player, hall, theatre, passages: &mut Vec::new() };
        for command in commands {
            carry_out(command, &mut now);
        }
        now.hall.arrive();
    }

    /// Hears of a reply.
    pub(super) fn notice(&mut self, notice: &ReplyNotice) {
        let doing = self.doing.as_mut().and_then(|doing| doing.speech());
        for speech in self.aside.as_mut().into_iter().chain(doing) {
            speech.notice(notice);
        }
    }

    pub(super) fn choose(&mut self, option: usize) {
        if let Some(doing) = &mut self.doing {
            doing.choose(option);
        }
    }

    pub(super) fn go_on(&mut self, theatre: &mut Theatre<'_, '_>, told: &mut Vec<ScenePassage>) {
        let Self { player, hall, doing, aside, .. } = self;
        let mut now = Now { player, hall, theatre, passages: told };
        if aside.is_none() && self.minded_by.take().is_some() {
            return;
        }
        match (aside, doing) {
            (Some(aside), _) => aside.cut(&mut now),
            (None, Some(doing)) => doing.go_on(&mut now),
            (None, None) => {}
        }
    }

    /// The files were edited.
    pub(super) fn reload(
        &mut self,
        scenes: Arc<Scenes>,
        theatre: &mut Theatre<'_, '_>,
    ) -> Result<(), SceneError> {
        let before = self.player.save();
        if let Some(info) = scenes.get(self.player.scene()) {
            self.members = info.members.iter().cloned().collect();
            self.hall.fan_may_interrupt = info.fan_may_interrupt;
        }
        self.player.reload(scenes)?;
        self.saved = self.player.save();
        // A node that was edited begins anew: what was being said belongs to the old one.
        if self.saved != before
            && let Some(mut doing) = self.doing.take()
            && let Some(speech) = doing.speech()
        {
            speech.drop_rest(theatre);
        }
        Ok(())
    }

    /// Leaves nothing behind; gives what nobody has answered.
    pub(super) fn clear_up(mut self, how: &SceneEnd, theatre: &mut Theatre<'_, '_>) -> Vec<Remark> {
        if *how != SceneEnd::Finished {
            let doing = self.doing.as_mut().and_then(|doing| doing.speech());
            for speech in self.aside.as_mut().into_iter().chain(doing) {
                speech.drop_rest(theatre);
            }
        }
        self.hall.set_note(None, theatre);
        for looker in self.hall.lookers {
            if let Ok(mut looker) = theatre.commands.get_entity(looker) {
                looker.try_remove::<LookAtThis>();
            }
        }
        self.hall.unheard.into_iter().chain(self.queue).collect()
    }
}
