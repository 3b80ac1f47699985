"""The Gibbs sampler of latent classes, compiled by numba; :mod:`latent` is its front."""

from __future__ import annotations

import numpy as np
from numba import njit

_TINY = 1e-300


@njit(cache=True)
def _log_gamma(shape):  # type: ignore[no-untyped-def]
    """The logarithm of a gamma draw, also where the draw itself would be 0."""
    return np.log(np.random.gamma(shape + 1.0)) + np.log(1.0 - np.random.random()) / shape


@njit(cache=True)
def sample(patterns, counts, classes, prior, burn, kept, thin, seed):  # type: ignore[no-untyped-def]
    """Draws of the number of persons on no list, one chain.

    ``patterns`` has a row of 0 and 1 for each history, ``counts`` how many persons have it,
    ``prior`` the shape and rate of the gamma prior of the concentration. The steps are those of
    Manrique-Vallier (2016, section 3.2).
    """
    np.random.seed(seed)
    rows, lists = patterns.shape
    total = counts.sum()
    listed = np.random.beta(1.0, 1.0, size=(classes, lists))
    weights = np.full(classes, 1.0 / classes)
    concentration = prior[0] / prior[1]
    unseen = np.int64(0)
    inside = np.zeros(classes, dtype=np.int64)
    on = np.zeros((classes, lists), dtype=np.int64)
    hidden = np.zeros(classes, dtype=np.int64)
    chances = np.empty(classes)
    out = np.empty(kept, dtype=np.int64)
    alphas = np.empty(kept)
    place = 0
    for step in range(burn + kept * thin):
        inside[:] = 0
        on[:] = 0
        for row in range(rows):
            whole = 0.0
            for k in range(classes):
                chance = weights[k]
                for j in range(lists):
                    chance *= listed[k, j] if patterns[row, j] else 1.0 - listed[k, j]
                chances[k] = chance
                whole += chance
            left = counts[row]
            for k in range(classes):
                if left == 0:
                    break
                if k == classes - 1 or chances[k] >= whole:
                    taken = left
                elif chances[k] <= _TINY:
                    taken = 0
                else:
                    taken = np.random.binomial(left, min(chances[k] / whole, 1.0))
                whole -= chances[k]
                left -= taken
                inside[k] += taken
                for j in range(lists):
                    if patterns[row, j]:
                        on[k, j] += taken
        whole = 0.0
        for k in range(classes):
            chance = weights[k]
            for j in range(lists):
                chance *= 1.0 - listed[k, j]
            chances[k] = chance
            whole += chance
        whole = min(max(whole, _TINY), 1.0 - 1e-12)
        rate = np.random.gamma(float(total)) * whole / (1.0 - whole)
        unseen = np.int64(np.random.poisson(rate))
        left = unseen
        for k in range(classes):
            if left == 0:
                hidden[k] = 0
                continue
            if k == classes - 1 or chances[k] >= whole:
                hidden[k] = left
            elif chances[k] <= _TINY:
                hidden[k] = 0
            else:
                hidden[k] = np.random.binomial(left, min(chances[k] / whole, 1.0))
            whole -= chances[k]
            left -= hidden[k]
        for k in range(classes):
            members = inside[k] + hidden[k]
            for j in range(lists):
                listed[k, j] = np.random.beta(1.0 + on[k, j], 1.0 + members - on[k, j])
        later = total + unseen
        stick = 0.0
        for k in range(classes - 1):
            members = inside[k] + hidden[k]
            later -= members
            own = _log_gamma(1.0 + members)
            others = _log_gamma(concentration + later)
            both = max(own, others) + np.log1p(np.exp(-abs(own - others)))
            weights[k] = np.exp(stick + own - both)
            stick += others - both
        weights[classes - 1] = np.exp(stick)
        shape = prior[0] + classes - 1.0
        concentration = max(np.random.gamma(shape) / (prior[1] - stick), _TINY)
        if step >= burn and (step - burn + 1) % thin == 0:
            out[place] = unseen
            alphas[place] = concentration
            place += 1
    return out, alphas
