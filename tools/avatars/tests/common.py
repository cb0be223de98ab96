"""Builds everything once for all tests, in a temporary folder and on all cores."""

from __future__ import annotations

import atexit
import os
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from avatars.builder import build, build_figure, output_name, write_figure
from avatars.characters import IDOLS
from avatars.gltf import Glb
from avatars.motion.build import shared_rig
from avatars.motion.clips import all_clips
from avatars.motion.rig import Rig
from avatars.motion.vrma import write_clip, write_index

NAMES = list(IDOLS)
VERSIONS = [(name, lod) for name in NAMES for lod in (False, True)]
CLIPS = {clip.name: clip for clip in all_clips()}
#: Built a second time, to see that the bytes are the same.
AGAIN_IDOL, AGAIN_CLIP = "jena", "talk_a"
MAX_WORKERS = 8


@dataclass
class Built:
    """All that the builder makes: the files, and a second copy of some of them."""

    folder: Path
    again: Path
    rigs: dict[str, Rig]


def _build_idol(name: str, out: Path) -> Rig:
    figure = build_figure(name)
    write_figure(figure, out / output_name(name, lod=False))
    build(name, out, lod=True)
    return Rig(figure)


def _build_motion(name: str, rig: Rig, out: Path) -> None:
    write_clip(CLIPS[name], rig, out / f"{name}.vrma")


@lru_cache(maxsize=1)
def built() -> Built:
    holder = tempfile.TemporaryDirectory(prefix="avatars-test-")
    atexit.register(holder.cleanup)
    folder = Path(holder.name)
    again = folder / "again"
    with ProcessPoolExecutor(min(os.cpu_count() or 1, MAX_WORKERS)) as pool:
        idols = {name: pool.submit(_build_idol, name, folder) for name in NAMES}
        jobs = [pool.submit(_build_idol, AGAIN_IDOL, again)]
        rigs = {name: job.result() for name, job in idols.items()}
        rigs[""] = shared_rig(rigs)
        jobs += [pool.submit(_build_motion, name, rigs[clip.owner], folder) for name, clip in CLIPS.items()]
        jobs.append(pool.submit(_build_motion, AGAIN_CLIP, rigs[CLIPS[AGAIN_CLIP].owner], again))
        for job in jobs:
            job.result()
    write_index(list(CLIPS.values()), folder / "motions.json")
    return Built(folder, again, rigs)


def avatar_path(name: str, lod: bool) -> Path:
    return built().folder / output_name(name, lod)


def motion_path(name: str) -> Path:
    return built().folder / f"{name}.vrma"


@lru_cache(maxsize=len(VERSIONS))
def avatar(name: str, lod: bool) -> Glb:
    return Glb(avatar_path(name, lod))
