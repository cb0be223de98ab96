"""Checks that the files the game loads are what the builder makes."""

from __future__ import annotations

import unittest
from pathlib import Path

import numpy as np

from avatars.gltf import Glb

from .common import AGAIN_CLIP, AGAIN_IDOL, CLIPS, VERSIONS, avatar_path, built, motion_path

ASSETS = Path(__file__).resolve().parents[3] / "assets"
AVATARS, MOTIONS = ASSETS / "avatars", ASSETS / "motions"
#: The last bit of a sum depends on the instructions of the processor.
LAST_BITS = 1e-6
ADVICE = "is not what the builder makes. Build it again as tools/avatars/README.md says, and look at the previews"


def difference(made: Glb, kept: Glb) -> str:
    """Where two files differ by more than the last bits; nothing if they do not."""
    keys = [key for key in made.json.keys() | kept.json.keys() if made.json.get(key) != kept.json.get(key)]
    if keys:
        return "the JSON differs in " + ", ".join(sorted(keys))
    for index, accessor in enumerate(made.json["accessors"]):
        if not np.allclose(made.array(index), kept.array(index), rtol=0, atol=LAST_BITS):
            return f"accessor {index} ({accessor['type']}) differs"
    for image in made.json.get("images", ()):
        if made.view(image["bufferView"]) != kept.view(image["bufferView"]):
            return f"the image {image.get('name', image['bufferView'])} differs"
    return ""


class AssetFiles(unittest.TestCase):
    def assert_kept(self, made: Path, kept: Path) -> None:
        """One file is as it was built here."""
        self.assertTrue(kept.is_file(), f"{kept} is missing")
        if made.read_bytes() != kept.read_bytes():
            self.assertEqual(difference(Glb(made), Glb(kept)), "", f"{kept} {ADVICE}")

    def test_avatars_are_what_the_builder_makes(self):
        for name, lod in VERSIONS:
            with self.subTest(idol=name, lod=lod):
                made = avatar_path(name, lod)
                self.assert_kept(made, AVATARS / made.name)
        kept = {path.name for path in AVATARS.glob("*.vrm")}
        self.assertEqual(kept, {avatar_path(name, lod).name for name, lod in VERSIONS})

    def test_motions_are_what_the_builder_makes(self):
        for name in CLIPS:
            with self.subTest(motion=name):
                self.assert_kept(motion_path(name), MOTIONS / f"{name}.vrma")
        self.assertEqual({path.stem for path in MOTIONS.glob("*.vrma")}, set(CLIPS))

    def test_the_index_is_what_the_builder_makes(self):
        index = "motions.json"
        self.assertEqual((built().folder / index).read_text(), (MOTIONS / index).read_text(), f"{index} {ADVICE}")

    def test_a_second_build_gives_the_same_bytes(self):
        files = [avatar_path(AGAIN_IDOL, lod) for lod in (False, True)] + [motion_path(AGAIN_CLIP)]
        for path in files:
            with self.subTest(file=path.name):
                self.assertEqual(path.read_bytes(), (built().again / path.name).read_bytes())


if __name__ == "__main__":
    unittest.main()
