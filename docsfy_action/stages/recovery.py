"""Pages that a model wrote, taken back from the published site where no cache holds them any more: they were paid for. And the
file by which a site carries them."""

import logging
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from docsfy_action.errors import PublishError, SourceError, StateError
from docsfy_action.github.api import Refused
from docsfy_action.github.pages import read_site
from docsfy_action.inputs.values import Cache, Publish
from docsfy_action.network import Call, Network, Response, Retries
from docsfy_action.repository.branch_files import Published
from docsfy_action.repository.order import is_newer
from docsfy_action.repository.publish_branch import read_branch_file
from docsfy_action.site.assemble import pages_address
from docsfy_action.site.model import SiteSpec
from docsfy_action.stages.ending import manifest_of
from docsfy_action.stages.hosting import destination, web_api
from docsfy_action.stages.planning import Knowledge
from docsfy_action.stages.run import Run
from docsfy_action.stages.source import Source
from docsfy_action.stages.writing import Page
from docsfy_action.state.model import OutlineRecord, Unreadable
from docsfy_action.state.published import BOUND_BYTES, FILE, Elsewhere, carried, place_published, recovered
from docsfy_action.state.store import DirectoryStore
from docsfy_action.state.travelling import Place
from docsfy_action.verify.secrets import scan

logger = logging.getLogger(__name__)

_LIMIT = 2 * BOUND_BYTES
_RETRIES = Retries(attempts=3, first=1.0)
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Unavailable:
    """The published site could not be asked; `reason` is a sentence's end without its full stop."""

    reason: str


class Found(Enum):
    """What became of looking for a state: nothing is there, one is used, or one is used that is newer than this run's commit, so
    that what the run leaves must not be taken for the newest."""

    NOTHING = auto()
    OLDER = auto()
    NEWER = auto()


def wants_recovery(source: Source, store: DirectoryStore) -> bool:
    """Whether a run pays for what it has not, and may look for it elsewhere: not where every page is wanted anew, or where
    nothing is to be kept between runs, and not where a plan would leave something behind."""
    inputs = source.inputs
    leaves_traces = inputs.dry_run and store.root == inputs.state_dir
    return source.chosen is not None and not inputs.force and inputs.cache is not Cache.OFF and not leaves_traces


def recover(source: Source, store: DirectoryStore, place: Place, run: Run) -> Found:
    """Put the published site's state at `place`, which is empty. Whatever goes wrong is a warning."""
    data = _fetched(source, run)
    if isinstance(data, Unavailable):
        run.warn(f"The published site could not be asked for the pages of earlier runs: {data.reason.rstrip('.')}.")
        return Found.NOTHING
    found = recovered(data, store.variant) if data is not None else None
    match found:
        case None:
            logger.info("No published site holds pages of earlier runs.")
            return Found.NOTHING
        case Elsewhere(reason=reason):
            logger.info("%s, so none of its pages is used.", reason)
            return Found.NOTHING
        case Unreadable(reason=reason):
            run.warn(f"`{FILE}` of the published site is not used: {reason}.")
            return Found.NOTHING
    if found.dropped:
        shown = ", ".join(f"`{slug}`" for slug in found.dropped[:_SHOWN])
        more = f" and {len(found.dropped) - _SHOWN} more" if len(found.dropped) > _SHOWN else ""
        run.warn(
            f"Pages of the published site are not used, because their text is not the one that was published: {shown}{more}."
        )
    try:
        place_published(found, place)
    except StateError as error:
        run.warn(f"The pages of the published site could not be stored: {error.message}")
        return Found.NOTHING
    manifest = found.state.manifest
    paid = sum(bool(page.author) for page in manifest.pages)
    run.restored = f"{paid} pages of the model from the published site (commit {manifest.commit[:12]})"
    logger.info("No cache holds pages of earlier runs: %s.", run.restored)
    moment = datetime.fromisoformat(found.state.committed)
    published = Published(commit=manifest.commit, committed=moment, files=frozenset())
    return Found.NEWER if is_newer(published, source.repository) else Found.OLDER


def carrying(
    site: SiteSpec, pages: Mapping[str, Page], knowledge: Knowledge, source: Source, store: DirectoryStore, run: Run
) -> SiteSpec:
    """The site with the file by which its pages can be taken back, where a model wrote some of them."""
    if source.chosen is None:
        return site
    found = carried(
        store.variant,
        manifest_of(pages, site.redirects, knowledge.blobs, source, run.stage),
        _harmless(store.read_outline()),
        {slug: page.text for slug, page in pages.items() if page.text},
        committed=source.snapshot.committed.isoformat(),
    )
    if found is None:
        return site
    if found.left_out:
        run.warn(
            f"`{FILE}` of the site has no room for {len(found.left_out)} of the model's pages: where the state is lost, they are "
            "written, and paid for, again."
        )
    return replace(site, carried={FILE: found.data})


def addresses(said: str, api: str | None, guessed: str) -> Iterator[str]:
    """Where the published site may be, the most certain first: what GitHub says (`api`; empty where Pages is not turned on,
    None where it does not say), what the user or the workflow `said`, or what GitHub Pages is known to use."""
    if api:
        yield api
    elif said:
        yield said
    elif api is None and guessed:
        yield guessed


def usable(address: str) -> str:
    """The address of the file at a site's address, encrypted unless it is this machine; empty where it is none."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None:
        return ""
    scheme = parts.scheme if host in _LOOPBACK else "https"
    return urlunsplit((scheme, parts.netloc, f"{parts.path.rstrip('/')}/{FILE}", "", ""))


def _fetched(source: Source, run: Run) -> bytes | Unavailable | None:
    if source.inputs.publish is Publish.BRANCH:
        return _from_branch(source)
    for address in filter(None, map(usable, addresses(source.said_site_url, *_known(source, run)))):
        return _from_web(address, run)
    return None


def _known(source: Source, run: Run) -> tuple[str | None, str]:
    """The site's address as GitHub says it, and as it usually is; both are about the repository of the workflow, and nothing
    is guessed off the runner."""
    with web_api(source.inputs, run) as api:
        found = read_site(api) if api is not None else None
    if isinstance(found, Refused):
        # The documentation of another repository is published by the workflow's own.
        own = source.home if source.inputs.repository_url is None else None
        return ("" if found.status == 404 else None), pages_address(own)
    return (found.url if found is not None else ""), ""


def _from_branch(source: Source) -> bytes | Unavailable | None:
    try:
        version = source.place.version
        path = f"{version.name}/{FILE}" if version is not None else FILE
        with tempfile.TemporaryDirectory(prefix="docsfy-") as folder:
            return read_branch_file(path, destination(source), into=Path(folder) / "branch.git", limit=_LIMIT)
    except (PublishError, SourceError) as error:
        return Unavailable(reason=error.message)


def _from_web(address: str, run: Run) -> bytes | Unavailable | None:
    with closing(Network(run.environ, jitter=run.jitter)) as network:
        answer = network.send(Call(method="GET", url=address, limit=_LIMIT, deadline=60), _RETRIES)
    if not isinstance(answer, Response):
        return Unavailable(reason=answer.reason)
    if answer.status in {404, 410}:
        return None
    return answer.body if answer.status == 200 else Unavailable(reason=f"it answered with status {answer.status}")


def _harmless(outline: OutlineRecord | None) -> OutlineRecord | None:
    """The outline, unless something that looks like a credential stands in it: nobody has looked at its briefs yet."""
    if outline is None:
        return None
    said = "\n".join(text for page in outline.planned for text in (page.title, page.description, page.brief))
    return None if scan(said) else outline
