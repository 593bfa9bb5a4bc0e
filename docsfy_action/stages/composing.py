"""The model's pages: written or patched several at once, each saved the moment it is done; kept, handed to the embedded
writer or left out where the model does not write them."""

import logging
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from functools import partial

from docsfy_action.github.console import duration
from docsfy_action.inputs.values import Verify
from docsfy_action.lifecycle import PageAction, PageReport
from docsfy_action.outline.amend import is_by_model
from docsfy_action.outline.briefing import brief_of
from docsfy_action.outline.model import PageSpec
from docsfy_action.plan.plan import KeepPage, PatchPage, Plan, WritePage
from docsfy_action.plan.provenance import Provenance
from docsfy_action.providers.model import FailureKind
from docsfy_action.stages.author import Author
from docsfy_action.stages.grounding import Ground
from docsfy_action.stages.planning import digest_of
from docsfy_action.stages.run import Run
from docsfy_action.stages.verifying import commit_evidence, holds
from docsfy_action.stages.writing import Page, write_one
from docsfy_action.state.model import PageRecord
from docsfy_action.verify.evidence import CommitEvidence
from docsfy_action.verify.page import anchors_of
from docsfy_action.writers.model.brief import Brief, SitePage
from docsfy_action.writers.model.page import PageOutcome, Status, Terms, write_model_page
from docsfy_action.writers.model.patching import Stale, patch_model_page

logger = logging.getLogger(__name__)

# Why a page was not written that says nothing against the page: its turn comes in another run.
_DEFERRED = frozenset({FailureKind.BUDGET, FailureKind.QUOTA, FailureKind.CANCELLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A page for the model; `stale` is what to patch, None for a page that is written whole."""

    spec: PageSpec
    reason: str
    stale: Stale | None = None


@dataclass(kw_only=True)
class Composition:
    """The work on all pages of the model in one run. `pages` are those of the site that are there already."""

    ground: Ground
    author: Author
    run: Run
    pages: dict[str, Page]
    evidence: CommitEvidence = field(init=False)
    _done: int = 0
    _total: int = 0
    _without: Counter[str] = field(default_factory=Counter)
    _why: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """The commit, with every page of the outline as one that can be linked to."""
        slugs = tuple(spec.slug for spec in self.ground.knowledge.outline.pages())
        expected = _Expected(slugs=slugs, pages=self.pages)
        self.evidence = commit_evidence(expected, self.ground.knowledge, self.ground.source)

    def compose(self, plan: Plan, kept: Mapping[str, Provenance]) -> Mapping[str, Page]:
        """All pages of the site, the model's included, in nav order. `kept` is what pages stand on from now on that the
        triage left as they are. Where other jobs have written, nothing is asked here."""
        jobs = self._jobs(plan, kept)
        self._total = len(jobs)
        if self.run.others.plan is not None:
            for job in jobs:
                self._take_over(job)
        elif jobs:
            self._write(jobs)
        self._say_what_was_not_written()
        specs = self.ground.knowledge.outline.pages()
        return {spec.slug: self.pages[spec.slug] for spec in specs}

    def has_work(self, plan: Plan) -> bool:
        """Whether the model has a page to write."""
        return bool(self._jobs(plan, {}))

    def rehearse(self, plan: Plan) -> None:
        """Ask an author who only takes down what it is asked."""
        if self.author.open():
            for job in self._jobs(plan, {}):
                self._outcome(job)

    def compose_some(self, plan: Plan, slugs: Collection[str]) -> None:
        """Only these pages; they are left in the store."""
        jobs = [job for job in self._jobs(plan, {}) if job.spec.slug in slugs]
        self._total = len(jobs)
        if jobs:
            self._write(jobs)

    def _jobs(self, plan: Plan, kept: Mapping[str, Provenance]) -> list[Job]:
        jobs = []
        for decision in plan.decisions:
            if isinstance(decision, KeepPage | WritePage | PatchPage) and is_by_model(decision.spec):
                job = self._job(decision, kept)
                jobs += [job] if job is not None else []
        return jobs

    def _job(self, decision: KeepPage | WritePage | PatchPage, kept: Mapping[str, Provenance]) -> Job | None:
        """What is to be done for a page; None for one that is kept, which is then among the pages."""
        slug = decision.spec.slug
        text = self.ground.text_of(slug)
        if isinstance(decision, KeepPage) and text is not None:
            record = self.ground.records[slug]
            now = kept.get(slug)
            if now is not None:
                record = record.model_copy(update={"input_digest": now.digest, "facets": now.facets})
            self.pages[slug] = Page(text=text, record=record, written=False, reason=decision.reason)
            return None
        if isinstance(decision, PatchPage) and text is not None:
            now = self.ground.provenance_of(decision.spec, text, self.ground.records[slug].opened)
            shown = self.ground.change_for(slug, now)
            if shown is not None:
                changes, paths = shown
                stale = Stale(markdown=text, changes=f"{decision.reason}\n\n{changes}", paths=paths)
                return Job(spec=decision.spec, reason=decision.reason, stale=stale)
        lost = isinstance(decision, KeepPage)
        return Job(spec=decision.spec, reason="its stored text is missing or damaged" if lost else decision.reason)

    # --- calls --------------------------------------------------------------------------------------------------------

    def _write(self, jobs: list[Job]) -> None:
        if not self.author.open():
            for job in jobs:
                self._fall_back(job, self.author.absent)
            return
        workers = self.ground.source.inputs.max_concurrent_pages
        logger.info("Pages for the model: %d, at most %d at a time.", len(jobs), workers)
        with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="page") as executor:
            running = {executor.submit(self._outcome, job): job for job in jobs}
            self.run.console.progress(0, self._total, "asking the model")
            try:
                while running:
                    done, _ = wait(running, return_when=FIRST_COMPLETED)
                    for future in done:
                        # It stays among those that run until it is saved: a signal may come at any moment.
                        self._finish(running[future], future)
                        del running[future]
            except BaseException:
                # Nothing goes on behind a run that is ending, and nothing that was paid for is lost.
                self.author.cancelled.set()
                executor.shutdown(wait=True, cancel_futures=True)
                self._save_rest(running)
                raise

    def _outcome(self, job: Job) -> tuple[PageOutcome, float]:
        """Runs in a thread of its own."""
        started = self.run.clock()
        inputs = self.ground.source.inputs
        terms = Terms(strict=inputs.verify is Verify.STRICT, deadline=self.author.deadline)
        ask = partial(self.author.ask, page=job.spec.slug)
        brief, code = self._brief(job.spec), self.ground.knowledge.code
        if job.stale is None:
            outcome = write_model_page(brief, ask, self.evidence, code, terms=terms)
        else:
            outcome = patch_model_page(brief, job.stale, ask, self.evidence, code, terms=terms)
        return outcome, self.run.clock() - started

    def _finish(self, job: Job, future: "Future[tuple[PageOutcome, float]]") -> None:
        outcome, seconds = future.result()
        if outcome.status is Status.ACCEPTED:
            self._accept(job, outcome, seconds)
            logger.info("%s: %s", job.spec.title, _told(job, outcome, seconds))
        else:
            deferred = outcome.failure is not None and outcome.failure.kind in _DEFERRED
            reason = "; ".join(one.rstrip(". ") for one in outcome.reasons[-2:]) or "the model gave no page"
            self._fall_back(job, reason, failed=not deferred, findings=tuple(one.message for one in outcome.findings))
            if not deferred:  # else all that are left have the same reason, which is told once
                logger.info("%s: %s", job.spec.title, self.run.pages[job.spec.slug].reason)
        self._done += 1
        self.run.console.progress(self._done, self._total, job.spec.title)

    def _take_over(self, job: Job) -> None:
        """What another job has made of a page. What it stands on is found anew, not taken on that job's word."""
        handed = self.run.others.pages.get(job.spec.slug)
        if handed is None:
            self._fall_back(job, self.run.others.missing.get(job.spec.slug) or self.author.absent)
            return
        row = handed.row
        if handed.record is None or handed.text is None or not handed.record.author:
            self._fall_back(job, row.reason, failed=row.failed, findings=row.findings)
            return
        report = PageReport(
            slug=job.spec.slug,
            title=job.spec.title,
            action=PageAction.PATCH if row.action is PageAction.PATCH else PageAction.WRITE,
            reason=job.reason,
            writer=handed.record.author,
            repaired=row.repaired,
            removed=row.removed,
            findings=row.findings,
            seconds=row.seconds,
        )
        self._save(job.spec, handed.text, handed.record.opened, report)

    def _save_rest(self, running: Mapping["Future[tuple[PageOutcome, float]]", Job]) -> None:
        for future, job in running.items():
            if future.done() and not future.cancelled() and future.exception() is None:
                outcome, seconds = future.result()
                if outcome.status is Status.ACCEPTED:
                    self._accept(job, outcome, seconds)

    def _accept(self, job: Job, outcome: PageOutcome, seconds: float) -> None:
        spec = job.spec
        before = self.ground.records.get(spec.slug)
        opened = tuple(sorted({*outcome.opened, *(before.opened if before is not None and job.stale else ())}))
        report = PageReport(
            slug=spec.slug,
            title=spec.title,
            action=PageAction.WRITE if job.stale is None else PageAction.PATCH,
            reason=job.reason,
            writer=self.author.label,
            repaired=outcome.repaired,
            removed=len(outcome.removed),
            findings=(
                *(f"removed: {text}" for text in outcome.removed),
                *(finding.message for finding in outcome.findings),
            ),
            seconds=seconds,
        )
        self._save(spec, outcome.markdown, opened, report)

    def _save(self, spec: PageSpec, text: str, opened: tuple[str, ...], report: PageReport) -> None:
        """Keep a page that the model wrote, with what it stands on."""
        now = self.ground.provenance_of(spec, text, opened)
        record = self._record(spec, now, text).model_copy(update={"author": report.writer, "opened": opened})
        self.ground.store.save_page(record, text)
        self.pages[spec.slug] = Page(text=text, record=record, written=True, reason=report.reason)
        self.run.pages[spec.slug] = replace(report, inputs=tuple(now.facets))

    def _record(self, spec: PageSpec, now: Provenance, text: str) -> PageRecord:
        return PageRecord(
            slug=spec.slug,
            title=spec.title,
            description=spec.description,
            identity=spec.identity,
            section=self.ground.knowledge.outline.section_of[spec.slug],
            kind=spec.kind.value,
            writer=spec.writer,
            subjects=spec.subjects,
            input_digest=now.digest,
            facets=now.facets,
            content_digest=digest_of(text) if text else "",
        )

    # --- without the model ---------------------------------------------------------------------------------------------

    def _fall_back(self, job: Job, reason: str, *, failed: bool = False, findings: tuple[str, ...] = ()) -> None:
        """The last good version if it still holds, else the embedded writer's page if there is one, else nothing; the
        next run tries again. `failed` says that the page was tried, and did not come to anything."""
        spec, knowledge = job.spec, self.ground.knowledge
        text = self.ground.text_of(spec.slug)
        action: PageAction | None = PageAction.FAIL if failed else None
        if text is not None and holds(spec.slug, text, self.evidence):
            record = self.ground.records[spec.slug].model_copy(update={"failed": True, "reason": reason})
            self.pages[spec.slug] = Page(text=text, record=record, written=False, reason=reason)
            self._note(
                job, action or PageAction.KEEP, f"kept as the last run left it: {reason}", record.author, findings
            )
            self._without["kept as they were"] += 1
        elif spec.slug in knowledge.inputs:
            page = write_one(knowledge.inputs[spec.slug], knowledge, self.ground.store, job.reason, self.run)
            record = page.record.model_copy(update={"failed": True, "reason": reason})
            self.pages[spec.slug] = Page(text=page.text, record=record, written=True, reason=reason)
            self._note(job, action or PageAction.WRITE, f"by the embedded writer: {reason}", "builtin", findings)
            self._without["written by the embedded writer"] += 1
        else:
            record = self._record(spec, Provenance(digest="", facets={}), "").model_copy(
                update={"failed": True, "reason": reason}
            )
            self.pages[spec.slug] = Page(text="", record=record, written=False, reason=reason)
            self._note(job, PageAction.FAIL, f"left out: {reason}", "", findings)
            self._without["left out"] += 1
        self._why.append(reason)

    def _note(self, job: Job, action: PageAction, reason: str, writer: str, findings: tuple[str, ...]) -> None:
        spec = job.spec
        self.run.pages[spec.slug] = PageReport(
            slug=spec.slug,
            title=spec.title,
            action=action,
            reason=reason,
            writer=writer,
            findings=findings,
            deferred=True,
        )

    def _say_what_was_not_written(self) -> None:
        if not self._without:
            return
        what = ", ".join(f"{number} {how}" for how, number in self._without.items())
        why = Counter(self._why).most_common(1)[0][0]
        self.run.warn(
            f"The model did not write {sum(self._without.values())} of its pages ({what}): {why.rstrip('. ')}. The next run "
            "tries them again."
        )

    # --- what pages are made of -----------------------------------------------------------------------------------------

    def _brief(self, spec: PageSpec) -> Brief:
        knowledge, wishes = self.ground.knowledge, self.ground.wishes
        sources = knowledge.planned[spec.slug].sources if spec.slug in knowledge.planned else ()
        return Brief(
            project=self.ground.source.title,
            slug=spec.slug,
            title=spec.heading or spec.title,
            description=spec.description,
            brief=brief_of(spec, knowledge.planned),
            language=self.ground.source.inputs.language,
            kind=spec.kind.value,
            sources=sources,
            audience=wishes.audience,
            instructions="\n\n".join(filter(None, (wishes.instructions, *wishes.notes))),
            pages=tuple(
                SitePage(slug=page.slug, title=page.title, description=page.description)
                for page in knowledge.outline.pages()
            ),
        )


def _told(job: Job, outcome: PageOutcome, seconds: float) -> str:
    """`written in 12 s with 2 calls, 1 claim repaired`."""
    facts = [
        f"{'written' if job.stale is None else 'patched'} in {duration(seconds)} with {_counted(outcome.calls, 'call')}"
    ]
    facts += [f"{_counted(outcome.repaired, 'claim')} repaired"] if outcome.repaired else []
    facts += [f"{_counted(len(outcome.removed), 'claim')} removed"] if outcome.removed else []
    return ", ".join(facts)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


class _Expected(Mapping[str, AbstractSet[str]]):
    """The anchors of all pages of the outline; one that is not written yet has none."""

    def __init__(self, *, slugs: tuple[str, ...], pages: Mapping[str, Page]) -> None:
        self._slugs = slugs
        self._pages = pages
        self._found: dict[str, AbstractSet[str]] = {}

    def __getitem__(self, slug: str) -> AbstractSet[str]:
        if slug not in self._slugs:
            raise KeyError(slug)
        page = self._pages.get(slug)
        if page is None:
            return frozenset()
        if slug not in self._found:
            self._found[slug] = anchors_of(page.text)
        return self._found[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(self._slugs)

    def __len__(self) -> int:
        return len(self._slugs)
