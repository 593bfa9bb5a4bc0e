"""What the model's pages stand on in this commit, and, for those whose ground has changed, whether they are touched."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property

from docsfy_action.errors import SourceError
from docsfy_action.lifecycle import PageAction
from docsfy_action.outline.amend import is_by_model
from docsfy_action.outline.briefing import Wishes, brief_of
from docsfy_action.outline.model import PageSpec
from docsfy_action.plan.changed import changed_files
from docsfy_action.plan.diffs import FileChange
from docsfy_action.plan.plan import KeepPage, PageDecision, PatchPage, Plan, WritePage
from docsfy_action.plan.provenance import Provenance, provenance
from docsfy_action.plan.reasons import explain
from docsfy_action.plan.relevant import Definition, relevant
from docsfy_action.plan.triage import Flagged, Verdict
from docsfy_action.stages.author import Author
from docsfy_action.stages.planning import Knowledge, known_records
from docsfy_action.stages.run import Run
from docsfy_action.stages.source import Source
from docsfy_action.state.model import PageRecord
from docsfy_action.state.sharing_model import VerdictRecord
from docsfy_action.state.store import Loaded, PageStore
from docsfy_action.verify.grounding import Grounds, ground
from docsfy_action.verify.page import parse_page
from docsfy_action.verify.said import names_on
from docsfy_action.writers.model.planning import triage

# Raised when pages that were written with earlier prompts should be written anew: that is paid for by every user.
REVISION = 1
_BRIEF = "the brief of the page"
_HEADINGS_SHOWN = 20
_MOST_CHANGES = 60_000
_MOST_WITH_NAMES = 30_000
# The triage gets to know more of what flagged a page than people want to read.
_REASONS_SHOWN = 12


@dataclass(kw_only=True)
class Ground:
    """The commit that the model's pages are compared with, and what the last run left of them."""

    knowledge: Knowledge
    source: Source
    store: PageStore
    loaded: Loaded
    wishes: Wishes
    _grounds: Grounds | None = None
    _changes: dict[str, FileChange] = field(default_factory=dict)

    @cached_property
    def records(self) -> Mapping[str, PageRecord]:
        """The newest records by slug."""
        return known_records(self.loaded)

    def text_of(self, slug: str) -> str | None:
        """What the model wrote for a page, None where it never did or the text is lost."""
        record = self.records.get(slug)
        if record is None or not record.author or not record.content_digest:
            return None
        return self.store.read_page(slug, record.content_digest)

    def provenances(self) -> Mapping[str, Provenance]:
        """What each page of the model stands on now, by slug; an unwritten one on its brief alone."""
        found = {}
        for spec in self.knowledge.outline.pages():
            if is_by_model(spec):
                text, record = self.text_of(spec.slug), self.records.get(spec.slug)
                opened = record.opened if record is not None else ()
                found[spec.slug] = self.provenance_of(spec, text or "", opened)
        return found

    def provenance_of(self, spec: PageSpec, text: str, opened: tuple[str, ...]) -> Provenance:
        """What a page with this text stands on."""
        if self._grounds is None:
            self._grounds = Grounds(self.knowledge.code, self.source.reader.read)
        wishes = self.wishes
        said = (
            REVISION, spec.title, spec.description, spec.kind, brief_of(spec, self.knowledge.planned),
            wishes.audience, wishes.instructions, wishes.notes, self.source.inputs.language,
        )  # fmt: skip
        facets = dict(ground(text, self._grounds, opened=opened)) if text else {}
        facets[f"brief #{_BRIEF}"] = {"content": provenance(said).digest[:16]}
        digest = hashlib.sha256(json.dumps(facets, sort_keys=True).encode()).hexdigest()
        return Provenance(digest=digest, facets=facets)

    # --- what has changed ---------------------------------------------------------------------------------------------

    def changed_facets(self, slug: str, now: Provenance) -> tuple[str, ...]:
        """Keys of the facets of a page that are not as they were."""
        record = self.records.get(slug)
        before: Mapping[str, Mapping[str, str]] = record.facets if record is not None else {}
        return tuple(key for key in sorted({*before, *now.facets}) if before.get(key) != now.facets.get(key))

    @cached_property
    def changed_paths(self) -> frozenset[str]:
        """Files of the commit, or of the last run's, that are not the same in both."""
        before: Mapping[str, str] = self.loaded.previous.manifest.blobs if self.loaded.previous is not None else {}
        now = {path: file.blob for path, file in self.knowledge.code.files.items()}
        return frozenset(path for path in {*before, *now} if before.get(path) != now.get(path))

    def paths_of(self, keys: tuple[str, ...]) -> tuple[str, ...]:
        """The changed files that these facets are about."""
        now = self.knowledge.code.files.keys()
        return changed_files(
            keys,
            self.changed_paths,
            moved=frozenset(path for path in self.changed_paths if (path in self._old_blobs) != (path in now)),
            changes=lambda: self.changes(tuple(sorted(self.changed_paths))),
        )

    def changes(self, paths: tuple[str, ...]) -> Mapping[str, FileChange]:
        """Old and new text of changed files."""
        missing = [path for path in paths if path not in self._changes]
        old = self._old_texts(missing)
        for path in missing:
            data = self.source.reader.read(path)
            blob = self._old_blobs.get(path)
            self._changes[path] = FileChange(
                path=path,
                old=old.get(path),
                new=data.decode("utf-8", "replace") if data is not None else None,
                old_known=blob is None or path in old,
            )
        return {path: self._changes[path] for path in paths}

    @cached_property
    def _old_blobs(self) -> Mapping[str, str]:
        return self.loaded.previous.manifest.blobs if self.loaded.previous is not None else {}

    def _old_texts(self, paths: list[str]) -> Mapping[str, str]:
        found = {}
        blobs = {path: self._old_blobs[path] for path in paths if path in self._old_blobs}
        with closing(self.source.repository.reader_of(blobs)) as reader:
            for path in sorted(blobs):
                try:
                    data = reader.read(path)
                except SourceError:
                    continue  # A shallow clone has only the objects of its own commit.
                if data is not None:
                    found[path] = data.decode("utf-8", "replace")
        return found

    def change_for(self, slug: str, now: Provenance) -> tuple[str, tuple[str, ...]] | None:
        """The part of the difference that a patch of a page is made from, and the files that it is of; without the files that
        only hold a name of the page, where it is long with them; None where it is too long in any case."""
        keys = self.changed_facets(slug, now)
        own = tuple(key for key in keys if not key.partition(" ")[2].startswith("#"))
        for some, most in ((keys, _MOST_WITH_NAMES), (own, _MOST_CHANGES), (keys, _MOST_CHANGES)):
            paths = self.paths_of(some)
            text = relevant(self.changes(paths).values(), names_on(self.text_of(slug) or ""), self._definitions)
            if len(text) <= most and (text or some is keys):
                return text, paths
        return None

    def _definitions(self, path: str) -> tuple[Definition, ...] | None:
        """Those of a file of code."""
        file = self.knowledge.code.files.get(path)
        if file is None or not file.facts.symbols:
            return None
        return tuple(
            Definition(
                name=symbol.name.rpartition(".")[2], start=symbol.span.start, end=symbol.span.end, public=symbol.public
            )
            for symbol in file.facts.symbols
        )


def triaged(
    plan: Plan, ground_: Ground, provenances: Mapping[str, Provenance], author: Author, run: Run
) -> tuple[Plan, Mapping[str, Provenance]]:
    """The plan after the model has said which flagged pages the change touches; and of pages that it leaves alone, what
    they stand on from now on. Without anything flagged, or without a model, no call is made."""
    whole = {one.spec.slug: _rewritten(one, ground_, provenances[one.spec.slug]) for one in plan.to_patch}
    flagged = [
        _flagged(one, ground_, provenances[one.spec.slug]) for one in plan.to_patch if whole[one.spec.slug] is one
    ]
    if not flagged or not author.open():
        return Plan(decisions=tuple(_replaced(plan, whole))), {}
    paths = tuple(sorted({path for page in flagged for path in page.paths}))
    run.console.progress(0, len(flagged), f"Comparing {len(flagged)} pages with the change")
    decided = triage(
        flagged, ground_.changes(paths), author.ask, project=ground_.source.title, deadline=author.deadline
    )
    settled: dict[str, PageDecision] = dict(whole)
    kept: dict[str, Provenance] = {}
    for page in flagged:
        decision, one = decided[page.slug], whole[page.slug]
        if isinstance(one, PatchPage) and decision.verdict is Verdict.KEEP:
            settled[page.slug] = KeepPage(
                spec=one.spec, reason=f"{one.reason}, which does not touch it: {decision.why}"
            )
            kept[page.slug] = provenances[page.slug]
        elif isinstance(one, PatchPage) and decision.verdict is Verdict.REWRITE:
            settled[page.slug] = WritePage(spec=one.spec, reason=f"{one.reason}: {decision.why}")
    return Plan(decisions=tuple(_replaced(plan, settled))), kept


def verdicts_on(flagged: Collection[str], plan: Plan) -> tuple[VerdictRecord, ...]:
    """What was decided on flagged pages, as another job can go by it."""
    actions = ((KeepPage, PageAction.KEEP), (PatchPage, PageAction.PATCH), (WritePage, PageAction.WRITE))
    return tuple(
        VerdictRecord(slug=one.spec.slug, action=action, reason=one.reason)
        for kind, action in actions
        for one in plan.decisions
        if isinstance(one, kind) and one.spec.slug in flagged
    )


def recalled(
    plan: Plan, verdicts: Collection[VerdictRecord], provenances: Mapping[str, Provenance]
) -> tuple[Plan, Mapping[str, Provenance]]:
    """As `triaged`, by what was decided in another job; a page on which nothing was stays flagged."""
    said = {verdict.slug: verdict for verdict in verdicts}
    settled: dict[str, PageDecision] = {}
    for one in plan.to_patch:
        verdict = said.get(one.spec.slug)
        if verdict is not None and verdict.action is PageAction.KEEP:
            settled[one.spec.slug] = KeepPage(spec=one.spec, reason=verdict.reason)
        elif verdict is not None and verdict.action is PageAction.WRITE:
            settled[one.spec.slug] = WritePage(spec=one.spec, reason=verdict.reason)
    kept = {slug: provenances[slug] for slug, one in settled.items() if isinstance(one, KeepPage)}
    return Plan(decisions=tuple(_replaced(plan, settled))), kept


def _replaced(plan: Plan, by_slug: Mapping[str, PageDecision]) -> Iterator[PageDecision]:
    for decision in plan.decisions:
        yield by_slug.get(decision.spec.slug, decision) if isinstance(decision, PatchPage) else decision


def _rewritten(patch: PatchPage, ground_: Ground, now: Provenance) -> PageDecision:
    """A page whose brief has changed is written anew; so is one whose change is too long to be patched from."""
    keys = ground_.changed_facets(patch.spec.slug, now)
    if any(key.startswith("brief ") for key in keys):
        return WritePage(spec=patch.spec, reason="what the page is to explain, or for whom, has changed")
    return patch


def _flagged(patch: PatchPage, ground_: Ground, now: Provenance) -> Flagged:
    spec = patch.spec
    text = ground_.text_of(spec.slug) or ""
    keys = ground_.changed_facets(spec.slug, now)
    gone = any("absent" in facets.values() for key in keys if (facets := now.facets.get(key)) is not None)
    return Flagged(
        slug=spec.slug,
        title=spec.title,
        description=spec.description,
        reason=_reason(patch, ground_, now),
        paths=ground_.paths_of(keys),
        outline=tuple(heading.text for heading in parse_page(text).headings[1:_HEADINGS_SHOWN]),
        must_change=gone or any(key not in now.facets for key in keys),
    )


def _reason(patch: PatchPage, ground_: Ground, now: Provenance) -> str:
    """What a page was flagged for, at more length than in the report."""
    record = ground_.records.get(patch.spec.slug)
    if record is None or not ground_.changed_facets(patch.spec.slug, now):
        return patch.reason
    return explain(record.facets, now.facets, shown=_REASONS_SHOWN)
