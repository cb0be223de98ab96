//! What a feeling looks like on a face.

use std::collections::BTreeMap;

use serde::Deserialize;

/// One look of a face: expressions with their weights at full strength.
///
/// The names are the presets of VRM 1.0: `happy`, `angry`, `sad`, `relaxed`, `surprised`, `aa`, `ih`, `ou`, `ee`, `oh`, `blink`,
/// `blinkLeft`, `blinkRight`, `lookUp`, `lookDown`, `lookLeft`, `lookRight`, and whatever else the
/// avatar has, such as `shy`. Left and right are hers. An avatar that lacks a custom one shows the
/// rest.
///
/// # Example
/// ```
/// use bevy_persona::cue::Look;
///
/// let dreamy = Look::new([("relaxed", 0.6), ("lookUp", 0.4)]);
/// assert_eq!(dreamy.parts().next(), Some(("lookUp", 0.4)));
/// ```
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(transparent)]
pub struct Look(BTreeMap<String, f32>);

impl Look {
    /// A look of these expressions; weights are clamped to 0..1.
    pub fn new(parts: impl IntoIterator<Item = (impl Into<String>, f32)>) -> Self {
        Self(parts.into_iter().map(|(name, weight)| (name.into(), weight)).collect())
    }

    /// The expressions with their weights, 0..1, in the order of their names.
    pub fn parts(&self) -> impl Iterator<Item = (&str, f32)> {
        let sane = |weight: f32| if weight.is_nan() { 0.0 } else { weight.clamp(0.0, 1.0) };
        self.0.iter().map(move |(name, weight)| (name.as_str(), sane(*weight)))
    }

    /// Whether it is the face at rest.
    #[must_use]
    pub fn is_at_rest(&self) -> bool {
        self.0.is_empty()
    }
}
