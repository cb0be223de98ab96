"""Checks on the mesh helpers."""

from __future__ import annotations

import unittest

import numpy as np

from avatars import geometry
from avatars.lod import collapse
from avatars.motion.pose import pchip
from avatars.raster import rasterise


def grid(n: int) -> tuple[np.ndarray, np.ndarray]:
    y, x = np.mgrid[0:n, 0:n]
    positions = np.stack([x.ravel(), y.ravel(), np.zeros(n * n)], 1).astype(float)
    triangles = [
        t
        for j in range(n - 1)
        for i in range(n - 1)
        for t in ((j * n + i, j * n + i + 1, j * n + n + i), (j * n + i + 1, j * n + n + i + 1, j * n + n + i))
    ]
    return positions, np.array(triangles)


class Geometry(unittest.TestCase):
    def test_clip_cuts_cleanly(self):
        positions, triangles = grid(5)
        kept, (p,) = geometry.clip(triangles, [positions], [lambda q: 2.3 - q[:, 0]])
        self.assertAlmostEqual(p[:, 0].max(), 2.3)
        corners = p[kept]
        area = (
            0.5 * np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1).sum()
        )
        self.assertAlmostEqual(area, 2.3 * 4)

    def test_ribbon_faces_outwards(self):
        path = geometry.catmull_rom([[0, 0, 0], [0, -1, 0], [0, -2, 0.2]], 8)
        p, t, _ = geometry.ribbon(path, np.full(8, 0.2), np.full(8, 0.1), np.repeat([[0, 0, 1.0]], 8, 0))
        normals = geometry.vertex_normals(p, t)
        self.assertGreater(np.einsum("ij,ij->i", normals, p - np.repeat(path, 6, 0)).mean(), 0)

    def test_cross_is_that_of_numpy(self):
        a, b = np.array([0.3, -1.2, 2.5]), np.array([-0.7, 0.1, 0.9])
        self.assertEqual(geometry.cross(a, b).tolist(), np.cross(a, b).tolist())

    def test_border_loops(self):
        _, triangles = grid(6)
        loops = geometry.border_loops(triangles)
        self.assertEqual([len(loop) for loop in loops], [20])

    def test_collapse_keeps_a_plane_flat_and_its_area(self):
        positions, triangles = grid(8)
        border = ((positions[:, :2] == 0) | (positions[:, :2] == 7)).any(1)
        small = collapse(positions, triangles, 40, border, np.ones(len(positions)))
        corners = positions[small]
        area = 0.5 * np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])[:, 2]
        self.assertLess(len(small), len(triangles) // 2)
        self.assertTrue((area > 0).all())
        self.assertAlmostEqual(area.sum(), 49)

    def test_rasterise_picks_the_nearest(self):
        xy = np.array([[0, 0], [10, 0], [0, 10], [0, 0], [10, 0], [0, 10]], float)
        depth = np.array([2, 2, 2, 1, 1, 1], float)
        index, weights = rasterise(xy, depth, np.array([[0, 1, 2], [3, 4, 5]]), 10, 10)
        self.assertEqual(index[1, 1], 1)
        self.assertEqual(index[9, 9], -1)
        np.testing.assert_allclose(weights[1, 1].sum(), 1)

    def test_pchip_does_not_overshoot(self):
        at = np.linspace(0, 3, 100)
        values = pchip(np.array([0.0, 1, 2, 3]), np.array([[0.0], [1], [1], [0]]), at, False)
        self.assertTrue((values >= -1e-9).all() and (values <= 1 + 1e-9).all())

    def test_periodic_pchip_is_smooth_at_the_seam(self):
        times, values = np.array([0.0, 1, 2, 3]), np.array([[0.0], [1], [-1], [0]])
        near = pchip(times, values, np.array([0.0, 1e-4, 3 - 1e-4, 3.0]), True)[:, 0]
        self.assertAlmostEqual((near[1] - near[0]) / 1e-4, (near[3] - near[2]) / 1e-4, places=2)


if __name__ == "__main__":
    unittest.main()
