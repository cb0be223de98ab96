//! What is remembered of each conversation besides what the model has read.

use std::{cell::RefCell, collections::VecDeque, rc::Rc};

use super::{ConversationId, baseline::Baseline, constrain::TagTree, model::AdapterId};

/// One conversation.
#[derive(Debug, Default)]
pub(super) struct Conversation {
    /// Replies by their text, with the tokens in which they were made.
    ///
    /// The same text has more than one way into tokens; only the one that was read is known.
    replies: VecDeque<(String, Vec<u32>)>,
    /// The tokens of her latest words, without tags.
    spoken: Vec<u32>,
    /// What she would feel next, if the fan said nothing.
    baseline: Option<Baseline>,
    /// The adapter of her latest reply, and of the baseline.
    adapter: Option<AdapterId>,
}

impl Conversation {
    /// How many replies are remembered.
    const REPLIES: usize = 32;
    /// How many tokens of her latest words are remembered.
    const SPOKEN: usize = 512;

    pub(super) fn remember_reply(&mut self, text: String, ids: Vec<u32>) {
        if self.replies.len() == Self::REPLIES {
            self.replies.pop_front();
        }
        self.replies.push_back((text, ids));
    }

    /// The tokens of her latest words.
    pub(super) fn spoken(&self) -> Vec<u32> {
        self.spoken.clone()
    }

    /// Remembers the tokens of her latest words; the oldest are forgotten.
    pub(super) fn remember_spoken(&mut self, mut spoken: Vec<u32>) {
        spoken.drain(..spoken.len().saturating_sub(Self::SPOKEN));
        self.spoken = spoken;
    }

    /// Goes on with this adapter. What she would feel without a word is another's feeling else.
    pub(super) fn go_on_with(&mut self, adapter: Option<AdapterId>) {
        if self.adapter != adapter {
            (self.adapter, self.baseline) = (adapter, None);
        }
    }

    /// Remembers what she would feel next, if the fan said nothing.
    pub(super) fn remember_baseline(&mut self, baseline: Baseline) {
        self.baseline = Some(baseline);
    }

    /// What she would feel, if that is known of this prompt and these tags.
    pub(super) fn baseline(&self, prompt: &[u32], tags: &TagTree) -> Option<Baseline> {
        self.baseline.as_ref().filter(|baseline| baseline.fits(prompt, tags)).cloned()
    }

    pub(super) fn known_reply(&self, text: &str) -> Option<Vec<u32>> {
        self.replies.iter().rev().find(|(known, _)| known == text).map(|(_, ids)| ids.clone())
    }
}

/// The latest conversations.
#[derive(Debug, Default)]
pub(super) struct Conversations(VecDeque<(ConversationId, Rc<RefCell<Conversation>>)>);

impl Conversations {
    /// How many are kept; the one unused for longest goes first.
    const KEPT: usize = 64;

    /// A conversation by its name; all replies that are made to it share it.
    pub(super) fn open(&mut self, id: ConversationId) -> Rc<RefCell<Conversation>> {
        let at = self.0.iter().position(|(known, _)| *known == id);
        let kept = at.and_then(|at| self.0.remove(at)).map(|(_, conversation)| conversation);
        let conversation = kept.unwrap_or_default();
        if self.0.len() == Self::KEPT {
            self.0.pop_front();
        }
        self.0.push_back((id, Rc::clone(&conversation)));
        conversation
    }

    pub(super) fn forget(&mut self, id: ConversationId) {
        self.0.retain(|(known, _)| *known != id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_replies_to_a_conversation_share_it() {
        let mut conversations = Conversations::default();
        let first = conversations.open(ConversationId(1));
        assert!(Rc::ptr_eq(&first, &conversations.open(ConversationId(1))));
        assert!(!Rc::ptr_eq(&first, &conversations.open(ConversationId(2))));
        conversations.forget(ConversationId(1));
        assert!(!Rc::ptr_eq(&first, &conversations.open(ConversationId(1))));
    }

    #[test]
    fn the_conversation_unused_for_longest_is_forgotten() {
        let mut conversations = Conversations::default();
        for id in 0..=Conversations::KEPT as u64 {
            let conversation = conversations.open(ConversationId(id));
            conversation.borrow_mut().remember_reply("Hi!".into(), vec![1]);
        }
        let known = |conversations: &mut Conversations, id| {
            conversations.open(ConversationId(id)).borrow().known_reply("Hi!").is_some()
        };
        assert!(known(&mut conversations, 1));
        assert!(!known(&mut conversations, 0));
    }
}
