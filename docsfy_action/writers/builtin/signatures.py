"""Signatures as readers like them: all that callers may use, over several lines where one is too long."""

import re

from docsfy_action.facts.model import Symbol, SymbolKind

FENCE_LANGUAGE = {"python": "python", "go": "go", "javascript": "javascript", "typescript": "typescript"}
LINE_LIMIT = 88
# What decides where a parameter list may be broken: strings and arrows are passed over, `lambda` opens until its colon.
LAYOUT_TOKEN = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`[^`]*`|[=-]>|<-|\blambda\b|[()\[\]{}<>,:]""")
CLOSERS = {")": "(", "]": "[", "}": "{", ">": "<", ":": "lambda"}


def declaration(symbol: Symbol) -> str:
    """The signature, or all of them where callers have a choice."""
    if symbol.kind not in (SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.CLASS):
        return symbol.signature
    return "\n".join(layout(signature) for signature in symbol.overloads or (symbol.signature,))


def layout(signature: str) -> str:
    """A signature over several lines when it is too long for one; only white space is added."""
    if len(signature) <= LINE_LIMIT:
        return signature
    start = signature.find("(")
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
            parts.append(signature[begin : token.start()])
            begin = token.end()
        if not opened:
            last = signature[begin : token.start()].strip()
            inner = "".join(f"    {part.strip()},\n" for part in parts) + (f"    {last}\n" if last else "")
            return f"{signature[: start + 1]}\n{inner}{signature[token.start() :]}" if inner else signature
    return signature
