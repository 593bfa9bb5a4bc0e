"""Publishing: whether it follows at all, whether it can be done, and the doing."""

import json
import logging
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from docsfy_action.errors import InputError, PublishError
from docsfy_action.github.api import Api, Document, Refused
from docsfy_action.github.events import Next, Sequel, sequel
from docsfy_action.github.pages import PagesSite, TokenService, Wait, deploy, identity_token
from docsfy_action.github.pages import Source as PagesSource
from docsfy_action.github.pages_artifact import NAME, write_pages_artifact
from docsfy_action.github.previews import is_served
from docsfy_action.inputs.values import Publish
from docsfy_action.lifecycle import RunReport, Stage, Status
from docsfy_action.network import Call, Network, Response
from docsfy_action.repository.branch_files import together
from docsfy_action.repository.order import comes_before, is_commit_id, is_newer
from docsfy_action.repository.publish_branch import BranchSite, Change, Superseded, Unchanged
from docsfy_action.site.output import MARKER
from docsfy_action.stages.hosting import (
    PUBLIC,
    closed_previews,
    has_artifacts,
    read_pages,
    settings_of_pages,
    to_branch,
    upload,
    web_api,
)
from docsfy_action.stages.previewing import Showing, prepare_preview, remove_preview, show_preview
from docsfy_action.stages.run import Run
from docsfy_action.stages.source import Place, Source, event_of
from docsfy_action.stages.versioning import beside, check_versions, place_of_version

logger = logging.getLogger(__name__)

_ARTIFACT_DAYS = 1  # as actions/upload-pages-artifact: it is only there to be deployed
_SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """What follows the build, where the site will stand, and how GitHub Pages is set up as far as the token may know.
    `preview` is given where there will be one."""

    sequel: Sequel
    site: PagesSite = field(default_factory=PagesSite)
    place: Place = field(default_factory=Place)
    preview: Showing | None = None


def prepare(source: Source, run: Run) -> Prepared:
    """Whether and where the site will be published or shown, asked before anything is spent on it.

    Raises InputError for a commit that must not be built on this event and for a job that lacks what publishing needs, and
    PublishError where Pages is set up so that it could not succeed.
    """
    inputs = source.inputs
    environment = inputs.environment
    follows = sequel(
        event_of(inputs),
        ref=environment.ref,
        default_branch=source.repository.default_branch(),
        is_event_commit=source.snapshot.commit == environment.sha,
    )
    if follows.next is Next.REFUSE:
        raise InputError(
            f"The commit {source.snapshot.commit[:12]} is not built: {follows.reason}",
            hint="Use the event `pull_request`, or check out the base branch's commit, without `ref:` and `repository:`.",
        )
    check_versions(source)
    if inputs.dry_run or not inputs.builds_site:
        return Prepared(sequel=follows)
    if follows.next is Next.PREVIEW:
        showing = prepare_preview(source, run)
        return Prepared(sequel=follows, preview=showing, place=showing.place if showing is not None else Place())
    if inputs.publish is Publish.NONE or follows.next is not Next.PUBLISH:
        return Prepared(sequel=follows)
    _need_services(source)
    site = _site(source, run)
    if event_of(inputs).private and site.public is not False:
        run.warn(PUBLIC)
    return Prepared(sequel=follows, site=site, place=place_of_version(source, site))


def publish(prepared: Prepared, source: Source, report: RunReport, run: Run) -> RunReport:
    """Publishes or shows the site in the output folder, where that was asked for and follows on the event; gives the report as it
    is then. PublishError where it cannot be done; the site stays in the output folder."""
    kind = source.inputs.publish
    if source.inputs.dry_run or not source.inputs.builds_site:
        return report
    if kind is not Publish.NONE and prepared.sequel.next is not Next.PUBLISH:
        logger.info("The site is not published. %s", prepared.sequel.reason)
    match prepared.sequel.next:
        case Next.PUBLISH if kind is Publish.BRANCH:
            do: Callable[[Source, Run], None] = partial(_to_branch, prepared)
        case Next.PUBLISH if kind is not Publish.NONE:
            do = partial(_to_pages, prepared.site)
        case Next.PREVIEW if prepared.preview is not None:
            do = partial(show_preview, prepared.preview)
        case Next.REMOVE_PREVIEW:
            do = remove_preview
        case _:
            return report
    run.on_stage = lambda _: None  # the state has been told of the run's end already
    run.enter(Stage.PUBLISHING)
    do(source, run)
    return run.report(Status.READY, Stage.UP_TO_DATE if report.stage is Stage.UP_TO_DATE else Stage.PUBLISHING)


def _need_services(source: Source) -> None:
    """What the job must have, as far as its environment tells."""
    inputs = source.inputs
    environment = inputs.environment
    if inputs.publish is Publish.BRANCH:
        if inputs.repository_url is not None and not environment.is_runner:
            raise InputError(
                "publish: 'branch' does not know where to publish the documentation of another repository.",
                hint="Leave `publish` out, or run in a workflow, which publishes to its own repository.",
            )
        return
    runtime = environment.runtime
    if not has_artifacts(source):
        raise InputError(
            f"publish: '{inputs.publish}' needs the artifact service of GitHub Actions, which is not offered here.",
            hint="Run it in a workflow on GitHub, or use `publish: branch`, which needs only git.",
        )
    if inputs.publish is Publish.PAGES and not (runtime.id_token_url and runtime.id_token):
        raise InputError(
            "publish: 'pages' needs an identity token, and the job may not ask for one.",
            hint="Give the job `permissions: { contents: read, pages: write, id-token: write }`.",
        )
    if inputs.publish is Publish.PAGES and inputs.github_token is None:
        raise InputError(
            "publish: 'pages' needs `github-token`.", hint="Leave the input out: its default is the job's token."
        )


def _site(source: Source, run: Run) -> PagesSite:
    """How Pages is set up; an empty answer where that cannot be known. Says what to set where it does not fit."""
    found = read_pages(source, run)
    inputs, settings = source.inputs, settings_of_pages(source)
    if isinstance(found, Refused):
        logger.debug("how Pages is set up is not known: %s", found)
        if found.status != 404:
            return PagesSite()
        if inputs.publish is Publish.PAGES:
            raise PublishError(
                "GitHub Pages is not turned on for this repository.",
                hint=f"Choose GitHub Actions as the source of Pages: {settings}",
            )
        if inputs.publish is Publish.BRANCH:
            run.warn(
                f"GitHub Pages is not turned on; to serve the branch `{inputs.pages_branch}`, choose it in {settings}"
            )
        return PagesSite()
    if inputs.publish is Publish.PAGES and found.source == PagesSource.BRANCH:
        raise PublishError(
            f"GitHub Pages serves the branch `{found.branch}`, so nothing can be deployed.",
            hint=f"Choose GitHub Actions as the source of Pages in {settings}, or use `publish: branch`.",
        )
    if inputs.publish is Publish.BRANCH and found.source == PagesSource.WORKFLOW:
        run.warn(
            "GitHub Pages serves what workflows deploy, not a branch: choose the branch "
            f"`{inputs.pages_branch}` in {settings}, or use `publish: pages`."
        )
    elif inputs.publish is Publish.BRANCH and found.branch and found.branch != inputs.pages_branch:
        run.warn(f"GitHub Pages serves the branch `{found.branch}`, not `{inputs.pages_branch}`: see {settings}")
    return found


def _to_branch(prepared: Prepared, source: Source, run: Run) -> None:
    inputs, version = source.inputs, prepared.place.version
    with web_api(source.inputs, run) as api:
        leftovers = closed_previews(api)
        change = Change(
            message=f"Document {source.name} {version.name if version else ''}".rstrip()
            + f" at {source.snapshot.commit[:12]}",
            site=BranchSite(
                folder=inputs.output_dir,
                commit=source.snapshot.commit,
                committed=source.snapshot.committed,
                at=f"{version.name}/" if version else "",
            ),
            is_newer=lambda published: is_newer(published, source.repository),
            besides=together(leftovers, beside(version, source)) if version else leftovers,
        )
        done = to_branch(change, source, run)
    if isinstance(done, Superseded):
        _warn_superseded(done.published.commit, run)
        return
    if is_served(prepared.site, inputs.pages_branch):
        run.page_url = f"{prepared.site.url.rstrip('/')}/{version.name}/" if version else prepared.site.url
    if isinstance(done, Unchanged):
        logger.info("The branch %s holds this site already.", inputs.pages_branch)
        return
    logger.info("The branch %s is at %s.", inputs.pages_branch, done.tip[:12])
    if done.replaced:
        shown = ", ".join(f"`{path}`" for path in done.replaced[:_SHOWN])
        more = f" and {len(done.replaced) - _SHOWN} more" if len(done.replaced) > _SHOWN else ""
        run.warn(f"Files that others had put on `{inputs.pages_branch}` were replaced: {shown}{more}.")


def _to_pages(site: PagesSite, source: Source, run: Run) -> None:
    """The artifact, and with `publish: pages` the deployment."""
    inputs = source.inputs
    environment = inputs.environment
    deploys = inputs.publish is Publish.PAGES
    with closing(Network(run.environ, jitter=run.jitter)) as network, web_api(source.inputs, run) as api:
        if deploys and api is not None and (newer := _newer_published(site, source, api, network)):
            _warn_superseded(newer, run)
            run.page_url = site.url
            return
        with tempfile.TemporaryDirectory(prefix="docsfy-") as folder:
            archive = write_pages_artifact(inputs.output_dir, Path(folder))
            uploaded = upload(NAME, archive, source, run, days=_ARTIFACT_DAYS)
        logger.info("The artifact %s is uploaded (%s bytes).", NAME, f"{uploaded.size:,}")
        if not deploys or api is None:
            return
        tokens = TokenService(url=environment.runtime.id_token_url, token=environment.runtime.id_token)
        run.page_url = deploy(
            api,
            artifact=uploaded.number,
            version=environment.sha or source.snapshot.commit,
            identity=identity_token(tokens, network, mask=run.console.mask),
            settings_url=settings_of_pages(source),
            wait=Wait(pause=time.sleep, clock=run.clock, jitter=run.jitter),
        )
        logger.info("The site is deployed: %s", run.page_url)


def _newer_published(site: PagesSite, source: Source, api: Api, network: Network) -> str:
    """The commit that the deployed site was made from, where that is newer than ours; empty where it is not, or unknown."""
    if source.inputs.repository_url is not None or not site.url.startswith(("https://", "http://")):
        return ""
    answer = network.send(Call(method="GET", url=f"{site.url.rstrip('/')}/{MARKER}", limit=100_000))
    if not isinstance(answer, Response) or answer.status != 200:
        return ""
    try:
        published = Document(content=json.loads(answer.body)).text("commit")
    except (ValueError, RecursionError):
        return ""
    ours = source.snapshot.commit
    if published == ours or not is_commit_id(published):
        return ""
    here = comes_before(source.repository, ours, published)
    if here is not None:
        return published if here else ""
    compared = api.get(f"compare/{published}...{ours}?per_page=1")
    return published if isinstance(compared, Document) and compared.text("status") == "behind" else ""


def _warn_superseded(commit: str, run: Run) -> None:
    run.warn(f"The published site was made from a newer commit ({commit[:12]}), so it was left as it is.")
