//! A scene that runs: one step after another.

use std::{collections::VecDeque, sync::Arc};

use bevy::prelude::*;

use super::{
    Listening, SceneEnd, ScenePassage,
    answer::Asking,
    beat::{Beat, Hall, Now},
    chat::Chatting,
    choice::Choosing,
    effects::carry_out,
    improvise::Improvising,
    inbox::{Remark, ReplyNotice},
    line::{Line, Pause},
    speech::{Speech, Words},
    talk::Talking,
    theatre::Theatre,
};
use crate::{
    cue::LookAtThis,
    mind::{
        conduct::{Flag, FlagSource},
        tongue::tongue,
    },
    persona::PersonaId,
    scene::{Player, SavedScene, SceneChoice, SceneCommand, SceneError, Scenes, Step, Story},
};

/// How many steps are made in a frame at most: scenes that go round and round must not stop the game.
const STEPS_A_FRAME: usize = 200;
/// For how many frames in a row they may do so.
const RESTLESS_FRAMES: usize = 60;

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

    /// The fan says something.
    pub(super) fn hear(
        &mut self,
        remark: Remark,
        theatre: &mut Theatre<'_, '_>,
        told: &mut Vec<ScenePassage>,
    ) {
        let cast = self.cast(theatre);
        if !cast.contains(&remark.to) {
            // Whoever has no part in the scene answers as always.
            super::running::say_as_usual(remark, theatre);
            return;
        }
        if self.aside.is_some() {
            self.queue.push_back(remark);
            return;
        }
        let language = tongue(&remark.text, self.hall.language);
        if language != self.hall.language {
            self.hall.language = language;
            theatre.speak_in(language, &cast);
        }
        let care = care_for(&remark.text, theatre);
        if care == Care::Crisis {
            self.minded_by = Some(remark.to);
        }
        // Nothing of the scene comes before a fan who may be in danger.
        let comes_first = self.minded_by.is_some();
        let needs_care = care != Care::None || comes_first;
        let Self { player, hall, doing, .. } = self;
        let mut now = Now { player, hall, theatre, passages: told };
        let doing = doing.as_mut();
        let is_for = |doing: &&mut Box<dyn Beat>| !needs_care || doing.answers_as_always();
        if !comes_first
            && doing.as_ref().is_some_and(is_for)
            && doing.is_some_and(|doing| doing.hear(&remark.text, &mut now))
        {
            return;
        }
        if needs_care || self.hall.fan_may_interrupt {
            self.begin_aside(remark, theatre, told);
        } else {
            self.hall.unheard.push_back(remark);
        }
    }

    /// What is said is cut short, and the fan is answered.
    fn begin_aside(
        &mut self,
        remark: Remark,
        theatre: &mut Theatre<'_, '_>,
        told: &mut Vec<ScenePassage>,
    ) {
        let Some(member) = theatre.id(remark.to) else { return };
        let Self { player, hall, doing, aside, .. } = self;
        let mut now = Now { player, hall, theatre, passages: told };
        if let Some(speech) = doing.as_mut().and_then(|doing| doing.speech()) {
            speech.cut(&mut now);
        }
        now.pass(format!("> {}", remark.text));
        *aside = Some(Speech::new(member, Words::Answer(remark.text)));
    }

    /// Moves on by a frame; gives how the scene ended, if it has.
    pub(super) fn advance(
        &mut self,
        theatre: &mut Theatre<'_, '_>,
        told: &mut Vec<ScenePassage>,
    ) -> Option<SceneEnd> {
        self.hall.pass_time(theatre.time.delta_secs());
        if !self.answer_in_between(theatre, told) {
            return None;
        }
        for _ in 0..STEPS_A_FRAME {
            match self.step(theatre, told) {
                Ok(Progress::Goes) => {}
                Ok(Progress::Waits) => {
                    self.restless = 0;
                    return None;
                }
                Ok(Progress::Ended) => return Some(SceneEnd::Finished),
                Err(problem) => return Some(SceneEnd::Failed(problem)),
            }
        }
        self.restless += 1;
        (self.restless > RESTLESS_FRAMES).then(|| {
            let node = self.player.node();
            SceneEnd::Failed(format!(
                "node `{node}` goes round and round: put a line, a choice or a `<<wait>>` into it"
            ))
        })
    }

    /// Gives whether the scene may go on.
    fn answer_in_between(
        &mut self,
        theatre: &mut Theatre<'_, '_>,
        told: &mut Vec<ScenePassage>,
    ) -> bool {
        let Self { player, hall, aside, .. } = self;
        let mut now = Now { player, hall, theatre, passages: told };
        if let Some(speech) = aside {
            if !speech.advance(&mut now) {
                return false;
            }
            let (member, said) =
                (speech.member.clone(), speech.said().unwrap_or_default().to_owned());
            now.pass_line(&member, &said);
            self.aside = None;
        }
        while self.aside.is_none()
            && let Some(remark) = self.queue.pop_front()
        {
            self.hear(remark, theatre, told);
        }
        self.minded_by = self.minded_by.filter(|entity| theatre.has(*entity));
        self.aside.is_none() && self.minded_by.is_none()
    }

    fn step(
        &mut self,
        theatre: &mut Theatre<'_, '_>,
        told: &mut Vec<ScenePassage>,
    ) -> Result<Progress, String> {
        let Self { player, hall, doing, .. } = self;
        if let Some(beat) = doing {
            let mut now = Now { player, hall, theatre, passages: told };
            if !beat.advance(&mut now)? {
                return Ok(Progress::Waits);
            }
            *doing = None;
        }
        let world = theatre.world(hall.language);
        let step = player.advance(&world).map_err(|error| error.to_string())?;
        let is_end = step == Step::End;
        *doing = begin(step, &mut Now { player, hall, theatre, passages: told });
        self.saved = self.player.save();
        Ok(if is_end { Progress::Ended } else { Progress::Goes })
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

/// How much care a message needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Care {
    None,
    /// It is answered with written words, and then all goes on.
    Needed,
    /// It may be about life and death.
    Crisis,
}

fn care_for(text: &str, theatre: &Theatre<'_, '_>) -> Care {
    let conduct = theatre.library.current().conduct.as_ref();
    match conduct.and_then(|conduct| conduct.check(text)) {
        Some(flag) if flag.kind.is_crisis() => Care::Crisis,
        Some(Flag { by: FlagSource::Pattern, .. }) => Care::Needed,
        _ => Care::None,
    }
}

enum Progress {
    Goes,
    Waits,
    Ended,
}

/// Begins a step; gives what takes its time.
fn begin(step: Step, now: &mut Now<'_, '_, '_>) -> Option<Box<dyn Beat>> {
    let command = match step {
        Step::Line(line) => return Some(Box::new(Line::new(line, now))),
        Step::Choices(choices) => return Some(Box::new(Choosing::new(choices, now))),
        Step::Do(command) => command,
        Step::End => return None,
    };
    now.pass(format!("<<{command}>>"));
    match command {
        SceneCommand::Wait(seconds) => Some(Box::new(Pause(seconds))),
        SceneCommand::Improvise(moment) => Some(Box::new(Improvising::new(moment, now))),
        SceneCommand::AskFan(ask) => Some(Box::new(Asking::new(ask, now))),
        SceneCommand::Chat(chat) => Some(Box::new(Chatting::new(chat))),
        SceneCommand::Talk(talk) => Some(Box::new(Talking::new(talk))),
        other => {
            carry_out(other, now);
            None
        }
    }
}
