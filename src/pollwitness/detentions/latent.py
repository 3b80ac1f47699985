"""Latent classes: persons of one class are alike, and classes differ in where they are listed.

A Bayesian mixture of independent lists with as many classes as the data ask for (Manrique-Vallier
2016, the model of the R package LCMCR), sampled in several chains so that it can be seen whether
they agree. It allows for differences between persons, not for lists that feed each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri
from scipy.stats import rankdata

from pollwitness.detentions.histories import Histories, Matrix, Vector
from pollwitness.errors import QuestionError

CHAINS = 4
CLASSES = 10
PRIOR = (0.25, 0.25)
"""Shape and rate of the gamma prior of the concentration: few classes, as LCMCR has it."""
LARGEST_R_HAT, LEAST_SIZE = 1.05, 200.0


@dataclass(frozen=True, slots=True)
class Sampling:
    """How long to sample: steps thrown away, draws kept of each chain, steps between them."""

    burn: int = 10_000
    kept: int = 1_000
    thin: int = 80
    chains: int = CHAINS


@dataclass(frozen=True, eq=False)
class LatentClasses:
    """The posterior of the total, with what says whether the chains can be believed.

    ``totals`` has a row for each chain. ``r_hat`` compares the chains (split, rank-normalised);
    ``size`` is how many independent draws they are worth.
    """

    observed: int
    totals: Matrix
    mean: float
    median: float
    low: float
    high: float
    r_hat: float
    size: float

    @property
    def has_converged(self) -> bool:
        """Whether the chains agree, and are long enough for an interval."""
        return self.r_hat <= LARGEST_R_HAT and self.size >= LEAST_SIZE


def latent_classes(
    histories: Histories, seed: int, *, classes: int = CLASSES,
    prior: tuple[float, float] = PRIOR, sampling: Sampling | None = None,
) -> LatentClasses:  # fmt: skip
    """The posterior by Gibbs sampling; the prior of the total is 1/N, of listing uniform.

    Raises:
        QuestionError: if lists do not overlap, or there is nothing to sample.
    """
    how = Sampling() if sampling is None else sampling
    if not histories.connected():
        raise QuestionError("the lists do not overlap enough: overlaps join only some of them")
    if classes < 1 or min(prior) <= 0 or how.kept < 4:
        raise QuestionError("latent classes need a class, a positive prior, and draws to keep")
    from pollwitness.detentions import latent_kernel  # noqa: PLC0415 (only who asks compiles)

    places = np.flatnonzero(histories.counts)
    patterns = (places[:, None] >> np.arange(histories.number)) & 1
    seeds = np.random.SeedSequence(seed).generate_state(how.chains)
    chains = [
        latent_kernel.sample(
            patterns.astype(np.int64), histories.counts[places], classes,
            np.array(prior, dtype=np.float64), how.burn, how.kept, how.thin, int(one),
        )[0]
        for one in seeds
    ]  # fmt: skip
    totals = np.stack(chains).astype(np.float64) + histories.observed
    low, median, high = (float(q) for q in np.quantile(totals, (0.025, 0.5, 0.975)))
    return LatentClasses(
        histories.observed, totals, float(totals.mean()), median, low, high,
        r_hat(totals), effective_size(totals),
    )  # fmt: skip


def r_hat(chains: Matrix) -> float:
    """Split R-hat of rank-normalised draws (Vehtari, Gelman, Simpson, Carpenter, Bürkner 2021)."""
    ranked = _normal_scores(_split(chains))
    count = ranked.shape[1]
    within = float(ranked.var(axis=1, ddof=1).mean())
    between = count * float(ranked.mean(axis=1).var(ddof=1))
    if within == 0:
        return 1.0 if between == 0 else float("inf")
    return float(np.sqrt(((count - 1) / count * within + between / count) / within))


def effective_size(chains: Matrix) -> float:
    """The effective sample size by Geyer's initial monotone sequence (Vehtari et al. 2021)."""
    split = _split(chains)
    many, count = split.shape
    covariances = np.stack([_autocovariance(one) for one in split])
    within = float((covariances[:, 0] * count / (count - 1)).mean())
    if within == 0:
        return float(many * count)
    between = float(split.mean(axis=1).var(ddof=1)) if many > 1 else 0.0
    pooled = (count - 1) / count * within + between
    rho = 1 - (within - covariances.mean(axis=0) * count / (count - 1)) / pooled
    total, least = 0.0, np.inf
    for lag in range(0, count - 1, 2):
        pair = float(rho[lag] + rho[lag + 1])
        if pair < 0:
            break
        least = min(least, pair)
        total += least
    return float(many * count / max(2 * total - 1, 1 / np.log10(many * count)))


def _split(chains: Matrix) -> Matrix:
    half = chains.shape[1] // 2
    return np.concatenate([chains[:, :half], chains[:, -half:]])


def _normal_scores(chains: Matrix) -> Matrix:
    ranks = rankdata(chains, method="average").reshape(chains.shape)
    scores: Matrix = ndtri((ranks - 0.375) / (chains.size + 0.25))
    return scores


def _autocovariance(values: Vector) -> Vector:
    centred = values - values.mean()
    size = 1 << (2 * len(values) - 1).bit_length()
    spectrum = np.fft.rfft(centred, size)
    found: Vector = np.fft.irfft(spectrum * np.conj(spectrum), size)[: len(values)] / len(values)
    return found
