//! Expressions made of the 52 shapes of `ARKit`, for avatars that bring shapes but no expressions.
//!
//! <https://developer.apple.com/documentation/arkit/arfaceanchor/blendshapelocation>

/// The expressions, each with its shapes and their weights. `*` stands for `Left` and `Right`.
pub(super) const EXPRESSIONS: &[(&str, &[(&str, f32)])] = &[
    (
        "happy",
        &[("mouthSmile*", 0.8), ("cheekSquint*", 0.6), ("eyeSquint*", 0.35), ("browInnerUp", 0.15)],
    ),
    (
        "sad",
        &[
            ("mouthFrown*", 0.7),
            ("browInnerUp", 0.85),
            ("eyeSquint*", 0.2),
            ("mouthShrugLower", 0.3),
        ],
    ),
    (
        "angry",
        &[("browDown*", 0.9), ("noseSneer*", 0.3), ("mouthPress*", 0.5), ("eyeSquint*", 0.3)],
    ),
    ("relaxed", &[("mouthSmile*", 0.4), ("eyeBlink*", 0.25), ("browInnerUp", 0.1)]),
    (
        "surprised",
        &[("eyeWide*", 0.8), ("browInnerUp", 0.7), ("browOuterUp*", 0.7), ("jawOpen", 0.25)],
    ),
    (
        "shy",
        &[("mouthSmile*", 0.25), ("mouthPress*", 0.3), ("browInnerUp", 0.5), ("eyeSquint*", 0.25)],
    ),
    ("love", &[("mouthSmile*", 0.6), ("browInnerUp", 0.3), ("eyeSquint*", 0.2)]),
    ("playful", &[("mouthSmileLeft", 0.8), ("mouthSmileRight", 0.4), ("browOuterUpRight", 0.6)]),
    ("aa", &[("jawOpen", 0.7), ("mouthLowerDown*", 0.2)]),
    ("ih", &[("jawOpen", 0.2), ("mouthStretch*", 0.5)]),
    ("ou", &[("jawOpen", 0.2), ("mouthPucker", 0.8)]),
    ("ee", &[("jawOpen", 0.25), ("mouthSmile*", 0.3), ("mouthStretch*", 0.3)]),
    ("oh", &[("jawOpen", 0.45), ("mouthFunnel", 0.6)]),
    ("blink", &[("eyeBlink*", 1.0)]),
    ("blinkLeft", &[("eyeBlinkLeft", 1.0)]),
    ("blinkRight", &[("eyeBlinkRight", 1.0)]),
    ("lookUp", &[("eyeLookUp*", 1.0)]),
    ("lookDown", &[("eyeLookDown*", 1.0)]),
    ("lookLeft", &[("eyeLookOutLeft", 1.0), ("eyeLookInRight", 1.0)]),
    ("lookRight", &[("eyeLookInLeft", 1.0), ("eyeLookOutRight", 1.0)]),
];

/// Shapes of other makers that are an expression by themselves: visemes of Oculus and Ready Player Me.
pub(super) const SINGLE: &[(&str, &str)] = &[
    ("aa", "viseme_aa"),
    ("ih", "viseme_I"),
    ("ou", "viseme_U"),
    ("ee", "viseme_E"),
    ("oh", "viseme_O"),
];
