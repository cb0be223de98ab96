"""The clips: pose keys over time, plus breathing, weight shifts and dance steps."""

from __future__ import annotations

from .clip import Clip
from .conversation import conversation
from .dances import dances
from .emotions import emotions
from .idles import idles
from .sit import sit

__all__ = ["Clip", "all_clips"]


def all_clips() -> list[Clip]:
    """Every clip, in the order of the index."""
    return idles() + conversation() + emotions() + [sit()] + dances()
