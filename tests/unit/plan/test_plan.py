"""What happens to each page, and the reason that is given."""

from collections.abc import Mapping

import pytest

from docsfy_action.facts.model import Option, Parameter, Span, Symbol, SymbolKind
from docsfy_action.facts.modules import Located
from docsfy_action.outline.model import PageKind, PageSpec
from docsfy_action.plan.plan import KeepPage, Known, WritePage, make_plan
from docsfy_action.plan.provenance import Provenance, provenance


def symbol(
    name: str = "Client.get", *, signature: str = "def get(self)", doc: str = "", line: int = 1
) -> Located[Symbol]:
    """A located method."""
    item = Symbol(
        name=name,
        kind=SymbolKind.METHOD,
        span=Span(start=line, end=line + 3),
        signature=signature,
        doc=doc,
        body=str(line),
    )
    return Located(path="src/client.py", item=item)


def spec(slug: str = "api-client", identity: str = "api:client") -> PageSpec:
    """A page specification."""
    return PageSpec(slug=slug, title=slug, description="", kind=PageKind.REFERENCE, identity=identity, writer="api")


def known(made_from: Provenance, *, slug: str = "api-client", identity: str = "api:client", intact: bool = True,
          failed: bool = False) -> Known:  # fmt: skip
    """What a previous run knows of a page."""
    return Known(slug=slug, identity=identity, title=slug, provenance=made_from, intact=intact, failed=failed)


def reason(old: object, new: object) -> str:
    """The reason for which a page made from `old` is written again from `new`."""
    plan = make_plan([spec()], {"api-client": provenance(new)}, {"api-client": known(provenance(old))})
    (decision,) = plan.decisions
    assert isinstance(decision, WritePage)
    return decision.reason


def test_a_page_made_from_the_same_facts_is_kept() -> None:
    """Code that only moved or changed its body leaves the page as it is."""
    old, new = provenance((symbol(line=1),)), provenance((symbol(line=90),))
    plan = make_plan([spec()], {"api-client": new}, {"api-client": known(old)})
    assert [type(decision) for decision in plan.decisions] == [KeepPage]
    assert (len(plan.kept), plan.to_write, plan.removed) == (1, (), ())


def test_a_changed_signature_is_named() -> None:
    """The reason says which definition changed what."""
    assert reason((symbol(),), (symbol(signature="def get(self, url)"),)) == "`Client.get` changed its signature"


def test_a_changed_docstring_is_told_from_a_changed_signature() -> None:
    """Documentation is a facet of its own."""
    assert reason((symbol(),), (symbol(doc="Gets."),)) == "`Client.get` changed its documentation"


def test_new_and_removed_facts_are_named() -> None:
    """What appears and what disappears is told apart."""
    assert reason((symbol(),), (symbol(), symbol("Client.put"))) == "`Client.put` is new"
    assert reason((symbol(), symbol("Client.put")), (symbol(),)) == "`Client.put` is gone"


def test_many_changes_are_counted() -> None:
    """Three changes are named, the rest is a number."""
    names = [f"f{number}" for number in range(5)]
    text = reason(tuple(symbol(n) for n in names), tuple(symbol(n, doc="x") for n in names))
    assert text.endswith("`f2` changed its documentation and 2 more")


def test_an_option_says_which_part_of_it_changed() -> None:
    """Defaults, help and spelling of an option are facets."""

    def option(*, default: str = "", metavar: str = "") -> Located[Option]:
        item = Option(name="--out", line=1, command="run", default=default, metavar=metavar)
        return Located(path="cli.py", item=item)

    assert reason(option(), option(default="x")) == "`run --out` changed its default"
    assert reason(option(), option(metavar="FILE")) == "`run --out` changed"


def test_a_change_that_no_fact_carries_still_gets_a_reason() -> None:
    """Titles and order of modules are no facts, but they are part of the page."""
    assert reason(("a", "b"), ("b", "a")) == "the pages or modules around it changed"


def test_new_failed_and_damaged_pages_are_written() -> None:
    """A page is owed until it has been finished and its text is there."""
    now = provenance(symbol())
    cases: list[tuple[Mapping[str, Known], str]] = [
        ({}, "new page"),
        ({"api-client": known(now, failed=True)}, "the last run could not finish it"),
        ({"api-client": known(now, intact=False)}, "its stored text is missing or damaged"),
    ]
    for before, why in cases:
        (decision,) = make_plan([spec()], {"api-client": now}, before).decisions
        assert isinstance(decision, WritePage)
        assert decision.reason == why


def test_force_writes_everything_with_its_reason() -> None:
    """One reason can hold for all pages."""
    now = provenance(symbol())
    (decision,) = make_plan(
        [spec()], {"api-client": now}, {"api-client": known(now)}, because=lambda _: "forced"
    ).decisions
    assert isinstance(decision, WritePage)
    assert decision.reason == "forced"


def test_a_page_that_goes_leads_its_readers_to_the_nearest_page() -> None:
    """The same subject under a new slug, else the enclosing subject, else the family, else the landing page."""
    now = provenance(1)
    pages = [spec("index", "landing"), spec("api-new", "api:a.b"), spec("api-a", "api:a")]
    before = {
        page.slug: page
        for page in (
            known(now, slug="api-old", identity="api:a.b"),
            known(now, slug="api-a-c", identity="api:a.c.d"),
            known(now, slug="api-z", identity="api:z"),
            known(now, slug="gone", identity="other"),
        )
    }
    removed = make_plan(pages, {page.slug: now for page in pages}, before).removed
    assert {page.slug: page.successor for page in removed} == {
        "api-old": "api-new", "api-a-c": "api-a", "api-z": "api-new", "gone": "index",
    }  # fmt: skip
    assert all(page.reason for page in removed)


def test_digests_tell_values_apart_that_look_alike() -> None:
    """Concatenation, types and absence never collide."""
    values: list[object] = [
        ("ab", "c"), ("a", "bc"), ("abc",), "abc", ("1",), (1,), (True,), (None,), (), ((),), {"a": "b"}, {"ab": ""},
        Parameter(name="a"), Parameter(name="", annotation="a"),
    ]  # fmt: skip
    assert len({provenance(value).digest for value in values}) == len(values)


def test_a_value_that_cannot_be_digested_is_refused() -> None:
    """Sets have no order, so a page input must not hold one."""
    with pytest.raises(TypeError, match="set"):
        provenance({1, 2})
