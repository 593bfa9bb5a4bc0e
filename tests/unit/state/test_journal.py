"""The journal of finished pages."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from docsfy_action.state.journal import Finished, Journal
from tests.unit.state.pages import page

ONE, TWO, NEWER = page("one", "1"), page("two", "2"), page("one", "newer")
BASE = "a" * 64


def _written(path: Path) -> Journal:
    journal = Journal(path, BASE)
    for record in (ONE, TWO, NEWER):
        journal.append(record)
    return journal


def test_the_last_record_of_each_page_counts(tmp_path: Path) -> None:
    """A page that was finished twice is the newer one."""
    assert _written(tmp_path / "journal").read() == Finished(pages=(TWO, NEWER))


def test_a_journal_belongs_to_its_manifest(tmp_path: Path) -> None:
    """On another manifest the pages are not believed, and a run on that one begins a new journal."""
    path = tmp_path / "journal"
    _written(path)
    other = Journal(path, "")
    assert other.read() == Finished()
    other.begin()
    other.append(ONE)
    assert other.read().pages == (ONE,)
    assert Journal(path, BASE).read() == Finished()


def test_a_run_that_goes_on_keeps_the_pages_and_drops_the_rest(tmp_path: Path) -> None:
    """Half a line at the end is dropped at the next begin, so that it never stands between whole ones."""
    path = tmp_path / "journal"
    journal = _written(path)
    path.write_bytes(path.read_bytes()[:-20])
    assert journal.read() == Finished(pages=(ONE, TWO))
    journal.begin()
    journal.append(NEWER)
    assert journal.read() == Finished(pages=(TWO, NEWER))


def test_no_journal_is_an_empty_one(tmp_path: Path) -> None:
    """Beginning without a journal does nothing."""
    journal = Journal(tmp_path / "journal", BASE)
    journal.begin()
    assert journal.read() == Finished()
    assert not (tmp_path / "journal").exists()


def test_a_journal_without_a_whole_page_is_begun_anew(tmp_path: Path) -> None:
    """A process that died with its first line leaves nothing to go on with."""
    path = tmp_path / "journal"
    path.write_bytes(b"0123")
    journal = Journal(path, BASE)
    journal.begin()
    journal.append(ONE)
    assert journal.read() == Finished(pages=(ONE,))


def test_damaged_lines_are_counted(tmp_path: Path) -> None:
    """A whole line that is not what its checksum says, or no page record, is not believed."""
    path = tmp_path / "journal"
    journal = _written(path)
    path.write_bytes(path.read_bytes().replace(b'"two"', b'"tow"', 1))
    assert journal.read() == Finished(pages=(NEWER,), damaged=1)


@settings(max_examples=40, deadline=None)
@given(cut=st.integers(0, 1500), flip=st.integers(0, 7))
def test_no_damage_whatever_makes_an_invented_page(cut: int, flip: int) -> None:
    """However the file is cut off or changed, what is read was written as it is read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journal"
        journal = _written(path)
        whole = path.read_bytes()
        place = cut % len(whole)
        for damaged in (whole[:place], whole[:place] + bytes([whole[place] ^ (1 << flip)]) + whole[place + 1 :]):
            path.write_bytes(damaged)
            assert all(record in (ONE, TWO, NEWER) for record in journal.read().pages)
