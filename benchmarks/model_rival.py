"""What docsfy's published lifecycle would spend on a commit, counted in the same tokens and never above what it must spend.

Two counts: `published` follows the text of its lifecycle to the letter (one planning call, then the pages that it names, each
written whole); `lifecycle` has the checks and passes besides that follow each generation. All that is not known is set to what
is cheapest for it, and said in `ASSUMPTIONS`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

ASSUMPTIONS = (
    "A token is four bytes of a request's body as the server receives it, tool definitions and JSON included, or of an answer.",
    "P is the number of pages that our model writes; reference pages, which docsfy has a model write as well, cost it nothing.",
    "A page that docsfy writes costs what one of ours cost in the full run, its exploration included (mean of all pages).",
    (
        "`published`: per commit one incremental planning call and K pages written whole, and nothing else. Its planner sees the "
        "plan, the names of the changed files and, for its exploration, as much as our repository map tells, in one request."
    ),
    (
        "`lifecycle`: besides, a check that the program answers, a validation of each of the P pages, one call for links between "
        "pages, 2G calls for diagrams and one more; S pages that validation finds stale are written again. G is 1 and S is 0. "
        "A commit that touches no page is P + 6 calls: 18 at 12 pages."
    ),
    (
        "A validation reads its page and 1,500 bytes of instructions, opens no file, answers in 40 tokens. The links call reads "
        "the plan and answers in 10 tokens for each page; a diagram call reads 500 tokens and answers in 200; the check and the "
        "last call are 50 tokens each."
    ),
    (
        "K is the number of pages that our run changed: a planner that sees names but not the difference cannot choose fewer. "
        "`by_names` is `lifecycle` with K as the pages that cite, opened or were planned from a changed file."
    ),
    "Nothing is cached between calls on either side: prompt caching lowers the price of both and is not counted.",
)
_INSTRUCTIONS = 375
_VERDICT = 40
_DIAGRAM = (500, 200)
_SMALL = 50
_LINK = 10
_NAME = 15
_PLAN_ENTRY = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """Tokens measured in our full run. `page_*` are means over whole conversations, `page_length` is the text alone,
    `map_length` the planning request with the repository map before any exploration. `words` are the pages' lengths."""

    pages: int
    outline_input: int
    outline_output: int
    page_input: int
    page_output: int
    page_length: int
    map_length: int
    words: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """Calls and tokens of docsfy on one commit."""

    calls: int
    input_tokens: int
    output_tokens: int

    @property
    def tokens(self) -> int:
        """Both ways."""
        return self.input_tokens + self.output_tokens


def rival(costs: Costs, pages: int, *, changed: int, named: int, paths: Sequence[str]) -> dict[str, Rival]:
    """Its cost by way of counting; without `paths`, that of a full run."""
    published = _generated(costs, pages, changed, paths)
    by_names = _generated(costs, pages, named, paths)
    return {
        "published": published,
        "lifecycle": _followed(costs, pages, published),
        "by_names": _followed(costs, pages, by_names),
    }


def _generated(costs: Costs, pages: int, written: int, paths: Sequence[str]) -> Rival:
    """One planning call and the pages that it chose."""
    plan = pages * _PLAN_ENTRY
    if paths:
        planning = (costs.map_length + plan + len(paths) * _NAME, _SMALL + written * _LINK)
    else:
        planning = (costs.outline_input, costs.outline_output)
    return Rival(
        calls=1 + written,
        input_tokens=planning[0] + written * costs.page_input,
        output_tokens=planning[1] + written * costs.page_output,
    )


def _followed(costs: Costs, pages: int, generated: Rival) -> Rival:
    """What follows a generation, whatever was generated: the check before, validations, links, diagrams, one more."""
    given = _SMALL + pages * (costs.page_length + _INSTRUCTIONS) + pages * _PLAN_ENTRY + 2 * _DIAGRAM[0] + _SMALL
    told = pages * _VERDICT + pages * _LINK + 2 * _DIAGRAM[1] + 2
    return Rival(
        calls=generated.calls + 1 + pages + 1 + 2 + 1,
        input_tokens=generated.input_tokens + given,
        output_tokens=generated.output_tokens + told,
    )
