"""The data a character is made of: materials, mesh parts, spring chains."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from PIL import Image


@dataclass
class Material:
    """A toon material; colours are sRGB 0..1 (3,). `outline` is its width in decimetres."""

    base: np.ndarray
    shade: np.ndarray
    image: Image.Image | None = None
    outline: float = 0.0
    outline_colour: np.ndarray = field(default_factory=lambda: np.zeros(3))
    unlit: bool = False
    double_sided: bool = False


@dataclass
class Part:
    """A piece of the figure in the A-pose of the base mesh (decimetres).

    `weights` is (n, bones). `morphs` holds displacements (n, 3) by shape name. `chain` names the
    spring chain group that carries the part instead of, or on top of, its bone weights.
    """

    name: str
    positions: np.ndarray
    triangles: np.ndarray
    material: str
    weights: np.ndarray
    uvs: np.ndarray | None = None
    normals: np.ndarray | None = None
    morphs: dict[str, np.ndarray] = field(default_factory=dict)
    is_face: bool = False
    spring_weights: dict[str, np.ndarray] = field(default_factory=dict)


@dataclass
class SpringChain:
    """A chain of spring joints: `points` (k, 3) in the A-pose, the last one being the tip."""

    name: str
    parent: str
    points: np.ndarray
    stiffness: float = 0.8
    gravity: float = 0.25
    drag: float = 0.5
    hit_radius: float = 0.03  # metres
    collider_groups: tuple[str, ...] = ("body",)

    def joint_names(self) -> list[str]:
        """The names of its joints, from root to tip."""
        return [f"{self.name}_{i}" for i in range(len(self.points))]
