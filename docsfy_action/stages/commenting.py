"""The comment on a pull request: made, kept up to date, or, where this run may not write, handed on to a run that may."""

import hashlib
import logging
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path

from docsfy_action.errors import InputError, PublishError
from docsfy_action.github.api import Api, Refused
from docsfy_action.github.comment import Comment, Finding, PageRow, Places, Spent, comment_body, marker
from docsfy_action.github.comments_api import Done, keep_comment
from docsfy_action.github.events import read_payload
from docsfy_action.github.message import ARTIFACT, FILE, MOST_BYTES, Message, read_message, write_message
from docsfy_action.github.pulls import read_pull_request
from docsfy_action.inputs.model import Inputs
from docsfy_action.inputs.values import Comment as Wish
from docsfy_action.lifecycle import PageAction, PageReport, RunReport, Stage, Status
from docsfy_action.plan.compared import as_diff
from docsfy_action.repository.order import is_commit_id
from docsfy_action.site.comparison.page import FILE as CHANGES
from docsfy_action.stages.comparing import Comparison
from docsfy_action.stages.hosting import has_artifacts, upload, web_api
from docsfy_action.stages.run import Run
from docsfy_action.stages.source import Source, event_payload
from docsfy_action.state.files import Planted, read_regular, write_whole

logger = logging.getLogger(__name__)

_ARTIFACT_DAYS = 5
_DIFF_LINES = 400
_MOST_MESSAGES = 20
_FORBIDDEN = frozenset({401, 403, 404})


def tell(comparison: Comparison | None, source: Source, report: RunReport, run: Run) -> RunReport:
    """Comment on the pull request; gives the report as it is then. Nothing that goes wrong here ends the run."""
    inputs = source.inputs
    if comparison is None:
        return report
    report = replace(report, stale=run.stale)
    if inputs.comment is Wish.OFF:
        return report
    activity = comparison.activity
    assert activity.pull_request is not None
    comment = comment_of(comparison, source, report)
    key = key_of(source)
    body = comment_body(comment, _places(comparison, source, report), key=key)
    with web_api(inputs, run) as api:
        refused = _post(api, activity.pull_request, activity.head_sha, comment, body, key)
    if refused is None:
        return report
    logger.info("The pull request got no comment: %s", _why(refused, without_secrets=activity.without_secrets))
    run.unposted = body.partition("\n\n")[2]
    if activity.without_secrets and is_commit_id(activity.head_sha):
        message = Message(pull_request=activity.pull_request, head_sha=activity.head_sha, key=key, comment=comment)
        _hand_on(message, source, run)
    return replace(report, unposted=run.unposted, warnings=tuple(run.warnings))


def pass_on(inputs: Inputs, run: Run) -> RunReport:
    """Make the comments that the run before this one could not make. What it left is data: it is escaped like any other text,
    and a pull request is commented on only if the commit that was run is the one that it proposes now.

    Raises InputError where this is no run after another, and PublishError where a comment cannot be made.
    """
    folder = inputs.comment_from
    payload = read_payload(event_payload(inputs))
    before = payload.get("workflow_run")
    if folder is None or inputs.environment.event_name != "workflow_run" or not isinstance(before, dict):
        raise InputError(
            "comment-from: this run does not follow another one.",
            hint="Use it in a workflow `on: workflow_run`, with the artifact of the run before in that folder.",
        )
    run.enter(Stage.PUBLISHING)
    with web_api(inputs, run) as api:
        if api is None:
            raise InputError(
                "comment-from: `github-token` is missing.", hint="Leave the input out: its default is the job's."
            )
        files = sorted(folder.rglob(FILE))[:_MOST_MESSAGES] if folder.is_dir() else []
        if not files:
            logger.info("There is no %s in the folder, so there is nothing to comment.", FILE)
        for file in files:
            _pass_on(file, before, api, run)
    return run.report(Status.READY, Stage.PUBLISHING)


def comment_of(comparison: Comparison, source: Source, report: RunReport) -> Comment:
    """What the comment says."""
    left = [page for page in report.pages if page.action is PageAction.FAIL or page.deferred]
    rows = [_left(page) for page in left]
    named = {page.slug for page in left}
    rows += [
        PageRow(
            slug=change.slug,
            title=change.title,
            action=change.difference.value,
            reason=change.reason,
            leads_to=change.leads_to,
            diff=tuple(as_diff(change))[:_DIFF_LINES],
        )
        for change in comparison.changes
        if change.slug not in named
    ]
    findings = [Finding(page=page.slug, text=finding) for page in report.pages for finding in page.findings]
    tokens = report.input_tokens + report.output_tokens
    return Comment(
        site=source.title,
        head=comparison.activity.head_sha or report.commit,
        branch=comparison.branch,
        base=comparison.base,
        total=len(report.pages) - report.count(PageAction.REMOVE),
        pages=tuple(rows),
        stale=comparison.stale,
        findings=tuple(findings),
        spent=Spent(calls=report.ai_calls, tokens=tokens, dollars=report.cost_usd) if report.ai_calls else None,
    )


def key_of(source: Source) -> str:
    """Tells this site's comment from those of other sites of the repository."""
    parts = (source.name, source.inputs.site_dir)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _left(page: PageReport) -> PageRow:
    action = "kept" if page.deferred and page.action is not PageAction.FAIL else "withheld"
    return PageRow(slug=page.slug, title=page.title, action=action, reason=page.reason)


def _places(comparison: Comparison, source: Source, report: RunReport) -> Places:
    environment = source.inputs.environment
    is_artifact = "/actions/runs/" in report.preview_url
    site = f"{environment.server_url}/{environment.repository}"
    return Places(
        preview="" if is_artifact else report.preview_url,
        artifact=report.preview_url if is_artifact else "",
        run=environment.run_url,
        files=f"{site}/blob/{source.snapshot.commit}" if environment.repository else "",
        changes=CHANGES if comparison.has_page else "",
    )


def _post(api: Api | None, number: int, head: str, comment: Comment, body: str, key: str) -> Refused | None:
    """Make or change the comment; what kept it from being made."""
    if api is None:
        return Refused(status=401, message="there is no token")
    now = read_pull_request(api, number)
    if not isinstance(now, Refused) and head and now.head and now.head != head:
        logger.info("The pull request has a newer commit (%s), whose own run will comment.", now.head[:12])
        return None
    found = keep_comment(api, number, body, marker=marker(key), make=not comment.is_quiet)
    if isinstance(found, Refused):
        return found
    if found.done is Done.NOT_NEEDED:
        logger.info("No page changes, so the pull request gets no comment.")
    else:
        logger.info("The comment on the pull request is %s: %s", found.done, found.url)
    return None


def _why(refused: Refused, *, without_secrets: bool) -> str:
    if refused.status not in _FORBIDDEN:
        return f"{refused}."
    if without_secrets:
        return "the token of a pull request from a fork or of Dependabot may only read. What it would say is in the summary."
    return (
        f"the token may not write it ({refused}). Give the job `permissions: {{ pull-requests: write }}`. "
        "What it would say is in the summary."
    )


def _hand_on(message: Message, source: Source, run: Run) -> None:
    """Leave the comment as a file, and as an artifact of the run where that can be."""
    inputs = source.inputs
    data = write_message(message)
    place = inputs.report_file.with_name(FILE)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        write_whole(place, data)
        if not has_artifacts(source):
            return
        name = f"{ARTIFACT}-{message.key}"
        with tempfile.TemporaryDirectory(prefix="docsfy-") as folder:
            archive = Path(folder) / "comment.zip"
            with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
                packed.writestr(FILE, data)
            upload(name, archive, source, run, days=_ARTIFACT_DAYS)
        logger.info("The artifact %s holds the comment, for a workflow that may write it.", name)
    except (OSError, PublishError) as error:
        logger.info("The comment could not be handed on: %s", error)


def _pass_on(file: Path, before: dict[str, object], api: Api, run: Run) -> None:
    try:
        data = read_regular(file, MOST_BYTES)
    except (Planted, OSError) as error:
        run.warn(f"`{file.name}` is not used: {error}.")
        return
    message = read_message(data or b"")
    if isinstance(message, str):
        run.warn(f"`{file.name}` is not used: {message}.")
        return
    head = before.get("head_sha")
    repository = before.get("head_repository")
    origin = repository.get("full_name") if isinstance(repository, dict) else None
    number = message.pull_request
    now = read_pull_request(api, number)
    if isinstance(now, Refused):
        raise PublishError(f"Pull request {number} cannot be read ({now}).", hint=_PERMISSIONS)
    if message.head_sha != head or now.head != head or now.repository != origin or not now.is_open:
        run.warn(
            f"Pull request {number} does not propose the commit that was run, or is closed, so it gets no comment."
        )
        return
    places = Places(run=_web_address(before.get("html_url")))
    body = comment_body(message.comment, places, key=message.key)
    refused = _post(api, number, message.head_sha, message.comment, body, message.key)
    if refused is not None:
        raise PublishError(f"Pull request {number} could not be commented on ({refused}).", hint=_PERMISSIONS)


_PERMISSIONS = "Give the job `permissions: { actions: read, pull-requests: write }`."


def _web_address(url: object) -> str:
    return url if isinstance(url, str) and url.startswith("https://") else ""
