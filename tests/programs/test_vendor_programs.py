"""The real `claude` and `gemini` against a model server: each way in which a call can go well or badly."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from threading import Event

import pytest

from docsfy_action.providers.model import FailureKind, Place, Usage
from docsfy_action.providers.prices import cost
from docsfy_action.providers.programs import ProgramName
from tests.contract.models import (
    Action,
    Ask,
    CallTool,
    CallTools,
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
    Tokens,
    Trouble,
    Truncate,
    script,
)
from tests.contract.programs import KEYS, SCHEMA, alive, allowed, ask, completed, failed, place, request, setup

BOTH = pytest.mark.parametrize("name", [ProgramName.CLAUDE, ProgramName.GEMINI])
FILES = {"README.md": "# Hello\n", "src/app.py": "x = 1\n", ".gitignore": "src/\n"}


@pytest.fixture
def where(tmp_path: Path) -> Place:
    """A small export."""
    return place(tmp_path, FILES)


def _reads(name: ProgramName, where: Place, *paths: str) -> Callable[[Ask], Action]:
    """A model that announces, reads these files one after the other, and then answers."""
    tool = "Read" if name is ProgramName.CLAUDE else "read_file"

    def brain(question: Ask) -> Action:
        done = len(question.tool_results)
        if done == len(paths):
            return Say("The page.")
        return CallTool(tool, {"file_path": str(where.export / paths[done])})

    return brain


@BOTH
def test_an_answer_in_words_comes_with_what_it_cost(name: ProgramName, where: Place) -> None:
    """Text, tokens and the vendor's own price; model, key, instructions, prompt and limit arrive as they were given."""
    with ModelServer(script(Say("Hello\nworld", Tokens(input=100, output=20, cached=10, written=5)))) as server:
        answer = completed(ask(setup(name, where, server.url), request("Tell me.")))
    assert answer.text == "Hello\nworld"
    claude = name is ProgramName.CLAUDE
    cost = Decimal("0.00096125") if claude else None
    assert answer.usage.cost_usd == pytest.approx(cost) if cost else answer.usage.cost_usd is None
    assert answer.usage == Usage(
        requests=1, input_tokens=100, output_tokens=20, cached_tokens=10, cost_usd=answer.usage.cost_usd
    )
    (question,) = server.asks
    assert question.model == ("claude-opus-4-6" if claude else "gemini-2.5-pro")
    assert question.key == KEYS[name]
    assert "You write pages." in question.system
    assert "Tell me." in question.prompt
    assert question.max_tokens == 9000
    assert question.tools == ()
    assert server.strays == []


def test_a_token_of_a_subscription_is_sent_in_its_own_way(where: Place) -> None:
    """`CLAUDE_CODE_OAUTH_TOKEN` goes to the same address, as a bearer, and nowhere else."""
    with ModelServer(script(Say("Hello"))) as server:
        made = setup(ProgramName.CLAUDE, where, server.url)
        token = replace(made.access, variable="CLAUDE_CODE_OAUTH_TOKEN", key="sk-ant-oat01-of-the-tests")
        assert completed(ask(replace(made, access=token))).text == "Hello"
    assert server.asks[0].headers["authorization"] == "Bearer sk-ant-oat01-of-the-tests"
    assert server.strays == []


@BOTH
def test_an_answer_with_a_schema_is_its_json(name: ProgramName, where: Place) -> None:
    """By structured output where the program has it, else by words in the prompt; a code fence is no part of it."""
    plain = Json('{"title":"T"}') if name is ProgramName.CLAUDE else Say('```json\n{"title": "T"}\n```\n')
    with ModelServer(script(plain)) as server:
        answer = completed(ask(setup(name, where, server.url), request(schema=SCHEMA)))
    assert answer.text.replace(" ", "") == '{"title":"T"}'
    assert server.asks[0].offers("StructuredOutput") or SCHEMA in server.asks[0].prompt


@BOTH
@pytest.mark.parametrize("start", ["/help", "@README.md", "Write"])
def test_a_prompt_arrives_word_for_word(name: ProgramName, where: Place, start: str) -> None:
    """Decorators and mentions add no file, a slash, a mark or a dash at the start is no command, and a long prompt is
    neither cut itself nor cuts the answer."""
    prompt = f"{start} and @README.md, @src/app.py @/etc/passwd\n" + "    @app.route('/') \\@x é\n" * 20_000 + "the end"
    with ModelServer(script(Say("ok"))) as server:
        assert completed(ask(setup(name, where, server.url), request(prompt))).text == "ok"
    (question,) = server.asks
    assert prompt in question.prompt
    assert "# Hello" not in question.body
    assert "x = 1" not in question.body


@BOTH
def test_the_files_that_tools_read_are_told(name: ProgramName, where: Place) -> None:
    """In their order and once each, relative to the export, git-ignored ones too; what was asked for and refused is
    not among them. The answer is what was said after the last reading."""
    brain = _reads(name, where, "src/app.py", "README.md", "src/app.py", "missing.md", "/etc/passwd")
    with ModelServer(brain) as server:
        answer = completed(ask(setup(name, where, server.url), request(explore=True)))
    assert answer.text == "The page."
    assert answer.opened == ("src/app.py", "README.md")
    assert answer.usage.requests == len(server.asks) == 6
    assert answer.usage.input_tokens == 600
    results = [result.text for result in server.asks[-1].tool_results]
    assert "x = 1" in results[0]
    assert not any("root:" in text for text in results)


@BOTH
def test_only_reading_tools_are_offered(name: ProgramName, where: Place) -> None:
    """No tool that writes, runs, or reaches the network, also when a model asks for it; and a link is no way out."""
    (where.export / "out").symlink_to("/etc")
    with ModelServer(_reads(name, where, "out/passwd")) as server:
        answer = completed(ask(setup(name, where, server.url), request(explore=True)))
    offered = {tool.name.lower() for tool in server.asks[0].tools}
    assert offered <= {"read", "grep", "glob", "read_file", "list_directory", "grep_search", "search_file_content"}
    assert answer.opened == ()
    assert "root:" not in server.asks[-1].body


TROUBLES = [
    (Fail(Trouble.KEY), FailureKind.KEY),
    (Fail(Trouble.FORBIDDEN), FailureKind.KEY),
    (Fail(Trouble.MODEL), FailureKind.MODEL),
    (Fail(Trouble.QUOTA), FailureKind.QUOTA),
    (Fail(Trouble.OVERLOADED), FailureKind.OVERLOADED),
    (Fail(Trouble.FAULT), FailureKind.OVERLOADED),
    (Fail(Trouble.TOO_LONG), FailureKind.TOO_LONG),
    (Fail(Trouble.BAD_REQUEST), FailureKind.BROKEN),
    (Error(status=502, body="<html>bad gateway</html>"), FailureKind.OVERLOADED),
    (Cut(300), FailureKind.UNREACHABLE),
    (Refuse(), FailureKind.REFUSED),
]


@BOTH
@pytest.mark.parametrize(("trouble", "kind"), TROUBLES, ids=lambda value: str(value)[:40])
def test_each_failure_is_told_by_its_kind(name: ProgramName, where: Place, trouble: Action, kind: FailureKind) -> None:
    """At most three requests go out, whatever the program likes to try again; the message is one line for people."""
    with ModelServer(script(trouble)) as server:
        answer = failed(ask(setup(name, where, server.url)), kind)
    assert len(server.asks) <= 3
    assert answer.message.startswith(f"`{name}` failed: ")
    assert "\n" not in answer.message
    assert len(answer.message) < 500


@BOTH
def test_the_time_to_wait_is_passed_on(name: ProgramName, where: Place) -> None:
    """429 with Retry-After: the caller learns for how long."""
    with ModelServer(script(Fail(Trouble.RATE_LIMIT, 2))) as server:
        answer = failed(ask(setup(name, where, server.url)), FailureKind.RATE_LIMIT)
    assert answer.retry_after == pytest.approx(2, abs=0.7)
    assert len(server.asks) <= 2


def test_a_filtered_answer_is_a_refusal(where: Place) -> None:
    """A content filter of the vendor's counts as the model's no."""
    with ModelServer(script(Filter())) as server:
        failed(ask(setup(ProgramName.CLAUDE, where, server.url)), FailureKind.REFUSED)


def test_an_answer_that_was_cut_and_taken_up_again_is_truncated(where: Place) -> None:
    """Claude asks for the rest by itself and gives the rest alone as its result: half a page must not pass for one."""
    with ModelServer(script(Truncate("# Page\n\nfirst half"), Say("second half <!-- end of page -->"))) as server:
        answer = failed(ask(setup(ProgramName.CLAUDE, where, server.url)), FailureKind.TRUNCATED)
    assert len(server.asks) == 2
    assert answer.usage.output_tokens == 40


@BOTH
def test_a_truncated_answer_never_passes_for_a_whole_one(name: ProgramName, where: Place) -> None:
    """Claude says so; gemini ends as if all were well, and the end marker is missing."""
    with ModelServer(script(Truncate("half of"))) as server:
        answer = ask(setup(name, where, server.url))
    if name is ProgramName.CLAUDE:
        failed(answer, FailureKind.TRUNCATED)
    else:
        assert completed(answer).text == "half of"


@BOTH
def test_an_empty_answer_is_empty(name: ProgramName, where: Place) -> None:
    """Nothing said is a completion without text, which its reader rejects."""
    with ModelServer(script(Empty())) as server:
        assert completed(ask(setup(name, where, server.url))).text == ""


@BOTH
def test_a_call_that_goes_round_in_circles_ends_at_its_limit(name: ProgramName, where: Place) -> None:
    """`max_turns` bounds the requests behind one call; what it opened until then is told."""
    with ModelServer(_reads(name, where, *["README.md"] * 30)) as server:
        answer = failed(ask(setup(name, where, server.url), request(explore=True, max_turns=3)), FailureKind.LIMIT)
    assert len(server.asks) <= 4
    assert answer.opened == ("README.md",)


@pytest.mark.parametrize("price", ["0.9", "2"])
def test_claude_spends_no_more_than_was_set_aside(price: str, tmp_path: Path) -> None:
    """Its own limit is passed by one request, which is given no more than its other limit: not where a model asks for many
    files at once, all of which are paid for at the price of writing them into a cache, nor where it talks without end."""
    long = "\n".join(f"value_{number} = {number * 7919 % 1000}  # some words about it" for number in range(1_500))
    where = place(tmp_path, {f"part{number}.py": long for number in range(30)})

    def brain(question: Ask) -> Action:
        given = len(question.body) // 4
        tokens = Tokens(input=given, written=given, output=question.max_tokens or 0)
        first = 5 * question.number
        paths = [f"part{number % 30}.py" for number in range(first, first + 5)]
        return CallTools(tuple(CallTool("Read", {"file_path": str(where.export / path)}) for path in paths), tokens)

    what = replace(request("x " * 12_000, explore=True), max_output_tokens=12_000)
    allowance = allowed(price, lambda tokens: cost("claude", "opus", tokens))
    with ModelServer(brain) as server:
        made = setup(ProgramName.CLAUDE, where, server.url, model="opus")
        answer = failed(ask(made, replace(what, allowance=allowance)), FailureKind.LIMIT)
    assert answer.usage.cost_usd is not None
    assert Decimal(0) < answer.usage.cost_usd <= Decimal(price)


def test_gemini_is_told_the_turns_that_are_paid_for(tmp_path: Path) -> None:
    """It cannot be told dollars."""
    names = [f"part{number}.py" for number in range(20)]
    where = place(tmp_path, dict.fromkeys(names, "x = 1\n"))
    allowance = allowed("0.7", lambda tokens: cost("gemini", "gemini-2.5-pro", tokens))
    what = replace(request(explore=True), allowance=allowance)
    with ModelServer(_reads(ProgramName.GEMINI, where, *names)) as server:
        failed(ask(setup(ProgramName.GEMINI, where, server.url), what), FailureKind.LIMIT)
    assert 5 < len(server.asks) < 15


@BOTH
def test_a_model_that_hangs_is_left_at_the_deadline(name: ProgramName, where: Place) -> None:
    """The deadline is the call's own, and nothing that the program started is left."""
    started = time.monotonic()
    with ModelServer(script(Hang())) as server:
        failed(ask(setup(name, where, server.url), request(deadline=6)), FailureKind.TIMEOUT)
        assert server.until(lambda server: server.held == 0)
    assert time.monotonic() - started < 12
    assert alive() == set()


@BOTH
def test_cancelling_in_mid_call_leaves_nothing_running(name: ProgramName, where: Place) -> None:
    """The program waits for the model; the run is cancelled; soon the whole process group is gone."""
    cancelled = Event()
    with ModelServer(script(Hang())) as server:

        def cancel() -> None:
            server.until(lambda server: server.held == 1, 30)
            cancelled.set()

        thread = threading.Thread(target=cancel)
        thread.start()
        failed(ask(setup(name, where, server.url), cancelled=cancelled), FailureKind.CANCELLED)
        ended = time.monotonic()
        thread.join()
        assert server.until(lambda server: server.held == 0)
    assert time.monotonic() - ended < 3
    assert alive() == set()


@BOTH
def test_no_server_at_all_is_unreachable(name: ProgramName, where: Place) -> None:
    """A refused connection is told as such, and soon."""
    with ModelServer(script(Say("never"))) as server:
        url = server.url
    failed(ask(setup(name, where, url)), FailureKind.UNREACHABLE)
