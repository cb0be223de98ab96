"""Shoes."""

from __future__ import annotations

import numpy as np

from ..geometry import loft, orient, smoothstep
from ..parts import Part
from ..skeleton import BONE_INDEX, BONES
from .tailor import Tailor


def add_shoe(tailor: Tailor, side: str, sign: float) -> None:
    """A shoe from smoothed horizontal slices of the foot on a thick sole."""
    f, s = tailor.figure, tailor.style
    key = side[0].lower()
    ankle = f.joint(f"joint-{key}-ankle")
    foot = f.body[(f.body[:, 1] < ankle[1] + 0.25) & (f.body[:, 0] * sign > 0)]
    ground = foot[:, 1].min()
    a = np.linspace(0, 2 * np.pi, tailor.segments(36), endpoint=False)
    rows = 12 if tailor.full else 6
    rings = []
    for y in np.linspace(ground + 0.02, ankle[1] + 0.22, rows):
        level = foot[(foot[:, 1] > y - 0.16) & (foot[:, 1] < y + 0.30)]
        if len(level) < 8:
            level = foot[np.argsort(np.abs(foot[:, 1] - y))[:20]]
        low, high = level.min(0), level.max(0)
        cx, cz = (low[0] + high[0]) / 2, (low[2] + high[2]) / 2
        rx, rz = (high[0] - low[0]) / 2 + 0.10, (high[2] - low[2]) / 2 + 0.12
        square = 0.75
        rings.append(
            np.stack(
                [
                    cx + rx * np.sign(np.sin(a)) * np.abs(np.sin(a)) ** square,
                    np.full(len(a), y),
                    cz + rz * np.sign(np.cos(a)) * np.abs(np.cos(a)) ** square,
                ],
                1,
            )
        )
    table = np.array(rings)
    for _ in range(2):
        table[1:-1] = (table[:-2] + 2 * table[1:-1] + table[2:]) / 4

    def add(name: str, layers: list[np.ndarray], material: str) -> None:
        p, t, _ = loft(layers)
        count = len(layers[0])
        t = orient(p, t, p.mean(0))
        caps, points = [], [p]
        for k, (ring, start, up) in enumerate(((layers[0], 0, -1), (layers[-1], count * (len(layers) - 1), 1))):
            centre = len(p) + k
            points.append(ring.mean(0)[None])
            fan = np.array([(start + i, start + (i + 1) % count, centre) for i in range(count)])
            allp = np.vstack(points)
            normal = np.cross(allp[fan[0, 1]] - allp[fan[0, 0]], allp[fan[0, 2]] - allp[fan[0, 0]])
            caps.append(fan if normal[1] * up > 0 else fan[:, ::-1])
        p, t = np.vstack(points), np.vstack([t] + caps)
        w = np.zeros((len(p), len(BONES)))
        toe = smoothstep(p[:, 2], ankle[2] + 0.75, ankle[2] + 1.25)
        w[:, BONE_INDEX[side + "Foot"]], w[:, BONE_INDEX[side + "ToeBase"]] = 1 - toe, toe
        f.parts.append(Part(name + side, p, t, material, w))

    add("shoe", list(table), "shoe")
    low, top = table[0], table[-1]

    def around(ring: np.ndarray, scale: float, dy: float) -> np.ndarray:
        centre = ring.mean(0)
        return (ring - centre) * [scale, 1, scale] + centre + [0, dy, 0]

    h = s.sole_height
    add(
        "sole",
        [
            around(low, 1.03, -h),
            around(low, 1.06, -h + 0.05),
            around(low, 1.05, -0.02),
            around(low, 1.02, 0.03),
            around(low, 0.95, 0.06),
        ],
        "sole",
    )
    add(
        "shoeband",
        [around(top, 1.0, -0.10), around(top, 1.09, -0.08), around(top, 1.10, 0.07), around(top, 1.0, 0.10)],
        "accent",
    )
