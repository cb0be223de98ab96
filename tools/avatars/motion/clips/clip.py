"""What a clip is: pose keys over time, plus breathing and steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from ..pose import LEFT_ARM, RIGHT_ARM, Pose, neutral, pchip
from ..smooth import settle_arms

STEP_LIFT = 0.055  # metres a foot rises in a dance step
BREATH_DEGREES = 1.1

#: The neutral stance, which most poses start from.
N = neutral()


@dataclass
class Step:
    """A foot moves to a new place (x, z) in metres between two times."""

    side: str
    start: float
    end: float
    x: float
    z: float
    lift: float = STEP_LIFT
    yaw: float = 0.0


@dataclass
class Clip:
    """A motion. Keys are (seconds, pose); the first and the last pose are the same."""

    name: str
    keys: list[tuple[float, Pose]]
    loop: bool
    owner: str = ""  # the idol whose skeleton it is made on; empty: shared
    fps: int = 30
    breaths: int = 0
    steps: list[Step] = field(default_factory=list)
    bounce: Callable[[float, Pose], Pose] | None = None
    beats_per_minute: int = 0
    planted: bool = True  # both feet stay where they are

    @property
    def duration(self) -> float:
        """Seconds."""
        return self.keys[-1][0]

    def times(self) -> np.ndarray:
        """The second of every frame (f,)."""
        return np.linspace(0, self.duration, int(round(self.duration * self.fps)) + 1)

    def poses(self) -> list[Pose]:
        """One pose per frame."""
        times = self.times()
        key_times, keys = np.array([t for t, _ in self.keys], float), np.array([p.vector for _, p in self.keys])
        table = pchip(key_times, keys, times, self.loop)
        for arm in (LEFT_ARM, RIGHT_ARM):
            settle_arms(table, arm, key_times, keys, times, self.loop, self.fps)
        out = []
        for t, row in zip(times, table):
            pose = Pose(row)
            if self.breaths:
                phase = 2 * np.pi * self.breaths * t / self.duration
                lift = np.sin(phase)
                pose = pose.with_(
                    chest=pose.chest + [-BREATH_DEGREES * lift, 0, 0],
                    shrug=pose.shrug + 0.9 * lift,
                    neck=pose.neck + [0.6 * BREATH_DEGREES * lift, 0, 0],
                )
            if self.bounce:
                pose = self.bounce(t, pose)
            for side in ("left", "right"):
                pose = pose.with_(**{side + "_foot": pose.foot(side) + self._foot(side, t)})
            out.append(pose)
        out[-1] = Pose(out[0].vector.copy())
        return out

    def _foot(self, side: str, t: float) -> np.ndarray:
        """Where the steps have brought a foot (5,): place, pitch and yaw, added to that of the pose."""
        at = np.zeros(5)
        for step in self.steps:
            if step.side != side or t <= step.start:
                continue
            u = min(1.0, (t - step.start) / (step.end - step.start))
            s = u * u * (3 - 2 * u)
            goal = np.array([step.x, 0, step.z, 0, step.yaw])
            at = at * (1 - s) + goal * s
            if u < 1:
                at[1] = step.lift * np.sin(np.pi * u)
                at[3] = 18 * np.sin(np.pi * u) * (step.lift / STEP_LIFT)
            else:
                at[1] = at[3] = 0
        return at


def keys(*poses: tuple[float, Pose]) -> list[tuple[float, Pose]]:
    """The keys of a clip, written as arguments."""
    return list(poses)
