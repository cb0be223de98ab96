"""The spring bone step of bevy_vrm1 0.10, to see hair and skirts hang in previews and tests."""

from __future__ import annotations

import numpy as np

from .motion.playback import Playback
from .preview import Avatar, pose_at

Pose = tuple[dict[int, np.ndarray], np.ndarray]


def _rotation_between(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Shortest rotation (3, 3) from unit vector `a` to unit vector `b`."""
    v, c = np.cross(a, b), float(a @ b)
    if c < -0.9999:
        return np.eye(3)
    k = np.array([[0, -v[2], v[1]], [v[2], 0, -v[0]], [-v[1], v[0], 0]])
    return np.eye(3) + k + k @ k / (1 + c)


class SpringSimulation:
    """Tail places of all spring joints of one avatar, advanced step by step."""

    def __init__(self, avatar: Avatar, pose: Pose) -> None:
        self.avatar = avatar
        extension = avatar.glb.json["extensions"]["VRMC_springBone"]
        groups = [[extension["colliders"][i] for i in g["colliders"]] for g in extension["colliderGroups"]]
        self.springs = [
            (s["joints"], [c for g in s["colliderGroups"] for c in groups[g]]) for s in extension["springs"]
        ]
        rotation, place = avatar.globals(*pose)
        self.tail, self.before = {}, {}
        for joints, _ in self.springs:
            for joint, following in zip(joints, joints[1:]):
                self.tail[joint["node"]] = place[following["node"]].copy()
                self.before[joint["node"]] = place[following["node"]].copy()

    def step(self, pose: Pose, dt: float) -> dict[int, np.ndarray]:
        """Advances by `dt` seconds; returns the pose rotations with the spring joints added."""
        rotations, hips = dict(pose[0]), pose[1]
        rotation, place = self.avatar.globals(rotations, hips)
        for joints, colliders in self.springs:
            spheres = [
                (
                    place[c["node"]] + rotation[c["node"]] @ c["shape"]["sphere"]["offset"],
                    c["shape"]["sphere"]["radius"],
                )
                for c in colliders
            ]
            for joint, following in zip(joints, joints[1:]):
                node = joint["node"]
                parent = self.avatar.parents[node]
                head = place[parent] + rotation[parent] @ self.avatar.rest[node]
                offset = self.avatar.rest[following["node"]]
                length = float(np.linalg.norm(offset))
                axis = offset / length
                inertia = (self.tail[node] - self.before[node]) * (1 - joint["dragForce"])
                pull = dt * joint["stiffness"] * (rotation[parent] @ axis)
                weight = dt * joint["gravityPower"] * np.array(joint["gravityDir"])
                tail = self.tail[node] + inertia + pull + weight
                tail = head + (tail - head) / np.linalg.norm(tail - head) * length
                for centre, radius in spheres:
                    away = tail - centre
                    distance = float(np.linalg.norm(away))
                    reach = radius + joint["hitRadius"]
                    if 0 < distance <= reach:
                        tail = centre + away / distance * reach
                        tail = head + (tail - head) / np.linalg.norm(tail - head) * length
                self.before[node], self.tail[node] = self.tail[node], tail
                local = _rotation_between(axis, rotation[parent].T @ (tail - head) / length)
                rotations[node] = local
                rotation[node], place[node] = rotation[parent] @ local, head
        return rotations


def simulate(avatar: Avatar, motion: Playback, until: float, rate: int = 60) -> Pose:
    """The pose of a motion at time `until`, with springs simulated from its start."""
    simulation = SpringSimulation(avatar, pose_at(avatar, motion, 0.0))
    rotations, hips = pose_at(avatar, motion, 0.0)
    for i in range(int(until * rate) + 1):
        rotations_at, hips = pose_at(avatar, motion, (i / rate) % motion.duration)
        rotations = simulation.step((rotations_at, hips), 1 / rate)
    return rotations, hips
