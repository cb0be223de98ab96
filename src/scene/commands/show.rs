//! Writes a command as it stands in a scene.

use std::fmt;

use super::{AskFan, Chat, Improvise, LookAt, SceneCommand, Shot, Talk};

/// What stands between `<<` and `>>`.
impl fmt::Display for SceneCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Emotion { member, tag } => {
                write!(f, "emotion {member} {} {}", tag.emotion, tag.intensity)
            }
            Self::Gesture { member, gesture } => write!(f, "gesture {member} {gesture}"),
            Self::Look { member, at } => write!(f, "look {member} at {at}"),
            Self::Move { member, to, seconds } => write!(f, "move {member} to {to} {seconds}"),
            Self::Camera(Shot::Wide) => f.write_str("camera wide"),
            Self::Camera(Shot::Close(member)) => write!(f, "camera close {member}"),
            Self::Light(light) => write!(f, "light {light}"),
            Self::Music(Some(music)) => write!(f, "music play {music}"),
            Self::Music(None) => f.write_str("music stop"),
            Self::Wait(seconds) => write!(f, "wait {seconds}"),
            Self::Voice { member, sound } => write!(f, "voice {member} {sound}"),
            Self::Remember(fact) => write!(f, "remember fan \"{fact}\""),
            Self::Unlock(secret) => write!(f, "unlock {secret}"),
            Self::Affinity { member, by } => write!(f, "affinity {member} {by}"),
            Self::Improvise(improvise) => write!(f, "{improvise}"),
            Self::AskFan(ask) => write!(f, "{ask}"),
            Self::Chat(chat) => write!(f, "{chat}"),
            Self::Talk(Talk { members: [one, two], turns, about }) => {
                write!(f, "talk {one} {two} turns={turns} about=\"{about}\"")
            }
        }
    }
}

impl fmt::Display for LookAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fan => f.write_str("fan"),
            Self::Member(member) => write!(f, "{member}"),
            Self::Mark(mark) => f.write_str(mark),
        }
    }
}

impl fmt::Display for Improvise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { member, brief, turns, must, avoid, fallback } = self;
        write!(f, "improvise {member} \"{brief}\" turns={turns}")?;
        if let Some(must) = must {
            write!(f, " must=\"{must}\"")?;
        }
        if !avoid.is_empty() {
            write!(f, " avoid=\"{}\"", avoid.join("|"))?;
        }
        write!(f, " fallback=\"{fallback}\"")
    }
}

impl fmt::Display for AskFan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { member, question, variable, options, fallback, .. } = self;
        let options = options.join("|");
        write!(f, "ask_fan {member} \"{question}\" into={variable} ")?;
        write!(f, "options=\"{options}\" fallback=\"{fallback}\"")
    }
}

impl fmt::Display for Chat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { member, turns, about, until } = self;
        write!(f, "chat {member} turns={turns}")?;
        if let Some(about) = about {
            write!(f, " about=\"{about}\"")?;
        }
        if let Some(until) = until {
            // A condition's texts are quoted; inside of quotes they stand bare.
            write!(f, " until=\"{}\"", until.to_string().replace('"', ""))?;
        }
        Ok(())
    }
}
