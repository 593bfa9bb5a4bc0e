"""What a call may take at most, before it is made."""

from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.providers import estimate
from docsfy_action.providers.model import Task
from tests.unit.providers.fakes import request


def test_an_answer_is_expected_at_its_largest() -> None:
    """The whole of `max_output_tokens` is set aside."""
    assert estimate.tokens(request(max_output_tokens=1234)).output == 1234


def test_the_estimate_grows_with_the_prompt() -> None:
    """Instructions, prompt and schema count, two bytes for a token."""
    small = estimate.tokens(request()).input
    for name in ("instructions", "prompt", "schema"):
        assert estimate.tokens(request(**{name: "x" * 20_000})).input >= small + 9_900


def test_exploring_costs_more() -> None:
    """A call with tools sends its conversation several times, but never more often than it may."""
    once = estimate.tokens(request()).input
    assert estimate.tokens(request(explore=True)).input > 5 * once
    assert estimate.tokens(request(explore=True, max_turns=1)).input < estimate.tokens(request(explore=True)).input / 5


@given(st.text(max_size=400))
def test_no_text_has_more_tokens_than_estimated(text: str) -> None:
    """A token stands for a character at least in any script that models read well; for short prompts the overhead is
    larger than that."""
    assert estimate.tokens(request(prompt=text)).input >= len(text)


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
        reserved = estimate.tokens(asked)
        assert found.input <= reserved.input
        assert found.output <= reserved.output
