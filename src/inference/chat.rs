//! From a prompt to the tokens that the model reads, cut to what it can read.

use super::{
    InferenceError,
    constrain::Vocabulary,
    model::{
        template::{ChatTemplate, EncodedPart, Role, TemplateError, encode_chat},
        tokenizer::Tokenizer,
    },
    window::{PersonaTooLong, turns_that_fit},
};
use crate::mind::{ChatTurn, Prompt, PromptHead};

/// Writes prompts as one model wants them.
pub(crate) struct ChatWriter {
    pub(super) tokenizer: Tokenizer,
    pub(super) template: ChatTemplate,
    /// How many tokens of prompt and reply fit together.
    pub(super) context: usize,
    notes: NotesPlace,
}

/// Where notes on the moment stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NotesPlace {
    /// In a message of their own, before the conversation: nothing of it need be read again for
    /// them, where they stay the same.
    Message,
    /// Before the fan's last words, for templates that know instructions at the beginning only.
    WithFan,
}

/// The tokens of a prompt.
pub(super) struct EncodedPrompt {
    pub(super) ids: Vec<u32>,
    /// The same, as if the fan had said nothing.
    pub(super) silent: Vec<u32>,
    /// How many of the first tokens are those of the persona, in every prompt of hers.
    pub(super) fixed: usize,
}

/// What a fan says who says nothing.
pub(super) const SILENCE: &str = "...";

/// One message: who says it, and what.
type ChatMessage = (Role, String);

impl ChatWriter {
    /// Writes prompts in this template.
    pub(crate) fn new(tokenizer: Tokenizer, template: ChatTemplate, context: usize) -> Self {
        let (system, user, idol) = (Role::System, Role::User, Role::Assistant);
        let notes = match template.render(&[system, user, idol, system, user], true) {
            Ok(_) => NotesPlace::Message,
            Err(_) => NotesPlace::WithFan,
        };
        Self { tokenizer, template, context, notes }
    }

    /// The tokens of a prompt, and of the same prompt with a silent fan; with room left for a reply of `reply` tokens.
    ///
    /// Where the conversation is too long, its oldest turns are left out, whole; never the persona,
    /// never the fan's last message, though its end, if it is too long alone. `known` gives the
    /// tokens of replies that were made here.
    pub(super) fn encode(
        &self,
        prompt: &Prompt,
        reply: usize,
        known: impl Fn(&str) -> Option<Vec<u32>>,
    ) -> Result<EncodedPrompt, InferenceError> {
        let (mut messages, fixed, head) = self.messages(prompt);
        let mut parts = self.parts(&messages, &known)?;
        let costs = costs(&parts, messages.len());
        let (before, turns) = costs.split_at(head);
        let persona: usize = before.iter().take(fixed).sum();
        let before: usize = before.iter().sum();
        let room = self.context.saturating_sub(reply + before);
        if room < Self::LEAST_ROOM {
            let (fixed, context) = (before, self.context);
            return Err(InferenceError::request(PersonaTooLong { fixed, reply, context }));
        }
        let opens = |turn: usize| matches!(prompt.turns.get(turn), Some(ChatTurn::Fan(_)));
        let kept = turns_that_fit(turns, room, opens);
        if kept.start > 0 {
            messages.drain(head..head + kept.start);
            parts = self.parts(&messages, &known)?;
        }
        shorten_last(&mut parts, messages.len(), self.context.saturating_sub(reply));
        let ids = joined(&parts);
        if let Some(ChatTurn::Fan(_)) = prompt.turns.last() {
            self.silence(&mut parts, messages.len() - 1)?;
        }
        Ok(EncodedPrompt { ids, silent: joined(&parts), fixed: persona })
    }

    /// All messages of a prompt; how many of them are the persona's, and how many come before the
    /// conversation.
    fn messages(&self, prompt: &Prompt) -> (Vec<ChatMessage>, usize, usize) {
        let mut messages = fixed_messages(prompt);
        let fixed = messages.len();
        messages.extend(prompt.exemplars.iter().map(message));
        if self.notes == NotesPlace::Message && !prompt.notes.is_empty() {
            messages.push((Role::System, prompt.notes.clone()));
        }
        let head = messages.len();
        messages.extend(prompt.turns.iter().map(message));
        if self.notes == NotesPlace::WithFan && !prompt.notes.is_empty() {
            let fan = messages.iter_mut().rfind(|(role, _)| *role == Role::User);
            fan.into_iter().for_each(|(_, text)| *text = format!("({})\n{text}", prompt.notes));
        }
        (messages, fixed, head)
    }

    /// The tokens of a prompt whose conversation ends with a reply of hers, and which of them she is
    /// to learn: those of her replies in the conversation, each with the token that ends it.
    #[cfg(feature = "train")]
    pub(crate) fn lesson(&self, prompt: &Prompt) -> Result<(Vec<u32>, Vec<bool>), InferenceError> {
        let (messages, _, head) = self.messages(prompt);
        let (mut ids, mut learns) = (Vec::new(), Vec::new());
        let mut after_reply = false;
        for part in self.parts(&messages, |_| None)? {
            let is_reply = part
                .message
                .is_some_and(|message| message >= head && messages[message].0 == Role::Assistant);
            // What the template puts behind a reply, up to the control token that ends it.
            let end = part.ids.iter().position(|&id| self.tokenizer.is_control(id));
            let learnt = match (is_reply, after_reply && part.message.is_none()) {
                (true, _) => part.ids.len(),
                (false, true) => end.map_or(0, |end| end + 1),
                (false, false) => 0,
            };
            learns.extend((0..part.ids.len()).map(|place| place < learnt));
            ids.extend(part.ids);
            after_reply = is_reply;
        }
        // The template goes on to a next reply, of which nothing is known.
        let read = learns.iter().rposition(|learns| *learns).map_or(0, |last| last + 1);
        ids.truncate(read);
        learns.truncate(read);
        Ok((ids, learns))
    }

    /// Puts silence in the place of a message; nothing else of the prompt depends on it.
    fn silence(&self, parts: &mut [EncodedPart], message: usize) -> Result<(), InferenceError> {
        let Some(at) = parts.iter().position(|part| part.message == Some(message)) else {
            return Ok(());
        };
        let before = parts[..at].iter().rev().find_map(|part| part.ids.last());
        let opens = before.is_none_or(|&id| self.tokenizer.is_control(id));
        parts[at].ids =
            self.tokenizer.encode_text(SILENCE, opens).map_err(InferenceError::request)?;
        Ok(())
    }

    /// The least room for a conversation that makes sense, in tokens.
    const LEAST_ROOM: usize = 32;

    fn parts(
        &self,
        messages: &[ChatMessage],
        known: impl Fn(&str) -> Option<Vec<u32>>,
    ) -> Result<Vec<EncodedPart>, InferenceError> {
        let borrowed: Vec<(Role, &str)> =
            messages.iter().map(|(role, text)| (*role, text.as_str())).collect();
        let known = |place: usize| match messages[place] {
            (Role::Assistant, ref text) => known(text),
            _ => None,
        };
        encode_chat(&self.tokenizer, &self.template, &borrowed, known)
            .map_err(|error: TemplateError| InferenceError::request(error))
    }
}

fn joined(parts: &[EncodedPart]) -> Vec<u32> {
    parts.iter().flat_map(|part| &part.ids).copied().collect()
}

fn fixed_messages(prompt: &Prompt) -> Vec<ChatMessage> {
    let PromptHead { system, examples, .. } = &prompt.head;
    let system = (!system.is_empty()).then(|| (Role::System, system.to_string()));
    system.into_iter().chain(examples.iter().map(message)).collect()
}

fn message(turn: &ChatTurn) -> ChatMessage {
    let role = match turn {
        ChatTurn::Fan(_) => Role::User,
        ChatTurn::Idol(_) => Role::Assistant,
    };
    (role, turn.to_prompt())
}

/// The tokens of each message with the text of the template behind it; what stands before the
/// first message counts as part of it.
fn costs(parts: &[EncodedPart], messages: usize) -> Vec<usize> {
    let mut costs = vec![0; messages];
    let mut at = 0;
    for part in parts {
        at = part.message.unwrap_or(at);
        if let Some(cost) = costs.get_mut(at) {
            *cost += part.ids.len();
        }
    }
    costs
}

/// Cuts the end of the last message off until everything fits into `room` tokens.
fn shorten_last(parts: &mut [EncodedPart], messages: usize, room: usize) {
    let total: usize = parts.iter().map(|part| part.ids.len()).sum();
    let last = messages.checked_sub(1);
    if let Some(part) = parts.iter_mut().find(|part| part.message == last && last.is_some()) {
        let excess = total.saturating_sub(room);
        part.ids.truncate(part.ids.len().saturating_sub(excess).max(1));
    }
}
