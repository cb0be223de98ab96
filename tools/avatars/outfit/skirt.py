"""Skirts: layers around the waist that hang on thighs and springs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..geometry import loft, orient, smoothstep
from ..parts import Part, SpringChain
from ..skeleton import BONE_INDEX, BONES, rigid
from ..springs import bind_to_chains
from .ornaments import bow
from .tailor import Tailor

SKIRT_AIR = 0.13  # dm between body and skirt
SKIRT_PROFILE_END = 1.3  # the profile reaches this many skirt lengths down
SKIRT_WIDEST = 1.75  # dm a skirt may widen from waist to hem
SKIRT_CHAINS = 8
SKIRT_FRONT_SHARE = 1.0  # of the weight below the hips, for the thighs
SKIRT_BACK_SHARE = 0.15
SKIRT_SPRING_SHARE = 0.38


class Skirt:
    """A skirt while it is made: its waist, its profile, its springs."""

    def __init__(self, tailor: Tailor) -> None:
        self.tailor = tailor
        centre, rx, rz = tailor.slice(tailor.figure.waist_y)
        self.waist = (centre, rx + 0.07, rz + 0.08)
        self.profile = self._profile()
        self.chains = self._chains()

    def add(self) -> None:
        """Adds the layers of her cut, the belt and the springs."""
        s, f = self.tailor.style, self.tailor.figure
        f.skirt_profile, f.skirt_centre = self.profile, self.waist[0]
        f.chains += self.chains
        if s.skirt_cut == "flared":
            self._piece("petticoat", "frill", 0.55, 1.06, 28, 0.05, push=-0.11, rows=8)
            self._piece("skirt", "skirt", 0, 1.0, 14, 0.045)
            self._piece("hem", "trim", 0.915, 0.95, 14, 0.045, push=0.018, rows=3)
        elif s.skirt_cut == "pleated":
            self._piece("skirt", "skirt", 0, 1.0, 20, 0.075, seg=200)
            self._piece("hem", "cloth", 0.86, 0.92, 20, 0.075, push=0.018, rows=3, seg=200)
        elif s.skirt_cut == "wrap":

            def hem(a: np.ndarray) -> np.ndarray:
                return -0.40 * np.cos(a - 0.9) + 0.1

            self._piece("skirt", "skirt", 0, 1.0, 8, 0.02, hem=hem)
            self._piece("hem", "accent", 0.955, 0.985, 8, 0.02, push=0.018, rows=3, hem=hem)
            self._piece(
                "over",
                "second",
                0.02,
                0.52,
                0,
                0.0,
                push=0.075 if self.tailor.full else 0.13,
                rows=9,
                hem=lambda a: -0.95 * np.cos(a - 0.9) + 0.2,
            )
        else:
            self._piece("tier3", "frill", 0.60, 1.0, 30, 0.06, push=-0.05, rows=7, seg=180)
            self._piece("tier2", "cloth", 0.32, 0.74, 26, 0.055, push=0.03, rows=7, seg=180)
            self._piece("tier1", "skirt", 0, 0.46, 22, 0.05, push=0.10, rows=7, seg=180)
        self._belt()

    def _profile(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Shares of the length, and half width and half depth there: flared, never narrower than the body above it."""
        f, s = self.tailor.figure, self.tailor.style
        centre, rx, rz = self.waist
        at = np.linspace(0, SKIRT_PROFILE_END, 40)
        flare = s.skirt_flare * (0.45 * np.sqrt(np.minimum(at, 1)) + 0.55 * at)
        if s.skirt_cut != "wrap":
            # A straight fall from the waist past the hips, without a bump over them.
            hips = [self.tailor.slice(f.waist_y - s.skirt_length * a, 0.10) for a in at[(at > 0.2) & (at < 0.6)]]
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
        return at, width, depth

    def _ring(self, at: np.ndarray | float, angles: np.ndarray, push: np.ndarray | float) -> np.ndarray:
        """Ring (n, 3) of the skirt at the shares `at` of its length, moved outwards by `push`."""
        shares, width, depth = self.profile
        centre = self.waist[0]
        w, d = np.interp(at, shares, width) + push, np.interp(at, shares, depth) + push
        return np.stack(
            [
                centre[0] + w * np.sin(angles),
                self.tailor.figure.waist_y - self.tailor.style.skirt_length * (at + 0 * angles),
                centre[2] + d * np.cos(angles),
            ],
            1,
        )

    def _piece(
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
        f = self.tailor.figure
        rows, seg = (rows, seg) if self.tailor.full else (max(3, rows // 3), 48 if seg > 64 else 24)
        if not self.tailor.full:
            pleats = min(pleats, 12)
        a = np.linspace(0, 2 * np.pi, seg, endpoint=False)
        saw = np.tanh(1.6 * (np.abs(((a * pleats / (2 * np.pi)) % 1) * 2 - 1) * 2 - 1)) if pleats else 0 * a
        rings, weights = [], []
        for t in np.linspace(0, 1, rows):
            at = start + (end - start) * t
            rise = 0.05 * np.sin(a * 3 + 1) * at if hem is None else hem(a) * at
            where = at - rise / self.tailor.style.skirt_length
            rings.append(self._ring(where, a, depth * smoothstep(where, 0.05, 0.8) * saw + push))
            w = np.zeros((seg, len(BONES)))
            # The front lies on the thighs when she kneels; the back falls to the floor behind her.
            front = smoothstep(np.cos(a), -0.7, 0.5)
            share = SKIRT_BACK_SHARE + (SKIRT_FRONT_SHARE - SKIRT_BACK_SHARE) * front
            leg = share * smoothstep(at, 0.18, 0.68)
            left = 0.5 + 0.5 * np.sin(a)
            w[:, BONE_INDEX["Hips"]] = 1 - leg
            w[:, BONE_INDEX["LeftUpLeg"]] = leg * left
            w[:, BONE_INDEX["RightUpLeg"]] = leg * (1 - left)
            weights.append(w)
        p, t, u = loft(rings)
        axis = np.repeat([r.mean(0) for r in rings], seg, 0)
        part = Part(name, p, orient(p, t, axis[t].mean(1)), material, np.vstack(weights), u)
        at = (f.waist_y - p[:, 1]) / self.tailor.style.skirt_length
        bind_to_chains(part, self.chains, SKIRT_SPRING_SHARE * smoothstep(at, 0.25, 0.9))
        f.parts.append(part)

    def _chains(self) -> list[SpringChain]:
        """Spring chains from the waist to the hem, all around."""
        chains = []
        for k in range(SKIRT_CHAINS):
            a = np.array([2 * np.pi * (k + 0.5) / SKIRT_CHAINS])
            points = [self._ring(at, a, 0.0)[0] for at in (0.12, 0.45, 0.75, 1.0)]
            # Front panels hang on the thighs, so that they lie along them when she kneels.
            thigh = "LeftUpLeg" if np.sin(a[0]) > 0 else "RightUpLeg"
            parent = thigh if np.cos(a[0]) > 0 else "Hips"
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

    def _belt(self) -> None:
        """The belt, and on some cuts a bow on the back."""
        f = self.tailor.figure
        centre, _, rz = self.waist
        a = np.linspace(0, 2 * np.pi, self.tailor.segments(64), endpoint=False)
        rings = []
        for rise, gap in ((0.20, -0.06), (0.19, 0.03), (-0.13, 0.07), (-0.15, 0.0)):
            ring = self._ring(0.0, a, gap)
            ring[:, 1] += rise
            rings.append(ring)
        p, t, u = loft(rings)
        axis = np.column_stack([np.zeros(len(t)), p[t].mean(1)[:, 1], np.full(len(t), centre[2])])
        weights = rigid(len(p), "Hips")
        self.tailor.figure.parts.append(Part("belt", p, orient(p, t, axis), "accent", weights))
        if self.tailor.style.skirt_cut in ("flared", "tiered"):
            bow(
                self.tailor,
                "backbow",
                np.array([0, f.waist_y, centre[2] - rz - 0.16]),
                1.05,
                "accent",
                "trim",
                facing=(0, 0, -1),
                bone="Hips",
                tail=1.5,
            )
