"""The desk of a run with a model: it plans and writes the pages that explain, the embedded writer does the rest."""

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import TracebackType
from typing import Self

from docsfy_action.facts.codebase import CodeBase
from docsfy_action.outline.amend import is_by_model
from docsfy_action.outline.briefing import Wishes
from docsfy_action.outline.model import Outline, PageSpec
from docsfy_action.plan.plan import Plan, WritePage
from docsfy_action.plan.provenance import Provenance
from docsfy_action.stages.author import Author
from docsfy_action.stages.composing import Composition
from docsfy_action.stages.estimating import Rehearsal, forecast, rehearsed
from docsfy_action.stages.grounding import Ground, triaged
from docsfy_action.stages.outlining import Outlining, wishes_of
from docsfy_action.stages.planning import Knowledge, decide
from docsfy_action.stages.run import Run
from docsfy_action.stages.source import Source
from docsfy_action.stages.verifying import rewritten
from docsfy_action.stages.writing import Page, report_plan, write_pages
from docsfy_action.state.store import Loaded, StateStore

logger = logging.getLogger(__name__)


@dataclass(kw_only=True)
class ModelDesk:
    """Use it in a `with` block: what it opened for the model is closed behind it."""

    source: Source
    store: StateStore
    loaded: Loaded
    run: Run
    author: Author = field(init=False)
    ground: Ground | None = None
    provenances: Mapping[str, Provenance] = field(default_factory=dict)
    kept: Mapping[str, Provenance] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """The author is named now, and opened when it is needed."""
        assert self.source.chosen is not None
        author = Rehearsal if self.source.inputs.dry_run else Author
        self.author = author(chosen=self.source.chosen, source=self.source, run=self.run, absent=self.source.absent)
        if self.source.absent:
            self.run.warn(self.source.absent)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.author.close()

    @cached_property
    def wishes(self) -> Wishes:
        """What the repository wishes for."""
        return wishes_of(self.source, self.run)

    @cached_property
    def outliner(self) -> Outlining:
        """Plans once, and amends."""
        return Outlining(
            source=self.source,
            store=self.store,
            loaded=self.loaded,
            author=self.author,
            wishes=self.wishes,
            run=self.run,
            forecast=self.forecast,
        )

    def forecast(self, code: CodeBase, outline: Outline) -> None:
        """Say what a run that starts from nothing will spend, before its first call, by the estimate of a dry run."""
        if self.source.inputs.dry_run or self.author.absent:
            return
        rehearsal = Rehearsal(chosen=self.author.chosen, source=self.source, run=self.run)
        self.outliner.propose(code, outline, rehearsal)
        knowledge = Knowledge.of(code, outline)
        ground = Ground(
            knowledge=knowledge, source=self.source, store=self.store, loaded=self.loaded, wishes=self.wishes
        )
        specs = [spec for spec in outline.pages() if is_by_model(spec)]
        plan = Plan(decisions=tuple(WritePage(spec=spec, reason="new page") for spec in specs))
        Composition(ground=ground, author=rehearsal, run=self.run, pages={}).rehearse(plan)
        self.run.forecast = forecast(rehearsal, knowledge)
        logger.info("No earlier run has left a state. %s", self.run.forecast)

    def decide(self, knowledge: Knowledge) -> Plan:
        """By comparison with the last run; the model is asked about pages whose ground has changed."""
        ground = self.ground = Ground(
            knowledge=knowledge, source=self.source, store=self.store, loaded=self.loaded, wishes=self.wishes
        )
        self.provenances = ground.provenances()
        plan = decide(self.source, knowledge, self.loaded, self.provenances)
        plan, self.kept = triaged(plan, ground, self.provenances, self.author, self.run)
        report_plan(plan, knowledge, self.run, self.author.label)
        return plan

    def estimate(self, plan: Plan, knowledge: Knowledge) -> None:
        """By the requests that writing would begin with."""
        assert self.ground is not None
        assert isinstance(self.author, Rehearsal)
        Composition(ground=self.ground, author=self.author, run=self.run, pages={}).rehearse(plan)
        rehearsed(self.author, knowledge, self.run)

    def write(self, plan: Plan, knowledge: Knowledge) -> Mapping[str, Page]:
        """First the embedded writer's pages, which take no time, then the model's."""
        assert self.ground is not None
        pages = dict(write_pages(plan, knowledge, self.store, self.loaded, self.run, _is_ours))
        return Composition(ground=self.ground, author=self.author, run=self.run, pages=pages).compose(plan, self.kept)

    def write_again(
        self, knowledge: Knowledge, pages: Mapping[str, Page], refused: Collection[str]
    ) -> Mapping[str, Page]:
        """The embedded writer's pages anew."""
        ours = [slug for slug in refused if not pages[slug].record.author]
        plan = rewritten(decide(self.source, knowledge, self.loaded, self.provenances), ours)
        again = write_pages(plan, knowledge, self.store, self.loaded, self.run, _is_ours)
        return {slug: again.get(slug, page) for slug, page in pages.items()}


def _is_ours(spec: PageSpec) -> bool:
    return not is_by_model(spec)
