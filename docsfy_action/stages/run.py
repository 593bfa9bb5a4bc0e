"""A run while it goes on: its stage, what it has found out, and the report that can be made of it at any moment."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from docsfy_action.errors import Aborted, ActionError
from docsfy_action.github.console import Console
from docsfy_action.lifecycle import PageReport, RunReport, Stage, Status

logger = logging.getLogger(__name__)


@dataclass(kw_only=True)
class Run:
    """What main hands in, and what is known so far. `on_stage` is told of every stage that begins."""

    console: Console
    environ: Mapping[str, str]
    clock: Callable[[], float]
    now: Callable[[], datetime]
    stage: Stage = Stage.CLONING
    on_stage: Callable[[Stage], None] = field(default=lambda _: None)
    site_dir: str = ""
    commit: str = ""
    previous_commit: str = ""
    pages: dict[str, PageReport] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    _since: float | None = None

    def enter(self, stage: Stage) -> None:
        """The stage before has ended, this one begins."""
        self._leave()
        self.stage = stage
        self._since = self.clock()
        self.console.stage(stage)
        self.on_stage(stage)

    def warn(self, text: str) -> None:
        """Say now, and again in the summary."""
        if text not in self.warnings:
            self.warnings.append(text)
            logger.warning("%s", text)

    def report(self, status: Status, stage: Stage) -> RunReport:
        """The report as of now."""
        self._leave()
        return RunReport(
            status=status,
            stage=stage,
            site_dir=self.site_dir,
            commit=self.commit,
            previous_commit=self.previous_commit,
            pages=tuple(self.pages.values()),
            warnings=tuple(self.warnings),
            seconds=dict(self.seconds),
        )

    def failed(self, error: ActionError) -> RunReport:
        """The report of a run that this error ended."""
        self._leave()
        return RunReport(
            status=Status.ABORTED if isinstance(error, Aborted) else Status.ERROR,
            stage=self.stage,
            commit=self.commit,
            previous_commit=self.previous_commit,
            pages=tuple(self.pages.values()),
            warnings=tuple(self.warnings),
            error=error.message,
            hint=error.hint,
            seconds=dict(self.seconds),
        )

    def _leave(self) -> None:
        if self._since is not None:
            self.seconds[self.stage.value] = self.clock() - self._since
            self._since = None
