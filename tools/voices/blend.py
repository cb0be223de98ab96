"""Blends the published voices of Kokoro-82M into one for each character.

    pip install numpy
    npm pack kokoro-js@1.2.1
    python tools/voices/blend.py kokoro-js-1.2.1.tgz assets/voices

A voice is a table of 510 x 256 numbers, one row for each length of a text. Voices lie in one space, so a
weighted mean of two is a voice again. The tables are written as f16: half the size, and the rounding is
far below what can be heard.
"""

import hashlib
import sys
import tarfile
from pathlib import Path

import numpy as np

PACKAGE_SHA256 = "1f0d0383ef0349af0bd9440d81dc12abbea3a5392eb645283eda876f537f5860"
SHAPE = (510, 256)

# The parts of each voice, in hundredths. How they sound is told in assets/voices/NOTICE.md.
RECIPES = {
    "siwoo": {"af_heart": 45, "jf_nezumi": 35, "jf_tebukuro": 20},
    "jena": {"jf_alpha": 50, "af_jessica": 30, "jf_tebukuro": 20},
    "taira": {"jf_gongitsune": 40, "bf_emma": 30, "af_sky": 30},
    "marty": {"jf_tebukuro": 50, "jf_alpha": 20, "af_aoede": 15, "af_nicole": 15},
    # Nobody's own: what men borrow who have no table.
    "deep": {"am_michael": 40, "jm_kumo": 35, "bm_george": 25},
}


def published_voice(package: tarfile.TarFile, name: str) -> np.ndarray:
    """One voice as it was published."""
    file = package.extractfile(f"package/voices/{name}.bin")
    if file is None:
        raise SystemExit(f"the package has no voice {name}")
    return np.frombuffer(file.read(), "<f4").reshape(SHAPE).astype(np.float64)


def main() -> None:
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    archive, folder = Path(sys.argv[1]), Path(sys.argv[2])
    if hashlib.sha256(archive.read_bytes()).hexdigest() != PACKAGE_SHA256:
        raise SystemExit(f"{archive} is not kokoro-js 1.2.1 as published")
    with tarfile.open(archive) as package:
        for member, recipe in RECIPES.items():
            assert sum(recipe.values()) == 100, member
            table = sum(part / 100 * published_voice(package, name) for name, part in recipe.items())
            (folder / f"{member}.voice").write_bytes(table.astype("<f2").tobytes())
            print(f"{member}: {recipe}")


if __name__ == "__main__":
    main()
