"""The cache of bytes."""

import os
import sqlite3
import threading
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsfy_action.errors import StateError
from docsfy_action.state.blob_cache import BlobCache, _checksum

ENTRIES = {f"{number:064x}": f"value {number} ".encode() * 50 for number in range(900)}


def _filled(path: Path, entries: Mapping[str, bytes] = ENTRIES) -> None:
    with BlobCache(path) as cache:
        cache.put_many("html", entries)


def test_entries_come_back_in_their_namespace(tmp_path: Path) -> None:
    """What was put in is found again, also by the next process; other namespaces and keys are unknown."""
    path = tmp_path / "deep" / "cache.sqlite"
    _filled(path)
    with BlobCache(path) as cache:
        assert cache.get_many("html", ENTRIES.keys()) == ENTRIES
        assert cache.get_many("html", ["nothing", "0" * 64]) == {"0" * 64: ENTRIES["0" * 64]}
        assert cache.get_many("search", ENTRIES.keys()) == {}
        assert cache.get_many("html", []) == {}
        assert cache.warnings == []


def test_a_key_is_written_once(tmp_path: Path) -> None:
    """Keys are digests: what is known is not written again."""
    with BlobCache(tmp_path / "c") as cache:
        cache.put_many("html", {"a": b"1"})
        cache.put_many("html", {"a": b"2", "b": b"3"})
        assert cache.get_many("html", ["a", "b"]) == {"a": b"1", "b": b"3"}
        cache.put_many("html", {})


def test_asking_an_absent_cache_makes_no_file(tmp_path: Path) -> None:
    """Reading changes nothing on disk."""
    with BlobCache(tmp_path / "c") as cache:
        assert cache.get_many("html", ["a"]) == {}
        cache.prune()
    assert list(tmp_path.iterdir()) == []


def test_what_no_run_asks_for_goes_after_a_while(tmp_path: Path) -> None:
    """An entry that was not used for as many runs as asked is forgotten, a used one stays."""
    path = tmp_path / "c"
    _filled(path, {"used": b"1", "unused": b"2"})
    for _ in range(4):
        with BlobCache(path, keep_runs=3) as cache:
            assert cache.get_many("html", ["used"])
            cache.prune()
    with BlobCache(path) as cache:
        assert cache.get_many("html", ["used", "unused"]) == {"used": b"1"}


def test_the_size_has_a_limit_and_the_oldest_go_first(tmp_path: Path) -> None:
    """Beyond the limit what was not asked for longest goes; the file itself shrinks."""
    path = tmp_path / "c"
    for run in range(4):
        with BlobCache(path, max_bytes=25_000) as cache:
            cache.put_many("html", {f"{run}": os.urandom(10_000)})
            cache.get_many("html", ["0"])
            cache.prune()
    with BlobCache(path) as cache:
        assert cache.get_many("html", ["0", "1", "2", "3"]).keys() == {"0", "3"}
    assert path.stat().st_size < 60_000


def _not_a_database(path: Path) -> None:
    path.write_bytes(b"this is no database, but it is long enough to be looked at" * 90)


def _truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def _overwritten(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096:-4096] = bytes(len(data) - 8192)
    path.write_bytes(data)


def _claims_to_be_read_only(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:18] + b"\x03" + data[19:])


def _other_tables(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE surprise (x)")
    connection.close()


def _trigger(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TRIGGER t AFTER INSERT ON uses BEGIN DELETE FROM entries; END")
    connection.close()


def _wrong_types(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE entries SET data = 'text'")
    connection.close()


def _wrong_bytes(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE entries SET data = x'789c00'")
    connection.close()


def _names_that_are_no_unicode(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"tableusesuses", b"table\xff\xfe\xfd\xfcuses"))


def _no_compressed_bytes(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        for (key,) in connection.execute("SELECT key FROM entries").fetchall():
            data = _checksum("html", key, b"nothing") + b"nothing"
            connection.execute("UPDATE entries SET data = ? WHERE key = ?", (data, key))
    connection.close()


def _exchanged(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE entries SET data = (SELECT data FROM entries WHERE id = 1)")
    connection.close()


def _keys_of_bytes(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        sql = "CREATE TABLE entries (id INTEGER PRIMARY KEY, namespace TEXT, key, data BLOB, UNIQUE (namespace, key))"
        connection.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'entries'", (sql,))
    connection.close()


def _wrong_count(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE runs SET last = 'many'")
    connection.close()


def _link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


def _linked_journal(path: Path) -> None:
    path.with_name(f"{path.name}-journal").symlink_to("precious")


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES: Mapping[str, Callable[[Path], None]] = {
    "no database": _not_a_database,
    "truncated": _truncated,
    "overwritten": _overwritten,
    "claims to be read-only": _claims_to_be_read_only,
    "other tables": _other_tables,
    "trigger": _trigger,
    "wrong types": _wrong_types,
    "wrong bytes": _wrong_bytes,
    "names that are no Unicode": _names_that_are_no_unicode,
    "exchanged": _exchanged,
    "other columns": _keys_of_bytes,
    "no compressed bytes": _no_compressed_bytes,
    "wrong count": _wrong_count,
    "link": _link,
    "linked journal": _linked_journal,
    "folder": _folder,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_set_aside_and_begun_anew(damage: str, tmp_path: Path) -> None:
    """Whatever is wrong with the file, it is named, moved, and the cache works on; nothing damaged is handed out."""
    path = tmp_path / "facts.sqlite"
    _filled(path)
    DAMAGES[damage](path)
    with BlobCache(path) as cache:
        assert set(cache.get_many("html", ENTRIES.keys()).items()) <= set(ENTRIES.items())
        cache.put_many("html", {"new": b"entry"})
        cache.prune()
        assert cache.get_many("html", ["new"]) == {"new": b"entry"}
        assert len(cache.warnings) == 1
        assert "`facts.sqlite` is damaged (" in cache.warnings[0]
        assert "set aside as `facts.sqlite.damaged-1`" in cache.warnings[0]
    assert os.path.lexists(tmp_path / "facts.sqlite.damaged-1")
    assert not (tmp_path / "precious").exists()
    with BlobCache(path) as cache:
        assert cache.get_many("html", ["new"]) == {"new": b"entry"}
        assert cache.warnings == []


def test_a_file_that_is_damaged_again_and_again_leaves_three_behind(tmp_path: Path) -> None:
    """Each with the journal that belongs to it."""
    path = tmp_path / "facts.sqlite"
    for _ in range(5):
        path.write_bytes(b"no database" * 100)
        Path(f"{path}-journal").write_bytes(b"")
        with BlobCache(path) as cache:
            cache.put_many("html", {"new": b"entry"})
            assert "set aside" in cache.warnings[0]
    aside = {name for name in (entry.name for entry in tmp_path.iterdir()) if ".damaged-" in name}
    assert {name for name in aside if name[-1].isdigit()} == {f"facts.sqlite.damaged-{number}" for number in (3, 4, 5)}
    assert all(".damaged-1" not in name and ".damaged-2" not in name for name in aside)


@settings(max_examples=30, deadline=None)
@given(cut=st.integers(0, 100_000), noise=st.binary(max_size=40))
def test_no_damage_whatever_raises_or_invents_an_entry(
    cut: int, noise: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A file cut off or overwritten anywhere gives true entries or none."""
    path = tmp_path_factory.mktemp("cache") / "c"
    entries = {f"{number:064x}": f"value {number} ".encode() * 9 for number in range(60)}
    _filled(path, entries)
    data = path.read_bytes()
    place = cut % len(data)
    path.write_bytes(data[:place] + (noise + data[place + len(noise) :] if noise else b""))
    with BlobCache(path) as cache:
        assert set(cache.get_many("html", entries.keys()).items()) <= set(entries.items())
        cache.put_many("html", {"new": b"entry"})
        cache.prune()


def test_an_entry_that_would_unpack_to_something_huge_is_damage(tmp_path: Path) -> None:
    """A small file cannot fill the memory."""
    path = tmp_path / "c"
    _filled(path, {"a": b"1"})
    bomb = zlib.compressobj(9)
    data = b"".join(bomb.compress(bytes(1 << 20)) for _ in range(70)) + bomb.flush()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE entries SET data = ?", (_checksum("html", "a", data) + data,))
    connection.close()
    with BlobCache(path) as cache:
        assert cache.get_many("html", ["a"]) == {}
        assert cache.warnings


def test_a_full_disk_is_an_error_with_a_hint(tmp_path: Path) -> None:
    """The limit on pages stands in for a disk without room; what was there before is intact."""
    path = tmp_path / "c"
    _filled(path, {"a": b"1"})
    with BlobCache(path) as cache:
        cache.get_many("html", ["a"])
        assert cache._connection is not None
        cache._connection.execute("PRAGMA max_page_count = 1").fetchall()
        with pytest.raises(StateError, match="full") as failure:
            cache.put_many("html", {"b": os.urandom(500_000)})
        assert "Free some space" in failure.value.hint
    with BlobCache(path) as cache:
        assert cache.get_many("html", ["a", "b"]) == {"a": b"1"}


def test_another_process_that_never_stops_writing_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting has an end."""
    monkeypatch.setattr("docsfy_action.state.blob_cache._PATIENCE_SECONDS", 0.01)
    path = tmp_path / "c"
    _filled(path, {"a": b"1"})
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with BlobCache(path) as cache, pytest.raises(StateError, match="locked") as failure:
        cache.put_many("html", {"b": b"2"})
    assert "Another run" in failure.value.hint
    other.close()


def test_use_from_another_thread_is_a_mistake_of_the_caller(tmp_path: Path) -> None:
    """It raises there, and the file is not taken for damaged."""
    with BlobCache(tmp_path / "c") as cache:
        cache.put_many("html", {"a": b"1"})
        failures: list[Exception] = []

        def use() -> None:
            try:
                cache.get_many("html", ["a"])
            except sqlite3.ProgrammingError as error:
                failures.append(error)

        thread = threading.Thread(target=use)
        thread.start()
        thread.join()
        assert len(failures) == 1
        assert cache.get_many("html", ["a"]) == {"a": b"1"}
        assert cache.warnings == []


def test_use_after_close_opens_again(tmp_path: Path) -> None:
    """Closing is no end."""
    cache = BlobCache(tmp_path / "c")
    cache.put_many("html", {"a": b"1"})
    cache.close()
    assert cache.get_many("html", ["a"]) == {"a": b"1"}
    cache.close()
    cache.close()
