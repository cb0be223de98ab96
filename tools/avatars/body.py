"""Turns the base mesh into an adult, stylised figure.

A smooth warp of space gives the anime proportions (large eyes, small nose, tapered jaw, large
head). Because it is a function of position it also carries every facial displacement along:
the morph of a shape `d` is warp(v + d) - warp(v).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .geometry import smoothstep
from .source import BODY_VERTICES, BaseMesh

LASH_VERTICES = slice(14742, 14867)  # left eyelash helpers

#: Common targets of face and figure; `{}` stands for the side.
COMMON_TARGETS: dict[str, float] = {
    "legs/{}-upperleg-fat-decr": 0.55,
    "legs/{}-lowerleg-fat-decr": 0.35,
    "hip/hip-scale-horiz-decr": 0.30,
    "torso/measure-waist-circ-decr": 0.40,
    "torso/measure-hips-circ-decr": 0.25,
    "legs/measure-thigh-circ-decr": 0.35,
    "legs/measure-calf-circ-decr": 0.25,
    "legs/upperlegs-height-incr": 0.30,
    "legs/lowerlegs-height-incr": 0.30,
    "arms/measure-upperarm-circ-decr": 0.45,
    "torso/measure-shoulder-dist-decr": 0.30,
    "head/head-oval": 0.4,
    "head/head-age-decr": 0.6,
    "chin/chin-triangle": 0.35,
    "chin/chin-height-decr": 0.35,
    "chin/chin-width-decr": 0.5,
    "nose/nose-scale-vert-decr": 0.4,
    "nose/nose-scale-horiz-decr": 0.8,
    "nose/nose-point-up": 0.5,
    "nose/nose-width1-decr": 0.7,
    "nose/nose-width2-decr": 0.7,
    "nose/nose-volume-decr": 0.6,
    "nose/nose-flaring-decr": 0.8,
    "nose/nose-greek-decr": 0.3,
    "mouth/mouth-scale-vert-decr": 0.4,
    "mouth/mouth-scale-horiz-decr": 0.4,
    "mouth/mouth-lowerlip-volume-decr": 0.6,
    "mouth/mouth-upperlip-volume-decr": 0.6,
    "mouth/mouth-upperlip-height-decr": 0.7,
    "mouth/mouth-lowerlip-height-decr": 0.7,
    "mouth/mouth-angles-up": 0.75,
    "neck/neck-scale-horiz-decr": 1.0,
    "neck/neck-scale-depth-decr": 0.9,
    "forehead/forehead-nubian-decr": 0.3,
    "eyes/{}-eye-scale-incr": 0.6,
    "eyes/{}-eye-eyefold-convex": 0.3,
    "eyes/{}-eye-bag-decr": 0.7,
    "cheek/{}-cheek-volume-incr": 0.3,
    "cheek/{}-cheek-bones-decr": 0.4,
}


@dataclass(frozen=True)
class Build:
    """Macro settings, each 0..1; the only age is 'young', which is about 25 years."""

    weight: float = 0.45
    muscle: float = 0.5
    height: float = 0.5
    cup: float = 0.45
    firmness: float = 0.5
    proportions: float = 1.0


@dataclass(frozen=True)
class WarpSettings:
    """Strengths of the stylisation; lengths in decimetres."""

    eye_radius_x: float = 0.56
    eye_radius_up: float = 0.68
    eye_radius_down: float = 0.52
    eye_scale_x: float = 1.92
    eye_scale_y: float = 3.0
    eye_out: float = 0.06
    eye_up: float = -0.02
    eye_flatten: float = 0.4
    eye_tilt: float = 0.0  # rise of the outer corner per decimetre: positive is cat-like
    nose_in: float = 0.13
    nose_narrow: float = 0.35
    nose_shorten: float = 0.25
    jaw_taper: float = 0.13
    chin_up: float = 0.0
    mouth_narrow: float = 0.05
    mouth_up: float = 0.02
    mouth_in: float = 0.05
    head_scale: float = 1.27

    def with_(self, **changes: float) -> WarpSettings:
        """A copy with some settings changed."""
        return replace(self, **changes)


def _axis(value: float, low: str, mid: str | None, high: str) -> dict[str | None, float]:
    """Weights of the three named poses of a macro axis."""
    return {low: max(0.0, 1 - 2 * value), mid: 1 - abs(2 * value - 1), high: max(0.0, 2 * value - 1)}


def macro_displacement(base: BaseMesh, build: Build) -> np.ndarray:
    """Displacement (n, 3) of an adult female body with the given build."""
    delta = 0.5 * base.target("macrodetails/caucasian-female-young")
    delta = delta + 0.5 * base.target("macrodetails/asian-female-young")
    heights = _axis(build.height, "minheight", None, "maxheight")
    proportions = _axis(build.proportions, "uncommonproportions", None, "idealproportions")
    cups = _axis(build.cup, "mincup", "averagecup", "maxcup")
    firmnesses = _axis(build.firmness, "minfirmness", "averagefirmness", "maxfirmness")
    for muscle, muscle_w in _axis(build.muscle, "minmuscle", "averagemuscle", "maxmuscle").items():
        for weight, weight_w in _axis(build.weight, "minweight", "averageweight", "maxweight").items():
            share = muscle_w * weight_w
            if share < 1e-6:
                continue
            stem = f"{muscle}-{weight}"
            terms = [(f"macrodetails/universal-female-young-{stem}", 1.0)]
            terms += [(f"macrodetails/height/female-young-{stem}-{h}", w) for h, w in heights.items() if h]
            terms += [(f"macrodetails/proportions/female-young-{stem}-{p}", w) for p, w in proportions.items() if p]
            terms += [
                (f"breast/female-young-{stem}-{c}-{f}", cw * fw)
                for c, cw in cups.items()
                for f, fw in firmnesses.items()
            ]
            for name, w in terms:
                if w > 0 and (not name.startswith("breast/") or base.has_target(name)):
                    delta = delta + share * w * base.target(name)
    return delta


def body_positions(base: BaseMesh, build: Build, face: dict[str, float]) -> np.ndarray:
    """Vertex positions (n, 3) of the unstylised figure; `face` adds to the common targets."""
    positions = base.vertices + macro_displacement(base, build)
    for name, amount in {**COMMON_TARGETS, **face}.items():
        for target in [name.format(s) for s in "lr"] if "{}" in name else [name]:
            positions = positions + amount * base.target(target)
    return positions


class Warp:
    """The stylisation as a function of positions (n, 3) -> (n, 3)."""

    def __init__(self, base: BaseMesh, positions: np.ndarray, settings: WarpSettings) -> None:
        self.settings = settings
        eye = base.joint(positions, "joint-l-eye")
        self.eye = eye
        self.lid = positions[LASH_VERTICES].mean(0)
        self.neck = base.joint(positions, "joint-neck")
        body = positions[:BODY_VERTICES]
        ridge = (np.abs(body[:, 0]) < 0.05) & (np.abs(body[:, 1] - eye[1] + 0.3) < 0.25)
        self.nose = body[np.argmax(np.where(ridge, body[:, 2], -9))]
        self.mouth = np.array([0, eye[1] - 0.62, eye[2] + 0.15])

    def __call__(self, positions: np.ndarray) -> np.ndarray:
        """Places (n, 3) of the anime figure for places (n, 3) of the plain body, in decimetres."""
        p = self._eyes(positions)
        p = self._nose(p)
        p = self._jaw(p)
        p = self._mouth(p)
        return self._head(p)

    def _eyes(self, positions: np.ndarray) -> np.ndarray:
        """Grows the lid openings. Two gentle passes stay invertible where one strong pass folds."""
        s = self.settings
        passes = 2
        scale_x, scale_y = s.eye_scale_x ** (1 / passes), s.eye_scale_y ** (1 / passes)
        p, centre = positions.copy(), self.lid.copy()
        for _ in range(passes):
            move = np.zeros_like(p)
            for sign in (1, -1):
                c = centre * [sign, 1, 1]
                d = p - c
                radius_y = np.where(d[:, 1] < 0, s.eye_radius_down, s.eye_radius_up)
                r2 = (d[:, 0] / s.eye_radius_x) ** 2 + (d[:, 1] / radius_y) ** 2 + (d[:, 2] / 0.75) ** 2
                f = np.clip(1 - r2, 0, 1) ** 2
                move[:, 0] += f * (d[:, 0] * (scale_x - 1) + sign * s.eye_out / passes)
                move[:, 1] += f * (d[:, 1] * (scale_y - 1) + s.eye_up / passes + s.eye_tilt * sign * d[:, 0] / passes)
                move[:, 2] += f * (c[2] - p[:, 2]) * s.eye_flatten * 0.5 * (np.abs(d[:, 2]) < 0.35)
            p += move
            centre = centre + [s.eye_out / passes, s.eye_up / passes, 0]
        return p

    def _nose(self, positions: np.ndarray) -> np.ndarray:
        s, p = self.settings, positions.copy()
        d = p - self.nose
        r = np.sqrt((d[:, 0] / 0.30) ** 2 + (d[:, 1] / 0.42) ** 2 + (d[:, 2] / 0.45) ** 2)
        f = 1 - smoothstep(r, 0.25, 1)
        p[:, 2] -= f * s.nose_in
        p[:, 0] -= f * d[:, 0] * s.nose_narrow
        p[:, 1] -= f * d[:, 1] * s.nose_shorten
        return p

    def _jaw(self, positions: np.ndarray) -> np.ndarray:
        """Tapers the lower face and, with `chin_up`, shortens it."""
        s, p = self.settings, positions.copy()
        y = p[:, 1].copy()
        front = smoothstep(p[:, 2], -0.2, 0.5) * smoothstep(y, self.neck[1] - 0.1, self.neck[1] + 0.35)
        low = 1 - smoothstep(y, self.eye[1] - 1.05, self.eye[1] - 0.1)
        p[:, 0] *= 1 - s.jaw_taper * low * front
        chin = 1 - smoothstep(y, self.eye[1] - 1.15, self.eye[1] - 0.55)
        p[:, 1] += s.chin_up * chin * front
        return p

    def _mouth(self, positions: np.ndarray) -> np.ndarray:
        s, p = self.settings, positions.copy()
        d = p - self.mouth
        r = np.sqrt((d[:, 0] / 0.42) ** 2 + (d[:, 1] / 0.32) ** 2 + (d[:, 2] / 0.6) ** 2)
        f = 1 - smoothstep(r, 0.3, 1)
        p[:, 0] -= f * d[:, 0] * s.mouth_narrow
        p[:, 1] += f * s.mouth_up
        p[:, 2] -= f * s.mouth_in
        return p

    def _head(self, positions: np.ndarray) -> np.ndarray:
        """Enlarges the head about the top of the neck."""
        k = smoothstep(positions[:, 1], self.neck[1] + 0.1, self.neck[1] + 0.75)
        pivot = self.neck + [0, 0.25, 0.1]
        return positions + (positions - pivot) * (k * (self.settings.head_scale - 1))[:, None]
