"""A run while it goes on: its stage, what it has found out, and the report that can be made of it at any moment."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from docsfy_action.errors import Aborted, ActionError
from docsfy_action.github.console import Console
from docsfy_action.inputs.values import WHOLE, Phase, Shard
from docsfy_action.lifecycle import JobReport, PageAction, PageReport, RunReport, Stage, StaleName, Status
from docsfy_action.plan.shards import Limits
from docsfy_action.providers.model import Usage
from docsfy_action.state.sharing import HandedPage
from docsfy_action.state.sharing_model import PlanRecord
from docsfy_action.verify.secrets import redacted

logger = logging.getLogger(__name__)


class Ledger(Protocol):
    """What a model has cost, or would cost: by page, and in all."""

    @property
    def calls(self) -> int:
        """Calls of the run."""

    @property
    def ledger(self) -> Mapping[str, Usage]:
        """What each page has cost, by its slug."""

    @property
    def total(self) -> Usage:
        """What the run has cost."""

    def calls_for(self, page: str) -> int:
        """Calls made for a page."""


@dataclass(frozen=True, kw_only=True)
class Tally:
    """A ledger that is only numbers: calls and usage by page, the empty slug for what is for no page. It is what several jobs
    have spent, or what a run would spend, on the high side, tries after an error of the vendor's aside."""

    made: Mapping[str, int] = field(default_factory=dict)
    ledger: Mapping[str, Usage] = field(default_factory=dict)

    @property
    def calls(self) -> int:
        """All calls."""
        return sum(self.made.values())

    @property
    def total(self) -> Usage:
        """All tokens and dollars."""
        return sum(self.ledger.values(), start=Usage())

    def calls_for(self, page: str) -> int:
        """Calls for a page."""
        return self.made.get(page, 0)

    @property
    def cost(self) -> Decimal:
        """Dollars as far as they are known."""
        return sum((usage.cost_usd or Decimal(0) for usage in self.ledger.values()), start=Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Others:
    """What other jobs of the same run have decided and done: the `plan`, None where one job does everything; `pages` that
    were handed over, by slug; `missing` says of pages why they were not."""

    plan: PlanRecord | None = None
    pages: Mapping[str, HandedPage] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)


@dataclass(kw_only=True)
class Run:
    """What main hands in, and what is known so far. `on_stage` is told of every stage that begins; `jitter` gives numbers
    from 0 to 1; `ledger` is the client of a model once one is in use, or the estimate of a `dry_run`. `planned` is what `pages`
    was before the first of them was written. `restored` says where the state came from, `saved` what became of the state in the
    Actions cache, `forecast` what a run without any state was expected to spend, `preview_note` why a preview is not shown
    otherwise, or not at all; empty where there is nothing to say. `phase` and `shard` say which part of the run this job does,
    `limits` what it may spend of it; `before` are seconds of other jobs by stage. A job that plans tells of `matrix` and
    `jobs`."""

    console: Console
    environ: Mapping[str, str]
    clock: Callable[[], float]
    now: Callable[[], datetime]
    jitter: Callable[[], float] = lambda: 0.5
    ledger: Ledger | None = None
    dry_run: bool = False
    others: Others = field(default_factory=Others)
    phase: Phase = Phase.ALL
    shard: Shard = field(default=WHOLE)
    limits: Limits | None = None
    before: Mapping[str, float] = field(default_factory=dict)
    matrix: str = ""
    jobs: tuple[JobReport, ...] = ()
    jobs_reason: str = ""
    stage: Stage = Stage.CLONING
    on_stage: Callable[[Stage], None] = field(default=lambda _: None)
    site_dir: str = ""
    page_url: str = ""
    preview_url: str = ""
    preview_note: str = ""
    stale: tuple[StaleName, ...] = ()
    unposted: str = ""
    commit: str = ""
    previous_commit: str = ""
    pages: dict[str, PageReport] = field(default_factory=dict)
    planned: Mapping[str, PageReport] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    restored: str = ""
    saved: str = ""
    forecast: str = ""
    seconds: dict[str, float] = field(default_factory=dict)
    _since: float | None = None

    def enter(self, stage: Stage) -> None:
        """The stage before has ended, this one begins."""
        self.finish_stage()
        self.stage = stage
        self._since = self.clock()
        self.console.stage(stage)
        self.on_stage(stage)

    def warn(self, text: str) -> None:
        """Say now, and again in the summary."""
        if text not in self.warnings:
            self.warnings.append(text)
            logger.warning("%s", text)

    @property
    def state(self) -> str:
        """Where the state came from, and what became of it."""
        return "; ".join(filter(None, (self.restored, self.saved)))

    def report(self, status: Status, stage: Stage) -> RunReport:
        """The report as of now."""
        return replace(self._so_far(status, stage), site_dir=self.site_dir)

    def failed(self, error: ActionError) -> RunReport:
        """The report of a run that this error ended."""
        status = Status.ABORTED if isinstance(error, Aborted) else Status.ERROR
        report = replace(self._so_far(status, self.stage), error=error.message, hint=error.hint, matrix="", jobs=())
        if self.stage is Stage.PUBLISHING:
            report = replace(report, site_dir=self.site_dir)  # whole, whatever became of publishing it
        return replace(report, pages=tuple(map(self._unless_done, report.pages)))

    def _unless_done(self, page: PageReport) -> PageReport:
        """A page that was to be written, and was not when the run ended, is not reported as written."""
        owed = page.action in {PageAction.WRITE, PageAction.PATCH}
        if not owed or self.pages[page.slug] is not self.planned.get(page.slug):
            return page
        return replace(page, action=PageAction.FAIL, reason="the run ended before it was finished")

    def _so_far(self, status: Status, stage: Stage) -> RunReport:
        self.finish_stage()
        spent = self.ledger.total if self.ledger is not None else Usage()
        return RunReport(
            status=status,
            stage=stage,
            commit=self.commit,
            previous_commit=self.previous_commit,
            pages=tuple(_without_secrets(self._with_cost(page)) for page in self.pages.values()),
            ai_calls=self.ledger.calls if self.ledger is not None else 0,
            input_tokens=spent.input_tokens,
            output_tokens=spent.output_tokens,
            cost_usd=None if spent.cost_usd is None else float(spent.cost_usd),
            page_url=self.page_url,
            preview_url=self.preview_url,
            preview_note=self.preview_note,
            matrix=self.matrix,
            phase=self.phase.value,
            shard=str(self.shard) if self.phase is Phase.WRITE else "",
            jobs=self.jobs,
            jobs_reason=self.jobs_reason,
            warnings=tuple(self.warnings),
            state=self.state,
            forecast=self.forecast,
            stale=self.stale,
            unposted=self.unposted,
            dry_run=self.dry_run,
            seconds=self._seconds(),
        )

    def _seconds(self) -> dict[str, float]:
        """Time by stage, that of other jobs included."""
        return {
            stage: self.before.get(stage, 0) + self.seconds.get(stage, 0) for stage in {**self.before, **self.seconds}
        }

    def _with_cost(self, page: PageReport) -> PageReport:
        usage = self.ledger.ledger.get(page.slug) if self.ledger is not None else None
        if usage is None or self.ledger is None:
            return page
        return replace(
            page,
            ai_calls=self.ledger.calls_for(page.slug),
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            cost_usd=None if usage.cost_usd is None else float(usage.cost_usd),
        )

    def finish_stage(self) -> None:
        """The stage has ended, whether or not another one begins."""
        if self._since is not None:
            self.seconds[self.stage.value] = self.clock() - self._since
            self._since = None


def _without_secrets(page: PageReport) -> PageReport:
    """What was found on a page may quote a credential that stands there."""
    return replace(page, findings=tuple(map(redacted, page.findings))) if page.findings else page
