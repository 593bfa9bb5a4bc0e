"""Anthropic Messages on the wire: plain and streamed answers, tool use, structured output, errors.

Shapes after https://platform.claude.com/docs/en/api/messages, /en/build-with-claude/streaming and /en/api/errors.
"""

import json
from collections.abc import Mapping

from tests.contract.models.reading import Reply, at, compact, entries, items, pieces, whole, word
from tests.contract.models.values import (
    Action,
    Ask,
    CallTool,
    CallTools,
    Empty,
    Fail,
    Filter,
    Json,
    Message,
    Refuse,
    Say,
    StreamFail,
    Tokens,
    Tool,
    ToolResult,
    Trouble,
    Truncate,
    Vendor,
)

# Tools by which clients ask for structured output: pydantic-ai's, and that of Anthropic's own command line.
_OUTPUT_TOOLS = ("final_result", "StructuredOutput")

_TROUBLES: Mapping[Trouble, tuple[int, str, str]] = {
    Trouble.KEY: (401, "authentication_error", "invalid x-api-key"),
    Trouble.FORBIDDEN: (403, "permission_error", "Your API key does not have permission to use the specified resource"),
    Trouble.MODEL: (404, "not_found_error", "model: no-such-model"),
    Trouble.QUOTA: (
        400,
        "invalid_request_error",
        "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to purchase credits.",
    ),
    Trouble.RATE_LIMIT: (429, "rate_limit_error", "This request would exceed your organization's rate limit"),
    Trouble.OVERLOADED: (529, "overloaded_error", "Overloaded"),
    Trouble.FAULT: (500, "api_error", "Internal server error"),
    Trouble.TOO_LONG: (400, "invalid_request_error", "prompt is too long: 213456 tokens > 200000 maximum"),
    Trouble.BAD_REQUEST: (400, "invalid_request_error", "temperature: range: 0..1"),
}


def _text(content: object) -> str:
    if isinstance(content, str):
        return content
    return "\n".join(word(at(block, "text")) for block in items(content) if at(block, "type") == "text")


def _key(headers: Mapping[str, str]) -> str:
    return headers.get("x-api-key") or headers.get("authorization", "").removeprefix("Bearer ")


def decode(body: object, headers: Mapping[str, str], *, number: int, path: str, text: str) -> Ask:
    """The request as a value."""
    turns = items(at(body, "messages"))
    names = {
        word(at(block, "id")): word(at(block, "name"))
        for turn in turns
        for block in items(at(turn, "content"))
        if at(block, "type") == "tool_use"
    }
    results = [block for turn in turns for block in items(at(turn, "content")) if at(block, "type") == "tool_result"]
    return Ask(
        number=number,
        vendor=Vendor.ANTHROPIC,
        path=path,
        model=word(at(body, "model")),
        key=_key(headers),
        system=_text(at(body, "system")),
        messages=tuple(Message(role=word(at(turn, "role")), text=_text(at(turn, "content"))) for turn in turns),
        tool_results=tuple(
            ToolResult(
                name=names.get(word(at(block, "tool_use_id")), ""),
                text=_text(at(block, "content")),
                is_error=at(block, "is_error") is True,
            )
            for block in results
        ),
        tools=tuple(
            Tool(
                name=word(at(tool, "name")),
                description=word(at(tool, "description")),
                schema=compact(at(tool, "input_schema")),
            )
            for tool in items(at(body, "tools"))
        ),
        schema=compact(at(body, "output_config", "format", "schema") or at(body, "output_format", "schema")),
        forced=at(body, "tool_choice", "type") in {"any", "tool"},
        stream=at(body, "stream") is True,
        max_tokens=whole(at(body, "max_tokens")),
        cache_marks=text.count('"cache_control"'),
        headers=headers,
        body=text,
    )


def _usage(tokens: Tokens) -> dict[str, object]:
    return {
        "input_tokens": tokens.input - tokens.cached - tokens.written,
        "cache_read_input_tokens": tokens.cached,
        "cache_creation_input_tokens": tokens.written,
        "output_tokens": tokens.output,
    }


def _tool_use(call: CallTool, number: int, index: int) -> dict[str, object]:
    return {"type": "tool_use", "id": f"toolu_{number:04}{index:02}", "name": call.name, "input": dict(call.args)}


def _structured(ask: Ask, text: str) -> tuple[list[dict[str, object]], str]:
    tool = next((name for name in _OUTPUT_TOOLS if ask.offers(name)), "")
    if tool and not ask.schema:
        return [_tool_use(CallTool(tool, entries(json.loads(text))), ask.number, 0)], "tool_use"
    return [{"type": "text", "text": text}], "end_turn"


def _content(ask: Ask, action: Action) -> tuple[list[dict[str, object]], str, Tokens]:
    match action:
        case Json(text, tokens):
            return *_structured(ask, text), tokens
        case CallTool():
            return [_tool_use(action, ask.number, 0)], "tool_use", action.tokens
        case CallTools(calls, tokens):
            return [_tool_use(call, ask.number, index) for index, call in enumerate(calls)], "tool_use", tokens
        case Refuse(text, tokens):
            return [{"type": "text", "text": text}], "refusal", tokens
        case Truncate(text, tokens):
            return [{"type": "text", "text": text}], "max_tokens", tokens
        case Empty(tokens):
            return [], "end_turn", tokens
        case Say(text, tokens):
            return [{"type": "text", "text": text}], "end_turn", tokens
        case _:
            raise AssertionError(action)


def _error(status: int, kind: str, message: str, number: int) -> dict[str, object]:
    return {"type": "error", "error": {"type": kind, "message": message}, "request_id": f"req_{status}_{number:04}"}


def _block_events(index: int, block: dict[str, object]) -> list[tuple[str, object]]:
    if block["type"] == "text":
        start: dict[str, object] = {"type": "text", "text": ""}
        deltas: list[dict[str, object]] = [
            {"type": "text_delta", "text": piece} for piece in pieces(word(block["text"]))
        ]
    else:
        start = {**block, "input": {}}
        parts = pieces(compact(block["input"]))
        deltas = [{"type": "input_json_delta", "partial_json": piece} for piece in parts]
    return [
        ("content_block_start", {"type": "content_block_start", "index": index, "content_block": start}),
        *(("content_block_delta", {"type": "content_block_delta", "index": index, "delta": delta}) for delta in deltas),
        ("content_block_stop", {"type": "content_block_stop", "index": index}),
    ]


def _message(ask: Ask, content: list[dict[str, object]], stop: str | None, usage: object) -> dict[str, object]:
    return {
        "id": f"msg_{ask.number:04}",
        "type": "message",
        "role": "assistant",
        "model": ask.model,
        "content": content,
        "stop_reason": stop,
        "stop_sequence": None,
        "usage": usage,
    }


def encode(ask: Ask, action: Action) -> Reply:
    """The answer as it goes over the wire."""
    match action:
        case Fail(trouble, retry_after):
            status, kind, message = _TROUBLES[trouble]
            headers = () if retry_after is None else (("retry-after", f"{retry_after:g}"),)
            return Reply(status=status, headers=headers, body=_error(status, kind, message, ask.number))
        case Filter():
            message = "Output blocked by content filtering policy"
            return Reply(status=400, body=_error(400, "invalid_request_error", message, ask.number))
        case StreamFail(trouble):
            start = {"type": "message_start", "message": _message(ask, [], None, _usage(Tokens()))}
            status, kind, message = _TROUBLES[trouble]
            error = _error(status, kind, message, ask.number)
            return Reply(events=(("message_start", start), ("error", error)))
        case _:
            content, stop, tokens = _content(ask, action)
    if not ask.stream:
        return Reply(body=_message(ask, content, stop, _usage(tokens)))
    begin = _message(ask, [], None, {**_usage(tokens), "output_tokens": 1})
    events: list[tuple[str, object]] = [("message_start", {"type": "message_start", "message": begin})]
    for index, block in enumerate(content):
        events += _block_events(index, block)
    delta = {"stop_reason": stop, "stop_sequence": None}
    events.append(("message_delta", {"type": "message_delta", "delta": delta, "usage": _usage(tokens)}))
    events.append(("message_stop", {"type": "message_stop"}))
    return Reply(events=tuple(events))


def count_tokens(text: str) -> Reply:
    """The answer to `count_tokens`: a quarter of the characters."""
    return Reply(body={"input_tokens": len(text) // 4})
