//! What a scene needs, in plain words.

use bevy_persona::{director::SceneOffer, scene::Need};

use crate::settings::Tongue;

/// What is missing, one thing after the other; `closeness` tells how close a member is, 0..100.
pub fn in_words(
    offer: &SceneOffer,
    title_of: impl Fn(&str) -> String,
    closeness: impl Fn(&str) -> f32,
    tongue: Tongue,
) -> String {
    let words = offer.missing.iter().map(|need| one(need, &title_of, &closeness, tongue));
    words.collect::<Vec<_>>().join(", ")
}

fn one(
    need: &Need,
    title_of: &impl Fn(&str) -> String,
    closeness: &impl Fn(&str) -> f32,
    tongue: Tongue,
) -> String {
    let is_korean = tongue == Tongue::Korean;
    match need {
        Need::Affinity { member, at_least } => {
            let (name, now) = (name_of(member, tongue), closeness(member));
            match (at_least, is_korean) {
                (Some(least), false) => format!("closeness {least:.0} with {name} (now {now:.0})"),
                (None, false) => format!("another closeness with {name} (now {now:.0})"),
                (Some(least), true) => format!("{name} 친밀도 {least:.0} (지금 {now:.0})"),
                (None, true) => format!("{name} 친밀도 (지금 {now:.0})"),
            }
        }
        Need::Secret(secret) if is_korean => format!("비밀 {secret}"),
        Need::Secret(secret) => format!("the secret {secret}"),
        Need::Fan(key) if is_korean => format!("{key} 알려 주기"),
        Need::Fan(key) => format!("your {key}"),
        Need::Visited(node) => {
            let title = title_of(node.strip_suffix("_end").unwrap_or(node));
            match (node.ends_with("_end"), is_korean) {
                (true, true) => format!("“{title}” 끝까지 보기"),
                (true, false) => format!("“{title}” seen to its end"),
                (false, true) => format!("“{title}” 보기"),
                (false, false) => format!("“{title}” seen"),
            }
        }
        Need::Hour if is_korean => "다른 시간".into(),
        Need::Hour => "another time of day".into(),
        Need::Variable(name) if is_korean => format!("다른 {name}"),
        Need::Variable(name) => format!("another {name}"),
        _ => "…".into(),
    }
}

/// What a member is called.
fn name_of(member: &str, tongue: Tongue) -> &str {
    let [english, korean] = match member {
        "siwoo" => ["Siwoo", "시우"],
        "jena" => ["Jena", "제나"],
        "taira" => ["Taira", "타이라"],
        "marty" => ["Marty", "마티"],
        other => [other, other],
    };
    if tongue == Tongue::Korean { korean } else { english }
}

/// A title for a scene that was given none: `echo_tower` becomes `Echo tower`.
pub fn title(id: &str) -> String {
    let words = id.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use bevy_persona::scene::Begins;

    use super::*;

    #[test]
    fn a_fan_reads_what_is_missing_and_how_far_it_is() {
        let need = |member: &str| Need::Affinity { member: member.into(), at_least: Some(40.0) };
        let missing = vec![need("siwoo"), Need::Visited("first_hello_end".into())];
        let offer = SceneOffer {
            scene: "echo_tower".into(),
            title: "Echo Tower".into(),
            is_open: false,
            missing,
            was_finished: false,
            begins: Begins::Chosen,
        };
        let read = |tongue| in_words(&offer, title, |_| 12.4, tongue);
        let english = "closeness 40 with Siwoo (now 12), “First hello” seen to its end";
        assert_eq!(read(Tongue::English), english);
        assert!(read(Tongue::Korean).starts_with("시우 친밀도 40 (지금 12)"));
    }
}
