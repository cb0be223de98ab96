//! Reads a command.

use super::{
    AskFan, Chat, CommandError, Improvise, LookAt, SceneCommand, Shot, Talk, words::Words,
};
use crate::{
    mind::{Emotion, EmotionTag},
    scene::ConditionError,
};

type Result<T> = std::result::Result<T, CommandError>;

/// Nothing of a scene takes longer.
const LONGEST: f32 = 600.0;

pub(super) fn command(text: &str) -> Result<SceneCommand> {
    let mut words = Words::of(text)?;
    let (name, at) = words.word("a command")?;
    let Some((form, parse)) = form(name) else {
        return words.problem(at, &unknown(name));
    };
    words.form(form);
    parse(words)
}

fn unknown(name: &str) -> String {
    let likeness = |known: &&&str| strsim::jaro_winkler(known, name);
    let near = SceneCommand::NAMES.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    match near.filter(|near| likeness(near) > 0.75) {
        Some(near) => format!("there is no command `{name}`: did you mean `{near}`?"),
        None => {
            format!("there is no command `{name}`; there are {}", SceneCommand::NAMES.join(", "))
        }
    }
}

type Parse = fn(Words<'_>) -> Result<SceneCommand>;

fn form(name: &str) -> Option<(&'static str, Parse)> {
    Some(match name {
        "emotion" => ("emotion siwoo sad 0.7", emotion),
        "gesture" => ("gesture siwoo wave", gesture),
        "look" => ("look siwoo at fan", look),
        "move" => ("move siwoo to rail 2.0", walk),
        "camera" => ("camera wide>>` or `<<camera close siwoo", camera),
        "light" => ("light dusk", light),
        "music" => ("music play rain_glass>>` or `<<music stop", music),
        "wait" => ("wait 1.5", wait),
        "voice" => ("voice siwoo hum", voice),
        "remember" => ("remember fan \"was afraid of heights\"", remember),
        "unlock" => ("unlock s01", unlock),
        "affinity" => ("affinity siwoo 5", affinity),
        "improvise" => (
            "improvise siwoo \"brief\" turns=1 must=\"a question\" avoid=\"a|b\" fallback=\"line\"",
            improvise,
        ),
        "ask_fan" => {
            ("ask_fan siwoo \"question\" into=$answer options=\"a|b\" fallback=\"b\"", ask_fan)
        }
        "chat" => ("chat siwoo turns=4 about=\"topic\" until=\"$trust >= 3\"", chat),
        "talk" => ("talk siwoo jena turns=4 about=\"topic\"", talk),
        _ => return None,
    })
}

fn emotion(mut words: Words<'_>) -> Result<SceneCommand> {
    let member = words.member()?;
    let (word, at) = words.word("an emotion")?;
    let emotion: Emotion = word.parse().or_else(|error| words.problem(at, &format!("{error}")))?;
    let strength = if words.has_more() {
        words.number("the strength", 0.0, 1.0)?
    } else {
        EmotionTag::DEFAULT_INTENSITY
    };
    words.end()?;
    Ok(SceneCommand::Emotion { member, tag: EmotionTag::new(emotion, strength) })
}

fn gesture(mut words: Words<'_>) -> Result<SceneCommand> {
    let (member, gesture) = (words.member()?, words.name("the gesture")?);
    words.end()?;
    Ok(SceneCommand::Gesture { member, gesture })
}

fn look(mut words: Words<'_>) -> Result<SceneCommand> {
    let member = words.member()?;
    words.keyword("at")?;
    let at = words.name("`fan`, a member or a mark")?;
    words.end()?;
    let at = if at == "fan" { LookAt::Fan } else { LookAt::Mark(at) };
    Ok(SceneCommand::Look { member, at })
}

fn walk(mut words: Words<'_>) -> Result<SceneCommand> {
    let member = words.member()?;
    words.keyword("to")?;
    let to = words.name("the mark")?;
    let seconds = words.number("the seconds", 0.0, LONGEST)?;
    words.end()?;
    Ok(SceneCommand::Move { member, to, seconds })
}

fn camera(mut words: Words<'_>) -> Result<SceneCommand> {
    let (shot, at) = words.word("`wide` or `close`")?;
    let shot = match shot {
        "wide" => Shot::Wide,
        "close" => Shot::Close(words.member()?),
        _ => return words.problem(at, &format!("`{shot}` is no shot")),
    };
    words.end()?;
    Ok(SceneCommand::Camera(shot))
}

fn light(mut words: Words<'_>) -> Result<SceneCommand> {
    let light = words.name("the light")?;
    words.end()?;
    Ok(SceneCommand::Light(light))
}

fn music(mut words: Words<'_>) -> Result<SceneCommand> {
    let (order, at) = words.word("`play` or `stop`")?;
    let music = match order {
        "play" => Some(words.name("the music")?),
        "stop" => None,
        _ => return words.problem(at, &format!("`{order}` is neither `play` nor `stop`")),
    };
    words.end()?;
    Ok(SceneCommand::Music(music))
}

fn wait(mut words: Words<'_>) -> Result<SceneCommand> {
    let seconds = words.number("the seconds", 0.0, LONGEST)?;
    words.end()?;
    Ok(SceneCommand::Wait(seconds))
}

fn voice(mut words: Words<'_>) -> Result<SceneCommand> {
    let (member, sound) = (words.member()?, words.name("the sound")?);
    words.end()?;
    Ok(SceneCommand::Voice { member, sound })
}

fn remember(mut words: Words<'_>) -> Result<SceneCommand> {
    words.keyword("fan")?;
    let fact = words.quoted("what to remember")?;
    words.end()?;
    Ok(SceneCommand::Remember(fact))
}

fn unlock(mut words: Words<'_>) -> Result<SceneCommand> {
    let secret = words.name("the secret")?;
    words.end()?;
    Ok(SceneCommand::Unlock(secret))
}

fn affinity(mut words: Words<'_>) -> Result<SceneCommand> {
    let (member, by) = (words.member()?, words.number("what is added", -100.0, 100.0)?);
    words.end()?;
    Ok(SceneCommand::Affinity { member, by })
}

fn improvise(mut words: Words<'_>) -> Result<SceneCommand> {
    let improvise = Improvise {
        member: words.member()?,
        brief: words.quoted("the brief")?,
        turns: words.turns()?,
        must: words.named("must").map(|(must, _)| must.into()),
        avoid: words.named("avoid").map(|(avoid, _)| split(avoid)).unwrap_or_default(),
        fallback: words.needed("fallback")?.0.into(),
    };
    words.end()?;
    Ok(SceneCommand::Improvise(improvise))
}

fn ask_fan(mut words: Words<'_>) -> Result<SceneCommand> {
    let (member, question) = (words.member()?, words.quoted("the question")?);
    let (variable, at) = words.needed("into")?;
    let name = variable.strip_prefix('$').unwrap_or_default();
    if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || c == '_') {
        return words.problem(at, &format!("`{variable}` is no variable"));
    }
    let (list, at) = words.needed("options")?;
    let options = split(list);
    if options.len() < 2 {
        return words.problem(at, "at least two options, separated by `|`, should stand here");
    }
    if let Some(twice) = options.iter().enumerate().find(|(i, o)| options[..*i].contains(o)) {
        return words.problem(at, &format!("the option `{}` stands twice", twice.1));
    }
    let (fallback, at) = words.needed("fallback")?;
    if !options.iter().any(|option| option == fallback) {
        return words.problem(at, &format!("`{fallback}` is none of the options"));
    }
    let labels = options.clone();
    let (variable, fallback) = (variable.into(), fallback.into());
    words.end()?;
    Ok(SceneCommand::AskFan(AskFan { member, question, variable, options, labels, fallback }))
}

fn chat(mut words: Words<'_>) -> Result<SceneCommand> {
    let (member, turns) = (words.member()?, words.turns()?);
    let about = words.named("about").map(|(about, _)| about.into());
    let until = match words.named("until") {
        Some((until, at)) => match until.parse() {
            Ok(until) => Some(until),
            Err(ConditionError { column, problem }) => {
                let offset = until.char_indices().nth(column - 1).map_or(until.len(), |(at, _)| at);
                return words.problem(at + offset, &format!("in `until=`: {problem}"));
            }
        },
        None => None,
    };
    words.end()?;
    Ok(SceneCommand::Chat(Chat { member, turns, about, until }))
}

fn talk(mut words: Words<'_>) -> Result<SceneCommand> {
    let one = words.member()?;
    let (name, at) = words.word("the other member")?;
    let two = name.parse().or_else(|error| words.problem(at, &format!("{error}")))?;
    if one == two {
        return words.problem(at, &format!("`{two}` cannot talk to herself"));
    }
    let turns = words.turns()?;
    let about = words.needed("about")?.0.into();
    words.end()?;
    Ok(SceneCommand::Talk(Talk { members: [one, two], turns, about }))
}

/// The parts between bars, without those that are empty.
pub(crate) fn split(list: &str) -> Vec<String> {
    list.split('|').map(str::trim).filter(|part| !part.is_empty()).map(String::from).collect()
}
