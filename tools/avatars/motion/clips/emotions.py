"""What shows a feeling: gestures to the fan, and reactions."""

from __future__ import annotations

from .. import gestures as g
from ..pose import Pose
from .clip import Clip, N, keys

SOBS_A_SIDE = 6
SOB_SECONDS = 0.36


def _sob(count: int) -> Pose:
    """Bowed, one fist wipes an eye and the other is held to the chest; they change over halfway through."""
    wiping, held, sign = ("right", "left", -1) if count < SOBS_A_SIDE else ("left", "right", 1)
    up = count % 2
    return N.with_(
        **{wiping: g.wipe_eye(up), held: g.CHEST_HANDS},
        head=(13, 9 * sign, -6 * sign),
        neck=(6, 0, 0),
        spine=(6, 0, 0),
        chest=(4 + 4 * up, 0, 0),
        shrug=3 + 9 * up,
        knees_in=14,
        hips=(0.008 * sign, -0.016, -0.01),
    )


def emotions() -> list[Clip]:
    """A clip for each gesture and reaction; all but crying begin and end in the neutral stance."""
    wave = (
        [(0, N)]
        + [
            (
                0.75 + 0.22 * i,
                N.with_(
                    right=g.wave_hand(1 if i % 2 else -1),
                    head=(0, -3, -7 + 3 * (i % 2)),
                    spine=(0, 0, -2),
                    hips=(0.008 * (i % 2), 0, 0),
                ),
            )
            for i in range(8)
        ]
        + [(3.1, N)]
    )
    folded = N.with_(left=g.FOLDED_UPPER, right=g.FOLDED_LOWER)
    bowed = folded.with_(
        hips=(0, -0.012, -0.055), hips_turn=(20, 0, 0), spine=(13, 0, 0), chest=(8, 0, 0), head=(10, 0, 0)
    )
    heart_side = lambda s: N.with_(
        both=g.HEART_TOP, head=(-2, 0, 7 * s), spine=(0, 0, 4 * s), hips=(0.025 * s, -0.004, 0)
    )
    clap = [(0, N), (0.4, N.with_(both=g.clap_hand(0.16)))]
    clap += [
        (
            0.56 + 0.16 * i,
            N.with_(
                both=g.clap_hand(0.0 if i % 2 == 0 else 0.15), head=(3 * (i % 2), 0, 4), hips=(0, -0.006 * (i % 2), 0)
            ),
        )
        for i in range(10)
    ] + [(2.6, N)]
    laughing = N.with_(right=g.COVER_MOUTH, left=g.HOLD_BELLY)
    laugh = [(0, N), (0.4, laughing.with_(head=(-4, 0, 5)))]
    laugh += [
        (
            0.58 + 0.17 * i,
            laughing.with_(
                head=(-16 + 8 * (i % 2), 0, 7),
                chest=(-7 + 8 * (i % 2), 0, 0),
                spine=(-4 + 4 * (i % 2), 0, 2),
                hips=(0.006, -0.004 - 0.008 * (i % 2), 0.012),
                shrug=9 * (i % 2),
            ),
        )
        for i in range(11)
    ] + [(3.0, N)]
    cry = [(SOB_SECONDS * i, _sob(i % (2 * SOBS_A_SIDE))) for i in range(2 * SOBS_A_SIDE + 1)]
    # Hands together and a small twist, then a hand on the hot cheek, always looking away from the fan.
    bashful = N.with_(knees_in=26, hips=(0, -0.022, -0.004), shrug=8)
    twist = lambda yaw, look, x: bashful.with_(
        both=g.CLASP_LOW, head=(13, look, 8), chest=(3, yaw, 0), hips=(x, -0.022, -0.004)
    )
    hide = bashful.with_(right=g.CHEEK, left=g.CLASP_LOW, head=(12, 18, -9), chest=(3, 8, 0), hips=(0.012, -0.02, 0))
    jump = N.with_(
        both=g.SURPRISE, head=(-6, 0, 0), chest=(-4, 0, 0), spine=(-2, 0, 0), shrug=8, hips=(0, 0.004, -0.015)
    )
    angry = N.with_(both=g.HIP_FIST, head=(6, 0, 0), spine=(5, 0, 0), chest=(2, 0, 0), shrug=5)
    point = N.with_(right=g.POINT_FRONT, chest=(0, 8, 0), head=(0, -6, 0), hips=(0, -0.003, 0.01))
    cheer = [(0, N), (0.35, N.with_(both=g.PUMP_LOW, hips=(0, -0.04, -0.008), spine=(4, 0, 0)))]
    cheer += [
        (
            0.7 + 0.35 * i,
            (
                N.with_(both=g.PUMP_HIGH, hips=(0, 0.004, 0), chest=(-4, 0, 0), head=(-6, 0, 0))
                if i % 2 == 0
                else N.with_(both=g.PUMP_LOW, hips=(0, -0.035, -0.006), spine=(3, 0, 0))
            ),
        )
        for i in range(5)
    ]
    cheer += [(2.8, N)]
    return [
        Clip("wave", wave, False),
        Clip("bow", keys((0, N), (0.5, folded), (1.2, bowed), (1.8, bowed), (2.6, folded), (3.2, N)), False),
        Clip(
            "heart",
            keys(
                (0, N),
                (0.7, heart_side(1)),
                (1.2, heart_side(-1)),
                (1.7, heart_side(1)),
                (2.2, heart_side(-1)),
                (3.0, N),
            ),
            False,
        ),
        Clip("clap", clap, False),
        Clip("laugh", laugh, False),
        Clip("cry", cry, True),
        Clip(
            "shy",
            keys(
                (0, N),
                (0.6, twist(10, 22, -0.012)),
                (1.1, twist(-8, 20, 0.012)),
                (1.6, twist(10, 24, -0.012)),
                (2.2, hide),
                (2.8, hide.with_(head=(15, 14, -11))),
                (3.6, N),
            ),
            False,
        ),
        Clip(
            "surprised",
            keys(
                (0, N),
                (0.25, jump),
                (0.5, jump.with_(hips=(0, -0.006, -0.012))),
                (1.4, jump.with_(head=(-3, 0, 3))),
                (2.2, N),
            ),
            False,
        ),
        Clip(
            "angry",
            keys(
                (0, N),
                (0.45, angry),
                (0.9, angry.with_(head=(8, 12, 0))),
                (1.3, angry.with_(head=(8, -12, 0))),
                (1.8, angry),
                (2.5, N),
            ),
            False,
        ),
        Clip(
            "point",
            keys(
                (0, N),
                (0.45, point.with_(right=g.PUMP_LOW)),
                (0.8, point),
                (1.7, point.with_(head=(0, -6, -4))),
                (2.4, N),
            ),
            False,
        ),
        Clip("cheer", cheer, False),
    ]
