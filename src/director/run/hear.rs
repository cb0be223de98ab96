//! What the fan says while a scene runs: to the scene, or in between.

use super::Run;
use crate::{
    director::{
        ScenePassage,
        beat::{Beat, Now},
        inbox::Remark,
        running::say_as_usual,
        speech::{Speech, Words},
        theatre::Theatre,
    },
    mind::{
        conduct::{Flag, FlagSource},
        tongue::tongue,
    },
};

impl Run {
    /// The fan says something.
    pub(in crate::director) fn hear(
        &mut self,
        remark: Remark,
        theatre: &mut Theatre<'_, '_>,
        told: &mut Vec<ScenePassage>,
    ) {
        let cast = self.cast(theatre);
        if !cast.contains(&remark.to) {
            // Whoever has no part in the scene answers as always.
            say_as_usual(remark, theatre);
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

    /// Gives whether the scene may go on.
    pub(super) fn answer_in_between(
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
