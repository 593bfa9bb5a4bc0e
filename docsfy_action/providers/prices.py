"""What models cost: the table of the package genai-prices, as it was when that version was published."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

# Some prices have dates or hours at which they change. Asked for one fixed moment, the same tokens always cost the same.
DATE = datetime(2026, 11, 1, 12, tzinfo=UTC)

# The provider as the table knows it, by provider or vendor of ours.
_TABLES = {
    "claude": "anthropic",
    "anthropic": "anthropic",
    "gemini": "google",
    "google": "google",
    "openai": "openai",
    "openai-chat": "openai",
    "openrouter": "openrouter",
}
# Names by which the command lines know the newest models of their vendors.
_ALIASES = {
    "opus": "claude-opus-5-5",
    "sonnet": "claude-sonnet-5-5",
    "haiku": "claude-haiku-5-5",
    "default": "claude-opus-5-5",
    "pro": "gemini-3.1-pro-preview",
    "flash": "gemini-3.5-flash",
    "flash-lite": "gemini-3.5-flash-lite",
}
_FREE = frozenset({"ollama"})  # runs on a machine of the user's


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """What is to be paid for. `input` includes `cached`, read from a prompt cache, and `written` into one."""

    input: int = 0
    output: int = 0
    cached: int = 0
    written: int = 0


Price = Callable[[Tokens], Decimal | None]


def cost(provider: str, model: str, tokens: Tokens) -> Decimal | None:
    """US dollars for tokens of a model, or None where the table does not know it or is not installed.

    `provider` is the provider, or for `api` the vendor; `model` as it is told to the vendor.
    """
    if provider in _FREE:
        return Decimal(0)
    table = _TABLES.get(provider)
    if table is None:
        return None
    try:
        from genai_prices import Usage, calc_price
    except ModuleNotFoundError:
        return None
    name = full_name(model)
    usage = Usage(
        input_tokens=tokens.input,
        output_tokens=tokens.output,
        cache_read_tokens=tokens.cached,
        cache_write_tokens=tokens.written,
    )
    try:
        found = calc_price(usage, name, provider_id=table, genai_request_timestamp=DATE)
    except (LookupError, ValueError):
        return None
    return found.total_price


def full_name(model: str) -> str:
    """The vendor's name of a model that a program knows by an alias, or with what only the program understands:
    `claude-opus-4-6[1m]` is Claude Code's way to ask for the long context."""
    name = model.partition("[")[0].strip()
    return _ALIASES.get(name, name)


def known(provider: str, model: str) -> bool:
    """Whether the table has a price for the model."""
    return cost(provider, model, Tokens(input=1, output=1)) is not None
