"""Writes a page with a model: asked for, read, checked against the commit, sent back at most twice, cut back to what holds."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from docsfy_action.facts.codebase import CodeBase
from docsfy_action.plan.patches import Unpatched, apply_edits, parse_edits
from docsfy_action.providers.model import Answer, Completion, Failure, FailureKind, Request, Task, Usage
from docsfy_action.verify.citations import citation
from docsfy_action.verify.evidence import Evidence
from docsfy_action.verify.findings import Finding
from docsfy_action.verify.page import parse_page
from docsfy_action.verify.pruning import Pruned, prune
from docsfy_action.verify.references import draft_page, judge
from docsfy_action.verify.secrets import scan
from docsfy_action.writers.model.brief import Brief
from docsfy_action.writers.model.prompting import Prompts
from docsfy_action.writers.model.reading import END, Read, read_completion

Ask = Callable[[Request], Answer]

MOST_REPAIRS = 2
# A repair that leaves less than this of a page has lost what was right.
_LEAST_KEPT = 0.6
_REASONS_KEPT = 8
# A shorter answer may fit where this one did not; what else goes wrong is the client's to try again.
_ASK_AGAIN = frozenset({FailureKind.TRUNCATED})
_FRAGMENT = re.compile(r"[#?].*", re.DOTALL)


class Status(StrEnum):
    """How the writing of a page ended."""

    ACCEPTED = "accepted"
    WITHHELD = "withheld"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOutcome:
    """A page, or why there is none.

    `markdown` is in the page format, and empty unless accepted. `reasons` are sentences for people. `failure` is the last
    call that gave no answer, also where an earlier answer made the page: kinds that stop the run must not be lost.
    `checked` counts references on the accepted page, `repaired` findings that the model put right, `removed` is the text that
    was cut out; `findings` are what is left: on an accepted page only where checks are not strict. `opened` are the files
    that tools read.
    """

    status: Status
    markdown: str = ""
    reasons: tuple[str, ...] = ()
    failure: Failure | None = None
    checked: int = 0
    repaired: int = 0
    removed: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    opened: tuple[str, ...] = ()
    usage: Usage = field(default_factory=Usage)
    calls: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How pages are written: limits of a call in seconds, tokens and turns, and whether what does not hold is repaired and cut
    out (`strict`) or only reported. `explore` says that the provider has tools to read the commit."""

    strict: bool = True
    explore: bool = True
    deadline: float = 600.0
    max_output_tokens: int = 12_000
    max_turns: int = 30


DEFAULT_TERMS = Terms()


def write_model_page(
    brief: Brief, ask: Ask, evidence: Evidence, code: CodeBase, *, terms: Terms = DEFAULT_TERMS
) -> PageOutcome:
    """Write a page from its brief. `ask` makes one call, with its own retries; `evidence` knows all pages of the site by slug."""
    writing = Writing(
        prompts=Prompts(brief=brief, code=code, explore=terms.explore), ask=ask, evidence=evidence, terms=terms
    )
    return writing.outcome()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    markdown: str
    checked: int
    findings: tuple[Finding, ...]


@dataclass(kw_only=True)
class Writing:
    """The work on one page: its calls, the drafts that came of them, and what was spent."""

    prompts: Prompts
    ask: Ask
    evidence: Evidence
    terms: Terms
    drafts: list[_Draft] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    failure: Failure | None = None
    usage: Usage = field(default_factory=Usage)
    opened: dict[str, None] = field(default_factory=dict)
    calls: int = 0
    _shown: _Draft | None = None
    _form: dict[tuple[str, str], Finding] = field(default_factory=dict)

    @property
    def brief(self) -> Brief:
        """What is asked for."""
        return self.prompts.brief

    def outcome(self, *, calls: int = 1 + MOST_REPAIRS) -> PageOutcome:
        """Ask, at most `calls` times, until a draft has no findings, and make the best of what came."""
        rejected: tuple[str, ...] = ()
        for _ in range(calls):
            if self._shown is not None and not (rejected or self._owed(self._shown)):
                break
            answer = self.call(*self._request(rejected))
            if isinstance(answer, Completion):
                rejected = self.take(answer.text)
            elif answer.kind in _ASK_AGAIN:
                rejected = ("It was longer than an answer may be. Write a shorter page.",)
            else:
                break
        return self._settled()

    def _request(self, rejected: Sequence[str]) -> tuple[Task, str]:
        if self._shown is None:
            return Task.PAGE, self.prompts.page(rejected)
        return Task.REPAIR, self.prompts.repair(self._shown.markdown, self._shown.findings, rejected)

    def _owed(self, draft: _Draft) -> bool:
        """Whether a draft has to go back."""
        return (
            bool(draft.findings)
            if self.terms.strict
            else any(one.kind in ("secret", "diagram") for one in draft.findings)
        )

    def call(self, task: Task, text: str, *, explore: bool = True) -> Answer:
        """One call, with tools to `explore` the commit where the provider has them."""
        request = Request(
            task=task,
            instructions=self.prompts.patch_instructions if task is Task.PATCH else self.prompts.instructions,
            prompt=text,
            explore=explore and self.terms.explore,
            deadline=self.terms.deadline,
            max_output_tokens=self.terms.max_output_tokens,
            max_turns=self.terms.max_turns,
        )
        answer = self.ask(request)
        self.calls += 1
        self.usage += answer.usage
        self.opened.update(dict.fromkeys(answer.opened))
        if isinstance(answer, Failure):
            self.failure = answer
            self.reasons.append(answer.message)
        return answer

    def show(self, markdown: str) -> None:
        """Begin with a page that is there already, to be patched or repaired."""
        self._shown = self._examined(markdown)

    def forget(self) -> None:
        """Begin anew: the next answer is to be a whole page."""
        self._shown = None

    def take(self, text: str) -> tuple[str, ...]:
        """Make a draft of an answer; else the reasons why it is none."""
        edits = parse_edits(text) if self._shown is not None else None
        if edits is not None and self._shown is not None:
            patched = apply_edits(self._shown.markdown, edits)
            if isinstance(patched, Unpatched):
                return self._rejected(patched.reasons)
            text = f"{patched.markdown}\n{END}\n"
        read = read_completion(text, title=self.brief.title, slug=self.brief.slug, link=self._link)
        if not isinstance(read, Read):
            return self._rejected(read.reasons)
        self._form = {(finding.kind, finding.text): finding for finding in read.findings}
        draft = self._examined(read.markdown)
        if self._shown is not None and len(draft.markdown) < len(self._shown.markdown) * _LEAST_KEPT:
            return self._rejected(("It left out much of the page. Change only what was found, and keep the rest.",))
        self.drafts.append(draft)
        self._shown = draft
        return ()

    def _rejected(self, reasons: Sequence[str]) -> tuple[str, ...]:
        self.reasons += reasons
        return tuple(reasons)

    def _examined(self, markdown: str) -> _Draft:
        draft = draft_page(self.brief.slug, markdown, self.evidence)
        verdict = judge(draft, self.evidence)
        form = [finding for (kind, _), finding in self._form.items() if kind == "format"]
        findings = (
            *scan(markdown, self.brief.slug),
            *verdict.unresolved,
            *verdict.malformed,
            *self._undrawn(markdown),
            *form,
        )
        return _Draft(markdown=markdown, checked=verdict.checked, findings=findings)

    def _undrawn(self, markdown: str) -> list[Finding]:
        """The diagrams of a page that could not be drawn, at their lines."""
        found = []
        for fence in parse_page(markdown).fences if self._form else ():
            known = self._form.get(("diagram", fence.text))
            if known is not None:
                place = fence.place
                found.append(
                    Finding(
                        kind="diagram",
                        slug=known.slug,
                        text=fence.text,
                        heading=place.heading,
                        line=place.line,
                        message=known.message,
                    )
                )
        return found

    def _link(self, target: str) -> str | None:
        """Where a relative link leads: pages stay, tracked paths become citations."""
        bare = _FRAGMENT.sub("", target).removeprefix("./").removeprefix("/")
        slug = bare.removesuffix(".md").removesuffix(".html")
        if bare.endswith(".md") and slug in self.evidence.anchors:
            return target.removeprefix("./").removeprefix("/")
        if bare in self.evidence.files.paths:
            return citation(bare)
        if bare and bare.rstrip("/") in self.evidence.files.folders:
            return citation(f"{bare.rstrip('/')}/")
        return f"{slug}.md" if bare and slug in self.evidence.anchors else target

    def _settled(self) -> PageOutcome:
        """The best draft as it can be published, or why there is none."""
        if not self.drafts or (self.failure is not None and self.failure.kind is FailureKind.CANCELLED):
            return self._ended(Status.FAILED)
        best = sorted(self.drafts, key=lambda draft: len(draft.findings))
        for draft in best:
            accepted = self._accepted(draft)
            if accepted is not None:
                return accepted
        return self._ended(Status.WITHHELD, findings=best[0].findings)

    def _accepted(self, draft: _Draft) -> PageOutcome | None:
        secrets = [finding for finding in draft.findings if finding.kind == "secret"]
        if secrets:
            self.reasons.append(secrets[0].message)
            return None
        pruned = prune(draft.markdown, self._blockers)
        if not isinstance(pruned, Pruned):
            self.reasons.append(f"The page does not hold, and cannot be cut back: {pruned.reason}.")
            return None
        final = self._examined(pruned.markdown) if pruned.removed else draft
        before = {(one.kind, one.text) for one in self.drafts[0].findings}
        left = {(one.kind, one.text) for one in draft.findings}
        return self._ended(
            Status.ACCEPTED,
            markdown=final.markdown,
            checked=final.checked,
            repaired=len(before - left),
            removed=pruned.removed,
            findings=tuple(one for one in final.findings if one.kind != "format") if not self.terms.strict else (),
        )

    def _blockers(self, markdown: str) -> Sequence[Finding]:
        """What a page must not be published with."""
        if not self.terms.strict:
            return self._undrawn(markdown)
        verdict = judge(draft_page(self.brief.slug, markdown, self.evidence), self.evidence)
        return (*verdict.unresolved, *verdict.malformed, *self._undrawn(markdown))

    def _ended(
        self,
        status: Status,
        *,
        markdown: str = "",
        checked: int = 0,
        repaired: int = 0,
        removed: tuple[str, ...] = (),
        findings: tuple[Finding, ...] = (),
    ) -> PageOutcome:
        reasons = tuple(dict.fromkeys(self.reasons))[-_REASONS_KEPT:]
        return PageOutcome(
            status=status,
            markdown=markdown,
            reasons=reasons if status is not Status.ACCEPTED else (),
            failure=self.failure,
            checked=checked,
            repaired=repaired,
            removed=removed,
            findings=findings,
            opened=tuple(self.opened),
            usage=self.usage,
            calls=self.calls,
        )
