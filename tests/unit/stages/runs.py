"""Runs in memory: a console that writes to nowhere, a clock that counts, a store of pages that is a dictionary."""

import io
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from docsfy_action.github.console import PlainConsole
from docsfy_action.lifecycle import Stage, Status
from docsfy_action.repository.history import History, LastChange
from docsfy_action.stages.planning import Knowledge, digest_of
from docsfy_action.stages.run import Run
from docsfy_action.state.model import Manifest, OutlineRecord, PageRecord
from docsfy_action.state.store import Loaded, Previous
from docsfy_action.writers.pages import select_inputs
from tests.unit.samples import COMMIT
from tests.unit.writers.sites import context_of


def ticks() -> Iterator[float]:
    """Seconds, one more each time."""
    return map(float, count())


def new_run() -> tuple[Run, io.StringIO]:
    """A run that has not begun, and what it writes."""
    out = io.StringIO()
    clock = ticks()
    console = PlainConsole(out, out, clock=lambda: 0.0)
    return Run(
        console=console, environ={}, clock=lambda: next(clock), now=lambda: datetime(2026, 1, 1, tzinfo=UTC)
    ), out


@dataclass
class MemoryStore:
    """Pages by slug and digest."""

    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    saved: list[str] = field(default_factory=list)

    def save_page(self, page: PageRecord, markdown: str) -> None:
        self.saved.append(page.slug)
        self.texts[page.slug, page.content_digest] = markdown

    def read_page(self, slug: str, digest: str) -> str | None:
        return self.texts.get((slug, digest))

    @property
    def project_folder(self) -> Path:
        raise NotImplementedError

    @property
    def scratch(self) -> Path:
        raise NotImplementedError

    def save_outline(self, outline: OutlineRecord) -> None:
        raise NotImplementedError

    def lock(self) -> AbstractContextManager[None]:
        return nullcontext()

    def load(self) -> Loaded:
        return Loaded()

    def begin(self, *, commit: str, stage: Stage) -> None:
        raise NotImplementedError

    def set_stage(self, stage: Stage) -> None:
        raise NotImplementedError

    def commit_manifest(self, manifest: Manifest) -> None:
        raise NotImplementedError

    def end(self, status: Status) -> None:
        raise NotImplementedError


def record(
    slug: str, text: str = "# Old\n", *, failed: bool = False, identity: str = "", stored: bool = True
) -> PageRecord:
    """What a run remembers of a page with this text."""
    return PageRecord(
        slug=slug,
        title=slug.title(),
        identity=identity or f"of {slug}",
        section="",
        kind="guide",
        writer="usage",
        input_digest=f"input of {slug}",
        content_digest=digest_of(text) if stored else "",
        failed=failed,
    )


def loaded(
    *records: PageRecord,
    finished: tuple[PageRecord, ...] = (),
    redirects: Mapping[str, str] | None = None,
    lost: tuple[str, ...] = (),
    program: str = "1",
) -> Loaded:
    """What an earlier run left."""
    manifest = Manifest(
        program=program,
        commit=COMMIT,
        status=Status.READY,
        stage=Stage.RENDERING,
        settings_digest="",
        pages=records,
        redirects=redirects or {},
    )
    return Loaded(previous=Previous(manifest=manifest, branch="main", lost=frozenset(lost)), finished=finished)


def knowledge_of(texts: Mapping[str, str]) -> Knowledge:
    """What a run knows of a commit that holds these texts."""
    context = context_of(texts)
    return Knowledge(
        code=context.code,
        outline=context.outline,
        inputs=select_inputs(context),
        history=History(last_change=LastChange(commit=COMMIT, complete=False)),
        blobs_read=len(texts),
        blobs_known=len(texts),
    )
