"""Anthropic's command-line program `claude` as a provider."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from docsfy_action.processes import Ending, Finished
from docsfy_action.providers import estimate
from docsfy_action.providers.budget import Allowance, Needs, at_most
from docsfy_action.providers.calls import (
    Call,
    ProgramProvider,
    Setup,
    as_task,
    completion,
    ended_early,
    failure,
    last_words,
    opened_paths,
)
from docsfy_action.providers.json_values import Json, compact, parse_lines
from docsfy_action.providers.model import Answer, Failure, FailureKind, Request, Usage
from docsfy_action.providers.prices import Price

_READING_TOOLS = "Read,Grep,Glob"
_STRUCTURED = "StructuredOutput"  # the tool by which the program has a schema kept
_SETTINGS = (
    '{"permissions":{"deny":["Read(./.git/**)","Read(./.env)","Read(./.env.*)"]},"disableAllHooks":true,'
    '"enableAllProjectMcpServers":false,"autoMemoryEnabled":false}'
)
_SWITCHES = {
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    "CLAUDE_CODE_DISABLE_CLAUDE_MDS": "1",
    "CLAUDE_CODE_DISABLE_AUTO_MEMORY": "1",
    "CLAUDE_CODE_DISABLE_BACKGROUND_TASKS": "1",
    "CLAUDE_CODE_DISABLE_BUNDLED_SKILLS": "1",
    # `@name` in a prompt, as decorators are written, would add the file of that name to it.
    "CLAUDE_CODE_DISABLE_FILE_MENTIONS": "1",
    # Neither another model nor another attempt than the one that was asked for.
    "CLAUDE_CODE_DISABLE_MODEL_ACCESS_FALLBACK": "1",
    "CLAUDE_CODE_DISABLE_REFUSAL_FALLBACK": "1",
    "CLAUDE_CODE_DISABLE_REFUSAL_RETRY": "1",
    "DISABLE_AUTOUPDATER": "1",
    "DISABLE_TELEMETRY": "1",
    "DISABLE_ERROR_REPORTING": "1",
    # Twice as dear to write as five minutes, and no call lives so long.
    "FORCE_PROMPT_CACHING_5M": "1",
    # One retry of its own: only by announcing it does the program tell what Retry-After said.
    "CLAUDE_CODE_MAX_RETRIES": "1",
}
# Categories in which the program sorts errors of the API.
_CATEGORIES = {
    "authentication_failed": FailureKind.KEY,
    "oauth_org_not_allowed": FailureKind.KEY,
    "billing_error": FailureKind.QUOTA,
    "model_not_found": FailureKind.MODEL,
    "rate_limit": FailureKind.RATE_LIMIT,
    "overloaded": FailureKind.OVERLOADED,
    "max_output_tokens": FailureKind.TRUNCATED,
}
# What the program advises who sits in front of it.
_ADVICE = re.compile(
    r" (?:Run (?:--|/)model to pick a different model\.|· (?:Fix external API key|Please run /login)\b.*)"
)
_LIMITS = frozenset({"error_max_turns", "error_max_budget_usd"})
_STATUSES = {401: FailureKind.KEY, 402: FailureKind.QUOTA, 403: FailureKind.KEY, 404: FailureKind.MODEL}
_STATUSES |= {413: FailureKind.TOO_LONG, 429: FailureKind.RATE_LIMIT}

# The program ends at its own limit in dollars, after the request that passed it. So the call has two limits: dollars, and
# tokens that a request may be given, which bound what that last one costs. Both are tokens of the repository: those that a
# page can be written from, and those with which nobody need be sparing.
_READ_LEAST, _READ_WELL = 40_000, 140_000
_PAID_LEAST, _PAID_WELL = (20_000, 4_000), (120_000, 16_000)  # tokens both ways before the last request
# It counts what it has just read at four bytes a token; that is told in the next answer, and may be more.
_COUNTED_SHORT = 1.25
_LEAST_DOLLARS = Decimal("0.0001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the program is told: US dollars after which no request is begun, and the tokens one may be given (0: it has no tools,
    so that it sends its prompt alone)."""

    dollars: Decimal
    context: int


def needs(request: Request, price: Price) -> Needs | None:
    """What a call of the program has to have set aside."""
    ways = (_ways(request, _READ_LEAST, _PAID_LEAST), _ways(request, _READ_WELL, _PAID_WELL))
    found = []
    for context, (given, output) in ways:
        before, last = at_most(price, given, output), _last_request(request, price, context)
        if before is None or last is None:
            return None
        found.append(before + last)
    return Needs(least=found[0], wanted=found[1])


def limits(request: Request, allowance: Allowance) -> Limits:
    """What was set aside, as two limits that cannot be passed together."""
    found = needs(request, allowance.price)
    assert found is not None  # else nothing would have been set aside
    share = (
        (allowance.amount - found.least) / (found.wanted - found.least) if found.wanted > found.least else Decimal(0)
    )
    read = _READ_LEAST + int((_READ_WELL - _READ_LEAST) * min(max(share, Decimal(0)), Decimal(1)))
    context, _ = _ways(request, read, _PAID_LEAST)
    last = _last_request(request, allowance.price, context) or Decimal(0)
    # The program takes no limit of nothing.
    return Limits(dollars=max(allowance.amount - last, _LEAST_DOLLARS), context=context if request.explore else 0)


def _ways(request: Request, read: int, paid: tuple[int, int]) -> tuple[int, tuple[int, int]]:
    """The tokens that the last request is given, and those both ways of the requests before it."""
    given = estimate.once(request)
    if not request.explore:
        # One token for each byte, which no text passes. Where a schema is to be kept, the program asks twice.
        return int((estimate.size(request) + given) / _COUNTED_SHORT), (given, _PAID_LEAST[1])
    return given + read, (given + paid[0], paid[1])


def _last_request(request: Request, price: Price, context: int) -> Decimal | None:
    return at_most(price, int(context * _COUNTED_SHORT), request.max_output_tokens)


class ClaudeProvider(ProgramProvider):
    """`claude -p`."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """As the input `provider` names it."""
        return "claude"

    def needs(self, request: Request, price: Price) -> Needs | None:
        """By two limits that are kept together."""
        return needs(request, price)

    def call(self, request: Request, home: Path) -> Call:
        """Instructions in a file, the task on standard input."""
        told = limits(request, request.allowance) if request.allowance is not None else None
        system = home / "system.md"
        system.write_text(request.instructions, "utf-8")
        return Call(
            arguments=arguments(self.setup.model, request, system, told),
            stdin=as_task(request.prompt),
            switches={
                **_SWITCHES,
                "CLAUDE_CONFIG_DIR": str(home / ".claude"),
                "CLAUDE_CODE_MAX_OUTPUT_TOKENS": str(request.max_output_tokens),
                "API_TIMEOUT_MS": str(int(request.deadline * 1000)),
                **(_window(told) if told is not None else {}),
            },
            home=home,
        )

    def answer(self, finished: Finished, request: Request) -> Answer:
        """From the events that it prints."""
        return read_answer(self.setup, finished, request)


def _window(told: Limits) -> dict[str, str]:
    """Variables that keep requests from growing further; to shorten a conversation would be one more request."""
    return (
        {"CLAUDE_CODE_BLOCKING_LIMIT_OVERRIDE": str(told.context), "DISABLE_AUTO_COMPACT": "1"} if told.context else {}
    )


def arguments(model: str, request: Request, system: Path, told: Limits | None = None) -> tuple[str, ...]:
    """The command line after the program's name."""
    ends = [f"--max-turns={max(1, request.max_turns)}"]
    if told is not None:
        ends.append(f"--max-budget-usd={told.dollars:.6f}")
    schema = [f"--json-schema={request.schema}"] if request.schema else []
    return (
        "--print", "--output-format=stream-json", "--verbose", f"--model={model}",
        "--restricted", "--strict-mcp-config", "--setting-sources=", "--disable-slash-commands",
        f"--tools={_READING_TOOLS if request.explore else ''}", f"--settings={_SETTINGS}",
        f"--system-prompt-file={system}", "--no-session-persistence", *ends, *schema,
    )  # fmt: skip


def read_answer(setup: Setup, finished: Finished, request: Request) -> Answer:
    """What the program said, as an answer."""
    events = parse_lines(finished.stdout)
    opened = opened_paths(setup.place.export, _read_files(events))
    usage = _usage(events)
    early = ended_early(setup, finished, request)
    if early is not None:
        retry_after = _retry_after(events)
        if finished.ending is Ending.TIMED_OUT and _waits_for_limit(events):
            words = "429 too many requests; the time it was told to wait is longer than this call may take"
            early = failure(setup, FailureKind.RATE_LIMIT, words, retry_after=retry_after)
        return Failure(
            kind=early.kind, message=early.message, retry_after=early.retry_after, usage=usage, opened=opened
        )
    result = next((event for event in reversed(events) if event["type"].text == "result"), Json())
    failed = _failed(setup, events, result, finished, request)
    if failed is not None and failed[0] is FailureKind.LIMIT and (answer := _answered(events, result, request)):
        return completion(request, answer, usage, opened)
    if failed is not None:
        kind, words = failed
        retry_after = _retry_after(events) if kind in {FailureKind.RATE_LIMIT, FailureKind.OVERLOADED} else None
        said = failure(setup, kind, words, retry_after=retry_after, usage=usage)
        return Failure(kind=said.kind, message=said.message, retry_after=retry_after, usage=usage, opened=opened)
    structured = result["structured_output"]
    text = compact(structured) if request.schema and structured else result["result"].text
    return completion(request, text, usage, opened)


def _failed(
    setup: Setup, events: tuple[Json, ...], result: Json, finished: Finished, request: Request
) -> tuple[FailureKind, str] | None:
    """Why there is no usable answer; None where there is one."""
    if not result:
        return FailureKind.BROKEN, last_words(finished)
    subtype = result["subtype"].text
    if subtype in _LIMITS:
        return FailureKind.LIMIT, " ".join(error.text for error in result["errors"]) or subtype
    # Errors of the API come with the subtype "success".
    if result["is_error"].is_true or subtype != "success":
        words = _ADVICE.sub("", result["result"].text or " ".join(error.text for error in result["errors"])) or subtype
        kind = _kind(events, result, words)
        if kind is FailureKind.TOO_LONG and request.allowance is not None and request.explore:
            return FailureKind.LIMIT, "it read more of the repository than this call may cost"
        return kind, words
    if _was_cut(events):
        return FailureKind.TRUNCATED, f"the answer is longer than the limit; {setup.model} began it anew in the middle"
    return None


def _answered(events: tuple[Json, ...], result: Json, request: Request) -> str:
    """The whole answer that came with the request that passed a limit: the program says of it only that the limit is passed.
    Empty where there is none."""
    answers = [event["message"] for event in events if _is_answer(event)]
    last = [block for one in answers if one["id"].text == answers[-1]["id"].text for block in one["content"]]
    if request.schema:
        asked = [block["input"] for block in last if block["name"].text == _STRUCTURED]
        return compact(asked[-1]) if asked else ""
    if result["stop_reason"].text != "end_turn" or any(block["type"].text == "tool_use" for block in last):
        return ""
    return "".join(block["text"].text for block in last)


def _kind(events: tuple[Json, ...], result: Json, words: str) -> FailureKind:
    error = next((event for event in reversed(events) if event["is_api_error_message"].is_true), Json())
    status = result["api_error_status"].count
    category = error["error"].text
    lower = words.lower()
    if result["terminal_reason"].text == "prompt_too_long" or lower.startswith("prompt is too long"):
        return FailureKind.TOO_LONG
    if result["stop_reason"].text == "refusal" or "content filter" in lower:
        return FailureKind.REFUSED
    if category == "rate_limit" and ("usage limit" in lower or "hit your" in lower):
        return FailureKind.QUOTA  # of a subscription, over for hours
    if category in _CATEGORIES:
        return _CATEGORIES[category]
    if "connection_failed" in {result["api_error"].text, error["api_error"].text}:
        return FailureKind.UNREACHABLE
    if status >= 500:
        return FailureKind.OVERLOADED
    return _STATUSES.get(status, FailureKind.UNREACHABLE if category == "server_error" else FailureKind.BROKEN)


def _was_cut(events: tuple[Json, ...]) -> bool:
    """Whether words of the program's own follow on words of the model: so it asks for the rest of an answer that was
    too long, and then gives the rest alone as the result."""
    said = False
    for event in events:
        if event["type"].text == "assistant":
            blocks = list(event["message"]["content"])
            said = any(block["text"].text for block in blocks) and all(
                block["type"].text != "tool_use" for block in blocks
            )
        elif event["type"].text == "user":
            if said and event["isSynthetic"].is_true:
                return True
            said = False
    return False


def _retry_after(events: tuple[Json, ...]) -> float | None:
    delays = [event["retry_delay_ms"].amount for event in events if event["subtype"].text == "api_retry"]
    last = delays[-1] if delays else None
    return float(last / 1000) if last is not None else None


def _waits_for_limit(events: tuple[Json, ...]) -> bool:
    last = events[-1] if events else Json()
    return last["subtype"].text == "api_retry" and last["error"].text == "rate_limit"


def _usage(events: tuple[Json, ...]) -> Usage:
    """From the result, else (the program was stopped) from the answers so far, whose price nobody then knows."""
    answers = {event["message"]["id"].text: event["message"]["usage"] for event in events if _is_answer(event)}
    retries = sum(event["subtype"].text == "api_retry" for event in events)
    failed = any(event["is_api_error_message"].is_true for event in events)
    result = next((event for event in reversed(events) if event["type"].text == "result"), Json())
    requests = len(answers) + retries + (1 if failed else 0)
    if result["modelUsage"].value:
        models = [usage for _, usage in result["modelUsage"].members]
        return Usage(
            requests=max(requests, 1),
            input_tokens=sum(
                usage[name].count
                for usage in models
                for name in ("inputTokens", "cacheReadInputTokens", "cacheCreationInputTokens")
            ),
            output_tokens=sum(usage["outputTokens"].count for usage in models),
            cached_tokens=sum(usage["cacheReadInputTokens"].count for usage in models),
            cost_usd=result["total_cost_usd"].amount,
        )
    names = ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
    return Usage(
        requests=requests,
        input_tokens=sum(usage[name].count for usage in answers.values() for name in names),
        output_tokens=sum(usage["output_tokens"].count for usage in answers.values()),
        cached_tokens=sum(usage["cache_read_input_tokens"].count for usage in answers.values()),
        cost_usd=None if answers else Decimal(0),
    )


def _is_answer(event: Json) -> bool:
    return event["type"].text == "assistant" and event["message"]["model"].text not in {"", "<synthetic>"}


def _read_files(events: Iterable[Json]) -> list[str]:
    """The files that the tool Read gave; a refused or failed reading opened nothing."""
    asked: dict[str, str] = {}
    given: list[str] = []
    for event in events:
        for block in event["message"]["content"]:
            if block["type"].text == "tool_use" and block["name"].text in {"Read", "Grep"}:
                asked[block["id"].text] = block["input"]["file_path"].text or block["input"]["path"].text
            elif block["type"].text == "tool_result" and not block["is_error"].is_true:
                given.append(asked.get(block["tool_use_id"].text, ""))
    return given
