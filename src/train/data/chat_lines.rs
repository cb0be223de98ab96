//! Dialogues in the forms that other tools write.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    mind::tongue::tongue,
    persona::{Language, PersonaId},
};

/// A line in the form of `ShareGPT`.
#[derive(Debug, Deserialize)]
pub(super) struct Conversation {
    conversations: Vec<Utterance>,
}

#[derive(Debug, Deserialize)]
struct Utterance {
    from: String,
    value: String,
}

/// A line in the form of `ChatML`, as chat interfaces use it.
#[derive(Debug, Deserialize)]
pub(super) struct Messages {
    messages: Vec<Message>,
}

#[derive(Debug, Deserialize)]
struct Message {
    role: String,
    content: String,
}

impl From<Conversation> for Messages {
    fn from(conversation: Conversation) -> Self {
        let message = |said: Utterance| Message { role: said.from, content: said.value };
        Self { messages: conversation.conversations.into_iter().map(message).collect() }
    }
}

impl Messages {
    /// The dialogue in our own form; or the field that is wrong, and what to do.
    pub(super) fn dialogue(
        self,
        id: String,
        member: &PersonaId,
    ) -> Result<Value, (String, String)> {
        let (mut told, mut turns, mut said) = (Vec::new(), Vec::new(), String::new());
        for (at, Message { role, content }) in self.messages.into_iter().enumerate() {
            match role.as_str() {
                "system" if turns.is_empty() => told.push(content),
                "user" | "human" => {
                    said = said + &content + "\n";
                    turns.push(json!({"role": "user", "content": content}));
                }
                "assistant" | "gpt" | "model" => {
                    let tag = if content.trim_start().starts_with('[') { "" } else { "[neutral] " };
                    let is_empty = content.trim().is_empty();
                    let content = if is_empty { content } else { format!("{tag}{content}") };
                    turns.push(json!({"role": "assistant", "content": content}));
                }
                _ => {
                    let problem = format!(
                        "`{role}` is not known here; there may be one `system` at the beginning, \
                         then `user` (or `human`) and `assistant` (or `gpt`) in turn"
                    );
                    return Err((format!("messages[{at}].role"), problem));
                }
            }
        }
        let language = tongue(&said, Language::English);
        Ok(json!({
            "id": id, "member": member, "lang": language, "topic": "chat", "affinity": 0,
            "told": told, "turns": turns,
        }))
    }
}
