"""Inner sides of open cloth."""

from __future__ import annotations

from dataclasses import replace

from ..figure import Figure
from ..geometry import welded_normals
from ..parts import Part

OPEN_MATERIALS = ("skirt", "cloth", "frill")
OPEN_PARTS = ("collar", "jacket", "top")


def add_inner_sides(figure: Figure) -> None:
    """Gives open cloth an inner side of its own, without outline.

    bevy_vrm1 draws no outline around double-sided materials, and a single-sided one shows the dark
    outline hull when one looks inside.
    """
    for part in [p for p in figure.parts if p.material in OPEN_MATERIALS or p.name in OPEN_PARTS]:
        material = figure.materials[part.material]
        inner = part.material + "_inside"
        figure.materials.setdefault(inner, replace(material, outline=0.0))
        normals = -welded_normals(part.positions, part.triangles)
        figure.parts.append(
            Part(
                part.name + "_inside",
                part.positions,
                part.triangles[:, ::-1],
                inner,
                part.weights,
                part.uvs,
                normals,
                spring_weights=dict(part.spring_weights),
            )
        )
