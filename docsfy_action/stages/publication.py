"""Publishing: whether it follows at all, whether it can be done, and the doing."""

import json
import logging
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from docsfy_action.errors import InputError, PublishError
from docsfy_action.github.api import Api, Document, Refused, Server
from docsfy_action.github.artifacts import Artifacts, RunnerService, kept_for
from docsfy_action.github.events import Next, Sequel, sequel
from docsfy_action.github.pages import PagesSite, TokenService, Wait, deploy, identity_token, read_site
from docsfy_action.github.pages import Source as PagesSource
from docsfy_action.github.pages_artifact import NAME, write_pages_artifact
from docsfy_action.inputs.values import Publish
from docsfy_action.lifecycle import RunReport, Stage, Status
from docsfy_action.network import Call, Network, Response
from docsfy_action.repository.deepen import address_of
from docsfy_action.repository.order import comes_before, is_commit_id, is_newer
from docsfy_action.repository.publish_branch import (
    BranchSite,
    Clock,
    Destination,
    Superseded,
    Unchanged,
    publish_branch,
)
from docsfy_action.site.output import MARKER
from docsfy_action.stages.run import Run
from docsfy_action.stages.source import Source, event_of

logger = logging.getLogger(__name__)

_ARTIFACT_DAYS = 1  # as actions/upload-pages-artifact: it is only there to be deployed
_SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """What follows the build, and how GitHub Pages is set up as far as the token may know."""

    sequel: Sequel
    site: PagesSite = field(default_factory=PagesSite)


def prepare(source: Source, run: Run) -> Prepared:
    """Whether the site will be published, asked before anything is spent on it.

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
    if inputs.publish is Publish.NONE or follows.next is not Next.PUBLISH or inputs.dry_run or not inputs.builds_site:
        return Prepared(sequel=follows)
    _need_services(source)
    site = _site(source, run)
    if event_of(inputs).private and site.public is not False:
        run.warn("The repository is not public, but the published site may be: see Pages in its settings.")
    return Prepared(sequel=follows, site=site)


def publish(prepared: Prepared, source: Source, report: RunReport, run: Run) -> RunReport:
    """Publishes the site in the output folder, where that was asked for and follows on the event; gives the report as it is
    then. PublishError where it cannot be published; the site stays in the output folder."""
    kind = source.inputs.publish
    if kind is Publish.NONE or source.inputs.dry_run or not source.inputs.builds_site:
        return report
    if prepared.sequel.next is not Next.PUBLISH:
        logger.info("The site is not published. %s", prepared.sequel.reason)
        return report
    run.on_stage = lambda _: None  # the state has been told of the run's end already
    run.enter(Stage.PUBLISHING)
    if kind is Publish.BRANCH:
        _to_branch(prepared.site, source, run)
    else:
        _to_pages(prepared.site, source, run)
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
    if environment.is_enterprise_server or not (runtime.results_url and runtime.token):
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
    with _api(source, run) as api:
        found = read_site(api) if api is not None else Refused(status=0, message="")
    inputs, settings = source.inputs, _settings_url(source)
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


def _to_branch(site: PagesSite, source: Source, run: Run) -> None:
    inputs = source.inputs
    destination = Destination(
        address=_address(source),
        branch=inputs.pages_branch,
        credentials=source.credentials,
        history=inputs.pages_history,
    )
    content = BranchSite(
        folder=inputs.output_dir,
        commit=source.snapshot.commit,
        committed=source.snapshot.committed,
        message=f"Document {source.name} at {source.snapshot.commit[:12]}",
    )
    with tempfile.TemporaryDirectory(prefix="docsfy-") as folder:
        done = publish_branch(
            content,
            destination,
            into=Path(folder) / "branch.git",
            is_newer=lambda published: is_newer(published, source.repository),
            clock=Clock(now=run.now, jitter=run.jitter),
        )
    if isinstance(done, Superseded):
        _warn_superseded(done.published.commit, run)
        return
    if site.source == PagesSource.BRANCH and site.branch == inputs.pages_branch:
        run.page_url = site.url
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
    with closing(Network(run.environ, jitter=run.jitter)) as network, _api(source, run) as api:
        if deploys and api is not None and (newer := _newer_published(site, source, api, network)):
            _warn_superseded(newer, run)
            run.page_url = site.url
            return
        service = RunnerService(url=environment.runtime.results_url, token=environment.runtime.token)
        client = Artifacts(service, network, mask=run.console.mask)
        with tempfile.TemporaryDirectory(prefix="docsfy-") as folder:
            archive = write_pages_artifact(inputs.output_dir, Path(folder))
            uploaded = client.upload(NAME, archive, expires=kept_for(_ARTIFACT_DAYS, now=run.now()))
        logger.info("The artifact %s is uploaded (%s bytes).", NAME, f"{uploaded.size:,}")
        if not deploys or api is None:
            return
        tokens = TokenService(url=environment.runtime.id_token_url, token=environment.runtime.id_token)
        run.page_url = deploy(
            api,
            artifact=uploaded.number,
            version=environment.sha or source.snapshot.commit,
            identity=identity_token(tokens, network, mask=run.console.mask),
            settings_url=_settings_url(source),
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


@contextmanager
def _api(source: Source, run: Run) -> Iterator[Api | None]:
    """The web API about the repository that the workflow belongs to; None off the runner or without a token."""
    environment, token = source.inputs.environment, source.inputs.github_token
    if not environment.is_runner or token is None or not environment.repository:
        yield None
        return
    server = Server(url=environment.api_url, repository=environment.repository, token=token.get_secret_value())
    with closing(Network(run.environ, jitter=run.jitter)) as network:
        yield Api(server, network, pause=time.sleep)


def _address(source: Source) -> str:
    """Where the branch lives: in the repository of the workflow, else where the repository was cloned from."""
    environment = source.inputs.environment
    if environment.is_runner and environment.repository:
        return f"{environment.server_url}/{environment.repository}.git"
    address = address_of(source.repository, source.credentials)
    if not address:
        raise PublishError(
            "The repository has no remote that the site could be pushed to.",
            hint="Add one called `origin`, or leave `publish` out.",
        )
    return address


def _settings_url(source: Source) -> str:
    environment = source.inputs.environment
    return f"{environment.server_url}/{environment.repository}/settings/pages"
