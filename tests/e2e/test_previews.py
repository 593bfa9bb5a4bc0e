"""A pull request's preview in the image: it comes with the pull request and goes with it."""

import json
from dataclasses import replace
from pathlib import Path

from tests.contract.github_service import REPOSITORY, GitHub
from tests.e2e.repositories import RUNNER_UID, commit_package, git, give_to
from tests.e2e.runner import Job, StepResult
from tests.integration.git_http import TOKEN, served

PAYLOADS = Path(__file__).parents[1] / "unit" / "github" / "payloads"


def payload(name: str) -> dict[str, object]:
    """A recorded payload."""
    found: dict[str, object] = json.loads((PAYLOADS / f"{name}.json").read_text("utf-8"))
    return found


def test_a_preview_on_the_branch_comes_and_goes(job: Job, tmp_path: Path) -> None:
    """The step of an opened pull request pushes the site into a folder of the branch and names its address; that of the closed
    one takes it away. The branch is pushed to over http with the job's token, which is not shown."""
    remote = tmp_path / "remote" / REPOSITORY.partition("/")[0] / "shop.git"
    remote.mkdir(parents=True)
    git(remote, "init", "--quiet", "--bare")
    for name in ("uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant", "http.receivepack"):
        git(remote, "config", name, "true")
    opened = replace(job, repository=REPOSITORY, event_name="pull_request", event=payload("pull_request_opened"))
    commit_package(opened.workspace)
    commit = git(opened.workspace, "rev-parse", "HEAD").strip()
    git(opened.workspace, "push", "--quiet", str(remote), "HEAD:refs/heads/gh-pages")
    before = git(remote, "ls-tree", "-r", "--name-only", "gh-pages").split()
    give_to(opened.workspace, RUNNER_UID)
    with GitHub(token=TOKEN) as github, served(tmp_path / "remote") as server:
        source = {"branch": "gh-pages", "path": "/"}
        github.pages = {"build_type": "legacy", "html_url": "https://docs.example.org/", "source": source}

        def step(with_event: Job) -> StepResult:
            environment = {
                **github.environment(),
                "GITHUB_SERVER_URL": server,
                "GITHUB_REF": "refs/pull/7/merge",
                "GITHUB_REF_NAME": "7/merge",
                "GITHUB_SHA": commit,
            }
            done = with_event.run({"preview": "branch", "github-token": TOKEN}, env=environment)
            assert done.exit_status == 0, done.log
            assert TOKEN not in "\n".join(line for line in done.log.splitlines() if not line.startswith("::add-mask::"))
            return done

        shown = step(opened)
        assert shown.outputs["preview-url"] == "https://docs.example.org/pr-preview/pr-7/"
        assert "https://docs.example.org/pr-preview/pr-7/" in shown.summary
        page = git(remote, "show", "gh-pages:pr-preview/pr-7/index.html")
        assert '<link rel="canonical" href="https://docs.example.org/pr-preview/pr-7/index.html">' in page
        closed = step(replace(opened, event=payload("pull_request_merged")))
    assert closed.outputs["preview-url"] == ""
    assert git(remote, "ls-tree", "-r", "--name-only", "gh-pages").split() == before
    assert git(remote, "rev-list", "--count", "gh-pages").strip() == "3"
