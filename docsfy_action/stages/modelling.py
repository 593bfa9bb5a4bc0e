"""The desk of a run with a model: it plans and writes the pages that explain, the embedded writer does the rest."""

import logging
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from types import TracebackType
from typing import Self

from docsfy_action.facts.codebase import CodeBase
from docsfy_action.inputs.values import Phase
from docsfy_action.lifecycle import PageAction
from docsfy_action.outline.amend import is_by_model
from docsfy_action.outline.briefing import Wishes
from docsfy_action.outline.model import Outline, PageSpec
from docsfy_action.plan.plan import Plan, WritePage
from docsfy_action.plan.provenance import Provenance
from docsfy_action.providers.model import Request
from docsfy_action.stages.author import Author
from docsfy_action.stages.composing import Composition, Job
from docsfy_action.stages.estimating import Rehearsal, estimated, forecast, rehearsed
from docsfy_action.stages.grounding import Ground, recalled, triaged, verdicts_on
from docsfy_action.stages.outlining import Outlining, wishes_of
from docsfy_action.stages.planning import Knowledge, Outliner, decide
from docsfy_action.stages.run import Run
from docsfy_action.stages.share import ShareStore
from docsfy_action.stages.source import Source
from docsfy_action.stages.verifying import rewritten
from docsfy_action.stages.weighing import Weighed, weighed_embedded, work_of
from docsfy_action.stages.writing import Page, report_plan, write_pages
from docsfy_action.state.sharing_model import PlanRecord, VerdictRecord
from docsfy_action.state.store import Loaded, StateStore
from docsfy_action.writers.model.page import PageOutcome

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
    verdicts: tuple[VerdictRecord, ...] = ()
    kept: Mapping[str, Provenance] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """The author is named now, and opened when it is needed."""
        assert self.source.chosen is not None
        author = Rehearsal if self.source.inputs.dry_run else Author
        absent = self.source.absent
        if self._others is not None and not absent:
            together = self.source.inputs.phase is Phase.ASSEMBLE
            absent = self._others.absent or ("this job asks no model" if together else "")
        self.author = author(chosen=self.source.chosen, source=self.source, run=self.run, absent=absent)
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

    @property
    def _others(self) -> PlanRecord | None:
        """The plan of another job."""
        return self.run.others.plan

    @property
    def outliner(self) -> Outliner:
        """Plans once, and amends; where another job has planned, the outline is as that left it."""
        return self._outlining if self._others is None else self._outlining.recalled

    @cached_property
    def _outlining(self) -> Outlining:
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
        self._outlining.propose(code, outline, rehearsal)
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
        if self._others is not None:
            plan, self.kept = recalled(plan, self._others.verdicts, self.provenances)
        else:
            flagged = {one.spec.slug for one in plan.to_patch}
            plan, self.kept = triaged(plan, ground, self.provenances, self.author, self.run)
            self.verdicts = verdicts_on(flagged, plan)
        report_plan(plan, knowledge, self.run, self.author.label)
        return plan

    def estimate(self, plan: Plan, knowledge: Knowledge) -> None:
        """By the requests that writing would begin with."""
        assert self.ground is not None
        assert isinstance(self.author, Rehearsal)
        Composition(ground=self.ground, author=self.author, run=self.run, pages={}).rehearse(plan)
        rehearsed(self.author, knowledge, self.run)

    def weigh(self, plan: Plan, knowledge: Knowledge) -> Weighed:
        """The model's pages by the requests that writing would begin with; it is asked whether it is there, once for all."""
        assert self.ground is not None
        assert self.source.chosen is not None
        rehearsal = Rehearsal(chosen=self.source.chosen, source=self.source, run=self.run, absent=self.author.absent)
        composition = Composition(ground=self.ground, author=rehearsal, run=self.run, pages={})
        if composition.has_work(plan) and self.author.open():
            composition.rehearse(plan)
        found = estimated(rehearsal.asked, self.source.chosen, knowledge, self.source.snapshot)
        works = {work.slug: work for work in weighed_embedded(plan, knowledge, _is_ours)}
        works |= {slug: work_of(slug, found.ledger[slug]) for slug in found.ledger if slug}
        order = [spec.slug for spec in knowledge.outline.pages()]
        return Weighed(
            works=tuple(works[slug] for slug in order if slug in works),
            dearest=self._dearest([one.request for one in rehearsal.asked]),
            verdicts=self.verdicts,
            absent=self.author.absent,
        )

    def _dearest(self, requests: Sequence[Request]) -> Decimal | None:
        """What has to be left for any of these calls: zero where nobody knows, None without calls."""
        client = self.author.client
        found = [client.sets_aside(one) if client is not None else None for one in requests]
        return max((amount or Decimal(0) for amount in found), default=None)

    def write_share(self, plan: Plan, knowledge: Knowledge, share: ShareStore) -> None:
        """The model's pages are checked against the embedded writer's, so all of these are made, and those of the share kept."""
        assert self.ground is not None
        pages = dict(write_pages(plan, knowledge, share, self.loaded, self.run, _is_ours))
        share.note()
        ground = replace(self.ground, store=share)
        Sharing(ground=ground, author=self.author, run=self.run, pages=pages, share=share).compose_some(
            plan, share.owed
        )

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


@dataclass(kw_only=True)
class Sharing(Composition):
    """The model's pages of a share. One that it does not write is left to the job that puts the site together."""

    share: ShareStore

    def _finish(self, job: Job, future: "Future[tuple[PageOutcome, float]]") -> None:
        super()._finish(job, future)
        self.share.note()

    def _fall_back(self, job: Job, reason: str, *, failed: bool = False, findings: tuple[str, ...] = ()) -> None:
        self._note(job, PageAction.FAIL if failed else PageAction.KEEP, reason, "", findings)


def _is_ours(spec: PageSpec) -> bool:
    return not is_by_model(spec)
