"""Whole runs that publish: to a branch with real git, as an artifact, as a deployment of GitHub Pages."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.github_service import TOKEN as JOB_TOKEN
from tests.contract.github_service import GitHub, broken_rules
from tests.integration.git_http import TOKEN, served
from tests.integration.program import LIBRARY, Outcome, Program, commit, git, library

PAYLOADS = Path(__file__).parents[1] / "unit" / "github" / "payloads"


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Program:
    """The program on the sample library."""
    monkeypatch.setattr(time, "sleep", lambda _: None)
    return Program(library(tmp_path / "shop"), tmp_path / "state", monkeypatch, capsys)


@pytest.fixture
def github() -> Iterator[GitHub]:
    """GitHub's services."""
    with GitHub() as service:
        yield service


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """The repository's own server side: a bare one where it is expected, `somebody/shop.git`."""
    folder = tmp_path / "remote" / "somebody" / "shop.git"
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet", "--bare")
    for name in ("uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant", "http.receivepack"):
        git(folder, "config", name, "true")
    return folder


def job(program: Program, github: GitHub, event: str = "push", payload: str = "push_default_branch") -> dict[str, str]:
    """The environment of a job that this event started."""
    return {
        **github.environment(),
        "GITHUB_EVENT_NAME": event,
        "GITHUB_EVENT_PATH": str(PAYLOADS / f"{payload}.json"),
        "GITHUB_REF": "refs/pull/7/merge" if event.startswith("pull_request") else "refs/heads/main",
        "GITHUB_REF_NAME": "main",
        "GITHUB_SHA": git(program.folder, "rev-parse", "HEAD"),
    }


def warnings(outcome: Outcome) -> str:
    """The report's warnings."""
    said = outcome.report["warnings"]
    assert isinstance(said, list)
    return "\n".join(said)


def artifact_marker(github: GitHub) -> str:
    """What the deployed site says about its commit."""
    assert not broken_rules(github.artifacts["github-pages"].content)
    return str(github.deployments[-1]["pages_build_version"])


def test_a_deployment_from_a_push(program: Program, github: GitHub) -> None:
    """The site is built, uploaded and deployed; the report names its address, and no secret is printed but to be masked."""
    environment = job(program, github)
    outcome = program("--publish", "pages", **environment)
    assert outcome.status == 0, outcome.printed
    assert outcome.report["stage"] == "publishing"
    assert outcome.report["page_url"] == f"{github.address}/site/"
    assert artifact_marker(github) == environment["GITHUB_SHA"]
    shown = "\n".join(line for line in outcome.printed.splitlines() if not line.startswith("::add-mask::"))
    assert JOB_TOKEN not in shown
    assert "a-signature" not in shown


def test_a_run_with_nothing_to_do_deploys_what_is_there(program: Program, github: GitHub) -> None:
    """Whether the last deployment went well is not known, so the site is deployed again; nothing is written."""
    program("--publish", "none", **job(program, github))
    outcome = program("--publish", "pages", **job(program, github))
    assert outcome.report["stage"] == "up_to_date"
    assert outcome.report["page_url"]
    assert len(github.deployments) == 1


def test_the_artifact_alone(program: Program, github: GitHub) -> None:
    """It is there for `actions/deploy-pages`; nothing is deployed."""
    outcome = program("--publish", "artifact", **job(program, github))
    assert outcome.status == 0, outcome.printed
    assert not broken_rules(github.artifacts["github-pages"].content)
    assert github.deployments == []


def test_a_failed_deployment_keeps_the_site_and_the_state(program: Program, github: GitHub) -> None:
    """The run is an error that says what to set; the next one has nothing to write and deploys."""
    github.denied["pages/deployments"] = [(403, {"message": "Resource not accessible by integration"}), (0, {})]
    outcome = program("--publish", "pages", **job(program, github))
    assert outcome.status == 1
    assert outcome.report["status"] == "error"
    assert outcome.report["stage"] == "publishing"
    assert outcome.report["site_dir"] == "_docsfy/site"
    assert "pages: write" in str(outcome.report["hint"])
    assert "index.html" in program.site()
    again = program("--publish", "pages", **job(program, github))
    assert again.status == 0, again.printed
    assert again.pages("write") == {}
    assert len(github.deployments) == 1


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"ACTIONS_RUNTIME_TOKEN": ""}, 2, "artifact service"),
        ({"ACTIONS_ID_TOKEN_REQUEST_URL": ""}, 2, "id-token: write"),
        ({"GITHUB_SERVER_URL": "https://github.example.org"}, 2, "publish: branch"),
        ({"INPUT_GITHUB-TOKEN": ""}, 2, "github-token"),
    ],
)
def test_a_job_that_lacks_something_stops_at_once(
    program: Program, github: GitHub, change: dict[str, str], status: int, said: str
) -> None:
    """Before anything is written, and with what to do."""
    outcome = program("--publish", "pages", **{**job(program, github), **change})
    assert outcome.status == status
    assert said in outcome.printed
    assert not (program.folder / "_docsfy" / "site").exists()


@pytest.mark.parametrize(
    ("pages", "said"),
    [
        ({}, "not turned on"),
        ({"build_type": "legacy", "source": {"branch": "gh-pages"}}, "serves the branch `gh-pages`"),
    ],
)
def test_pages_that_could_not_take_a_deployment(
    program: Program, github: GitHub, pages: dict[str, object], said: str
) -> None:
    """The error says what to choose where."""
    github.pages = pages
    outcome = program("--publish", "pages", **job(program, github))
    assert outcome.status == 1
    assert said in str(outcome.report["error"])
    assert "https://github.com/somebody/shop/settings/pages" in str(outcome.report["hint"])


def test_a_private_repository_is_warned(program: Program, github: GitHub) -> None:
    """Unless Pages says that the site is not public."""
    environment = job(program, github, payload="push_private")
    assert "published site may be" in warnings(program("--publish", "pages", **environment))
    assert github.pages is not None
    github.pages = {**github.pages, "public": False}
    assert "published site may be" not in warnings(program("--publish", "pages", **environment))


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        ("pull_request", "pull_request_opened"),
        ("pull_request_target", "pull_request_fork"),
        ("merge_group", "merge_group"),
    ],
)
def test_events_that_publish_nothing(program: Program, github: GitHub, event: str, payload: str) -> None:
    """The site is built; nothing is sent anywhere."""
    outcome = program(
        "--publish", "pages", "--preview", "off", "--comment", "off", **job(program, github, event, payload)
    )
    assert outcome.status == 0, outcome.printed
    assert "is not published" in outcome.printed
    assert "index.html" in program.site()
    assert [path for _, path, _ in github.asks if "CacheService" not in path] == []


def test_proposed_code_is_not_built_with_secrets(program: Program, github: GitHub) -> None:
    """`pull_request_target` with the pull request's commit checked out is refused with the way out."""
    environment = job(program, github, "pull_request_target", "pull_request_fork")
    commit(program.folder, {"README.md": "# Evil\n"}, "Proposed")
    outcome = program(**environment)
    assert outcome.status == 2
    assert "pull_request" in str(outcome.report["hint"])
    assert not (program.folder / "_docsfy" / "site").exists()


@pytest.mark.parametrize("known", [True, False])
def test_an_older_commit_does_not_replace_a_newer_site(program: Program, github: GitHub, *, known: bool) -> None:
    """What is deployed is asked which commit it was made from; history tells, here or on the server."""
    old = git(program.folder, "rev-parse", "HEAD")
    new = commit(program.folder, {"README.md": "# New\n"}, "New")
    git(program.folder, "checkout", "--quiet", old)
    github.published = {"commit": new if known else "f" * 40}
    github.compared = "behind"
    outcome = program("--publish", "pages", **job(program, github))
    assert outcome.status == 0, outcome.printed
    assert "newer commit" in warnings(outcome)
    assert github.deployments == []
    git(program.folder, "checkout", "--quiet", new)
    github.published, github.compared = {"commit": old}, "ahead"
    assert "newer commit" not in warnings(program("--publish", "pages", **job(program, github)))
    assert len(github.deployments) == 1


def test_the_branch_over_http(program: Program, github: GitHub, remote: Path) -> None:
    """A job pushes with its token; the second run changes nothing, a change is a second commit, an old commit none."""
    old = git(program.folder, "rev-parse", "HEAD")
    with served(remote.parents[1]) as server:

        def run() -> Outcome:
            environment = {**job(program, github), "GITHUB_SERVER_URL": server, "INPUT_GITHUB-TOKEN": TOKEN}
            outcome = program("--publish", "branch", **environment)
            assert outcome.status == 0, outcome.printed
            return outcome

        run()
        first = git(remote, "rev-parse", "gh-pages")
        run()
        assert git(remote, "rev-parse", "gh-pages") == first
        commit(program.folder, {"src/shop/cli.py": LIBRARY["src/shop/cli.py"].replace("=1", "=2")}, "Dearer")
        run()
        assert git(remote, "rev-parse", "gh-pages~") == first
        git(program.folder, "checkout", "--quiet", old)
        assert "newer commit" in warnings(run())
        assert git(remote, "rev-parse", "gh-pages~") == first
    shown = json.loads(git(remote, "show", "gh-pages:docsfy.json"))
    assert shown["commit"] == git(program.folder, "rev-parse", "main")
    assert git(remote, "log", "-1", "--format=%s", "gh-pages").startswith("Document shop at ")


def test_the_branch_from_a_laptop(program: Program, remote: Path) -> None:
    """Off the runner the site goes to where the repository came from, by git's own means."""
    git(program.folder, "remote", "set-url", "origin", f"file://{remote}")
    outcome = program("--publish", "branch", "--pages-branch", "docs/site", "--pages-history", "1")
    assert outcome.status == 0, outcome.printed
    files = git(remote, "ls-tree", "-r", "--name-only", "docs/site").splitlines()
    assert set(files) == {*program.site(), ".docsfy-files"}
    commit(program.folder, {"README.md": "# Other\n"}, "Other")
    program("--publish", "branch", "--pages-branch", "docs/site", "--pages-history", "1")
    assert git(remote, "rev-list", "--count", "docs/site") == "1"


def test_a_branch_that_cannot_be_pushed(program: Program, tmp_path: Path) -> None:
    """The run is an error with git's reason; the site stays."""
    git(program.folder, "remote", "set-url", "origin", f"file://{tmp_path}/gone")
    outcome = program("--publish", "branch")
    assert outcome.status == 1
    assert outcome.report["stage"] == "publishing"
    assert "index.html" in program.site()
