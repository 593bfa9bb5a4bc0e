"""Gathers every reference of a page, with what the commit says of it before any word is looked up."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from docsfy_action.facts.docstrings.directives import LABELS
from docsfy_action.verify.citations import Citation, parse_citation
from docsfy_action.verify.commands import check_command, is_command
from docsfy_action.verify.diagrams import parse_diagram
from docsfy_action.verify.evidence import Evidence
from docsfy_action.verify.examples import imports
from docsfy_action.verify.fences import languages
from docsfy_action.verify.findings import Kind
from docsfy_action.verify.folding import fold
from docsfy_action.verify.links import check_link
from docsfy_action.verify.names import read_claim
from docsfy_action.verify.outcomes import PROVEN, UNKNOWN, Outcome, joined
from docsfy_action.verify.page import CodeFence, Page, Place, Quotation
from docsfy_action.verify.resolving import Scope, check_claim
from docsfy_action.verify.shell import SHELL_LANGUAGES, command_lines, simple_commands

_SIGNATURES = frozenset({"python", "go", "typescript", "javascript", "ts", "js", "py", "tsx", "jsx", "golang"})
_WORD = re.compile(r"[^\W_](?:\w*[^\W_])?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One reference with what is known of it so far. `lines` is a command that may stand verbatim in the commit."""

    kind: Kind
    text: str
    place: Place
    outcome: Outcome
    lines: tuple[str, ...] = ()


def references(page: Page, evidence: Evidence) -> Iterable[Reference]:
    """Every reference of a page: links, code spans, fences, quotations, in this order."""
    cited = (parse_citation(link.target) for link in page.links)
    scope = Scope(evidence, [one.path for one in cited if one is not None and not one.folder])
    yield from _link_references(page, scope)
    yield from _span_references(page, scope)
    for fence in page.fences:
        yield from _fence_references(fence, scope)
    known: dict[str, frozenset[str]] = {}
    for quotation in page.quotations:
        yield from _quotation_references(quotation, evidence, known)


def _link_references(page: Page, scope: Scope) -> Iterable[Reference]:
    anchors = page.anchors
    for link in page.links:
        wrong = check_link(link, anchors, scope)
        kind: Kind = wrong[0] if wrong is not None else "link"
        if wrong is not None or not link.target.startswith(("http", "mailto")):
            outcome = Outcome(refuted=wrong[1]) if wrong is not None else Outcome()
            place = Place(heading=link.place.heading, line=link.place.line, quoted=False)
            yield Reference(kind=kind, text=link.target, place=place, outcome=outcome)


def _span_references(page: Page, scope: Scope) -> Iterable[Reference]:
    for span in page.spans:
        if parse_citation(span.target) is not None:
            continue
        if " " in span.text and is_command(span.text, scope):
            outcome = _check_line(span.text.removeprefix("$ "), scope)
            yield Reference(kind="command", text=span.text, place=span.place, outcome=outcome, lines=(span.text,))
            continue
        if scope.evidence.files.holds(span.text.removeprefix("./").rstrip("/")):
            # Whatever characters it is made of: `app/[slug]/page.tsx`.
            yield Reference(kind="path", text=span.text, place=span.place, outcome=PROVEN)
            continue
        claim = read_claim(span.text)
        if claim is not None:
            kind: Kind = "path" if claim.kind == "pattern" else claim.kind
            outcome = check_claim(claim, scope)
            # Last, because it reads the cited files themselves.
            if outcome != PROVEN and scope.has_literal(span.text):
                outcome = PROVEN
            yield Reference(kind=kind, text=span.text, place=span.place, outcome=outcome)


def _fence_references(fence: CodeFence, scope: Scope) -> Iterable[Reference]:
    language = fence.language
    if language not in languages():
        yield _simple("fence", language, fence.place, f"`{language}` is no language that the site can show.")
    if language == "mermaid" and not fence.place.quoted:
        yield from _diagram_references(fence, scope)
    if language in SHELL_LANGUAGES and not fence.place.quoted:
        yield from _command_references(fence, scope)
    if not fence.place.quoted:
        yield from _code_references(fence, scope)


def _code_references(fence: CodeFence, scope: Scope) -> Iterable[Reference]:
    """Code right behind a citation is that of the cited file; other code imports what exists, or is taken from a file."""
    cited = parse_citation(fence.cites)
    if cited is not None and fence.language in _SIGNATURES:
        text = fold(fence.text, cited.path)
        held = text in scope.evidence.folded(cited.path) or text in _signatures(cited, scope.evidence)
        wrong = "" if held else f"`{cited.path}` does not hold this code."
        yield _simple("signature", fence.text.split("\n")[0], fence.place, wrong)
        return
    found = list(imports(fence.language, fence.text, scope))
    if found and not _is_taken(fence.text, scope):
        for name, outcome in found:
            yield Reference(kind="import", text=name, place=fence.place, outcome=outcome)


def _is_taken(code: str, scope: Scope) -> bool:
    """Whether a file that the page cites holds the code."""
    return any("".join(code.split()) in "".join(_text(path, scope).split()) for path in scope.cited)


def _text(path: str, scope: Scope) -> str:
    return (scope.evidence.read(path) or b"").decode("utf-8", "replace")


def _signatures(cited: Citation, evidence: Evidence) -> Iterable[str]:
    """The cited definition as the extractor, which leaves out comments and trailing commas, reads it in the commit."""
    facts = evidence.facts(cited.path)
    for symbol in facts.symbols if facts is not None else ():
        if symbol.name == cited.symbol:
            written = (symbol.signature, "".join(symbol.overloads), *symbol.overloads)
            yield from (fold(text, cited.path) for text in written)


def _command_references(fence: CodeFence, scope: Scope) -> Iterable[Reference]:
    for line in command_lines(fence.text):
        place = Place(heading=fence.place.heading, line=fence.place.line + 1 + line.line, quoted=fence.place.quoted)
        outcome = _check_line(line.text, scope)
        yield Reference(kind="command", text=line.text, place=place, outcome=outcome, lines=line.lines)


def _check_line(line: str, scope: Scope) -> Outcome:
    commands = simple_commands(line)
    return UNKNOWN if commands is None else joined([check_command(command, scope) for command in commands])


def _diagram_references(fence: CodeFence, scope: Scope) -> Iterable[Reference]:
    diagram = parse_diagram(fence.text)
    if diagram is None:
        yield _simple(
            "diagram", "mermaid", fence.place, "The diagram is not of the form that the diagram compiler writes."
        )
        return
    for label in [*(node.label for node in diagram.nodes), *(group.label for group in diagram.groups)]:
        claim = read_claim(label)
        if claim is not None:
            yield Reference(kind="diagram", text=label, place=fence.place, outcome=check_claim(claim, scope))


def _quotation_references(
    quotation: Quotation, evidence: Evidence, known: dict[str, frozenset[str]]
) -> Iterable[Reference]:
    """The words of a quotation stand in its source. `known` keeps the words of sources: many quotations share one.

    Letter case is let pass, because `:rfc:` reads as RFC and a first word may have become a sentence's.
    """
    if quotation.place.quoted or not _WORD.search(quotation.text):
        return
    shown = f"{quotation.text[:60]}…" if len(quotation.text) > 60 else quotation.text
    cited = parse_citation(quotation.source)
    if cited is None:
        yield _simple("source", shown, quotation.place, "Nothing near the quotation says where it is taken from.")
        return
    place = f"{cited.scheme}:{cited.path}"
    if place not in known:
        known[place] = frozenset(_plain_words(cited.path, cited.scheme, evidence))
    words = dict.fromkeys(_WORD.findall(quotation.text))
    missing = [word for word in words if word.casefold() not in known[place]]
    wrong = f"`{cited.path}` does not hold the words {', '.join(missing[:5])}." if missing else ""
    yield _simple("quotation", shown, quotation.place, wrong)


def _plain_words(path: str, scheme: str, evidence: Evidence) -> Iterable[str]:
    words = _WORD.findall(evidence.commit_text(path) or "") if scheme == "commit" else evidence.words(path)
    for word in words:
        yield word.casefold()
        yield word.casefold().strip("_")
        # A directive in the middle of a quotation stands there in the words that readers know.
        yield from LABELS.get(word, ())


def _simple(kind: Kind, text: str, place: Place, wrong: str) -> Reference:
    where = Place(heading=place.heading, line=place.line, quoted=False)
    return Reference(kind=kind, text=text, place=where, outcome=Outcome(refuted=wrong))
