"""Hair: a smooth shell over the skull with tapered, opaque locks on top, and spring chains."""

from __future__ import annotations

import numpy as np

from .characters import Bang, Lock, Tail
from .figure import Figure
from .geometry import Mesh, catmull_rom, hex_colour, loft, merge, orient, ribbon, smoothstep, torus_tube, unit
from .parts import Material, Part, SpringChain
from .skeleton import rigid
from .springs import bind_to_chains
from .textures import hair_texture

SHELL_OFFSET = 0.085  # dm above the skull
SHELL_INNER = 0.005
LOCK_OFFSET = 0.16
SKULL_SHARE = 0.4  # part of the texture height used for the skull, down to eye level
RING_AT = 0.17  # height of the bright ring in the texture
BEHIND_SHOULDERS = 0.75  # dm that long side hair is led back
MIN_HALF_WIDTH = 0.004


class HairBuilder:
    """Makes the pieces of the hair around the skull."""

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.style = figure.config.hair
        self.centre, self.radii = figure.skull_centre, figure.skull_radii
        self.eye_y = figure.eye[1]
        full = figure.detail >= 1
        self.sides = 6 if full else 4
        self.steps = (lambda n: n) if full else (lambda n: max(5, n // 3))
        self.meshes: list[Mesh] = []
        root, middle, tip = (hex_colour(c) for c in self.style.colours)
        image = hair_texture(root, middle, tip, RING_AT, self.style.shine)
        figure.materials["hair"] = Material(np.ones(3), np.array(self.style.shade), image, 0.012, root * 0.35)

    # ---- points and widths

    def on_skull(self, azimuth: float, polar: float, offset: float = LOCK_OFFSET) -> np.ndarray:
        """Point (3,) above the skull ellipsoid; `polar` is measured from the crown."""
        t, p = np.radians(azimuth), np.radians(polar)
        direction = np.array([np.sin(p) * np.sin(t), np.cos(p), np.sin(p) * np.cos(t)])
        return self.centre + direction * (self.radii + offset)

    def outward(self, points: np.ndarray) -> np.ndarray:
        """Outward directions (n, 3): normals of the skull, horizontal below it."""
        normal = unit((points - self.centre) / self.radii**2)
        level = unit((points - self.centre) * [1, 0, 1])
        share = smoothstep(self.centre[1] - points[:, 1], 0.0, 1.0)[:, None]
        return unit(normal * (1 - share) + level * share)

    def lock(
        self,
        controls: list[np.ndarray],
        width: float,
        depth: float,
        steps: int = 16,
        *,
        blunt: float = 0.0,
        root_width: float = 0.7,
        outward: np.ndarray | None = None,
    ) -> Mesh:
        """A lock along the control points. `blunt` moves the start of the taper to the tip."""
        path = catmull_rom(controls, self.steps(steps))
        t = np.linspace(0, 1, len(path))
        start = 0.40 + 0.52 * blunt
        s = np.clip((t - start) / (1 - start), 0, 1)
        taper = np.sqrt(np.clip(1 - s ** (1.35 + 2.5 * blunt), 0, 1)) if blunt > 0.5 else (1 - s**1.35)
        swell = root_width + (1 - root_width) * np.sin(np.clip(t / 0.4, 0, 1) * np.pi / 2)
        half = np.maximum(width * swell * taper, MIN_HALF_WIDTH)
        thick = np.maximum(depth * np.minimum(half / width, 1) ** 0.7, MIN_HALF_WIDTH)
        normals = self.outward(path) if outward is None else np.repeat(outward[None], len(path), 0)
        return ribbon(path, half, thick, normals, self.sides)

    # ---- pieces

    def shell(self) -> Mesh:
        """A smooth cap of hair that closes every gap between the locks."""
        full = self.figure.detail >= 1
        columns, rows = (48, 10) if full else (20, 5)
        azimuth = np.linspace(-180, 180, columns, endpoint=False)
        a = np.abs(azimuth)
        # Hairline: brow to temple in front, behind the ear at the side, the nape at the back.
        limit = np.interp(a, [0, 35, 58, 72, 88, 104, 125, 180], [62, 64, 70, 84, 88, 116, 132, 138])
        rings = []
        for t in np.linspace(0.02, 1, rows):
            lift = SHELL_OFFSET * (1 - 0.55 * smoothstep(t, 0.8, 1.0))
            rings.append(np.array([self.on_skull(z, p * t, lift) for z, p in zip(azimuth, limit)]))
        # An inner wall closes the cap: seen from inside it must not show the dark outline hull.
        for t in np.linspace(1, 0.02, max(3, rows // 2)):
            rings.append(np.array([self.on_skull(z, p * t, SHELL_INNER) for z, p in zip(azimuth, limit)]))
        positions, triangles, uvs = loft(rings)
        outer = triangles[: 2 * columns * (rows - 1)]
        return (
            positions,
            (triangles if (orient(positions, outer, self.centre) == outer).all() else triangles[:, ::-1]),
            uvs,
        )

    def bang(self, bang: Bang) -> Mesh:
        """A lock over the forehead."""
        t = np.radians(bang.tip)
        tip = self.centre + np.array([np.sin(t) * (self.radii[0] + 0.15), 0, np.cos(t) * (self.radii[2] + 0.17)])
        tip[1] = self.eye_y + bang.tip_y
        middle = (bang.root + bang.tip) / 2
        low = self.on_skull(bang.tip, 72, 0.20 + bang.bulge)
        controls = [
            self.on_skull(bang.root * 0.6, 8, 0.15),
            self.on_skull(bang.root, 30, 0.19 + bang.bulge),
            self.on_skull(middle, 54, 0.22 + bang.bulge),
            low * 0.5 + tip * 0.5 + [0, 0.10, 0.02],
            tip,
        ]
        return self.lock(controls, bang.width, 0.085, 18, blunt=bang.blunt)

    def side_lock(self, lock: Lock, sign: int) -> Mesh:
        """A lock beside the face; `sign` is its side."""
        az = lock.azimuth
        top = self.on_skull(sign * az, 84, 0.15)
        end_y = self.eye_y - lock.length
        fall = top[1] - end_y
        controls = [
            self.on_skull(sign * 24, 14, 0.15),
            self.on_skull(sign * (az - 16), 44, 0.21),
            self.on_skull(sign * az, 68, 0.19),
            top,
        ]
        for share, out, ahead in ((0.35, 0.35, 0.02), (0.70, 0.85, 0.04), (1.0, 0.6, 0.02)):
            swing = lock.curl * np.sin(share * np.pi * 1.5)
            controls.append(top + [sign * (lock.out * out + swing * 0.6), -fall * share, ahead + swing * 0.25])
        return self.lock(controls, lock.width, 0.085, 20, blunt=lock.blunt)

    def crown_lock(self, azimuth: float, length: float, layer: float) -> Mesh:
        """A lock from the crown over the side or back of the head."""
        back = self.style.back
        # Long hair falls from the widest place of the skull, short hair hugs the nape.
        short = [86, 96, 116, 122]
        low = float(np.interp(abs(azimuth), [60, 90, 115, 180], [86, 93, 98, 98] if length > 1.5 else short))
        controls = [
            self.on_skull(azimuth * 0.7, 6, 0.12 + layer),
            self.on_skull(azimuth, 32, 0.17 + layer),
            self.on_skull(azimuth, 62, 0.18 + layer),
            self.on_skull(azimuth, low, 0.15 + layer),
        ]
        end = controls[-1]
        away = unit((end - self.centre) * [1, 0, 1])
        # Hair tied up ends at the nape.
        steps = () if length <= 0 else (0.3, 0.65, 1.0) if length < 1.5 else (0.15, 0.35, 0.55, 0.78, 1.0)
        # Long side hair passes behind the shoulders.
        behind = BEHIND_SHOULDERS * (1 - smoothstep(abs(azimuth), 105, 150)) if length > 1.5 else 0.0
        length *= 1 + 0.035 * np.sin(azimuth * 0.9) if length > 1.5 else 1
        for share in steps:
            turn = -back.tip_in * smoothstep(share, 0.55, 1.0)
            flare = back.flare * smoothstep(share, 0, 0.6) + 0.02
            wave = back.wave * np.sin(share * 9 + azimuth * 0.05)
            controls.append(
                end
                + [0, -length * share, 0]
                + away * (flare + turn + wave)
                - [0, 0, behind * smoothstep(share, 0, 0.42)]
            )
        return self.lock(
            controls, back.width, 0.11, 22 if length > 1.5 else 18, blunt=back.blunt if length > 0 else 0.95
        )

    def back(self) -> list[Mesh]:
        """The locks around the back of the head, in an outer and an inner layer."""
        back = self.style.back
        meshes = []
        full = self.figure.detail >= 1
        first = 64 if back.side_length > 0 else 104
        outer = np.linspace(first, 360 - first, 17 if full else 13)
        for azimuth in outer:
            signed = (azimuth + 180) % 360 - 180
            share = smoothstep(abs(signed), 85, 115)
            length = back.side_length * (1 - share) + back.length * share
            meshes.append(self.crown_lock(signed, length, 0.0))
        for azimuth in np.linspace(96, 264, 9 if full else 6):
            signed = (azimuth + 180) % 360 - 180
            meshes.append(self.crown_lock(signed, back.length * 0.95, -0.07))
        return meshes

    def tail_axis(self, tail: Tail) -> np.ndarray:
        """Curve along the middle of a tail, from its root to its tip."""
        root = self.centre + np.array(tail.root) * (self.radii + 0.10)
        away = unit(tail.away)
        level = unit(away * [1, 0, 1])
        rise = max(away[1], 0)
        points = [
            root,
            root + away * 0.30,
            root + level * 0.62 * tail.out + [0, 0.30 * rise - 0.10, 0],
            root + level * 0.85 * tail.out + [0, -tail.length * 0.25, 0],
            root + level * 0.88 * tail.out + [0, -tail.length * 0.50, 0],
            root + level * 0.76 * tail.out + [0, -tail.length * 0.76, 0],
            root + level * (0.62 * tail.out + tail.curl * 0.4) + [0, -tail.length, 0],
        ]
        return catmull_rom(points, 24)

    def tail(self, tail: Tail) -> tuple[list[Mesh], Mesh]:
        """The locks of a tail and the band that holds it."""
        axis = self.tail_axis(tail)
        t = np.linspace(0, 1, len(axis))
        tangent = unit(np.gradient(axis, axis=0))
        side = unit(np.cross(tangent, [0.2, 0.1, 1.0]))
        other = np.cross(side, tangent)
        bulge = tail.spread * np.clip(0.32 + 1.15 * np.sin(np.clip(t * 1.15, 0, 1) * np.pi) ** 0.8 * 0.7, 0, 1)
        meshes = []
        locks = tail.locks if self.figure.detail >= 1 else max(5, int(tail.locks * 0.6))
        for i in range(locks + 2):
            a = 2 * np.pi * i / locks
            radius = (1.0 if i % 2 else 0.82) if i < locks else 0.25
            radial = side * np.cos(a) + other * np.sin(a)
            sway = tail.wave * np.sin(t * 8.5 + a * 1.3) * smoothstep(t, 0.15, 0.6)
            path = axis + radial * (bulge * radius + sway)[:, None]
            path = path + np.outer(smoothstep(t, 0.75, 1.0) * 0.22 * np.sin(3 * a), [0, 1, 0])
            count = self.steps(20)
            pick = np.linspace(0, len(path) - 1, count)
            lower = np.minimum(pick.astype(int), len(path) - 2)
            f = (pick - lower)[:, None]
            line = path[lower] * (1 - f) + path[lower + 1] * f
            s = np.linspace(0, 1, count)
            width = tail.spread * 0.80 * np.clip(0.4 + 1.6 * s, 0, 1) * np.clip((1 - s) / 0.45, 0, 1) ** 0.75
            width = np.maximum(width, MIN_HALF_WIDTH)
            normal = radial[lower] * (1 - f) + radial[lower + 1] * f
            meshes.append(ribbon(line, width, np.maximum(width * 0.42, MIN_HALF_WIDTH), unit(normal), self.sides))
        angles = 2 * np.pi * np.arange(16) / 16
        where = axis[2]
        ring = where + 0.20 * (np.outer(np.cos(angles), side[2]) + np.outer(np.sin(angles), other[2]))
        band = torus_tube(ring, ring - where, 0.085, 6, 1.0)
        return meshes, band

    def texture_positions(self, positions: np.ndarray, uvs: np.ndarray, lowest: float) -> np.ndarray:
        """UVs (n, 2) whose V depends on height alone, so that shine and colours line up across locks."""
        top = self.centre[1] + self.radii[1] + 0.25
        skull = SKULL_SHARE * np.clip((top - positions[:, 1]) / (top - self.eye_y), 0, 1)
        below = (1 - SKULL_SHARE) * np.clip((self.eye_y - positions[:, 1]) / max(self.eye_y - lowest, 0.5), 0, 1)
        return np.column_stack([uvs[:, 0], np.clip(skull + below, 0.004, 0.996)])


def _add(
    builder: HairBuilder, name: str, meshes: list[Mesh], lowest: float, chains: list[SpringChain] | None = None
) -> None:
    figure = builder.figure
    positions, triangles, uvs = merge(meshes)
    part = Part(
        name,
        positions,
        triangles,
        "hair",
        rigid(len(positions), "Head"),
        builder.texture_positions(positions, uvs, lowest),
    )
    if chains:
        bind_to_chains(part, chains)
        figure.chains += chains
    figure.parts.append(part)


def _back_chains(builder: HairBuilder) -> list[SpringChain]:
    """Three chains down the back for long hair."""
    back, chains = builder.style.back, []
    for name, azimuth in (("hair_back_l", 125), ("hair_back_c", 180), ("hair_back_r", -125)):
        end = builder.on_skull(azimuth, 98, 0.10)
        away = unit((end - builder.centre) * [1, 0, 1])
        behind = BEHIND_SHOULDERS * (1 - smoothstep(abs(azimuth), 105, 150))
        points = [
            end
            + [0, -back.length * s, -behind * smoothstep(s, 0, 0.42)]
            + away * (back.flare * smoothstep(s, 0, 0.5) + 0.05)
            for s in (0, 0.22, 0.45, 0.7, 1.0)
        ]
        chains.append(
            SpringChain(name, "Head", np.array(points), stiffness=1.1, gravity=0.18, drag=0.55, hit_radius=0.02)
        )
    return chains


def add_hair(figure: Figure) -> None:
    """Adds the hair, and the spring chains of what hangs freely."""
    builder = HairBuilder(figure)
    style = builder.style
    back_meshes = builder.back()
    tails = [builder.tail(t) for t in style.tails]
    lowest = min(m[0][:, 1].min() for m in back_meshes + [m for t in tails for m in t[0]])
    fixed = [builder.shell()] + [builder.bang(b) for b in style.bangs]
    for lock in style.locks:
        fixed += [builder.side_lock(lock, s) for s in (1, -1) if lock.side in (0, s)]
    if style.antenna:
        top = builder.on_skull(0, 4, 0.12)
        fixed.append(
            builder.lock(
                [top, top + [0.02, 0.22, 0.06], top + [0.10, 0.36, 0.22], top + [0.22, 0.30, 0.40]],
                0.075,
                0.04,
                12,
                outward=np.array([0.3, 1.0, -0.2]),
            )
        )
    if style.back.springy:
        _add(builder, "hair", fixed, lowest)
        _add(builder, "hair_back", back_meshes, lowest, _back_chains(builder))
    else:
        _add(builder, "hair", fixed + back_meshes, lowest)
    for k, (tail, (meshes, band)) in enumerate(zip(style.tails, tails)):
        axis = builder.tail_axis(tail)
        points = axis[[2, 6, 10, 14, 18, 23]]
        chain = SpringChain(f"hair_tail{k}", "Head", points, stiffness=0.9, gravity=0.25, drag=0.45, hit_radius=0.02)
        _add(builder, f"hair_tail{k}", meshes, lowest, [chain])
        figure.parts.append(Part(f"hair_band{k}", band[0], band[1], "accent", rigid(len(band[0]), "Head")))
