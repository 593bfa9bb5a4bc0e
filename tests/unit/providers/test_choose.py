"""Which provider, model and key are used."""

import pytest

from docsfy_action.errors import InputError
from docsfy_action.providers import prices
from docsfy_action.providers.choose import Chosen, choose
from docsfy_action.providers.prices import Tokens

ALL = {
    "ANTHROPIC_API_KEY": "a",
    "CLAUDE_CODE_OAUTH_TOKEN": "o",
    "GEMINI_API_KEY": "g",
    "CURSOR_API_KEY": "c",
    "OPENAI_API_KEY": "oa",
}
ADDRESSES = {"ANTHROPIC_BASE_URL": "https://a", "GOOGLE_GEMINI_BASE_URL": "https://g", "OPENAI_BASE_URL": "https://o"}


def _chosen(provider: str, model: str | None = None, keys: dict[str, str] | None = None) -> Chosen:
    found = choose(provider, model, keys=ALL if keys is None else keys, addresses=ADDRESSES)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("provider", "model", "variable", "key", "base_url"),
    [
        ("claude", "opus", "ANTHROPIC_API_KEY", "a", "https://a"),
        ("gemini", "flash", "GEMINI_API_KEY", "g", "https://g"),
        ("cursor", "x", "CURSOR_API_KEY", "c", ""),
        ("api", "anthropic:m", "ANTHROPIC_API_KEY", "a", "https://a"),
        ("api", "google:m", "GEMINI_API_KEY", "g", "https://g"),
        ("api", "openai:m", "OPENAI_API_KEY", "oa", "https://o"),
        ("api", "openai-chat:m", "OPENAI_API_KEY", "oa", "https://o"),
        ("api", "openrouter:v/m", "OPENAI_API_KEY", "oa", "https://o"),
        ("api", "ollama:m:7b", "", "", "https://o"),
    ],
)
def test_each_gets_its_own_key_and_address(provider: str, model: str, variable: str, key: str, base_url: str) -> None:
    """No provider sees the key of another, and the model is told as it was given."""
    assert _chosen(provider, model) == Chosen(
        provider=provider, model=model, variable=variable, key=key, base_url=base_url
    )


def test_the_embedded_writer_needs_nothing() -> None:
    """`builtin` is no provider of models."""
    assert choose("builtin", "x", keys=ALL, addresses=ADDRESSES) is None


def test_claude_prefers_the_key_and_takes_the_token() -> None:
    """A subscription's token is used where there is no key; an empty key counts as none."""
    assert _chosen("claude", keys={**ALL, "ANTHROPIC_API_KEY": ""}).variable == "CLAUDE_CODE_OAUTH_TOKEN"


@pytest.mark.parametrize(
    ("variables", "provider"),
    [
        (("GEMINI_API_KEY", "CLAUDE_CODE_OAUTH_TOKEN"), "claude"),
        (("CURSOR_API_KEY", "GEMINI_API_KEY"), "gemini"),
        (("CURSOR_API_KEY", "OPENAI_API_KEY"), "cursor"),
    ],
)
def test_auto_takes_the_first_with_a_key(variables: tuple[str, ...], provider: str) -> None:
    """`auto` looks for claude, gemini, cursor and api, in that order."""
    assert _chosen("auto", keys={name: ALL[name] for name in variables}).provider == provider


@pytest.mark.parametrize(
    ("model", "variables", "provider"),
    [
        ("anthropic:claude-sonnet-5-5", ("ANTHROPIC_API_KEY",), "api"),
        ("OpenAI:gpt-5.4", ("ANTHROPIC_API_KEY", "OPENAI_API_KEY"), "api"),
        ("ollama:qwen3", (), "api"),
        ("openai:gpt-5.4", ("ANTHROPIC_API_KEY",), None),
        (None, ("OPENAI_API_KEY",), None),
        ("claude-opus-4-6[1m]", ("OPENAI_API_KEY",), None),
    ],
)
def test_auto_takes_api_for_a_model_that_names_its_vendor(
    model: str | None, variables: tuple[str, ...], provider: str | None
) -> None:
    """A model with a vendor in front is the vendor's, with that vendor's key and no other; without one, `auto` never
    ends in an error about the model."""
    chosen = choose("auto", model, keys={name: ALL[name] for name in variables}, addresses={})
    assert (chosen.provider if chosen is not None else None) == provider


def test_auto_without_keys_is_the_embedded_writer() -> None:
    """Nothing is an error in `auto` when no key is there."""
    assert choose("auto", None, keys={"ANTHROPIC_API_KEY": ""}, addresses={}) is None


@pytest.mark.parametrize("provider", ["claude", "gemini", "cursor"])
def test_there_is_a_model_where_none_is_named(provider: str) -> None:
    """Every program has a default model; those of claude and gemini have a price, so that the limit in dollars holds."""
    found = _chosen(provider, "  ")
    assert found.model
    if provider != "cursor":
        assert found.price(Tokens(input=1000, output=1000))


@pytest.mark.parametrize("model", [None, "", "gpt-5", "nobody:gpt-5", "openai:", "openai: ", ":x"])
def test_api_needs_vendor_and_model(model: str | None) -> None:
    """`api` has no default, because each vendor costs something else; the error shows the form and the vendors."""
    with pytest.raises(InputError, match="vendor:model") as raised:
        _chosen("api", model)
    assert raised.value.exit_status == 2
    for vendor in ("anthropic", "openai", "openai-chat", "google", "ollama", "openrouter"):
        assert f"'{vendor}:…'" in raised.value.hint


@pytest.mark.parametrize(
    ("provider", "model", "variable"),
    [
        ("claude", None, "ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN"),
        ("gemini", None, "GEMINI_API_KEY"),
        ("cursor", None, "CURSOR_API_KEY"),
        ("api", "google:m", "GEMINI_API_KEY"),
        ("api", "openai:m", "OPENAI_API_KEY"),
    ],
)
def test_a_named_provider_without_its_key_is_an_error(provider: str, model: str | None, variable: str) -> None:
    """The error names the variable, and the hint the secret to set; status 2."""
    with pytest.raises(InputError, match=f"needs {variable} in") as raised:
        _chosen(provider, model, keys={})
    assert raised.value.exit_status == 2
    assert f"secrets.{variable.split(maxsplit=1)[0]} " in raised.value.hint


def test_the_key_is_not_in_the_representation() -> None:
    """A value that ends in a log or a traceback gives nothing away."""
    assert "sk-secret" not in repr(_chosen("gemini", keys={"GEMINI_API_KEY": "sk-secret"}))


def test_prices_follow_vendor_and_model() -> None:
    """For `api` the table is asked for the vendor's model; only claude's program tells the cost itself."""
    tokens = Tokens(input=1000, output=1000)
    assert _chosen("api", "anthropic:claude-haiku-4-5").price(tokens) == prices.cost(
        "anthropic", "claude-haiku-4-5", tokens
    )
    assert _chosen("api", "openai:claude-haiku-4-5").price(tokens) is None
    assert [_chosen(name).tells_cost for name in ("claude", "gemini", "cursor")] == [True, False, False]
