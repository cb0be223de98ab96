//! What a scene does for longer than a moment, and what it does it with.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    fmt::Debug,
};

use bevy::prelude::*;

use super::{Listening, ScenePassage, inbox::Remark, speech::Speech, theatre::Theatre};
use crate::{
    mind::memory::{Said, Timestamp},
    persona::{Language, PersonaId},
    scene::{Player, SceneChoice},
};

/// Something in a scene that takes its time. The next step waits until it is over.
pub(super) trait Beat: Debug + Send + Sync {
    /// Moves on by a frame; gives whether it is over.
    fn advance(&mut self, now: &mut Now<'_, '_, '_>) -> Result<bool, String>;

    /// The fan wants on.
    fn go_on(&mut self, now: &mut Now<'_, '_, '_>);

    /// What is said at the moment.
    fn speech(&mut self) -> Option<&mut Speech> {
        None
    }

    /// The fan says something; gives whether it was meant for this.
    fn hear(&mut self, _text: &str, _now: &mut Now<'_, '_, '_>) -> bool {
        false
    }

    /// Whether what the fan says to this is answered as outside of scenes: with care, where it needs it.
    fn answers_as_always(&self) -> bool {
        false
    }

    /// Whom the fan may answer now.
    fn listens(&self, _theatre: &Theatre<'_, '_>) -> Option<Listening> {
        None
    }

    /// What the fan may choose from.
    fn choices(&self) -> &[SceneChoice] {
        &[]
    }

    /// The fan chooses.
    fn choose(&mut self, _option: usize) {}
}

/// All that a beat may use.
pub(super) struct Now<'a, 'w, 's> {
    pub(super) player: &'a mut Player,
    pub(super) hall: &'a mut Hall,
    pub(super) theatre: &'a mut Theatre<'w, 's>,
    pub(super) passages: &'a mut Vec<ScenePassage>,
}

/// What goes on around the steps of a scene.
#[derive(Debug)]
pub(super) struct Hall {
    /// The member whose scene it is, as far as one can tell.
    pub(super) host: PersonaId,
    /// Who spoke last.
    pub(super) speaker: Option<PersonaId>,
    pub(super) language: Language,
    pub(super) fan_may_interrupt: bool,
    /// What the fan said or chose, which nobody answered yet.
    pub(super) fan_said: String,
    /// What the fan said while nobody listened.
    pub(super) unheard: VecDeque<Remark>,
    /// Who looks where the scene wants.
    pub(super) lookers: HashSet<Entity>,
    /// What those who talk are told of the scene.
    note: Option<String>,
    /// Who walks, with the seconds that are left.
    walks: HashMap<Entity, f32>,
}

impl Hall {
    pub(super) fn new(host: PersonaId, fan_may_interrupt: bool) -> Self {
        Self {
            host,
            speaker: None,
            language: Language::default(),
            fan_may_interrupt,
            fan_said: String::new(),
            unheard: VecDeque::new(),
            lookers: HashSet::new(),
            note: None,
            walks: HashMap::new(),
        }
    }

    pub(super) fn walk(&mut self, entity: Entity, seconds: f32) {
        let seconds = if seconds.is_finite() { seconds.max(0.0) } else { 0.0 };
        self.walks.insert(entity, seconds);
    }

    pub(super) fn is_walking(&self, entity: Entity) -> bool {
        self.walks.contains_key(&entity)
    }

    /// Nobody waits for those who walk.
    pub(super) fn arrive(&mut self) {
        self.walks.clear();
    }

    pub(super) fn pass_time(&mut self, seconds: f32) {
        self.walks.retain(|_, left| {
            *left -= seconds;
            *left > 0.0
        });
    }

    /// Tells those who talk what the scene is about, or nothing any more.
    pub(super) fn set_note(&mut self, note: Option<String>, theatre: &mut Theatre<'_, '_>) {
        if self.note == note {
            return;
        }
        if let Some(old) = self.note.take() {
            let notes = &mut theatre.notes.0;
            if let Some(at) = notes.iter().position(|known| *known == old) {
                notes.remove(at);
            }
        }
        theatre.notes.0.extend(note.clone());
        self.note = note;
    }
}

impl Now<'_, '_, '_> {
    /// Writes down a step.
    pub(super) fn pass(&mut self, text: impl Into<String>) {
        let (scene, node) = (self.player.scene().into(), self.player.node().into());
        self.passages.push(ScenePassage { scene, node, text: text.into() });
    }

    /// Writes down what somebody said.
    pub(super) fn pass_line(&mut self, member: &PersonaId, text: &str) {
        let name = self.theatre.name(member, self.hall.language);
        self.pass(format!("{name}: {}", text.trim()));
    }

    /// The fan has said something that she answers later, or with what the scene does next: she remembers
    /// what it tells.
    pub(super) fn take_answer(&mut self, to: &PersonaId, text: &str) {
        self.pass(format!("> {text}"));
        self.hall.fan_said = text.into();
        let Some(entity) = self.theatre.find(to) else { return };
        let (fan, idol) = self.theatre.last_words(entity);
        let (turn, now) = (self.theatre.turns(entity), Timestamp::now());
        let said = Said::new(text, self.hall.language, to, turn, now).after(&idol, &fan);
        let facts = self.theatre.library.current().memory.extract(&said).facts;
        super::effects::learn(entity, facts, self.theatre);
    }
}
