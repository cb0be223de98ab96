"""Cuts pieces of cloth out of the body-hugging helper mesh, and measures the body."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..figure import Figure
from ..geometry import Mesh, border_loops, clip, compact, hex_colour, torus_tube, unit, vertex_normals
from ..parts import Part
from ..skeleton import BONES, rigid

Field = Callable[[np.ndarray], np.ndarray]

ARM_REACH = 1.3  # dm from the arm axis that still counts as arm
PIPING_STEP = 0.13  # dm between the rings of piping
TORSO = ("Hips", "Spine", "Spine1", "Spine2", "LeftShoulder", "RightShoulder")


def resample_loop(
    path: np.ndarray, normals: np.ndarray, weights: np.ndarray, step: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A closed loop with its normals and weights at even distances of about `step` decimetres."""
    closed = [np.vstack([a, a[:1]]) for a in (path, normals, weights)]
    length = np.r_[0, np.cumsum(np.linalg.norm(np.diff(closed[0], axis=0), axis=1))]
    count = max(8, int(round(length[-1] / step)))
    at = np.linspace(0, length[-1], count, endpoint=False)
    out = [np.stack([np.interp(at, length, a[:, k]) for k in range(a.shape[1])], 1) for a in closed]
    return out[0], unit(out[1]), out[2]


class Tailor:
    """What all garments share: the helper mesh, the measures of the body, the skin they hide."""

    def __init__(self, figure: Figure) -> None:
        self.figure, self.style = figure, figure.config.outfit
        self.full = figure.detail >= 1
        self.hidden = np.zeros(len(figure.triangles), bool)
        triangles = figure.base.triangles("helper-tights")
        self.triangles = triangles
        self.normals = vertex_normals(figure.positions, triangles)
        self.bones = np.array(BONES)[figure.weights[triangles].mean(1).argmax(1)]
        self.on_torso = np.isin(self.bones, TORSO)
        self.on_arm = np.array(["Arm" in b or "Hand" in b for b in self.bones])
        self.on_leg = np.array([("Leg" in b) or ("Foot" in b) or ("Toe" in b) for b in self.bones])
        s = self.style
        for name, colour in (
            ("top", s.main),
            ("second", s.second),
            ("accent", s.accent),
            ("trim", s.trim),
            ("under", s.under),
            ("shoe", s.shoe),
            ("sole", s.sole),
        ):
            figure.add_material(name, hex_colour(colour))
        for name, colour in (("skirt", s.skirt), ("cloth", s.main), ("frill", s.second)):
            figure.add_material(name, hex_colour(colour), double_sided=not self.full)

    def segments(self, count: int) -> int:
        """Points around a ring: `count`, or fewer in the low-poly version."""
        return count if self.full else max(8, count // 3)

    def shell(
        self, name: str, chosen: np.ndarray, offset: float, material: str, fields: list[Field]
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """A piece of the helper mesh, clipped by fields and pushed out by `offset`."""
        f = self.figure
        used, triangles = compact(self.triangles[chosen])
        triangles, (positions, normals, weights) = clip(
            triangles, [f.positions[used], self.normals[used], f.weights[used]], fields
        )
        normals = unit(normals)
        positions = positions + normals * offset
        f.parts.append(Part(name, positions, triangles, material, weights))
        return positions, normals, weights, triangles

    def piping(
        self,
        name: str,
        shell: tuple,
        wanted: Callable[[np.ndarray], bool],
        radius: float,
        material: str,
        lift: float = 0.0,
    ) -> None:
        """Round piping along the border loops of a shell that `wanted` accepts."""
        positions, normals, weights, triangles = shell
        for k, loop in enumerate(border_loops(triangles)):
            if not wanted(positions[loop]):
                continue
            path, normal, weight = resample_loop(
                positions[loop], normals[loop], weights[loop], PIPING_STEP if self.full else 3 * PIPING_STEP
            )
            for _ in range(3):
                path = (np.roll(path, 1, 0) + np.roll(path, -1, 0) + 2 * path) / 4
                normal = unit(np.roll(normal, 1, 0) + np.roll(normal, -1, 0) + 2 * normal)
            sides = 6 if self.full else 3
            p, t, _ = torus_tube(path + normal * lift, normal, radius, sides)
            self.figure.parts.append(Part(f"{name}{k}", p, t, material, np.repeat(weight, sides, 0)))

    def add_rigid(self, name: str, mesh: Mesh, material: str, bone: str) -> None:
        """A piece that moves with one bone."""
        self.figure.parts.append(Part(name, mesh[0], mesh[1], material, rigid(len(mesh[0]), bone)))

    def slice(self, y: float, half: float = 0.18) -> tuple[np.ndarray, float, float]:
        """Centre (3,) and radii of the helper mesh around height y (arms left out)."""
        p = self.figure.trunk
        ring = p[np.abs(p[:, 1] - y) < half]
        low, high = ring[:, 2].min(), ring[:, 2].max()
        return np.array([0, y, (low + high) / 2]), float(np.abs(ring[:, 0]).max()), (high - low) / 2

    def front_z(self, y: float, x: float = 0.0) -> float:
        """How far the front of the body reaches at a height and a place across."""
        p = self.figure.tights
        near = p[(np.abs(p[:, 0] - x) < 0.25) & (np.abs(p[:, 1] - y) < 0.3)]
        return float(near[:, 2].max())

    def neck_ring(self, y: float) -> tuple[np.ndarray, float, float]:
        """Centre (3,) and radii of the neck around height y."""
        body = self.figure.body
        ring = body[(np.abs(body[:, 1] - y) < 0.12) & (np.abs(body[:, 0]) < 0.9)]
        low, high = ring[:, 2].min(), ring[:, 2].max()
        return np.array([0, y, (low + high) / 2]), float(np.abs(ring[:, 0]).max()), (high - low) / 2

    def arm_parameter(self, p: np.ndarray) -> np.ndarray:
        """0 at the shoulder joint to 1 at the wrist, along the arm on either side (n,)."""
        f = self.figure
        start, end = f.joint("joint-l-shoulder"), f.joint("joint-l-hand")
        along = end - start
        side = np.column_stack([np.abs(p[:, 0]), p[:, 1:]]) - start
        t = side @ along / (along @ along)
        # Places far from the arm, such as the hips, count as lying before its start.
        distance = np.linalg.norm(side - t[:, None] * along, axis=1)
        return np.where(distance < ARM_REACH, t, -1.0)
