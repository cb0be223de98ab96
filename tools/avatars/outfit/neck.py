"""Rings around the neck."""

from __future__ import annotations

import numpy as np

from ..geometry import loft, orient
from .tailor import Tailor


def neck_loft(
    tailor: Tailor,
    name: str,
    profile: list[tuple[float, float]],
    material: str,
    bone: str,
    slope: float = 0.10,
) -> None:
    """A ring around the neck from (height above the neck joint, extra radius) pairs."""
    centre, rx, rz = tailor.neck_ring(tailor.figure.neck_y + 0.20)
    a = np.linspace(0, 2 * np.pi, tailor.segments(40), endpoint=False)
    rings = [
        np.stack(
            [(rx + e) * np.sin(a), tailor.figure.neck_y + h - slope * np.cos(a), centre[2] + (rz + e) * np.cos(a)], 1
        )
        for h, e in profile
    ]
    p, t, u = loft(rings)
    axis = np.column_stack([np.zeros(len(t)), p[t].mean(1)[:, 1], np.full(len(t), centre[2])])
    tailor.add_rigid(name, (p, orient(p, t, axis), u), material, bone)


def choker(tailor: Tailor, material: str) -> None:
    """A narrow band close to the skin."""
    neck_loft(tailor, "choker", [(0.12, 0.005), (0.13, 0.035), (0.27, 0.035), (0.28, 0.005)], material, "Neck")


def stand_collar(tailor: Tailor, height: float, material: str) -> None:
    """A collar that stands up by `height`, with an edge."""
    neck_loft(
        tailor,
        "stand",
        [(-0.12, 0.16), (0.02, 0.13), (height, 0.10), (height + 0.02, 0.085), (height, 0.06), (0.10, 0.03)],
        material,
        "Neck",
    )
    neck_loft(
        tailor,
        "stand_edge",
        [(height - 0.02, 0.075), (height - 0.02, 0.125), (height + 0.045, 0.12), (height + 0.045, 0.075)],
        "trim",
        "Neck",
    )
