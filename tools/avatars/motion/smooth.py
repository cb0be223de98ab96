"""Keeps arms from flipping between keys: hand turns as quaternions, elbows by filtered swivel."""

from __future__ import annotations

import numpy as np

from ..geometry import unit
from .pose import ARM_SIZE, ARM_SLICES, pchip

SWIVEL_SIGMA = 0.11  # seconds of the Gaussian that smooths the elbow direction
HAND_SIGMA = 0.07
SHOULDER_CLEARANCE = 0.70  # arm lengths a moving wrist keeps from the shoulder, if it starts and ends outside
AROUND_SHARE = 0.9
AROUND_DIRECTION = np.array([0.62, -0.10, 0.78])  # outwards and forwards


def quaternion_of(m: np.ndarray) -> np.ndarray:
    """Unit quaternion (x, y, z, w) of a rotation matrix, stable for every angle."""
    k = (
        np.array(
            [
                [m[0, 0] - m[1, 1] - m[2, 2], 0, 0, 0],
                [m[1, 0] + m[0, 1], m[1, 1] - m[0, 0] - m[2, 2], 0, 0],
                [m[2, 0] + m[0, 2], m[2, 1] + m[1, 2], m[2, 2] - m[0, 0] - m[1, 1], 0],
                [m[2, 1] - m[1, 2], m[0, 2] - m[2, 0], m[1, 0] - m[0, 1], m[0, 0] + m[1, 1] + m[2, 2]],
            ]
        )
        / 3
    )
    values, vectors = np.linalg.eigh(k)
    q = vectors[:, np.argmax(values)]
    return q if q[3] >= 0 else -q


def matrix_of(q: np.ndarray) -> np.ndarray:
    """Rotation matrices (n, 3, 3) of unit quaternions (n, 4)."""
    x, y, z, w = q.T
    return np.stack(
        [
            np.stack([1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)], -1),
            np.stack([2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)], -1),
            np.stack([2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)], -1),
        ],
        -2,
    )


def gaussian(values: np.ndarray, sigma_frames: float, periodic: bool) -> np.ndarray:
    """Values (n, k) smoothed over time; periodic clips repeat their first frame as the last."""
    if sigma_frames < 0.3:
        return values
    reach = int(np.ceil(3 * sigma_frames))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma_frames) ** 2)
    kernel /= kernel.sum()
    if periodic:
        body = values[:-1]
        index = np.arange(-reach, len(values) + reach) % len(body)
        padded = body[index]
    else:
        padded = np.vstack([np.repeat(values[:1], reach, 0), values, np.repeat(values[-1:], reach, 0)])
    return np.stack([np.convolve(padded[:, k], kernel, mode="valid") for k in range(values.shape[1])], 1)


def hand_frame(arm: np.ndarray) -> np.ndarray:
    """Rotation matrix (3, 3) of a hand from its finger direction and palm normal."""
    x = unit(arm[ARM_SLICES["fingers"]])
    up = -arm[ARM_SLICES["palm"]]
    y = unit(up - x * (x @ up))
    return np.stack([x, y, np.cross(x, y)], 1)


def interpolate_hands(times: np.ndarray, keys: np.ndarray, at: np.ndarray, periodic: bool, fps: int) -> np.ndarray:
    """Hand matrices (m, 3, 3) at times `at` for arm keys (k, ARM_SIZE)."""
    q = np.array([quaternion_of(hand_frame(arm)) for arm in keys])
    for i in range(1, len(q)):
        if q[i] @ q[i - 1] < 0:
            q[i] = -q[i]
    wraps = periodic and q[0] @ q[-1] > 0
    q = pchip(times, q, at, wraps)
    q = gaussian(q, HAND_SIGMA * fps, wraps)
    return matrix_of(unit(q))


def smooth_poles(places: np.ndarray, poles: np.ndarray, periodic: bool, fps: int) -> np.ndarray:
    """Elbow directions (m, 3) across the lines from shoulder to wrist that never swing abruptly.

    The direction is measured as an angle about that line against a reference carried along
    without twist, unwrapped and filtered.
    """
    count = len(places)
    if periodic:  # run three rounds and keep the middle one
        places, poles = (np.vstack([a[:-1], a[:-1], a]) for a in (places, poles))
    u = unit(places)
    wanted = poles - u * np.einsum("ij,ij->i", poles, u)[:, None]
    clear = np.linalg.norm(wanted, axis=1)
    wanted = unit(wanted)
    reference = np.zeros_like(u)
    reference[0] = wanted[0]
    for i in range(1, len(u)):
        r = reference[i - 1] - u[i] * (reference[i - 1] @ u[i])
        reference[i] = unit(r)
    other = np.cross(u, reference)
    angle = np.unwrap(np.arctan2(np.einsum("ij,ij->i", wanted, other), np.einsum("ij,ij->i", wanted, reference)))
    # Where the pole lies along the arm its angle means little.
    weight = np.clip(clear, 0.02, 1.0) ** 2
    sigma = SWIVEL_SIGMA * fps
    smooth = gaussian(np.column_stack([angle * weight, weight]), sigma, False)
    angle = smooth[:, 0] / smooth[:, 1]
    out = reference * np.cos(angle)[:, None] + other * np.sin(angle)[:, None]
    return out[count - 1 : 2 * count - 1] if periodic else out


def go_around_shoulder(places: np.ndarray, key_times: np.ndarray, keys: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Wrist places (m, 3), led around the shoulder joint where a straight way would cross it."""
    out = places.copy()
    for t0, t1, a, b in zip(key_times, key_times[1:], keys, keys[1:]):
        along = b - a
        t = np.clip(-(a @ along) / max(along @ along, 1e-9), 0, 1)
        nearest = float(np.linalg.norm(a + t * along))
        clearance = min(SHOULDER_CLEARANCE, float(np.linalg.norm(a)), float(np.linalg.norm(b)))
        if nearest < clearance and np.linalg.norm(along) > 0.3:
            inside = (at > t0) & (at < t1)
            s = (at[inside] - t0) / (t1 - t0)
            amount = np.sqrt(clearance**2 - nearest**2) * AROUND_SHARE
            out[inside] += np.outer(amount * np.sin(np.pi * s) ** 2, AROUND_DIRECTION)
    return out


def settle_arms(
    table: np.ndarray, arm: slice, times: np.ndarray, keys: np.ndarray, at: np.ndarray, periodic: bool, fps: int
) -> None:
    """Rewrites hand directions and elbow poles of one arm in the pose table (m, POSE_SIZE)."""
    columns = np.arange(table.shape[1])[arm]
    assert len(columns) == ARM_SIZE
    place, pole, fingers, palm = (columns[ARM_SLICES[k]] for k in ("place", "pole", "fingers", "palm"))
    hands = interpolate_hands(times, keys[:, columns], at, periodic, fps)
    table[:, fingers], table[:, palm] = hands[:, :, 0], -hands[:, :, 1]
    table[:, place] = go_around_shoulder(table[:, place], times, keys[:, place], at)
    table[:, pole] = smooth_poles(table[:, place], table[:, pole], periodic, fps)
