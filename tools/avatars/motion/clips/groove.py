"""What dances are made of: moves on the beat, steps, and hips that swing."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..pose import Pose
from .clip import Clip, Step

BEAT = 0.5  # seconds at 120 beats a minute
BEATS_PER_BAR = 4
DANCE_BARS = 8

Moves = list[tuple[float, Pose]]
Groove = Callable[[float, Pose], Pose]


def groove(depth: float, sway: float, twist: float) -> Groove:
    """Hips that dip on every beat and swing from side to side every beat."""

    def apply(t: float, pose: Pose) -> Pose:
        beat = t / BEAT
        dip = 0.5 + 0.5 * np.cos(2 * np.pi * beat)
        side = np.sin(np.pi * beat)
        return pose.with_(
            hips=pose.hips + [sway * side, -depth * dip - 0.012, -0.25 * depth * dip],
            hips_turn=pose.hips_turn + [0, twist * side, -4 * side * sway / 0.03],
            spine=pose.spine + [2 * dip, -0.6 * twist * side, 3 * side * sway / 0.03],
            chest=pose.chest + [0, -0.5 * twist * side, 0],
            head=pose.head + [3 * dip - 1, 0, -2.5 * side],
        )

    return apply


def dance(name: str, owner: str, moves: Moves, steps: list[Step], groove: Groove) -> Clip:
    """`moves` are (beat, pose); the first pose is repeated at the end."""
    total = DANCE_BARS * BEATS_PER_BAR
    keys = [(b * BEAT, p) for b, p in moves] + [(total * BEAT, moves[0][1])]
    return Clip(
        name, keys, True, owner, fps=20, steps=steps, bounce=groove, beats_per_minute=int(60 / BEAT), planted=False
    )


def side_steps(bars: list[int], width: float) -> list[Step]:
    """Step-touch: out on beats 1 and 3, together on 2 and 4."""
    steps = []
    for bar in bars:
        b = bar * BEATS_PER_BAR * BEAT
        steps += [
            Step("left", b, b + 0.42, width, 0),
            Step("right", b + BEAT, b + BEAT + 0.42, width, 0),
            Step("right", b + 2 * BEAT, b + 2 * BEAT + 0.42, 0, 0),
            Step("left", b + 3 * BEAT, b + 3 * BEAT + 0.42, 0, 0),
        ]
    return steps


def hips_follow(steps_bars: list[int], width: float, groove: Groove) -> Groove:
    """Carries the hips along with the side steps."""

    def apply(t: float, pose: Pose) -> Pose:
        pose = groove(t, pose)
        bar, within = divmod(t / BEAT / BEATS_PER_BAR, 1)
        if int(bar) in steps_bars:
            pose = pose.with_(hips=pose.hips + [width * np.sin(np.pi * within) ** 2, 0, 0])
        return pose

    return apply
