"""What follows a build, event by event, from payloads as GitHub documents them (payloads/)."""

from pathlib import Path

import pytest

from docsfy_action.github.events import Activity, ActivityKind, Next, activity, read_payload, sequel

PAYLOADS = Path(__file__).parent / "payloads"
MAIN, FEATURE, TAG, MERGE = "refs/heads/main", "refs/heads/feature/gifts", "refs/tags/v1.2.0", "refs/pull/7/merge"

FOLLOWS: list[tuple[str, str, str, Next, str]] = [
    ("push", "push_default_branch", MAIN, Next.PUBLISH, ""),
    ("push", "push_private", MAIN, Next.PUBLISH, ""),
    ("push", "push_other_branch", FEATURE, Next.NOTHING, "not `feature/gifts`"),
    ("push", "push_tag", TAG, Next.PUBLISH, ""),
    ("create", "create_branch", FEATURE, Next.NOTHING, "not `feature/gifts`"),
    ("schedule", "schedule", MAIN, Next.PUBLISH, ""),
    ("workflow_dispatch", "workflow_dispatch", FEATURE, Next.PUBLISH, ""),
    ("repository_dispatch", "repository_dispatch", MAIN, Next.PUBLISH, ""),
    ("release", "release_published", TAG, Next.PUBLISH, ""),
    ("page_build", "page_build", MAIN, Next.NOTHING, "page_build"),
    ("merge_group", "merge_group", "refs/heads/gh-readonly-queue/main/pr-7", Next.NOTHING, "merge_group"),
    ("pull_request", "pull_request_opened", MERGE, Next.PREVIEW, "pull request"),
    ("pull_request", "pull_request_fork", MERGE, Next.PREVIEW, "pull request"),
    ("pull_request", "pull_request_fork_deleted", MERGE, Next.PREVIEW, "pull request"),
    ("pull_request", "pull_request_dependabot", MERGE, Next.PREVIEW, "pull request"),
    ("pull_request", "pull_request_merged", MERGE, Next.REMOVE_PREVIEW, "closed"),
    ("pull_request_review", "pull_request_opened", MERGE, Next.PREVIEW, "pull request"),
    ("pull_request_target", "pull_request_fork", MAIN, Next.NOTHING, "stranger"),
    ("pull_request_target", "pull_request_merged", MAIN, Next.REMOVE_PREVIEW, "closed"),
    ("workflow_run", "workflow_run_own", MAIN, Next.PUBLISH, ""),
    ("workflow_run", "workflow_run_fork", MAIN, Next.NOTHING, "stranger"),
    ("issue_comment", "issue_comment", MAIN, Next.NOTHING, "issue_comment"),
]


def read(event: str, name: str) -> Activity:
    """The activity of a payload."""
    return activity(event, read_payload((PAYLOADS / f"{name}.json").read_bytes()))


@pytest.mark.parametrize(("event", "name", "ref", "follows", "said"), FOLLOWS)
def test_what_follows(event: str, name: str, ref: str, follows: Next, said: str) -> None:
    """Only what a maintainer started on the default branch, on a tag or by hand is published; else the reason is told."""
    found = sequel(read(event, name), ref=ref, default_branch="main", is_event_commit=True)
    assert found.next is follows
    assert said in found.reason
    assert bool(found.reason) is (follows is not Next.PUBLISH)


def test_every_payload_is_used() -> None:
    """A payload that no row reads proves nothing."""
    assert {f"{name}.json" for _, name, *_ in FOLLOWS} == {path.name for path in PAYLOADS.iterdir()}


@pytest.mark.parametrize(
    ("event", "name"),
    [
        ("pull_request_target", "pull_request_fork"),
        ("pull_request_target", "pull_request_opened"),
        ("pull_request_target", "pull_request_merged"),
        ("workflow_run", "workflow_run_fork"),
    ],
)
def test_proposed_code_is_refused_where_there_are_secrets(event: str, name: str) -> None:
    """Whatever was checked out in place of the event's own commit may be a stranger's."""
    found = sequel(read(event, name), ref=MAIN, default_branch="main", is_event_commit=False)
    assert found.next is Next.REFUSE
    assert event in found.reason


@pytest.mark.parametrize(("event", "name"), [("pull_request", "pull_request_fork"), ("push", "push_default_branch")])
def test_other_commits_are_built_where_there_are_no_foreign_hands(event: str, name: str) -> None:
    """A workflow may check out what it likes on events that give nothing away."""
    found = sequel(read(event, name), ref=MAIN, default_branch="main", is_event_commit=False)
    assert found.next is not Next.REFUSE


def test_a_laptop_may_publish() -> None:
    """Off the runner whoever asks for it has the rights, or git says no."""
    found = sequel(Activity(kind=ActivityKind.LOCAL), ref="", default_branch="main", is_event_commit=False)
    assert found.next is Next.PUBLISH


def test_the_clones_default_branch_stands_in_for_the_payloads() -> None:
    """A payload that cannot be read names none."""
    found = activity("push", {})
    assert sequel(found, ref="refs/heads/trunk", default_branch="trunk", is_event_commit=True).next is Next.PUBLISH
    assert sequel(found, ref="refs/heads/trunk", default_branch="main", is_event_commit=True).next is Next.NOTHING
