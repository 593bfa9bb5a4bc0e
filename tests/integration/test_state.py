"""The state against real deaths, real concurrency and a disk that is really full."""

import json
import os
import resource
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from docsfy_action.errors import StateError, StateLocked
from docsfy_action.lifecycle import Stage
from docsfy_action.state.blob_cache import BlobCache
from docsfy_action.state.store import DirectoryStore
from tests.unit.state.pages import COMMIT, NOW, VARIANT, manifest, page

PROJECT = Path(__file__).parents[2]
DEATHS = 40


def _python(script: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(PROJECT), os.environ.get("PYTHONPATH"))))},
    )


def _store(root: Path) -> DirectoryStore:
    return DirectoryStore(root, VARIANT, clock=lambda: NOW)


# A run in a child process is killed at a random instant, over and over on the same state; after each death the state is
# read and every page in it compared with what a run writes for that slug and round.
KILLED_RUNS = """
    import json, os, random, signal, sys, time
    from pathlib import Path
    from docsfy_action.lifecycle import Stage
    from docsfy_action.state.blob_cache import BlobCache
    from docsfy_action.state.store import DirectoryStore
    from tests.unit.state.pages import COMMIT, NOW, VARIANT, manifest, page

    root, deaths = Path(sys.argv[1]), int(sys.argv[2])
    chance = random.Random(7)
    SLUGS = [f"p{number}" for number in range(30)]

    def text(slug, turn):
        return f"# {slug} {turn}\\n" + "words " * 400

    def work(turn):
        with BlobCache(root / "cache") as cache:
            store = DirectoryStore(root, VARIANT, clock=lambda: NOW)
            with store.lock():
                store.load()
                store.begin(commit=COMMIT, stage=Stage.PLANNING)
                store.set_stage(Stage.GENERATING_PAGES)
                records = []
                for slug in SLUGS:
                    records.append(page(slug, text(slug, turn)))
                    store.save_page(records[-1], text(slug, turn))
                    cache.put_many("x", {f"{slug} {turn}": text(slug, turn).encode()})
                store.commit_manifest(manifest(*records))
                cache.prune()

    outcome = {"finished": 0, "committed": 0, "died": 0, "warnings": [], "wrong": 0}
    slowest = 0.0
    for turn in range(deaths):
        started = time.monotonic()
        child = os.fork()
        if child == 0:
            work(turn)
            os._exit(0)
        if turn:
            time.sleep(chance.random() * slowest)
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        slowest = max(slowest, time.monotonic() - started)
        store = DirectoryStore(root, VARIANT, clock=lambda: NOW)
        with store.lock():
            loaded = store.load()
            records = (*loaded.previous.manifest.pages, *loaded.finished) if loaded.previous else loaded.finished
            for record in records:
                found = store.read_page(record.slug, record.content_digest)
                outcome["wrong"] += found not in {text(record.slug, earlier) for earlier in range(turn + 1)}
            outcome["wrong"] += loaded.previous is None or len(loaded.previous.manifest.pages) != len(SLUGS)
        outcome["finished"] += len(loaded.finished)
        outcome["died"] += loaded.died is not None
        outcome["warnings"] += [w for w in loaded.warnings if "died in the stage" not in w]
        with BlobCache(root / "cache") as cache:
            keys = [f"{slug} {turn}" for slug in SLUGS]
            for key, value in cache.get_many("x", keys).items():
                outcome["wrong"] += value != text(*key.split()).encode()
            outcome["warnings"] += cache.warnings
    leftovers = [str(path) for path in root.rglob("*") if ".damaged" in path.name]
    print(json.dumps(outcome | {"leftovers": leftovers}))
"""


def test_a_run_killed_at_any_instant_loses_no_finished_page(tmp_path: Path) -> None:
    """After each of many deaths the state loads without damage, the last result is whole, every page that is recorded
    is the one that was written, and pages of dead runs are there to be used."""
    done = _python(KILLED_RUNS, str(tmp_path), str(DEATHS))
    out, err = done.communicate(timeout=120)
    assert done.returncode == 0, err
    outcome = json.loads(out)
    assert (outcome["wrong"], outcome["warnings"], outcome["leftovers"]) == (0, [], [])
    assert outcome["died"] > DEATHS / 4, "the deaths came while a run was at work"
    assert outcome["finished"] > DEATHS / 4, "and some of them after pages were finished"


HOLDER = """
    import sys, time
    from pathlib import Path
    from docsfy_action.state.store import DirectoryStore
    from tests.unit.state.pages import NOW, VARIANT

    with DirectoryStore(Path(sys.argv[1]), VARIANT, clock=lambda: NOW).lock():
        print("locked", flush=True)
        time.sleep(60)
"""


def test_two_runs_at_once_are_kept_apart_and_death_frees_the_lock(tmp_path: Path) -> None:
    """The second run is told which process is at work; when that one is killed the lock is free at once."""
    first = _python(HOLDER, str(tmp_path))
    try:
        assert first.stdout is not None
        assert first.stdout.readline() == "locked\n"
        with pytest.raises(StateLocked, match=f"process {first.pid} on "), _store(tmp_path).lock():
            pass
    finally:
        first.kill()
        first.communicate()
    with _store(tmp_path).lock():
        pass


WRITER = """
    import sys
    from pathlib import Path
    from docsfy_action.state.blob_cache import BlobCache

    name = sys.argv[2]
    for turn in range(15):
        with BlobCache(Path(sys.argv[1]), keep_runs=1000) as cache:
            cache.put_many("x", {f"{name} {turn} {number}": b"data" * 50 for number in range(20)})
            cache.prune()
            assert not cache.warnings, cache.warnings
"""


def test_several_processes_write_one_cache(tmp_path: Path) -> None:
    """They wait for each other, also when both find no file; nothing is lost and nothing taken for damage."""
    path = tmp_path / "cache"
    writers = [_python(WRITER, str(path), name) for name in ("one", "two")]
    for writer in writers:
        _, err = writer.communicate(timeout=60)
        assert writer.returncode == 0, err
    with BlobCache(path) as cache:
        keys = [f"{name} {turn} {number}" for name in ("one", "two") for turn in range(15) for number in range(20)]
        assert len(cache.get_many("x", keys)) == len(keys)


def _mounted(folder: Path) -> bool:
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=256k", "none", str(folder)]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of 256 KiB where one can be mounted; elsewhere files are limited to 64 KiB, which fails in the
    same way, in the middle of a write."""
    folder = tmp_path / "disk"
    if _mounted(folder):
        yield folder
        subprocess.run(["umount", str(folder)], check=True)
        return
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 << 10, limits[1]))
    yield folder
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def _save_larger_and_larger(store: DirectoryStore, saved: list[str]) -> None:
    for number in range(100):
        text = f"{number} " * (700 * (number + 1))
        store.save_page(page(f"p{number}", text), text)
        saved.append(f"p{number}")


def test_a_full_disk_stops_the_run_and_nothing_is_lost(small_disk: Path) -> None:
    """Writing fails with what to do; the last result and every page that was saved are there afterwards."""
    store = _store(small_disk)
    old = page("index", "old")
    with store.lock():
        store.load()
        store.begin(commit=COMMIT, stage=Stage.PLANNING)
        store.save_page(old, "old")
        store.commit_manifest(manifest(old))
        store.load()
        store.begin(commit=COMMIT, stage=Stage.PLANNING)
        saved: list[str] = []
        with pytest.raises(StateError) as failure:
            _save_larger_and_larger(store, saved)
        assert failure.value.hint.startswith(("Free some space", "A limit on the size of files"))
        assert saved
    with store.lock():
        loaded = store.load()
        assert loaded.previous is not None
        assert loaded.previous.manifest == manifest(old)
        assert loaded.previous.lost == frozenset()
        assert [record.slug for record in loaded.finished] == saved
        assert store.read_page("index", old.content_digest) == "old"
    assert not list(small_disk.rglob(".tmp-*"))


def test_a_full_disk_does_not_damage_the_cache(small_disk: Path) -> None:
    """The cache says what to do, keeps what it had, and is not taken for damaged afterwards."""
    path = small_disk / "cache"
    with BlobCache(path) as cache:
        cache.put_many("x", {"a": b"1"})
        with pytest.raises(StateError) as failure:
            cache.put_many("x", {str(number): os.urandom(40_000) for number in range(20)})
        assert failure.value.hint.endswith(".")
    with BlobCache(path) as cache:
        assert cache.get_many("x", ["a", "1"]) == {"a": b"1"}
        assert cache.warnings == []


@pytest.mark.parametrize("pages", [300])
def test_a_state_of_300_pages_is_small_and_quick(pages: int, tmp_path: Path) -> None:
    """Loading costs a fraction of a second, and all of it stays far below the 50 MB a cached state may have."""
    facets = {f"symbol src/module{number}.py#Class.method": {"api": "0" * 16, "doc": "1" * 16} for number in range(60)}
    records = [
        page(f"p{number}", f"{number}\n" * 1500).model_copy(update={"facets": facets}) for number in range(pages)
    ]
    store = _store(tmp_path)
    with store.lock():
        store.load()
        store.begin(commit=COMMIT, stage=Stage.PLANNING)
        for number, record in enumerate(records):
            store.save_page(record, f"{number}\n" * 1500)
        store.commit_manifest(manifest(*records))
        started = time.process_time()
        assert store.load().previous is not None
        assert time.process_time() - started < 1.0
    assert sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()) < 10_000_000
