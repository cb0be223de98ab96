"""Builds all motions: personal ones on their owner's skeleton, shared ones on a common one."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

from ..builder import build_figure
from ..characters import IDOLS
from .clips import Clip, all_clips
from .rig import Rig
from .vrma import SHARED_RIG, write_clip, write_index


def rigs() -> dict[str, Rig]:
    """A rig per idol, and under the empty name the common one."""
    table = {name: Rig(build_figure(name)) for name in IDOLS}
    return table | {"": shared_rig(table)}


def shared_rig(table: dict[str, Rig]) -> Rig:
    """A common rig of mean proportions in the widest clothes, from a rig per idol."""
    shared = deepcopy(table[SHARED_RIG])
    others = [rig for name, rig in table.items() if name != SHARED_RIG]
    shared.average(others)
    shared.envelop(others)
    return shared


def build_motions(out: Path, names: list[str] | None = None) -> list[Clip]:
    """Writes the chosen clips (all by default) and the index; returns what was written."""
    table, clips = rigs(), all_clips()
    chosen = [c for c in clips if not names or c.name in names]
    for clip in chosen:
        write_clip(clip, table[clip.owner], out / f"{clip.name}.vrma")
    write_index(clips, out / "motions.json")
    return chosen
