"""Signatures as readers like them: all that callers may use, over several lines where one is too long."""

import re
from dataclasses import dataclass

from docsfy_action.facts.model import Symbol, SymbolKind

FENCE_LANGUAGE = {"python": "python", "go": "go", "javascript": "javascript", "typescript": "typescript"}
LINE_LIMIT = 88
# What decides where a parameter list may be broken: strings and arrows are passed over, `lambda` opens until its colon.
LAYOUT_TOKEN = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`[^`]*`|[=-]>|<-|\blambda\b|[()\[\]{}<>,:]""")
CLOSERS = {")": "(", "]": "[", "}": "{", ">": "<", ":": "lambda"}
# Declarations whose parameters are types: `type Params<T extends Schema, K> = …`.
GENERIC = re.compile(r"(?:export |declare |default |abstract )*(?:type|interface|class) [\w$]+\s*(?=<)")
LAID_OUT = (SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.TYPE)


@dataclass(frozen=True, slots=True)
class _Parameters:
    """The parameter list of a signature: where its brackets stand, and what is between its commas."""

    start: int
    end: int
    parts: tuple[str, ...]


def declaration(symbol: Symbol) -> str:
    """The signature, or all of them where callers have a choice."""
    if symbol.kind not in LAID_OUT and "=>" not in symbol.signature:
        return symbol.signature
    return "\n".join(layout(signature) for signature in symbol.overloads or (symbol.signature,))


def layout(signature: str) -> str:
    """A signature over several lines when it is too long for one. Apart from white space only the comma behind the last
    parameter changes: it stands where each has a line of its own, except behind those that take all the rest."""
    found = _parameters(signature)
    if found is None:
        return signature
    head, tail = signature[: found.start + 1], signature[found.end :]
    written = signature[: found.end].rstrip().endswith(",")
    # Behind a list of types the comma stays as it is written.
    generic = signature[found.start] == "<"
    short = f"{head}{', '.join(found.parts)}{tail}" if written and not generic else signature
    if len(short) <= LINE_LIMIT or not found.parts:
        return short
    last = "," if (written if generic else not found.parts[-1].startswith("...")) else ""
    return f"{head}\n" + ",\n".join(f"    {part}" for part in found.parts) + f"{last}\n{tail}"


def _parameters(signature: str) -> _Parameters | None:
    """The outermost parameter list; None where there is none, or no end to it."""
    generic = GENERIC.match(signature)
    start = generic.end() if generic is not None else signature.find("(")
    if signature.startswith("func (") and start >= 0:
        start = signature.find("(", signature.find(")", start))
    opened: list[str] = []
    parts, begin = [], start + 1
    for token in LAYOUT_TOKEN.finditer(signature, start) if start >= 0 else ():
        mark = token[0]
        if mark in ("(", "[", "{", "<", "lambda"):
            opened.append(mark)
        elif mark in CLOSERS:
            # A `<` that compares has no partner.
            while mark not in (">", ":") and opened[-1] in ("<", "lambda"):
                opened.pop()
            if opened[-1] == CLOSERS[mark]:
                opened.pop()
        elif mark == "," and len(opened) == 1:
            parts.append(signature[begin : token.start()].strip())
            begin = token.end()
        if not opened:
            last = signature[begin : token.start()].strip()
            listed = (*parts, last) if last else tuple(parts)
            return _Parameters(start, token.start(), listed) if all(listed) else None
    return None
