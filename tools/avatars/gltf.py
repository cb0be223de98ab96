"""A minimal, deterministic writer and reader of binary glTF."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np

FLOAT, UNSIGNED_BYTE, UNSIGNED_SHORT, UNSIGNED_INT = 5126, 5121, 5123, 5125
ARRAY_BUFFER, ELEMENT_BUFFER = 34962, 34963
DTYPES = {FLOAT: np.float32, UNSIGNED_BYTE: np.uint8, UNSIGNED_SHORT: np.uint16, UNSIGNED_INT: np.uint32}
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}
MAGIC, JSON_CHUNK, BINARY_CHUNK = 0x46546C67, 0x4E4F534A, 0x004E4942


class GlbWriter:
    """Collects buffers; `document` is the JSON to be written next to them."""

    def __init__(self, generator: str) -> None:
        self.buffer = bytearray()
        self.views: list[dict] = []
        self.accessors: list[dict] = []
        self.document: dict = {"asset": {"version": "2.0", "generator": generator}}

    def view(self, data: bytes, target: int | None = None) -> int:
        """Stores bytes; returns the index of their buffer view."""
        self.buffer.extend(b"\0" * (-len(self.buffer) % 4))
        view = {"buffer": 0, "byteOffset": len(self.buffer), "byteLength": len(data)}
        if target:
            view["target"] = target
        self.buffer.extend(data)
        self.views.append(view)
        return len(self.views) - 1

    def accessor(
        self, values: np.ndarray, component: int, kind: str, target: int | None = None, bounds: bool = False
    ) -> int:
        """Stores an array (n,) or (n, width); `bounds` writes min and max."""
        values = np.ascontiguousarray(values, DTYPES[component])
        accessor = {
            "bufferView": self.view(values.tobytes(), target),
            "componentType": component,
            "count": len(values),
            "type": kind,
        }
        if bounds:
            table = values.reshape(len(values), -1)
            accessor["min"] = [float(x) for x in table.min(0)]
            accessor["max"] = [float(x) for x in table.max(0)]
        self.accessors.append(accessor)
        return len(self.accessors) - 1

    def write(self, path: Path) -> None:
        """Writes the file, whole or not at all."""
        self.buffer.extend(b"\0" * (-len(self.buffer) % 4))
        document = self.document | {
            "accessors": self.accessors,
            "bufferViews": self.views,
            "buffers": [{"byteLength": len(self.buffer)}],
        }
        text = json.dumps(document, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 4)
        total = 12 + 8 + len(text) + 8 + len(self.buffer)
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(path.name + ".part")
        temporary.write_bytes(
            struct.pack("<III", MAGIC, 2, total)
            + struct.pack("<II", len(text), JSON_CHUNK)
            + text
            + struct.pack("<II", len(self.buffer), BINARY_CHUNK)
            + bytes(self.buffer)
        )
        temporary.replace(path)


class Glb:
    """A binary glTF file read into memory."""

    def __init__(self, path: Path) -> None:
        data = path.read_bytes()
        magic, version, total = struct.unpack_from("<III", data)
        if magic != MAGIC or version != 2 or total != len(data):
            raise ValueError(f"{path}: not a binary glTF 2 file")
        length, _ = struct.unpack_from("<II", data, 12)
        self.json: dict = json.loads(data[20 : 20 + length])
        self.binary = data[20 + length + 8 :]

    def view(self, index: int) -> bytes:
        """The bytes of a buffer view."""
        view = self.json["bufferViews"][index]
        start = view.get("byteOffset", 0)
        return self.binary[start : start + view["byteLength"]]

    def array(self, index: int) -> np.ndarray:
        """An accessor as (n,) or (n, width)."""
        accessor = self.json["accessors"][index]
        width = WIDTHS[accessor["type"]]
        values = np.frombuffer(self.view(accessor["bufferView"]), DTYPES[accessor["componentType"]])
        values = values[: accessor["count"] * width]
        return values if width == 1 else values.reshape(-1, width)
