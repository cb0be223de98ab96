//! A conversation with one character, without Bevy: asks, streamed replies, history.

mod reply;

use std::sync::Arc;

use bevy_persona::{
    dialogue::SayError,
    inference::{
        BackendFactory, ConversationId, InferenceError, Loading, Request, SubmitError, Ticket,
        Worker, WorkerEvent, seed_of_ask,
    },
    mind::{History, Prompt, fan_text},
    persona::{Language, PersonaSheet},
};

pub use reply::{Heard, Reply};

/// The one conversation of this program.
const CONVERSATION: ConversationId = ConversationId(1);

/// A conversation with one character.
pub struct Talk {
    sheet: PersonaSheet,
    language: Language,
    seed: u64,
    factory: Arc<BackendFactory>,
    worker: Option<Worker>,
    history: History,
    /// Messages so far, those without an answer included.
    asks: u64,
}

impl Talk {
    /// A conversation that has not begun.
    pub fn new(
        sheet: PersonaSheet,
        language: Language,
        seed: u64,
        factory: Arc<BackendFactory>,
    ) -> Self {
        let history = History::default();
        Self { sheet, language, seed, factory, worker: None, history, asks: 0 }
    }

    /// Who is talked to.
    pub fn sheet(&self) -> &PersonaSheet {
        &self.sheet
    }

    /// The language of the conversation.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Begins to load the model, unless that has begun; does not wait for it.
    ///
    /// # Errors
    /// If the system gives no thread.
    pub fn wake(&mut self) -> Result<&Worker, InferenceError> {
        let worker = match self.worker.take() {
            Some(worker) => worker,
            None => {
                Worker::spawn("model", Arc::clone(&self.factory)).map_err(InferenceError::load)?
            }
        };
        Ok(self.worker.insert(worker))
    }

    /// Loads the model and waits for it; to be called before the first message, or not at all.
    ///
    /// # Errors
    /// If it cannot be loaded.
    pub fn load(&mut self, mut told: impl FnMut(&Loading)) -> Result<(), InferenceError> {
        let worker = self.wake()?;
        while let Some(event) = worker.wait() {
            match event {
                WorkerEvent::Loading(loading) => told(&loading),
                WorkerEvent::Ready(_) => return Ok(()),
                WorkerEvent::Stopped(error) => return Err(error),
                _ => {}
            }
        }
        Err(ended())
    }

    /// Says something to the character. The reply must be heard to its end.
    pub fn say(&mut self, typed: &str) -> Reply<'_> {
        self.asks += 1;
        let fan = fan_text(typed);
        let asked = self.submit(&fan);
        Reply::new(self, fan, asked)
    }

    /// Forgets all that was said.
    pub fn forget(&mut self) {
        self.history = History::default();
        if let Some(worker) = &self.worker {
            worker.forget(CONVERSATION);
        }
    }

    /// Hands the message over; gives no ticket where the worker has ended.
    fn submit(&mut self, fan: &str) -> Result<Option<Ticket>, InferenceError> {
        if fan.is_empty() {
            return Err(InferenceError::request(SayError::Empty));
        }
        let request = self.request(fan);
        match self.wake()?.ask(request) {
            Ok(ticket) => Ok(Some(ticket)),
            // Its last words still wait to be heard; they say why.
            Err(SubmitError::Stopped(_)) => Ok(None),
            Err(busy @ SubmitError::Busy(_)) => Err(InferenceError::request(busy)),
        }
    }

    fn request(&self, fan: &str) -> Request {
        Request {
            conversation: CONVERSATION,
            prompt: Prompt::compose(&self.sheet, self.language, &self.history, fan),
            palette: self.sheet.emotions.clone(),
            sampling: self.sheet.sampling.clone(),
            seed: seed_of_ask(self.seed, self.asks),
        }
    }
}

fn ended() -> InferenceError {
    InferenceError::WorkerStopped("it ended without saying why".into())
}

/// A talk with a character that nobody wrote more than a name for.
#[cfg(test)]
pub fn scripted(backend: bevy_persona::inference::ScriptedBackend) -> Talk {
    use bevy_persona::inference::{Backend, LoadReport};

    let otto = PersonaSheet::new("otto".parse().unwrap(), "Otto", "a guard");
    let factory = move |_: &mut LoadReport<'_>| -> Result<Box<dyn Backend>, InferenceError> {
        Ok(backend.clone().boxed())
    };
    Talk::new(otto, Language::English, 7, Arc::new(factory))
}

#[cfg(test)]
mod tests {
    use bevy_persona::{
        inference::{Backend, LoadReport, ScriptedBackend},
        mind::ChatTurn,
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
        let turns: Vec<_> = talk.history.turns.iter().map(ChatTurn::to_prompt).collect();
        assert_eq!(turns, ["Hello", "[joy] Hi.", "I go", "[sad] Bye."]);
        talk.forget();
        assert_eq!(talk.history, History::default());
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
        assert_eq!(talk.history.turns.len(), 6);
    }

    #[test]
    fn a_model_that_cannot_be_loaded_is_said() {
        let factory = |_: &mut LoadReport<'_>| -> Result<Box<dyn Backend>, InferenceError> {
            Err(InferenceError::load(std::io::Error::other("no file")))
        };
        let sheet = scripted(ScriptedBackend::default()).sheet;
        let mut talk = Talk::new(sheet, Language::English, 7, Arc::new(factory));
        assert!(matches!(end(&mut talk, "Hello"), Err(InferenceError::Load(_))));
        assert!(matches!(talk.load(|_| {}), Err(InferenceError::Load(_))));
        assert!(talk.history.turns.is_empty());
    }
}
