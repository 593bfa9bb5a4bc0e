"""The client of the Actions cache, whatever the service answers."""

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from docsfy_action.network import ONCE, Call, Response, Retries, Unreachable, always_usable
from docsfy_action.state.actions_cache import (
    ActionsCache,
    Denied,
    Exists,
    Fault,
    Miss,
    Restored,
    Saved,
    Service,
)


@dataclass
class Answers:
    """Gives answers one after the other, the last one again and again; what goes to a file goes there."""

    answers: list[Response | Unreachable]
    calls: list[Call] = field(default_factory=list)

    def send(
        self, call: Call, retries: Retries = ONCE, usable: Callable[[Response], bool] = always_usable
    ) -> Response | Unreachable:
        self.calls.append(call)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if call.into is not None and isinstance(answer, Response):
            call.into.write_bytes(answer.body)
        if isinstance(answer, Response):
            usable(answer)
        return answer


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=5,
)
NAMES = ["ok", "signed_download_url", "signedDownloadUrl", "matched_key", "signed_upload_url", "message", "msg"]
VALUES = JSON | st.sampled_from([True, "key", "https://a/b?sig=1", "https://[", "http://a", "https://a:x/", "key-2"])
BODIES = st.dictionaries(st.sampled_from(NAMES), VALUES).map(lambda said: json.dumps(said).encode()) | st.binary(
    max_size=40
)
HEADERS = st.dictionaries(
    st.sampled_from(["content-length", "retry-after"]), st.sampled_from(["", "2", "²", "-1", "x"])
)
STATUSES = st.sampled_from([200, 201, 204, 301, 401, 403, 404, 409, 429, 500])
RESPONSES = st.builds(Response, status=STATUSES, headers=HEADERS, body=BODIES)
ANY = st.lists(RESPONSES | st.just(Unreachable(reason="gone")), min_size=1, max_size=5)


@given(ANY)
@settings(max_examples=200, deadline=None)
def test_no_answer_raises(answers: list[Response | Unreachable]) -> None:
    """Whatever comes is a result."""
    service = Service(url="https://service/", token="t")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "file"
        file.write_bytes(b"12")
        one, other = (ActionsCache(service, Answers(list(answers)), mask=lambda _: None) for _ in range(2))
        assert isinstance(one.save("key", "v", file), Saved | Exists | Denied | Fault)
        found = other.restore(["key", "ke"], "v", Path(folder) / "down", limit=9)
        assert isinstance(found, Restored | Miss | Denied | Fault)


def test_what_is_sent_to_the_service_is_what_it_documents(tmp_path: Path) -> None:
    """Method, address, names and types: numbers of bytes are texts, and the token goes to the service alone."""
    file = tmp_path / "file"
    file.write_bytes(b"12345")
    made = Response(status=200, body=b'{"ok":true,"signed_upload_url":"https://store/b?sig=1"}')
    answers = Answers([made, Response(status=201), Response(status=200, body=b'{"ok":true,"entry_id":"1"}')])
    client = ActionsCache(Service(url="https://service/x/y/", token="t"), answers, mask=lambda _: None)
    assert client.save("key", "v", file) == Saved(size=5)
    create, put, finalize = answers.calls
    base = "https://service/twirp/github.actions.results.api.v1.CacheService/"
    assert (create.method, create.url) == ("POST", f"{base}CreateCacheEntry")
    assert json.loads(bytes(create.body if isinstance(create.body, bytes) else b"")) == {"key": "key", "version": "v"}
    assert create.headers["Authorization"] == finalize.headers["Authorization"] == "Bearer t"
    assert (put.method, put.url, put.headers["x-ms-blob-type"]) == ("PUT", "https://store/b?sig=1", "BlockBlob")
    assert "Authorization" not in put.headers
    assert finalize.url == f"{base}FinalizeCacheEntryUpload"
    assert isinstance(finalize.body, bytes)
    assert json.loads(finalize.body) == {"key": "key", "size_bytes": "5", "version": "v"}


def test_bytes_are_not_fetched_in_the_clear(tmp_path: Path) -> None:
    """Where the service is reached with encryption, an address without it is none of its own."""
    body = b'{"ok":true,"signed_download_url":"http://store/b?sig=1","matched_key":"key"}'
    answers = Answers([Response(status=200, body=body)])
    client = ActionsCache(Service(url="https://service/", token="t"), answers, mask=lambda _: None)
    assert isinstance(client.restore(["key"], "v", tmp_path / "down", limit=9), Fault)
    assert len(answers.calls) == 1
