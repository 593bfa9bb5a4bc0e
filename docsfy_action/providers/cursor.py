"""Cursor's command-line program `cursor-agent` as a provider, written from its documentation."""

import json
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from docsfy_action.processes import Finished
from docsfy_action.providers.calls import (
    Call,
    ProgramProvider,
    Setup,
    completion,
    ended_early,
    failure,
    last_words,
    opened_paths,
    with_schema,
)
from docsfy_action.providers.json_values import Json, parse_lines
from docsfy_action.providers.model import Answer, FailureKind, Request, Usage

# Reading is all that is allowed. The mode `ask` says the same; this holds also where a later version softens it.
_PERMISSIONS = {"allow": ["Read(**)"], "deny": ["Shell(*)", "Write(**)", "WebFetch(*)", "Mcp(*:*)", "Read(.env*)"]}
# Failures are told in words on standard error only; they are looked for in this order.
_SENTENCES = (
    (r"not logged in|authenticat|unauthori[sz]ed|api key|\b40[13]\b", FailureKind.KEY),
    (r"model\b.{0,120}(?:not found|not available|unknown|invalid|cannot use)|(?:cannot use|unknown|invalid).{0,40}model",
     FailureKind.MODEL),
    (r"usage limit|spend limit|quota|out of (?:requests|credits)|upgrade (?:your|to)|billing", FailureKind.QUOTA),
    (r"rate.?limit|too many requests|resource_exhausted|\b429\b", FailureKind.RATE_LIMIT),
    (r"context (?:window|length)|too (?:long|large)|too many tokens", FailureKind.TOO_LONG),
    (r"econn|enotfound|network|fetch failed|socket|connection|timed? ?out|deadline", FailureKind.UNREACHABLE),
    (r"overloaded|unavailable|internal (?:server )?error|bad gateway|\b5\d\d\b", FailureKind.OVERLOADED),
    (r"refus|content policy|blocked", FailureKind.REFUSED),
)  # fmt: skip


class CursorProvider(ProgramProvider):
    """`cursor-agent --print`."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """As the input `provider` names it."""
        return "cursor"

    def call(self, request: Request, home: Path) -> Call:
        """The program has no place for instructions: they come before the prompt."""
        own = home / ".cursor"
        own.mkdir(mode=0o700)
        (own / "cli-config.json").write_text(json.dumps({"version": 1, "permissions": _PERMISSIONS}), "utf-8")
        ways = ("--print", "--trust", "--mode", "ask", "--output-format", "stream-json")
        return Call(
            arguments=(*ways, "--model", self.model),
            stdin=f"{request.instructions}\n\n{with_schema(request)}",
            switches={"CURSOR_CONFIG_DIR": str(own)},
            home=home,
        )

    def answer(self, finished: Finished, request: Request) -> Answer:
        """From the events that it prints."""
        return read_answer(self.setup, finished, request)


def read_answer(setup: Setup, finished: Finished, request: Request) -> Answer:
    """What the program said, as an answer. It tells no price, and tokens only in newer versions."""
    events = parse_lines(finished.stdout)
    opened = opened_paths(setup.place.export, _read_files(events))
    result = next((event for event in reversed(events) if event["type"].text == "result"), Json())
    usage = _usage(events, result)
    early = ended_early(setup, finished, request)
    if early is not None:
        return replace(early, usage=usage, opened=opened)
    if finished.status == 0 and result and not result["is_error"].is_true:
        return completion(request, _answer(events, result), usage, opened)
    words = result["result"].text if result["is_error"].is_true else last_words(finished)
    if finished.status == 0 and not result:
        words = "its output ended without a result"
        return replace(failure(setup, FailureKind.UNREACHABLE, words, usage=usage), opened=opened)
    return replace(failure(setup, kind_of(words), words, usage=usage), opened=opened)


def kind_of(words: str) -> FailureKind:
    """What went wrong, from the program's words."""
    found = (kind for pattern, kind in _SENTENCES if re.search(pattern, words, re.IGNORECASE | re.DOTALL))
    return next(found, FailureKind.BROKEN)


def _answer(events: tuple[Json, ...], result: Json) -> str:
    """What was said after the last use of a tool; the result itself holds everything that was said, announcements
    too."""
    said: list[str] = []
    used_tools = False
    for event in events:
        if event["type"].text == "tool_call":
            said.clear()
            used_tools = True
        elif event["type"].text == "assistant":
            said.extend(block["text"].text for block in event["message"]["content"])
    return "".join(said) if used_tools else result["result"].text


def _usage(events: tuple[Json, ...], result: Json) -> Usage:
    usage = result["usage"]
    cached = usage["cacheReadTokens"].count
    calls = sum(event["type"].text == "tool_call" and event["subtype"].text == "completed" for event in events)
    return Usage(
        requests=1 + calls if events else 0,
        input_tokens=usage["inputTokens"].count + cached + usage["cacheWriteTokens"].count,
        output_tokens=usage["outputTokens"].count,
        cached_tokens=cached,
        cost_usd=None if events else Decimal(0),
    )


def _read_files(events: tuple[Json, ...]) -> list[str]:
    """The files that the tools gave; the arguments stand in the event of the start, in newer versions in both."""
    asked: dict[str, str] = {}
    given: list[str] = []
    for event in events:
        call = event["tool_call"]["readToolCall"]
        path, name = call["args"]["path"].text, event["call_id"].text
        if path:
            asked[name] = path
        if event["subtype"].text == "completed" and call["result"]["success"]:
            given.append(asked.get(name, ""))
    return given
