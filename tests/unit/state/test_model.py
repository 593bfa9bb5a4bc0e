"""Records on disk: what is believed and what is not."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.state.model import Manifest, PageRecord, RunRecord, Unreadable, dump, parse
from tests.unit.state.pages import manifest, page

GOOD = manifest(page("index", "one"), page("guide-a", "two"))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)


def test_a_record_comes_back_as_it_was() -> None:
    """Everything that is written is read again, and the bytes do not depend on the order of the values."""
    assert parse(Manifest, dump(GOOD)) == GOOD
    facets = {"b": {"y": "1", "x": "2"}, "a": {}}
    turned = {"a": {}, "b": {"x": "2", "y": "1"}}
    pages = [page("a", "t").model_copy(update={"facets": some}) for some in (facets, turned)]
    assert dump(pages[0]) == dump(pages[1])


def test_paths_that_are_no_utf8_survive() -> None:
    """Surrogate-escaped paths stand in keys and values and come back unchanged."""
    record = GOOD.model_copy(update={"blobs": {"caf\udce9.py": "b" * 40}})
    found = parse(Manifest, dump(record))
    assert isinstance(found, Manifest)
    assert found.blobs == {"caf\udce9.py": "b" * 40}


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("schema_version", 2, "another version"),
        ("schema_version", "1", "another version"),
        ("commit", "main", "commit"),
        ("commit", 7, "commit"),
        ("status", "fine", "status"),
        ("stage", None, "stage"),
        ("pages", {}, "pages"),
        ("pages", [{}], "pages.0"),
        ("redirects", {"a": "../../etc"}, "redirects.a"),
        ("redirects", {"A b": "a"}, "redirects.A b"),
        ("blobs", {"a": "x"}, "blobs.a"),
        ("surprise", 1, "surprise"),
    ],
)
def test_a_wrong_value_is_named(field: str, value: object, reason: str) -> None:
    """Each field is checked for type, form and range; the reason says where the trouble is."""
    found = parse(Manifest, json.dumps({**json.loads(dump(GOOD)), field: value}).encode())
    assert isinstance(found, Unreadable)
    assert reason in found.reason


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("slug", "../x"), ("slug", ""), ("slug", "a" * 241), ("slug", "a--b"), ("slug", "A"), ("slug", "a\n"),
        ("content_digest", "A" * 64), ("content_digest", "a" * 63), ("content_digest", "a" * 64 + "\n"),
        ("references_checked", -1), ("references_checked", "1"), ("references_checked", True), ("failed", 1),
        ("facets", {"a": {"b": 1}}), ("facets", []), ("title", None), ("subjects", "abc"),
    ],
)  # fmt: skip
def test_a_page_record_with_a_wrong_value_is_refused(field: str, value: object) -> None:
    """Nothing is converted that only looks right, and no slug can leave its folder."""
    data = json.dumps({**json.loads(dump(page("a", "t"))), field: value}).encode()
    assert isinstance(parse(PageRecord, data), Unreadable)


def test_two_pages_of_one_slug_are_refused() -> None:
    """A manifest that would let one page overwrite another is damaged."""
    data = json.loads(dump(GOOD))
    data["pages"][1]["slug"] = "index"
    found = parse(Manifest, json.dumps(data).encode())
    assert found == Unreadable(reason="Value error, two pages have the same slug")


def test_size_and_depth_have_a_limit() -> None:
    """A file that is too large or nested too deep is refused before it costs memory or the process."""
    assert isinstance(parse(Manifest, b" " * 64_000_001), Unreadable)
    assert isinstance(parse(Manifest, b"[" * 200_000), Unreadable)
    assert isinstance(parse(Manifest, b'{"commit":' * 50_000 + b"1" + b"}" * 50_000), Unreadable)
    assert isinstance(parse(Manifest, b"1" * 10_000), Unreadable)


@given(data=st.binary(max_size=60))
def test_no_bytes_whatever_raise(data: bytes) -> None:
    """Any bytes are a record or unreadable."""
    assert isinstance(parse(RunRecord, data), RunRecord | Unreadable)


@given(data=st.data())
def test_a_manifest_with_any_value_exchanged_is_a_manifest_or_unreadable(data: st.DataObject) -> None:
    """Mutations of a good manifest never raise; one that is still accepted is written back as it was read."""
    value = json.loads(dump(GOOD))
    place = value
    while isinstance(place, dict | list) and place:
        keys = sorted(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or data.draw(st.booleans()):
            place[key] = data.draw(json_values)
            break
        place = place[key]
    found = parse(Manifest, json.dumps(value).encode())
    if isinstance(found, Manifest):
        assert parse(Manifest, dump(found)) == found
    else:
        assert found.reason.isascii()


@given(cut=st.integers(0, len(dump(GOOD)) - 1), flip=st.integers(0, 7))
def test_a_manifest_cut_off_or_with_a_flipped_bit_never_raises(cut: int, flip: int) -> None:
    """Half a file is unreadable; a file with one wrong bit is unreadable or still a valid manifest."""
    data = dump(GOOD)
    assert isinstance(parse(Manifest, data[:cut]), Unreadable)
    flipped = data[:cut] + bytes([data[cut] ^ (1 << flip)]) + data[cut + 1 :]
    assert isinstance(parse(Manifest, flipped), Manifest | Unreadable)
