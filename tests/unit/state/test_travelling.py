"""What of a state travels, when it has changed, and what is left out where it is too much."""

import hashlib
from pathlib import Path

import pytest

from docsfy_action.lifecycle import Stage, Status
from docsfy_action.state.archive import Member, Method, Unpacked, pack, unpack
from docsfy_action.state.model import Manifest, PageRecord, dump
from docsfy_action.state.sharing import RunFolder
from docsfy_action.state.travelling import (
    FACTS,
    HANDED,
    OWN,
    RENDERED,
    SEED,
    Packed,
    Place,
    digest_of,
    handed_facts,
    handed_state,
    is_foreign,
    is_handed,
    is_wanted,
    make_own,
    pack_state,
    place_handed,
    place_state,
)

TEXT = b"# Page\n"
DIGEST = hashlib.sha256(TEXT).hexdigest()


def manifest(*, stage: Stage = Stage.RENDERING, commit: str = "1" * 40) -> bytes:
    """A manifest of one page."""
    page = PageRecord(
        slug="index", title="T", identity="i", section="s", kind="guide", writer="w", input_digest="d", content_digest=DIGEST
    )  # fmt: skip
    made = Manifest(program="1", commit=commit, status=Status.READY, stage=stage, settings_digest="s", pages=(page,))
    return dump(made)


def place(root: Path, *, filled: bool = True) -> Place:
    """A state, with everything that a state can have."""
    found = Place(root=root, folder=root / "o/p/variants/main/builtin/x", project=root / "o/p", branch="main")
    if filled:
        (found.folder / "pages").mkdir(parents=True)
        (found.folder / "manifest.json").write_bytes(manifest())
        (found.folder / "run.json").write_bytes(b"{}")
        (found.folder / "site.sha256").write_bytes(b"x")
        (found.folder / "pages" / f"index.{DIGEST}.md").write_bytes(TEXT)
        (found.project / "history").mkdir()
        (found.project / "history" / "main.z").write_bytes(b"history")
        (found.project / "programs").mkdir()
        (found.project / "programs" / "claude").write_bytes(b"large")
        (found.project / FACTS).write_bytes(bytes(range(256)) * 40)
        (found.project / RENDERED).write_bytes(bytes(range(255, -1, -1)) * 40)
    return found


def files(root: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def sent(tmp_path: Path, found: Place) -> Path:
    """The state as it arrives elsewhere."""
    assert pack_state(found, tmp_path / "archive", Method.GZIP) is not None
    assert isinstance(unpack(tmp_path / "archive", tmp_path / "out", is_wanted), Unpacked)
    return tmp_path / "out"


def test_a_state_arrives_whole(tmp_path: Path) -> None:
    """All that is needed comes along; programs, facts, rendered pages, and what a site looked like on another machine, do not."""
    here, there = place(tmp_path / "here"), place(tmp_path / "there", filled=False)
    place_state(sent(tmp_path, here), there)
    arrived = files(there.root)
    marker = "o/p/variants/main/builtin/x/restored"
    left = {"o/p/programs/claude", f"o/p/{FACTS}", f"o/p/{RENDERED}", "o/p/variants/main/builtin/x/site.sha256"}
    assert {**arrived, marker: b""} == arrived
    assert arrived.keys() - {marker} == files(here.root).keys() - left
    assert digest_of(there) == digest_of(here)


def test_a_state_from_elsewhere_is_marked_until_a_run_has_ended(tmp_path: Path) -> None:
    """What it says of itself is not this machine's word."""
    there = place(tmp_path / "there", filled=False)
    place_state(sent(tmp_path, place(tmp_path / "here")), there)
    assert is_foreign(there)
    make_own(there)
    assert not is_foreign(there)


def test_what_is_there_is_not_replaced(tmp_path: Path) -> None:
    """Neither a state that this machine has, nor what the project's variants share."""
    arrived, there = sent(tmp_path, place(tmp_path / "here")), place(tmp_path / "there")
    (there.folder / "manifest.json").write_bytes(manifest(commit="2" * 40))
    (there.project / "history" / "main.z").write_bytes(b"mine")
    before = files(there.root)
    place_state(arrived, there)
    assert files(there.root) == before


@pytest.mark.parametrize(
    ("file", "content", "counts"),
    [
        ("manifest.json", manifest(commit="2" * 40), True),
        ("manifest.json", manifest(stage=Stage.UP_TO_DATE), False),
        ("run.json", b"{ }", False),
        ("journal.jsonl", b"x", True),
        ("outline.json", b"x", True),
        (f"pages/two.{DIGEST}.md", b"x", True),
        ("pages/rubbish", b"x", False),
        ("site.sha256", b"y", False),
        (f"../../../../{FACTS}", b"x", False),
        (f"../../../../{RENDERED}", b"x", False),
        ("../../../../history/main.z", b"x", True),
        ("../../../../history/other.z", b"x", False),
    ],
)
def test_only_what_matters_counts_as_a_change(tmp_path: Path, file: str, content: bytes, counts: bool) -> None:
    """Results of the run count; its notes, other branches, and what can be made again do not."""
    here = place(tmp_path)
    before = digest_of(here)
    (here.folder / file).resolve().write_bytes(content)
    assert (digest_of(here) != before) is counts


def test_nothing_is_nothing_to_save(tmp_path: Path) -> None:
    """A run that ended before its first page leaves nothing worth a new entry."""
    here = place(tmp_path, filled=False)
    here.folder.mkdir(parents=True)
    (here.folder / "run.json").write_bytes(b"{}")
    assert here.is_empty
    assert digest_of(here) == ""


def test_too_much_is_left_out_in_order(tmp_path: Path) -> None:
    """The history is left out where there is too much; a state that is too large without it is not saved."""
    here = place(tmp_path / "here")
    sizes = {}
    for bound in (10**9, 0):
        made = pack_state(here, tmp_path / "archive", Method.GZIP, bound=bound)
        sizes[bound] = made.size if made else 0
    assert sizes[0] == 0
    whole = sizes[10**9]
    less = pack_state(here, tmp_path / "archive", Method.GZIP, bound=whole - 1)
    assert less == Packed(size=less.size if less else 0, pages=1, dropped=("history.z",))
    assert less.size < whole


def test_links_do_not_travel(tmp_path: Path) -> None:
    """A link that lies in the state folder is neither followed nor sent."""
    here = place(tmp_path / "here")
    (here.folder / "outline.json").symlink_to("/etc/passwd")
    page = here.folder / "pages" / f"two.{DIGEST}.md"
    page.symlink_to("/etc/passwd")
    arrived = sent(tmp_path, here)
    assert not (arrived / "docsfy-state" / "outline.json").exists()
    assert [path.name for path in (arrived / "docsfy-state" / "pages").iterdir()] == [f"index.{DIGEST}.md"]


@pytest.mark.parametrize(
    "name",
    ["manifest.json", "other/manifest.json", "docsfy-state/pages/x.md", "docsfy-state/programs/claude",
     "docsfy-state/site.sha256", "docsfy-state/restored", "docsfy-state/facts.sqlite", "docsfy-state/rendered.sqlite",
     "docsfy-state/pages/a/b.md", "docsfy-state"],
)  # fmt: skip
def test_nothing_else_is_taken_out_of_an_archive(name: str) -> None:
    """Only names that this program gives."""
    assert not is_wanted(name)


def handed(root: Path, found: Place, run: RunFolder) -> Path:
    """A plan and a state as they come out of the archive that a job hands over."""
    members = [
        *handed_state(found, OWN),
        *handed_facts(found),
        Member(name=f"{HANDED}/plan.json", path=run.path / "plan.json"),
    ]
    pack(members, root / "archive", Method.GZIP)
    out = unpack(root / "archive", root / "out", is_handed)
    assert isinstance(out, Unpacked)
    assert len(out.names) == len(members)
    return root / "out"


def run_folder(root: Path) -> RunFolder:
    """The folder of a run that has a plan."""
    found = RunFolder(root, root / "o/p/runs/77-x")
    found.path.mkdir(parents=True)
    (found.path / "plan.json").write_bytes(b"{}")
    return found


def test_a_plan_goes_with_the_state_that_it_was_made_with(tmp_path: Path) -> None:
    """Manifest, pages, history and facts, but not how far a run has come; on the other machine all lies in its place and is not
    believed to have been verified there."""
    out = handed(tmp_path, place(tmp_path / "a"), run_folder(tmp_path / "a"))
    target = place(tmp_path / "b", filled=False)
    run = RunFolder(tmp_path / "b", tmp_path / "b/o/p/runs/77-x")
    place_handed(out, run, {OWN: target}, facts=True)
    assert set(files(tmp_path / "b")) == {
        "o/p/runs/77-x/plan.json",
        "o/p/variants/main/builtin/x/manifest.json",
        f"o/p/variants/main/builtin/x/pages/index.{DIGEST}.md",
        "o/p/variants/main/builtin/x/restored",
        "o/p/history/main.z",
        "o/p/facts.sqlite",
    }
    assert is_foreign(target)


def test_facts_are_only_put_where_they_are_asked_for(tmp_path: Path) -> None:
    """Whoever publishes reads the code itself."""
    out = handed(tmp_path, place(tmp_path / "a"), run_folder(tmp_path / "a"))
    place_handed(out, RunFolder(tmp_path / "b", tmp_path / "b/runs/77-x"), {OWN: place(tmp_path / "b", filled=False)})
    assert not (tmp_path / "b/o/p/facts.sqlite").exists()


def test_a_state_that_the_plan_was_not_made_with_is_set_aside(tmp_path: Path) -> None:
    """It is not lost, and not taken for the plan's; the same one stays as it is."""
    out = handed(tmp_path, place(tmp_path / "a"), run_folder(tmp_path / "a"))
    other = place(tmp_path / "b")
    (other.folder / "manifest.json").write_bytes(manifest(commit="2" * 40))
    place_handed(out, RunFolder(tmp_path / "b", tmp_path / "b/o/p/runs/77-x"), {OWN: other})
    assert (other.folder / "manifest.json").read_bytes() == manifest()
    assert (other.folder.with_name("x.damaged-1") / "manifest.json").read_bytes() == manifest(commit="2" * 40)


def test_without_a_state_of_its_own_a_branch_hands_over_the_facts_alone(tmp_path: Path) -> None:
    """Pages without a manifest are copies of the default branch's, which go with that."""
    empty = place(tmp_path / "a")
    (empty.folder / "manifest.json").unlink()
    names = [member.name for member in (*handed_state(empty, OWN), *handed_facts(empty))]
    assert names == [f"{HANDED}/own/docsfy-state/history.z", f"{HANDED}/facts.sqlite"]
    assert handed_state(empty, SEED) == []


@pytest.mark.parametrize(
    "name",
    [
        "docsfy-state/manifest.json",
        "docsfy-handed/../plan.json",
        "docsfy-handed/manifest.json",
        "docsfy-handed/own/manifest.json",
        "docsfy-handed/own/docsfy-state/facts.sqlite",
        "docsfy-handed/other/docsfy-state/manifest.json",
        "docsfy-handed/shard-1-of-2.json.lock",
        "docsfy-handed/pages/index.md",
    ],
)
def test_nothing_else_is_handed_over(name: str) -> None:
    """Neither a state, nor what leads elsewhere, nor what no job makes."""
    assert not is_handed(name)
    assert is_handed("docsfy-handed/shard-1-of-2.jsonl")
    assert not is_wanted("docsfy-handed/plan.json")
