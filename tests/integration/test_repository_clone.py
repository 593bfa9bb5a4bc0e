"""Cloning by address: what is fetched for which ref, and how failures read."""

import base64
import os
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from docsfy_action.errors import ActionError, InputError, SourceError
from docsfy_action.repository.clone import clone
from docsfy_action.repository.deepen import deepen
from docsfy_action.repository.git import Credentials
from docsfy_action.repository.history import last_change, read_source
from tests.integration.gitbuild import commit, git, make, opened


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    """A repository with a branch, a branch with a slash, a tag, and an annotated tag of the same name as a branch."""
    folder = make(tmp_path / "origin", {"a": "main"})
    git(folder, "tag", "v1")
    git(folder, "checkout", "--quiet", "-b", "feature/x")
    commit(folder, {"a": "feature"})
    git(folder, "checkout", "--quiet", "-b", "both", "main")
    commit(folder, {"a": "both"})
    git(folder, "tag", "-a", "-m", "note", "annotated")
    git(folder, "tag", "both", "main")
    git(folder, "checkout", "--quiet", "main")
    commit(folder, {"a": "newest"})
    return folder


REFS: Mapping[str, tuple[str, str]] = {
    "": ("newest", "main"),
    "main": ("newest", "main"),
    "feature/x": ("feature", "feature/x"),
    "v1": ("main", "v1"),
    "annotated": ("both", "annotated"),
    "both": ("both", "both"),
    "refs/tags/both": ("main", "both"),
    "refs/heads/feature/x": ("feature", "feature/x"),
}


@pytest.mark.parametrize("ref", REFS)
def test_branches_tags_and_full_references_are_cloned(ref: str, origin: Path, tmp_path: Path) -> None:
    """One commit of what `ref` names is fetched; a branch wins over a tag of the same name."""
    content, branch = REFS[ref]
    repository = clone(origin.as_uri(), ref, into=tmp_path / "clone")
    with repository.reader() as reader:
        assert reader.read("a") == content.encode()
    assert repository.branch() == branch
    assert repository.uncommitted() == 0
    assert repository.remote() is None
    assert git(tmp_path / "clone", "rev-list", "--all", "--count") == "1"


@pytest.mark.parametrize("abbreviated", [False, True])
def test_a_commit_id_is_cloned(abbreviated: bool, origin: Path, tmp_path: Path) -> None:
    """A full id may name any commit of the other side, an abbreviated one the tip of a branch or tag."""
    revision = "feature/x" if abbreviated else "feature/x~1"
    sha = git(origin, "rev-parse", revision)
    repository = clone(origin.as_uri(), sha[:9] if abbreviated else sha, into=tmp_path / "clone")
    assert repository.commit == sha
    assert repository.branch() == "detached"


def test_the_runners_words_are_not_those_of_another_repository(
    origin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cloned repository is not taken for the one the workflow runs in."""
    monkeypatch.setenv("GITHUB_REPOSITORY", "octo/tool")
    monkeypatch.setenv("GITHUB_HEAD_REF", "pull")
    repository = clone(origin.as_uri(), "", into=tmp_path / "clone")
    assert (repository.remote(), repository.branch()) == (None, "main")


def test_a_clone_can_be_made_again_in_the_same_place_and_be_completed(origin: Path, tmp_path: Path) -> None:
    """A second clone into the same folder moves on to the newer commit; its history can be completed like any other."""
    first = clone(origin.as_uri(), "", into=tmp_path / "clone")
    commit(origin, {"b": "later"}, number=5)
    second = clone(origin.as_uri(), "", into=tmp_path / "clone")
    assert second.commit == git(origin, "rev-parse", "main") != first.commit
    assert second.is_shallow
    source = read_source(second, None, limit=5, into=tmp_path / "history")
    assert source.history.last_change == last_change(opened(origin))
    assert len(source.history.recent) == 3


BAD: Mapping[str, tuple[str, str, type[ActionError], str, str]] = {
    "misspelt branch": ("{origin}", "feture/x", SourceError, "no branch, tag or commit `feture/x`", "`feature/x`"),
    "nothing like it": ("{origin}", "zzzz", SourceError, "no branch, tag or commit `zzzz`", "`annotated`"),
    "unknown id": ("{origin}", "1" * 40, SourceError, f"commit `{'1' * 40}`", "leave it empty"),
    "short unknown id": ("{origin}", "1234567", SourceError, "too short", "in full"),
    "unknown full ref": ("{origin}", "refs/heads/none", SourceError, "refs/heads/none", ""),
    "option for a ref": ("{origin}", "--upload-pack=x", InputError, "no name of a branch", ""),
    "not a ref": ("{origin}", "a..b", InputError, "no name of a branch", ""),
    "no such folder": ("file:///nowhere/at/all", "", SourceError, "file:///nowhere/at/all", "Check the address"),
    "empty": ("{empty}", "", SourceError, "no default branch", "Commit something"),
    "folder": ("/srv/repo", "", InputError, "may be cloned", "`repository-path`"),
    "option": ("--upload-pack=touch x", "", InputError, "not an address", "https://"),
    "command": ("ext::sh -c touch% x", "", InputError, "not an address", "https://"),
    "password in a bad address": ("ftp://u:hunter2@h/x", "", InputError, r"ftp://\*\*\*@h/x", "https://"),
    "password of nobody": ("http://u:hunter2@127.0.0.1:1/x", "", SourceError, "127.0.0.1:1/x", "network"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_cloned_is_named_without_secrets(case: str, origin: Path, tmp_path: Path) -> None:
    """Each failure is of the right kind, names the address or ref, hints at what to do and shows no password."""
    url, ref, kind, text, hint = BAD[case]
    empty = make(tmp_path / "empty")
    with pytest.raises(kind, match=text) as failure:
        clone(url.format(origin=origin.as_uri(), empty=empty.as_uri()), ref, into=tmp_path / "clone")
    assert hint in failure.value.hint
    assert "hunter2" not in f"{failure.value.message} {failure.value.hint} {failure.value.__cause__}"


Requests = list[tuple[str, str]]


@pytest.fixture
def requests() -> Requests:
    """Path and Authorization header of every request that the server below has seen."""
    return []


@pytest.fixture
def server(requests: Requests) -> Iterator[str]:
    """A server that knows no repository and asks for a password."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append((self.path, self.headers.get("Authorization", "")))
            self.send_response(401)
            self.send_header("WWW-Authenticate", "Basic realm=x")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
            """Be quiet."""

    with HTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}"
        http.shutdown()
        thread.join()


def _basic(text: str) -> str:
    return "basic " + base64.b64encode(text.encode()).decode()


def test_a_token_is_sent_to_its_server_and_to_no_other(server: str, requests: Requests, tmp_path: Path) -> None:
    """The token goes with requests to the server it is for; another host gets none, and no message shows it."""
    token = "ghs_" + "s3cret" * 4
    for credentials in (Credentials(server=server, token=token), Credentials(server="http://example.org", token=token)):
        with pytest.raises(SourceError) as failure:
            clone(f"{server}/octo/tool", "", into=tmp_path / "clone", credentials=credentials)
        assert "private or the token" in failure.value.hint
        assert token not in str(failure.value)
        assert token not in repr(credentials)
    assert {header for _, header in requests[:1]} == {_basic(f"x-access-token:{token}")}
    assert requests[-1][1] == ""


def test_a_password_in_the_address_is_sent_but_stored_nowhere(server: str, requests: Requests, tmp_path: Path) -> None:
    """User and password of the address reach the server as a header; no file and no message holds them."""
    address = server.replace("://", "://bob:p%40ss@")
    with pytest.raises(SourceError) as failure:
        clone(f"{address}/octo/tool", "", into=tmp_path / "clone")
    assert requests[0] == ("/octo/tool/info/refs?service=git-upload-pack", _basic("bob:p@ss"))
    assert "p@ss" not in str(failure.value)
    assert "p%40ss" not in str(failure.value)
    assert not any(b"p%40ss" in path.read_bytes() for path in (tmp_path / "clone").rglob("*") if path.is_file())


def test_a_users_own_header_for_the_server_is_replaced(
    server: str, requests: Requests, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A header that a checkout left in the user's configuration is not sent beside ours: servers refuse two."""
    config = tmp_path / "gitconfig"
    config.write_text(f'[http "{server}/"]\n\textraHeader = AUTHORIZATION: basic b2xkOm9sZA==\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.fspath(config))
    with pytest.raises(SourceError):
        clone(f"{server}/octo/tool", "", into=tmp_path / "clone", credentials=Credentials(server=server, token="new"))
    assert requests[0][1] == _basic("x-access-token:new")


def test_the_history_of_a_checkout_over_ssh_is_fetched_over_https_when_there_is_a_token(
    server: str, requests: Requests, tmp_path: Path
) -> None:
    """With a token for the remote's server its web address is asked, because keys for ssh are not at hand."""
    origin = make(tmp_path / "origin", {"a": "1"})
    commit(origin, {"a": "2"})
    git(tmp_path, "clone", "--quiet", "--depth=1", origin.as_uri(), "clone")
    host = server.removeprefix("http://").replace("127.0.0.1", "localhost")
    git(tmp_path / "clone", "config", "remote.origin.url", f"http://{host}/octo/tool.git")
    repository = opened(tmp_path / "clone")
    credentials = Credentials(server=f"http://{host}", token="abc")
    assert "could not fetch the history" in deepen(repository, into=tmp_path / "h", credentials=credentials).reason
    assert requests[0] == ("/octo/tool.git/info/refs?service=git-upload-pack", _basic("x-access-token:abc"))
