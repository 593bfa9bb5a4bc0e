"""The vendors of `provider: api` and how `model` names them."""

from dataclasses import dataclass
from enum import StrEnum

from docsfy_action.errors import InputError, Problem


class Vendor(StrEnum):
    """What stands before the colon of a model's name."""

    ANTHROPIC = "anthropic"
    OPENAI = "openai"  # the Responses protocol
    OPENAI_CHAT = "openai-chat"  # chat completions: vLLM and most others that are "compatible with OpenAI"
    GOOGLE = "google"
    OLLAMA = "ollama"
    OPENROUTER = "openrouter"


# The clients are always told where to go: they would look into the environment otherwise.
ADDRESSES = {
    Vendor.ANTHROPIC: "https://api.anthropic.com",
    Vendor.OPENAI: "https://api.openai.com/v1",
    Vendor.OPENAI_CHAT: "https://api.openai.com/v1",
    Vendor.GOOGLE: "https://generativelanguage.googleapis.com",
    Vendor.OLLAMA: "http://localhost:11434/v1",
    Vendor.OPENROUTER: "https://openrouter.ai/api/v1",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelName:
    """A model of a vendor; `name` is what goes over the wire, and may hold colons and slashes itself."""

    vendor: Vendor
    name: str

    def __str__(self) -> str:
        return f"{self.vendor}:{self.name}"


def model_name(text: str | None) -> ModelName:
    """Takes `vendor:model` apart; raises InputError, which lists the vendors."""
    vendor, _, name = (text or "").strip().partition(":")
    known = {str(vendor): vendor for vendor in Vendor}
    if vendor.strip().lower() not in known or not name.strip():
        names = ", ".join(f"'{vendor}:…'" for vendor in Vendor)
        said = f"'{text}' is not of that form" if text and text.strip() else "none is given"
        message = f"model: 'provider: api' needs a model as 'vendor:model', and {said}."
        hint = f"Set `model` to one of {names}; for example 'anthropic:claude-sonnet-5-5'."
        raise InputError(message, hint=hint, problems=(Problem(message=message, hint=hint),))
    return ModelName(vendor=known[vendor.strip().lower()], name=name.strip())
