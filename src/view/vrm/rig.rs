//! What an avatar can show, and what it lacks.

use std::fmt;

use super::{Look, VrmFace};
use crate::mind::Emotion;

/// The emotions that an avatar with these expressions can show.
///
/// A look counts if one of its parts is there; a look without parts is the face at rest.
pub(super) fn emotions(face: &VrmFace, known: &[&str]) -> Vec<Emotion> {
    let shows = |look: &Look| {
        look.parts().is_empty()
            || look.parts().iter().any(|(name, _)| known.contains(&name.as_str()))
    };
    face.looks.iter().filter(|(_, look)| shows(look)).map(|(emotion, _)| emotion.clone()).collect()
}

/// An expression that looks need and the avatar lacks.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Gap {
    expression: String,
    needed_by: Vec<Emotion>,
    advice: String,
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let emotions: Vec<_> = self.needed_by.iter().map(Emotion::as_str).collect();
        let Self { expression, advice, .. } = self;
        write!(f, "no expression `{expression}`, which shows {}: {advice}", emotions.join(", "))
    }
}

/// Every expression that is needed and missing, with what to do about it.
pub(super) fn gaps(face: &VrmFace, known: &[&str]) -> Vec<Gap> {
    let mut gaps: Vec<Gap> = Vec::new();
    for (emotion, look) in &face.looks {
        for (name, _) in look.parts() {
            if known.contains(&name.as_str()) {
                continue;
            }
            match gaps.iter_mut().find(|gap| gap.expression == *name) {
                Some(gap) => gap.needed_by.push(emotion.clone()),
                None => gaps.push(Gap {
                    expression: name.clone(),
                    needed_by: vec![emotion.clone()],
                    advice: advice(name, known),
                }),
            }
        }
    }
    gaps
}

fn advice(missing: &str, known: &[&str]) -> String {
    let likeness = |name: &str| strsim::jaro_winkler(&missing.to_lowercase(), &name.to_lowercase());
    let close = known.iter().filter(|name| likeness(name) > 0.8);
    match close.max_by(|a, b| likeness(a).total_cmp(&likeness(b))) {
        Some(name) => format!("did it mean `{name}`? Name it so in a `VrmFace`"),
        None if known.is_empty() => "it has no expressions at all".into(),
        None => {
            let mut names = known.to_vec();
            names.sort_unstable();
            format!("give the look other parts in a `VrmFace`; there are {}", names.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the default looks need, but for `relaxed`.
    const OTHERS: &str = "happy sad angry surprised aa ee oh lookDown lookLeft lookRight";

    fn with(relaxed: &'static str) -> Vec<&'static str> {
        OTHERS.split(' ').chain([relaxed]).collect()
    }

    #[test]
    fn an_avatar_with_all_presets_lacks_nothing() {
        let known = with("relaxed");
        assert!(gaps(&VrmFace::default(), &known).is_empty());
        assert_eq!(emotions(&VrmFace::default(), &known), Emotion::BUILT_IN);
    }

    #[test]
    fn a_gap_names_the_emotion_and_a_likely_name() {
        let gaps = gaps(&VrmFace::default(), &with("Relaxed"));
        assert_eq!(gaps.len(), 1);
        let text = gaps[0].to_string();
        assert!(text.contains("`relaxed`, which shows love"), "{text}");
        assert!(text.contains("did it mean `Relaxed`?"), "{text}");
    }

    #[test]
    fn a_look_with_one_part_left_still_counts() {
        let emotions = emotions(&VrmFace::default(), &["happy"]);
        assert_eq!(emotions, [Emotion::Neutral, Emotion::Joy, Emotion::Playful]);
    }
}
