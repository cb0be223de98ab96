"""The clips: pose keys over time, plus breathing, weight shifts and dance steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from . import gestures as g
from .pose import LEFT_ARM, RIGHT_ARM, Pose, neutral, pchip
from .smooth import settle_arms

BEAT = 0.5  # seconds at 120 beats a minute
BEATS_PER_BAR = 4
DANCE_BARS = 8
STEP_LIFT = 0.055  # metres a foot rises in a dance step
BREATH_DEGREES = 1.1


@dataclass
class Step:
    """A foot moves to a new place (x, z) in metres between two times."""

    side: str
    start: float
    end: float
    x: float
    z: float
    lift: float = STEP_LIFT
    yaw: float = 0.0


@dataclass
class Clip:
    """A motion. Keys are (seconds, pose); the first and the last pose are the same."""

    name: str
    keys: list[tuple[float, Pose]]
    loop: bool
    owner: str = ""  # the idol whose skeleton it is made on; empty: shared
    fps: int = 30
    breaths: int = 0
    steps: list[Step] = field(default_factory=list)
    bounce: Callable[[float, Pose], Pose] | None = None
    beats_per_minute: int = 0
    planted: bool = True  # both feet stay where they are

    @property
    def duration(self) -> float:
        return self.keys[-1][0]

    def times(self) -> np.ndarray:
        return np.linspace(0, self.duration, int(round(self.duration * self.fps)) + 1)

    def poses(self) -> list[Pose]:
        """One pose per frame."""
        times = self.times()
        key_times, keys = np.array([t for t, _ in self.keys], float), np.array([p.vector for _, p in self.keys])
        table = pchip(key_times, keys, times, self.loop)
        for arm in (LEFT_ARM, RIGHT_ARM):
            settle_arms(table, arm, key_times, keys, times, self.loop, self.fps)
        out = []
        for t, row in zip(times, table):
            pose = Pose(row)
            if self.breaths:
                phase = 2 * np.pi * self.breaths * t / self.duration
                lift = np.sin(phase)
                pose = pose.with_(
                    chest=pose.chest + [-BREATH_DEGREES * lift, 0, 0],
                    shrug=pose.shrug + 0.9 * lift,
                    neck=pose.neck + [0.6 * BREATH_DEGREES * lift, 0, 0],
                )
            if self.bounce:
                pose = self.bounce(t, pose)
            for side in ("left", "right"):
                pose = pose.with_(**{side + "_foot": pose.foot(side) + self._foot(side, t)})
            out.append(pose)
        out[-1] = Pose(out[0].vector.copy())
        return out

    def _foot(self, side: str, t: float) -> np.ndarray:
        at = np.zeros(5)
        for step in self.steps:
            if step.side != side or t <= step.start:
                continue
            u = min(1.0, (t - step.start) / (step.end - step.start))
            s = u * u * (3 - 2 * u)
            goal = np.array([step.x, 0, step.z, 0, step.yaw])
            at = at * (1 - s) + goal * s
            if u < 1:
                at[1] = step.lift * np.sin(np.pi * u)
                at[3] = 18 * np.sin(np.pi * u) * (step.lift / STEP_LIFT)
            else:
                at[1] = at[3] = 0
        return at


N = neutral()


def keys(*poses: tuple[float, Pose]) -> list[tuple[float, Pose]]:
    """The keys of a clip, written as arguments."""
    return list(poses)


def idles() -> list[Clip]:
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


def conversation() -> list[Clip]:
    listen = N.with_(left=g.FOLDED_UPPER, right=g.FOLDED_LOWER, spine=(2, 0, 0), head=(2, 0, 6))
    think = N.with_(right=g.CHIN, left=g.ELBOW_HOLD, head=(-4, -8, 6), chest=(0, -3, 0))
    low = N.with_(both=g.TALK_LOW)
    a = [
        (0, N),
        (0.5, N.with_(left=g.TALK_OPEN, right=g.TALK_LOW, chest=(0, 4, 0), head=(2, 3, 3))),
        (1.1, low.with_(head=(4, 0, 0), chest=(1, 0, 0))),
        (1.7, N.with_(left=g.TALK_LOW, right=g.TALK_OPEN, chest=(0, -4, 0), head=(-1, -4, -3))),
        (2.4, N.with_(both=g.TALK_OPEN, chest=(-2, 0, 0), head=(3, 0, 2))),
        (3.0, low),
        (3.8, N),
    ]
    b = [
        (0, N),
        (0.5, N.with_(right=g.TALK_HEART, chest=(0, 3, 0), head=(3, 2, 5))),
        (1.3, N.with_(right=g.TALK_HEART, chest=(1, 2, 1), head=(6, -2, 4), hips=(0.012, -0.004, 0))),
        (2.0, N.with_(right=g.PRESENT, chest=(0, -6, 0), head=(0, -4, -2))),
        (2.7, N.with_(right=g.TALK_LOW, chest=(0, -2, 0), head=(2, 0, 0))),
        (3.5, N),
    ]
    c = [
        (0, N),
        (0.45, N.with_(right=g.TALK_COUNT, head=(-2, -3, -3))),
        (0.9, N.with_(right=g.TALK_COUNT, head=(4, 0, 0), chest=(1.5, 0, 0))),
        (1.5, N.with_(both=g.TALK_HIGH, chest=(-2, 0, 0), head=(-2, 0, 3), shrug=4)),
        (2.2, N.with_(both=g.TALK_OPEN, chest=(1, 0, 0), head=(3, 2, -3), shrug=6)),
        (2.8, low),
        (3.6, N),
    ]
    return [
        Clip(
            "listen",
            keys(
                (0, listen),
                (1.4, listen.with_(head=(7, 0, 6))),
                (2.0, listen.with_(head=(2, 0, 6))),
                (4.2, listen.with_(head=(2, 4, 3), hips=(0.010, -0.003, 0))),
                (6.0, listen),
            ),
            True,
            breaths=2,
        ),
        Clip(
            "think",
            keys(
                (0, think),
                (2.0, think.with_(head=(-8, -12, 8), hips=(0.008, -0.003, 0))),
                (4.2, think.with_(head=(-3, -4, 5), chest=(1, -5, 0))),
                (6.0, think),
            ),
            True,
            breaths=2,
        ),
        Clip("talk_a", a, True, breaths=1),
        Clip("talk_b", b, True, breaths=1),
        Clip("talk_c", c, True, breaths=1),
        Clip(
            "nod",
            keys(
                (0, N),
                (0.28, N.with_(head=(14, 0, 0), neck=(5, 0, 0))),
                (0.52, N.with_(head=(-3, 0, 0))),
                (0.80, N.with_(head=(12, 0, 0), neck=(4, 0, 0))),
                (1.3, N),
            ),
            False,
        ),
        Clip(
            "shake",
            keys(
                (0, N),
                (0.24, N.with_(head=(3, 18, 0))),
                (0.54, N.with_(head=(3, -18, 0))),
                (0.84, N.with_(head=(3, 14, 0))),
                (1.12, N.with_(head=(2, -7, 0))),
                (1.5, N),
            ),
            False,
        ),
    ]


def emotions() -> list[Clip]:
    wave = (
        [(0, N)]
        + [
            (
                0.75 + 0.22 * i,
                N.with_(
                    right=g.wave_hand(1 if i % 2 else -1),
                    head=(0, -3, -7 + 3 * (i % 2)),
                    spine=(0, 0, -2),
                    hips=(0.008 * (i % 2), 0, 0),
                ),
            )
            for i in range(8)
        ]
        + [(3.1, N)]
    )
    folded = N.with_(left=g.FOLDED_UPPER, right=g.FOLDED_LOWER)
    bowed = folded.with_(
        hips=(0, -0.012, -0.055), hips_turn=(20, 0, 0), spine=(13, 0, 0), chest=(8, 0, 0), head=(10, 0, 0)
    )
    heart_side = lambda s: N.with_(
        both=g.HEART_TOP, head=(-2, 0, 7 * s), spine=(0, 0, 4 * s), hips=(0.025 * s, -0.004, 0)
    )
    clap = [(0, N), (0.4, N.with_(both=g.clap_hand(0.16)))]
    clap += [
        (
            0.56 + 0.16 * i,
            N.with_(
                both=g.clap_hand(0.0 if i % 2 == 0 else 0.15), head=(3 * (i % 2), 0, 4), hips=(0, -0.006 * (i % 2), 0)
            ),
        )
        for i in range(10)
    ] + [(2.6, N)]
    laugh = [(0, N), (0.4, N.with_(right=g.COVER_MOUTH, head=(-3, 0, 5)))]
    laugh += [
        (
            0.58 + 0.17 * i,
            N.with_(
                right=g.COVER_MOUTH,
                head=(4 - 6 * (i % 2), 0, 6),
                chest=(3 * (i % 2), 0, 0),
                spine=(3 + 2 * (i % 2), 0, 0),
                hips=(0, -0.005 * (i % 2), 0),
                shrug=4 * (i % 2),
            ),
        )
        for i in range(9)
    ] + [(2.7, N)]
    sob = N.with_(both=g.COVER_EYES, head=(16, 0, 0), neck=(6, 0, 0), spine=(5, 0, 0), chest=(4, 0, 0), shrug=4)
    cry = (
        [(0, sob)]
        + [
            (
                0.45 * (i + 1),
                sob.with_(
                    shrug=4 + 5 * ((i + 1) % 2), chest=(4 + 2 * ((i + 1) % 2), 0, 0), head=(16, 5 * np.sin(1.3 * i), 0)
                ),
            )
            for i in range(9)
        ]
        + [(4.5, sob)]
    )
    shy = lambda yaw, x: N.with_(
        both=g.CHIN_FISTS, head=(11, yaw, 7), chest=(4, yaw * 0.4, 0), hips=(x, -0.008, 0), shrug=5
    )
    jump = N.with_(
        both=g.SURPRISE, head=(-6, 0, 0), chest=(-4, 0, 0), spine=(-2, 0, 0), shrug=8, hips=(0, 0.004, -0.015)
    )
    angry = N.with_(both=g.HIP_FIST, head=(6, 0, 0), spine=(5, 0, 0), chest=(2, 0, 0), shrug=5)
    point = N.with_(right=g.POINT_FRONT, chest=(0, 8, 0), head=(0, -6, 0), hips=(0, -0.003, 0.01))
    cheer = [(0, N), (0.35, N.with_(both=g.PUMP_LOW, hips=(0, -0.05, -0.008), spine=(4, 0, 0)))]
    cheer += [
        (
            0.7 + 0.35 * i,
            (
                N.with_(both=g.PUMP_HIGH, hips=(0, 0.004, 0), chest=(-4, 0, 0), head=(-6, 0, 0))
                if i % 2 == 0
                else N.with_(both=g.PUMP_LOW, hips=(0, -0.035, -0.006), spine=(3, 0, 0))
            ),
        )
        for i in range(5)
    ]
    cheer += [(2.8, N)]
    return [
        Clip("wave", wave, False),
        Clip("bow", keys((0, N), (0.5, folded), (1.2, bowed), (1.8, bowed), (2.6, folded), (3.2, N)), False),
        Clip(
            "heart",
            keys(
                (0, N),
                (0.7, heart_side(1)),
                (1.2, heart_side(-1)),
                (1.7, heart_side(1)),
                (2.2, heart_side(-1)),
                (3.0, N),
            ),
            False,
        ),
        Clip("clap", clap, False),
        Clip("laugh", laugh, False),
        Clip("cry", cry, True),
        Clip(
            "shy", keys((0, N), (0.7, shy(14, -0.015)), (1.5, shy(-4, 0.015)), (2.3, shy(14, -0.015)), (3.2, N)), False
        ),
        Clip(
            "surprised",
            keys(
                (0, N),
                (0.25, jump),
                (0.5, jump.with_(hips=(0, -0.006, -0.012))),
                (1.4, jump.with_(head=(-3, 0, 3))),
                (2.2, N),
            ),
            False,
        ),
        Clip(
            "angry",
            keys(
                (0, N),
                (0.45, angry),
                (0.9, angry.with_(head=(8, 12, 0))),
                (1.3, angry.with_(head=(8, -12, 0))),
                (1.8, angry),
                (2.5, N),
            ),
            False,
        ),
        Clip(
            "point",
            keys(
                (0, N),
                (0.45, point.with_(right=g.PUMP_LOW)),
                (0.8, point),
                (1.7, point.with_(head=(0, -6, -4))),
                (2.4, N),
            ),
            False,
        ),
        Clip("cheer", cheer, False),
    ]


SEAT_DROP = 0.40  # metres the hips sink to sit
SEAT_BACK = 0.16


def sit() -> Clip:
    base = N.with_(
        hips=(0, -SEAT_DROP, -SEAT_BACK),
        both=g.LAP,
        spine=(2, 0, 0),
        left_foot=(-0.045, 0, 0.16, 0, -7),
        right_foot=(0.045, 0, 0.16, 0, 7),
    )
    return Clip(
        "sit",
        keys(
            (0, base),
            (2.2, base.with_(head=(2, 6, 3), chest=(0, 2, 0))),
            (4.4, base.with_(head=(1, -5, -2), chest=(1, -2, 0))),
            (6.0, base),
        ),
        True,
        breaths=2,
    )


# ---- dances: 8 bars of 4 beats


def _groove(depth: float, sway: float, twist: float) -> Callable[[float, Pose], Pose]:
    """Hips that dip on every beat and swing from side to side every beat."""

    def apply(t: float, pose: Pose) -> Pose:
        beat = t / BEAT
        dip = 0.5 + 0.5 * np.cos(2 * np.pi * beat)
        side = np.sin(np.pi * beat)
        return pose.with_(
            hips=pose.hips + [sway * side, -depth * dip - 0.012, -0.25 * depth * dip],
            hips_turn=pose.hips_turn + [0, twist * side, -4 * side * sway / 0.03],
            spine=pose.spine + [2 * dip, -0.6 * twist * side, 3 * side * sway / 0.03],
            chest=pose.chest + [0, -0.5 * twist * side, 0],
            head=pose.head + [3 * dip - 1, 0, -2.5 * side],
        )

    return apply


def _dance(
    name: str, owner: str, moves: list[tuple[float, Pose]], steps: list[Step], groove: Callable[[float, Pose], Pose]
) -> Clip:
    """`moves` are (beat, pose); the first pose is repeated at the end."""
    total = DANCE_BARS * BEATS_PER_BAR
    keys = [(b * BEAT, p) for b, p in moves] + [(total * BEAT, moves[0][1])]
    return Clip(
        name, keys, True, owner, fps=20, steps=steps, bounce=groove, beats_per_minute=int(60 / BEAT), planted=False
    )


def _side_steps(bars: list[int], width: float) -> list[Step]:
    """Step-touch: out on beats 1 and 3, together on 2 and 4."""
    steps = []
    for bar in bars:
        b = bar * BEATS_PER_BAR * BEAT
        steps += [
            Step("left", b, b + 0.42, width, 0),
            Step("right", b + BEAT, b + BEAT + 0.42, width, 0),
            Step("right", b + 2 * BEAT, b + 2 * BEAT + 0.42, 0, 0),
            Step("left", b + 3 * BEAT, b + 3 * BEAT + 0.42, 0, 0),
        ]
    return steps


def _hips_follow(
    steps_bars: list[int], width: float, groove: Callable[[float, Pose], Pose]
) -> Callable[[float, Pose], Pose]:
    """Carries the hips along with the side steps."""

    def apply(t: float, pose: Pose) -> Pose:
        pose = groove(t, pose)
        bar, within = divmod(t / BEAT / BEATS_PER_BAR, 1)
        if int(bar) in steps_bars:
            pose = pose.with_(hips=pose.hips + [width * np.sin(np.pi * within) ** 2, 0, 0])
        return pose

    return apply


def dances() -> list[Clip]:
    sway = lambda side, up, down: N.with_(**{side: up, ("right" if side == "left" else "left"): down})
    siwoo = [
        (0, N.with_(both=g.SIDE_LOW)),
        (2, sway("left", g.ARC_HIGH, g.SIDE_LOW)),
        (4, sway("right", g.ARC_HIGH, g.SIDE_LOW)),
        (6, N.with_(both=g.ARC_HIGH, head=(-5, 0, 0))),
        (8, N.with_(both=g.CHEST_HANDS, head=(5, 0, 4))),
        (10, N.with_(left=g.PRESENT, right=g.TALK_HEART, chest=(0, 6, 0))),
        (12, N.with_(left=g.TALK_HEART, right=g.PRESENT, chest=(0, -6, 0))),
        (14, N.with_(both=g.PRESENT)),
        (16, N.with_(both=g.SIDE_OUT)),
        (18, sway("left", g.ARC_HIGH, g.SIDE_OUT)),
        (20, sway("right", g.ARC_HIGH, g.SIDE_OUT)),
        (22, N.with_(both=g.ARC_HIGH)),
        (24, N.with_(both=g.HEART_TOP, head=(-2, 0, 6))),
        (26, N.with_(both=g.HEART_TOP, head=(-2, 0, -6))),
        (28, N.with_(both=g.CHEST_HANDS)),
        (30, N.with_(both=g.SIDE_LOW)),
    ]
    jena = []
    for bar in range(DANCE_BARS):
        b = bar * 4
        if bar % 4 == 0:
            jena += [
                (b + i, N.with_(left=g.PUMP_HIGH if i % 2 else g.PUMP_LOW, right=g.PUMP_LOW if i % 2 else g.PUMP_HIGH))
                for i in range(4)
            ]
        elif bar % 4 == 1:
            jena += [
                (
                    b + i,
                    N.with_(
                        left=g.SWING_FRONT if i % 2 else g.SWING_BACK, right=g.SWING_BACK if i % 2 else g.SWING_FRONT
                    ),
                )
                for i in range(4)
            ]
        elif bar % 4 == 2:
            jena += [
                (b, N.with_(right=g.POINT_UP, left=g.ON_HIP)),
                (b + 1, N.with_(right=g.POINT_FRONT, left=g.ON_HIP)),
                (b + 2, N.with_(left=g.POINT_UP, right=g.ON_HIP)),
                (b + 3, N.with_(left=g.POINT_FRONT, right=g.ON_HIP)),
            ]
        else:
            jena += [
                (b, N.with_(both=g.SIDE_OUT)),
                (b + 1, N.with_(both=g.clap_hand(0.02))),
                (b + 2, N.with_(left=g.PEACE_EYE, right=g.ON_HIP)),
                (b + 3, N.with_(left=g.PEACE_EYE, right=g.ON_HIP, head=(0, 4, 8))),
            ]
    taira = []
    for bar in range(DANCE_BARS):
        b = bar * 4
        if bar % 4 == 0:
            taira += [
                (b, N.with_(left=g.CROSSED_OVER, right=g.CROSSED_UNDER)),
                (b + 0.9, N.with_(left=g.CROSSED_OVER, right=g.CROSSED_UNDER)),
                (b + 2, N.with_(both=g.SIDE_LOW, head=(4, 0, 0))),
                (b + 2.9, N.with_(both=g.SIDE_LOW, head=(4, 0, 0))),
            ]
        elif bar % 4 == 1:
            taira += [
                (b, N.with_(right=g.SIDE_OUT, left=g.TALK_HEART, head=(0, -14, 0))),
                (b + 0.9, N.with_(right=g.SIDE_OUT, left=g.TALK_HEART, head=(0, -14, 0))),
                (b + 2, N.with_(left=g.SIDE_OUT, right=g.TALK_HEART, head=(0, 14, 0))),
                (b + 2.9, N.with_(left=g.SIDE_OUT, right=g.TALK_HEART, head=(0, 14, 0))),
            ]
        elif bar % 4 == 2:
            taira += [
                (b, N.with_(right=g.TALK_COUNT, left=g.ON_HIP)),
                (b + 1, N.with_(right=g.TALK_LOW, left=g.ON_HIP)),
                (b + 2, N.with_(right=g.TALK_COUNT, left=g.ON_HIP)),
                (b + 3, N.with_(right=g.PRESENT, left=g.ON_HIP)),
            ]
        else:
            taira += [
                (b, N.with_(left=g.HAIR_TOUCH, right=g.ON_HIP, head=(0, 8, 4))),
                (b + 0.9, N.with_(left=g.HAIR_TOUCH, right=g.ON_HIP, head=(0, 8, 4))),
                (b + 2, N.with_(right=g.POINT_FRONT, left=g.ON_HIP, chest=(0, 6, 0))),
                (b + 2.9, N.with_(right=g.POINT_FRONT, left=g.ON_HIP, chest=(0, 6, 0))),
            ]
    marty = []
    for bar in range(DANCE_BARS):
        b, s = bar * 4, (1 if bar % 2 == 0 else -1)
        if bar % 4 == 0:
            marty += [
                (
                    b + 2 * i,
                    N.with_(both=g.PAW, head=(2, 0, 8 * (1 if i % 2 else -1)), spine=(0, 0, 3 * (1 if i % 2 else -1))),
                )
                for i in range(2)
            ]
        elif bar % 4 == 1:
            marty += [
                (b, N.with_(left=g.CHEEK, right=g.SIDE_LOW, head=(3, 0, 6))),
                (b + 2, N.with_(right=g.CHEEK, left=g.SIDE_LOW, head=(3, 0, -6))),
            ]
        elif bar % 4 == 2:
            marty += [
                (b, N.with_(both=g.HEART_TOP, head=(-2, 0, 6))),
                (b + 2, N.with_(both=g.HEART_TOP, head=(-2, 0, -6))),
            ]
        else:
            marty += [
                (b, N.with_(both=g.CHIN_FISTS, head=(6, 6 * s, 4))),
                (b + 2, N.with_(both=g.SIDE_OUT, head=(-3, 0, 0))),
            ]
    group = []
    for bar in range(DANCE_BARS):
        b = bar * 4
        if bar % 4 in (0, 2):
            group += [
                (b, N.with_(both=g.SIDE_LOW)),
                (b + 1, N.with_(left=g.ARC_HIGH, right=g.ON_HIP)),
                (b + 2, N.with_(both=g.SIDE_LOW)),
                (b + 3, N.with_(right=g.ARC_HIGH, left=g.ON_HIP)),
            ]
        elif bar % 4 == 1:
            group += [
                (b + i, N.with_(both=g.clap_hand(0.02 if i % 2 else 0.22), head=(3 * (i % 2), 0, 0))) for i in range(4)
            ]
        else:
            group += [
                (b, N.with_(both=g.PUMP_LOW)),
                (b + 1, N.with_(both=g.PUMP_HIGH, head=(-5, 0, 0))),
                (b + 2, N.with_(both=g.HEART_TOP, head=(-2, 0, 5))),
                (b + 3, N.with_(both=g.HEART_TOP, head=(-2, 0, -5))),
            ]
    gentle, strong, sharp, soft = (
        _groove(0.020, 0.030, 5),
        _groove(0.040, 0.032, 9),
        _groove(0.030, 0.018, 5),
        _groove(0.022, 0.030, 4),
    )
    jena_bars, group_bars, siwoo_bars, marty_bars = [0, 1, 4, 5], [0, 2, 4, 6], [4, 5], [2, 6]
    return [
        _dance("dance_siwoo", "siwoo", siwoo, _side_steps(siwoo_bars, 0.14), _hips_follow(siwoo_bars, 0.14, gentle)),
        _dance("dance_jena", "jena", jena, _side_steps(jena_bars, 0.20), _hips_follow(jena_bars, 0.20, strong)),
        _dance("dance_taira", "taira", taira, [], sharp),
        _dance("dance_marty", "marty", marty, _side_steps(marty_bars, 0.13), _hips_follow(marty_bars, 0.13, soft)),
        _dance(
            "dance_group",
            "",
            group,
            _side_steps(group_bars, 0.18),
            _hips_follow(group_bars, 0.18, _groove(0.030, 0.028, 6)),
        ),
    ]


def all_clips() -> list[Clip]:
    return idles() + conversation() + emotions() + [sit()] + dances()
