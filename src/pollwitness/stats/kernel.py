"""The hot loops of tests by betting, compiled by numba; :mod:`martingales` is their front.

Every function here is plain arithmetic on arrays: the tests run the same code uncompiled, and a
twin in NumPy beside it.
"""

from __future__ import annotations

import numpy as np
from numba import njit

FRACTIONS, FIXED, ALPHA, SHRINK, AGRAPA, KOLMOGOROV = range(6)
"""Rules by which the next bet is chosen."""
_TINY = 1e-12
_HUGE = 1e100


@njit(cache=True)
def log_wealth(x, means, spread, upper, rule, parameters, bets, logs):  # type: ignore[no-untyped-def]
    """The logarithm of the wealth after each value; `means[j]` is the null mean of value j.

    `spread[j]` is by how much a difference of means has grown for the values that are left.
    Wealth is infinite once the null mean would have to be negative, and none is left where it
    would have to exceed the largest value.
    """
    count = len(x)
    out = np.empty(count)
    each = np.zeros(len(bets))
    total, seen, squares, average = 0.0, 0.0, 0.0, 0.0
    for j in range(count):
        m = means[j]
        if m < 0:
            out[j:] = np.inf
            return out
        if m > upper:
            out[j:] = -np.inf
            return out
        if m <= _TINY or abs(m - upper) <= _TINY:
            change = 0.0
        elif rule == FRACTIONS:
            top = -np.inf
            for k in range(len(bets)):
                each[k] += np.log1p(bets[k] * (x[j] - m) / m)
                top = max(top, each[k] + logs[k])
            held = 0.0
            if top > -np.inf:
                for k in range(len(bets)):
                    held += np.exp(each[k] + logs[k] - top)
            change = (np.log(held) + top if held > 0 else -np.inf) - total
        else:
            history = (seen, squares, average, means[max(j - 1, 0)])
            bet = _bet(rule, parameters, (m, spread[j], upper), j, history)
            grown = 1.0 + bet * (x[j] - m)
            change = np.log(grown) if grown > 0 else -np.inf
        total += change
        out[j] = total
        seen += x[j]
        step = x[j] - average
        average += step / (j + 1)
        squares += step * (x[j] - average)
        if total == -np.inf:
            out[j:] = -np.inf
            return out
    return out


@njit(cache=True)
def _bet(rule, parameters, place, j, history):  # type: ignore[no-untyped-def]
    """The bet on the next value, from what was seen before it."""
    m, spread, upper = place
    seen, squares, average, last = history
    if rule == FIXED:
        return parameters[0]
    if rule == KOLMOGOROV:
        return 1.0 / (m + parameters[0])
    if rule == AGRAPA:
        return _agrapa(parameters, (m, last), j, squares, average)
    if rule == ALPHA:
        eta = m + (parameters[0] - parameters[-1]) * spread
    else:
        eta, c, d = parameters[0], parameters[1], parameters[2]
        eta = max((d * eta + seen) / (d + j), m + c / np.sqrt(d + j))
        eta = min(upper * (1 - np.finfo(np.float64).eps), eta)
    return (eta - m) / (m * (upper - m))


@njit(cache=True)
def _agrapa(parameters, nulls, j, squares, average):  # type: ignore[no-untyped-def]
    """The approximate growth-rate adaptive bet, cut to a share of the largest that is safe."""
    first, least, most, grow = parameters[0], parameters[1], parameters[2], parameters[3]
    m, last = nulls
    bet = first if j == 0 else (average - last) / (squares / j + (last - average) ** 2)
    share = least + (most - least) * (1 - 1 / (1 + grow * np.sqrt(j)))
    return min(share / m, max(0.0, bet))


@njit(cache=True)
def stopping_times(x, mean, bets, logs, goal):  # type: ignore[no-untyped-def]
    """For every row of values, the first at which the log wealth reaches a goal; 0 for never.

    The wealth of each bet is kept as a number, and all of them are scaled where they run away.
    """
    runs, most = x.shape
    out = np.zeros(runs, np.int64)
    start = np.exp(logs)
    each = np.empty(len(bets))
    wanted = np.exp(goal)
    for run in range(runs):
        each[:] = start
        scaled = 0.0
        for j in range(most):
            gain = (x[run, j] - mean) / mean
            held = 0.0
            for k in range(len(bets)):
                each[k] *= 1.0 + bets[k] * gain
                held += each[k]
            if held > _HUGE or held < 1.0 / _HUGE:
                if held == 0.0:
                    break
                scaled += np.log(held)
                for k in range(len(bets)):
                    each[k] /= held
                held = 1.0
            if (scaled == 0.0 and held >= wanted) or (
                scaled != 0.0 and np.log(held) + scaled >= goal
            ):
                out[run] = j + 1
                break
    return out
