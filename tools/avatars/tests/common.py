"""Builds everything once for all tests, in a temporary folder."""

from __future__ import annotations

import atexit
import tempfile
from functools import cache, lru_cache
from pathlib import Path

from avatars.builder import build, output_name
from avatars.characters import IDOLS
from avatars.gltf import Glb
from avatars.motion.build import build_motions, rigs
from avatars.motion.clips import all_clips

NAMES = list(IDOLS)
VERSIONS = [(name, lod) for name in NAMES for lod in (False, True)]


@lru_cache(maxsize=1)
def folder() -> Path:
    holder = tempfile.TemporaryDirectory(prefix="avatars-test-")
    atexit.register(holder.cleanup)
    return Path(holder.name)


@cache
def avatar_path(name: str, lod: bool) -> Path:
    build(name, folder(), lod)
    return folder() / output_name(name, lod)


@cache
def avatar(name: str, lod: bool) -> Glb:
    return Glb(avatar_path(name, lod))


@lru_cache(maxsize=1)
def motion_folder() -> Path:
    out = folder() / "motions"
    build_motions(out)
    return out


@lru_cache(maxsize=1)
def all_rigs() -> dict:
    return rigs()


CLIPS = {clip.name: clip for clip in all_clips()}
