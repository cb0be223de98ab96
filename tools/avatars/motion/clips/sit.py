"""Sitting on the floor."""

from __future__ import annotations

from .. import gestures as g
from .clip import Clip, N, keys

HIPS_DOWN, HIPS_BACK = 0.655, 0.10  # metres the hips move until she sits on her heels
FOOT_DOWN, FOOT_BACK = -0.012, -0.165  # metres the ankles move
TOES_BACK = 150.0  # degrees: the soles look up


def sit() -> Clip:
    """Kneels on the floor and sits on her heels, hands in the lap."""
    base = N.with_(
        hips=(0, -HIPS_DOWN, -HIPS_BACK),
        both=g.LAP,
        spine=(2, 0, 0),
        left_foot=(0.0, FOOT_DOWN, FOOT_BACK, TOES_BACK, -4),
        right_foot=(0.0, FOOT_DOWN, FOOT_BACK, TOES_BACK, 4),
    )
    return Clip(
        "sit",
        keys(
            (0, base),
            (2.2, base.with_(head=(2, 6, 3), chest=(0, 2, 0))),
            (4.4, base.with_(head=(1, -5, -2), chest=(1, -2, 0))),
            (6.0, base),
        ),
        True,
        breaths=2,
    )
