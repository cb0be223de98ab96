//! Which part of a face a shape moves.

/// A part of a face.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Region {
    /// Brows and forehead.
    Brows,
    /// Lids, eyes and the cheeks under them.
    Eyes,
    /// Mouth, jaw and tongue.
    Mouth,
    /// All of it, or it cannot be told.
    Whole,
}

impl Region {
    /// The part that a shape of this name moves: the names of `ARKit`, `VRoid`, Ready Player Me and others.
    #[must_use]
    pub fn of(shape: &str) -> Self {
        let name = shape.to_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
        if has(&["brow", "_brw_"]) {
            Self::Brows
        } else if has(&["mouth", "jaw", "tongue", "lip", "viseme", "_mth_", "teeth", "cheekpuff"]) {
            Self::Mouth
        } else if has(&["eye", "blink", "wink", "_eye_", "squint", "pupil", "iris", "blush"]) {
            Self::Eyes
        } else {
            Self::Whole
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_of_known_tools_are_told_apart() {
        for (shape, region) in [
            ("browInnerUp", Region::Brows),
            ("Fcl_BRW_Joy", Region::Brows),
            ("mouthSmileLeft", Region::Mouth),
            ("Fcl_MTH_A", Region::Mouth),
            ("viseme_aa", Region::Mouth),
            ("eyeBlinkLeft", Region::Eyes),
            ("cheekSquintLeft", Region::Eyes),
            ("Fcl_ALL_Joy", Region::Whole),
            ("smile", Region::Whole),
            ("", Region::Whole),
        ] {
            assert_eq!(Region::of(shape), region, "{shape}");
        }
    }
}
