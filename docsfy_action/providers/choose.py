"""From what was asked for and which keys are there to the provider, model, key and address that are used."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from docsfy_action.errors import InputError, Problem
from docsfy_action.providers import prices
from docsfy_action.providers.api.vendors import ADDRESSES, ModelName, Vendor, model_name

# Key variables by provider, in the order of preference, which is also the order in which `auto` looks.
_KEYS: Mapping[str, tuple[str, ...]] = {
    "claude": ("ANTHROPIC_API_KEY", "CLAUDE_CODE_OAUTH_TOKEN"),
    "gemini": ("GEMINI_API_KEY",),
    "cursor": ("CURSOR_API_KEY",),
}
_VENDOR_KEYS: Mapping[Vendor, tuple[str, ...]] = {
    Vendor.ANTHROPIC: ("ANTHROPIC_API_KEY",),
    Vendor.GOOGLE: ("GEMINI_API_KEY",),
    Vendor.OPENAI: ("OPENAI_API_KEY",),
    Vendor.OPENAI_CHAT: ("OPENAI_API_KEY",),
    Vendor.OPENROUTER: ("OPENAI_API_KEY",),
    Vendor.OLLAMA: (),
}
_ADDRESS = {
    "claude": "ANTHROPIC_BASE_URL",
    "gemini": "GOOGLE_GEMINI_BASE_URL",
    Vendor.ANTHROPIC: "ANTHROPIC_BASE_URL",
    Vendor.GOOGLE: "GOOGLE_GEMINI_BASE_URL",
    Vendor.OPENAI: "OPENAI_BASE_URL",
    Vendor.OPENAI_CHAT: "OPENAI_BASE_URL",
    Vendor.OPENROUTER: "OPENAI_BASE_URL",
    Vendor.OLLAMA: "OPENAI_BASE_URL",
}
# The vendor behind a program, for the case that the program cannot be had.
_VENDORS = {"claude": Vendor.ANTHROPIC, "gemini": Vendor.GOOGLE}
# What is taken where `model` says nothing: names that their vendors keep pointing at a current model, or the default
# of the pinned program.
_MODELS = {"claude": "sonnet", "gemini": "gemini-2.5-pro", "cursor": "auto"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What is used. `variable` is where the key comes from, empty where none is needed; an empty `base_url` means the
    vendor's own address. The key never shows in a representation of the value."""

    provider: str
    model: str
    variable: str = ""
    key: str = field(default="", repr=False)
    base_url: str = ""

    def price(self, tokens: prices.Tokens) -> Decimal | None:
        """US dollars for tokens, or None where nobody knows."""
        if self.provider == "api":
            name = model_name(self.model)
            return prices.cost(name.vendor, name.name, tokens)
        return prices.cost(self.provider, self.model, tokens)

    @property
    def address(self) -> tuple[str, str]:
        """Variable and value by which the provider's program is told where to go, always and explicitly, because a
        repository could tell it otherwise; both empty for a program that has no such variable."""
        vendor = _VENDORS.get(self.provider)
        return ("", "") if vendor is None else (_ADDRESS[self.provider], self.base_url or ADDRESSES[vendor])

    @property
    def tells_cost(self) -> bool:
        """Whether the provider itself says what a call did cost."""
        return self.provider == "claude"


def choose(provider: str, model: str | None, *, keys: Mapping[str, str], addresses: Mapping[str, str]) -> Chosen | None:
    """What a provider, by name or `auto`, comes to; None is the embedded writer.

    `keys` and `addresses` hold values by environment variable; empty ones count as unset. Raises InputError for a key
    that is missing, and for a model of `api` that names no vendor.
    """
    if provider == "builtin":
        return None
    if provider == "auto":
        found = _by_key(model, keys)
        return choose(found, model, keys=keys, addresses=addresses) if found else None
    named = model_name(model) if provider == "api" else None
    variables = _VENDOR_KEYS[named.vendor] if named else _KEYS[provider]
    variable = _present(variables, keys)
    if variables and not variable:
        raise missing_key(provider, variables)
    return Chosen(
        provider=provider,
        model=str(named) if named else (model or "").strip() or _MODELS[provider],
        variable=variable,
        key=keys.get(variable, ""),
        base_url=addresses.get(_address(provider, named), ""),
    )


def _by_key(model: str | None, keys: Mapping[str, str]) -> str | None:
    """The provider whose key is there. `api` needs a model that names its vendor, and such a model needs `api`."""
    vendor = next((one for one in Vendor if (model or "").strip().lower().startswith(f"{one}:")), None)
    if vendor is not None:
        return "api" if _present(_VENDOR_KEYS[vendor], keys) or not _VENDOR_KEYS[vendor] else None
    return next((name for name, names in _KEYS.items() if _present(names, keys)), None)


def without_key(provider: str, model: str | None) -> Chosen:
    """What a provider would come to if its key were there: whose pages to look for, where no call can be made."""
    name = str(model_name(model)) if provider == "api" else (model or "").strip() or _MODELS[provider]
    return Chosen(provider=provider, model=name)


def as_api(chosen: Chosen) -> Chosen | None:
    """The same vendor, model and key without its program; None for a vendor or kind of key that has no such way."""
    vendor = _VENDORS.get(chosen.provider)
    if vendor is None or chosen.variable not in _VENDOR_KEYS[vendor]:
        return None
    name = prices.full_name(chosen.model)
    return replace(chosen, provider="api", model=f"{vendor}:{name}")


def _present(variables: tuple[str, ...], keys: Mapping[str, str]) -> str:
    return next((variable for variable in variables if keys.get(variable)), "")


def _address(provider: str, named: ModelName | None) -> str:
    return _ADDRESS[named.vendor] if named else _ADDRESS.get(provider, "")


def missing_key(provider: str, variables: tuple[str, ...]) -> InputError:
    """The error for a provider whose key is not there."""
    message = f"provider: '{provider}' needs {' or '.join(variables)} in the environment, where it is unset or empty."
    hint = (
        f"In a workflow, add `env: {{ {variables[0]}: '${{{{ secrets.{variables[0]} }}}}' }}` to the step and store the "
        "secret in the repository's settings; or use `provider: builtin`, which needs no key."
    )
    return InputError(message, hint=hint, problems=(Problem(message=message, hint=hint),))
