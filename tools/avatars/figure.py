"""The stylised body of one idol with the landmarks that hair and clothes are fitted to."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from .body import Warp, body_positions
from .characters import IdolConfig
from .eyes import Eye
from .geometry import smoothstep, unit, vertex_normals
from .parts import Material, Part, SpringChain
from .skeleton import BONES, skin_weights
from .source import BODY_VERTICES, BaseMesh

TIGHTS = slice(15328, 18002)  # body-hugging helper mesh that clothes are cut from
FACE_NORMAL_SMOOTHING = 0.88


@dataclass
class Figure:
    """Everything known about an idol while she is built. Positions in decimetres, A-pose."""

    config: IdolConfig
    base: BaseMesh
    detail: float  # 1 for the full version, less for the low-poly one
    plain: np.ndarray = field(init=False)  # unstylised vertices (n, 3)
    positions: np.ndarray = field(init=False)  # stylised vertices (n, 3)
    weights: np.ndarray = field(init=False)  # (n, bones)
    triangles: np.ndarray = field(init=False)  # of the body
    normals: np.ndarray = field(init=False)  # (n, 3)
    warp: Warp = field(init=False)
    eyes: list[Eye] = field(init=False)
    parts: list[Part] = field(init=False, default_factory=list)
    materials: dict[str, Material] = field(init=False, default_factory=dict)
    chains: list[SpringChain] = field(init=False, default_factory=list)
    #: Shares of the skirt length with half widths and half depths (k,), and the centre (3,).
    skirt_profile: tuple[np.ndarray, np.ndarray, np.ndarray] = field(init=False)
    skirt_centre: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        c = self.config
        self.plain = body_positions(self.base, c.build, c.face)
        self.warp = Warp(self.base, self.plain, c.warp)
        self.positions = self.warp(self.plain)
        lid = self.warp(self.warp.lid[None])[0]
        self.eyes = [Eye(self.base, self.positions, lid, sign, c.eyes) for sign in (1, -1)]
        for eye in self.eyes:
            self.positions = self.positions + eye.skin_delta(eye.rest_correction, len(self.positions))
        self.weights = skin_weights(self.base)
        self.triangles = self.base.triangles("body")
        self.face_centres = self.positions[self.triangles].mean(1)
        dominant = self.weights[self.triangles].mean(1).argmax(1)
        self.face_bones = np.array(BONES)[dominant]
        self._landmarks(lid)
        self.normals = self._toon_normals()

    def joint(self, name: str) -> np.ndarray:
        """Place (3,) of a joint of the base mesh."""
        return self.base.joint(self.positions, name)

    @property
    def body(self) -> np.ndarray:
        """Points of the visible body."""
        return self.positions[:BODY_VERTICES]

    @property
    def tights(self) -> np.ndarray:
        """Points of the body-hugging helper."""
        return self.positions[TIGHTS]

    @property
    def trunk(self) -> np.ndarray:
        """Points of the body-hugging helper without the arms."""
        return self.tights[self.on_trunk]

    def _landmarks(self, lid: np.ndarray) -> None:
        body = self.body
        arms = [i for i, b in enumerate(BONES) if "Arm" in b or "Hand" in b]
        self.on_trunk = self.weights[TIGHTS][:, arms].sum(1) < 0.3
        self.eye = lid  # centre of the left eye
        self.ground_y = self.joint("joint-ground")[1]
        self.neck_y = self.joint("joint-neck")[1]
        skull = body[(body[:, 1] > lid[1] + 0.1) & (np.abs(body[:, 0]) < 2) & (body[:, 1] > self.neck_y + 0.8)]
        low, high = skull.min(0), skull.max(0)
        #: Ellipsoid around the skull, the ground for the hair.
        self.skull_centre = np.array([0, lid[1] + 0.12, (low[2] + high[2]) / 2])
        self.skull_radii = np.array([(high[0] - low[0]) / 2, high[1] - self.skull_centre[1], (high[2] - low[2]) / 2])
        front = body[(np.abs(body[:, 0] - 0.8) < 0.2) & (body[:, 1] > 2.4) & (body[:, 1] < 4)]
        self.bust_y = front[front[:, 2].argmax(), 1]
        self.waist_y = self._narrowest(self.joint("joint-spine-3")[1] - 0.1, self.bust_y - 0.5)
        self.hip_y = self.joint("joint-pelvis")[1]
        self.shoulder_y = self.joint("joint-l-shoulder")[1]
        self.knee_y = self.joint("joint-l-knee")[1]
        self.ankle_y = self.joint("joint-l-ankle")[1]
        middle = (np.abs(body[:, 0]) < 0.02) & (body[:, 1] > -1.5) & (body[:, 1] < 0.6)
        self.crotch_y = body[middle, 1].min()

    def _narrowest(self, low: float, high: float) -> float:
        """Height of the slimmest place of the trunk between two heights."""
        p = self.trunk
        heights = np.linspace(low, high, 24)
        widths = [np.abs(p[np.abs(p[:, 1] - y) < 0.12, 0]).max(initial=0) for y in heights]
        return float(heights[int(np.argmin(widths))])

    def _toon_normals(self) -> np.ndarray:
        """Vertex normals with the face blended towards an ellipsoid, so that toon shade stays clean."""
        p = self.positions
        normals = vertex_normals(p, self.triangles)
        c = self.skull_centre
        share = (
            smoothstep(p[:, 2], c[2] - 0.1, c[2] + 0.5)
            * smoothstep(p[:, 1], self.neck_y + 0.3, self.neck_y + 0.8)
            * FACE_NORMAL_SMOOTHING
        )[:, None]
        round_normals = unit((p - (c + [0, -0.35, -0.25])) / np.array([1.0, 1.3, 1.0]))
        return unit(normals * (1 - share) + round_normals * share)

    def add_material(
        self,
        name: str,
        colour: np.ndarray,
        outline: float = 0.011,
        *,
        shade: np.ndarray | None = None,
        double_sided: bool = False,
        unlit: bool = False,
    ) -> None:
        """A flat toon material; the shade colour is a cool, darker version by default."""
        colour = np.asarray(colour, float)
        shade = colour * np.array([0.74, 0.68, 0.80]) if shade is None else np.asarray(shade, float)
        self.materials[name] = Material(
            colour,
            colour if unlit else shade,
            outline=0.0 if unlit else outline,
            outline_colour=colour * 0.35,
            unlit=unlit,
            double_sided=double_sided,
        )

    def surface_z(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Depth z of the front of the face at points (n,)."""
        corners = self.positions[self.triangles]
        face = (corners[:, :, 1].min(1) > self.neck_y) & (corners[:, :, 2].min(1) > self.skull_centre[2])
        a, b, c = (corners[face, k] for k in range(3))
        area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (c[:, 0] - a[:, 0]) * (b[:, 1] - a[:, 1])
        a, b, c, area = (v[np.abs(area) > 1e-9] for v in (a, b, c, area))
        px, py = np.asarray(x)[:, None], np.asarray(y)[:, None]
        l1 = ((px - a[:, 0]) * (c[:, 1] - a[:, 1]) - (c[:, 0] - a[:, 0]) * (py - a[:, 1])) / area
        l2 = ((b[:, 0] - a[:, 0]) * (py - a[:, 1]) - (px - a[:, 0]) * (b[:, 1] - a[:, 1])) / area
        inside = (l1 >= -1e-3) & (l2 >= -1e-3) & (l1 + l2 <= 1 + 1e-3)
        z = np.where(inside, a[:, 2] + l1 * (b[:, 2] - a[:, 2]) + l2 * (c[:, 2] - a[:, 2]), -np.inf)
        return z.max(1)
