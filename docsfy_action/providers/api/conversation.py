"""One call in process: requests and tool calls until the model answers; imports pydantic-ai."""

import json
from collections.abc import AsyncIterable, Sequence
from dataclasses import replace

from pydantic_ai import exceptions
from pydantic_ai.direct import model_request_stream
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelRequestPart,
    ModelResponse,
    SystemPromptPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.settings import ModelSettings
from pydantic_ai.tools import ToolDefinition

from docsfy_action.providers import prices
from docsfy_action.providers.api import failures
from docsfy_action.providers.api.meter import RESULT, Meter, Step
from docsfy_action.providers.api.models import Access
from docsfy_action.providers.api.tools import TOOLS, Explorer
from docsfy_action.providers.api.vendors import Vendor
from docsfy_action.providers.model import Answer, Completion, Failure, FailureKind, Request, Usage

ANSWER_TOOL = "final_result"
_CHAT = frozenset({Vendor.OPENAI_CHAT, Vendor.OLLAMA, Vendor.OPENROUTER})
_BYTES_PER_TOKEN = 4
# Of what tools gave, where not all of it can be paid for.
_SHARES = (0.5, 0.2, 0)
_CUT = "(cut)"
_LAST = "That was the last look into the repository: answer now, from what you know."


class Conversation:
    """A call under way. `spent` and `opened` tell at any moment what it has cost and seen."""

    def __init__(self, access: Access, request: Request, explorer: Explorer | None) -> None:
        self._access = access
        self._request = request
        self._explorer = explorer
        self._parameters = _parameters(request)
        self._meter = Meter(request)
        self.spent = Usage()

    @property
    def opened(self) -> tuple[str, ...]:
        """The paths that tools read."""
        return self._explorer.opened if self._explorer else ()

    def fail(self, kind: FailureKind, message: str) -> Failure:
        """A failure that knows what the call has cost."""
        return Failure(kind=kind, message=message, usage=self.spent, opened=self.opened)

    async def run(self, model: Model) -> Answer:
        """Talks until there is an answer, or a reason why there is none."""
        request = self._request
        messages: list[ModelMessage] = [
            ModelRequest(parts=[SystemPromptPart(request.instructions), UserPromptPart(request.prompt)])
        ]
        step = self._meter.step(look=request.max_turns > 1)
        for turn in range(1, request.max_turns + 1):
            if step is None:
                return self.fail(FailureKind.LIMIT, "there is no money left in this call for an answer")
            response = await self._ask(model, messages, step)
            if isinstance(response, Failure):
                return replace(response, usage=self.spent, opened=self.opened)
            answer = self._answer(response)
            if answer is not None:
                return answer
            if not step.looking:
                return self.fail(
                    FailureKind.LIMIT, f"the model asked to read on where it was to answer, after {turn} requests"
                )
            messages.append(response)
            results, step = self._results(response, last=turn >= request.max_turns - 1)
            messages.append(results)
        return self.fail(FailureKind.LIMIT, f"no answer after {request.max_turns} requests")

    # --- one request ------------------------------------------------------------------------------------------------

    async def _ask(self, model: Model, messages: list[ModelMessage], step: Step) -> ModelResponse | Failure:
        """Streamed, because a connection that is silent for minutes is dropped by the networks in between."""
        self.spent += Usage(requests=1)
        response: ModelResponse | None = None
        try:
            async with model_request_stream(
                model,
                messages,
                model_settings=_settings(self._access, self._request, step),
                model_request_parameters=self._parameters,
                instrument=False,
            ) as stream:
                try:
                    await _read(stream)
                finally:
                    response = stream.get()
        except (exceptions.AgentRunError, exceptions.UserError) as error:
            return failures.failure(error, key=self._access.key)
        except failures.NONSENSE as error:
            return failures.nonsense(error, key=self._access.key)
        finally:
            if response is not None:
                self._count(messages, response)
        return response

    def _count(self, messages: list[ModelMessage], response: ModelResponse) -> None:
        """Adds what a request took. Servers that do not count, and answers that were cut off before they came to it,
        are paid for all the same: their tokens are estimated from the texts."""
        usage = response.usage
        tokens = prices.Tokens(
            input=usage.input_tokens,
            output=usage.output_tokens,
            cached=usage.cache_read_tokens,
            written=usage.cache_write_tokens,
        )
        if usage.unmeasured_requests or not tokens.input:
            tokens = prices.Tokens(input=_estimated(messages), output=_estimated([response]))
        cost = prices.cost(self._access.model.vendor, self._access.model.name, tokens)
        self._meter.answered(tokens.input, tokens.output, cost)
        self.spent += Usage(
            input_tokens=tokens.input,
            output_tokens=tokens.output,
            cached_tokens=tokens.cached,
            cost_usd=cost,
        )

    # --- what came back ---------------------------------------------------------------------------------------------

    def _answer(self, response: ModelResponse) -> Answer | None:
        """The end of the call, or None where tools are to be used."""
        match self._finish_reason(response):
            case "length":
                return self.fail(FailureKind.TRUNCATED, "the answer was cut off at its largest length")
            case "content_filter":
                return self.fail(FailureKind.REFUSED, self._refusal(response))
            case "error":
                return self.fail(FailureKind.BROKEN, "the model's answer was malformed or failed")
            case None:
                return self.fail(FailureKind.UNREACHABLE, "the connection ended before the answer did")
            case _:
                pass
        for call in response.tool_calls:
            if call.tool_name == ANSWER_TOOL:
                return self._structured(call)
        if response.tool_calls and self._explorer is not None:
            return None
        if response.tool_calls:
            return self.fail(FailureKind.BROKEN, "the model called a tool that it was not given")
        return Completion(text=response.text or "", usage=self.spent, opened=self.opened)

    def _finish_reason(self, response: ModelResponse) -> str | None:
        """Why the model stopped; None where nothing was said, because the connection ended first."""
        reason = response.finish_reason
        if self._access.model.vendor in _CHAT and reason == "stop" and not response.tool_calls:
            # pydantic-ai takes the end of the stream for the end of the answer; only its details tell them apart.
            return reason if "finish_reason" in (response.provider_details or {}) else None
        return reason

    def _refusal(self, response: ModelResponse) -> str:
        said = (response.provider_details or {}).get("refusal") or response.text or ""
        text = failures.one_line(str(said), key=self._access.key)
        return f"the model or a filter of its vendor declined to answer{f': {text}' if text else ''}"

    def _structured(self, call: ToolCallPart) -> Answer:
        text = call.args if isinstance(call.args, str) else json.dumps(call.args or {})
        try:
            json.loads(text)
        except ValueError as error:
            return self.fail(FailureKind.BROKEN, f"the answer is not valid JSON: {error}")
        return Completion(text=text, usage=self.spent, opened=self.opened)

    def _results(self, response: ModelResponse, *, last: bool) -> tuple[ModelRequest, Step | None]:
        """What the tools gave, and the next step: with all of it where that can be paid for, else with as much as can."""
        calls = response.tool_calls
        texts = shown = [self._look(call) for call in calls]
        step = self._meter.step(look=not last, added=_size(texts))
        for share in _SHARES if step is None else ():
            shown = [f"{text[: int(len(text) * share)]}\n{_CUT}" for text in texts]
            step = self._meter.step(look=False, added=_size(shown))
            if step is not None:
                break
        parts: list[ModelRequestPart] = [
            ToolReturnPart(tool_name=call.tool_name, content=text, tool_call_id=call.tool_call_id)
            for call, text in zip(calls, shown, strict=True)
        ]
        if step is not None and not step.looking:
            parts.append(UserPromptPart(_LAST))
        return ModelRequest(parts=parts), step

    def _look(self, call: ToolCallPart) -> str:
        try:
            arguments = json.loads(call.args or "{}") if isinstance(call.args, str) else call.args or {}
        except ValueError:
            arguments = None
        if not isinstance(arguments, dict) or self._explorer is None:
            return "error: the arguments are not a JSON object"
        return self._explorer.use(call.tool_name, arguments)


def _size(results: Sequence[str]) -> int:
    """Bytes of what tools gave, as it is sent."""
    return sum(len(text.encode("utf-8")) + RESULT for text in results)


def _estimated(messages: Sequence[ModelMessage]) -> int:
    """Tokens of texts, roughly."""
    texts = (getattr(part, "content", None) or getattr(part, "args", None) for one in messages for part in one.parts)
    return sum(len(str(text).encode("utf-8")) for text in texts if text) // _BYTES_PER_TOKEN


async def _read(stream: AsyncIterable[object]) -> None:
    """Takes a stream to its end; what it said is kept by the stream."""
    async for _ in stream:
        pass


def _parameters(request: Request) -> ModelRequestParameters:
    looking = [
        ToolDefinition(name=tool.name, description=tool.description, parameters_json_schema=tool.schema(), strict=False)
        for tool in (TOOLS if request.explore else ())
    ]
    if not request.schema:
        return ModelRequestParameters(function_tools=looking)
    answering = ToolDefinition(
        name=ANSWER_TOOL,
        description="Gives the answer. Call it once, when you are done.",
        parameters_json_schema=json.loads(request.schema),
        strict=False,
        kind="output",
    )
    # A tool for the answer is understood by every model that takes tools at all; native schemas are not.
    return ModelRequestParameters(
        function_tools=looking, output_mode="tool", output_tools=[answering], allow_text_output=False
    )


def _settings(access: Access, request: Request, step: Step) -> ModelSettings:
    settings = ModelSettings(max_tokens=step.output)
    if access.model.vendor is Vendor.ANTHROPIC:
        from pydantic_ai.models.anthropic import AnthropicModelSettings

        settings = AnthropicModelSettings(
            max_tokens=step.output,
            anthropic_cache_instructions=True,
            anthropic_cache_tool_definitions=request.explore,
            anthropic_cache_messages=request.explore,  # read again with the next tool call
        )
    if request.explore and not step.looking:
        settings["tool_choice"] = [ANSWER_TOOL] if request.schema else "none"
    return settings
