"""Whole runs that keep their state in the Actions cache: machines that share nothing but the service."""

import hashlib
import json
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from docsfy_action import pipeline, post
from docsfy_action.errors import Cancelled, RenderError
from docsfy_action.state.archive import Member, Method, Unpacked, pack, unpack
from docsfy_action.state.model import Manifest, PageRecord, dump, parse
from docsfy_action.state.store import DirectoryStore
from docsfy_action.state.travelling import is_wanted
from tests.contract.cache_service import MAIN, TOKEN, Access, CacheService, Entry, Wrong
from tests.e2e.runner import parse_file_command
from tests.integration.program import LIBRARY, Outcome, Program, commit, git, library, logging_as_it_was

FEATURE = "refs/heads/feature"


@pytest.fixture
def service() -> Iterator[CacheService]:
    """A cache service without entries."""
    with CacheService() as found:
        yield found


class Machines:
    """Runs of one workflow, each on a machine of its own: a fresh clone, and a state folder that is empty."""

    def __init__(self, service: CacheService, root: Path, program: Program) -> None:
        self.service = service
        self.root = root
        self.origin = library(root / "origin")
        self.count = 0
        self._program = program

    def __call__(self, *options: str, branch: str = "main", token: str = TOKEN, **more: str) -> Outcome:
        """A run on a new machine."""
        self.count += 1
        git(self.root, "clone", "--quiet", "--branch", branch, str(self.origin), str(self.here / "shop"))
        git(self.here / "shop", "remote", "set-url", "origin", "https://github.com/somebody/shop.git")
        (self.here / "state.txt").touch()
        self._program.folder = self.here / "shop"
        self._program.state = self.here / "state"
        event = self.here / "event.json"
        event.write_text(json.dumps({"repository": {"default_branch": "main"}}))
        runner = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": "push",
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_REF_NAME": branch,
            "GITHUB_REF_TYPE": "branch",
            "GITHUB_RUN_ID": str(self.count),
            "GITHUB_RUN_ATTEMPT": "1",
            "GITHUB_STATE": str(self.here / "state.txt"),
            "GITHUB_WORKSPACE": str(self.here / "shop"),
        }
        return self._program(*options, **{**runner, **self.service.environment(token), **more})

    def site(self) -> dict[str, bytes]:
        """The site that the last run made."""
        return self._program.site()

    @property
    def here(self) -> Path:
        """The folder of the machine that ran last."""
        return self.root / str(self.count)

    def saved_state(self) -> dict[str, str]:
        """What the runner hands to the post step."""
        values = parse_file_command((self.here / "state.txt").read_text())
        return {f"STATE_{name}": value for name, value in values.items()}

    def post(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
        """The post step on the machine that ran last; what it prints."""
        for name, value in {**self.saved_state(), **self.service.environment(), "GITHUB_ACTIONS": "true"}.items():
            monkeypatch.setenv(name, value)
        with logging_as_it_was():
            assert post.main() == 0
        for name in self.saved_state():
            monkeypatch.delenv(name)
        said = capsys.readouterr()
        return said.out + said.err


@pytest.fixture
def machines(
    service: CacheService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Machines:
    """Machines that share the service."""
    return Machines(service, tmp_path, Program(tmp_path, tmp_path, monkeypatch, capsys))


def contents(entry: Entry, folder: Path) -> Path:
    """What an entry holds."""
    folder.mkdir()
    (folder / "archive").write_bytes(entry.data)
    out = unpack(folder / "archive", folder / "out", is_wanted)
    assert isinstance(out, Unpacked)
    return folder / "out" / "docsfy-state"


def repacked(held: Path) -> bytes:
    """An entry with what a folder holds."""
    paths = [path for path in held.rglob("*") if path.is_file()]
    members = [Member(name=path.relative_to(held.parent).as_posix(), path=path) for path in paths]
    pack(members, held.parent.with_name("repacked"), Method.GZIP)
    return held.parent.with_name("repacked").read_bytes()


def test_a_second_machine_goes_on_where_the_first_stopped(
    machines: Machines, service: CacheService, tmp_path: Path
) -> None:
    """All pages are kept, the site is whole, and nothing is saved again, because nothing changed."""
    first = machines()
    assert first.status == 0, first.printed
    assert len(service.final) == 1
    assert "The state was saved in the Actions cache: docsfy-1-shop-builtin-" in first.printed
    site = machines.site()
    second = machines()
    assert second.status == 0, second.printed
    assert second.pages("write", "patch", "fail", "remove") == {}
    assert second.pages("keep").keys() == first.pages("write").keys()
    assert second.report["stage"] == "up_to_date"
    assert machines.site() == site
    assert len(service.final) == 1
    assert "The state came from the Actions cache" in second.printed
    assert second.report["warnings"] == []
    assert "MB with" in str(second.report["state"])
    assert "; unchanged" in str(second.report["state"])
    assert "saved in the Actions cache: " in str(first.report["state"])
    held = contents(service.final[0], tmp_path / "entry")
    assert {path.name for path in held.iterdir()} == {
        "manifest.json", "run.json", "pages", "history.z",
    }  # fmt: skip


def test_a_change_writes_its_pages_only_and_is_saved(machines: Machines, service: CacheService) -> None:
    """Each state has an entry of its own, and the newest is the one that is gone on from."""
    machines()
    commit(
        machines.origin, {"src/shop/money.py": '"""Money."""\n\n\ndef dollars() -> int:\n    """Ask."""\n'}, "Dollars"
    )
    changed = machines()
    assert 0 < len(changed.pages("write")) < len(changed.pages("keep"))
    assert len(service.final) == 2
    assert machines().pages("write") == {}
    assert len(service.final) == 2


def test_a_branch_starts_from_the_default_branch(machines: Machines, service: CacheService) -> None:
    """A branch that has no state takes the default branch's pages; what it leaves is never seen by the default branch."""
    machines()
    git(machines.origin, "checkout", "--quiet", "-b", "feature")
    commit(machines.origin, {"LICENSE": "All rights reserved.\n"}, "Closed")
    service.tokens["feature"] = Access(reads=(FEATURE, MAIN), writes=FEATURE)
    first = machines(branch="feature", token="feature")
    assert first.status == 0, first.printed
    assert len(first.pages("keep")) > len(first.pages("write"))
    assert [entry.scope for entry in service.final] == [MAIN, FEATURE]
    assert "-branch-feature-" in service.final[1].key
    second = machines(branch="feature", token="feature")
    assert second.pages("write") == {}


def test_what_a_pull_request_leaves_is_never_published(machines: Machines, service: CacheService) -> None:
    """Even where a fork's branch is called as ours and the service keeps no scopes apart, a push does not take its state;
    a pull request starts from its own state, else from the default branch's."""
    event = machines.root / "pull.json"
    head, base = {"full_name": "stranger/shop"}, {"full_name": "somebody/shop"}
    request = {"number": 7, "head": {"ref": "main", "repo": head}, "base": {"ref": "main", "repo": base}}
    event.write_text(json.dumps({"repository": {"default_branch": "main"}, "pull_request": request}))
    about = {"GITHUB_EVENT_NAME": "pull_request", "GITHUB_EVENT_PATH": str(event), "GITHUB_HEAD_REF": "main"}
    assert machines(**about).status == 0
    assert "-pull-7-" in service.final[0].key
    push = machines()
    assert push.pages("keep") == {}
    assert "holds no state for this branch yet" in push.printed
    service.entries[:1] = []
    assert machines(**about).pages("write") == {}


def test_a_cancelled_run_s_pages_come_back_through_the_post_step(
    machines: Machines, service: CacheService, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The run itself has no time to upload; the post step does, and the next machine writes only what is missing."""
    saved = DirectoryStore.save_page
    done: list[str] = []

    def cancelled(self: DirectoryStore, page: PageRecord, markdown: str) -> None:
        if len(done) == 3:
            raise Cancelled("SIGINT")
        saved(self, page, markdown)
        done.append(page.slug)

    with monkeypatch.context() as patch:
        patch.setattr(DirectoryStore, "save_page", cancelled)
        outcome = machines()
    assert outcome.status == 130
    assert service.entries == []
    assert "The state was saved in the Actions cache" in machines.post(monkeypatch, capsys)
    second = machines()
    assert second.status == 0, second.printed
    assert set(second.pages("keep")) == set(done)
    assert "Nothing is left to be saved." in machines.post(monkeypatch, capsys)


def test_a_failed_run_saves_what_it_has(
    machines: Machines, service: CacheService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error on the way leaves the finished pages in the cache."""

    def broken(*_: object, **__: object) -> None:
        raise RenderError("The site cannot be built.", hint="Wait.")

    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "render", broken)
        assert machines().status == 1
    assert len(service.final) == 1
    assert machines().pages("write") == {}


@pytest.mark.parametrize("access", [Access(writes=""), Access(reads=(), writes="")])
def test_a_token_that_may_not_write_is_no_fault(machines: Machines, service: CacheService, access: Access) -> None:
    """Runs for strangers have such tokens: the site is built, and nothing is warned of."""
    service.tokens["stranger"] = access
    outcome = machines(token="stranger")
    assert outcome.status == 0
    assert outcome.report["warnings"] == []
    assert "for reading only" in outcome.printed
    assert service.entries == []


def test_a_fault_of_the_cache_is_a_warning(machines: Machines, service: CacheService) -> None:
    """Neither a rate limit nor rubbish in the place of an archive makes a job red; the summary says so."""
    limited = Wrong(status=429)
    service.faults["GetCacheEntryDownloadURL"] = [limited]
    service.faults["CreateCacheEntry"] = [limited]
    outcome = machines()
    assert outcome.status == 0
    assert [str(warning)[:46] for warning in warnings_of(outcome)] == [
        "The cache service has had too many requests. T"
    ] * 2
    machines()
    service.final[-1].data = b"rubbish"
    outcome = machines()
    assert outcome.status == 0
    assert "is not used: it is no archive of a known kind." in warnings_of(outcome)[0]


def test_a_restored_verdict_is_not_believed(machines: Machines, service: CacheService, tmp_path: Path) -> None:
    """Words that somebody put on a page, with digests that fit and a note that it was verified, do not reach the site: the
    embedded writer's pages are made anew, and what is not the same is told. Nor does a commit that never was."""
    machines()
    held = contents(service.final[0], tmp_path / "entry")
    manifest = parse(Manifest, (held / "manifest.json").read_bytes())
    assert isinstance(manifest, Manifest)
    page = next(page for page in manifest.pages if page.slug == "index")
    text = next(held.glob("pages/index.*.md")).read_text()
    planted = text + "\nIt has planted words that name nothing.\n"
    digest = hashlib.sha256(planted.encode()).hexdigest()
    note = json.dumps([hashlib.sha256(digest.encode()).hexdigest(), [], [], [], []])
    lie = page.model_copy(update={"content_digest": digest, "verified_digest": note})
    pages = tuple(lie if one.slug == "index" else one for one in manifest.pages)
    (held / "manifest.json").write_bytes(dump(manifest.model_copy(update={"pages": pages})))
    (held / "pages" / f"index.{digest}.md").write_text(planted)
    past = zlib.decompress((held / "history.z").read_bytes())
    assert b'"subject":"First"' in past
    (held / "history.z").write_bytes(zlib.compress(past.replace(b'"subject":"First"', b'"subject":"A planted one"')))
    service.final[0].data = repacked(held)
    outcome = machines()
    assert outcome.status == 0, outcome.printed
    assert [name for name, data in machines.site().items() if b"planted" in data] == []
    assert list(outcome.pages("write")) == ["index"]
    assert "The restored text of `index` was not what the embedded writer makes" in warnings_of(outcome)[0]


def test_a_page_that_is_not_what_its_digest_says_is_made_again(
    machines: Machines, service: CacheService, tmp_path: Path
) -> None:
    """Text that somebody changed in the cache is not needed, and not looked at."""
    machines()
    held = contents(service.final[0], tmp_path / "entry")
    page = next(held.glob("pages/index.*.md"))
    page.write_text(page.read_text() + "\nPlanted.\n")
    service.final[0].data = repacked(held)
    outcome = machines()
    assert outcome.status == 0, outcome.printed
    assert outcome.pages("write") == {}
    assert "Planted" not in machines.site()["index.html"].decode()
    assert warnings_of(outcome) == []


def test_a_plan_uses_the_state_and_leaves_nothing(machines: Machines, service: CacheService) -> None:
    """`dry-run` knows what is kept, saves nothing, and puts nothing into the state folder."""
    machines()
    outcome = machines("--dry-run")
    assert outcome.status == 0, outcome.printed
    assert outcome.pages("write") == {}
    assert len(service.entries) == 1
    assert not (machines.here / "state").exists()


def test_the_service_is_asked_for_by_name(machines: Machines, service: CacheService) -> None:
    """`actions` uses it, and says so where there is none; `directory` and `off` do not; `auto` does without it."""
    for mode in ("directory", "off"):
        assert machines("--cache", mode).status == 0
    assert service.asked == []
    enterprise = {"GITHUB_SERVER_URL": "https://github.example.com"}
    assert machines("--cache", "auto", **enterprise).status == 0
    assert service.asked == []
    refused = machines("--cache", "actions", **enterprise)
    assert refused.status == 2
    assert "cache: 'actions' needs the Actions cache, which is not offered here." in refused.printed
    assert "Enterprise Server" in refused.printed
    assert machines("--cache", "actions").status == 0
    assert len(service.final) == 1


def warnings_of(outcome: Outcome) -> list[str]:
    """The warnings in the report."""
    found = outcome.report["warnings"]
    assert isinstance(found, list)
    return found


def test_a_pull_request_is_compared_with_the_base_branchs_entry(machines: Machines, service: CacheService) -> None:
    """Its own entry is what it goes on from; the base branch's newest is fetched beside it, to compare with, and changes
    neither what is written nor what is saved."""
    assert machines().status == 0
    main = git(machines.origin, "rev-parse", "HEAD")
    git(machines.origin, "checkout", "--quiet", "-b", "feature")
    cart = LIBRARY["src/shop/cart.py"].replace("count: int = 1", "count: int = 2")
    commit(machines.origin, {"src/shop/cart.py": cart}, "Two")
    head = git(machines.origin, "rev-parse", "HEAD")
    git(machines.origin, "checkout", "--quiet", "main")
    service.tokens["pull"] = Access(reads=(FEATURE, MAIN), writes=FEATURE)
    proposal = machines.root / "proposal.json"
    there = {"full_name": "somebody/shop"}
    proposal.write_text(
        json.dumps(
            {
                "action": "synchronize",
                "number": 7,
                "pull_request": {
                    "number": 7,
                    "head": {"ref": "feature", "sha": head, "repo": there},
                    "base": {"ref": "main", "sha": main, "repo": there},
                },
                "repository": {"default_branch": "main"},
            }
        )
    )
    event = {
        "GITHUB_EVENT_NAME": "pull_request", "GITHUB_EVENT_PATH": str(proposal), "GITHUB_HEAD_REF": "feature",
        "GITHUB_REF_NAME": "7/merge", "GITHUB_BASE_REF": "main", "GITHUB_SHA": head,
    }  # fmt: skip
    first = machines(branch="feature", token="pull", **event)
    assert first.status == 0, first.printed
    page = machines.site()["docsfy-changes.html"]
    assert main[:10].encode() in page
    saved = len(service.final)
    second = machines(branch="feature", token="pull", **event)
    assert second.report["stage"] == "up_to_date"
    assert machines.site()["docsfy-changes.html"] == page
    assert len(service.final) == saved


def test_a_strangers_branch_called_as_ours_keeps_a_state_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a state folder that stays on the machine, too: what a fork's `main` leaves is not what a push goes on from."""
    folder = tmp_path / "work"
    folder.mkdir()
    program = Program(library(folder), tmp_path / "state", monkeypatch, capsys)
    about = {"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "somebody/shop", "GITHUB_REF_NAME": "main"}
    assert program("--cache", "directory", **about).status == 0
    ours = {path: path.read_bytes() for path in (tmp_path / "state").rglob("manifest.json")}
    event = tmp_path / "pull.json"
    request = {
        "number": 7,
        "head": {"repo": {"full_name": "stranger/shop"}},
        "base": {"repo": {"full_name": "somebody/shop"}},
    }
    event.write_text(json.dumps({"repository": {"default_branch": "main"}, "pull_request": request}))
    commit(program.folder, {"src/shop/money.py": '"""Planted."""\n'}, "Plant")
    pull = {"GITHUB_EVENT_NAME": "pull_request", "GITHUB_EVENT_PATH": str(event), "GITHUB_HEAD_REF": "main"}
    outcome = program("--cache", "directory", **about, **pull)
    assert outcome.status == 0, outcome.printed
    assert outcome.pages("keep") != {}
    assert {path: path.read_bytes() for path in ours} == ours
