"""Checks that hair and skirts hang calmly under the spring step of the game."""

from __future__ import annotations

import unittest

import numpy as np

from avatars.motion.playback import Playback
from avatars.preview import Avatar
from avatars.spring_sim import simulate

from .common import NAMES, avatar, motion_path

SETTLE_SECONDS = 1.5
MAX_LEAN = 35.0  # degrees a joint may lean from its rest when the idol stands
FLOOR_SINK = 0.01  # metres that a part may be under the floor


class Springs(unittest.TestCase):
    def test_hang_calmly_while_standing(self):
        for name in NAMES:
            with self.subTest(idol=name):
                figure = Avatar(avatar(name, False))
                motion = Playback(motion_path(f"idle_{name}"))
                rotations, _ = simulate(figure, motion, SETTLE_SECONDS)
                springs = figure.glb.json["extensions"]["VRMC_springBone"]["springs"]
                for spring in springs:
                    for joint in spring["joints"][:-1]:
                        turn = rotations[joint["node"]]
                        self.assertTrue(np.isfinite(turn).all())
                        lean = np.degrees(np.arccos(np.clip((np.trace(turn) - 1) / 2, -1, 1)))
                        self.assertLess(lean, MAX_LEAN, spring["name"])

    def test_skirts_stay_above_the_floor_while_she_sits_on_it(self):
        for name in NAMES:
            with self.subTest(idol=name):
                figure = Avatar(avatar(name, False))
                pose = simulate(figure, Playback(motion_path("sit")), SETTLE_SECONDS)
                for part in figure.triangles(figure.globals(*pose), {}):
                    self.assertGreater(part["p"][:, 1].min(), -FLOOR_SINK, part["m"]["name"])


if __name__ == "__main__":
    unittest.main()
