"""The one comment on a pull request, against GitHub's API on the loopback interface."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from docsfy_action.github.api import Api, Refused, Server
from docsfy_action.github.comments_api import Done, Kept, keep_comment
from docsfy_action.github.pulls import PullRequest, read_pull_request
from docsfy_action.network import Network
from tests.contract.github_service import REPOSITORY, TOKEN, GitHub

MARKER = "<!-- docsfy-action 0123456789ab -->"
BODY = f"{MARKER}\n\n### Documentation"


@pytest.fixture
def github() -> Iterator[GitHub]:
    """The service."""
    with GitHub() as service:
        yield service


@pytest.fixture
def api(github: GitHub) -> Iterator[Api]:
    """A client of it with the job's token."""
    server = Server(url=f"{github.address}/api/v3", repository=REPOSITORY, token=TOKEN)
    with closing(Network({}, jitter=lambda: 0.0, pause=lambda _: None)) as network:
        yield Api(server, network, pause=lambda _: None)


def keep(api: Api, body: str = BODY, *, make: bool = True) -> Kept | Refused:
    """Keep the comment of pull request 7."""
    return keep_comment(api, 7, body, marker=MARKER, make=make)


def asked(github: GitHub, *methods: str) -> list[str]:
    """Requests that changed something."""
    return [method for method, _, _ in github.asks if method in (methods or ("POST", "PATCH", "DELETE"))]


def done(kept: Kept | Refused) -> Done:
    """What became of it."""
    assert isinstance(kept, Kept), kept
    return kept.done


def test_it_is_made_once_and_then_changed_in_place(github: GitHub, api: Api) -> None:
    """A second run finds it again; one that says the same writes nothing."""
    assert done(keep(api)) is Done.MADE
    assert done(keep(api, f"{BODY} anew")) is Done.UPDATED
    assert [comment["body"] for comment in github.comments] == [f"{BODY} anew"]
    before = asked(github, "PATCH", "DELETE")
    assert done(keep(api, f"{BODY} anew")) is Done.AS_IT_WAS
    assert asked(github, "PATCH", "DELETE") == before
    assert len(github.comments) == 1


def test_where_none_is_wanted_none_is_made_but_one_that_is_there_is_changed(github: GitHub, api: Api) -> None:
    """A pull request without changes needs no comment; one that had some must not go on saying so."""
    assert done(keep(api, make=False)) is Done.NOT_NEEDED
    assert github.comments == []
    keep(api)
    assert done(keep(api, f"{BODY}: no page changes", make=False)) is Done.UPDATED


def test_a_strangers_comment_with_the_marker_is_not_touched(github: GitHub, api: Api) -> None:
    """Anybody can write the marker; only what the token's account wrote is ours. Nor is a comment ours that quotes one."""
    stranger = github.comment(BODY, "mallory")
    quoting = github.comment(f"See this:\n\n{BODY}")
    assert done(keep(api, f"{BODY} ours")) is Done.MADE
    assert stranger["body"] == BODY
    assert str(quoting["body"]).startswith("See")
    assert done(keep(api, f"{BODY} ours again")) is Done.UPDATED
    assert [comment["user"] for comment in github.comments].count({"login": "mallory"}) == 1


@pytest.mark.parametrize(("account", "author"), [("", "github-actions[bot]"), ("a-person", "A-Person")])
def test_whose_comment_it_is(github: GitHub, api: Api, account: str, author: str) -> None:
    """The token's account is asked for; where the server does not say, it is the one that workflows write as."""
    github.account = account
    github.comment(BODY, author)
    assert done(keep(api, f"{BODY} anew")) is Done.UPDATED


def test_it_is_found_on_a_later_page(github: GitHub, api: Api) -> None:
    """A busy pull request has more comments than one answer holds."""
    for number in range(230):
        github.comment(f"Comment {number}", "somebody")
    ours = github.comment(BODY)
    github.comment(f"{MARKER} of another pull request", number=8)
    assert done(keep(api, f"{BODY} anew")) is Done.UPDATED
    assert ours["body"] == f"{BODY} anew"


def test_two_of_ours_become_one(github: GitHub, api: Api) -> None:
    """Two first runs at once can each make one: the older stays."""
    first, _ = github.comment(BODY), github.comment(BODY)
    other = github.comment(BODY.replace("0123", "3210"))
    assert done(keep(api, f"{BODY} anew")) is Done.UPDATED
    assert github.comments == [first, other]


def test_one_that_went_meanwhile_is_made_again(github: GitHub, api: Api) -> None:
    """Somebody may delete it between the look and the change."""
    ours = github.comment(BODY)
    github.denied[f"PATCH issues/comments/{ours['id']}"] = [(404, {"message": "Not Found"})]
    assert done(keep(api, f"{BODY} anew")) is Done.MADE


@pytest.mark.parametrize("status", [401, 403, 404, 410, 422, 429, 500, 502, 503])
@pytest.mark.parametrize("where", ["issues/7/comments", "POST issues/7/comments"])
def test_a_refusal_is_a_value(github: GitHub, api: Api, status: int, where: str) -> None:
    """Whatever the server answers to the look or to the making, it is told and not raised, and nothing is made twice."""
    github.denied[where] = [(status, {"message": "Resource not accessible by integration"})]
    found = keep(api)
    assert isinstance(found, Refused)
    assert found.status == status
    assert github.comments == []
    assert len([one for one in github.asks if one[0] == "POST"]) <= 1


def test_a_refused_change_is_a_value(github: GitHub, api: Api) -> None:
    """As when the conversation was locked."""
    ours = github.comment(BODY)
    github.denied[f"PATCH issues/comments/{ours['id']}"] = [(403, {"message": "locked"})]
    assert isinstance(keep(api, f"{BODY} anew"), Refused)
    assert ours["body"] == BODY


def test_a_body_that_is_too_long_is_refused(github: GitHub, api: Api) -> None:
    """The service refuses what GitHub refuses, so that the bound of the comment is tested against it."""
    assert isinstance(keep(api, MARKER + "x" * 65_536), Refused)


def test_a_list_of_anything_else_holds_no_comment(github: GitHub, api: Api) -> None:
    """What the server sends is looked at piece by piece."""
    github.denied["issues/7/comments"] = [(200, [None, 3, {"id": "x", "body": BODY}, {"body": BODY, "user": 4}])]
    assert done(keep(api)) is Done.MADE


def test_a_pull_request_as_it_is_now(github: GitHub, api: Api) -> None:
    """Its head and where that lives; missing parts are empty, and what is in no state is no pull request."""
    github.pulls[7] = {"state": "open", "head": {"sha": "a" * 40, "repo": {"full_name": "stranger/shop"}}}
    github.pulls[8] = {"state": "closed", "head": None}
    assert read_pull_request(api, 7) == PullRequest(head="a" * 40, repository="stranger/shop", is_open=True)
    assert read_pull_request(api, 8) == PullRequest(head="", repository="", is_open=False)
    github.pulls[8] = {"head": None}
    assert isinstance(read_pull_request(api, 8), Refused)
    assert isinstance(read_pull_request(api, 9), Refused)
