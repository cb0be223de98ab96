"""Small mesh helpers. Positions are (n, 3) in decimetres, triangles are (m, 3) vertex indices."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

CAP_FROM = 0.03  # dm: ribbons whose ends are wider than this are closed

Mesh = tuple[np.ndarray, np.ndarray, np.ndarray]  # positions, triangles, uvs


def smoothstep(x: np.ndarray | float, low: float, high: float) -> np.ndarray:
    """0 below `low`, 1 above `high`, smooth between; `low` may exceed `high`."""
    t = np.clip((np.asarray(x, float) - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def unit(v: Sequence[float] | np.ndarray) -> np.ndarray:
    """Vectors scaled to length one along the last axis."""
    v = np.asarray(v, float)
    return v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-9)


def cross(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Cross product (3,) of two vectors; `numpy.cross` takes many times as long for so few numbers."""
    (x, y, z), (u, v, w) = a.tolist(), b.tolist()
    return np.array([y * w - z * v, z * u - x * w, x * v - y * u])


def vertex_normals(positions: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """Area-weighted unit normals (n, 3); isolated vertices point up."""
    corners = positions[triangles]
    face = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals = np.zeros_like(positions)
    for k in range(3):
        np.add.at(normals, triangles[:, k], face)
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    return np.where(length > 1e-9, normals / np.maximum(length, 1e-9), [0.0, 1.0, 0.0])


def welded_normals(positions: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """Vertex normals that ignore splits: vertices at the same place share one normal."""
    keys = np.round(positions, 4)
    _, inverse = np.unique(keys, axis=0, return_inverse=True)
    inverse = inverse.reshape(-1)
    merged = np.zeros((inverse.max() + 1, 3))
    merged[inverse] = positions
    return vertex_normals(merged, inverse[triangles])[inverse]


def compact(triangles: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns (used vertex indices, triangles renumbered to them)."""
    used, inverse = np.unique(triangles, return_inverse=True)
    return used, inverse.reshape(-1, 3)


def catmull_rom(points: Sequence[Sequence[float]], count: int) -> np.ndarray:
    """`count` samples (count, 3) of a Catmull-Rom curve through the points, even in arc length."""
    p = np.asarray(points, float)
    p = np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
    segments = len(p) - 3
    dense = []
    for t in np.linspace(0, segments - 1e-6, 6 * max(count, segments)):
        i = int(t)
        u = t - i
        p0, p1, p2, p3 = p[i : i + 4]
        dense.append(
            0.5
            * (2 * p1 + (p2 - p0) * u + (2 * p0 - 5 * p1 + 4 * p2 - p3) * u * u + (3 * p1 - p0 - 3 * p2 + p3) * u**3)
        )
    dense = np.array(dense)
    length = np.r_[0, np.cumsum(np.linalg.norm(np.diff(dense, axis=0), axis=1))]
    return np.stack([np.interp(np.linspace(0, length[-1], count), length, dense[:, k]) for k in range(3)], 1)


def orient(positions: np.ndarray, triangles: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """Triangles flipped as a whole, if needed, so that most face away from `centre` (3,) or (m, 3)."""
    corners = positions[triangles]
    face = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    outward = corners.mean(1) - centre
    return triangles if np.einsum("ij,ij->", face, outward) >= 0 else triangles[:, ::-1]


def merge(meshes: Sequence[Mesh]) -> Mesh:
    """One mesh out of many."""
    positions, triangles, uvs, offset = [], [], [], 0
    for p, t, u in meshes:
        positions.append(p)
        triangles.append(t + offset)
        uvs.append(u)
        offset += len(p)
    return np.vstack(positions), np.vstack(triangles), np.vstack(uvs)


def ribbon(
    path: np.ndarray,
    half_width: np.ndarray,
    half_depth: np.ndarray,
    outward: np.ndarray,
    sides: int = 6,
    belly: float = 0.45,
) -> Mesh:
    """A closed lock with a lens-like section swept along `path` (n, 3).

    `half_width`, `half_depth` (n,) are the half extents across and along `outward` (n, 3); the
    inner side is flattened to `belly` of the depth. U runs across the lock, V from root to tip.
    """
    count = len(path)
    tangent = unit(np.gradient(path, axis=0))
    across = unit(np.cross(tangent, outward))
    up = unit(np.cross(across, tangent))
    angles = np.pi * (1 - np.arange(sides) / sides * 2)
    positions, uvs, triangles = [], [], []
    for i in range(count):
        for a in angles:
            depth = half_depth[i] * (1.0 if np.sin(a) > 0 else belly)
            positions.append(path[i] + across[i] * np.cos(a) * half_width[i] + up[i] * np.sin(a) * depth)
            uvs.append((0.5 + 0.5 * np.cos(a), i / (count - 1)))
    for i in range(count - 1):
        for k in range(sides):
            a, c = i * sides + k, i * sides + (k + 1) % sides
            triangles += [(a, a + sides, c), (c, a + sides, c + sides)]
    positions, triangles = np.array(positions), np.array(triangles)
    centre = np.repeat(path, sides, 0)[triangles].mean(1)
    triangles = orient(positions, triangles, centre)
    caps = [triangles]
    for start, outward_end, width in (
        (0, -tangent[0], half_width[0]),
        ((count - 1) * sides, tangent[-1], half_width[-1]),
    ):
        if width > CAP_FROM:
            fan = np.array([(start, start + k, start + k + 1) for k in range(1, sides - 1)])
            a, b, c = positions[fan[0]]
            caps.append(fan if np.cross(b - a, c - a) @ outward_end > 0 else fan[:, ::-1])
    return positions, np.vstack(caps), np.array(uvs)


def loft(rings: Sequence[np.ndarray], closed: bool = True) -> Mesh:
    """A surface through rings of equal size (each (k, 3)); U runs around, V from first to last."""
    size, rows = len(rings[0]), len(rings)
    triangles = []
    for i in range(rows - 1):
        for k in range(size if closed else size - 1):
            a, c = i * size + k, i * size + (k + 1) % size
            triangles += [(a, a + size, c), (c, a + size, c + size)]
    u, v = np.meshgrid(np.arange(size) / size, np.arange(rows) / max(rows - 1, 1))
    return np.vstack(rings), np.array(triangles), np.stack([u.ravel(), v.ravel()], 1)


def torus_tube(path: np.ndarray, outward: np.ndarray, radius: float, sides: int = 6, flatten: float = 0.7) -> Mesh:
    """A closed tube around the closed `path` (n, 3); thinner along `outward` (n, 3)."""
    tangent = unit(np.roll(path, -1, 0) - np.roll(path, 1, 0))
    normal = unit(outward - tangent * np.einsum("ij,ij->i", tangent, unit(outward))[:, None])
    across = unit(np.cross(tangent, normal))
    angles = 2 * np.pi * np.arange(sides) / sides
    positions = np.stack(
        [path + normal * np.cos(a) * radius * flatten + across * np.sin(a) * radius for a in angles], 1
    ).reshape(-1, 3)
    count, triangles = len(path), []
    for i in range(count):
        for k in range(sides):
            a, c = i * sides + k, i * sides + (k + 1) % sides
            d, e = ((i + 1) % count) * sides + k, ((i + 1) % count) * sides + (k + 1) % sides
            triangles += [(a, c, d), (c, e, d)]
    triangles = np.array(triangles)
    centre = np.repeat(path, sides, 0)[triangles].mean(1)
    return positions, orient(positions, triangles, centre), np.zeros((len(positions), 2))


def clip(
    triangles: np.ndarray, attributes: Sequence[np.ndarray], fields: Sequence[Callable[[np.ndarray], np.ndarray]]
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Keeps the part of a mesh where every field of the position is positive, with clean cut edges.

    `attributes[0]` are the positions; all attributes (n, k) are interpolated at cuts.
    """
    widths = [a.shape[1] for a in attributes]
    rows = [row for row in np.hstack(attributes)]
    faces = [tuple(t) for t in triangles]
    for evaluate in fields:
        value = list(evaluate(np.array(rows)[:, :3]))
        cuts: dict[tuple[int, int], int] = {}

        def cut(i: int, j: int) -> int:
            key = (min(i, j), max(i, j))
            if key not in cuts:
                t = value[i] / (value[i] - value[j])
                rows.append(rows[i] + (rows[j] - rows[i]) * t)
                value.append(0.0)
                cuts[key] = len(rows) - 1
            return cuts[key]

        kept = []
        for face in faces:
            polygon = []
            for n in range(3):
                i, j = face[n], face[(n + 1) % 3]
                if value[i] >= 0:
                    polygon.append(i)
                if (value[i] >= 0) != (value[j] >= 0):
                    polygon.append(cut(i, j))
            for n in range(1, len(polygon) - 1):
                corner = (polygon[0], polygon[n], polygon[n + 1])
                if len(set(corner)) == 3:
                    kept.append(corner)
        faces = kept
    used, renumbered = compact(np.array(faces))
    table = np.array(rows)[used]
    return renumbered, np.split(table, np.cumsum(widths)[:-1], axis=1)


def border_loops(triangles: np.ndarray, shortest: int = 8) -> list[list[int]]:
    """The closed border loops of a mesh as vertex index lists."""
    edges = {(t[i], t[(i + 1) % 3]) for t in triangles.tolist() for i in range(3)}
    follow = {a: b for a, b in sorted(edges) if (b, a) not in edges}
    loops, seen = [], set()
    for start in sorted(follow):
        loop, at = [], start
        while at in follow and at not in seen:
            seen.add(at)
            loop.append(at)
            at = follow[at]
        if len(loop) > shortest:
            loops.append(loop)
    return loops


def hex_colour(text: str) -> np.ndarray:
    """`#rrggbb` as sRGB components 0..1 (3,)."""
    text = text.lstrip("#")
    return np.array([int(text[i : i + 2], 16) / 255 for i in (0, 2, 4)])
