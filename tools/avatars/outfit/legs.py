"""Tights, socks, shorts and boots."""

from __future__ import annotations

import numpy as np

from ..geometry import smoothstep
from ..skeleton import SIDES
from .shoes import add_shoe
from .tailor import Tailor
from .top import HIDE_MARGIN

LEG_OFFSET = 0.025  # dm above the skin
BOOT_OFFSET = 0.075


def add_legs(tailor: Tailor) -> None:
    """Adds what is worn on the legs, and hides the skin under it."""
    s, f = tailor.style, tailor.figure
    c = f.face_centres
    leg = np.array([("Leg" in b) or ("Foot" in b) or ("Toe" in b) for b in f.face_bones])
    hips = np.isin(f.face_bones, ("Hips", "Spine"))
    foot = f.ankle_y - 0.02
    if s.leg_top is None:
        tailor.shell(
            "tights",
            tailor.on_torso | tailor.on_leg,
            LEG_OFFSET,
            "under",
            [lambda p: f.waist_y - 0.2 - p[:, 1], lambda p: p[:, 1] - foot],
        )
        tailor.hidden |= (leg | hips) & (c[:, 1] < f.waist_y - 0.1)
    else:
        top = f.knee_y + s.leg_top
        sock = tailor.shell(
            "socks",
            tailor.on_leg,
            LEG_OFFSET,
            "under",
            [lambda p: top + 0.12 * smoothstep(p[:, 2], -0.6, 0.6) - p[:, 1], lambda p: p[:, 1] - foot],
        )
        tailor.piping("sock_band", sock, lambda p: p[:, 1].mean() > top - 0.6, 0.05, "accent", 0.01)
        tailor.shell(
            "shorts",
            tailor.on_torso | tailor.on_leg,
            LEG_OFFSET + 0.01,
            "under",
            [lambda p: f.waist_y - 0.2 - p[:, 1], lambda p: p[:, 1] - (f.crotch_y - 0.55)],
        )
        tailor.hidden |= leg & (c[:, 1] < top - HIDE_MARGIN)
        tailor.hidden |= (leg | hips) & (c[:, 1] < f.waist_y - 0.1) & (c[:, 1] > f.crotch_y - 0.40)
    shaft = f.ankle_y + s.boots
    if s.boots > 0.4:
        boot = tailor.shell(
            "boots",
            tailor.on_leg,
            BOOT_OFFSET,
            "shoe",
            [lambda p: shaft - p[:, 1], lambda p: p[:, 1] - (foot + 0.06)],
        )
        tailor.piping("boot_band", boot, lambda p: p[:, 1].mean() > shaft - 0.3, 0.055, "accent")
    for side, sign in SIDES:
        add_shoe(tailor, side, sign)
