"""Checks every reference of a page against the commit, and says what does not exist there."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from docsfy_action.verify.citations import Citation, parse_citation
from docsfy_action.verify.commands import check_command, is_command
from docsfy_action.verify.diagrams import parse_diagram
from docsfy_action.verify.evidence import Evidence
from docsfy_action.verify.fences import languages
from docsfy_action.verify.findings import Finding, Kind, Verdict
from docsfy_action.verify.folding import fold
from docsfy_action.verify.links import check_link
from docsfy_action.verify.names import read_claim
from docsfy_action.verify.outcomes import UNKNOWN, Outcome, joined
from docsfy_action.verify.page import CodeFence, Page, Place, Quotation, parse_page
from docsfy_action.verify.recording import Recording
from docsfy_action.verify.resolving import Scope, check_claim
from docsfy_action.verify.shell import SHELL_LANGUAGES, command_lines, simple_commands
from docsfy_action.verify.structure import malformed

_SIGNATURES = frozenset({"python", "go", "typescript", "javascript", "ts", "js", "py", "tsx", "jsx", "golang"})
_PAGE_TARGET = re.compile(r"[a-z0-9-]+\.md(?:#|$)")
_WORD = re.compile(r"[^\W_](?:\w*[^\W_])?")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reference:
    """One reference with what is known of it so far. `lines` is a command that may stand verbatim in the commit."""

    kind: Kind
    text: str
    place: Place
    outcome: Outcome
    lines: tuple[str, ...] = ()


def verify_page(slug: str, markdown: str, evidence: Evidence) -> Verdict:
    """The verdict on a stored page. Pure: the same page and evidence give the same verdict."""
    page = parse_page(markdown)
    recording = Recording(evidence)
    references = list(_references(page, recording))
    present = evidence.words_present(_words(references))
    verbatim = frozenset(evidence.lines_present(_lines(references)))
    unresolved: list[Finding] = []
    checked = weak = quoted_unresolved = 0
    for one in references:
        held = one.outcome.found(present.__contains__) or (bool(one.lines) and verbatim.issuperset(one.lines))
        if one.place.quoted:
            quoted_unresolved += not held
            continue
        checked += 1
        weak += held and not one.outcome.proven
        if not held:
            unresolved.append(_finding(slug, one))
    return Verdict(
        checked=checked,
        unresolved=tuple(sorted(unresolved, key=lambda finding: finding.line)),
        quoted_unresolved=quoted_unresolved,
        cited=frozenset(recording.used & evidence.files.paths),
        targets=_page_targets(page),
        weak=weak,
        malformed=malformed(slug, page),
    )


def collect_words(markdown: str, evidence: Evidence) -> tuple[frozenset[str], frozenset[str]]:
    """The words and the command lines that `verify_page` will look up, to fetch those of many pages at once.

    Handing them to `evidence.words_present` and `evidence.lines_present` is enough where the evidence remembers.
    """
    references = list(_references(parse_page(markdown), evidence))
    return _words(references), _lines(references)


def _words(references: Iterable[_Reference]) -> frozenset[str]:
    return frozenset(word for one in references if not one.outcome.refuted for word in one.outcome.words())


def _lines(references: Iterable[_Reference]) -> frozenset[str]:
    return frozenset(line for one in references if not one.outcome.proven for line in one.lines)


def _finding(slug: str, one: _Reference) -> Finding:
    message = one.outcome.refuted or _MESSAGES.get(one.kind, "`{}` does not occur in this commit.").format(one.text)
    return Finding(
        kind=one.kind, slug=slug, text=one.text, heading=one.place.heading, line=one.place.line, message=message
    )


_MESSAGES = {
    "command": "`{}` stands nowhere in this commit and runs nothing that it defines.",
    "flag": "No command of this commit has the option `{}`.",
    "environment": "Nothing in this commit reads or sets `{}`.",
    "path": "There is no `{}` in this commit.",
}


def _page_targets(page: Page) -> frozenset[str]:
    """Links to other pages: what the verdict rests on besides files."""
    return frozenset(link.target for link in page.links if _PAGE_TARGET.match(link.target) is not None)


def _references(page: Page, evidence: Evidence) -> Iterable[_Reference]:
    cited = (parse_citation(link.target) for link in page.links)
    scope = Scope(evidence, [one.path for one in cited if one is not None and not one.folder])
    yield from _link_references(page, evidence)
    yield from _span_references(page, scope)
    for fence in page.fences:
        yield from _fence_references(fence, scope)
    known: dict[str, frozenset[str]] = {}
    for quotation in page.quotations:
        yield from _quotation_references(quotation, evidence, known)


def _link_references(page: Page, evidence: Evidence) -> Iterable[_Reference]:
    anchors = page.anchors
    for link in page.links:
        wrong = check_link(link, anchors, evidence)
        kind: Kind = wrong[0] if wrong is not None else "link"
        if wrong is not None or not link.target.startswith(("http", "mailto")):
            outcome = Outcome(refuted=wrong[1]) if wrong is not None else Outcome()
            place = Place(heading=link.place.heading, line=link.place.line, quoted=False)
            yield _Reference(kind=kind, text=link.target, place=place, outcome=outcome)


def _span_references(page: Page, scope: Scope) -> Iterable[_Reference]:
    for span in page.spans:
        if parse_citation(span.target) is not None:
            continue
        if " " in span.text and is_command(span.text, scope):
            outcome = _check_line(span.text.removeprefix("$ "), scope)
            yield _Reference(kind="command", text=span.text, place=span.place, outcome=outcome, lines=(span.text,))
            continue
        claim = read_claim(span.text)
        found = check_claim(claim, scope) if claim is not None else None
        if claim is not None and found is not None:
            kind: Kind = "path" if claim.kind == "pattern" else claim.kind
            yield _Reference(kind=kind, text=span.text, place=span.place, outcome=found)


def _fence_references(fence: CodeFence, scope: Scope) -> Iterable[_Reference]:
    language = fence.language
    if language not in languages():
        yield _simple("fence", language, fence.place, f"`{language}` is no language that the site can show.")
    if language == "mermaid" and not fence.place.quoted:
        yield from _diagram_references(fence, scope)
    if language in SHELL_LANGUAGES and not fence.place.quoted:
        yield from _command_references(fence, scope)
    cited = parse_citation(fence.cites)
    if cited is not None and language in _SIGNATURES and not fence.place.quoted:
        text = fold(fence.text, cited.path)
        held = text in scope.evidence.folded(cited.path) or text in _signatures(cited, scope.evidence)
        wrong = "" if held else f"`{cited.path}` does not hold this code."
        yield _simple("signature", fence.text.split("\n")[0], fence.place, wrong)


def _signatures(cited: Citation, evidence: Evidence) -> Iterable[str]:
    """The cited definition as the extractor, which leaves out comments and trailing commas, reads it in the commit."""
    facts = evidence.facts(cited.path)
    for symbol in facts.symbols if facts is not None else ():
        if symbol.name == cited.symbol:
            written = (symbol.signature, "".join(symbol.overloads), *symbol.overloads)
            yield from (fold(text, cited.path) for text in written)


def _command_references(fence: CodeFence, scope: Scope) -> Iterable[_Reference]:
    for line in command_lines(fence.text):
        place = Place(heading=fence.place.heading, line=fence.place.line + 1 + line.line, quoted=fence.place.quoted)
        outcome = _check_line(line.text, scope)
        yield _Reference(kind="command", text=line.text, place=place, outcome=outcome, lines=line.lines)


def _check_line(line: str, scope: Scope) -> Outcome:
    commands = simple_commands(line)
    return UNKNOWN if commands is None else joined([check_command(command, scope) for command in commands])


def _diagram_references(fence: CodeFence, scope: Scope) -> Iterable[_Reference]:
    diagram = parse_diagram(fence.text)
    if diagram is None:
        yield _simple(
            "diagram", "mermaid", fence.place, "The diagram is not of the form that the diagram compiler writes."
        )
        return
    for label in [*(node.label for node in diagram.nodes), *(group.label for group in diagram.groups)]:
        claim = read_claim(label)
        outcome = check_claim(claim, scope) if claim is not None else None
        if outcome is not None:
            yield _Reference(kind="diagram", text=label, place=fence.place, outcome=outcome)


def _quotation_references(
    quotation: Quotation, evidence: Evidence, known: dict[str, frozenset[str]]
) -> Iterable[_Reference]:
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


def _simple(kind: Kind, text: str, place: Place, wrong: str) -> _Reference:
    where = Place(heading=place.heading, line=place.line, quoted=False)
    return _Reference(kind=kind, text=text, place=where, outcome=Outcome(refuted=wrong))
