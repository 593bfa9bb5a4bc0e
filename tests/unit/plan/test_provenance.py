"""What the digest of a page's input depends on, and what it must not depend on."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsfy_action.facts.model import Command, Dependency, Document, Job, Option, Span, Symbol, SymbolKind, Task
from docsfy_action.facts.modules import Located
from docsfy_action.plan.provenance import provenance
from tests.unit.samples import STEADY


class Colour(Enum):
    """An enumeration whose value is text."""

    RED = "red"


@dataclass(frozen=True)
class Holder:
    """A page input with one value."""

    value: object


@dataclass(frozen=True)
class Other:
    """The same shape under another name."""

    value: object


def test_places_do_not_count() -> None:
    """Lines, spans, blob ids and body hashes may change without a page becoming stale."""
    at_one = Symbol(name="f", kind=SymbolKind.FUNCTION, span=Span(start=1, end=2), signature="def f()", body="a")
    at_two = Symbol(name="f", kind=SymbolKind.FUNCTION, span=Span(start=8, end=9), signature="def f()", body="b")
    assert provenance(at_one) == provenance(at_two)
    tasks = [Located(path="Makefile", item=Task(name="test", runner="make", line=line)) for line in (1, 7)]
    assert provenance(tasks[0]) == provenance(tasks[1])


def test_every_other_field_counts() -> None:
    """Whatever else a fact says is part of the digest, inside `Located` and outside."""
    one, two = Option(name="--x", line=1), Option(name="--x", line=1, metavar="FILE")
    assert provenance(one).digest != provenance(two).digest
    assert provenance(Located(path="a", item=one)).digest != provenance(Located(path="a", item=two)).digest
    assert provenance(Located(path="a", item=one)).digest != provenance(Located(path="b", item=one)).digest


def test_the_order_of_a_sequence_counts_and_that_of_a_mapping_does_not() -> None:
    """A page shows sequences in order; mappings have none."""
    assert provenance(("a", "b")).digest != provenance(("b", "a")).digest
    assert provenance({"a": 1, "b": 2}) == provenance({"b": 2, "a": 1})
    assert provenance({"a": 1}).digest != provenance({"a": 2}).digest


def test_kinds_of_values_are_told_apart() -> None:
    """Enumerations count by value, times by the instant they show, dataclasses by their name."""
    assert provenance(Colour.RED) == provenance("red")
    early, late = (datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2))
    assert provenance(early).digest != provenance(late).digest
    assert provenance(Holder("x")).digest != provenance(Other("x")).digest


@pytest.mark.parametrize("value", [b"bytes", object(), Colour, {1, 2}, Holder(frozenset())])
def test_values_without_a_stable_form_are_refused(value: object) -> None:
    """Rather an error in a test than a page that is written anew, or kept, by chance."""
    with pytest.raises(TypeError, match="a page input holds"):
        provenance(value)


def test_names_that_are_no_unicode_can_be_digested() -> None:
    """A path with bytes that are no UTF-8 is a path like any other."""
    assert provenance("caf\udce9").digest != provenance("cafe").digest
    assert provenance(Located(path="caf\udce9", item=Task(name="x", runner="make", line=1))).facets


def test_facets_are_keyed_by_kind_place_and_name() -> None:
    """The owner stands before the name; a fact without a name is known by its title or id, else by its file."""
    facts = (
        Located(path="cli.py", item=Option(name="--out", line=1, command="run")),
        Located(path="README.md", item=Document(title="Notes", line=1)),
        Located(path="ci.yml", item=Job(id="test", line=1)),
        Located(path="x.py", item=Command(name="", line=1, framework="click")),
    )
    assert list(provenance(facts).facets) == [
        "command x.py#",
        "document README.md#Notes",
        "job ci.yml#test",
        "option cli.py#run --out",
    ]


def test_facets_group_what_people_tell_apart() -> None:
    """A changed constraint changes one facet and leaves the others."""
    old, new = (
        provenance(Located(path="p", item=Dependency(name="x", line=1, constraint=text))).facets["dependency p#x"]
        for text in (">=1", ">=2")
    )
    assert {facet for facet in old if old[facet] != new[facet]} == {"constraint"}


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@settings(STEADY, max_examples=60)
@given(one=VALUES, two=VALUES)
def test_two_values_have_one_digest_only_if_they_are_the_same(one: object, two: object) -> None:
    """No two values that differ are ever taken for each other."""
    assert (provenance(one).digest == provenance(two).digest) == (repr(_ordered(one)) == repr(_ordered(two)))


def _ordered(value: object) -> object:
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in sorted(value)}
    return tuple(map(_ordered, value)) if isinstance(value, tuple) else value
