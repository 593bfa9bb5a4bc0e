"""What git prints about trees."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.repository.snapshot import Entry
from docsfy_action.repository.tree import is_regular, parse_tree, utc_time

LISTING = (
    b"100644 blob aaaa      12\tREADME.md\0"
    b"100755 blob bbbb       0\tbin/run\twith\nodd name\0"
    b"120000 blob cccc       4\tlink\0"
    b"160000 commit dddd       -\tlib\0"
    b"100644 blob eeee     BAD\tmissing\0"
    b"100644 blob ffff       1\tcaf\xe9\0"
)


def test_a_listing_becomes_entries_in_gits_order() -> None:
    """Tabs and newlines in names, links, submodules, missing blobs and names that are no UTF-8 all come through."""
    entries = parse_tree(LISTING)
    assert [(entry.path, entry.mode, entry.blob, entry.size) for entry in entries.values()] == [
        ("README.md", "100644", "aaaa", 12),
        ("bin/run\twith\nodd name", "100755", "bbbb", 0),
        ("link", "120000", "cccc", 4),
        ("lib", "160000", "dddd", 0),
        ("missing", "100644", "eeee", -1),
        ("caf\udce9", "100644", "ffff", 1),
    ]
    assert [entry.path for entry in entries.values() if is_regular(entry)] == [
        "README.md", "bin/run\twith\nodd name", "missing", "caf\udce9",
    ]  # fmt: skip


def test_a_listing_without_sizes_leaves_them_open() -> None:
    """Without `--long` a blob's size is unknown and a submodule's is none."""
    listing = b"100644 blob aaaa\ta\x00160000 commit bbbb\tb\0"
    assert [entry.size for entry in parse_tree(listing).values()] == [-1, 0]


@given(st.binary(max_size=200))
def test_no_output_whatever_breaks_the_reading(output: bytes) -> None:
    """Odd output gives fewer entries, never an exception."""
    assert all(isinstance(entry, Entry) for entry in parse_tree(output).values())


@pytest.mark.parametrize(
    ("stamp", "moment"),
    [
        (b"0", datetime(1970, 1, 1, tzinfo=UTC)),
        (b"1700000000", datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
        (b"-1", datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)),
        (b"99999999999999999", datetime(1970, 1, 1, tzinfo=UTC)),
        (b"9" * 40, datetime(1970, 1, 1, tzinfo=UTC)),
        (b"", datetime(1970, 1, 1, tzinfo=UTC)),
        ("x", datetime(1970, 1, 1, tzinfo=UTC)),
    ],
)
def test_time_stamps_are_utc_and_forged_ones_harmless(stamp: bytes | str, moment: datetime) -> None:
    """A commit may claim any date; one that no calendar holds becomes 1970."""
    assert utc_time(stamp) == moment
