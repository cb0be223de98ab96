"""What accompanies a talk: listening, thinking, speaking, nodding."""

from __future__ import annotations

from .. import gestures as g
from .clip import Clip, N, keys


def conversation() -> list[Clip]:
    """Loops for the parts of a talk, and short answers with the head."""
    listen = N.with_(left=g.FOLDED_UPPER, right=g.FOLDED_LOWER, spine=(2, 0, 0), head=(2, 0, 6))
    think = N.with_(right=g.FINGER_CHEEK, left=g.BEHIND, head=(-12, -14, 11), chest=(0, -4, 2), hips=(0.02, -0.006, 0))
    low = N.with_(both=g.TALK_LOW)
    a = [
        (0, N),
        (0.5, N.with_(left=g.TALK_OPEN, right=g.TALK_LOW, chest=(0, 4, 0), head=(2, 3, 3))),
        (1.1, low.with_(head=(4, 0, 0), chest=(1, 0, 0))),
        (1.7, N.with_(left=g.TALK_LOW, right=g.TALK_OPEN, chest=(0, -4, 0), head=(-1, -4, -3))),
        (2.4, N.with_(both=g.TALK_OPEN, chest=(-2, 0, 0), head=(3, 0, 2))),
        (3.0, low),
        (3.8, N),
    ]
    b = [
        (0, N),
        (0.5, N.with_(right=g.TALK_HEART, chest=(0, 3, 0), head=(3, 2, 5))),
        (1.3, N.with_(right=g.TALK_HEART, chest=(1, 2, 1), head=(6, -2, 4), hips=(0.012, -0.004, 0))),
        (2.0, N.with_(right=g.PRESENT, chest=(0, -6, 0), head=(0, -4, -2))),
        (2.7, N.with_(right=g.TALK_LOW, chest=(0, -2, 0), head=(2, 0, 0))),
        (3.5, N),
    ]
    c = [
        (0, N),
        (0.45, N.with_(right=g.TALK_COUNT, head=(-2, -3, -3))),
        (0.9, N.with_(right=g.TALK_COUNT, head=(4, 0, 0), chest=(1.5, 0, 0))),
        (1.5, N.with_(both=g.TALK_HIGH, chest=(-2, 0, 0), head=(-2, 0, 3), shrug=4)),
        (2.2, N.with_(both=g.TALK_OPEN, chest=(1, 0, 0), head=(3, 2, -3), shrug=6)),
        (2.8, low),
        (3.6, N),
    ]
    return [
        Clip(
            "listen",
            keys(
                (0, listen),
                (1.4, listen.with_(head=(7, 0, 6))),
                (2.0, listen.with_(head=(2, 0, 6))),
                (4.2, listen.with_(head=(2, 4, 3), hips=(0.010, -0.003, 0))),
                (6.0, listen),
            ),
            True,
            breaths=2,
        ),
        Clip(
            "think",
            keys(
                (0, think),
                (2.0, think.with_(head=(-16, -20, 14), hips=(0.026, -0.008, 0))),
                (4.2, think.with_(head=(-10, -8, 9), chest=(1, -6, 2))),
                (6.0, think),
            ),
            True,
            breaths=2,
        ),
        Clip("talk_a", a, True, breaths=1),
        Clip("talk_b", b, True, breaths=1),
        Clip("talk_c", c, True, breaths=1),
        Clip(
            "nod",
            keys(
                (0, N),
                (0.28, N.with_(head=(14, 0, 0), neck=(5, 0, 0))),
                (0.52, N.with_(head=(-3, 0, 0))),
                (0.80, N.with_(head=(12, 0, 0), neck=(4, 0, 0))),
                (1.3, N),
            ),
            False,
        ),
        Clip(
            "shake",
            keys(
                (0, N),
                (0.24, N.with_(head=(3, 18, 0))),
                (0.54, N.with_(head=(3, -18, 0))),
                (0.84, N.with_(head=(3, 14, 0))),
                (1.12, N.with_(head=(2, -7, 0))),
                (1.5, N),
            ),
            False,
        ),
    ]
