"""GitHub Pages: how it is set up for a repository, and a deployment from the first request to its end.

Statuses, limits and the meaning of refusals are those of actions/deploy-pages (src/internal/deployment.js).
"""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from docsfy_action.errors import PublishError
from docsfy_action.github.api import Api, Document, Refused, Told
from docsfy_action.network import Call, Retries, Sender, Unreachable

logger = logging.getLogger(__name__)

_DEADLINE = 600.0  # seconds, for everything
_FIRST_PAUSE, _FACTOR, _LONGEST_PAUSE = 5.0, 1.5, 30.0
_MAX_ERRORS = 10
_IN_PROGRESS = "in progress deployment"
_FAILED = {
    "deployment_failed": "it failed",
    "deployment_perms_error": "files of the site cannot be read",
    "deployment_content_failed": "the content was refused",
    "deployment_cancelled": "it was cancelled",
    "deployment_lost": "it did not report its end",
}
_LATER = "Run the job again; githubstatus.com tells whether GitHub Pages has trouble."


class Source(StrEnum):
    """What GitHub Pages serves: what a workflow deploys, or a branch."""

    WORKFLOW = "workflow"
    BRANCH = "legacy"


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesSite:
    """How Pages is set up: `path` is the folder of the branch that is served. `source`, `branch` and `path` are empty where the
    answer does not say; `public` is None where that is not known."""

    url: str = ""
    source: str = ""
    branch: str = ""
    path: str = ""
    public: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenService:
    """Where the job gets an OIDC token (`ACTIONS_ID_TOKEN_REQUEST_URL`), and with what."""

    url: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """`pause` waits for seconds, `clock` counts them, `jitter` gives numbers from 0 to 1."""

    pause: Callable[[float], None]
    clock: Callable[[], float]
    jitter: Callable[[], float]


def read_site(api: Api) -> PagesSite | Refused:
    """How Pages is set up for the repository; refused with 404 where it is not."""
    found = api.get("pages")
    if isinstance(found, Refused):
        return found
    return PagesSite(
        url=found.text("html_url"),
        source=found.text("build_type"),
        branch=found.inner("source").text("branch"),
        path=found.inner("source").text("path"),
        public=found.flag("public"),
    )


def identity_token(service: TokenService, network: Sender, *, mask: Callable[[str], None]) -> str:
    """The job's OIDC token, by which Pages knows which workflow deploys. PublishError where there is none."""
    call = Call(method="GET", url=service.url, headers={"Authorization": f"Bearer {service.token}"})
    answer = network.send(call, Retries(attempts=3))
    reason = answer.reason if isinstance(answer, Unreachable) else f"status {answer.status}"
    if not isinstance(answer, Unreachable) and answer.status == 200:
        try:
            token = Document(content=json.loads(answer.body)).text("value")
        except (ValueError, RecursionError):
            token = ""
        if token:
            mask(token)
            return token
        reason = "the answer holds no token"
    raise PublishError(
        f"The job's identity token could not be had: {reason}.", hint="Give the job `permissions: id-token: write`."
    )


def deploy(api: Api, *, artifact: int, version: str, identity: str, settings_url: str, wait: Wait) -> str:
    """Deploys an artifact of this run and follows the deployment to its end; gives the address of the site.

    `version` names the deployment: the commit of the workflow run. PublishError says what to set where it is refused. A
    deployment that takes too long, or whose run is cancelled, is cancelled.
    """
    until = wait.clock() + _DEADLINE
    told: Told = {"artifact_id": artifact, "pages_build_version": version, "oidc_token": identity}
    made = api.post("pages/deployments", told)
    pause = _FIRST_PAUSE
    while isinstance(made, Refused) and _IN_PROGRESS in made.message and wait.clock() < until:
        logger.info("Another deployment is in progress; waiting for its end.")
        pause = _wait(wait, pause)
        made = api.post("pages/deployments", told)
    if isinstance(made, Refused):
        raise refusal(made, settings_url)
    name = _name(made) or version
    finished = False
    try:
        _follow(api, name, until, wait)
        finished = True
    finally:
        if not finished:
            # Also when a signal ends the run: nobody would see how it goes on.
            api.post(f"pages/deployments/{name}/cancel")
    return made.text("page_url")


def refusal(refused: Refused, settings_url: str) -> PublishError:
    """The error for a deployment that GitHub does not accept."""
    request = f" Request {refused.request}." if refused.request else ""
    message = f"GitHub Pages did not accept the deployment ({refused}).{request}"
    if refused.limited:
        return PublishError(message, hint="There were too many requests: run the job again in a while.")
    if refused.status in {401, 403}:
        return PublishError(message, hint="Give the job `permissions: { pages: write, id-token: write }`.")
    if refused.status == 404:
        return PublishError(message, hint=f"Turn GitHub Pages on, with GitHub Actions as its source: {settings_url}")
    if refused.status == 400 and "environment" in refused.message.lower():
        return PublishError(message, hint="Give the job `environment: github-pages`.")
    if refused.status == 400:
        return PublishError(message, hint=f"Check that GitHub Actions is the source of Pages: {settings_url}")
    return PublishError(message, hint=_LATER)


def _name(made: Document) -> str:
    """The id of the deployment: its own, else the end of the address of its status."""
    number = made.content.get("id") if isinstance(made.content, dict) else None
    if isinstance(number, int) and not isinstance(number, bool):
        return str(number)
    name = made.text("id") or made.text("status_url").rstrip("/").rpartition("/")[2]
    return name if name.replace("-", "").isalnum() and name.isascii() else ""


def _follow(api: Api, name: str, until: float, wait: Wait) -> None:
    pause, errors, last = _FIRST_PAUSE, 0, ""
    while True:
        pause = _wait(wait, pause)
        found = api.get(f"pages/deployments/{name}")
        if isinstance(found, Refused):
            errors += 1
            if errors >= _MAX_ERRORS:
                raise PublishError(f"The status of the deployment could not be read ({found}).", hint=_LATER)
        else:
            status = found.text("status")
            if status == "succeed":
                return
            if reason := _FAILED.get(status):
                raise PublishError(f"The deployment to GitHub Pages did not succeed: {reason} ({status}).", hint=_LATER)
            if status != last:
                logger.info("The deployment is at: %s", status or "no status yet")
                last = status
        if wait.clock() >= until:
            raise PublishError(f"The deployment to GitHub Pages did not end within {_DEADLINE:.0f} s.", hint=_LATER)


def _wait(wait: Wait, pause: float) -> float:
    wait.pause(pause * (0.8 + 0.4 * wait.jitter()))
    return min(pause * _FACTOR, _LONGEST_PAUSE)
