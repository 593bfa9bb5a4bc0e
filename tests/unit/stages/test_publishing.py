"""What is decided before a site is rendered: redirects, the commits of paths, and whether a site is whole."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.plan.plan import Plan, RemovePage
from docsfy_action.repository.history import LastChange
from docsfy_action.site.output import MARKER
from docsfy_action.stages.publishing import _changed, fingerprint, next_redirects
from docsfy_action.state.store import Loaded
from tests.unit.samples import COMMIT, STEADY, snapshot_of
from tests.unit.stages.runs import loaded


def removed(**successors: str) -> Plan:
    """A plan that removes pages."""
    pages = (RemovePage(slug=slug, title="", reason="", successor=to) for slug, to in successors.items())
    return Plan(decisions=tuple(pages))


@pytest.mark.parametrize(
    ("old", "gone", "published", "expected"),
    [
        ({}, {}, "index", {}),
        ({}, {"a": "b"}, "index b", {"a": "b"}),
        ({"x": "a"}, {"a": "b"}, "index b", {"a": "b", "x": "b"}),
        ({"x": "a"}, {}, "index x a", {}),
        ({"x": "gone"}, {}, "index", {"x": "index"}),
        ({"x": "y", "y": "x"}, {}, "index", {"x": "index", "y": "index"}),
        ({"x": "a"}, {"x": "b"}, "index a b", {"x": "b"}),
    ],
)
def test_old_addresses_lead_straight_to_a_page(
    old: dict[str, str], gone: dict[str, str], published: str, expected: dict[str, str]
) -> None:
    """Chains are shortened, circles and dead ends lead to the landing page, and a page is never redirected away."""
    assert next_redirects(loaded(redirects=old), removed(**gone), frozenset(published.split())) == expected


def test_the_first_run_has_only_redirects_of_its_own() -> None:
    """There is no earlier site to remember."""
    assert next_redirects(Loaded(), removed(a="index"), frozenset({"index"})) == {"a": "index"}


SLUGS = st.sampled_from(["a", "b", "c", "d", "index"])


@STEADY
@given(st.dictionaries(SLUGS, SLUGS), st.dictionaries(SLUGS, SLUGS), st.sets(SLUGS))
def test_every_redirect_ends_at_a_published_page(old: dict[str, str], gone: dict[str, str], pages: set[str]) -> None:
    """Whatever earlier runs left behind."""
    published = frozenset({*pages, "index"})
    found = next_redirects(loaded(redirects=old), removed(**gone), published)
    assert set(found.values()) <= published
    assert not published & found.keys()


def test_a_path_is_as_of_the_commit_that_changed_it() -> None:
    """A folder as of the newest change below it; what the history does not know, as of the documented commit."""
    dates = {"2" * 40: datetime(2026, 2, 2, tzinfo=UTC), "1" * 40: datetime(2026, 1, 1, tzinfo=UTC)}
    change = LastChange(
        commit=COMMIT,
        complete=True,
        commits=dates,
        files={"a/b/x.py": "1" * 40, "a/y.py": "2" * 40, "c/z.py": "1" * 40},
    )
    changed = _changed(change, snapshot_of({"a/b/x.py": "", "a/y.py": "", "c/z.py": "", "new.py": ""}))
    assert changed("a/b/x.py") == "1" * 40
    assert changed("a") == "2" * 40
    assert changed("a/b") == "1" * 40
    assert changed("new.py") == COMMIT
    assert changed("nowhere") == COMMIT


def test_a_site_is_known_by_its_files(tmp_path: Path) -> None:
    """A file that is missing, grew, or has another name makes it another one; a folder without our mark is no site."""
    assert fingerprint(tmp_path) == ""
    (tmp_path / MARKER).write_text("{}")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.html").write_text("a")
    whole = fingerprint(tmp_path)
    assert whole == fingerprint(tmp_path)
    (tmp_path / "sub" / "a.html").write_text("ab")
    grown = fingerprint(tmp_path)
    (tmp_path / "sub" / "a.html").unlink()
    gone = fingerprint(tmp_path)
    (tmp_path / MARKER).write_text("[]")
    assert len({whole, grown, gone, fingerprint(tmp_path)}) == 4
