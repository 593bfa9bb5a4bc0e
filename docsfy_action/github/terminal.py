"""The console for a terminal: finished stages as lines, and a live one for the stage that is going on."""

import threading
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import TextIO

from docsfy_action.github.commands import one_line, visible
from docsfy_action.github.console import Console, duration, stage_title
from docsfy_action.lifecycle import Stage

_REDRAW_EVERY = 0.5  # seconds between two drawings of the live line


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """Terminal colours, or nothing where they are not wanted."""

    enabled: bool

    def bold(self, text: str) -> str:
        """Important."""
        return self._in("1", text)

    def dim(self, text: str) -> str:
        """Secondary."""
        return self._in("2", text)

    def good(self, text: str) -> str:
        """Success."""
        return self._in("32", text)

    def warn(self, text: str) -> str:
        """Needs a look."""
        return self._in("33", text)

    def bad(self, text: str) -> str:
        """Failure."""
        return self._in("31", text)

    def _in(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.enabled and text else text


class TerminalConsole(Console):
    """A terminal: finished stages stay as lines, and below them one line shows what goes on, until it is done."""

    def __init__(
        self,
        out: TextIO,
        results: TextIO,
        *,
        style: Style,
        width: Callable[[], int],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(out, results, clock=clock)
        self._style = style
        self._width = width
        self._counter = ""
        self._label = ""
        self._live = False
        self._told = False
        self._ended = threading.Event()
        self._ticker: threading.Thread | None = None

    def start(self) -> None:
        """Keeps the elapsed time moving while a stage says nothing."""
        self._ticker = threading.Thread(target=self._tick, name="progress", daemon=True)
        self._ticker.start()

    def close(self, *, failed: bool = False) -> None:
        """Ends the last stage and the ticker."""
        super().close(failed=failed)
        self._ended.set()
        if self._ticker is not None:
            self._ticker.join()

    def progress(self, done: int, total: int, label: str = "") -> None:
        """Updates the live line."""
        with self._lock:
            self._counter, self._label = f"{done}/{total}", one_line(label)
            self._draw()

    def log(self, level: str, text: str) -> None:
        """The message, above the live line and below the name of its stage."""
        colours = {"debug": self._style.dim, "info": self._style.dim, "warning": self._style.warn}
        with self._lock:
            self._clear()
            if self._stage is not None and not self._told:
                # Otherwise the line would seem to belong to the stage before, whose name stands above it.
                self._write(self._out, f"{self._mark('›', '>')} {stage_title(self._stage)}\n")
                self._told = True
            prefix = f"{level}: " if level in {"warning", "error"} else ""
            lines = (f"{prefix}{visible(text)}").split("\n")
            colour = colours.get(level, self._style.bad)
            self._write(self._out, "".join(f"      {colour(line)}\n" for line in lines))
            self._draw()

    def result(self, text: str) -> None:
        """What the run says at its end, below everything else."""
        with self._lock:
            self._clear()
            super().result(text)

    def _begin_stage(self, stage: Stage) -> None:
        self._counter = self._label = ""
        self._told = False
        self._draw()

    def _end_stage(self, *, failed: bool) -> None:
        if self._stage is None:
            return
        self._clear()
        mark = self._style.bad(self._mark("✗", "x")) if failed else self._style.good(self._mark("✓", "+"))
        facts = "  ".join(filter(None, (self._counter, duration(self._elapsed()))))
        self._write(self._out, f"{mark} {stage_title(self._stage):<30} {self._style.dim(facts)}\n")
        self._counter = self._label = ""

    def _draw(self) -> None:
        if self._stage is None:
            return
        text = "  ".join(
            filter(None, (f"{stage_title(self._stage):<30}", self._counter, duration(self._elapsed()), self._label))
        )
        # One column is kept free: some terminals wrap when the last one is written.
        text = _fit(f"{self._mark('›', '>')} {text}", max(self._width() - 1, 10))
        self._write(self._out, f"\r\x1b[2K{text}")
        self._live = True

    def _clear(self) -> None:
        if self._live:
            self._write(self._out, "\r\x1b[2K")
            self._live = False

    def _mark(self, mark: str, plain: str) -> str:
        try:
            mark.encode(self._out.encoding or "utf-8")
        except UnicodeEncodeError:
            return plain
        return mark

    def _tick(self) -> None:
        while not self._ended.wait(_REDRAW_EVERY):
            with self._lock:
                self._draw()


def _fit(text: str, columns: int) -> str:
    """As much of the text as fits; East Asian characters take two columns."""
    used = 0
    for index, character in enumerate(text):
        used += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if used > columns:
            return text[:index]
    return text
