"""Headphones resting around the neck."""

from __future__ import annotations

import numpy as np

from ..geometry import loft, orient, ribbon, unit
from .tailor import Tailor


def add_headphones(tailor: Tailor) -> None:
    """Headphones resting around the neck."""
    f = tailor.figure
    centre, rx, rz = tailor.neck_ring(f.neck_y + 0.05)
    t = np.radians(np.linspace(62, 298, tailor.segments(26)))
    path = np.stack(
        [
            (rx + 0.50) * np.sin(t),
            f.neck_y + 0.02 + 0.10 * (0.5 - 0.5 * np.cos(t)),
            centre[2] - 0.12 + (rz + 0.52) * np.cos(t),
        ],
        1,
    )
    n = len(path)
    tailor.add_rigid(
        "headphone_band",
        ribbon(path, np.full(n, 0.10), np.full(n, 0.06), unit(path - centre), 8, 1.0),
        "second",
        "Spine2",
    )
    for sign in (1, -1):
        at = np.array([sign * (rx + 0.42), f.neck_y - 0.10, centre[2] + 0.50])
        facing = unit(np.array([sign * 0.75, 0.25, 0.62]))
        for name, material, radius, deep in (("cup", "second", 0.27, 0.11), ("cup_ring", "accent", 0.19, 0.145)):
            a = np.linspace(0, 2 * np.pi, tailor.segments(20), endpoint=False)
            u = unit(np.cross(facing, [0, 1, 0]))
            v = np.cross(facing, u)
            rings = [
                at + facing * d + (np.outer(np.cos(a), u) + np.outer(np.sin(a), v)) * r
                for d, r in ((-deep, 0.01), (-deep, radius * 0.9), (0, radius), (deep, radius * 0.9), (deep, 0.01))
            ]
            p, tri, uv = loft(rings)
            tailor.add_rigid(f"{name}{sign}", (p, orient(p, tri, at), uv), material, "Spine2")
