"""Google's generateContent and streamGenerateContent on the wire, with function calls, JSON schema and errors.

Shapes after https://ai.google.dev/api/generate-content and https://cloud.google.com/apis/design/errors.
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

_TROUBLES: Mapping[Trouble, tuple[int, str, str]] = {
    Trouble.KEY: (400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key."),
    Trouble.FORBIDDEN: (403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers."),
    Trouble.MODEL: (404, "NOT_FOUND", "models/no-such-model is not found for API version v1beta."),
    Trouble.QUOTA: (
        429,
        "RESOURCE_EXHAUSTED",
        "You exceeded your current quota, please check your plan and billing details.",
    ),
    Trouble.RATE_LIMIT: (429, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota)."),
    Trouble.OVERLOADED: (503, "UNAVAILABLE", "The model is overloaded. Please try again later."),
    Trouble.FAULT: (500, "INTERNAL", "An internal error has occurred."),
    Trouble.TOO_LONG: (
        400,
        "INVALID_ARGUMENT",
        "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
    ),
    Trouble.BAD_REQUEST: (
        400,
        "INVALID_ARGUMENT",
        "Unable to submit request because topP must be in the range [0, 1].",
    ),
}


def _text(parts: object) -> str:
    return "\n".join(word(at(part, "text")) for part in items(parts) if at(part, "text") is not None)


def _setting(body: object, *names: str) -> object:
    config = at(body, "generationConfig")
    return next((entries(config)[name] for name in names if name in entries(config)), None)


def _result(response: object) -> ToolResult:
    result = at(response, "response")
    said = at(result, "output") or at(result, "return_value") or at(result, "error")
    return ToolResult(
        name=word(at(response, "name")),
        text=said if isinstance(said, str) else compact(result),
        is_error="error" in entries(result),
    )


def _tools(body: object) -> tuple[Tool, ...]:
    return tuple(
        Tool(
            name=word(at(function, "name")),
            description=word(at(function, "description")),
            # Google takes both spellings of a field's name.
            schema=compact(
                next(
                    (
                        entries(function)[name]
                        for name in ("parametersJsonSchema", "parameters_json_schema", "parameters")
                        if name in entries(function)
                    ),
                    None,
                )
            ),
        )
        for tool in items(at(body, "tools"))
        for function in items(at(tool, "functionDeclarations"))
    )


def decode(body: object, headers: Mapping[str, str], *, number: int, path: str, text: str) -> Ask:
    """The request as a value; the model stands in the path."""
    contents = items(at(body, "contents"))
    parts = [part for content in contents for part in items(at(content, "parts"))]
    model, _, method = path.partition("/models/")[2].partition(":")
    return Ask(
        number=number,
        vendor=Vendor.GOOGLE,
        path=path,
        model=model,
        key=headers.get("x-goog-api-key", ""),
        system=_text(at(body, "systemInstruction", "parts")),
        messages=tuple(
            Message(role="assistant" if at(content, "role") == "model" else "user", text=_text(at(content, "parts")))
            for content in contents
        ),
        tool_results=tuple(
            _result(at(part, "functionResponse")) for part in parts if at(part, "functionResponse") is not None
        ),
        tools=_tools(body),
        schema=compact(_setting(body, "responseJsonSchema", "response_json_schema", "responseSchema")),
        forced=at(body, "toolConfig", "functionCallingConfig", "mode") == "ANY",
        stream=method == "streamGenerateContent",
        max_tokens=whole(_setting(body, "maxOutputTokens")),
        headers=headers,
        body=text,
    )


def _usage(tokens: Tokens) -> dict[str, object]:
    cached = {"cachedContentTokenCount": tokens.cached} if tokens.cached else {}
    return {
        "promptTokenCount": tokens.input,
        "candidatesTokenCount": tokens.output,
        "totalTokenCount": tokens.input + tokens.output,
        **cached,
    }


def _call(call: CallTool, number: int, index: int) -> dict[str, object]:
    return {"functionCall": {"id": f"call-{number}-{index}", "name": call.name, "args": dict(call.args)}}


def _parts(ask: Ask, action: Action) -> tuple[list[dict[str, object]], str, Tokens]:
    match action:
        case Json(text, tokens):
            if ask.offers("final_result") and not ask.schema:
                return [_call(CallTool("final_result", entries(json.loads(text))), ask.number, 0)], "STOP", tokens
            return [{"text": text}], "STOP", tokens
        case CallTool():
            return [_call(action, ask.number, 0)], "STOP", action.tokens
        case CallTools(calls, tokens):
            return [_call(call, ask.number, index) for index, call in enumerate(calls)], "STOP", tokens
        case Refuse(_, tokens):
            return [], "SAFETY", tokens
        case Truncate(text, tokens):
            return [{"text": text}], "MAX_TOKENS", tokens
        case Empty(tokens):
            return [], "STOP", tokens
        case Say(text, tokens):
            return [{"text": text}], "STOP", tokens
        case _:
            raise AssertionError(action)


def _error(trouble: Trouble, retry_after: float | None) -> Reply:
    status, name, message = _TROUBLES[trouble]
    kind = "type.googleapis.com/google.rpc."
    details: list[dict[str, object]] = []
    if trouble is Trouble.KEY:
        details.append({"@type": f"{kind}ErrorInfo", "reason": "API_KEY_INVALID", "domain": "googleapis.com"})
    if trouble is Trouble.QUOTA:
        violation = {"quotaId": "GenerateRequestsPerDayPerProjectPerModel-FreeTier", "quotaValue": "50"}
        details.append({"@type": f"{kind}QuotaFailure", "violations": [violation]})
    if retry_after is not None:
        details.append({"@type": f"{kind}RetryInfo", "retryDelay": f"{retry_after:g}s"})
    return Reply(
        status=status, body={"error": {"code": status, "message": message, "status": name, "details": details}}
    )


def _stream(parts: list[dict[str, object]]) -> list[list[dict[str, object]]]:
    """Texts in pieces; a function call arrives whole."""
    steps: list[list[dict[str, object]]] = []
    for part in parts:
        steps += [[{"text": piece}] for piece in pieces(word(part["text"]))] if "text" in part else [[part]]
    return steps or [[]]


def encode(ask: Ask, action: Action) -> Reply:
    """The answer as it goes over the wire."""
    if isinstance(action, Fail):
        return _error(action.trouble, action.retry_after)
    common = {"modelVersion": ask.model, "responseId": f"response-{ask.number}"}
    if isinstance(action, StreamFail):
        first = {"candidates": [{"content": {"role": "model", "parts": [{"text": "The "}]}, "index": 0}], **common}
        return Reply(events=(("", first), ("", _error(action.trouble, None).body)))
    if isinstance(action, Filter):
        prompt = {"promptTokenCount": action.tokens.input, "totalTokenCount": action.tokens.input}
        blocked = {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, "usageMetadata": prompt, **common}
        return Reply(events=(("", blocked),)) if ask.stream else Reply(body=blocked)
    parts, finish, tokens = _parts(ask, action)
    usage = _usage(tokens)
    if not ask.stream:
        candidate = {"content": {"role": "model", "parts": parts}, "finishReason": finish, "index": 0}
        return Reply(body={"candidates": [candidate], "usageMetadata": usage, **common})
    steps = _stream(parts)
    events: list[tuple[str, object]] = []
    for index, step in enumerate(steps):
        candidate = {"content": {"role": "model", "parts": step}, "index": 0}
        if index == len(steps) - 1:
            candidate["finishReason"] = finish
        events.append(("", {"candidates": [candidate], "usageMetadata": usage, **common}))
    return Reply(events=tuple(events))


def count_tokens(text: str) -> Reply:
    """The answer to `countTokens`: a quarter of the characters."""
    return Reply(body={"totalTokens": len(text) // 4})
