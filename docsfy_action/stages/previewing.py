"""The preview of a pull request: how it will be shown, decided before anything is spent on it, the showing, and its end."""

import logging
import tempfile
from dataclasses import dataclass
from pathlib import Path

from docsfy_action.errors import PublishError, SourceError
from docsfy_action.github.api import Api, Refused
from docsfy_action.github.pages import PagesSite
from docsfy_action.github.preview_artifact import preview_name, write_preview_artifact
from docsfy_action.github.previews import Circumstances, Preview, Way, choose_preview, is_served
from docsfy_action.github.pulls import PullRequest, read_pull_request
from docsfy_action.inputs.values import Preview as Wanted
from docsfy_action.repository.branch_files import Published, preview_folder
from docsfy_action.repository.order import is_newer
from docsfy_action.repository.publish_branch import BranchSite, Change, Superseded, Unchanged
from docsfy_action.stages.hosting import (
    PUBLIC,
    branch_refused,
    closed_previews,
    has_artifacts,
    read_pages,
    settings_of_pages,
    to_branch,
    top_address,
    upload,
    web_api,
)
from docsfy_action.stages.run import Run
from docsfy_action.stages.source import Place, Source, event_of

logger = logging.getLogger(__name__)

_DAYS = 7
_WAYS = {Wanted.OFF: Way.NONE, Wanted.ARTIFACT: Way.ARTIFACT, Wanted.BRANCH: Way.BRANCH}


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """How the preview of the pull request `number` is shown, and where the site will then stand. `url` is the address on the
    web, empty where it has none before it is uploaded, or where nobody serves it."""

    number: int
    preview: Preview
    place: Place
    url: str = ""


def prepare_preview(source: Source, run: Run) -> Showing | None:
    """How the preview will be shown; None where there is none, and the run says why. Errors as those of `choose_preview`."""
    inputs, event = source.inputs, event_of(source.inputs)
    if event.pull_request is None:
        _tell("There is no preview, because the event names no pull request.", run)
        return None
    asks = inputs.preview in {Wanted.AUTO, Wanted.BRANCH} and not event.without_secrets
    pages = read_pages(source, run) if asks else Refused(status=0, message="nobody was asked")
    around = Circumstances(
        branch=inputs.pages_branch,
        pages=pages,
        settings=settings_of_pages(source),
        artifacts=has_artifacts(source),
        without_secrets=event.without_secrets,
        push_refused=lambda: branch_refused(source),
    )
    preview = choose_preview(_WAYS.get(inputs.preview), around)
    if preview.way is Way.NONE:
        _tell(f"There is no preview. {preview.reason}", run)
        return None
    run.preview_note = preview.reason
    if preview.reason:
        logger.info("The preview will be an artifact of this run. %s", preview.reason)
    if preview.way is Way.ARTIFACT:
        return Showing(number=event.pull_request, preview=preview, place=Place(url="", preview=True))
    return _on_branch(preview, event.pull_request, pages, source, run)


def show_preview(showing: Showing, source: Source, run: Run) -> None:
    """Show the site in the output folder. What cannot be done is an error only where it was asked for by name."""
    insists = source.inputs.preview is not Wanted.AUTO
    if showing.preview.way is Way.BRANCH:
        try:
            _put_on_branch(showing, source, run)
        except (PublishError, SourceError) as error:
            if insists:
                raise
            run.warn(f"The preview could not be put on the branch: {error.message} {error.hint}")
            if not has_artifacts(source):
                return
        else:
            return
    try:
        _upload(showing.number, source, run)
    except PublishError as error:
        if insists:
            raise
        run.warn(f"The preview could not be shown: {error.message} {error.hint}")


def remove_preview(source: Source, run: Run) -> None:
    """The pull request is closed: its preview goes, and those of others that are closed."""
    inputs, event = source.inputs, event_of(source.inputs)
    if event.pull_request is None or inputs.preview not in {Wanted.AUTO, Wanted.BRANCH}:
        logger.info("There is no preview on a branch to be removed.")
        return
    if event.without_secrets:
        logger.info("There is no preview to be removed: that of such a pull request is an artifact, which expires.")
        return
    message = f"Remove the preview of pull request {event.pull_request}"
    try:
        with web_api(source.inputs, run) as api:
            besides = closed_previews(api, own=event.pull_request)
            done = to_branch(Change(message=message, besides=besides), source, run)
    except (PublishError, SourceError) as error:
        if inputs.preview is Wanted.BRANCH:
            raise
        run.warn(f"The preview could not be removed: {error.message} {error.hint}")
        return
    if isinstance(done, Unchanged):
        logger.info("There is no preview to be removed on the branch %s.", inputs.pages_branch)
    else:
        logger.info("The preview of the pull request is removed from the branch %s.", inputs.pages_branch)


def _tell(reason: str, run: Run) -> None:
    logger.info("%s", reason)
    run.preview_note = reason


def _on_branch(preview: Preview, number: int, pages: PagesSite | Refused, source: Source, run: Run) -> Showing:
    inputs, folder = source.inputs, preview_folder(number)
    served = isinstance(pages, PagesSite) and is_served(pages, inputs.pages_branch)
    base = (
        pages.url.rstrip("/") if isinstance(pages, PagesSite) and served and pages.url else top_address(source, pages)
    )
    is_off = isinstance(pages, Refused) and pages.status == 404 and not inputs.site_url
    if is_off:
        run.warn(
            f"GitHub Pages is not turned on, so nobody serves the preview; choose the branch `{inputs.pages_branch}` "
            f"in {settings_of_pages(source)}"
        )
    if event_of(inputs).private and not (isinstance(pages, PagesSite) and pages.public is False):
        run.warn(PUBLIC)
    url = f"{base}/{folder}" if base else ""
    return Showing(number=number, preview=preview, place=Place(url=url, preview=True), url="" if is_off else url)


def _put_on_branch(showing: Showing, source: Source, run: Run) -> None:
    inputs, commit = source.inputs, source.snapshot.commit
    with web_api(source.inputs, run) as api:
        standing = read_pull_request(api, showing.number) if api is not None else None
        if isinstance(standing, PullRequest) and not standing.is_open:
            _tell("The pull request was closed meanwhile, so there is no preview.", run)
            return
        change = Change(
            # Without the sign that would make the commit show up in the pull request, each time.
            message=f"Preview pull request {showing.number} at {commit[:12]}",
            site=BranchSite(
                folder=inputs.output_dir,
                commit=commit,
                committed=source.snapshot.committed,
                at=preview_folder(showing.number),
            ),
            is_newer=lambda published: _is_older_than(published, source, api),
            besides=closed_previews(api),
        )
        done = to_branch(change, source, run)
    run.preview_url = showing.url
    if isinstance(done, Superseded):
        run.warn(f"The preview shows a newer commit ({done.published.commit[:12]}), so it was left as it is.")
    elif isinstance(done, Unchanged):
        logger.info("The branch %s holds this preview already: %s", inputs.pages_branch, showing.url)
    else:
        logger.info("The preview is on the branch %s: %s", inputs.pages_branch, showing.url)


def _is_older_than(published: Published, source: Source, api: Api | None) -> bool:
    """Whether what is built here is older than the preview that is there. Where the pull request stands decides: its head may
    have been moved back, and two merges of it with its base are no history. Else dates do."""
    event = event_of(source.inputs)
    if published.commit == source.snapshot.commit:
        return False
    standing = read_pull_request(api, event.pull_request) if api is not None and event.pull_request else None
    if not isinstance(standing, PullRequest) or not standing.head or not event.head_sha:
        return is_newer(published, source.repository)
    return standing.head != event.head_sha


def _upload(number: int, source: Source, run: Run) -> None:
    environment, name = source.inputs.environment, preview_name(number)
    with tempfile.TemporaryDirectory(prefix="docsfy-") as folder:
        archive = write_preview_artifact(source.inputs.output_dir, Path(folder))
        uploaded = upload(name, archive, source, run, days=_DAYS)
    run.preview_url = f"{environment.run_url}/artifacts/{uploaded.number}" if environment.run_url else ""
    logger.info("The preview is the artifact %s (%s bytes): %s", name, f"{uploaded.size:,}", run.preview_url)
