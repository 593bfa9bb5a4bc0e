"""The end of a run, and the question whether there is anything to do at all."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from docsfy_action import __version__
from docsfy_action.errors import ActionError, Cancelled, OutlineError
from docsfy_action.lifecycle import PageAction, PageReport, RunReport, Stage, Status
from docsfy_action.outline.model import LANDING
from docsfy_action.stages.publishing import fingerprint
from docsfy_action.stages.run import Run
from docsfy_action.stages.source import Source
from docsfy_action.stages.verifying import annotate_withheld
from docsfy_action.stages.writing import BUILTIN, Page
from docsfy_action.state.files import write_whole
from docsfy_action.state.model import Manifest, PageRecord
from docsfy_action.state.store import DirectoryStore, Loaded


def settled(source: Source, store: DirectoryStore, loaded: Loaded, run: Run) -> bool:
    """Whether the last run left everything as this one would: commit, settings, pages, and the site in its place."""
    previous = loaded.previous
    if previous is None or previous.seeded or previous.lost or loaded.finished or source.inputs.force:
        return False
    manifest = previous.manifest
    same = manifest.commit == source.snapshot.commit and manifest.settings_digest == source.settings_digest
    if not same or any(page.failed and not _refused_for_good(page, source) for page in manifest.pages):
        return False
    if not source.inputs.dry_run and fingerprint(source.inputs.output_dir) != _read(_site_note(store)):
        return False
    for page in manifest.pages:
        run.pages[page.slug] = PageReport(
            slug=page.slug,
            title=page.title,
            action=PageAction.FAIL if page.failed else PageAction.KEEP,
            reason=page.reason if page.failed else "nothing changed since the last run",
            writer=page.author or BUILTIN,
            inputs=tuple(page.facets),
            findings=page.findings,
            references_checked=page.references_checked,
            references_unresolved=page.references_unresolved if page.content_digest else 0,
            quoted_unresolved=page.quoted_unresolved,
        )
        if page.failed:
            annotate_withheld(page.slug, page.findings, run)
    return True


def _refused_for_good(page: PageRecord, source: Source) -> bool:
    """Whether a failed page would be refused again: the embedded writer makes the same of the same commit, a model may not."""
    return source.chosen is None and bool(page.refused_digest) and not page.author


def start_from(loaded: Loaded, run: Run) -> None:
    """Tell of what the last run left."""
    for warning in loaded.warnings:
        run.warn(warning)
    run.previous_commit = loaded.previous.manifest.commit if loaded.previous else ""


@contextmanager
def noted(source: Source, store: DirectoryStore, run: Run, stage: Stage) -> Iterator[None]:
    """The state is told that a run goes on for the block, at which stage it is, and what ended it."""
    store.begin(commit=source.snapshot.commit, stage=stage)
    run.on_stage = store.set_stage
    try:
        yield
    except Cancelled:
        store.end(Status.ABORTED)
        raise
    except ActionError:
        store.end(Status.ERROR)
        raise


def need_landing(pages: Mapping[str, Page]) -> None:
    """Without a landing page there is no site to publish; the last one stays."""
    if LANDING not in pages or not pages[LANDING].text:
        raise OutlineError(
            "The landing page was withheld, so no site can be published; the last one stays in place.",
            hint="The report names what was found on it.",
        )


def finish(
    pages: Mapping[str, Page],
    redirects: Mapping[str, str],
    blobs: Mapping[str, str],
    source: Source,
    store: DirectoryStore,
    run: Run,
) -> RunReport:
    """The state remembers the run, and the run is told of. `blobs` are those of the documented files, by path; only a
    model's pages are compared with them."""
    same = run.previous_commit == source.snapshot.commit
    idle = all(page.action is PageAction.KEEP for page in run.pages.values())
    stage = Stage.UP_TO_DATE if same and idle else run.stage
    store.commit_manifest(manifest_of(pages, redirects, blobs, source, stage))
    write_whole(_site_note(store), fingerprint(source.inputs.output_dir).encode())
    return run.report(Status.READY, stage)


def manifest_of(
    pages: Mapping[str, Page], redirects: Mapping[str, str], blobs: Mapping[str, str], source: Source, stage: Stage
) -> Manifest:
    """What the state remembers of a run that ends well."""
    return Manifest(
        program=__version__,
        commit=source.snapshot.commit,
        status=Status.READY,
        stage=stage,
        settings_digest=source.settings_digest,
        pages=tuple(page.record for page in pages.values()),
        redirects=redirects,
        blobs=blobs if source.chosen is not None else {},
    )


def _site_note(store: DirectoryStore) -> Path:
    """Where the state keeps what the published site looked like."""
    return store.folder / "site.sha256"


def _read(path: Path) -> str | None:
    try:
        return path.read_text("ascii", "replace")
    except OSError:
        return None
