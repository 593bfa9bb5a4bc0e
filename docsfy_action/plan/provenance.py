"""What a page was made from: a digest over all of it, and a hash per facet of each fact, so that reasons can be given.

Line numbers and blob ids never count: a page that only cites code which moved is not stale.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any

from docsfy_action.facts.modules import Located

PLACE_FIELDS = frozenset({"span", "line", "lines", "blob", "body", "size"})
# Facets whose change a person would want told apart; all other fields of a fact count as `content`.
FACETS: Mapping[str, Mapping[str, str]] = {
    "Symbol": {"doc": "doc", "signature": "api", "parameters": "api", "returns": "api", "bases": "api", "value": "value",
               "decorators": "api", "kind": "api"},
    "Option": {"help": "doc", "default": "default", "flags": "flags", "env": "env"},
    "Setting": {"default": "default", "doc": "doc", "type": "type"},
    "Command": {"help": "doc"},
    "Dependency": {"constraint": "constraint"},
    "Manifest": {"version": "version", "description": "doc", "requires": "requires"},
}  # fmt: skip

# Characters of a facet that is likely to be shared by many facts.
SHORT = 100
# Kinds of facts with nothing inside that has a place of its own.
FLAT = frozenset({"Symbol", "Option", "Setting", "Command", "Dependency"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """`digest` over everything a page was made from; `facets` maps a fact's key to facet → hash.

    A key is `kind path#name`, for example `symbol src/client.py#Client.get`.
    """

    digest: str
    facets: Mapping[str, Mapping[str, str]]


def provenance(value: object) -> Provenance:
    """Provenance of a page input: any nesting of frozen dataclasses, tuples, mappings, texts and numbers."""
    facets: dict[str, dict[str, str]] = {}
    hasher = hashlib.sha256()
    _feed(value, hasher.update, facets)
    return Provenance(digest=hasher.hexdigest(), facets={key: facets[key] for key in sorted(facets)})


@cache
def _names_of(kind: Any) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind) if f.name not in PLACE_FIELDS)


@cache
def _facets_of(kind: Any) -> tuple[tuple[str, Callable[[object], object]], ...]:
    """The facets of a fact of this kind, in order, and how to get the values of each as a tuple."""
    grouping = FACETS.get(kind.__name__, {})
    groups: dict[str, list[str]] = {}
    for name in _names_of(kind):
        groups.setdefault(grouping.get(name, "content"), []).append(name)
    return tuple((facet, attrgetter(*groups[facet])) for facet in sorted(groups))


@lru_cache(maxsize=8192)
def _short_hash(text: str) -> str:
    """Most facets are empty or alike: they need to be hashed, and kept, only once."""
    return _hashed(text)


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:16]


def _feed(value: object, update: Callable[[bytes], None], facets: dict[str, dict[str, str]]) -> None:
    """Write one unambiguous encoding of `value`; each part begins with its type and length."""
    match value:
        case Located():
            key, hashes = _fact(value)
            facets[key] = hashes
            update(b"L%d:" % len(hashes) + key.encode("utf-8", "surrogateescape"))
            for name in sorted(hashes):
                update(f"{name}={hashes[name]};".encode())
        case str() | Enum() | datetime():
            data = _text(value).encode("utf-8", "surrogateescape")
            update(b"s%d:" % len(data) + data)
        case None | bool() | int() | float():
            update(f"v{value!r};".encode())
        case tuple() | list():
            update(b"t%d:" % len(value))
            for part in value:
                _feed(part, update, facets)
        case Mapping():
            update(b"m%d:" % len(value))
            for key in sorted(value):
                _feed(key, update, facets)
                _feed(value[key], update, facets)
        case _ if is_dataclass(value) and not isinstance(value, type):
            kind: Any = type(value)
            update(kind.__name__.encode() + b"(")
            for name in _names_of(kind):
                _feed(getattr(value, name), update, facets)
        case _:
            raise TypeError(f"a page input holds a {type(value).__name__}")


def _text(value: str | Enum | datetime) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    return value.isoformat() if isinstance(value, datetime) else value


def _fact(located: Located[object]) -> tuple[str, dict[str, str]]:
    item: Any = located.item
    item_type: Any = type(item)
    kind = item_type.__name__
    label = getattr(item, "name", "") or getattr(item, "title", "") or getattr(item, "id", "")
    owner = getattr(item, "command", "") or getattr(item, "owner", "")
    key = f"{kind.lower()} {located.path}#{f'{owner} ' if owner else ''}{label}"
    hashes = {}
    for facet, values_of in _facets_of(item_type):
        values = values_of(item)
        if kind in FLAT:
            # `ascii` tells these values apart just as well, is the same on every Python, and thirty times as fast.
            text = ascii(values)
            hashes[facet] = _short_hash(text) if len(text) <= SHORT else _hashed(text)
        else:
            hasher = hashlib.sha256()
            _feed(values, hasher.update, {})
            hashes[facet] = hasher.hexdigest()[:16]
    return key, hashes
