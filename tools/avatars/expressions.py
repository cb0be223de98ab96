"""VRM expressions as weights of facial morphs."""

from __future__ import annotations

PRESETS = (
    "happy",
    "angry",
    "sad",
    "relaxed",
    "surprised",
    "aa",
    "ih",
    "ou",
    "ee",
    "oh",
    "blink",
    "blinkLeft",
    "blinkRight",
    "lookUp",
    "lookDown",
    "lookLeft",
    "lookRight",
    "neutral",
)
CUSTOM = ("shy", "playful", "love")
BLOCKS_BLINK = ("happy", "playful", "surprised")


def _both(**weights: float) -> dict[str, float]:
    """Each weight for the left and the right shape."""
    return {name + side: w for name, w in weights.items() for side in ("Left", "Right")}


EXPRESSIONS: dict[str, dict[str, float]] = {
    "happy": _both(eyeHappy=1.0, mouthSmile=0.70, browOuterUp=0.45) | {"jawOpen": 0.30},
    "angry": _both(browDown=1.0, eyeAngry=0.9, mouthFrown=0.75, mouthPress=0.2),
    "sad": _both(eyeSad=1.0, browSad=1.0, eyeLookDown=0.30) | {"mouthSad": 1.0, "mouthShrugLower": 0.25},
    "relaxed": _both(mouthSmile=0.40, eyeBlink=0.30) | {"browInnerUp": 0.25},
    "surprised": _both(eyeWide=0.9, browOuterUp=0.9) | {"browInnerUp": 0.8, "jawOpen": 0.40, "mouthFunnel": 0.30},
    "aa": _both(mouthLowerDown=0.20) | {"jawOpen": 0.72},
    "ih": _both(mouthStretch=0.50) | {"jawOpen": 0.22},
    "ou": {"mouthPucker": 0.80, "jawOpen": 0.20},
    "ee": _both(mouthSmile=0.35, mouthUpperUp=0.20) | {"jawOpen": 0.25},
    "oh": {"mouthFunnel": 0.65, "jawOpen": 0.42},
    "blink": _both(eyeBlink=1.0),
    "blinkLeft": {"eyeBlinkLeft": 1.0},
    "blinkRight": {"eyeBlinkRight": 1.0},
    "lookUp": _both(eyeLookUp=1.0),
    "lookDown": _both(eyeLookDown=1.0),
    "lookLeft": {"eyeLookOutLeft": 1.0, "eyeLookInRight": 1.0},
    "lookRight": {"eyeLookInLeft": 1.0, "eyeLookOutRight": 1.0},
    "neutral": {},
    "shy": _both(eyeSad=0.45, mouthSmile=0.22, eyeLookDown=0.45, eyeBlink=0.12)
    | {"browInnerUp": 0.75, "blush": 1.0, "mouthPucker": 0.15},
    "playful": {
        "eyeHappyRight": 1.0,
        "browOuterUpLeft": 0.7,
        "mouthSmileLeft": 0.75,
        "mouthSmileRight": 0.55,
        "jawOpen": 0.16,
        "browOuterUpRight": 0.2,
    },
    "love": _both(eyeSquint=0.35, mouthSmile=0.60, browOuterUp=0.25)
    | {"browInnerUp": 0.45, "jawOpen": 0.20, "blush": 1.0},
}


def used_morphs() -> set[str]:
    """Morphs that some expression needs: the low-poly version keeps only these."""
    return {name for weights in EXPRESSIONS.values() for name in weights}
