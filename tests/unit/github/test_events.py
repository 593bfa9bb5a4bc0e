"""What an event means for the documentation."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsfy_action.github.events import Activity, ActivityKind, activity, read_payload

REPOSITORY = {"full_name": "owner/name", "default_branch": "main", "private": False, "visibility": "public"}


def pull_request(head: object = "owner/name", *, action: str = "synchronize", **more: object) -> dict[str, object]:
    """The payload of a pull request whose code is in the repository `head`."""
    return {
        "action": action,
        "number": 5,
        "repository": REPOSITORY,
        "pull_request": {
            "number": 5,
            "head": {"sha": "a" * 40, "ref": "feature", "repo": {"full_name": head} if head else None},
            "base": {"ref": "main", "repo": {"full_name": "Owner/Name"}},
            **more,
        },
    }


@pytest.mark.parametrize(
    ("event", "payload", "kind"),
    [
        ("", {}, ActivityKind.LOCAL),
        ("push", {}, ActivityKind.BUILD),
        ("schedule", {}, ActivityKind.BUILD),
        ("workflow_dispatch", {}, ActivityKind.BUILD),
        ("release", {"action": "closed"}, ActivityKind.BUILD),
        ("pull_request", pull_request(), ActivityKind.PREVIEW),
        ("pull_request", pull_request(action="closed"), ActivityKind.CLOSE),
        ("pull_request", {}, ActivityKind.PREVIEW),
        ("pull_request_review", pull_request(action="closed"), ActivityKind.PREVIEW),
        ("pull_request_target", pull_request(), ActivityKind.UNSAFE),
        ("pull_request_target", {}, ActivityKind.UNSAFE),
        ("pull_request_target", pull_request(action="closed"), ActivityKind.CLOSE),
        ("merge_group", {}, ActivityKind.CHECK),
        ("issue_comment", {}, ActivityKind.CHECK),
        ("something_new", {}, ActivityKind.CHECK),
        ("workflow_run", {}, ActivityKind.UNSAFE),
    ],
)
def test_the_kind_of_an_event(event: str, payload: dict[str, object], kind: ActivityKind) -> None:
    """Only events that a maintainer starts may publish; a new kind of event builds and nothing else."""
    found = activity(event, payload)
    assert found.kind is kind
    assert found.is_pull_request is event.startswith("pull_request")


def test_a_pull_request_of_the_repository_itself() -> None:
    """Number, branches and commit are taken over; it has secrets."""
    assert activity("pull_request", pull_request(merged=True), actor="someone") == Activity(
        kind=ActivityKind.PREVIEW,
        event="pull_request",
        action="synchronize",
        pull_request=5,
        head_sha="a" * 40,
        head_ref="feature",
        base_ref="main",
        default_branch="main",
        merged=True,
        private=False,
    )


@pytest.mark.parametrize("head", ["stranger/name", None, "", 7])
def test_a_fork_has_no_secrets(head: object) -> None:
    """Also one that was deleted since, or that cannot be told."""
    found = activity("pull_request", pull_request(head))
    assert found.is_fork
    assert found.without_secrets


def test_a_repository_that_is_a_fork_itself_has_secrets_of_its_own() -> None:
    """Both ends are in the same repository, whatever that one was forked from."""
    assert not activity("pull_request", pull_request("OWNER/NAME")).without_secrets


@pytest.mark.parametrize(
    ("event", "actor", "sender", "without"),
    [
        ("pull_request", "dependabot[bot]", "x", True),
        ("pull_request", "", "dependabot[bot]", True),
        ("pull_request", "person", "dependabot[bot]", False),
        ("push", "dependabot[bot]", "x", False),
    ],
)
def test_dependabot_has_no_secrets_on_its_pull_requests(event: str, actor: str, sender: str, *, without: bool) -> None:
    """It is told by who started the run: a person who pushes to its branch has them."""
    payload = {**pull_request(), "sender": {"login": sender}}
    assert activity(event, payload, actor=actor).without_secrets is without


def test_a_workflow_run_after_the_repositorys_own_run_may_publish() -> None:
    """Documentation is often built once the tests have passed; after a fork's run it must not be."""
    payload: dict[str, object] = {
        "repository": REPOSITORY,
        "workflow_run": {"head_repository": {"full_name": "owner/name"}},
    }
    assert activity("workflow_run", payload).kind is ActivityKind.BUILD
    payload["workflow_run"] = {"head_repository": {"full_name": "stranger/name"}}
    assert activity("workflow_run", payload).kind is ActivityKind.UNSAFE


@pytest.mark.parametrize(
    ("repository", "private"),
    [
        ({"visibility": "internal", "private": True}, True),
        ({"visibility": "private"}, True),
        ({"visibility": "public", "private": True}, False),
        ({"private": True}, True),
        ({"private": "yes"}, None),
        ({}, None),
    ],
)
def test_whether_the_repository_is_private(repository: dict[str, object], private: bool | None) -> None:
    """An internal repository is not public either; what is not said is not known."""
    assert activity("push", {"repository": repository}).private is private


@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"a": NaN'])
def test_an_unreadable_payload_is_an_empty_one(content: bytes | None) -> None:
    """The event file is data of others and may be missing or broken."""
    assert read_payload(content) == {}


def test_a_payload_is_read() -> None:
    """An object, as GitHub sends it."""
    assert read_payload(b'{"a": 1}') == {"a": 1}


_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(
            st.sampled_from(["pull_request", "repository", "head", "base", "repo", "number", "full_name", "action"]),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["", "push", "pull_request", "pull_request_target", "workflow_run"]), _JSON)
def test_any_payload_gives_an_activity_and_doubt_counts_as_a_fork(event: str, data: object) -> None:
    """No payload raises, and none that is broken is mistaken for the repository's own pull request."""
    payload = read_payload(json.dumps(data).encode())
    found = activity(event, payload)
    assert found.pull_request is None or found.pull_request > 0
    if event == "pull_request" and not found.is_fork:
        assert isinstance(payload["pull_request"], dict)


@pytest.mark.parametrize(
    ("event", "release", "marked"),
    [
        ("release", {"prerelease": True}, True),
        ("release", {"prerelease": "yes"}, False),
        ("push", {"prerelease": True}, False),
    ],
)
def test_a_release_may_be_marked_as_one_before_the_release(event: str, release: object, marked: bool) -> None:
    """Only a release can be, and only with a plain yes."""
    assert activity(event, {"release": release}).prerelease is marked
