"""Which provider writes the pages, decided from what was asked for and which keys are there."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from docsfy_action.errors import InputError, Problem
from docsfy_action.inputs.values import Provider

# In the order in which `auto` looks, and in which a provider prefers its keys.
_KEYS: dict[Provider, tuple[str, ...]] = {
    Provider.CLAUDE: ("ANTHROPIC_API_KEY", "CLAUDE_CODE_OAUTH_TOKEN"),
    Provider.GEMINI: ("GEMINI_API_KEY",),
    Provider.CURSOR: ("CURSOR_API_KEY",),
    Provider.API: ("OPENAI_API_KEY",),
}
# Vendors of `provider: api` by the part of `model` before the colon; any other speaks OpenAI's protocol.
_VENDOR_KEYS: dict[str, tuple[str, ...]] = {
    "anthropic": ("ANTHROPIC_API_KEY",),
    "google": ("GEMINI_API_KEY",),
    "openai": ("OPENAI_API_KEY",),
    "openai-chat": ("OPENAI_API_KEY",),
    "openrouter": ("OPENAI_API_KEY",),
    "ollama": (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenProvider:
    """`provider` is never `auto`; `variable` names the key it uses, empty where it needs none. A `notice` is for the
    reader of the run: why the choice is not the one that was asked for."""

    provider: Provider
    variable: str = ""
    notice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingKey:
    """The provider was asked for by name and its key is not there: the run ends before it starts."""

    provider: Provider
    variables: tuple[str, ...]

    def error(self) -> InputError:
        """The error to raise."""
        names = " or ".join(self.variables)
        first = self.variables[0]
        message = f"provider: '{self.provider}' needs {names} in the environment, where it is unset or empty."
        hint = (
            f"In a workflow, add `env: {{ {first}: '${{{{ secrets.{first} }}}}' }}` to the step and store the secret "
            "in the repository's settings; or use `provider: builtin`, which needs no key."
        )
        return InputError(message, hint=hint, problems=(Problem(message=message, hint=hint),))


def key_variables(provider: Provider, model: str | None) -> tuple[str, ...]:
    """The variables of which one must hold the key of a provider; empty where none is needed."""
    if provider is Provider.API and model is not None:
        return _VENDOR_KEYS.get(model.partition(":")[0].strip().lower(), ("OPENAI_API_KEY",))
    return _KEYS.get(provider, ())


def choose_provider(
    provider: Provider, model: str | None, present: AbstractSet[str], *, without_secrets: bool
) -> ChosenProvider | MissingKey:
    """The provider to use. `present` names the key variables that are set; for `without_secrets` see `Activity`.

    What costs money is chosen by name, never by accident: only a named provider may fail for want of its key, and only
    on a pull request that can have no secrets does the embedded writer take its place.
    """
    if provider is Provider.BUILTIN:
        return ChosenProvider(provider=provider)
    if provider is Provider.AUTO:
        return _automatic(model, present)
    variables = key_variables(provider, model)
    for variable in variables:
        if variable in present:
            return ChosenProvider(provider=provider, variable=variable)
    if not variables:
        return ChosenProvider(provider=provider)
    if without_secrets:
        notice = (
            f"This pull request runs without secrets, so {provider} has no key: pages written earlier are kept, "
            "and new or changed ones come from the embedded writer."
        )
        return ChosenProvider(provider=Provider.BUILTIN, notice=notice)
    return MissingKey(provider=provider, variables=variables)


def _automatic(model: str | None, present: AbstractSet[str]) -> ChosenProvider:
    for provider in _KEYS:
        for variable in key_variables(provider, model):
            if variable in present:
                notice = f"provider: auto took {provider}, because {variable} is set."
                return ChosenProvider(provider=provider, variable=variable, notice=notice)
    return ChosenProvider(
        provider=Provider.BUILTIN, notice="provider: auto found no key, so the embedded writer writes the pages."
    )
