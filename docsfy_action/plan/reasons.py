"""Reasons a person understands: the difference between two sets of facets in one sentence."""

from collections.abc import Mapping

Facets = Mapping[str, Mapping[str, str]]

SHOWN = 3
CHANGED = {
    ("symbol", "api"): "changed its signature",
    ("symbol", "doc"): "changed its documentation",
    ("symbol", "value"): "changed its value",
    ("option", "default"): "changed its default",
    ("option", "flags"): "changed its spelling",
    ("option", "doc"): "changed its help text",
    ("setting", "default"): "changed its default",
    ("setting", "doc"): "changed its description",
    ("setting", "type"): "changed its type",
    ("command", "doc"): "changed its help text",
    ("dependency", "constraint"): "changed its version range",
    ("manifest", "version"): "has a new version",
    ("manifest", "doc"): "changed its description",
    ("manifest", "requires"): "changed what it requires",
}


def explain(old: Facets, new: Facets, *, shown: int = SHOWN) -> str:
    """Why a page made from `old` must be written again now that the facts are `new`; names at most `shown` of them."""
    parts = [f"{_label(key)} {_what(key, old[key], new[key])}" for key in new if key in old and old[key] != new[key]]
    parts += [f"{_label(key)} is new" for key in new if key not in old]
    parts += [f"{_label(key)} is gone" for key in old if key not in new]
    if not parts:
        return "the pages or modules around it changed"
    more = len(parts) - shown
    text = ", ".join(parts[:shown])
    return f"{text} and {more} more" if more > 0 else text


def _label(key: str) -> str:
    _, _, place = key.partition(" ")
    path, _, name = place.rpartition("#")
    return f"`{name or path}`"


def _what(key: str, old: Mapping[str, str], new: Mapping[str, str]) -> str:
    kind = key.partition(" ")[0]
    changed = [facet for facet in sorted({*old, *new}) if old.get(facet) != new.get(facet)]
    for facet in changed:
        if (kind, facet) in CHANGED:
            return CHANGED[kind, facet]
    return "changed"
