//! What a model has already read of each conversation.

use std::{cell::RefCell, collections::VecDeque, rc::Rc};

use super::{
    ConversationId, InferenceError,
    model::{CausalModel, CausalState},
};

/// One conversation, as far as it has been read.
pub(super) struct Session {
    state: Box<dyn CausalState>,
    /// The tokens that `state` has read.
    tokens: Vec<u32>,
    /// Replies by their text, with the tokens in which they were made.
    ///
    /// The same text has more than one way into tokens; only the one that was read is known.
    replies: VecDeque<(String, Vec<u32>)>,
    /// The tokens of her latest words, without tags.
    spoken: Vec<u32>,
}

impl Session {
    /// How many replies are remembered.
    const REPLIES: usize = 32;
    /// How many tokens of her latest words are remembered.
    const SPOKEN: usize = 512;

    pub(super) fn new(model: &dyn CausalModel) -> Self {
        Self {
            state: model.start(),
            tokens: Vec::new(),
            replies: VecDeque::new(),
            spoken: Vec::new(),
        }
    }

    /// Forgets what is not the beginning of `prompt`; gives how many of its tokens are known.
    ///
    /// At least the last one is left to be read, since reading gives the logits.
    pub(super) fn rewind_to(&mut self, prompt: &[u32]) -> usize {
        let same = self.tokens.iter().zip(prompt).take_while(|(a, b)| a == b).count();
        let known = self.state.truncate(same.min(prompt.len().saturating_sub(1)));
        self.tokens.truncate(known);
        known
    }

    /// Reads more tokens; gives the logits of what comes after them.
    pub(super) fn read(&mut self, ids: &[u32]) -> Result<Vec<f32>, InferenceError> {
        let logits = self.state.forward(ids).map_err(InferenceError::backend)?;
        self.tokens.extend_from_slice(ids);
        Ok(logits)
    }

    pub(super) fn remember_reply(&mut self, text: String, ids: Vec<u32>) {
        if self.replies.len() == Self::REPLIES {
            self.replies.pop_front();
        }
        self.replies.push_back((text, ids));
    }

    /// Takes the tokens of her latest words out, while a reply adds to them.
    pub(super) fn take_spoken(&mut self) -> Vec<u32> {
        std::mem::take(&mut self.spoken)
    }

    /// Puts the tokens of her latest words back; the oldest are forgotten.
    pub(super) fn put_spoken(&mut self, mut spoken: Vec<u32>) {
        spoken.drain(..spoken.len().saturating_sub(Self::SPOKEN));
        self.spoken = spoken;
    }

    pub(super) fn known_reply(&self, text: &str) -> Option<Vec<u32>> {
        self.replies.iter().rev().find(|(known, _)| known == text).map(|(_, ids)| ids.clone())
    }
}

/// The sessions of the latest conversations.
#[derive(Default)]
pub(super) struct Sessions(VecDeque<(ConversationId, Rc<RefCell<Session>>)>);

impl Sessions {
    /// How many conversations are kept; the one unused for longest goes first.
    const KEPT: usize = 8;

    /// The session of a conversation. Where that is in use by another reply, a new one.
    pub(super) fn open(
        &mut self,
        conversation: ConversationId,
        model: &dyn CausalModel,
    ) -> Rc<RefCell<Session>> {
        let at = self.0.iter().position(|(id, _)| *id == conversation);
        let kept = at.and_then(|at| self.0.remove(at)).map(|(_, session)| session);
        let session = kept
            .filter(|session| Rc::strong_count(session) == 1)
            .unwrap_or_else(|| Rc::new(RefCell::new(Session::new(model))));
        if self.0.len() == Self::KEPT {
            self.0.pop_front();
        }
        self.0.push_back((conversation, Rc::clone(&session)));
        session
    }

    pub(super) fn forget(&mut self, conversation: ConversationId) {
        self.0.retain(|(id, _)| *id != conversation);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives the number of tokens read as its only logit.
    struct Counter(usize);

    impl CausalModel for Counter {
        fn context_length(&self) -> usize {
            100
        }

        fn vocabulary(&self) -> usize {
            1
        }

        fn start(&self) -> Box<dyn CausalState> {
            Box::new(Self(0))
        }
    }

    impl CausalState for Counter {
        fn len(&self) -> usize {
            self.0
        }

        fn truncate(&mut self, len: usize) -> usize {
            self.0 = self.0.min(len);
            self.0
        }

        fn forward(&mut self, tokens: &[u32]) -> candle_core::Result<Vec<f32>> {
            self.0 += tokens.len();
            Ok(vec![self.0 as f32])
        }
    }

    #[test]
    fn only_what_differs_is_read_again() {
        let mut session = Session::new(&Counter(0));
        session.read(&[1, 2, 3, 4]).unwrap();
        assert_eq!(session.rewind_to(&[1, 2, 9, 4]), 2);
        assert_eq!(session.read(&[9, 4]).unwrap(), [4.0]);
        assert_eq!(session.rewind_to(&[1, 2, 9, 4]), 3, "the last token is read for its logits");
        assert_eq!(session.rewind_to(&[]), 0);
    }

    #[test]
    fn a_session_in_use_is_not_shared() {
        let mut sessions = Sessions::default();
        let id = ConversationId(1);
        let first = sessions.open(id, &Counter(0));
        assert!(!Rc::ptr_eq(&first, &sessions.open(id, &Counter(0))));
        drop(first);
        let second = Rc::downgrade(&sessions.open(id, &Counter(0)));
        assert!(second.ptr_eq(&Rc::downgrade(&sessions.open(id, &Counter(0)))));
    }

    #[test]
    fn the_conversation_unused_for_longest_is_forgotten() {
        let mut sessions = Sessions::default();
        for id in 0..9 {
            sessions.open(ConversationId(id), &Counter(0)).borrow_mut().read(&[1]).unwrap();
        }
        let kept = |sessions: &mut Sessions, id| {
            sessions.open(ConversationId(id), &Counter(0)).borrow_mut().rewind_to(&[1, 2]) == 1
        };
        assert!(kept(&mut sessions, 8) && kept(&mut sessions, 1) && !kept(&mut sessions, 0));
    }
}
