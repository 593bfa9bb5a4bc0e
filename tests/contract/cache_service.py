"""A cache service (v2) of GitHub Actions on loopback: entries that never change, scopes by token, signed addresses for the
bytes, and every fault that the real one is known for."""

import base64
import json
import re
import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

MAIN = "refs/heads/main"
TOKEN = "token-of-the-job-00000000"
_TWIRP = "/twirp/github.actions.results.api.v1.CacheService/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What a token may do: read from these scopes, in this order, and write to one, or to none."""

    reads: tuple[str, ...] = (MAIN,)
    writes: str = MAIN


@dataclass(slots=True, kw_only=True)
class Entry:
    """An entry; it counts once it is `final`."""

    scope: str
    key: str
    version: str
    data: bytes = b""
    blocks: dict[str, bytes] = field(default_factory=dict)
    final: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """An answer in the place of the right one."""

    status: int = 500
    body: bytes = b'{"code":"internal","msg":"out of order"}'
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cut:
    """The right answer, but the connection breaks in the middle of its body."""


class CacheService:
    """The service; use it with `with`. `faults` are taken one by one, by the twirp method or `PUT`, `GET` for bytes.
    `asked` are the methods in their order; `expired` makes the next signed download address useless; blocks are taken when as
    many have come as `together` asks for."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.tokens: dict[str, Access] = {TOKEN: Access()}
        self.faults: dict[str, list[Wrong | Cut]] = defaultdict(list)
        self.asked: list[str] = []
        self.expired = 0
        self.complaints: list[str] = []
        self.camel_case = False
        self.together: threading.Barrier | None = None
        self.lock = threading.RLock()
        owner = self

        class Handler(_Handler):
            service = owner

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def url(self) -> str:
        """`ACTIONS_RESULTS_URL`: it has a path, which clients leave out."""
        return f"http://127.0.0.1:{self._http.server_address[1]}/"

    @property
    def final(self) -> list[Entry]:
        """The entries that can be restored."""
        return [entry for entry in self.entries if entry.final]

    def environment(self, token: str = TOKEN) -> dict[str, str]:
        """What the runner tells a step."""
        return {
            "ACTIONS_RESULTS_URL": self.url,
            "ACTIONS_RUNTIME_TOKEN": token,
            "GITHUB_SERVER_URL": "https://github.com",
        }

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()
        if kind is None:
            assert self.complaints == []

    def find(self, access: Access, keys: list[str], version: str) -> Entry | None:
        """As documented: the first key as a whole, then each key as a beginning, newest first; scope by scope."""
        for scope in access.reads:
            here = [entry for entry in self.final if entry.scope == scope and entry.version == version]
            for entry in here:
                if entry.key == keys[0]:
                    return entry
            for key in keys:
                for entry in reversed(here):
                    if entry.key.startswith(key):
                        return entry
        return None


class _Handler(BaseHTTPRequestHandler):
    service: CacheService
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name is the base class's
        """Nothing is said."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self.path.startswith(_TWIRP):
            self.service.complaints.append(f"POST {self.path}")
            return self._answer(404, b"{}")
        method = self.path.removeprefix(_TWIRP)
        with self.service.lock:
            self.service.asked.append(method)
            access = self.service.tokens.get(self.headers.get("Authorization", "").removeprefix("Bearer "))
            if self._failed(method):
                return None
            if access is None:
                return self._answer(401, b'{"code":"unauthenticated","msg":"bad token"}')
            status, said = getattr(self, f"_{method}")(access, json.loads(body))
        return self._answer(status, json.dumps(self._cased(said)).encode())

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.service.together is not None and "comp=block&" in self.path:
            self.service.together.wait(20)
        with self.service.lock:
            self.service.asked.append("PUT")
            if self._failed("PUT"):
                return None
            entry, query = self._entry(), parse_qs(urlsplit(self.path).query)
            if entry is None or "Authorization" in self.headers:
                return self._answer(403, b"<Error/>")
            if query.get("comp") == ["block"]:
                entry.blocks[query["blockid"][0]] = body
            elif query.get("comp") == ["blocklist"]:
                names = re.findall(rb"<(?:Latest|Uncommitted)>([^<]+)</", body)
                assert all(base64.b64decode(name) for name in names)
                entry.data = b"".join(entry.blocks[name.decode()] for name in names)
            elif self.headers.get("x-ms-blob-type") == "BlockBlob":
                entry.data = body
            else:
                return self._answer(400, b"<Error>x-ms-blob-type</Error>")
        return self._answer(201, b"", {"ETag": '"1"', "Last-Modified": "Mon, 23 Nov 2026 00:00:00 GMT"})

    def do_GET(self) -> None:
        with self.service.lock:
            self.service.asked.append("GET")
            entry = self._entry()
            if entry is None or "Authorization" in self.headers or "sig=expired" in self.path:
                return self._answer(403, b"<Error>AuthenticationFailed</Error>")
            data = entry.data
            if self.service.faults["GET"] and isinstance(self.service.faults["GET"][0], Cut):
                self.service.faults["GET"].pop(0)
                return self._answer(200, data, cut=True)
            if self._failed("GET"):
                return None
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if asked:
            first, last = int(asked[1]), min(int(asked[2]), len(data) - 1)
            return self._answer(206, data[first : last + 1], {"Content-Range": f"bytes {first}-{last}/{len(data)}"})
        return self._answer(200, data)

    def do_HEAD(self) -> None:
        entry = self._entry()
        self._answer(403 if entry is None else 200, entry.data if entry else b"", head=True)

    def _GetCacheEntryDownloadURL(  # noqa: N802 - the service's name
        self, access: Access, told: dict[str, object]
    ) -> tuple[int, dict[str, object]]:
        keys = [str(told["key"]), *(str(key) for key in _list(told.get("restore_keys") or told.get("restoreKeys")))]
        if len(keys) > 10 or any("," in key or len(key) > 512 for key in keys):
            return 400, {"code": "invalid_argument", "msg": "keys"}
        entry = self.service.find(access, keys, str(told["version"]))
        if entry is None:
            return 200, {"ok": False, "signed_download_url": "", "matched_key": ""}
        return 200, {"ok": True, "signed_download_url": self._signed(entry, True), "matched_key": entry.key}

    def _CreateCacheEntry(  # noqa: N802 - the service's name
        self, access: Access, told: dict[str, object]
    ) -> tuple[int, dict[str, object]]:
        if not access.writes:
            return 200, {"ok": False, "message": "cache write denied: the token may only read"}
        entry = Entry(scope=access.writes, key=str(told["key"]), version=str(told["version"]))
        same = (entry.scope, entry.key, entry.version)
        if any((other.scope, other.key, other.version) == same for other in self.service.entries):
            return 409, {"code": "already_exists", "msg": "cache entry with the same key, version, and scope exists"}
        self.service.entries.append(entry)
        return 200, {"ok": True, "signed_upload_url": self._signed(entry, False)}

    def _FinalizeCacheEntryUpload(  # noqa: N802 - the service's name
        self, access: Access, told: dict[str, object]
    ) -> tuple[int, dict[str, object]]:
        size = told.get("size_bytes") or told.get("sizeBytes")
        for number, entry in enumerate(self.service.entries):
            if (entry.scope, entry.key, entry.version) == (access.writes, told["key"], told["version"]):
                if str(size) != str(len(entry.data)):
                    self.service.complaints.append(f"{size} bytes announced, {len(entry.data)} sent")
                entry.final = True
                return 200, {"ok": True, "entry_id": str(number)}
        return 404, {"code": "not_found", "msg": "no such entry"}

    def _signed(self, entry: Entry, download: bool) -> str:
        signature = "sig=good-signature"
        if download and self.service.expired:
            self.service.expired -= 1
            signature = "sig=expired"
        return f"{self.service.url}blob/{self.service.entries.index(entry)}?se=2026&{signature}"

    def _entry(self) -> Entry | None:
        found = re.fullmatch(r"/blob/(\d+)", urlsplit(self.path).path)
        signed = "sig=" in self.path
        return self.service.entries[int(found[1])] if found and signed else None

    def _failed(self, what: str) -> bool:
        if not self.service.faults[what]:
            return False
        wrong = self.service.faults[what].pop(0)
        assert isinstance(wrong, Wrong)
        self._answer(wrong.status, wrong.body, wrong.headers)
        return True

    def _cased(self, said: dict[str, object]) -> dict[str, object]:
        if not self.service.camel_case:
            return said
        return {re.sub(r"_(\w)", lambda found: found[1].upper(), name): value for name, value in said.items()}

    def _answer(
        self,
        status: int,
        body: bytes,
        headers: Mapping[str, str] = {},
        *,
        cut: bool = False,
        head: bool = False,
    ) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if cut:
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
        elif not head:
            self.wfile.write(body)


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
