"""Builds one idol from her configuration."""

from __future__ import annotations

from pathlib import Path

from .characters import IDOLS
from .expressions import used_morphs
from .face import add_face
from .figure import Figure
from .hair import add_hair
from .lod import simplify_figure
from .outfit import add_outfit
from .source import base_mesh
from .vrm import VrmExporter

FULL_DETAIL, LOD_DETAIL = 1.0, 0.3


def build_figure(name: str, detail: float = FULL_DETAIL) -> Figure:
    """The whole idol, dressed; `detail` is the share of the full number of hair and cloth points."""
    figure = Figure(IDOLS[name], base_mesh(), detail)
    hidden = add_outfit(figure)
    add_face(figure, hidden)
    add_hair(figure)
    return figure


def output_name(name: str, lod: bool) -> str:
    """The file name of an idol in one of her versions."""
    return f"{name}.lod.vrm" if lod else f"{name}.vrm"


def build(name: str, out: Path, lod: bool = False) -> VrmExporter:
    """Writes one avatar file and returns the exporter for its figures."""
    return write_figure(build_figure(name, LOD_DETAIL if lod else FULL_DETAIL), out / output_name(name, lod), lod)


def write_figure(figure: Figure, path: Path, lod: bool = False) -> VrmExporter:
    """Writes a figure, which is simplified for the low-poly version, and returns the exporter."""
    if lod:
        simplify_figure(figure)
    exporter = VrmExporter(figure, used_morphs() if lod else None)
    exporter.write(path)
    return exporter
