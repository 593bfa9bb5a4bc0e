"""Google's command-line program `gemini` as a provider."""

import json
import re
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from docsfy_action.processes import Finished
from docsfy_action.providers import estimate
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
    with_schema,
)
from docsfy_action.providers.json_values import Json, parse_lines
from docsfy_action.providers.model import Answer, FailureKind, Request, Usage

_READING_TOOLS = ["read_file", "list_directory", "glob", "grep_search", "search_file_content"]
_NO_TOOL = ["none"]  # an empty list would mean all
# The exit status is the status of HTTP modulo 256, or one of the program's own.
_HTTP_STATUSES = (400, 401, 403, 404, 408, 413, 429, 499, 500, 502, 503, 504, 529)
_BY_STATUS = {401: FailureKind.KEY, 403: FailureKind.KEY, 404: FailureKind.MODEL, 413: FailureKind.TOO_LONG}
_BY_STATUS |= {408: FailureKind.UNREACHABLE, 429: FailureKind.RATE_LIMIT, 499: FailureKind.UNREACHABLE}
_AUTHENTICATION, _TURNS = 41, 53
# Sentences of the vendor's and the program's, in the order in which they are looked for.
_SENTENCES = (
    (r"api[ _]key not valid|api_key_invalid|api key expired|permission_denied|unauthenticated", FailureKind.KEY),
    (r"models/\S+ is not found|is not found for api version|model .{0,80}not found", FailureKind.MODEL),
    (r"exceeds the maximum number of tokens|input token count", FailureKind.TOO_LONG),
    (r"daily quota|quota exceeded.*per ?day|billing|credits? (?:are|is) depleted", FailureKind.QUOTA),
    (r"resource has been exhausted|rate limit|too many requests|suggested retry", FailureKind.RATE_LIMIT),
    (r"overloaded|internal error|unavailable|is not valid json", FailureKind.OVERLOADED),
    (r"blocked due to|safety|prohibited_content|recitation", FailureKind.REFUSED),
    (r"max_tokens|maximum output", FailureKind.TRUNCATED),
    (r"terminated|fetch failed|econn|socket|network|without a finish reason|timed? ?out", FailureKind.UNREACHABLE),
)
_GO_ON = "Do this now, and give the answer alone."
_EMPTY = "empty response"
_NOISE = re.compile(r"^(?:(?:security )?warning\b|\[startup\]|ripgrep is not).*$", re.IGNORECASE | re.MULTILINE)
_RETRY_AFTER = re.compile(r"retry (?:after|in) (\d{1,6}(?:\.\d{1,6})?) ?s")
_CODE = re.compile(r'"code" ?: ?(\d{3})\b')


class GeminiProvider(ProgramProvider):
    """`gemini`."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """As the input `provider` names it."""
        return "gemini"

    def call(self, request: Request, home: Path) -> Call:
        """Everything in files: settings, instructions, and the prompt as a conversation that has begun."""
        _stop_search(self.setup.place.export.parent)
        own = home / ".gemini"
        own.mkdir(mode=0o700)
        (own / "settings.json").write_text(settings(self.setup.model, request), "utf-8")
        (own / ".env").touch()
        (own / "system.md").write_text(request.instructions, "utf-8")
        prompt = own / "prompt.jsonl"
        prompt.write_text(conversation(as_task(with_schema(request))), "utf-8")
        return Call(
            arguments=("--output-format=stream-json", "--model", self.setup.model, f"--session-file={prompt}"),
            stdin=_GO_ON,
            switches=_switches(home),
            home=home,
        )

    def answer(self, finished: Finished, request: Request) -> Answer:
        """From the events that it prints."""
        return read_answer(self.setup, finished, request)


def settings(model: str, request: Request) -> str:
    """The program's settings for one call. They are told as the system's, which nothing in a repository overrules, and
    as the user's, because the program believes no system file below a folder that others may write to."""
    limit = {"generateContentConfig": {"maxOutputTokens": request.max_output_tokens}}
    return json.dumps(
        {
            "security": {"auth": {"selectedType": "gemini-api-key"}, "environmentVariableRedaction": {"enabled": True}},
            "general": {"enableAutoUpdate": False, "enableAutoUpdateNotification": False, "maxAttempts": 1},
            "privacy": {"usageStatisticsEnabled": False},
            "telemetry": {"enabled": False},
            "tools": {
                "core": _READING_TOOLS if request.explore else _NO_TOOL,
                "discoveryCommand": "",
                "callCommand": "",
                "sandbox": False,
            },
            "mcp": {"allowed": ["none"], "serverCommand": ""},
            "hooksConfig": {"enabled": False},
            "skills": {"enabled": False},
            "context": {
                "memoryBoundaryMarkers": [],  # read instructions in no folder above; the export has none in it
                "fileFiltering": {"respectGitIgnore": False, "respectGeminiIgnore": False},
            },
            "advanced": {"ignoreLocalEnv": True, "autoConfigureMemory": False},
            "model": {"maxSessionTurns": estimate.turns(request)},
            "modelConfigs": {"customOverrides": [{"match": {"model": model}, "modelConfig": limit}]},
        }
    )


def conversation(prompt: str) -> str:
    """The prompt as the program keeps a conversation that it is to continue. On standard input it would take every
    `@name`, as decorators are written, for a file to search for and to add, and repeat all of it in its output."""
    begun = "1970-01-01T00:00:00.000Z"
    about = {
        "sessionId": "00000000-0000-4000-8000-000000000000",
        "projectHash": "docsfy",
        "startTime": begun,
        "lastUpdated": begun,
    }
    said = {
        "id": "1",
        "timestamp": begun,
        "type": "user",
        "content": [{"text": prompt.encode("utf-8", "replace").decode()}],
    }
    return f"{json.dumps(about)}\n{json.dumps(said)}\n"


def _switches(home: Path) -> dict[str, str]:
    own = home / ".gemini"
    return {
        "GEMINI_CLI_HOME": str(home),
        "GEMINI_CLI_SYSTEM_SETTINGS_PATH": str(own / "settings.json"),
        "GEMINI_CLI_SYSTEM_DEFAULTS_PATH": str(own / "no-defaults.json"),
        # Without trust it reads nothing and ends with status 55; what trust would load, the export does not hold.
        "GEMINI_CLI_TRUST_WORKSPACE": "true",
        "GEMINI_CLI_NO_RELAUNCH": "true",
        "GEMINI_SYSTEM_MD": str(own / "system.md"),
        "GEMINI_TELEMETRY_ENABLED": "false",
        "NO_UPDATE_NOTIFIER": "1",
    }


def _stop_search(parent: Path) -> None:
    """The program looks for `.gemini/.env` in all folders above the one it works in, and takes the first: ours, empty."""
    try:
        (parent / ".gemini").mkdir(exist_ok=True, mode=0o700)
        (parent / ".gemini/.env").touch()
    except OSError:
        return  # not ours to write; all that such a file could redirect is set explicitly


def read_answer(setup: Setup, finished: Finished, request: Request) -> Answer:
    """What the program said, as an answer."""
    events = parse_lines(finished.stdout)
    opened = opened_paths(setup.place.export, _read_files(events))
    result = next((event for event in reversed(events) if event["type"].text == "result"), Json())
    usage = _usage(events, result)
    early = ended_early(setup, finished, request)
    if early is not None:
        return replace(early, usage=usage, opened=opened)
    if result["status"].text == "success":
        return completion(request, _last_words_of_model(events), usage, opened)
    words = _error(events, result)
    if _EMPTY in words.lower():
        return completion(request, "", usage, opened)
    words = words or last_words(finished, noise=_NOISE)
    said = failure(setup, kind_of(words, finished.status), words, retry_after=_retry_after(words), usage=usage)
    return replace(said, opened=opened)


def kind_of(words: str, status: int) -> FailureKind:
    """What went wrong, from the program's words first: its exit status is the same for a bad key and a bad request."""
    if status == _TURNS:
        return FailureKind.LIMIT
    if status == _AUTHENTICATION:
        return FailureKind.KEY
    code = _CODE.search(words)
    http = int(code[1]) if code else next((known for known in _HTTP_STATUSES if known % 256 == status), 0)
    for pattern, kind in _SENTENCES:
        if re.search(pattern, words, re.IGNORECASE | re.DOTALL):
            return kind
    if http >= 500:
        return FailureKind.OVERLOADED
    return _BY_STATUS.get(http, FailureKind.BROKEN)


def _error(events: tuple[Json, ...], result: Json) -> str:
    told = result["error"]["message"].text
    last = [event["message"].text for event in events if event["type"].text == "error"]
    return told or (last[-1] if last else "")


def _retry_after(words: str) -> float | None:
    found = _RETRY_AFTER.search(words)
    return float(found[1]) if found else None


def _last_words_of_model(events: tuple[Json, ...]) -> str:
    """What was said after the last use of a tool: before it stand announcements, not the answer."""
    said: list[str] = []
    for event in events:
        kind = event["type"].text
        if kind in {"tool_use", "tool_result"}:
            said.clear()
        elif kind == "message" and event["role"].text == "assistant":
            said.append(event["content"].text)
    return "".join(said)


def _usage(events: tuple[Json, ...], result: Json) -> Usage:
    """The program tells tokens and no price; of a program that was stopped nothing is known but that it was begun."""
    stats = result["stats"]
    turns = 1 + sum(
        first["type"].text == "tool_result" and second["type"].text != "tool_result"
        for first, second in pairwise(events)
    )
    tokens = stats["input_tokens"].count
    spent = bool(tokens or stats["output_tokens"].count)
    return Usage(
        requests=turns if events else 0,
        input_tokens=tokens,
        output_tokens=max(stats["output_tokens"].count, stats["total_tokens"].count - tokens),
        cached_tokens=stats["cached"].count,
        cost_usd=None if spent or (events and not result) else Decimal(0),
    )


def _read_files(events: tuple[Json, ...]) -> list[str]:
    """The files that the tools gave; a refused or failed reading opened nothing."""
    asked: dict[str, str] = {}
    given: list[str] = []
    for event in events:
        if event["type"].text == "tool_use":
            about = event["parameters"]
            asked[event["tool_id"].text] = about["file_path"].text or about["absolute_path"].text
        elif event["type"].text == "tool_result" and event["status"].text == "success":
            given.append(asked.get(event["tool_id"].text, ""))
    return given
