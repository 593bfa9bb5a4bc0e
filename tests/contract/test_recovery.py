"""Pages of a model that are taken back from the published site when the cache holds them no longer."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from docsfy_action.network import ONCE
from docsfy_action.stages import recovery
from docsfy_action.state.published import FILE
from tests.contract.cache_service import CacheService
from tests.contract.conftest import Begin
from tests.contract.github_service import GitHub
from tests.contract.lifecycle import ANTHROPIC, GIFT, MODEL_PAGES, Life, Round
from tests.contract.models.documenter import Documenter
from tests.integration.git_http import TOKEN as GIT_TOKEN
from tests.integration.git_http import served
from tests.integration.program import commit, git

SITE = f"/site/{FILE}"


@pytest.fixture
def github() -> Iterator[GitHub]:
    """GitHub's services, with the site that GitHub Pages serves."""
    with GitHub() as service:
        yield service


@pytest.fixture
def cache() -> Iterator[CacheService]:
    """A cache service without entries."""
    with CacheService() as service:
        yield service


def evicted(life: Life) -> None:
    """The state is gone, as the Actions cache forgets what was not used for a week."""
    shutil.rmtree(life.program.state)


def job(life: Life, github: GitHub) -> dict[str, str]:
    """A job on the default branch of the repository; its state lies in a folder."""
    return {**github.environment(), "GITHUB_REF_NAME": "main", "INPUT_CACHE": "directory", "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_WORKSPACE": str(life.folder), "GITHUB_EVENT_NAME": "push"}  # fmt: skip


def publish(life: Life, github: GitHub) -> dict[str, object]:
    """What the last run made is what is served from now on."""
    data = (life.folder / "_docsfy/site" / FILE).read_bytes()
    github.files[SITE] = data
    found = json.loads(data)
    assert isinstance(found, dict)
    return found


def warnings(done: Round) -> str:
    """The report's warnings."""
    said = done.report["warnings"]
    assert isinstance(said, list)
    return "\n".join(said)


def test_pages_come_back_from_the_published_site(begin: Begin, github: GitHub, cache: CacheService) -> None:
    """At the same commit no call is made, and the site is what it was; a later commit costs what it would have cost with the
    state; the cache has it again then, and the published site is needed no more. A plan expects the same, and leaves nothing
    behind. A run of an older commit uses newer pages, and does not leave its own in their place."""
    life = begin(Documenter(), documented=True)
    before = life.program.site()
    environment = {**job(life, github), **cache.environment(), "INPUT_CACHE": "actions"}
    publish(life, github)
    evicted(life)
    plan = life("--dry-run", **environment)
    assert plan.report["ai_calls"] == 0, plan.printed
    assert not life.program.state.exists()
    again = life(**environment)
    assert again.outcome.status == 0, again.printed
    assert again.asks == ()
    assert again.outcome.pages("write", "patch", "fail", "remove") == {}
    assert life.program.site() == before
    assert warnings(again) == ""
    assert "from the published site" in str(again.report["state"])
    assert len(cache.final) == 1
    cache.entries.clear()
    evicted(life)
    commit(life.folder, GIFT, "Gifts")
    changed = life(**environment)
    assert changed.outcome.status == 0, changed.printed
    assert {"page", "outline"}.isdisjoint(changed.tasks)
    assert 0 < len(changed.asked_for("patch")) < len(MODEL_PAGES)
    assert changed.by(ANTHROPIC.label) == MODEL_PAGES
    asked = len(github.asks)
    evicted(life)
    assert life(**environment).asks == ()
    assert github.asks[asked:] == []
    publish(life, github)
    cache.entries.clear()
    evicted(life)
    git(life.folder, "checkout", "--quiet", "HEAD~")
    old = life(**environment)
    assert old.outcome.status == 0, old.printed
    assert {"page", "outline"}.isdisjoint(old.tasks)
    assert cache.entries == []


def test_pages_come_back_from_the_published_branch(begin: Begin, github: GitHub, tmp_path: Path) -> None:
    """Where the site is a branch, git has them, whether or not Pages serves it."""
    remote = tmp_path / "remote" / "somebody" / "shop.git"
    remote.mkdir(parents=True)
    git(remote, "init", "--quiet", "--bare")
    for name in ("uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant", "http.receivepack"):
        git(remote, "config", name, "true")
    life = begin(Documenter(), documented=True)
    with served(remote.parents[1]) as server:
        environment = {**job(life, github), "GITHUB_SERVER_URL": server, "INPUT_GITHUB-TOKEN": GIT_TOKEN}
        published = life("--publish", "branch", **environment)
        assert published.outcome.status == 0, published.printed
        evicted(life)
        again = life("--publish", "branch", **environment)
    assert again.outcome.status == 0, again.printed
    assert again.asks == ()
    assert again.outcome.pages("write", "patch", "fail", "remove") == {}


def test_what_was_changed_on_the_way_is_not_used(begin: Begin, github: GitHub) -> None:
    """A page whose text is not the one that was published is dropped, said so, and written again; others are kept; the embedded
    writer's pages are made from the code, whatever is said of them."""
    life = begin(Documenter(), documented=True)
    found = publish(life, github)
    texts = found["texts"]
    assert isinstance(texts, dict)
    assert set(texts) == MODEL_PAGES
    texts["about-pyproject"] += "\nAnd it is planted.\n"
    manifest = found["manifest"]
    assert isinstance(manifest, dict)
    ours = next(page for page in manifest["pages"] if page["slug"] not in MODEL_PAGES)
    ours["content_digest"] = hashlib.sha256(b"planted").hexdigest()
    github.files[SITE] = json.dumps(found).encode()
    evicted(life)
    again = life(**job(life, github))
    assert again.outcome.status == 0, again.printed
    assert again.asked_for("page") == {"about-pyproject"}
    assert "`about-pyproject`" in warnings(again)
    assert f"`{ours['slug']}`" in warnings(again)
    assert "planted" not in "".join(page.decode("utf-8", "replace") for page in life.program.site().values())


def test_a_site_without_usable_pages_is_a_full_run_that_is_told_before(begin: Begin, github: GitHub) -> None:
    """What cannot be read is a warning; before the first call the log, and then the summary, say what all of it will cost."""
    life = begin(Documenter(), documented=True)
    github.files[SITE] = b"<html>moved</html>"
    evicted(life)
    done = life(**job(life, github))
    assert done.outcome.status == 0, done.printed
    assert "is no JSON" in warnings(done)
    assert done.asked_for("page") == MODEL_PAGES
    forecast = str(done.report["forecast"])
    assert forecast.startswith("This is a full run")
    assert done.printed.index("No earlier run has left a state. " + forecast) < done.printed.index(
        "with one short call"
    )
    assert done.printed.count(forecast) == 2
    expected = forecast.partition(" calls")[0].rpartition(" ")[2]
    assert int(expected.replace(",", "")) >= len(done.asks)


def test_a_run_that_pays_for_nothing_asks_nobody(begin: Begin, github: GitHub) -> None:
    """Neither without a model, nor where every page is wanted anew, nor where nothing is kept."""
    life = begin(Documenter())
    github.files[SITE] = b"{}"
    assert life.program("--dry-run", **job(life, github)).status == 0
    for option in (("--force",), ("--cache", "off")):
        assert life("--dry-run", *option, **job(life, github)).outcome.status == 0
    assert github.asks == []


def test_the_carried_file_is_listed_nowhere(begin: Begin) -> None:
    """It is for this program alone."""
    life = begin(Documenter(), documented=True)
    site = life.program.site()
    assert FILE in site
    assert [name for name, data in site.items() if FILE.encode() in data] == []


def test_the_repository_does_not_say_where_pages_come_from(
    begin: Begin, github: GitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `.docsfy.yml` says of the site's address sends nobody there; what the user says does. A server that does not answer is
    a warning."""
    monkeypatch.setattr(recovery, "_RETRIES", ONCE)
    life = begin(Documenter())
    commit(life.folder, {".docsfy.yml": f"site-url: {github.address}/site/\n"}, "Steer")
    done = life("--dry-run")
    assert done.outcome.status == 0, done.printed
    assert github.asks == []
    assert life("--dry-run", "--site-url", f"{github.address}/site/").outcome.status == 0
    assert [path for _, path, _ in github.asks] == [SITE]
    gone = life("--dry-run", "--site-url", "http://127.0.0.1:1/")
    assert gone.outcome.status == 0
    assert "could not be asked for the pages of earlier runs: no connection" in warnings(gone)
