//! A conversation with one character, without Bevy: thinks, asks, streams replies, remembers.

mod fan;
mod model;
mod reply;

use std::sync::Arc;

use bevy_persona::{
    dialogue::SayError,
    inference::{BackendFactory, ConversationId, InferenceError, Loading, Request, seed_of_ask},
    mind::{
        Answer, Ask, Direction, Library, Moment, PromptHead, Speaker, Thought, Timestamp, fan_text,
        improvise, think,
    },
    persona::{Language, PersonaSheet},
};

pub use fan::{Acquaintance, FanState};
use model::Model;
pub use reply::{Heard, Reply, Turn};

/// The one conversation of this program.
const CONVERSATION: ConversationId = ConversationId(1);

/// A conversation with one character.
pub struct Talk {
    sheet: PersonaSheet,
    language: Language,
    seed: u64,
    library: Arc<Library>,
    model: Model,
    /// What is between the fan and her.
    with: Acquaintance,
    /// What all characters may know of the fan.
    fan: FanState,
    /// Messages so far, those without an answer included.
    asks: u64,
    /// What happens around them, a sentence each.
    pub scene: Vec<String>,
    /// Whether the model finds the words of every answer, whatever was written.
    pub improvises: bool,
    /// The last turn, until somebody keeps it.
    settled: Option<Turn>,
}

impl Talk {
    /// A conversation that has not begun, with a fan whom nobody knows.
    pub fn new(
        sheet: PersonaSheet,
        language: Language,
        seed: u64,
        library: Arc<Library>,
        factory: Arc<BackendFactory>,
    ) -> Self {
        Self {
            sheet,
            language,
            seed,
            library,
            model: Model::new(factory),
            with: Acquaintance::default(),
            fan: FanState::default(),
            asks: 0,
            scene: Vec::new(),
            improvises: false,
            settled: None,
        }
    }

    /// Turns to another character, or to another fan; the model stays.
    pub fn meet(&mut self, sheet: PersonaSheet, fan: FanState, with: Acquaintance) {
        self.forget_model();
        (self.sheet, self.fan, self.with, self.asks) = (sheet, fan, with, 0);
    }

    /// Who is talked to.
    pub fn sheet(&self) -> &PersonaSheet {
        &self.sheet
    }

    /// The language of the conversation; it follows the fan's.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The language of the next message, unless it says otherwise.
    pub fn set_language(&mut self, language: Language) {
        self.language = language;
    }

    /// What the characters know of the fan.
    pub fn fan(&self) -> &FanState {
        &self.fan
    }

    /// What is between the fan and her.
    pub fn with(&self) -> &Acquaintance {
        &self.with
    }

    /// The last turn, once; to be kept in a store.
    pub fn take_settled(&mut self) -> Option<Turn> {
        self.settled.take()
    }

    /// Begins to load the model, unless that has begun; does not wait for it.
    ///
    /// # Errors
    /// If the system gives no thread.
    pub fn wake(&mut self) -> Result<(), InferenceError> {
        self.model.wake().map(|_| ())
    }

    /// Loads the model and waits for it.
    ///
    /// # Errors
    /// If it cannot be loaded.
    pub fn load(&mut self, told: impl FnMut(&Loading)) -> Result<(), InferenceError> {
        self.model.load(told)
    }

    /// Says something to the character. The reply must be heard to its end.
    pub fn say(&mut self, typed: &str) -> Reply<'_> {
        self.asks += 1;
        Reply::new(self, fan_text(typed))
    }

    /// Forgets what was said; not what is known of the fan.
    pub fn forget(&mut self) {
        self.with.history = bevy_persona::mind::History::default();
        self.forget_model();
    }

    fn forget_model(&mut self) {
        if let Some(worker) = self.model.worker() {
            worker.forget(CONVERSATION);
        }
    }

    /// What she makes of a message; the model may still be unknown.
    fn think(&self, fan: &str) -> Result<Thought, InferenceError> {
        if fan.is_empty() {
            return Err(InferenceError::request(SayError::Empty));
        }
        let ask = Ask {
            sheet: &self.sheet,
            fan,
            language: self.language,
            history: &self.with.history,
            bond: &self.with.bond,
            memory: &self.fan.memory,
            unlocked: &self.fan.unlocked,
            scene: &self.scene,
            now: Timestamp::now(),
        };
        let think = if self.improvises { improvise } else { think };
        Ok(think(&self.library, &ask, &self.speaker()))
    }

    fn speaker(&self) -> Speaker {
        let info = self.model.info();
        info.map(|info| info.speaker(&self.sheet)).unwrap_or_default()
    }

    fn request(
        &self,
        fan: &str,
        language: Language,
        moment: &Moment,
        direction: &Direction,
    ) -> Request {
        let speaker = self.speaker();
        let language = speaker.nearest(language);
        let head = PromptHead::in_form(&self.sheet, language, speaker.form());
        Request {
            conversation: CONVERSATION,
            prompt: head.prompt_at(moment, &self.with.history, fan),
            palette: self.sheet.emotions.clone(),
            sampling: self.sheet.sampling.clone(),
            seed: seed_of_ask(self.seed, self.asks),
            direction: direction.clone(),
            adapter: self.sheet.adapter.clone().filter(|_| speaker.is_tuned),
        }
    }

    /// The request for a thought that leaves the words to the model.
    fn request_for(&self, fan: &str, thought: &Thought) -> Option<Request> {
        match &thought.answer {
            Answer::Model { moment, direction, .. } => {
                Some(self.request(fan, thought.language, moment, direction))
            }
            Answer::Authored { .. } => None,
        }
    }
}

/// A talk with a character that nobody wrote more than a name for.
#[cfg(test)]
pub fn scripted(backend: bevy_persona::inference::ScriptedBackend) -> Talk {
    use bevy_persona::inference::{Backend, LoadReport};

    let otto = PersonaSheet::new("otto".parse().unwrap(), "Otto", "a guard");
    let factory = move |_: &mut LoadReport<'_>| -> Result<Box<dyn Backend>, InferenceError> {
        Ok(backend.clone().boxed())
    };
    Talk::new(otto, Language::English, 7, Arc::default(), Arc::new(factory))
}

#[cfg(test)]
mod tests {
    use bevy_persona::{
        inference::{Backend, LoadReport, ScriptedBackend},
        mind::{ChatTurn, History},
    };

    use super::*;

    fn end(talk: &mut Talk, typed: &str) -> Result<String, InferenceError> {
        match talk.say(typed).last() {
            Some(Heard::Finished { text, .. }) => Ok(text),
            Some(Heard::Failed(error)) => Err(error),
            other => panic!("not the end of a reply: {other:?}"),
        }
    }

    #[test]
    fn messages_and_replies_become_history() {
        let mut talk = scripted(ScriptedBackend::new(["[joy] Hi.", "[sad] Bye."]));
        assert_eq!(end(&mut talk, "Hello").unwrap(), "Hi.");
        assert_eq!(end(&mut talk, "I go").unwrap(), "Bye.");
        let turns: Vec<_> = talk.with.history.turns.iter().map(ChatTurn::to_prompt).collect();
        assert_eq!(turns, ["Hello", "[joy] Hi.", "I go", "[sad] Bye."]);
        talk.forget();
        assert_eq!(talk.with.history, History::default());
    }

    #[test]
    fn an_empty_message_fails_and_the_next_is_answered() {
        let mut talk = scripted(ScriptedBackend::new(["[joy] Hi."]));
        let error = end(&mut talk, " \u{7}\n").unwrap_err().to_string();
        assert!(error.starts_with("the message is empty"), "{error}");
        assert_eq!(end(&mut talk, "Hello").unwrap(), "Hi.");
    }

    #[test]
    fn a_worker_that_dies_is_followed_by_another() {
        let backend = ScriptedBackend::new(["[joy] Hi."]).panic_when("boom").fail_when("oops");
        let mut talk = scripted(backend);
        let error = end(&mut talk, "boom").unwrap_err();
        assert!(matches!(error, InferenceError::WorkerStopped(_)), "{error}");
        let error = end(&mut talk, "oops").unwrap_err();
        assert!(matches!(error, InferenceError::Backend(_)), "{error}");
        assert_eq!(end(&mut talk, "Hello").unwrap(), "Hi.");
        assert_eq!(talk.with.history.turns.len(), 6);
    }

    #[test]
    fn a_model_that_cannot_be_loaded_is_said() {
        let factory = |_: &mut LoadReport<'_>| -> Result<Box<dyn Backend>, InferenceError> {
            Err(InferenceError::load(std::io::Error::other("no file")))
        };
        let sheet = scripted(ScriptedBackend::default()).sheet;
        let mut talk = Talk::new(sheet, Language::English, 7, Arc::default(), Arc::new(factory));
        assert!(matches!(end(&mut talk, "Hello"), Err(InferenceError::Load(_))));
        assert!(matches!(talk.load(|_| {}), Err(InferenceError::Load(_))));
        assert!(talk.with.history.turns.is_empty());
    }
}
