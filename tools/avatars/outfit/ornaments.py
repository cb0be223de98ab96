"""Bows and stars."""

from __future__ import annotations

import numpy as np

from ..geometry import catmull_rom, merge, ribbon, unit
from .tailor import Tailor


def bow(
    tailor: Tailor,
    name: str,
    centre: np.ndarray,
    size: float,
    material: str,
    knot: str,
    facing: tuple[float, float, float] = (0, 0, 1),
    bone: str = "Spine2",
    tail: float = 1.2,
) -> None:
    """Two loops, two ends and a knot; `size` is the reach of a loop in decimetres, `tail` the ends in sizes."""
    z = unit(facing)
    x = unit(np.cross([0, 1, 0], z))
    y = np.cross(z, x)

    def at(u: float, v: float, w: float) -> np.ndarray:
        return centre + (x * u + y * v + z * w) * size

    sides, meshes = (10 if tailor.full else 5), []
    steps = tailor.segments(12) if tailor.full else 6
    for sign in (1, -1):
        path = catmull_rom(
            [
                at(sign * 0.05, 0, 0.08),
                at(sign * 0.35, 0.06, 0.14),
                at(sign * 0.75, 0.10, 0.14),
                at(sign * 1.0, 0.06, 0.06),
            ],
            steps,
        )
        t = np.linspace(0, 1, steps)
        width = size * (0.10 + 0.36 * np.sin(np.clip(t * 1.15, 0, 1) * np.pi / 2) ** 1.3)
        width *= np.where(t > 0.8, np.sqrt(np.clip(1 - ((t - 0.8) / 0.2) ** 2 * 0.75, 0, 1)), 1)
        meshes.append(ribbon(path, width, np.full(steps, 0.13 * size), np.repeat(z[None], steps, 0), sides))
        path = catmull_rom(
            [at(sign * 0.06, -0.05, 0.06), at(sign * 0.22, -0.5 * tail, 0.10), at(sign * 0.38, -tail, 0.06)], steps
        )
        meshes.append(
            ribbon(
                path,
                np.linspace(0.08, 0.2, steps) * size,
                np.full(steps, 0.04 * size),
                np.repeat(z[None], steps, 0),
                6 if tailor.full else 4,
            )
        )
    tailor.add_rigid(name, merge(meshes), material, bone)
    path = catmull_rom([at(0, 0.16, 0.12), at(0, 0, 0.17), at(0, -0.16, 0.12)], 5)
    tailor.add_rigid(
        name + "_knot",
        ribbon(path, np.full(5, 0.13 * size), np.full(5, 0.12 * size), np.repeat(z[None], 5, 0), sides),
        knot,
        bone,
    )


def star(tailor: Tailor, centre: np.ndarray, size: float, material: str) -> None:
    """A flat star on the chest; `size` is its radius in decimetres."""
    angles = np.pi / 2 + np.arange(10) * np.pi / 5
    r = np.where(np.arange(10) % 2 == 0, size, size * 0.45)
    rim = centre + np.stack([r * np.cos(angles), r * np.sin(angles), np.zeros(10)], 1)
    p = np.vstack([rim, centre + [0, 0, 0.05]])
    t = np.array([(i, (i + 1) % 10, 10) for i in range(10)])
    tailor.add_rigid("star", (p, t, np.zeros((11, 2))), material, "Spine2")
