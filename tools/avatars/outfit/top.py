"""The top: what covers the trunk, and its neckline."""

from __future__ import annotations

import numpy as np

from ..geometry import smoothstep
from .tailor import TORSO, Field, Tailor

TOP_OFFSET = 0.050  # dm above the skin
SLEEVE_OVERLAP = 1.74  # half width to which the body of a top reaches into a loose sleeve, dm
HIDE_MARGIN = 0.22  # skin is removed only this far inside an edge of cloth


def neckline(tailor: Tailor, p: np.ndarray) -> np.ndarray:
    """Height of the neckline at positions (n, 3)."""
    f, s = tailor.figure, tailor.style
    a = np.abs(p[:, 0])
    if s.collar in ("round", "stand", "hood"):
        return np.full(len(p), f.neck_y + {"stand": 0.10, "round": -0.08, "hood": -0.05}[s.collar]) - 0.10 * smoothstep(
            p[:, 2], 0.0, 0.8
        )
    low = f.bust_y + s.neckline
    back = f.neck_y - 0.15
    front = low + (back - low) * smoothstep(a, 0.0, 0.95)
    return np.where(p[:, 2] > 0, front, back)


def add_top(tailor: Tailor) -> None:
    """Adds the body of the top, with its arms where the sleeves are part of it."""
    f, s = tailor.figure, tailor.style
    bottom = f.crotch_y - 0.3
    fields: list[Field] = [lambda p: neckline(tailor, p) - p[:, 1], lambda p: p[:, 1] - bottom]
    if s.sleeve in ("bell", "fitted"):
        end = 0.80 if s.sleeve == "bell" else 0.93
        fields.append(lambda p: end - tailor.arm_parameter(p))
    else:
        # Under a jacket the shirt stops short of the shoulder, where it could peek out.
        side = 1.25 if s.collar == "hood" else SLEEVE_OVERLAP
        fields.append(lambda p: side - np.abs(p[:, 0]))
    shell = tailor.shell("top", tailor.on_torso | tailor.on_arm, TOP_OFFSET, "top", fields)
    tailor.piping(
        "neck_piping",
        shell,
        lambda p: p[:, 1].mean() > f.bust_y and abs(p[:, 0].mean()) < 0.4,
        0.045,
        "trim",
    )
    c = f.face_centres
    torso = np.isin(f.face_bones, TORSO)
    tailor.hidden |= (
        torso & (c[:, 1] < neckline(tailor, c) - HIDE_MARGIN) & (np.abs(c[:, 0]) < 1.42) & (c[:, 1] > f.crotch_y - 0.3)
    )
    arm = np.array(["Arm" in b or "Shoulder" in b for b in f.face_bones])
    covered = {"bell": 0.78, "fitted": 0.90, "short": 0.10, "loose": 0.86}[s.sleeve]
    tailor.hidden |= arm & (tailor.arm_parameter(c) < covered - 0.05) & (c[:, 1] < neckline(tailor, c) - HIDE_MARGIN)
