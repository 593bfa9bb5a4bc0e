"""What a vendor's request says and what is answered to it, in words that no vendor owns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Vendor(StrEnum):
    """Whose wire format a request came in."""

    ANTHROPIC = "anthropic"
    OPENAI = "openai"  # Responses
    OPENAI_CHAT = "openai-chat"  # chat completions
    GOOGLE = "google"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One turn: `role` is `user` or `assistant`; tool calls and results have no text."""

    role: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A tool that the client offers; `schema` is the JSON Schema of its arguments, as text."""

    name: str
    description: str
    schema: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolResult:
    """What the client says a tool gave; `name` is the tool's, where the conversation tells it."""

    name: str
    text: str
    is_error: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A request, decoded.

    `schema` is the JSON Schema of a native structured output, as text, else empty. `forced` says that a tool must be
    called. `max_tokens` is None where the client left it out. `cache_marks` counts Anthropic's cache breakpoints.
    Names of `headers` are lower-case. `body` is the request as it was sent.
    """

    number: int
    vendor: Vendor
    path: str
    model: str
    key: str
    system: str = ""
    messages: tuple[Message, ...] = ()
    tool_results: tuple[ToolResult, ...] = ()
    tools: tuple[Tool, ...] = ()
    schema: str = ""
    forced: bool = False
    stream: bool = False
    max_tokens: int | None = None
    cache_marks: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""

    @property
    def prompt(self) -> str:
        """What the user said, all turns."""
        return "\n".join(message.text for message in self.messages if message.role == "user")

    def offers(self, name: str) -> bool:
        """Whether a tool of that name may be called."""
        return any(tool.name == name for tool in self.tools)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """What an answer counts. `input` includes `cached` (read from a cache) and `written` (into one)."""

    input: int = 100
    output: int = 20
    cached: int = 0
    written: int = 0


@dataclass(frozen=True, slots=True)
class Say:
    """An answer in words that ends of itself."""

    text: str
    tokens: Tokens = Tokens()


@dataclass(frozen=True, slots=True)
class Json:
    """A structured answer (`text` is JSON), by whichever way the client offers: a native schema, or a tool for it."""

    text: str
    tokens: Tokens = Tokens()


@dataclass(frozen=True, slots=True)
class CallTool:
    """A call of one tool; `args` are JSON values by name."""

    name: str
    args: Mapping[str, object]
    tokens: Tokens = Tokens()


@dataclass(frozen=True, slots=True)
class CallTools:
    """Several calls in one answer."""

    calls: tuple[CallTool, ...]
    tokens: Tokens = Tokens()


@dataclass(frozen=True, slots=True)
class Refuse:
    """The model declines, in the vendor's own way of saying so."""

    text: str = "I cannot help with that."
    tokens: Tokens = Tokens()


@dataclass(frozen=True, slots=True)
class Filter:
    """A content filter of the vendor stops the answer."""

    tokens: Tokens = Tokens()


@dataclass(frozen=True, slots=True)
class Truncate:
    """The answer stops in the middle, because it reached the limit of its length."""

    text: str
    tokens: Tokens = Tokens()


@dataclass(frozen=True, slots=True)
class Empty:
    """A proper end, and nothing said."""

    tokens: Tokens = Tokens(output=0)


class Trouble(StrEnum):
    """Errors that each vendor has its own form for."""

    KEY = "key"  # the key is wrong
    FORBIDDEN = "forbidden"  # the key may not do this
    MODEL = "model"  # no such model
    QUOTA = "quota"  # no credit, or the day's quota is used up
    RATE_LIMIT = "rate_limit"
    OVERLOADED = "overloaded"
    FAULT = "fault"  # status 500
    TOO_LONG = "too_long"  # the prompt does not fit
    BAD_REQUEST = "bad_request"  # something else that the vendor does not take


@dataclass(frozen=True, slots=True)
class Fail:
    """An error in the vendor's own form; `retry_after` (seconds) goes where that vendor puts it."""

    trouble: Trouble
    retry_after: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Error:
    """Any status with any body, for errors that come from a proxy, or from nobody in particular."""

    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hang:
    """Nothing is answered for `seconds`, then the connection is closed; ends earlier when the client or server does."""

    seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class Cut:
    """The answer to `of` is cut off after `after` bytes of its body: in the middle of everything, or, where it is
    streamed and `clean`, after a whole event and with a proper end of the connection."""

    after: int
    of: Say = Say("The answer that never arrives whole, because its connection is cut. " * 20)
    clean: bool = False


@dataclass(frozen=True, slots=True)
class Slow:
    """The answer to `of` in pieces with `delay` seconds before each; streamed answers come event by event."""

    of: "Say | Json | CallTool"
    delay: float


@dataclass(frozen=True, slots=True)
class StreamFail:
    """A streamed answer that begins well and then carries an error event (Anthropic's overload under way)."""

    trouble: Trouble = Trouble.OVERLOADED


Action = (
    Say
    | Json
    | CallTool
    | CallTools
    | Refuse
    | Filter
    | Truncate
    | Empty
    | Fail
    | Error
    | Hang
    | Cut
    | Slow
    | StreamFail
)
Brain = Callable[[Ask], Action]


def script(*actions: Action) -> Brain:
    """A brain that gives the actions one after the other, whoever asks; the last one for ever."""

    def brain(ask: Ask) -> Action:
        return actions[min(ask.number, len(actions)) - 1]

    return brain
