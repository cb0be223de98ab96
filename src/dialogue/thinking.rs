//! Lets a character think about a message before she answers.

use bevy::{ecs::system::SystemParam, prelude::*};

use super::{
    Conversation, FanLanguage, Rapport, SceneNotes,
    ask::{Open, Stage, Task, Waiting},
    authored::pieces,
    heads::PromptHeads,
    plugin::FormOverride,
    profile::Fans,
    request::{Seed, conversation_id},
};
use crate::{
    inference::{ModelStatus, Request, seed_of_ask},
    library::MindLibrary,
    mind::{
        Answer, Ask, Direction, Emotion, Moment, Palette, Speaker, Thought, Timestamp, act, think,
    },
    persona::{Persona, PersonaAsset, PersonaSheet},
};

/// What all characters think with.
#[derive(SystemParam)]
pub(super) struct Minds<'w, 's> {
    library: Res<'w, MindLibrary>,
    model: Option<Res<'w, ModelStatus>>,
    fans: Fans<'w, 's>,
    scene: Res<'w, SceneNotes>,
    form: Res<'w, FormOverride>,
    seed: Res<'w, Seed>,
    heads: ResMut<'w, PromptHeads>,
}

/// Who is asked.
pub(super) struct Asked<'a> {
    pub(super) entity: Entity,
    pub(super) persona: &'a Persona,
    pub(super) asset: &'a PersonaAsset,
    pub(super) conversation: &'a Conversation,
    pub(super) rapport: &'a Rapport,
    pub(super) language: FanLanguage,
    /// The emotions that her avatar can show.
    pub(super) rig: Option<&'a [Emotion]>,
}

/// What a model reads where the fan says nothing.
const SILENCE: &str = "…";

impl Asked<'_> {
    /// The feelings that she can show.
    fn palette(&self) -> Palette {
        let emotions = &self.asset.sheet.emotions;
        self.rig.map_or_else(|| emotions.clone(), |rig| emotions.limited_to(rig))
    }

    /// An ask whose words are written.
    pub(super) fn perform(&self, waiting: Waiting) -> Open {
        let Waiting { ask, fan, task } = waiting;
        let line = match task {
            Task::Perform(line) => line,
            Task::Answer | Task::Improvise(_) => String::new(),
        };
        Open::new(ask, fan, Stage::Written(pieces(&self.palette(), &line)), None)
    }
}

impl Minds<'_, '_> {
    /// Whether the library is still being read.
    pub(super) fn are_asleep(&self) -> bool {
        self.library.is_expected()
    }

    /// Whether the model is still being loaded, so that nobody knows what it can do.
    pub(super) fn wait_for_model(&self) -> bool {
        self.model.as_deref().is_some_and(|status| matches!(status, ModelStatus::Loading(_)))
    }

    fn speaker(&self, sheet: &PersonaSheet) -> Speaker {
        let mut speaker = match self.model.as_deref() {
            Some(ModelStatus::Ready(info)) => info.speaker(sheet),
            _ => Speaker::default(),
        };
        if let Some(form) = self.form.0 {
            speaker.size = form.size;
            speaker.is_tuned = form.is_tuned;
        }
        speaker
    }

    /// What she makes of a message.
    pub(super) fn think(&self, asked: &Asked<'_>, waiting: &Waiting) -> Thought {
        let fan = self.fans.of(asked.entity);
        let ask = Ask {
            sheet: &asked.asset.sheet,
            fan: &waiting.fan,
            language: asked.language.0,
            history: &asked.conversation.history,
            bond: &asked.rapport.0,
            memory: &fan.memory,
            unlocked: &fan.unlocked,
            scene: &self.scene.0,
            now: Timestamp::now(),
        };
        let (library, speaker) = (self.library.current(), self.speaker(&asked.asset.sheet));
        match &waiting.task {
            Task::Improvise(moment) => act(library, &ask, &speaker, moment),
            Task::Answer | Task::Perform(_) => think(library, &ask, &speaker),
        }
    }

    /// The ask, ready to be answered as she thought.
    pub(super) fn open(&mut self, asked: &Asked<'_>, waiting: Waiting, thought: Thought) -> Open {
        let palette = asked.palette();
        let stage = match &thought.answer {
            Answer::Authored { line, .. } => Stage::Written(pieces(&palette, line)),
            Answer::Model { moment, direction, .. } => {
                let request = self.request(asked, &waiting, &thought, moment, direction);
                Stage::Prepared(Some(Box::new(Request { palette, ..request })))
            }
        };
        // What members say to each other is no talk of the fan's.
        let is_among_members =
            matches!(&waiting.task, Task::Improvise(act) if act.partner.is_some());
        let Waiting { ask, fan, .. } = waiting;
        if is_among_members {
            return Open::new(ask, String::new(), stage, None);
        }
        Open::new(ask, fan, stage, Some(Box::new(thought)))
    }

    fn request(
        &mut self,
        asked: &Asked<'_>,
        waiting: &Waiting,
        thought: &Thought,
        moment: &Moment,
        direction: &Direction,
    ) -> Request {
        let speaker = self.speaker(&asked.asset.sheet);
        let form = self.form.0.unwrap_or_else(|| speaker.form());
        let language = speaker.nearest(thought.language);
        let head = self.heads.get(asked.persona.0.id(), asked.asset, language, form);
        let sheet = &asked.asset.sheet;
        let message = if waiting.fan.is_empty() { SILENCE } else { &waiting.fan };
        Request {
            conversation: conversation_id(asked.entity),
            prompt: head.prompt_at(moment, &asked.conversation.history, message),
            palette: sheet.emotions.clone(),
            sampling: sheet.sampling.clone(),
            seed: seed_of_ask(self.seed.0, waiting.ask.0),
            direction: direction.clone(),
            adapter: sheet.adapter.clone().filter(|_| speaker.is_tuned),
        }
    }
}
