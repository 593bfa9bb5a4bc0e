"""What a call may take at most, before it is made."""

from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.providers import estimate
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
