"""A pose as a flat vector of numbers, so that poses can be interpolated.

Arm places are in arm lengths from the shoulder joint, in the frame of the chest, with X counted
outwards for both arms; directions are outwards-positive too. Feet are metres from their rest place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

ARM_SLICES = {
    "place": slice(0, 3),
    "pole": slice(3, 6),
    "fingers": slice(6, 9),
    "palm": slice(9, 12),
    "curl": slice(12, 17),
    "spread": slice(17, 18),
}
ARM_SIZE = 18
FOOT_SIZE = 5

RELAXED = (10, 14, 18, 22, 26)
OPEN = (0, 2, 2, 3, 4)
FLAT = (14, 4, 4, 4, 4)
SOFT = (14, 18, 20, 22, 24)
FIST = (50, 80, 84, 84, 84)
PEACE = (52, 2, 2, 86, 86)
POINT = (46, 3, 84, 86, 86)
HEART_HAND = (-18, 34, 36, 38, 40)


def arm(
    place: tuple, pole: tuple, fingers: tuple, palm: tuple, curl: tuple = RELAXED, spread: float = 2.0
) -> np.ndarray:
    """One arm: wrist place, elbow direction, finger direction, palm normal, finger curls in degrees."""
    return np.array([*place, *pole, *fingers, *palm, *curl, spread], float)


_FIELDS = {
    "hips": 3,
    "hips_turn": 3,
    "spine": 3,
    "chest": 3,
    "neck": 3,
    "head": 3,
    "shrug": 1,
    "knees_in": 1,
    "left": ARM_SIZE,
    "right": ARM_SIZE,
    "left_foot": FOOT_SIZE,
    "right_foot": FOOT_SIZE,
}
_OFFSETS = {}
_at = 0
for _name, _size in _FIELDS.items():
    _OFFSETS[_name] = slice(_at, _at + _size)
    _at += _size
POSE_SIZE = _at
LEFT_ARM, RIGHT_ARM = _OFFSETS["left"], _OFFSETS["right"]


@dataclass
class Pose:
    """A view on a pose vector (POSE_SIZE,). Turns are (nod, turn, tilt), and all angles, in degrees."""

    vector: np.ndarray

    def __getattr__(self, name: str) -> np.ndarray | float:
        if name in _OFFSETS:
            part = self.vector[_OFFSETS[name]]
            return float(part[0]) if len(part) == 1 else part
        raise AttributeError(name)

    def arm(self, side: str) -> np.ndarray:
        """The part of the vector that is the arm of a side; a change of it changes the pose."""
        return self.vector[_OFFSETS[side.lower()]]

    def foot(self, side: str) -> np.ndarray:
        """The part of the vector that is the foot of a side; a change of it changes the pose."""
        return self.vector[_OFFSETS[side.lower() + "_foot"]]

    def with_(self, **parts: object) -> Pose:
        """A copy with some parts replaced; `both` sets both arms."""
        out = self.vector.copy()
        if "both" in parts:
            parts = {**parts, "left": parts["both"], "right": parts["both"]}
            del parts["both"]
        for name, value in parts.items():
            out[_OFFSETS[name]] = value
        return Pose(out)


DOWN = arm((0.30, -0.90, 0.06), (0.35, -0.2, -1), (0.16, -1, 0.10), (-1, -0.15, 0.10), SOFT)


def neutral() -> Pose:
    """Standing upright with the arms at the sides."""
    return Pose(np.zeros(POSE_SIZE)).with_(both=DOWN)


def pchip(times: np.ndarray, values: np.ndarray, at: np.ndarray, periodic: bool) -> np.ndarray:
    """Shape-preserving cubic interpolation of values (k, n) to times `at` (m,): smooth, no overshoot."""
    if periodic:
        times = np.r_[times[-2] - times[-1] + times[0], times, times[-1] + times[1] - times[0]]
        values = np.vstack([values[-2], values, values[1]])
    h = np.diff(times)[:, None]
    slope = np.diff(values, axis=0) / h
    tangent = np.zeros_like(values)
    a, b = slope[:-1], slope[1:]
    w1, w2 = 2 * h[1:] + h[:-1], h[1:] + 2 * h[:-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (w1 + w2) / (w1 / a + w2 / b)
    tangent[1:-1] = np.where(a * b > 0, np.nan_to_num(mean), 0)
    i = np.clip(np.searchsorted(times, at, side="right") - 1, 0, len(times) - 2)
    step = np.diff(times)[i]
    t = ((at - times[i]) / step)[:, None]
    step = step[:, None]
    return (
        (1 + 2 * t) * (1 - t) ** 2 * values[i]
        + t * (1 - t) ** 2 * step * tangent[i]
        + t * t * (3 - 2 * t) * values[i + 1]
        + t * t * (t - 1) * step * tangent[i + 1]
    )
