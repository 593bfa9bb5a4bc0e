"""The limits of a run on calls and dollars."""

from decimal import Decimal
from threading import Event, Thread

from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.providers.budget import Budget, Exhausted, Needs, Reservation, dollars

NEVER = Event()


def just(dollars_: Decimal | str | int) -> Needs:
    """A call that needs so much and can use no more."""
    return Needs(least=Decimal(dollars_), wanted=Decimal(dollars_))


def test_calls_are_counted_when_they_start() -> None:
    """With max-ai-calls of two, the third call is refused, whether the others have ended or not; the reason names the
    input."""
    budget = Budget(max_calls=2)
    first = budget.reserve(None, cancelled=NEVER)
    assert isinstance(first, Reservation)
    budget.settle(first, Decimal(0))
    assert isinstance(budget.reserve(None, cancelled=NEVER), Reservation)
    refused = budget.reserve(None, cancelled=NEVER)
    assert isinstance(refused, Exhausted)
    assert refused.reason == "all 2 calls that max-ai-calls allows were made"
    assert budget.calls == 2


def test_zero_is_no_limit() -> None:
    """A limit of zero is none at all."""
    budget = Budget(max_calls=0, max_cost=Decimal(0))
    taken = [budget.reserve(just(1000), cancelled=NEVER) for _ in range(20)]
    assert all(isinstance(one, Reservation) for one in taken)


def test_a_call_that_might_pass_the_limit_is_not_made() -> None:
    """What counts is what the call may cost, not what is spent so far; exactly the limit still fits."""
    budget = Budget(max_cost=Decimal(5))
    first = budget.reserve(just(3), cancelled=NEVER)
    assert isinstance(first, Reservation)
    budget.settle(first, Decimal(3))
    refused = budget.reserve(just("2.01"), cancelled=NEVER)
    assert refused == Exhausted(
        reason="the next call may cost up to $2.01, and of the $5.00 that max-cost-usd allows $3.00 are spent"
    )
    assert isinstance(budget.reserve(just(2), cancelled=NEVER), Reservation)


def test_what_was_set_aside_and_not_used_is_free_again() -> None:
    """A call settles at what it did cost."""
    budget = Budget(max_cost=Decimal(5))
    for _ in range(40):
        taken = budget.reserve(just(4), cancelled=NEVER)
        assert isinstance(taken, Reservation)
        budget.settle(taken, Decimal("0.02"))
    assert budget.spent == Decimal("0.80")


def test_a_call_of_unknown_cost_settles_at_its_estimate() -> None:
    """Where nobody knows what a call did cost, what was set aside counts as spent."""
    budget = Budget(max_cost=Decimal(5))
    taken = budget.reserve(just(4), cancelled=NEVER)
    assert isinstance(taken, Reservation)
    budget.settle(taken, None)
    assert budget.spent == 4
    assert isinstance(budget.reserve(just(2), cancelled=NEVER), Exhausted)


def test_calls_in_flight_are_waited_for() -> None:
    """Where only what others have set aside stands in the way, a call waits for them and is then made."""
    budget = Budget(max_cost=Decimal(5))
    first = budget.reserve(just(4), cancelled=NEVER)
    assert isinstance(first, Reservation)
    got: list[Reservation | Exhausted] = []
    waiting = Thread(target=lambda: got.append(budget.reserve(just(4), cancelled=NEVER)), daemon=True)
    waiting.start()
    waiting.join(0.05)
    assert got == []
    budget.settle(first, Decimal("0.5"))
    waiting.join(5)
    assert got == [Reservation(amount=Decimal(4))]


def test_a_waiting_call_ends_when_the_run_is_stopped() -> None:
    """Nobody waits for money in a run that is being stopped."""
    budget = Budget(max_cost=Decimal(5))
    assert isinstance(budget.reserve(just(4), cancelled=NEVER), Reservation)
    cancelled = Event()
    got: list[Reservation | Exhausted] = []
    waiting = Thread(target=lambda: got.append(budget.reserve(just(4), cancelled=cancelled)), daemon=True)
    waiting.start()
    cancelled.set()
    waiting.join(5)
    assert got == [Exhausted(reason="the run is being stopped")]


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 100)), max_size=40))
def test_the_limit_is_never_passed(calls: list[tuple[int, int]]) -> None:
    """As long as no call costs more than its estimate, the sum stays within the limit, whatever is asked for."""
    budget = Budget(max_cost=Decimal(5))
    for cents, percent in calls:
        estimate = Decimal(cents) / 100
        taken = budget.reserve(just(estimate), cancelled=NEVER)
        if isinstance(taken, Reservation):
            budget.settle(taken, estimate * percent / 100)
        else:
            assert budget.spent + estimate > 5
    assert budget.spent <= 5


def test_many_threads_pass_no_limit() -> None:
    """Twenty threads that each want a dollar of five get five together."""
    budget = Budget(max_cost=Decimal(5))
    got: list[Reservation | Exhausted] = []

    def call() -> None:
        taken = budget.reserve(just(1), cancelled=NEVER)
        got.append(taken)
        if isinstance(taken, Reservation):
            budget.settle(taken, Decimal(1))

    threads = [Thread(target=call, daemon=True) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sum(isinstance(one, Reservation) for one in got) == 5
    assert len(got) == 20
    assert budget.spent == 5


def test_amounts_are_shown_in_cents_or_finer() -> None:
    """An amount below a cent does not read as nothing."""
    assert [dollars(Decimal(text)) for text in ("0", "0.0042", "0.01", "12.345")] == [
        "$0.00",
        "$0.0042",
        "$0.01",
        "$12.34",
    ]
