"""Writes a finished figure as a VRM 1.0 file: metres, +Z front, T-pose, soles at height 0."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import gltf
from .expressions import BLOCKS_BLINK, CUSTOM, EXPRESSIONS, PRESETS
from .figure import Figure
from .geometry import welded_normals
from .gltf import GlbWriter
from .parts import Material, Part
from .skeleton import BONE_INDEX, BONES, SIDES, VRM_NAMES, TPose, bone_parents

GENERATOR = "idol avatar builder; body data CC0 MakeHuman/MPFB2, face units CC0 Mika Suominen"
CREDITS = (
    "Body topology, morph targets and weights: MakeHuman/MPFB2 (CC0 1.0). ARKit face units: Mika Suominen (CC0 1.0)."
)
CC0_URL = "https://creativecommons.org/publicdomain/zero/1.0/"
MAX_INFLUENCES = 4
LOOK_RANGE_DEGREES = 30.0  # gaze angle that gives the full look expression


@dataclass
class Baked:
    """A part in the T-pose, in metres."""

    part: Part
    positions: np.ndarray
    normals: np.ndarray
    joints: np.ndarray  # (n, 4)
    weights: np.ndarray  # (n, 4)


def linear(colour: np.ndarray) -> list[float]:
    """sRGB (3,) to the linear factors that glTF stores."""
    c = np.asarray(colour, float)
    return [round(float(x), 6) for x in np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)]


class VrmExporter:
    """Writes a figure as a VRM file; `keep_morphs` are the shapes to keep, all if none are named."""

    def __init__(self, figure: Figure, keep_morphs: set[str] | None = None) -> None:
        self.figure = figure
        self.keep = keep_morphs
        self.pose = TPose.of(figure.base, figure.positions)
        soles = [p for p in figure.parts if p.name.startswith(("sole", "shoe"))]
        self.ground = min(self.pose.apply(p.positions, p.weights)[:, 1].min() for p in soles)
        top = max(p.positions[:, 1].max() for p in figure.parts)
        #: Metres per decimetre of the model: brings her to the wanted height.
        self.scale = figure.config.height / (top - self.ground)
        self.parents = bone_parents(figure.base)
        self.joints = list(BONES)
        self.places = {b: self._metres(self.pose.t_pose[b]) for b in BONES}
        for chain in figure.chains:
            for i, name in enumerate(chain.joint_names()):
                self.joints.append(name)
                self.parents[name] = chain.parent if i == 0 else chain.joint_names()[i - 1]
                self.places[name] = self._metres(self.pose.move(chain.points[i], chain.parent))
        self.joint_index = {name: i for i, name in enumerate(self.joints)}
        self.chain_parent = {n: c.parent for c in figure.chains for n in c.joint_names()}
        self.writer = GlbWriter(GENERATOR)
        self.node: dict[str, int] = {}

    def _metres(self, point: np.ndarray) -> np.ndarray:
        return (point - [0, self.ground, 0]) * self.scale

    def bake(self, part: Part) -> Baked:
        """A part in the T-pose and in metres, with all its weights."""
        weights = np.zeros((len(part.positions), len(self.joints)))
        weights[:, : len(BONES)] = part.weights
        pose_weights = part.weights.copy()
        for joint, share in part.spring_weights.items():
            weights[:, self.joint_index[joint]] += share
            pose_weights[:, BONE_INDEX[self.chain_parent[joint]]] += share
        positions = self._metres(self.pose.apply(part.positions, pose_weights))
        if part.normals is not None:
            normals = self.pose.rotate(part.normals, pose_weights)
            normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
        else:
            normals = welded_normals(positions * 10, part.triangles)
        joints = np.argsort(-weights, axis=1, kind="stable")[:, :MAX_INFLUENCES]
        kept = np.take_along_axis(weights, joints, 1)
        kept = np.where(kept < 1e-4, 0, kept)
        kept /= kept.sum(1, keepdims=True)
        joints[kept <= 0] = 0
        return Baked(part, positions, normals, joints, kept)

    # ---- document pieces

    def nodes(self) -> None:
        """Adds a node for every joint, and the skin."""
        nodes: list[dict] = [{"name": "root", "children": []}]
        for name in self.joints:
            parent = self.parents[name]
            offset = self.places[name] - (self.places[parent] if parent else 0)
            self.node[name] = len(nodes)
            nodes.append(
                {"name": VRM_NAMES.get(name, name), "translation": [round(float(x), 7) for x in offset], "children": []}
            )
            nodes[self.node[parent] if parent else 0]["children"].append(self.node[name])
        for node in nodes:
            if not node["children"]:
                del node["children"]
        self.writer.document["nodes"] = nodes
        inverse = np.tile(np.eye(4, dtype=np.float32), (len(self.joints), 1, 1))
        for i, name in enumerate(self.joints):
            inverse[i, 3, :3] = -self.places[name]
        self.writer.document["skins"] = [
            {
                "joints": [self.node[n] for n in self.joints],
                "skeleton": self.node["Hips"],
                "inverseBindMatrices": self.writer.accessor(inverse.reshape(-1, 16), gltf.FLOAT, "MAT4"),
            }
        ]

    def materials(self, names: list[str]) -> dict[str, int]:
        """Adds the materials of these names with their textures; returns their indices by name."""
        document, w = self.writer.document, self.writer
        document.update(
            materials=[],
            textures=[],
            images=[],
            samplers=[{"magFilter": 9729, "minFilter": 9987, "wrapS": 33071, "wrapT": 33071}],
        )
        texture_of: dict[int, int] = {}
        for name in names:
            material = self.figure.materials[name]
            texture = None
            if material.image is not None:
                if id(material.image) not in texture_of:
                    data = io.BytesIO()
                    material.image.save(data, "PNG", optimize=True)
                    document["images"].append(
                        {"bufferView": w.view(data.getvalue()), "mimeType": "image/png", "name": name}
                    )
                    document["textures"].append({"source": len(document["images"]) - 1, "sampler": 0})
                    texture_of[id(material.image)] = len(document["textures"]) - 1
                texture = texture_of[id(material.image)]
            document["materials"].append(self._material(name, material, texture))
        return {name: i for i, name in enumerate(names)}

    def _material(self, name: str, m: Material, texture: int | None) -> dict:
        """bevy_vrm1 wants every MToon field, and a texture transform on the shade texture."""
        pbr: dict = {"baseColorFactor": linear(m.base) + [1.0], "metallicFactor": 0.0, "roughnessFactor": 0.9}
        mtoon: dict = {
            "specVersion": "1.0",
            "transparentWithZWrite": False,
            "renderQueueOffsetNumber": 0,
            "shadeColorFactor": linear(m.base if m.unlit else m.shade),
            "shadingShiftFactor": -0.02,
            "shadingToonyFactor": 0.93,
            "giEqualizationFactor": 0.9,
            "matcapFactor": [0.0, 0.0, 0.0],
            "parametricRimColorFactor": [0.0, 0.0, 0.0],
            "parametricRimFresnelPowerFactor": 5.0,
            "parametricRimLiftFactor": 0.0,
            "rimLightingMixFactor": 1.0,
            "outlineWidthMode": "worldCoordinates" if m.outline > 0 else "none",
            "outlineWidthFactor": round(m.outline * self.scale, 6),
            "outlineColorFactor": linear(m.outline_colour),
            "outlineLightingMixFactor": 0.0,
            "uvAnimationScrollXSpeedFactor": 0.0,
            "uvAnimationScrollYSpeedFactor": 0.0,
            "uvAnimationRotationSpeedFactor": 0.0,
        }
        if texture is not None:
            pbr["baseColorTexture"] = {"index": texture}
            mtoon["shadeMultiplyTexture"] = {
                "index": texture,
                "extensions": {"KHR_texture_transform": {"offset": [0.0, 0.0], "scale": [1.0, 1.0]}},
            }
        return {
            "name": name,
            "pbrMetallicRoughness": pbr,
            "doubleSided": m.double_sided,
            "extensions": {"VRMC_materials_mtoon": mtoon},
        }

    def primitive(self, baked: list[Baked], material: int, morph_names: list[str]) -> dict:
        """A primitive of parts that share a material."""
        w = self.writer
        positions = np.vstack([b.positions for b in baked]).astype(np.float32)
        normals = np.vstack([b.normals for b in baked]).astype(np.float32)
        uvs = np.vstack([b.part.uvs if b.part.uvs is not None else np.zeros((len(b.positions), 2)) for b in baked])
        offset, triangles = 0, []
        for b in baked:
            triangles.append(b.part.triangles + offset)
            offset += len(b.positions)
        wide = offset >= 65535
        primitive = {
            "attributes": {
                "POSITION": w.accessor(positions, gltf.FLOAT, "VEC3", gltf.ARRAY_BUFFER, bounds=True),
                "NORMAL": w.accessor(normals, gltf.FLOAT, "VEC3", gltf.ARRAY_BUFFER),
                "TEXCOORD_0": w.accessor(uvs, gltf.FLOAT, "VEC2", gltf.ARRAY_BUFFER),
                "JOINTS_0": w.accessor(
                    np.vstack([b.joints for b in baked]), gltf.UNSIGNED_BYTE, "VEC4", gltf.ARRAY_BUFFER
                ),
                "WEIGHTS_0": w.accessor(np.vstack([b.weights for b in baked]), gltf.FLOAT, "VEC4", gltf.ARRAY_BUFFER),
            },
            "indices": w.accessor(
                np.vstack(triangles).ravel(),
                gltf.UNSIGNED_INT if wide else gltf.UNSIGNED_SHORT,
                "SCALAR",
                gltf.ELEMENT_BUFFER,
            ),
            "material": material,
        }
        if morph_names:
            primitive["targets"] = []
            for name in morph_names:
                delta = (
                    np.vstack([b.part.morphs.get(name, np.zeros((len(b.positions), 3))) for b in baked]) * self.scale
                )
                primitive["targets"].append(
                    {"POSITION": w.accessor(delta, gltf.FLOAT, "VEC3", gltf.ARRAY_BUFFER, bounds=True)}
                )
        return primitive

    def meshes(self) -> list[str]:
        """Writes the meshes `face` (morphs), `hair` and `body`; returns the morph names."""
        baked = [self.bake(p) for p in self.figure.parts]
        morphs = sorted({m for b in baked if b.part.is_face for m in b.part.morphs})
        if self.keep is not None:
            morphs = [m for m in morphs if m in self.keep]
        groups: dict[str, dict[str, list[Baked]]] = {"face": {}, "hair": {}, "body": {}}
        for b in baked:
            mesh = "face" if b.part.is_face else "hair" if b.part.name.startswith("hair") else "body"
            groups[mesh].setdefault(b.part.material, []).append(b)
        names = list(dict.fromkeys(m for group in groups.values() for m in group))
        index = self.materials(names)
        meshes, nodes = [], self.writer.document["nodes"]
        self.mesh_node: dict[str, int] = {}
        for name, group in groups.items():
            mesh: dict = {
                "name": name,
                "primitives": [
                    self.primitive(parts, index[m], morphs if name == "face" else []) for m, parts in group.items()
                ],
            }
            if name == "face":
                mesh["weights"] = [0.0] * len(morphs)
                mesh["extras"] = {"targetNames": morphs}
            meshes.append(mesh)
            self.mesh_node[name] = len(nodes)
            nodes.append({"name": name, "mesh": len(meshes) - 1, "skin": 0})
        self.writer.document["meshes"] = meshes
        self.writer.document["scenes"] = [{"nodes": [0, *self.mesh_node.values()]}]
        self.writer.document["scene"] = 0
        self.triangle_count = int(sum(len(p.triangles) for p in self.figure.parts))
        return morphs

    def expressions(self, morphs: list[str]) -> dict:
        """The expressions, as the extension wants them."""

        def entry(name: str) -> dict:
            binds = [
                {"node": self.mesh_node["face"], "index": morphs.index(m), "weight": w}
                for m, w in EXPRESSIONS[name].items()
            ]
            return {
                "isBinary": False,
                "morphTargetBinds": binds,
                "overrideBlink": "block" if name in BLOCKS_BLINK else "none",
                "overrideLookAt": "none",
                "overrideMouth": "none",
            }

        # bevy_vrm1 0.10 reads presets only, so the custom expressions are listed there as well.
        return {"preset": {n: entry(n) for n in PRESETS + CUSTOM}, "custom": {n: entry(n) for n in CUSTOM}}

    def vrm_extension(self, morphs: list[str]) -> dict:
        """The content of `VRMC_vrm`."""
        range_map = {"inputMaxValue": LOOK_RANGE_DEGREES, "outputScale": 1.0}
        head = self.places["Head"]
        eye = self._metres(self.figure.eye)
        return {
            "specVersion": "1.0",
            "meta": {
                "name": self.figure.config.title,
                "version": "1.0",
                "authors": ["bevy_persona contributors"],
                "copyrightInformation": "CC0 1.0",
                "licenseUrl": "https://vrm.dev/licenses/1.0/",
                "otherLicenseUrl": CC0_URL,
                "thirdPartyLicenses": CREDITS,
                "avatarPermission": "everyone",
                "commercialUsage": "corporation",
                "creditNotation": "unnecessary",
                "allowRedistribution": True,
                "modification": "allowModificationRedistribution",
                "allowExcessivelyViolentUsage": False,
                "allowExcessivelySexualUsage": False,
                "allowPoliticalOrReligiousUsage": False,
                "allowAntisocialOrHateUsage": False,
            },
            "humanoid": {"humanBones": {VRM_NAMES[b]: {"node": self.node[b]} for b in BONES}},
            "firstPerson": {
                "meshAnnotations": [
                    {"node": node, "type": "both" if mesh == "body" else "thirdPersonOnly"}
                    for mesh, node in self.mesh_node.items()
                ]
            },
            "lookAt": {
                "type": "expression",
                "offsetFromHeadBone": [0.0, round(float(eye[1] - head[1]), 5), round(float(eye[2] - head[2]), 5)],
                "rangeMapHorizontalInner": range_map,
                "rangeMapHorizontalOuter": range_map,
                "rangeMapVerticalDown": range_map,
                "rangeMapVerticalUp": range_map,
            },
            "expressions": self.expressions(morphs),
        }

    def spring_extension(self) -> dict:
        """Sphere colliders only: bevy_vrm1 0.10 does not support capsules."""
        colliders: list[dict] = []
        groups: dict[str, list[int]] = {"body": [], "legs": []}

        def sphere(group: str, bone: str, offset: np.ndarray, radius: float) -> None:
            groups[group].append(len(colliders))
            colliders.append(
                {
                    "node": self.node[bone],
                    "shape": {"sphere": {"offset": [round(float(x), 5) for x in offset], "radius": radius}},
                }
            )

        head_centre = self._metres(self.figure.skull_centre) - self.places["Head"]
        sphere("body", "Head", head_centre, 0.090)
        sphere("body", "Spine2", np.array([0, 0.06, 0.020]), 0.095)
        sphere("body", "Spine", np.array([0, 0.02, 0.020]), 0.090)
        for side, sign in SIDES:
            sphere("body", side + "Arm", np.array([sign * 0.01, 0.0, 0.0]), 0.045)
            knee = self.places[side + "Leg"] - self.places[side + "UpLeg"]
            for share, radius in ((0.15, 0.088), (0.45, 0.080), (0.75, 0.070)):
                sphere("legs", side + "UpLeg", knee * share, radius)
        names = list(groups)
        springs = [
            {
                "name": c.name,
                "colliderGroups": [names.index(g) for g in c.collider_groups],
                "joints": [
                    {
                        "node": self.node[n],
                        "hitRadius": c.hit_radius,
                        "stiffness": c.stiffness,
                        "gravityPower": c.gravity,
                        "gravityDir": [0.0, -1.0, 0.0],
                        "dragForce": c.drag,
                    }
                    for n in c.joint_names()
                ],
            }
            for c in self.figure.chains
        ]
        return {
            "specVersion": "1.0",
            "colliders": colliders,
            "colliderGroups": [{"name": n, "colliders": i} for n, i in groups.items()],
            "springs": springs,
        }

    def write(self, path: Path) -> None:
        """Writes the file."""
        self.nodes()
        morphs = self.meshes()
        self.morphs = morphs
        document = self.writer.document
        document["extensionsUsed"] = ["VRMC_vrm", "VRMC_materials_mtoon", "VRMC_springBone", "KHR_texture_transform"]
        document["extensions"] = {"VRMC_vrm": self.vrm_extension(morphs), "VRMC_springBone": self.spring_extension()}
        self.writer.write(path)
