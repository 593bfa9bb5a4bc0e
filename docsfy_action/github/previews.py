"""How the documentation of a pull request is shown: decided from what was asked for, what the job may do, and what GitHub Pages
serves, before anything is spent on it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from docsfy_action.errors import InputError, PublishError
from docsfy_action.github.api import Refused
from docsfy_action.github.pages import PagesSite
from docsfy_action.github.pages import Source as PagesSource


class Way(StrEnum):
    """A folder of the branch that Pages serves, an artifact of the run, or not at all."""

    BRANCH = "branch"
    ARTIFACT = "artifact"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What decides. `branch` is the one that previews are put on, `pages` how Pages is set up or why that is not known, and
    `settings` the address where it is set; `artifacts` says that the artifact service is offered, `without_secrets` that this is
    a pull request whose token can only read. `push_refused` asks why no push would be taken; None where one would."""

    branch: str
    pages: PagesSite | Refused
    settings: str
    artifacts: bool
    without_secrets: bool
    push_refused: Callable[[], PublishError | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """How the preview is shown. `reason` says in one sentence why it is not shown otherwise, where something was in the way."""

    way: Way
    reason: str = ""


def is_served(pages: PagesSite, branch: str) -> bool:
    """Whether Pages serves the top of this branch."""
    return pages.source != PagesSource.WORKFLOW and pages.branch == branch and pages.path in {"", "/"}


def choose_preview(wanted: Way | None, around: Circumstances) -> Preview:
    """How to show a preview; without a wish (`preview: auto`) on the branch where that works, else as an artifact, else not.

    Where something certain was wished for and cannot be, InputError or PublishError says what to set. A pull request whose token
    can only read is nobody's fault: it gets an artifact in place of a folder.
    """
    match wanted:
        case Way.NONE:
            return Preview(way=Way.NONE, reason="`preview: off` was given.")
        case Way.ARTIFACT:
            if not around.artifacts:
                raise InputError(
                    "preview: 'artifact' needs the artifact service of GitHub Actions, which is not offered here.",
                    hint="Run it in a workflow on GitHub, or use `preview: branch`, which needs only git.",
                )
            return Preview(way=Way.ARTIFACT)
        case _:
            return _on_branch(around, insists=wanted is Way.BRANCH)


def _on_branch(around: Circumstances, *, insists: bool) -> Preview:
    if around.without_secrets:
        return _instead(
            "This pull request is given a token that can only read, so its preview is not put on the branch.", around
        )
    obstacle = _served_otherwise(around) or (None if insists else _not_served(around)) or around.push_refused()
    if obstacle is None:
        return Preview(way=Way.BRANCH)
    if insists:
        raise obstacle
    return _instead(
        f"The preview is not put on the branch `{around.branch}`. {obstacle.message} {obstacle.hint}", around
    )


def _instead(reason: str, around: Circumstances) -> Preview:
    if around.artifacts:
        return Preview(way=Way.ARTIFACT, reason=reason)
    return Preview(way=Way.NONE, reason=f"{reason} The artifact service of GitHub Actions is not offered here either.")


def _served_otherwise(around: Circumstances) -> PublishError | None:
    """What Pages is known to serve in the place of the branch."""
    pages, branch = around.pages, around.branch
    if isinstance(pages, Refused) or is_served(pages, branch):
        return None
    if pages.source == PagesSource.WORKFLOW:
        return PublishError(
            "GitHub Pages serves what workflows deploy, not a branch.",
            hint=f"Choose the branch `{branch}` as its source in {around.settings}, or use `preview: artifact`.",
        )
    if pages.branch and pages.branch != branch:
        return PublishError(
            f"GitHub Pages serves the branch `{pages.branch}`.",
            hint=f"Choose `{branch}` in {around.settings}, name the other with `pages-branch`, or use `preview: artifact`.",
        )
    if pages.path not in {"", "/"}:
        return PublishError(
            f"GitHub Pages serves the folder `{pages.path}` of the branch, not its top.",
            hint=f"Choose the folder `/` in {around.settings}, or use `preview: artifact`.",
        )
    return None


def _not_served(around: Circumstances) -> PublishError | None:
    """Why it is not certain that Pages serves the branch."""
    pages = around.pages
    if isinstance(pages, PagesSite):
        if is_served(pages, around.branch):
            return None
        return PublishError(
            "GitHub does not say what Pages serves.", hint="`preview: branch` puts it there all the same."
        )
    if pages.status == 404:
        return PublishError(
            "GitHub Pages is not turned on.", hint=f"Choose the branch as its source in {around.settings}."
        )
    return PublishError(
        f"How GitHub Pages is set up could not be read ({pages}).", hint="Give the job `permissions: pages: read`."
    )
