"""Checks every reference of a page against the commit, and says what does not exist there."""

import re
from dataclasses import dataclass

from docsfy_action.verify.evidence import Evidence
from docsfy_action.verify.findings import Finding, Verdict
from docsfy_action.verify.gathering import Reference, references
from docsfy_action.verify.page import parse_page
from docsfy_action.verify.recording import Recording
from docsfy_action.verify.structure import malformed

_PAGE_TARGET = re.compile(r"[a-z0-9-]+\.md(?:#|$)")
_MESSAGES = {
    "command": "`{}` stands nowhere in this commit and runs nothing that it defines.",
    "flag": "No command of this commit has the option `{}`.",
    "environment": "Nothing in this commit reads or sets `{}`.",
    "import": "There is no `{}` to import in this commit.",
    "path": "There is no `{}` in this commit.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A page whose references are gathered. `words` and `lines` are still to be looked up; those of many pages can be
    fetched at once by handing them to the evidence, which remembers."""

    slug: str
    references: tuple[Reference, ...]
    cited: frozenset[str]
    targets: frozenset[str]
    malformed: tuple[Finding, ...]

    @property
    def words(self) -> frozenset[str]:
        """The words that the verdict depends on."""
        open_ones = (one.outcome for one in self.references if not one.outcome.refuted)
        return frozenset(word for outcome in open_ones for word in outcome.words())

    @property
    def lines(self) -> frozenset[str]:
        """The command lines that the verdict depends on."""
        return frozenset(line for one in self.references if not one.outcome.proven for line in one.lines)


def draft_page(slug: str, markdown: str, evidence: Evidence) -> Draft:
    """Gather the references of a stored page."""
    page = parse_page(markdown)
    recording = Recording(evidence)
    found = tuple(references(page, recording))
    # Not the parsed page itself: the drafts of all pages are held at once.
    return Draft(
        slug=slug,
        references=found,
        cited=frozenset(recording.used & evidence.files.paths),
        targets=frozenset(link.target for link in page.links if _PAGE_TARGET.match(link.target) is not None),
        malformed=malformed(slug, page),
    )


def judge(draft: Draft, evidence: Evidence) -> Verdict:
    """The verdict on a page, after its words and lines were looked up."""
    present = evidence.words_present(draft.words)
    verbatim = frozenset(evidence.lines_present(draft.lines))
    unresolved: list[Finding] = []
    checked = weak = quoted_unresolved = 0
    for one in draft.references:
        held = one.outcome.found(present.__contains__) or (bool(one.lines) and verbatim.issuperset(one.lines))
        if one.place.quoted:
            quoted_unresolved += not held
            continue
        checked += 1
        weak += held and not one.outcome.proven
        if not held:
            unresolved.append(_finding(draft.slug, one))
    return Verdict(
        checked=checked,
        unresolved=tuple(sorted(unresolved, key=lambda finding: finding.line)),
        quoted_unresolved=quoted_unresolved,
        cited=draft.cited,
        targets=draft.targets,
        weak=weak,
        malformed=draft.malformed,
    )


def verify_page(slug: str, markdown: str, evidence: Evidence) -> Verdict:
    """The verdict on a stored page. Pure: the same page and evidence give the same verdict."""
    return judge(draft_page(slug, markdown, evidence), evidence)


def collect_words(markdown: str, evidence: Evidence) -> tuple[frozenset[str], frozenset[str]]:
    """The words and the command lines that `verify_page` will look up; `draft_page` spares doing the work twice."""
    draft = draft_page("", markdown, evidence)
    return draft.words, draft.lines


def _finding(slug: str, one: Reference) -> Finding:
    message = one.outcome.refuted or _MESSAGES.get(one.kind, "`{}` does not occur in this commit.").format(one.text)
    return Finding(
        kind=one.kind, slug=slug, text=one.text, heading=one.place.heading, line=one.place.line, message=message
    )
