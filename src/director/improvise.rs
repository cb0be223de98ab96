//! A member says something in her own words, and hears what the fan says to it.

use super::{
    Listening,
    beat::{Beat, Now},
    inbox::Remark,
    speech::{Speech, Words},
    theatre::Theatre,
};
use crate::{
    mind::{Act, Demands},
    scene::Improvise,
};

/// An improvised moment: she speaks and the fan answers, so many times.
#[derive(Debug)]
pub(super) struct Improvising {
    moment: Improvise,
    speech: Speech,
    /// How often she has spoken.
    turns: u32,
    was_told: bool,
    answer: Option<String>,
    /// The fan wants on.
    is_passed_over: bool,
    /// The fan told of something that what is written next would pass over: she answers that first.
    reacts: bool,
}

impl Improvising {
    pub(super) fn new(moment: Improvise, now: &mut Now<'_, '_, '_>) -> Self {
        let fan = std::mem::take(&mut now.hall.fan_said);
        let speech = speech(&moment, fan);
        let (answer, is_passed_over) = (None, false);
        Self { moment, speech, turns: 1, was_told: false, answer, is_passed_over, reacts: false }
    }

    /// What the fan said while she answered is not lost.
    fn leave(&mut self, now: &mut Now<'_, '_, '_>) -> bool {
        let to = now.theatre.find(&self.moment.member);
        if let (Some(to), Some(text)) = (to, self.answer.take()) {
            now.hall.unheard.push_back(Remark { to, text });
        }
        true
    }
}

fn speech(moment: &Improvise, fan: String) -> Speech {
    let act = Act {
        brief: moment.brief.clone(),
        partner: None,
        demands: Demands { must: moment.must.clone(), avoid: moment.avoid.clone() },
        fallback: moment.fallback.clone(),
    };
    Speech::new(moment.member.clone(), Words::Improvised { fan, act: Box::new(act) })
}

impl Beat for Improvising {
    fn advance(&mut self, now: &mut Now<'_, '_, '_>) -> Result<bool, String> {
        if !self.speech.advance(now) {
            return Ok(false);
        }
        if !self.was_told {
            self.was_told = true;
            let said = self.speech.said().unwrap_or_default().to_owned();
            now.pass_line(&self.moment.member, &said);
        }
        let is_there = now.theatre.find(&self.moment.member).is_some();
        if self.is_passed_over || !is_there {
            return Ok(true);
        }
        if self.reacts {
            return Ok(self.leave(now));
        }
        let Some(answer) = self.answer.take() else { return Ok(false) };
        if self.turns >= self.moment.turns {
            let (member, language) = (self.moment.member.clone(), now.hall.language);
            if !now.theatre.asks_for_an_answer(&member, &answer, language) {
                now.take_answer(&member, &answer);
                return Ok(true);
            }
            now.pass(format!("> {answer}"));
            self.speech = Speech::new(member, Words::Answer(answer));
            (self.reacts, self.was_told) = (true, false);
            return Ok(false);
        }
        now.pass(format!("> {answer}"));
        self.turns += 1;
        self.was_told = false;
        self.speech = speech(&self.moment, answer);
        Ok(false)
    }

    fn go_on(&mut self, now: &mut Now<'_, '_, '_>) {
        if self.speech.is_over() {
            self.is_passed_over = true;
        } else {
            self.speech.cut(now);
        }
    }

    fn speech(&mut self) -> Option<&mut Speech> {
        Some(&mut self.speech)
    }

    fn hear(&mut self, text: &str, now: &mut Now<'_, '_, '_>) -> bool {
        self.answer = Some(text.into());
        if now.hall.fan_may_interrupt {
            self.speech.cut(now);
        }
        true
    }

    fn listens(&self, theatre: &Theatre<'_, '_>) -> Option<Listening> {
        let to = theatre.find(&self.moment.member).filter(|_| self.speech.is_over())?;
        Some(Listening { to, options: Vec::new() })
    }
}
