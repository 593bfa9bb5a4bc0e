"""How a preview is shown, decided from wish, permissions and what Pages serves."""

from dataclasses import replace

import pytest

from docsfy_action.errors import ActionError, InputError, PublishError
from docsfy_action.github.api import Refused
from docsfy_action.github.pages import PagesSite
from docsfy_action.github.previews import Circumstances, Way, choose_preview, is_served

SERVED = PagesSite(url="https://x/", source="legacy", branch="gh-pages", path="/")
DENIED = PublishError("Git could not push.", hint="Give the job `permissions: contents: write`.")
UNKNOWN = Refused(status=403, message="Resource not accessible by integration")
OFF = Refused(status=404, message="Not Found")
SETTINGS = "https://github.com/somebody/shop/settings/pages"


def unasked() -> PublishError | None:
    """Where the server must not be asked."""
    raise AssertionError("the server was asked")


ALL_WELL = Circumstances(
    branch="gh-pages",
    pages=SERVED,
    settings=SETTINGS,
    artifacts=True,
    without_secrets=False,
    push_refused=lambda: None,
)

NOT_SERVED: list[tuple[PagesSite | Refused, str]] = [
    (replace(SERVED, source="workflow"), "what workflows deploy"),
    (replace(SERVED, branch="docs"), "the branch `docs`"),
    (replace(SERVED, path="/docs"), "the folder `/docs`"),
]
PERHAPS_SERVED: list[tuple[PagesSite | Refused, str]] = [
    (UNKNOWN, "pages: read"),
    (OFF, "not turned on"),
    (PagesSite(), "does not say"),
]


@pytest.mark.parametrize("wanted", [None, Way.BRANCH])
@pytest.mark.parametrize("pages", [SERVED, replace(SERVED, source=""), replace(SERVED, path="")])
def test_a_branch_that_is_served_and_can_be_pushed(wanted: Way | None, pages: PagesSite) -> None:
    """It is taken with and without a wish, also where an older server says less."""
    assert choose_preview(wanted, replace(ALL_WELL, pages=pages)).way is Way.BRANCH


@pytest.mark.parametrize(("pages", "said"), NOT_SERVED)
def test_a_branch_that_is_not_served(pages: PagesSite, said: str) -> None:
    """Insisted on it is an error that says what to set, before the server is asked; else there is an artifact, and the reason."""
    around = replace(ALL_WELL, pages=pages, push_refused=unasked)
    with pytest.raises(PublishError, match=said) as raised:
        choose_preview(Way.BRANCH, around)
    assert SETTINGS in raised.value.hint
    assert "preview: artifact" in raised.value.hint
    auto = choose_preview(None, around)
    assert auto.way is Way.ARTIFACT
    assert said in auto.reason
    assert not is_served(pages, "gh-pages")


@pytest.mark.parametrize(("pages", "said"), PERHAPS_SERVED)
def test_where_it_is_not_known_what_is_served(pages: PagesSite | Refused, said: str) -> None:
    """The branch is taken only by those who name it; the reason says what would have to be granted or set."""
    around = replace(ALL_WELL, pages=pages)
    assert choose_preview(Way.BRANCH, around).way is Way.BRANCH
    auto = choose_preview(None, around)
    assert auto.way is Way.ARTIFACT
    assert said in auto.reason


def test_a_push_that_would_be_refused() -> None:
    """An error for those who insist, an artifact with the reason for the others."""
    around = replace(ALL_WELL, push_refused=lambda: DENIED)
    with pytest.raises(PublishError, match="could not push"):
        choose_preview(Way.BRANCH, around)
    assert choose_preview(None, around).way is Way.ARTIFACT
    assert "contents: write" in choose_preview(None, around).reason


@pytest.mark.parametrize("wanted", [None, Way.BRANCH, Way.ARTIFACT])
def test_a_token_that_can_only_read(wanted: Way | None) -> None:
    """A fork's pull request gets an artifact, and the server is not asked."""
    around = replace(ALL_WELL, without_secrets=True, push_refused=unasked)
    assert choose_preview(wanted, around).way is Way.ARTIFACT


@pytest.mark.parametrize(
    "around",
    [
        replace(ALL_WELL, pages=UNKNOWN, artifacts=False),
        replace(ALL_WELL, without_secrets=True, artifacts=False),
        replace(ALL_WELL, push_refused=lambda: DENIED, artifacts=False),
    ],
)
def test_where_neither_can_be_had(around: Circumstances) -> None:
    """There is no preview, one sentence says why of both, and an artifact asked for by name is an unusable input."""
    found = choose_preview(None, around)
    assert found.way is Way.NONE
    assert "artifact service" in found.reason
    with pytest.raises(InputError):
        choose_preview(Way.ARTIFACT, around)


def test_no_preview_is_wanted() -> None:
    """Nothing is looked at."""
    assert choose_preview(Way.NONE, replace(ALL_WELL, push_refused=unasked)).way is Way.NONE


def test_every_error_says_what_to_do() -> None:
    """No hint is empty."""
    for pages, _ in NOT_SERVED:
        with pytest.raises(ActionError) as raised:
            choose_preview(Way.BRANCH, replace(ALL_WELL, pages=pages))
        assert raised.value.hint
