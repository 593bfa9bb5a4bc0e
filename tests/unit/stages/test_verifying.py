"""What happens to pages that verification refuses, and what the report says of all of them."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from docsfy_action.errors import OutlineError
from docsfy_action.facts.model import BlobFacts
from docsfy_action.lifecycle import PageAction, PageReport
from docsfy_action.stages.ending import need_landing
from docsfy_action.stages.planning import digest_of
from docsfy_action.stages.run import Run
from docsfy_action.stages.shared import Forgetful
from docsfy_action.stages.verifying import FINDINGS_SHOWN, Verified, cut_back, doubtful, report_verdicts, withhold
from docsfy_action.stages.writing import Page
from docsfy_action.state.store import Loaded
from docsfy_action.verify.findings import Finding
from tests.unit.stages.runs import MemoryStore, loaded, new_run, record
from tests.unit.verify.commits import evidence

COMMIT = evidence({"pkg/a.py": "def there():\n    pass\n"})


def finding(number: int = 0) -> Finding:
    """Something that the commit does not hold."""
    return Finding(
        kind="name", slug="usage", text="x", heading="H", line=number, message=f"`x{number}` does not exist."
    )


def page(slug: str, text: str) -> Page:
    """A page of this run."""
    return Page(text=text, record=record(slug, text), written=True, reason="new page")


def refused(text: str, number: int = 1) -> Verified:
    """The page `usage` with this text, refused for so many findings."""
    return Verified(pages={"usage": page("usage", text)}, refused={"usage": tuple(finding(n) for n in range(number))})


def run_with(slug: str) -> tuple[Run, object]:
    """A run that reports this page."""
    run, out = new_run()
    run.pages[slug] = PageReport(slug=slug, title="", action=PageAction.WRITE, reason="new page", writer="builtin")
    return run, out


def test_a_refused_page_is_replaced_by_its_last_good_version() -> None:
    """Its readers lose nothing; the next run tries again, and this one says why."""
    store = MemoryStore({("usage", digest_of("# Old\n")): "# Old\n"})
    run, out = new_run()
    run.pages["usage"] = PageReport(slug="usage", title="", action=PageAction.WRITE, reason="", writer="builtin")
    found = withhold(refused("# New\n"), COMMIT, store, loaded(record("usage")), run)["usage"]
    assert found.text == "# Old\n"
    assert found.record.failed
    assert found.record.content_digest == digest_of("# Old\n")
    assert run.pages["usage"].action is PageAction.FAIL
    assert run.pages["usage"].findings == ("name: `x0` does not exist.",)
    assert "The page `usage` was withheld: `x0` does not exist." in out.getvalue()


def test_a_last_version_that_does_not_hold_is_left_out() -> None:
    """What was true of an earlier commit is not published for one that does not bear it out."""
    old = "# Old\n\nCall `gone_away()`.\n"
    store = MemoryStore({("usage", digest_of(old)): old})
    run, _ = run_with("usage")
    found = withhold(refused("# New\n"), COMMIT, store, loaded(record("usage", old)), run)["usage"]
    assert found.text == ""
    assert found.record.content_digest == ""
    assert found.record.failed


def test_a_models_page_is_cut_back_to_what_holds() -> None:
    """What the commit does not hold goes, the rest stays and is saved; pages of the embedded writer are not cut."""
    kept = "# Usage\n\n" + "Call `there()` to begin. It returns at once, and can be called again.\n\n" * 4
    text = f"{kept}Call `gone_away()` later.\n"
    for author, saved in (("api some:model", ["usage"]), ("", [])):
        written = Page(
            text=text, record=record("usage", text).model_copy(update={"author": author}), written=True, reason=""
        )
        store = MemoryStore()
        run, _ = run_with("usage")
        before = Verified(pages={"usage": written}, refused={"usage": (finding(),)})
        seen: list[str] = []

        def again(pages: Mapping[str, Page], seen: list[str] = seen) -> Verified:
            seen.append(pages["usage"].text)
            return Verified(pages=pages, refused={})

        after = cut_back(before, COMMIT, store, run, again)
        assert store.saved == saved
        assert (after is before) == (not saved)
        if saved:
            assert seen == [kept.removesuffix("\n")]
            assert run.pages["usage"].removed == 1


def test_a_credential_is_not_cut_out() -> None:
    """A page of a model that holds one is withheld whole."""
    text = "# Usage\n\nCall `gone_away()`.\n"
    written = Page(text=text, record=record("usage", text).model_copy(update={"author": "m"}), written=True, reason="")
    secret = replace(finding(), kind="secret")
    before = Verified(pages={"usage": written}, refused={"usage": (secret,)})
    run, _ = run_with("usage")
    assert cut_back(before, COMMIT, MemoryStore(), run, lambda _: before) is before


@pytest.mark.parametrize("texts", [{}, {("usage", digest_of("# Old\n")): "# Old\n"}])
def test_a_refusal_casts_doubt_on_stored_facts_once(texts: dict[tuple[str, str], str]) -> None:
    """The code is read again for a page that is refused, and not once more while it would be made from the same."""
    verified = refused("# New\n")
    assert doubtful(verified, Loaded())
    assert doubtful(verified, loaded(record("usage")))
    run, _ = run_with("usage")
    withheld = withhold(verified, COMMIT, MemoryStore(texts), loaded(record("usage")), run)["usage"].record
    assert not doubtful(verified, loaded(withheld))
    other = withheld.model_copy(update={"refused_digest": "input of another commit"})
    assert doubtful(verified, loaded(other))
    assert not doubtful(Verified(pages=verified.pages, refused={}), Loaded())


@pytest.mark.parametrize(
    ("before", "texts"),
    [
        (Loaded(), {}),
        (loaded(record("usage", stored=False)), {}),
        (loaded(record("usage")), {}),
        (loaded(record("usage", "# New\n")), {("usage", digest_of("# New\n")): "# New\n"}),
    ],
)
def test_without_a_good_version_a_refused_page_is_left_out(before: Loaded, texts: dict[tuple[str, str], str]) -> None:
    """New, lost, or the very text that was refused: nothing is published, and the page is owed."""
    run, _ = run_with("usage")
    found = withhold(refused("# New\n"), COMMIT, MemoryStore(texts), before, run)["usage"]
    assert found.text == ""
    assert found.record.failed
    assert found.record.content_digest == ""


def test_the_report_names_some_of_very_many_findings() -> None:
    """It stays readable."""
    run, _ = run_with("usage")
    withhold(refused("# New\n", FINDINGS_SHOWN + 5), COMMIT, MemoryStore(), Loaded(), run)
    assert len(run.pages["usage"].findings) == FINDINGS_SHOWN


def test_pages_that_hold_are_published_as_they_are() -> None:
    """Nothing is withheld without a finding."""
    run, _ = new_run()
    pages = {"usage": page("usage", "# U\n")}
    assert withhold(Verified(pages=pages, refused={}), COMMIT, MemoryStore(), Loaded(), run) == pages


def test_references_are_counted_for_what_is_published() -> None:
    """A page that is left out has no unresolved references."""
    run, _ = run_with("usage")
    counted = record("usage").model_copy(
        update={"references_checked": 5, "references_unresolved": 2, "quoted_unresolved": 1}
    )
    report_verdicts({"usage": Page(text="# U\n", record=counted, written=True, reason="")}, run)
    shown = run.pages["usage"]
    assert (shown.references_checked, shown.references_unresolved, shown.quoted_unresolved) == (5, 2, 1)
    report_verdicts({"usage": Page(text="", record=counted, written=True, reason="")}, run)
    assert run.pages["usage"].references_unresolved == 0


def test_a_site_needs_its_landing_page() -> None:
    """Without it nothing is published, and the error says so."""
    need_landing({"index": page("index", "# I\n")})
    for pages in ({}, {"index": page("index", "")}):
        with pytest.raises(OutlineError, match="landing page was withheld"):
            need_landing(pages)


def test_a_store_that_forgets_makes_everything_be_read_again() -> None:
    """It claims to know nothing, and keeps what is read for the runs to come."""

    class Facts:
        def __init__(self) -> None:
            self.put: dict[tuple[str, int, str], BlobFacts] = {}

        def get_many(self, keys: object) -> dict[tuple[str, int, str], BlobFacts]:
            raise AssertionError("it was asked")

        def put_many(self, items: object) -> None:
            assert isinstance(items, dict)
            self.put.update(items)

    inner = Facts()
    store = Forgetful(inner)
    key = ("python", 1, "blob")
    assert store.get_many([key]) == {}
    store.put_many({key: BlobFacts(lines=1)})
    assert inner.put == {key: BlobFacts(lines=1)}
