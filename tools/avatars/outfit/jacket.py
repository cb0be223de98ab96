"""A jacket with a hood."""

from __future__ import annotations

import numpy as np

from ..geometry import loft, orient, unit
from .ornaments import star
from .tailor import Tailor
from .top import SLEEVE_OVERLAP, TOP_OFFSET, neckline


def add_jacket(tailor: Tailor) -> None:
    """A jacket with a hood lying on the back, open over a bright shirt."""
    f = tailor.figure
    a = np.linspace(0, 2 * np.pi, tailor.segments(40), endpoint=False)
    centre, rx, rz = tailor.neck_ring(f.neck_y + 0.05)
    behind = 0.5 - 0.5 * np.cos(a)
    path = np.stack(
        [
            (rx + 0.26 + 0.10 * behind) * np.sin(a),
            f.neck_y - 0.08 - 0.34 * (1 - behind) + 0.02 * behind,
            centre[2] - 0.10 + (rz + 0.34) * np.cos(a),
        ],
        1,
    )
    radius = 0.13 + 0.15 * behind
    rings = []
    for q in np.linspace(0, 2 * np.pi, 9 if tailor.full else 6, endpoint=False):
        out = unit(path - centre * [1, 0, 1] - np.column_stack([0 * a, path[:, 1], 0 * a]))
        rings.append(path + out * (np.cos(q) * radius)[:, None] + np.outer(np.sin(q) * radius * 0.9, [0, 1, 0]))
    rings.append(rings[0])
    p, t, u = loft(rings)
    tube = np.tile(path, (len(rings), 1))
    tailor.add_rigid("hood", (p, orient(p, t, tube[t].mean(1)), u), "second", "Spine2")
    jacket = tailor.shell(
        "jacket",
        tailor.on_torso | tailor.on_arm,
        TOP_OFFSET + 0.045,
        "second",
        [
            lambda p: neckline(tailor, p) - 0.02 - p[:, 1],
            lambda p: p[:, 1] - (f.waist_y + 0.52),
            lambda p: SLEEVE_OVERLAP - np.abs(p[:, 0]),
            lambda p: np.where(p[:, 2] > 0, np.abs(p[:, 0]) - 0.30 - 0.10 * np.clip(f.bust_y - p[:, 1], -1, 1), 1.0),
        ],
    )
    tailor.piping("jacket_piping", jacket, lambda p: abs(p[:, 0].mean()) < 0.9, 0.034, "trim")
    y = f.bust_y + 0.25
    star(tailor, np.array([0, y, tailor.front_z(y) + TOP_OFFSET + 0.02]), 0.26, "accent")
