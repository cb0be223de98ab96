"""Low-poly versions: parts are simplified by half-edge collapse with quadric errors.

A collapse moves a vertex onto one of its neighbours, so positions, weights, texture coordinates
and morphs of the vertices that stay are used as they are.
"""

from __future__ import annotations

import heapq
from math import hypot

import numpy as np

from .figure import Figure
from .parts import Part

#: Triangles to keep by part name; parts not listed keep all of theirs.
BUDGETS = {
    "face": 1150,
    "head": 750,
    "body": 2000,
    "top": 650,
    "tights": 520,
    "socks": 360,
    "shorts": 150,
    "boots": 160,
    "jacket": 360,
    "yoke": 260,
    "collar": 260,
    "teeth": 24,
    "tongue": 60,
}
OUTLINED = ("skin", "hair")
BORDER_WEIGHT = 30.0  # keeps cut edges and seams in place
FLIP_LIMIT = 0.15  # smallest allowed cosine between a face normal before and after


def _plane_quadrics(positions: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """Sum of squared-distance quadrics (n, 4, 4) of the faces around every vertex."""
    corners = positions[triangles]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    area = np.linalg.norm(normal, axis=1, keepdims=True)
    normal = normal / np.maximum(area, 1e-12)
    plane = np.column_stack([normal, -np.einsum("ij,ij->i", normal, corners[:, 0])])
    quadric = plane[:, :, None] * plane[:, None, :] * area[:, :, None]
    out = np.zeros((len(positions), 4, 4))
    for k in range(3):
        np.add.at(out, triangles[:, k], quadric)
    return out


def _normal(a: list[float], b: list[float], c: list[float]) -> tuple[float, float, float]:
    """Normal of a face, as long as twice its area."""
    x, y, z = b[0] - a[0], b[1] - a[1], b[2] - a[2]
    u, v, w = c[0] - a[0], c[1] - a[1], c[2] - a[2]
    return y * w - z * v, z * u - x * w, x * v - y * u


def collapse(
    positions: np.ndarray, triangles: np.ndarray, target: int, locked: np.ndarray, importance: np.ndarray
) -> np.ndarray:
    """Simplified triangles (k, 3) over the same vertices; `locked` (n,) vertices stay.

    `importance` (n,) multiplies the cost of removing a vertex.
    """
    quadrics = _plane_quadrics(positions, triangles)
    faces: list[tuple[int, int, int] | None] = [tuple(t) for t in triangles.tolist()]
    around: list[set[int]] = [set() for _ in positions]
    for i, face in enumerate(faces):
        for v in face:
            around[v].add(i)
    homogeneous = np.column_stack([positions, np.ones(len(positions))])
    # Plain numbers: arithmetic on three of them is much quicker than on an array.
    places: list[list[float]] = positions.tolist()

    def cost(a: int, b: int) -> float:
        p = homogeneous[b]
        (ax, ay, az), (bx, by, bz) = places[a], places[b]
        length = (ax - bx) ** 2 + (ay - by) ** 2 + (az - bz) ** 2
        return float(p @ (quadrics[a] + quadrics[b]) @ p) * importance[a] + 1e-4 * length * importance[a]

    version = np.zeros(len(positions), int)
    heap: list[tuple[float, int, int, int]] = []

    def offer(a: int) -> None:
        if locked[a]:
            return
        neighbours = {v for f in around[a] for v in faces[f]} - {a}
        for b in sorted(neighbours):
            heapq.heappush(heap, (cost(a, b), a, b, int(version[a])))

    for v in range(len(positions)):
        if around[v]:
            offer(v)

    def flips(face: tuple[int, int, int], a: int, b: int) -> bool:
        """Whether a face would turn over, or vanish, if its vertex `a` were `b`."""
        n0 = _normal(*(places[v] for v in face))
        n1 = _normal(*(places[b if v == a else v] for v in face))
        l0, l1 = hypot(*n0), hypot(*n1)
        return l1 < 1e-9 or n0[0] * n1[0] + n0[1] * n1[1] + n0[2] * n1[2] < FLIP_LIMIT * l0 * l1

    count = len(faces)
    while count > target and heap:
        _, a, b, stamp = heapq.heappop(heap)
        if stamp != version[a] or not around[a] or not around[b]:
            continue
        shared = around[a] & around[b]
        if not shared:
            continue
        # The link condition keeps the surface a manifold.
        ring_a = {v for f in around[a] for v in faces[f]} - {a, b}
        ring_b = {v for f in around[b] for v in faces[f]} - {a, b}
        opposite = {v for f in shared for v in faces[f]} - {a, b}
        if (ring_a & ring_b) != opposite:
            continue
        if any(flips(faces[f], a, b) for f in around[a] - shared):
            continue
        for f in shared:
            for v in faces[f]:
                around[v].discard(f)
            faces[f] = None
            count -= 1
        for f in list(around[a]):
            faces[f] = tuple(b if v == a else v for v in faces[f])
            around[b].add(f)
        around[a].clear()
        quadrics[b] = quadrics[b] + quadrics[a]
        touched = {v for f in around[b] for v in faces[f]}
        for v in sorted(touched):
            version[v] += 1
            offer(v)
    return np.array([f for f in faces if f is not None])


def border_vertices(triangles: np.ndarray, count: int) -> np.ndarray:
    """Mask (count,) of vertices on open edges."""
    edges = np.sort(np.vstack([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]), 1)
    unique, times = np.unique(edges, axis=0, return_counts=True)
    mask = np.zeros(count, bool)
    mask[unique[times == 1].ravel()] = True
    return mask


def simplify_part(part: Part, target: int) -> None:
    """Reduces a part to about `target` triangles, keeping its open borders and texture seams."""
    if len(part.triangles) <= target:
        return
    count = len(part.positions)
    border = border_vertices(part.triangles, count)
    importance = np.ones(count)
    if part.morphs:
        activity = sum((np.linalg.norm(d, axis=1) for d in part.morphs.values()), np.zeros(count))
        importance += 6 * activity / max(activity.max(), 1e-9)
    locked = border
    if part.name not in ("face", "head", "body"):
        # Every other border vertex of a cloth edge may go.
        locked = border & (np.arange(count) % 2 == 0)
        importance = importance * np.where(border, BORDER_WEIGHT, 1)
    triangles = collapse(part.positions, part.triangles, target, locked, importance)
    used, inverse = np.unique(triangles, return_inverse=True)
    part.triangles = inverse.reshape(-1, 3)
    for name in ("positions", "weights", "uvs", "normals"):
        value = getattr(part, name)
        if value is not None:
            setattr(part, name, value[used])
    part.morphs = {k: d[used] for k, d in part.morphs.items()}
    part.spring_weights = {k: w[used] for k, w in part.spring_weights.items()}


def simplify_figure(figure: Figure) -> None:
    """Simplifies the parts and leaves outlines to skin and hair: each costs a second draw."""
    for name, material in figure.materials.items():
        if name not in OUTLINED:
            material.outline = 0.0
    for part in figure.parts:
        if part.name in BUDGETS:
            simplify_part(part, BUDGETS[part.name])
