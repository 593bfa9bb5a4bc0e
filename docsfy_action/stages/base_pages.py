"""The pages of the branch that a pull request is to go into: from the state folder, else from the Actions cache."""

import logging
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from docsfy_action.errors import StateError
from docsfy_action.github.events import Activity
from docsfy_action.network import Network
from docsfy_action.plan.compared import PageText
from docsfy_action.stages.caching import MAX_DOWNLOAD_BYTES, Scope, open_client, prefix_of
from docsfy_action.stages.run import Run
from docsfy_action.stages.source import Source, uses_service
from docsfy_action.state.actions_cache import Restored, version_of
from docsfy_action.state.archive import Refused, best_method, unpack
from docsfy_action.state.files import make_folders, state_errors
from docsfy_action.state.loading import Folder, read_contents, read_page_file
from docsfy_action.state.store import DirectoryStore
from docsfy_action.state.travelling import ROOT, is_wanted

# The page of the newest commits differs from that of every other commit, which tells a reviewer nothing.
_NEVER_THE_SAME = "changes"
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePages:
    """A site as a state holds it: its commit, its pages in nav order, where removed pages lead to, and what a page holds
    that cannot be read (`lost`)."""

    commit: str
    pages: tuple[PageText, ...]
    redirects: Mapping[str, str]
    lost: frozenset[str] = frozenset()


def own_pages(store: DirectoryStore) -> SitePages | None:
    """The pages that this run has left."""
    return _read(store.folder)


def base_pages(source: Source, store: DirectoryStore, activity: Activity, run: Run, into: Path) -> SitePages | None:
    """The pages of the base branch at their newest; None where none can be had. `into` is a folder for what is fetched."""
    branch = activity.base_ref or source.default_branch
    if not branch:
        return None
    variant = store.variant.on_branch(branch)
    # A fork's branch may be called as the base branch: what lies there is then the pull request's own.
    if variant != store.variant and (found := _read(store.root / variant.folder)) is not None:
        return found
    environment = source.inputs.environment
    if not uses_service(source.inputs) or not environment.reads_cache:
        return None
    try:
        with closing(Network(run.environ, jitter=run.jitter)) as network:
            client = open_client(environment, network, run.console.mask)
            make_folders(into, into)
            prefix = prefix_of(variant, Scope(kind="branch", name=branch))
            key = version_of((ROOT,), best_method())
            found_entry = client.restore([prefix], key, into / "archive", limit=MAX_DOWNLOAD_BYTES)
            if not isinstance(found_entry, Restored):
                return None
            out = unpack(into / "archive", into / "state", _is_of_pages)
    except (OSError, StateError) as error:
        logger.info("The pages of %s could not be fetched to compare with: %s", branch, error)
        return None
    if isinstance(out, Refused):
        run.warn(f"The entry `{found_entry.key}` of the Actions cache is not used: {out.reason}.")
        return None
    return _read(into / "state" / ROOT)


def _is_of_pages(name: str) -> bool:
    """Whether a file of an entry is needed to compare pages; facts and history, the larger part, are not."""
    return is_wanted(name) and name.endswith((".md", "manifest.json"))


def _read(path: Path) -> SitePages | None:
    folder = Folder(path=path)
    try:
        with state_errors(f"read `{path}`"):
            contents = read_contents(folder)
    except StateError as error:
        logger.debug("no pages: %s", error)
        return None
    manifest = contents.manifest
    if contents.problem or manifest is None:
        return None
    pages, lost = [], set(contents.lost)
    for page in manifest.pages:
        if page.writer == _NEVER_THE_SAME:
            continue
        data = read_page_file(folder, page.slug, page.content_digest) if page.content_digest else None
        if data is None:
            lost.add(page.slug)
            continue
        text = data.decode("utf-8", "replace")
        pages.append(PageText(slug=page.slug, title=page.title, text=text, facets=page.facets))
    return SitePages(commit=manifest.commit, pages=tuple(pages), redirects=manifest.redirects, lost=frozenset(lost))
