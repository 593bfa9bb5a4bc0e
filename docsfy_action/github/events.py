"""What the event of a workflow run means for the documentation, and what follows once the site is built: it is published,
shown as a preview, a preview is taken away, or nothing.

The payload is written by whoever caused the event. Nothing in it is trusted, and any of it may be missing.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

# Events that run on a branch of the repository itself, with its secrets, because a maintainer wanted them to.
_BUILDS = frozenset(
    {"push", "schedule", "workflow_dispatch", "workflow_run", "repository_dispatch", "release", "create", "page_build"}
)
# Of these, the ones that come from any branch without anybody having said that it is to be published.
_ON_ANY_BRANCH = frozenset({"push", "create"})
_PULL_REQUEST = frozenset({"pull_request", "pull_request_review", "pull_request_review_comment"})
_DEPENDABOT = "dependabot[bot]"
_MAX_PAYLOAD = 26 * 1024 * 1024  # GitHub sends at most 25 MB


class ActivityKind(StrEnum):
    """What is to be done on an event. The site is built on all of them."""

    LOCAL = "local"
    BUILD = "build"
    PREVIEW = "preview"
    CLOSE = "close"
    CHECK = "check"
    UNSAFE = "unsafe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """An event as the program sees it.

    `LOCAL`: no event. `BUILD`: may publish. `PREVIEW`: an open pull request, may preview and comment. `CLOSE`: a pull
    request that was closed, its preview is taken away. `CHECK`: builds only. `UNSAFE`: the event gives secrets to a run
    that a stranger started (`pull_request_target`, `workflow_run` after a fork's run), so only the commit of the event
    itself (`GITHUB_SHA`, a commit of the base branch) may be built, never the code that was proposed.
    `pull_request` is its number, `head_sha` the commit it proposes, `base_sha` the tip of the branch it is to go into;
    `prerelease` says that the event is about a release that is marked so; `private` is None where it is not known.
    """

    kind: ActivityKind
    event: str = ""
    action: str = ""
    pull_request: int | None = None
    head_sha: str = ""
    head_ref: str = ""
    base_ref: str = ""
    base_sha: str = ""
    default_branch: str = ""
    is_fork: bool = False
    is_dependabot: bool = False
    merged: bool = False
    prerelease: bool = False
    private: bool | None = None

    @property
    def is_pull_request(self) -> bool:
        """Whether the event belongs to a pull request."""
        return self.event in _PULL_REQUEST or self.event == "pull_request_target"

    @property
    def without_secrets(self) -> bool:
        """Whether this is a pull request that GitHub gives no secrets and no token that can write."""
        return self.event in _PULL_REQUEST and (self.is_fork or self.is_dependabot)

    @property
    def has_secrets_of_the_base(self) -> bool:
        """Whether somebody without rights here could start this run, which has the repository's secrets all the same."""
        return self.kind is ActivityKind.UNSAFE or self.event == "pull_request_target"


class Next(StrEnum):
    """What follows a build."""

    PUBLISH = "publish"
    PREVIEW = "preview"
    REMOVE_PREVIEW = "remove preview"
    NOTHING = "nothing"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequel:
    """What follows, and in one sentence why where the site is neither published nor shown."""

    next: Next
    reason: str = ""


def sequel(found: Activity, *, ref: str, default_branch: str, is_event_commit: bool) -> Sequel:
    """What follows on an event. `ref` is the one it is about (`GITHUB_REF`), `default_branch` that of the repository where
    the payload does not name it. `is_event_commit` says whether the documented commit is the event's own (`GITHUB_SHA`).

    Nothing is built with secrets of code that was only proposed: `REFUSE`.
    """
    if found.has_secrets_of_the_base and not is_event_commit:
        reason = f"`{found.event}` gives this run the secrets of the repository, and the commit is not one of its own branches."
        return Sequel(next=Next.REFUSE, reason=reason)
    match found.kind:
        case ActivityKind.LOCAL:
            return Sequel(next=Next.PUBLISH)
        case ActivityKind.CLOSE:
            return Sequel(next=Next.REMOVE_PREVIEW, reason="The pull request is closed.")
        case ActivityKind.PREVIEW:
            return Sequel(next=Next.PREVIEW, reason="A pull request is not published.")
        case ActivityKind.UNSAFE:
            reason = f"A run that a stranger can start (`{found.event}`) publishes nothing."
            return Sequel(next=Next.NOTHING, reason=reason)
        case ActivityKind.CHECK:
            return Sequel(next=Next.NOTHING, reason=f"The event `{found.event}` publishes nothing.")
        case ActivityKind.BUILD:
            return _after_build(found, ref, found.default_branch or default_branch)


def _after_build(found: Activity, ref: str, default_branch: str) -> Sequel:
    if found.event == "page_build":
        return Sequel(next=Next.NOTHING, reason="The event `page_build` follows a publication and causes none.")
    branch = ref.removeprefix("refs/heads/")
    if found.event in _ON_ANY_BRANCH and ref.startswith("refs/heads/") and branch != default_branch:
        return Sequel(
            next=Next.NOTHING,
            reason=f"Only the default branch `{default_branch}` and tags are published when they are pushed, not `{branch}`.",
        )
    return Sequel(next=Next.PUBLISH)


def read_payload(content: bytes | None) -> Mapping[str, object]:
    """The payload of an event file as an object; empty where there is none or it cannot be read."""
    if content is None or len(content) > _MAX_PAYLOAD:
        return {}
    try:
        payload = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return payload if isinstance(payload, dict) else {}


def activity(event: str, payload: Mapping[str, object], *, actor: str = "") -> Activity:
    """What `event` with its `payload` means. `actor` is the account that started the run (`GITHUB_ACTOR`)."""
    repository = _object(payload, "repository")
    pull_request = _object(payload, "pull_request")
    action = _text(payload, "action")
    about_request = event in _PULL_REQUEST or event == "pull_request_target"
    is_fork = (about_request or event == "workflow_run") and _is_fork(event, payload, pull_request)
    return Activity(
        kind=_kind(event, action, is_fork=is_fork),
        event=event,
        action=action,
        pull_request=_number(pull_request, "number") or _number(payload, "number") if about_request else None,
        head_sha=_text(_object(pull_request, "head"), "sha"),
        head_ref=_text(_object(pull_request, "head"), "ref"),
        base_ref=_text(_object(pull_request, "base"), "ref"),
        base_sha=_text(_object(pull_request, "base"), "sha"),
        default_branch=_text(repository, "default_branch"),
        is_fork=is_fork,
        is_dependabot=(actor or _text(_object(payload, "sender"), "login")) == _DEPENDABOT,
        merged=pull_request.get("merged") is True,
        prerelease=event == "release" and _object(payload, "release").get("prerelease") is True,
        private=_private(repository),
    )


def _kind(event: str, action: str, *, is_fork: bool) -> ActivityKind:
    if not event:
        return ActivityKind.LOCAL
    if action == "closed" and event in {"pull_request", "pull_request_target"}:
        return ActivityKind.CLOSE
    if event == "pull_request_target" or (event == "workflow_run" and is_fork):
        return ActivityKind.UNSAFE
    if event in _PULL_REQUEST:
        return ActivityKind.PREVIEW
    return ActivityKind.BUILD if event in _BUILDS else ActivityKind.CHECK


def _is_fork(event: str, payload: Mapping[str, object], pull_request: Mapping[str, object]) -> bool:
    """Whether the code comes from another repository. What cannot be told, such as a deleted fork, counts as one."""
    if event == "workflow_run":
        own = _text(_object(payload, "repository"), "full_name")
        head = _text(_object(_object(payload, "workflow_run"), "head_repository"), "full_name")
    else:
        own = _text(_object(_object(pull_request, "base"), "repo"), "full_name")
        head = _text(_object(_object(pull_request, "head"), "repo"), "full_name")
    return not head or not own or head.lower() != own.lower()


def _private(repository: Mapping[str, object]) -> bool | None:
    visibility = _text(repository, "visibility")
    if visibility:
        return visibility != "public"
    private = repository.get("private")
    return private if isinstance(private, bool) else None


def _object(payload: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = payload.get(key)
    return value if isinstance(value, dict) else {}


def _text(payload: Mapping[str, object], key: str) -> str:
    value = payload.get(key)
    return value if isinstance(value, str) else ""


def _number(payload: Mapping[str, object], key: str) -> int | None:
    value = payload.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None
