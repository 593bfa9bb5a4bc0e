"""Which provider a run uses."""

import pytest

from docsfy_action.inputs.provider import ChosenProvider, MissingKey, choose_provider, key_variables
from docsfy_action.inputs.values import Provider

ALL = frozenset({"ANTHROPIC_API_KEY", "CLAUDE_CODE_OAUTH_TOKEN", "GEMINI_API_KEY", "CURSOR_API_KEY", "OPENAI_API_KEY"})


@pytest.mark.parametrize("without_secrets", [True, False])
def test_builtin_is_builtin_whatever_keys_there_are(*, without_secrets: bool) -> None:
    """A key lying about never makes a run cost money."""
    chosen = choose_provider(Provider.BUILTIN, None, ALL, without_secrets=without_secrets)
    assert chosen == ChosenProvider(provider=Provider.BUILTIN)


@pytest.mark.parametrize(
    ("provider", "model", "present", "variable"),
    [
        (Provider.CLAUDE, None, ALL, "ANTHROPIC_API_KEY"),
        (Provider.CLAUDE, None, {"CLAUDE_CODE_OAUTH_TOKEN"}, "CLAUDE_CODE_OAUTH_TOKEN"),
        (Provider.GEMINI, "gemini-3", {"GEMINI_API_KEY"}, "GEMINI_API_KEY"),
        (Provider.CURSOR, None, {"CURSOR_API_KEY"}, "CURSOR_API_KEY"),
        (Provider.API, None, {"OPENAI_API_KEY"}, "OPENAI_API_KEY"),
        (Provider.API, "anthropic:claude", ALL, "ANTHROPIC_API_KEY"),
        (Provider.API, "google:gemini", ALL, "GEMINI_API_KEY"),
        (Provider.API, "vllm:llama", ALL, "OPENAI_API_KEY"),
        (Provider.API, "ollama:llama", set(), ""),
    ],
)
def test_a_named_provider_uses_its_own_key(
    provider: Provider, model: str | None, present: frozenset[str], variable: str
) -> None:
    """For `api` the vendor in the model's name says whose key it is; a model that runs here needs none."""
    chosen = choose_provider(provider, model, present, without_secrets=False)
    assert chosen == ChosenProvider(provider=provider, variable=variable)


def test_a_named_provider_without_its_key_stops_the_run_and_names_the_variable() -> None:
    """What was asked for by name is not silently replaced."""
    chosen = choose_provider(Provider.CLAUDE, None, {"OPENAI_API_KEY"}, without_secrets=False)
    assert chosen == MissingKey(provider=Provider.CLAUDE, variables=("ANTHROPIC_API_KEY", "CLAUDE_CODE_OAUTH_TOKEN"))
    error = chosen.error()
    assert error.exit_status == 2
    assert "ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN" in error.message
    assert "secrets.ANTHROPIC_API_KEY" in error.hint


def test_a_pull_request_without_secrets_falls_back_to_the_embedded_writer_with_a_notice() -> None:
    """A fork cannot have the key; its contributor still gets a preview and a green run."""
    chosen = choose_provider(Provider.GEMINI, None, set(), without_secrets=True)
    assert isinstance(chosen, ChosenProvider)
    assert chosen.provider is Provider.BUILTIN
    assert "gemini has no key" in chosen.notice


def test_a_pull_request_without_secrets_that_has_a_key_uses_it() -> None:
    """Dependabot has secrets of its own; where they are given, they are meant."""
    chosen = choose_provider(Provider.GEMINI, None, {"GEMINI_API_KEY"}, without_secrets=True)
    assert chosen == ChosenProvider(provider=Provider.GEMINI, variable="GEMINI_API_KEY")


@pytest.mark.parametrize(
    ("present", "provider"),
    [
        (set(), Provider.BUILTIN),
        ({"OPENAI_API_KEY"}, Provider.API),
        ({"CURSOR_API_KEY", "OPENAI_API_KEY"}, Provider.CURSOR),
        ({"GEMINI_API_KEY", "CURSOR_API_KEY"}, Provider.GEMINI),
        (ALL, Provider.CLAUDE),
    ],
)
def test_auto_takes_the_provider_whose_key_is_there(present: frozenset[str], provider: Provider) -> None:
    """In a fixed order, and the notice says which and why."""
    chosen = choose_provider(Provider.AUTO, None, present, without_secrets=False)
    assert isinstance(chosen, ChosenProvider)
    assert chosen.provider is provider
    assert "auto" in chosen.notice


def test_every_provider_that_needs_a_key_says_which() -> None:
    """A provider added without its variables would never be chosen."""
    assert [provider for provider in Provider if not key_variables(provider, None)] == [Provider.BUILTIN, Provider.AUTO]
