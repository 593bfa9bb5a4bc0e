"""The Pages artifact and its deployment, against GitHub's services on the loopback interface."""

import io
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from docsfy_action.errors import Cancelled, PublishError
from docsfy_action.github.api import Api, Refused, Server
from docsfy_action.github.artifacts import Artifacts, RunnerService, Uploaded, backend_of
from docsfy_action.github.pages import PagesSite, TokenService, Wait, deploy, identity_token, read_site
from docsfy_action.github.pages_artifact import write_pages_artifact
from docsfy_action.network import Network
from docsfy_action.storage import Upload
from tests.contract.github_service import (
    IDENTITY,
    JOB,
    REPOSITORY,
    REQUEST_TOKEN,
    RUN,
    TOKEN,
    GitHub,
    broken_rules,
    runtime_token,
)

TOMORROW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SETTINGS = "https://github.com/somebody/shop/settings/pages"


@pytest.fixture
def github() -> Iterator[GitHub]:
    """The services."""
    with GitHub() as service:
        yield service


@pytest.fixture
def network() -> Iterator[Network]:
    """A network without pauses."""
    with closing(Network({}, pause=lambda _: None)) as made:
        yield made


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with what a site must not have in an artifact."""
    folder = tmp_path / "site"
    for name in ("index.html", "assets/a b.css", ".nojekyll", ".well-known/security.txt", ".git/config", ".cache/x"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    (folder / "assets").chmod(0o700)
    (folder / "index.html").chmod(0o600)
    (folder / "copy.html").hardlink_to(folder / "index.html")
    return folder


@pytest.fixture
def archive(site: Path, tmp_path: Path) -> Path:
    """The site as an artifact."""
    return write_pages_artifact(site, tmp_path)


def client(
    github: GitHub, network: Network, masked: list[str] | None = None, upload: Upload | None = None
) -> Artifacts:
    """A client of the artifact service."""
    service = RunnerService(url=f"{github.address}/x/y", token=runtime_token())
    return Artifacts(service, network, mask=(masked if masked is not None else []).append, upload=upload)


def api(github: GitHub, network: Network, pause: Callable[[float], None] = lambda _: None) -> Api:
    """The REST API, at a path as on GitHub Enterprise Server."""
    server = Server(url=f"{github.address}/api/v3", repository=REPOSITORY, token=TOKEN)
    return Api(server, network, pause=pause)


class Waiting:
    """A clock that moves when somebody waits."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def pause(self, seconds: float) -> None:
        self.seconds += seconds

    @property
    def wait(self) -> Wait:
        return Wait(pause=self.pause, clock=lambda: self.seconds, jitter=lambda: 0.5)


def deployed(github: GitHub, network: Network, waiting: Waiting | None = None) -> str:
    """Deploys what is uploaded."""
    return deploy(
        api(github, network),
        artifact=github.artifacts["github-pages"].number if github.artifacts else 1,
        version="a" * 40,
        identity=IDENTITY,
        settings_url=SETTINGS,
        wait=(waiting or Waiting()).wait,
    )


def members(archive: Path) -> dict[str, tarfile.TarInfo]:
    """What is in the artifact."""
    with zipfile.ZipFile(archive) as packed:
        return {one.name: one for one in tarfile.open(fileobj=io.BytesIO(packed.read("artifact.tar"))).getmembers()}


def test_the_artifact_keeps_the_rules_of_pages(archive: Path) -> None:
    """One tar of files and folders that everybody can read, starting at the site's top, and no hidden files but the needed."""
    assert broken_rules(archive.read_bytes()) == []
    found = members(archive)
    assert set(found) == {
        ".", "./index.html", "./copy.html", "./assets", "./assets/a b.css", "./.nojekyll", "./.well-known",
        "./.well-known/security.txt",
    }  # fmt: skip
    assert {oct(one.mode) for one in found.values() if one.isreg()} == {"0o644"}
    assert {oct(one.mode) for one in found.values() if one.isdir()} == {"0o755"}


def test_the_rules_can_be_broken() -> None:
    """The check is one that fails: links, closed files, hidden folders and names from elsewhere are found."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as tar:
        for name, kind in (("./a", tarfile.SYMTYPE), ("./b", tarfile.LNKTYPE), ("c", tarfile.REGTYPE)):
            about = tarfile.TarInfo(name)
            about.type, about.mode = kind, 0o600
            tar.addfile(about)
        tar.addfile(tarfile.TarInfo("./.git/x"))
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("artifact.tar", content.getvalue())
    said = " ".join(broken_rules(archive.getvalue()))
    assert all(
        word in said for word in ("./a is neither", "./b is neither", "c cannot be read", "c does not start", ".git")
    )
    with zipfile.ZipFile(archive, "a") as packed:
        packed.writestr("more", "")
    assert "not one artifact.tar" in broken_rules(archive.getvalue())[0]


def test_the_same_site_gives_the_same_bytes(site: Path, tmp_path: Path) -> None:
    """Neither times nor owners nor the order of the disk are in it."""
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    first = write_pages_artifact(site, one).read_bytes()
    (site / "index.html").touch()
    assert write_pages_artifact(site, two).read_bytes() == first


def test_a_link_in_the_site_is_an_error(site: Path, tmp_path: Path) -> None:
    """It is neither followed nor dropped in silence."""
    (site / "assets" / "link").symlink_to("/etc/passwd")
    with pytest.raises(PublishError, match="assets/link"):
        write_pages_artifact(site, tmp_path)


def test_a_site_that_is_too_large(site: Path, tmp_path: Path) -> None:
    """It is refused before it is uploaded."""
    with pytest.raises(PublishError, match="at most 100"):
        write_pages_artifact(site, tmp_path, max_bytes=100)


@pytest.mark.parametrize("upload", [None, Upload(single=100, block=64)])
def test_an_upload_is_stored_whole(github: GitHub, network: Network, archive: Path, upload: Upload | None) -> None:
    """In one piece or in blocks; the service checked size and digest, and the signed address is masked."""
    masked: list[str] = []
    done = client(github, network, masked, upload).upload("github-pages", archive, expires=TOMORROW)
    made = github.artifacts["github-pages"]
    assert made.content == archive.read_bytes()
    assert done == Uploaded(number=made.number, size=len(made.content))
    assert bool(made.blocks) is bool(upload)
    assert made.told == {
        "workflow_run_backend_id": RUN, "workflow_job_run_backend_id": JOB, "name": "github-pages", "version": 7,
        "mime_type": "application/zip", "expires_at": "2026-11-24T12:00:00Z",
    }  # fmt: skip
    assert masked == [f"{github.address}/blob/github-pages?sig=a-signature"]


def test_an_artifact_of_an_earlier_attempt_is_replaced(github: GitHub, network: Network, archive: Path) -> None:
    """A job that is run again finds its own artifact there; Pages wants exactly one."""
    for _ in range(2):
        client(github, network).upload("github-pages", archive, expires=TOMORROW)
    assert [one.content for one in github.artifacts.values()] == [archive.read_bytes()]


@pytest.mark.parametrize(
    ("method", "answers", "said"),
    [
        ("CreateArtifact", [(403, {"msg": "no rights"})], "403 (no rights)"),
        ("CreateArtifact", [(200, {"ok": True})], "no address"),
        ("CreateArtifact", [(200, {"ok": True, "signed_upload_url": "ftp://x"})], "no address"),
        ("CreateArtifact", [(200, {"ok": True, "signed_upload_url": "http://127.0.0.1:1/x"})], "could not be uploaded"),
        ("FinalizeArtifact", [(200, {"ok": False})], "did not confirm"),
        ("FinalizeArtifact", [(500, {})], "status 500"),
    ],
)
def test_what_the_service_refuses_is_told(
    github: GitHub,
    network: Network,
    archive: Path,
    method: str,
    answers: list[tuple[int, dict[str, object]]],
    said: str,
) -> None:
    """The error names the artifact and the reason."""
    github.denied[method] = [*answers]
    with pytest.raises(PublishError) as raised:
        client(github, network).upload("github-pages", archive, expires=TOMORROW)
    assert said in raised.value.message
    assert "github-pages" in raised.value.message


def test_a_service_that_stumbles_is_asked_again(github: GitHub, network: Network, archive: Path) -> None:
    """An error of the server is not the end."""
    github.denied["CreateArtifact"] = [(503, {}), (500, {}), (0, {})]
    client(github, network).upload("github-pages", archive, expires=TOMORROW)
    assert github.artifacts["github-pages"].number


def test_a_token_that_names_no_run(github: GitHub, network: Network, archive: Path) -> None:
    """Nothing is sent with it."""
    service = RunnerService(url=github.address, token="no.dG9rZW4.here")
    with pytest.raises(PublishError, match="names no run"):
        Artifacts(service, network, mask=lambda _: None).upload("github-pages", archive)
    assert github.asks == []


def test_a_deployment_is_followed_to_its_end(github: GitHub, network: Network, archive: Path) -> None:
    """The artifact of this run, the commit and the identity are sent; the site's address comes back."""
    client(github, network).upload("github-pages", archive, expires=TOMORROW)
    assert deployed(github, network) == f"{github.address}/site/"
    number = github.artifacts["github-pages"].number
    assert github.deployments == [{"artifact_id": number, "pages_build_version": "a" * 40, "oidc_token": IDENTITY}]
    assert github.cancelled == []
    assert sum(path.endswith("a" * 40) for _, path, _ in github.asks) == 3


def test_another_deployment_in_progress_is_waited_for(github: GitHub, network: Network, archive: Path) -> None:
    """Two runs that deploy at once do so one after the other."""
    client(github, network).upload("github-pages", archive, expires=TOMORROW)
    message = "Deployment request failed for x due to in progress deployment. Please cancel y first or wait."
    github.denied["pages/deployments"] = [(400, {"message": message}), (200, {"id": "z", "page_url": "https://x/"})]
    waiting = Waiting()
    assert deployed(github, network, waiting) == "https://x/"
    assert waiting.seconds >= 5


@pytest.mark.parametrize(
    ("status", "message", "hint"),
    [
        (403, "Resource not accessible by integration", "pages: write"),
        (404, "Not Found", SETTINGS),
        (
            400,
            "Missing environment. Ensure your workflow's deployment job has an environment.",
            "environment: github-pages",
        ),
        (400, "Invalid", SETTINGS),
        (502, "Server Error", "githubstatus.com"),
    ],
)
def test_a_refused_deployment_says_what_to_set(
    github: GitHub, network: Network, status: int, message: str, hint: str
) -> None:
    """Permissions, Pages itself, its source, the job's environment."""
    github.denied["pages/deployments"] = [(status, {"message": message})]
    with pytest.raises(PublishError) as raised:
        deployed(github, network)
    assert hint in raised.value.hint
    assert message in raised.value.message


@pytest.mark.parametrize("status", ["deployment_failed", "deployment_content_failed", "deployment_lost"])
def test_a_deployment_that_fails(github: GitHub, network: Network, archive: Path, status: str) -> None:
    """Its last status ends the run with an error."""
    client(github, network).upload("github-pages", archive, expires=TOMORROW)
    github.statuses[:] = ["deployment_attempt_error", status]
    with pytest.raises(PublishError, match=status):
        deployed(github, network)


def test_a_deployment_that_does_not_end_is_cancelled(github: GitHub, network: Network, archive: Path) -> None:
    """After ten minutes."""
    client(github, network).upload("github-pages", archive, expires=TOMORROW)
    github.statuses[:] = ["updating_pages"]
    waiting = Waiting()
    with pytest.raises(PublishError, match="600 s"):
        deployed(github, network, waiting)
    assert 600 <= waiting.seconds < 640
    assert github.cancelled == ["a" * 40]


def test_a_run_that_is_cancelled_cancels_its_deployment(github: GitHub, network: Network, archive: Path) -> None:
    """Otherwise it would go on with nobody to see how it ends."""
    client(github, network).upload("github-pages", archive, expires=TOMORROW)

    class Signalled(Waiting):
        def pause(self, seconds: float) -> None:
            raise Cancelled("SIGTERM")

    with pytest.raises(Cancelled):
        deployed(github, network, Signalled())
    assert github.cancelled == ["a" * 40]


def test_the_identity_token(github: GitHub, network: Network) -> None:
    """Asked for with the job's request token, and masked; without the permission the error names it."""
    masked: list[str] = []
    service = TokenService(url=f"{github.address}/identity?api-version=2.0", token=REQUEST_TOKEN)
    assert identity_token(service, network, mask=masked.append) == IDENTITY
    assert masked == [IDENTITY]
    github.identity_refused = True
    with pytest.raises(PublishError) as raised:
        identity_token(service, network, mask=masked.append)
    assert "id-token: write" in raised.value.hint


def test_how_pages_is_set_up(github: GitHub, network: Network) -> None:
    """Source, branch and address; refused where Pages is off."""
    github.pages = {
        "build_type": "legacy", "html_url": "https://x/", "public": False, "source": {"branch": "gh-pages", "path": "/"}
    }  # fmt: skip
    expected = PagesSite(url="https://x/", source="legacy", branch="gh-pages", path="/", public=False)
    assert read_site(api(github, network)) == expected
    github.pages = {}
    assert read_site(api(github, network)) == Refused(status=404, message="Not Found")


@pytest.mark.parametrize(("wait", "paused"), [("7", [7]), ("3600", []), ("soon", [])])
def test_a_server_that_has_had_enough(github: GitHub, network: Network, wait: str, paused: list[float]) -> None:
    """It is given the time it asks for, once, where a job can spare that."""
    pauses: list[float] = []
    github.denied["pages"] = [(429, {"message": "slow\ndown"})]
    github.headers[f"/api/v3/repos/{REPOSITORY}/pages"] = {"Retry-After": wait, "X-GitHub-Request-Id": "A:1"}
    found = api(github, network, pauses.append).get("pages")
    assert found == Refused(status=429, message="slow down", limited=True, request="A:1")
    assert pauses == paused


def test_lists_are_read_page_after_page(github: GitHub, network: Network) -> None:
    """As the server links them, and never with the token to another server."""
    items = f"/api/v3/repos/{REPOSITORY}/items"
    second = f"{github.address}{items}?per_page=100&page=2"
    github.denied["items"] = [(200, [1, 2]), (200, [3])]
    github.headers[f"{items}?per_page=100"] = {"Link": f'<https://x/>; rel="prev", <{second}>; rel="next"'}
    github.headers[f"{items}?per_page=100&page=2"] = {"Link": '<http://127.0.0.1:1/steal>; rel="next"'}
    assert api(github, network).get_all("items") == (1, 2, 3)
    assert [path for _, path, _ in github.asks] == [f"{items}?per_page=100", f"{items}?per_page=100&page=2"]


@pytest.mark.parametrize("token", ["", "a.b", "a.!!.c", "a.bnVsbA.c", "a.eyJzY3AiOiI6OiJ9.c", "a.eyJzY3AiOjF9.c"])
def test_tokens_without_ids(token: str) -> None:
    """The runner's token is opened, not believed to be well formed."""
    assert backend_of(token) is None
