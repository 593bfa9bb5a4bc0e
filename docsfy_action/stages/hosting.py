"""What GitHub offers to a run: the web API, the artifact service, the settings of Pages, and a branch to push to."""

import logging
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from docsfy_action.errors import PublishError
from docsfy_action.github.api import Api, Refused, Server
from docsfy_action.github.artifacts import Artifacts, RunnerService, Uploaded, kept_for
from docsfy_action.github.pages import PagesSite, read_site
from docsfy_action.github.previews import is_served
from docsfy_action.github.pulls import open_pull_requests
from docsfy_action.inputs.model import Inputs
from docsfy_action.network import Network
from docsfy_action.repository.branch_files import Beside, Besides, OnBranch, preview_folder, previews
from docsfy_action.repository.deepen import address_of
from docsfy_action.repository.publish_branch import (
    Change,
    Clock,
    Destination,
    Pushed,
    Superseded,
    Unchanged,
    publish_branch,
    push_refused,
)
from docsfy_action.site.assemble import pages_address
from docsfy_action.stages.run import Run
from docsfy_action.stages.source import Source

logger = logging.getLogger(__name__)

PUBLIC = "The repository is not public, but the published site may be: see Pages in its settings."


@contextmanager
def web_api(inputs: Inputs, run: Run) -> Iterator[Api | None]:
    """The web API about the repository that the workflow belongs to; None off the runner or without a token."""
    environment, token = inputs.environment, inputs.github_token
    if not environment.is_runner or token is None or not environment.repository:
        yield None
        return
    server = Server(url=environment.api_url, repository=environment.repository, token=token.get_secret_value())
    with closing(Network(run.environ, jitter=run.jitter)) as network:
        yield Api(server, network, pause=time.sleep)


def read_pages(source: Source, run: Run) -> PagesSite | Refused:
    """How Pages is set up, or why that is not known."""
    with web_api(source.inputs, run) as api:
        return read_site(api) if api is not None else Refused(status=0, message="nobody can be asked")


def top_address(source: Source, pages: PagesSite | Refused) -> str:
    """The address of what lies at the top of the branch, without a slash at the end: as was said, else where Pages serves it,
    else where it does so by default; empty where that is not known."""
    inputs = source.inputs
    served = pages.url if isinstance(pages, PagesSite) and is_served(pages, inputs.pages_branch) else ""
    return (inputs.site_url or served or pages_address(source.remote)).rstrip("/")


def settings_of_pages(source: Source) -> str:
    """The address where Pages is set up."""
    environment = source.inputs.environment
    return f"{environment.server_url}/{environment.repository}/settings/pages"


def has_artifacts(source: Source) -> bool:
    """Whether the artifact service is offered."""
    environment = source.inputs.environment
    return not environment.is_enterprise_server and bool(environment.runtime.results_url and environment.runtime.token)


def upload(name: str, archive: Path, source: Source, run: Run, *, days: int) -> Uploaded:
    """An artifact of this run, kept for so many days or as many as the repository allows. PublishError where it cannot be."""
    environment = source.inputs.environment
    service = RunnerService(url=environment.runtime.results_url, token=environment.runtime.token)
    kept = min(days, environment.retention_days or days)
    with closing(Network(run.environ, jitter=run.jitter)) as network:
        client = Artifacts(service, network, mask=run.console.mask)
        return client.upload(name, archive, expires=kept_for(kept, now=run.now()))


def to_branch(change: Change, source: Source, run: Run) -> Pushed | Unchanged | Superseded:
    """Make the change on the branch of Pages. PublishError or SourceError where that cannot be done."""
    with tempfile.TemporaryDirectory(prefix="docsfy-") as folder:
        return publish_branch(
            change,
            destination(source),
            into=Path(folder) / "branch.git",
            clock=Clock(now=run.now, jitter=run.jitter),
        )


def branch_refused(source: Source) -> PublishError | None:
    """Why the branch of Pages could not be pushed to; None where it could."""
    with tempfile.TemporaryDirectory(prefix="docsfy-") as folder:
        return push_refused(destination(source), into=Path(folder) / "branch.git")


def closed_previews(api: Api | None, *, own: int | None = None) -> Besides:
    """Removes the preview of the pull request `own`, and previews of pull requests that are closed, as far as the API says so."""

    def found(branch: OnBranch) -> Beside:
        there = previews(branch.files)
        still_open = open_pull_requests(api) if api is not None and there - {own} else None
        if still_open is None:
            still_open = there
        gone = sorted(number for number in there if number == own or number not in still_open)
        if gone:
            logger.info("Previews of closed pull requests are removed: %s.", ", ".join(map(str, gone)))
        return Beside(remove=tuple(map(preview_folder, gone)))

    return found


def destination(source: Source) -> Destination:
    """The branch of Pages."""
    inputs = source.inputs
    return Destination(
        address=_address(source),
        branch=inputs.pages_branch,
        credentials=source.credentials,
        history=inputs.pages_history,
    )


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
