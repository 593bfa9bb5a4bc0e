"""The one module that speaks HTTP for the program itself: bounded, timed, without redirects, and silent about addresses,
which may hold a signature."""

import logging
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import SplitResult, urlsplit

import urllib3

from docsfy_action import __version__

USER_AGENT = f"docsfy-action/{__version__}"
MAX_BODY_BYTES = 8_000_000
_CHUNK = 1 << 16
# It would log whole addresses, also in warnings; what there is to say is in the results of `send`.
logging.getLogger("urllib3").setLevel(logging.CRITICAL + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePart:
    """A stretch of a file as the body of a request, read while it is sent."""

    path: Path
    size: int
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request. The answer's body may have `limit` bytes; it goes to the file `into` where that is given. No pause on the
    line may be longer than `patience`, and the whole must not take longer than `deadline` (both in seconds)."""

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | FilePart = field(default=b"", repr=False)
    into: Path | None = None
    limit: int = MAX_BODY_BYTES
    patience: float = 30.0
    deadline: float = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer of any status; `body` is empty where it went to a file. Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreachable:
    """There is no whole answer. `reason` completes the sentence "... could not be reached:" and holds no address; where
    not `worth_retrying`, the same would happen again."""

    reason: str
    worth_retrying: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """When a request is made again, and after how long: `first` seconds, then `factor` times as many, and a share more
    that chance decides. As in the toolkit of GitHub Actions."""

    attempts: int = 5
    statuses: frozenset[int] = frozenset({500, 502, 503, 504})
    first: float = 3.0
    factor: float = 1.5

    def seconds(self, attempt: int, chance: float) -> float:
        """The pause after the attempt with this number (from 0); `chance` is from 0 to 1."""
        least = self.first * self.factor**attempt
        return least if attempt == 0 else least + least * (self.factor - 1) * chance


ONCE = Retries(attempts=1)


class Sender(Protocol):
    """What sends requests: `Network`."""

    def send(
        self, call: Call, retries: Retries = ..., usable: Callable[[Response], bool] = ...
    ) -> Response | Unreachable:
        """The answer."""


def always_usable(_: Response) -> bool:
    """Any answer will do."""
    return True


class Network:
    """Sends requests; close it, or use it with `contextlib.closing`.

    `environ` names proxies (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`, in either case) and authorities to trust
    (`SSL_CERT_FILE`, `SSL_CERT_DIR`, and `NODE_EXTRA_CA_CERTS`, which self-hosted runners have). `pause` waits for seconds,
    `jitter` gives numbers from 0 to 1.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        *,
        pause: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = lambda: 0.5,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._environ = environ
        self._pause = pause
        self._jitter = jitter
        self._clock = clock
        self._pools: dict[str, urllib3.PoolManager] = {}

    def send(
        self, call: Call, retries: Retries = ONCE, usable: Callable[[Response], bool] = always_usable
    ) -> Response | Unreachable:
        """The answer, after as many attempts as `retries` allows; one that is not `usable` is asked for again."""
        for attempt in count():
            answer = self._once(call)
            if isinstance(answer, Response):
                again = answer.status in retries.statuses or not usable(answer)
            else:
                again = answer.worth_retrying
            if not again or attempt + 1 >= retries.attempts:
                return answer
            self._pause(retries.seconds(attempt, self._jitter()))
        raise AssertionError("counting never ends")

    def close(self) -> None:
        """Close all connections."""
        for pool in self._pools.values():
            pool.clear()

    def _once(self, call: Call) -> Response | Unreachable:
        host = _parts(call.url)
        if host is None:
            return Unreachable(reason="its address is not one of http or https", worth_retrying=False)
        try:
            return self._exchange(call, host)
        except (urllib3.exceptions.HTTPError, ValueError, OSError) as error:
            return _failure(error, host.hostname or "")

    def _exchange(self, call: Call, host: SplitResult) -> Response | Unreachable:
        until = self._clock() + call.deadline
        size = call.body.size if isinstance(call.body, FilePart) else len(call.body)
        headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity", **call.headers}
        if size or call.method in {"POST", "PUT"}:
            headers["Content-Length"] = str(size)
        pool = self._pool(host)
        with _opened(call.body) as body:
            answer = pool.request(
                call.method,
                call.url,
                body=body,
                headers=headers,
                timeout=urllib3.Timeout(connect=min(call.patience, 15.0), read=call.patience),
                retries=False,
                redirect=False,
                preload_content=False,
            )
        with closing(answer):
            try:
                return self._read(call, answer, until)
            finally:
                answer.release_conn()

    def _read(self, call: Call, answer: urllib3.BaseHTTPResponse, until: float) -> Response | Unreachable:
        headers = {name.lower(): value for name, value in answer.headers.items()}
        # A refusal is short, and no content of the file.
        into = call.into if 200 <= answer.status < 300 else None
        limit = call.limit if into is not None or call.into is None else MAX_BODY_BYTES
        found = bytearray()
        total = 0
        file = into.open("wb") if into is not None else None
        try:
            while chunk := answer.read(_CHUNK):
                total += len(chunk)
                if total > limit:
                    return Unreachable(reason=f"it sent more than {limit:,} bytes", worth_retrying=False)
                if self._clock() > until:
                    return Unreachable(reason=f"it took longer than {call.deadline:.0f} s", worth_retrying=False)
                if file is not None:
                    file.write(chunk)
                else:
                    found += chunk
        finally:
            if file is not None:
                file.close()
        return Response(status=answer.status, headers=headers, body=bytes(found))

    def _pool(self, host: SplitResult) -> urllib3.PoolManager:
        proxy = proxy_for(host, self._environ)
        if proxy not in self._pools:
            context = _trust(self._environ)
            self._pools[proxy] = (
                urllib3.ProxyManager(proxy, ssl_context=context, proxy_headers=_proxy_headers(proxy))
                if proxy
                else urllib3.PoolManager(ssl_context=context)
            )
        return self._pools[proxy]


def _failure(error: Exception, host: str) -> Unreachable:
    """Why there is no answer, in words of our own: the text of these errors quotes addresses."""
    match error:
        case urllib3.exceptions.NewConnectionError():
            return Unreachable(reason=f"no connection to {host} could be made")
        case urllib3.exceptions.TimeoutError():
            return Unreachable(reason=f"{host} did not answer in time")
        case urllib3.exceptions.SSLError():
            reason = f"the certificate of {host} is not trusted, or the encryption failed"
            return Unreachable(reason=reason, worth_retrying=False)
        case urllib3.exceptions.ProtocolError():
            return Unreachable(reason=f"{host} broke off the connection")
        case ValueError():
            # Also what cannot stand in a header, such as a token with a line break.
            return Unreachable(reason="the address, the token or the proxy cannot be used", worth_retrying=False)
        case OSError():
            return Unreachable(reason=error.strerror or type(error).__name__, worth_retrying=False)
        case _:
            return Unreachable(reason=f"the connection to {host} failed ({type(error).__name__})")


def proxy_for(address: SplitResult, environ: Mapping[str, str]) -> str:
    """The address of the proxy that the environment names for a host; empty where it is to be reached directly."""
    names = f"{address.scheme}_proxy"
    # The small one first, as curl does.
    proxy = environ.get(names) or environ.get(names.upper(), "")
    if not proxy or _reached_directly(address, environ.get("no_proxy") or environ.get("NO_PROXY", "")):
        return ""
    return proxy if "://" in proxy else f"http://{proxy}"


def _reached_directly(address: SplitResult, exceptions: str) -> bool:
    host = (address.hostname or "").rstrip(".")
    for entry in exceptions.lower().replace(",", " ").split():
        name, _, port = entry.partition(":") if entry.count(":") == 1 else (entry, "", "")
        name = name.strip("[]").removeprefix("*").removeprefix(".")
        if entry == "*" or (name and (host == name or host.endswith(f".{name}")) and port in {"", str(address.port)}):
            return True
    return False


def _proxy_headers(proxy: str) -> Mapping[str, str]:
    user, password = urlsplit(proxy).username, urlsplit(proxy).password
    return urllib3.make_headers(proxy_basic_auth=f"{user}:{password or ''}") if user else {}


def _trust(environ: Mapping[str, str]) -> ssl.SSLContext:
    context = ssl.create_default_context()
    for name in ("SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"):
        if environ.get(name):
            context.load_verify_locations(cafile=environ[name])
    if environ.get("SSL_CERT_DIR"):
        context.load_verify_locations(capath=environ["SSL_CERT_DIR"])
    return context


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if usable else None


class _Stretch:
    """A part of an open file that reads as if it were all."""

    def __init__(self, file: BinaryIO, part: FilePart) -> None:
        self._file = file
        self._left = part.size
        file.seek(part.offset)

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        data = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(data)
        return data

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self.read(_CHUNK), b"")


@contextmanager
def _opened(body: bytes | FilePart) -> Iterator[bytes | _Stretch]:
    """The body as urllib3 takes it, open for the block."""
    if isinstance(body, bytes):
        yield body
    else:
        with body.path.open("rb") as file:
            yield _Stretch(file, body)
