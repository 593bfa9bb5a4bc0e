"""OpenAI's Responses and chat completions on the wire, which Ollama, OpenRouter and vLLM speak too (the latter).

Shapes after https://platform.openai.com/docs/api-reference/responses, /responses-streaming and /chat.
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

_TROUBLES: Mapping[Trouble, tuple[int, str, str, str]] = {
    Trouble.KEY: (401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided: sk-no***key."),
    Trouble.FORBIDDEN: (403, "invalid_request_error", "unsupported_country", "Project does not have access."),
    Trouble.MODEL: (404, "invalid_request_error", "model_not_found", "The model `no-such-model` does not exist."),
    Trouble.QUOTA: (
        429,
        "insufficient_quota",
        "insufficient_quota",
        "You exceeded your current quota, please check your plan and billing details.",
    ),
    Trouble.RATE_LIMIT: (429, "requests", "rate_limit_exceeded", "Rate limit reached for requests per min (RPM)."),
    Trouble.OVERLOADED: (503, "service_unavailable_error", "server_is_overloaded", "The server is overloaded."),
    Trouble.FAULT: (500, "server_error", "server_error", "The server had an error processing your request."),
    Trouble.TOO_LONG: (
        400,
        "invalid_request_error",
        "context_length_exceeded",
        "Your input exceeds the context window of this model. Please adjust your input and try again.",
    ),
    Trouble.BAD_REQUEST: (400, "invalid_request_error", "invalid_value", "Invalid value: 'purple'."),
}


def _text(content: object) -> str:
    if isinstance(content, str):
        return content
    return "\n".join(word(at(part, "text")) for part in items(content) if at(part, "text") is not None)


def _key(headers: Mapping[str, str]) -> str:
    return headers.get("authorization", "").removeprefix("Bearer ")


def _turns(entered: list[object]) -> tuple[str, tuple[Message, ...]]:
    """What the system says, and the turns."""
    said = [(word(at(entry, "role")), _text(at(entry, "content"))) for entry in entered]
    system = "\n".join(text for role, text in said if role in {"system", "developer"})
    turns = tuple(Message(role=role, text=text) for role, text in said if role in {"user", "assistant"})
    return system, turns


def _tools(offered: list[object]) -> tuple[Tool, ...]:
    return tuple(
        Tool(
            name=word(at(function, "name")),
            description=word(at(function, "description")),
            schema=compact(at(function, "parameters")),
        )
        for function in offered
    )


def decode_responses(body: object, headers: Mapping[str, str], *, number: int, path: str, text: str) -> Ask:
    """A request to `/responses` as a value."""
    given = at(body, "input")
    entered: list[object] = [{"role": "user", "content": given}] if isinstance(given, str) else items(given)
    system, turns = _turns(entered)
    names = {word(at(entry, "call_id")): word(at(entry, "name")) for entry in entered if at(entry, "name")}
    return Ask(
        number=number,
        vendor=Vendor.OPENAI,
        path=path,
        model=word(at(body, "model")),
        key=_key(headers),
        system="\n".join(filter(None, [word(at(body, "instructions")), system])),
        messages=turns,
        tool_results=tuple(
            ToolResult(name=names.get(word(at(entry, "call_id")), ""), text=_text(at(entry, "output")))
            for entry in entered
            if at(entry, "type") == "function_call_output"
        ),
        tools=_tools(items(at(body, "tools"))),
        schema=compact(at(body, "text", "format", "schema")),
        forced=at(body, "tool_choice") not in {None, "auto", "none"},
        stream=at(body, "stream") is True,
        max_tokens=whole(at(body, "max_output_tokens")),
        headers=headers,
        body=text,
    )


def decode_chat(body: object, headers: Mapping[str, str], *, number: int, path: str, text: str) -> Ask:
    """A request to `/chat/completions` as a value."""
    entered = items(at(body, "messages"))
    system, turns = _turns(entered)
    calls = [call for entry in entered for call in items(at(entry, "tool_calls"))]
    names = {word(at(call, "id")): word(at(call, "function", "name")) for call in calls}
    limit = at(body, "max_completion_tokens")
    return Ask(
        number=number,
        vendor=Vendor.OPENAI_CHAT,
        path=path,
        model=word(at(body, "model")),
        key=_key(headers),
        system=system,
        messages=turns,
        tool_results=tuple(
            ToolResult(name=names.get(word(at(entry, "tool_call_id")), ""), text=_text(at(entry, "content")))
            for entry in entered
            if at(entry, "role") == "tool"
        ),
        tools=_tools([at(tool, "function") for tool in items(at(body, "tools"))]),
        schema=compact(at(body, "response_format", "json_schema", "schema")),
        forced=at(body, "tool_choice") not in {None, "auto", "none"},
        stream=at(body, "stream") is True,
        max_tokens=whole(at(body, "max_tokens") if limit is None else limit),
        headers=headers,
        body=text,
    )


def _fail(trouble: Trouble, retry_after: float | None) -> Reply:
    status, kind, code, message = _TROUBLES[trouble]
    headers = () if retry_after is None else (("retry-after", f"{retry_after:g}"),)
    error = {"message": message, "type": kind, "param": None, "code": code}
    return Reply(status=status, headers=headers, body={"error": error})


def _answer(ask: Ask, action: Action) -> tuple[str, tuple[CallTool, ...], Tokens]:
    """Text, calls and tokens of an answer that is no error."""
    match action:
        case Json(text, tokens) if ask.offers("final_result") and not ask.schema:
            return "", (CallTool("final_result", entries(json.loads(text))),), tokens
        case Say(text, tokens) | Json(text, tokens) | Refuse(text, tokens) | Truncate(text, tokens):
            return text, (), tokens
        case CallTool():
            return "", (action,), action.tokens
        case CallTools(calls, tokens):
            return "", calls, tokens
        case Empty(tokens) | Filter(tokens):
            return "", (), tokens
        case _:
            raise AssertionError(action)


# --- Responses ----------------------------------------------------------------------------------------------------------


def _output(ask: Ask, action: Action, text: str, calls: tuple[CallTool, ...]) -> list[dict[str, object]]:
    output: list[dict[str, object]] = [
        {
            "type": "function_call",
            "id": f"fc_{ask.number}_{index}",
            "call_id": f"call_{ask.number}_{index}",
            "name": call.name,
            "arguments": compact(dict(call.args)),
            "status": "completed",
        }
        for index, call in enumerate(calls)
    ]
    part: dict[str, object] = {"type": "output_text", "text": text, "annotations": []}
    if isinstance(action, Refuse):
        part = {"type": "refusal", "refusal": text}
    if text:
        message = {"type": "message", "id": f"msg_{ask.number}", "role": "assistant", "status": "completed"}
        output.insert(0, {**message, "content": [part]})
    return output


def _response(ask: Ask, action: Action) -> dict[str, object]:
    text, calls, tokens = _answer(ask, action)
    reason = {Truncate: "max_output_tokens", Filter: "content_filter"}.get(type(action), "")
    return {
        "id": f"resp_{ask.number:04}",
        "object": "response",
        "created_at": 1_790_000_000,
        "status": "incomplete" if reason else "completed",
        "error": None,
        "incomplete_details": {"reason": reason} if reason else None,
        "model": ask.model,
        "output": _output(ask, action, text, calls),
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "usage": {
            "input_tokens": tokens.input,
            "input_tokens_details": {"cached_tokens": tokens.cached},
            "output_tokens": tokens.output,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": tokens.input + tokens.output,
        },
    }


def _item_events(index: int, item: dict[str, object]) -> list[dict[str, object]]:
    where: dict[str, object] = {"output_index": index, "item_id": item["id"]}
    events: list[dict[str, object]] = []
    if item["type"] == "function_call":
        opened = {**item, "arguments": "", "status": "in_progress"}
        parts = pieces(word(item["arguments"]))
        events += [{"type": "response.function_call_arguments.delta", **where, "delta": part} for part in parts]
        done = {"arguments": item["arguments"], "name": item["name"]}
        events.append({"type": "response.function_call_arguments.done", **where, **done})
    else:
        part = entries(items(item["content"])[0])
        kind = word(part["type"])
        field = "refusal" if kind == "refusal" else "text"
        opened = {**item, "content": [], "status": "in_progress"}
        where["content_index"] = 0
        events.append({"type": "response.content_part.added", **where, "part": {**part, field: ""}})
        for piece in pieces(word(part[field])):
            events.append({"type": f"response.{kind}.delta", **where, "delta": piece, "logprobs": []})
        events.append({"type": f"response.{kind}.done", **where, field: part[field], "logprobs": []})
        events.append({"type": "response.content_part.done", **where, "part": part})
    return [
        {"type": "response.output_item.added", "output_index": index, "item": opened},
        *events,
        {"type": "response.output_item.done", "output_index": index, "item": item},
    ]


def encode_responses(ask: Ask, action: Action) -> Reply:
    """The answer of `/responses` as it goes over the wire."""
    if isinstance(action, Fail):
        return _fail(action.trouble, action.retry_after)
    failing = isinstance(action, StreamFail)
    whole_response = _response(ask, Empty() if failing else action)
    if not ask.stream:
        return Reply(body=whole_response)
    begun = {**whole_response, "status": "in_progress", "output": [], "usage": None, "incomplete_details": None}
    events: list[dict[str, object]] = [{"type": "response.created", "response": begun}]
    if isinstance(action, StreamFail):
        _, _, code, message = _TROUBLES[action.trouble]
        failed = {**begun, "status": "failed", "error": {"code": code, "message": message}}
        events.append({"type": "response.failed", "response": failed})
    else:
        for index, item in enumerate(items(whole_response["output"])):
            events += _item_events(index, dict(entries(item)))
        events.append({"type": f"response.{whole_response['status']}", "response": whole_response})
    return Reply(
        events=tuple((str(event["type"]), {**event, "sequence_number": number}) for number, event in enumerate(events))
    )


# --- chat completions ---------------------------------------------------------------------------------------------------


def _chat_message(ask: Ask, action: Action, text: str, calls: tuple[CallTool, ...]) -> dict[str, object]:
    refused = isinstance(action, Refuse)
    message: dict[str, object] = {
        "role": "assistant",
        "content": None if refused or calls else text,
        "refusal": text if refused else None,
    }
    if calls:
        message["tool_calls"] = [
            {
                "id": f"call_{ask.number}_{index}",
                "type": "function",
                "function": {"name": call.name, "arguments": compact(dict(call.args))},
            }
            for index, call in enumerate(calls)
        ]
    return message


def encode_chat(ask: Ask, action: Action) -> Reply:
    """The answer of `/chat/completions` as it goes over the wire."""
    if isinstance(action, Fail):
        return _fail(action.trouble, action.retry_after)
    if isinstance(action, StreamFail):
        return Reply(events=(("", _fail(action.trouble, None).body),))
    text, calls, tokens = _answer(ask, action)
    finish = {Truncate: "length", Filter: "content_filter"}.get(type(action), "tool_calls" if calls else "stop")
    message = _chat_message(ask, action, text, calls)
    usage = {
        "prompt_tokens": tokens.input,
        "completion_tokens": tokens.output,
        "total_tokens": tokens.input + tokens.output,
        "prompt_tokens_details": {"cached_tokens": tokens.cached},
    }
    common: dict[str, object] = {"id": f"chatcmpl-{ask.number}", "created": 1_790_000_000, "model": ask.model}
    if not ask.stream:
        choice = {"index": 0, "message": message, "finish_reason": finish, "logprobs": None}
        return Reply(body={**common, "object": "chat.completion", "choices": [choice], "usage": usage})
    common["object"] = "chat.completion.chunk"
    deltas: list[dict[str, object]] = [{"role": "assistant", "content": ""}]
    field = "refusal" if isinstance(action, Refuse) else "content"
    deltas += [{field: piece} for piece in pieces(text)]
    for index, call in enumerate(items(message.get("tool_calls"))):
        deltas.append({"tool_calls": [{"index": index, **entries(call)}]})
    chunks: list[dict[str, object]] = [
        {**common, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas
    ]
    chunks.append({**common, "choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
    chunks.append({**common, "choices": [], "usage": usage})
    return Reply(events=(*(("", chunk) for chunk in chunks), ("", "[DONE]")))
