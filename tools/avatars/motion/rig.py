"""The skeleton that motions are made on, with arm and leg inverse kinematics.

Lengths are metres, +Y is up, +Z is the front, +X is the figure's left. The rest pose is the
T-pose with identity rotations, the same as in the avatar files.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from ..figure import Figure
from ..geometry import cross, smoothstep, unit
from ..skeleton import BONES, SIDES, bone_parents
from ..vrm import VrmExporter
from .pose import ARM_SLICES, Pose

FINGER_LIMIT = 0.998  # share of the full reach an arm or leg may use
SHOULDER_LIFT = 22.0  # degrees of shoulder rise for a fully raised arm
TWIST_SHARE = 0.55  # of the hand's roll, taken by the forearm
TWIST_FADE = 2.0  # radians of roll from which the forearm takes less
HAND_MARGIN = 0.022  # half a finger's thickness and some air
PUSH_ROUNDS = 5


def rotation_x(a: float) -> np.ndarray:
    """Rotation matrix around X; the angle in radians."""
    c, s = np.cos(a), np.sin(a)
    return np.array([[1, 0, 0], [0, c, -s], [0, s, c]])


def rotation_y(a: float) -> np.ndarray:
    """Rotation matrix around Y; the angle in radians."""
    c, s = np.cos(a), np.sin(a)
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])


def rotation_z(a: float) -> np.ndarray:
    """Rotation matrix around Z; the angle in radians."""
    c, s = np.cos(a), np.sin(a)
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])


def euler(degrees: np.ndarray) -> np.ndarray:
    """Rotation matrix: nod (x), turn (y) and tilt (z) in degrees."""
    x, y, z = np.radians(degrees)
    return rotation_y(y) @ rotation_x(x) @ rotation_z(z)


@dataclass
class Rolls:
    """Turns of the forearms about themselves in radians by side, and how well each is defined (0..1)."""

    angle: dict[str, float] = field(default_factory=dict)
    certainty: dict[str, float] = field(default_factory=dict)
    fixed: bool = False

    def copy(self) -> Rolls:
        """A copy that may be changed."""
        return Rolls(dict(self.angle), dict(self.certainty), self.fixed)


@dataclass(frozen=True)
class Capsule:
    """A solid between two places fixed to a bone; `a`, `b` (3,) are offsets from the bone."""

    bone: str
    a: np.ndarray
    b: np.ndarray
    radius: float


@dataclass
class Body:
    """Solids that hands must stay out of, and the skirt as a radius by height below the hips."""

    capsules: list[Capsule]
    skirt_drop: np.ndarray  # (k,) metres below the hips, rising
    skirt_half_width: np.ndarray  # (k,)
    skirt_half_depth: np.ndarray  # (k,)
    skirt_z: float  # centre, relative to the hips


class Rig:
    """Rest joint positions of one idol and the solids of her body."""

    def __init__(self, figure: Figure) -> None:
        exporter = VrmExporter(figure)
        self.name = figure.config.name
        self.parents = bone_parents(figure.base)
        self.rest = {b: exporter.places[b] for b in BONES}
        self._measure()
        self.body = self._body(figure, exporter)

    def _measure(self) -> None:
        self.offset = {b: self.rest[b] - (self.rest[self.parents[b]] if self.parents[b] else 0) for b in BONES}
        self.arm_length = float(np.linalg.norm(self.offset["LeftForeArm"]) + np.linalg.norm(self.offset["LeftHand"]))

    def _body(self, figure: Figure, exporter: VrmExporter) -> Body:
        scale = exporter.scale
        trunk = (figure.trunk - [0, exporter.ground, 0]) * scale

        def half_size(y: float) -> tuple[float, float, float]:
            ring = trunk[np.abs(trunk[:, 1] - y) < 0.02]
            ring = ring[np.abs(ring[:, 0]) < 0.17]
            return float(np.abs(ring[:, 0]).max()), float(ring[:, 2].min()), float(ring[:, 2].max())

        capsules = []
        for low, high, bone in (
            ("Spine", "Spine1", "Spine"),
            ("Spine1", "Spine2", "Spine1"),
            ("Spine2", "Neck", "Spine2"),
        ):
            y0, y1 = self.rest[low][1], self.rest[high][1]
            if bone == "Spine2":
                y1 -= 0.07
            x, back, front = half_size((y0 + y1) / 2)
            depth = (front - back) / 2 + 0.012
            spread = max(x - depth, 0.0) * 0.8
            z = (front + back) / 2 - self.rest[bone][2]
            for sign in (1, -1) if spread > 0.01 else (0,):
                capsules.append(
                    Capsule(bone, np.array([sign * spread, 0, z]), np.array([sign * spread, y1 - y0, z]), depth)
                )
        head = exporter._metres(figure.skull_centre) - self.rest["Head"]
        capsules.append(Capsule("Head", head + [0, 0.02, 0], head + [0, -0.05, 0.012], 0.092))
        shares, width, depth = figure.skirt_profile
        drop = (
            self.rest["Hips"][1]
            - (figure.waist_y - figure.config.outfit.skirt_length * shares - exporter.ground) * scale
        )
        on = shares <= 1.0
        return Body(
            capsules,
            drop[on],
            width[on] * scale + 0.008,
            depth[on] * scale + 0.008,
            float(figure.skirt_centre[2] * scale - self.rest["Hips"][2]),
        )

    def average(self, others: list[Rig]) -> None:
        """Takes the mean proportions of this and other rigs, at the mean height of the hips."""
        rigs = [self, *others]
        height = float(np.mean([r.rest["Hips"][1] for r in rigs]))
        grow = height / self.rest["Hips"][1]
        self.rest = {b: np.mean([r.rest[b] / r.rest["Hips"][1] for r in rigs], axis=0) * height for b in BONES}
        self._measure()
        body = self.body
        body.skirt_drop, body.skirt_half_width, body.skirt_half_depth, body.skirt_z = (
            v * grow for v in (body.skirt_drop, body.skirt_half_width, body.skirt_half_depth, body.skirt_z)
        )
        body.capsules = [Capsule(c.bone, c.a * grow, c.b * grow, c.radius * grow) for c in body.capsules]

    def envelop(self, others: list[Rig]) -> None:
        """Widens the solids to hold those of other rigs too, scaled to the height of these hips."""
        mine = self.body
        for other in others:
            scale = self.rest["Hips"][1] / other.rest["Hips"][1]
            body = other.body
            bottom = max(mine.skirt_drop[-1], body.skirt_drop[-1] * scale)
            drop = np.linspace(min(mine.skirt_drop[0], body.skirt_drop[0] * scale), bottom, 48)

            def widest(a: np.ndarray, b: np.ndarray) -> np.ndarray:
                return np.maximum(
                    np.interp(drop, mine.skirt_drop, a), np.interp(drop, body.skirt_drop * scale, b * scale)
                )

            width, depth = (
                widest(mine.skirt_half_width, body.skirt_half_width),
                widest(mine.skirt_half_depth, body.skirt_half_depth),
            )
            mine.skirt_drop, mine.skirt_half_width, mine.skirt_half_depth = drop, width, depth
            mine.capsules = (
                [replace(c, radius=max(c.radius, d.radius * scale)) for c, d in zip(mine.capsules, body.capsules)]
                if len(mine.capsules) == len(body.capsules)
                else mine.capsules
            )

    # ---- solving

    def solve(
        self, pose: Pose, keep_out: bool = True, rolls: Rolls | None = None
    ) -> tuple[dict[str, np.ndarray], np.ndarray]:
        """Local rotation matrices by bone and the place of the hips (3,) for a pose.

        With `keep_out`, hands that would enter the body or the skirt are moved out. `rolls` reports
        the forearm rolls, or fixes them.
        """
        rolls = Rolls() if rolls is None else rolls
        arms = {side: pose.arm(side).copy() for side, _ in SIDES}
        for _ in range(PUSH_ROUNDS):
            now = rolls.copy()
            local, hips, frame = self._solve_once(pose, arms, now)
            if not keep_out:
                break
            rotation, place = self.forward(local, hips)
            moved = False
            for side, sign in SIDES:
                push = self.push_out(self.hand_points(side, rotation, place), rotation, place)
                if np.linalg.norm(push) > 1e-4:
                    inner = frame.T @ push
                    arms[side][ARM_SLICES["place"]] += inner * [sign, 1, 1] / self.arm_length
                    moved = True
            if not moved:
                break
        rolls.angle, rolls.certainty = now.angle, now.certainty
        return local, hips

    def _solve_once(self, pose: Pose, arms: dict[str, np.ndarray], rolls: Rolls) -> tuple[dict, np.ndarray, np.ndarray]:
        rest = self.rest
        world: dict[str, np.ndarray] = {"Hips": euler(pose.hips_turn)}
        local: dict[str, np.ndarray] = {}
        hips = rest["Hips"] + pose.hips
        place = {"Hips": hips}
        for bone, turn in (
            ("Spine", pose.spine),
            ("Spine1", None),
            ("Spine2", pose.chest),
            ("Neck", pose.neck),
            ("Head", pose.head),
        ):
            parent = self.parents[bone]
            world[bone] = world[parent] @ (euler(turn) if turn is not None else np.eye(3))
            place[bone] = place[parent] + world[parent] @ self.offset[bone]
        chest = world["Spine2"]
        for side, sign in SIDES:
            self._arm(side, sign, arms[side], pose.shrug, chest, world, place, local, rolls)
            self._leg(side, sign, pose.foot(side), pose.knees_in, world, hips)
        for bone, matrix in world.items():
            parent = self.parents[bone]
            local[bone] = world[parent].T @ matrix if parent else matrix
        return local, hips, chest

    @staticmethod
    def _two_bones(
        start: np.ndarray, target: np.ndarray, first: float, second: float, pole: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Places (3,) of the middle and end joints reaching for a target, bent towards `pole`."""
        d = target - start
        reach = np.clip(np.linalg.norm(d), abs(first - second) + 1e-3, (first + second) * FINGER_LIMIT)
        u = unit(d)
        x = (first**2 - second**2 + reach**2) / (2 * reach)
        h = np.sqrt(max(first**2 - x**2, 1e-8))
        side = unit(pole - u * (pole @ u))
        return start + u * x + side * h, start + u * reach

    def _arm(
        self,
        side: str,
        sign: float,
        arm: np.ndarray,
        shrug: float,
        chest: np.ndarray,
        world: dict,
        place: dict,
        local: dict,
        rolls: Rolls,
    ) -> None:
        rest, mirror = self.rest, np.array([sign, 1, 1])
        part = {name: arm[s] for name, s in ARM_SLICES.items()}
        shoulder = side + "Shoulder"
        lift = np.radians(sign * (max(0.0, part["place"][1]) * SHOULDER_LIFT + shrug))
        world[shoulder] = chest @ rotation_z(lift)
        place[shoulder] = place["Spine2"] + chest @ (rest[shoulder] - rest["Spine2"])
        start = place[shoulder] + world[shoulder] @ (rest[side + "Arm"] - rest[shoulder])
        origin = place["Spine2"] + chest @ (rest[side + "Arm"] - rest["Spine2"])
        target = origin + chest @ (part["place"] * mirror * self.arm_length)
        first = np.linalg.norm(self.offset[side + "ForeArm"])
        second = np.linalg.norm(self.offset[side + "Hand"])
        elbow, wrist = self._two_bones(start, target, first, second, chest @ (part["pole"] * mirror))
        upper, lower = unit(elbow - start), unit(wrist - elbow)
        hinge = unit(cross(upper, lower)) * -sign

        def frame(along: np.ndarray, up: np.ndarray) -> np.ndarray:
            x = along * sign
            y = unit(up - x * (x @ up))
            return np.stack([x, y, cross(x, y)], 1)

        world[side + "Arm"] = frame(upper, hinge)
        palm_up = -unit(chest @ (part["palm"] * mirror))
        hand = frame(unit(chest @ (part["fingers"] * mirror)), palm_up)
        # The forearm takes half of the roll between elbow and hand.
        flat = unit(hinge - lower * (lower @ hinge))
        goal = hand[:, 1] - lower * (lower @ hand[:, 1])
        if not rolls.fixed:
            rolls.certainty[side] = float(np.linalg.norm(goal))
            goal = unit(goal)
            roll = float(np.arctan2(cross(flat, goal) @ lower, flat @ goal))
            # Fading out towards a half turn keeps the share continuous where the roll wraps around.
            rolls.angle[side] = TWIST_SHARE * roll * float(1 - smoothstep(abs(roll), TWIST_FADE, np.pi))
        half = rolls.angle[side]
        flat = flat * np.cos(half) + cross(lower, flat) * np.sin(half)
        world[side + "ForeArm"] = frame(lower, flat)
        world[side + "Hand"] = hand
        thumb, *fingers = part["curl"]
        spread = part["spread"][0]
        for k, (finger, curl) in enumerate(zip(("Index", "Middle", "Ring", "Pinky"), fingers)):
            fan = rotation_y(np.radians(-sign * spread * (1.0, 0.2, -0.6, -1.3)[k]))
            for i in (1, 2, 3):
                bend = rotation_z(np.radians(-sign * curl * (0.9 if i == 1 else 1.0)))
                local[f"{side}Hand{finger}{i}"] = fan @ bend if i == 1 else bend
        local[f"{side}HandThumb2"] = rotation_y(np.radians(sign * thumb * 0.45))
        local[f"{side}HandThumb3"] = rotation_y(np.radians(sign * thumb * 0.6))

    def _leg(self, side: str, sign: float, foot: np.ndarray, knees_in: float, world: dict, hips: np.ndarray) -> None:
        """`foot` is (x, y, z, pitch, yaw): metres from the rest place, degrees; `knees_in` turns the knee alone."""
        rest = self.rest
        start = hips + world["Hips"] @ (rest[side + "UpLeg"] - rest["Hips"])
        target = rest[side + "Foot"] + foot[:3]
        first = np.linalg.norm(self.offset[side + "Leg"])
        second = np.linalg.norm(self.offset[side + "Foot"])
        yaw = np.radians(foot[4])
        knee_yaw = yaw - sign * np.radians(knees_in)
        forward = np.array([np.sin(knee_yaw) + 0.08 * sign, 0, np.cos(knee_yaw)])
        knee, ankle = self._two_bones(start, target, first, second, forward)

        def frame(down: np.ndarray, turn: float) -> np.ndarray:
            y = -down
            side_axis = np.array([np.cos(turn), 0, -np.sin(turn)])
            x = unit(side_axis - y * (y @ side_axis))
            return np.stack([x, y, cross(x, y)], 1)

        # The thigh does not turn with the knee: the skirt that hangs on it would crease.
        world[side + "UpLeg"] = frame(unit(knee - start), yaw)
        world[side + "Leg"] = frame(unit(ankle - knee), knee_yaw)
        world[side + "Foot"] = rotation_y(yaw) @ rotation_x(np.radians(foot[3]))

    # ---- forward kinematics and solids

    def forward(self, local: dict[str, np.ndarray], hips: np.ndarray) -> tuple[dict, dict]:
        """World rotations and places of all bones."""
        rotation, place = {}, {}
        for bone in BONES:
            parent = self.parents[bone]
            turn = local.get(bone)
            if not parent:
                rotation[bone], place[bone] = (np.eye(3) if turn is None else turn), hips
            else:
                rotation[bone] = rotation[parent] if turn is None else rotation[parent] @ turn
                place[bone] = place[parent] + rotation[parent] @ self.offset[bone]
        return rotation, place

    def hand_points(self, side: str, rotation: dict, place: dict) -> np.ndarray:
        """Wrist, knuckles and finger tips (9, 3)."""
        points = [place[side + "Hand"]]
        for finger in ("Index", "Middle", "Pinky", "Thumb"):
            points.append(place[f"{side}Hand{finger}1"])
            last = f"{side}Hand{finger}3"
            points.append(place[last] + rotation[last] @ self.offset[last])
        return np.array(points)

    def push_out(self, points: np.ndarray, rotation: dict, place: dict) -> np.ndarray:
        """The largest move (3,) that brings one of the points (n, 3) out of body and skirt."""
        best = np.zeros(3)
        for c in self.body.capsules:
            a = place[c.bone] + rotation[c.bone] @ c.a
            b = place[c.bone] + rotation[c.bone] @ c.b
            along = b - a
            t = np.clip((points - a) @ along / max(along @ along, 1e-9), 0, 1)
            away = points - (a + t[:, None] * along)
            distance = np.linalg.norm(away, axis=1)
            k = int(np.argmin(distance))
            depth = c.radius + HAND_MARGIN - distance[k]
            if depth > np.linalg.norm(best):
                best = away[k] / max(distance[k], 1e-6) * depth
        inside = (points - place["Hips"]) @ rotation["Hips"]
        body = self.body
        drop = -inside[:, 1]
        x, z = inside[:, 0], inside[:, 2] - body.skirt_z
        width = np.interp(drop, body.skirt_drop, body.skirt_half_width) + HAND_MARGIN
        depth = np.interp(drop, body.skirt_drop, body.skirt_half_depth) + HAND_MARGIN
        radius = np.sqrt((x / width) ** 2 + (z / depth) ** 2)
        level = (drop > body.skirt_drop[0]) & (drop < body.skirt_drop[-1] + 0.01)
        radius = np.where(level, radius, 9.0)
        k = int(np.argmin(radius))
        if radius[k] < 1:
            scale = 1 / max(radius[k], 0.05) - 1
            push = rotation["Hips"] @ np.array([x[k] * scale, 0, z[k] * scale])
            if np.linalg.norm(push) > np.linalg.norm(best):
                best = push
        return best
