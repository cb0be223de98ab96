//! Korean particles after a name that is replaced.

use crate::hangul::{is_closed, is_syllable};

/// What follows any name in the same form.
const TITLES: [&str; 3] = ["님", "씨", "언니"];

/// Pairs of particles: after a closed syllable (강), and after an open one (나).
const PAIRS: [(&str, &str); 8] = [
    ("이라", "라"),
    ("이랑", "랑"),
    ("은", "는"),
    ("이", "가"),
    ("을", "를"),
    ("과", "와"),
    ("아", "야"),
    ("으로", "로"),
];

/// Splits `after`, which followed another name, into what stands after `name` in place of its
/// particle, and the rest; nothing if that cannot be told.
pub(super) fn after<'a>(name: &str, after: &'a str) -> Option<(&'a str, &'a str)> {
    let end = after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len());
    let (particle, rest) = after.split_at(end);
    let title = TITLES.iter().any(|title| particle.starts_with(title));
    if title || !particle.chars().any(is_syllable) {
        return Some((particle, rest));
    }
    let closed = is_closed(name.chars().next_back()?)?;
    let (with, without) =
        PAIRS.iter().find(|(with, without)| [*with, *without].contains(&particle))?;
    Some((if closed { with } else { without }, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_particle_follows_the_new_name() {
        for (name, text, expected) in [
            ("하나", "은 좋아요", Some("는 좋아요")),
            ("지훈", "야, 왔어요?", Some("아, 왔어요?")),
            ("Rafa", "님, 왔어요?", Some("님, 왔어요?")),
            ("Rafa", ", hi", Some(", hi")),
            ("Rafa", "는 좋아요", None),
            ("지훈", "한테서만", None),
            ("", "는", None),
        ] {
            let told = after(name, text).map(|(particle, rest)| format!("{particle}{rest}"));
            assert_eq!(told.as_deref(), expected, "{name}");
        }
    }
}
