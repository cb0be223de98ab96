"""Stage clothes. Close-fitting pieces are cut from the body-hugging helper mesh; the rest is lofted."""

from __future__ import annotations

import numpy as np

from ..figure import Figure
from .collar import add_collar
from .headphones import add_headphones
from .inner_sides import add_inner_sides
from .legs import add_legs
from .skirt import Skirt
from .sleeves import add_sleeves
from .tailor import Tailor
from .top import add_top


def add_outfit(figure: Figure) -> np.ndarray:
    """Adds the clothes; returns the mask (m,) of body triangles they cover."""
    tailor = Tailor(figure)
    add_top(tailor)
    add_collar(tailor)
    add_sleeves(tailor)
    Skirt(tailor).add()
    add_legs(tailor)
    if "headphones" in figure.config.outfit.extras:
        add_headphones(tailor)
    if tailor.full:
        add_inner_sides(figure)
    return tailor.hidden
