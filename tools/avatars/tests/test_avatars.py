"""Checks on the avatar files."""

from __future__ import annotations

import unittest

import numpy as np

from avatars.characters import IDOLS
from avatars.expressions import CUSTOM, PRESETS
from avatars.skeleton import BONES, VRM_NAMES
from avatars.source import base_mesh

from .common import NAMES, VERSIONS, avatar, avatar_path

FULL_BYTES, LOD_BYTES, LOD_TRIANGLES = 6_000_000, 2_000_000, 12_000
MAX_BEVY_JOINTS, MAX_MORPHS = 256, 64
HEIGHTS = (1.55, 1.72)
MTOON_FIELDS = {
    "specVersion",
    "transparentWithZWrite",
    "renderQueueOffsetNumber",
    "shadeColorFactor",
    "shadingShiftFactor",
    "shadingToonyFactor",
    "giEqualizationFactor",
    "matcapFactor",
    "parametricRimColorFactor",
    "parametricRimLiftFactor",
    "rimLightingMixFactor",
    "outlineWidthMode",
    "outlineColorFactor",
    "outlineLightingMixFactor",
    "uvAnimationScrollXSpeedFactor",
    "uvAnimationScrollYSpeedFactor",
    "uvAnimationRotationSpeedFactor",
}


def primitives(glb):
    for mesh in glb.json["meshes"]:
        for primitive in mesh["primitives"]:
            yield mesh, primitive


def every_version(check):
    """Runs `check(self, name, lod, glb)` for every idol and version."""

    def test(self):
        for name, lod in VERSIONS:
            with self.subTest(idol=name, lod=lod):
                check(self, name, lod, avatar(name, lod))

    return test


class AvatarFiles(unittest.TestCase):
    @every_version
    def test_sizes(self, name, lod, glb):
        self.assertLess(avatar_path(name, lod).stat().st_size, LOD_BYTES if lod else FULL_BYTES)
        triangles = sum(glb.json["accessors"][p["indices"]]["count"] // 3 for _, p in primitives(glb))
        if lod:
            self.assertLessEqual(triangles, LOD_TRIANGLES)
        self.assertLessEqual(len(glb.json["skins"][0]["joints"]), MAX_BEVY_JOINTS)

    @every_version
    def test_expressions(self, name, lod, glb):
        expressions = glb.json["extensions"]["VRMC_vrm"]["expressions"]
        self.assertEqual(set(expressions["preset"]), set(PRESETS) | set(CUSTOM))
        self.assertEqual(len(PRESETS), 18)
        self.assertEqual(set(expressions["custom"]), set(CUSTOM))
        targets = next(m for m in glb.json["meshes"] if m["name"] == "face")["extras"]["targetNames"]
        for name, entry in expressions["preset"].items():
            for bind in entry["morphTargetBinds"]:
                self.assertIn("mesh", glb.json["nodes"][bind["node"]])
                self.assertLess(bind["index"], len(targets))
                self.assertTrue(0 < bind["weight"] <= 1)
            if name != "neutral":
                self.assertTrue(entry["morphTargetBinds"], name)

    @every_version
    def test_every_expression_moves_the_face(self, name, lod, glb):
        face = next(m for m in glb.json["meshes"] if m["name"] == "face")
        for name, entry in glb.json["extensions"]["VRMC_vrm"]["expressions"]["preset"].items():
            moved = max(
                (
                    np.abs(glb.array(p["targets"][b["index"]]["POSITION"])).max() * b["weight"]
                    for p in face["primitives"]
                    for b in entry["morphTargetBinds"]
                ),
                default=0,
            )
            if name != "neutral":
                self.assertGreater(moved, 0.0005, name)

    @every_version
    def test_arkit_shapes_in_the_full_version(self, name, lod, glb):
        targets = next(m for m in glb.json["meshes"] if m["name"] == "face")["extras"]["targetNames"]
        self.assertLessEqual(len(targets), MAX_MORPHS)
        if not lod:
            self.assertLessEqual(set(base_mesh().face_units()), set(targets))

    @every_version
    def test_bones(self, name, lod, glb):
        bones = glb.json["extensions"]["VRMC_vrm"]["humanoid"]["humanBones"]
        self.assertEqual(set(bones), set(VRM_NAMES.values()))
        self.assertEqual(len(bones), len(BONES))
        names = [n["name"] for n in glb.json["nodes"]]
        self.assertEqual(len(set(names)), len(names), "bevy_vrm1 finds nodes by name")
        for bone, entry in bones.items():
            self.assertEqual(names[entry["node"]], bone)
            self.assertNotIn("rotation", glb.json["nodes"][entry["node"]])

    def test_same_bones_and_expressions_in_the_lod(self):
        for name in NAMES:
            full, lod = (avatar(name, v).json["extensions"]["VRMC_vrm"] for v in (False, True))
            self.assertEqual(set(full["humanoid"]["humanBones"]), set(lod["humanoid"]["humanBones"]))
            self.assertEqual(set(full["expressions"]["preset"]), set(lod["expressions"]["preset"]))

    @every_version
    def test_geometry(self, name, lod, glb):
        for mesh, p in primitives(glb):
            a = p["attributes"]
            positions, normals = glb.array(a["POSITION"]), glb.array(a["NORMAL"])
            for accessor in a.values():
                values = glb.array(accessor)
                self.assertTrue(np.isfinite(values.astype(float)).all())
                self.assertEqual(len(values), len(positions))
            indices = glb.array(p["indices"])
            self.assertLess(indices.max(), len(positions))
            corners = indices.reshape(-1, 3)
            self.assertTrue((corners[:, 0] != corners[:, 1]).all() and (corners[:, 1] != corners[:, 2]).all())
            np.testing.assert_allclose(np.linalg.norm(normals, axis=1), 1, atol=1e-3)
            weights, joints = glb.array(a["WEIGHTS_0"]), glb.array(a["JOINTS_0"])
            np.testing.assert_allclose(weights.sum(1), 1, atol=1e-4)
            self.assertTrue((weights >= 0).all())
            self.assertLess(joints.max(), len(glb.json["skins"][0]["joints"]))
            uvs = glb.array(a["TEXCOORD_0"])
            self.assertTrue(((uvs >= -0.01) & (uvs <= 1.01)).all())
            for target in p.get("targets", ()):
                delta = glb.array(target["POSITION"])
                self.assertTrue(np.isfinite(delta).all())
                self.assertLess(np.abs(delta).max(), 0.08)

    @every_version
    def test_stands_on_the_ground_at_her_height(self, name, lod, glb):
        low = min(glb.array(p["attributes"]["POSITION"])[:, 1].min() for _, p in primitives(glb))
        high = max(glb.array(p["attributes"]["POSITION"])[:, 1].max() for _, p in primitives(glb))
        self.assertAlmostEqual(low, 0, places=3)
        self.assertAlmostEqual(high, IDOLS[name].height, delta=0.02)
        self.assertTrue(HEIGHTS[0] <= high <= HEIGHTS[1])

    @every_version
    def test_is_left_right_balanced(self, name, lod, glb):
        joints = glb.json["extensions"]["VRMC_vrm"]["humanoid"]["humanBones"]
        for left in (b for b in joints if b.startswith("left")):
            a = np.array(glb.json["nodes"][joints[left]["node"]]["translation"])
            b = np.array(glb.json["nodes"][joints["right" + left[4:]]["node"]]["translation"])
            np.testing.assert_allclose(a * [-1, 1, 1], b, atol=2e-3)

    @every_version
    def test_materials_have_every_field_the_reader_wants(self, name, lod, glb):
        for material in glb.json["materials"]:
            mtoon = material["extensions"]["VRMC_materials_mtoon"]
            self.assertLessEqual(MTOON_FIELDS, set(mtoon))
            if "shadeMultiplyTexture" in mtoon:
                self.assertIn("KHR_texture_transform", mtoon["shadeMultiplyTexture"]["extensions"])

    @every_version
    def test_springs(self, name, lod, glb):
        spring = glb.json["extensions"]["VRMC_springBone"]
        self.assertTrue(any(s["name"].startswith("skirt") for s in spring["springs"]))
        used = [j["node"] for s in spring["springs"] for j in s["joints"]]
        self.assertEqual(len(used), len(set(used)))
        for s in spring["springs"]:
            for joint in s["joints"]:
                self.assertLessEqual({"stiffness", "dragForce", "gravityPower", "gravityDir", "hitRadius"}, set(joint))
            for group in s["colliderGroups"]:
                self.assertLess(group, len(spring["colliderGroups"]))
        for collider in spring["colliders"]:
            self.assertIn("sphere", collider["shape"])

    @every_version
    def test_licence(self, name, lod, glb):
        meta = glb.json["extensions"]["VRMC_vrm"]["meta"]
        self.assertIn("zero/1.0", meta["otherLicenseUrl"])
        self.assertIn("Mika Suominen", meta["thirdPartyLicenses"])

    def test_idols_differ(self):
        faces = {name: avatar(name, False) for name in NAMES}
        shapes = []
        for glb in faces.values():
            mesh = next(m for m in glb.json["meshes"] if m["name"] == "face")
            shapes.append(glb.array(mesh["primitives"][0]["attributes"]["POSITION"]))
        for i, a in enumerate(shapes):
            for b in shapes[i + 1 :]:
                self.assertFalse(a.shape == b.shape and np.allclose(a, b, atol=1e-3))


if __name__ == "__main__":
    unittest.main()
