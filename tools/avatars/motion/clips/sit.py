"""Sitting on a seat."""

from __future__ import annotations

from .. import gestures as g
from .clip import Clip, N, keys

SEAT_DROP = 0.40  # metres the hips sink to sit
SEAT_BACK = 0.16  # metres they move back


def sit() -> Clip:
    """Sits on a seat behind her, hands in the lap."""
    base = N.with_(
        hips=(0, -SEAT_DROP, -SEAT_BACK),
        both=g.LAP,
        spine=(2, 0, 0),
        left_foot=(-0.045, 0, 0.16, 0, -7),
        right_foot=(0.045, 0, 0.16, 0, 7),
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
