"""Uploads artifacts of a workflow run through the runner's artifact service (version 4 of actions/upload-artifact)."""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from docsfy_action.errors import PublishError
from docsfy_action.github.api import Document, Told, one_line
from docsfy_action.network import Call, Response, Retries, Sender, Unreachable
from docsfy_action.storage import Storage, Upload, send_file

_PATH = "/twirp/github.actions.results.api.v1.ArtifactService/"
_VERSION = 7
_AGAIN = "Run the job again; githubstatus.com tells whether GitHub Actions has trouble."
_EXISTS = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerService:
    """Where the service is (`ACTIONS_RESULTS_URL`), and the token of the job."""

    url: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """The ids by which the service knows this run and this job."""

    run: str
    job: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploaded:
    """An artifact that is there: its number, and how many bytes it has."""

    number: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Failed:
    """Why the service did not do what it was asked for; `status` is 0 where it could not be reached."""

    status: int
    reason: str


def backend_of(token: str) -> Backend | None:
    """The ids that the job's token carries in its claim `scp`: `Actions.Results:RUN:JOB` among other scopes."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, RecursionError):
        return None
    for scope in Document(content=claims).text("scp").split():
        name, *ids = scope.split(":")
        if name == "Actions.Results" and len(ids) == 2 and all(ids):
            return Backend(run=ids[0], job=ids[1])
    return None


class Artifacts:
    """A client of the service. `mask` is told of every signed address before it is used."""

    def __init__(
        self,
        service: RunnerService,
        network: Sender,
        *,
        mask: Callable[[str], None],
        upload: Upload | None = None,
    ) -> None:
        parts = urlsplit(service.url)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._service = service
        self._network = network
        self._mask = mask
        self._upload = upload or Upload()

    def upload(self, name: str, file: Path, *, expires: datetime | None = None) -> Uploaded:
        """The zip file as an artifact of this run; one of the same name, left by an earlier attempt, is replaced.

        PublishError where it cannot be uploaded.
        """
        backend = backend_of(self._service.token)
        if backend is None:
            raise PublishError(
                f"The artifact `{name}` cannot be uploaded: the runner's token names no run.", hint=_AGAIN
            )
        ids = {"workflow_run_backend_id": backend.run, "workflow_job_run_backend_id": backend.job, "name": name}
        until = {} if expires is None else {"expires_at": expires.strftime("%Y-%m-%dT%H:%M:%SZ")}
        told: Told = {**ids, **until, "version": _VERSION, "mime_type": "application/zip"}
        made = self._ask("CreateArtifact", told)
        if isinstance(made, _Failed) and made.status == _EXISTS:
            self._ask("DeleteArtifact", ids)
            made = self._ask("CreateArtifact", told)
        url = made.text("signed_upload_url") or made.text("signedUploadUrl") if isinstance(made, Document) else ""
        if isinstance(made, _Failed) or not self._may_use(url):
            reason = made.reason if isinstance(made, _Failed) else "the artifact service gave no address to upload to"
            raise self._error(name, reason)
        self._mask(url)
        size, digest = self._send(name, url, file)
        done = self._ask("FinalizeArtifact", {**ids, "size": str(size), "hash": f"sha256:{digest}"})
        if isinstance(done, _Failed):
            raise self._error(name, done.reason)
        number = done.text("artifact_id") or done.text("artifactId")
        if done.flag("ok") is not True or not number.isdecimal():
            raise self._error(name, "the artifact service did not confirm it")
        return Uploaded(number=int(number), size=size)

    def _may_use(self, url: str) -> bool:
        """Whether a file may be sent there: encrypted, unless the service itself is not."""
        return url.startswith("https://") or (url.startswith("http://") and self._origin.startswith("http://"))

    def _ask(self, method: str, told: Told) -> Document | _Failed:
        call = Call(
            method="POST",
            url=f"{self._origin}{_PATH}{method}",
            headers={"Authorization": f"Bearer {self._service.token}", "Content-Type": "application/json"},
            body=json.dumps(told).encode(),
            limit=1_000_000,
        )
        answer = self._network.send(call, Retries())
        if isinstance(answer, Unreachable):
            return _Failed(status=0, reason=f"the artifact service could not be reached: {answer.reason}")
        said = _json(answer)
        if not 200 <= answer.status < 300 or said is None:
            words = one_line(said.text("msg") or said.text("message")) if said is not None else ""
            reason = f"the artifact service answered with status {answer.status}{f' ({words})' if words else ''}"
            return _Failed(status=answer.status, reason=reason)
        return said

    def _send(self, name: str, url: str, file: Path) -> tuple[int, str]:
        """Uploads the file; gives its size and digest."""
        size = file.stat().st_size
        with file.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        failed = send_file(file, Storage(url=url, media="application/zip", upload=self._upload), self._network)
        if failed:
            raise self._error(name, failed)
        return size, digest

    def _error(self, name: str, reason: str) -> PublishError:
        return PublishError(f"The artifact `{name}` could not be uploaded: {reason}.", hint=_AGAIN)


def kept_for(days: int, *, now: datetime) -> datetime:
    """When an artifact made now expires."""
    return now + timedelta(days=days)


def _json(answer: Response) -> Document | None:
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
    return Document(content=found) if isinstance(found, dict) else None
