"""What a call may take at most, before it is made."""

from dataclasses import replace
from decimal import Decimal
from threading import Event

from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.providers import estimate
from docsfy_action.providers.budget import Allowance, Budget, Needs, Reservation
from docsfy_action.providers.model import Request, Task
from docsfy_action.providers.prices import Tokens
from tests.unit.providers.fakes import request


def _price(tokens: Tokens) -> Decimal:
    """A dollar for a thousand tokens given, ten for a thousand said."""
    return Decimal(tokens.input + 10 * tokens.output) / 1000


def _amount(request: Request) -> Decimal:
    found = estimate.by_turns(request, _price)
    assert found is not None
    return found.wanted


def test_an_answer_is_expected_at_its_largest() -> None:
    """The whole of `max_output_tokens` is set aside."""
    more = _amount(request(max_output_tokens=3000)) - _amount(request(max_output_tokens=1000))
    assert more == 20


def test_what_is_set_aside_grows_with_the_prompt() -> None:
    """Instructions, prompt and schema count, two bytes for a token."""
    small = estimate.once(request())
    for name in ("instructions", "prompt", "schema"):
        assert estimate.once(request(**{name: "x" * 20_000})) >= small + 9_900


def _allowed(request: Request, amount: Decimal) -> Request:
    budget = Budget(max_cost=amount)
    taken = budget.reserve(Needs(least=amount, wanted=amount), cancelled=Event())
    assert isinstance(taken, Reservation)
    return replace(request, allowance=Allowance(budget=budget, reservation=taken, price=_price))


@given(st.integers(1, 40), st.sampled_from([Task.PAGE, Task.OUTLINE]), st.floats(0, 1))
def test_a_program_is_told_the_turns_that_are_paid_for(most: int, task: Task, part: float) -> None:
    """Each turn sends the conversation again. What is set aside is enough for those that it is told; an outline has more."""
    asked = request(explore=True, task=task, max_turns=most)
    found = estimate.by_turns(asked, _price)
    assert found is not None
    amount = found.least + (found.wanted - found.least) * Decimal(part)
    told = estimate.turns(_allowed(asked, amount))
    assert min(8, most) <= told <= min(20 if task is Task.OUTLINE else 12, most)
    one = _price(Tokens(input=estimate.once(asked) + 40_000, output=500))
    assert told * one + _price(Tokens(output=asked.max_output_tokens)) <= amount
    assert estimate.turns(asked) == most


def test_a_price_that_nobody_knows_is_none() -> None:
    """There is nothing to set aside."""
    assert estimate.by_turns(request(explore=True), lambda _: None) is None


@given(st.text(max_size=400))
def test_no_text_has_more_tokens_than_estimated(text: str) -> None:
    """A token stands for a character at least in any script that models read well; for short prompts the overhead is
    larger than that."""
    assert estimate.once(request(prompt=text)) >= len(text)


@given(st.sampled_from(Task), st.integers(0, 10**6), st.integers(0, 10**6))
def test_what_is_expected_grows_with_what_is_sent_and_opened(task: Task, written: int, points_to: int) -> None:
    """More text is never cheaper, and a vendor's program adds words of its own."""
    less = estimate.expected(task, written, points_to=points_to, by_program=False)
    more = estimate.expected(task, written + 3_000, points_to=points_to + 3_000, by_program=False)
    assert more.input >= less.input + 1_000
    assert estimate.expected(task, written, points_to=points_to, by_program=True).input > less.input


def test_nothing_is_expected_that_would_not_be_set_aside() -> None:
    """What is told to people who plan stays below what a run reserves for the same call, so that a plan within the limit can
    be carried out."""
    for task in Task:
        asked = request(
            task=task, prompt="x" * 40_000, explore=task in (Task.OUTLINE, Task.PAGE, Task.PATCH, Task.REPAIR)
        )
        found = estimate.expected(task, estimate.size(asked), points_to=10**6, by_program=True)
        assert _price(found) <= _amount(asked)
