"""What models cost, from the dated table."""

import sys
from decimal import Decimal

import pytest

from docsfy_action.providers import prices
from docsfy_action.providers.prices import Tokens


@pytest.mark.parametrize(
    ("provider", "model", "dollars"),
    [
        ("anthropic", "claude-haiku-4-5", "6"),
        ("claude", "claude-opus-4-6", "30"),
        ("google", "gemini-2.5-flash", "2.8"),
        ("openai", "gpt-5", "11.25"),
        ("openai-chat", "gpt-5", "11.25"),
        ("ollama", "llama3", "0"),
    ],
)
def test_a_million_tokens_in_and_out(provider: str, model: str, dollars: str) -> None:
    """Input and output have their own prices; what runs on the user's own machine costs nothing."""
    assert prices.cost(provider, model, Tokens(input=1_000_000, output=1_000_000)) == Decimal(dollars)


def test_cached_input_is_cheaper_and_written_dearer() -> None:
    """Tokens of the prompt cache have prices of their own: for Anthropic a tenth to read, a quarter more to write."""
    plain = prices.cost("anthropic", "claude-haiku-4-5", Tokens(input=100_000))
    cached = prices.cost("anthropic", "claude-haiku-4-5", Tokens(input=100_000, cached=100_000))
    written = prices.cost("anthropic", "claude-haiku-4-5", Tokens(input=100_000, written=100_000))
    assert (plain, cached, written) == (Decimal("0.1"), Decimal("0.01"), Decimal("0.125"))


@pytest.mark.parametrize(
    ("provider", "model"),
    [
        ("anthropic", "no-such-model"),
        ("openai-chat", "my-own-llama"),
        ("cursor", "auto"),
        ("elsewhere", "gpt-5"),
        ("google", ""),
    ],
)
def test_what_is_not_in_the_table_has_no_price(provider: str, model: str) -> None:
    """An unknown model is None, never zero and never a guess."""
    assert prices.cost(provider, model, Tokens(input=1)) is None
    assert not prices.known(provider, model)


@pytest.mark.parametrize("alias", ["sonnet", "opus", "haiku", "claude-opus-4-6[1m]", "sonnet[1m]"])
def test_names_of_the_command_line_have_a_price(alias: str) -> None:
    """`sonnet` and the suffix that asks for a long context are Claude Code's own words for models of the table."""
    assert prices.known("claude", alias)


@pytest.mark.parametrize("alias", ["pro", "flash", "flash-lite", "gemini-2.5-pro"])
def test_names_of_the_gemini_program_have_a_price(alias: str) -> None:
    """So are the Gemini program's."""
    assert prices.known("gemini", alias)


def test_without_the_package_nothing_has_a_price(monkeypatch: pytest.MonkeyPatch) -> None:
    """The package is part of an extra; without it prices are unknown, and nothing breaks."""
    monkeypatch.setitem(sys.modules, "genai_prices", None)
    assert prices.cost("anthropic", "claude-haiku-4-5", Tokens(input=1)) is None
    assert prices.cost("ollama", "llama3", Tokens(input=1)) == 0
