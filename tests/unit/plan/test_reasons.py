"""Reasons as sentences: which fact changed, and in which way a person would say it."""

import pytest

from docsfy_action.plan.reasons import explain


@pytest.mark.parametrize(
    ("key", "facet", "expected"),
    [
        ("symbol a.py#Client.get", "api", "`Client.get` changed its signature"),
        ("symbol a.py#LIMIT", "value", "`LIMIT` changed its value"),
        ("symbol a.py#f", "content", "`f` changed"),
        ("option cli.py#run --out", "flags", "`run --out` changed its spelling"),
        ("option cli.py#run --out", "env", "`run --out` changed"),
        ("dependency pyproject.toml#rich", "constraint", "`rich` changed its version range"),
        ("manifest pyproject.toml#shop", "version", "`shop` has a new version"),
        ("command x.py#", "doc", "`x.py` changed its help text"),
    ],
)
def test_a_changed_facet_is_named(key: str, facet: str, expected: str) -> None:
    """Every facet that people tell apart has its own words; others are a plain change."""
    assert explain({key: {facet: "1", "same": "x"}}, {key: {facet: "2", "same": "x"}}) == expected


def test_of_several_changed_facets_the_first_with_words_is_named() -> None:
    """A facet without words does not hide one that has them; a facet that is new or gone is a change too."""
    key = "option cli.py#--x"
    assert (
        explain({key: {"content": "1", "doc": "1"}}, {key: {"content": "2", "doc": "2"}})
        == "`--x` changed its help text"
    )
    assert explain({key: {}}, {key: {"default": "1"}}) == "`--x` changed its default"


def test_changes_are_told_before_what_is_new_and_what_is_gone() -> None:
    """The order is: changed, new, gone."""
    old = {"symbol a#gone": {"api": "1"}, "symbol a#kept": {"api": "1"}}
    new = {"symbol a#kept": {"api": "2"}, "symbol a#new": {"api": "1"}}
    assert explain(old, new) == "`kept` changed its signature, `new` is new, `gone` is gone"


def test_a_triage_is_told_more() -> None:
    """How many are named is up to the one who asks."""
    new = {f"symbol a#f{number}": {"api": "1"} for number in range(4)}
    assert explain({}, new, shown=4) == "`f0` is new, `f1` is new, `f2` is new, `f3` is new"


def test_more_than_three_changes_are_counted() -> None:
    """A reason fits on a line."""
    new = {f"symbol a#f{number}": {"api": "1"} for number in range(4)}
    assert explain({}, new) == "`f0` is new, `f1` is new, `f2` is new and 1 more"
