"""The client of the Actions cache against a service on loopback."""

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from docsfy_action.network import Network
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
from docsfy_action.storage import Upload
from tests.contract.cache_service import MAIN, TOKEN, Access, CacheService, Cut, Wrong

VERSION = "0" * 64
LIMIT = 1_000_000
FEATURE = "refs/heads/feature"


class Machine:
    """A client, the pauses that it made, and what it had masked."""

    def __init__(
        self, service: CacheService, folder: Path, *, token: str = TOKEN, upload: Upload | None = None
    ) -> None:
        self.pauses: list[float] = []
        self.masked: list[str] = []
        self.folder = folder
        self.network = Network({}, pause=self.pauses.append, jitter=lambda: 0.5)
        told = Service(url=service.url + "some/path", token=token)
        self.client = ActionsCache(told, self.network, mask=self.masked.append, upload=upload)

    def save(self, key: str, data: bytes = b"content") -> Saved | Exists | Denied | Fault:
        file = self.folder / "up"
        file.write_bytes(data)
        return self.client.save(key, VERSION, file)

    def restore(self, *keys: str, limit: int = LIMIT) -> Restored | Miss | Denied | Fault:
        return self.client.restore(keys, VERSION, self.folder / "down", limit=limit)

    @property
    def restored(self) -> bytes:
        return (self.folder / "down").read_bytes()


New = Callable[..., Machine]


@pytest.fixture
def service() -> Iterator[CacheService]:
    """A service without entries."""
    with CacheService() as found:
        yield found


@pytest.fixture
def machine(service: CacheService, tmp_path: Path) -> Iterator[New]:
    """Makes machines that talk to the service."""
    made: list[Machine] = []

    def new(*, token: str = TOKEN, upload: Upload | None = None) -> Machine:
        folder = tmp_path / str(len(made))
        folder.mkdir()
        made.append(Machine(service, folder, token=token, upload=upload))
        return made[-1]

    yield new
    for one in made:
        one.network.close()


def test_what_one_machine_saves_another_restores(machine: New) -> None:
    """By its whole key, or by the beginning of it."""
    assert machine().save("docs-a-1", b"one") == Saved(size=3)
    other = machine()
    assert other.restore("docs-a-1") == Restored(key="docs-a-1", size=3)
    assert other.restore("docs-a-2", "docs-a-") == Restored(key="docs-a-1", size=3)
    assert other.restored == b"one"
    assert other.restore("docs-b-") == Miss()


def test_the_newest_entry_of_the_own_scope_comes_first(service: CacheService, machine: New) -> None:
    """A branch sees the default branch's entries after its own, and its own are seen by no other."""
    service.tokens["feature"] = Access(reads=(FEATURE, MAIN), writes=FEATURE)
    machine().save("docs-main-1", b"main 1")
    machine().save("docs-main-2", b"main 2")
    branch = machine(token="feature")
    assert branch.restore("docs-feature-", "docs-main-") == Restored(key="docs-main-2", size=6)
    branch.save("docs-feature-1", b"feature")
    assert branch.restore("docs-feature-", "docs-main-") == Restored(key="docs-feature-1", size=7)
    assert machine().restore("docs-feature-") == Miss()


def test_entries_never_change(machine: New) -> None:
    """A key that is taken is no fault, and is not tried again."""
    one = machine()
    one.save("docs-1", b"first")
    assert one.save("docs-1", b"second") == Exists()
    one.restore("docs-1")
    assert one.restored == b"first"
    assert one.pauses == []


def test_a_token_that_may_only_read_is_told_apart(service: CacheService, machine: New) -> None:
    """Saving is denied with the service's words; so is reading with a token that may not."""
    service.tokens["reader"] = Access(writes="")
    denied = machine(token="reader").save("docs-1")
    assert denied == Denied(reason="cache write denied: the token may only read")
    assert machine(token="nobody").restore("docs-1") == Denied(reason="bad token")
    service.faults["GetCacheEntryDownloadURL"] = [Wrong(status=403, body=b"forbidden")]
    assert machine().restore("docs-1") == Denied(reason="status 403")


def test_passing_faults_are_sat_out(service: CacheService, machine: New) -> None:
    """Five attempts, as the toolkit makes them: first after 3 seconds, then after one and a half times as many or more."""
    service.faults["CreateCacheEntry"] = [Wrong(status=status) for status in (500, 502, 503, 504)]
    one = machine()
    assert one.save("docs-1") == Saved(size=7)
    assert one.pauses == [3.0, pytest.approx(5.625), pytest.approx(8.4375), pytest.approx(12.65625)]


@pytest.mark.parametrize("method", ["CreateCacheEntry", "FinalizeCacheEntryUpload", "PUT"])
def test_lasting_faults_are_reported(service: CacheService, machine: New, method: str) -> None:
    """After the fifth attempt it is a fault, wherever on the way."""
    service.faults[method] = [Wrong(status=503)] * 5
    fault = machine().save("docs-1")
    assert isinstance(fault, Fault)
    assert "503" in fault.reason
    assert service.asked.count(method) == 5
    assert service.final == []


def test_what_is_no_json_is_asked_for_again(service: CacheService, machine: New) -> None:
    """A proxy's page in the place of an answer passes too, or is a fault."""
    page = Wrong(status=200, body=b"<html>please log in</html>")
    machine().save("docs-1")
    service.faults["GetCacheEntryDownloadURL"] = [page]
    assert machine().restore("docs-1") == Restored(key="docs-1", size=7)
    service.faults["GetCacheEntryDownloadURL"] = [page] * 5
    assert machine().restore("docs-1") == Fault(reason="The cache service answered with something that is no JSON")


def test_too_many_requests_are_not_made_more(service: CacheService, machine: New) -> None:
    """A rate limit is reported with what the service asks for, and nothing is tried again."""
    service.faults["CreateCacheEntry"] = [Wrong(status=429, headers={"Retry-After": "42"})]
    one = machine()
    assert one.save("docs-1") == Fault(reason="The cache service has had too many requests; it asks to wait 42 s")
    assert one.pauses == []


def test_an_expired_address_is_asked_for_once_more(service: CacheService, machine: New) -> None:
    """Once, and no more."""
    machine().save("docs-1")
    service.expired = 1
    assert machine().restore("docs-1") == Restored(key="docs-1", size=7)
    service.expired = 2
    assert machine().restore("docs-1") == Fault(reason="The entry could not be downloaded: status 403")


def test_a_download_that_was_cut_off_is_noticed(service: CacheService, machine: New) -> None:
    """By its length; it is tried again, and half an entry is never handed out."""
    machine().save("docs-1", b"x" * 200_000)
    service.faults["GET"] = [Cut()]
    one = machine()
    assert one.restore("docs-1") == Restored(key="docs-1", size=200_000)
    assert one.pauses == [3.0]
    service.faults["GET"] = [Cut()] * 5
    fault = one.restore("docs-1")
    assert isinstance(fault, Fault)
    assert "broke off" in fault.reason


def test_an_entry_that_is_too_large_is_left_alone(machine: New) -> None:
    """No more is downloaded than was agreed, and not five times."""
    machine().save("docs-1", b"x" * 200_000)
    one = machine()
    fault = one.restore("docs-1", limit=100_000)
    assert fault == Fault(reason="The entry could not be downloaded: it sent more than 100,000 bytes")
    assert one.pauses == []


@pytest.mark.parametrize("size", [100, 101, 250, 300])
def test_large_files_go_up_in_blocks(service: CacheService, machine: New, size: int) -> None:
    """In pieces of one size, the last one shorter, and then their list."""
    data = bytes(number % 251 for number in range(size))
    assert machine(upload=Upload(single=100, block=64)).save("docs-1", data) == Saved(size=size)
    assert service.final[0].data == data
    assert len(service.final[0].blocks) == (0 if size == 100 else -(-size // 64))


def test_blocks_go_up_at_once(service: CacheService, machine: New) -> None:
    """As many as are allowed are on their way together, and they are put together in their order."""
    service.together = threading.Barrier(4)
    data = bytes(range(256))
    assert machine(upload=Upload(single=1, block=32, at_once=4)).save("docs-1", data) == Saved(size=256)
    assert service.final[0].data == data


def test_a_block_that_fails_ends_the_upload(service: CacheService, machine: New) -> None:
    """No list of blocks is sent, so that nobody finds half an entry; what has not been begun is not."""
    service.faults["PUT"] = [Wrong(status=400)]
    fault = machine(upload=Upload(single=1, block=1, at_once=1)).save("docs-1", b"12345678")
    assert fault == Fault(reason="The entry could not be uploaded: the storage answered with status 400")
    assert service.final == []
    assert service.asked == ["CreateCacheEntry", "PUT"]


def test_names_in_camel_case_are_understood(service: CacheService, machine: New) -> None:
    """Twirp may answer in either form."""
    service.camel_case = True
    assert machine().save("docs-1") == Saved(size=7)
    assert machine().restore("docs-1") == Restored(key="docs-1", size=7)


def test_nobody_is_followed_elsewhere(service: CacheService, machine: New) -> None:
    """A redirect would take the token, or a signed address, to another host."""
    machine().save("docs-1")
    away = Wrong(status=302, headers={"Location": "http://127.0.0.1:9/elsewhere"})
    service.faults["GET"] = [away]
    assert machine().restore("docs-1") == Fault(reason="The entry could not be downloaded: status 302")
    service.faults["GetCacheEntryDownloadURL"] = [away]
    assert machine().restore("docs-1") == Fault(reason="The cache service answered with status 302")


def test_an_answer_without_end_is_not_read(service: CacheService, machine: New) -> None:
    """What is no file has a bound as well."""
    service.faults["GetCacheEntryDownloadURL"] = [Wrong(status=200, body=b" " * 2_000_000)]
    fault = machine().restore("docs-1")
    assert fault == Fault(reason="The cache service could not be reached: it sent more than 1,000,000 bytes")


def test_an_answer_that_was_not_asked_for_is_not_believed(service: CacheService, machine: New) -> None:
    """Neither an entry with another key nor an address that is none of http."""
    for body in (
        b'{"ok":true,"signed_download_url":"http://127.0.0.1:9/x?sig=1","matched_key":"other"}',
        b'{"ok":true,"signed_download_url":"file:///etc/passwd","matched_key":"docs-1"}',
        b'{"ok":true,"signed_download_url":["x"],"matched_key":"docs-1"}',
    ):
        service.faults["GetCacheEntryDownloadURL"] = [Wrong(status=200, body=body)]
        fault = machine().restore("docs-1")
        assert fault == Fault(reason="The cache service answered with an entry that was not asked for")


def test_a_service_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    """Named by its host and without its address's secrets."""
    network = Network({}, pause=lambda _: None)
    client = ActionsCache(Service(url="http://127.0.0.1:9/", token="t"), network, mask=lambda _: None)
    fault = client.restore(["docs-1"], VERSION, tmp_path / "down", limit=LIMIT)
    assert fault == Fault(reason="The cache service could not be reached: no connection to 127.0.0.1 could be made")


def test_signatures_and_the_token_stand_nowhere(
    service: CacheService, machine: New, caplog: pytest.LogCaptureFixture
) -> None:
    """They are masked before use, and neither logs nor results hold them, also where everything is logged and all fails."""
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("urllib3").setLevel(logging.CRITICAL + 1)
        one = machine()
        said = [one.save("docs-1"), one.restore("docs-1")]
        service.faults["GET"] = [Wrong(status=500, body=b"")] * 5
        said += [one.restore("docs-1")]
        service.expired = 2
        said += [one.restore("docs-1")]
    assert any("sig=good-signature" in text for text in one.masked)
    assert any(text == "se=2026&sig=good-signature" for text in one.masked)
    told = caplog.text + repr(said) + repr(one.client.__dict__.get("_network"))
    assert "sig=" not in told
    assert TOKEN not in told


def test_keys_are_those_that_the_service_takes(machine: New) -> None:
    """No comma, 512 characters and ten of them at most: another one is a mistake of ours."""
    for keys in (["a,b"], ["x" * 513], ["k"] * 11, []):
        with pytest.raises(ValueError, match="no key that"):
            machine().restore(*keys)
