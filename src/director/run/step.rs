//! One step after another, as long as they take no time.

use super::Run;
use crate::{
    director::{
        SceneEnd, ScenePassage,
        answer::Asking,
        beat::{Beat, Now},
        chat::Chatting,
        choice::Choosing,
        effects::carry_out,
        improvise::Improvising,
        line::{Line, Pause},
        talk::Talking,
        theatre::Theatre,
    },
    scene::{SceneCommand, Step},
};

/// How many steps are made in a frame at most: scenes that go round and round must not stop the game.
const STEPS_A_FRAME: usize = 200;
/// For how many frames in a row they may do so.
const RESTLESS_FRAMES: usize = 60;

impl Run {
    /// Moves on by a frame; gives how the scene ended, if it has.
    pub(in crate::director) fn advance(
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
