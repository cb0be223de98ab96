"""Eyes: lid outlines drawn by formula, iris and sclera, lashes, lid crease, and their morphs.

The lid opening of the base mesh is a loop of 28 vertices. Its rest outline, and every lid shape
(blink, smile, anger, ...), is given as a target outline for that loop; the skin around follows
by distance-weighted interpolation. All lid points, in every shape, lie on one quadratic surface
Q(x, y), and the eye is drawn behind Q and the lashes in front of it: nothing can poke through.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from .geometry import smoothstep
from .source import BODY_VERTICES, BaseMesh

RIM_START, RIM_NEXT = 6786, 6787  # two neighbours on the left lid rim
SOCKET_VERTEX = 11466  # the neighbour of RIM_START inside the left socket
RIM_SIZE = 28

SCLERA_DEPTH = 0.058  # dm behind Q, at the middle
SCLERA_EDGE = 0.008  # depth of its edge
IRIS_DEPTH = 0.036
LASH_LIFT = 0.022  # dm in front of Q
FIELD_UP, FIELD_DOWN = 0.44, 0.34  # reach of the lid motion over the skin, dm
LOOK_X, LOOK_Y = 0.085, 0.060  # travel of the iris, dm


@dataclass(frozen=True)
class EyeStyle:
    """Shape of the eye; lengths in decimetres, colours `#rrggbb`."""

    centre_x: float = 0.455
    centre_y: float = 0.0  # offset from the warped lid centre
    half_width: float = 0.285
    upper: float = 0.255
    lower: float = 0.20
    upper_square: float = 2.5  # exponent: larger is boxier
    lower_square: float = 2.3
    tilt: float = 0.05  # rise of the outer corner, fraction of the half width
    peak: float = -0.05  # where the upper lid is highest, -1 inner .. 1 outer
    iris_width: float = 0.212
    iris_height: float = 0.262
    iris_y: float = 0.006
    iris_colours: tuple[str, str] = ("#3b3fb0", "#7fd0ff")  # top, bottom
    lash: float = 1.0  # thickness of the upper lash
    wing: float = 1.0  # length of the outer flick
    lash_colour: str = "#2a1a26"
    crease: bool = True


def edge_loop(base: BaseMesh, start: int, following: int) -> list[int]:
    """The closed loop of edges that runs straight on through vertices of four edges."""
    neighbours: dict[int, set[int]] = defaultdict(set)
    edge_faces: dict[frozenset[int], set[int]] = defaultdict(set)
    for i, face in enumerate(base.groups["body"]):
        for k, a in enumerate(face.vertices):
            b = face.vertices[(k + 1) % len(face.vertices)]
            neighbours[a].add(b)
            neighbours[b].add(a)
            edge_faces[frozenset((a, b))].add(i)
    loop = [start, following]
    while True:
        before, at = loop[-2], loop[-1]
        used = edge_faces[frozenset((before, at))]
        ahead = [n for n in neighbours[at] if n != before and not edge_faces[frozenset((at, n))] & used]
        if len(ahead) != 1:
            raise ValueError(f"edge loop ends at vertex {at}")
        if ahead[0] == start:
            return loop
        loop.append(ahead[0])


def mirror_vertex(base: BaseMesh, vertex: int) -> int:
    """The body vertex on the other side."""
    body = base.vertices[:BODY_VERTICES]
    return int(np.argmin(np.linalg.norm(body - base.vertices[vertex] * [-1, 1, 1], axis=1)))


class Eye:
    """One eye. `sign` is 1 for the left eye, -1 for the right. X runs from inner to outer corner."""

    def __init__(self, base: BaseMesh, warped: np.ndarray, lid: np.ndarray, sign: int, style: EyeStyle) -> None:
        self.sign, self.style = sign, style
        self.suffix = "Left" if sign > 0 else "Right"
        start, following = RIM_START, RIM_NEXT
        if sign < 0:
            start, following = mirror_vertex(base, start), mirror_vertex(base, following)
        self.socket_edge = (start, SOCKET_VERTEX if sign > 0 else mirror_vertex(base, SOCKET_VERTEX))
        loop = edge_loop(base, start, following)
        x = warped[loop, 0] * sign
        inner, outer = int(np.argmin(x)), int(np.argmax(x))
        loop = loop[inner:] + loop[:inner]
        outer = (outer - inner) % RIM_SIZE
        if warped[loop[1:outer], 1].mean() < warped[loop[outer + 1 :], 1].mean():
            loop = [loop[0]] + loop[:0:-1]
            outer = RIM_SIZE - outer
        #: Loop order: inner corner, along the upper lid, outer corner, back along the lower lid.
        self.loop, self.outer = np.array(loop), outer
        rim = warped[self.loop]
        low, high = rim[0, 0] * sign, rim[outer, 0] * sign
        self.u = np.clip((rim[:, 0] * sign - low) / (high - low) * 2 - 1, -1, 1)
        self.is_upper = np.arange(RIM_SIZE) <= outer
        self.centre = np.array([style.centre_x, lid[1] + style.centre_y])
        self._fit_surface(rim)
        self.rest = self.place(self.outline())
        near = np.flatnonzero(np.linalg.norm(warped[:BODY_VERTICES] - rim.mean(0), axis=1) < 1.3)
        self.near, self.field = self._skin_field(warped, near, rim)
        self.rest_correction = self.rest - rim

    def _fit_surface(self, rim: np.ndarray) -> None:
        """Fits Q(x, y), a quadratic surface through the lid rim, in local coordinates."""
        local = rim[:, :2] * [self.sign, 1] - self.centre
        terms = np.stack([np.ones(RIM_SIZE), local[:, 0], local[:, 1], local[:, 0] ** 2], 1)
        self.surface = np.linalg.lstsq(terms, rim[:, 2], rcond=None)[0]

    def depth(self, local: np.ndarray) -> np.ndarray:
        """Q at local points (n, 2)."""
        x, y = local[:, 0], local[:, 1]
        return self.surface @ np.stack([np.ones(len(x)), x, y, x**2])

    def place(self, local: np.ndarray, lift: float | np.ndarray = 0.0) -> np.ndarray:
        """Local points (n, 2) on Q, lifted towards the viewer, as positions (n, 3)."""
        flat = (local + self.centre) * [self.sign, 1]
        return np.column_stack([flat, self.depth(local) + lift])

    def _skin_field(self, warped: np.ndarray, near: np.ndarray, rim: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Matrix (vertices, 28) that spreads displacements of the rim over the skin."""
        offset = warped[near][:, None] - rim[None]
        distance = np.sqrt((offset**2).sum(2))
        share = 1 / np.maximum(distance, 1e-3) ** 4
        share /= share.sum(1, keepdims=True)
        nearest = distance.min(1)
        above = warped[near, 1] - self.centre[1]
        reach = FIELD_DOWN + (FIELD_UP - FIELD_DOWN) * smoothstep(above, -0.2, 0.2)
        falloff = np.clip(1 - (nearest / reach) ** 2, 0, 1) ** 2
        # The socket behind the lids goes with them; nothing far behind does.
        falloff = falloff * smoothstep(warped[near, 2], rim[:, 2].min() - 0.5, rim[:, 2].min() - 0.2)
        return near, share * falloff[:, None]

    # ---- outlines: functions of u that give the height of the lid, local (28, 2)

    def _x(self, u: np.ndarray) -> np.ndarray:
        return u * self.style.half_width

    def _lift_of_tilt(self, u: np.ndarray) -> np.ndarray:
        return u * self.style.tilt * self.style.half_width

    def _arch(self, u: np.ndarray, power: float) -> np.ndarray:
        return np.clip(1 - np.abs(u) ** power, 0, 1) ** 0.72

    def upper_y(self, u: np.ndarray, height: float = 1.0) -> np.ndarray:
        """Height (n,) of the upper lid at places `u` (-1..1) across the eye; `height` 1 is open."""
        skewed = u - self.style.peak * (1 - u**2)
        return height * self.style.upper * self._arch(skewed, self.style.upper_square) + self._lift_of_tilt(u)

    def lower_y(self, u: np.ndarray, height: float = 1.0) -> np.ndarray:
        """Height (n,) of the lower lid at places `u` (-1..1) across the eye; `height` 1 is open."""
        skewed = u - 0.12 * (1 - u**2)
        return -height * self.style.lower * self._arch(skewed, self.style.lower_square) + self._lift_of_tilt(u)

    def _outline(self, upper: np.ndarray, lower: np.ndarray, x: np.ndarray | None = None) -> np.ndarray:
        y = np.where(self.is_upper, upper, lower)
        corners = [0, self.outer]
        y[corners] = 0.5 * (upper + lower)[corners]
        return np.column_stack([self._x(self.u) if x is None else x, y])

    def outline(self) -> np.ndarray:
        """Outline (28, 2) of the open eye."""
        return self._outline(self.upper_y(self.u), self.lower_y(self.u))

    def lid_shapes(self) -> dict[str, np.ndarray]:
        """Outlines (28, 2) by morph name (without the side)."""
        u, s = self.u, self.style
        upper, lower = self.upper_y(u), self.lower_y(u)
        bow = np.clip(1 - u**2, 0, 1)
        closed = -0.62 * s.lower * bow + self._lift_of_tilt(u) * 1.2
        smile = -0.42 * s.lower + (0.42 * s.lower + 0.50 * s.upper) * bow**0.9 + 0.4 * self._lift_of_tilt(u)
        slit = 0.002
        angry = upper - s.upper * (0.42 * smoothstep(u, 0.55, -0.7)) * bow**0.5 + 0.04 * s.upper * u
        sad = upper - s.upper * (0.10 + 0.48 * smoothstep(u, -0.6, 0.75)) * bow**0.5
        return {
            "eyeBlink": self._outline(closed + slit, closed - slit),
            "eyeHappy": self._outline(smile + slit, smile - slit, self._x(u) * 1.02),
            "eyeSquint": self._outline(upper - 0.10 * s.upper * bow, lower + 0.42 * s.lower * bow),
            "eyeWide": self._outline(self.upper_y(u, 1.20), self.lower_y(u, 1.10)),
            "eyeAngry": self._outline(angry, lower + 0.12 * s.lower * bow),
            "eyeSad": self._outline(sad, lower + 0.14 * s.lower * bow),
        }

    def rim_deltas(self) -> dict[str, np.ndarray]:
        """Displacements of the rim (28, 3) by full morph name, looks included."""
        deltas = {name + self.suffix: self.place(outline) - self.rest for name, outline in self.lid_shapes().items()}
        bow = np.clip(1 - self.u**2, 0, 1)
        for name, up, low in (("eyeLookUp", 0.10, 0.10), ("eyeLookDown", -0.22, -0.06)):
            y = np.where(self.is_upper, up * self.style.upper, low * self.style.lower) * bow
            deltas[name + self.suffix] = self.place(self.outline() + np.column_stack([0 * y, y])) - self.rest
        return deltas

    def skin_delta(self, rim_delta: np.ndarray, size: int) -> np.ndarray:
        """Displacement (size, 3) of the whole mesh for a displacement (28, 3) of the rim."""
        out = np.zeros((size, 3))
        out[self.near] = self.field @ rim_delta
        return out

    # ---- meshes

    def sclera(self, rings: int = 3, sides: int = 28) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The white of the eye, a curved patch somewhat larger than the opening."""
        outline = self.outline()
        # The outer ring is the lid rim itself, so that no gap opens at any angle.
        scale = np.linspace(0, 1.0, rings + 1)[1:] ** 0.7
        local = np.vstack([[[0, 0]]] + [outline * k for k in scale])
        triangles = [(0, 1 + k, 1 + (k + 1) % RIM_SIZE) for k in range(RIM_SIZE)]
        for r in range(rings - 1):
            for k in range(RIM_SIZE):
                a, c = 1 + r * RIM_SIZE + k, 1 + r * RIM_SIZE + (k + 1) % RIM_SIZE
                triangles += [(a, a + RIM_SIZE, c), (c, a + RIM_SIZE, c + RIM_SIZE)]
        v = 0.5 - 0.5 * local[:, 1] / (0.5 * (self.style.upper + self.style.lower)) * 0.9
        uv = np.column_stack([np.full(len(local), 0.75), np.clip(v, 0.02, 0.98)])
        radius = np.r_[0, np.repeat(scale, RIM_SIZE)]
        return self.place(local, -SCLERA_DEPTH * (1 - radius**6) - SCLERA_EDGE), self._front(triangles, local), uv

    def iris(self, rings: int = 3, sides: int = 28) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """The iris disc: positions, triangles, uvs and the local points (n, 2) it was made from."""
        s = self.style
        angles = 2 * np.pi * np.arange(sides) / sides
        circle = np.column_stack([np.cos(angles), np.sin(angles)])
        disc = np.vstack([[[0, 0]]] + [circle * (r + 1) / rings for r in range(rings)])
        local = disc * [s.iris_width, s.iris_height] + [-0.012, s.iris_y]
        triangles = [(0, 1 + k, 1 + (k + 1) % sides) for k in range(sides)]
        for r in range(rings - 1):
            for k in range(sides):
                a, c = 1 + r * sides + k, 1 + r * sides + (k + 1) % sides
                triangles += [(a, a + sides, c), (c, a + sides, c + sides)]
        # Both eyes carry their highlights on the same side of the picture.
        uv = np.column_stack([0.25 + 0.25 * disc[:, 0] * self.sign, 0.5 - 0.5 * disc[:, 1]])
        uv[:, 0] = np.clip(uv[:, 0], 0.002, 0.498)
        return self.place(local, -IRIS_DEPTH), self._front(triangles, local), uv, local

    def iris_deltas(self, local: np.ndarray) -> dict[str, np.ndarray]:
        """Displacements of the iris (n, 3) by morph name: looks, and small pupils when wide."""
        rest = self.place(local, -IRIS_DEPTH)
        centre = local[0]
        moves = {
            "eyeLookIn": local + [-LOOK_X, 0],
            "eyeLookOut": local + [LOOK_X, 0],
            "eyeLookUp": local + [0, LOOK_Y],
            "eyeLookDown": local + [0, -LOOK_Y],
            "eyeWide": centre + (local - centre) * 0.86,
        }
        return {name + self.suffix: self.place(moved, -IRIS_DEPTH) - rest for name, moved in moves.items()}

    def _front(self, triangles: list[tuple[int, int, int]], local: np.ndarray) -> np.ndarray:
        """Triangles wound to face +Z after mirroring."""
        t = np.array(triangles)
        flat = local * [self.sign, 1]
        a, b, c = flat[t[:, 0]], flat[t[:, 1]], flat[t[:, 2]]
        area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (c[:, 0] - a[:, 0]) * (b[:, 1] - a[:, 1])
        return np.where((area < 0)[:, None], t[:, ::-1], t)

    def _lid_samples(self, upper: bool, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Smooth interpolation matrix (count, 28) along a lid, inner to outer, and u (count,)."""
        order = np.arange(self.outer + 1) if upper else np.r_[0, np.arange(RIM_SIZE - 1, self.outer - 1, -1)]
        matrix = np.zeros((count, RIM_SIZE))
        last = len(order) - 1
        for row, t in enumerate(np.linspace(0, last, count)):
            i = min(int(t), last - 1)
            f = t - i
            f2, f3 = f * f, f**3
            catmull = (-f3 + 2 * f2 - f, 3 * f3 - 5 * f2 + 2, -3 * f3 + 4 * f2 + f, f3 - f2)
            for k, w in zip(range(i - 1, i + 3), catmull):
                matrix[row, order[min(max(k, 0), last)]] += 0.5 * w
        return matrix, matrix @ self.u

    def lash_strips(self, count: int = 19) -> list[tuple[str, np.ndarray, np.ndarray, np.ndarray]]:
        """Strips as (material, offsets (n, 3), matrix (n, 28), triangles): rest = matrix @ rim + offsets."""
        s = self.style
        strips = []
        matrix, u = self._lid_samples(True, count)
        grow = smoothstep(u, -1.0, 0.2)
        thick = s.lash * (0.016 + 0.050 * grow) * np.where(u < -0.85, 0.5, 1.0)
        strips.append(
            (
                "lash",
                *self._strip(
                    matrix,
                    u,
                    -0.012 * np.ones(count),
                    thick,
                    LASH_LIFT,
                    flick=(0.085 * s.wing, 0.045 * s.wing + s.tilt * 0.06),
                ),
            )
        )
        matrix, u = self._lid_samples(False, count)
        edge = smoothstep(u, -0.75, 0.3)
        strips.append(
            ("lash", *self._strip(matrix, u, -0.014 * edge - 0.002, 0.018 * edge + 0.002, LASH_LIFT * 0.7, flick=None))
        )
        if s.crease:
            matrix, u = self._lid_samples(True, count)
            taper = np.clip(1 - (u / 0.92) ** 4, 0, 1)
            low = 0.098 + 0.012 * (1 - u**2)
            strip = self._strip(matrix * 0.45, u, low, 0.013 * taper + 0.001, LASH_LIFT * 0.6, flick=None)
            offsets, weights, triangles = strip
            offsets = offsets + np.repeat(0.55 * (matrix @ self.rest), 2, 0)
            strips.append(("crease", offsets, weights, triangles))
        return strips

    def _strip(
        self,
        matrix: np.ndarray,
        u: np.ndarray,
        low: np.ndarray,
        thick: np.ndarray,
        lift: float,
        flick: tuple[float, float] | None,
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """A flat strip between `low` and `low + thick` above the lid line, with an optional outer flick."""
        offsets, rows = [], []
        for i in range(len(u)):
            lean = np.clip(u[i], -1, 1) * 0.35  # lashes lean outwards towards the corners
            for y in (low[i], low[i] + thick[i]):
                offsets.append((self.sign * lean * max(y, 0), y, lift))
                rows.append(matrix[i])
        if flick:
            dx, dy = flick
            tips = (
                (0.55 * dx, low[-1] + 0.42 * dy),
                (0.50 * dx, low[-1] + thick[-1] + 0.75 * dy),
                (dx, low[-1] + dy),
                (dx + 0.004, low[-1] + dy + 0.006),
            )
            for x, y in tips:
                offsets.append((self.sign * x, y, lift - 0.10 * x))
                rows.append(matrix[-1])
        count = len(rows) // 2
        triangles = []
        for i in range(count - 1):
            a = 2 * i
            triangles += [(a, a + 2, a + 1), (a + 1, a + 2, a + 3)]
        triangles = np.array(triangles)
        return np.array(offsets), np.array(rows), triangles if self.sign > 0 else triangles[:, ::-1]
