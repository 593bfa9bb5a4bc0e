"""What GitHub offers to a job, on the loopback interface: REST about one repository, the artifact service with its storage,
the issuer of identity tokens, and the site as it is served. It refuses what GitHub's documentation says is refused."""

import base64
import hashlib
import io
import json
import re
import tarfile
import threading
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

REPOSITORY = "somebody/shop"
TOKEN = "ghs_the-token-of-the-job"
REQUEST_TOKEN = "the-token-that-asks-for-identity"
IDENTITY = "the.identity.token"
RUN, JOB = "run-5", "job-7"
_TWIRP = "/twirp/github.actions.results.api.v1.ArtifactService/"
_API = f"/api/v3/repos/{REPOSITORY}/"

Json = Mapping[str, object]


def runtime_token() -> str:
    """The runner's token: its claims name the run and the job."""
    claims = {"scp": f"Actions.ExampleScope Actions.Results:{RUN}:{JOB} other:a:b"}
    return f"head.{base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip('=')}.signature"


def broken_rules(archive: bytes) -> list[str]:
    """What the README of actions/upload-pages-artifact and the limits of actions/deploy-pages forbid, found in an artifact."""
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        if packed.namelist() != ["artifact.tar"]:
            return [f"not one artifact.tar but {packed.namelist()}"]
        content = packed.read("artifact.tar")
    found = ["larger than 1 GB"] if len(content) > 1 << 30 else []
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        for member in tar.getmembers():
            if not (member.isreg() or member.isdir()):
                found.append(f"{member.name} is neither a file nor a folder")
            if member.mode & (0o555 if member.isdir() else 0o444) != (0o555 if member.isdir() else 0o444):
                found.append(f"{member.name} cannot be read")
            if member.name != "." and not member.name.startswith("./"):
                found.append(f"{member.name} does not start at the top")
            if {".git", ".github", ".."} & set(member.name.split("/")):
                found.append(f"{member.name} has no place there")
        if len(set(tar.getnames())) != len(tar.getnames()):
            found.append("a name is there twice")
    return found


@dataclass(kw_only=True)
class Artifact:
    """An artifact while it is made and after."""

    name: str
    told: Json
    blocks: dict[str, bytes] = field(default_factory=dict)
    content: bytes = b""
    number: int = 0


@dataclass(kw_only=True)
class GitHub:
    """The service's state, set by tests before and looked at afterwards. `denied` maps paths below the repository's,
    or names of the artifact service's methods, to the answers that are given instead, in turn; the last stays, and status 0
    is the usual answer. `files` are served by address; `headers` are sent besides. `statuses` are what a deployment goes
    through. `pulls` are the pull requests, as the API shows them, by number, `comments` those of every pull request, `account`
    is whom the token speaks for, empty where GraphQL does not say."""

    pages: Json | None = None
    statuses: list[str] = field(default_factory=lambda: ["deployment_in_progress", "updating_pages", "succeed"])
    denied: dict[str, list[tuple[int, Json | list[object]]]] = field(default_factory=dict)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    pulls: dict[int, Json] = field(default_factory=dict)
    compared: str = "ahead"
    published: Json | None = None
    token: str = TOKEN
    files: dict[str, bytes] = field(default_factory=dict)
    identity_refused: bool = False
    asks: list[tuple[str, str, str]] = field(default_factory=list)
    artifacts: dict[str, Artifact] = field(default_factory=dict)
    deployments: list[Json] = field(default_factory=list)
    comments: list[dict[str, object]] = field(default_factory=list)
    account: str = "github-actions[bot]"
    cancelled: list[str] = field(default_factory=list)
    address: str = ""

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        if self.pages is None:
            self.pages = {"build_type": "workflow", "html_url": f"{self.address}/site/", "public": True}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def environment(self) -> dict[str, str]:
        """What a job's environment says of it; the event is to be added."""
        return {
            "GITHUB_ACTIONS": "true",
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_API_URL": f"{self.address}/api/v3",
            "ACTIONS_RESULTS_URL": f"{self.address}/some/path",
            "ACTIONS_RUNTIME_TOKEN": runtime_token(),
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"{self.address}/identity?api-version=2.0",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": REQUEST_TOKEN,
            "INPUT_GITHUB-TOKEN": self.token,
        }

    def answer(self, method: str, address: str, authorization: str, body: bytes) -> tuple[int, Json | list[object]]:
        """The answer to a request."""
        parts = urlsplit(address)
        self.asks.append((method, address, authorization))
        if parts.path == "/site/docsfy.json":
            return (200, self.published) if self.published is not None else (404, {})
        if parts.path == "/identity":
            good = authorization == f"Bearer {REQUEST_TOKEN}" and not self.identity_refused
            return (200, {"value": IDENTITY}) if good else (401, {})
        if parts.path.startswith("/blob/"):
            return self._stored(parts.path.removeprefix("/blob/"), parse_qs(parts.query), authorization, body)
        if parts.path.startswith(_TWIRP):
            asked = parts.path.removeprefix(_TWIRP)
            if authorization != f"Bearer {runtime_token()}":
                return 401, {"msg": "unauthenticated"}
            return self._refused(asked) or self._artifact(asked, json.loads(body))
        if parts.path.startswith("/api/") and authorization == f"Bearer {self.token}":
            return self._api(method, address, body)
        return 404, {"message": "Not Found"}

    def _api(self, method: str, address: str, body: bytes) -> tuple[int, Json | list[object]]:
        """GraphQL's one question, and REST about the repository."""
        parts = urlsplit(address)
        if parts.path == "/api/graphql":
            good = bool(self.account) and "viewer { login }" in json.loads(body)["query"]
            return (200, {"data": {"viewer": {"login": self.account}}}) if good else (403, {"message": "Forbidden"})
        if not parts.path.startswith(_API):
            return 404, {"message": "Not Found"}
        asked = parts.path.removeprefix(_API)
        if (number := re.fullmatch(r"issues/(\d+)/comments", asked)) and method == "GET":
            return self._refused(asked) or self._listed(int(number[1]), address, parse_qs(parts.query))
        if asked.startswith("pulls"):
            return self._refused(asked) or self._pulls(asked)
        if asked.startswith("issues/"):
            return self._refused(f"{method} {asked}") or self._request(method, asked, body)
        return self._refused(asked) or self._rest(method, asked, body)

    def _refused(self, asked: str) -> tuple[int, Json | list[object]] | None:
        answers = self.denied.get(asked, [(0, {})])
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return found if found[0] else None

    def _artifact(self, method: str, told: Json) -> tuple[int, Json]:
        name = str(told.get("name"))
        if (told.get("workflow_run_backend_id"), told.get("workflow_job_run_backend_id")) != (RUN, JOB):
            return 400, {"msg": "no such run"}
        if method == "DeleteArtifact":
            self.artifacts.pop(name, None)
            return 200, {"ok": True}
        if method == "CreateArtifact":
            if name in self.artifacts:
                return 409, {"msg": "an artifact with this name already exists on the workflow run"}
            if told.get("version") != 7 or not re.fullmatch(r"[\d-]+T[\d:]+Z", str(told.get("expires_at"))):
                return 400, {"msg": "malformed"}
            self.artifacts[name] = Artifact(name=name, told=told)
            return 200, {"ok": True, "signed_upload_url": f"{self.address}/blob/{name}?sig=a-signature"}
        made = self.artifacts.get(name)
        if method != "FinalizeArtifact" or made is None:
            return 404, {"msg": "not found"}
        digest = f"sha256:{hashlib.sha256(made.content).hexdigest()}"
        if told.get("size") != str(len(made.content)) or told.get("hash") != digest:
            return 200, {"ok": False}
        made.number = 1000 + len(self.artifacts)
        return 200, {"ok": True, "artifact_id": str(made.number)}

    def _stored(self, name: str, query: Mapping[str, list[str]], authorization: str, body: bytes) -> tuple[int, Json]:
        made = self.artifacts[name]
        if query.get("sig") != ["a-signature"] or authorization:
            return 403, {}
        match query.get("comp"):
            case ["block"]:
                made.blocks[query["blockid"][0]] = body
            case ["blocklist"]:
                made.content = b"".join(
                    made.blocks[block] for block in re.findall("<Latest>(.*?)</Latest>", body.decode())
                )
            case _:
                made.content = body
        return 201, {}

    def comment(self, body: str, author: str = "github-actions[bot]", number: int = 7) -> dict[str, object]:
        """Somebody comments on a pull request."""
        identity = 100 + len(self.comments)
        page = f"https://github.com/{REPOSITORY}/pull/{number}#issuecomment-{identity}"
        made: dict[str, object] = {
            "id": identity,
            "body": body,
            "user": {"login": author},
            "html_url": page,
            "on": number,
        }
        self.comments.append(made)
        return made

    def _listed(self, number: int, address: str, query: Mapping[str, list[str]]) -> tuple[int, list[object]]:
        """A page of the comments on a pull request, with the address of the next one in the header."""
        size, page = int(query.get("per_page", ["30"])[0]), int(query.get("page", ["1"])[0])
        found: list[object] = [comment for comment in self.comments if comment["on"] == number]
        if len(found) > page * size:
            following = f"{self.address}{_API}issues/{number}/comments?per_page={size}&page={page + 1}"
            self.headers[address] = {"Link": f'<{following}>; rel="next"'}
        return 200, found[(page - 1) * size : page * size]

    def _request(self, method: str, asked: str, body: bytes) -> tuple[int, Json]:
        parts = asked.split("/")
        if (method, parts[-1]) == ("POST", "comments"):
            said = str(json.loads(body)["body"])
            if len(said) > 65_536:
                return 422, {"message": "Validation Failed: body is too long (maximum is 65536 characters)"}
            return 201, self.comment(said, self.account or "github-actions[bot]", int(parts[1]))
        ours = next(
            (
                comment
                for comment in self.comments
                if parts[:2] == ["issues", "comments"] and comment["id"] == int(parts[2])
            ),
            None,
        )
        if ours is None:
            return 404, {"message": "Not Found"}
        if method == "DELETE":
            self.comments.remove(ours)
            return 204, {}
        ours["body"] = json.loads(body)["body"]
        return 200, ours

    def _rest(self, method: str, asked: str, body: bytes) -> tuple[int, Json]:
        if (method, asked) == ("GET", "pages"):
            return (200, self.pages) if self.pages else (404, {"message": "Not Found"})
        if (method, asked) == ("POST", "pages/deployments"):
            told = json.loads(body)
            numbers = {made.number for made in self.artifacts.values()}
            if told.get("oidc_token") != IDENTITY or told.get("artifact_id") not in numbers:
                return 400, {"message": "Invalid deployment"}
            self.deployments.append(told)
            return 200, {"id": told["pages_build_version"], "page_url": f"{self.address}/site/"}
        if method == "POST" and asked.endswith("/cancel"):
            self.cancelled.append(asked.split("/")[2])
            return 200, {}
        if method == "GET" and asked.startswith("pages/deployments/"):
            if broken_rules(self.artifacts["github-pages"].content):
                return 200, {"status": "deployment_content_failed"}
            return 200, {"status": self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]}
        if method == "GET" and asked.startswith("compare/"):
            return 200, {"status": self.compared}
        return 404, {"message": "Not Found"}

    def _pulls(self, asked: str) -> tuple[int, Json | list[object]]:
        if asked == "pulls":
            return 200, [pull for pull in self.pulls.values() if pull["state"] == "open"]
        number = asked.removeprefix("pulls/")
        pull = self.pulls.get(int(number)) if number.isdecimal() else None
        return (200, pull) if pull is not None else (404, {"message": "Not Found"})

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def __getattr__(self, name: str) -> Callable[[], None]:
                if name in {"do_GET", "do_POST", "do_PUT", "do_PATCH", "do_DELETE"}:
                    return self._serve
                raise AttributeError(name)

            def _serve(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                said = self.headers.get("Authorization", "")
                if self.path in service.files:
                    service.asks.append((self.command, self.path, said))
                    status, data = 200, service.files[self.path]
                else:
                    status, content = service.answer(self.command, self.path, said, body)
                    data = json.dumps(content).encode() if status != 204 else b""
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                for name, value in service.headers.get(self.path, {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the method taken over
                pass

        return Handler
