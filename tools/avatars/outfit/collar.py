"""Collars: round, standing, or of a sailor."""

from __future__ import annotations

import numpy as np

from ..geometry import ribbon, smoothstep
from ..parts import Part
from ..skeleton import BONE_INDEX, BONES
from .jacket import add_jacket
from .neck import choker, stand_collar
from .ornaments import bow
from .tailor import Tailor
from .top import TOP_OFFSET, neckline

COLLAR_OFFSET = 0.105  # dm above the skin


def add_collar(tailor: Tailor) -> None:
    """Adds the collar of her style; a hood comes with its jacket."""
    kinds = {"round": _round, "stand": _stand, "hood": add_jacket}
    kinds.get(tailor.style.collar, _sailor)(tailor)


def _round(tailor: Tailor) -> None:
    """Two flaps around the neck, and a bow."""
    neck = tailor.figure.neck_y

    def flap(p: np.ndarray) -> np.ndarray:
        r = np.hypot(p[:, 0], (p[:, 1] - neck) * 0.95 + 0.05)
        split = 0.10 + 0.55 * np.clip(neck - 0.25 - p[:, 1], 0, 1)
        return np.where(p[:, 2] > 0.1, np.minimum(1.02 - r, np.abs(p[:, 0]) - split * 0.45), 1.02 - r)

    shell = tailor.shell("collar", tailor.on_torso, COLLAR_OFFSET, "second", [lambda p: neck - 0.06 - p[:, 1], flap])
    tailor.piping("collar_piping", shell, lambda p: True, 0.026, "trim")
    y = neck - 0.42
    bow(tailor, "bow", np.array([0, y, tailor.front_z(y) + 0.14]), 0.52, "accent", "trim")


def _stand(tailor: Tailor) -> None:
    """A standing collar, a zip down the front, and a yoke."""
    f = tailor.figure
    stand_collar(tailor, 0.42, "top")
    y0, y1 = f.neck_y - 0.1, f.waist_y + 0.2
    path = np.array([[0.0, y, tailor.front_z(y) + TOP_OFFSET + 0.015] for y in np.linspace(y0, y1, 14)])
    zip_line = ribbon(path, np.full(14, 0.035), np.full(14, 0.022), np.repeat([[0, 0, 1.0]], 14, 0), 4)
    weights = np.zeros((len(zip_line[0]), len(BONES)))
    t = smoothstep(zip_line[0][:, 1], f.waist_y + 0.3, f.bust_y)
    weights[:, BONE_INDEX["Spine2"]], weights[:, BONE_INDEX["Spine1"]] = t, 1 - t
    f.parts.append(Part("zip", zip_line[0], zip_line[1], "accent", weights))
    yoke = tailor.shell(
        "yoke",
        tailor.on_torso | tailor.on_arm,
        TOP_OFFSET + (0.020 if tailor.full else 0.060),
        "second",
        [
            lambda p: neckline(tailor, p) - 0.02 - p[:, 1],
            lambda p: p[:, 1] - (f.bust_y + 0.62 - 0.30 * np.abs(p[:, 0])),
            lambda p: 1.55 - np.abs(p[:, 0]),
        ],
    )
    tailor.piping("yoke_piping", yoke, lambda p: abs(p[:, 0].mean()) < 0.9, 0.020, "accent")


def _sailor(tailor: Tailor) -> None:
    """A sailor's collar, square on the back, with a bow and a choker."""
    f = tailor.figure

    def sailor(p: np.ndarray) -> np.ndarray:
        a = np.abs(p[:, 0])
        inner = f.bust_y + tailor.style.neckline + 1.05 * a - 0.04
        outer = f.bust_y + tailor.style.neckline - 0.42 + 0.62 * a
        front = np.minimum(np.minimum(p[:, 1] - outer, 1.28 - a), 9 * (p[:, 1] - inner + 0.42))
        back = np.minimum(1.28 - a, p[:, 1] - (f.shoulder_y - 1.0))
        return np.where(
            p[:, 2] > 0.0,
            front,
            np.where(p[:, 2] > -0.3, np.minimum(1.28 - a, p[:, 1] - f.shoulder_y + 0.3), back),
        )

    shell = tailor.shell(
        "collar",
        tailor.on_torso | tailor.on_arm,
        COLLAR_OFFSET,
        "accent",
        [lambda p: neckline(tailor, p) + 0.03 - p[:, 1], sailor],
    )
    tailor.piping("collar_piping", shell, lambda p: True, 0.026, "top")
    y = f.bust_y + tailor.style.neckline - 0.22
    bow(tailor, "bow", np.array([0, y, tailor.front_z(y) + 0.15]), 0.62, "trim", "accent")
    choker(tailor, "accent")
