"""Stage clothes. Close-fitting pieces are cut from the body-hugging helper mesh; the rest is lofted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from .figure import Figure
from .geometry import (
    Mesh,
    border_loops,
    catmull_rom,
    clip,
    compact,
    hex_colour,
    loft,
    merge,
    orient,
    ribbon,
    smoothstep,
    torus_tube,
    unit,
    vertex_normals,
    welded_normals,
)
from .parts import Part, SpringChain
from .skeleton import BONE_INDEX, BONES, SIDES, rigid
from .springs import bind_to_chains

Field = Callable[[np.ndarray], np.ndarray]

TOP_OFFSET = 0.050  # dm above the skin
LEG_OFFSET = 0.025
BOOT_OFFSET = 0.075
COLLAR_OFFSET = 0.105
ARM_REACH = 1.3  # dm from the arm axis that still counts as arm
SLEEVE_OVERLAP = 1.74  # half width to which the body of a top reaches into a loose sleeve, dm
HIDE_MARGIN = 0.22  # skin is removed only this far inside an edge of cloth
SKIRT_AIR = 0.13  # dm between body and skirt
SKIRT_PROFILE_END = 1.3  # the profile reaches this many skirt lengths down
SKIRT_WIDEST = 1.75  # dm a skirt may widen from waist to hem
PIPING_STEP = 0.13  # dm between the rings of piping
SKIRT_CHAINS = 8
SKIRT_THIGH_SHARE = 0.90
SKIRT_SPRING_SHARE = 0.38
OPEN_MATERIALS = ("skirt", "cloth", "frill")
OPEN_PARTS = ("collar", "jacket", "top")
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


class OutfitBuilder:
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
        return count if self.full else max(8, count // 3)

    # ---- generic pieces

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
        self.figure.parts.append(Part(name, mesh[0], mesh[1], material, rigid(len(mesh[0]), bone)))

    def slice(self, y: float, half: float = 0.18) -> tuple[np.ndarray, float, float]:
        """Centre (3,) and radii of the helper mesh around height y (arms left out)."""
        p = self.figure.trunk
        ring = p[np.abs(p[:, 1] - y) < half]
        low, high = ring[:, 2].min(), ring[:, 2].max()
        return np.array([0, y, (low + high) / 2]), float(np.abs(ring[:, 0]).max()), (high - low) / 2

    def front_z(self, y: float, x: float = 0.0) -> float:
        p = self.figure.tights
        near = p[(np.abs(p[:, 0] - x) < 0.25) & (np.abs(p[:, 1] - y) < 0.3)]
        return float(near[:, 2].max())

    # ---- torso

    def neckline(self, p: np.ndarray) -> np.ndarray:
        """Height of the neckline at positions (n, 3)."""
        f, s = self.figure, self.style
        a = np.abs(p[:, 0])
        if s.collar in ("round", "stand", "hood"):
            return np.full(
                len(p), f.neck_y + {"stand": 0.10, "round": -0.08, "hood": -0.05}[s.collar]
            ) - 0.10 * smoothstep(p[:, 2], 0.0, 0.8)
        low = f.bust_y + s.neckline
        back = f.neck_y - 0.15
        front = low + (back - low) * smoothstep(a, 0.0, 0.95)
        return np.where(p[:, 2] > 0, front, back)

    def top(self) -> None:
        f, s = self.figure, self.style
        bottom = f.crotch_y - 0.3
        fields: list[Field] = [lambda p: self.neckline(p) - p[:, 1], lambda p: p[:, 1] - bottom]
        if s.sleeve in ("bell", "fitted"):
            end = 0.80 if s.sleeve == "bell" else 0.93
            fields.append(lambda p: end - self.arm_parameter(p))
        else:
            # Under a jacket the shirt stops short of the shoulder, where it could peek out.
            side = 1.25 if s.collar == "hood" else SLEEVE_OVERLAP
            fields.append(lambda p: side - np.abs(p[:, 0]))
        self.top_shell = self.shell("top", self.on_torso | self.on_arm, TOP_OFFSET, "top", fields)
        self.piping(
            "neck_piping",
            self.top_shell,
            lambda p: p[:, 1].mean() > f.bust_y and abs(p[:, 0].mean()) < 0.4,
            0.045,
            "trim",
        )
        c = f.face_centres
        torso = np.isin(f.face_bones, TORSO)
        self.hidden |= (
            torso & (c[:, 1] < self.neckline(c) - HIDE_MARGIN) & (np.abs(c[:, 0]) < 1.42) & (c[:, 1] > f.crotch_y - 0.3)
        )
        arm = np.array(["Arm" in b or "Shoulder" in b for b in f.face_bones])
        covered = {"bell": 0.78, "fitted": 0.90, "short": 0.10, "loose": 0.86}[s.sleeve]
        self.hidden |= arm & (self.arm_parameter(c) < covered - 0.05) & (c[:, 1] < self.neckline(c) - HIDE_MARGIN)

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

    def collar(self) -> None:
        f, kind = self.figure, self.style.collar
        torso = self.on_torso
        neck = f.neck_y
        if kind == "round":

            def flap(p: np.ndarray) -> np.ndarray:
                r = np.hypot(p[:, 0], (p[:, 1] - neck) * 0.95 + 0.05)
                split = 0.10 + 0.55 * np.clip(neck - 0.25 - p[:, 1], 0, 1)
                return np.where(p[:, 2] > 0.1, np.minimum(1.02 - r, np.abs(p[:, 0]) - split * 0.45), 1.02 - r)

            shell = self.shell("collar", torso, COLLAR_OFFSET, "second", [lambda p: neck - 0.06 - p[:, 1], flap])
            self.piping("collar_piping", shell, lambda p: True, 0.026, "trim")
            y = neck - 0.42
            self.bow("bow", np.array([0, y, self.front_z(y) + 0.14]), 0.52, "accent", "trim")
        elif kind == "stand":
            self.stand_collar(0.42, "top")
            y0, y1 = f.neck_y - 0.1, f.waist_y + 0.2
            path = np.array([[0.0, y, self.front_z(y) + TOP_OFFSET + 0.015] for y in np.linspace(y0, y1, 14)])
            zip_line = ribbon(path, np.full(14, 0.035), np.full(14, 0.022), np.repeat([[0, 0, 1.0]], 14, 0), 4)
            weights = np.zeros((len(zip_line[0]), len(BONES)))
            t = smoothstep(zip_line[0][:, 1], f.waist_y + 0.3, f.bust_y)
            weights[:, BONE_INDEX["Spine2"]], weights[:, BONE_INDEX["Spine1"]] = t, 1 - t
            f.parts.append(Part("zip", zip_line[0], zip_line[1], "accent", weights))
            yoke = self.shell(
                "yoke",
                torso | self.on_arm,
                TOP_OFFSET + (0.020 if self.full else 0.060),
                "second",
                [
                    lambda p: self.neckline(p) - 0.02 - p[:, 1],
                    lambda p: p[:, 1] - (f.bust_y + 0.62 - 0.30 * np.abs(p[:, 0])),
                    lambda p: 1.55 - np.abs(p[:, 0]),
                ],
            )
            self.piping("yoke_piping", yoke, lambda p: abs(p[:, 0].mean()) < 0.9, 0.020, "accent")
        elif kind == "hood":
            self.hood()
        else:

            def sailor(p: np.ndarray) -> np.ndarray:
                a = np.abs(p[:, 0])
                inner = f.bust_y + self.style.neckline + 1.05 * a - 0.04
                outer = f.bust_y + self.style.neckline - 0.42 + 0.62 * a
                front = np.minimum(np.minimum(p[:, 1] - outer, 1.28 - a), 9 * (p[:, 1] - inner + 0.42))
                back = np.minimum(1.28 - a, p[:, 1] - (f.shoulder_y - 1.0))
                return np.where(
                    p[:, 2] > 0.0,
                    front,
                    np.where(p[:, 2] > -0.3, np.minimum(1.28 - a, p[:, 1] - f.shoulder_y + 0.3), back),
                )

            shell = self.shell(
                "collar",
                torso | self.on_arm,
                COLLAR_OFFSET,
                "accent",
                [lambda p: self.neckline(p) + 0.03 - p[:, 1], sailor],
            )
            self.piping("collar_piping", shell, lambda p: True, 0.026, "top")
            y = f.bust_y + self.style.neckline - 0.22
            self.bow("bow", np.array([0, y, self.front_z(y) + 0.15]), 0.62, "trim", "accent")
            self.choker("accent")

    def neck_ring(self, y: float) -> tuple[np.ndarray, float, float]:
        body = self.figure.body
        ring = body[(np.abs(body[:, 1] - y) < 0.12) & (np.abs(body[:, 0]) < 0.9)]
        low, high = ring[:, 2].min(), ring[:, 2].max()
        return np.array([0, y, (low + high) / 2]), float(np.abs(ring[:, 0]).max()), (high - low) / 2

    def neck_loft(
        self, name: str, profile: list[tuple[float, float]], material: str, bone: str, slope: float = 0.10
    ) -> None:
        """A ring around the neck from (height above the neck joint, extra radius) pairs."""
        centre, rx, rz = self.neck_ring(self.figure.neck_y + 0.20)
        a = np.linspace(0, 2 * np.pi, self.segments(40), endpoint=False)
        rings = [
            np.stack(
                [(rx + e) * np.sin(a), self.figure.neck_y + h - slope * np.cos(a), centre[2] + (rz + e) * np.cos(a)], 1
            )
            for h, e in profile
        ]
        p, t, u = loft(rings)
        axis = np.column_stack([np.zeros(len(t)), p[t].mean(1)[:, 1], np.full(len(t), centre[2])])
        self.add_rigid(name, (p, orient(p, t, axis), u), material, bone)

    def choker(self, material: str) -> None:
        self.neck_loft("choker", [(0.12, 0.005), (0.13, 0.035), (0.27, 0.035), (0.28, 0.005)], material, "Neck")

    def stand_collar(self, height: float, material: str) -> None:
        self.neck_loft(
            "stand",
            [(-0.12, 0.16), (0.02, 0.13), (height, 0.10), (height + 0.02, 0.085), (height, 0.06), (0.10, 0.03)],
            material,
            "Neck",
        )
        self.neck_loft(
            "stand_edge",
            [(height - 0.02, 0.075), (height - 0.02, 0.125), (height + 0.045, 0.12), (height + 0.045, 0.075)],
            "trim",
            "Neck",
        )

    def hood(self) -> None:
        """A jacket with a hood lying on the back, open over a bright shirt."""
        f = self.figure
        a = np.linspace(0, 2 * np.pi, self.segments(40), endpoint=False)
        centre, rx, rz = self.neck_ring(f.neck_y + 0.05)
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
        for q in np.linspace(0, 2 * np.pi, 9 if self.full else 6, endpoint=False):
            out = unit(path - centre * [1, 0, 1] - np.column_stack([0 * a, path[:, 1], 0 * a]))
            rings.append(path + out * (np.cos(q) * radius)[:, None] + np.outer(np.sin(q) * radius * 0.9, [0, 1, 0]))
        rings.append(rings[0])
        p, t, u = loft(rings)
        tube = np.tile(path, (len(rings), 1))
        self.add_rigid("hood", (p, orient(p, t, tube[t].mean(1)), u), "second", "Spine2")
        jacket = self.shell(
            "jacket",
            self.on_torso | self.on_arm,
            TOP_OFFSET + 0.045,
            "second",
            [
                lambda p: self.neckline(p) - 0.02 - p[:, 1],
                lambda p: p[:, 1] - (f.waist_y + 0.52),
                lambda p: SLEEVE_OVERLAP - np.abs(p[:, 0]),
                lambda p: np.where(
                    p[:, 2] > 0, np.abs(p[:, 0]) - 0.30 - 0.10 * np.clip(f.bust_y - p[:, 1], -1, 1), 1.0
                ),
            ],
        )
        self.piping("jacket_piping", jacket, lambda p: abs(p[:, 0].mean()) < 0.9, 0.034, "trim")
        y = f.bust_y + 0.25
        self.star(np.array([0, y, self.front_z(y) + TOP_OFFSET + 0.02]), 0.26, "accent")

    def star(self, centre: np.ndarray, size: float, material: str) -> None:
        angles = np.pi / 2 + np.arange(10) * np.pi / 5
        r = np.where(np.arange(10) % 2 == 0, size, size * 0.45)
        rim = centre + np.stack([r * np.cos(angles), r * np.sin(angles), np.zeros(10)], 1)
        p = np.vstack([rim, centre + [0, 0, 0.05]])
        t = np.array([(i, (i + 1) % 10, 10) for i in range(10)])
        self.add_rigid("star", (p, t, np.zeros((11, 2))), material, "Spine2")

    def bow(
        self,
        name: str,
        centre: np.ndarray,
        size: float,
        material: str,
        knot: str,
        facing: tuple[float, float, float] = (0, 0, 1),
        bone: str = "Spine2",
        tail: float = 1.2,
    ) -> None:
        z = unit(facing)
        x = unit(np.cross([0, 1, 0], z))
        y = np.cross(z, x)

        def at(u: float, v: float, w: float) -> np.ndarray:
            return centre + (x * u + y * v + z * w) * size

        sides, meshes = (10 if self.full else 5), []
        steps = self.segments(12) if self.full else 6
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
                    6 if self.full else 4,
                )
            )
        self.add_rigid(name, merge(meshes), material, bone)
        path = catmull_rom([at(0, 0.16, 0.12), at(0, 0, 0.17), at(0, -0.16, 0.12)], 5)
        self.add_rigid(
            name + "_knot",
            ribbon(path, np.full(5, 0.13 * size), np.full(5, 0.12 * size), np.repeat(z[None], 5, 0), sides),
            knot,
            bone,
        )

    # ---- sleeves

    def sleeve(
        self,
        name: str,
        side: str,
        profile: list[tuple[float, float]],
        material: str,
        ruffle: float = 0.0,
        around: int = 36,
    ) -> None:
        """A loft along the arm from (arm parameter, radius) pairs: 0 shoulder, 0.5 elbow, 1 wrist."""
        f, key = self.figure, side[0].lower()
        shoulder, elbow, wrist = (f.joint(f"joint-{key}-{j}") for j in ("shoulder", "elbow", "hand"))
        a = np.linspace(0, 2 * np.pi, self.segments(around), endpoint=False)
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

    def arm_radius(self, t: float) -> float:
        """Largest distance of the arm's surface from its axis at an arm parameter."""
        f = self.figure
        p = f.tights[~f.on_trunk]
        near = p[np.abs(self.arm_parameter(p) - t) < 0.05]
        key_points = [f.joint(f"joint-l-{j}") for j in ("shoulder", "elbow", "hand")]
        a, b = key_points[:2] if t < 0.5 else key_points[1:]
        axis = unit(b - a)
        side = np.column_stack([np.abs(near[:, 0]), near[:, 1:]]) - a
        return float(np.linalg.norm(side - (side @ axis)[:, None] * axis, axis=1).max())

    def arm_band(self, name: str, side: str, start: float, end: float, gap: float, material: str) -> None:
        """A band around the arm between two arm parameters, `gap` outside its surface."""
        r0, r1 = self.arm_radius(start) + gap, self.arm_radius(end) + gap
        self.sleeve(
            name, side, [(start, r0 - 0.06), (start + 0.005, r0), (end - 0.005, r1), (end, r1 - 0.06)], material
        )

    def sleeves(self) -> None:
        kind = self.style.sleeve
        for side, _ in SIDES:
            if kind == "bell":
                self.sleeve(
                    "puff",
                    side,
                    [(0.03, 0.40), (0.06, 0.50), (0.12, 0.60), (0.19, 0.60), (0.26, 0.48), (0.29, 0.40)],
                    "cloth",
                    0.03,
                )
                self.arm_band("puffband", side, 0.275, 0.32, 0.10, "accent")
                self.sleeve(
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
                self.sleeve(
                    "bellrim", side, [(0.925, 0.715), (0.93, 0.745), (0.965, 0.785), (0.97, 0.745)], "second", 0.02
                )
            elif kind == "short":
                self.sleeve(
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
                self.sleeve("shortrim", side, [(0.285, 0.50), (0.29, 0.545), (0.325, 0.545), (0.33, 0.49)], "trim")
            elif kind == "fitted":
                self.arm_band("cuff", side, 0.80, 0.955, 0.10, "second")
                self.arm_band("cuffline", side, 0.765, 0.795, 0.10, "accent")
            else:
                self.sleeve(
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
                self.sleeve("looserim", side, [(1.02, 0.53), (1.025, 0.575), (1.075, 0.55), (1.08, 0.47)], "top")
        if "wristbands" in self.style.extras:
            for side, _ in SIDES:
                self.arm_band("band", side, 0.80, 0.95, 0.05, "accent")

    # ---- skirt

    def skirt_profile(self) -> None:
        """Half width and half depth of the skirt by height: flared, never narrower than the body above it."""
        f, s = self.figure, self.style
        centre, rx, rz = self.waist
        at = np.linspace(0, SKIRT_PROFILE_END, 40)
        flare = s.skirt_flare * (0.45 * np.sqrt(np.minimum(at, 1)) + 0.55 * at)
        if s.skirt_cut != "wrap":
            # A straight fall from the waist past the hips, without a bump over them.
            hips = [self.slice(f.waist_y - s.skirt_length * a, 0.10) for a in at[(at > 0.2) & (at < 0.6)]]
            reach = max(
                (np.hypot(w, 0.75 * d) * 0.97 + SKIRT_AIR - rx) / a
                for (_, w, d), a in zip(hips, at[(at > 0.2) & (at < 0.6)])
            )
            flare = np.maximum(flare, min(reach, SKIRT_WIDEST) * at)
        width, depth = rx + flare, rz + 0.95 * flare
        for i, y in enumerate(f.waist_y - s.skirt_length * at):
            level = f.trunk[np.abs(f.trunk[:, 1] - y) < 0.10]
            if len(level):
                hold = np.sqrt(
                    (level[:, 0] / (width[i] - SKIRT_AIR)) ** 2
                    + ((level[:, 2] - centre[2]) / (depth[i] - SKIRT_AIR)) ** 2
                )
                grow = max(1.0, float(hold.max()))
                width[i], depth[i] = width[i] * grow, depth[i] * grow
        width, depth = np.maximum.accumulate(width), np.maximum.accumulate(depth)
        for _ in range(3):  # round the corners without cutting into the body
            for table in (width, depth):
                table[1:-1] = np.maximum(table[1:-1], (table[:-2] + table[2:]) / 2)
        self.profile = at, width, depth
        f.skirt_profile, f.skirt_centre = self.profile, centre

    def skirt_ring(self, at: np.ndarray | float, angles: np.ndarray, push: np.ndarray | float) -> np.ndarray:
        """Ring (n, 3) of the skirt at the shares `at` of its length, moved outwards by `push`."""
        shares, width, depth = self.profile
        centre = self.waist[0]
        w, d = np.interp(at, shares, width) + push, np.interp(at, shares, depth) + push
        return np.stack(
            [
                centre[0] + w * np.sin(angles),
                self.figure.waist_y - self.style.skirt_length * (at + 0 * angles),
                centre[2] + d * np.cos(angles),
            ],
            1,
        )

    def skirt_piece(
        self,
        name: str,
        material: str,
        start: float,
        end: float,
        pleats: int,
        depth: float,
        *,
        push: float = 0.0,
        hem: Callable[[np.ndarray], np.ndarray] | None = None,
        rows: int = 12,
        seg: int = 160,
    ) -> None:
        """A skirt layer between two shares of the skirt length; `hem` (angles -> dm) raises its edge."""
        f = self.figure
        rows, seg = (rows, seg) if self.full else (max(3, rows // 3), 48 if seg > 64 else 24)
        if not self.full:
            pleats = min(pleats, 12)
        a = np.linspace(0, 2 * np.pi, seg, endpoint=False)
        saw = np.tanh(1.6 * (np.abs(((a * pleats / (2 * np.pi)) % 1) * 2 - 1) * 2 - 1)) if pleats else 0 * a
        rings, weights = [], []
        for t in np.linspace(0, 1, rows):
            at = start + (end - start) * t
            rise = 0.05 * np.sin(a * 3 + 1) * at if hem is None else hem(a) * at
            where = at - rise / self.style.skirt_length
            rings.append(self.skirt_ring(where, a, depth * smoothstep(where, 0.05, 0.8) * saw + push))
            w = np.zeros((seg, len(BONES)))
            leg = SKIRT_THIGH_SHARE * smoothstep(at, 0.18, 0.68)
            left = 0.5 + 0.5 * np.sin(a)
            w[:, BONE_INDEX["Hips"]] = 1 - leg
            w[:, BONE_INDEX["LeftUpLeg"]] = leg * left
            w[:, BONE_INDEX["RightUpLeg"]] = leg * (1 - left)
            weights.append(w)
        p, t, u = loft(rings)
        axis = np.repeat([r.mean(0) for r in rings], seg, 0)
        part = Part(name, p, orient(p, t, axis[t].mean(1)), material, np.vstack(weights), u)
        at = (f.waist_y - p[:, 1]) / self.style.skirt_length
        bind_to_chains(part, self.chains, SKIRT_SPRING_SHARE * smoothstep(at, 0.25, 0.9))
        f.parts.append(part)

    def skirt_chains(self) -> list[SpringChain]:
        chains = []
        for k in range(SKIRT_CHAINS):
            a = np.array([2 * np.pi * (k + 0.5) / SKIRT_CHAINS])
            points = [self.skirt_ring(at, a, 0.0)[0] for at in (0.12, 0.45, 0.75, 1.0)]
            # Panels hang on the thighs, so that they lie along them when she sits.
            parent = "LeftUpLeg" if np.sin(a[0]) > 0 else "RightUpLeg"
            chains.append(
                SpringChain(
                    f"skirt_{k}",
                    parent,
                    np.array(points),
                    stiffness=1.6,
                    gravity=0.25,
                    drag=0.6,
                    hit_radius=0.02,
                    collider_groups=("legs",),
                )
            )
        return chains

    def skirt(self) -> None:
        s, f = self.style, self.figure
        centre, rx, rz = self.slice(f.waist_y)
        self.waist = (centre, rx + 0.07, rz + 0.08)
        self.skirt_profile()
        self.chains = self.skirt_chains()
        f.chains += self.chains
        if s.skirt_cut == "flared":
            self.skirt_piece("petticoat", "frill", 0.55, 1.06, 28, 0.05, push=-0.11, rows=8)
            self.skirt_piece("skirt", "skirt", 0, 1.0, 14, 0.045)
            self.skirt_piece("hem", "trim", 0.915, 0.95, 14, 0.045, push=0.018, rows=3)
        elif s.skirt_cut == "pleated":
            self.skirt_piece("skirt", "skirt", 0, 1.0, 20, 0.075, seg=200)
            self.skirt_piece("hem", "cloth", 0.86, 0.92, 20, 0.075, push=0.018, rows=3, seg=200)
        elif s.skirt_cut == "wrap":

            def hem(a: np.ndarray) -> np.ndarray:
                return -0.40 * np.cos(a - 0.9) + 0.1

            self.skirt_piece("skirt", "skirt", 0, 1.0, 8, 0.02, hem=hem)
            self.skirt_piece("hem", "accent", 0.955, 0.985, 8, 0.02, push=0.018, rows=3, hem=hem)
            self.skirt_piece(
                "over",
                "second",
                0.02,
                0.52,
                0,
                0.0,
                push=0.075 if self.full else 0.13,
                rows=9,
                hem=lambda a: -0.95 * np.cos(a - 0.9) + 0.2,
            )
        else:
            self.skirt_piece("tier3", "frill", 0.60, 1.0, 30, 0.06, push=-0.05, rows=7, seg=180)
            self.skirt_piece("tier2", "cloth", 0.32, 0.74, 26, 0.055, push=0.03, rows=7, seg=180)
            self.skirt_piece("tier1", "skirt", 0, 0.46, 22, 0.05, push=0.10, rows=7, seg=180)
        self.belt()

    def belt(self) -> None:
        f = self.figure
        centre, _, rz = self.waist
        a = np.linspace(0, 2 * np.pi, self.segments(64), endpoint=False)
        rings = []
        for rise, gap in ((0.20, -0.06), (0.19, 0.03), (-0.13, 0.07), (-0.15, 0.0)):
            ring = self.skirt_ring(0.0, a, gap)
            ring[:, 1] += rise
            rings.append(ring)
        p, t, u = loft(rings)
        axis = np.column_stack([np.zeros(len(t)), p[t].mean(1)[:, 1], np.full(len(t), centre[2])])
        weights = rigid(len(p), "Hips")
        self.figure.parts.append(Part("belt", p, orient(p, t, axis), "accent", weights))
        if self.style.skirt_cut in ("flared", "tiered"):
            self.bow(
                "backbow",
                np.array([0, f.waist_y, centre[2] - rz - 0.16]),
                1.05,
                "accent",
                "trim",
                facing=(0, 0, -1),
                bone="Hips",
                tail=1.5,
            )

    # ---- legs and feet

    def legs(self) -> None:
        s, f = self.style, self.figure
        c = f.face_centres
        leg = np.array([("Leg" in b) or ("Foot" in b) or ("Toe" in b) for b in f.face_bones])
        hips = np.isin(f.face_bones, ("Hips", "Spine"))
        foot = f.ankle_y - 0.02
        if s.leg_top is None:
            self.shell(
                "tights",
                self.on_torso | self.on_leg,
                LEG_OFFSET,
                "under",
                [lambda p: f.waist_y - 0.2 - p[:, 1], lambda p: p[:, 1] - foot],
            )
            self.hidden |= (leg | hips) & (c[:, 1] < f.waist_y - 0.1)
        else:
            top = f.knee_y + s.leg_top
            sock = self.shell(
                "socks",
                self.on_leg,
                LEG_OFFSET,
                "under",
                [lambda p: top + 0.12 * smoothstep(p[:, 2], -0.6, 0.6) - p[:, 1], lambda p: p[:, 1] - foot],
            )
            self.piping("sock_band", sock, lambda p: p[:, 1].mean() > top - 0.6, 0.05, "accent", 0.01)
            self.shell(
                "shorts",
                self.on_torso | self.on_leg,
                LEG_OFFSET + 0.01,
                "under",
                [lambda p: f.waist_y - 0.2 - p[:, 1], lambda p: p[:, 1] - (f.crotch_y - 0.55)],
            )
            self.hidden |= leg & (c[:, 1] < top - HIDE_MARGIN)
            self.hidden |= (leg | hips) & (c[:, 1] < f.waist_y - 0.1) & (c[:, 1] > f.crotch_y - 0.40)
        shaft = f.ankle_y + s.boots
        if s.boots > 0.4:
            boot = self.shell(
                "boots",
                self.on_leg,
                BOOT_OFFSET,
                "shoe",
                [lambda p: shaft - p[:, 1], lambda p: p[:, 1] - (foot + 0.06)],
            )
            self.piping("boot_band", boot, lambda p: p[:, 1].mean() > shaft - 0.3, 0.055, "accent")
        for side, sign in SIDES:
            self.shoe(side, sign)

    def shoe(self, side: str, sign: float) -> None:
        """A shoe from smoothed horizontal slices of the foot on a thick sole."""
        f, s = self.figure, self.style
        key = side[0].lower()
        ankle = f.joint(f"joint-{key}-ankle")
        foot = f.body[(f.body[:, 1] < ankle[1] + 0.25) & (f.body[:, 0] * sign > 0)]
        ground = foot[:, 1].min()
        a = np.linspace(0, 2 * np.pi, self.segments(36), endpoint=False)
        rows = 12 if self.full else 6
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

    # ---- extras

    def headphones(self) -> None:
        """Headphones resting around the neck."""
        f = self.figure
        centre, rx, rz = self.neck_ring(f.neck_y + 0.05)
        t = np.radians(np.linspace(62, 298, self.segments(26)))
        path = np.stack(
            [
                (rx + 0.50) * np.sin(t),
                f.neck_y + 0.02 + 0.10 * (0.5 - 0.5 * np.cos(t)),
                centre[2] - 0.12 + (rz + 0.52) * np.cos(t),
            ],
            1,
        )
        n = len(path)
        self.add_rigid(
            "headphone_band",
            ribbon(path, np.full(n, 0.10), np.full(n, 0.06), unit(path - centre), 8, 1.0),
            "second",
            "Spine2",
        )
        for sign in (1, -1):
            at = np.array([sign * (rx + 0.42), f.neck_y - 0.10, centre[2] + 0.50])
            facing = unit(np.array([sign * 0.75, 0.25, 0.62]))
            for name, material, radius, deep in (("cup", "second", 0.27, 0.11), ("cup_ring", "accent", 0.19, 0.145)):
                a = np.linspace(0, 2 * np.pi, self.segments(20), endpoint=False)
                u = unit(np.cross(facing, [0, 1, 0]))
                v = np.cross(facing, u)
                rings = [
                    at + facing * d + (np.outer(np.cos(a), u) + np.outer(np.sin(a), v)) * r
                    for d, r in ((-deep, 0.01), (-deep, radius * 0.9), (0, radius), (deep, radius * 0.9), (deep, 0.01))
                ]
                p, tri, uv = loft(rings)
                self.add_rigid(f"{name}{sign}", (p, orient(p, tri, at), uv), material, "Spine2")


def add_inner_sides(figure: Figure) -> None:
    """Gives open cloth an inner side of its own, without outline.

    bevy_vrm1 draws no outline around double-sided materials, and a single-sided one shows the dark
    outline hull when one looks inside.
    """
    for part in [p for p in figure.parts if p.material in OPEN_MATERIALS or p.name in OPEN_PARTS]:
        material = figure.materials[part.material]
        inner = part.material + "_inside"
        figure.materials.setdefault(inner, replace(material, outline=0.0))
        normals = -welded_normals(part.positions, part.triangles)
        figure.parts.append(
            Part(
                part.name + "_inside",
                part.positions,
                part.triangles[:, ::-1],
                inner,
                part.weights,
                part.uvs,
                normals,
                spring_weights=dict(part.spring_weights),
            )
        )


def add_outfit(figure: Figure) -> np.ndarray:
    """Adds the clothes; returns the mask (m,) of body triangles they cover."""
    builder = OutfitBuilder(figure)
    builder.top()
    builder.collar()
    builder.sleeves()
    builder.skirt()
    builder.legs()
    if "headphones" in figure.config.outfit.extras:
        builder.headphones()
    if builder.full:
        add_inner_sides(figure)
    return builder.hidden
