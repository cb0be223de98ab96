"""Skin weights for parts that hang on spring chains."""

from __future__ import annotations

import numpy as np

from .geometry import smoothstep
from .parts import Part, SpringChain


def chain_parameters(positions: np.ndarray, chain: SpringChain) -> tuple[np.ndarray, np.ndarray]:
    """Nearest place on the chain: parameter (n,) in joints and distance (n,)."""
    best = np.full(len(positions), np.inf)
    parameter = np.zeros(len(positions))
    for i in range(len(chain.points) - 1):
        along = chain.points[i + 1] - chain.points[i]
        t = np.clip((positions - chain.points[i]) @ along / (along @ along), 0, 1)
        distance = np.linalg.norm(positions - (chain.points[i] + t[:, None] * along), axis=1)
        nearer = distance < best
        best[nearer], parameter[nearer] = distance[nearer], (i + t)[nearer]
    return parameter, best


def bind_to_chains(
    part: Part, chains: list[SpringChain], share: np.ndarray | float = 1.0, root_blend: float = 0.7
) -> None:
    """Hands `share` of the bone weights of a part over to the joints of the nearest chains.

    Points before the first joint stay with their bones; the last point of a chain is only a tip.
    """
    count = len(part.positions)
    found = [chain_parameters(part.positions, c) for c in chains]
    closeness = np.array([1 / (d + 0.05) ** 4 for _, d in found])
    closeness[closeness < 0.05 * closeness.max(0)] = 0
    closeness /= closeness.sum(0)
    taken = np.zeros(count)
    for chain, (parameter, _), near in zip(chains, found, closeness):
        last = len(chain.points) - 2
        joint = np.clip(parameter.astype(int), 0, last)
        blend = smoothstep(parameter - joint, 0.4, 1.0)
        hold = near * share * smoothstep(parameter, 0.0, root_blend)
        names = chain.joint_names()
        for i in range(last + 1):
            weight = np.where(joint == i, 1 - blend, 0)
            weight = weight + np.where((joint == i - 1) & (i > 0), blend, 0)
            if i == last:
                weight = weight + np.where(joint == last, blend, 0)
            part.spring_weights[names[i]] = part.spring_weights.get(names[i], 0) + weight * hold
        taken += hold
    part.weights = part.weights * (1 - taken)[:, None]
