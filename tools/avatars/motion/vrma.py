"""Writes clips as VRMA files (VRMC_vrm_animation 1.0) in the form bevy_vrm1 0.10 reads.

That reader keeps only the first animation, finds bones by node name, scales the hips by their
rest height and drops curves of no duration: constant tracks therefore get two keys.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from .. import gltf
from ..gltf import GlbWriter
from ..skeleton import BONES, SIDES, VRM_NAMES
from .clips import Clip
from .pose import Pose
from .rig import Rig, Rolls
from .smooth import gaussian, quaternion_of

GENERATOR = "idol motion builder (CC0)"
STILL = 1e-4  # quaternion change below which a track counts as constant
SHARED_RIG = "siwoo"
ROLL_SIGMA = 0.10  # seconds


def _smooth_rolls(clip: Clip, rig: Rig, poses: list[Pose]) -> list[Rolls]:
    """Forearm rolls per frame, filtered over time; ill-defined ones count for little."""
    rolls = Rolls()
    angles, certainties = [], []
    for pose in poses:
        rig.solve(pose, rolls=rolls)
        angles.append([rolls.angle[side] for side, _ in SIDES])
        certainties.append([rolls.certainty[side] for side, _ in SIDES])
    angle, weight = np.array(angles), np.array(certainties) ** 2 + 1e-3
    sigma = ROLL_SIGMA * clip.fps
    angle = gaussian(angle * weight, sigma, True) / gaussian(weight, sigma, True)
    angle[-1] = angle[0]
    return [Rolls({side: row[k] for k, (side, _) in enumerate(SIDES)}, fixed=True) for row in angle]


def sample(clip: Clip, rig: Rig) -> tuple[np.ndarray, dict[str, np.ndarray], np.ndarray]:
    """Times (f,), quaternions (f, 4) by bone and places of the hips (f, 3)."""
    times, poses = clip.times(), clip.poses()
    tracks: dict[str, list[np.ndarray]] = {b: [] for b in BONES}
    hips = []
    for pose, rolls in zip(poses, _smooth_rolls(clip, rig, poses)):
        local, place = rig.solve(pose, rolls=rolls)
        hips.append(place)
        for bone in BONES:
            q = quaternion_of(local[bone]) if bone in local else np.array([0.0, 0, 0, 1])
            if tracks[bone] and tracks[bone][-1] @ q < 0:
                q = -q
            tracks[bone].append(q)
    return times, {b: np.array(t) for b, t in tracks.items()}, np.array(hips)


def write_clip(clip: Clip, rig: Rig, path: Path) -> None:
    """Writes a clip as it is on this rig."""
    times, tracks, hips = sample(clip, rig)
    w = GlbWriter(GENERATOR)
    nodes: list[dict] = [{"name": "root", "children": []}]
    index = {}
    for bone in BONES:
        parent = rig.parents[bone]
        index[bone] = len(nodes)
        nodes.append(
            {"name": VRM_NAMES[bone], "translation": [round(float(x), 7) for x in rig.offset[bone]], "children": []}
        )
        nodes[index[parent] if parent else 0]["children"].append(index[bone])
    for node in nodes:
        if not node["children"]:
            del node["children"]
    all_times = w.accessor(times, gltf.FLOAT, "SCALAR", bounds=True)
    end_times = w.accessor(times[[0, -1]], gltf.FLOAT, "SCALAR", bounds=True)
    samplers, channels = [], []

    def track(bone: str, path_name: str, values: np.ndarray, kind: str) -> None:
        still = np.ptp(values, axis=0).max() < STILL
        samplers.append(
            {
                "input": end_times if still else all_times,
                "interpolation": "LINEAR",
                "output": w.accessor(values[[0, 0]] if still else values, gltf.FLOAT, kind),
            }
        )
        channels.append({"sampler": len(samplers) - 1, "target": {"node": index[bone], "path": path_name}})

    track("Hips", "translation", hips, "VEC3")
    for bone in BONES:
        track(bone, "rotation", tracks[bone], "VEC4")
    w.document.update(
        scene=0,
        scenes=[{"nodes": [0]}],
        nodes=nodes,
        animations=[{"name": clip.name, "samplers": samplers, "channels": channels}],
        extensionsUsed=["VRMC_vrm_animation"],
        extensions={
            "VRMC_vrm_animation": {
                "specVersion": "1.0",
                "humanoid": {"humanBones": {VRM_NAMES[b]: {"node": index[b]} for b in BONES}},
            }
        },
    )
    w.write(path)


def write_index(clips: list[Clip], path: Path) -> None:
    """A small table of the clips for the game: seconds, loop, beats per minute, owner."""
    table = {
        c.name: {
            "file": f"{c.name}.vrma",
            "seconds": round(c.duration, 3),
            "loop": c.loop,
            "bpm": c.beats_per_minute,
            "owner": c.owner,
        }
        for c in clips
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(table, indent=1) + "\n")
