"""Every event that a workflow can run on, with its payload, in the image: the site is built on all of them, and published where
that follows. The entry point of the post step runs in a second container, as it does after a job.
"""

import json
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tests.e2e.repositories import RUNNER_UID, commit_files, commit_package, git, give_to, tree
from tests.e2e.runner import Job, StepResult
from tests.integration.git_http import TOKEN, served

PAYLOADS = Path(__file__).parents[1] / "unit" / "github" / "payloads"
REPOSITORY = "somebody/shop"
BASE = "the commit of the base branch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An event: `payload` names the recorded one, `ref` is `GITHUB_REF`. `says` stands in the log. `detached` says that checkout
    leaves no branch, as for pull requests and tags; `sha` is the documented commit unless it says something else."""

    event: str
    payload: str
    ref: str = "refs/heads/main"
    published: bool = False
    says: str = ""
    detached: bool = False
    sha: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)


MERGE = "refs/pull/7/merge"
HEAD = {"GITHUB_HEAD_REF": "gifts", "GITHUB_BASE_REF": "main"}
PAID = {"provider": "claude"}
NO_SECRETS = "This pull request is given no secrets"
READY = {
    "push to the default branch": Case(event="push", payload="push_default_branch", published=True),
    "push to another branch": Case(
        event="push", payload="push_other_branch", ref="refs/heads/topic/x", says="Only the default branch `main` and tags"
    ),
    "push of a tag": Case(event="push", payload="push_tag", ref="refs/tags/v1.0", published=True, detached=True),
    "release": Case(event="release", payload="release_published", ref="refs/tags/v1.0", published=True, detached=True),
    "schedule": Case(event="schedule", payload="schedule", published=True),
    "by hand": Case(event="workflow_dispatch", payload="workflow_dispatch", published=True),
    "by the API": Case(event="repository_dispatch", payload="repository_dispatch", published=True),
    "after a run of its own": Case(event="workflow_run", payload="workflow_run_own", published=True),
    "after a run of a fork": Case(
        event="workflow_run", payload="workflow_run_fork", says="A run that a stranger can start (`workflow_run`)"
    ),
    "pull request": Case(event="pull_request", payload="pull_request_opened", ref=MERGE, detached=True, env=HEAD),
    "pull request of a fork, with a model": Case(
        event="pull_request", payload="pull_request_fork", ref=MERGE, detached=True, env=HEAD, inputs=PAID, says=NO_SECRETS
    ),
    "pull request of Dependabot, with a model": Case(
        event="pull_request",
        payload="pull_request_dependabot",
        ref=MERGE,
        detached=True,
        env={**HEAD, "GITHUB_ACTOR": "dependabot[bot]"},
        inputs=PAID,
        says=NO_SECRETS,
    ),
    "pull_request_target with the base branch": Case(event="pull_request_target", payload="pull_request_fork", env=HEAD),
    "merge queue": Case(
        event="merge_group",
        payload="merge_group",
        ref="refs/heads/gh-readonly-queue/main/pr-7-0123456789abcdef",
        says="The event `merge_group` publishes nothing",
    ),
}  # fmt: skip
REFUSED = {
    "pull_request_target with the code of the pull request": Case(
        event="pull_request_target", payload="pull_request_fork", env=HEAD, sha=BASE, says="gives this run the secrets"
    ),
    "after a run of a fork, with its code": Case(
        event="workflow_run", payload="workflow_run_fork", sha=BASE, says="gives this run the secrets"
    ),
    "pull request of our own, without the key of its model": Case(
        event="pull_request", payload="pull_request_opened", ref=MERGE, env=HEAD, inputs=PAID, says="ANTHROPIC_API_KEY"
    ),
}


def make_remote(folder: Path) -> Path:
    """The repository on the server: two commits, and pushes are taken."""
    remote = folder / f"{REPOSITORY}.git"
    work = folder / "work"
    work.mkdir(parents=True)
    commit_package(work)
    commit_files(work, {"README.md": "# greeter\n\nGreets people.\n"}, "Shorten the README")
    git(folder, "clone", "--quiet", "--bare", str(work), str(remote))
    for name in ("uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant", "http.receivepack"):
        git(remote, "config", name, "true")
    return remote


def check_out(case: Case, remote: Path, server: str, workspace: Path) -> str:
    """What `actions/checkout` leaves for somebody who is not the container's user: one commit, on no branch where the event has
    none. Gives that commit."""
    git(workspace.parent, "clone", "--quiet", "--depth", "1", f"file://{remote}", workspace.name)
    git(workspace, "remote", "set-url", "origin", f"{server}/{REPOSITORY}")
    if case.detached:
        git(workspace, "checkout", "--quiet", "--detach")
        git(workspace, "branch", "--quiet", "--delete", "--force", "main")
    give_to(workspace, RUNNER_UID)
    return git(workspace, "rev-parse", "HEAD").strip()


def run(case: Case, job: Job, folder: Path) -> tuple[StepResult, StepResult, Path]:
    """The step and its post step on this event, and the repository on the server afterwards."""
    payload: dict[str, object] = json.loads((PAYLOADS / f"{case.payload}.json").read_text("utf-8"))
    job = replace(job, event_name=case.event, event=payload, repository=REPOSITORY)
    remote = make_remote(folder / "server")
    with ExitStack() as stack:
        server = stack.enter_context(served(folder / "server"))
        commit = check_out(case, remote, server, job.workspace)
        environment = {
            "GITHUB_SERVER_URL": server,
            "GITHUB_REF": case.ref,
            "GITHUB_REF_NAME": case.ref.split("/", 2)[2],
            "GITHUB_REF_TYPE": "tag" if case.ref.startswith("refs/tags/") else "branch",
            "GITHUB_SHA": "e5bd3914e2e596debea16f433f57875b5b90bcd6" if case.sha == BASE else commit,
            **case.env,
        }
        inputs = {"publish": "branch", "preview": "off", "comment": "off", "github-token": TOKEN, **case.inputs}
        step = job.run(inputs, env=environment)
        return step, job.post(step, env=environment), remote


@pytest.mark.parametrize("name", READY)
def test_every_event_builds_and_some_publish(name: str, job: Job, tmp_path: Path) -> None:
    """The step ends 0 and ready with a whole site and all of the file commands, from a shallow checkout that belongs to somebody
    else; the branch is pushed to exactly where the event publishes, else the log says why not; the post step ends 0."""
    case = READY[name]
    step, post, remote = run(case, job, tmp_path)
    assert step.exit_status == 0, step.log
    assert (step.outputs["status"], step.outputs["pages-failed"], step.outputs["ai-calls"]) == ("ready", "0", "0"), (
        step.log
    )
    site = tree(replace(job, repository=REPOSITORY).workspace / step.outputs["site-dir"])
    assert {"index.html", "index.md", "llms.txt", ".nojekyll"} <= site.keys()
    assert "greeter" in step.summary
    assert case.says in step.log
    branches = git(remote, "branch", "--format", "%(refname:short)").split()
    assert ("gh-pages" in branches) == case.published, step.log
    if case.published:
        there = set(git(remote, "ls-tree", "-r", "--name-only", "gh-pages").splitlines())
        assert site.keys() <= there
    assert post.exit_status == 0, post.log
    shown = [line for line in (step.log + post.log).splitlines() if not line.startswith("::add-mask::")]
    assert [line for line in shown if TOKEN in line] == []


@pytest.mark.parametrize("name", REFUSED)
def test_what_must_not_be_built_is_refused(name: str, job: Job, tmp_path: Path) -> None:
    """Code that was only proposed is not built with the secrets of the base branch, and a missing key is somebody's fault where
    secrets are given: exit status 2, an error that says what to do, no site, nothing pushed, and the post step ends 0."""
    case = REFUSED[name]
    step, post, remote = run(case, job, tmp_path)
    assert step.exit_status == 2, step.log
    assert step.outputs["status"] == "error"
    assert case.says in "\n".join(step.lines("::error"))
    assert not (replace(job, repository=REPOSITORY).workspace / "_docsfy/site").exists()
    assert git(remote, "branch", "--format", "%(refname:short)").split() == ["main"]
    assert post.exit_status == 0, post.log
