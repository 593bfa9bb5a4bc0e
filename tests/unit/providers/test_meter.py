"""What keeps a run's calls within its limit in dollars, whatever the models do and however the calls overlap."""

from dataclasses import dataclass, replace
from decimal import Decimal
from threading import Event

from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.providers import claude
from docsfy_action.providers.api import meter
from docsfy_action.providers.api.meter import Meter, Step
from docsfy_action.providers.budget import Allowance, Budget, Exhausted, Needs, Reservation
from docsfy_action.providers.model import Request
from docsfy_action.providers.prices import Tokens
from tests.unit.providers.fakes import request

NEVER = Event()
LIMIT = Decimal(5)
PAGE = request(explore=True, prompt="x" * 30_000, max_output_tokens=12_000)


def _dear(tokens: Tokens) -> Decimal:
    """As claude-opus-4-6: what is written into a cache is a quarter dearer."""
    written = tokens.input * Decimal("6.25") if tokens.written else tokens.input * Decimal(5)
    return (written + tokens.output * Decimal(25)) / 1_000_000


@dataclass
class _Call:
    """A conversation under way: its money, its meter, and its request in flight."""

    reservation: Reservation
    meter: Meter
    step: Step
    context: int
    spent: Decimal = Decimal(0)


def _begin(budget: Budget, what: Request) -> _Call | None:
    found = meter.needs(what, _dear)
    assert found is not None
    # A single thread cannot wait for others: where they stand in the way, nothing is begun.
    if found.least > LIMIT - budget.spent - budget._reserved:
        return None
    taken = budget.reserve(found, cancelled=NEVER)
    assert isinstance(taken, Reservation)
    kept = Meter(replace(what, allowance=Allowance(budget=budget, reservation=taken, price=_dear)))
    step = kept.step(look=True)
    assert step is not None, "what is set aside at first is enough for a request"
    return _Call(reservation=taken, meter=kept, step=step, context=len(what.prompt) + 4_000)


_WHO = st.integers(0, 4)
_PART = st.floats(0, 1)


@given(st.lists(st.tuples(_WHO, _PART, _PART, st.integers(0, 200_000), st.booleans()), max_size=60))
def test_the_limit_holds_at_every_moment(moves: list[tuple[int, float, float, int, bool]]) -> None:
    """Five calls at once, whose models say as much as they may and read as much as they like: what is spent, with all that
    the requests under way can come to, never passes the limit, and a call that may look around can always answer."""
    budget = Budget(max_cost=LIMIT, at_once=5)
    calls: dict[int, _Call] = {}
    for who, given_part, said_part, read, ends in moves:
        call = calls.get(who)
        if call is None:
            begun = _begin(budget, PAGE)
            if begun is not None:
                calls[who] = begun
        else:
            tokens = Tokens(input=int(call.context * given_part), output=int(call.step.output * said_part))
            cost = _dear(replace(tokens, written=tokens.input))
            call.spent += cost
            call.meter.answered(tokens.input, tokens.output, cost)
            step: Step | None = None
            if call.step.looking and not ends:
                added = next(size for size in (read, 0) if (step := call.meter.step(look=True, added=size)) or not size)
                assert step is not None
                call.context, call.step = tokens.input + tokens.output + added + 500, step
            if step is None:
                budget.settle(call.reservation, call.spent)
                del calls[who]
        flying = sum(
            (one.spent + _dear(Tokens(input=one.context, output=one.step.output, written=one.context)))
            for one in calls.values()
        )
        assert budget.spent + flying <= LIMIT


def test_five_pages_of_a_dear_model_are_begun_at_once() -> None:
    """With the default of five dollars, also after an outline; and they take no more than their share before they begin."""
    budget = Budget(max_cost=LIMIT, at_once=5)
    outline = budget.reserve(Needs(least=Decimal(0), wanted=Decimal("0.4")), cancelled=NEVER, alone=True)
    assert isinstance(outline, Reservation)
    budget.settle(outline, Decimal("0.4"))
    assert all(_begin(budget, PAGE) is not None for _ in range(5))


def test_a_call_without_tools_needs_one_answer() -> None:
    """It is never told to look, and has the whole of its answer where there is money for it."""
    what = replace(PAGE, explore=False)
    found = meter.needs(what, _dear)
    assert found is not None
    assert found.least < found.wanted < (meter.needs(PAGE, _dear) or found).wanted
    budget = Budget(max_cost=LIMIT)
    begun = _begin(budget, what)
    assert begun is not None
    assert begun.step == Step(output=12_000, looking=False)


def test_an_unknown_price_sets_nothing_aside() -> None:
    """Neither for a conversation nor for a program."""
    assert meter.needs(PAGE, lambda _: None) is None
    assert claude.needs(PAGE, lambda _: None) is None


@given(st.integers(0, 200_000), st.booleans(), st.integers(1, 16_000), st.floats(0, 1), st.integers(1, 100))
def test_the_two_limits_of_claude_come_to_no_more_than_was_set_aside(
    length: int, explore: bool, output: int, part: float, dear: int
) -> None:
    """The program stops after the request that passed its limit in dollars, and that one is given no more than its limit in
    tokens."""
    what = request(explore=explore, prompt="x" * length, max_output_tokens=output)

    def price(tokens: Tokens) -> Decimal:
        return _dear(tokens) * dear / 10

    found = claude.needs(what, price)
    assert found is not None
    amount = found.least + (found.wanted - found.least) * Decimal(part)
    budget = Budget(max_cost=amount)
    taken = budget.reserve(Needs(least=amount, wanted=amount), cancelled=NEVER)
    assert not isinstance(taken, Exhausted)
    allowance = Allowance(budget=budget, reservation=taken, price=price)
    told = claude.limits(what, allowance)
    assert told.dollars > 0
    last = allowance.at_most(int(told.context * 1.25) if explore else length + 6, output)
    assert told.dollars + last <= amount
    assert (told.context > length // 2 + 40_000) == explore
