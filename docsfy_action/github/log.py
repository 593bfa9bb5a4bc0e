"""Sets up logging: which console a run is shown on, and that every log record goes there."""

import logging
import shutil
import sys
from collections.abc import Callable
from typing import TextIO

from docsfy_action.github.console import Console, PlainConsole, RunnerConsole
from docsfy_action.github.environment import RunnerEnvironment, Terminal
from docsfy_action.github.terminal import Style, TerminalConsole

_OURS = "docsfy_action"
_LEVELS = ((logging.ERROR, "error"), (logging.WARNING, "warning"), (logging.INFO, "info"))


def choose_console(
    environment: RunnerEnvironment,
    *,
    token: Callable[[], str],
    out: TextIO | None = None,
    results: TextIO | None = None,
) -> Console:
    """The console that fits: the runner's log, a live one on a terminal, else plain lines.

    Off the runner the log goes to `out` (standard error) and the results to `results` (standard output). `token` gives
    a new random word at every call.
    """
    out, results = out or sys.stderr, results or sys.stdout
    if environment.is_runner:
        return RunnerConsole(results, token=token)
    if not out.isatty() or environment.terminal.dumb:
        return PlainConsole(out, results)
    console = TerminalConsole(
        out, results, style=colours(environment.terminal, out), width=lambda: shutil.get_terminal_size().columns
    )
    console.start()
    return console


def colours(terminal: Terminal, stream: TextIO) -> Style:
    """Whether a stream gets colours: NO_COLOR wins over FORCE_COLOR, which wins over what the stream is."""
    if terminal.no_color:
        return Style(enabled=False)
    return Style(enabled=terminal.force_color or (stream.isatty() and not terminal.dumb))


def route_logging(console: Console, *, debug: bool) -> None:
    """Sends log records to the console: ours from INFO on (DEBUG with `debug`), those of libraries from WARNING on."""
    root = logging.getLogger()
    for handler in list(root.handlers):
        root.removeHandler(handler)
    root.addHandler(_ConsoleHandler(console))
    root.setLevel(logging.WARNING)
    logging.getLogger(_OURS).setLevel(logging.DEBUG if debug else logging.INFO)
    logging.captureWarnings(capture=True)


class _ConsoleHandler(logging.Handler):
    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console
        self.setFormatter(logging.Formatter("%(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        level = next((name for number, name in _LEVELS if record.levelno >= number), "debug")
        ours = record.name == _OURS or record.name.startswith(f"{_OURS}.")
        text = self.format(record)
        self._console.log(level, text if ours else f"{record.name}: {text}")
