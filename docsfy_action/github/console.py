"""Where a run is shown while it goes on: one interface, and its forms for the runner and for plain lines."""

import threading
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable
from typing import TextIO
from urllib.parse import quote

from docsfy_action.github.commands import (
    Annotation,
    Level,
    annotation_command,
    command,
    cut,
    inert,
    one_line,
    visible,
)
from docsfy_action.lifecycle import Stage

ANNOTATION_LIMIT = 10  # of each kind that the runner shows for a step
_PLAIN_EVERY = 10.0  # seconds between two lines of progress where lines cannot be replaced

TITLES: dict[Stage, str] = {
    Stage.CLONING: "Reading the repository",
    Stage.PLANNING: "Planning the pages",
    Stage.INCREMENTAL_PLANNING: "Planning what changed",
    Stage.GENERATING_PAGES: "Writing pages",
    Stage.VERIFYING: "Verifying",
    Stage.RENDERING: "Rendering the site",
    Stage.PUBLISHING: "Publishing",
    Stage.UP_TO_DATE: "Nothing to do",
}
_STEPS = {
    Stage.CLONING: 1,
    Stage.PLANNING: 2,
    Stage.INCREMENTAL_PLANNING: 2,
    Stage.GENERATING_PAGES: 3,
    Stage.VERIFYING: 4,
    Stage.RENDERING: 5,
    Stage.PUBLISHING: 6,
    Stage.UP_TO_DATE: 6,
}


def stage_title(stage: Stage) -> str:
    """`[2/6] Planning the pages`."""
    return f"[{_STEPS[stage]}/6] {TITLES[stage]}"


def duration(seconds: float) -> str:
    """Seconds as people say them: `0.4 s`, `12 s`, `3 min 05 s`, `1 h 02 min`."""
    if seconds < 9.95:
        return f"{max(seconds, 0):.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest:02d} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"


class Console(ABC):
    """Shows a run. Safe to use from several threads; foreign text is safe in every argument.

    `out` takes the log, `results` what the run says at its end. `clock` gives seconds that only grow.
    """

    def __init__(self, out: TextIO, results: TextIO, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._out = out
        self._results = results
        self._clock = clock
        self._lock = threading.RLock()
        self._secrets: tuple[str, ...] = ()
        self._stage: Stage | None = None
        self._stage_began = clock()

    def stage(self, stage: Stage) -> None:
        """Ends the stage before and begins this one."""
        with self._lock:
            self._end_stage(failed=False)
            self._stage, self._stage_began = stage, self._clock()
            self._begin_stage(stage)

    def close(self, *, failed: bool = False) -> None:
        """Ends the last stage. Nothing is shown of progress afterwards; log lines and results still are."""
        with self._lock:
            self._end_stage(failed=failed)
            self._stage = None

    @abstractmethod
    def progress(self, done: int, total: int, label: str = "") -> None:
        """`done` of `total` pages of this stage; `label` is what is being worked on."""

    @abstractmethod
    def log(self, level: str, text: str) -> None:
        """One message. `level` is `debug`, `info`, `warning` or `error`."""

    def annotate(self, annotation: Annotation) -> None:
        """A message that is shown beside the run; off the runner it is a log line."""
        where = f"{annotation.path}:{annotation.line}: " if annotation.path and annotation.line else ""
        where = where or (f"{annotation.path}: " if annotation.path else "")
        self.log("info" if annotation.level is Level.NOTICE else annotation.level, f"{where}{annotation.message}")

    def block(self, text: str) -> None:
        """Output of another program, as it is."""
        self.log("info", text)

    def result(self, text: str) -> None:
        """What the run says at its end."""
        with self._lock:
            self._write(self._results, text if text.endswith("\n") else f"{text}\n")

    def mask(self, *secrets: str) -> None:
        """Keeps secrets out of everything written from now on, also as they look in an address."""
        with self._lock:
            found = {form for secret in secrets for form in _forms(secret)}
            self._secrets = tuple(sorted(found.union(self._secrets), key=lambda form: (-len(form), form)))

    @abstractmethod
    def _begin_stage(self, stage: Stage) -> None:
        """Shows that a stage begins."""

    @abstractmethod
    def _end_stage(self, *, failed: bool) -> None:
        """Shows that the stage, if there is one, ended."""

    def _elapsed(self) -> float:
        return self._clock() - self._stage_began

    def _redacted(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text

    def _write(self, stream: TextIO, text: str, *, redacted: bool = True) -> None:
        """Writes what the stream's encoding can hold and shows the rest escaped; the only way anything is written."""
        text = self._redacted(text) if redacted else text
        encoding = stream.encoding or "utf-8"
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()


class PlainConsole(Console):
    """Lines without colours and without anything that replaces a line: for files, pipes and other systems' logs."""

    _last_progress = 0.0

    def progress(self, done: int, total: int, label: str = "") -> None:
        """A line at the end of the stage's work and every few seconds before."""
        with self._lock:
            now = self._clock()
            if done < total and now - max(self._last_progress, self._stage_began) < _PLAIN_EVERY:
                return
            self._last_progress = now
            self._line(f"{done} of {total}{f', {one_line(label)}' if label and done < total else ''}")

    def log(self, level: str, text: str) -> None:
        """The message; warnings and errors say that they are."""
        with self._lock:
            self._line(f"{level}: {text}" if level in {"warning", "error"} else text)

    def _line(self, text: str) -> None:
        self._write(self._out, f"{visible(text)}\n")

    def _begin_stage(self, stage: Stage) -> None:
        self._line(stage_title(stage))

    def _end_stage(self, *, failed: bool) -> None:
        if self._stage is not None:
            self._line(f"{'failed' if failed else 'done'} after {duration(self._elapsed())}")


class RunnerConsole(PlainConsole):
    """The log of a workflow run: a collapsible group for each stage, annotations, masks; no foreign text is a command.

    Everything goes to one stream, because the runner shows two of them in no certain order. `token` gives a new random
    word at every call.
    """

    def __init__(self, out: TextIO, *, token: Callable[[], str], clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(out, out, clock=clock)
        self._token = token
        self._annotations: Counter[Level] = Counter()

    def log(self, level: str, text: str) -> None:
        """The message; debugging messages as the runner's own, shown when the run is repeated with debug logging."""
        with self._lock:
            if level == "debug":
                self._command(command("debug", cut(inert(text), 4_000)))
            else:
                super().log(level, text)

    def annotate(self, annotation: Annotation) -> None:
        """An annotation; from the eleventh of a kind on, which the runner drops, a log line."""
        with self._lock:
            self._annotations[annotation.level] += 1
            if self._annotations[annotation.level] > ANNOTATION_LIMIT:
                super().annotate(annotation)
            else:
                self._command(annotation_command(annotation))

    def block(self, text: str) -> None:
        """The text between marks that switch commands off, so that it stays readable as it is."""
        with self._lock:
            token = self._token()
            self._command(command("stop-commands", token))
            self._write(self._out, f"{visible(text)}\n")
            self._command(f"::{token}::")

    def result(self, text: str) -> None:
        """The text, as lines of the log."""
        with self._lock:
            self._line(text.removesuffix("\n"))

    def mask(self, *secrets: str) -> None:
        """Tells the runner too: it keeps them out of later steps' logs and of this step's summary."""
        with self._lock:
            for form in sorted({form for secret in secrets for form in _forms(secret)}):
                # Not redacted: a secret that holds one already masked would reach the runner with a hole.
                self._write(self._out, f"{command('add-mask', form)}\n", redacted=False)
            super().mask(*secrets)

    def _line(self, text: str) -> None:
        self._write(self._out, f"{inert(text)}\n")

    def _command(self, line: str) -> None:
        self._write(self._out, f"{line}\n")

    def _begin_stage(self, stage: Stage) -> None:
        self._command(command("group", stage_title(stage)))

    def _end_stage(self, *, failed: bool) -> None:
        if self._stage is not None:
            super()._end_stage(failed=failed)
            self._command("::endgroup::")


def _forms(secret: str) -> tuple[str, ...]:
    """A secret as it may show up: line by line, and as written in an address; no short pieces, which are everywhere."""
    lines = [line.strip() for line in secret.splitlines()]
    return tuple(dict.fromkeys(form for line in lines if len(line) >= 4 for form in (line, quote(line, safe=""))))
