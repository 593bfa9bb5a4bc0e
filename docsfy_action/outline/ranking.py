"""Which public definitions users meet first: those that examples, documents and tests name most."""

import re
from collections import Counter

from docsfy_action.facts.codebase import CodeBase
from docsfy_action.facts.model import Role, SymbolKind
from docsfy_action.facts.surface import Member

TOPICS = 6
WORD = re.compile(r"[A-Za-z_]\w*")
CALLABLE = (SymbolKind.CLASS, SymbolKind.FUNCTION, SymbolKind.STRUCT, SymbolKind.INTERFACE)


def main_members(code: CodeBase) -> tuple[Member, ...]:
    """The definitions a guide should show, the most named first; they are documented and named outside the code."""
    named: Counter[str] = Counter()
    for file in code.files.values():
        if file.role in (Role.TEST, Role.EXAMPLE):
            for item in file.facts.imports:
                named.update(item.names)
        for document in file.facts.documents:
            weight = 3 if "/" not in file.path else 1
            for sample in document.samples:
                for word in set(WORD.findall(sample.text)):
                    named[word] += weight
    candidates = [
        member
        for members in code.surface.members.values()
        for member in members
        if member.symbol.item.kind in CALLABLE
        and named[member.name] > 1
        and (member.symbol.item.doc or member.symbol.item.bases)
    ]
    ranked = sorted(
        candidates, key=lambda member: (-named[member.name], member.module.count("."), member.module, member.name)
    )
    unique: dict[str, Member] = {}
    for member in ranked:
        unique.setdefault(member.name, member)
    return tuple(unique.values())[:TOPICS]
