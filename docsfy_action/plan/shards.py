"""A run spread over several jobs: how many there are, which pages each writes, and what of the run's limits each may use.

Everything is a function of the same few values, so that all jobs come to the same answer.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

# A shard ends when its next call might not fit into its share any more: of four times that amount a quarter is lost at most.
_CALLS_THAT_FIT = 4
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What the writing of one page is estimated to take: time on its own, and dollars, None where nobody knows the price."""

    slug: str
    milliseconds: int
    cost: Decimal | None = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What may be spent; None is no limit, zero is nothing."""

    calls: int | None = None
    cost: Decimal | None = None

    def less(self, *, calls: int, cost: Decimal) -> "Limits":
        """What is left after so much was spent, never below zero."""
        return Limits(
            calls=None if self.calls is None else max(0, self.calls - calls),
            cost=None if self.cost is None else max(Decimal(0), self.cost - cost),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What bounds the number of jobs: `most` of them, `least_minutes` of work for each, so many pages written `at_once` in
    a job, the run's `limits`, and the `dearest` a single call may come to: zero where nobody knows, None where no call is
    made."""

    most: int
    least_minutes: float
    at_once: int
    limits: Limits
    dearest: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Number of jobs, and the sentence that says why there are not more."""

    count: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One job's part: its works in the order of the plan, and its limits."""

    index: int
    works: tuple[Work, ...]
    limits: Limits = Limits()

    @property
    def milliseconds(self) -> int:
        """Time of its pages, one after the other."""
        return sum(work.milliseconds for work in self.works)

    @property
    def cost(self) -> Decimal | None:
        """Dollars of its pages, None where nobody knows."""
        return _cost(self.works)


def spread(works: Sequence[Work], terms: Terms) -> Spread:
    """How many jobs the work is worth: never more than pages, each with work enough to be worth the start of a machine, and
    with a share of the limits that several calls fit into."""
    if not works:
        return Spread(count=0, why="No page has to be written.")
    minutes = sum(work.milliseconds for work in works) / 60_000 / max(1, min(terms.at_once, len(works)))
    bounds = [
        (terms.most, f"`max-shards` allows {terms.most}."),
        (len(works), "A page is written by one job."),
    ]
    if terms.least_minutes > 0:
        enough = f"A job of its own is worth it from {terms.least_minutes:g} minutes of work (`shard-minutes`)."
        bounds.append(
            (int(minutes / terms.least_minutes), f"{enough} All of it is estimated to take {_shown(minutes)}.")
        )
    limits = terms.limits
    if limits.cost is not None and terms.dearest:
        fit = int(limits.cost / (terms.dearest * _CALLS_THAT_FIT))
        text = f"Shares of `max-cost-usd` must have room for several calls, one of which may cost up to ${terms.dearest:.2f}."
        bounds.append((fit, text))
    if limits.calls is not None and terms.dearest is not None:
        bounds.append((limits.calls // _CALLS_THAT_FIT, "Shares of `max-ai-calls` must be of several calls."))
    count, why = min(bounds, key=lambda bound: bound[0])
    return Spread(count=max(1, count), why=why)


def shares(works: Sequence[Work], count: int, limits: Limits) -> tuple[Share, ...]:
    """The part of each job. The page that takes longest goes to the job with the least to do, and so on (LPT: never more than
    a third above the best there is). The limits are divided as the estimated cost is; their sum is never above them."""
    groups: list[list[Work]] = [[] for _ in range(count)]
    loads = [0] * count
    for work in sorted(works, key=lambda work: (-work.milliseconds, work.slug)):
        lightest = min(range(count), key=lambda number: (loads[number], number))
        groups[lightest].append(work)
        # Also what takes no time to speak of is spread.
        loads[lightest] += max(1, work.milliseconds)
    order = {work.slug: number for number, work in enumerate(works)}
    parts = [tuple(sorted(group, key=lambda work: order[work.slug])) for group in groups]
    weights = _weights(parts)
    calls = _divided(limits.calls, weights)
    cents = _divided(None if limits.cost is None else int((limits.cost / _CENT).to_integral_value(ROUND_DOWN)), weights)
    return tuple(
        Share(
            index=number,
            works=part,
            limits=Limits(
                calls=calls[number - 1] if calls is not None else None,
                cost=cents[number - 1] * _CENT if cents is not None else None,
            ),
        )
        for number, part in enumerate(parts, 1)
    )


def matrix(count: int) -> str:
    """The value for `strategy.matrix` as JSON; empty where there is nothing to do, since GitHub takes no empty matrix."""
    names = [f"{number}/{count}" for number in range(1, count + 1)]
    return json.dumps({"shard": names}, separators=(",", ":")) if names else ""


def _weights(parts: Sequence[Sequence[Work]]) -> list[int]:
    """How limits are divided: by dollars in millionths, by time where nobody knows the dollars or nothing costs any."""
    costs = [_cost(part) for part in parts]
    known = [int(cost * 1_000_000) for cost in costs if cost is not None]
    if len(known) == len(costs) and any(known):
        return known
    return [sum(work.milliseconds for work in part) for part in parts]


def _divided(total: int | None, weights: Sequence[int]) -> list[int] | None:
    """Whole parts of a total by weight; what is left over goes one by one to those that were rounded down the most."""
    if total is None:
        return None
    everything = sum(weights) or len(weights)
    each = weights if sum(weights) else [1] * len(weights)
    parts = [total * weight // everything for weight in each]
    left = total - sum(parts)
    most = sorted(range(len(parts)), key=lambda number: (-(total * each[number] % everything), number))
    for number in most[:left]:
        parts[number] += 1
    return parts


def _cost(works: Sequence[Work]) -> Decimal | None:
    total = Decimal(0)
    for work in works:
        if work.cost is None:
            return None
        total += work.cost
    return total


def _shown(minutes: float) -> str:
    return f"{minutes * 60:.0f} seconds" if minutes < 1 else f"{minutes:.0f} minutes"
