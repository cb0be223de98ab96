//! How a reply is steered and checked on its way from the model to the fan.

use std::sync::Arc;

use super::{Emotion, Judge, Locked, Palette};

/// What the mind asks of a reply beyond the prompt; the default asks for nothing.
#[derive(Debug, Clone)]
pub struct Direction {
    /// The feelings a reply may begin with, and how well each fits, 0..1; empty leaves the choice
    /// to the model.
    pub opening: Vec<(Emotion, f32)>,
    /// Feelings that must not be shown at all.
    pub never: Vec<Emotion>,
    /// What must not be said.
    pub watch: Option<Watch>,
    /// How the best of several replies is chosen.
    pub choice: Option<Choice>,
    /// How far the words are turned from what she would say to a silent fan to what she says to this
    /// one: 1 not at all, 1.5 keeps a small model to the point, above 3 it no longer makes sense. Costs
    /// as much as a second speaker. Backends that cannot do it leave the words as they are.
    pub guidance: f32,
}

impl Default for Direction {
    fn default() -> Self {
        Self { opening: Vec::new(), never: Vec::new(), watch: None, choice: None, guidance: 1.0 }
    }
}

/// What must not be said, and what is said instead.
#[derive(Debug, Clone)]
pub struct Watch {
    /// What is locked for this fan.
    pub locked: Arc<Locked>,
    /// The fan's message.
    pub fan: Arc<str>,
    /// What she goes on with where she would have told: a line with its tags.
    pub instead: Arc<str>,
}

/// How the best of several replies is chosen.
#[derive(Debug, Clone)]
pub struct Choice {
    /// How many replies are made; at least one.
    pub candidates: usize,
    /// Who chooses.
    pub judge: Judge,
    /// A reply that the judge likes less is not said. 0..1.
    pub floor: f32,
    /// What is said where no reply is good enough: a line with its tags.
    pub fallback: Arc<str>,
}

impl Direction {
    /// How well a feeling fits at the beginning, 0..1.
    #[must_use]
    pub fn opens_with(&self, emotion: &Emotion) -> f32 {
        if self.never.contains(emotion) {
            return 0.0;
        }
        if self.opening.is_empty() {
            return 1.0;
        }
        self.opening.iter().find(|(known, _)| known == emotion).map_or(0.0, |(_, weight)| *weight)
    }

    /// The feelings of a palette with which a reply may begin.
    #[must_use]
    pub fn opening_of(&self, palette: &Palette) -> Palette {
        let fits = |emotion: &&Emotion| self.opens_with(emotion) > 0.0;
        palette.limited_to(&palette.emotions().iter().filter(fits).cloned().collect::<Vec<_>>())
    }

    /// The directions as far as somebody with this palette can follow them.
    #[must_use]
    pub fn within(mut self, palette: &Palette) -> Self {
        self.opening.retain(|(emotion, _)| palette.contains(emotion));
        if palette.without(&self.never) == *palette {
            self.never.clear();
        }
        self
    }

    /// A feeling of the palette that may be shown in place of one that may not.
    #[must_use]
    pub fn allowed(&self, emotion: Emotion, is_first: bool, palette: &Palette) -> Emotion {
        let fits = match is_first {
            true => self.opens_with(&emotion) > 0.0,
            false => !self.never.contains(&emotion),
        };
        if fits {
            return emotion;
        }
        let best = self.opening.iter().filter(|(known, _)| !self.never.contains(known));
        let best = best.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(emotion, _)| emotion.clone());
        let calm = palette.contains(&Emotion::Neutral).then_some(Emotion::Neutral);
        best.filter(|_| is_first).or(calm).unwrap_or(emotion)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grief_is_never_met_with_joy() {
        let direction = Direction {
            opening: vec![(Emotion::Sad, 0.7), (Emotion::Love, 0.3)],
            never: vec![Emotion::Joy],
            ..Direction::default()
        };
        let allowed = |emotion, first| direction.allowed(emotion, first, &Palette::default());
        assert_eq!(allowed(Emotion::Joy, true), Emotion::Sad);
        assert_eq!(allowed(Emotion::Love, true), Emotion::Love);
        assert_eq!(allowed(Emotion::Joy, false), Emotion::Neutral);
        assert_eq!(allowed(Emotion::Shy, false), Emotion::Shy);
    }

    #[test]
    fn nobody_shows_what_is_not_hers() {
        let palette = Palette::new([Emotion::Neutral, Emotion::Sad]).unwrap();
        let opening = vec![(Emotion::Love, 1.0)];
        let direction = Direction { opening, ..Direction::default() }.within(&palette);
        assert_eq!(direction.allowed(Emotion::Sad, true, &palette), Emotion::Sad);
    }

    #[test]
    fn without_directions_everything_is_allowed() {
        let free = Direction::default();
        let allowed = free.allowed(Emotion::Angry, true, &Palette::default());
        assert_eq!(allowed, Emotion::Angry);
    }
}
