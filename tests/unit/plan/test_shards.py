"""A run spread over jobs: how many, which pages each writes, and what it may spend."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.plan.shards import Limits, Terms, Work, matrix, shares, spread

WORKS = st.lists(
    st.builds(
        Work,
        slug=st.text("abc", min_size=1, max_size=4),
        milliseconds=st.integers(0, 10_000_000),
        cost=st.none() | st.decimals(0, 20, places=6),
    ),
    max_size=30,
    unique_by=lambda work: work.slug,
)
LIMITS = st.builds(Limits, calls=st.none() | st.integers(0, 10_000), cost=st.none() | st.decimals(0, 1_000, places=4))


def works(*milliseconds: int, cost: str = "0") -> list[Work]:
    """Pages `a`, `b`, … that take so long each."""
    return [Work(slug=chr(97 + at), milliseconds=one, cost=Decimal(cost)) for at, one in enumerate(milliseconds)]


def terms(
    *, most: int = 256, least: float = 0, at_once: int = 1, limits: Limits | None = None, dearest: str | None = None
) -> Terms:
    """Bounds of which none holds unless it is given."""
    return Terms(
        most=most,
        least_minutes=least,
        at_once=at_once,
        limits=limits or Limits(),
        dearest=None if dearest is None else Decimal(dearest),
    )


@given(WORKS, st.integers(1, 12), LIMITS)
def test_every_page_is_in_one_share_and_the_limits_are_never_exceeded(
    found: list[Work], count: int, limits: Limits
) -> None:
    """Whatever the pages, the number of jobs and the limits are; and the same values give the same shares."""
    parts = shares(found, count, limits)
    assert [part.index for part in parts] == list(range(1, count + 1))
    assert sorted(work.slug for part in parts for work in part.works) == sorted(work.slug for work in found)
    calls, costs = [part.limits.calls for part in parts], [part.limits.cost for part in parts]
    if limits.calls is None:
        assert set(calls) == {None}
    else:
        assert sum(one or 0 for one in calls) == limits.calls
    if limits.cost is None:
        assert set(costs) == {None}
    else:
        spendable = sum((one or Decimal(0) for one in costs), start=Decimal(0))
        assert limits.cost - Decimal("0.01") < spendable <= limits.cost
    assert parts == shares(list(found), count, limits)


@given(WORKS, st.integers(1, 12))
def test_no_job_is_much_longer_than_it_has_to_be(found: list[Work], count: int) -> None:
    """The longest is at most a third above what no division could go below: the average, or the longest page."""
    loads = [part.milliseconds for part in shares(found, count, Limits())]
    least = max(sum(loads) / count, max((work.milliseconds for work in found), default=0))
    taken = sorted((work.milliseconds for work in found), reverse=True)
    if len(taken) > count:
        # Of one page more than there are jobs, two meet in one of them.
        least = max(least, taken[count - 1] + taken[count])
    assert max(loads) <= least * 4 / 3 + len(found)


def test_pages_are_divided_by_what_they_take_not_by_their_number() -> None:
    """One long page balances many short ones; within a share they keep their order."""
    parts = shares(works(1, 1, 8, 1, 1, 1, 1, 1, 1), 2, Limits())
    assert ["".join(work.slug for work in part.works) for part in parts] == ["c", "abdefghi"]


def test_pages_that_take_no_time_are_spread_too() -> None:
    """None of several jobs is left without a page."""
    assert [len(part.works) for part in shares(works(0, 0, 0, 0, 0), 3, Limits())] == [2, 2, 1]


def test_limits_are_divided_as_the_estimated_cost_is() -> None:
    """Three quarters of the cost get three quarters of calls and dollars; where no cost is known, time decides."""
    dear = [Work(slug="a", milliseconds=10, cost=Decimal(3)), Work(slug="b", milliseconds=10, cost=Decimal(1))]
    limits = Limits(calls=8, cost=Decimal("2.009"))
    assert [part.limits for part in shares(dear, 2, limits)] == [
        Limits(calls=6, cost=Decimal("1.50")),
        Limits(calls=2, cost=Decimal("0.50")),
    ]
    unknown = [Work(slug="a", milliseconds=10, cost=None), Work(slug="b", milliseconds=30, cost=None)]
    assert [part.limits.calls for part in shares(unknown, 2, limits)] == [6, 2]


def test_what_was_spent_is_taken_off_a_limit_and_nothing_is_left_below_zero() -> None:
    """No limit stays none."""
    assert Limits(calls=3, cost=Decimal(1)).less(calls=5, cost=Decimal("0.4")) == Limits(calls=0, cost=Decimal("0.6"))
    assert Limits().less(calls=5, cost=Decimal(9)) == Limits()


@pytest.mark.parametrize(
    ("bounds", "count", "why"),
    [
        (terms(), 6, "A page is written by one job."),
        (terms(most=3), 3, "`max-shards` allows 3."),
        (terms(least=2), 3, "`shard-minutes`"),
        (terms(least=2, at_once=3), 1, "`shard-minutes`"),
        (terms(least=60), 1, "`shard-minutes`"),
        (terms(limits=Limits(calls=9), dearest="0"), 2, "`max-ai-calls`"),
        (terms(limits=Limits(calls=9)), 6, "A page is"),
        (terms(limits=Limits(cost=Decimal(5)), dearest="0.5"), 2, "`max-cost-usd`"),
        (terms(limits=Limits(cost=Decimal(1)), dearest="2"), 1, "`max-cost-usd`"),
    ],
)
def test_there_are_as_many_jobs_as_the_work_is_worth(bounds: Terms, count: int, why: str) -> None:
    """Six pages of a minute: bounded by pages, by the option, by the time that a machine takes to start, and by limits of which
    every share must have room for several calls; the sentence names what bounds."""
    found = spread(works(*[60_000] * 6), bounds)
    assert found.count == count
    assert why in found.why


def test_without_work_there_is_no_job() -> None:
    """And no matrix, since GitHub takes no empty one."""
    assert spread([], terms()).count == 0
    assert shares([], 0, Limits()) == ()
    assert matrix(0) == ""


def test_a_matrix_is_what_the_workflow_takes() -> None:
    """An object with the names of the shards."""
    assert json.loads(matrix(3)) == {"shard": ["1/3", "2/3", "3/3"]}
