"""The looks of the four idols. All are adults; heights include soles.

Angles are degrees (azimuth 0 is the front, positive to her left), lengths are decimetres.
"""

from __future__ import annotations

from dataclasses import dataclass

from .body import Build, WarpSettings
from .eyes import EyeStyle


@dataclass(frozen=True)
class BrowStyle:
    """Colour and form of the brows; lengths in decimetres."""

    colour: str
    height: float = 0.42  # above the eye centre
    half_width: float = 0.215
    thickness: float = 0.021
    arch: float = 0.035
    tilt: float = 0.0
    offset_x: float = -0.005


@dataclass(frozen=True)
class Bang:
    """A fringe lock from the crown (`root`) to the brow (`tip`); `tip_y` is relative to the eyes."""

    root: float
    tip: float
    tip_y: float
    width: float = 0.26
    blunt: float = 0.0  # 0 pointed .. 1 cut straight
    bulge: float = 0.0  # extra distance from the forehead


@dataclass(frozen=True)
class Lock:
    """A lock in front of the ears, on both sides unless `side` is set."""

    azimuth: float
    length: float  # below eye level
    width: float = 0.20
    out: float = 0.08
    curl: float = 0.0
    blunt: float = 0.0
    side: int = 0


@dataclass(frozen=True)
class BackHair:
    """Hair around the sides and the back."""

    length: float  # below the lower end of the skull
    side_length: float
    flare: float = 0.10  # how far it stands off
    tip_in: float = 0.06  # inward (positive) or outward turn of the tips
    width: float = 0.40
    wave: float = 0.0
    blunt: float = 0.3
    springy: bool = False


@dataclass(frozen=True)
class Tail:
    """A pony or twin tail; `root` is in skull radii from the skull centre."""

    root: tuple[float, float, float]
    away: tuple[float, float, float]  # direction it leaves the head
    length: float
    spread: float
    locks: int = 9
    wave: float = 0.0
    curl: float = 0.0
    out: float = 0.9


@dataclass(frozen=True)
class HairStyle:
    """Colours and pieces of the hair."""

    colours: tuple[str, str, str]  # root, middle, tip
    shade: tuple[float, float, float]
    bangs: tuple[Bang, ...]
    locks: tuple[Lock, ...]
    back: BackHair
    tails: tuple[Tail, ...] = ()
    shine: float = 0.5
    antenna: bool = False


@dataclass(frozen=True)
class OutfitStyle:
    """Colours and cuts of the stage clothes; lengths in decimetres."""

    main: str
    second: str
    accent: str
    trim: str
    skirt: str
    under: str  # leg wear
    shoe: str
    sole: str = "#ffffff"
    collar: str = "round"  # round | hood | stand | sailor
    sleeve: str = "bell"  # bell | short | fitted | loose
    skirt_cut: str = "flared"  # flared | pleated | wrap | tiered
    skirt_length: float = 2.4  # below the waist
    skirt_flare: float = 0.95
    leg_top: float | None = 1.0  # above the knee; None: tights
    neckline: float = 0.75  # above the bust
    boots: float = 0.3  # shaft above the ankle
    sole_height: float = 0.40
    midriff: float = 0.0
    extras: tuple[str, ...] = ()


@dataclass(frozen=True)
class IdolConfig:
    """All that makes one idol look as she does."""

    name: str
    title: str
    height: float  # metres, soles and hair included
    build: Build
    face: dict[str, float]
    warp: WarpSettings
    eyes: EyeStyle
    brows: BrowStyle
    hair: HairStyle
    outfit: OutfitStyle
    skin: str
    lip: str
    nail: str
    blush: float = 1.0
    skin_size: int = 1024


SIWOO = IdolConfig(
    name="siwoo",
    title="Siwoo",
    height=1.66,
    build=Build(weight=0.42, height=0.55, cup=0.45),
    face={"head/head-oval": 0.6, "chin/chin-width-decr": 0.55},
    warp=WarpSettings(jaw_taper=0.12, chin_up=0.10),
    eyes=EyeStyle(
        tilt=-0.06,
        peak=0.0,
        upper=0.250,
        lower=0.200,
        iris_colours=("#4a3fa8", "#a9b8ff"),
        lash=0.95,
        wing=0.75,
        lash_colour="#33244a",
    ),
    brows=BrowStyle("#8276b8", tilt=-0.06, arch=0.030, thickness=0.019),
    hair=HairStyle(
        colours=("#9a8ee2", "#b9b0f4", "#f2c9ec"),
        shade=(0.78, 0.70, 0.88),
        bangs=(
            Bang(-3, -58, -0.02, 0.21, 0.15, 0.06),
            Bang(3, 58, -0.02, 0.21, 0.15, 0.06),
            Bang(-5, -40, 0.22, 0.22, 0.1, 0.05),
            Bang(5, 40, 0.22, 0.22, 0.1, 0.05),
            Bang(-6, -24, 0.46, 0.19, 0.0, 0.04),
            Bang(6, 24, 0.46, 0.19, 0.0, 0.04),
            Bang(2, 4, 0.28, 0.10, 0.0, 0.07),
            Bang(-2, -12, 0.40, 0.11, 0.0, 0.05),
        ),
        locks=(Lock(72, 1.9, 0.18, 0.10), Lock(86, 2.9, 0.20, 0.05)),
        back=BackHair(4.7, 4.1, flare=0.38, tip_in=0.12, width=0.50, wave=0.05, blunt=0.55, springy=True),
    ),
    outfit=OutfitStyle(
        main="#fdfbff",
        second="#b6a8f0",
        accent="#7b68d8",
        trim="#f1cd7a",
        skirt="#8f80e6",
        under="#f3eefe",
        shoe="#7465c8",
        collar="round",
        sleeve="bell",
        skirt_cut="flared",
        skirt_length=3.6,
        skirt_flare=1.45,
        leg_top=None,
        boots=1.1,
    ),
    skin="#ffe6d8",
    lip="#e88b90",
    nail="#c9b4f2",
)

JENA = IdolConfig(
    name="jena",
    title="Jena",
    height=1.63,
    build=Build(weight=0.44, muscle=0.58, height=0.42, cup=0.48),
    face={"head/head-oval": 0.2, "head/head-round": 0.35, "chin/chin-height-decr": 0.55},
    warp=WarpSettings(jaw_taper=0.10, chin_up=0.13),
    eyes=EyeStyle(
        tilt=0.20,
        peak=0.10,
        upper=0.262,
        lower=0.195,
        half_width=0.285,
        upper_square=2.3,
        iris_colours=("#9c3d0c", "#ffcf5e"),
        lash=1.1,
        wing=1.35,
        lash_colour="#3a1f18",
    ),
    brows=BrowStyle("#b5602c", tilt=0.16, arch=0.030, thickness=0.023, height=0.43),
    hair=HairStyle(
        colours=("#e67a2c", "#ffa64a", "#ffe08a"),
        shade=(0.86, 0.66, 0.62),
        bangs=(
            Bang(-22, -52, 0.10, 0.20, 0.1, 0.06),
            Bang(-20, -34, 0.26, 0.20, 0.0, 0.06),
            Bang(-16, -16, 0.33, 0.22, 0.0, 0.08),
            Bang(-14, 2, 0.24, 0.24, 0.0, 0.10),
            Bang(-10, 22, 0.22, 0.25, 0.0, 0.10),
            Bang(-4, 40, 0.12, 0.24, 0.1, 0.08),
            Bang(4, 57, -0.05, 0.22, 0.1, 0.06),
        ),
        locks=(Lock(73, 1.25, 0.20, 0.16, 0.06, 0.2),),
        back=BackHair(0.0, 0.0, width=0.46, blunt=0.3),
        tails=(Tail((0.42, 0.86, -0.62), (0.45, 0.55, -0.75), 4.0, 0.50, 10, wave=0.16, curl=0.35, out=1.0),),
        antenna=True,
    ),
    outfit=OutfitStyle(
        main="#fffaf2",
        second="#ff9a3c",
        accent="#ff6a4d",
        trim="#ffd166",
        skirt="#ff9437",
        under="#fffaf2",
        shoe="#ff6a4d",
        sole="#fff4e4",
        collar="hood",
        sleeve="short",
        skirt_cut="pleated",
        skirt_length=2.75,
        skirt_flare=1.25,
        leg_top=-1.0,
        boots=0.25,
        sole_height=0.42,
        extras=("wristbands",),
    ),
    skin="#ffdfc8",
    lip="#e77b6e",
    nail="#ff8a5c",
    blush=1.1,
)

TAIRA = IdolConfig(
    name="taira",
    title="Taira",
    height=1.7,
    build=Build(weight=0.40, muscle=0.55, height=0.62, cup=0.42),
    face={
        "head/head-oval": 0.7,
        "chin/chin-triangle": 0.5,
        "chin/chin-height-decr": 0.15,
        "cheek/{}-cheek-volume-incr": 0.0,
    },
    warp=WarpSettings(jaw_taper=0.15, chin_up=0.05, head_scale=1.25),
    eyes=EyeStyle(
        tilt=0.13,
        peak=0.05,
        upper=0.215,
        lower=0.170,
        half_width=0.292,
        upper_square=2.9,
        lower_square=2.6,
        iris_width=0.192,
        iris_height=0.222,
        iris_colours=("#1c2f6b", "#6fd0e8"),
        lash=1.05,
        wing=1.2,
        lash_colour="#171827",
    ),
    brows=BrowStyle("#2b3157", tilt=0.10, arch=0.018, thickness=0.017, height=0.375),
    hair=HairStyle(
        colours=("#20294f", "#2f3c72", "#4a62b0"),
        shade=(0.62, 0.60, 0.78),
        bangs=tuple(
            Bang(a * 0.82, a, 0.30 + 0.00010 * a * a, 0.215, 0.95, 0.05)
            for a in (-50, -37, -25, -12.5, 0, 12.5, 25, 37, 50)
        ),
        locks=(Lock(66, 1.30, 0.22, 0.02, 0.0, 0.85), Lock(80, 1.55, 0.24, 0.02, -0.05, 0.75)),
        back=BackHair(0.55, 1.05, flare=0.10, tip_in=0.14, width=0.44, blunt=0.65),
        shine=0.42,
    ),
    outfit=OutfitStyle(
        main="#262a4a",
        second="#e9ecf7",
        accent="#3ec6d8",
        trim="#c9ced8",
        skirt="#1f2340",
        under="#1b1d30",
        shoe="#20233c",
        sole="#e9ecf7",
        collar="stand",
        sleeve="fitted",
        skirt_cut="wrap",
        skirt_length=3.1,
        skirt_flare=0.80,
        leg_top=None,
        boots=2.2,
        extras=("headphones",),
    ),
    skin="#ffe9df",
    lip="#d6707f",
    nail="#3ec6d8",
    blush=0.7,
)

MARTY = IdolConfig(
    name="marty",
    title="Marty",
    height=1.59,
    build=Build(weight=0.46, muscle=0.45, height=0.40, cup=0.45),
    face={
        "head/head-oval": 0.1,
        "head/head-round": 0.6,
        "chin/chin-height-decr": 0.5,
        "cheek/{}-cheek-volume-incr": 0.6,
    },
    warp=WarpSettings(jaw_taper=0.09, chin_up=0.14),
    eyes=EyeStyle(
        tilt=-0.02,
        peak=-0.02,
        upper=0.270,
        lower=0.215,
        half_width=0.280,
        upper_square=2.2,
        iris_width=0.218,
        iris_height=0.276,
        iris_colours=("#b23a6a", "#ffb0c4"),
        lash=1.0,
        wing=0.9,
        lash_colour="#4a2434",
    ),
    brows=BrowStyle("#cf7f97", tilt=-0.12, arch=0.028, thickness=0.018, half_width=0.185, height=0.43),
    hair=HairStyle(
        colours=("#ee86a8", "#ffb3c8", "#ffe6ee"),
        shade=(0.86, 0.70, 0.78),
        bangs=(
            Bang(-38, -52, 0.05, 0.22, 0.2, 0.06),
            Bang(-28, -35, 0.24, 0.22, 0.15, 0.08),
            Bang(-16, -19, 0.32, 0.22, 0.15, 0.10),
            Bang(-4, -4, 0.30, 0.22, 0.15, 0.11),
            Bang(8, 11, 0.33, 0.22, 0.15, 0.10),
            Bang(20, 26, 0.29, 0.22, 0.15, 0.09),
            Bang(30, 41, 0.18, 0.22, 0.2, 0.07),
            Bang(40, 55, -0.02, 0.21, 0.2, 0.05),
        ),
        locks=(Lock(72, 1.45, 0.20, 0.16, 0.14),),
        back=BackHair(0.0, 0.0, width=0.46, blunt=0.3),
        tails=(
            Tail((0.86, -0.15, -0.52), (0.9, -0.1, -0.15), 3.3, 0.46, 9, wave=0.24, curl=0.35, out=0.78),
            Tail((-0.86, -0.15, -0.52), (-0.9, -0.1, -0.15), 3.3, 0.46, 9, wave=0.24, curl=0.35, out=0.78),
        ),
    ),
    outfit=OutfitStyle(
        main="#ffffff",
        second="#ffd0dc",
        accent="#f0769b",
        trim="#8fd8c0",
        skirt="#ffc2d3",
        under="#ffffff",
        shoe="#c9577c",
        collar="sailor",
        sleeve="loose",
        skirt_cut="tiered",
        skirt_length=2.95,
        skirt_flare=1.35,
        leg_top=0.75,
        boots=0.12,
        sole_height=0.34,
    ),
    skin="#ffe0d6",
    lip="#ec7f93",
    nail="#f7a8c0",
    blush=1.35,
)

IDOLS: dict[str, IdolConfig] = {c.name: c for c in (SIWOO, JENA, TAIRA, MARTY)}
