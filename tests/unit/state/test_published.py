"""What a site carries of the state, and what of it is believed when it comes back."""

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsfy_action.lifecycle import Stage, Status
from docsfy_action.state.loading import Folder, read_contents
from docsfy_action.state.model import Manifest, OutlineRecord, PageRecord, PlannedRecord, Unreadable
from docsfy_action.state.published import (
    Carried,
    Elsewhere,
    Recovered,
    carried,
    place_published,
    recovered,
)
from docsfy_action.state.travelling import Place
from docsfy_action.state.variant import Variant

VARIANT = Variant(owner="o", project="p", branch="main", provider="claude", model="m")
TEXTS = {"index": "# Index\n", "guide": "# Guide\n", "api": "# API\n"}
COMMITTED = "2026-01-02T03:04:05+00:00"
PLANNED = PlannedRecord(slug="guide", title="G", description="d", kind="guide", section="s", brief="b", sources=())
OUTLINE = OutlineRecord(planned=(PLANNED,), seen=("a.py",))


def page(slug: str, author: str = "claude m", **more: object) -> PageRecord:
    """A page with its text of above, as a run leaves it."""
    digest = hashlib.sha256(TEXTS[slug].encode()).hexdigest()
    return PageRecord(
        slug=slug, title="T", identity=slug, section="s", kind="guide", writer="w", input_digest="d", author=author,
        content_digest=digest, facets={f"symbol a.py#{slug}": {"api": "0"}}, opened=("a.py",), verified_digest="[]",
        findings=("ghp_secret",), reason="r",
    ).model_copy(update=more)  # fmt: skip


def manifest(*pages: PageRecord) -> Manifest:
    """A manifest of these pages."""
    return Manifest(
        program="1", commit="1" * 40, status=Status.READY, stage=Stage.RENDERING, settings_digest="s", pages=pages,
        redirects={"old": "index"}, blobs={"a.py": "2" * 40},
    )  # fmt: skip


MANIFEST = manifest(page("index"), page("api", ""), page("guide"))


def made(found: Manifest = MANIFEST, **more: int) -> Carried:
    """The file of a site."""
    result = carried(VARIANT, found, OUTLINE, TEXTS, committed=COMMITTED, **more)
    assert result is not None
    return result


def test_what_was_paid_for_travels_and_comes_back(tmp_path: Path) -> None:
    """Texts and grounds of the model's pages, the outline, redirects; the embedded writer's pages are named only. The store
    finds it whole, and knows that it came from elsewhere."""
    data = made().data
    assert data == made().data
    assert b"ghp_secret" not in data
    assert b"# API" not in data
    found = recovered(data, VARIANT.on_branch("other"))
    assert isinstance(found, Recovered)
    assert found.dropped == ()
    place = Place(
        root=tmp_path, folder=tmp_path / VARIANT.folder, project=tmp_path / VARIANT.project_folder, branch="main"
    )
    place_published(found, place)
    contents = read_contents(Folder(path=place.folder))
    assert (contents.problem, contents.damaged, contents.lost) == ("", (), frozenset())
    assert Folder(path=place.folder).is_foreign
    assert contents.outline == OUTLINE
    assert contents.manifest is not None
    index, api, guide = contents.manifest.pages
    bare = {"verified_digest": "", "findings": (), "reason": ""}
    assert index == page("index").model_copy(update=bare)
    assert guide == page("guide").model_copy(update=bare)
    assert api == page("api", "", facets={}, opened=()).model_copy(update=bare)
    assert contents.manifest.redirects == {"old": "index"}


def test_without_a_page_of_a_model_nothing_is_carried() -> None:
    """Nobody paid, so there is nothing to take back; a page that was left out has no text."""
    assert carried(VARIANT, manifest(page("index", "")), None, TEXTS, committed=COMMITTED) is None
    assert carried(VARIANT, manifest(page("index", content_digest="")), None, TEXTS, committed=COMMITTED) is None
    assert carried(VARIANT, MANIFEST, None, {}, committed=COMMITTED) is None


def test_the_file_is_bounded() -> None:
    """The last pages of the navigation are left out, and named."""
    whole = len(made().data)
    less = made(bound=whole - 10)
    assert less.left_out == ("guide",)
    assert len(less.data) <= whole - 10
    assert carried(VARIANT, MANIFEST, OUTLINE, TEXTS, committed=COMMITTED, bound=100) is None


@pytest.mark.parametrize("text", ["# Other\n", "\ud800", None])
def test_a_text_that_is_another_one_is_dropped(text: str | None) -> None:
    """With its page, which is new again; the others stay."""
    told = json.loads(made().data)
    told["texts"]["guide"] = text
    if text is None:
        del told["texts"]["guide"]
    found = recovered(json.dumps(told).encode(), VARIANT)
    assert isinstance(found, Recovered)
    assert found.dropped == ("guide",)
    assert [one.slug for one in found.state.manifest.pages] == ["index", "api"]


@pytest.mark.parametrize("name", ["owner", "project", "provider", "model"])
def test_another_s_state_is_none_of_ours(name: str) -> None:
    """Neither that of another repository nor that of another model."""
    told = {**json.loads(made().data), name: "other"}
    assert isinstance(recovered(json.dumps(told).encode(), VARIANT), Elsewhere)


@pytest.mark.parametrize(
    "change",
    [
        {"committed": "yesterday"},
        {"committed": "2026-01-02T03:04:05"},
        {"schema_version": 2},
        {"texts": {"../x": "a"}},
        {"more": 1},
        {"manifest": {}},
    ],
)
def test_what_is_not_as_it_should_be_is_refused(change: dict[str, object]) -> None:
    """Whole, with the reason."""
    found = recovered(json.dumps({**json.loads(made().data), **change}).encode(), VARIANT)
    assert isinstance(found, Unreadable)
    assert found.reason


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300) | JSON.map(lambda value: json.dumps(value).encode()))
def test_nothing_that_comes_raises(data: bytes) -> None:
    """Whatever the bytes are."""
    assert isinstance(recovered(data, VARIANT), Unreadable)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(json.loads(made().data))), JSON, st.data())
def test_no_value_in_the_place_of_another_raises(name: str, value: object, more: st.DataObject) -> None:
    """At the top and in a page."""
    told = json.loads(made().data)
    told[name] = value
    recovered(json.dumps(told).encode(), VARIANT)
    told = json.loads(made().data)
    one = told["manifest"]["pages"][0]
    one[more.draw(st.sampled_from(sorted(one)))] = value
    assert not isinstance(recovered(json.dumps(told).encode(), VARIANT), Elsewhere)
