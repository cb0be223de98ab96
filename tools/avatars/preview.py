"""Draws the finished files with a small software renderer, to look at what was made."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from .gltf import Glb
from .motion.playback import Playback
from .raster import rasterise

BACKGROUND = np.array([0.90, 0.92, 0.97])
LIGHT = np.array([0.35, 0.55, 0.78])
SUPERSAMPLE = 2


def quaternion_matrix(q: np.ndarray) -> np.ndarray:
    """Rotation matrix (3, 3) of a unit quaternion (x, y, z, w)."""
    x, y, z, w = q
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


@dataclass
class Avatar:
    """A VRM file ready to be posed."""

    glb: Glb
    parents: list[int] = field(init=False)
    rest: np.ndarray = field(init=False)  # node translations (n, 3)

    def __post_init__(self) -> None:
        nodes = self.glb.json["nodes"]
        self.parents = [-1] * len(nodes)
        for i, node in enumerate(nodes):
            for child in node.get("children", ()):
                self.parents[child] = i
        self.rest = np.array([n.get("translation", (0, 0, 0)) for n in nodes], float)
        vrm = self.glb.json["extensions"]["VRMC_vrm"]
        self.bones = {bone: entry["node"] for bone, entry in vrm["humanoid"]["humanBones"].items()}
        self.expressions = vrm["expressions"]["preset"]

    def globals(
        self, rotations: dict[int, np.ndarray], hips: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """World rotation (n, 3, 3) and place (n, 3) of all nodes; rotations are matrices by node."""
        count = len(self.parents)
        rotation, place = np.tile(np.eye(3), (count, 1, 1)), np.zeros((count, 3))
        done = [False] * count

        def solve(i: int) -> None:
            if done[i]:
                return
            local = rotations.get(i, np.eye(3))
            offset = hips if hips is not None and i == self.bones["hips"] else self.rest[i]
            parent = self.parents[i]
            if parent < 0:
                rotation[i], place[i] = local, offset
            else:
                solve(parent)
                rotation[i] = rotation[parent] @ local
                place[i] = place[parent] + rotation[parent] @ offset
            done[i] = True

        for i in range(count):
            solve(i)
        return rotation, place

    def triangles(self, pose: tuple[np.ndarray, np.ndarray], weights: dict[str, float]) -> list[dict]:
        """Posed primitives: positions, normals, uvs, triangles and the material."""
        g, out = self.glb, []
        rotation, place = pose
        _, rest_place = self.globals({})
        for node in g.json["nodes"]:
            if "mesh" not in node:
                continue
            mesh = g.json["meshes"][node["mesh"]]
            joints = g.json["skins"][node["skin"]]["joints"]
            names = mesh.get("extras", {}).get("targetNames", [])
            for primitive in mesh["primitives"]:
                a = primitive["attributes"]
                p = g.array(a["POSITION"]).astype(float)
                n = g.array(a["NORMAL"]).astype(float)
                for name, w in weights.items():
                    if name in names and "targets" in primitive and w:
                        p = p + w * g.array(primitive["targets"][names.index(name)]["POSITION"])
                j, w = g.array(a["JOINTS_0"]), g.array(a["WEIGHTS_0"])
                posed, normals = np.zeros_like(p), np.zeros_like(n)
                for k in range(4):
                    node_of = np.array(joints)[j[:, k]]
                    local = p - rest_place[node_of]
                    posed += w[:, k, None] * (np.einsum("nij,nj->ni", rotation[node_of], local) + place[node_of])
                    normals += w[:, k, None] * np.einsum("nij,nj->ni", rotation[node_of], n)
                out.append(
                    {
                        "p": posed,
                        "n": normals,
                        "uv": g.array(a["TEXCOORD_0"]),
                        "t": g.array(primitive["indices"]).reshape(-1, 3).astype(int),
                        "m": g.json["materials"][primitive["material"]],
                    }
                )
        return out

    def morph_weights(self, expressions: dict[str, float]) -> dict[str, float]:
        """Weights by shape for a mix of expressions."""
        names = next(m for m in self.glb.json["meshes"] if m["name"] == "face")["extras"]["targetNames"]
        total: dict[str, float] = {}
        for name, amount in expressions.items():
            for bind in self.expressions[name]["morphTargetBinds"]:
                key = names[bind["index"]]
                total[key] = total.get(key, 0) + amount * bind["weight"]
        return total

    def image(self, index: int) -> np.ndarray:
        """A texture (height, width, 3) with values 0..1."""
        source = self.glb.json["images"][self.glb.json["textures"][index]["source"]]
        return np.asarray(Image.open(io.BytesIO(self.glb.view(source["bufferView"]))).convert("RGB"), float) / 255


def _srgb(linear: np.ndarray) -> np.ndarray:
    c = np.asarray(linear[:3], float)
    return np.where(c <= 0.0031308, c * 12.92, 1.055 * np.maximum(c, 0) ** (1 / 2.4) - 0.055)


@dataclass(frozen=True)
class View:
    """Camera: looks at `target` from `yaw` degrees (0 is the front), showing `span` metres of height."""

    target: tuple[float, float, float] = (0, 0.82, 0)
    yaw: float = 0.0
    pitch: float = 0.0
    span: float = 1.8
    width: int = 300
    height: int = 600


FACE_TARGET_Y = 0.02  # metres below the look-at point


def render(
    avatar: Avatar,
    view: View,
    expressions: dict[str, float] | None = None,
    rotations: dict[int, np.ndarray] | None = None,
    hips: np.ndarray | None = None,
    morphs: dict[str, float] | None = None,
) -> Image.Image:
    """Draws an avatar with expressions, a pose and further shapes."""
    weights = avatar.morph_weights(expressions or {})
    weights.update(morphs or {})
    primitives = avatar.triangles(avatar.globals(rotations or {}, hips), weights)
    yaw, pitch = np.radians(view.yaw), np.radians(view.pitch)
    turn = np.array([[np.cos(yaw), 0, -np.sin(yaw)], [0, 1, 0], [np.sin(yaw), 0, np.cos(yaw)]])
    tilt = np.array([[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]])
    camera = tilt @ turn
    width, height = view.width * SUPERSAMPLE, view.height * SUPERSAMPLE
    scale = height / view.span
    p_all, n_all, uv_all, t_all, kind = [], [], [], [], []
    offset = 0
    for i, prim in enumerate(primitives):
        p = (prim["p"] - view.target) @ camera.T
        n = prim["n"] @ camera.T
        layers = [(p, prim["t"], i, False)]
        mtoon = prim["m"]["extensions"]["VRMC_materials_mtoon"]
        # bevy_vrm1 skips the outline of double-sided materials, too.
        if mtoon["outlineWidthMode"] != "none" and not prim["m"]["doubleSided"]:
            layers.append((p + n * mtoon["outlineWidthFactor"], prim["t"][:, ::-1], i, True))
        for q, t, owner, hull in layers:
            flat = q[:, :2] * [scale, -scale] + [width / 2, height / 2]
            a, b, c = flat[t[:, 0]], flat[t[:, 1]], flat[t[:, 2]]
            facing = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (c[:, 0] - a[:, 0]) * (b[:, 1] - a[:, 1]) < 0
            keep = facing if hull or not prim["m"]["doubleSided"] else np.ones(len(t), bool)
            flip = np.where(facing, 1.0, -1.0)
            p_all.append(np.column_stack([flat, -q[:, 2]]))
            n_all.append(n)
            uv_all.append(prim["uv"])
            t_all.append(t[keep] + offset)
            kind.append(np.column_stack([np.full(keep.sum(), owner), np.full(keep.sum(), hull), flip[keep]]))
            offset += len(q)
    p, n, uv = np.vstack(p_all), np.vstack(n_all), np.vstack(uv_all)
    t, kind = np.vstack(t_all), np.vstack(kind)
    index, bary = rasterise(p[:, :2], p[:, 2], t, width, height)
    picture = np.ones((height, width, 3)) * BACKGROUND
    light = (camera @ (LIGHT / np.linalg.norm(LIGHT))) if view.yaw == 0 else LIGHT / np.linalg.norm(LIGHT)
    hit = index >= 0
    tri, weights3 = t[index[hit]], bary[hit]
    normal = (n[tri] * weights3[..., None]).sum(1) * kind[index[hit], 2][:, None]
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-9)
    coordinates = (uv[tri] * weights3[..., None]).sum(1)
    colours = np.zeros((hit.sum(), 3))
    owners, hulls = kind[index[hit], 0].astype(int), kind[index[hit], 1] > 0
    lit = np.clip(((normal @ light) + 0.10) / 0.08, 0, 1)[:, None]
    cache: dict[int, np.ndarray] = {}
    for i, prim in enumerate(primitives):
        m = prim["m"]
        mtoon, pbr = m["extensions"]["VRMC_materials_mtoon"], m["pbrMetallicRoughness"]
        mine = (owners == i) & ~hulls
        base, shade = _srgb(pbr["baseColorFactor"]), _srgb(mtoon["shadeColorFactor"])
        colour = shade * (1 - lit[mine]) + base * lit[mine]
        if "baseColorTexture" in pbr:
            key = pbr["baseColorTexture"]["index"]
            if key not in cache:
                cache[key] = avatar.image(key)
            texture = cache[key]
            h, w, _ = texture.shape
            x = np.clip((coordinates[mine, 0] * w).astype(int), 0, w - 1)
            y = np.clip((coordinates[mine, 1] * h).astype(int), 0, h - 1)
            colour = colour * texture[y, x]
        colours[mine] = colour
        colours[(owners == i) & hulls] = _srgb(mtoon["outlineColorFactor"])
    picture[hit] = colours
    picture = picture.reshape(view.height, SUPERSAMPLE, view.width, SUPERSAMPLE, 3).mean((1, 3))
    return Image.fromarray((np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8))


def sheet(images: list[Image.Image], columns: int) -> Image.Image:
    """Pictures of equal size in a grid."""
    w, h = images[0].size
    rows = (len(images) + columns - 1) // columns
    out = Image.new("RGB", (w * columns, h * rows), tuple(int(c * 255) for c in BACKGROUND))
    for i, image in enumerate(images):
        out.paste(image, ((i % columns) * w, (i // columns) * h))
    return out


def arms_down(avatar: Avatar, degrees: float = 66.0) -> dict[int, np.ndarray]:
    """Rotations that lower the arms from the T-pose, for pictures without a motion."""
    out = {}
    for side, sign in (("left", 1), ("right", -1)):
        a = np.radians(-degrees * sign)
        out[avatar.bones[side + "UpperArm"]] = np.array(
            [[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]]
        )
    return out


def face_view(avatar: Avatar, size: int = 300, yaw: float = 0.0, span: float = 0.36) -> View:
    """A view of the face; `span` is its height in metres."""
    _, place = avatar.globals({})
    head = place[avatar.bones["head"]]
    eye = avatar.glb.json["extensions"]["VRMC_vrm"]["lookAt"]["offsetFromHeadBone"][1]
    return View((0, head[1] + eye - FACE_TARGET_Y, 0.03), yaw, 0, span, size, size)


def load(path: Path) -> Avatar:
    """Reads an avatar file."""
    return Avatar(Glb(path))


def pose_at(avatar: Avatar, motion: Playback, t: float) -> tuple[dict[int, np.ndarray], np.ndarray]:
    """Node rotations and the hips place of a motion at a time."""
    rotations = {avatar.bones[b]: quaternion_matrix(motion.rotation(b, t)) for b in motion.rotations}
    return rotations, motion.hips_at(t, avatar.rest[avatar.bones["hips"]])


def contact_sheet(avatars: Path, motions: Path | None, kind: str, idols: list[str]) -> Image.Image:
    """A picture of finished files: `lineup`, `faces`, `expressions` or `motions`."""
    loaded = {name: load(avatars / f"{name}.vrm") for name in idols}
    images: list[Image.Image] = []
    if kind == "lineup":
        for yaw in (0, 180):
            images += [
                render(a, View((0, 0.84, 0), yaw, 0, 1.78, 300, 620), rotations=arms_down(a)) for a in loaded.values()
            ]
        return sheet(images, 2 * len(idols))
    if kind == "faces":
        for yaw in (0, 35):
            images += [render(a, face_view(a, 400, yaw)) for a in loaded.values()]
        return sheet(images, len(idols))
    if kind == "expressions":
        for a in loaded.values():
            images += [render(a, face_view(a, 220, span=0.31), {name: 1.0}) for name in a.expressions]
        return sheet(images, 7)
    if motions is None:
        raise SystemExit("preview motions needs --motions")
    shares = (0.2, 0.5, 0.8)
    for path in sorted(motions.glob("*.vrma")):
        motion = Playback(path)
        owner = path.stem.split("_")[-1]
        avatar = loaded.get(owner, next(iter(loaded.values())))
        for share in shares:
            rotations, hips = pose_at(avatar, motion, motion.duration * share)
            images.append(render(avatar, View((0, 0.9, 0), 0, 0, 1.95, 170, 300), rotations=rotations, hips=hips))
    return sheet(images, 3 * len(shares))
