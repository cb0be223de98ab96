//! What the stage shows, so that a scene that was saved in the middle finds it again.
//!
//! It is kept in the story, and so in every save, under names that no variable can have.

use super::{beat::Now, effects::carry_out};
use crate::{
    persona::PersonaId,
    scene::{LookAt, Player, SceneCommand, Story, Value},
};

const SET: &str = "stage:";

/// Keeps what a command shows, in place of what was shown before.
pub(super) fn keep(command: &SceneCommand, player: &mut Player) {
    let name = match command {
        SceneCommand::Light(_) => "light".into(),
        SceneCommand::Music(_) => "music".into(),
        SceneCommand::Camera(_) => "camera".into(),
        SceneCommand::Look { member, .. } => format!("look:{member}"),
        SceneCommand::Move { member, .. } => format!("move:{member}"),
        _ => return,
    };
    player.set(&format!("{SET}{name}"), Value::Text(command.to_string()));
}

/// Shows it again, and lets nobody walk for it.
pub(super) fn restore(now: &mut Now<'_, '_, '_>) {
    let kept = now.player.story().variables.iter().filter(|(name, _)| name.starts_with(SET));
    let commands: Vec<SceneCommand> = kept
        .filter_map(|(_, value)| match value {
            Value::Text(text) => SceneCommand::parse(text).ok(),
            _ => None,
        })
        .collect();
    for command in commands {
        carry_out(as_it_was(command, now), now);
    }
    now.hall.arrive();
}

fn as_it_was(command: SceneCommand, now: &Now<'_, '_, '_>) -> SceneCommand {
    match command {
        SceneCommand::Move { member, to, .. } => SceneCommand::Move { member, to, seconds: 0.0 },
        // Read alone, a command does not know who is a member and what is a mark.
        SceneCommand::Look { member, at: LookAt::Mark(name) } => {
            let other = name.parse::<PersonaId>().ok();
            let other = other.filter(|other| now.theatre.find(other).is_some());
            let at = other.map_or(LookAt::Mark(name), LookAt::Member);
            SceneCommand::Look { member, at }
        }
        other => other,
    }
}

/// Behind a scene the stage is the game's again.
pub(super) fn strike(story: &mut Story) {
    story.variables.retain(|name, _| !name.starts_with(SET));
}
