"""Provider `api`, the real clients of the vendors against a server: every way to fail has its kind."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from threading import Event, Thread

import pytest

from docsfy_action.providers.api.provider import ApiProvider
from docsfy_action.providers.budget import Allowance
from docsfy_action.providers.model import Answer, Completion, Failure, FailureKind, Request, Task
from docsfy_action.providers.prices import cost
from tests.contract.models import (
    Action,
    Ask,
    CallTool,
    Cut,
    Empty,
    Error,
    Fail,
    Filter,
    Hang,
    Json,
    ModelServer,
    Refuse,
    Say,
    Slow,
    StreamFail,
    Tokens,
    Trouble,
    Truncate,
    script,
)
from tests.contract.programs import allowed

MODELS = (
    "anthropic:claude-sonnet-5-5",
    "openai:gpt-5",
    "openai-chat:gpt-5",
    "google:gemini-2.5-pro",
    "ollama:llama3",
    "openrouter:anthropic/claude-sonnet-4.5",
)
KEY = "sk-test-0123456789"


@pytest.fixture(params=MODELS)
def model(request: pytest.FixtureRequest) -> str:
    """Every vendor in turn."""
    name: str = request.param
    return name


@pytest.fixture
def export(tmp_path: Path) -> Iterator[Path]:
    """An export of two files."""
    (tmp_path / "a.txt").write_text("content", "utf-8")
    (tmp_path / "long.txt").write_text("many words about it\n" * 1000, "utf-8")
    yield tmp_path
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "long.txt"]


def _request(*, explore: bool = False, schema: str = "", deadline: float = 30.0, max_turns: int = 5) -> Request:
    return Request(
        task=Task.PAGE,
        instructions="Write.",
        prompt="About x.",
        explore=explore,
        schema=schema,
        deadline=deadline,
        max_turns=max_turns,
    )


def _provider(server: ModelServer, model: str, export: Path) -> ApiProvider:
    url = server.url if model.startswith(("anthropic", "google")) else server.openai_url
    return ApiProvider(model, key=KEY, base_url=url, export=export)


def _ask(model: str, export: Path, *actions: Action, asked: int = 1, request: Request | None = None) -> Answer:
    """The answer to a request; the server must have been asked so many times, and nobody hung up early."""
    with ModelServer(script(*actions)) as server:
        answer = _provider(server, model, export).complete(request or _request(), cancelled=Event())
        assert len(server.asks) == asked
        assert server.strays == []
    return answer


TROUBLES = {
    Trouble.KEY: FailureKind.KEY,
    Trouble.FORBIDDEN: FailureKind.KEY,
    Trouble.MODEL: FailureKind.MODEL,
    Trouble.QUOTA: FailureKind.QUOTA,
    Trouble.RATE_LIMIT: FailureKind.RATE_LIMIT,
    Trouble.OVERLOADED: FailureKind.OVERLOADED,
    Trouble.FAULT: FailureKind.OVERLOADED,
    Trouble.TOO_LONG: FailureKind.TOO_LONG,
    Trouble.BAD_REQUEST: FailureKind.BROKEN,
}


@pytest.mark.parametrize("trouble", Trouble)
def test_errors_of_the_vendor(model: str, export: Path, trouble: Trouble) -> None:
    """Each error in the vendor's own words has its kind; it is asked once, and what it says is passed on with the time
    to wait."""
    answer = _ask(model, export, Fail(trouble, retry_after=7))
    assert isinstance(answer, Failure)
    assert (answer.kind, answer.retry_after) == (TROUBLES[trouble], 7.0)
    assert answer.message.startswith("status ")
    assert len(answer.message) > len("status 429: ")
    assert answer.usage.requests == 1
    assert answer.usage.cost_usd == 0


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (402, FailureKind.QUOTA),
        (413, FailureKind.TOO_LONG),
        (429, FailureKind.RATE_LIMIT),
        (502, FailureKind.OVERLOADED),
        (503, FailureKind.OVERLOADED),
        (504, FailureKind.OVERLOADED),
        (529, FailureKind.OVERLOADED),
        (418, FailureKind.BROKEN),
    ],
)
def test_errors_of_nobody_in_particular(model: str, export: Path, status: int, kind: FailureKind) -> None:
    """A gateway's page of HTML has no vendor's words; its status tells the kind, and nothing was said about waiting."""
    answer = _ask(model, export, Error(status=status, body="<html>\n<b>gateway</b>\x1b[31m says\r\n::error::no</html>"))
    assert isinstance(answer, Failure)
    assert (answer.kind, answer.retry_after) == (kind, None)
    assert f"{status}" in answer.message
    assert answer.message.isprintable()


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        (Refuse("I cannot."), FailureKind.REFUSED),
        (Filter(), FailureKind.REFUSED),
        (Truncate("Half an ans"), FailureKind.TRUNCATED),
        (Cut(0), FailureKind.UNREACHABLE),
        (Cut(300), FailureKind.UNREACHABLE),
        (Cut(600, clean=True), FailureKind.UNREACHABLE),
        (Error(status=200, body="no JSON at all"), FailureKind.BROKEN),
        (StreamFail(Trouble.OVERLOADED), FailureKind.OVERLOADED),
        (CallTool("rm", {"path": "/"}), FailureKind.BROKEN),
    ],
)
def test_answers_that_are_none(model: str, export: Path, action: Action, kind: FailureKind) -> None:
    """A refusal, a filter, an answer cut by its limit or by the network, an error in the middle, and nonsense: none of
    them is taken for an answer, and each has its kind."""
    answer = _ask(model, export, action)
    assert isinstance(answer, Failure)
    assert answer.kind is kind
    assert answer.message


def test_what_was_said_before_the_end_is_paid(model: str, export: Path) -> None:
    """A refused or truncated answer cost tokens, and the failure says how many."""
    for action in (Refuse("No.", Tokens(input=900, output=33)), Truncate("Half", Tokens(input=900, output=33))):
        answer = _ask(model, export, action)
        assert (answer.usage.input_tokens, answer.usage.output_tokens) == (900, 33)
        assert (answer.usage.cost_usd or 0) > 0 or model.startswith("ollama")


@pytest.mark.parametrize("action", [Cut(2000), Cut(2000, clean=True)])
def test_what_was_cut_off_is_paid(model: str, export: Path, action: Action) -> None:
    """An answer that never arrived whole was made all the same: its tokens are estimated where nobody counted them."""
    answer = _ask(model, export, action, request=replace(_request(), prompt="About x. " * 500))
    assert isinstance(answer, Failure)
    assert answer.usage.input_tokens >= 100
    assert answer.usage.output_tokens > 0
    assert answer.usage.cost_usd is not None
    assert answer.usage.cost_usd > 0 or model.startswith("ollama")


def test_nobody_is_there(model: str, export: Path) -> None:
    """A refused connection is UNREACHABLE, at once, and the message says why it failed, not only that it did."""
    with ModelServer(script(Say("x"))) as server:
        provider = _provider(server, model, export)
    answer = provider.complete(_request(), cancelled=Event())
    assert isinstance(answer, Failure)
    assert answer.kind is FailureKind.UNREACHABLE
    assert any(word in answer.message for word in ("refused", "Connect call", "attempts failed"))


def test_an_empty_answer_is_an_answer(model: str, export: Path) -> None:
    """A proper end with nothing said is for the caller to judge; it is not asked for again."""
    answer = _ask(model, export, Empty())
    assert isinstance(answer, Completion)
    assert answer.text == ""


_STREAM = {"content-type": "text/event-stream"}
NONSENSE = {
    "half an object": "data: {\n\n",
    "array": "event: message_start\ndata: []\n\n",
    "null": "event: message_start\ndata: null\n\n",
    "number": "event: message_start\ndata: 7\n\n",
    "error of nothing": 'event: error\ndata: {"type":"error","error":null}\n\n',
    "message of nothing": 'event: message_start\ndata: {"type":"message_start","message":{}}\n\n',
    "choices of nothing": 'data: {"choices":[null]}\n\n',
    "choices that are none": 'data: {"choices":null}\n\n',
    "response of nothing": 'data: {"type":"response.completed","response":null}\n\n',
    "failure of nothing": 'data: {"type":"response.failed","response":{"error":null}}\n\n',
    "candidates that are none": 'data: {"candidates":7}\n\n',
    "malformed call": 'data: {"candidates":[{"content":{"parts":[]},"finishReason":"MALFORMED_FUNCTION_CALL"}]}\n\n',
}


@pytest.mark.parametrize("body", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_never_raises(model: str, export: Path, body: str) -> None:
    """Whatever a server says that its vendor never would, the call ends as a failure with a sentence, not with an
    exception of some client."""
    answer = _ask(model, export, Error(status=200, body=body, headers=_STREAM))
    assert isinstance(answer, Failure)
    assert answer.kind in {FailureKind.BROKEN, FailureKind.UNREACHABLE}
    assert answer.message.isprintable()


def test_a_body_that_is_not_packed_as_it_says(model: str, export: Path) -> None:
    """So does an answer whose encoding is wrong."""
    answer = _ask(model, export, Error(status=200, body="plain", headers={"content-encoding": "gzip"}))
    assert isinstance(answer, Failure)
    assert answer.kind in {FailureKind.BROKEN, FailureKind.UNREACHABLE}


@pytest.mark.parametrize("retry_after", ["soon", "-5", "nan", "1e999"])
def test_a_time_to_wait_that_is_none(model: str, export: Path, retry_after: str) -> None:
    """What is no time to wait is not taken for one."""
    answer = _ask(model, export, Error(status=429, headers={"retry-after": retry_after}))
    assert isinstance(answer, Failure)
    assert (answer.kind, answer.retry_after) == (FailureKind.RATE_LIMIT, None)
    assert answer.message == "status 429: Too Many Requests"


def test_broken_json_is_broken(export: Path) -> None:
    """Arguments of the answering tool that are no JSON are BROKEN, not an answer."""
    chunk = '{"choices":[{"index":0,"delta":{%s},"finish_reason":%s}],"id":"x","created":1,"model":"m"}'
    call = '"tool_calls":[{"index":0,"id":"c","type":"function","function":{"name":"final_result","arguments":"{\\"a\\":"}}]'
    body = "".join(f"data: {one}\n\n" for one in (chunk % (call, "null"), chunk % ("", '"tool_calls"'), "[DONE]"))
    action = Error(status=200, body=body, headers={"content-type": "text/event-stream"})
    answer = _ask("openai-chat:gpt-5", export, action, request=_request(schema='{"type":"object","properties":{}}'))
    assert isinstance(answer, Failure)
    assert answer.kind is FailureKind.BROKEN
    assert "not valid JSON" in answer.message


@pytest.fixture
def loaded(model: str, export: Path) -> str:
    """A vendor whose client has been loaded: the first call of a process takes longer than the deadlines below."""
    with ModelServer(script(Say("ready"))) as server:
        _provider(server, model, export).complete(_request(), cancelled=Event())
    return model


def test_the_deadline_ends_a_call(loaded: str, export: Path) -> None:
    """A silent server is left when the deadline has passed, with TIMEOUT."""
    with ModelServer(script(Hang(60))) as server:
        answer = _provider(server, loaded, export).complete(_request(deadline=0.4), cancelled=Event())
        assert isinstance(answer, Failure)
        assert (answer.kind, answer.usage.requests) == (FailureKind.TIMEOUT, 1)
        assert "0.4 seconds" in answer.message
        assert server.until(lambda server: server.left == 1 and server.held == 0)


def test_the_deadline_ends_an_answer_that_never_ends(loaded: str, export: Path) -> None:
    """So is a server that says a word now and then: the deadline is for the whole call."""
    with ModelServer(script(Slow(Say("word " * 400), delay=0.1))) as server:
        answer = _provider(server, loaded, export).complete(_request(deadline=0.5), cancelled=Event())
        assert isinstance(answer, Failure)
        assert answer.kind is FailureKind.TIMEOUT
        assert server.until(lambda server: server.left == 1)


@pytest.mark.parametrize("action", [Hang(60), Slow(Say("word " * 400), delay=0.1)])
def test_a_call_is_cancelled_on_the_way(model: str, export: Path, action: Action) -> None:
    """When the run is stopped the call ends at once with CANCELLED, the connection is closed, and no thread is left."""
    cancelled = Event()
    got: list[Answer] = []
    with ModelServer(script(action)) as server:
        provider = _provider(server, model, export)
        call = Thread(target=lambda: got.append(provider.complete(_request(), cancelled=cancelled)))
        call.start()
        assert server.until(lambda server: server.held == 1)
        cancelled.set()
        call.join(5)
        assert not call.is_alive()
        assert server.until(lambda server: server.left == 1 and server.held == 0)
    (answer,) = got
    assert isinstance(answer, Failure)
    assert (answer.kind, answer.usage.requests) == (FailureKind.CANCELLED, 1)


def test_a_run_that_is_stopped_asks_nothing(model: str, export: Path) -> None:
    """A call that begins after the run was stopped is not sent."""
    cancelled = Event()
    cancelled.set()
    with ModelServer(script(Say("x"))) as server:
        answer = _provider(server, model, export).complete(_request(), cancelled=cancelled)
        assert server.asks == []
    assert isinstance(answer, Failure)
    assert answer.kind is FailureKind.CANCELLED


def test_too_many_turns_end_a_call(model: str, export: Path) -> None:
    """A model that only ever looks around ends at `max_turns` with LIMIT, with what all of it has cost."""
    action = CallTool("read_file", {"path": "a.txt"}, Tokens(input=100, output=10))
    answer = _ask(model, export, action, asked=3, request=_request(explore=True, max_turns=3))
    assert isinstance(answer, Failure)
    assert (answer.kind, answer.opened) == (FailureKind.LIMIT, ("a.txt",))
    assert (answer.usage.requests, answer.usage.input_tokens, answer.usage.output_tokens) == (3, 300, 30)


def _allowance(model: str, dollars: str) -> Allowance:
    vendor, _, name = model.partition(":")
    return allowed(dollars, lambda tokens: cost(vendor, name, tokens))


def test_a_call_that_may_not_cost_more_is_made_to_answer(export: Path) -> None:
    """Before the money runs out, the model is told to answer from what it knows, without tools; what it
    asked for last is shortened to what can still be paid for. Never is more spent."""
    model = "anthropic:claude-opus-4-6"
    asks: list[Ask] = []

    def brain(ask: Ask) -> Action:
        asks.append(ask)
        given = sum(len(text) for text in (ask.system, ask.prompt, *(one.text for one in ask.tool_results))) + 3_000
        if "answer now" in ask.prompt:
            return Say("the page", Tokens(input=given, output=ask.max_tokens or 0))
        return CallTool("read_file", {"path": "long.txt"}, Tokens(input=given, output=2_000))

    request = replace(_request(explore=True, max_turns=30), max_output_tokens=12_000)
    allowed = _allowance(model, "0.9")
    with ModelServer(brain) as server:
        answer = _provider(server, model, export).complete(replace(request, allowance=allowed), cancelled=Event())
    assert isinstance(answer, Completion), answer
    assert answer.text == "the page"
    assert answer.usage.cost_usd is not None
    assert Decimal("0.4") < answer.usage.cost_usd <= Decimal("0.9")
    assert all(len(ask.tool_results) < 20 for ask in asks)
    assert '"tool_choice":{"type":"none"' in asks[-1].body.replace(" ", "")


def test_a_model_that_reads_on_where_it_was_to_answer_is_left(export: Path) -> None:
    """It was told that this was the last look; the call ends, within what it may cost."""
    action = CallTool("read_file", {"path": "a.txt"}, Tokens(input=5_000, output=8_000))
    model = "anthropic:claude-opus-4-6"
    request = replace(_request(explore=True, max_turns=30), max_output_tokens=12_000)
    allowed = replace(request, allowance=_allowance(model, "0.8"))
    with ModelServer(script(action)) as server:
        answer = _provider(server, model, export).complete(allowed, cancelled=Event())
    assert isinstance(answer, Failure)
    assert answer.kind is FailureKind.LIMIT
    assert answer.usage.cost_usd is not None
    assert 0 < answer.usage.cost_usd <= Decimal("0.8")


def test_messages_do_not_hold_the_key(export: Path) -> None:
    """A vendor that repeats the key in its error gives it to nobody else."""
    body = f'{{"error":{{"message":"Bad key {KEY}, really","type":"x","code":"invalid_api_key"}}}}'
    answer = _ask("openai:gpt-5", export, Error(status=401, body=body))
    assert isinstance(answer, Failure)
    assert answer.message == "status 401: Bad key ***, really"


def test_a_date_to_wait_for_is_understood(export: Path) -> None:
    """`Retry-After` may be a date: one that has passed means at once."""
    headers = {"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}
    answer = _ask("openai:gpt-5", export, Error(status=429, body="{}", headers=headers))
    assert isinstance(answer, Failure)
    assert answer.retry_after in {0.0, None}


def test_structured_answers_fail_alike(model: str, export: Path) -> None:
    """With a schema the same endings are failures."""
    schema = '{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}'
    for action, kind in ((Truncate('{"a":'), FailureKind.TRUNCATED), (Refuse("No."), FailureKind.REFUSED)):
        answer = _ask(model, export, action, request=_request(schema=schema))
        assert isinstance(answer, Failure)
        assert answer.kind is kind
    assert isinstance(_ask(model, export, Json('{"a":"x"}'), request=_request(schema=schema)), Completion)
