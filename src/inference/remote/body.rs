//! From a request to what is sent.

use serde_json::{Map, Value, json};

use super::{NotesPlace, RemoteSettings, TagMode, tag_mode::Feelings};
use crate::{
    inference::{Request, Sampling},
    mind::{ChatTurn, Palette, Prompt, estimate_tokens},
};

/// What is sent for a request.
pub(super) fn body(settings: &RemoteSettings, request: &Request) -> String {
    let mut body = Map::new();
    body.insert("model".into(), settings.model.as_str().into());
    body.insert("messages".into(), messages(settings, request).into());
    body.insert("stream".into(), settings.stream.into());
    if settings.stream && settings.usage {
        body.insert("stream_options".into(), json!({ "include_usage": true }));
    }
    sample(settings, request, &mut body);
    settings.tags.constrain(&Feelings::of(request), &mut body);
    for (field, value) in &settings.extra_body {
        if value.is_null() {
            body.remove(field);
        } else {
            body.insert(field.clone(), value.clone());
        }
    }
    Value::Object(body).to_string()
}

/// The longest reply of a request, in tokens, without its tags.
pub(super) fn longest(settings: &RemoteSettings, sampling: &Sampling) -> usize {
    match settings.max_tokens {
        0 => sampling.max_tokens,
        most => sampling.max_tokens.min(most),
    }
}

/// Tokens that tags may add to the longest reply.
pub(super) fn tag_room(tags: TagMode) -> usize {
    if tags == TagMode::Json { 96 } else { 32 }
}

fn sample(settings: &RemoteSettings, request: &Request, body: &mut Map<String, Value>) {
    let Sampling { temperature, top_k, top_p, min_p, repetition_penalty, ref stop, .. } =
        request.sampling;
    let mut set = |field: &str, value: Value| {
        body.insert(field.into(), value);
    };
    set("max_tokens", (longest(settings, &request.sampling) + tag_room(settings.tags)).into());
    // Servers refuse more, and the model makes no sense there.
    set("temperature", rounded(temperature.min(2.0)));
    // 0 stands for the likeliest token alone, which servers say with the temperature.
    if top_p > 0.0 {
        set("top_p", rounded(top_p));
    }
    // Some servers keep it in 32 bits with a sign.
    set("seed", (request.seed & 0x7fff_ffff).into());
    let stop: Vec<&str> =
        stop.iter().map(String::as_str).filter(|text| !text.is_empty()).take(STOPS).collect();
    if !stop.is_empty() {
        set("stop", stop.into());
    }
    if settings.extensions {
        if top_k > 0 {
            set("top_k", top_k.into());
        }
        set("min_p", rounded(min_p));
        set("repetition_penalty", rounded(repetition_penalty));
        // The same, as llama.cpp calls it.
        set("repeat_penalty", rounded(repetition_penalty));
    } else {
        // Nearest to it of what every server knows: 1.1 becomes 0.2.
        set("frequency_penalty", rounded(((repetition_penalty - 1.0) * 2.0).clamp(0.0, 2.0)));
    }
}

/// How many stop texts servers take. All are looked for here as well.
const STOPS: usize = 4;

/// As people write it: 0.4 and not 0.4000000059604645.
fn rounded(value: f32) -> Value {
    ((f64::from(value) * 1000.0).round() / 1000.0).into()
}

/// Who says something in a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    System,
    Fan,
    Idol,
}

fn messages(settings: &RemoteSettings, request: &Request) -> Vec<Value> {
    let Request { prompt, palette, sampling, .. } = request;
    let reply = longest(settings, sampling) + tag_room(settings.tags);
    let mut messages = before(settings, prompt, palette);
    let spent: usize = messages.iter().map(|(_, text)| estimate_tokens(text) + AROUND).sum();
    let notes = estimate_tokens(&prompt.notes);
    let room = settings.context_length.saturating_sub(reply + spent + notes);
    let turns = if settings.context_length == 0 { &prompt.turns } else { latest(prompt, room) };
    if settings.notes == NotesPlace::System && !prompt.notes.is_empty() {
        messages.push((Role::System, prompt.notes.clone()));
    }
    messages.extend(turns.iter().map(message));
    if settings.notes == NotesPlace::Fan && !prompt.notes.is_empty() {
        let fan = messages.iter_mut().rfind(|(role, _)| *role == Role::Fan);
        fan.into_iter().for_each(|(_, text)| *text = format!("({})\n{text}", prompt.notes));
    }
    joined(messages)
        .into_iter()
        .map(|(role, text)| {
            let role = match role {
                Role::System => "system",
                Role::Fan => "user",
                Role::Idol => "assistant",
            };
            json!({ "role": role, "content": text })
        })
        .collect()
}

/// What stands before the conversation.
fn before(settings: &RemoteSettings, prompt: &Prompt, palette: &Palette) -> Vec<(Role, String)> {
    let told = [&*prompt.head.system, &settings.tags.instruction(palette)];
    let told: Vec<&str> = told.into_iter().filter(|text| !text.is_empty()).collect();
    let shown = prompt.head.examples.iter().chain(&prompt.exemplars).map(message);
    [(Role::System, told.join(" "))].into_iter().chain(shown).collect()
}

fn message(turn: &ChatTurn) -> (Role, String) {
    let role = match turn {
        ChatTurn::Fan(_) => Role::Fan,
        ChatTurn::Idol(_) => Role::Idol,
    };
    (role, turn.to_prompt())
}

/// The latest turns that fit into so many tokens, from a message of the fan on; always the last one.
fn latest(prompt: &Prompt, room: usize) -> &[ChatTurn] {
    let turns = &prompt.turns;
    let mut cost = 0;
    let mut from = turns.len().saturating_sub(1);
    for (at, turn) in turns.iter().enumerate().rev() {
        cost += estimate_tokens(&turn.to_prompt()) + AROUND;
        if cost > room {
            break;
        }
        if matches!(turn, ChatTurn::Fan(_)) {
            from = at;
        }
    }
    &turns[from..]
}

/// What a template puts around a message, in tokens.
const AROUND: usize = 6;

/// Messages in a row of the same role become one: many templates know turns that alternate only.
fn joined(messages: Vec<(Role, String)>) -> Vec<(Role, String)> {
    let mut out: Vec<(Role, String)> = Vec::new();
    for (role, text) in messages {
        match out.last_mut() {
            Some((last, before)) if *last == role => {
                before.push('\n');
                before.push_str(&text);
            }
            _ => out.push((role, text)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        inference::ConversationId,
        mind::{Direction, Emotion, PromptHead, prompt::authored_turn},
    };

    fn request() -> Request {
        let palette = Palette::new([Emotion::Joy, Emotion::Sad]).unwrap();
        let idol = |text| authored_turn(&palette, text);
        let fan = |text: &str| ChatTurn::Fan(text.into());
        Request {
            conversation: ConversationId(1),
            prompt: Prompt {
                head: PromptHead {
                    system: "You are Siwoo.".into(),
                    examples: [fan("hi"), idol("[joy] You came.")].into(),
                    ..PromptHead::default()
                },
                exemplars: vec![fan("It rains"), idol("[sad] It does.")],
                notes: "About the fan: fan_name=Mina".into(),
                turns: vec![fan("I'm back"), idol("[joy] At last!"), fan("Did you miss me?")],
            },
            palette,
            sampling: Sampling { stop: vec!["Fan:".into(), String::new()], ..Sampling::default() },
            seed: u64::MAX,
            direction: Direction { opening: vec![(Emotion::Joy, 1.0)], ..Direction::default() },
            adapter: None,
        }
    }

    fn sent(settings: &RemoteSettings) -> Value {
        serde_json::from_str(&body(settings, &request())).unwrap()
    }

    fn contents(value: &Value) -> Vec<String> {
        let messages = value["messages"].as_array().unwrap().iter();
        messages
            .map(|m| format!("{}: {}", m["role"].as_str().unwrap(), m["content"].as_str().unwrap()))
            .collect()
    }

    #[test]
    fn a_prompt_becomes_messages() {
        insta::assert_snapshot!(contents(&sent(&RemoteSettings::default())).join("\n"), @r"
        system: You are Siwoo. Write before each sentence how you feel, as one of these tags: [joy] [sad]. Use no other brackets and no stage directions.
        user: hi
        assistant: [joy] You came.
        user: It rains
        assistant: [sad] It does.
        user: I'm back
        assistant: [joy] At last!
        user: (About the fan: fan_name=Mina)
        Did you miss me?
        ");
    }

    #[test]
    fn notes_may_stand_in_a_message_of_their_own() {
        let settings = RemoteSettings { notes: NotesPlace::System, ..RemoteSettings::default() };
        let contents = contents(&sent(&settings));
        assert_eq!(contents[5], "system: About the fan: fan_name=Mina");
        assert_eq!(contents[8], "user: Did you miss me?");
    }

    #[test]
    fn a_short_context_keeps_the_fans_last_words() {
        let settings = RemoteSettings { context_length: 1, ..RemoteSettings::default() };
        let contents = contents(&sent(&settings));
        assert!(contents.last().unwrap().ends_with("Did you miss me?"));
        assert!(!contents.iter().any(|text| text.contains("I'm back")), "{contents:?}");
    }

    #[test]
    fn sampling_is_said_in_the_words_of_the_server() {
        let plain = sent(&RemoteSettings { max_tokens: 50, ..RemoteSettings::default() });
        assert_eq!(plain["max_tokens"], 50 + 32);
        assert_eq!((&plain["temperature"], &plain["top_p"]), (&json!(0.4), &json!(0.9)));
        assert_eq!((&plain["frequency_penalty"], &plain["stop"]), (&json!(0.2), &json!(["Fan:"])));
        assert_eq!(plain["seed"], 0x7fff_ffff_u64);
        assert_eq!(plain["stream_options"], json!({ "include_usage": true }));
        assert_eq!((&plain["top_k"], &plain["min_p"]), (&Value::Null, &Value::Null));
        let full =
            sent(&RemoteSettings { extensions: true, usage: false, ..RemoteSettings::default() });
        assert_eq!((&full["top_k"], &full["min_p"]), (&json!(40), &json!(0.05)));
        assert_eq!(
            (&full["repetition_penalty"], &full["frequency_penalty"]),
            (&json!(1.1), &Value::Null)
        );
        assert_eq!(full["stream_options"], Value::Null);
    }

    #[test]
    fn more_fields_replace_ours_and_null_removes_them() {
        let mut settings = RemoteSettings::default();
        settings.extra_body.insert("reasoning_effort".into(), "low".into());
        settings.extra_body.insert("seed".into(), Value::Null);
        let sent = sent(&settings);
        assert_eq!((&sent["reasoning_effort"], &sent["seed"]), (&json!("low"), &Value::Null));
    }

    #[test]
    fn each_mode_says_the_feelings_in_its_own_field() {
        let with = |tags| sent(&RemoteSettings { tags, ..RemoteSettings::default() });
        let regex = r"\[(joy)\] [^\[\]]+(\[(joy|sad)\] [^\[\]]+){0,2}";
        assert_eq!(with(TagMode::Regex)["structured_outputs"]["regex"], regex);
        assert_eq!(with(TagMode::GuidedRegex)["guided_regex"], regex);
        assert_eq!(with(TagMode::SglangRegex)["regex"], regex);
        assert!(
            with(TagMode::Grammar)["grammar"].as_str().unwrap().contains("opening ::= \"joy\"")
        );
        let schema = &with(TagMode::Json)["response_format"]["json_schema"]["schema"];
        let feelings = &schema["properties"]["beats"]["items"]["properties"]["feeling"]["enum"];
        assert_eq!(*feelings, json!(["joy", "sad"]));
        assert_eq!(with(TagMode::Text).get("response_format"), None);
    }
}
