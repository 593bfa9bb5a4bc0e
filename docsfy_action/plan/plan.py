"""The plan: what to do with every page, and why, as values. Deciding is pure; nothing here writes."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from docsfy_action.outline.model import PageSpec
from docsfy_action.plan.provenance import Provenance
from docsfy_action.plan.reasons import explain


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the previous run knows of a page: what it was made from, and whether its text is there to be kept."""

    slug: str
    identity: str
    title: str
    provenance: Provenance
    intact: bool
    failed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WritePage:
    """Write the page anew."""

    spec: PageSpec
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PatchPage:
    """What the page was made from has changed, and its text can be brought up to date in parts."""

    spec: PageSpec
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepPage:
    """Publish the page as it is stored."""

    spec: PageSpec
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovePage:
    """The page goes; `successor` is the slug that its address leads to from now on."""

    slug: str
    title: str
    reason: str
    successor: str


PageDecision = WritePage | PatchPage | KeepPage | RemovePage


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One decision a page, in nav order, removed pages last."""

    decisions: tuple[PageDecision, ...]

    @property
    def to_write(self) -> tuple[WritePage, ...]:
        """Pages that will be written."""
        return tuple(decision for decision in self.decisions if isinstance(decision, WritePage))

    @property
    def to_patch(self) -> tuple[PatchPage, ...]:
        """Pages that will be brought up to date in parts."""
        return tuple(decision for decision in self.decisions if isinstance(decision, PatchPage))

    @property
    def kept(self) -> tuple[KeepPage, ...]:
        """Pages that stay as they are."""
        return tuple(decision for decision in self.decisions if isinstance(decision, KeepPage))

    @property
    def removed(self) -> tuple[RemovePage, ...]:
        """Pages that go."""
        return tuple(decision for decision in self.decisions if isinstance(decision, RemovePage))


def make_plan(
    specs: Iterable[PageSpec],
    provenances: Mapping[str, Provenance],
    known: Mapping[str, Known],
    *,
    because: Callable[[PageSpec], str] = lambda _: "",
    patchable: Collection[str] = (),
) -> Plan:
    """Decide for each page of the outline and for each known page that the outline no longer has.

    `because` gives the reason why a page is written whatever it was made from (`force`, a new version), mostly empty.
    `provenances` is keyed by slug; `patchable` are slugs of pages whose text can be brought up to date in parts.
    """
    wanted = tuple(specs)
    decisions: list[PageDecision] = [
        _decide(spec, provenances[spec.slug], known.get(spec.slug), because(spec), patch=spec.slug in patchable)
        for spec in wanted
    ]
    slugs = {spec.slug for spec in wanted}
    identities = {spec.identity: spec.slug for spec in wanted}
    for page in known.values():
        if page.slug not in slugs:
            successor = identities.get(page.identity) or _nearest(page, wanted)
            decisions.append(
                RemovePage(slug=page.slug, title=page.title, reason=_why_removed(page), successor=successor)
            )
    return Plan(decisions=tuple(decisions))


def _decide(spec: PageSpec, now: Provenance, known: Known | None, because: str, *, patch: bool) -> PageDecision:
    if because:
        return WritePage(spec=spec, reason=because)
    if known is None:
        return WritePage(spec=spec, reason="new page")
    if known.failed:
        return WritePage(spec=spec, reason="the last run could not finish it")
    if not known.intact:
        return WritePage(spec=spec, reason="its stored text is missing or damaged")
    if known.provenance.digest != now.digest:
        reason = explain(known.provenance.facets, now.facets)
        return PatchPage(spec=spec, reason=reason) if patch else WritePage(spec=spec, reason=reason)
    return KeepPage(spec=spec, reason="nothing it was made from changed")


def _nearest(page: Known, specs: tuple[PageSpec, ...]) -> str:
    """Where a reader of a removed page is best sent: the page about the nearest enclosing subject, else the landing page."""
    subject = page.identity
    while subject:
        subject = subject[: max(subject.rfind("."), subject.rfind("/"), subject.rfind(" "), 0)]
        for spec in specs:
            if subject and spec.identity == subject:
                return spec.slug
    family = page.identity.partition(":")[0]
    return next((spec.slug for spec in specs if spec.identity.partition(":")[0] == family), "index")


def _why_removed(page: Known) -> str:
    return f"nothing is left to say on “{page.title}”, or another page says it now"
