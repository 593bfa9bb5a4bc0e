"""The cache service (v2) of GitHub Actions: asks for an entry by key and prefixes, and stores one. Values in, values out;
no answer of the service ends a run."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from docsfy_action.network import Call, Response, Retries, Sender, Unreachable
from docsfy_action.state.archive import Method
from docsfy_action.storage import Storage, Upload, send_file

RETRIES = Retries()
MAX_KEY = 512
MAX_KEYS = 10
_SALT = "1.0"
_PATH = "/twirp/github.actions.results.api.v1.CacheService/"
_EXPIRED = frozenset({401, 403})


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Where the service is (`ACTIONS_RESULTS_URL`), and the token of the job."""

    url: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """The entry that was found, by the key it was stored under; its bytes are in the file."""

    key: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """There is no such entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """The entry is stored."""

    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Exists:
    """There is an entry with this key, or somebody is writing it: entries never change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied:
    """The job's token may not do that: what runs for strangers may read and not write."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """It did not work; `reason` is a sentence without its full stop."""

    reason: str


def version_of(paths: Sequence[str], method: Method) -> str:
    """The toolkit's digest of what is in an entry and how it is compressed: only entries with the same one are found."""
    return hashlib.sha256("|".join((*paths, method.value, _SALT)).encode()).hexdigest()


class ActionsCache:
    """A client of the service. `mask` is told of every secret address before it is used."""

    def __init__(
        self, service: Service, network: Sender, *, mask: Callable[[str], None], upload: Upload | None = None
    ) -> None:
        parts = urlsplit(service.url)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._token = service.token
        self._network = network
        self._mask = mask
        self._upload = upload or Upload()

    def restore(self, keys: Sequence[str], version: str, into: Path, *, limit: int) -> Restored | Miss | Denied | Fault:
        """The newest entry that has the first of `keys` as its key, else one of them as the beginning of its key, in their
        order. Its bytes, at most `limit`, go into the file `into`."""
        found = self._find(keys, version)
        if not isinstance(found, _Found):
            return found
        answer = self._download(found, into, limit)
        if isinstance(answer, Response) and answer.status in _EXPIRED:
            # The address was good for a while only: a new one may be had, once.
            found = self._find(keys, version)
            if not isinstance(found, _Found):
                return found
            answer = self._download(found, into, limit)
        if isinstance(answer, Unreachable):
            return Fault(reason=f"The entry could not be downloaded: {answer.reason}")
        if answer.status != 200:
            return Fault(reason=f"The entry could not be downloaded: status {answer.status}")
        if not _is_whole(answer, into):
            return Fault(reason="The entry could not be downloaded whole")
        return Restored(key=found.key, size=into.stat().st_size)

    def save(self, key: str, version: str, file: Path) -> Saved | Exists | Denied | Fault:
        """Store the file under the key, which must be new."""
        _check([key])
        size = file.stat().st_size
        made = self._ask("CreateCacheEntry", {"key": key, "version": version})
        if not isinstance(made, dict):
            return made
        url = self._address(made, "signed_upload_url")
        if made.get("ok") is not True or not url:
            return _refusal(made)
        failed = send_file(file, Storage(url=url, media="application/octet-stream", upload=self._upload), self._network)
        if failed:
            return Fault(reason=f"The entry could not be uploaded: {failed}")
        told = {"key": key, "size_bytes": str(size), "version": version}
        done = self._ask("FinalizeCacheEntryUpload", told)
        if not isinstance(done, dict):
            return done
        return Saved(size=size) if done.get("ok") is True else _refusal(done)

    def _download(self, found: "_Found", into: Path, limit: int) -> Response | Unreachable:
        call = Call(method="GET", url=found.url, into=into, limit=limit, deadline=600)
        return self._network.send(call, RETRIES, lambda got: got.status != 200 or _is_whole(got, into))

    def _find(self, keys: Sequence[str], version: str) -> "_Found | Miss | Denied | Fault":
        _check(keys)
        told: dict[str, str | Sequence[str]] = {"key": keys[0], "restore_keys": list(keys[1:]), "version": version}
        answer = self._ask("GetCacheEntryDownloadURL", told)
        if isinstance(answer, Exists):
            return Fault(reason="The cache service answered with status 409")
        if not isinstance(answer, dict):
            return answer
        if answer.get("ok") is not True:
            return Miss()
        url, key = self._address(answer, "signed_download_url"), _value(answer, "matched_key")
        if not url or not any(key.startswith(asked) for asked in keys):
            return Fault(reason="The cache service answered with an entry that was not asked for")
        return _Found(url=url, key=key)

    def _ask(
        self, method: str, told: Mapping[str, str | Sequence[str]]
    ) -> "dict[str, object] | Exists | Denied | Fault":
        call = Call(
            method="POST",
            url=f"{self._origin}{_PATH}{method}",
            headers={"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"},
            body=json.dumps(told).encode(),
            limit=1_000_000,
        )
        answer = self._network.send(call, RETRIES, lambda got: got.status >= 300 or _object(got.body) is not None)
        if isinstance(answer, Unreachable):
            return Fault(reason=f"The cache service could not be reached: {answer.reason}")
        said = _object(answer.body)
        if answer.status == 409:
            return Exists()
        if answer.status in _EXPIRED:
            return Denied(reason=_message(said) or f"status {answer.status}")
        if answer.status == 429:
            wait = answer.headers.get("retry-after", "")
            more = f"; it asks to wait {wait} s" if wait.isdigit() else ""
            return Fault(reason=f"The cache service has had too many requests{more}")
        if not 200 <= answer.status < 300:
            return Fault(reason=f"The cache service answered with status {answer.status}")
        return said if said is not None else Fault(reason="The cache service answered with something that is no JSON")

    def _address(self, answer: dict[str, object], name: str) -> str:
        """A signed address of an answer; empty where it is none that may be used."""
        url = _value(answer, name)
        if not url:
            return ""
        self._mask(url)
        try:
            parts = urlsplit(url)
        except ValueError:
            return ""
        if parts.query:
            self._mask(parts.query)
        # Where the service itself is reached with encryption, so is what it sends us to.
        secure = parts.scheme == "https" or (parts.scheme == "http" and self._origin.startswith("http://"))
        return url if secure and parts.hostname else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    url: str = field(repr=False)
    key: str


def _check(keys: Sequence[str]) -> None:
    if not 1 <= len(keys) <= MAX_KEYS or any(not key or len(key) > MAX_KEY or "," in key for key in keys):
        raise ValueError("no key that the cache service takes")


def _is_whole(answer: Response, file: Path) -> bool:
    """Whether as much arrived as was announced."""
    announced = answer.headers.get("content-length", "")
    return announced.isascii() and announced.isdigit() and file.stat().st_size == int(announced)


def _refusal(answer: dict[str, object]) -> Denied | Fault:
    said = _message(answer)
    if "denied" in said.lower():
        return Denied(reason=said)
    return Fault(
        reason=f"The cache service refused the entry: {said}" if said else "The cache service refused the entry"
    )


def _object(body: bytes) -> dict[str, object] | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _value(answer: dict[str, object], name: str) -> str:
    """A text of an answer, under its name or that in camel case."""
    first, *rest = name.split("_")
    value = answer.get(name) or answer.get(first + "".join(part.capitalize() for part in rest))
    return value if isinstance(value, str) else ""


def _message(answer: dict[str, object] | None) -> str:
    said = (_value(answer, "message") or _value(answer, "msg")) if answer is not None else ""
    return " ".join(said.split())[:300].rstrip(".")
