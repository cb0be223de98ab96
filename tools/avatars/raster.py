"""A small vectorised triangle rasteriser, used to bake textures and to draw previews."""

from __future__ import annotations

import numpy as np

CHUNK_PIXELS = 3_000_000


def rasterise(
    xy: np.ndarray, depth: np.ndarray, triangles: np.ndarray, width: int, height: int, grow: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """Finds the nearest triangle of every pixel.

    `xy` (n, 2) are pixel positions, `depth` (n,) grows away from the viewer. Returns the triangle
    index per pixel (height, width), -1 where there is none, and the barycentric weights
    (height, width, 3). `grow` lets triangles spill over their edges (in barycentric units).
    """
    best = np.full(width * height, np.inf)
    index = np.full(width * height, -1, int)
    weights = np.zeros((width * height, 3))
    a, b, c = (xy[triangles[:, k]] for k in range(3))
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (c[:, 0] - a[:, 0]) * (b[:, 1] - a[:, 1])
    margin = 1 if grow else 0
    low = np.floor(np.minimum(np.minimum(a, b), c) - 0.5).astype(int) - margin
    high = np.ceil(np.maximum(np.maximum(a, b), c) + 0.5).astype(int) + margin
    low = np.maximum(low, 0)
    high = np.minimum(high, [width, height])
    span = np.maximum(high - low, 0)
    count = span[:, 0] * span[:, 1]
    count[np.abs(area) < 1e-9] = 0
    order = np.flatnonzero(count)
    total = np.cumsum(count[order])
    start = 0
    while start < len(order):
        base = total[start - 1] if start else 0
        stop = max(int(np.searchsorted(total, base + CHUNK_PIXELS, side="right")), start + 1)
        t = order[start:stop]
        start = stop
        n = count[t]
        tri = np.repeat(t, n)
        step = np.arange(n.sum()) - np.repeat(np.cumsum(n) - n, n)
        px = low[tri, 0] + step % span[tri, 0]
        py = low[tri, 1] + step // span[tri, 0]
        x, y = px + 0.5, py + 0.5
        l1 = ((x - a[tri, 0]) * (c[tri, 1] - a[tri, 1]) - (c[tri, 0] - a[tri, 0]) * (y - a[tri, 1])) / area[tri]
        l2 = ((b[tri, 0] - a[tri, 0]) * (y - a[tri, 1]) - (x - a[tri, 0]) * (b[tri, 1] - a[tri, 1])) / area[tri]
        l0 = 1 - l1 - l2
        inside = (l0 >= -grow) & (l1 >= -grow) & (l2 >= -grow)
        tri, l0, l1, l2 = tri[inside], l0[inside], l1[inside], l2[inside]
        pixel = py[inside] * width + px[inside]
        z = l0 * depth[triangles[tri, 0]] + l1 * depth[triangles[tri, 1]] + l2 * depth[triangles[tri, 2]]
        by_pixel = np.lexsort((z, pixel))
        first = by_pixel[np.r_[True, np.diff(pixel[by_pixel]) > 0]] if len(by_pixel) else by_pixel
        nearer = first[z[first] < best[pixel[first]]]
        best[pixel[nearer]] = z[nearer]
        index[pixel[nearer]] = tri[nearer]
        weights[pixel[nearer]] = np.stack([l0[nearer], l1[nearer], l2[nearer]], 1)
    return index.reshape(height, width), weights.reshape(height, width, 3)
