"""What a run shows while it goes on: on a runner, in a file, at a terminal."""

import io
import itertools
import logging
import re
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from docsfy_action.github.commands import Annotation, Level
from docsfy_action.github.console import Console, PlainConsole, RunnerConsole, duration, stage_title
from docsfy_action.github.environment import RunnerEnvironment, Terminal
from docsfy_action.github.log import choose_console, colours, route_logging
from docsfy_action.github.terminal import Style, TerminalConsole
from docsfy_action.lifecycle import Stage


class Clock:
    """Seconds that a test moves on."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Screen(io.StringIO):
    """A stream that says it is a terminal and can show what stands on it."""

    def isatty(self) -> bool:
        return True

    def lines(self) -> list[str]:
        """What a person sees: a carriage return with an erased line starts the line again."""
        shown = [line.rpartition("\r\x1b[2K")[2] for line in self.getvalue().split("\n")]
        return [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in shown]


def tokens() -> Callable[[], str]:
    """Random words that are not."""
    numbers = itertools.count(1)
    return lambda: f"token{next(numbers)}"


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


@pytest.fixture
def out() -> io.StringIO:
    """A stream that is no terminal."""
    return io.StringIO()


def run(console: Console, clock: Clock) -> None:
    """A short run with everything a console can show."""
    console.stage(Stage.CLONING)
    console.log("info", "HEAD is 1234")
    clock.now = 1.5
    console.stage(Stage.GENERATING_PAGES)
    for done in range(3):
        console.progress(done, 2, "client")
        clock.now += 1
    console.log("warning", "two\nlines")
    console.close()
    console.result("Ready\n")


def test_a_file_gets_plain_lines(out: io.StringIO, clock: Clock) -> None:
    """No colour, nothing replaced, and not a line for every page."""
    results = io.StringIO()
    run(PlainConsole(out, results, clock=clock), clock)
    assert out.getvalue().splitlines() == [
        "[1/6] Reading the repository",
        "HEAD is 1234",
        "done after 1.5 s",
        "[3/6] Writing pages",
        "2 of 2",
        "warning: two",
        "lines",
        "done after 3.0 s",
    ]
    assert results.getvalue() == "Ready\n"


def test_plain_progress_is_told_every_ten_seconds(out: io.StringIO, clock: Clock) -> None:
    """A log of 300 pages stays short, and a slow one still moves."""
    console = PlainConsole(out, io.StringIO(), clock=clock)
    console.stage(Stage.GENERATING_PAGES)
    for done in range(31):
        console.progress(done, 100, "a\nb")
        clock.now += 1
    assert out.getvalue().splitlines()[1:] == ["10 of 100, a b", "20 of 100, a b", "30 of 100, a b"]


def test_a_runner_gets_one_group_a_stage(out: io.StringIO, clock: Clock) -> None:
    """Each stage can be folded away; what the run says at its end stands outside."""
    run(RunnerConsole(out, token=tokens(), clock=clock), clock)
    assert out.getvalue().splitlines() == [
        "::group::[1/6] Reading the repository",
        "HEAD is 1234",
        "done after 1.5 s",
        "::endgroup::",
        "::group::[3/6] Writing pages",
        "2 of 2",
        "warning: two",
        "lines",
        "done after 3.0 s",
        "::endgroup::",
        "Ready",
    ]


def test_no_foreign_text_is_a_command_on_a_runner(out: io.StringIO, clock: Clock) -> None:
    """Log lines, progress, results and blocks of other programs' output: none of them can give orders."""
    attack = "x\n::error::hi\n ::add-mask::a\n##[group]b\x1b[0m\r::warning::c"
    console = RunnerConsole(out, token=tokens(), clock=clock)
    console.stage(Stage.GENERATING_PAGES)
    console.log("info", attack)
    console.log("debug", attack)
    console.progress(1, 1, attack)
    console.annotate(Annotation(level=Level.ERROR, message=attack, title=attack, path=attack, line=1))
    console.result(attack)
    commands = [line for line in out.getvalue().splitlines() if line.lstrip().startswith("::") or "##[" in line]
    assert [line.partition(" ")[0].partition("::")[2].partition("::")[0] for line in commands] == [
        "group",
        "debug",
        "error",
    ]


def test_a_block_switches_commands_off_while_it_lasts(out: io.StringIO) -> None:
    """Output of another program stays as it is, between two marks that nobody can guess."""
    console = RunnerConsole(out, token=tokens())
    console.block("::error::x\n##[group]y")
    console.block("z")
    assert out.getvalue().splitlines() == [
        "::stop-commands::token1",
        "::error::x",
        "##[group]y",
        "::token1::",
        "::stop-commands::token2",
        "z",
        "::token2::",
    ]


def test_the_eleventh_annotation_of_a_kind_is_a_log_line(out: io.StringIO) -> None:
    """The runner drops it without a word; here it stays readable."""
    console = RunnerConsole(out, token=tokens())
    for number in range(12):
        console.annotate(Annotation(level=Level.WARNING, message=f"w{number}", path="a.py", line=3))
    console.annotate(Annotation(level=Level.NOTICE, message="n"))
    lines = out.getvalue().splitlines()
    assert lines[9] == "::warning file=a.py,line=3::w9"
    assert lines[10:] == ["warning: a.py:3: w10", "warning: a.py:3: w11", "::notice::n"]


def test_an_annotation_off_the_runner_is_a_log_line(out: io.StringIO) -> None:
    """The same words, with the place in front."""
    console = PlainConsole(out, io.StringIO())
    console.annotate(Annotation(level=Level.ERROR, message="m", path="a.py"))
    console.annotate(Annotation(level=Level.NOTICE, message="n"))
    console.block("b")
    assert out.getvalue().splitlines() == ["error: a.py: m", "n", "b"]


def test_secrets_are_masked_everywhere(out: io.StringIO, clock: Clock) -> None:
    """In logs, annotations, results and blocks, also encoded in an address, and each line of a key file."""
    console = RunnerConsole(out, token=tokens(), clock=clock)
    console.mask("pass/word+1", "line one\nline two\n", "abc", "")
    said = out.getvalue()
    console.log("info", "pass/word+1 and https://x?t=pass%2Fword%2B1, line two, abc")
    console.annotate(Annotation(level=Level.ERROR, message="pass/word+1"))
    console.block("line one")
    console.result("pass/word+1")
    assert [line for line in said.splitlines() if line.startswith("::add-mask::")] == [
        "::add-mask::line one",
        "::add-mask::line two",
        "::add-mask::line%2520one",
        "::add-mask::line%2520two",
        "::add-mask::pass%252Fword%252B1",
        "::add-mask::pass/word+1",
    ]
    assert out.getvalue()[len(said) :].splitlines() == [
        "*** and https://x?t=***, ***, abc",
        "::error::***",
        "::stop-commands::token1",
        "***",
        "::token1::",
        "***",
    ]


def test_a_secret_that_holds_another_reaches_the_runner_whole(out: io.StringIO) -> None:
    """A mask with a hole in it would mask nothing."""
    console = RunnerConsole(out, token=tokens())
    console.mask("secret")
    console.mask("secret-long")
    console.log("info", "a secret-long, a secret")
    assert out.getvalue().splitlines() == ["::add-mask::secret", "::add-mask::secret-long", "a ***, a ***"]


def test_a_terminal_shows_finished_stages_and_one_live_line(clock: Clock) -> None:
    """Stages with their times stay, what they logged below their name; the live line is gone at the end."""
    screen = Screen()
    run(TerminalConsole(screen, screen, style=Style(enabled=True), width=lambda: 80, clock=clock), clock)
    assert screen.lines() == [
        "› [1/6] Reading the repository",
        "      HEAD is 1234",
        "✓ [1/6] Reading the repository   1.5 s",
        "› [3/6] Writing pages",
        "      warning: two",
        "      lines",
        "✓ [3/6] Writing pages            2/2  3.0 s",
        "Ready",
        "",
    ]


def test_the_live_line_shows_stage_counter_time_and_page(clock: Clock) -> None:
    """All that a person wants to know while waiting, on one line that never wraps."""
    screen = Screen()
    width = 80
    console = TerminalConsole(screen, screen, style=Style(enabled=False), width=lambda: width, clock=clock)
    console.stage(Stage.GENERATING_PAGES)
    clock.now = 65
    console.progress(12, 40, "configuration-reference")
    assert screen.lines()[-1] == "› [3/6] Writing pages             12/40  1 min 05 s  configuration-reference"
    console.progress(12, 40, "漢" * 100)
    shown = screen.lines()[-1]
    assert sum(2 if character == "漢" else 1 for character in shown) <= width - 1


def test_a_failed_stage_is_marked(clock: Clock) -> None:
    """The last line says where the run stopped."""
    screen = Screen()
    console = TerminalConsole(screen, screen, style=Style(enabled=False), width=lambda: 80, clock=clock)
    console.stage(Stage.RENDERING)
    console.close(failed=True)
    assert screen.lines()[0].startswith("✗ [5/6] Rendering the site")


def test_the_ticker_moves_the_live_line_and_stops(clock: Clock) -> None:
    """A page that takes minutes shows that time passes, and no thread outlives the run."""
    screen = Screen()
    console = TerminalConsole(screen, screen, style=Style(enabled=False), width=lambda: 80, clock=clock)
    console.start()
    console.close()
    assert console._ticker is not None
    assert not console._ticker.is_alive()


def test_text_that_the_stream_cannot_hold_is_escaped() -> None:
    """A terminal in an old encoding, and file names that are no UTF-8, stop nothing."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="latin-1", newline="\n")
    console = TerminalConsole(stream, stream, style=Style(enabled=False), width=lambda: 80)
    console.stage(Stage.CLONING)
    console.log("info", "漢 \udcff ü")
    console.close()
    text = raw.getvalue().decode("latin-1")
    assert "\\u6f22 \\xff ü" in text
    assert "+ [1/6]" in text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-1, "0.0 s"),
        (0.04, "0.0 s"),
        (9.94, "9.9 s"),
        (9.96, "10 s"),
        (59.6, "1 min 00 s"),
        (125, "2 min 05 s"),
        (3725, "1 h 02 min"),
    ],
)
def test_durations_are_said_as_people_say_them(seconds: float, text: str) -> None:
    """Tenths only where they matter."""
    assert duration(seconds) == text


def test_every_stage_has_a_title() -> None:
    """A new stage without one would stop every run."""
    assert all(stage_title(stage) for stage in Stage)


@pytest.mark.parametrize(
    ("terminal", "is_terminal", "enabled"),
    [
        (Terminal(), True, True),
        (Terminal(), False, False),
        (Terminal(no_color=True), True, False),
        (Terminal(no_color=True, force_color=True), True, False),
        (Terminal(force_color=True), False, True),
        (Terminal(dumb=True), True, False),
    ],
)
def test_colours_follow_the_environment(terminal: Terminal, *, is_terminal: bool, enabled: bool) -> None:
    """NO_COLOR wins over FORCE_COLOR, which wins over what the stream is."""
    assert colours(terminal, Screen() if is_terminal else io.StringIO()).enabled is enabled


def environment(*, is_runner: bool = False, dumb: bool = False) -> RunnerEnvironment:
    """The surroundings that decide which console is used."""
    return RunnerEnvironment(
        workspace=Path("/w"), state_dir=Path("/s"), is_runner=is_runner, terminal=Terminal(dumb=dumb)
    )


def test_the_console_fits_where_the_run_is_seen() -> None:
    """A runner, a terminal, or anything else."""
    plain, screen = io.StringIO(), Screen()
    assert isinstance(choose_console(environment(is_runner=True), token=tokens(), results=screen), RunnerConsole)
    assert isinstance(choose_console(environment(), token=tokens(), out=plain, results=plain), PlainConsole)
    assert isinstance(choose_console(environment(dumb=True), token=tokens(), out=screen), PlainConsole)
    live = choose_console(environment(), token=tokens(), out=screen, results=screen)
    live.close()
    assert isinstance(live, TerminalConsole)


@pytest.fixture
def loggers() -> Iterator[None]:
    """Logging as it was, afterwards."""
    root, ours = logging.getLogger(), logging.getLogger("docsfy_action")
    before = (list(root.handlers), root.level, ours.level)
    yield
    logging.captureWarnings(capture=False)
    root.handlers[:], root.level, ours.level = before[0], before[1], before[2]


@pytest.mark.usefixtures("loggers")
def test_log_records_go_to_the_console(out: io.StringIO) -> None:
    """Ours from INFO on, those of libraries from WARNING on and with their name; a traceback in full."""
    route_logging(PlainConsole(out, io.StringIO()), debug=False)
    logging.getLogger("docsfy_action.x").info("read %s files", 3)
    logging.getLogger("docsfy_action.x").debug("not shown")
    logging.getLogger("git.cmd").info("not shown")
    logging.getLogger("git.cmd").warning("slow")
    empty: dict[str, int] = {}
    try:
        empty["::error::boom"] += 1
    except KeyError:
        logging.getLogger("docsfy_action").exception("failed")
    lines = out.getvalue().splitlines()
    assert lines[:3] == ["read 3 files", "warning: git.cmd: slow", "error: failed"]
    assert lines[-1] == "KeyError: '::error::boom'"


@pytest.mark.usefixtures("loggers")
def test_debug_logging_is_what_the_runner_asks_for(out: io.StringIO) -> None:
    """With debug logging our DEBUG records are the runner's debug lines; Python's own warnings are log lines."""
    route_logging(RunnerConsole(out, token=tokens()), debug=True)
    logging.getLogger("docsfy_action.x").debug("a\nb")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn("old", DeprecationWarning, stacklevel=1)
    lines = out.getvalue().splitlines()
    assert lines[0] == "::debug::a%0Ab"
    assert "DeprecationWarning: old" in lines[1]
