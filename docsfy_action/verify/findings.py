"""What verification says about a page."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal[
    "path",
    "symbol",
    "literal",
    "name",
    "flag",
    "environment",
    "command",
    "link",
    "anchor",
    "fence",
    "signature",
    "import",
    "diagram",
    "quotation",
    "source",
    "commit",
    "format",
    "secret",
]
Severity: TypeAlias = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something on the page `slug` that the commit does not bear out, or that the page format does not allow.

    `text` is what stands on the page, `heading` the nearest heading above it, `line` its line in the stored Markdown,
    `message` a sentence for people and for the model that repairs the page.
    """

    kind: Kind
    slug: str
    text: str
    heading: str
    line: int
    message: str
    severity: Severity = "error"

    @property
    def where(self) -> str:
        """`Heading, line 12`."""
        return f"{self.heading}, line {self.line}" if self.heading else f"line {self.line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The outcome for one page.

    `checked` counts references outside quotations, `weak` those of them that were only found as words somewhere in the
    commit. `unresolved` are references that do not exist there, `malformed` breaches of the page format.
    `quoted_unresolved` counts names inside quotations that do not exist in the commit. `cited` are the paths whose
    blobs the verdict rests on, `targets` the links to other pages (`page.md#anchor`) that were found to lead somewhere;
    where nothing was `weak` or unresolved, it holds as long as all of these do.
    """

    checked: int
    unresolved: tuple[Finding, ...]
    quoted_unresolved: int
    cited: frozenset[str]
    weak: int = 0
    malformed: tuple[Finding, ...] = ()
    targets: frozenset[str] = frozenset()
