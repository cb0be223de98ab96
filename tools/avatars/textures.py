"""Textures painted by code: skin (in the UV layout of the body), eye, hair."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageFilter

from .figure import Figure
from .geometry import hex_colour, smoothstep
from .raster import rasterise

SKIN_SIZE = 1024
EYE_SIZE = 256  # height; the picture is twice as wide: iris on the left, sclera on the right
HAIR_SIZE = (64, 256)
MOUTH_LINE = 2  # pixels at full size


def to_image(rgb: np.ndarray) -> Image.Image:
    """A picture from values 0..1 (height, width, 3)."""
    return Image.fromarray((np.clip(rgb, 0, 1) * 255 + 0.5).astype(np.uint8))


def _blend(image: np.ndarray, amount: np.ndarray, colour: np.ndarray) -> np.ndarray:
    return image * (1 - amount[..., None]) + np.asarray(colour) * amount[..., None]


def _mask(figure: Figure, name: str, size: int) -> np.ndarray:
    picture = Image.open(io.BytesIO(figure.base.mask(name))).convert("L").resize((size, size))
    return np.asarray(picture, float) / 255


def skin_texture(figure: Figure, size: int = SKIN_SIZE) -> Image.Image:
    """Skin with soft blush, lips, mouth line and nails. Position lookups are baked into UV space."""
    base, config = figure.base, figure.config
    uv = base.uvs * [size, -size] + [0, size]
    uv_triangles = base.triangle_uvs("body")
    index, weights = rasterise(uv, np.zeros(len(uv)), uv_triangles, size, size, grow=0.15)
    corners = figure.positions[figure.triangles[np.maximum(index, 0)]]
    p = (corners * weights[..., None]).sum(2)
    p[index < 0] = -99
    x, y = np.abs(p[..., 0]), p[..., 1]
    skin = hex_colour(config.skin)
    image = np.ones((size, size, 3)) * skin
    eye = figure.eyes[0]
    ex, ey = eye.centre
    front = (p[..., 2] > figure.eye[2] - 0.6) & (y > figure.neck_y)
    blush = np.exp(-(((x - ex - 0.10) / 0.20) ** 2) - ((y - ey + 0.36) / 0.10) ** 2) * front
    image = _blend(image, 0.42 * config.blush * blush, skin * [1.0, 0.62, 0.64])
    # A soft shadow under the fringe gives the forehead depth.
    image = _blend(image, 0.16 * smoothstep(y, ey + 0.42, ey + 0.95) * front, skin * [0.86, 0.66, 0.70])
    tip = figure.warp(figure.warp.nose[None])[0]
    nose = np.exp(-(((p[..., 0] - 0.012) / 0.030) ** 2) - ((y - tip[1] + 0.045) / 0.018) ** 2) * front
    image = _blend(image, 0.55 * nose, skin * [0.84, 0.56, 0.54])
    shine = np.exp(-((p[..., 0] / 0.022) ** 2) - ((y - tip[1] - 0.025) / 0.022) ** 2) * front
    image = _blend(image, 0.5 * shine, np.ones(3))
    lips = _mask(figure, "lips", size)
    inside = _mask(figure, "inside-mouth", size)
    image = _blend(image, 0.12 * np.clip(lips * 1.2, 0, 1), hex_colour(config.lip))
    # The border of the mouth is what shows as its line when it is closed.
    border = Image.fromarray((inside * 255).astype(np.uint8)).filter(
        ImageFilter.MaxFilter(MOUTH_LINE * size // SKIN_SIZE * 2 + 1)
    )
    border = np.asarray(border.filter(ImageFilter.GaussianBlur(0.8)), float) / 255
    image = _blend(image, 0.92 * border, skin * [0.62, 0.30, 0.32])
    image = _blend(image, inside, np.array([0.55, 0.16, 0.19]))
    image = _blend(image, 0.8 * _mask(figure, "fingernails", size), hex_colour(config.nail))
    return to_image(image).filter(ImageFilter.GaussianBlur(0.5))


def eye_texture(top: str, bottom: str, size: int = EYE_SIZE) -> Image.Image:
    """Iris (left half) and a sclera gradient (right half)."""
    dark, light = hex_colour(top), hex_colour(bottom)
    rows, columns = np.mgrid[0:size, 0:size]
    x, y = (columns + 0.5) / size * 2 - 1, 1 - (rows + 0.5) / size * 2
    r = np.hypot(x, y)
    t = smoothstep(y, -0.75, 0.55)[..., None]
    iris = light * (1 - t) + dark * t
    iris = _blend(iris, 0.25 * smoothstep(r, 0.55, 0.9), dark * 0.6)
    angle = np.arctan2(x, y)
    rays = 0.5 + 0.5 * np.sin(angle * 26 + 3 * np.sin(angle * 5))
    iris = _blend(iris, 0.16 * rays * smoothstep(r, 0.25, 0.5) * smoothstep(r, 0.9, 0.7) * (y < 0.3), np.ones(3))
    glow = np.exp(-((x / 0.50) ** 2) - ((y + 0.58) / 0.20) ** 2)
    iris = _blend(iris, 0.62 * glow, light * 0.35 + 0.65)
    pupil = 1 - smoothstep(np.hypot(x / 0.36, (y - 0.02) / 0.42), 0.80, 1.05)
    iris = _blend(iris, 0.92 * pupil, dark * 0.28)
    iris = _blend(iris, 0.45 * smoothstep(y, 0.15, 0.85), dark * 0.22)
    iris = _blend(iris, smoothstep(r, 0.86, 0.94), dark * 0.34)
    for cx, cy, rx, ry, strength in (
        (-0.30, 0.40, 0.235, 0.245, 1.0),
        (0.36, -0.34, 0.13, 0.13, 0.95),
        (-0.44, 0.02, 0.075, 0.075, 0.8),
    ):
        spot = 1 - smoothstep(np.hypot((x - cx) / rx, (y - cy) / ry), 0.86, 1.04)
        iris = _blend(iris, strength * spot, np.ones(3))
    white = np.ones((size, size, 3)) * [0.985, 0.975, 0.985]
    white = _blend(white, 0.85 * smoothstep(y, 0.15, 0.75), np.array([0.76, 0.74, 0.85]))
    return to_image(np.concatenate([iris, white], 1))


def hair_texture(root: np.ndarray, middle: np.ndarray, tip: np.ndarray, ring: float, shine: float) -> Image.Image:
    """Hair colours from root (top) to tip, with soft strands and a bright ring at `ring` of the length."""
    width, height = HAIR_SIZE
    v = np.linspace(0, 1, height)[:, None]
    u = np.linspace(0, 1, width)[None]
    t1, t2 = smoothstep(v, 0, 0.35)[..., None], smoothstep(v, 0.5, 1)[..., None]
    image = np.asarray(root) * (1 - t1) + np.asarray(middle) * t1
    image = np.repeat(image * (1 - t2) + np.asarray(tip) * t2, width, 1)
    waves = 0.5 * np.sin(u * 23) + 0.3 * np.sin(u * 51 + 1) + 0.2 * np.sin(u * 11 + 2)
    image = image * (1 - 0.07 * np.abs(waves)[..., None])
    at = ring + 0.022 * np.sin(u * np.pi * 6) + 0.010 * waves
    band = 1 - smoothstep(np.abs(v - at) - (0.030 + 0.010 * waves), -0.004, 0.008)
    return to_image(_blend(image, shine * band, np.minimum(np.asarray(middle) * 0.35 + 0.68, 1)))
