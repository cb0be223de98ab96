"""Checks on the motion files, played back on the skeletons of all four idols."""

from __future__ import annotations

import unittest
from functools import lru_cache

import numpy as np

from avatars.motion.playback import Playback
from avatars.motion.rig import HAND_MARGIN
from avatars.preview import quaternion_matrix
from avatars.skeleton import BONES, SIDES, VRM_NAMES

from .common import CLIPS, NAMES, built, motion_path

WANTED = {
    "idle_siwoo",
    "idle_jena",
    "idle_taira",
    "idle_marty",
    "listen",
    "think",
    "talk_a",
    "talk_b",
    "talk_c",
    "nod",
    "shake",
    "wave",
    "bow",
    "heart",
    "clap",
    "laugh",
    "cry",
    "shy",
    "surprised",
    "angry",
    "point",
    "cheer",
    "sit",
    "dance_siwoo",
    "dance_jena",
    "dance_taira",
    "dance_marty",
    "dance_group",
}
DANCE_SECONDS = 16.0
MAX_FPS = 30
FRAMES = 24  # sampled per clip
FOOT_SLIDE = 0.010  # metres that ankle and toes may drift from where the foot landed
TOES = 0.16  # metres from the ankle forwards
FOOT_SINK = 0.016  # metres a foot may be under its rest height
LANDED = 0.004  # a foot less than this above its rest height carries weight
#: Skin of a hand may touch, but its bones must stay this far outside the solids.
CONTACT = HAND_MARGIN - 0.016
#: How far hands may cross the solids of an idol who is not the one the clip was made on.
SHARED_TOLERANCE = 0.020
MAX_TURN = 36.0  # degrees a bone may turn from one frame to the next at 30 frames a second


BONE_OF = {vrm: bone for bone, vrm in VRM_NAMES.items()}


@lru_cache(maxsize=len(CLIPS))
def playback(name: str) -> Playback:
    return Playback(motion_path(name))


@lru_cache(maxsize=1024)  # more than the frames of any clip: all idols who perform it share them
def turns(name: str, t: float) -> dict[str, np.ndarray]:
    """Rotations (3, 3) of a clip at a time, by bone."""
    motion = playback(name)
    return {BONE_OF[b]: quaternion_matrix(motion.rotation(b, t)) for b in motion.rotations}


class Played:
    """A clip on one idol: world rotations and places of bones by time."""

    def __init__(self, clip_name: str, idol: str) -> None:
        self.clip_name, self.rig = clip_name, built().rigs[idol]

    def at(self, t: float):
        hips = playback(self.clip_name).hips_at(t, self.rig.rest["Hips"])
        return self.rig.forward(turns(self.clip_name, t), hips)


def owners(name: str) -> list[str]:
    return [CLIPS[name].owner] if CLIPS[name].owner else NAMES


def frames(name: str, motion: Playback) -> list[float]:
    """The seconds of all frames of a clip but the last."""
    return np.arange(0, motion.duration, 1 / CLIPS[name].fps).tolist()


def every_clip(check):
    """Runs `check(self, name, motion)` for every clip."""

    def test(self):
        for name in CLIPS:
            with self.subTest(motion=name):
                check(self, name, playback(name))

    return test


def every_clip_and_idol(check):
    """Runs `check(self, name, motion, played, idol)` for every clip on every idol who performs it."""

    @every_clip
    def test(self, name, motion):
        for idol in owners(name):
            with self.subTest(idol=idol):
                check(self, name, motion, Played(name, idol), idol)

    return test


class MotionFiles(unittest.TestCase):
    def test_all_there(self):
        self.assertEqual(set(CLIPS), WANTED)

    @every_clip
    def test_shape(self, name, motion):
        document = motion.glb.json
        self.assertEqual(document["extensions"]["VRMC_vrm_animation"]["specVersion"], "1.0")
        self.assertEqual(set(motion.rotations), set(VRM_NAMES.values()))
        self.assertEqual(len(motion.rotations), len(BONES))
        for times, values in [*motion.rotations.values(), motion.hips]:
            self.assertGreaterEqual(len(times), 2)
            self.assertEqual(len(times), len(values))
            self.assertAlmostEqual(float(times[-1]), CLIPS[name].duration, places=4)
            self.assertTrue((np.diff(times) > 1 / (MAX_FPS + 0.5)).all())
            self.assertTrue(np.isfinite(values).all())
        for _, values in motion.rotations.values():
            np.testing.assert_allclose(np.linalg.norm(values, axis=1), 1, atol=1e-3)
            self.assertTrue((np.einsum("ij,ij->i", values[1:], values[:-1]) > 0).all(), "quaternion sign flip")
        if name.startswith("dance"):
            self.assertAlmostEqual(motion.duration, DANCE_SECONDS, places=4)
        if name.startswith("idle"):
            self.assertTrue(6 <= motion.duration <= 8)

    @every_clip
    def test_seamless(self, name, motion):
        for bone, (_, values) in motion.rotations.items():
            self.assertGreater(abs(float(values[0] @ values[-1])), 1 - 1e-5, bone)
        np.testing.assert_allclose(motion.hips[1][0], motion.hips[1][-1], atol=1e-4)

    @every_clip
    def test_smooth(self, name, motion):
        limit = MAX_TURN * MAX_FPS / CLIPS[name].fps
        for bone, (times, values) in motion.rotations.items():
            if len(values) > 2:
                turn = 2 * np.degrees(np.arccos(np.clip(np.abs(np.einsum("ij,ij->i", values[1:], values[:-1])), 0, 1)))
                self.assertLess(turn.max(), limit, f"{bone} at {times[int(turn.argmax())]:.2f}")

    @every_clip_and_idol
    def test_hands_stay_out_of_body_and_skirt(self, name, motion, played, idol):
        tolerance = CONTACT if CLIPS[name].owner else SHARED_TOLERANCE
        for t in np.linspace(0, motion.duration, FRAMES, endpoint=False):
            rotation, place = played.at(float(t))
            for side, _ in SIDES:
                points = played.rig.hand_points(side, rotation, place)
                depth = float(np.linalg.norm(played.rig.push_out(points, rotation, place)))
                self.assertLess(depth, HAND_MARGIN + tolerance, f"{idol} {side} hand at {t:.2f} s")

    @every_clip_and_idol
    def test_hands_stay_out_of_each_other(self, name, motion, played, idol):
        for t in np.linspace(0, motion.duration, FRAMES, endpoint=False):
            _, place = played.at(float(t))
            middle = [(place[s + "HandMiddle1"] + place[s + "Hand"]) / 2 for s, _ in SIDES]
            self.assertGreater(np.linalg.norm(middle[0] - middle[1]), 0.028, f"{idol} at {t:.2f} s")

    @every_clip_and_idol
    def test_feet_do_not_sink(self, name, motion, played, idol):
        for t in frames(name, motion):
            _, place = played.at(t)
            for side, _ in SIDES:
                height = place[side + "Foot"][1] - played.rig.rest[side + "Foot"][1]
                self.assertGreater(height, -FOOT_SINK, f"{idol} {side} foot at {t:.2f} s")

    @every_clip_and_idol
    def test_feet_on_the_floor_do_not_slide(self, name, motion, played, idol):
        landed: dict[str, np.ndarray] = {}
        for t in frames(name, motion):
            rotation, place = played.at(t)
            for side, _ in SIDES:
                foot = side + "Foot"
                height = played.rig.rest[foot][1]
                sole = np.array([place[foot], place[foot] + rotation[foot] @ [0, -height, TOES]])
                if CLIPS[name].planted or place[foot][1] - height < LANDED:
                    drift = np.linalg.norm(sole - landed.setdefault(side, sole), axis=1).max()
                    self.assertLess(drift, FOOT_SLIDE, f"{idol} {side} foot at {t:.2f} s")
                else:
                    landed.pop(side, None)


if __name__ == "__main__":
    unittest.main()
