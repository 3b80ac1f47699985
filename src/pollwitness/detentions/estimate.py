"""The answer of several lists: always the spread over methods and models, never one number."""

from __future__ import annotations

from dataclasses import dataclass

from pollwitness.detentions.decomposable import GraphAverage, average
from pollwitness.detentions.disclosure import Released
from pollwitness.detentions.graphs import MOST_LISTS
from pollwitness.detentions.histories import Histories
from pollwitness.detentions.latent import LatentClasses, Sampling, latent_classes
from pollwitness.detentions.sensitivity import (
    LeftOut,
    Links,
    over_link_errors,
    over_priors,
    without_each_list,
)
from pollwitness.detentions.spread import ModelSpread, Progress, spread
from pollwitness.detentions.two_lists import Estimate, Pair, chao_lower_bound, pairs
from pollwitness.errors import QuestionError

LEAST_BOTH = 5
"""Persons on two lists or more without which nothing is estimated."""
SEED = 20_200_809
UNSEEN_PER_SEEN = 10
"""The grid of those on no list ends at so many times those seen; a warning says if it is short."""
_FULL = 5


@dataclass(frozen=True, eq=False)
class Answer:
    """What several lists say of the total, by every method that can be used on them.

    ``models`` is None for more than five lists, ``graphs`` for two lists or more than six.
    """

    histories: Histories
    two_lists: tuple[Pair, ...]
    lower_bound: Estimate | None
    models: ModelSpread | None
    graphs: GraphAverage | None
    classes: LatentClasses
    left_out: tuple[LeftOut, ...]
    links: tuple[Links, ...]
    priors: tuple[tuple[float, float], ...]

    @property
    def points(self) -> tuple[float, ...]:
        """The totals of every model and method that can be believed, without their intervals.

        Pairs of lists alone stand in only where there is nothing else.
        """
        found = [self.classes.mean] if self.classes.has_converged else []
        found += [] if self.models is None else [self.models.least, self.models.greatest]
        found += [] if self.graphs is None else [self.graphs.mean, *map(float, self.graphs.modes)]
        return tuple(found or [pair.chapman.total for pair in self.two_lists])

    @property
    def least(self) -> float:
        """The least total that any model or method gives; never below those seen."""
        return max(min(self.points), float(self.histories.observed))

    @property
    def greatest(self) -> float:
        """The greatest total that any model or method gives."""
        return max(self.points)


def answer(
    histories: Histories, *, seed: int = SEED, most_unseen: int | None = None,
    sampling: Sampling | None = None, progress: Progress = lambda _done: None,
) -> Answer:  # fmt: skip
    """Every method on one set of lists.

    ``most_unseen`` ends the grid of persons on no list.

    Raises:
        QuestionError: if the lists do not overlap enough for any estimate.
    """
    require_overlap(histories)
    lists = histories.number
    most = UNSEEN_PER_SEEN * histories.observed if most_unseen is None else most_unseen
    graphs = average(histories, most) if 3 <= lists <= MOST_LISTS else None

    def own(one: Histories) -> float:
        return typical(one, most)

    few = lists <= MOST_LISTS
    return Answer(
        histories, tuple(pairs(histories)),
        chao_lower_bound(histories) if lists > 2 else None,
        spread(histories, progress=progress) if lists <= _FULL else None, graphs,
        latent_classes(histories, seed, sampling=sampling),
        tuple(without_each_list(histories, own)) if few else (),
        tuple(over_link_errors(histories, own)) if few else (),
        () if graphs is None else tuple(over_priors(histories, most)),
    )  # fmt: skip


def typical(histories: Histories, most_unseen: int | None = None) -> float:
    """One total for comparisons: the mean over decomposable graphs, or Chapman's of two lists.

    Raises:
        QuestionError: if the lists do not overlap enough.
    """
    require_overlap(histories)
    if histories.number < 3:
        return pairs(histories)[0].chapman.total
    most = UNSEEN_PER_SEEN * histories.observed if most_unseen is None else most_unseen
    return average(histories, most).mean


def answer_from(
    found: Released, *, seed: int = SEED, progress: Progress = lambda _done: None
) -> Answer | None:  # fmt: skip
    """Every method on published counts alone; None where these do not carry an estimate."""
    if not found.is_enough:
        return None
    try:
        return answer(found.histories, seed=seed, progress=progress)
    except QuestionError:
        return None


def require_overlap(histories: Histories) -> None:
    """Refuse lists that do not overlap enough.

    Raises:
        QuestionError: with what is missing.
    """
    both = int(histories.times_seen()[2:].sum())
    if both < LEAST_BOTH:
        raise QuestionError(
            f"{both} persons stand on several lists: at least {LEAST_BOTH} are needed to estimate "
            "those on none"
        )
    if not histories.connected():
        raise QuestionError("the lists do not overlap enough: overlaps join only some of them")
