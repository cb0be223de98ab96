"""Face and body skin: mesh parts, brows, mouth, blush, and every facial morph."""

from __future__ import annotations

import numpy as np

from .eyes import edge_loop
from .figure import Figure
from .geometry import compact, hex_colour, smoothstep
from .parts import Material, Part
from .skeleton import rigid
from .textures import eye_texture, skin_texture

#: Mouth, cheek and nose shapes are linearised: strong ones would fold under the warp.
LINEARISED = ("mouth", "cheek", "nose")
LINEAR_STEP = 0.2
SAD_MOUTH = 2.4  # times the frown of the ARKit shapes
SMALLEST_MOVE = 1e-4  # dm; smaller displacements are dropped
OWN_EYE_SHAPES = ("eyeBlink", "eyeSquint", "eyeWide", "eyeLook")
LOWER_LASH = 1  # its place among the strips of an eye
LOWER_LASH_SINK = 0.034  # dm
HEAD_FROM = 0.18  # dm above the neck joint where the head parts begin
BROW_LIFT = 0.022  # dm in front of the skin
SKIN_SHADE = (0.955, 0.74, 0.73)

LIP_LOOP = (474, 7229)  # start of the edge loop where the lips meet, from the middle of the upper lip
MOUTH_LINE_HALF = 0.0115  # dm, half thickness
MOUTH_LINE_LIFT = 0.016  # dm in front of the lips' meeting

#: Brow motion as (inner, middle, outer) rises in decimetres, by morph name.
BROW_MOVES = {
    "browDown": (-0.115, -0.055, 0.005),
    "browInnerUp": (0.095, 0.030, -0.030),
    "browOuterUp": (0.035, 0.070, 0.085),
    "browSad": (0.010, -0.060, -0.150),
}
BROW_PINCH = 0.030  # how far the inner end moves inwards in browDown


def arkit_deltas(figure: Figure) -> dict[str, np.ndarray]:
    """Displacements (n, 3) of the whole mesh for the ARKit shapes, except those drawn in eyes.py."""
    deltas = {}
    settled = figure.warp(figure.plain)
    # Nothing moves where the head meets the body, nor at the lids, which eyes.py moves.
    calm = smoothstep(figure.positions[:, 1], figure.neck_y + HEAD_FROM, figure.neck_y + HEAD_FROM + 0.30)
    for eye in figure.eyes:
        calm[eye.near] -= np.clip(eye.field.sum(1), 0, 1)
    for name, delta in figure.base.face_units().items():
        if name.startswith(OWN_EYE_SHAPES):
            continue
        if name.startswith(LINEARISED):
            moved = (figure.warp(figure.plain + delta * LINEAR_STEP) - settled) / LINEAR_STEP
        else:
            moved = figure.warp(figure.plain + delta) - settled
        deltas[name] = moved * calm[:, None]
    return deltas


def all_deltas(figure: Figure) -> dict[str, np.ndarray]:
    """Displacements (n, 3) by morph name: the 52 ARKit shapes and our own lid shapes."""
    deltas = arkit_deltas(figure)
    deltas["mouthSad"] = SAD_MOUTH * (deltas["mouthFrownLeft"] + deltas["mouthFrownRight"])
    for eye in figure.eyes:
        for name, rim in eye.rim_deltas().items():
            deltas[name] = eye.skin_delta(rim, len(figure.positions))
    return deltas


def _pick(deltas: dict[str, np.ndarray], vertices: np.ndarray) -> dict[str, np.ndarray]:
    return {k: d[vertices] for k, d in deltas.items() if np.abs(d[vertices]).max() > SMALLEST_MOVE}


def socket_faces(figure: Figure) -> np.ndarray:
    """Mask (m,) of the body triangles inside the eye sockets: the eyes do not need them."""
    hidden = np.zeros(len(figure.triangles), bool)
    for eye in figure.eyes:
        rim = set(eye.loop.tolist())
        centre = figure.positions[eye.loop].mean(0)
        near = np.flatnonzero(np.linalg.norm(figure.face_centres - centre, axis=1) < 0.9)
        edges: dict[tuple[int, int], list[int]] = {}
        for t in near:
            a, b, c = figure.triangles[t].tolist()
            for i, j in ((a, b), (b, c), (c, a)):
                if not (i in rim and j in rim):
                    edges.setdefault((min(i, j), max(i, j)), []).append(t)
        seed = next(t for t in near if set(eye.socket_edge) <= set(figure.triangles[t].tolist()))
        neighbours: dict[int, set[int]] = {}
        for pair in edges.values():
            for t in pair:
                neighbours.setdefault(t, set()).update(pair)
        stack, inside = [seed], {seed}
        while stack:
            for t in neighbours.get(stack.pop(), ()):
                if t not in inside:
                    inside.add(t)
                    stack.append(t)
        if len(inside) > 0.7 * len(near):
            raise RuntimeError("the eye socket is not separated from the face by the lid rim")
        hidden[list(inside)] = True
    return hidden


def skin_parts(figure: Figure, hidden: np.ndarray, deltas: dict[str, np.ndarray]) -> None:
    """Adds the skin as `face` (morphs, no outline), `head` (morphs, outline) and `body`."""
    image = skin_texture(figure, figure.config.skin_size if figure.detail >= 1 else 512)
    skin = hex_colour(figure.config.skin)
    for name, outline in (("skin", 0.010), ("face", 0.0)):
        figure.materials[name] = Material(np.ones(3), np.array(SKIN_SHADE), image, outline, skin * [0.50, 0.28, 0.26])
    centres, visible = figure.face_centres, ~hidden
    head = centres[:, 1] > figure.neck_y + HEAD_FROM
    mouth_y = figure.warp(figure.warp.mouth[None])[0][1]
    # The outline is left off where it would draw nostrils and lips.
    radius = np.hypot(centres[:, 0] / 0.62, (centres[:, 1] - (figure.eye[1] + mouth_y) / 2) / 0.62)
    inner = head & (radius < 1) & (centres[:, 2] > figure.eye[2] - 0.45)
    uv_triangles = figure.base.triangle_uvs("body")
    for name, chosen, material in (
        ("face", head & inner, "face"),
        ("head", head & ~inner, "skin"),
        ("body", ~head, "skin"),
    ):
        chosen = chosen & visible
        corners = np.stack([figure.triangles[chosen].ravel(), uv_triangles[chosen].ravel()], 1)
        pairs, inverse = np.unique(corners, axis=0, return_inverse=True)
        vertices, uvs = pairs[:, 0], figure.base.uvs[pairs[:, 1]] * [1, -1] + [0, 1]
        figure.parts.append(
            Part(
                name,
                figure.positions[vertices],
                inverse.reshape(-1, 3),
                material,
                figure.weights[vertices],
                uvs,
                figure.normals[vertices],
                _pick(deltas, vertices) if head[chosen].any() else {},
                is_face=bool(head[chosen].any()),
            )
        )


def eye_parts(figure: Figure, deltas: dict[str, np.ndarray]) -> None:
    """Adds eyes, lashes and creases, with the shapes that move them."""
    style = figure.config.eyes
    image = eye_texture(*style.iris_colours)
    figure.materials["eye"] = Material(np.ones(3), np.ones(3), image, unlit=True)
    figure.add_material("lash", hex_colour(style.lash_colour), unlit=True, double_sided=True)
    figure.add_material("crease", hex_colour(figure.config.skin) * [0.80, 0.52, 0.50], unlit=True, double_sided=True)
    sides, count = (28, 19) if figure.detail >= 1 else (14, 10)
    for eye in figure.eyes:
        positions, triangles, uvs = eye.sclera(rings=3)
        figure.parts.append(
            Part(f"sclera{eye.suffix}", positions, triangles, "eye", rigid(len(positions), "Head"), uvs, is_face=True)
        )
        positions, triangles, uvs, local = eye.iris(3 if figure.detail >= 1 else 2, sides)
        figure.parts.append(
            Part(
                f"iris{eye.suffix}",
                positions,
                triangles,
                "eye",
                rigid(len(positions), "Head"),
                uvs,
                morphs=eye.iris_deltas(local),
                is_face=True,
            )
        )
        rim = {k: d[eye.loop] for k, d in deltas.items() if np.abs(d[eye.loop]).max() > SMALLEST_MOVE}
        for i, (material, offsets, matrix, triangles) in enumerate(eye.lash_strips(count)):
            positions = matrix @ eye.rest + offsets
            morphs = {k: matrix @ d for k, d in rim.items()}
            if material == "crease":
                # The crease flattens into the closing lid.
                for name in ("eyeBlink", "eyeHappy"):
                    morphs[name + eye.suffix] = morphs[name + eye.suffix] * 0.75
            if i == LOWER_LASH:
                # It hides in the closing lid, so that a blink on top of another expression shows one line.
                for name in ("eyeBlink", "eyeHappy"):
                    morphs[name + eye.suffix] = morphs[name + eye.suffix] - [0, 0, LOWER_LASH_SINK]
            figure.parts.append(
                Part(
                    f"{material}{i}{eye.suffix}",
                    positions,
                    triangles,
                    material,
                    rigid(len(positions), "Head"),
                    morphs=morphs,
                    is_face=True,
                )
            )


def brow_parts(figure: Figure) -> None:
    """Adds the brows, with the shapes that move them."""
    style = figure.config.brows
    figure.add_material("brow", hex_colour(style.colour), unlit=True, double_sided=True)
    count = 11 if figure.detail >= 1 else 7
    u = np.linspace(-1, 1, count)
    for eye in figure.eyes:
        x = eye.centre[0] + style.offset_x + u * style.half_width
        arch = style.arch * (1 - (u - 0.25) ** 2)
        y = eye.centre[1] + style.height + arch + style.tilt * u * style.half_width
        half = style.thickness * (1.0 - 0.62 * smoothstep(u, -0.2, 1.05)) * smoothstep(u, -1.25, -0.75)
        rows = np.concatenate([np.column_stack([x, y - half]), np.column_stack([x, y + half])])

        def on_skin(flat: np.ndarray) -> np.ndarray:
            side = flat * [eye.sign, 1]
            return np.column_stack([side, figure.surface_z(side[:, 0], side[:, 1]) + BROW_LIFT])

        rest = on_skin(rows)
        triangles = np.array(
            [t for i in range(count - 1) for t in ((i, i + 1, i + count), (i + 1, i + 1 + count, i + count))]
        )
        inner, outer = smoothstep(u, 0.3, -1), smoothstep(u, -0.3, 1)
        middle = 1 - inner - outer
        morphs = {}
        for name, (a, b, c) in BROW_MOVES.items():
            rise = np.tile(a * inner + b * middle + c * outer, 2)
            shift = np.tile(-BROW_PINCH * inner, 2) if name == "browDown" else np.zeros(2 * count)
            full = name if name == "browInnerUp" else name + eye.suffix
            morphs[full] = on_skin(rows + np.column_stack([shift, rise])) - rest
        figure.parts.append(
            Part(
                f"brow{eye.suffix}",
                rest,
                triangles if eye.sign > 0 else triangles[:, ::-1],
                "brow",
                rigid(len(rest), "Head"),
                morphs=morphs,
                is_face=True,
            )
        )


def mouth_parts(figure: Figure, deltas: dict[str, np.ndarray]) -> None:
    """Upper teeth and tongue from the helpers, shrunk and pushed back behind the stylised lips."""
    figure.add_material("teeth", np.array([0.99, 0.98, 0.97]), 0, shade=np.array([0.90, 0.86, 0.88]))
    figure.add_material("tongue", np.array([0.93, 0.48, 0.49]), 0, shade=np.array([0.80, 0.36, 0.39]))
    for group, material, scale, back in (
        ("helper-upper-teeth", "teeth", (0.72, 0.8, 0.8), 0.10),
        ("helper-tongue", "tongue", (0.72, 0.9, 0.8), 0.10),
    ):
        vertices, triangles = compact(figure.base.triangles(group))
        p = figure.positions[vertices]
        anchor = np.array([0, p[:, 1].mean(), p[:, 2].max()])
        placed = (p - anchor) * scale + anchor - [0, 0, back]
        figure.parts.append(
            Part(
                material,
                placed,
                triangles,
                material,
                rigid(len(vertices), "Head"),
                morphs=_pick(deltas, vertices),
                is_face=True,
            )
        )


def mouth_line_parts(figure: Figure, deltas: dict[str, np.ndarray]) -> None:
    """Dark lines along the upper and the lower lip that meet when the mouth is closed."""
    figure.add_material(
        "mouth_line", hex_colour(figure.config.skin) * [0.60, 0.27, 0.29], unlit=True, double_sided=True
    )
    loop = edge_loop(figure.base, *LIP_LOOP)
    x = figure.positions[loop, 0]
    left, right = int(np.argmax(x)), int(np.argmin(x))
    lips = {"upper": loop[right:] + loop[: left + 1], "lower": loop[left : right + 1][::-1]}
    count = 19 if figure.detail >= 1 else 11
    along = {}
    for name, vertices in lips.items():
        # Rows pick places on the lip: rest = matrix @ positions[vertices].
        at = np.linspace(0, len(vertices) - 1, count)
        low = np.minimum(at.astype(int), len(vertices) - 2)
        matrix = np.zeros((count, len(vertices)))
        matrix[np.arange(count), low] = 1 - (at - low)
        matrix[np.arange(count), low + 1] += at - low
        along[name] = matrix
    # Closed, both lines run down the middle; each follows its own lip.
    middle = 0.5 * sum(along[n] @ figure.positions[v] for n, v in lips.items()) + [0, 0, MOUTH_LINE_LIFT]
    half = MOUTH_LINE_HALF * (1 - 0.55 * np.abs(np.linspace(-1, 1, count)) ** 3)
    rest = np.concatenate([middle - np.outer(half, [0, 1, 0]), middle + np.outer(half, [0, 1, 0])])
    triangles = np.array(
        [t for i in range(count - 1) for t in ((i, i + 1, i + count), (i + 1, i + 1 + count, i + count))]
    )
    for name, vertices in lips.items():
        morphs = {
            k: np.tile(along[name] @ d[vertices], (2, 1))
            for k, d in deltas.items()
            if np.abs(d[vertices]).max() > SMALLEST_MOVE
        }
        figure.parts.append(
            Part(
                f"mouth_line_{name}",
                rest,
                triangles,
                "mouth_line",
                rigid(2 * count, "Head"),
                morphs=morphs,
                is_face=True,
            )
        )


def blush_parts(figure: Figure) -> None:
    """Slanted blush strokes, hidden under the cheek until the `blush` morph lifts them."""
    figure.add_material("blush", hex_colour(figure.config.skin) * [0.98, 0.60, 0.62], unlit=True, double_sided=True)
    depth = 0.10
    for eye in figure.eyes:
        for k in range(3):
            x = eye.centre[0] + 0.02 + 0.075 * k
            y = eye.centre[1] - 0.325
            flat = np.array(
                [[x - 0.030, y - 0.034], [x - 0.016, y - 0.038], [x + 0.030, y + 0.030], [x + 0.018, y + 0.036]]
            )
            flat = flat * [eye.sign, 1]
            surface = figure.surface_z(flat[:, 0], flat[:, 1])
            rest = np.column_stack([flat, surface - depth])
            triangles = np.array([[0, 1, 2], [0, 2, 3]])
            lift = np.zeros((4, 3))
            lift[:, 2] = depth + 0.016
            figure.parts.append(
                Part(
                    f"blush{k}{eye.suffix}",
                    rest,
                    triangles if eye.sign > 0 else triangles[:, ::-1],
                    "blush",
                    rigid(4, "Head"),
                    morphs={"blush": lift},
                    is_face=True,
                )
            )


def add_face(figure: Figure, hidden: np.ndarray) -> None:
    """Adds all skin and face parts; `hidden` (m,) marks body triangles covered by clothes."""
    deltas = all_deltas(figure)
    skin_parts(figure, hidden | socket_faces(figure), deltas)
    eye_parts(figure, deltas)
    brow_parts(figure)
    mouth_parts(figure, deltas)
    mouth_line_parts(figure, deltas)
    blush_parts(figure)
