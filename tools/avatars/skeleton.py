"""Humanoid bones, their VRM names, and the bake from the A-pose to the T-pose."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .geometry import unit
from .source import BaseMesh

SIDES = (("Left", 1.0), ("Right", -1.0))
FINGERS = ("Thumb", "Index", "Middle", "Ring", "Pinky")
RIG_PREFIX = "mixamorig:"


def _bone_names() -> list[str]:
    bones = ["Hips", "Spine", "Spine1", "Spine2", "Neck", "Head"]
    for side, _ in SIDES:
        bones += [side + part for part in ("Shoulder", "Arm", "ForeArm", "Hand", "UpLeg", "Leg", "Foot", "ToeBase")]
        bones += [f"{side}Hand{finger}{i}" for finger in FINGERS for i in (1, 2, 3)]
    return bones


def _vrm_names() -> dict[str, str]:
    names = {
        "Hips": "hips",
        "Spine": "spine",
        "Spine1": "chest",
        "Spine2": "upperChest",
        "Neck": "neck",
        "Head": "head",
    }
    parts = {
        "Shoulder": "Shoulder",
        "Arm": "UpperArm",
        "ForeArm": "LowerArm",
        "Hand": "Hand",
        "UpLeg": "UpperLeg",
        "Leg": "LowerLeg",
        "Foot": "Foot",
        "ToeBase": "Toes",
    }
    thumb = ("Metacarpal", "Proximal", "Distal")
    finger = ("Proximal", "Intermediate", "Distal")
    for side, _ in SIDES:
        low = side.lower()
        names.update({side + k: low + v for k, v in parts.items()})
        for f in FINGERS:
            label = "Little" if f == "Pinky" else f
            for i in (1, 2, 3):
                names[f"{side}Hand{f}{i}"] = low + label + (thumb if f == "Thumb" else finger)[i - 1]
    return names


BONES = _bone_names()
BONE_INDEX = {name: i for i, name in enumerate(BONES)}
VRM_NAMES = _vrm_names()


def bone_parents(base: BaseMesh) -> dict[str, str]:
    """Parent bone by bone; the root has an empty parent."""
    rig = base.rig()
    return {b: rig[RIG_PREFIX + b]["parent"].replace(RIG_PREFIX, "") for b in BONES}


def skin_weights(base: BaseMesh) -> np.ndarray:
    """Weights (vertices, bones) of the base mesh, each row summing to one."""
    weights = np.zeros((len(base.vertices), len(BONES)))
    for bone, rows in base.rig_weights().items():
        weights[rows[:, 0].astype(int), BONE_INDEX[bone[len(RIG_PREFIX) :]]] += rows[:, 1]
    # The data gives the weights of some vertices sums of up to two.
    return weights / np.maximum(weights.sum(1, keepdims=True), 1e-9)


def rigid(count: int, bone: str) -> np.ndarray:
    """Weights (count, bones) that follow one bone."""
    weights = np.zeros((count, len(BONES)))
    weights[:, BONE_INDEX[bone]] = 1
    return weights


def _shortest_rotation(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Rotation matrix (3, 3) that turns direction `a` to direction `b` by the shortest way."""
    a, b = unit(a), unit(b)
    v, c = np.cross(a, b), float(a @ b)
    k = np.array([[0, -v[2], v[1]], [v[2], 0, -v[0]], [-v[1], v[0], 0]])
    return np.eye(3) + k + k @ k / (1 + c)


@dataclass
class TPose:
    """The rigid motion of every bone from the A-pose to the T-pose."""

    a_pose: dict[str, np.ndarray]  # joint positions (3,) dm
    t_pose: dict[str, np.ndarray]
    rotation: dict[str, np.ndarray]  # (3, 3)

    @staticmethod
    def of(base: BaseMesh, positions: np.ndarray) -> TPose:
        """The T-pose of a figure at these vertex positions."""
        rig, parents = base.rig(), bone_parents(base)
        a = {b: base.rig_joint(positions, rig[RIG_PREFIX + b]["head"]) for b in BONES}
        # The rig data is not quite symmetric (its shoulders differ by a centimetre).
        for bone in [b for b in BONES if b.startswith("Left")]:
            other, mirror = "Right" + bone[4:], np.array([-1.0, 1, 1])
            middle = (a[bone] + a[other] * mirror) / 2
            a[bone], a[other] = middle, middle * mirror
        for bone in ("Hips", "Spine", "Spine1", "Spine2", "Neck", "Head"):
            a[bone][0] = 0
        wanted: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        down = np.array([0, -1.0, 0])
        for side, sign in SIDES:
            out = np.array([sign, 0, 0])
            wanted[side + "Arm"] = (a[side + "ForeArm"] - a[side + "Arm"], out)
            wanted[side + "ForeArm"] = (a[side + "Hand"] - a[side + "ForeArm"], out)
            wanted[side + "Hand"] = (a[side + "HandMiddle1"] - a[side + "Hand"], out)
            wanted[side + "UpLeg"] = (a[side + "Leg"] - a[side + "UpLeg"], down)
            wanted[side + "Leg"] = (a[side + "Foot"] - a[side + "Leg"], down)
        rotation: dict[str, np.ndarray] = {}
        t: dict[str, np.ndarray] = {}
        for bone in BONES:
            parent = parents[bone]
            inherited = rotation.get(parent, np.eye(3))
            t[bone] = t[parent] + inherited @ (a[bone] - a[parent]) if parent else a[bone]
            if bone in wanted:
                direction, goal = wanted[bone]
                rotation[bone] = _shortest_rotation(inherited @ direction, goal) @ inherited
            elif bone.endswith("Foot"):
                rotation[bone] = np.eye(3)
            else:
                rotation[bone] = inherited
        return TPose(a, t, rotation)

    def apply(self, positions: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Linear blend skinning of positions (n, 3) with weights (n, bones)."""
        out = np.zeros_like(positions)
        for i, bone in enumerate(BONES):
            touched = weights[:, i] > 1e-6
            if touched.any():
                moved = (positions[touched] - self.a_pose[bone]) @ self.rotation[bone].T + self.t_pose[bone]
                out[touched] += weights[touched, i, None] * moved
        return out

    def rotate(self, vectors: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """The same blend for displacements or normals (n, 3)."""
        out = np.zeros_like(vectors)
        for i, bone in enumerate(BONES):
            touched = weights[:, i] > 1e-6
            if touched.any():
                out[touched] += weights[touched, i, None] * (vectors[touched] @ self.rotation[bone].T)
        return out

    def move(self, point: np.ndarray, bone: str) -> np.ndarray:
        """A point (3,) or (n, 3) fixed to a bone, taken to the T-pose."""
        return (np.asarray(point) - self.a_pose[bone]) @ self.rotation[bone].T + self.t_pose[bone]
