"""The directory store: what one run leaves for the next, whatever happens in between."""

import errno
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from docsfy_action.errors import StateError, StateLocked
from docsfy_action.lifecycle import Stage, Status
from docsfy_action.state.model import Manifest, OutlineRecord, PlannedRecord, RunRecord, Unreadable, parse
from docsfy_action.state.store import DirectoryStore, Loaded, StateStore
from docsfy_action.state.variant import Variant
from tests.unit.state.pages import COMMIT, NOW, VARIANT, digest, manifest, page

TEXTS = {"index": "# Index\n", "guide": "# Guide ü\n"}
PAGES = tuple(page(slug, text) for slug, text in TEXTS.items())
INDEX, GUIDE = PAGES


def test_the_directory_store_is_a_state_store(tmp_path: Path) -> None:
    """Whoever is handed a `StateStore` can be handed this one: the type checker says so, and the names are there."""
    store: StateStore = DirectoryStore(tmp_path, VARIANT, clock=lambda: NOW)
    assert all(hasattr(store, name) for name in vars(StateStore) if not name.startswith("_"))


def _store(
    root: Path, variant: Variant = VARIANT, *, default_branch: str = "main", read_only: bool = False
) -> DirectoryStore:
    return DirectoryStore(root, variant, clock=lambda: NOW, default_branch=default_branch, read_only=read_only)


@contextmanager
def _run(store: DirectoryStore) -> Iterator[Loaded]:
    """A run that has begun."""
    with store.lock():
        loaded = store.load()
        store.begin(commit=COMMIT, stage=Stage.PLANNING)
        yield loaded


def _finish(root: Path, texts: Mapping[str, str] = TEXTS, variant: Variant = VARIANT) -> Manifest:
    """A whole run that writes these pages."""
    store = _store(root, variant)
    result = manifest(*(page(slug, text) for slug, text in texts.items()))
    with _run(store):
        for record in result.pages:
            store.save_page(record, texts[record.slug])
        store.commit_manifest(result)
    return result


def _load(root: Path, variant: Variant = VARIANT, *, read_only: bool = False) -> Loaded:
    store = _store(root, variant, read_only=read_only)
    with store.lock():
        return store.load()


def _record(store: DirectoryStore) -> RunRecord:
    record = parse(RunRecord, (store.folder / "run.json").read_bytes())
    assert not isinstance(record, Unreadable)
    return record


def test_the_next_run_finds_what_the_last_one_left(tmp_path: Path) -> None:
    """Manifest and pages come back as they were; nothing else is told."""
    result = _finish(tmp_path)
    store = _store(tmp_path)
    with store.lock():
        loaded = store.load()
    assert loaded.previous is not None
    assert (loaded.previous.manifest, loaded.previous.branch, loaded.previous.seeded) == (result, "main", False)
    assert (loaded.previous.lost, loaded.finished, loaded.died, loaded.warnings) == (frozenset(), (), None, ())
    for slug, text in TEXTS.items():
        assert store.read_page(slug, digest(text)) == text
        assert store.read_page(slug, digest("something else")) is None


def test_a_first_run_finds_nothing(tmp_path: Path) -> None:
    """An absent state is no damage."""
    assert _load(tmp_path / "deep" / "state") == Loaded()


def test_status_and_stage_lie_in_the_folder_while_the_run_goes_on(tmp_path: Path) -> None:
    """Anybody can see how far a run has come, and how it ended."""
    store = _store(tmp_path)
    with _run(store):
        assert (_record(store).status, _record(store).stage) == (Status.GENERATING, Stage.PLANNING)
        store.set_stage(Stage.GENERATING_PAGES)
        assert (_record(store).status, _record(store).stage) == (Status.GENERATING, Stage.GENERATING_PAGES)
        store.end(Status.ABORTED)
        assert (_record(store).status, _record(store).stage) == (Status.ABORTED, Stage.GENERATING_PAGES)
    assert _record(store).commit == COMMIT
    _finish(tmp_path)
    assert (_record(store).status, _record(store).stage) == (Status.READY, Stage.PUBLISHING)


@pytest.mark.parametrize("ending", ["killed", "aborted", "error"])
def test_finished_pages_of_a_run_that_did_not_end_well_are_kept(ending: str, tmp_path: Path) -> None:
    """The old result stays, the new pages are there beside it, and a run that died becomes an error."""
    result = _finish(tmp_path)
    store = _store(tmp_path)
    newer = page("guide", "# Newer\n")
    with _run(store):
        store.set_stage(Stage.GENERATING_PAGES)
        store.save_page(newer, "# Newer\n")
        if ending != "killed":
            store.end(Status(ending))
    with store.lock():
        loaded = store.load()
        assert loaded.previous is not None
        assert loaded.previous.manifest == result
        assert loaded.finished == (newer,)
        assert (loaded.died is not None) == (ending == "killed")
        assert bool(loaded.warnings) == (ending == "killed")
        assert store.read_page("guide", newer.content_digest) == "# Newer\n"
        assert store.read_page("guide", GUIDE.content_digest) == TEXTS["guide"]
    assert _record(store).status is (Status.ERROR if ending == "killed" else Status(ending))
    if ending == "killed":
        assert "died in the stage `generating_pages`; 1 finished pages are kept" in loaded.warnings[0]
    assert _load(tmp_path).died is None, "it is reported once"


def test_pages_of_several_runs_that_died_add_up(tmp_path: Path) -> None:
    """Each run goes on where the one before stopped, until one comes to its end."""
    texts = {"a": "1", "b": "2", "c": "3"}
    store = _store(tmp_path)
    for slug, text in texts.items():
        with _run(store):
            store.save_page(page(slug, text), text)
    assert [record.slug for record in _load(tmp_path).finished] == ["a", "b", "c"]
    with _run(store) as loaded:
        store.commit_manifest(manifest(*loaded.finished[:2]))
    loaded = _load(tmp_path)
    assert loaded.finished == ()
    assert [path.name for path in sorted((store.folder / "pages").iterdir())] == [
        f"a.{digest('1')}.md",
        f"b.{digest('2')}.md",
    ]


def test_a_run_that_died_after_its_manifest_was_written_did_not_die(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the manifest and the last word of a run nothing can be lost any more, and nothing is done twice."""
    _finish(tmp_path)
    store = _store(tmp_path)
    newer = manifest(INDEX, commit="d" * 40)
    with monkeypatch.context() as patch, _run(store):
        store.save_page(INDEX, TEXTS["index"])
        patch.setattr(DirectoryStore, "_record", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            store.commit_manifest(newer)
    loaded = _load(tmp_path)
    assert loaded.previous is not None
    assert loaded.previous.manifest == newer
    assert (loaded.died, loaded.finished, loaded.warnings) == (None, (), ())


def test_old_pages_go_only_when_the_new_result_is_in_place(tmp_path: Path) -> None:
    """During the run, also one that writes everything anew, the old text stays; afterwards it is gone."""
    _finish(tmp_path)
    store = _store(tmp_path)
    newer = page("index", "# New\n")
    with _run(store):
        store.save_page(newer, "# New\n")
        assert store.read_page("index", INDEX.content_digest) == TEXTS["index"]
        store.commit_manifest(manifest(newer))
        assert store.read_page("index", INDEX.content_digest) is None
        assert store.read_page("guide", GUIDE.content_digest) is None
    assert len(list((store.folder / "pages").iterdir())) == 1


def test_the_same_result_is_not_written_again(tmp_path: Path) -> None:
    """A run without any change leaves the manifest's file untouched."""
    result = _finish(tmp_path)
    store = _store(tmp_path)
    before = (store.folder / "manifest.json").stat()
    with _run(store):
        store.commit_manifest(result)
    after = (store.folder / "manifest.json").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_a_manifest_cannot_name_a_page_that_is_not_there(tmp_path: Path) -> None:
    """The old result stays when a page of the new one was never saved."""
    result = _finish(tmp_path)
    store = _store(tmp_path)
    with _run(store):
        with pytest.raises(StateError, match="never"):
            store.commit_manifest(manifest(page("never", "saved")))
        store.end(Status.ERROR)
    previous = _load(tmp_path).previous
    assert previous is not None
    assert previous.manifest == result


def test_a_page_whose_text_is_not_its_digest_is_a_mistake_of_the_caller(tmp_path: Path) -> None:
    """The store never records what it did not write."""
    store = _store(tmp_path)
    with _run(store), pytest.raises(ValueError, match="index"):
        store.save_page(INDEX, "something else")


def test_a_branch_without_state_starts_from_the_default_branch(tmp_path: Path) -> None:
    """Its pages are copied, so that they stay readable whatever the default branch's next run does."""
    result = _finish(tmp_path)
    branch = VARIANT.on_branch("feature/x")
    store = _store(tmp_path, branch)
    with _run(store) as loaded:
        assert loaded.previous is not None
        assert (loaded.previous.manifest, loaded.previous.branch, loaded.previous.seeded) == (result, "main", True)
        _finish(tmp_path, {"other": "x"})
        assert store.read_page("index", INDEX.content_digest) == TEXTS["index"]
        store.commit_manifest(manifest(INDEX, commit="d" * 40))
    previous = _load(tmp_path, branch).previous
    assert previous is not None
    assert (previous.branch, previous.seeded) == ("feature/x", False)
    other = _load(tmp_path, Variant(owner="octo", project="tool", branch="feature/x", provider="claude"))
    assert other.previous is None, "another writer's pages are no start"


def test_lost_pages_of_the_default_branch_are_named(tmp_path: Path) -> None:
    """What cannot be copied counts as lost, and the default branch's state is left as it is."""
    _finish(tmp_path)
    store = _store(tmp_path)
    lost = store.folder / "pages" / f"guide.{GUIDE.content_digest}.md"
    lost.write_text("changed")
    loaded = _load(tmp_path, VARIANT.on_branch("x"))
    assert loaded.previous is not None
    assert loaded.previous.lost == {"guide"}
    assert lost.exists()


def test_a_failed_page_without_text_needs_none(tmp_path: Path) -> None:
    """A page that could not be written is in the manifest all the same, also on a branch that starts from it."""
    failed = page("x", "").model_copy(update={"content_digest": "", "failed": True, "reason": "no answer"})
    store = _store(tmp_path)
    with _run(store):
        store.commit_manifest(manifest(failed))
    for branch in ("main", "x"):
        previous = _load(tmp_path, VARIANT.on_branch(branch)).previous
        assert previous is not None
        assert previous.manifest.by_slug == {"x": failed}
        assert previous.lost == frozenset()


def test_a_damaged_default_branch_is_not_used_and_not_touched(tmp_path: Path) -> None:
    """Its own next run deals with it; here it is named."""
    _finish(tmp_path)
    main = _store(tmp_path).folder
    (main / "manifest.json").write_text("{")
    loaded = _load(tmp_path, VARIANT.on_branch("x"))
    assert loaded.previous is None
    assert "the branch `main` is damaged" in loaded.warnings[0]
    assert (main / "manifest.json").read_text() == "{"


def _bad_json(folder: Path) -> None:
    (folder / "manifest.json").write_bytes(b"{not json")


def _truncated(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_bytes(path.read_bytes()[:-5])


def _wrong_types(folder: Path) -> None:
    (folder / "manifest.json").write_text('{"schema_version":1,"pages":7}')


def _of_the_future(folder: Path) -> None:
    (folder / "manifest.json").write_text('{"schema_version":2}')


def _linked_manifest(folder: Path) -> None:
    (folder / "manifest.json").rename(folder / "x")
    (folder / "manifest.json").symlink_to("x")


def _linked_page(folder: Path) -> None:
    (folder / "pages" / "x.md").symlink_to("/etc/passwd")


def _linked_journal(folder: Path) -> None:
    (folder / "journal.jsonl").symlink_to(folder.parent / "target")


def _linked_pages(folder: Path) -> None:
    (folder / "pages").rename(folder.parent / "moved")
    (folder / "pages").symlink_to(folder.parent / "moved")


def _linked_folder(folder: Path) -> None:
    folder.rename(folder.parent / "moved")
    folder.symlink_to(folder.parent / "moved")


def _hard_link(folder: Path) -> None:
    (folder.parent / "target").write_text("precious")
    os.link(folder.parent / "target", folder / "run.tmp")


def _pipe(folder: Path) -> None:
    (folder / "run.json").unlink()
    os.mkfifo(folder / "run.json")


def _folder_for_a_file(folder: Path) -> None:
    (folder / "manifest.json").unlink()
    (folder / "manifest.json").mkdir()


WHOLLY_DAMAGED: Mapping[str, Callable[[Path], None]] = {
    "bad JSON": _bad_json,
    "truncated": _truncated,
    "wrong types": _wrong_types,
    "another version": _of_the_future,
    "manifest is a link": _linked_manifest,
    "a page is a link": _linked_page,
    "journal is a link": _linked_journal,
    "pages are a link": _linked_pages,
    "the folder is a link": _linked_folder,
    "hard link": _hard_link,
    "pipe": _pipe,
    "folder for a file": _folder_for_a_file,
}


@pytest.mark.parametrize("kind", WHOLLY_DAMAGED)
def test_a_damaged_state_is_named_set_aside_and_rebuilt(kind: str, tmp_path: Path) -> None:
    """It is never trusted: the run starts from nothing, the old folder lies beside the new one, and the target of a
    link stays as it was."""
    _finish(tmp_path)
    store = _store(tmp_path)
    target = store.folder.parent / "target"
    WHOLLY_DAMAGED[kind](store.folder)
    had_target = target.read_bytes() if target.exists() else None
    shown = _load(tmp_path, read_only=True)
    assert shown.previous is None
    assert "is damaged" in shown.warnings[0]
    assert "It is not used." in shown.warnings[0]
    assert os.path.lexists(store.folder), "a dry run changes nothing"
    with _run(store) as loaded:
        assert loaded.previous is None
        assert "octo/tool/main/builtin is damaged" in loaded.warnings[0]
        assert f"{VARIANT.folder}.damaged-1" in loaded.warnings[0]
        store.save_page(INDEX, TEXTS["index"])
        store.commit_manifest(manifest(INDEX))
    assert os.path.lexists(f"{store.folder}.damaged-1")
    assert (target.read_bytes() if target.exists() else None) == had_target
    again = _load(tmp_path)
    assert again.previous is not None
    assert (again.previous.manifest, again.warnings) == (manifest(INDEX), ())


@pytest.mark.parametrize("damage", ["changed", "missing"])
def test_a_damaged_page_is_lost_and_the_others_are_kept(damage: str, tmp_path: Path) -> None:
    """Work that is still whole is not thrown away: only the page at fault is set aside and written anew."""
    result = _finish(tmp_path)
    store = _store(tmp_path)
    path = store.folder / "pages" / f"guide.{GUIDE.content_digest}.md"
    if damage == "changed":
        path.write_text("# Trust me\n")
    else:
        path.unlink()
    loaded = _load(tmp_path)
    assert loaded.previous is not None
    assert loaded.previous.manifest == result
    assert loaded.previous.lost == {"guide"}
    assert "the page `guide`" in loaded.warnings[0]
    assert store.read_page("index", INDEX.content_digest) == TEXTS["index"]
    assert store.read_page("guide", GUIDE.content_digest) is None
    aside = Path(f"{store.folder}.damaged-1", path.name)
    assert aside.exists() == (damage == "changed")
    assert not path.exists()


def test_a_state_that_is_damaged_again_and_again_stays_bounded(tmp_path: Path) -> None:
    """Of what was set aside, the three newest are kept."""
    store = _store(tmp_path)
    for _ in range(5):
        _finish(tmp_path)
        (store.folder / "manifest.json").write_text("[]")
        assert "damaged" in _load(tmp_path).warnings[0]
    aside = sorted(entry.name for entry in store.folder.parent.iterdir() if ".damaged-" in entry.name)
    assert aside == [f"{store.folder.name}.damaged-{number}" for number in (3, 4, 5)]


def test_several_damaged_files_are_set_aside_together(tmp_path: Path) -> None:
    """One folder takes them all, and the warning names a few."""
    texts = {f"p{number}": str(number) for number in range(8)}
    _finish(tmp_path, texts)
    store = _store(tmp_path)
    for path in (store.folder / "pages").iterdir():
        path.write_text("bad")
    (store.folder / "run.json").write_text("[]")
    loaded = _load(tmp_path)
    assert len(loaded.warnings) == 1
    assert "`run.json`" in loaded.warnings[0]
    assert "and 4 more" in loaded.warnings[0]
    assert len(list(Path(f"{store.folder}.damaged-1").iterdir())) == 9
    assert loaded.previous is not None
    assert loaded.previous.lost == texts.keys()
    assert _load(tmp_path, read_only=True).warnings[0].endswith("It is missing and is made anew.")


def test_a_damaged_journal_tells_what_is_left_of_it(tmp_path: Path) -> None:
    """Pages whose line is whole are kept, the journal is set aside, and the damage is named."""
    store = _store(tmp_path)
    with _run(store):
        for record in PAGES:
            store.save_page(record, TEXTS[record.slug])
    path = store.folder / "journal.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"index"', b'"iNdex"'))
    loaded = _load(tmp_path)
    assert loaded.finished == (GUIDE,)
    assert "1 lines of the journal" in loaded.warnings[0]


def test_a_link_on_the_way_to_the_state_is_removed(tmp_path: Path) -> None:
    """A link that somebody planted for a folder above the state leads nowhere afterwards, and is named."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    root = tmp_path / "root"
    root.mkdir()
    (root / "octo").symlink_to(elsewhere)
    assert "was a link" not in str(_load(root, read_only=True).previous)
    loaded = _load(root)
    assert loaded.warnings == ("`octo` in the state folder was a link; removed.",)
    assert list(elsewhere.iterdir()) == []


def test_a_second_run_at_the_same_variant_is_refused(tmp_path: Path) -> None:
    """The error names the process that is at work; other variants are free."""
    with _store(tmp_path).lock():
        with pytest.raises(StateLocked) as failure, _store(tmp_path).lock():
            pass
        assert f"process {os.getpid()} on " in failure.value.message
        assert "started 2026-11-23T12:00:00+00:00" in failure.value.message
        assert "`cache-dir`" in failure.value.hint
        with _store(tmp_path, VARIANT.on_branch("x")).lock():
            pass
    with _store(tmp_path).lock():
        pass


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'{"pid":"x"}', b"\xff"])
def test_a_lock_that_says_nothing_readable_still_locks(content: bytes, tmp_path: Path) -> None:
    """Whatever stands in the lock file, it is only for people."""
    store = _store(tmp_path)
    with store.lock():
        Path(f"{store.folder}.lock").write_bytes(content)
        with pytest.raises(StateLocked, match="another process"), _store(tmp_path).lock():
            pass


def test_a_lock_on_a_full_disk_is_as_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That nobody can read who holds the lock is no reason not to run."""
    monkeypatch.setattr(os, "pwrite", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
    with _store(tmp_path).lock(), pytest.raises(StateLocked, match="another process"), _store(tmp_path).lock():
        pass


def test_a_planted_lock_is_replaced(tmp_path: Path) -> None:
    """A link in place of the lock file is not followed."""
    store = _store(tmp_path)
    store.folder.parent.mkdir(parents=True)
    target = tmp_path / "target"
    target.write_text("precious")
    Path(f"{store.folder}.lock").symlink_to(target)
    with store.lock():
        pass
    assert target.read_text() == "precious"


def test_nothing_is_done_without_the_lock_or_before_a_run_has_begun(tmp_path: Path) -> None:
    """Using the store in the wrong order is a mistake in the program and never passes unnoticed."""
    store = _store(tmp_path)
    for call in (store.load, lambda: store.begin(commit=COMMIT, stage=Stage.PLANNING)):
        with pytest.raises(RuntimeError, match="not locked"):
            call()
    with store.lock():
        for call in (
            lambda: store.set_stage(Stage.PLANNING),
            lambda: store.save_page(INDEX, TEXTS["index"]),
            lambda: store.commit_manifest(manifest()),
            lambda: store.end(Status.ERROR),
        ):
            with pytest.raises(RuntimeError, match="no run has begun"):
                call()


def test_a_read_only_store_changes_nothing(tmp_path: Path) -> None:
    """A dry run sees the state, also the default branch's, and leaves no trace."""
    _finish(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    store = _store(tmp_path, VARIANT.on_branch("x"), read_only=True)
    with store.lock():
        loaded = store.load()
        assert loaded.previous is not None
        assert loaded.previous.seeded
        assert store.read_page("index", INDEX.content_digest) == TEXTS["index"]
    assert sorted(tmp_path.rglob("*")) == before
    assert _load(tmp_path / "absent", read_only=True) == Loaded()
    assert not (tmp_path / "absent").exists()


def test_a_page_that_turns_into_a_link_is_not_read(tmp_path: Path) -> None:
    """Also during the run only plain files are read."""
    _finish(tmp_path)
    store = _store(tmp_path)
    path = store.folder / "pages" / f"index.{INDEX.content_digest}.md"
    path.rename(tmp_path / "moved")
    path.symlink_to(tmp_path / "moved")
    assert store.read_page("index", INDEX.content_digest) is None


def test_what_cannot_be_removed_does_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that is not needed any more and stays is removed by a later run."""
    _finish(tmp_path)
    store = _store(tmp_path)
    unlink = Path.unlink

    def refuse(path: Path, missing_ok: bool = False) -> None:
        if path.suffix == ".md":
            raise PermissionError(errno.EACCES, "no")
        unlink(path, missing_ok=missing_ok)

    with monkeypatch.context() as patch, _run(store):
        patch.setattr(Path, "unlink", refuse)
        store.commit_manifest(manifest(INDEX))
    assert len(list((store.folder / "pages").iterdir())) == 2
    with _run(store):
        store.commit_manifest(manifest(INDEX))
    assert len(list((store.folder / "pages").iterdir())) == 1


def test_scratch_room_is_empty_when_a_run_begins(tmp_path: Path) -> None:
    """What a dead run left there goes; the folder itself is made by whoever needs it."""
    store = _store(tmp_path)
    with _run(store):
        (store.scratch / "deep").mkdir(parents=True)
        (store.scratch / "deep" / "link").symlink_to("/etc")
    _load(tmp_path)
    assert not store.scratch.exists()
    assert store.project_folder == tmp_path / "octo" / "tool"
    assert store.project_folder in store.folder.parents


@pytest.mark.parametrize("moment", ["begin", "set_stage", "save_page", "commit_manifest"])
def test_trouble_with_the_disk_leaves_the_last_result_whole(
    moment: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whenever the disk is full, the run gets an error with a hint and the state is that of before."""
    result = _finish(tmp_path)
    store = _store(tmp_path)
    newer = page("guide", "newer")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with store.lock():
        store.load()
        if moment != "begin":
            store.begin(commit=COMMIT, stage=Stage.PLANNING)
        calls: Mapping[str, Callable[[], None]] = {
            "begin": lambda: store.begin(commit=COMMIT, stage=Stage.PLANNING),
            "set_stage": lambda: store.set_stage(Stage.VERIFYING),
            "save_page": lambda: store.save_page(newer, "newer"),
            "commit_manifest": lambda: store.commit_manifest(manifest(*PAGES, commit="d" * 40)),
        }
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            with pytest.raises(StateError, match="No space left on device") as failure:
                calls[moment]()
            assert "Free some space" in failure.value.hint
    loaded = _load(tmp_path)
    assert loaded.previous is not None
    assert (loaded.previous.manifest, loaded.previous.lost) == (result, frozenset())


def test_the_end_of_a_run_that_cannot_be_noted_is_found_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk does not hide the error that ended the run; the next run takes it for one that died."""
    store = _store(tmp_path)
    with monkeypatch.context() as patch, _run(store):
        patch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
        store.end(Status.ERROR)
        with pytest.raises(RuntimeError, match="no run has begun"):
            store.set_stage(Stage.VERIFYING)
    assert _load(tmp_path).died is not None


def test_a_state_folder_that_is_a_file_is_an_error_with_a_hint(tmp_path: Path) -> None:
    """`cache-dir` may name anything; what cannot hold a state is refused in words."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(StateError, match="file") as failure, _store(tmp_path / "file").lock():
        pass
    assert "`cache-dir`" in failure.value.hint


OUTLINE = OutlineRecord(
    planned=(
        PlannedRecord(
            slug="tides",
            title="Tides",
            description="D.",
            kind="guide",
            section="Guides",
            brief="B",
            sources=("src/t.py", "odd\udcff/"),
        ),
    ),
    seen=("src/t.py", "src/odd\udcff.py"),
)


def test_an_outline_outlives_a_run_that_dies(tmp_path: Path) -> None:
    """What was paid for is there for the next run, although this one never came to its end."""
    store = _store(tmp_path)
    with _run(store):
        store.save_outline(OUTLINE)
    assert _load(tmp_path).outline == OUTLINE
    _finish(tmp_path)
    assert _load(tmp_path).outline == OUTLINE


def test_a_branch_starts_with_the_default_branchs_outline(tmp_path: Path) -> None:
    """A branch of its own does not plan anew what the default branch has planned; its own outline wins over that."""
    store = _store(tmp_path, VARIANT.on_branch("main"))
    with _run(store):
        store.save_outline(OUTLINE)
    _finish(tmp_path, variant=VARIANT.on_branch("main"))
    branch = VARIANT.on_branch("feature")
    assert _load(tmp_path, branch).outline == OUTLINE
    own = OutlineRecord(seen=("a.py",))
    store = _store(tmp_path, branch)
    with _run(store):
        store.save_outline(own)
    assert _load(tmp_path, branch).outline == own


def test_a_damaged_outline_is_set_aside_and_named(tmp_path: Path) -> None:
    """It is not believed, the pages stay, and the warning says which file it was."""
    _finish(tmp_path)
    store = _store(tmp_path)
    (store.folder / "outline.json").write_bytes(b'{"planned": [{}]}')
    loaded = _load(tmp_path)
    assert loaded.outline is None
    assert loaded.previous is not None
    assert "outline.json" in " ".join(loaded.warnings)
    assert not (store.folder / "outline.json").exists()
    assert not _load(tmp_path).warnings
