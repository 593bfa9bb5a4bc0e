"""Signatures of one function that follow each other, as one definition."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256

from docsfy_action.facts.model import Span, Symbol, SymbolKind

_CALLABLE = frozenset({SymbolKind.FUNCTION, SymbolKind.METHOD})


@dataclass(frozen=True, slots=True)
class Entry:
    """A definition as it stands in the file; `complete` is False for a signature without body."""

    symbol: Symbol
    complete: bool = True


def merged(entries: Iterable[Entry]) -> Iterator[Symbol]:
    """Definitions with overloads put together, and setters with their getters."""
    group: list[Entry] = []
    for entry in entries:
        if group and not _belongs(group, entry):
            yield _one(group)
            group = []
        group.append(entry)
    if group:
        yield _one(group)


def _belongs(group: list[Entry], entry: Entry) -> bool:
    first, symbol = group[0].symbol, entry.symbol
    if (first.name, first.kind) != (symbol.name, symbol.kind):
        return False
    return symbol.kind is SymbolKind.PROPERTY or (symbol.kind in _CALLABLE and not group[-1].complete)


def _one(group: list[Entry]) -> Symbol:
    first = group[0].symbol
    if len(group) == 1:
        return first
    found = [entry.symbol for entry in group]
    # Callers see the signatures without body; the one with a body only implements them.
    visible = [entry.symbol for entry in group if not entry.complete]
    # A comment that hides the first signature speaks of the function, one on a later signature of that alone.
    shown = [symbol for symbol in visible or found if symbol.public is first.public] or found
    signatures = tuple(dict.fromkeys(symbol.signature for symbol in shown))
    if first.kind is SymbolKind.PROPERTY:
        # The getter says what the value is.
        shown = [symbol for symbol in found if symbol.returns or not symbol.parameters] or found
        signatures = ()
    return replace(
        shown[0],
        doc=next((symbol.doc for symbol in (*shown, *found) if symbol.doc and symbol.public == shown[0].public), ""),
        span=Span(start=first.span.start, end=max(symbol.span.end for symbol in found)),
        body=sha256("".join(symbol.body for symbol in found).encode()).hexdigest()[: len(first.body)],
        overloads=signatures if len(signatures) > 1 else (),
    )
