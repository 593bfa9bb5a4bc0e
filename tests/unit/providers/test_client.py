"""The client: one budget, retries with patience, a ledger, and an end after which nothing is asked."""

from dataclasses import replace
from decimal import Decimal
from threading import Event, Thread

import pytest

from docsfy_action.errors import KeyRejected, ModelUnknown, PriceUnknown
from docsfy_action.providers.budget import Budget
from docsfy_action.providers.client import About, Client, Patience
from docsfy_action.providers.model import Answer, Completion, Failure, FailureKind, Task, Usage
from docsfy_action.providers.prices import Price, Tokens
from tests.unit.providers.fakes import CENT, Scripted, fails, request, says

AGAIN = (FailureKind.RATE_LIMIT, FailureKind.OVERLOADED, FailureKind.UNREACHABLE)


def _per_million(dollars: str) -> Price:
    return lambda tokens: Decimal(dollars) * (tokens.input + tokens.output) / 1_000_000


FREE = _per_million("0")


def _unknown(_tokens: Tokens) -> Decimal | None:
    return None


class _Run:
    """A client with its fakes; `pauses` are the seconds it waited."""

    def __init__(
        self, *answers: Answer, price: Price = FREE, budget: Budget | None = None, tells_cost: bool = False
    ) -> None:
        self.provider = Scripted(*answers)
        self.cancelled = Event()
        self.pauses: list[float] = []
        self.client = Client(
            self.provider,
            About(price=price, variable="A_KEY", tells_cost=tells_cost),
            budget or Budget(),
            cancelled=self.cancelled,
            patience=Patience(jitter=lambda: 0.5),
            pause=self._pause,
        )

    def _pause(self, seconds: float) -> bool:
        self.pauses.append(seconds)
        return self.cancelled.is_set()

    def ask(self, page: str = "") -> Answer:
        return self.client.ask(request(), page=page)


def _kind(answer: Answer) -> FailureKind | None:
    return answer.kind if isinstance(answer, Failure) else None


@pytest.mark.parametrize("kind", AGAIN)
def test_what_passes_is_tried_again(kind: FailureKind) -> None:
    """After a failure that may pass, the same request is made again, after growing pauses; the answer's usage is that of
    all attempts."""
    run = _Run(fails(kind), fails(kind), fails(kind), says("there"))
    assert run.ask() == Completion(text="there", usage=CENT + CENT + CENT + CENT)
    assert run.pauses == [1.5, 3.0, 6.0]
    assert len({one.prompt for one in run.provider.requests}) == 1
    assert run.client.calls == 4


def test_patience_ends() -> None:
    """After five attempts the failure is the answer, with what all of them have cost."""
    run = _Run(fails(FailureKind.OVERLOADED))
    answer = run.ask()
    assert _kind(answer) is FailureKind.OVERLOADED
    assert answer.usage.requests == len(run.provider.requests) == 5
    assert len(run.pauses) == 4


@pytest.mark.parametrize(
    "kind", [kind for kind in FailureKind if kind not in {*AGAIN, FailureKind.KEY, FailureKind.MODEL}]
)
def test_what_does_not_pass_is_not_tried_again(kind: FailureKind) -> None:
    """Any other failure is the answer at once."""
    run = _Run(fails(kind), says())
    assert _kind(run.ask()) is kind
    assert (len(run.provider.requests), run.pauses) == (1, [])


def test_retry_after_is_honoured() -> None:
    """What the vendor asks for is waited, a little longer so that not all come back together."""
    run = _Run(fails(FailureKind.RATE_LIMIT, retry_after=31.0), says())
    run.ask()
    assert run.pauses == [31.5]


def test_a_vendor_that_asks_for_too_much_is_not_waited_for() -> None:
    """Nobody waits an hour; asking sooner than the vendor said would only be turned away again."""
    run = _Run(fails(FailureKind.RATE_LIMIT, retry_after=3600.0), says())
    assert _kind(run.ask()) is FailureKind.RATE_LIMIT
    assert run.pauses == []


@pytest.mark.parametrize(("jitter", "seconds"), [(0.0, [1.0, 2.0, 4.0, 8.0]), (1.0, [2.0, 4.0, 8.0, 16.0])])
def test_jitter_spreads_the_pauses(jitter: float, seconds: list[float]) -> None:
    """A pause is between half of its length and the whole."""
    patience = Patience(jitter=lambda: jitter)
    failed = fails(FailureKind.OVERLOADED)
    assert [patience.pause(failed, attempt) for attempt in range(1, 6)] == [*seconds, None]
    assert replace(patience, attempts=99, jitter=lambda: 1.0).pause(failed, 50) == 60.0


def test_a_run_that_is_stopped_does_not_wait_on() -> None:
    """A signal during a pause ends the call as cancelled, with what it has cost; nothing is asked any more."""
    run = _Run(fails(FailureKind.OVERLOADED))
    run.cancelled.set()
    assert _kind(run.ask()) is FailureKind.CANCELLED
    assert run.provider.requests == []
    later = _Run(fails(FailureKind.OVERLOADED))
    later.client._pause = lambda _seconds: True
    answer = later.ask()
    assert (_kind(answer), answer.usage) == (FailureKind.CANCELLED, CENT)


@pytest.mark.parametrize(
    ("kind", "error", "says_"),
    [
        (FailureKind.KEY, KeyRejected, "The key for provider 'api' is not accepted: it said key."),
        (
            FailureKind.MODEL,
            ModelUnknown,
            "Provider 'api' has no model 'anthropic:claude-x' for this key: it said model.",
        ),
    ],
)
def test_a_bad_key_or_model_stops_the_run(kind: FailureKind, error: type[Exception], says_: str) -> None:
    """The error names the provider and what the vendor said, the hint the variable; every later call raises it too, and
    the vendor is not asked again."""
    run = _Run(fails(kind), says())
    for _ in range(3):
        with pytest.raises(error) as raised:
            run.ask("index")
        assert str(raised.value) == says_
        assert isinstance(raised.value, KeyRejected | ModelUnknown)
        assert "A_KEY" in raised.value.hint
        assert raised.value.exit_status == 1
    assert len(run.provider.requests) == 1
    assert run.client.ledger == {"index": CENT}


def test_used_up_quota_ends_all_calls() -> None:
    """After QUOTA every call fails in the same way, without being made and without costing anything."""
    run = _Run(fails(FailureKind.QUOTA), says())
    assert run.ask("a") == fails(FailureKind.QUOTA)
    assert run.ask("b") == fails(FailureKind.QUOTA, usage=Usage())
    assert len(run.provider.requests) == 1
    assert run.client.stopped is FailureKind.QUOTA
    assert run.client.ledger == {"a": CENT}


def test_the_limit_on_calls_ends_all_calls() -> None:
    """The call past max-ai-calls is not made; attempts count as calls."""
    run = _Run(fails(FailureKind.OVERLOADED), says(), budget=Budget(max_calls=2))
    assert _kind(run.ask()) is None
    refused = run.ask()
    assert (_kind(refused), refused.usage) == (FailureKind.BUDGET, Usage())
    assert isinstance(refused, Failure)
    assert "max-ai-calls" in refused.message
    assert len(run.provider.requests) == run.client.calls == 2
    assert run.client.stopped is FailureKind.BUDGET


def test_the_limit_in_dollars_ends_all_calls() -> None:
    """A call is made only while what it may cost fits; what earlier ones did cost is counted, not what they might have."""
    run = _Run(says(), price=_per_million("10"), budget=Budget(max_cost=Decimal("0.135")))
    kinds = [_kind(run.ask()) for _ in range(6)]
    made = kinds.count(None)
    assert kinds == [None] * made + [FailureKind.BUDGET] * (6 - made)
    assert 1 <= made <= 5
    assert len(run.provider.requests) == made
    assert run.client.total.cost_usd == Decimal("0.01") * made


def test_a_provider_is_told_what_was_set_aside() -> None:
    """A provider that keeps to an amount learns how much its call may cost, and may ask for more; without a limit there is no
    such amount."""
    run = _Run(says(), price=_per_million("10"), budget=Budget(max_cost=Decimal(5)))
    run.ask()
    (told,) = [one.allowance for one in run.provider.requests]
    assert told is not None
    assert told.at_most(1_000_000, 100_000) == 11
    free = _Run(says(), price=_per_million("10"))
    free.ask()
    assert free.provider.requests[0].allowance is None


def test_an_unknown_price_and_only_a_limit_in_dollars_is_refused() -> None:
    """Nothing is asked where the limit could not be kept; the hint says which inputs help, and the status is that of
    unusable inputs."""
    with pytest.raises(PriceUnknown, match="anthropic:claude-x") as raised:
        _Run(says(), price=_unknown, budget=Budget(max_cost=Decimal(5)))
    assert "max-ai-calls" in raised.value.hint
    assert "max-cost-usd: 0" in raised.value.hint
    assert raised.value.exit_status == 2


@pytest.mark.parametrize("budget", [Budget(), Budget(max_cost=Decimal(0)), Budget(max_cost=Decimal(5), max_calls=3)])
def test_an_unknown_price_is_fine_with_a_limit_that_works(budget: Budget) -> None:
    """A limit on calls works without prices, and no limit needs none."""
    run = _Run(says(usage=replace(CENT, cost_usd=None)), price=_unknown, budget=budget)
    assert _kind(run.ask()) is None
    assert run.client.total.cost_usd is None


def test_tokens_that_come_without_a_price_are_charged_by_the_table() -> None:
    """A program that tells tokens alone costs what the table says of them, not what was set aside for the call."""
    told = Usage(requests=1, input_tokens=700_000, output_tokens=300_000, cost_usd=None)
    run = _Run(says(usage=told), price=_per_million("2"), budget=Budget(max_cost=Decimal(5)))
    answer = run.ask()
    assert answer.usage.cost_usd == run.client.total.cost_usd == Decimal(2)


@pytest.mark.parametrize("kind", [FailureKind.TIMEOUT, FailureKind.CANCELLED, FailureKind.BROKEN])
def test_a_call_that_did_not_end_has_no_price(kind: FailureKind) -> None:
    """Its tokens are those of the answers so far; what is still counted is what was set aside."""
    told = Usage(requests=1, input_tokens=7, output_tokens=3, cost_usd=None)
    budget = Budget(max_cost=Decimal(5))
    run = _Run(replace(fails(kind), usage=told), price=_per_million("2"), budget=budget)
    assert run.ask().usage.cost_usd is None
    assert budget.spent > Decimal("0.001")


def test_a_provider_that_tells_its_cost_is_estimated_dearly() -> None:
    """Where only the provider knows the price, and only afterwards, more is set aside than any model takes."""
    run = _Run(says(), price=_unknown, budget=Budget(max_cost=Decimal(5)), tells_cost=True)
    assert _kind(run.ask()) is None
    told = run.provider.requests[0].allowance
    assert told is not None
    assert told.at_most(100_000, 10_000) > 2
    assert run.client.total.cost_usd == Decimal("0.01")


def test_the_ledger_is_kept_by_page() -> None:
    """What every page has cost, failed attempts included, and the total."""
    run = _Run(says(), fails(FailureKind.OVERLOADED), says(), fails(FailureKind.REFUSED))
    for page in ("a", "b", ""):
        run.ask(page)
    assert run.client.ledger == {"a": CENT, "b": CENT + CENT, "": CENT}
    assert run.client.total == CENT + CENT + CENT + CENT


def test_preflight_is_one_small_call() -> None:
    """It is for no page, has no tools, and cannot cost more than a few cents."""
    run = _Run(says("ready"))
    assert run.client.preflight() == says("ready")
    (asked,) = run.provider.requests
    assert (asked.task, asked.explore, asked.max_turns) == (Task.PREFLIGHT, False, 1)
    assert asked.max_output_tokens <= 300
    assert run.client.ledger == {"": CENT}


@pytest.mark.parametrize("kind", [FailureKind.TRUNCATED, FailureKind.REFUSED, FailureKind.LIMIT])
def test_a_model_that_was_reached_is_there(kind: FailureKind) -> None:
    """A model that thinks too long about whether it is there, or declines to say, is there."""
    run = _Run(fails(kind))
    assert run.client.preflight() == says("")
    assert run.client.stopped is None


@pytest.mark.parametrize("kind", [FailureKind.TIMEOUT, FailureKind.BROKEN, FailureKind.QUOTA, FailureKind.OVERLOADED])
def test_a_model_that_was_not_reached_is_not_there(kind: FailureKind) -> None:
    """Any other failure of the preflight is told."""
    assert _kind(_Run(fails(kind)).client.preflight()) is kind


def test_many_threads_share_one_ledger() -> None:
    """Calls of many threads are all counted, and closing the client closes the provider."""
    run = _Run(says())
    threads = [Thread(target=run.ask, args=(f"page-{number % 4}",)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert run.client.calls == 40
    assert {page: usage.requests for page, usage in run.client.ledger.items()} == {f"page-{n}": 10 for n in range(4)}
    run.client.close()
    assert run.provider.closed


def test_a_fault_of_ours_leaves_nothing_set_aside() -> None:
    """When a provider raises, which only a bug does, the exception is passed on and other threads are not kept waiting."""
    budget = Budget(max_cost=Decimal(5))

    class Broken(Scripted):
        def complete(self, request: object, *, cancelled: Event) -> Answer:
            raise ZeroDivisionError

    client = Client(
        Broken(), About(price=_per_million("10")), budget, cancelled=Event(), patience=Patience(jitter=lambda: 0.0)
    )
    with pytest.raises(ZeroDivisionError):
        client.ask(request())
    assert budget._reserved == 0
    assert budget._flying == 0
