"""How each idol stands while nothing happens."""

from __future__ import annotations

from .. import gestures as g
from ..pose import Pose
from .clip import Clip, N, keys


def idles() -> list[Clip]:
    """A stance for each idol, in her own manner."""
    siwoo = N.with_(left=g.FOLDED_UPPER, right=g.FOLDED_LOWER, head=(1, 0, 2))
    jena = N.with_(right=g.ON_HIP, hips=(0.022, -0.006, 0), hips_turn=(0, 0, -2.5), chest=(0, 0, 2.5), head=(0, 3, -2))
    taira = N.with_(
        left=g.CROSSED_OVER,
        right=g.CROSSED_UNDER,
        hips=(-0.015, -0.004, 0),
        hips_turn=(0, 0, 1.5),
        chest=(-1, 0, -1.5),
        head=(-1, -3, 0),
    )
    marty = N.with_(left=g.CHEST_HANDS, right=g.CHEST_HANDS, head=(4, 0, 4), spine=(1, 0, 0))

    def sway(pose: Pose, x: float, tilt: float, **more: object) -> Pose:
        return pose.with_(
            hips=pose.hips + [x, -0.003, 0],
            hips_turn=pose.hips_turn + [0, 0, tilt * 0.4],
            chest=pose.chest + [0, 0, -tilt * 0.4],
            **more,
        )

    return [
        Clip(
            "idle_siwoo",
            keys(
                (0, siwoo),
                (2.4, sway(siwoo, 0.012, -1.5, head=(2, 5, 4))),
                (5.0, sway(siwoo, -0.012, 1.5, head=(0, -4, -1))),
                (7.0, siwoo),
            ),
            True,
            "siwoo",
            breaths=2,
        ),
        Clip(
            "idle_jena",
            keys(
                (0, jena),
                (1.5, sway(jena, 0.010, -1, head=(-2, 8, -4))),
                (3.0, sway(jena, -0.030, 4, head=(0, -8, 4), left=g.SWING_FRONT)),
                (4.6, sway(jena, -0.012, 2, head=(2, -3, 2))),
                (6.0, jena),
            ),
            True,
            "jena",
            breaths=2,
        ),
        Clip(
            "idle_taira",
            keys(
                (0, taira),
                (3.0, sway(taira, 0.010, -1, head=(-2, -10, 1))),
                (5.2, sway(taira, 0.018, -1.5, head=(3, 4, -1))),
                (8.0, taira),
            ),
            True,
            "taira",
            breaths=2,
        ),
        Clip(
            "idle_marty",
            keys(
                (0, marty),
                (2.2, sway(marty, 0.014, -2, head=(7, 7, 7))),
                (4.6, sway(marty, -0.014, 2, head=(3, -6, -3))),
                (7.0, marty),
            ),
            True,
            "marty",
            breaths=2,
        ),
    ]
