"""Answers of GitHub's services, which may be anything."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.github.api import Api, Document, Refused, Server
from docsfy_action.github.artifacts import Backend, backend_of
from docsfy_action.github.pages import PagesSite, read_site
from docsfy_action.network import Call, Response, Retries, Unreachable

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["html_url", "build_type", "source", "branch", "public", "message"]), inner)
    ),
    max_leaves=8,
)


class Canned:
    """A network that always gives the same answer and notes what was asked."""

    def __init__(self, answer: Response | Unreachable) -> None:
        self.answer = answer
        self.calls: list[Call] = []

    def send(self, call: Call, retries: Retries = Retries(), usable: object = None) -> Response | Unreachable:  # noqa: B008 - frozen
        self.calls.append(call)
        return self.answer


def api(network: Canned) -> Api:
    """The API of a server whose base has a path."""
    server = Server(url="https://github.example.org/api/v3/", repository="o/n", token="secret")
    return Api(server, network, pause=lambda _: None)


@given(
    st.sampled_from([200, 201, 204, 302, 403, 404, 500]), st.binary(max_size=20) | _JSON.map(json.dumps).map(str.encode)
)
def test_any_answer_is_a_site_or_a_refusal(status: int, body: bytes) -> None:
    """Whatever the server sends, what comes back has its types; a refusal never counts as a site."""
    found = read_site(api(Canned(Response(status=status, body=body))))
    if isinstance(found, PagesSite):
        assert 200 <= status < 300
        assert isinstance(found.url, str)
    else:
        assert found.status == status


def test_a_server_that_cannot_be_reached() -> None:
    """The reason is kept."""
    assert api(Canned(Unreachable(reason="no route"))).get("pages") == Refused(status=0, message="no route")


@pytest.mark.parametrize(
    ("headers", "pauses"),
    [
        ({"retry-after": "7"}, [7]),
        ({"retry-after": "4000"}, []),
        (
            {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1767323050", "date": "Fri, 02 Jan 2026 03:04:05 GMT"},
            [6],
        ),
        (
            {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1767326650", "date": "Fri, 02 Jan 2026 03:04:05 GMT"},
            [],
        ),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1767323050", "date": "soon"}, []),
        (
            {"x-ratelimit-remaining": "9", "x-ratelimit-reset": "1767323050", "date": "Fri, 02 Jan 2026 03:04:05 GMT"},
            [],
        ),
        ({}, []),
    ],
)
def test_a_rate_limit_is_waited_for_where_that_takes_no_time(headers: dict[str, str], pauses: list[float]) -> None:
    """Once, as long as the server says in either way; not for an hour."""
    network, waited = Canned(Response(status=403, headers=headers)), list[float]()
    server = Server(url="https://api.example.org", repository="o/n", token="secret")
    assert isinstance(Api(server, network, pause=waited.append).get("pages"), Refused)
    assert waited == pauses
    assert len(network.calls) == 1 + len(pauses)


def test_where_and_how_it_is_asked() -> None:
    """Below the base of the server, with the token in a header and nowhere else."""
    network = Canned(Response(status=200, body=b"{}"))
    assert api(network).post("pages/deployments", {"artifact_id": 1}) == Document(content={})
    (call,) = network.calls
    assert call.url == "https://github.example.org/api/v3/repos/o/n/pages/deployments"
    assert call.headers["Authorization"] == "Bearer secret"
    assert call.body == b'{"artifact_id": 1}'
    assert "secret" not in repr(call)


@pytest.mark.parametrize(
    ("scopes", "found"),
    [
        ("Actions.Results:run:job", Backend(run="run", job="job")),
        ("a:b Actions.Results:run:job c", Backend(run="run", job="job")),
        ("Actions.Results:run", None),
        ("Actions.Results:run:", None),
        ("Actions.Results:run:job:more", None),
        ("", None),
    ],
)
def test_ids_in_the_runners_token(scopes: str, found: Backend | None) -> None:
    """Run and job stand in one of its scopes."""
    claims = base64.urlsafe_b64encode(json.dumps({"scp": scopes}).encode()).decode().rstrip("=")
    assert backend_of(f"head.{claims}.signature") == found


@given(st.text(max_size=30) | st.binary(max_size=20).map(lambda data: f"a.{base64.urlsafe_b64encode(data).decode()}.b"))
def test_any_token_can_be_opened(token: str) -> None:
    """No token raises, and none without scopes has ids."""
    assert backend_of(token) is None
