"""The dances: 8 bars of 4 beats; moves are (beat, pose)."""

from __future__ import annotations

from .. import gestures as g
from .clip import Clip, N
from .groove import DANCE_BARS, Moves, dance, groove, hips_follow, side_steps


def dances() -> list[Clip]:
    """A dance for each idol, and one for all."""
    return [_siwoo(), _jena(), _taira(), _marty(), _group()]


def _siwoo() -> Clip:
    """Flowing: wide arcs, and arms opened to the fans."""
    sway = lambda side, up, down: N.with_(**{side: up, ("right" if side == "left" else "left"): down})
    moves = [
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
    bars, width = [4, 5], 0.14
    follow = hips_follow(bars, width, groove(0.020, 0.030, 5))
    return dance("dance_siwoo", "siwoo", moves, side_steps(bars, width), follow)


def _jena() -> Clip:
    """Strong: fists, swinging arms, claps."""
    moves: Moves = []
    for bar in range(DANCE_BARS):
        b = bar * 4
        if bar % 4 == 0:
            moves += [
                (b + i, N.with_(left=g.PUMP_HIGH if i % 2 else g.PUMP_LOW, right=g.PUMP_LOW if i % 2 else g.PUMP_HIGH))
                for i in range(4)
            ]
        elif bar % 4 == 1:
            moves += [
                (
                    b + i,
                    N.with_(
                        left=g.SWING_FRONT if i % 2 else g.SWING_BACK, right=g.SWING_BACK if i % 2 else g.SWING_FRONT
                    ),
                )
                for i in range(4)
            ]
        elif bar % 4 == 2:
            moves += [
                (b, N.with_(right=g.POINT_UP, left=g.ON_HIP)),
                (b + 1, N.with_(right=g.POINT_FRONT, left=g.ON_HIP)),
                (b + 2, N.with_(left=g.POINT_UP, right=g.ON_HIP)),
                (b + 3, N.with_(left=g.POINT_FRONT, right=g.ON_HIP)),
            ]
        else:
            moves += [
                (b, N.with_(both=g.SIDE_OUT)),
                (b + 1, N.with_(both=g.clap_hand(0.02))),
                (b + 2, N.with_(left=g.PEACE_EYE, right=g.ON_HIP)),
                (b + 3, N.with_(left=g.PEACE_EYE, right=g.ON_HIP, head=(0, 4, 8))),
            ]
    bars, width = [0, 1, 4, 5], 0.20
    follow = hips_follow(bars, width, groove(0.040, 0.032, 9))
    return dance("dance_jena", "jena", moves, side_steps(bars, width), follow)


def _taira() -> Clip:
    """Sharp: poses that are struck and held."""
    moves: Moves = []
    for bar in range(DANCE_BARS):
        b = bar * 4
        if bar % 4 == 0:
            moves += [
                (b, N.with_(left=g.CROSSED_OVER, right=g.CROSSED_UNDER)),
                (b + 0.9, N.with_(left=g.CROSSED_OVER, right=g.CROSSED_UNDER)),
                (b + 2, N.with_(both=g.SIDE_LOW, head=(4, 0, 0))),
                (b + 2.9, N.with_(both=g.SIDE_LOW, head=(4, 0, 0))),
            ]
        elif bar % 4 == 1:
            moves += [
                (b, N.with_(right=g.SIDE_OUT, left=g.TALK_HEART, head=(0, -14, 0))),
                (b + 0.9, N.with_(right=g.SIDE_OUT, left=g.TALK_HEART, head=(0, -14, 0))),
                (b + 2, N.with_(left=g.SIDE_OUT, right=g.TALK_HEART, head=(0, 14, 0))),
                (b + 2.9, N.with_(left=g.SIDE_OUT, right=g.TALK_HEART, head=(0, 14, 0))),
            ]
        elif bar % 4 == 2:
            moves += [
                (b, N.with_(right=g.TALK_COUNT, left=g.ON_HIP)),
                (b + 1, N.with_(right=g.TALK_LOW, left=g.ON_HIP)),
                (b + 2, N.with_(right=g.TALK_COUNT, left=g.ON_HIP)),
                (b + 3, N.with_(right=g.PRESENT, left=g.ON_HIP)),
            ]
        else:
            moves += [
                (b, N.with_(left=g.HAIR_TOUCH, right=g.ON_HIP, head=(0, 8, 4))),
                (b + 0.9, N.with_(left=g.HAIR_TOUCH, right=g.ON_HIP, head=(0, 8, 4))),
                (b + 2, N.with_(right=g.POINT_FRONT, left=g.ON_HIP, chest=(0, 6, 0))),
                (b + 2.9, N.with_(right=g.POINT_FRONT, left=g.ON_HIP, chest=(0, 6, 0))),
            ]
    return dance("dance_taira", "taira", moves, [], groove(0.030, 0.018, 5))


def _marty() -> Clip:
    """Soft: paws, cheeks, hearts."""
    moves: Moves = []
    for bar in range(DANCE_BARS):
        b, s = bar * 4, (1 if bar % 2 == 0 else -1)
        if bar % 4 == 0:
            moves += [
                (
                    b + 2 * i,
                    N.with_(both=g.PAW, head=(2, 0, 8 * (1 if i % 2 else -1)), spine=(0, 0, 3 * (1 if i % 2 else -1))),
                )
                for i in range(2)
            ]
        elif bar % 4 == 1:
            moves += [
                (b, N.with_(left=g.CHEEK, right=g.SIDE_LOW, head=(3, 0, 6))),
                (b + 2, N.with_(right=g.CHEEK, left=g.SIDE_LOW, head=(3, 0, -6))),
            ]
        elif bar % 4 == 2:
            moves += [
                (b, N.with_(both=g.HEART_TOP, head=(-2, 0, 6))),
                (b + 2, N.with_(both=g.HEART_TOP, head=(-2, 0, -6))),
            ]
        else:
            moves += [
                (b, N.with_(both=g.CHIN_FISTS, head=(6, 6 * s, 4))),
                (b + 2, N.with_(both=g.SIDE_OUT, head=(-3, 0, 0))),
            ]
    bars, width = [2, 6], 0.13
    follow = hips_follow(bars, width, groove(0.022, 0.030, 4))
    return dance("dance_marty", "marty", moves, side_steps(bars, width), follow)


def _group() -> Clip:
    """The one that all dance together."""
    moves: Moves = []
    for bar in range(DANCE_BARS):
        b = bar * 4
        if bar % 4 in (0, 2):
            moves += [
                (b, N.with_(both=g.SIDE_LOW)),
                (b + 1, N.with_(left=g.ARC_HIGH, right=g.ON_HIP)),
                (b + 2, N.with_(both=g.SIDE_LOW)),
                (b + 3, N.with_(right=g.ARC_HIGH, left=g.ON_HIP)),
            ]
        elif bar % 4 == 1:
            moves += [
                (b + i, N.with_(both=g.clap_hand(0.02 if i % 2 else 0.22), head=(3 * (i % 2), 0, 0))) for i in range(4)
            ]
        else:
            moves += [
                (b, N.with_(both=g.PUMP_LOW)),
                (b + 1, N.with_(both=g.PUMP_HIGH, head=(-5, 0, 0))),
                (b + 2, N.with_(both=g.HEART_TOP, head=(-2, 0, 5))),
                (b + 3, N.with_(both=g.HEART_TOP, head=(-2, 0, -5))),
            ]
    bars, width = [0, 2, 4, 6], 0.18
    follow = hips_follow(bars, width, groove(0.030, 0.028, 6))
    return dance("dance_group", "", moves, side_steps(bars, width), follow)
