"""What programs print is read without trust: garbage, half a stream and odd shapes are failures, never a crash."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.processes import Ending, Finished
from docsfy_action.providers import claude, cursor, gemini
from docsfy_action.providers.calls import Setup, opened_paths
from docsfy_action.providers.environment import Access, Host
from docsfy_action.providers.json_values import Json, compact, parse, parse_lines
from docsfy_action.providers.model import Answer, Completion, Failure, FailureKind, Place, Request, Task, Usage
from docsfy_action.providers.programs import Program, ProgramName
from tests.unit.samples import STEADY

HOST = Host(environ={}, workspace=Path("/workspace"), platform="linux", machine="x86_64", python="python3")
REQUEST = Request(task=Task.PAGE, instructions="i", prompt="p", deadline=600)
READERS = {
    ProgramName.CLAUDE: claude.read_answer,
    ProgramName.GEMINI: gemini.read_answer,
    ProgramName.CURSOR: cursor.read_answer,
}
ALL = pytest.mark.parametrize("name", list(READERS))


def _setup(name: ProgramName, export: Path = Path("/nonexistent/export")) -> Setup:
    return Setup(
        program=Program(name=name, argv=("x",), version="1.0.0", origin="PATH"),
        model="m",
        access=Access(variable="KEY", key="sk-the-secret"),
        place=Place(export=export, home=Path("/nonexistent/home"), programs=Path("/nonexistent/programs")),
        host=HOST,
    )


def _read(
    name: ProgramName, *events: object, stderr: str = "", ending: Ending = Ending.EXITED, status: int = 0
) -> Answer:
    output = "".join(json.dumps(event) + "\n" for event in events).encode()
    finished = Finished(ending=ending, status=status, stdout=output, stderr=stderr.encode())
    return READERS[name](_setup(name), finished, REQUEST)


@ALL
@pytest.mark.parametrize(
    "output", [b"", b"\n", b"no json", b"{", b"[1]", b"\xff\x00", b'{"type":"result"', b"null\n1\n"]
)
def test_output_without_a_result_is_broken_or_cut(name: ProgramName, output: bytes) -> None:
    """Whatever the exit status says, there is no answer; the last words of the program are told."""
    finished = Finished(ending=Ending.EXITED, status=3, stdout=output, stderr=b"it went wrong with sk-the-secret")
    answer = READERS[name](_setup(name), finished, REQUEST)
    assert isinstance(answer, Failure)
    assert answer.kind is FailureKind.BROKEN
    assert "it went wrong with ***" in answer.message


@ALL
@pytest.mark.parametrize(
    ("ending", "kind"),
    [
        (Ending.TIMED_OUT, FailureKind.TIMEOUT),
        (Ending.CANCELLED, FailureKind.CANCELLED),
        (Ending.FLOODED, FailureKind.BROKEN),
        (Ending.NOT_STARTED, FailureKind.BROKEN),
    ],
)
def test_a_program_that_did_not_end_by_itself_gave_no_answer(
    name: ProgramName, ending: Ending, kind: FailureKind
) -> None:
    """Even where its output looks like one."""
    result = {"type": "result", "subtype": "success", "status": "success", "is_error": False, "result": "text"}
    answer = _read(name, result, ending=ending)
    assert isinstance(answer, Failure)
    assert answer.kind is kind


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "type subtype result message content usage modelUsage id name input role status stats error tool_call "
                "call_id text is_error tool_use_id parameters file_path structured_output errors retry_delay_ms".split()
            ),
            inner
            | st.sampled_from("assistant user result system tool_use tool_result text message success error".split()),
            max_size=6,
        )
    ),
    max_leaves=25,
)


@ALL
@STEADY
@given(st.lists(ODD, max_size=5), st.integers(0, 255), st.text(max_size=40))
def test_events_of_any_shape_are_an_answer_or_a_failure(
    name: ProgramName, events: list[object], status: int, stderr: str
) -> None:
    """A value of the wrong kind in any place counts as absent; what is counted is never negative."""
    finished = Finished(
        ending=Ending.EXITED,
        status=status,
        stdout="".join(json.dumps(event) + "\n" for event in events).encode(),
        stderr=stderr.encode("utf-8", "replace"),
    )
    answer = READERS[name](_setup(name), finished, REQUEST)
    usage = answer.usage
    assert min(usage.requests, usage.input_tokens, usage.output_tokens, usage.cached_tokens) >= 0
    assert usage.cost_usd is None or usage.cost_usd >= 0
    answer.text.encode() if isinstance(answer, Completion) else answer.message.encode()


@STEADY
@given(st.binary(max_size=300))
def test_any_bytes_are_lines_of_json_or_nothing(output: bytes) -> None:
    """The parser never raises."""
    parse_lines(output)
    parse(output)


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a":' * 50_000, "1e999999999", "-" * 10, "NaN", '"\\ud800"', "9" * 5000]
)
def test_hostile_json_is_nothing_or_harmless(text: str) -> None:
    """Depth, huge numbers, numbers that are none, and lone surrogates."""
    value = parse(text)
    assert (value.count, value.text.encode()) in {(0, b""), (0, b"?")}
    amount = value.amount
    assert amount is None or 0 <= amount < 10**12


def test_json_is_given_back_as_it_was() -> None:
    """Structured output keeps its numbers, its order and its letters."""
    assert compact(parse('{"b": "é", "a": [1, 2.5, null, true]}')) == '{"b": "é", "a": [1, 2.5, null, true]}'
    assert compact(Json()) == "null"


def test_opened_paths_lie_inside_and_come_once(tmp_path: Path) -> None:
    """Absolute, relative and crooked spellings of one file are one; folders, links and what lies outside are none."""
    (tmp_path / "export/src").mkdir(parents=True)
    for path in ("export/src/a.py", "export/..b", "outside"):
        (tmp_path / path).write_text("", "utf-8")
    (tmp_path / "export/link").symlink_to(tmp_path / "outside")
    export = tmp_path / "export"
    said = [
        str(export / "src/a.py"), "src/a.py", "./src/../src/a.py", "../outside", str(tmp_path / "outside"), "link", "src",
        "", ".", "a\0b", "missing", f"{export}x/src/a.py",
    ]  # fmt: skip
    assert opened_paths(export, said) == ("src/a.py",)


def test_claude_that_waits_for_a_limit_past_the_deadline_is_rate_limited() -> None:
    """A Retry-After that is longer than the call may take is passed on rather than called a timeout."""
    retry = {
        "type": "system",
        "subtype": "api_retry",
        "retry_delay_ms": 900_000,
        "error_status": 429,
        "error": "rate_limit",
    }
    answer = _read(ProgramName.CLAUDE, retry, ending=Ending.TIMED_OUT)
    assert isinstance(answer, Failure)
    assert (answer.kind, answer.retry_after) == (FailureKind.RATE_LIMIT, 900.0)


def test_claude_that_was_stopped_has_spent_what_its_answers_count() -> None:
    """Tokens of each answer once, however often it is repeated in the stream; the price is unknown."""
    counted = {"input_tokens": 10, "cache_read_input_tokens": 5, "cache_creation_input_tokens": 1, "output_tokens": 2}
    event = {"type": "assistant", "message": {"id": "m1", "model": "x", "usage": counted, "content": []}}
    answer = _read(ProgramName.CLAUDE, event, event, ending=Ending.TIMED_OUT)
    assert answer.usage == Usage(requests=1, input_tokens=16, output_tokens=2, cached_tokens=5, cost_usd=None)


@pytest.mark.parametrize("subtype", ["error_max_budget_usd", "error_max_turns"])
def test_an_answer_that_came_with_the_last_request_of_claude_is_kept(subtype: str) -> None:
    """The program says of the request that passed a limit only that it is passed; where it held the whole answer, it has been
    paid for. Where the model would have read on, was cut off, or only announced something, there is none."""

    def said(*content: object, stop: str = "end_turn") -> Answer:
        message = {"id": "m", "model": "x", "content": list(content)}
        result = {
            "type": "result",
            "subtype": subtype,
            "is_error": True,
            "stop_reason": stop,
            "errors": ["At the limit"],
        }
        return _read(ProgramName.CLAUDE, {"type": "assistant", "message": message}, result)

    words = {"type": "text", "text": "The page."}
    answer = said(words)
    assert isinstance(answer, Completion)
    assert answer.text == "The page."
    for other in (said(words, {"type": "tool_use", "name": "Read"}), said(words, stop="max_tokens"), said()):
        assert isinstance(other, Failure)
        assert (other.kind, "At the limit" in other.message) == (FailureKind.LIMIT, True)


def test_claude_s_advice_to_who_sits_in_front_of_it_is_left_out() -> None:
    """What to do is said by us."""
    result = {
        "type": "result",
        "subtype": "success",
        "is_error": True,
        "result": "No such model. Run --model to pick a different model.",
    }
    answer = _read(ProgramName.CLAUDE, result)
    assert isinstance(answer, Failure)
    assert answer.message == "`claude` failed: No such model"


def test_a_call_that_never_reached_a_model_cost_nothing() -> None:
    """No event, no request, no cost."""
    for name in READERS:
        assert _read(name, ending=Ending.NOT_STARTED).usage == Usage(cost_usd=Decimal(0))


@pytest.mark.parametrize(
    ("words", "status", "kind"),
    [
        ('[API Error: {"error":{"code":400,"message":"API key not valid."}}]', 144, FailureKind.KEY),
        ("", 145, FailureKind.KEY),
        ("", 41, FailureKind.KEY),
        ("[API Error: models/x is not found for API version v1beta.]", 1, FailureKind.MODEL),
        ("", 173, FailureKind.RATE_LIMIT),
        ("You have exhausted your daily quota on this model.", 173, FailureKind.QUOTA),
        ("", 244, FailureKind.OVERLOADED),
        ("", 247, FailureKind.OVERLOADED),
        ("[API Error: fetch failed]", 1, FailureKind.UNREACHABLE),
        ("Reached max session turns", 53, FailureKind.LIMIT),
        ("who knows", 1, FailureKind.BROKEN),
    ],
)
def test_gemini_s_failures_are_known_by_words_and_status(words: str, status: int, kind: FailureKind) -> None:
    """The exit status is that of HTTP modulo 256; words say more where there are any."""
    assert gemini.kind_of(words, status) is kind


@pytest.mark.parametrize(
    ("category", "status", "words", "kind"),
    [
        ("rate_limit", 429, "You've hit your weekly limit · resets Mon", FailureKind.QUOTA),
        ("rate_limit", 429, "API Error: Request rejected (429)", FailureKind.RATE_LIMIT),
        ("unknown", 413, "API Error: 413 request too large", FailureKind.TOO_LONG),
        ("unknown", 529, "API Error: 529", FailureKind.OVERLOADED),
        ("server_error", 0, "API Error", FailureKind.UNREACHABLE),
        ("new_kind", 0, "API Error", FailureKind.BROKEN),
    ],
)
def test_claude_s_errors_are_known_by_category_then_status(
    category: str, status: int, words: str, kind: FailureKind
) -> None:
    """Errors of the API have the subtype `success` and are errors all the same."""
    said = {"type": "assistant", "message": {"model": "<synthetic>"}, "error": category, "is_api_error_message": True}
    result = {
        "type": "result",
        "subtype": "success",
        "is_error": True,
        "result": words,
        "api_error_status": status or None,
    }
    answer = _read(ProgramName.CLAUDE, said, result, status=1)
    assert isinstance(answer, Failure)
    assert answer.kind is kind
