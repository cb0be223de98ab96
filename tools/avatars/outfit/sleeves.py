"""Sleeves, cuffs and bands: lofts along the arm."""

from __future__ import annotations

import numpy as np

from ..geometry import loft, orient, smoothstep, unit
from ..parts import Part
from ..skeleton import BONE_INDEX, BONES, SIDES
from .tailor import Tailor


def add_sleeves(tailor: Tailor) -> None:
    """Adds the sleeves of her style, and wristbands if she wears some."""
    kind = tailor.style.sleeve
    for side, _ in SIDES:
        if kind == "bell":
            sleeve(
                tailor,
                "puff",
                side,
                [(0.03, 0.40), (0.06, 0.50), (0.12, 0.60), (0.19, 0.60), (0.26, 0.48), (0.29, 0.40)],
                "cloth",
                0.03,
            )
            arm_band(tailor, "puffband", side, 0.275, 0.32, 0.10, "accent")
            sleeve(
                tailor,
                "bell",
                side,
                [
                    (0.31, 0.37),
                    (0.50, 0.40),
                    (0.62, 0.42),
                    (0.76, 0.52),
                    (0.88, 0.66),
                    (0.955, 0.75),
                    (0.96, 0.72),
                    (0.86, 0.58),
                ],
                "cloth",
                0.02,
            )
            sleeve(
                tailor, "bellrim", side, [(0.925, 0.715), (0.93, 0.745), (0.965, 0.785), (0.97, 0.745)], "second", 0.02
            )
        elif kind == "short":
            sleeve(
                tailor,
                "short",
                side,
                [
                    (-0.10, 0.36),
                    (-0.02, 0.46),
                    (0.04, 0.52),
                    (0.12, 0.55),
                    (0.24, 0.53),
                    (0.30, 0.52),
                    (0.30, 0.48),
                    (0.20, 0.44),
                ],
                "frill",
            )
            sleeve(tailor, "shortrim", side, [(0.285, 0.50), (0.29, 0.545), (0.325, 0.545), (0.33, 0.49)], "trim")
        elif kind == "fitted":
            arm_band(tailor, "cuff", side, 0.80, 0.955, 0.10, "second")
            arm_band(tailor, "cuffline", side, 0.765, 0.795, 0.10, "accent")
        else:
            sleeve(
                tailor,
                "loose",
                side,
                [
                    (-0.10, 0.36),
                    (-0.02, 0.47),
                    (0.04, 0.54),
                    (0.14, 0.58),
                    (0.30, 0.52),
                    (0.46, 0.48),
                    (0.58, 0.50),
                    (0.72, 0.58),
                    (0.86, 0.64),
                    (0.98, 0.60),
                    (1.06, 0.52),
                    (1.065, 0.46),
                    (0.95, 0.46),
                ],
                "frill",
                0.0,
            )
            sleeve(tailor, "looserim", side, [(1.02, 0.53), (1.025, 0.575), (1.075, 0.55), (1.08, 0.47)], "top")
    if "wristbands" in tailor.style.extras:
        for side, _ in SIDES:
            arm_band(tailor, "band", side, 0.80, 0.95, 0.05, "accent")


def sleeve(
    tailor: Tailor,
    name: str,
    side: str,
    profile: list[tuple[float, float]],
    material: str,
    ruffle: float = 0.0,
    around: int = 36,
) -> None:
    """A loft along the arm from (arm parameter, radius) pairs: 0 shoulder, 0.5 elbow, 1 wrist."""
    f, key = tailor.figure, side[0].lower()
    shoulder, elbow, wrist = (f.joint(f"joint-{key}-{j}") for j in ("shoulder", "elbow", "hand"))
    a = np.linspace(0, 2 * np.pi, tailor.segments(around), endpoint=False)
    rings, weights = [], []
    for t, radius in profile:
        bend = smoothstep(t, 0.35, 0.65)
        upper, lower = shoulder + (elbow - shoulder) * t * 2, elbow + (wrist - elbow) * (t - 0.5) * 2
        middle = upper * (1 - bend) + lower * bend
        axis = unit(unit(elbow - shoulder) * (1 - bend) + unit(wrist - elbow) * bend)
        u = unit(np.cross(axis, [0, 0, 1]))
        w = np.cross(axis, u)
        r = radius * (1 + ruffle * np.sin(a * 9))
        rings.append(middle + np.outer(np.cos(a) * r, u) + np.outer(np.sin(a) * r, w))
        row = np.zeros((len(a), len(BONES)))
        elbow_share = smoothstep(t, 0.44, 0.56)
        hand_share = 0.0 if t <= 1.0 else 0.5
        row[:, BONE_INDEX[side + "Arm"]] = 1 - elbow_share
        row[:, BONE_INDEX[side + "ForeArm"]] = elbow_share * (1 - hand_share)
        row[:, BONE_INDEX[side + "Hand"]] = elbow_share * hand_share
        weights.append(row)
    p, t, u = loft(rings)
    middle = np.repeat([r.mean(0) for r in rings], len(a), 0)
    f.parts.append(Part(name + side, p, orient(p, t, middle[t].mean(1)), material, np.vstack(weights)))


def arm_band(tailor: Tailor, name: str, side: str, start: float, end: float, gap: float, material: str) -> None:
    """A band around the arm between two arm parameters, `gap` outside its surface."""
    r0, r1 = arm_radius(tailor, start) + gap, arm_radius(tailor, end) + gap
    sleeve(tailor, name, side, [(start, r0 - 0.06), (start + 0.005, r0), (end - 0.005, r1), (end, r1 - 0.06)], material)


def arm_radius(tailor: Tailor, t: float) -> float:
    """Largest distance of the arm's surface from its axis at an arm parameter."""
    f = tailor.figure
    p = f.tights[~f.on_trunk]
    near = p[np.abs(tailor.arm_parameter(p) - t) < 0.05]
    key_points = [f.joint(f"joint-l-{j}") for j in ("shoulder", "elbow", "hand")]
    a, b = key_points[:2] if t < 0.5 else key_points[1:]
    axis = unit(b - a)
    side = np.column_stack([np.abs(near[:, 0]), near[:, 1:]]) - a
    return float(np.linalg.norm(side - (side @ axis)[:, None] * axis, axis=1).max())
