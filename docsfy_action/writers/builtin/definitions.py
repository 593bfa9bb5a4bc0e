"""What several writers ask of a definition: how objects of a type are made, and which members say something."""

import re

from docsfy_action.facts.model import Symbol, SymbolKind
from docsfy_action.facts.modules import Located, members_of
from docsfy_action.facts.surface import Member, Surface

CONSTRUCTORS = frozenset({"__init__", "constructor"})
DATA_KINDS = (SymbolKind.ATTRIBUTE, SymbolKind.CONSTANT, SymbolKind.VARIABLE)
SPECIAL = re.compile(r"__\w+__")
LONGEST_TYPE = 80


def short_name(symbol: Symbol) -> str:
    """The name inside its owner: `get` of `Client.get`."""
    return symbol.name.rpartition(".")[2]


def constructor_of(symbol: Located[Symbol], surface: Surface) -> Located[Symbol] | None:
    """What makes objects of a type, where the type defines that itself."""
    members = members_of(surface.files[symbol.path].facts.symbols, symbol.item.name)
    found = (Located(path=symbol.path, item=member) for member in members if short_name(member) in CONSTRUCTORS)
    return next(found, None)


def is_constructor(symbol: Symbol) -> bool:
    """Whether a member is called by the name of its owner."""
    return short_name(symbol) in CONSTRUCTORS


def is_silent(symbol: Symbol) -> bool:
    """Whether a member is one of the language's own protocol, of which the code says nothing more."""
    return symbol.kind is SymbolKind.METHOD and not symbol.doc and SPECIAL.fullmatch(short_name(symbol)) is not None


def is_row(symbol: Symbol) -> bool:
    """Whether a definition is data that a row of a table can show; a constant that holds a function is not."""
    return symbol.kind in DATA_KINDS and "=>" not in symbol.returns and len(symbol.returns) <= LONGEST_TYPE


def inherited(member: Member, surface: Surface) -> tuple[Located[Symbol], ...]:
    """Public members that the type has from its bases in this repository, the nearest first, each name once."""
    known = {short_name(child.item) for child in member.children}
    found: list[Located[Symbol]] = []
    seen = {(member.symbol.path, member.symbol.item.name)}
    pending = [member.symbol]
    while pending:
        owner = pending.pop(0)
        for text in owner.item.bases:
            base = surface.lookup(owner.path, text)
            if base is None or (base.path, base.item.name) in seen:
                continue
            seen.add((base.path, base.item.name))
            pending.append(base)
            for child in members_of(surface.files[base.path].facts.symbols, base.item.name):
                if child.public and short_name(child) not in known:
                    known.add(short_name(child))
                    found.append(Located(path=base.path, item=child))
    return tuple(found)
