"""A pull request beside the branch it is to go into: which pages differ, what documents it makes wrong, and the page that shows
it. Without a pull request nothing is done here, and nothing that goes wrong here ends a run."""

import logging
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from docsfy_action.errors import SourceError, StateError
from docsfy_action.facts.model import BlobFacts
from docsfy_action.github.commands import Annotation, Level
from docsfy_action.github.events import Activity, ActivityKind
from docsfy_action.lifecycle import StaleName
from docsfy_action.plan.compared import PageChange, compare_pages
from docsfy_action.repository.base import Proposal
from docsfy_action.site.comparison.page import FILE, Compared, changes_page
from docsfy_action.stages.base_pages import SitePages, base_pages, own_pages
from docsfy_action.stages.run import Run
from docsfy_action.stages.source import Source, event_of
from docsfy_action.stages.staleness import Question, stale_names
from docsfy_action.state.blob_cache import BlobCache
from docsfy_action.state.facts_store import FactsStore
from docsfy_action.state.files import make_folders
from docsfy_action.state.store import DirectoryStore
from docsfy_action.state.travelling import FACTS

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What a pull request changes. `base` is the commit of the site that is compared with, empty where there is none; `stale` is
    None where it could not be found out; `has_page` says that the site holds the page of the changes."""

    activity: Activity
    branch: str
    base: str = ""
    changes: tuple[PageChange, ...] = ()
    stale: tuple[StaleName, ...] | None = None
    has_page: bool = False


def compare(source: Source, store: DirectoryStore, run: Run) -> Comparison | None:
    """The comparison, with its page in the output folder and its annotations made; None where there is nothing to compare."""
    activity = event_of(source.inputs)
    if source.inputs.dry_run or not source.inputs.builds_site:
        return None
    page = source.inputs.output_dir / FILE
    with suppress(OSError):
        page.unlink(missing_ok=True)  # a site that stands as an earlier run left it may have one
    if not is_about(source, activity):
        return None
    own = own_pages(store)
    with tempfile.TemporaryDirectory(prefix="docsfy-base-") as folder:
        base = base_pages(source, store, activity, run, Path(folder))
    branch = activity.base_ref or source.default_branch
    changes = _changes(base, own) if base is not None and own is not None else ()
    stale = _stale(source, store, activity, run)
    run.stale = stale or ()
    _annotate(run.stale, run)
    has_page = False
    if base is not None and own is not None and changes:
        has_page = _write(page, Compared(
            site=source.title,
            number=activity.pull_request or 0,
            branch=branch,
            base=base.commit,
            head=activity.head_sha or source.snapshot.commit,
            changes=changes,
            titles={one.slug: one.title for one in own.pages},
        ), run)  # fmt: skip
    return Comparison(
        activity=activity,
        branch=branch,
        base=base.commit if base is not None and own is not None else "",
        changes=changes,
        stale=stale,
        has_page=has_page,
    )


def is_about(source: Source, activity: Activity) -> bool:
    """Whether the run documents what an open pull request proposes, and not another repository beside it."""
    if activity.kind is not ActivityKind.PREVIEW or activity.pull_request is None:
        return False
    home, wanted = source.home, source.inputs.environment.repository
    is_own = home is None or not wanted or f"{home.owner}/{home.name}".lower() == wanted.lower()
    return source.inputs.repository_url is None and is_own


def _changes(base: SitePages, own: SitePages) -> tuple[PageChange, ...]:
    """What differs, apart from pages that one side has and cannot show."""
    lost = base.lost | own.lost
    return compare_pages(
        [page for page in base.pages if page.slug not in lost],
        [page for page in own.pages if page.slug not in lost],
        own.redirects,
    )


def _stale(source: Source, store: DirectoryStore, activity: Activity, run: Run) -> tuple[StaleName, ...] | None:
    question = Question(
        repository=source.repository,
        proposal=Proposal(head=activity.head_sha, base=activity.base_sha),
        name=source.name,
        exclude=source.inputs.steering.exclude,
        credentials=source.credentials,
    )
    folder = store.project_folder
    try:
        make_folders(store.root, folder)
        with BlobCache(folder / FACTS) as cache:
            found = stale_names(question, FactsStore(cache, BlobFacts))
    except (SourceError, StateError) as error:
        run.warn(f"Which documents this pull request makes wrong could not be found out: {error.message}")
        return None
    if found is None:
        logger.info(
            "The commit that the pull request starts from could not be had, so documents were not compared with it."
        )
    return found


def _annotate(stale: tuple[StaleName, ...], run: Run) -> None:
    """The first mention of every name, where it went, and then the other mentions: the runner shows the first ten of a kind."""
    first = [(one, one.mentions[0]) for one in stale]
    others = [(one, mention) for one in stale for mention in one.mentions[1:]]
    for one, mention in (*first, *others):
        run.console.annotate(
            Annotation(
                level=Level.WARNING,
                title="Documentation names what is gone",
                message=f"This mentions `{one.name}` ({one.kind}), which {_fate(one)}.",
                path=mention.path,
                line=mention.line,
            )
        )
    for one in stale:
        if one.line:
            places = ", ".join(f"{mention.path}:{mention.line}" for mention in one.mentions[:3])
            more = f" and {len(one.mentions) - 3} more" if len(one.mentions) > 3 else ""
            run.console.annotate(
                Annotation(
                    level=Level.NOTICE,
                    title="Documented name",
                    message=f"`{one.name}` ({one.kind}), which {_fate(one)}, is still mentioned in {places}{more}.",
                    path=one.path,
                    line=one.line,
                )
            )


def _fate(one: StaleName) -> str:
    return f"this pull request renames to `{one.renamed_to}`" if one.renamed_to else "this pull request removes"


def _write(page: Path, compared: Compared, run: Run) -> bool:
    if not page.parent.is_dir():
        return False
    try:
        page.write_text(changes_page(compared), "utf-8", "replace")
    except OSError as error:
        run.warn(f"{FILE} could not be written: {error.strerror}.")
        return False
    return True
