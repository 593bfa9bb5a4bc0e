"""GitHub's REST API: requests with the job's token, answers as plain JSON or as the reason why there is none."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from docsfy_action.network import ONCE, Call, Response, Retries, Sender, Unreachable

_VERSION = "2022-11-28"
_NEXT = re.compile(r'<([^<>]+)>\s*;[^,]*\brel="next"')
_MAX_WAIT = 90  # seconds; a primary rate limit lasts up to an hour, which no job should sit through
_LIMITED = frozenset({403, 429})
_READING = Retries(attempts=4, first=2.0)

Told = Mapping[str, str | int | bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """No answer that could be used. `status` is 0 where the server could not be reached; `message` is what it said, on one
    line; `limited` says that there were too many requests; `request` is the id that GitHub's support asks for."""

    status: int
    message: str
    limited: bool = False
    request: str = ""

    def __str__(self) -> str:
        status = f"status {self.status}" if self.status else "no answer"
        return f"{status}: {self.message}" if self.message else status


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The JSON of an answer: an object, a list or a plain value, and the address of the next page of a list."""

    content: object
    following: str = ""

    def text(self, name: str) -> str:
        """A text of the object, empty where there is none."""
        value = self.content.get(name) if isinstance(self.content, dict) else None
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> int | None:
        """A whole number of the object, None where there is none."""
        value = self.content.get(name) if isinstance(self.content, dict) else None
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def flag(self, name: str) -> bool | None:
        """A yes or no of the object, None where there is none."""
        value = self.content.get(name) if isinstance(self.content, dict) else None
        return value if isinstance(value, bool) else None

    def inner(self, name: str) -> "Document":
        """An object inside the object; an empty one where there is none."""
        value = self.content.get(name) if isinstance(self.content, dict) else None
        return Document(content=value if isinstance(value, dict) else {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """`url` is the API's base (`GITHUB_API_URL`; on GitHub Enterprise Server it has a path), `repository` `OWNER/NAME`."""

    url: str
    repository: str
    token: str = field(repr=False)


class Api:
    """Asks about one repository; `pause` waits for seconds where the server asks for it."""

    def __init__(self, server: Server, network: Sender, *, pause: Callable[[float], None]) -> None:
        self._server = server
        self._network = network
        self._pause = pause

    def get(self, path: str) -> Document | Refused:
        """What lies at a path below the repository's."""
        return self._ask("GET", self._address(path), None)

    def post(self, path: str, told: Told | None = None) -> Document | Refused:
        """Make something. Never repeated by itself: it might have been made."""
        return self._ask("POST", self._address(path), told or {})

    def patch(self, path: str, told: Told) -> Document | Refused:
        """Change something. Never repeated by itself."""
        return self._ask("PATCH", self._address(path), told)

    def delete(self, path: str) -> Document | Refused:
        """Take something away."""
        return self._ask("DELETE", self._address(path), None)

    def viewer(self) -> str:
        """The account that the token speaks for; empty where the server does not say. REST tells it to people's tokens only,
        GraphQL to every token."""
        base = self._server.url.rstrip("/")
        address = f"{base.removesuffix('/v3')}/graphql"
        found = self._ask("POST", address, {"query": "query { viewer { login } }"})
        return found.inner("data").inner("viewer").text("login") if isinstance(found, Document) else ""

    def get_all(self, path: str, *, limit: int = 3000) -> tuple[object, ...] | Refused:
        """All items of a list, page after page, at most `limit`."""
        items: list[object] = []
        address = self._address(f"{path}{'&' if '?' in path else '?'}per_page=100")
        while address and len(items) < limit:
            found = self._ask("GET", address, None)
            if isinstance(found, Refused):
                return found
            items += found.content if isinstance(found.content, list) else []
            # The token goes to this server only.
            same = urlsplit(found.following)[:2] == urlsplit(self._server.url)[:2]
            address = found.following if same else ""
        return tuple(items[:limit])

    def _address(self, path: str) -> str:
        return f"{self._server.url.rstrip('/')}/repos/{self._server.repository}/{path}".rstrip("/")

    def _ask(self, method: str, address: str, told: Told | None) -> Document | Refused:
        headers = {
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": _VERSION,
            "Authorization": f"Bearer {self._server.token}",
        }
        body = b""
        if told is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(told).encode()
        call = Call(method=method, url=address, headers=headers, body=body)
        retries = _READING if method == "GET" else ONCE
        answer = self._network.send(call, retries)
        if isinstance(answer, Response) and 0 < (wait := _wait(answer)) <= _MAX_WAIT:
            self._pause(wait)
            answer = self._network.send(call, retries)
        if isinstance(answer, Unreachable):
            return Refused(status=0, message=answer.reason)
        return _read(answer)


def one_line(text: str) -> str:
    """Foreign text, short and on one line."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:400]


def _wait(answer: Response) -> int:
    """The seconds a server that had too many requests asks to wait, 0 where it does not: in so many words, or by naming the
    moment at which more are allowed."""
    if answer.status not in _LIMITED:
        return 0
    wait = answer.headers.get("retry-after", "")
    if wait.isdecimal() and len(wait) < 6:
        return int(wait)
    reset, now = answer.headers.get("x-ratelimit-reset", ""), _moment(answer.headers.get("date", ""))
    if answer.headers.get("x-ratelimit-remaining") != "0" or not reset.isdecimal() or len(reset) > 12 or now is None:
        return 0
    # A second more than the difference, because both are whole seconds.
    return max(int(reset) - int(now.timestamp()) + 1, 1)


def _moment(text: str) -> datetime | None:
    """The time of a `Date` header: the server's own, which is the one that counts."""
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None


def _read(answer: Response) -> Document | Refused:
    try:
        content: object = json.loads(answer.body) if answer.body else {}
    except (ValueError, RecursionError):
        content = None
    if 200 <= answer.status < 300 and content is not None:
        following = _NEXT.search(answer.headers.get("link", ""))
        return Document(content=content, following=following[1] if following else "")
    limited = answer.status in _LIMITED and (
        answer.headers.get("x-ratelimit-remaining") == "0" or "retry-after" in answer.headers
    )
    said = Document(content=content).text("message")
    if 200 <= answer.status < 300:
        said = "the answer is no JSON"
    request = answer.headers.get("x-github-request-id", "")
    return Refused(status=answer.status, message=one_line(said), limited=limited, request=one_line(request))
