"""Whole runs for pull requests: a preview on the branch with real git over http, as an artifact, and its end."""

import io
import json
import re
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.contract.github_service import GitHub
from tests.integration.git_http import TOKEN, served
from tests.integration.program import LIBRARY, Outcome, Program, commit, git, library

PAYLOADS = Path(__file__).parents[1] / "unit" / "github" / "payloads"
HEAD = "6dcb09b5b57875f334f61aebed695e2e4193db5e"
FOLDER = "pr-preview/pr-7/"
BRANCH = {
    "build_type": "legacy",
    "html_url": "https://docs.example.org/",
    "source": {"branch": "gh-pages", "path": "/"},
}
BUILD_EVENTS = ("push", "push_default_branch")


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """The server side of the repository, with a branch that others have filled."""
    folder = tmp_path / "remote" / "somebody" / "shop.git"
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet", "--bare")
    for name in ("uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant", "http.receivepack"):
        git(folder, "config", name, "true")
    work = library(tmp_path / "others")
    git(work, "checkout", "--quiet", "--orphan", "gh-pages")
    git(work, "rm", "-r", "--quiet", "--force", ".")
    commit(work, {"CNAME": "docs.example.org", "pr-preview/pr-3/index.html": "of another program"}, "By hand")
    git(work, "push", "--quiet", str(folder), "gh-pages")
    return folder


class Repository:
    """The program as jobs of one repository run it."""

    def __init__(self, program: Program, github: GitHub, remote: Path, server: str) -> None:
        self.program = program
        self.github = github
        self.remote = remote
        # The name makes it one of GitHub's own servers, which have artifacts.
        self.server = server.replace("127.0.0.1", "github.localhost")

    def __call__(
        self, *options: str, event: tuple[str, str] = ("pull_request", "pull_request_opened"), **more: str
    ) -> Outcome:
        name, payload = event
        environment = {
            **self.github.environment(),
            "GITHUB_SERVER_URL": self.server,
            "GITHUB_RUN_ID": "55",
            "GITHUB_EVENT_NAME": name,
            "GITHUB_EVENT_PATH": str(PAYLOADS / f"{payload}.json"),
            "GITHUB_REF": "refs/pull/7/merge" if name == "pull_request" else "refs/heads/main",
            "GITHUB_REF_NAME": "7/merge" if name == "pull_request" else "main",
            "GITHUB_SHA": git(self.program.folder, "rev-parse", "HEAD"),
            "INPUT_GITHUB-TOKEN": TOKEN,
        }
        return self.program(*options, **{**environment, **more})

    def files(self) -> frozenset[str]:
        """The files of the branch."""
        return frozenset(git(self.remote, "ls-tree", "-r", "--name-only", "gh-pages").splitlines())

    def read(self, name: str) -> str:
        """A file of the branch."""
        return git(self.remote, "show", f"gh-pages:{name}")

    def commits(self) -> list[str]:
        """The subjects of the branch's commits, the newest first."""
        return git(self.remote, "log", "--format=%s", "gh-pages").splitlines()

    def preview(self, number: int) -> None:
        """A preview that is there already."""
        work = self.program.folder.parent / f"earlier-{number}"
        git(self.remote.parent, "clone", "--quiet", "--branch", "gh-pages", str(self.remote), str(work))
        texts = {f"pr-preview/pr-{number}/{name}": "x" for name in (".docsfy-files", "index.html")}
        commit(work, texts, f"Preview {number}")
        git(work, "push", "--quiet", "origin", "gh-pages")


@pytest.fixture
def github() -> Iterator[GitHub]:
    """GitHub's services, with pull request 7 open; Pages serves the branch."""
    with GitHub(token=TOKEN) as service:
        service.pages = BRANCH
        service.pulls[7] = {"number": 7, "state": "open", "head": {"sha": HEAD}}
        yield service


@pytest.fixture
def repository(
    github: GitHub,
    remote: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Repository]:
    """The repository, whose jobs may push."""
    monkeypatch.setattr(time, "sleep", lambda _: None)
    program = Program(library(tmp_path / "shop"), tmp_path / "state", monkeypatch, capsys)
    with served(remote.parents[1]) as server:
        yield Repository(program, github, remote, server)


def good(outcome: Outcome) -> Outcome:
    """The outcome, once it is certain that the run went well."""
    assert outcome.status == 0, outcome.printed
    return outcome


def warnings(outcome: Outcome) -> str:
    """The report's warnings."""
    said = outcome.report["warnings"]
    assert isinstance(said, list)
    return "\n".join(said)


def shown_as_artifact(github: GitHub, outcome: Outcome) -> list[str]:
    """The files of the artifact that the preview is; its address is that of the artifact on the run's page."""
    made = github.artifacts["docs-preview-pr-7"]
    assert str(outcome.report["preview_url"]).endswith(f"/somebody/shop/actions/runs/55/artifacts/{made.number}")
    with zipfile.ZipFile(io.BytesIO(made.content)) as packed:
        assert packed.testzip() is None
        assert b'name="robots" content="noindex"' in packed.read("index.html")
        assert b"https://somebody.github.io" not in packed.read("index.html") + packed.read("llms.txt")
        return packed.namelist()


def test_a_preview_comes_changes_and_goes(repository: Repository) -> None:
    """One commit for each change and none where there is none; all else on the branch stays, also when the site itself is
    published, and when the pull request is closed only the preview goes."""
    before = repository.files()
    first = good(repository("--preview", "branch"))
    assert first.report["preview_url"] == f"https://docs.example.org/{FOLDER}"
    assert first.report["stage"] == "publishing"
    assert repository.files() == before | {f"{FOLDER}{name}" for name in (*repository.program.site(), ".docsfy-files")}
    assert len(repository.commits()) == 2
    assert "#" not in repository.commits()[0]
    good(repository("--preview", "branch"))
    assert len(repository.commits()) == 2
    commit(repository.program.folder, {"src/shop/cli.py": LIBRARY["src/shop/cli.py"].replace("=1", "=2")}, "Dearer")
    good(repository())
    assert len(repository.commits()) == 3
    good(repository("--publish", "branch", event=BUILD_EVENTS))
    assert f"{FOLDER}index.html" in repository.files()
    assert "index.html" in repository.files()
    closed = good(repository(event=("pull_request", "pull_request_merged")))
    assert repository.commits()[0] == "Remove the preview of pull request 7"
    assert not [name for name in repository.files() if name.startswith(FOLDER)]
    assert before <= repository.files()
    assert closed.report["preview_url"] == ""


def test_the_pages_of_a_preview_know_where_they_are(repository: Repository) -> None:
    """Canonical links, the page for what does not exist and the table for language models carry the preview's address, and
    search engines are kept out."""
    good(repository("--site-url", "https://elsewhere.example.org/"))
    address = f"https://docs.example.org/{FOLDER}"
    page = repository.read(f"{FOLDER}architecture.html")
    assert f'<link rel="canonical" href="{address}architecture.html">' in page
    assert '<meta name="robots" content="noindex">' in page
    assert f"/{FOLDER}assets/docsfy/site.css" in repository.read(f"{FOLDER}404.html")
    assert f"]({address}index.md)" in repository.read(f"{FOLDER}llms.txt")
    assert "<loc>" not in repository.read(f"{FOLDER}sitemap.xml")
    assert "elsewhere" not in page


def test_an_older_commit_of_the_pull_request_does_not_replace_a_newer_preview(repository: Repository) -> None:
    """Where the pull request stands decides, also after its head was moved back; where that is not known, dates do."""
    folder = repository.program.folder
    old = git(folder, "rev-parse", "HEAD")
    new = commit(folder, {"README.md": "# New\n"}, "New", date="2026-02-01T00:00:00Z")
    good(repository())
    git(folder, "checkout", "--quiet", old)
    repository.github.pulls[7] = {"number": 7, "state": "open", "head": {"sha": "f" * 40}}
    late = good(repository())
    assert "newer commit" in warnings(late)
    assert late.report["preview_url"]
    assert json.loads(repository.read(f"{FOLDER}docsfy.json"))["commit"] == new
    repository.github.denied["pulls/7"] = [(403, {"message": "Resource not accessible by integration"})]
    assert "newer commit" in warnings(good(repository()))
    del repository.github.denied["pulls/7"]
    repository.github.pulls[7] = {"number": 7, "state": "open", "head": {"sha": HEAD}}
    good(repository())
    assert json.loads(repository.read(f"{FOLDER}docsfy.json"))["commit"] == old
    repository.github.pulls[7] = {"number": 7, "state": "closed", "head": {"sha": HEAD}}
    commit(folder, {"README.md": "# Newest\n"}, "Newest")
    assert "closed meanwhile" in good(repository()).printed
    assert json.loads(repository.read(f"{FOLDER}docsfy.json"))["commit"] == old


@pytest.mark.parametrize(
    ("event", "options"),
    [(("pull_request", "pull_request_opened"), ()), (BUILD_EVENTS, ("--publish", "branch"))],
)
def test_previews_of_closed_pull_requests_are_removed(
    repository: Repository, event: tuple[str, str], options: tuple[str, ...]
) -> None:
    """In the same commit, by one request; those of open ones and of other programs stay. The history stays bounded."""
    for number in (5, 6):
        repository.preview(number)
    repository.github.pulls[6] = {"number": 6, "state": "open"}
    good(repository(*options, "--pages-history", "1", event=event))
    assert "pr-preview/pr-5/index.html" not in repository.files()
    assert {"pr-preview/pr-6/index.html", "pr-preview/pr-3/index.html", "CNAME"} <= repository.files()
    assert len(repository.commits()) == 1
    assert sum("/pulls?" in path for _, path, _ in repository.github.asks) == 1


def test_a_closed_pull_request_where_nobody_says_which_are_open(repository: Repository) -> None:
    """Its own preview goes; the others may be of open ones, and stay."""
    for number in (5, 7):
        repository.preview(number)
    repository.github.denied["pulls"] = [(403, {"message": "Resource not accessible by integration"})]
    good(repository(event=("pull_request", "pull_request_merged")))
    assert "pr-preview/pr-7/index.html" not in repository.files()
    assert "pr-preview/pr-5/index.html" in repository.files()


@pytest.mark.parametrize(("payload", "preview"), [("pull_request_fork", "branch"), ("pull_request_dependabot", "auto")])
def test_a_pull_request_without_secrets_gets_an_artifact(
    repository: Repository, github: GitHub, preview: str, payload: str
) -> None:
    """Whatever was asked for: nothing is tried that its token may not do, and the run is as good as any other."""
    words = ("--preview", preview, "--comment", "off")
    outcome = good(repository(*words, event=("pull_request", payload), GITHUB_ACTOR="dependabot[bot]"))
    assert "index.html" in shown_as_artifact(github, outcome)
    assert len(repository.commits()) == 1
    assert not [path for _, path, _ in github.asks if "/api/" in path]


def test_a_branch_that_pages_does_not_serve(repository: Repository, github: GitHub) -> None:
    """Asked for by name it is an error before anything is written, which says what to set; else there is an artifact."""
    github.pages = {"build_type": "workflow", "source": {"branch": "gh-pages", "path": "/"}}
    outcome = repository("--preview", "branch")
    assert outcome.status == 1
    assert "what workflows deploy" in str(outcome.report["error"])
    assert "/somebody/shop/settings/pages" in str(outcome.report["hint"])
    assert not (repository.program.folder / "_docsfy" / "site").exists()
    auto = good(repository())
    assert "what workflows deploy" in auto.printed
    shown_as_artifact(github, auto)
    assert len(repository.commits()) == 1


def test_pages_that_are_off(repository: Repository, github: GitHub) -> None:
    """The branch is taken all the same where it was asked for; there is an address only where one was given."""
    github.pages = {}
    insisted = good(repository("--preview", "branch"))
    assert "nobody serves the preview" in warnings(insisted)
    assert insisted.report["preview_url"] == ""
    given = good(repository("--preview", "branch", "--site-url", "https://mirror.example.org/docs"))
    assert given.report["preview_url"] == f"https://mirror.example.org/docs/{FOLDER}"


def test_a_token_that_may_not_push(repository: Repository, github: GitHub, remote: Path) -> None:
    """The server is asked without anything being pushed: an error that names the permission, or an artifact. What cannot be
    removed when the pull request is closed is a warning."""
    repository.preview(7)
    with served(remote.parents[1], may_push=False) as server:
        other = Repository(repository.program, github, remote, server)
        outcome = other("--preview", "branch")
        assert outcome.status == 1
        assert "contents: write" in str(outcome.report["hint"])
        assert not (repository.program.folder / "_docsfy" / "site").exists()
        auto = good(other())
        assert "contents: write" in auto.printed
        shown_as_artifact(github, auto)
        closed = good(other(event=("pull_request", "pull_request_merged")))
        assert "could not be removed" in warnings(closed)
    assert len(repository.commits()) == 2


def test_a_branch_that_is_protected(repository: Repository, github: GitHub, remote: Path) -> None:
    """That shows only when it is pushed to; then there is an artifact after all, or an error where the branch was asked for."""
    hook = remote / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'GH006: Protected branch update failed.' >&2\nexit 1\n")
    hook.chmod(0o755)
    auto = good(repository())
    assert "protected" in warnings(auto)
    assert github.artifacts["docs-preview-pr-7"].number
    assert "/artifacts/" in str(auto.report["preview_url"])
    insisted = repository("--preview", "branch")
    assert insisted.status == 1
    assert "protected" in str(insisted.report["hint"])
    assert insisted.report["site_dir"] == "_docsfy/site"


def test_where_nothing_is_offered_there_is_no_preview(repository: Repository, github: GitHub) -> None:
    """GitHub Enterprise Server has no artifact service: the log and the summary say in one sentence why there is none."""
    enterprise = repository.server.replace("github.localhost", "127.0.0.1")
    github.pages = {"build_type": "workflow"}
    auto = good(repository(GITHUB_SERVER_URL=enterprise))
    assert len(re.findall("There is no preview", auto.printed)) == 2
    assert auto.report["preview_url"] == ""
    named = repository("--preview", "artifact", GITHUB_SERVER_URL=enterprise)
    assert named.status == 2
    assert "preview: branch" in named.printed


@pytest.mark.parametrize("options", [("--preview", "off"), ("--dry-run",)])
def test_no_preview_is_wanted(repository: Repository, github: GitHub, options: tuple[str, ...]) -> None:
    """Nobody is asked for anything."""
    outcome = good(repository("--comment", "off", *options))
    assert outcome.report["preview_url"] == ""
    assert [path for _, path, _ in github.asks if "CacheService" not in path] == []
    assert len(repository.commits()) == 1


def test_an_artifact_that_cannot_be_uploaded(repository: Repository, github: GitHub) -> None:
    """The site is ready all the same, unless the artifact was asked for by name. It is kept no longer than is allowed."""
    github.pages = {}
    github.denied["CreateArtifact"] = [(403, {"msg": "quota exceeded"})]
    assert "quota exceeded" in warnings(good(repository()))
    assert repository("--preview", "artifact").status == 1
    github.denied.clear()
    good(repository("--preview", "artifact", GITHUB_RETENTION_DAYS="2"))
    expires = datetime.fromisoformat(str(github.artifacts["docs-preview-pr-7"].told["expires_at"]))
    assert expires < datetime.now(UTC) + timedelta(days=2, hours=1)
