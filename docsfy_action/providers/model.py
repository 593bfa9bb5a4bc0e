"""What every provider speaks: a request, a completion or a failure, and what it cost."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from threading import Event
from typing import Protocol

from docsfy_action.providers.budget import Allowance, Needs
from docsfy_action.providers.prices import Price


class Task(StrEnum):
    """What a call is for; prompts, limits and the report are kept by it."""

    PREFLIGHT = "preflight"
    OUTLINE = "outline"
    PAGE = "page"
    REPAIR = "repair"
    TRIAGE = "triage"
    PATCH = "patch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One call.

    `instructions` is the system prompt and holds our words only; `prompt` may hold text of the repository, fenced as
    data. `schema` is the JSON Schema (as text) that the answer must satisfy, empty for a text answer; a provider without
    structured output puts it into the prompt, and the answer is validated by the caller either way. `explore` grants the
    read-only tools on the export. `deadline` is in seconds. `max_output_tokens` bounds one answer, `max_turns` the
    requests behind one call. `allowance` is what the call may cost; None: no limit.
    """

    task: Task
    instructions: str
    prompt: str
    schema: str = ""
    explore: bool = False
    deadline: float = 600.0
    max_output_tokens: int = 16_000
    max_turns: int = 30
    allowance: Allowance | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What was spent. Input tokens include `cached_tokens`, those read from a prompt cache. `cost_usd` is None where
    nobody knows the price; `requests` counts what went over the wire."""

    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    cost_usd: Decimal | None = Decimal(0)

    def __add__(self, other: "Usage") -> "Usage":
        known = self.cost_usd is not None and other.cost_usd is not None
        return Usage(
            requests=self.requests + other.requests,
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cached_tokens=self.cached_tokens + other.cached_tokens,
            cost_usd=(self.cost_usd or Decimal(0)) + (other.cost_usd or Decimal(0)) if known else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """An answer that ended of itself. `text` is the answer, or its JSON where a schema was given; it may still be empty
    or nonsense. `opened` are the paths of the export that tools read, in their order, each once."""

    text: str
    usage: Usage = field(default_factory=Usage)
    opened: tuple[str, ...] = ()


class FailureKind(StrEnum):
    """Why there is no answer. The first three stop the whole run or all further calls; those marked with a star are
    tried again with backoff."""

    KEY = "key"  # missing, wrong or revoked: the run stops
    MODEL = "model"  # no such model, or not for this key: the run stops
    QUOTA = "quota"  # credits or quota used up: no more calls
    RATE_LIMIT = "rate_limit"  # * 429
    OVERLOADED = "overloaded"  # * 5xx, 529
    UNREACHABLE = "unreachable"  # * no connection, cut stream
    TIMEOUT = "timeout"  # the call's own deadline
    TRUNCATED = "truncated"  # the answer hit a limit of length
    REFUSED = "refused"  # the model, or a filter of its vendor, will not answer
    TOO_LONG = "too_long"  # the prompt does not fit into the model's context
    LIMIT = "limit"  # turns, or the amount that this one call may cost
    BUDGET = "budget"  # `max-ai-calls` or `max-cost-usd` of the run: the call was not made
    BROKEN = "broken"  # the program crashed or said something that nobody understands
    CANCELLED = "cancelled"  # the run is being stopped


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A call that gave no usable answer; `usage` is what it cost all the same.

    `message` is one sentence for people, without secrets; `retry_after` is in seconds, None where nothing was said.
    """

    kind: FailureKind
    message: str
    retry_after: float | None = None
    usage: Usage = field(default_factory=Usage)
    opened: tuple[str, ...] = ()


Answer = Completion | Failure


class Provider(Protocol):
    """One vendor's model. `complete` blocks, may be called from several threads at once, never raises for what the
    vendor, the network or the program does, and returns soon after `cancelled` is set, with nothing left running."""

    @property
    def name(self) -> str:
        """The provider as the input `provider` names it."""

    @property
    def model(self) -> str:
        """The model as it is told to the vendor; for `api` with the vendor in front (`anthropic:…`)."""

    def needs(self, request: Request, price: Price) -> Needs | None:
        """What has to be set aside for a call, so that it can be kept to its allowance; None where nobody knows the price."""

    def complete(self, request: Request, *, cancelled: Event) -> Answer:
        """Make one call; no retries of its own beyond what the vendor's program cannot be kept from."""

    def close(self) -> None:
        """Give back what is held between calls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a provider works: the read-only export of the commit, a private home folder that holds nothing of the
    user's, and a folder that outlives the run for programs installed on demand."""

    export: Path
    home: Path
    programs: Path
