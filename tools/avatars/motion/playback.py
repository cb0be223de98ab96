"""Reads a VRMA file back and poses an avatar with it, the way bevy_vrm1 retargets."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..gltf import Glb


class Playback:
    """One motion file: its curves, and what they say at any time."""

    def __init__(self, path: Path) -> None:
        self.glb = Glb(path)
        document = self.glb.json
        bones = document["extensions"]["VRMC_vrm_animation"]["humanoid"]["humanBones"]
        self.bone_of = {entry["node"]: bone for bone, entry in bones.items()}
        animation = document["animations"][0]
        self.rotations: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        for channel in animation["channels"]:
            sampler = animation["samplers"][channel["sampler"]]
            times, values = self.glb.array(sampler["input"]), self.glb.array(sampler["output"])
            if channel["target"]["path"] == "translation":
                self.hips = times, values
            else:
                self.rotations[self.bone_of[channel["target"]["node"]]] = times, values
        self.duration = float(max(t[-1] for t, _ in self.rotations.values()))
        hips_node = bones["hips"]["node"]
        self.hips_rest = np.array(document["nodes"][hips_node]["translation"], float)

    @staticmethod
    def _at(track: tuple[np.ndarray, np.ndarray], t: float) -> np.ndarray:
        times, values = track
        i = int(np.clip(np.searchsorted(times, t, side="right") - 1, 0, len(times) - 2))
        u = float(np.clip((t - times[i]) / (times[i + 1] - times[i]), 0, 1))
        return values[i] * (1 - u) + values[i + 1] * u

    def rotation(self, bone: str, t: float) -> np.ndarray:
        """Unit quaternion (x, y, z, w)."""
        q = self._at(self.rotations[bone], t).astype(float)
        return q / np.linalg.norm(q)

    def hips_at(self, t: float, rest: np.ndarray) -> np.ndarray:
        """Local hips place (3,) for an avatar whose hips rest at `rest` (3,)."""
        return rest + (self._at(self.hips, t) - self.hips_rest) * (rest[1] / self.hips_rest[1])
