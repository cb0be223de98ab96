"""Writes out the MToon values that a VRM file leaves to their defaults.

    python3 tools/avatars/fill_mtoon_defaults.py assets/avatars/*.vrm

The VRM specification (VRMC_materials_mtoon 1.0) makes them optional, but bevy_vrm1 0.10 silently
draws a material without toon shading if one is missing, also the transform of a shade texture. Files that are complete stay as they are.
"""

import json
import struct
import sys
from pathlib import Path

DEFAULTS = {
    "transparentWithZWrite": False,
    "renderQueueOffsetNumber": 0,
    "shadeColorFactor": [0.0, 0.0, 0.0],
    "shadingShiftFactor": 0.0,
    "shadingToonyFactor": 0.9,
    "giEqualizationFactor": 0.9,
    "matcapFactor": [1.0, 1.0, 1.0],
    "parametricRimColorFactor": [0.0, 0.0, 0.0],
    "parametricRimFresnelPowerFactor": 5.0,
    "parametricRimLiftFactor": 0.0,
    "rimLightingMixFactor": 1.0,
    "outlineWidthMode": "none",
    "outlineColorFactor": [0.0, 0.0, 0.0],
    "outlineLightingMixFactor": 1.0,
    "uvAnimationScrollXSpeedFactor": 0.0,
    "uvAnimationScrollYSpeedFactor": 0.0,
    "uvAnimationRotationSpeedFactor": 0.0,
}
TRANSFORM = "KHR_texture_transform"
HEADER = struct.Struct("<4sII")
CHUNK = struct.Struct("<I4s")


def complete(glb: bytes) -> bytes:
    """The same file with every MToon value written out."""
    magic, version, _ = HEADER.unpack_from(glb)
    length, kind = CHUNK.unpack_from(glb, HEADER.size)
    if magic != b"glTF" or kind != b"JSON":
        raise ValueError("no binary glTF file")
    start = HEADER.size + CHUNK.size
    document = json.loads(glb[start : start + length])
    for material in document.get("materials", []):
        mtoon = material.get("extensions", {}).get("VRMC_materials_mtoon")
        if mtoon is None:
            continue
        mtoon = material["extensions"]["VRMC_materials_mtoon"] = DEFAULTS | mtoon
        shade = mtoon.get("shadeMultiplyTexture", {})
        if shade and TRANSFORM not in shade.setdefault("extensions", {}):
            shade["extensions"][TRANSFORM] = {"offset": [0.0, 0.0], "scale": [1.0, 1.0]}
            if TRANSFORM not in document.setdefault("extensionsUsed", []):
                document["extensionsUsed"].append(TRANSFORM)
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    rest = glb[start + length :]
    total = HEADER.size + CHUNK.size + len(text) + len(rest)
    return HEADER.pack(magic, version, total) + CHUNK.pack(len(text), kind) + text + rest


def main() -> None:
    for path in map(Path, sys.argv[1:]):
        before = path.read_bytes()
        after = complete(before)
        if after != before:
            path.write_bytes(after)
        print(f"{path}: {'completed' if after != before else 'was complete'}")


if __name__ == "__main__":
    main()
