"""Command line: `python -m avatars build|motions|preview --help`."""

from __future__ import annotations

import argparse
from pathlib import Path

from .characters import IDOLS


def _build(args: argparse.Namespace) -> None:
    from .builder import build, output_name

    for name in args.idols or list(IDOLS):
        for lod in [True] if args.lod else [False, True] if args.all else [False]:
            exporter = build(name, args.out, lod)
            path = args.out / output_name(name, lod)
            print(
                f"{path.name}: {exporter.triangle_count} triangles, {path.stat().st_size} bytes, "
                f"{len(exporter.joints)} joints, {len(exporter.morphs)} morphs"
            )


def _motions(args: argparse.Namespace) -> None:
    from .motion.build import build_motions

    for clip in build_motions(args.out, args.names):
        print(f"{clip.name}: {clip.duration:.1f} s, {(args.out / (clip.name + '.vrma')).stat().st_size} bytes")


def _preview(args: argparse.Namespace) -> None:
    from .preview import contact_sheet

    args.out.parent.mkdir(parents=True, exist_ok=True)
    contact_sheet(args.avatars, args.motions, args.kind, args.idols or list(IDOLS)).save(args.out)


def main() -> None:
    """Reads the command line and runs the command."""
    parser = argparse.ArgumentParser(prog="avatars", description=__doc__)
    commands = parser.add_subparsers(required=True)
    build = commands.add_parser("build", help="write the avatars as VRM files")
    build.add_argument("idols", nargs="*", metavar="IDOL", help="all by default")
    build.add_argument("--out", type=Path, required=True)
    build.add_argument("--lod", action="store_true", help="low-poly versions only")
    build.add_argument("--all", action="store_true", help="full and low-poly versions")
    build.set_defaults(run=_build)
    motions = commands.add_parser("motions", help="write the motions as VRMA files")
    motions.add_argument("names", nargs="*", help="all by default")
    motions.add_argument("--out", type=Path, required=True)
    motions.set_defaults(run=_motions)
    preview = commands.add_parser("preview", help="draw finished files as a PNG")
    preview.add_argument("kind", choices=["lineup", "faces", "expressions", "motions"])
    preview.add_argument("idols", nargs="*", metavar="IDOL")
    preview.add_argument("--avatars", type=Path, required=True, help="folder with the .vrm files")
    preview.add_argument("--motions", type=Path, help="folder with the .vrma files")
    preview.add_argument("--out", type=Path, required=True)
    preview.set_defaults(run=_preview)
    args = parser.parse_args()
    unknown = set(getattr(args, "idols", ())) - set(IDOLS)
    if unknown:
        parser.error(f"no such idol: {', '.join(sorted(unknown))}; there are {', '.join(IDOLS)}")
    args.run(args)


if __name__ == "__main__":
    main()
